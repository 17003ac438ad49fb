#include "kb/texts.h"

#include <pthread.h>
#include <time.h>

#include "kb/map.h"
#include "md_tree.h"

/* Two threads that each wait for what the other has go on after this. */
enum { WAIT_NS = 20000000 };

struct kept_text {
	struct kb_md *md;
	kb_buf file;
	pthread_mutex_t lock; /* recursive: a page may include a snippet twice */
};

struct kb_texts {
	struct kb_arena *arena;
	kb_map by_path; /* to struct kept_text */
	size_t left;
	pthread_mutex_t lock;
	pthread_mutexattr_t recursive;
};

struct kb_texts *kb_texts_new(size_t budget)
{
	struct kb_texts *texts = kb_xcalloc(1, sizeof(*texts));

	texts->arena = kb_arena_new();
	texts->left = budget;
	pthread_mutex_init(&texts->lock, NULL);
	pthread_mutexattr_init(&texts->recursive);
	pthread_mutexattr_settype(&texts->recursive, PTHREAD_MUTEX_RECURSIVE);
	return texts;
}

void kb_texts_free(struct kb_texts *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < texts->by_path.len; i++) {
		struct kept_text *kept = texts->by_path.entries[i].value;

		kb_md_free(kept->md);
		kb_buf_dispose(&kept->file);
		pthread_mutex_destroy(&kept->lock);
	}
	kb_map_dispose(&texts->by_path);
	pthread_mutexattr_destroy(&texts->recursive);
	pthread_mutex_destroy(&texts->lock);
	kb_arena_free(texts->arena);
	free(texts);
}

bool kb_texts_keep(struct kb_texts *texts, kb_str path, struct kb_md *md, kb_buf *file,
	size_t reserve)
{
	size_t size = kb_arena_used(md->arena) + file->cap;
	struct kept_text *kept = NULL;

	pthread_mutex_lock(&texts->lock);
	if (size + reserve <= texts->left && !kb_map_has(&texts->by_path, path)) {
		texts->left -= size;
		kept = kb_arena_new_of(texts->arena, struct kept_text);
		*kept = (struct kept_text){.md = md, .file = *file};
		pthread_mutex_init(&kept->lock, &texts->recursive);
		kb_map_put(&texts->by_path, path, kept);
		*file = (kb_buf){0};
	}
	pthread_mutex_unlock(&texts->lock);
	return kept != NULL;
}

static struct kept_text *find(struct kb_texts *texts, kb_str path)
{
	struct kept_text *kept;

	pthread_mutex_lock(&texts->lock);
	kept = kb_map_get(&texts->by_path, path);
	pthread_mutex_unlock(&texts->lock);
	return kept;
}

struct kb_md *kb_texts_borrow(struct kb_texts *texts, kb_str path)
{
	struct kept_text *kept = texts ? find(texts, path) : NULL;
	struct timespec until;

	if (!kept)
		return NULL;
	if (pthread_mutex_trylock(&kept->lock) == 0)
		return kept->md;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_mutex_timedlock(&kept->lock, &until) == 0 ? kept->md : NULL;
}

void kb_texts_give_back(struct kb_texts *texts, kb_str path)
{
	pthread_mutex_unlock(&find(texts, path)->lock);
}
