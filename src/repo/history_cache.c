/*
 * The history index in a file: one per content root, in the repository's own folder,
 * `kb/history-<hash of the root>`. It has a header, the arrays as they are in memory, and
 * a checksum of everything at the end. It is for this machine only (byte order and
 * sizes). If kb has any doubt about it, kb makes it again.
 */
#include "history.h"

#include <unistd.h>

#include "kb/file.h"
#include "kb/hash.h"
#include "source_private.h"

#define MAGIC 0x33544842424bu /* "KBHBT3" */

struct header {
	uint64_t magic;
	uint64_t state; /* hash of shallow, grafts, replacements and the content root */
	uint64_t commits, parents, changes, paths, bytes;
};

static uint64_t hash_bytes(uint64_t hash, kb_str s)
{
	return (hash ^ kb_hash64(s)) * 0x9E3779B97F4A7C15u;
}

static uint64_t hash_file(uint64_t hash, const char *gitdir, const char *name)
{
	_cleanup_buf_ kb_buf path = {0}, text = {0};

	kb_buf_fmt(&path, "%s%s", gitdir, name);
	if (kb_file_read(path.data, (size_t)64 << 20, &text, NULL) < 0)
		return hash_bytes(hash, KB_STR("-"));
	return hash_bytes(hash, kb_buf_view(&text));
}

/* In no order, so the hash of all must not depend on it. */
static void add_replaced(void *ctx, const git_oid *id, const git_oid *by)
{
	uint64_t *sum = ctx;
	kb_str old = {(const char *)id->id, GIT_OID_RAWSZ};
	kb_str new = {(const char *)by->id, GIT_OID_RAWSZ};

	*sum += hash_bytes(hash_bytes(1, old), new);
}

/* What the comparison depends on, beside the commits. */
static uint64_t state_of(struct kb_source *source)
{
	const char *gitdir = git_repository_commondir(source->repo);
	uint64_t hash = hash_bytes(sizeof(struct hist_commit), source->prefix);

	kb_replaced_each(source->repo, add_replaced, &hash);
	return hash_file(hash_file(hash, gitdir, "shallow"), gitdir, "info/grafts");
}

static void cache_path(struct kb_source *source, kb_buf *out)
{
	kb_buf_fmt(out, "%skb/history-%016llx", git_repository_commondir(source->repo),
		(unsigned long long)hash_bytes(0, source->prefix));
}

/* N items of SIZE bytes at the beginning of the rest; NULL when it is not that long. */
static void *take(kb_str *rest, uint64_t n, size_t size)
{
	void *from = (void *)(uintptr_t)rest->data;

	if (n > rest->len / size)
		return NULL;
	*rest = kb_str_sub(*rest, (size_t)n * size, rest->len);
	return from;
}

/* They stay where they are: most often nothing is new, and copying takes as long as
 * reading. */
#define BORROW(rest, vec, n)                                                             \
	((vec)->items = take(rest, n, sizeof(*(vec)->items)),                            \
		(vec)->len = (vec)->cap = (vec)->items ? (size_t)(n) : 0,                \
		(vec)->items != NULL)

static bool are_numbers_good(const struct hist *hist)
{
	for (size_t i = 0; i < hist->commits.len; i++) {
		const struct hist_commit *commit = &hist->commits.items[i];

		if (commit->parents > hist->parents.len ||
			commit->nparents > hist->parents.len - commit->parents)
			return false;
	}
	for (size_t i = 0; i < hist->parents.len; i++)
		if (hist->parents.items[i] >= hist->commits.len)
			return false;
	for (size_t i = 0; i < hist->changes.len; i++) {
		const struct hist_change *change = &hist->changes.items[i];

		if (change->commit >= hist->commits.len ||
			change->path >= hist->paths.len ||
			(change->from != KB_NO && change->from >= hist->paths.len) ||
			change->kind > KB_VERSION_UNKNOWN ||
			(change->kind == KB_VERSION_RENAMED && change->from == KB_NO) ||
			(i && change->commit < change[-1].commit))
			return false;
	}
	return true;
}

static bool decode(struct hist *hist, uint64_t state)
{
	kb_str file = kb_buf_view(&hist->file), rest, part;
	struct header header;
	uint64_t sum;

	if (file.len < sizeof(header) + sizeof(sum))
		return false;
	memcpy(&header, file.data, sizeof(header));
	memcpy(&sum, file.data + file.len - sizeof(sum), sizeof(sum));
	file.len -= sizeof(sum);
	if (header.magic != MAGIC || header.state != state || hash_bytes(1, file) != sum)
		return false;
	rest = kb_str_sub(file, sizeof(header), file.len);
	hist->borrowed = true;
	if (!BORROW(&rest, &hist->commits, header.commits) ||
		!BORROW(&rest, &hist->parents, header.parents) ||
		!BORROW(&rest, &hist->changes, header.changes) ||
		rest.len != header.bytes)
		return false;
	for (uint64_t i = 0; i < header.paths && kb_str_next(&rest, '\0', &part); i++)
		kb_vec_push(&hist->paths, part);
	return hist->paths.len == header.paths && are_numbers_good(hist);
}

bool hist_load(struct hist *hist, struct kb_source *source)
{
	_cleanup_buf_ kb_buf path = {0};

	cache_path(source, &path);
	if (kb_file_read(path.data, (size_t)1 << 30, &hist->file, NULL) < 0 ||
		!decode(hist, state_of(source))) {
		hist_dispose(hist);
		hist_init(hist);
		return false;
	}
	return true;
}

void hist_save(const struct hist *hist, struct kb_source *source)
{
	_cleanup_buf_ kb_buf path = {0}, file = {0};
	struct header header = {.magic = MAGIC,
		.state = state_of(source),
		.commits = hist->commits.len,
		.parents = hist->parents.len,
		.changes = hist->changes.len,
		.paths = hist->paths.len};
	uint64_t sum;

	for (size_t i = 0; i < hist->paths.len; i++)
		header.bytes += hist->paths.items[i].len + 1;
	kb_buf_add(&file, &header, sizeof(header));
	kb_buf_add(&file, hist->commits.items,
		hist->commits.len * sizeof(*hist->commits.items));
	kb_buf_add(&file, hist->parents.items,
		hist->parents.len * sizeof(*hist->parents.items));
	kb_buf_add(&file, hist->changes.items,
		hist->changes.len * sizeof(*hist->changes.items));
	for (size_t i = 0; i < hist->paths.len; i++) {
		kb_buf_str(&file, hist->paths.items[i]);
		kb_buf_putc(&file, '\0');
	}
	sum = hash_bytes(1, kb_buf_view(&file));
	kb_buf_add(&file, &sum, sizeof(sum));
	cache_path(source, &path);
	kb_cache_write(path.data, kb_buf_view(&file));
}
