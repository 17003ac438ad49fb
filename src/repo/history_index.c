/* The arrays of a history, and the maps by which they are looked up. */
#include "history.h"

void hist_init(struct hist *hist)
{
	*hist = (struct hist){.arena = kb_arena_new()};
}

#define OWN(vec)                                                                         \
	do {                                                                             \
		void *own_ = kb_xcalloc((vec)->len + 1, sizeof(*(vec)->items));          \
		if ((vec)->len)                                                          \
			memcpy(own_, (vec)->items, (vec)->len * sizeof(*(vec)->items));  \
		(vec)->items = own_;                                                     \
		(vec)->cap = (vec)->len + 1;                                             \
	} while (0)

void hist_own(struct hist *hist)
{
	if (!hist->borrowed)
		return;
	OWN(&hist->commits);
	OWN(&hist->parents);
	OWN(&hist->changes);
	hist->borrowed = false;
}

void hist_dispose(struct hist *hist)
{
	if (hist->borrowed) {
		hist->commits.items = NULL;
		hist->parents.items = NULL;
		hist->changes.items = NULL;
	}
	kb_buf_dispose(&hist->file);
	kb_vec_dispose(&hist->commits);
	kb_vec_dispose(&hist->parents);
	kb_vec_dispose(&hist->changes);
	kb_vec_dispose(&hist->paths);
	kb_map_dispose(&hist->by_path);
	kb_map_dispose(&hist->by_id);
	if (hist->arena)
		kb_arena_free(hist->arena);
	*hist = (struct hist){0};
}

size_t hist_find_path(struct hist *hist, kb_str path)
{
	for (; hist->named < hist->paths.len; hist->named++)
		kb_map_put(&hist->by_path, hist->paths.items[hist->named],
			(void *)(uintptr_t)(hist->named + 1));
	return (size_t)(uintptr_t)kb_map_get(&hist->by_path, path);
}

uint32_t hist_path(struct hist *hist, kb_str path)
{
	size_t number = hist_find_path(hist, path);

	if (!number) {
		kb_vec_push(&hist->paths, kb_arena_str(hist->arena, path));
		number = hist->paths.len;
	}
	return (uint32_t)(number - 1);
}

void hist_index(struct hist *hist)
{
	for (; hist->indexed < hist->commits.len; hist->indexed++)
		kb_map_put(&hist->by_id,
			(kb_str){(const char *)hist->commits.items[hist->indexed].id,
				GIT_OID_RAWSZ},
			(void *)(uintptr_t)(hist->indexed + 1));
}

size_t hist_find_commit(struct hist *hist, const void *id)
{
	hist_index(hist);
	return (size_t)(uintptr_t)kb_map_get(&hist->by_id, (kb_str){id, GIT_OID_RAWSZ});
}
