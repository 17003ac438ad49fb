#include "scratch.h"

#include "../../src/search/index.h"
#include "../../src/search/kept_parts.h"
#include "kb/search_export.h"

/* The index of a site */

struct exported {
	kb_buf text, keep;
	kb_str kept;
	unsigned put[3], stayed[3]; /* by kind of part */
	const bool *readable;
};

static void number_is(uint32_t n, const char *written)
{
	kb_buf out = {0};

	kb_search_put_number(&out, n);
	assert_str(kb_buf_view(&out), written);
	kb_buf_dispose(&out);
}

static void numbers_as_characters(void **state)
{
	(void)state;
	number_is(0, "#");
	number_is(56, "[");
	number_is(57, "]");
	number_is(91, "\x7f");
	number_is(92, "\xc2\x80");
	number_is(2011, "\xdf\xbf");
	number_is(2012, "\xe0\xa0\x81\xd0\x80");
	number_is(70000, "\xe0\xa1\x84\xc6\x94");
}

static int take_part(void *ctx, enum kb_search_part part, kb_str first, kb_str name,
	kb_str text, struct kb_error *err)
{
	struct exported *e = ctx;

	(void)err;
	assert_int_equal(name.len, KB_SEARCH_NAME);
	(text.data ? e->put : e->stayed)[part]++;
	/* The name is a hash of the text, which is not told of what stays. */
	if (e->readable)
		kb_buf_fmt(&e->text, "%d %.*s %.*s\n", part,
			KB_ARG(part == KB_SEARCH_POSTINGS ? KB_STR("") : first),
			KB_ARG(name));
	else
		kb_buf_fmt(&e->text, "%d %.*s %.*s\n", part, KB_ARG(first), KB_ARG(text));
	return 0;
}

/* The parts of the English documents for an audience. */
static void export_for(unsigned audience, struct exported *out)
{
	const struct kb_library_options options = {.now = 1790000000, .no_store = true};
	bool readable[16] = {true, true, true, true, true, true, true, true};
	struct kb_search_export_options export = {.audience = audience,
		.readable = out->readable ? out->readable : readable,
		.put = take_part,
		.ctx = out,
		.kept = out->kept,
		.keep = out->readable ? &out->keep : NULL};
	struct kb_source *source;
	struct kb_library *lib;
	struct kb_search *search;
	struct kb_diags diags;
	struct kb_error err;

	kb_diags_init(&diags, NULL);
	if (kb_source_open(&source, scratch_dir, NULL, NULL, &err) ||
		kb_search_load(&search, &lib, source, &options, &diags, &err) ||
		kb_search_export(search, &export, &err))
		fail_msg("%s", err.message);
	kb_search_free(search);
	kb_library_free(lib);
	kb_source_free(source);
	kb_diags_dispose(&diags);
}

static bool has(const struct exported *e, const char *text)
{
	return kb_str_find(kb_buf_view(&e->text), kb_str_of(text)) != SIZE_MAX;
}

static void an_export(void **state)
{
	struct exported open = {0}, agents = {0};

	(void)state;
	scratch_run(
		"rm -rf ./* .git; git init -q; mkdir -p en/articles;"
		"printf 'name: Help\nlocales:\n  - code: en\n' >kb.yaml;"
		"printf -- '---\ntitle: Parcels\n---\nA zebra.\n\n> [!AGENTS]\n> Quokka.\n'"
		" >en/articles/a.md;"
		"printf -- '---\ntitle: A parcel\n---\nNothing.\n' >en/articles/b.md");
	export_for(0, &open);
	export_for(1, &agents);
	/* A word, and a key of two documents. */
	assert_true(has(&open, "parcel,"));
	assert_true(has(&open, "zebra"));
	assert_true(has(&open, "rbez"));
	assert_false(has(&open, "quokka") || has(&open, "kkouq"));
	assert_true(has(&agents, "quokka"));
	kb_buf_dispose(&open.text);
	kb_buf_dispose(&agents.text);
}

/* An article with some common words and some that few have; some are long. Or one word
 * more. */
static void write_article(unsigned *seed, unsigned number, const char *mode)
{
	char path[512];
	FILE *file;
	int n = 1 + rand_r(seed) % 4 + (rand_r(seed) % 50 == 0 ? 200 : 0);

	snprintf(path, sizeof(path), "%s/en/articles/a%04u.md", scratch_dir, number);
	file = fopen(path, mode);
	assert_non_null(file);
	if (*mode == 'w')
		fprintf(file, "---\ntitle: Parcel %s%d\n---\nAll have %s.\n",
			number % 10 == 9 ? "title" : "w",
			number % 10 == 9 ? (int)number : rand_r(seed) % 90,
			number % 10 ? "tea with milk" : "none");
	for (int i = 0; i < (*mode == 'w' ? n : 1); i++)
		fprintf(file, "w%d ", rand_r(seed) % 4000);
	fclose(file);
}

static void export_both(
	struct exported *next, const struct exported *last, unsigned audience)
{
	struct exported alone = {.readable = next->readable};

	next->kept = kb_buf_view(&last->keep);
	export_for(audience, &alone);
	export_for(audience, next);
	assert_str(kb_buf_view(&next->text), kb_buf_view(&alone.text).data);
	assert_true(kb_str_eq(kb_buf_view(&next->keep), kb_buf_view(&alone.keep)));
	for (int k = 0; k < 3; k++)
		assert_int_equal(next->put[k] + next->stayed[k], alone.put[k]);
	kb_buf_dispose(&alone.text);
	kb_buf_dispose(&alone.keep);
}

/* Edits in the SCRIPT's way the documents that have a word, which it has as $W. */
static void edit_with(const char *script, kb_str word)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*s", KB_ARG(word));
	setenv("W", text, 1);
	scratch_run(script);
}

/* Edits that leave most of the rest as it is: of the first word of a part, of several
 * words of one, of the order in titles, of the length of titles, which decides what a
 * word in any of them is worth, and of how often a word is there. */
static void edit_a_little(unsigned *seed, int round, const struct exported *last)
{
	struct kept_parts parts = {0};
	char words[16];

	assert_true(kept_read(&parts, kb_buf_view(&last->keep)));
	snprintf(words, sizeof(words), "w%d[0-9]", 10 + rand_r(seed) % 300);
	if (round % 4 == 0)
		edit_with("grep -lw \"$W\" en/articles/* | xargs -r sed -i "
			  "\"s/\\b$W\\b/tea/\"",
			parts.words.items[(size_t)rand_r(seed) % parts.words.len].text);
	else if (round % 4 == 1)
		edit_with("grep -lw \"$W\" en/articles/* | xargs -r sed -i "
			  "\"s/\\b$W\\b/tea/\"",
			kb_str_of(words));
	else if (round % 4 == 2)
		scratch_run("sed -i 's/^title: Parcel \\(.*\\)/title: \\1 Parcel/' "
			    "en/articles/a1*3.md");
	else if (round % 8 == 3)
		scratch_run("sed -i 's/^title: .*/& with milk/' en/articles/a1*[1-5].md");
	else
		scratch_run("sed -i 's/tea with/tea tea/' en/articles/a1*7.md");
	kept_dispose(&parts);
}

/* What an export writes and keeps after random edits does not depend on what was kept. */
static void an_export_after_another(void **state)
{
	enum { ARTICLES = 2400, ROUNDS = 40 };
	static bool readable[2 * ARTICLES];
	struct exported exports[ROUNDS + 1] = {0};
	unsigned seed = 3, number = ARTICLES, put = 0, stayed = 0, apart = 0;

	(void)state;
	scratch_run("rm -rf ./* .git; git init -q; mkdir -p en/articles;"
		    "printf 'name: Help\nlocales:\n  - code: en\n' >kb.yaml");
	for (unsigned i = 0; i < ARTICLES; i++)
		write_article(&seed, i, "w");
	for (int i = 0; i < 2 * ARTICLES; i++)
		readable[i] = i % 50 != 7;
	for (int round = 0; round <= ROUNDS; round++) {
		struct exported *next = &exports[round];

		next->readable = readable;
		if (round > 16)
			edit_a_little(&seed, round, &exports[round - 1]);
		else if (round > 1)
			write_article(&seed, (unsigned)rand_r(&seed) % ARTICLES / 10 * 10,
				round % 2 ? "w" : "a");
		if (round % 5 == 4 && round < 16)
			write_article(&seed, number++, "w");
		if (round % 5 == 3 && round < 16)
			readable[rand_r(&seed) % ARTICLES] ^= true;
		export_both(next, &exports[round ? round - 1 : 0], round == 12);
		assert_true(round != 1 ||
			    (!next->put[0] && !next->put[1] && next->stayed[1]));
		assert_true(round || (next->put[0] > 30 && next->put[2] >= 2));
		put += round ? next->put[0] : 0;
		stayed += next->stayed[0];
		apart += next->put[0] ? next->stayed[2] : 0;
	}
	assert_true(stayed > put && apart > 4);
	for (int i = 0; i <= ROUNDS; i++) {
		kb_buf_dispose(&exports[i].text);
		kb_buf_dispose(&exports[i].keep);
	}
}

/* Larger indexes have larger parts, whatever else stays. */
static void an_export_of_another_size(void **state)
{
	static bool readable[256];
	struct exported small = {.readable = readable}, large = {.readable = readable};
	struct exported none = {0};
	unsigned seed = 5;

	(void)state;
	memset(readable, true, sizeof(readable));
	scratch_run("rm -rf ./* .git; git init -q; mkdir -p en/articles;"
		    "printf 'name: Help\\nlocales:\\n  - code: en\\n' >kb.yaml");
	for (unsigned i = 0; i < 150; i++)
		write_article(&seed, i, "w");
	export_both(&small, &none, 0);
	write_article(&seed, 9000, "w");
	export_both(&large, &small, 0);
	assert_int_equal(large.stayed[KB_SEARCH_WORDS], 0);
	for (int i = 0; i < 2; i++) {
		kb_buf_dispose(&(i ? &large : &small)->text);
		kb_buf_dispose(&(i ? &large : &small)->keep);
	}
}

/* What is kept is refused where it is not whole. */
static void kept_parts_are_whole(void **state)
{
	struct kept_part part = {.text = KB_STR("a"),
		.last = KB_STR("b"),
		.name = KB_STR("0123456789"),
		.apart = 1,
		.sign = 7,
		.forms = 8};
	struct kept_postings apart = {9, 10, KB_STR("9876543210")};
	struct kept_parts parts = {.settings = 1, .forms = 8}, read = {0};
	kb_buf bytes = {0};

	(void)state;
	kb_vec_push(&parts.words, part);
	kept_print(&parts, &bytes);
	assert_false(kept_read(&read, kb_buf_view(&bytes)));
	kb_buf_clear(&bytes);
	kb_vec_push(&parts.apart, apart);
	kept_print(&parts, &bytes);
	assert_true(kept_read(&read, kb_buf_view(&bytes)));
	assert_int_equal(read.apart.items[0].n, 10);
	kept_dispose(&read);
	for (size_t len = 0; len < bytes.len; len++)
		assert_false(kept_read(&read, (kb_str){bytes.data, len}));
	kept_dispose(&parts);
	kb_buf_dispose(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_as_characters),
		cmocka_unit_test(an_export),
		cmocka_unit_test(an_export_after_another),
		cmocka_unit_test(an_export_of_another_size),
		cmocka_unit_test(kept_parts_are_whole),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
