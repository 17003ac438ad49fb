/* Every short text of the bytes that lines are made of, through everything that goes
 * from line to line. What does not come to an end is ended by the clock, which says
 * which text it was. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "markdown_help.h"

#include "kb/fix.h"
#include "kb/yaml_edit.h"

enum { LEN_MAX = 6, ROUNDS_MAX = 8, SECONDS_MAX = 60 };

static const char letters[] = {'a', '\r', '\n', ' ', '-', ':'};
static char text[32];

static void too_long(int signal)
{
	(void)signal;
	for (size_t i = 0; text[i]; i++)
		printf(strchr(" -:a", text[i]) ? "%c" : "\\x%02x", text[i]);
	printf(": no end\n");
	fflush(stdout);
	_exit(1);
}

/* Calls RUN with BEFORE, each text and AFTER. */
static void each(const char *before, const char *after, void (*run)(kb_str))
{
	size_t from = strlen(before), n = 1;

	signal(SIGALRM, too_long);
	memcpy(text, before, from);
	for (size_t len = 0; len <= LEN_MAX; len++, n *= sizeof(letters)) {
		for (size_t k = 0; k < n; k++) {
			for (size_t i = 0, rest = k; i < len;
				i++, rest /= sizeof(letters))
				text[from + i] = letters[rest % sizeof(letters)];
			strcpy(text + from + len, after);
			alarm(SECONDS_MAX);
			run(kb_str_of(text));
		}
	}
	alarm(0);
}

static void read_lines(kb_str s)
{
	kb_str rest = s, line;
	size_t at = 0, next;

	while (kb_str_line(&rest, &line)) {
		assert_int_equal(line.data - s.data, at);
		assert_int_equal(strcspn(line.data, "\r\n") < line.len, 0);
		next = s.len - rest.len;
		for (; at < next; at++) {
			assert_int_equal(kb_line_start(s, at), line.data - s.data);
			assert_int_equal(kb_line_end(s, at),
				(size_t)(line.data - s.data) + line.len);
			assert_int_equal(kb_line_next(s, at), next);
		}
	}
	assert_int_equal(at, s.len);
	assert_int_equal(kb_line_next(s, s.len), s.len);
}

/* What a line is does not depend on the window that the reader looks through. */
static void test_long_lines(void **state)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	char line[700];

	(void)state;
	for (size_t len = 0; len < 600; len++) {
		for (size_t e = 0; e < KB_LEN(ends); e++) {
			kb_str s = {line, len + strlen(ends[e]) + 1};

			memset(line, 'a', len);
			strcpy(line + len, ends[e]);
			strcat(line, "b");
			assert_int_equal(kb_line_end(s, 0), len);
			assert_int_equal(kb_line_next(s, 0), s.len - 1);
			assert_int_equal(kb_line_start(s, s.len), s.len - 1);
		}
	}
}

static void test_lines(void **state)
{
	(void)state;
	each("", "", read_lines);
}

static bool give_text(void *ctx, kb_str path, kb_str *out)
{
	(void)path;
	*out = *(kb_str *)ctx;
	return true;
}

/* Front matter, its findings, and their fixes, round after round. */
static void read_front(kb_str s)
{
	struct kb_fix fix;
	size_t rounds = 0, changed = 1;

	kb_fix_init(&fix);
	while (changed) {
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
		const struct kb_diag *findings[64];
		struct kb_rewrite *rewrites;
		struct kb_diags diags;
		uint32_t off;
		kb_str body;

		kb_diags_init(&diags, NULL);
		kb_front_matter_parse(arena, s, KB_STR("a.md"), &body, &off, &diags);
		assert_ptr_equal(body.data + body.len, s.data + s.len);
		assert_int_equal(off, body.data - s.data);
		kb_diags_finish(&diags, give_text, &s);
		assert_true(diags.len < KB_LEN(findings));
		for (size_t i = 0; i < diags.len; i++) {
			findings[i] = &diags.items[i];
			assert_true(
				findings[i]->range.off + findings[i]->range.len <= s.len);
		}
		changed = kb_fix_round(&fix, findings, diags.len, give_text, &s);
		if (kb_fix_rewrites(&fix, &rewrites))
			s = rewrites[0].after;
		kb_diags_dispose(&diags);
		assert_true(++rounds < ROUNDS_MAX);
	}
	kb_fix_dispose(&fix);
}

static void test_front_matter(void **state)
{
	(void)state;
	each("", "", read_front);
	each("---\na: b\n", "", read_front);
	each("---\n", "\n---\na", read_front);
	each("---\r\na: 'b\r\n", "'\r\n---\r\n", read_front);
}

/* A key is set and taken out again, where that is possible. */
static void edit_yaml(kb_str s, bool front)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_yaml_text yaml;
	struct kb_error err;

	if (kb_yaml_open(&yaml, arena, s, front, &err) ||
		yaml.root->kind != KB_NODE_MAP ||
		kb_yaml_set(&yaml, yaml.root, KB_STR("k"), KB_STR("v"), NULL, &err))
		return;
	assert_str(kb_node_str(kb_node_get(yaml.root, "k")), "v");
	if (!kb_yaml_remove(&yaml, yaml.root, KB_STR("k"), &err))
		assert_null(kb_node_get(yaml.root, "k"));
}

static void edit_front(kb_str s)
{
	edit_yaml(s, true);
}

static void edit_file(kb_str s)
{
	edit_yaml(s, false);
}

static void test_yaml_edit(void **state)
{
	(void)state;
	each("", "", edit_file);
	each("a: b\n", "", edit_file);
	each("a:\r", "\rc: d\r", edit_file);
	each("---\na: b\n", "---\na", edit_front);
	each("---\ra: b\r", "\r---\ra", edit_front);
}

static void read_markdown(kb_str s)
{
	const struct kb_md_options options = {
		.section = KB_MD_ALL, .audience = 0, .hooks = &help_hooks};
	struct kb_error err;
	struct help_text t;

	help_open(&t, s.data);
	assert_int_equal(kb_md_html(t.md, &options, &t.out, &err), 0);
	assert_null(memchr(t.out.data ? t.out.data : "", '\r', t.out.len));
	for (size_t i = 0; i < t.diags.len; i++)
		assert_true(
			t.diags.items[i].range.off + t.diags.items[i].range.len <= s.len);
	help_close(&t);
}

/* Line ends of any kind make the same page. */
static void test_line_ends(void **state)
{
	static const char *const with_lf =
		"> [!AGENTS]\n> secret\n> - x\n\n```\na\n\nb\n```\n\n<div>\n<p>c\n</div>\n"
		"\n|a|b|\n|-|-|\n|c|d|\n\n> [!NOTE]\n> d\n\nlast  \nline[^1]\n\n[^1]: e\n";
	char with_cr[256], with_both[256];
	kb_buf page = {0}, other = {0};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i <= strlen(with_lf); i++) {
		with_cr[i] = (char)(with_lf[i] == '\n' ? '\r' : with_lf[i]);
		if (with_lf[i] == '\n')
			with_both[n++] = '\r';
		with_both[n++] = with_lf[i];
	}
	for (unsigned audience = 0; audience < 2; audience++) {
		kb_str wanted = help_html(with_lf, audience, &page);

		assert_int_equal(
			kb_str_find(wanted, KB_STR("secret")) == SIZE_MAX, audience == 0);
		assert_str(wanted, help_html(with_cr, audience, &other).data);
		assert_str(wanted, help_html(with_both, audience, &other).data);
	}
	kb_buf_dispose(&page);
	kb_buf_dispose(&other);
}

static void test_markdown(void **state)
{
	(void)state;
	each("", "", read_markdown);
	each("> [!AGENTS]", "a", read_markdown);
	each("- a", "- b\r\n", read_markdown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_front_matter),
		cmocka_unit_test(test_yaml_edit),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_markdown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
