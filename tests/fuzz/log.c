/*
 * What is counted: a format (a letter) and an access log or an export of tickets. Each
 * table that comes out is one of usage/, and no search has an e-mail address.
 */
#include <sys/mman.h>

#include "fuzz.h"

#include "kb/stats.h"
#include "search_files.h"

static int open_bytes(kb_str bytes)
{
	int fd = memfd_create("log", 0);

	must(fd >= 0, "no memory to read from");
	for (size_t at = 0; at < bytes.len;) {
		ssize_t n = write(fd, bytes.data + at, bytes.len - at);

		must(n > 0, "the memory cannot be filled");
		at += (size_t)n;
	}
	must(lseek(fd, 0, SEEK_SET) == 0, "no way back");
	return fd;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	static struct kb_library *lib;
	const struct kb_import_options options = {
		.format =
			input.len ? (unsigned char)*input.data % (KB_LOG_TICKETS + 1) : 0,
		.month = input.len && *input.data >= 'a' ? 1790000000 : 0};
	struct kb_error err;
	struct kb_import *import;
	int fd = open_bytes(kb_str_sub(input, 1, input.len));

	(void)arena;
	if (!lib)
		lib = fuzz_library(fuzz_source(search_files));
	import = kb_import_new(lib, &options);
	if (kb_import_add(import, "log", fd, &err) == 0)
		kb_import_finish(import);
	for (size_t i = 0; i < import->rewrites.len; i++) {
		const struct kb_rewrite *file = &import->rewrites.items[i];

		must(kb_str_starts(file->path, KB_STR("usage/")) &&
				kb_str_ends(file->path, KB_STR(".csv")),
			"%.*s is no table", KB_ARG(file->path));
		must(!kb_str_starts(file->path, KB_STR("usage/searches-")) ||
				kb_str_chr(file->after, '@') == SIZE_MAX,
			"an address in %.*s", KB_ARG(file->path));
	}
	kb_import_free(import);
	close(fd);
}
