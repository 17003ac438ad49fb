#include "unit.h"

#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>

#include "kb/buf.h"
#include "kb/diag.h"
#include "kb/file.h"
#include "kb/hash.h"
#include "kb/value.h"
#include "kb/map.h"
#include "kb/pool.h"
#include "kb/vec.h"

static void str_parts(void **state)
{
	kb_str rest = KB_STR("a,,b"), part;

	(void)state;
	assert_true(kb_str_next(&rest, ',', &part));
	assert_str(part, "a");
	assert_true(kb_str_next(&rest, ',', &part));
	assert_str(part, "");
	assert_true(kb_str_next(&rest, ',', &part));
	assert_str(part, "b");
	assert_false(kb_str_next(&rest, ',', &part));
	assert_str(kb_str_trim(KB_STR(" \t a b\r\n")), "a b");
	assert_int_equal(kb_str_find(KB_STR("haystack"), KB_STR("st")), 3);
	assert_int_equal(kb_str_find(KB_STR("ha"), KB_STR("hay")), SIZE_MAX);
	assert_true(kb_str_cmp(KB_STR("ab"), KB_STR("abc")) < 0);
}

static void str_digits(void **state)
{
	uint64_t n;

	(void)state;
	assert_true(kb_str_digits(KB_STR("0"), 0, &n));
	assert_true(kb_str_digits(KB_STR("0042"), 42, &n));
	assert_int_equal(n, 42);
	assert_false(kb_str_digits(KB_STR("43"), 42, &n));
	assert_false(kb_str_digits(KB_STR("9"), 5, &n));
	assert_true(kb_str_digits(KB_STR("18446744073709551615"), UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	assert_false(kb_str_digits(KB_STR("18446744073709551616"), UINT64_MAX, &n));
	assert_false(kb_str_digits(KB_STR(""), 9, &n));
	assert_false(kb_str_digits(KB_STR("-1"), 9, &n));
	assert_false(kb_str_digits(KB_STR("1 "), 9, &n));
}

static void str_nearest(void **state)
{
	const kb_str words[] = {
		KB_STR("title"), KB_STR("type"), KB_STR("status"), KB_STR("reviewed")};

	(void)state;
	assert_str(*kb_str_nearest(KB_STR("titel"), words, 4), "title");
	assert_str(*kb_str_nearest(KB_STR("Reviewd"), words, 4), "reviewed");
	assert_str(*kb_str_nearest(KB_STR("stxyus"), words, 4), "status");
	assert_str(*kb_str_nearest(KB_STR("stxtxs"), words, 4), "status");
	assert_null(kb_str_nearest(KB_STR("colour"), words, 4));
	assert_null(kb_str_nearest(KB_STR(""), words, 4));
}

static void arena_keeps_and_clears(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str a = kb_arena_str(arena, KB_STR("first"));
	char *big = kb_arena_alloc(arena, 3 << 20);

	(void)state;
	for (int i = 0; i < 10000; i++)
		kb_arena_fmt(arena, "%d", i);
	assert_str(a, "first");
	assert_int_equal(big[(3 << 20) - 1], 0);
	kb_arena_reset(arena);
	assert_int_equal(kb_arena_used(arena), 0);
	assert_int_equal(*(char *)kb_arena_alloc(arena, 100), 0);
}

/* What XXH3 gives for no bytes, by `xxhsum -H3` and `xxhsum -H2`. */
static void hashes_are_the_same_everywhere(void **state)
{
	struct kb_hash h = kb_hash128(KB_STR_NULL);

	(void)state;
	assert_true(kb_hash64(KB_STR_NULL) == UINT64_C(0x2d06800538d394c2));
	assert_true(h.high == UINT64_C(0x99aa06d3014798d8));
	assert_true(h.low == UINT64_C(0x6001c324468d497f));
	assert_true(kb_hash64(KB_STR("a")) != kb_hash64(KB_STR("b")));
}

static void map_keeps_order(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_map map = {0};
	int value;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_null(kb_map_put(&map, kb_arena_fmt(arena, "k%d", i), &value));
	assert_ptr_equal(kb_map_put(&map, KB_STR("k7"), NULL), &value);
	assert_null(kb_map_get(&map, KB_STR("k7")));
	assert_true(kb_map_has(&map, KB_STR("k7")));
	assert_false(kb_map_has(&map, KB_STR("k1000")));
	assert_int_equal(map.len, 1000);
	assert_str(map.entries[999].key, "k999");
	kb_map_dispose(&map);
}

static void buf_maximum(void **state)
{
	_cleanup_buf_ kb_buf buf = {.max = 5};

	(void)state;
	kb_buf_puts(&buf, "1234");
	kb_buf_puts(&buf, "56");
	kb_buf_puts(&buf, "7");
	assert_true(buf.overflow);
	assert_str(kb_buf_view(&buf), "1234");
}

/* Whether it fits into the room that is there or not. */
static void formats(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf small = {.max = 5};
	char word[600];

	(void)state;
	memset(word, 'x', sizeof(word));
	for (int n = 0; n < 600; n++) {
		_cleanup_buf_ kb_buf buf = {0};
		kb_str s = kb_arena_fmt(arena, "%.*s-%d", n, word, n);

		assert_int_equal(strlen(s.data), s.len);
		kb_buf_puts(&buf, "12345");
		kb_buf_fmt(&buf, "%.*s-%d", n, word, n);
		assert_int_equal(strlen(buf.data), buf.len);
		assert_str(kb_str_sub(kb_buf_view(&buf), 5, buf.len), s.data);
		assert_int_equal(s.len, n + 1 + (n < 10 ? 1 : n < 100 ? 2 : 3));
	}
	kb_buf_fmt(&small, "%d", 1234);
	kb_buf_fmt(&small, "%d", 56);
	assert_true(small.overflow);
	assert_string_equal(small.data, "1234");
}

static void buf_escapes(void **state)
{
	_cleanup_buf_ kb_buf buf = {0};

	(void)state;
	kb_buf_html(&buf, KB_STR("<a href=\"x\">&'"));
	assert_str(kb_buf_view(&buf), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
	kb_buf_clear(&buf);
	kb_buf_url_path(&buf, KB_STR("a b/ü%"));
	assert_str(kb_buf_view(&buf), "a%20b/%C3%BC%25");
	kb_buf_clear(&buf);
	kb_buf_utf8(&buf, 0x1F600);
	kb_buf_utf8(&buf, 0xD800);
	assert_str(kb_buf_view(&buf), "😀\xEF\xBF\xBD");
}

static void paths(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str out;

	(void)state;
	assert_true(kb_path_join(
		arena, KB_STR("en/articles"), KB_STR("../replies/./a.md"), &out));
	assert_str(out, "en/replies/a.md");
	assert_false(kb_path_join(arena, KB_STR("en"), KB_STR("../../x"), &out));
	assert_true(kb_path_join(arena, KB_STR("en"), KB_STR("/x"), &out));
	assert_str(out, "x");
	assert_str(kb_path_dir(KB_STR("a/b.md")), "a");
	assert_str(kb_path_base(KB_STR("a/b.md")), "b.md");
	assert_str(kb_path_ext(KB_STR("a.b/c")), "");
	assert_str(kb_path_ext(KB_STR("a/01..de.md")), ".md");
}

static void globs(void **state)
{
	static const struct {
		const char *glob, *path;
		bool match;
	} cases[] = {
		{"en/articles/**/*.md", "en/articles/a.md", true},
		{"en/articles/**/*.md", "en/articles/x/y/a.md", true},
		{"en/articles/**/*.md", "en/articlesx/a.md", false},
		{"en/articles/**.md", "en/articles/x/a.md", true},
		{"**/a.md", "xa.md", false},
		{"**/a.md", "x/a.md", true},
		{"*/a.md", "x/y/a.md", false},
		{"*._en.md", "page._en.md", true},
		{"*._en.md", "page._en.md.bak", false},
		{"[a-c]?.md", "bx.md", true},
		{"[!a-c]?.md", "bx.md", false},
		{"a*b*c", "aXbYbZc", true},
		{"tutorials/*/*.*.md", "tutorials/x/01..de.md", true},
		{"**", "a/b/c", true},
		{"", "", true},
		{"", "a", false},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++)
		if (kb_glob_match(kb_str_of(cases[i].glob), kb_str_of(cases[i].path)) !=
			cases[i].match)
			fail_msg("%s against %s", cases[i].glob, cases[i].path);
}

static void files_round_trip(void **state)
{
	char dir[] = "/tmp/kb-unit-XXXXXX", path[64];
	_cleanup_buf_ kb_buf buf = {0};
	struct kb_error err = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a/b.txt", dir);
	assert_int_equal(kb_file_write(path, KB_STR("one"), &err), 0);
	assert_int_equal(kb_file_write(path, KB_STR("two"), &err), 0);
	assert_int_equal(kb_file_read(path, 0, &buf, &err), 0);
	assert_str(kb_buf_view(&buf), "two");
	assert_int_equal(kb_file_read(path, 2, &buf, &err), -1);
	assert_int_equal(err.code, KB_E_REFUSED);
	assert_int_equal(kb_file_read(dir, 0, &buf, &err), -1);
	assert_str(kb_buf_view(&buf), "two");
	unlink(path);
	snprintf(path, sizeof(path), "%s/a", dir);
	rmdir(path);
	rmdir(dir);
}

static void json_writes(void **state)
{
	_cleanup_buf_ kb_buf buf = {0};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_value *map = kb_value_map(arena), *list;

	(void)state;
	kb_value_set_str(arena, map, "a", KB_STR("\"\\\n\x01\xFFü"));
	list = kb_value_set_list(arena, map, "b");
	kb_value_push(arena, list, kb_value_int(arena, -1));
	kb_value_push(arena, list, kb_value_bool(arena, true));
	kb_value_push(arena, list, kb_value_map(arena));
	kb_value_push(arena, list, kb_value_null(arena));
	kb_value_json(map, KB_JSON_LINE, &buf);
	assert_str(kb_buf_view(&buf),
		"{\"a\":\"\\\"\\\\\\n\\u0001\xEF\xBF\xBDü\",\"b\":[-1,true,{},null]}");
}

static bool text_of(void *ctx, kb_str path, kb_str *text)
{
	(void)ctx;
	*text = kb_str_is(path, "off.md")
			? KB_STR("<!-- kb-disable link-scheme -->\nx\n<!-- kb-enable link-scheme -->\ny")
			: KB_STR("\xEF\xBB\xBF"
				 "äb\r\nxyz\n");
	return true;
}

static void diags_are_placed(void **state)
{
	struct kb_diags diags;
	struct kb_diag *d;

	(void)state;
	kb_diags_init(&diags, NULL);
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){9, 2}, "late");
	d = kb_diag_add(&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){5, 1},
		"early %d", 1);
	kb_diag_hint(&diags, d, "mend");
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){9, 2}, "late");
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("off.md"), (kb_range){32, 1}, "off");
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("off.md"), (kb_range){66, 1}, "on");
	kb_diags_finish(&diags, text_of, NULL);
	assert_int_equal(diags.len, 3);
	assert_str(diags.items[0].message, "early 1");
	assert_int_equal(diags.items[0].line, 1);
	assert_int_equal(diags.items[0].col, 2);
	assert_str(diags.items[0].source, "äb");
	assert_int_equal(diags.items[1].line, 2);
	assert_int_equal(diags.items[1].col, 2);
	assert_int_equal(diags.items[1].end_col, 4);
	assert_str(diags.items[2].message, "on");
	kb_diags_dispose(&diags);
}

/* A finding may have as many edits as a file has lines. */
static void diags_with_many_edits(void **state)
{
	enum { EDITS = 100000 };
	struct kb_diags diags, all;
	struct kb_diag *d;

	(void)state;
	kb_diags_init(&diags, NULL);
	kb_diags_init(&all, NULL);
	d = kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){0, 0}, "x");
	for (uint32_t i = 0; i < EDITS; i++)
		kb_diag_edit(&diags, d, (kb_range){i, 1}, KB_STR("yz"));
	kb_diags_merge(&all, &diags);
	d = &all.items[0];
	kb_diag_edit(&all, d, (kb_range){EDITS, 1}, KB_STR("yz"));
	assert_int_equal(d->nedits, EDITS + 1);
	for (uint32_t i = 0; i <= EDITS; i++) {
		assert_int_equal(d->edits[i].range.off, i);
		assert_str(d->edits[i].text, "yz");
	}
	kb_diags_dispose(&all);
	kb_diags_dispose(&diags);
}

/* Of very many findings of one rule in one file, the first thousand are printed, and the
 * number of the others. */
static void diags_of_one_kind(void **state)
{
	struct kb_diags diags;

	(void)state;
	kb_diags_init(&diags, NULL);
	for (uint32_t i = 0; i < 5000; i++) {
		kb_diag_add(&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){i, 1},
			"x");
		kb_diag_add(&diags, KB_RULE_LINK_OUTSIDE, KB_STR("a.md"),
			(kb_range){i % 1000, 1}, "x %u", i);
		if (i < 1000)
			kb_diag_add(&diags, KB_RULE_LINK_SCHEME, KB_STR("b.md"),
				(kb_range){i, 1}, "x");
	}
	for (int again = 0; again < 2; again++) {
		kb_diags_finish(&diags, NULL, NULL);
		assert_int_equal(diags.len, 3002);
		for (size_t i = 0, told = 0; i < diags.len; i++) {
			told += diags.items[i].more > 0;
			if (diags.items[i].more)
				assert_str(diags.items[i].message,
					"4000 more of this rule in this file");
			assert_true(i < 3001 || told == 2);
		}
	}
	kb_diags_dispose(&diags);
}

static bool long_line(void *ctx, kb_str path, kb_str *text)
{
	(void)path;
	*text = *(kb_str *)ctx;
	return true;
}

/* Of a very long line only the part around the finding is kept. */
static void diags_of_a_long_line(void **state)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_diags diags;
	kb_str all;

	(void)state;
	for (int i = 0; i < 20000; i++)
		kb_buf_puts(&text, "ä");
	all = kb_buf_view(&text);
	kb_diags_init(&diags, NULL);
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){0, 2}, "first");
	kb_diag_add(
		&diags, KB_RULE_LINK_SCHEME, KB_STR("a.md"), (kb_range){30000, 4}, "far");
	kb_diags_finish(&diags, long_line, &all);
	assert_int_equal(diags.items[0].source_col, 1);
	assert_int_equal(diags.items[1].col, 15001);
	assert_int_equal(diags.items[1].source_col, 15001 - 150);
	assert_true(diags.items[1].source.len <= 1000);
	assert_true(kb_str_starts(diags.items[1].source, KB_STR("ä")));
	kb_diags_dispose(&diags);
}

static void double_it(void *ctx, size_t index, unsigned worker)
{
	(void)worker;
	((int *)ctx)[index] = (int)index * 2;
}

static void parallel_covers_all(void **state)
{
	int results[1000] = {0};

	(void)state;
	kb_parallel(4, 1000, double_it, results);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(results[i], i * 2);
	kb_parallel(4, 0, double_it, NULL);
	assert_int_equal(kb_parallel_workers(8, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_parts),
		cmocka_unit_test(str_nearest),
		cmocka_unit_test(str_digits),
		cmocka_unit_test(arena_keeps_and_clears),
		cmocka_unit_test(hashes_are_the_same_everywhere),
		cmocka_unit_test(map_keeps_order),
		cmocka_unit_test(buf_maximum),
		cmocka_unit_test(formats),
		cmocka_unit_test(buf_escapes),
		cmocka_unit_test(paths),
		cmocka_unit_test(globs),
		cmocka_unit_test(files_round_trip),
		cmocka_unit_test(json_writes),
		cmocka_unit_test(diags_are_placed),
		cmocka_unit_test(diags_with_many_edits),
		cmocka_unit_test(diags_of_one_kind),
		cmocka_unit_test(diags_of_a_long_line),
		cmocka_unit_test(parallel_covers_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
