#include "kb/patch.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"

static size_t edit_end(const struct kb_edit *edit)
{
	return (size_t)edit->range.off + edit->range.len;
}

/* Where an edit would stand among those taken; SIZE_MAX when it is in the way of one. */
static size_t place_of(const struct kb_patch *patch, const struct kb_edit *edit)
{
	size_t from = 0, to = patch->len;

	if (edit_end(edit) > patch->text.len)
		return SIZE_MAX;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (patch->items[middle].range.off < edit->range.off)
			from = middle + 1;
		else
			to = middle;
	}
	if (from > 0 && edit_end(&patch->items[from - 1]) > edit->range.off)
		return SIZE_MAX;
	if (from < patch->len && (patch->items[from].range.off == edit->range.off ||
					 patch->items[from].range.off < edit_end(edit)))
		return SIZE_MAX;
	return from;
}

static void drop(struct kb_patch *patch, const struct kb_edit *edit)
{
	for (size_t i = 0; i < patch->len; i++) {
		if (patch->items[i].range.off != edit->range.off)
			continue;
		patch->len--;
		memmove(&patch->items[i], &patch->items[i + 1],
			(patch->len - i) * sizeof(*patch->items));
		return;
	}
}

bool kb_patch_take(struct kb_patch *patch, const struct kb_edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = place_of(patch, &edits[i]);

		if (at == SIZE_MAX) {
			while (i > 0)
				drop(patch, &edits[--i]);
			return false;
		}
		kb_vec_push(patch, edits[i]);
		memmove(&patch->items[at + 1], &patch->items[at],
			(patch->len - 1 - at) * sizeof(*patch->items));
		patch->items[at] = edits[i];
	}
	return true;
}

void kb_patch_apply(const struct kb_patch *patch, kb_buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < patch->len; i++) {
		kb_buf_str(out, kb_str_sub(patch->text, at, patch->items[i].range.off));
		kb_buf_str(out, patch->items[i].text);
		at = edit_end(&patch->items[i]);
	}
	kb_buf_str(out, kb_str_sub(patch->text, at, patch->text.len));
}

void kb_patch_dispose(struct kb_patch *patch)
{
	kb_vec_dispose(patch);
}

static void put_path(kb_buf *out, kb_str root, kb_str path)
{
	kb_buf_clear(out);
	kb_buf_fmt(out, "%.*s/%.*s", KB_ARG(root), KB_ARG(path));
}

/* Is the file what it was, and may it be replaced? */
static int look_at(
	const char *path, const struct kb_rewrite *change, struct kb_error *err)
{
	_cleanup_buf_ kb_buf now = {0};
	struct stat st;

	if (lstat(path, &st) < 0)
		return kb_error_errno(err, "cannot change %.*s", KB_ARG(change->path));
	if (S_ISLNK(st.st_mode))
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s is a symbolic link: change the file that it leads to",
			KB_ARG(change->path));
	if (access(path, W_OK) < 0)
		return kb_error_errno(err, "cannot change %.*s", KB_ARG(change->path));
	if (kb_file_read(path, 0, &now, err) < 0)
		return -1;
	if (!kb_str_eq(kb_buf_view(&now), change->before))
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s was changed by something else meanwhile; run kb again",
			KB_ARG(change->path));
	return 0;
}

static int stage(const char *path, const struct kb_rewrite *change, struct kb_error *err)
{
	return look_at(path, change, err) < 0 ? -1
					      : kb_file_stage(path, change->after, err);
}

int kb_rewrites_write(
	kb_str root, const struct kb_rewrite *changes, size_t n, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};
	size_t staged = 0, done = 0;

	for (; staged < n; staged++) {
		put_path(&path, root, changes[staged].path);
		if (stage(path.data, &changes[staged], err) < 0)
			break;
	}
	for (; staged == n && done < n; done++) {
		put_path(&path, root, changes[done].path);
		if (kb_file_commit(path.data, err) < 0)
			break;
	}
	for (size_t i = done; done < n && i < staged; i++) {
		put_path(&path, root, changes[i].path);
		kb_file_unstage(path.data);
	}
	return done < n ? -1 : 0;
}
