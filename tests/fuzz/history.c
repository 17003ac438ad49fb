/*
 * The history that is kept in the repository's folder, read as arbitrary bytes with a
 * right checksum.
 *
 * It is refused, or all questions to it are answered from it, in bounded time.
 */
#include "repo/history.c"
#include "repo/history_cache.c"

#include "fuzz.h"

enum { VERSIONS_MAX = 100000 };

static void ask(struct kb_history *history, struct kb_arena *arena)
{
	const struct hist *hist = &history->hist;
	bool *since = kb_arena_array(arena, bool, hist->commits.len + 1);
	struct kb_history_version *versions;

	list_by_path(history);
	for (size_t i = 0; i < hist->paths.len && i < 50; i++) {
		size_t n = kb_history_versions(
			history, arena, hist->paths.items[i], &versions);

		must(n <= VERSIONS_MAX, "%zu versions", n);
		kb_history_path_now(history, hist->paths.items[i]);
		kb_history_dates(history, hist->paths.items[i]);
	}
	for (size_t i = 0; i < hist->commits.len && i < 50; i++) {
		struct kb_history_commit commit = kb_history_commit(history, i);

		kb_history_changes(history, arena, i, &versions);
		kb_history_since(history, kb_str_of(commit.id), since);
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct kb_history *history = kb_xcalloc(1, sizeof(*history));
	struct header header = {.magic = 0};
	kb_buf *file = &history->hist.file;
	uint64_t sum;

	hist_init(&history->hist);
	pthread_mutex_init(&history->lock, NULL);
	kb_buf_str(file, input);
	if (file->len >= sizeof(header) + sizeof(sum)) {
		memcpy(&header, file->data, sizeof(header));
		header.magic = MAGIC;
		header.state = 1;
		memcpy(file->data, &header, sizeof(header));
		sum = hash_bytes(1, kb_str_sub(kb_buf_view(file), 0, file->len - 8));
		memcpy(file->data + file->len - 8, &sum, sizeof(sum));
	}
	if (decode(&history->hist, 1))
		ask(history, arena);
	kb_history_free(history);
}
