/*
 * The search index that is kept in the repository's folder, read as arbitrary bytes with
 * a right head and checksum.
 *
 * It is refused, or questions are answered from it, in bounded time.
 */
#include "content/index.h"
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

/* A library of the search's own, which has the index's documents then. */
struct own {
	struct kb_library lib;
	struct kb_library_index index;
};

static void own_open(struct own *own, struct kb_arena *arena)
{
	static struct kb_library *lib;

	if (!lib)
		lib = fuzz_library(fuzz_source(search_files), NULL);
	own->lib = *lib;
	own->index = *lib->index;
	own->index.arena = arena;
	own->index.families = (kb_map){0};
	own->lib.index = &own->index;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	_cleanup_buf_ kb_buf file = {0};
	struct record *records = NULL;
	struct kb_search *search;
	struct dict dicts[3];
	struct head head;
	struct own own;

	if (input.len < sizeof(head) + 8)
		return;
	own_open(&own, arena);
	kb_buf_str(&file, input);
	complete(&file, &own.lib);
	search = kb_xcalloc(1, sizeof(*search));
	search->arena = kb_arena_new();
	if (head_read(kb_buf_view(&file), &head) &&
		dicts_read(kb_buf_view(&file), &head, dicts))
		records =
			records_read(&own.lib, search->arena, kb_buf_view(&file), &head);
	if (records) {
		use(search, &own.lib, kb_buf_view(&file), &head, records);
		ask(search, arena);
	}
	kb_search_free(search);
	kb_map_dispose(&own.index.families);
}
