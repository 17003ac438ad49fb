/*
 * Measures commands beside each other:
 *
 *     measure N [-p PREPARE] COMMAND [ARG]... [-- [-p PREPARE] COMMAND [ARG]...]...
 *
 * They run in turn, N times each, so that what else the machine does slows all of them.
 * PREPARE is a line for the shell that runs before each run and is not measured; $RUN is the
 * number of the run there. For each command it prints a line: the median of the wall time in
 * seconds, the largest peak of resident memory in kilobytes, and the median of user and
 * system time in seconds. Output of commands goes to /dev/null; one that fails (a status
 * other than 0 and 1) ends the measurement.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 32

struct side {
	const char *prepare;
	char **argv;
	double *wall, *cpu;
	long peak;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double seconds(struct timeval tv)
{
	return (double)tv.tv_sec + (double)tv.tv_usec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return values[n / 2];
}

static void child(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Runs the command for the nth time; 0, or -1 when it failed. */
static int run(struct side *side, int n)
{
	struct rusage usage;
	double start;
	int status;
	pid_t pid;

	if (side->prepare && system(side->prepare) != 0)
		return -1;
	start = now();
	pid = fork();
	if (pid == 0)
		child(side->argv);
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		return -1;
	side->wall[n] = now() - start;
	side->cpu[n] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	if (usage.ru_maxrss > side->peak)
		side->peak = usage.ru_maxrss;
	return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? 0 : -1;
}

/* The number of commands in argv, which are cut apart there; 0 for wrong usage. */
static int split(struct side *sides, char **argv, int runs)
{
	int n = 0;

	while (*argv && n < MOST) {
		struct side *side = &sides[n++];

		if (strcmp(*argv, "-p") == 0 && argv[1]) {
			side->prepare = argv[1];
			argv += 2;
		}
		side->argv = argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (argv == side->argv)
			return 0;
		if (*argv)
			*argv++ = NULL;
		side->wall = calloc((size_t)runs, sizeof(double));
		side->cpu = calloc((size_t)runs, sizeof(double));
		if (!side->wall || !side->cpu)
			return 0;
	}
	return *argv ? 0 : n;
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[1]) : 0;
	struct side sides[MOST] = {0};
	int n = runs > 0 ? split(sides, argv + 2, runs) : 0;
	char number[16];

	if (n == 0) {
		fputs("usage: measure N [-p PREPARE] COMMAND... [-- ...]\n", stderr);
		return 2;
	}
	for (int i = 0; i < runs; i++) {
		snprintf(number, sizeof(number), "%d", i);
		setenv("RUN", number, 1);
		for (int k = 0; k < n; k++) {
			if (run(&sides[k], i) < 0) {
				fprintf(stderr, "measure: '%s' failed\n", sides[k].argv[0]);
				return 1;
			}
		}
	}
	for (int k = 0; k < n; k++)
		printf("%.4f %ld %.4f\n", median(sides[k].wall, runs), sides[k].peak,
			   median(sides[k].cpu, runs));
	return 0;
}
