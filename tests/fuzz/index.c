/*
 * The search index that is kept in the repository's folder, read as arbitrary bytes with
 * right checksums: a dictionary, which each locale has, and the text of a document.
 *
 * They are refused, or questions are answered from them, in bounded time.
 */
#include "search/index.h"

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

static struct kb_search *loaded(void)
{
	const struct kb_library_options options = {
		.threads = 1, .now = 1790000000, .no_store = true};
	static struct kb_search *search;
	static struct kb_library *lib;
	struct kb_diags diags;
	struct kb_error err;

	if (search)
		return search;
	kb_diags_init(&diags, NULL);
	if (kb_search_load(
		    &search, &lib, fuzz_source(search_files), &options, &diags, &err))
		must(false, "%s", err.message);
	kb_diags_dispose(&diags);
	return search;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str bytes = fuzz_part(&input), text = input, dicts[3] = {bytes, bytes, bytes};
	struct kb_search search = *loaded();
	struct search_index index = *search.index;
	struct piece piece;

	while (piece_next(&text, &piece))
		must(piece.text.data + piece.text.len == text.data,
			"a piece outside of its text");
	search.arena = arena;
	index.dicts = dicts;
	if (!kb_search_sound(&index, index.ndicts))
		return;
	kb_search_use(&search, &index);
	ask(&search, arena);
	for (uint32_t l = 0; l < index.ndicts; l++)
		kb_stemmer_free(search.shards[l].asker);
}
