#include "import.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/gzip.h"

struct kb_import *kb_import_new(
	const struct kb_library *lib, const struct kb_import_options *options)
{
	struct kb_import *import = kb_xcalloc(1, sizeof(*import));

	import->lib = lib;
	import->options = *options;
	import->arena = kb_arena_new();
	import->state = kb_xcalloc(1, sizeof(*import->state));
	import->state->reader = kb_reader_new(lib->source);
	addresses_init(&import->state->addresses, lib);
	filter_init(&import->state->filter);
	return import;
}

void kb_import_free(struct kb_import *import)
{
	struct import_state *state;

	if (!import)
		return;
	state = import->state;
	for (size_t i = 0; i < state->months.len; i++)
		month_dispose(state->months.items[i]);
	kb_vec_dispose(&state->months);
	filter_dispose(&state->filter);
	addresses_dispose(&state->addresses);
	kb_reader_free(state->reader);
	free(state);
	kb_vec_dispose(&import->files);
	kb_vec_dispose(&import->faults);
	kb_vec_dispose(&import->notes);
	kb_vec_dispose(&import->rewrites);
	kb_arena_free(import->arena);
	free(import);
}

/* A file without a name that has what FD still has, so that it can be read twice. */
static int spool(int fd, struct kb_error *err)
{
	int copy = kb_file_unnamed(err);
	char block[1 << 16];
	ssize_t n;

	if (copy < 0)
		return -1;
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || kb_write_all(copy, (kb_str){block, (size_t)n})) {
			kb_error_errno(err, n < 0 ? "cannot read it"
						  : "cannot write a temporary file");
			close(copy);
			return -1;
		}
	}
	lseek(copy, 0, SEEK_SET);
	return copy;
}

/* The first line that is not empty. */
static int first_line(struct kb_import *import, int fd, struct kb_arena *arena,
	kb_str *out, struct kb_error *err)
{
	struct kb_lines *lines = kb_lines_new(fd);
	kb_str line = KB_STR("");
	struct kb_error stop;
	int failed = 0;

	while (kb_lines_next(lines, &line) && !kb_str_trim(line).len)
		;
	*out = kb_arena_str(arena, line);
	if (!line.len && kb_lines_check(lines, &stop))
		failed = import_stopped(import, 1, &stop, false, err);
	kb_lines_free(lines);
	lseek(fd, 0, SEEK_SET);
	return failed;
}

/* Some databases quote the names of columns. */
static bool is_aggregate(kb_str line)
{
	_cleanup_buf_ kb_buf plain = {0};

	for (size_t i = 0; i < line.len && i < 200; i++)
		if (line.data[i] != '"')
			kb_buf_putc(&plain, line.data[i]);
	return kb_str_starts(kb_buf_view(&plain), kb_str_of(aggregate_columns));
}

static int read_file(struct kb_import *import, int fd, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str line;
	enum kb_log_format format = import->options.format;
	struct kb_import_file *file = import_file(import);
	_cleanup_buf_ kb_buf text = {0};

	if (first_line(import, fd, scratch, &line, err))
		return -1;
	if (!line.len) {
		file->kind = "nothing";
		return 0;
	}
	if (kb_str_starts(line, KB_STR("\xef\xbb\xbf")))
		line = kb_str_sub(line, 3, line.len);
	if (format == KB_LOG_AUTO && is_aggregate(line)) {
		file->kind = "aggregates";
		if (kb_gzip_read(fd, KB_EXPORT_MAX, &text, err))
			return -1;
		return import_aggregates(import, kb_buf_view(&text), err);
	}
	if (format == KB_LOG_AUTO)
		format = log_format_of(line);
	file->kind = format == KB_LOG_AUTO || format == KB_LOG_TICKETS ? "tickets"
								       : "access log";
	return *file->kind == 't' ? import_tickets(import, fd, err)
				  : import_log(import, fd, format, err);
}

int kb_import_add(
	struct kb_import *import, const char *name, int fd, struct kb_error *err)
{
	struct kb_import_file file = {
		.name = kb_arena_str(import->arena, kb_str_of(name)), .kind = "nothing"};
	int own = -1, failed;

	kb_vec_push(&import->files, file);
	if (lseek(fd, 0, SEEK_SET) < 0) {
		own = spool(fd, err);
		if (own < 0)
			return -1;
	}
	failed = read_file(import, own >= 0 ? own : fd, err);
	if (own >= 0)
		close(own);
	return failed;
}

void kb_import_finish(struct kb_import *import)
{
	for (size_t i = 0; i < import->state->months.len; i++)
		month_write(import->state->months.items[i], import);
}
