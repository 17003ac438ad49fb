#include "unit.h"

#include <stdlib.h>

#include "kb/buf.h"
#include "kb/yaml.h"

struct run {
	struct kb_arena *arena;
	struct kb_diags diags;
	struct kb_node *root;
	kb_str text, body;
	uint32_t body_off;
};

static struct run run_yaml(kb_str text)
{
	struct run run = {.arena = kb_arena_new(), .text = text};

	kb_diags_init(&run.diags, NULL);
	run.root = kb_yaml_parse(run.arena, text, 0, KB_STR("x.yaml"), &run.diags);
	return run;
}

static struct run run_front(kb_str text)
{
	struct run run = {.arena = kb_arena_new(), .text = text};

	kb_diags_init(&run.diags, NULL);
	run.root = kb_front_matter_parse(
		run.arena, text, KB_STR("x.md"), &run.body, &run.body_off, &run.diags);
	return run;
}

static void run_end(struct run *run)
{
	kb_diags_dispose(&run->diags);
	kb_arena_free(run->arena);
}

/* A mistake, and its message. */
struct mistake {
	const char *text;
	const char *rule;
	const char *place;	    /* the text that the finding underlines */
	const char *message, *hint; /* parts of them */
	bool parses;
};

/* What does not parse, and what does and is odd. */
#define BROKEN(...)                                                                      \
	{                                                                                \
		__VA_ARGS__, false                                                       \
	}
#define ODD(...)                                                                         \
	{                                                                                \
		__VA_ARGS__, true                                                        \
	}

static const struct mistake mistakes[] = {
	BROKEN("title: Returns: how to\n", "yaml-syntax", "Returns: how to",
		"colon and a space", "title: \"Returns: how to\""),
	BROKEN("a: x\ntitle: \"a\": \"b\n", "yaml-syntax", "\"a\": \"b", "continues",
		"title: '\"a\": \"b'"),
	BROKEN("title: \xE2\x80\x9CReturns: how to\xE2\x80\x9D\n", "yaml-syntax",
		"\xE2\x80\x9CReturns: how to\xE2\x80\x9D", "curly quotes",
		"title: \"Returns: how to\""),
	ODD("title: Ticket #4711\n", "yaml-comment-cut", "#4711", "'#'",
		"title: \"Ticket #4711\""),
	ODD("title: #1 of all\n", "yaml-comment-cut", "#1 of all", "'#'",
		"title: \"#1 of all\""),
	ODD("x: [a, b #1\n, c]\n", "yaml-comment-cut", "#1", "'#'", "\"b #1\""),
	BROKEN("a: foo # cut\n  bar\n", "yaml-syntax", "# cut", "begins a comment",
		"whole value"),
	BROKEN("subject: {{x}} of you\n", "yaml-syntax", "{{x}} of you", "'{{'",
		"subject: \"{{x}} of you\""),
	BROKEN("subject: {{x}}\n", "yaml-syntax", "{{x}}", "'{{'", "subject: \"{{x}}\""),
	BROKEN("- {{x}}\n", "yaml-syntax", "{{x}}", "'{{'", "- \"{{x}}\""),
	BROKEN("a: {%x%} b\n", "yaml-syntax", "{%x%} b", "'{'", "a: \"{%x%} b\""),
	BROKEN("a: [beta] New\nb: c\n", "yaml-syntax", "[beta] New", "list",
		"a: \"[beta] New\""),
	BROKEN("a: {b: c} d\n", "yaml-syntax", "{b: c} d", "map", "a: \"{b: c} d\""),
	BROKEN("a: [b, c]]\nd: e\n", "yaml-syntax", "]", "too many", "delete"),
	BROKEN("a: {b: c}}\n", "yaml-syntax", "}", "too many", "delete"),
	BROKEN("a: [\"b\", \"c, \"d\"]\n", "yaml-syntax", "d\"]", "comma",
		"quotes at both ends"),
	BROKEN("a: [\"b\". \"c\"]\n", "yaml-syntax", ". \"c\"]", "comma",
		"quotes at both ends"),
	BROKEN("a: \"b\xE2\x80\x9D\nc: d\n", "yaml-syntax", "\"", "not closed",
		"a: \"b\""),
	BROKEN("title: Sign in owner: me\n", "yaml-syntax", "Sign in owner: me", "colon",
		"if 'owner' is a key, begin a new line"),
	BROKEN("a: [beta, x\nb: c\n", "yaml-syntax", "[", "not closed", "']'"),
	BROKEN("a: {b: c\nd: e\n", "yaml-syntax", "{", "not closed", "'}'"),
	BROKEN("a:\n  [b c: [d\ne: f\n", "yaml-syntax", "[", "not closed", "']'"),
	BROKEN("a: \"foo\nb: c\n", "yaml-syntax", "\"", "not closed", "a: \"foo\""),
	BROKEN("a: \"foo\nb: \"bar\"\n", "yaml-syntax", "\"", "not closed", "a: \"foo\""),
	BROKEN("a: 'foo\nb: c'\nd: e\n", "yaml-syntax", "'", "not closed", "a: \"foo\""),
	BROKEN("a: ['b\nc: d\n", "yaml-syntax", "'", "not closed", "put a '"),
	BROKEN("a: 'What's new'\nb: c\n", "yaml-syntax", "'What's new'", "apostrophe",
		"a: \"What's new\""),
	BROKEN("a: \"say \"hi\" now\"\n", "yaml-syntax", "\"say \"hi\" now\"",
		"quote inside", "a: 'say \"hi\" now'"),
	BROKEN("a: \"x\" and 'y'\n", "yaml-syntax", "\"x\" and 'y'", "continues",
		"a: '\"x\" and ''y'''"),
	BROKEN("a: \"C:\\Users\"\n", "yaml-syntax", "\\U", "backslash", "a: 'C:\\Users'"),
	BROKEN("a: [\"C:\\Users\"]\n", "yaml-syntax", "\\U", "backslash",
		"two backslashes"),
	BROKEN("a: %foo\n", "yaml-syntax", "%foo", "'%'", "a: \"%foo\""),
	BROKEN("a: @foo\n", "yaml-syntax", "@foo", "'@'", "a: \"@foo\""),
	BROKEN("a: `foo`\n", "yaml-syntax", "`foo`", "'`'", "a: \"`foo`\""),
	BROKEN("a: , b\n", "yaml-syntax", ", b", "','", "a: \", b\""),
	BROKEN("a: ? b\n", "yaml-syntax", "? b", "'?'", "a: \"? b\""),
	BROKEN("%a: b\n", "yaml-syntax", "%a: b", "'%'", "delete"),
	BROKEN("a: *foo* bar\n", "yaml-syntax", "*foo* bar", "reference",
		"a: \"*foo* bar\""),
	BROKEN("a: *foo\n", "yaml-syntax", "*foo", "reference", "a: \"*foo\""),
	BROKEN("a: &\xC3\xA9 b\n", "yaml-syntax", "&\xC3\xA9 b", "name for",
		"a: \"&\xC3\xA9 b\""),
	BROKEN("a: !Important\n", "yaml-syntax", "!Important", "type",
		"a: \"!Important\""),
	BROKEN("a: !{x} b\n", "yaml-syntax", "!{x} b", "type", "a: \"!{x} b\""),
	BROKEN("a: > 5 kg\nb: c\n", "yaml-syntax", "> 5 kg", "next line",
		"a: \"> 5 kg\""),
	BROKEN("a: | 5 kg\nb: c\n", "yaml-syntax", "| 5 kg", "next line",
		"a: \"| 5 kg\""),
	BROKEN("a: - b\n", "yaml-syntax", "- b", "line after",
		"'- b' on its own line below 'a:'"),
	BROKEN("a: b\n- c\n", "yaml-syntax", "- c", "list item", "'key:'"),
	BROKEN("a:\n  - b\n  c: d\n", "yaml-syntax", "c: d", "is in a list", "'- '"),
	BROKEN("a: b\n  c: d\n", "yaml-syntax", "c: d", "further than",
		"remove 2 spaces"),
	BROKEN("a: \"b\"\n c: d\n", "yaml-syntax", "c: d", "further than",
		"remove 1 space"),
	BROKEN("a:\n  b: c\n d: e\n", "yaml-syntax", "d: e", "like any line above",
		"line above (2)"),
	BROKEN("a: b\ntext\nc: d\n", "yaml-syntax", "text", "neither", "2 spaces"),
	BROKEN("text\nc: d\n", "yaml-syntax", "text", "neither", "'key: value'"),
	BROKEN("a: b\nc:d\ne: f\n", "yaml-syntax", "c:", "space is missing",
		"write: c: d"),
	BROKEN("c:d\ne: f\n", "yaml-syntax", "c:", "space is missing", "write: c: d"),
	BROKEN("a: b\nc\xEF\xBC\x9A"
	       "d\ne: f\n",
		"yaml-syntax", "c\xEF\xBC\x9A", "wide colon", "write: c: d"),
	BROKEN("a: b\n\tc: d\n", "yaml-tab", "\t", "tab", "two spaces"),
	BROKEN("a:\n \t- d\n", "yaml-tab", "\t", "tab", "two spaces"),
	ODD("a:\n  b: \"c\n \td\"\n", "yaml-tab", "\t", "tab", "at least 3 spaces"),
	ODD("a:\n  b: \"c\n  d\"\n", "yaml-indent", "d\"", "not indented enough",
		"3 spaces"),
	ODD("a: 'b\nc d'\n", "yaml-indent", "c d'", "not indented enough",
		"1 space before"),
	BROKEN("a: b\xE2\x80\xA8"
	       "c\nd: e\n",
		"yaml-syntax", "\xE2\x80\xA8", "invisible", "delete"),
	ODD("a: b\nc: d\na: e\n", "yaml-duplicate-key", "a", "twice", "line 1"),
	BROKEN("a: b\n---\nc: d\n", "yaml-syntax", "---", "second", "delete"),
	BROKEN("a: \x01\n", "yaml-syntax", "\x01", "U+0001", "delete"),
	BROKEN("a: b\xC2\x92s\n", "yaml-syntax", "\xC2\x92", "U+0092", "delete"),
	BROKEN("a: \xC2\n", "encoding-utf8", "\xC2", "UTF-8", "UTF-8"),
	BROKEN("a: \xFF\n", "encoding-utf8", "\xFF", "UTF-8", "UTF-8"),
	BROKEN("a: \xC3\xA9 b: c\n", "yaml-syntax", "\xC3\xA9 b: c", "colon and a space",
		"a: \"\xC3\xA9 b: c\""),
	BROKEN("a: &x [*x]\n", "yaml-syntax", "*x", "inside", ""),
	BROKEN("[a, b]: c\n", "yaml-syntax", "[a, b]: c", "quotes", "\"[a, b]: c\""),
};

static const struct mistake front_mistakes[] = {
	BROKEN("", "frontmatter-missing", "", "no front matter", "three lines"),
	BROKEN("# Title\n", "frontmatter-missing", "", "no front matter", "three lines"),
	BROKEN("\n---\ntitle: x\n---\n", "frontmatter-missing", "", "no front matter",
		"must be the first line"),
	BROKEN("+++\ntitle = 1\n+++\n", "frontmatter-missing", "", "no front matter",
		"TOML"),
	BROKEN("{\"title\": 1}\n", "frontmatter-missing", "", "no front matter", "JSON"),
	BROKEN("----\ntitle: x\n", "frontmatter-missing", "", "no front matter",
		"exactly '---'"),
	BROKEN("title: x\n---\n", "frontmatter-missing", "", "no front matter",
		"below the last key"),
	BROKEN("---\ntitle: x\n\n# Head\n\nText goes here.\n", "frontmatter-unclosed",
		"\n# Head", "not closed", "'---'"),
	BROKEN("---\ntitle: x\n\n# Head\n\nText goes here.\n\n---\n\nmore\n",
		"frontmatter-unclosed", "\n# Head", "not closed", "'---'"),
	BROKEN("---\ntitle: x\nText\n---\n", "yaml-syntax", "Text", "neither",
		"2 spaces"),
	BROKEN("---\ntitle: x\nText\n\nowner: y\n---\n", "yaml-syntax", "Text", "neither",
		"2 spaces"),
	BROKEN("---\n- a\n---\n", "yaml-syntax", "- a", "lines such as", "begin each"),
	ODD("---\na: b\na: c\n---\n", "yaml-duplicate-key", "a", "twice", "line 2"),
};

static void check_mistake(const struct mistake *mistake, struct run *run)
{
	const struct kb_diag *diag = run->diags.items;
	kb_str place;

	if (run->diags.len == 0)
		fail_msg("no finding for: %s", mistake->text);
	if (!run->root != !mistake->parses)
		fail_msg(
			"%s: %s", run->root ? "parses" : "does not parse", mistake->text);
	diag = &run->diags.items[run->diags.len - 1];
	place = kb_str_sub(run->text, diag->range.off, diag->range.off + diag->range.len);
	if (diag->range.len == 0) /* the place before the text */
		place = kb_str_sub(run->text, diag->range.off,
			diag->range.off + strlen(mistake->place));
	if (!kb_str_is(kb_str_of(kb_rule_info(diag->rule)->id), mistake->rule) ||
		!kb_str_is(place, mistake->place) ||
		kb_str_find(diag->message, kb_str_of(mistake->message)) == SIZE_MAX ||
		kb_str_find(diag->hint, kb_str_of(mistake->hint)) == SIZE_MAX)
		fail_msg("%s\nat '%.*s': %.*s [%s]\nhint: %.*s", mistake->text,
			KB_ARG(place), KB_ARG(diag->message),
			kb_rule_info(diag->rule)->id, KB_ARG(diag->hint));
}

static void mistakes_are_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(mistakes); i++) {
		struct run run = run_yaml(kb_str_of(mistakes[i].text));

		check_mistake(&mistakes[i], &run);
		run_end(&run);
	}
	for (size_t i = 0; i < KB_LEN(front_mistakes); i++) {
		struct run run = run_front(kb_str_of(front_mistakes[i].text));

		check_mistake(&front_mistakes[i], &run);
		run_end(&run);
	}
}

/* The same with CRLF, a BOM and letters of two bytes before it. */
static void mistakes_keep_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(mistakes); i++) {
		kb_buf buf = {0};
		struct run run;

		if (strchr("%-[tc", mistakes[i].text[0]))
			continue; /* cannot stand after another key */
		kb_buf_puts(&buf, "\xEF\xBB\xBF"
				  "\xC3\xA9\xF0\x9F\x98\x80: \xC3\xA9\r\n");
		for (const char *p = mistakes[i].text; *p; p++) {
			if (*p == '\n')
				kb_buf_putc(&buf, '\r');
			kb_buf_putc(&buf, *p);
		}
		run = run_yaml(kb_buf_view(&buf));
		assert_true(run.diags.len > 0);
		if (run.diags.items[0].range.len != strlen(mistakes[i].place) ||
			memcmp(buf.data + run.diags.items[0].range.off, mistakes[i].place,
				strlen(mistakes[i].place)))
			fail_msg("another place: %s", mistakes[i].text);
		run_end(&run);
		kb_buf_dispose(&buf);
	}
}

static void clean_yaml(void **state)
{
	static const char *const clean[] = {"a: b # comment\n", "a: \"b\n  c\"\n",
		"a: b\n  c\n", "a: |\n  b: c\n\n  d #4\n", "a: http://x.example/#y\n",
		"a: '#4'\n", "a: b#4\n", "a: [\n  b,\n  c\n]\n", "a: &x b\nc: *x\n",
		"a:\n- b\n- c\n", "'a': !!str 4\n", "a: b\r\nc: 'd\r\n  e'\r\n",
		"a: \"x\n\n  y\"\n", "# only a comment\n", "a: #\n", "a: b ## c\n",
		"--- \na: b\n...\n", "a: \xF0\x9F\x98\x80\n", "a:\tb\n"};

	(void)state;
	for (size_t i = 0; i < KB_LEN(clean); i++) {
		struct run run = run_yaml(kb_str_of(clean[i]));

		if (run.diags.len > 0 || !run.root)
			fail_msg("%s: %.*s", clean[i],
				KB_ARG(run.diags.len ? run.diags.items[0].message
						     : KB_STR("")));
		run_end(&run);
	}
}

static void check_range(
	const struct run *run, const struct kb_node *node, const char *text)
{
	assert_non_null(node);
	assert_str(
		kb_str_sub(run->text, node->range.off, node->range.off + node->range.len),
		text);
}

static void ranges(void **state)
{
	struct run run = run_yaml(KB_STR("\xEF\xBB\xBF# \xC3\xA9\n"
					 "a: caf\xC3\xA9 \xF0\x9F\x98\x80\n"
					 "b: \"q\"\n"
					 "c:\n- x\n- 'y'\n\n"
					 "d: |\n  one\n\n  two\n\n\n"
					 "e: [ p, {q: r} ]\n"
					 "f: &n\n  g: h\n  i:\n"
					 "j: *n\n"
					 "k: !!str 4\n"
					 "l: p\n   q\n\n"
					 "m: []\n"));
	const struct kb_node *root = run.root;

	(void)state;
	assert_non_null(root);
	check_range(&run, kb_node_get(root, "a"), "caf\xC3\xA9 \xF0\x9F\x98\x80");
	check_range(&run, kb_node_get(root, "b"), "\"q\"");
	check_range(&run, kb_node_get(root, "c"), "- x\n- 'y'");
	check_range(&run, kb_node_get(root, "c")->items[1], "'y'");
	check_range(&run, kb_node_get(root, "d"), "|\n  one\n\n  two");
	check_range(&run, kb_node_get(root, "e"), "[ p, {q: r} ]");
	check_range(&run, kb_node_get(root, "e")->items[1], "{q: r}");
	check_range(&run, kb_node_get(root, "f"), "g: h\n  i:");
	check_range(&run, kb_node_get(root, "j"), "*n");
	check_range(&run, kb_node_get(kb_node_get(root, "j"), "g"), "h");
	check_range(&run, kb_node_get(root, "k"), "4");
	check_range(&run, kb_node_get(root, "l"), "p\n   q");
	check_range(&run, kb_node_get(root, "m"), "[]");
	check_range(&run, kb_node_pair(root, "e")->key, "e");
	assert_true(kb_node_get(root, "e")->flow);
	assert_true(kb_node_get(root, "b")->quoted);
	assert_true(kb_node_get(root, "d")->quoted);
	assert_true(kb_node_get(root, "k")->quoted);
	assert_false(kb_node_get(root, "a")->quoted);
	assert_str(kb_node_str(kb_node_get(root, "d")), "one\n\ntwo\n");
	assert_null(kb_node_get(root, "z"));
	run_end(&run);
}

static void values(void **state)
{
	struct run run = run_yaml(
		KB_STR("[true, no, 0x1F, 0o17, -12, 1.50, .5e-3, -.inf, ~, '7']"));
	struct kb_node **item;
	long long n;
	double d;
	bool b;

	(void)state;
	item = run.root->items;
	assert_int_equal(kb_node_bool(item[0], &b), 0);
	assert_true(b);
	assert_int_equal(kb_node_bool(item[1], &b), -1);
	assert_int_equal(kb_node_int(item[2], &n), 0);
	assert_int_equal(n, 31);
	assert_int_equal(kb_node_int(item[3], &n), 0);
	assert_int_equal(n, 15);
	assert_int_equal(kb_node_int(item[4], &n), 0);
	assert_int_equal(n, -12);
	assert_str(kb_node_str(item[5]), "1.50");
	assert_int_equal(kb_node_int(item[5], &n), -1);
	assert_int_equal(kb_node_float(item[5], &d), 0);
	assert_true(d == 1.5);
	assert_int_equal(kb_node_float(item[6], &d), 0);
	assert_int_equal(kb_node_float(item[7], &d), 0);
	assert_true(d < 0);
	assert_true(kb_node_is_null(item[8]));
	assert_int_equal(kb_node_int(item[9], &n), -1);
	run_end(&run);
	run = run_yaml(
		KB_STR("a: 12a\nb: 1.\nc: 99999999999999999999\nd: +\ne: .\nf:\n"));
	assert_int_equal(kb_node_int(kb_node_get(run.root, "a"), &n), -1);
	assert_int_equal(kb_node_float(kb_node_get(run.root, "a"), &d), -1);
	assert_int_equal(kb_node_float(kb_node_get(run.root, "b"), &d), 0);
	assert_int_equal(kb_node_int(kb_node_get(run.root, "c"), &n), -1);
	assert_int_equal(kb_node_float(kb_node_get(run.root, "c"), &d), 0);
	assert_int_equal(kb_node_float(kb_node_get(run.root, "d"), &d), -1);
	assert_int_equal(kb_node_float(kb_node_get(run.root, "e"), &d), -1);
	assert_true(kb_node_is_null(kb_node_get(run.root, "f")));
	run_end(&run);
}

static void front_matter(void **state)
{
	struct run run =
		run_front(KB_STR("\xEF\xBB\xBF---  \r\ntitle: x\r\n--- \r\nbody\r\n"));

	(void)state;
	assert_non_null(run.root);
	check_range(&run, kb_node_get(run.root, "title"), "x");
	assert_str(run.body, "body\r\n");
	assert_str(kb_str_sub(run.text, run.body_off, run.text.len), "body\r\n");
	run_end(&run);

	run = run_front(KB_STR("---\ntext: |\n  ---\n...\nbody"));
	assert_str(kb_node_str(kb_node_get(run.root, "text")), "---\n");
	assert_str(run.body, "body");
	run_end(&run);

	run = run_front(KB_STR("---\n---"));
	assert_non_null(run.root);
	assert_int_equal(run.root->kind, KB_NODE_MAP);
	assert_int_equal(run.root->len, 0);
	assert_int_equal(run.diags.len, 0);
	run_end(&run);

	run = run_front(KB_STR("no front matter"));
	assert_null(run.root);
	assert_str(run.body, "no front matter");
	run_end(&run);
}

static void many_duplicates(void **state)
{
	kb_buf buf = {0};
	struct run run;

	(void)state;
	for (int i = 0; i < 40; i++)
		kb_buf_fmt(&buf, "k%d: v\n", i % 30);
	run = run_yaml(kb_buf_view(&buf));
	assert_int_equal(run.diags.len, 10);
	run_end(&run);
	kb_buf_dispose(&buf);
}

/* Hostile texts end in one finding, or in a tree; the test is that they end soon. */
static void expect_refused(kb_buf *buf, const char *message)
{
	struct run run = run_yaml(kb_buf_view(buf));

	assert_null(run.root);
	assert_int_equal(run.diags.len, 1);
	if (kb_str_find(run.diags.items[0].message, kb_str_of(message)) == SIZE_MAX)
		fail_msg("%.*s", KB_ARG(run.diags.items[0].message));
	run_end(&run);
	kb_buf_dispose(buf);
}

static void hostile(void **state)
{
	kb_buf buf = {0};
	struct run run;

	(void)state;
	kb_buf_puts(&buf, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		kb_buf_fmt(&buf, "a%d: &a%d [", i, i);
		for (int j = 0; j < 9; j++)
			kb_buf_fmt(&buf, "%s*a%d", j ? ", " : "", i - 1);
		kb_buf_puts(&buf, "]\n");
	}
	expect_refused(&buf, "repeat too many values");

	kb_buf_puts(&buf, "a0: &a0 [x]\n");
	for (int i = 1; i < 150; i++)
		kb_buf_fmt(&buf, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	expect_refused(&buf, "repeat too many values");

	for (int i = 0; i < 10000; i++)
		kb_buf_putc(&buf, '[');
	expect_refused(&buf, "nested");
	for (int i = 0; i < 10000; i++)
		kb_buf_puts(&buf, "- ");
	expect_refused(&buf, "nested");
	for (int i = 0; i < 10000; i++)
		kb_buf_puts(&buf, "{a: ");
	expect_refused(&buf, "nested");

	kb_buf_puts(&buf, "a: ");
	for (int i = 0; i < 1 << 20; i++)
		kb_buf_puts(&buf, "0123456789");
	expect_refused(&buf, "larger than");

	kb_buf_puts(&buf, "a: \"");
	for (int i = 0; i < 100000; i++)
		kb_buf_puts(&buf, "b:\n");
	expect_refused(&buf, "not closed");

	kb_buf_add(&buf, "a: \0b\n", 6);
	expect_refused(&buf, "NUL");

	for (int i = 0; i < 20000; i++)
		kb_buf_fmt(&buf, "k%d: [\xC3\xA9, {a: b}]\n", i);
	run = run_yaml(kb_buf_view(&buf));
	assert_non_null(run.root);
	assert_int_equal(run.root->len, 20000);
	run_end(&run);
	kb_buf_dispose(&buf);
}

static void json(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_error err;
	kb_buf deep = {0};
	struct kb_node *root = kb_json_parse(arena,
		KB_STR("{\"z\": [1, \"1\", 1.5, true, null, 123456789012345678901], "
		       "\"a\": {}}"),
		&err);
	const struct kb_node *list = kb_node_get(root, "z");
	long long n;

	(void)state;
	assert_non_null(root);
	assert_str(root->pairs[0].key->value, "z");
	assert_int_equal(kb_node_int(list->items[0], &n), 0);
	assert_int_equal(kb_node_int(list->items[1], &n), -1);
	assert_true(list->items[1]->quoted);
	assert_str(list->items[2]->value, "1.5");
	assert_true(kb_node_is_null(list->items[4]));
	assert_true(list->items[4]->typed);
	assert_non_null(kb_json_parse(arena, KB_STR("\"x\""), &err));
	assert_null(kb_json_parse(arena, KB_STR("{\"a\": 1, \"a\": 2}"), &err));
	assert_non_null(strstr(err.message, "line 1"));
	assert_null(kb_json_parse(arena, KB_STR("{\"a\": 1,\n}"), &err));
	assert_null(kb_json_parse(arena, KB_STR(""), &err));
	for (int i = 0; i < 100000; i++)
		kb_buf_putc(&deep, '[');
	assert_null(kb_json_parse(arena, kb_buf_view(&deep), &err));
	kb_buf_dispose(&deep);
	kb_arena_free(arena);
}

static void json_values(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const kb_str text = KB_STR("{\"z\":[1,\"1\",1.5,true,false,null,\"null\",0,[]],"
				   "\"a\":{\"b\":\"\"}}");
	_cleanup_buf_ kb_buf out = {0};
	const struct kb_value *value, *list;
	struct kb_error err;

	(void)state;
	value = kb_json_value(arena, text, &err);
	assert_non_null(value);
	kb_value_json(value, KB_JSON_LINE, &out);
	assert_str(kb_buf_view(&out), text.data);
	list = kb_value_get(value, KB_STR("z"));
	assert_true(list->items[0]->truth && list->items[2]->truth);
	assert_false(list->items[7]->truth);
	assert_int_equal(list->items[5]->type, KB_VALUE_NULL);
	assert_null(kb_json_value(arena, KB_STR("{\"a\":"), &err));
	assert_non_null(strstr(err.message, "line 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_explained),
		cmocka_unit_test(mistakes_keep_their_place),
		cmocka_unit_test(clean_yaml),
		cmocka_unit_test(ranges),
		cmocka_unit_test(values),
		cmocka_unit_test(front_matter),
		cmocka_unit_test(many_duplicates),
		cmocka_unit_test(hostile),
		cmocka_unit_test(json),
		cmocka_unit_test(json_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
