/*
 * A question: a digit for its reader (locale and audience), then its words.
 *
 * Hits are for that reader, their marks lie in their passages, and the public finds
 * nothing for agents. The same words are classified.
 */
#include "search_files.h"

#include "kb/classify.h"
#include "kb/search.h"

enum { MOST = 10 };

static struct kb_search *search;
static struct kb_classifier *classifier;
static struct kb_library *lib;

static void load(void)
{
	const struct kb_library_options options = {
		.threads = 1, .now = 1790000000, .no_store = true};
	struct kb_diags diags;
	struct kb_error err;

	if (search)
		return;
	kb_diags_init(&diags, NULL);
	if (kb_search_load(
		    &search, &lib, fuzz_source(search_files), &options, &diags, &err))
		must(false, "%s", err.message);
	kb_diags_dispose(&diags);
	classifier = kb_classifier_new(fuzz_library(fuzz_source(search_files)), 0, 2);
}

static void check_hit(const struct kb_search_hit *hit, unsigned audience)
{
	must(hit->doc->facts->audience <= audience, "a hit for another reader");
	must(audience == 2 || kb_str_find(hit->passage, KB_STR("Qzx7")) == SIZE_MAX,
		"a passage for another reader");
	for (size_t i = 0; i < hit->nmarks; i++)
		fuzz_range(hit->marks[i], hit->passage);
}

/* One, or two with a space between. */
static void check_words(kb_str words, kb_str text)
{
	kb_str word;

	while (kb_str_next(&words, ' ', &word))
		must(kb_str_find(text, word) != SIZE_MAX,
			"a word that is not in the text");
}

static void classify(struct kb_arena *arena, kb_str text)
{
	struct kb_guess *guesses;
	size_t n = kb_classify(classifier, arena, text, MOST, &guesses);
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += guesses[i].score;
		for (size_t w = 0; w < guesses[i].words.len; w++)
			check_words(guesses[i].words.items[w], text);
	}
	must(n <= MOST && sum < 1.001, "scores add up to %f", sum);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	unsigned digit = input.len ? (unsigned char)*input.data : 0;
	struct kb_search_query query = {.text = kb_str_sub(input, 1, input.len),
		.locale = digit % 4 == 3 ? KB_NONE : digit % 4,
		.audience = digit / 4 % 3,
		.most = MOST};
	struct kb_search_hit *hits;
	size_t n;

	load();
	n = kb_search_find(search, arena, &query, &hits);
	must(n <= MOST, "%zu hits", n);
	for (size_t i = 0; i < n; i++)
		check_hit(&hits[i], query.audience);
	kb_search_meant(search, arena, &query);
	classify(arena, query.text);
}
