/* Sparse checkouts: files that the work tree leaves out are in the index, marked as
 * skipped, and still count as content. */
#include <stdio.h>
#include <sys/stat.h>

#include "kb/file.h"
#include "source_private.h"

/* The first bytes of an index: "DIRC" and its version. Before version 3 it has no marks.
 */
static bool has_marks(const struct kb_source *s)
{
	_cleanup_buf_ kb_buf path = {0};
	unsigned char head[8] = {0};
	FILE *file;
	size_t n;

	kb_buf_fmt(&path, "%sindex", git_repository_path(s->repo));
	file = fopen(path.data, "rbe");
	if (!file)
		return false;
	n = fread(head, 1, sizeof(head), file);
	fclose(file);
	return n == sizeof(head) && head[7] >= 3;
}

/* Was the work tree ever made sparse? */
static bool has_patterns(const struct kb_source *s)
{
	_cleanup_buf_ kb_buf path = {0};
	struct stat st;

	kb_buf_fmt(&path, "%sinfo/sparse-checkout", git_repository_path(s->repo));
	return stat(path.data, &st) == 0;
}

int kb_source_sparse(struct kb_source *s, struct kb_error *err)
{
	bool patterns;

	if (s->sparse_read)
		return 0;
	s->sparse_read = true;
	if (!s->repo || !kb_source_is_disk(s))
		return 0;
	patterns = has_patterns(s);
	if (!patterns && !has_marks(s))
		return 0;
	if (git_repository_index(&s->sparse, s->repo) == 0)
		return 0;
	s->sparse_read = false;
	return patterns ? kb_git_fail_index(err) : 0;
}

bool kb_source_is_sparse(struct kb_source *s)
{
	bool sparse;

	pthread_mutex_lock(&s->lock);
	sparse = kb_source_sparse(s, NULL) == 0 && s->sparse;
	pthread_mutex_unlock(&s->lock);
	return sparse;
}

bool kb_is_skipped(const git_index_entry *entry)
{
	return entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE;
}

bool kb_source_leaves_out(struct kb_source *s, kb_str path)
{
	_cleanup_buf_ kb_buf whole = {0};
	struct kb_object object;
	struct stat st;

	kb_buf_fmt(&whole, "%.*s/%.*s", KB_ARG(s->root), KB_ARG(path));
	return lstat(whole.data, &st) < 0 && kb_source_skipped(s, path, &object);
}

bool kb_source_skipped(struct kb_source *s, kb_str path, struct kb_object *out)
{
	_cleanup_buf_ kb_buf name = {0};
	const git_index_entry *entry = NULL;

	if (!kb_source_is_sparse(s))
		return false;
	pthread_mutex_lock(&s->lock);
	kb_buf_fmt(&name, "%.*s%s%.*s", KB_ARG(s->prefix), s->prefix.len ? "/" : "",
		KB_ARG(path));
	entry = git_index_get_bypath(s->sparse, name.data, 0);
	if (entry && kb_is_skipped(entry))
		*out = (struct kb_object){
			.entry = {.path = path, .kind = kb_kind_of_mode(entry->mode)},
			.oid = entry->id};
	pthread_mutex_unlock(&s->lock);
	return entry && kb_is_skipped(entry);
}
