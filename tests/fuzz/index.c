/*
 * The search index that is kept in the repository's folder, read as arbitrary bytes with
 * a right head and checksum.
 *
 * It is refused, or questions are answered from it, in bounded time.
 */
#include "search/store.c"

#include "search_files.h"

static void ask(struct kb_search *search, struct kb_arena *arena)
{
	static const char *const questions[] = {
		"descale machine", "refund", "rücksendung"};

	for (size_t i = 0; i < KB_LEN(questions); i++) {
		const struct kb_search_query query = {.text = kb_str_of(questions[i]),
			.locale = i == 1 ? 0 : KB_NONE,
			.audience = i == 0 ? 0 : 2,
			.most = 5};
		struct kb_search_hit *hits;

		must(kb_search_find(search, arena, &query, &hits) <= 5, "too many hits");
		kb_search_meant(search, arena, &query);
	}
}

/* What is not left to chance, so that the rest is read. */
static void complete(kb_buf *file, const struct kb_library *lib)
{
	struct head head;
	uint64_t sum;

	memcpy(&head, file->data, sizeof(head));
	head.magic = MAGIC;
	head.format = FORMAT;
	head.size = file->len;
	head.nlocales = lib->config->nlocales;
	memcpy(file->data, &head, sizeof(head));
	sum = kb_search_checksum(kb_str_sub(kb_buf_view(file), 0, file->len - 8));
	memcpy(file->data + file->len - 8, &sum, sizeof(sum));
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct fuzz_library library;
	struct kb_search *search;
	_cleanup_buf_ kb_buf file = {0};
	struct record *records = NULL;
	struct dict dicts[3];
	struct head head;

	if (input.len < sizeof(head) + 8)
		return;
	fuzz_open(&library, search_files);
	kb_buf_str(&file, input);
	complete(&file, library.lib);
	search = kb_xcalloc(1, sizeof(*search));
	search->arena = kb_arena_new();
	if (head_read(kb_buf_view(&file), &head) &&
		dicts_read(kb_buf_view(&file), &head, dicts))
		records = records_read(
			library.lib, search->arena, kb_buf_view(&file), &head);
	if (records) {
		use(search, library.lib, kb_buf_view(&file), &head, records);
		ask(search, arena);
	}
	kb_search_free(search);
	fuzz_close(&library);
}
