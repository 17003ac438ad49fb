#include "kb/memo.h"

#include <pthread.h>

#include "kb/build.h"
#include "kb/map.h"
#include "kb/store.h"
#include "kb/vec.h"

struct kb_memo {
	struct kb_store *store;
	bool writes;
	struct kb_arena *arena;
	kb_map known; /* from a key's bytes to its number in puts, plus 1 */
	struct {
		KB_VEC(struct kb_store_put);
	} puts;
	pthread_mutex_t lock;
};

struct kb_memo *kb_memo_open(const char *path)
{
	struct kb_memo *memo = kb_xcalloc(1, sizeof(*memo));

	memo->writes = path && *path;
	if (memo->writes)
		memo->store = kb_store_open(path, kb_hash64(kb_str_of(kb_build_id())));
	memo->arena = kb_arena_new();
	pthread_mutex_init(&memo->lock, NULL);
	return memo;
}

void kb_memo_close(struct kb_memo *memo)
{
	if (!memo)
		return;
	if (memo->writes)
		kb_store_write(memo->store, memo->puts.items, memo->puts.len, NULL, NULL);
	kb_store_close(memo->store);
	kb_map_dispose(&memo->known);
	kb_vec_dispose(&memo->puts);
	pthread_mutex_destroy(&memo->lock);
	kb_arena_free(memo->arena);
	free(memo);
}

static kb_str bytes_of(const struct kb_hash *key)
{
	return (kb_str){(const char *)key, sizeof(*key)};
}

/* With the lock held. */
static void enter(struct kb_memo *memo, const struct kb_store_put *put)
{
	kb_str key = kb_arena_str(memo->arena, bytes_of(&put->entry.key));

	kb_vec_push(&memo->puts, *put);
	kb_map_put(&memo->known, key, (void *)(uintptr_t)memo->puts.len);
}

/* With the lock held. */
static bool find(struct kb_memo *memo, struct kb_hash key, kb_str *answer)
{
	uintptr_t known = (uintptr_t)kb_map_get(&memo->known, bytes_of(&key));
	struct kb_store_put put = {.entry.key = key, .old = KB_STORE_NONE};
	uint64_t home;

	if (known && memo->puts.items[known - 1].old == KB_STORE_NONE) {
		*answer = memo->puts.items[known - 1].bytes;
		return true;
	}
	if (memo->store)
		put.old = kb_store_find(memo->store, key);
	if (put.old == KB_STORE_NONE ||
		!kb_store_take(memo->store, put.old, answer, &home))
		return false;
	put.entry = *kb_store_entry(memo->store, put.old);
	if (!known)
		enter(memo, &put);
	return true;
}

bool kb_memo_get(struct kb_memo *memo, struct kb_hash key, kb_buf *answer)
{
	kb_str bytes;
	bool found;

	pthread_mutex_lock(&memo->lock);
	found = find(memo, key, &bytes);
	if (found)
		kb_buf_str(answer, bytes);
	pthread_mutex_unlock(&memo->lock);
	return found;
}

void kb_memo_put(struct kb_memo *memo, struct kb_hash key, kb_str answer)
{
	struct kb_store_put put = {.entry.key = key, .old = KB_STORE_NONE};

	pthread_mutex_lock(&memo->lock);
	if (!kb_map_has(&memo->known, bytes_of(&key))) {
		put.bytes = kb_arena_str(memo->arena, answer);
		enter(memo, &put);
	}
	pthread_mutex_unlock(&memo->lock);
}
