#include "kb/gzip.h"

#include <errno.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 1 << 17 };

struct kb_lines {
	gzFile file; /* NULL: the descriptor is not open */
	size_t number;
	bool cut, failed;
	struct kb_error err;
	size_t at, end;
	char data[BLOCK + KB_LINE_MAX];
};

struct kb_lines *kb_lines_new(int fd)
{
	struct kb_lines *lines = kb_xcalloc(1, sizeof(*lines));
	int own = dup(fd);

	if (own < 0) {
		lines->failed = true;
		kb_error_errno(&lines->err, "cannot read it");
		return lines;
	}
	lines->file = gzdopen(own, "rb");
	if (!lines->file)
		kb_oom();
	gzbuffer(lines->file, BLOCK);
	return lines;
}

void kb_lines_free(struct kb_lines *lines)
{
	if (!lines)
		return;
	if (lines->file)
		gzclose(lines->file);
	free(lines);
}

/* Moves what is not read yet to the front and reads more; false at the end. */
static bool fill(struct kb_lines *lines)
{
	size_t rest = lines->end - lines->at;
	int n, code;

	if (!lines->file || lines->failed || rest == sizeof(lines->data))
		return false;
	memmove(lines->data, lines->data + lines->at, rest);
	lines->at = 0;
	lines->end = rest;
	errno = 0;
	n = gzread(
		lines->file, lines->data + rest, (unsigned)(sizeof(lines->data) - rest));
	if (n > 0)
		lines->end += (size_t)n;
	const char *message = gzerror(lines->file, &code);
	if (code == Z_BUF_ERROR) {
		lines->failed = true;
		kb_error_set(&lines->err, KB_E_IO, "the gzip file is cut short");
	} else if (code == Z_ERRNO) {
		lines->failed = true;
		kb_error_errno(&lines->err, "cannot read it");
	} else if (code != Z_OK && code != Z_STREAM_END) {
		lines->failed = true;
		kb_error_set(
			&lines->err, KB_E_IO, "the gzip file is damaged: %s", message);
	}
	return n > 0;
}

/* Where the line that begins at AT ends, or SIZE_MAX: its end is not read yet. */
static size_t find_end(const struct kb_lines *lines)
{
	const char *from = lines->data + lines->at, *end = lines->data + lines->end;
	const char *lf = memchr(from, '\n', (size_t)(end - from));
	const char *cr = memchr(from, '\r', (size_t)((lf ? lf : end) - from));

	/* A CR at the very end may be the half of a CRLF. */
	if (cr && cr + 1 < end)
		return (size_t)(cr - lines->data);
	return lf ? (size_t)(lf - lines->data) : SIZE_MAX;
}

/* Drops the rest of a line that was cut. */
static void skip_rest(struct kb_lines *lines)
{
	for (;;) {
		size_t end = find_end(lines);

		if (end != SIZE_MAX) {
			lines->at = end;
			return;
		}
		lines->at = lines->end;
		if (!fill(lines))
			return;
	}
}

static void skip_end(struct kb_lines *lines)
{
	bool cr = lines->at < lines->end && lines->data[lines->at] == '\r';

	lines->at += lines->at < lines->end;
	if (cr && lines->at < lines->end && lines->data[lines->at] == '\n')
		lines->at++;
}

bool kb_lines_next(struct kb_lines *lines, kb_str *line)
{
	size_t end;

	if (lines->cut) {
		skip_rest(lines);
		skip_end(lines);
	}
	lines->cut = false;
	while ((end = find_end(lines)) == SIZE_MAX &&
		lines->end - lines->at < KB_LINE_MAX && fill(lines))
		;
	if (end == SIZE_MAX && lines->at == lines->end)
		return false;
	size_t from = lines->at;
	if (end == SIZE_MAX)
		end = lines->end;
	if (end - from > KB_LINE_MAX) {
		lines->cut = true;
		end = from + KB_LINE_MAX;
	}
	lines->at = end;
	if (end > from && lines->data[end - 1] == '\r')
		end--;
	*line = (kb_str){lines->data + from, end - from};
	if (!lines->cut)
		skip_end(lines);
	lines->number++;
	return true;
}

bool kb_lines_cut(const struct kb_lines *lines)
{
	return lines->cut;
}

size_t kb_lines_number(const struct kb_lines *lines)
{
	return lines->number;
}

int kb_lines_check(const struct kb_lines *lines, struct kb_error *err)
{
	if (!lines->failed)
		return 0;
	if (err)
		*err = lines->err;
	return -1;
}

int kb_gzip_read(int fd, size_t max, kb_buf *out, struct kb_error *err)
{
	struct kb_lines *lines = kb_lines_new(fd);
	int failed;

	while (fill(lines) && lines->end <= max) {
		kb_buf_add(out, lines->data, lines->end);
		max -= lines->end;
		lines->at = lines->end;
	}
	if (lines->end > max)
		failed = kb_error_set(err, KB_E_REFUSED, "it is too large");
	else
		failed = kb_lines_check(lines, err);
	kb_lines_free(lines);
	return failed;
}
