#include "scratch.h"

#include <glob.h>
#include <sys/stat.h>

#include "../../src/search/index.h"
#include "kb/file.h"
#include "kb/store.h"

/* Dictionaries */

static const struct posting ours[] = {
	{0, 0, {1}}, {2, 0, {0, 0, 0, 0, 0, 3}}, {2, 1, {0, 0, 0, 0, 0, 255}}};
static const struct posting theirs[] = {{1, 0, {0, 2}}, {700, 3, {0, 0, 0, 0, 9}}};

static kb_str encode(kb_buf *out, const struct posting *postings, size_t n)
{
	struct posting_writer writer = {out, 0};

	for (size_t i = 0; i < n; i++)
		posting_put(&writer, &postings[i]);
	return kb_buf_view(out);
}

/* "csomag 0/0:1 2/0:…" for each word, and the words of each key. */
static void describe(const struct dict *dict, kb_buf *out)
{
	struct dict_word word;

	for (uint32_t i = 0; dict_word(dict, i, &word); i++) {
		struct posting p = {0};

		kb_buf_fmt(out, "%.*s", KB_ARG(word.lower));
		while (posting_next(&word.postings, &p)) {
			unsigned sum = 0;

			for (int f = 0; f < NFIELDS; f++)
				sum += p.count[f];
			kb_buf_fmt(out, " %u/%u:%u", p.doc, p.audience, sum);
		}
		kb_buf_putc(out, ';');
	}
}

static void words_of(const struct dict *dict, const char *key, kb_buf *out)
{
	struct dict_cursor cursor;
	struct dict_word word;
	uint32_t number;

	kb_buf_clear(out);
	if (dict_find(dict, kb_str_of(key), &cursor))
		while (dict_next(&cursor, &number) && dict_word(dict, number, &word))
			kb_buf_fmt(out, "%.*s ", KB_ARG(word.lower));
}

static void write_ours(kb_buf *out)
{
	kb_buf postings = {0}, other = {0};
	const struct dict_word words[] = {{.lower = KB_STR("szamla"),
						  .fold = KB_STR("szamla"),
						  .keys = {KB_STR("szaml")},
						  .nkeys = 1,
						  .postings = encode(&other, ours, 1)},
		{.lower = KB_STR("számla"),
			.fold = KB_STR("szamla"),
			.keys = {KB_STR("szamla"), KB_STR("szaml")},
			.nkeys = 2,
			.postings = encode(&postings, ours, 3)},
		{.lower = KB_STR("számlák"),
			.fold = KB_STR("szamlak"),
			.keys = {KB_STR("szamla")},
			.nkeys = 1,
			.postings = kb_buf_view(&other)}};

	dict_write(out, words, KB_LEN(words));
	kb_buf_dispose(&postings);
	kb_buf_dispose(&other);
}

static void a_dictionary(void **state)
{
	kb_buf bytes = {0}, text = {0};
	struct dict dict;

	(void)state;
	write_ours(&bytes);
	assert_true(dict_open(&dict, kb_buf_view(&bytes)));
	describe(&dict, &text);
	assert_str(kb_buf_view(&text),
		"szamla 0/0:1;számla 0/0:1 2/0:3 2/1:255;számlák 0/0:1;");
	words_of(&dict, "szamla", &text);
	assert_str(kb_buf_view(&text), "számla számlák ");
	words_of(&dict, "szaml", &text);
	assert_str(kb_buf_view(&text), "szamla számla ");
	words_of(&dict, "sza", &text);
	assert_str(kb_buf_view(&text), "");
	assert_int_equal(dict_from(&dict, KB_STR("s")), 0);
	assert_int_equal(dict_from(&dict, KB_STR("szamlaa")), 2);
	assert_int_equal(dict_from(&dict, KB_STR("t")), 3);
	kb_buf_dispose(&bytes);
	kb_buf_dispose(&text);
}

static void merging(void **state)
{
	kb_buf mine = {0}, other = {0}, both = {0}, text = {0}, postings = {0};
	uint32_t docs[2][701] = {{0}};
	const struct dict_word words[] = {
		{.lower = KB_STR("adó"),
			.fold = KB_STR("ado"),
			.keys = {KB_STR("ado")},
			.nkeys = 1,
			.postings = encode(&postings, theirs, 2)},
		{.lower = KB_STR("számla"),
			.fold = KB_STR("szamla"),
			.keys = {KB_STR("szamla"), KB_STR("szaml")},
			.nkeys = 2,
			.postings = kb_buf_view(&postings)}};
	struct dict_part parts[2] = {
		{.docs = docs[0], .ndocs = 3}, {.docs = docs[1], .ndocs = 701}};
	struct dict merged;

	(void)state;
	write_ours(&mine);
	dict_write(&other, words, KB_LEN(words));
	assert_true(dict_open(&parts[0].dict, kb_buf_view(&mine)));
	assert_true(dict_open(&parts[1].dict, kb_buf_view(&other)));
	/* Their 1 goes between ours; our 0, all that two words have, is gone. */
	docs[0][0] = KB_GONE;
	docs[0][2] = 5;
	docs[1][1] = 4;
	docs[1][700] = 6;
	dict_merge(&both, parts, 2, 1);
	assert_true(dict_open(&merged, kb_buf_view(&both)));
	describe(&merged, &text);
	assert_str(
		kb_buf_view(&text), "adó 4/0:2 6/3:9;számla 4/0:2 5/0:3 5/1:255 6/3:9;");
	words_of(&merged, "szaml", &text);
	assert_str(kb_buf_view(&text), "számla ");
	kb_buf_dispose(&mine);
	kb_buf_dispose(&other);
	kb_buf_dispose(&both);
	kb_buf_dispose(&text);
	kb_buf_dispose(&postings);
}

/* Postings of random documents, some for two audiences, as one word of a dictionary. */
static size_t random_postings(unsigned *seed, uint32_t ndocs, struct posting *out)
{
	size_t n = 0;

	for (uint32_t d = (uint32_t)rand_r(seed) % 3; d < ndocs; d++) {
		if (rand_r(seed) % 4 == 0)
			continue;
		for (unsigned a = 0; a < 2; a++)
			if (a == 0 || rand_r(seed) % 3 == 0)
				out[n++] = (struct posting){.doc = d,
					.audience = (uint8_t)(2 * a),
					.count = {[BODY] = (uint8_t)(1 + d % 200),
						[TITLE] = (uint8_t)(d % 2)}};
		if (rand_r(seed) % 20 == 0)
			d += (uint32_t)rand_r(seed) % 300;
	}
	return n;
}

static void write_one(kb_buf *out, const struct posting *list, size_t n)
{
	kb_buf postings = {0};
	struct dict_word word = {.lower = KB_STR("tea"),
		.fold = KB_STR("tea"),
		.keys = {KB_STR("tea")},
		.nkeys = 1,
		.postings = encode(&postings, list, n)};

	dict_write(out, &word, n ? 1 : 0);
	kb_buf_dispose(&postings);
}

/* A merged dictionary has the bytes of one that was written with the new numbers. */
static void merging_at_random(void **state)
{
	enum { DOCS = 500 };
	static struct posting lists[2][2 * DOCS], both[4 * DOCS];
	static uint32_t docs[2][DOCS];
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		kb_buf bytes[2] = {{0}}, merged = {0}, expected = {0};
		struct dict_part parts[2];
		size_t n[2], at[2] = {0}, nboth = 0;
		uint32_t done[2] = {0}, number = 0;
		int mixed = 1 + rand_r(&seed) % 60, gone = 1 + rand_r(&seed) % 90;

		for (int i = 0; i < 2; i++) {
			n[i] = random_postings(&seed, DOCS, lists[i]);
			write_one(&bytes[i], lists[i], n[i]);
			assert_true(dict_open(&parts[i].dict, kb_buf_view(&bytes[i])));
			parts[i].docs = docs[i];
			parts[i].ndocs = DOCS - (i ? 9 : 0);
		}
		while (done[0] < DOCS || done[1] < DOCS) {
			int i = done[0] == DOCS ||
				(done[1] < DOCS && rand_r(&seed) % mixed == 0);
			uint32_t d = done[i]++;
			bool stays = rand_r(&seed) % gone != 0 && d < parts[i].ndocs;

			docs[i][d] = stays ? number++ : KB_GONE;
			for (; at[i] < n[i] && lists[i][at[i]].doc == d; at[i]++) {
				if (!stays)
					continue;
				both[nboth] = lists[i][at[i]];
				both[nboth++].doc = docs[i][d];
			}
			number += rand_r(&seed) % 30 == 0 ? 200 : 0;
		}
		dict_merge(&merged, parts, 2, 1);
		write_one(&expected, both, nboth);
		assert_true(kb_str_eq(kb_buf_view(&merged), kb_buf_view(&expected)));
		kb_buf_dispose(&bytes[0]);
		kb_buf_dispose(&bytes[1]);
		kb_buf_dispose(&merged);
		kb_buf_dispose(&expected);
	}
}

/* Each thread counted some documents, under the numbers that they keep. */
static void merging_counts(void **state)
{
	struct posting lists[3][16];
	uint32_t same[16];
	kb_buf bytes[2] = {{0}}, merged = {0}, expected = {0};
	struct dict_part parts[2];
	size_t n[3] = {0};

	(void)state;
	for (uint32_t d = 0; d < 16; d++)
		same[d] = d;
	for (uint32_t d = 0; d < 16; d += d % 5 ? 1 : 2) {
		struct posting p = {.doc = d, .count = {[BODY] = (uint8_t)(d + 1)}};
		int i = d % 3 ? 0 : 1;

		lists[i][n[i]++] = p;
	}
	for (size_t a = 0, b = 0; a < n[0] || b < n[1];)
		lists[2][n[2]++] =
			b == n[1] || (a < n[0] && lists[0][a].doc < lists[1][b].doc)
				? lists[0][a++]
				: lists[1][b++];
	for (int i = 0; i < 2; i++) {
		write_one(&bytes[i], lists[i], n[i]);
		parts[i] = (struct dict_part){.docs = same, .ndocs = 16};
		assert_true(dict_open(&parts[i].dict, kb_buf_view(&bytes[i])));
	}
	write_one(&expected, lists[2], n[2]);
	dict_merge(&merged, parts, 2, 1);
	assert_true(kb_str_eq(kb_buf_view(&merged), kb_buf_view(&expected)));
	kb_buf_dispose(&bytes[0]);
	kb_buf_dispose(&bytes[1]);
	kb_buf_dispose(&merged);
	kb_buf_dispose(&expected);
}

/* Words by number from FROM on, each STEP-th; every third is spelled in two ways. */
static void write_many(kb_buf *out, unsigned from, unsigned step, unsigned shift)
{
	enum { WORDS = 12000 };
	struct kb_arena *arena = kb_arena_new();
	struct dict_word *words = kb_arena_array(arena, struct dict_word, 2 * WORDS);
	struct posting postings[400];
	unsigned seed = from;
	size_t n = 0;

	for (unsigned i = from; i < WORDS; i += step) {
		kb_str fold = kb_arena_fmt(arena, "w%05u", i);
		kb_buf bytes = {0};

		for (unsigned k = i % 3 ? 1 : 0; k < 2; k++, n++)
			words[n] = (struct dict_word){.fold = fold,
				.lower = k ? fold : kb_arena_fmt(arena, "W%05u", i),
				.keys = {kb_arena_fmt(arena, "k%u", i / 4)},
				.nkeys = 1};
		encode(&bytes, postings, random_postings(&seed, 50 + shift, postings));
		words[n - 1].postings = kb_arena_str(arena, kb_buf_view(&bytes));
		if (i % 3 == 0)
			words[n - 2].postings = words[n - 1].postings;
		kb_buf_dispose(&bytes);
	}
	dict_write(out, words, n);
	kb_arena_free(arena);
}

/* Threads merge a slice of the words each. */
static void merging_in_slices(void **state)
{
	kb_buf bytes[3] = {{0}}, one = {0}, many = {0};
	static uint32_t docs[3][60];
	struct dict_part parts[3];

	(void)state;
	write_many(&bytes[0], 0, 1, 0);
	write_many(&bytes[1], 1, 7, 5);
	dict_write(&bytes[2], NULL, 0);
	assert_true(bytes[0].len > 1 << 20);
	for (uint32_t i = 0; i < 3; i++) {
		for (uint32_t d = 0; d < 60; d++)
			docs[i][d] = i + 2 * d;
		docs[i][17] = KB_GONE;
		parts[i] = (struct dict_part){.docs = docs[i], .ndocs = 60};
		assert_true(dict_open(&parts[i].dict, kb_buf_view(&bytes[i])));
	}
	dict_merge(&one, parts, 3, 1);
	assert_true(one.len > bytes[0].len);
	for (unsigned threads = 2; threads <= 5; threads++) {
		kb_buf_clear(&many);
		dict_merge(&many, parts, 3, threads);
		assert_true(kb_str_eq(kb_buf_view(&one), kb_buf_view(&many)));
	}
	kb_buf_clear(&many);
	dict_merge(&many, parts, 0, 4);
	assert_true(dict_open(&parts[0].dict, kb_buf_view(&many)));
	assert_int_equal(parts[0].dict.nwords, 0);
	for (int i = 0; i < 3; i++)
		kb_buf_dispose(&bytes[i]);
	kb_buf_dispose(&one);
	kb_buf_dispose(&many);
}

/* Whatever the bytes are, reading ends and stays within them: sanitizers watch. */
static void read_index(kb_str bytes)
{
	char *copy = kb_xstrndup(bytes.data, bytes.len);
	struct dict dict;
	kb_buf text = {0};

	if (dict_open(&dict, (kb_str){copy, bytes.len})) {
		describe(&dict, &text);
		words_of(&dict, "szamla", &text);
		dict_from(&dict, KB_STR("szamlak"));
	}
	kb_buf_dispose(&text);
	free(copy);
}

static void damaged_bytes(void **state)
{
	kb_buf bytes = {0};

	(void)state;
	write_ours(&bytes);
	for (size_t n = 0; n <= bytes.len; n++)
		read_index(kb_str_sub(kb_buf_view(&bytes), 0, n));
	for (size_t i = 0; i < bytes.len; i++)
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ flip);
			read_index(kb_buf_view(&bytes));
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ flip);
		}
	kb_buf_dispose(&bytes);
}

/* The index that is kept */

static void ask_as(kb_buf *out, struct kb_library_options options)
{
	static const char *const questions[] = {"parcel", "warranty days", "deliv",
		"zwei", "refund", "hotline", "secret", "label"};
	struct kb_source *source;
	struct kb_library *lib;
	struct kb_search *search;
	struct kb_diags diags;
	struct kb_error err;
	struct kb_arena *arena = kb_arena_new();

	kb_diags_init(&diags, NULL);
	if (kb_source_open(&source, scratch_dir, NULL, NULL, &err) ||
		kb_search_load(&search, &lib, source, &options, &diags, &err))
		fail_msg("%s", err.message);
	kb_buf_clear(out);
	for (size_t i = 0; i < KB_LEN(questions); i++) {
		struct kb_search_query query = {.text = kb_str_of(questions[i]),
			.locale = KB_NONE,
			.audience = i % 2,
			.most = 10};
		struct kb_search_hit *hits;
		size_t n = kb_search_find(search, arena, &query, &hits);

		for (size_t k = 0; k < n; k++)
			kb_buf_fmt(out, "%s: %.*s %.*s %.9f %.*s\n", questions[i],
				KB_ARG(hits[k].doc->path),
				KB_ARG(hits[k].doc->facts->title), hits[k].score,
				KB_ARG(hits[k].passage));
	}
	kb_diags_dispose(&diags);
	kb_search_free(search);
	kb_library_free(lib);
	kb_source_free(source);
	kb_arena_free(arena);
}

static void ask_with(kb_buf *out, time_t now, bool no_store)
{
	ask_as(out, (struct kb_library_options){
			    .threads = 2, .now = now, .no_store = no_store});
}

static void ask(kb_buf *out, time_t now)
{
	ask_with(out, now, false);
}

/* The same; returns how many texts were parsed for it. */
static unsigned ask_parsing(kb_buf *out, time_t now)
{
	uint64_t before = kb_md_parsed();

	ask(out, now);
	return (unsigned)(kb_md_parsed() - before);
}

/* What loading fails with. */
static int load_code(void)
{
	const struct kb_library_options options = {.now = 1790000000};
	struct kb_source *source;
	struct kb_library *lib = NULL;
	struct kb_search *search = NULL;
	struct kb_diags diags;
	struct kb_error err = {0};

	kb_diags_init(&diags, NULL);
	assert_int_equal(kb_source_open(&source, scratch_dir, NULL, NULL, &err), 0);
	if (!kb_search_load(&search, &lib, source, &options, &diags, &err))
		err.code = 0;
	kb_diags_dispose(&diags);
	kb_search_free(search);
	kb_library_free(lib);
	kb_source_free(source);
	return (int)err.code;
}

/* An updated index answers as a new one does. PARSED: how many texts are parsed for it at
 * most. */
static void assert_fresh(const char *event, time_t now, unsigned parsed)
{
	kb_buf kept = {0}, again = {0}, anew = {0};
	unsigned n = ask_parsing(&kept, now);

	if (n > parsed)
		fail_msg("after %s, %u texts are parsed, not %u", event, n, parsed);
	n = ask_parsing(&again, now);
	if (n)
		fail_msg("after %s, %u texts are parsed a second time", event, n);
	ask_with(&anew, now, true);
	if (!kb_str_eq(kb_buf_view(&kept), kb_buf_view(&anew)) ||
		!kb_str_eq(kb_buf_view(&again), kb_buf_view(&anew)))
		fail_msg("after %s:\n%s\nand anew:\n%s", event, kept.data, anew.data);
	kb_buf_dispose(&kept);
	kb_buf_dispose(&again);
	kb_buf_dispose(&anew);
}

static void fill(void)
{
	scratch_run(
		"git init -q; mkdir -p en/articles en/snippets de/articles;"
		"printf 'name: Help\\nlocales:\\n  - code: en\\n  - code: de\\n"
		"variables: {phone: hotline}\\n' >kb.yaml;"
		"printf 'issues:\\n  - {id: a, label: Refund}\\n' >taxonomy.yaml;"
		"doc() { printf -- \"---\\ntitle: $2\\n$3---\\n$4\\n\" >$1; };"
		"doc en/articles/a.md 'Your parcel' 'issues: [a]\\n' 'Call {{phone}}.';"
		"doc en/articles/b.md Warranty '' '{{> days}}';"
		"doc en/articles/c.md Delivery '' 'Parcels by delivery.';"
		"doc de/articles/a.md 'Zweites Paket' '' 'Zwei parcel.';"
		"doc en/snippets/days.md Days '' 'Warranty takes 14 days.'");
}

static void kept_and_changed(void **state)
{
	static const struct {
		const char *event, *script;
		unsigned parsed;
		time_t now;
	} steps[] = {
		{"nothing", "true", 0, 0},
		{"a changed document", "echo refund >>en/articles/c.md", 1, 0},
		{"a word that is gone", "sed -i s/Parcels/Letters/ en/articles/c.md", 1,
			0},
		{"a new one, before all", "cp en/articles/c.md en/articles/0.md", 1, 0},
		{"a rename", "mv en/articles/a.md en/articles/z.md", 1, 0},
		{"one that is gone", "rm de/articles/a.md", 0, 0},
		{"a changed snippet", "echo Parcels. >>en/snippets/days.md", 1, 0},
		{"a snippet that is a draft",
			"sed -i 's/^title/status: draft\\ntitle/' en/snippets/days.md", 1,
			0},
		{"a snippet from a day on",
			"sed -i 's/^status: draft/publish_at: 2026-12-01/' "
			"en/snippets/days.md",
			1, 0},
		{"that day", "true", 0, 1800000000},
		{"a new snippet, which is included",
			"cp en/snippets/days.md en/snippets/more.md;"
			"echo '{{> more}}' >>en/articles/c.md",
			2, 1800000000},
		{"another includer of an old snippet",
			"printf -- '---\\ntitle: New\\n---\\n{{> more}}\\n' "
			">en/articles/new.md",
			1, 1800000000},
		{"a snippet that is gone", "rm en/snippets/more.md", 0, 1800000000},
		{"a snippet for who includes it already",
			"cp en/snippets/days.md en/snippets/more.md", 1, 1800000000},
		{"a snippet within a snippet",
			"printf -- '---\\ntitle: Inner\\n---\\nTwo parcels.\\n' "
			">en/snippets/inner.md; printf '\\n{{> inner}}\\n' "
			">>en/snippets/more.md",
			2, 1800000000},
		{"the inner one", "echo Warranty. >>en/snippets/inner.md", 1, 1800000000},
		{"a snippet with an article's id, which is no snippet then",
			"printf -- '---\\ntitle: Twice\\nid: b\\n---\\nRefund.\\n' "
			">en/snippets/b.md; mkdir -p en/articles/b; mv en/articles/b.md "
			"en/articles/b/b.md; sed -i 's/^title/id: b\\ntitle/' "
			"en/articles/b/b.md; printf '\\n{{> b}}\\n\\n' >>en/articles/c.md",
			3, 1800000000},
		{"who includes it", "printf '\\nMore.\\n' >>en/articles/c.md", 1,
			1800000000},
		{"the article with that id", "rm -r en/articles/b", 0, 1800000000},
		{"a snippet behind all, which nothing includes",
			"cp en/snippets/days.md en/snippets/z.md", 1, 1800000000},
		{"without it", "rm en/snippets/z.md", 0, 1800000000},
		{"a variable", "sed -i s/hotline/secret/ kb.yaml", 0, 1800000000},
		{"a label", "sed -i s/Refund/Label/ taxonomy.yaml", 0, 1800000000},
		{"keywords of an issue",
			"sed -i 's/Label}/Label, keywords: {en: [hotline]}}/' "
			"taxonomy.yaml",
			0, 1800000000},
		{"an issue that is gone", "sed -i s/id:.a,/id:\\ b,/ taxonomy.yaml", 0,
			1800000000},
		{"and is there again", "sed -i s/id:.b,/id:\\ a,/ taxonomy.yaml", 0,
			1800000000},
		{"a label with a variable",
			"sed -i \"s/Label,/'{{phone}}',/\" taxonomy.yaml", 0, 1800000000},
		{"its value", "sed -i s/secret/Refund/ kb.yaml", 0, 1800000000},
		{"a title with a variable",
			"sed -i 's/^title: .*/title: The {{phone}} parcel/' "
			"en/articles/z.md",
			1, 1800000000},
		{"an issue's audience",
			"sed -i 's/label: /audience: agents, label: /' taxonomy.yaml", 0,
			1800000000},
		{"audiences", "echo 'audiences: [public, agents, staff]' >>kb.yaml", 8,
			1800000000},
		{"an agents' block",
			"printf '\n> [!AGENTS]\n> A secret.\n' >>en/articles/c.md", 1,
			1800000000},
		{"audiences in another order",
			"sed -i 's/agents, staff/staff, agents/' kb.yaml", 8, 1800000000},
		{"a mount where braces are text",
			"printf 'content:\n  - path: \"{locale}/articles\"\n    expand: false\n"
			"  - path: \"{locale}/snippets\"\n    type: snippet\n' >>kb.yaml",
			4, 1800000000},
		{"and where they are not", "sed -i /expand:/d kb.yaml", 4, 1800000000},
		{"snippets that are articles", "sed -i /type:.snippet/d kb.yaml", 4,
			1800000000},
		{"and that are again", "sed -i '/^content:/,$d' kb.yaml", 8, 1800000000},
		{"front matter that cannot be read",
			"sed -i 's/^title: .*/title: a: b/' en/articles/c.md", 0,
			1800000000},
		{"and that can be read again",
			"sed -i 's/^title: .*/title: Delivery/' en/articles/c.md", 1,
			1800000000},
		{"locales in another order",
			"sed -i 's/code: de/code: fr/; s/code: en/code: de/; "
			"s/code: fr/code: en/' kb.yaml; cp -r en/articles de",
			4, 1800000000},
		{"a fallback",
			"sed -i 's/code: en/{code: en, fallback: fr}\\n  - code: fr/' "
			"kb.yaml",
			0, 1800000000},
		{"a snippet that only it has",
			"mkdir -p fr/snippets; sed s/Warranty/Hotline/ "
			"en/snippets/days.md >fr/snippets/only.md; printf '\n{{> "
			"only}}\n' >>en/articles/new.md",
			2, 1800000000},
		{"another fallback",
			"sed -i 's/{code: en, fallback: fr}/code: en/' kb.yaml", 0,
			1800000000},
		{"a locale", "rm -r de fr; sed -i '/code: [df]/d' kb.yaml", 0,
			1800000000},
		{"damage",
			"f=$(ls .git/kb/search-*); printf '\\377' | dd of=$f bs=1 "
			"seek=$(($(stat -c %s $f) / 2)) conv=notrunc 2>/dev/null",
			0, 1800000000},
		{"damage near the end",
			"f=$(ls .git/kb/search-*); printf '\\377' | dd of=$f bs=1 "
			"seek=$(($(stat -c %s $f) - 60)) conv=notrunc 2>/dev/null",
			0, 1800000000},
		{"an end that is lost", "truncate -s -9 .git/kb/search-*", 0, 1800000000},
		{"nothing in it", ": >$(ls .git/kb/search-*)", 0, 1800000000},
		{"no texts", "rm .git/kb/texts-*", 8, 1800000000},
		{"no facts", "rm .git/kb/facts-*", 8, 1800000000},
	};
	kb_buf out = {0};

	(void)state;
	fill();
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	for (size_t i = 0; i < KB_LEN(steps); i++) {
		scratch_run(steps[i].script);
		assert_fresh(steps[i].event, steps[i].now ? steps[i].now : 1790000000,
			steps[i].parsed);
	}
	kb_buf_dispose(&out);
}

/* Without a store each text is parsed once, and nothing is written. */
/* Asks as a command that need not keep the index, or must. Does it write one? */
static bool writes_index(bool no_index)
{
	kb_buf spared = {0}, anew = {0};
	struct stat before, after;
	glob_t paths;

	assert_int_equal(
		glob(scratch_path(".git/kb/search-*"), GLOB_NOSORT, NULL, &paths), 0);
	stat(paths.gl_pathv[0], &before);
	ask_as(&spared, (struct kb_library_options){.no_index = no_index});
	ask_with(&anew, 0, true);
	assert_str(kb_buf_view(&spared), anew.data);
	stat(paths.gl_pathv[0], &after);
	globfree(&paths);
	kb_buf_dispose(&spared);
	kb_buf_dispose(&anew);
	return before.st_ino != after.st_ino;
}

static void spared_for_few_changes(void **state)
{
	kb_buf text = {0};

	(void)state;
	fill();
	scratch_run("i=0; while [ $i -lt 600 ]; do i=$((i + 1));"
		    "cp en/articles/c.md en/articles/n$i.md; done");
	ask(&text, 0);
	scratch_run("echo refund >>en/articles/n1.md");
	assert_false(writes_index(true));
	scratch_run("rm en/articles/n2.md");
	assert_false(writes_index(true));
	scratch_run("echo refund >>en/articles/n3.md; rm en/articles/n4.md");
	assert_true(writes_index(true));
	scratch_run("echo zwei >>en/articles/n5.md");
	assert_false(writes_index(true));
	assert_true(writes_index(false));
	assert_false(writes_index(false));
	kb_buf_dispose(&text);
}

static void without_a_store(void **state)
{
	kb_buf out = {0};

	(void)state;
	scratch_run("rm -rf .git *");
	fill();
	for (int i = 0; i < 2; i++) {
		uint64_t before = kb_md_parsed();

		ask_with(&out, 1790000000, true);
		assert_int_equal(kb_md_parsed() - before, 5);
	}
	scratch_run("test ! -e .git/kb");
	kb_buf_dispose(&out);
}

/* Files that were not touched are not read again: what tells is their stamp. */
static void by_stamp(void **state)
{
	kb_buf before = {0}, after = {0};
	struct kb_source *source;
	struct kb_entry *entries;
	struct kb_error err;
	struct kb_arena *arena = kb_arena_new();
	size_t n;

	(void)state;
	scratch_run("rm -rf .git *");
	fill();
	ask(&before, 1790000000);
	ask(&before, 1790000000);
	assert_null(strstr(before.data, "refund: en/articles/c.md"));
	scratch_run("echo Refund. >>en/articles/c.md");
	sleep(3);
	assert_int_equal(kb_source_open(&source, scratch_dir, NULL, NULL, &err), 0);
	assert_int_equal(kb_source_list(source, arena, &entries, &n, &err), 0);
	for (size_t i = 0; i < n; i++)
		assert_true(entries[i].stamp);
	ask(&after, 1790000000);
	assert_non_null(strstr(after.data, "refund: en/articles/c.md"));
	/* What is only touched is looked at, and stays. */
	scratch_run("touch -d 2020-01-01 en/articles/a.md");
	ask(&before, 1790000000);
	assert_str(kb_buf_view(&after), before.data);
	kb_source_free(source);
	kb_arena_free(arena);
	kb_buf_dispose(&before);
	kb_buf_dispose(&after);
}

/* kb checks a schema even if no document has changed. If it is broken, neither the kept
 * index nor a new one answers. */
static void a_broken_schema(void **state)
{
	kb_buf out = {0};

	(void)state;
	scratch_run("rm -rf .git *");
	fill();
	scratch_run(
		"printf 'schemas: {article: a.json}\\n' >>kb.yaml; echo '{}' >a.json");
	ask(&out, 1790000000);
	scratch_run("echo '{\"type\": 3}' >a.json");
	assert_int_equal(load_code(), KB_E_CONFIG);
	scratch_run("rm .git/kb/*");
	assert_int_equal(load_code(), KB_E_CONFIG);
	scratch_run("sed -i /schemas/d kb.yaml");
	kb_buf_dispose(&out);
}

/* Records that were damaged, or made, and have the right sums: they may answer what they
 * like, but reading ends and stays within them. KB_DAMAGES sets how many are tried. */
static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
	random_state =
		random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (random_state >> 20) % n;
}

/* What cannot be moved is written as it is. */
static bool move_index(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	(void)ctx;
	kb_flat_move(&search_index_type, bytes, len, from, to);
	for (uint64_t i = 0, n = 1 + random_below(4); i < n; i++) {
		unsigned char *at = (unsigned char *)bytes + random_below(len);

		*at = (unsigned char)(i % 2 ? random_below(256)
					    : *at ^ 1u << random_below(8));
	}
	return true;
}

static bool move_text(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	(void)ctx;
	(void)from;
	(void)to;
	if (len)
		*((char *)bytes + random_below(len)) = (char)random_below(256);
	return true;
}

/* Writes a store again with what MOVE makes of each record. */
static void rewrite(const char *name, uint64_t layout, kb_store_move_fn *move)
{
	struct kb_store_put puts[16];
	struct kb_source *source;
	struct kb_arena *arena = kb_arena_new();
	struct kb_error err;
	size_t n = 0;
	bool own;

	assert_int_equal(kb_source_open(&source, scratch_dir, NULL, NULL, &err), 0);
	kb_str path = kb_source_cache(source, arena, name, &own);
	struct kb_store *store = kb_store_open(path.data, layout);
	for (uint32_t i = 0; i < kb_store_count(store); i++)
		puts[n++] = (struct kb_store_put){
			.entry = *kb_store_entry(store, i), .old = i};
	assert_true(n > 0);
	puts[0].entry.stamp++; /* or there is nothing to write */
	kb_store_write(store, puts, n, move, NULL);
	kb_store_close(store);
	kb_source_free(source);
	kb_arena_free(arena);
}

static void damage_with_a_sum(void **state)
{
	const char *wish = getenv("KB_DAMAGES");
	long tries = wish ? strtol(wish, NULL, 10) : 150;
	kb_buf out = {0};

	(void)state;
	random_state = wish ? (uint64_t)time(NULL) : 1;
	scratch_run("rm -rf .git *");
	fill();
	ask(&out, 1790000000);
	scratch_run("cp -r .git/kb kept");
	for (long i = 0; i < tries; i++) {
		rewrite("search", kb_flat_layout(&search_index_type), move_index);
		if (i % 2)
			rewrite("texts", TEXTS_LAYOUT, move_text);
		if (i % 3)
			scratch_run("echo Parcel. >>en/articles/c.md");
		ask(&out, 1790000000);
		scratch_run("rm -r .git/kb; cp -r kept .git/kb");
	}
	kb_buf_dispose(&out);
}

/* Without Git, and where its folder cannot be written, it is kept in the user's. */
static void kept_for_the_user(void **state)
{
	kb_buf with = {0}, without = {0};

	(void)state;
	scratch_run("rm -rf .git *");
	fill();
	scratch_run("rm -rf .git/kb; echo file >.git/kb");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask_parsing(&with, 1790000000), i ? 0 : 5);
		assert_int_equal(ask_parsing(&with, 1790000000), 0);
		scratch_run("rm -rf .git; "
			    "test $(ls \"$XDG_CACHE_HOME\"/kb | wc -l) = 3");
		assert_int_equal(ask_parsing(&without, 1790000000), 0);
		assert_str(kb_buf_view(&without), with.data);
	}
	assert_true(with.len > 0);
	kb_buf_dispose(&with);
	kb_buf_dispose(&without);
}

/* Nor there: nothing is kept. */
static void nowhere_to_keep(void **state)
{
	kb_buf out = {0};

	(void)state;
	scratch_run("rm -rf \"$XDG_CACHE_HOME\"; echo file >\"$XDG_CACHE_HOME\"");
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	/* A path that is not absolute means nothing: it is below the home folder then. */
	setenv("XDG_CACHE_HOME", "cache", 1);
	setenv("HOME", scratch_cache(), 1);
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	scratch_run("rm \"$HOME\"; test ! -e cache");
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	assert_int_equal(ask_parsing(&out, 1790000000), 0);
	scratch_run("test -d \"$HOME\"/.cache/kb");
	unsetenv("HOME");
	assert_int_equal(ask_parsing(&out, 1790000000), 5);
	kb_buf_dispose(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dictionary),
		cmocka_unit_test(merging),
		cmocka_unit_test(merging_at_random),
		cmocka_unit_test(merging_counts),
		cmocka_unit_test(merging_in_slices),
		cmocka_unit_test(damaged_bytes),
		cmocka_unit_test(kept_and_changed),
		cmocka_unit_test(spared_for_few_changes),
		cmocka_unit_test(without_a_store),
		cmocka_unit_test(by_stamp),
		cmocka_unit_test(a_broken_schema),
		cmocka_unit_test(damage_with_a_sum),
		cmocka_unit_test(kept_for_the_user),
		cmocka_unit_test(nowhere_to_keep),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
