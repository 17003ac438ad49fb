#include "kb/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/vec.h"

enum { FILE_MAX = 1 << 30 };

static void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define _cleanup_fd_ _cleanup_(cleanup_fd)

int kb_file_read(const char *path, size_t max, kb_buf *out, struct kb_error *err)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t before = out->len, limit = max ? max : FILE_MAX;
	char chunk[65536];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return kb_error_errno(err, "cannot read %s", path);
	if (!S_ISREG(st.st_mode))
		return kb_error_set(err, KB_E_REFUSED, "%s is not a regular file", path);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			out->len = before;
			return kb_error_errno(err, "cannot read %s", path);
		}
		if ((size_t)n > limit - (out->len - before)) {
			out->len = before;
			return kb_error_set(err, KB_E_REFUSED, "%s is larger than %zu MB",
				path, limit >> 20);
		}
		kb_buf_add(out, chunk, (size_t)n);
	}
	return 0;
}

int kb_file_unnamed(struct kb_error *err)
{
	const char *folder = getenv("TMPDIR");
	_cleanup_buf_ kb_buf path = {0};
	int fd;

	if (!folder || !*folder)
		folder = "/tmp";
	kb_buf_fmt(&path, "%s/kb-XXXXXX", folder);
	fd = mkostemp(path.data, O_CLOEXEC);
	if (fd < 0)
		return kb_error_errno(err, "cannot make a temporary file in %s", folder);
	unlink(path.data);
	return fd;
}

int kb_mkdirs(const char *path, struct kb_error *err)
{
	_cleanup_free_ char *copy = kb_xstrndup(path, strlen(path));

	for (char *p = copy + 1; *copy; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return kb_error_errno(err, "cannot make the folder %s", copy);
		*p = c;
		if (c == '\0')
			break;
	}
	return 0;
}

/* Adds the parts of PATH to the LEN bytes of DATA; false when it leads out of them. */
static bool add_parts(char *data, size_t *len, kb_str path)
{
	size_t n = *len;
	kb_str part;

	while (kb_str_next(&path, '/', &part)) {
		if (part.len == 0 || kb_str_is(part, "."))
			continue;
		if (kb_str_is(part, "..")) {
			if (n == 0)
				return false;
			while (n && data[n - 1] != '/')
				n--;
			if (n)
				n--;
			continue;
		}
		if (n)
			data[n++] = '/';
		memcpy(data + n, part.data, part.len);
		n += part.len;
	}
	data[n] = '\0';
	*len = n;
	return true;
}

bool kb_path_join(struct kb_arena *arena, kb_str dir, kb_str rel, kb_str *out)
{
	char *data = kb_arena_alloc(arena, dir.len + rel.len + 2);
	size_t len = 0;

	if (dir.len && !kb_str_starts(rel, KB_STR("/"))) {
		/* A NUL ends what a symbolic link leads to. */
		rel = kb_str_sub(rel, 0, kb_str_chr(rel, '\0'));
		if (!add_parts(data, &len, dir))
			return false;
	}
	if (!add_parts(data, &len, rel))
		return false;
	*out = (kb_str){data, len};
	return true;
}

bool kb_path_normalize(struct kb_arena *arena, kb_str path, kb_str *out)
{
	return kb_path_join(arena, KB_STR_NULL, path, out);
}

kb_str kb_path_dir(kb_str path)
{
	size_t at = kb_str_rchr(path, '/');

	return at == SIZE_MAX ? KB_STR("") : kb_str_sub(path, 0, at);
}

kb_str kb_path_base(kb_str path)
{
	size_t at = kb_str_rchr(path, '/');

	return at == SIZE_MAX ? path : kb_str_sub(path, at + 1, path.len);
}

kb_str kb_path_ext(kb_str path)
{
	kb_str base = kb_path_base(path);
	size_t at = kb_str_rchr(base, '.');

	return at == SIZE_MAX || at == 0 ? KB_STR("") : kb_str_sub(base, at, base.len);
}

/* Matches [set] at *g; returns whether C is in it and moves *g behind it. */
static bool match_set(kb_str glob, size_t *g, char c)
{
	size_t i = *g + 1;
	bool negate = i < glob.len && (glob.data[i] == '!' || glob.data[i] == '^');
	bool in = false;

	if (negate)
		i++;
	for (size_t first = i; i < glob.len && (glob.data[i] != ']' || i == first); i++) {
		if (i + 2 < glob.len && glob.data[i + 1] == '-' &&
			glob.data[i + 2] != ']') {
			in |= c >= glob.data[i] && c <= glob.data[i + 2];
			i += 2;
		} else {
			in |= c == glob.data[i];
		}
	}
	*g = i;
	return in != negate;
}

/*
 * Backtracks to the last '*' and, failing that, to the last '**'; a '*' needs no
 * earlier one retried, since the later one can take what the earlier would.
 */
bool kb_glob_match(kb_str glob, kb_str path)
{
	size_t g = 0, p = 0;
	size_t star_g = SIZE_MAX, star_p = 0, deep_g = SIZE_MAX, deep_p = 0;

	while (p < path.len || g < glob.len) {
		char c = g < glob.len ? glob.data[g] : '\0';
		size_t set = g;

		if (g < glob.len && c == '*' && g + 1 < glob.len &&
			glob.data[g + 1] == '*') {
			g += 2;
			if (g < glob.len && glob.data[g] == '/')
				g++;
			deep_g = g;
			deep_p = p;
			star_g = SIZE_MAX;
			continue;
		}
		if (g < glob.len && c == '*') {
			star_g = ++g;
			star_p = p;
			continue;
		}
		if (g < glob.len && p < path.len &&
			((c == '?' && path.data[p] != '/') ||
				(c == '[' && path.data[p] != '/' &&
					match_set(glob, &set, path.data[p])) ||
				(c != '[' && c != '?' && c == path.data[p]))) {
			g = c == '[' ? set + 1 : g + 1;
			p++;
			continue;
		}
		if (star_g != SIZE_MAX && star_p < path.len && path.data[star_p] != '/') {
			p = ++star_p;
			g = star_g;
			continue;
		}
		if (deep_g != SIZE_MAX && deep_p < path.len) {
			/* "**" + "/" takes whole parts; a bare "**" any bytes. */
			bool parts = deep_g >= 1 && glob.data[deep_g - 1] == '/';

			do
				deep_p++;
			while (parts && deep_p < path.len &&
				path.data[deep_p - 1] != '/');
			p = deep_p;
			g = deep_g;
			star_g = SIZE_MAX;
			continue;
		}
		return false;
	}
	return true;
}

bool kb_path_is_markdown(kb_str path)
{
	kb_str ext = kb_path_ext(path);

	return kb_str_eq_nocase(ext, KB_STR(".md")) ||
	       kb_str_eq_nocase(ext, KB_STR(".markdown"));
}
