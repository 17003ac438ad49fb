#include "kb/patch.h"

static size_t edit_end(const struct kb_edit *edit)
{
	return (size_t)edit->range.off + edit->range.len;
}

/* The first edit taken that does not begin before OFF. */
static size_t find(const struct kb_patch *patch, uint32_t off)
{
	size_t from = 0, to = patch->len;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (patch->items[middle].range.off < off)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Where an edit would stand among those taken; SIZE_MAX when it is in the way of one. */
static size_t place_of(const struct kb_patch *patch, const struct kb_edit *edit)
{
	size_t from = find(patch, edit->range.off);

	if (edit_end(edit) > patch->text.len)
		return SIZE_MAX;
	if (from > 0 && edit_end(&patch->items[from - 1]) > edit->range.off)
		return SIZE_MAX;
	if (from < patch->len && (patch->items[from].range.off == edit->range.off ||
					 patch->items[from].range.off < edit_end(edit)))
		return SIZE_MAX;
	return from;
}

static void drop(struct kb_patch *patch, const struct kb_edit *edit)
{
	size_t i = find(patch, edit->range.off);

	patch->len--;
	memmove(&patch->items[i], &patch->items[i + 1],
		(patch->len - i) * sizeof(*patch->items));
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
