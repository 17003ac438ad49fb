#include "scratch.h"

#include "../../src/search/index.h"
#include "kb/file.h"

#ifdef __SANITIZE_ADDRESS__
/* libgit2 1.5 loses PCRE2's match data when it looks at a repository's extensions. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8";
}
#endif

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
	dict_merge(&both, parts, 2);
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

/* Whatever the bytes are, reading ends and stays within them: sanitizers watch. */
static void look(kb_str bytes)
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
		look(kb_str_sub(kb_buf_view(&bytes), 0, n));
	for (size_t i = 0; i < bytes.len; i++)
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ flip);
			look(kb_buf_view(&bytes));
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ flip);
		}
	kb_buf_dispose(&bytes);
}

/* The index that is kept */

static void ask(kb_buf *out, time_t now)
{
	static const char *const questions[] = {"parcel", "warranty days", "deliv",
		"zwei", "refund", "hotline", "secret", "label"};
	const struct kb_library_options options = {.threads = 2, .now = now};
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

/* What was kept and brought up to date answers as what is made anew. */
static void assert_fresh(const char *what, time_t now)
{
	kb_buf kept = {0}, again = {0}, anew = {0};
	ask(&kept, now);
	ask(&again, now);
	scratch_run("rm .git/kb/search-*");
	ask(&anew, now);
	if (!kb_str_eq(kb_buf_view(&kept), kb_buf_view(&anew)) ||
		!kb_str_eq(kb_buf_view(&again), kb_buf_view(&anew)))
		fail_msg("after %s:\n%s\nand anew:\n%s", what, kept.data, anew.data);
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
		const char *what, *script;
		time_t now;
	} steps[] = {
		{"nothing", "true", 0},
		{"a changed document", "echo refund >>en/articles/c.md", 0},
		{"a word that is gone", "sed -i s/Parcels/Letters/ en/articles/c.md", 0},
		{"a new one, before all", "cp en/articles/c.md en/articles/0.md", 0},
		{"a rename", "mv en/articles/a.md en/articles/z.md", 0},
		{"one that is gone", "rm de/articles/a.md", 0},
		{"a changed snippet", "echo Parcels. >>en/snippets/days.md", 0},
		{"a snippet that is a draft",
			"sed -i 's/^title/status: draft\\ntitle/' en/snippets/days.md",
			0},
		{"a snippet from a day on",
			"sed -i 's/^status: draft/publish_at: 2026-12-01/' "
			"en/snippets/days.md",
			0},
		{"that day", "true", 1800000000},
		{"a new snippet, which is included",
			"cp en/snippets/days.md en/snippets/more.md;"
			"echo '{{> more}}' >>en/articles/c.md",
			1800000000},
		{"another includer of an old snippet",
			"printf -- '---\\ntitle: New\\n---\\n{{> more}}\\n' "
			">en/articles/new.md",
			1800000000},
		{"a snippet that is gone", "rm en/snippets/more.md", 1800000000},
		{"a snippet for who includes it already",
			"cp en/snippets/days.md en/snippets/more.md", 1800000000},
		{"a snippet with an article's id, which is no snippet then",
			"printf -- '---\\ntitle: Twice\\nid: b\\n---\\nRefund.\\n' "
			">en/snippets/b.md; mkdir -p en/articles/b; mv en/articles/b.md "
			"en/articles/b/b.md; sed -i 's/^title/id: b\\ntitle/' "
			"en/articles/b/b.md; printf '\\n{{> b}}\\n\\n' >>en/articles/c.md",
			1800000000},
		{"who includes it", "printf '\\nMore.\\n' >>en/articles/c.md",
			1800000000},
		{"the article with that id", "rm -r en/articles/b", 1800000000},
		{"a variable", "sed -i s/hotline/secret/ kb.yaml", 1800000000},
		{"a label", "sed -i s/Refund/Label/ taxonomy.yaml", 1800000000},
		{"front matter that cannot be read",
			"sed -i 's/^title: .*/title: a: b/' en/articles/c.md",
			1800000000},
		{"and that can be read again",
			"sed -i 's/^title: .*/title: Delivery/' en/articles/c.md",
			1800000000},
		{"a locale", "sed -i '/code: de/d' kb.yaml", 1800000000},
		{"damage",
			"f=$(ls .git/kb/search-*); printf '\\377' | dd of=$f bs=1 "
			"seek=$(($(stat -c %s $f) / 2)) conv=notrunc 2>/dev/null",
			1800000000},
		{"damage near the end",
			"f=$(ls .git/kb/search-*); printf '\\377' | dd of=$f bs=1 "
			"seek=$(($(stat -c %s $f) - 60)) conv=notrunc 2>/dev/null",
			1800000000},
		{"an end that is lost", "truncate -s -9 .git/kb/search-*", 1800000000},
		{"nothing in it", ": >$(ls .git/kb/search-*)", 1800000000},
	};
	kb_buf out = {0};
	(void)state;
	fill();
	ask(&out, 1790000000);
	for (size_t i = 0; i < KB_LEN(steps); i++) {
		scratch_run(steps[i].script);
		assert_fresh(steps[i].what, steps[i].now ? steps[i].now : 1790000000);
	}
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

/* A schema is looked at even when no document has changed; when it is broken, neither
 * the index that is kept nor one made anew answers. */
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
	scratch_run("rm .git/kb/search-*");
	assert_int_equal(load_code(), KB_E_CONFIG);
	scratch_run("sed -i /schemas/d kb.yaml");
	kb_buf_dispose(&out);
}

/* Where the file that is kept is. */
static char *kept_path(void)
{
	static char path[512];
	FILE *list;
	scratch_run("ls .git/kb/search-* >list");
	list = fopen(scratch_path("list"), "r");
	size_t n = (size_t)snprintf(path, sizeof path, "%s/", scratch_dir);
	assert_non_null(fgets(path + n, (int)(sizeof path - n), list));
	path[strcspn(path, "\n")] = '\0';
	fclose(list);
	return path;
}

/* A file that was damaged, or made, and has the right sum: it may answer what it likes,
 * but reading ends and stays within it. KB_DAMAGES sets how many are tried. */
static void damage_with_a_sum(void **state)
{
	const char *wish = getenv("KB_DAMAGES");
	long tries = wish ? strtol(wish, NULL, 10) : 150;
	uint64_t random = wish ? (uint64_t)time(NULL) : 1, sum;
	kb_buf out = {0}, file = {0}, copy = {0};
	(void)state;
	scratch_run("rm -rf .git *");
	fill();
	ask(&out, 1790000000);
	const char *path = kept_path();
	assert_int_equal(kb_file_read(path, 0, &file, NULL), 0);
	for (long i = 0; i < tries; i++) {
		kb_buf_clear(&copy);
		kb_buf_str(&copy, kb_buf_view(&file));
		size_t n = copy.len - sizeof sum;
		for (int k = i % 4; k >= 0; k--) {
			random = random * UINT64_C(6364136223846793005) +
				 1442695040888963407u;
			size_t at = (random >> 20) % n;
			copy.data[at] = (char)(i % 2 ? random >> 56
						     : (unsigned char)copy.data[at] ^
							       1u << (random >> 61));
		}
		sum = kb_search_checksum(kb_str_sub(kb_buf_view(&copy), 0, n));
		memcpy(copy.data + n, &sum, sizeof sum);
		assert_int_equal(kb_file_write(path, kb_buf_view(&copy), NULL), 0);
		ask(&out, 1790000000);
	}
	kb_buf_dispose(&out);
	kb_buf_dispose(&file);
	kb_buf_dispose(&copy);
}

static void nowhere_to_keep(void **state)
{
	kb_buf with = {0}, without = {0};
	(void)state;
	scratch_run("rm -rf .git/kb; echo file >.git/kb");
	ask(&with, 1790000000);
	scratch_run("rm -rf .git");
	ask(&without, 1790000000);
	assert_str(kb_buf_view(&without), with.data);
	assert_true(with.len > 0);
	kb_buf_dispose(&with);
	kb_buf_dispose(&without);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dictionary),
		cmocka_unit_test(merging),
		cmocka_unit_test(damaged_bytes),
		cmocka_unit_test(kept_and_changed),
		cmocka_unit_test(by_stamp),
		cmocka_unit_test(a_broken_schema),
		cmocka_unit_test(damage_with_a_sum),
		cmocka_unit_test(nowhere_to_keep),
	};
	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
