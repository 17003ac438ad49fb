#include "markdown_help.h"

#include <pthread.h>

static kb_str render(struct kb_md *md, const struct kb_md_options *options, kb_buf *out)
{
	struct kb_error err;

	kb_buf_clear(out);
	if (kb_md_html(md, options, out, &err))
		fail_msg("%s", err.message);
	return (kb_str){out->data ? out->data : "", out->len};
}

static void sections(void **state)
{
	const char *text = "intro\n\n## A\n\n[x](x) t\n\n- [y](#y) \xe2\x80\x94 why "
			   "*so*\n- **[z](z)**\n- no\n"
			   "\n## B\n\n- [w](w)\n\nafter\n\n## C\n";
	struct kb_md_options o = {.section = 1};
	const struct kb_section *s;
	struct help_text t;

	(void)state;
	help_open(&t, text);
	assert_int_equal(t.facts.nsections, 4);
	s = t.facts.sections;
	assert_int_equal(s[0].heading, KB_NONE);
	assert_int_equal(s[1].heading, 0);
	assert_int_equal(s[1].links_from, 0);
	assert_int_equal(s[1].links_to, 3);
	assert_int_equal(s[1].nitems, 3);
	assert_int_equal(s[1].items[0].link, 1);
	assert_str(s[1].items[0].note, "why so");
	assert_int_equal(s[1].items[1].link, 2);
	assert_str(s[1].items[1].note, "");
	assert_int_equal(s[1].items[2].link, KB_NONE);
	assert_false(s[2].empty);
	assert_true(s[3].empty);
	assert_int_equal(t.facts.links[3].heading, 1);

	o.no_list = o.no_heading = true;
	assert_str(render(t.md, &o, &t.out), "<p><a href=\"x\">x</a> t</p>\n");
	o = (struct kb_md_options){.section = 2, .heading_shift = 1};
	assert_str(render(t.md, &o, &t.out),
		"<h3 id=\"b\">B</h3>\n<ul>\n<li><a "
		"href=\"w\">w</a></li>\n</ul>\n<p>after</p>\n");
	o.section = 9;
	assert_str(render(t.md, &o, &t.out), "");
	help_close(&t);
}

static void callout_options(void **state)
{
	struct kb_md_options o = {.section = KB_MD_ALL, .no_callouts = true};
	struct help_text t;

	(void)state;
	help_open(&t, "a\n\n> [!NOTE]\n> b\n\n- c\n\n  > [!TIP]\n  > d\n\n> e\n");
	assert_str(render(t.md, &o, &t.out),
		"<p>a</p>\n<ul>\n<li><p>c</p>\n</li>\n</"
		"ul>\n<blockquote>\n<p>e</p>\n</blockquote>\n");
	o.no_callouts = false;
	o.only_callouts = true;
	assert_str(render(t.md, &o, &t.out),
		"<div class=\"kb-callout kb-note\" role=\"note\"><p "
		"class=\"kb-callout-title\">NOTE</p>\n"
		"<p>b</p>\n</div>\n<div class=\"kb-callout kb-tip\" role=\"note\">"
		"<p class=\"kb-callout-title\">TIP</p>\n<p>d</p>\n</div>\n");
	kb_buf_clear(&t.out);
	assert_int_equal(kb_md_text(t.md, &o, &t.out, NULL), 0);
	assert_str(kb_buf_view(&t.out), "NOTE\nb\n\nTIP\nd");
	help_close(&t);
}

/* Includes */

static struct kb_md *snippet;
static const struct kb_md_hooks snippet_hooks;

static bool snippet_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	(void)ctx, (void)dest, (void)image;
	out->href = KB_STR("from-snippet");
	return true;
}

static bool hook_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	(void)ctx;
	*md = snippet;
	*hooks = &snippet_hooks;
	return kb_str_is(name, "s");
}

static const struct kb_md_hooks snippet_hooks = {
	.link = snippet_link, .variable = help_variable, .include = hook_include};

static void includes(void **state)
{
	const struct kb_md_hooks hooks = {.include = hook_include};
	struct kb_md_options o = {.section = KB_MD_ALL, .hooks = &hooks};
	struct help_text t;
	size_t len;

	(void)state;
	snippet = kb_md_parse(KB_STR("## A\n\n[x](x)[^1] {{phone}}\n\n> [!AGENTS]\n> "
				     "SECRET\n\n[^1]: n"),
		0, &help_syntax);
	help_open(
		&t, "## A\n\nz[^1]\n\n{{> s}}\n\n- {{> s}}\n\n{{> other}}\n\n[^1]: m\n");
	assert_int_equal(t.facts.nrefs, 3);
	assert_int_equal(t.facts.refs[0].kind, KB_REF_INCLUDE);
	assert_str(t.facts.refs[0].name, "s");
	render(t.md, &o, &t.out);
	assert_non_null(strstr(t.out.data, "<h2 id=\"a\">A</h2>"));
	assert_non_null(strstr(t.out.data, "<h2 id=\"a-1\">A</h2>"));
	assert_non_null(strstr(t.out.data, "<a href=\"from-snippet\">x</a>"));
	assert_non_null(strstr(t.out.data, "&lt;+43 &amp; 1&gt;"));
	assert_non_null(strstr(t.out.data, "<li id=\"fn-2\"><p>n "));
	assert_null(strstr(t.out.data, "SECRET"));
	assert_null(strstr(t.out.data, "other"));
	help_close(&t);
	kb_md_free(snippet);
	/* a snippet that includes itself ends */
	snippet = kb_md_parse(KB_STR("x\n\n{{> s}}\n"), 0, &help_syntax);
	help_open(&t, "{{> s}}");
	render(t.md, &o, &t.out);
	len = t.out.len;
	assert_in_range(len, 9, 9 * 20);
	kb_buf_clear(&t.out);
	assert_int_equal(kb_md_text(t.md, &o, &t.out, NULL), 0);
	help_close(&t);
	kb_md_free(snippet);
}

static void literal_syntax(void **state)
{
	const struct kb_md_syntax syntax = {.literal = true};
	struct kb_md_options o = {.section = KB_MD_ALL, .hooks = &help_hooks};
	struct kb_md *md =
		kb_md_parse(KB_STR("{{phone}} [a]({{phone}}) \\{{x}} `{{x}}`\n\n"
				   "{{> s}}\n\n## H {#id}\n"),
			0, &syntax);
	struct kb_arena *arena = kb_arena_new();
	struct kb_diags diags;
	struct kb_md_facts facts;
	kb_buf out = {0};

	(void)state;
	kb_diags_init(&diags, NULL);
	kb_md_facts(md, arena, &facts, KB_STR("x"), &diags);
	assert_int_equal(facts.nrefs, 0);
	assert_int_equal(diags.len, 1);
	assert_int_equal(diags.items[0].rule, KB_RULE_MARKUP_FOREIGN);
	assert_str(render(md, &o, &out),
		"<p>{{phone}} <a href=\"%7B%7Bphone%7D%7D\">a</a> {{x}} "
		"<code>{{x}}</code></p>\n"
		"<p>{{&gt; s}}</p>\n<h2 id=\"id\">H</h2>\n");
	kb_buf_dispose(&out);
	kb_diags_dispose(&diags);
	kb_arena_free(arena);
	kb_md_free(md);
}

static void one_line_strings(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_ref *refs;
	kb_buf out = {0};

	(void)state;
	kb_md_expand(
		KB_STR("a {{phone}} \\{{phone}} {{x}} {{ b \\ {"), &help_hooks, &out);
	assert_str(kb_buf_view(&out), "a <+43 & 1> {{phone}} {{x}} {{ b \\ {");
	assert_int_equal(
		kb_md_refs(arena, KB_STR("{{a}} \\{{b}} {{ c.d }}{{}}"), 100, &refs), 2);
	assert_str(refs[0].name, "a");
	assert_int_equal(refs[0].range.off, 100);
	assert_int_equal(refs[0].range.len, 5);
	assert_str(refs[1].name, "c.d");
	assert_int_equal(refs[1].range.off, 113);
	kb_buf_dispose(&out);
	kb_arena_free(arena);
}

static void ids(void **state)
{
	struct help_text t;

	(void)state;
	help_open(&t, "## A {#x}\n\n## B {#x}\n\n## X\n");
	assert_int_equal(t.diags.len, 1);
	assert_int_equal(t.diags.items[0].rule, KB_RULE_HEADING_DUPLICATE_ID);
	assert_int_equal(t.diags.items[0].range.off, 11);
	assert_str(t.facts.headings[1].id, "x-1");
	assert_str(t.facts.headings[2].id, "x-2");
	help_close(&t);
	/* content cannot take an id of the page's own */
	assert_html("<b id=\"a\">x</b> <i id=\"i\">y</i> <i id=\"i\">z</i>\n\n## A",
		"<p><b>x</b> <i id=\"i\">y</i> <i>z</i></p>\n<h2 id=\"a\">A</h2>\n");
}

static void empty_texts(void **state)
{
	static const char *const empty[] = {
		"", "\n\n", "<!-- x -->", "[a]: b\n", "\xef\xbb\xbf"};
	static const char *const not_empty[] = {
		"a", "![](x)", "```\nx\n```", "{{x}}", "<p>x</p>", "## H", "> q"};
	struct help_text t;

	(void)state;
	for (size_t i = 0; i < KB_LEN(empty); i++) {
		help_open(&t, empty[i]);
		if (!t.facts.empty)
			fail_msg("not empty: %s", empty[i]);
		help_close(&t);
	}
	for (size_t i = 0; i < KB_LEN(not_empty); i++) {
		help_open(&t, not_empty[i]);
		if (t.facts.empty)
			fail_msg("empty: %s", not_empty[i]);
		help_close(&t);
	}
}

/* Hostile input */

static void repeat(kb_buf *out, const char *s, int n)
{
	while (n--)
		kb_buf_puts(out, s);
}

/* Renders what is in IN within bounds; tells whether there was a finding that says so. */
static bool survives(kb_buf *in)
{
	struct kb_md_options o = {.section = KB_MD_ALL, .max_output = 8 << 20};
	struct help_text t;
	struct kb_error err;
	bool told = false;

	help_open(&t, in->data);
	if (kb_md_html(t.md, &o, &t.out, &err) == 0)
		assert_in_range(t.out.len, 0, o.max_output);
	kb_buf_clear(&t.out);
	if (kb_md_text(t.md, &o, &t.out, &err) == 0)
		assert_in_range(t.out.len, 0, o.max_output);
	for (size_t i = 0; i < t.diags.len; i++)
		told |= t.diags.items[i].rule == KB_RULE_MARKDOWN_TOO_COMPLEX;
	help_close(&t);
	kb_buf_clear(in);
	return told;
}

/* Wherever in the text it is; a single byte from 0x80 on is not UTF-8. */
static void control_characters(void **state)
{
	const struct kb_md_options o = {.section = KB_MD_ALL};
	const struct kb_md_syntax syntax = {.literal = true};

	(void)state;
	for (int c = 0; c < 256; c++) {
		bool bad = (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c >= 0x7f;

		for (size_t at = 1; at < 24; at++) {
			char body[] = "abcdefghijklmnopqrstuvwx\xc3\xa9z";
			_cleanup_buf_ kb_buf out = {0};

			_cleanup_(kb_cleanup_md) struct kb_md *md = NULL;

			body[at] = (char)c;
			md = kb_md_parse((kb_str){body, sizeof(body) - 1}, 0, &syntax);
			assert_int_equal(kb_md_html(md, &o, &out, NULL), 0);
			assert_int_equal(strstr(out.data, "\xef\xbf\xbd") != NULL, bad);
		}
	}
}

static void deep_nesting(void **state)
{
	kb_buf in = {0};

	(void)state;
	repeat(&in, "> ", 10000);
	assert_true(survives(&in));
	repeat(&in, "- ", 10000);
	kb_buf_puts(&in, "a");
	assert_true(survives(&in));
	for (int i = 0; i < 1000; i++) {
		repeat(&in, "  ", i);
		kb_buf_puts(&in, "- a\n");
	}
	assert_true(survives(&in));
	repeat(&in, "[^a]: ", 10000);
	assert_true(survives(&in));
	repeat(&in, "- ", 10000);
	kb_buf_puts(&in, "\n");
	assert_false(survives(&in)); /* a long rule */
	repeat(&in, "**a *b ", 20000);
	survives(&in);
	repeat(&in, "![", 20000);
	survives(&in);
	repeat(&in, "<b>", 200000);
	survives(&in);
	repeat(&in, "<details>\n\n", 50000);
	survives(&in);
	repeat(&in, "<p><b><i><u><s>x\n\n", 5000);
	survives(&in);
	kb_buf_dispose(&in);
}

/* Is a document of PART, N times, told to be too complex? */
static bool too_complex(const char *before, const char *part, size_t n)
{
	kb_buf text = {0};
	struct help_text t;
	bool told = false;

	kb_buf_puts(&text, before);
	while (n--)
		kb_buf_puts(&text, part);
	help_open(&t, text.data);
	for (size_t i = 0; i < t.diags.len; i++)
		told |= t.diags.items[i].rule == KB_RULE_MARKDOWN_TOO_COMPLEX;
	if (told) /* the text above is still there */
		assert_int_equal(t.facts.nheadings, 1);
	help_close(&t);
	kb_buf_dispose(&text);
	return told;
}

/* Paragraphs that cmark would read again from each of their characters. */
static void many_marks(void **state)
{
	static const char *const parts[] = {"a <?", "<![CDATA[", "<!A ", "![[]()",
		"a@b.c@", "    <? x\n", "*a_ ", "_a*_ "};

	(void)state;
	for (size_t i = 0; i < KB_LEN(parts); i++)
		if (!too_complex("# A\n\nx ", parts[i], 200000 / strlen(parts[i])))
			fail_msg("%s", parts[i]);
	assert_true(too_complex("# A\n\n## ", "<?", 100000));
	assert_true(too_complex("# A\n\n|a|\n|-|\n|", "<?", 100000));
	/* The same in code, in as many paragraphs, or less of it. */
	assert_false(too_complex("# A\n\n```\n", "a <?", 50000));
	assert_false(too_complex("# A\n\n", "a <?\n\n", 30000));
	assert_false(too_complex("# A\n\n", "[a](b) ", 700));
	assert_false(too_complex("# A\n\n", "- [a](b)\n", 20000));
}

/* The numbers of items, those of lists in them included. */
static void list_numbers(void **state)
{
	const struct kb_md_options options = {
		.section = KB_MD_ALL, .audience = 0, .hooks = &help_hooks};
	struct kb_md *md = kb_md_parse(
		KB_STR("3. a\n   1. b\n   1. c\n4. d\n   - e\n5. f\n"), 0, &help_syntax);
	struct kb_error err;
	kb_buf out = {0};

	(void)state;
	assert_int_equal(kb_md_text(md, &options, &out, &err), 0);
	assert_str(kb_buf_view(&out), "3. a\n   1. b\n   2. c\n4. d\n   - e\n5. f");
	kb_buf_dispose(&out);
	kb_md_free(md);
}

static void wide_tables(void **state)
{
	kb_buf in = {0};

	(void)state;
	repeat(&in, "a|", 10000);
	kb_buf_puts(&in, "\n");
	repeat(&in, "-|", 10000);
	kb_buf_puts(&in, "\n|\n|\n");
	assert_true(survives(&in));
	repeat(&in, "a|", 200);
	kb_buf_puts(&in, "\n");
	repeat(&in, "-|", 200);
	kb_buf_puts(&in, "\n");
	repeat(&in, "|\n", 12000);
	assert_true(survives(&in));
	repeat(&in, "|-|\n|-|-|\n", 5000);
	survives(&in);
	kb_buf_puts(&in, "a|b\n-|-\n");
	repeat(&in, "|", 200000);
	assert_true(survives(&in));
	kb_buf_puts(&in, "a|b|c|d\n-|-|-|-\n");
	repeat(&in, "1|2|3|4\n", 2000);
	assert_false(survives(&in));
	kb_buf_dispose(&in);
}

static void large_results(void **state)
{
	struct kb_md_options o = {.section = KB_MD_ALL, .max_output = 100};
	kb_buf in = {0}, out = {0};
	struct kb_error err = {0};
	struct kb_md *md;

	(void)state;
	kb_buf_puts(&in, "[a]: /");
	repeat(&in, "x", 50000);
	kb_buf_puts(&in, "\n\n");
	repeat(&in, "[a] ", 16000);
	assert_true(survives(&in));
	repeat(&in, "a@b.c ", 30000);
	survives(&in);
	md = kb_md_parse(KB_STR("a **b** c d e f g h i j k l m n o p q r s t u v w x y z "
				"a b c d e f g h i j k l m n o p q r s t u v w x y z\n"),
		0, &help_syntax);
	assert_int_equal(kb_md_html(md, &o, &out, &err), -1);
	assert_int_equal(out.len, 0);
	assert_int_equal(kb_md_text(md, &o, &out, &err), -1);
	assert_int_equal(out.len, 0);
	kb_md_free(md);
	kb_buf_dispose(&in);
	kb_buf_dispose(&out);
}

static void bad_bytes(void **state)
{
	const kb_str in = KB_STR("a\0b \x01\x02\x1a [\xff](\xc0\xaf \"\xed\xa0\x80\") "
				 "`\0` {{\0}}\n\n<b title=\"\0\">\n");
	struct kb_md_options o = {.section = KB_MD_ALL, .hooks = &help_hooks};
	struct kb_md *md = kb_md_parse(in, 0, &help_syntax);
	kb_buf out = {0};

	(void)state;
	assert_str(render(md, &o, &out),
		"<p>a\xef\xbf\xbd"
		"b \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd <a "
		"href=\"%EF%BF%BD%EF%BF%BD\" "
		"title=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\">"
		"\xef\xbf\xbd</a> <code>\xef\xbf\xbd</code> {{\xef\xbf\xbd}}</p>\n"
		"<b title=\"\xef\xbf\xbd\">\n</b>");
	kb_md_free(md);
	kb_buf_dispose(&out);
}

/* Threads: cmark's table of special characters is one for all of them. */

static const char shared[] =
	"~~a~~ www.example.org {{phone}} https://x.org *b* a@b.org\n\n"
	"| a |\n|---|\n| ~~c~~ |\n\n- [x] d[^1]\n\n[^1]: e\n";
static const char plain[] = "w: {{phone}} *b*\n";
static kb_str want_shared, want_plain;

static void *many_renders(void *arg)
{
	size_t *wrong = arg;
	kb_buf out = {0};

	for (int i = 0; i < 1500; i++) {
		*wrong += !kb_str_eq(help_html(shared, 0, &out), want_shared);
		*wrong += !kb_str_eq(help_html(plain, 0, &out), want_plain);
	}
	kb_buf_dispose(&out);
	return NULL;
}

static void threads(void **state)
{
	kb_buf a = {0}, b = {0};
	pthread_t thread[3];
	size_t wrong[3] = {0};

	(void)state;
	want_shared = help_html(shared, 0, &a);
	want_plain = help_html(plain, 0, &b);
	assert_non_null(
		strstr(a.data, "<del>a</del> <a href=\"http://www.example.org\""));
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, many_renders, &wrong[i]), 0);
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
	kb_buf_dispose(&a);
	kb_buf_dispose(&b);
}

/* A script without spaces has punctuation beside its '**'. */
static void emphasis_without_spaces(void **state)
{
	static const char *const cases[][2] = {
		{"返品は**30日（無料）**に。**「番号」**を",
			"返品は<strong>30日（無料）</strong>に。"
			"<strong>「番号」</strong>を"},
		{"请在**三十天内。**然后", "请在<strong>三十天内。</strong>然后"},
		{"환불은 **고객센터(앱)**에서",
			"환불은 <strong>고객센터(앱)</strong>에서"},
		{"は**[x](y)**を*`c`*に",
			"は<strong><a href=\"y\">x</a></strong>を<em><code>c</code></em>に"},
		{"は***「x」***を", "は<em><strong>「x」</strong></em>を"},
		{"は~~（旧）~~に", "は<del>（旧）</del>に"},
		{"A**「b」**C", "A<strong>「b」</strong>C"},
		{"ติดต่อ**ฝ่ายขาย (ฟรี)**ได้", "ติดต่อ<strong>ฝ่ายขาย (ฟรี)</strong>ได้"},
		/* As they are. */
		{"`は**「x」**を` \\**「x」\\**を",
			"<code>は**「x」**を</code> **「x」**を"},
		{"は **「x」** を", "は <strong>「x」</strong> を"},
		{"は**「x」を", "は**「x」を"},
		{"は　** x **　を", "は　** x **　を"},
		{"文**a **「b」**", "文**a <strong>「b」</strong>"},
		{"文**a　**「b」**", "文**a　<strong>「b」</strong>"},
		{"Latin **x.**y", "Latin **x.**y"},
		{"[a](は**「b」**.md)",
			"<a href=\"%E3%81%AF**%E3%80%8Cb%E3%80%8D**.md\">a</a>"},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		kb_buf out = {0}, want = {0};

		kb_buf_fmt(&want, "<p>%s</p>\n", cases[i][1]);
		assert_str(help_html(cases[i][0], 0, &out), want.data);
		kb_buf_dispose(&want);
		kb_buf_dispose(&out);
	}
}

/* A fence stays a fence, and code stays as it is. */
static void emphasis_and_fences(void **state)
{
	kb_buf out = {0};

	(void)state;
	assert_non_null(strstr(help_html(">~~~文\n>は**「x」**を\n>~~~\n", 0, &out).data,
		">は**「x」**を\n</code>"));
	kb_buf_dispose(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections),
		cmocka_unit_test(callout_options),
		cmocka_unit_test(includes),
		cmocka_unit_test(literal_syntax),
		cmocka_unit_test(one_line_strings),
		cmocka_unit_test(ids),
		cmocka_unit_test(empty_texts),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(deep_nesting),
		cmocka_unit_test(many_marks),
		cmocka_unit_test(list_numbers),
		cmocka_unit_test(wide_tables),
		cmocka_unit_test(large_results),
		cmocka_unit_test(bad_bytes),
		cmocka_unit_test(emphasis_without_spaces),
		cmocka_unit_test(emphasis_and_fences),
		cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
