#include "kb/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 1 << 17, GZIP = 16 /* what zlib adds to MAX_WBITS */ };

struct kb_lines {
	int fd; /* our own; -1: the descriptor is not open */
	z_stream zip;
	bool begun, packed, ended; /* ENDED: a gzip member is complete */
	size_t number;
	bool cut, failed;
	struct kb_error err;
	size_t at, end;
	char data[BLOCK + KB_LINE_MAX];
	unsigned char
		bytes[BLOCK]; /* what ZIP has not taken yet, as they are in the file */
};

struct kb_lines *kb_lines_new(int fd)
{
	struct kb_lines *lines = kb_xcalloc(1, sizeof(*lines));

	lines->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (lines->fd < 0) {
		lines->failed = true;
		kb_error_errno(&lines->err, "cannot read it");
	}
	return lines;
}

void kb_lines_free(struct kb_lines *lines)
{
	if (!lines)
		return;
	if (lines->packed)
		inflateEnd(&lines->zip);
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines);
}

static size_t fail(struct kb_lines *lines, const char *message)
{
	lines->failed = true;
	kb_error_set(&lines->err, KB_E_FORMAT, "%s", message);
	return 0;
}

static size_t read_bytes(struct kb_lines *lines, void *to, size_t room)
{
	ssize_t n;

	while ((n = read(lines->fd, to, room)) < 0 && errno == EINTR)
		;
	if (n >= 0)
		return (size_t)n;
	lines->failed = true;
	kb_error_errno(&lines->err, "cannot read it");
	return 0;
}

/* The first two bytes say whether it is gzip. */
static void begin(struct kb_lines *lines)
{
	z_stream *zip = &lines->zip;
	size_t n;

	lines->begun = true;
	zip->next_in = lines->bytes;
	while (zip->avail_in < 2 && (n = read_bytes(lines, lines->bytes + zip->avail_in,
					     BLOCK - zip->avail_in)) > 0)
		zip->avail_in += (unsigned)n;
	if (zip->avail_in < 2 || lines->bytes[0] != 0x1f || lines->bytes[1] != 0x8b)
		return;
	if (inflateInit2(zip, MAX_WBITS + GZIP) != Z_OK)
		kb_oom();
	lines->packed = true;
}

/* Is there more to unpack? What follows a member and is not another one is left out, as
 * gzip does. */
static bool has_packed(struct kb_lines *lines)
{
	z_stream *zip = &lines->zip;

	if (!zip->avail_in) {
		zip->next_in = lines->bytes;
		zip->avail_in = (unsigned)read_bytes(lines, lines->bytes, BLOCK);
	}
	if (!zip->avail_in && !lines->ended && !lines->failed)
		fail(lines, "the gzip file is cut short");
	if (!zip->avail_in || (lines->ended && *zip->next_in != 0x1f))
		return false;
	if (lines->ended)
		inflateReset(zip);
	lines->ended = false;
	return true;
}

static size_t unpack(struct kb_lines *lines, void *to, size_t room)
{
	z_stream *zip = &lines->zip;
	int code;

	zip->next_out = to;
	zip->avail_out = (unsigned)room;
	while (zip->avail_out == room && has_packed(lines)) {
		code = inflate(zip, Z_NO_FLUSH);
		lines->ended = code == Z_STREAM_END;
		if (code == Z_MEM_ERROR)
			kb_oom();
		if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
			fail(lines, "the gzip file is damaged");
			break;
		}
	}
	return room - zip->avail_out;
}

static size_t take_plain(struct kb_lines *lines, void *to, size_t room)
{
	z_stream *zip = &lines->zip;
	size_t n = zip->avail_in < room ? zip->avail_in : room;

	if (!n)
		return lines->failed ? 0 : read_bytes(lines, to, room);
	memcpy(to, zip->next_in, n);
	zip->next_in += n;
	zip->avail_in -= (unsigned)n;
	return n;
}

/* Moves what is not read yet to the front and reads more; false at the end. */
static bool fill(struct kb_lines *lines)
{
	size_t rest = lines->end - lines->at, room = sizeof(lines->data) - rest, n;

	if (lines->failed || !room)
		return false;
	if (!lines->begun)
		begin(lines);
	memmove(lines->data, lines->data + lines->at, rest);
	lines->at = 0;
	n = (lines->packed ? unpack : take_plain)(lines, lines->data + rest, room);
	lines->end = rest + n;
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
	size_t most = max;
	int failed;

	while (fill(lines) && lines->end <= max) {
		kb_buf_add(out, lines->data, lines->end);
		max -= lines->end;
		lines->at = lines->end;
	}
	if (lines->end > max)
		failed = kb_error_set(err, KB_E_REFUSED,
			"it has more than %zu MB: split it into several files",
			most >> 20);
	else
		failed = kb_lines_check(lines, err);
	kb_lines_free(lines);
	return failed;
}
