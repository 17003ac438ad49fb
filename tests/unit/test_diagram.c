#include "unit.h"

#include "kb/diagram.h"

static bool link_id(void *ctx, kb_str url, kb_str *href)
{
	(void)ctx;
	*href = KB_STR("a.html?x=1&y");
	return kb_str_starts(url, KB_STR("id:"));
}

static kb_buf drawn;

static kb_str draw(const char *dot)
{
	const struct kb_diagram_options options = {.title = KB_STR("A \"map\""),
		.id_prefix = KB_STR("d1-"),
		.link = link_id};
	struct kb_error err;

	kb_buf_dispose(&drawn);
	if (kb_diagram_svg(kb_str_of(dot), &options, &drawn, &err))
		fail_msg("%s: %s", dot, err.message);
	return kb_buf_view(&drawn);
}

#define assert_holds(s, part) assert_int_not_equal(kb_str_find(s, KB_STR(part)), SIZE_MAX)
#define assert_lacks(s, part) assert_int_equal(kb_str_find(s, KB_STR(part)), SIZE_MAX)

static void drawing(void **state)
{
	kb_str svg;

	(void)state;
	svg = draw("digraph { a [label=\"Ä & b\" class=\"kb-end-resolved\" id=x] a -> b "
		   "[label=yes style=dashed] }");
	assert_true(
		kb_str_starts(svg, KB_STR("<svg class=\"kb-map\" viewBox=\"0.00 0.00 ")));
	assert_holds(svg, " role=\"img\" aria-label=\"A &quot;map&quot;\">");
	assert_holds(svg, "<g class=\"node kb-end-resolved\" id=\"d1-x\">");
	assert_holds(svg, "<g class=\"node kb-step\" id=\"d1-node2\">");
	assert_holds(svg, ">\xc3\x84 &amp; b</text>");
	assert_holds(svg, "stroke-dasharray");
	assert_lacks(svg, "fill");
	assert_lacks(svg, "stroke=");
	assert_lacks(svg, "font");
	assert_lacks(svg, "<title>");
	assert_lacks(svg, "xlink");
}

/* Letters of the usual size have the style sheet's; others theirs, shrunk as it is. */
static void font_sizes(void **state)
{
	(void)state;
	draw("digraph { a [fontsize=31] b [label=<x<FONT POINT-SIZE=\"8\">y</FONT>>] }");
	assert_holds(kb_buf_view(&drawn), " font-size=\"26.0\">a</text>");
	assert_holds(kb_buf_view(&drawn), " font-size=\"6.7\">y</text>");
	assert_lacks(
		draw("digraph { a -> b [label=x] subgraph cluster_c { label=c d } }"),
		"font");
}

/* What one node says of its looks is not for the others. */
static void defaults(void **state)
{
	kb_str svg;

	(void)state;
	svg = draw("digraph { a [fontsize=31 shape=diamond margin=0]; b -> c "
		   "[fontsize=20 label=x] "
		   "c -> d [label=y] }");
	assert_lacks(svg, "<ellipse");
	svg = kb_str_sub(svg, kb_str_find(svg, KB_STR(">x</text>")), svg.len);
	assert_lacks(svg, "font-size");
}

static void assert_class(const char *source, const char *class)
{
	kb_buf expected = {0};

	kb_buf_fmt(&expected, "<svg class=\"%s\" ", class);
	assert_true(kb_str_starts(draw(source), kb_buf_view(&expected)));
	kb_buf_dispose(&expected);
}

static void wide(void **state)
{
	(void)state;
	assert_class("digraph { a [width=9] }", "kb-map");
	assert_class("digraph { a [width=10] }", "kb-map kb-map-wide");
}

static void links(void **state)
{
	kb_str svg, *urls;
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	svg = draw("digraph { a [URL=\"id:a?b=1&c\"]; b [URL=\"javascript:alert(1)\"] }");
	assert_holds(svg, "<a href=\"a.html?x=1&amp;y\"><polygon");
	assert_holds(svg, "role=\"group\"");
	assert_lacks(svg, "javascript");
	assert_int_equal(
		kb_diagram_urls(arena,
			KB_STR("digraph { a [URL=\"id:a\"] a -> b [href=x] }"), &urls),
		2);
	assert_str(urls[0], "id:a");
	assert_str(urls[1], "x");
	assert_int_equal(kb_diagram_urls(arena, KB_STR("digraph {"), &urls), 0);
	kb_arena_free(arena);
}

/* What the source says of looks and names cannot break out of the drawing. */
static void hostile_source(void **state)
{
	kb_str svg;

	(void)state;
	svg = draw("digraph { bgcolor=\"red\" a [id=\"x\\\"><script>\" "
		   "class=\"kb-\\\"><b> y\" "
		   "label=\"</text><script>1</script>\" tooltip=\"&\" "
		   "fillcolor=\"red:blue\" "
		   "style=filled target=\"_top\"] }");
	assert_lacks(svg, "<script");
	assert_lacks(svg, "red");
	assert_lacks(svg, "_top");
	svg = draw("digraph { subgraph cluster_a { label=<<b>x</b>>; a } }");
	assert_holds(svg, "<g class=\"cluster\" id=\"d1-clust1\">");
}

static void refuse(const char *dot, uint32_t line, const char *words)
{
	struct kb_diagram_options options = {.title = KB_STR("x")};
	struct kb_error err = {0};
	uint32_t at = 99;
	kb_buf out = {0};

	assert_int_equal(kb_diagram_check(kb_str_of(dot), &at, &err), -1);
	assert_int_equal(at, line);
	if (kb_str_find(kb_str_of(err.message), kb_str_of(words)) == SIZE_MAX)
		fail_msg("%s: %s", dot, err.message);
	assert_int_equal(kb_diagram_svg(kb_str_of(dot), &options, &out, &err), -1);
	assert_int_equal(out.len, 0);
}

static void refused(void **state)
{
	kb_buf big = {0};

	(void)state;
	refuse("digraph {\n a -> \n}\n", 3, "syntax error near '}'");
	refuse("", 0, "there is no graph");
	refuse("hello", 1, "syntax error near 'hello'");
	refuse("digraph { a [image=\"/etc/passwd\"] }", 0, "cannot hold images");
	refuse("digraph { a [shapefile=\"x\"] }", 0, "cannot hold images");
	refuse("digraph { a [label=<<IMG SRC=\"x\"/>>] }", 0, "cannot hold images");
	refuse("digraph { _background=\"x\" }", 0, "cannot hold images");
	kb_buf_puts(&big, "digraph {");
	for (int i = 0; i < 300; i++)
		kb_buf_fmt(&big, "n%d;", i);
	kb_buf_puts(&big, "}");
	refuse(big.data, 0, "nodes");
	for (int i = 0; i < 100000; i++)
		kb_buf_putc(&big, ' ');
	refuse(big.data, 0, "larger");
	kb_buf_dispose(&big);
	/* and after all that it still draws */
	draw("digraph { a -> b }");
}

static void same_bytes(void **state)
{
	const char *dot = "digraph { a -> b -> c; a -> c [label=\"W\xc3\xa4hlen Sie\"] }";
	kb_buf first = {0};

	(void)state;
	kb_buf_str(&first, draw(dot));
	assert_true(kb_str_eq(kb_buf_view(&first), draw(dot)));
	kb_buf_dispose(&first);
}

static void quoting(void **state)
{
	kb_buf out = {0}, dot = {0};

	(void)state;
	kb_dot_quote(&out, KB_STR("a \"b\" \\N\nc & &lt;"));
	assert_str(kb_buf_view(&out), "\"a \\\"b\\\" \\\\N\\nc &amp; &amp;lt;\"");
	kb_buf_fmt(&dot, "digraph { x [label=%s] }", out.data);
	assert_holds(draw(dot.data), ">a &quot;b&quot; \\N</text>");
	assert_holds(kb_buf_view(&drawn), ">c &amp; &amp;lt;</text>");
	kb_buf_dispose(&out);
	kb_buf_dispose(&dot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drawing),
		cmocka_unit_test(font_sizes),
		cmocka_unit_test(defaults),
		cmocka_unit_test(wide),
		cmocka_unit_test(links),
		cmocka_unit_test(hostile_source),
		cmocka_unit_test(refused),
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(quoting),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	kb_buf_dispose(&drawn);
	return failed;
}
