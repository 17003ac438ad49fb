/* Marks (marks.h) of the files in the list, in its order. */
#include "output_parts.h"

void output_mark(struct output *out, kb_str path, uint64_t mark, const kb_strs *shown)
{
	struct manifest_file *file;

	pthread_mutex_lock(&out->lock);
	file = manifest_get(&out->list, path);
	file->mark = mark;
	file->nshown = 0;
	file->shown = kb_arena_array(out->list.arena, struct manifest_file *, shown->len);
	for (size_t i = 0; i < shown->len; i++)
		file->shown[file->nshown++] = manifest_get(&out->list, shown->items[i]);
	pthread_mutex_unlock(&out->lock);
}

bool output_marked(struct output *out, kb_str path, uint64_t mark, kb_strs *shown)
{
	struct manifest_file *file;
	bool same;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	same = file && file->former_mark == mark && file->former.there &&
	       file->former.hash && !file->now.there;
	if (same) {
		file->now = file->former;
		file->mark = mark;
		for (uint32_t i = 0; i < file->nshown; i++)
			kb_vec_push(shown, file->shown[i]->path);
	}
	pthread_mutex_unlock(&out->lock);
	return same;
}

uint64_t output_list(const struct output *out)
{
	return out->distrust ? 0 : out->hash;
}

uint64_t output_hashed(const struct output *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < out->list.files.len; i++) {
		const struct manifest_file *file = out->list.files.items[i];

		if (file->now.there && file->now.kind == MANIFEST_HASHED)
			sum += manifest_hash(file->path);
	}
	return sum;
}

/* Are the files that it shows there? */
static bool is_whole(const struct manifest_file *file)
{
	for (uint32_t i = 0; i < file->nshown; i++)
		if (!file->shown[i]->now.there)
			return false;
	return true;
}

/* Each file: its mark, how many files it shows, their numbers. */
void output_print_marks(const struct output *out, kb_buf *to)
{
	const struct manifest *list = &out->list;
	uint32_t n = 0;

	for (size_t i = 0; i < list->files.len; i++)
		list->files.items[i]->number =
			list->files.items[i]->now.there ? n++ : UINT32_MAX;
	for (size_t i = 0; i < list->files.len; i++) {
		const struct manifest_file *file = list->files.items[i];

		uint64_t mark = is_whole(file) ? file->mark : 0;
		uint32_t shown = mark ? file->nshown : 0;

		if (!file->now.there)
			continue;
		kb_buf_add(to, &mark, sizeof(mark));
		kb_buf_add(to, &shown, sizeof(shown));
		for (uint32_t k = 0; k < shown; k++)
			kb_buf_add(to, &file->shown[k]->number,
				sizeof(file->shown[k]->number));
	}
}

static bool take(kb_str *from, void *value, size_t size)
{
	if (from->len < size)
		return false;
	memcpy(value, from->data, size);
	*from = kb_str_sub(*from, size, from->len);
	return true;
}

static bool take_file(struct manifest *list, struct manifest_file *file, kb_str *from)
{
	uint32_t number;

	if (!take(from, &file->former_mark, sizeof(file->former_mark)) ||
		!take(from, &file->nshown, sizeof(file->nshown)) ||
		file->nshown > from->len / sizeof(number))
		return false;
	file->shown = kb_arena_array(list->arena, struct manifest_file *, file->nshown);
	for (uint32_t i = 0; i < file->nshown; i++) {
		if (!take(from, &number, sizeof(number)) || number >= list->files.len ||
			!list->files.items[number]->former.there)
			return false;
		file->shown[i] = list->files.items[number];
	}
	return true;
}

bool output_read_marks(struct output *out, kb_str from)
{
	struct manifest *list = &out->list;
	bool whole = true;

	for (size_t i = 0; i < list->files.len && whole; i++)
		if (list->files.items[i]->former.there)
			whole = take_file(list, list->files.items[i], &from);
	for (size_t i = 0; i < list->files.len && !whole; i++)
		list->files.items[i]->former_mark = 0;
	return whole && from.len == 0;
}
