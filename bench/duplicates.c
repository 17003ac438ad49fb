/* How long it takes to find near-duplicates among the documents of FOLDER: the audit with
 * them, less the audit without. Prints documents, seconds and pairs.
 * usage: duplicates FOLDER THREADS */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kb/audit.h"

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct took {
	double real, processor;
	size_t pairs;
};

static struct took audit(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_diags *broken, unsigned threads)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	double real = now(CLOCK_MONOTONIC), processor = now(CLOCK_PROCESS_CPUTIME_ID);
	struct kb_audit found = {0};
	struct took took = {0};

	kb_audit_find(lib, history, broken, threads, arena, &found);
	took.real = now(CLOCK_MONOTONIC) - real;
	took.processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
	for (size_t i = 0; i < found.len; i++)
		took.pairs += found.items[i].kind == KB_AUDIT_DUPLICATE;
	return took;
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	struct kb_library_options options = {.threads = threads, .no_store = true};
	struct kb_source *source = NULL;
	struct kb_library *lib = NULL;
	struct kb_history *history = NULL;
	struct kb_error err;
	struct kb_diags diags;

	kb_diags_init(&diags, NULL);
	if (argc < 2 || kb_source_open(&source, argv[1], NULL, NULL, &err) ||
		kb_library_load(&lib, source, &options, &diags, &err) ||
		kb_history_load(&history, source, &err)) {
		fprintf(stderr, "duplicates: %s\n",
			argc < 2 ? "name a folder" : err.message);
		return 2;
	}
	struct took without = audit(lib, history, NULL, threads),
		    with = audit(lib, history, &diags, threads);
	printf("%u %.3f %.3f %zu\n", lib->ndocs, with.real - without.real,
		with.processor - without.processor, with.pairs);
	kb_history_free(history);
	kb_library_free(lib);
	kb_source_free(source);
	kb_diags_dispose(&diags);
	return 0;
}
