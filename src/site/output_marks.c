/* Marks (marks.h) of the files in the list, in its order. */
#include "output_parts.h"

void output_mark(struct output *out, kb_str path, uint64_t mark, const kb_strs *shown,
	const struct output_names *names)
{
	struct manifest_file *file;

	pthread_mutex_lock(&out->lock);
	file = manifest_get(&out->list, path);
	file->mark = mark;
	file->nshown = 0;
	file->shown = kb_arena_array(out->list.arena, struct manifest_file *, shown->len);
	for (size_t i = 0; i < shown->len; i++)
		file->shown[file->nshown++] = manifest_get(&out->list, shown->items[i]);
	file->nnames = (uint32_t)names->len;
	file->names = kb_arena_array(out->list.arena, uint32_t, names->len);
	if (names->len)
		memcpy(file->names, names->items, names->len * sizeof(*file->names));
	pthread_mutex_unlock(&out->lock);
}

static bool is_renamed(const struct manifest_file *file, const bool *renamed)
{
	for (uint32_t i = 0; renamed && i < file->nnames; i++)
		if (renamed[file->names[i]])
			return true;
	return false;
}

bool output_marked(struct output *out, kb_str path, uint64_t mark, const bool *renamed,
	kb_strs *shown)
{
	struct manifest_file *file;
	bool same;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	same = file && file->former_mark == mark && file->former.there &&
	       file->former.hash && !file->now.there && !is_renamed(file, renamed);
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

/* Each file: its mark, how many files and names it shows, their numbers. */
void output_print_marks(const struct output *out, kb_buf *to)
{
	const struct manifest *list = &out->list;
	uint32_t n = 0;

	for (size_t i = 0; i < list->files.len; i++)
		list->files.items[i]->number =
			list->files.items[i]->now.there ? n++ : UINT32_MAX;
	for (size_t i = 0; i < list->files.len; i++) {
		const struct manifest_file *file = list->files.items[i];
		bool marked = file->mark && is_whole(file);
		uint64_t mark = marked ? file->mark : 0;
		uint32_t counts[] = {
			marked ? file->nshown : 0, marked ? file->nnames : 0};

		if (!file->now.there)
			continue;
		kb_buf_add(to, &mark, sizeof(mark));
		kb_buf_add(to, counts, sizeof(counts));
		for (uint32_t k = 0; k < counts[0]; k++)
			kb_buf_add(to, &file->shown[k]->number,
				sizeof(file->shown[k]->number));
		if (counts[1])
			kb_buf_add(to, file->names, counts[1] * sizeof(*file->names));
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

static bool take_names(
	struct manifest *list, struct manifest_file *file, kb_str *from, uint32_t nnames)
{
	if (file->nnames > from->len / sizeof(*file->names))
		return false;
	file->names = kb_arena_array(list->arena, uint32_t, file->nnames);
	if (file->nnames)
		take(from, file->names, file->nnames * sizeof(*file->names));
	for (uint32_t i = 0; i < file->nnames; i++)
		if (file->names[i] >= nnames)
			return false;
	return true;
}

static bool take_file(
	struct manifest *list, struct manifest_file *file, kb_str *from, uint32_t nnames)
{
	uint32_t counts[2], number;

	if (!take(from, &file->former_mark, sizeof(file->former_mark)) ||
		!take(from, counts, sizeof(counts)) ||
		counts[0] > from->len / sizeof(number))
		return false;
	file->nshown = counts[0];
	file->nnames = counts[1];
	file->shown = kb_arena_array(list->arena, struct manifest_file *, file->nshown);
	for (uint32_t i = 0; i < file->nshown; i++) {
		if (!take(from, &number, sizeof(number)) || number >= list->files.len ||
			!list->files.items[number]->former.there)
			return false;
		file->shown[i] = list->files.items[number];
	}
	return take_names(list, file, from, nnames);
}

bool output_read_marks(struct output *out, kb_str from, uint32_t nnames)
{
	struct manifest *list = &out->list;
	bool whole = true;

	for (size_t i = 0; i < list->files.len && whole; i++)
		if (list->files.items[i]->former.there)
			whole = take_file(list, list->files.items[i], &from, nnames);
	for (size_t i = 0; i < list->files.len && !whole; i++)
		list->files.items[i]->former_mark = 0;
	return whole && from.len == 0;
}
