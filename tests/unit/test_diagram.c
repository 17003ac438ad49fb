#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "kb/diagram.h"
#include "kb/pool.h"

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
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	uint32_t at = 99;
	kb_buf out = {0};
	kb_str *urls;
	size_t n;

	if (!kb_diagram_check(arena, kb_str_of(dot), &urls, &n, &at, &err))
		fail_msg("drawn: %s", dot);
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
	refuse("", 0, "does not contain a graph");
	refuse("hello", 1, "syntax error near 'hello'");
	refuse("digraph { a [image=\"/etc/passwd\"] }", 0, "cannot contain images");
	refuse("digraph { a [shapefile=\"x\"] }", 0, "cannot contain images");
	refuse("digraph { a [label=<<IMG SRC=\"x\"/>>] }", 0, "cannot contain images");
	refuse("digraph { _background=\"x\" }", 0, "cannot contain images");
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

/* What crashes, loops or takes gigabytes in Graphviz is refused, in little time, and the
 * next drawing is as it would be without it. */
static void out_of_bounds(void **state)
{
	static const char *const bad[] = {"digraph { a -> b [minlen=40000] }",
		"digraph { a [peripheries=1000000000] }",
		"digraph { a [peripheries=1000000] }",
		"digraph { a [shape=polygon sides=100000000] }",
		"digraph { a -> b -> c -> d -> e -> f -> g -> h [minlen=65000] }",
		"digraph { a [label=<<TABLE><TR><TD ROWSPAN=\"60000\" "
		"COLSPAN=\"60000\">x</TD></TR></TABLE>>] }"};
	const char *good = "digraph { a -> b -> c }";
	kb_buf before = {0};
	struct timespec from, to;

	(void)state;
	kb_buf_str(&before, draw(good));
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (size_t i = 0; i < KB_LEN(bad); i++) {
		refuse(bad[i], 0, "this diagram");
		assert_true(kb_str_eq(kb_buf_view(&before), draw(good)));
		kb_diagram_stop();
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(to.tv_sec - from.tv_sec < 120);
	refuse("digraph { a [shape=polygon sides=4 skew=100000000000] }", 0,
		"wider or taller");
	refuse("digraph { a [label=\"&#1;\"] }", 0, "cannot show");
	kb_buf_dispose(&before);
}

/* Drawings that take long are not made one after another for minutes. */
static void slow_ones(void **state)
{
	struct timespec from, to;

	(void)state;
	for (int i = 0; i < 2; i++)
		refuse("digraph { a [peripheries=1000000] }", 0, "");
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 100; i++)
		refuse("digraph { a [peripheries=1000000] }", 0, "others took too long");
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(to.tv_sec - from.tv_sec < 10);
	kb_diagram_stop();
	draw("digraph { a }");
}

/* The process that serves drawings: this one's only child. */
static pid_t server(void)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	if (!f)
		skip();
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid;
}

/* Files that the server has open, and those that are /dev/zero among them. Valgrind keeps
 * its own above the limit that it tells the program. */
static int count_open(int *zero)
{
	char path[300], target[300];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	*zero = 0;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)server());
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		ssize_t len;

		if (atoi(entry->d_name) >= sysconf(_SC_OPEN_MAX))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fd/%.200s", (int)server(),
			entry->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		n++;
		*zero += strcmp(target, "/dev/zero") == 0;
	}
	closedir(dir);
	return n;
}

/* Somebody who waits for the end of a pipe does not wait for the server. */
static void nothing_is_kept_open(void **state)
{
	int low = open("/dev/zero", O_RDONLY), high = fcntl(low, F_DUPFD, 700), zero = 0;

	(void)state;
	kb_diagram_stop();
	kb_diagram_start();
	draw("digraph { a }");
	/* Three to /dev/null, and the socket; that of the drawing closes soon. */
	for (int tries = 0; tries < 1000 && count_open(&zero) != 4; tries++)
		usleep(1000);
	assert_int_equal(count_open(&zero), 4);
	assert_int_equal(zero, 0);
	close(low);
	close(high);
	kb_diagram_stop();
	assert_int_equal(server(), 0);
	draw("digraph { a }");
}

static void started_again(void **state)
{
	kb_buf first = {0};

	(void)state;
	kb_buf_str(&first, draw("digraph { a -> b }"));
	kill(server(), SIGKILL);
	assert_true(kb_str_eq(kb_buf_view(&first), draw("digraph { a -> b }")));
	kb_buf_dispose(&first);
}

static void draw_nth(void *ctx, size_t i, unsigned worker)
{
	kb_buf *out = &((kb_buf *)ctx)[i];
	const struct kb_diagram_options options = {.title = KB_STR("x")};
	kb_buf dot = {0};
	struct kb_error err;

	(void)worker;
	kb_buf_fmt(&dot, "digraph { a%zu -> b -> c%zu }", i % 7, i % 3);
	if (kb_diagram_svg(kb_buf_view(&dot), &options, out, &err))
		kb_buf_puts(out, err.message);
	kb_buf_dispose(&dot);
}

static void in_threads(void **state)
{
	enum { DRAWINGS = 84 };
	kb_buf out[DRAWINGS] = {0};

	(void)state;
	kb_parallel(8, DRAWINGS, draw_nth, out);
	for (size_t i = 0; i < DRAWINGS; i++) {
		assert_true(kb_str_starts(kb_buf_view(&out[i]), KB_STR("<svg")));
		assert_true(kb_str_eq(kb_buf_view(&out[i]), kb_buf_view(&out[i % 21])));
	}
	for (size_t i = 0; i < DRAWINGS; i++)
		kb_buf_dispose(&out[i]);
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
		cmocka_unit_test(out_of_bounds),
		cmocka_unit_test(slow_ones),
		cmocka_unit_test(nothing_is_kept_open),
		cmocka_unit_test(started_again),
		cmocka_unit_test(in_threads),
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(quoting),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	kb_buf_dispose(&drawn);
	return failed;
}
