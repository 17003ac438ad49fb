#include "kb/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include "kb/file.h"

enum { CHUNK = 1 << 18 };

struct kb_spool {
	kb_buf folder; /* empty: no file is made */
	int fd;
	uint64_t written; /* bytes of the file */
	kb_buf rest;	  /* what follows */
};

struct kb_spool *kb_spool_new(const char *path)
{
	struct kb_spool *spool = kb_xcalloc(1, sizeof(*spool));

	spool->fd = -1;
	if (path && *path) {
		kb_str folder = kb_path_dir(kb_str_of(path));

		kb_buf_str(&spool->folder, folder.len ? folder : KB_STR("."));
	}
	return spool;
}

void kb_spool_free(struct kb_spool *spool)
{
	if (!spool)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	kb_buf_dispose(&spool->folder);
	kb_buf_dispose(&spool->rest);
	free(spool);
}

/* After a failure the rest stays in memory. */
static void flush(struct kb_spool *spool)
{
	if (spool->fd < 0 && kb_mkdirs(spool->folder.data, NULL) == 0)
		spool->fd =
			open(spool->folder.data, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (spool->fd < 0 || lseek(spool->fd, (off_t)spool->written, SEEK_SET) < 0 ||
		kb_write_all(spool->fd, kb_buf_view(&spool->rest)) < 0) {
		kb_buf_dispose(&spool->folder);
		return;
	}
	spool->written += spool->rest.len;
	kb_buf_clear(&spool->rest);
}

uint64_t kb_spool_add(struct kb_spool *spool, kb_str bytes)
{
	uint64_t at = spool->written + spool->rest.len;

	kb_buf_str(&spool->rest, bytes);
	if (spool->rest.len >= CHUNK && spool->folder.len)
		flush(spool);
	return at;
}

bool kb_spool_read(const struct kb_spool *spool, uint64_t at, void *to, size_t len)
{
	char *next = to;

	if (at >= spool->written) {
		at -= spool->written;
		if (at > spool->rest.len || len > spool->rest.len - at)
			return false;
		if (len)
			memcpy(to, spool->rest.data + at, len);
		return true;
	}
	while (len) {
		ssize_t n = pread(spool->fd, next, len, (off_t)at);

		if (n <= 0)
			return false;
		next += n, at += (uint64_t)n, len -= (size_t)n;
	}
	return true;
}
