/*
 * Logs, tickets and aggregates that are imported: what was counted once does not count
 * again in a later run, which has the tables of usage/ that came of it.
 */
#include "fuzz.h"

#include <sys/mman.h>

#include "kb/stats.h"
#include "search_files.h"

static struct kb_import *import(const struct kb_library *lib, kb_str input)
{
	const struct kb_import_options options = {.month = 1789000000};
	struct kb_import *all = kb_import_new(lib, &options);
	int fd = memfd_create("input", MFD_CLOEXEC);
	struct kb_error err;

	must(fd >= 0 && !kb_write_all(fd, input), "no file in memory");
	kb_import_add(all, "input", fd, &err);
	close(fd);
	kb_import_finish(all);
	return all;
}

/* With the tables of the first run in place. */
static void import_again(const struct kb_import *first, kb_str input)
{
	struct kb_source *source = fuzz_source(search_files);

	for (size_t i = 0; i < first->rewrites.len; i++)
		kb_source_replace(source, first->rewrites.items[i].path,
			first->rewrites.items[i].after);
	struct kb_library *lib = fuzz_library(source);
	struct kb_import *again = import(lib, input);
	for (size_t i = 0; i < again->rewrites.len; i++)
		must(false, "%.*s:\n%.*s\nthe second time:\n%.*s",
			KB_ARG(again->rewrites.items[i].path),
			KB_ARG(again->rewrites.items[i].before),
			KB_ARG(again->rewrites.items[i].after));
	kb_import_free(again);
	kb_library_free(lib);
	kb_source_free(source);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	static struct kb_library *lib;

	if (!lib)
		lib = fuzz_library(fuzz_source(search_files));
	struct kb_import *first = import(lib, input);
	struct kb_import_file *file = &first->files.items[0];

	(void)arena;
	if (first->rewrites.len)
		import_again(first, input);
	must(file->views + file->votes + file->searches + file->tickets <= input.len,
		"more is counted than there can be");
	kb_import_free(first);
}
