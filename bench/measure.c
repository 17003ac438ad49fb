/*
 * Runs a command N times and prints the median wall time in seconds and the
 * largest peak of resident memory in kilobytes: measure N COMMAND...
 * The command's output goes to /dev/null; one that fails ends the measurement.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Exit status of the command, or -1. */
static int run(char **argv, double *seconds, long *peak)
{
	double start = now();
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		return -1;
	*seconds = now() - start;
	if (usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[1]) : 0;
	double *times;
	long peak = 0;

	if (n < 1) {
		fputs("usage: measure N COMMAND...\n", stderr);
		return 2;
	}
	times = calloc((size_t)n, sizeof(*times));
	for (int i = 0; times && i < n; i++) {
		int status = run(argv + 2, &times[i], &peak);

		if (status != 0 && status != 1) {
			fprintf(stderr, "measure: %s ended with %d\n", argv[2], status);
			return 1;
		}
	}
	if (!times)
		return 1;
	qsort(times, (size_t)n, sizeof(*times), compare);
	printf("%.3f %ld\n", times[n / 2], peak);
	free(times);
	return 0;
}
