/*
 * Runs each target on the inputs that are kept for it: the seeds, and what once went
 * wrong. Each target is a test, in a process of its own; the line
 * of one that fails names the input.
 * usage: replay FOLDER...    (below each: a folder of inputs a target)
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS = 20, PATH = 1024 }; /* SECONDS: for one input, against hangs */

#define X(name) int target_##name(const uint8_t *data, size_t size);
FUZZ_TARGETS
#undef X

static const struct target {
	const char *name;
	int (*run)(const uint8_t *data, size_t size);
} targets[] = {
#define X(name) {#name, target_##name},
	FUZZ_TARGETS
#undef X
};

static char *at; /* the input that is being run, for the parent to tell */

/* Runs the target on an exact copy, so that a read past the end is seen. */
static void run_file(const struct target *target, const char *path)
{
	kb_buf file = {0};
	struct kb_error err;
	uint8_t *copy;

	if (kb_file_read(path, 0, &file, &err) < 0)
		must(false, "%s", err.message);
	strcpy(at, path);
	copy = kb_xmalloc(file.len);
	memcpy(copy, file.data ? file.data : "", file.len);
	alarm(SECONDS);
	target->run(copy, file.len);
	alarm(0);
	free(copy);
	kb_buf_dispose(&file);
}

static void run_folder(const struct target *target, const char *folder)
{
	char path[PATH];
	struct dirent **entries;
	int n;

	snprintf(path, sizeof(path), "%s/%s", folder, target->name);
	n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", folder, target->name,
			entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			run_file(target, path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* AddressSanitizer reserves more addresses than there is memory. */
static void limit_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit limit = {(rlim_t)2 << 30, (rlim_t)2 << 30};

	setrlimit(RLIMIT_AS, &limit);
#endif
}

static bool run_target(const struct target *target, char **folders)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		limit_memory();
		strcpy(at, "nothing at all");
		target->run((const uint8_t *)"", 0);
		for (; *folders; folders++)
			run_folder(target, *folders);
		strcpy(at, "the end");
		exit(0);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

int main(int argc, char **argv)
{
	size_t failed = 0;

	(void)argc;
	at = mmap(NULL, PATH, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	printf("1..%zu\n", KB_LEN(targets));
	for (size_t i = 0; i < KB_LEN(targets); i++) {
		bool good;

		fflush(stdout);
		good = run_target(&targets[i], argv + 1);
		printf("%sok %zu - %s", good ? "" : "not ", i + 1, targets[i].name);
		printf(good ? "\n" : ", at %s\n", at);
		failed += !good;
	}
	return failed > 0;
}
