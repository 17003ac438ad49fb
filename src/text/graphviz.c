#include "graphviz.h"

#include <dlfcn.h>
#include <graphviz/gvc.h>
#include <stdio.h>

#include "svg.h"

enum { SOURCE_MAX = 64 << 10, WORDS_MAX = 900, SVG_MAX = 8 << 20 };

/* What is used of libgvc, libcgraph, and, for pictures, Pango. */
static struct {
	GVC_t *(*context)(const lt_symlist_t *, int);
	int (*layout)(GVC_t *, graph_t *, const char *);
	int (*free_layout)(GVC_t *, graph_t *);
	int (*render)(GVC_t *, graph_t *, const char *, char **, unsigned int *);
	void (*free_data)(char *);
	graph_t *(*read)(const char *);
	int (*close)(graph_t *);
	agerrlevel_t (*errors_below)(agerrlevel_t);
	agusererrf (*errors_to)(agusererrf);
	int (*errors_reset)(void);
	void (*line_set)(int);
	int (*nodes)(graph_t *);
	int (*edges)(graph_t *);
	Agnode_t *(*first_node)(graph_t *);
	Agnode_t *(*next_node)(graph_t *, Agnode_t *);
	Agedge_t *(*first_out)(graph_t *, Agnode_t *);
	Agedge_t *(*next_out)(graph_t *, Agedge_t *);
	graph_t *(*first_subgraph)(graph_t *);
	graph_t *(*next_subgraph)(graph_t *);
	char *(*get)(void *, char *);
	Agsym_t *(*attribute)(graph_t *, int, char *, const char *);
	int (*set)(void *, char *, const char *);
	void *(*fonts)(void);
	void *(*font_context)(void *);
	void *(*text_layout)(void *);
	void (*text_set)(void *, const char *, int);
	int (*boxes)(void *);
} gv;

static GVC_t *context;
static struct kb_error load_error;
static char words[WORDS_MAX]; /* Graphviz's own */
static size_t words_len;

static int words_add(char *s)
{
	size_t len = strlen(s);

	if (len > sizeof(words) - 1 - words_len)
		len = sizeof(words) - 1 - words_len;
	memcpy(words + words_len, s, len);
	words_len += len;
	words[words_len] = '\0';
	return 0;
}

/* Loading */

static void *symbol(void *library, const char *name)
{
	void *p = library ? dlsym(library, name) : NULL;

	if (!p && !load_error.code)
		kb_error_set(&load_error, KB_E_IO,
			"Graphviz cannot be used, so no diagram is drawn (%s): install "
			"libgvc6",
			name);
	return p;
}

/* ISO C has no cast from an object's to a function's pointer. */
#define LOAD(field, library, name)                                                       \
	do {                                                                             \
		void *p_ = symbol(library, name);                                        \
		memcpy(&gv.field, &p_, sizeof p_);                                       \
	} while (0)

static void functions_load(void *gvc, void *cgraph)
{
	LOAD(context, gvc, "gvContextPlugins");
	LOAD(layout, gvc, "gvLayout");
	LOAD(free_layout, gvc, "gvFreeLayout");
	LOAD(render, gvc, "gvRenderData");
	LOAD(free_data, gvc, "gvFreeRenderData");
	LOAD(read, cgraph, "agmemread");
	LOAD(close, cgraph, "agclose");
	LOAD(errors_below, cgraph, "agseterr");
	LOAD(errors_to, cgraph, "agseterrf");
	LOAD(errors_reset, cgraph, "agreseterrors");
	LOAD(line_set, cgraph, "agreadline");
	LOAD(nodes, cgraph, "agnnodes");
	LOAD(edges, cgraph, "agnedges");
	LOAD(first_node, cgraph, "agfstnode");
	LOAD(next_node, cgraph, "agnxtnode");
	LOAD(first_out, cgraph, "agfstout");
	LOAD(next_out, cgraph, "agnxtout");
	LOAD(first_subgraph, cgraph, "agfstsubg");
	LOAD(next_subgraph, cgraph, "agnxtsubg");
	LOAD(get, cgraph, "agget");
	LOAD(attribute, cgraph, "agattr");
	LOAD(set, cgraph, "agset");
}

/* A plugin's library lies in a folder beside libgvc. */
static void *plugin_load(const char *file, const char *name)
{
	void *address, *library;
	char path[4096];
	Dl_info info;
	int len;

	memcpy(&address, &gv.context, sizeof(address));
	if (!address || !dladdr(address, &info))
		return NULL;
	len = (int)(strrchr(info.dli_fname, '/') - info.dli_fname);
	snprintf(path, sizeof(path), "%.*s/graphviz/%s", len, info.dli_fname, file);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	return symbol(library ? library : dlopen(file, RTLD_NOW | RTLD_LOCAL), name);
}

static lt_symlist_t plugins[4];

/* Only the plugins that need no fonts, so that the bytes do not depend on which are
 * there. */
static void load(void)
{

	functions_load(dlopen("libgvc.so.6", RTLD_NOW | RTLD_LOCAL),
		dlopen("libcgraph.so.6", RTLD_NOW | RTLD_LOCAL));
	if (load_error.code)
		return;
	plugins[0] = (lt_symlist_t){"gvplugin_core_LTX_library",
		plugin_load("libgvplugin_core.so.6", "gvplugin_core_LTX_library")};
	plugins[1] = (lt_symlist_t){"gvplugin_dot_layout_LTX_library",
		plugin_load("libgvplugin_dot_layout.so.6",
			"gvplugin_dot_layout_LTX_library")};
	if (load_error.code)
		return;
	context = gv.context(plugins, 0);
	gv.errors_to(words_add);
}

int kb_graphviz_load(struct kb_error *err)
{
	if (!context && !load_error.code)
		load();
	if (load_error.code)
		return kb_error_set(err, load_error.code, "%s", load_error.message);
	return 0;
}

/* Reading */

/* "Error: <unknown>: syntax error in line 3 near '}'" -> 3. */
static uint32_t words_line(void)
{
	const char *p = strstr(words, "line ");

	return p ? (uint32_t)strtoul(p + 5, NULL, 10) : 0;
}

/* The words without what says nothing, on one line; the line's number is told apart. */
static int words_tell(struct kb_error *err, const char *otherwise)
{
	kb_str s = kb_str_trim(kb_str_sub((kb_str){words, words_len}, 0,
		kb_str_chr((kb_str){words, words_len}, '\n')));
	static const char *const drop[] = {
		"Error: ", "Warning: ", "<unknown>: ", "<stdin>: "};
	size_t at, end;

	for (size_t i = 0; i < KB_LEN(drop); i++)
		if (kb_str_starts(s, kb_str_of(drop[i])))
			s = kb_str_sub(s, strlen(drop[i]), s.len);
	if (!s.len)
		return kb_error_set(err, KB_E_CONFIG, "%s", otherwise);
	at = kb_str_find(s, KB_STR(" in line "));
	if (at == SIZE_MAX)
		return kb_error_set(err, KB_E_CONFIG, "%.*s", KB_ARG(s));
	for (end = at + strlen(" in line ");
		end < s.len && s.data[end] >= '0' && s.data[end] <= '9';)
		end++;
	return kb_error_set(err, KB_E_CONFIG, "%.*s%.*s", (int)at, s.data,
		(int)(s.len - end), s.data + end);
}

static bool is_set(void *object, const char *name)
{
	char *value = gv.get(object, (char *)(uintptr_t)name);

	return value && *value;
}

/* Files of the machine have no place in a diagram. */
static int files_refuse(graph_t *g, kb_str dot, struct kb_error *err)
{
	bool bad = is_set(g, "_background") || is_set(g, "imagepath");

	for (size_t i = 0; i + 4 < dot.len; i++)
		bad |= kb_str_eq_nocase(kb_str_sub(dot, i, i + 4), KB_STR("<img"));
	for (Agnode_t *n = gv.first_node(g); n; n = gv.next_node(g, n))
		bad |= is_set(n, "image") || is_set(n, "shapefile");
	return bad ? kb_error_set(err, KB_E_CONFIG, "a diagram cannot contain images")
		   : 0;
}

/* Reads DOT; NULL with the reason in ERR and its line. */
static graph_t *graph_read(kb_str dot, uint32_t *line, struct kb_error *err)
{
	char *copy;
	graph_t *g;

	*line = 0;
	words_len = 0;
	words[0] = '\0';
	if (dot.len > SOURCE_MAX) {
		kb_error_set(err, KB_E_REFUSED,
			"the diagram's source is larger than %d KiB", SOURCE_MAX >> 10);
		return NULL;
	}
	copy = kb_xstrndup(dot.data ? dot.data : "", dot.len);
	gv.line_set(1);
	gv.errors_reset();
	g = gv.read(copy);
	free(copy);
	if (!g || words_len) {
		*line = words_line();
		words_tell(err, "this does not contain a graph: begin with 'digraph {'");
	} else if (gv.nodes(g) > KB_DIAGRAM_NODES_MAX ||
		   gv.edges(g) > KB_DIAGRAM_EDGES_MAX) {
		kb_error_set(err, KB_E_REFUSED,
			"the diagram has more than %d nodes or %d edges",
			KB_DIAGRAM_NODES_MAX, KB_DIAGRAM_EDGES_MAX);
	} else if (files_refuse(g, dot, err) == 0) {
		return g;
	}
	if (g)
		gv.close(g);
	return NULL;
}

/* Addresses */

struct urls {
	kb_buf *list;
	size_t n;
};

/* Adds an object's addresses. In the graph, their places in the list take their place,
 * since Graphviz does not write every address as valid XML. */
static void urls_of(struct urls *urls, void *object)
{
	static const char *const names[] = {"URL", "href", "edgeURL", "edgehref",
		"headURL", "headhref", "tailURL", "tailhref", "labelURL", "labelhref"};

	for (size_t i = 0; i < KB_LEN(names); i++) {
		char *key = (char *)(uintptr_t)names[i], *value = gv.get(object, key),
		     place[24];

		if (!value || !*value)
			continue;
		snprintf(place, sizeof(place), "%zu", urls->n++);
		kb_buf_add(urls->list, value, strlen(value) + 1);
		gv.set(object, key, place);
	}
}

static void graph_urls(graph_t *g, kb_buf *list)
{
	struct urls urls = {.list = list};

	urls_of(&urls, g);
	for (graph_t *sub = gv.first_subgraph(g); sub; sub = gv.next_subgraph(sub))
		urls_of(&urls, sub);
	for (Agnode_t *n = gv.first_node(g); n; n = gv.next_node(g, n)) {
		urls_of(&urls, n);
		for (Agedge_t *e = gv.first_out(g, n); e; e = gv.next_out(g, e))
			urls_of(&urls, e);
	}
}

/* Drawing */

static void set(graph_t *g, int kind, const char *name, const char *value)
{
	gv.attribute(g, kind, (char *)(uintptr_t)name, value);
}

static void set_if_empty(void *object, char *name, const char *value)
{
	if (!is_set(object, name))
		gv.set(object, name, value);
}

/* On each object of which the source does not say it. */
static void set_default(graph_t *g, int kind, const char *name, const char *value)
{
	char *key = (char *)(uintptr_t)name;

	if (!gv.attribute(g, kind, key, NULL)) {
		set(g, kind, name, value);
		return;
	}
	if (kind == AGRAPH)
		set_if_empty(g, key, value);
	for (Agnode_t *n = gv.first_node(g); n && kind != AGRAPH;
		n = gv.next_node(g, n)) {
		if (kind == AGNODE)
			set_if_empty(n, key, value);
		for (Agedge_t *e = gv.first_out(g, n); e && kind == AGEDGE;
			e = gv.next_out(g, e))
			set_if_empty(e, key, value);
	}
}

/* On every object, whatever the source says. */
static void set_all(graph_t *g, const char *name, const char *value)
{
	char *key = (char *)(uintptr_t)name;

	set(g, AGRAPH, name, value);
	set(g, AGNODE, name, value);
	set(g, AGEDGE, name, value);
	for (Agnode_t *n = gv.first_node(g); n; n = gv.next_node(g, n)) {
		gv.set(n, key, value);
		for (Agedge_t *e = gv.first_out(g, n); e; e = gv.next_out(g, e))
			gv.set(e, key, value);
	}
}

/* What the theme's style sheet expects, and limits to the layout's work. */
static void style_set(graph_t *g)
{
	static const int kinds[] = {AGRAPH, AGNODE, AGEDGE};
	bool large = gv.nodes(g) > 40 || gv.edges(g) > 80;

	set_all(g, "fontname", "Helvetica");
	for (size_t i = 0; i < KB_LEN(kinds); i++)
		set_default(g, kinds[i], "fontsize", KB_DIAGRAM_FONT_SIZE);
	set_default(g, AGRAPH, "pad", "0.1");
	set_default(g, AGNODE, "shape", "box");
	set_default(g, AGNODE, "margin", "0.12,0.1");
	set(g, AGRAPH, "nslimit", large ? "2" : "20");
	set(g, AGRAPH, "nslimit1", large ? "2" : "20");
	set(g, AGRAPH, "mclimit", large ? "0.1" : "1");
	set(g, AGRAPH, "searchsize", large ? "10" : "30");
}

static int lay_out(graph_t *g, kb_buf *svg, struct kb_error *err)
{
	unsigned int len = 0;
	char *data = NULL;
	int status = -1;

	style_set(g);
	if (gv.layout(context, g, "dot") || gv.render(context, g, "svg", &data, &len) ||
		!data) {
		words_tell(err, "Graphviz cannot lay out the diagram");
	} else if (len > SVG_MAX) {
		kb_error_set(err, KB_E_REFUSED, "the drawing is larger than %d MiB",
			SVG_MAX >> 20);
	} else {
		kb_buf_add(svg, data, len);
		status = 0;
	}
	if (data)
		gv.free_data(data);
	gv.free_layout(context, g);
	return status;
}

/* Pango draws a box for a letter that no font has. All that a source has besides
 * its letters is ASCII. */
static int letters_check(kb_str dot, struct kb_error *err)
{
	void *pango = dlopen("libpangocairo-1.0.so.0", RTLD_NOW | RTLD_LOCAL), *layout;

	LOAD(fonts, pango, "pango_cairo_font_map_get_default");
	LOAD(font_context, pango, "pango_font_map_create_context");
	LOAD(text_layout, pango, "pango_layout_new");
	LOAD(text_set, pango, "pango_layout_set_text");
	LOAD(boxes, pango, "pango_layout_get_unknown_glyphs_count");
	if (load_error.code)
		return kb_error_set(err, load_error.code, "%s", load_error.message);
	layout = gv.text_layout(gv.font_context(gv.fonts()));
	gv.text_set(layout, dot.data, (int)dot.len);
	return gv.boxes(layout)
		       ? kb_error_set(err, KB_E_NOTFOUND,
				 "no installed font has all of its letters: install "
				 "one, such as fonts-noto-core or fonts-noto-cjk")
		       : 0;
}

/* Only in a process that draws a picture: it is a context of its own, with fonts. */
static int draw_picture(kb_str dot, kb_buf *png, struct kb_error *err)
{
	char *copy = kb_xstrndup(dot.data, dot.len), *data = NULL;
	graph_t *g = gv.read(copy);
	unsigned int len = 0;
	GVC_t *with_fonts;

	plugins[2] = (lt_symlist_t){"gvplugin_pango_LTX_library",
		plugin_load("libgvplugin_pango.so.6", "gvplugin_pango_LTX_library")};
	if (load_error.code)
		return kb_error_set(err, load_error.code, "%s", load_error.message);
	if (letters_check(dot, err))
		return -1;
	with_fonts = gv.context(plugins, 0);
	if (!g || gv.layout(with_fonts, g, "dot") ||
		gv.render(with_fonts, g, "png:cairo", &data, &len) || !data)
		return words_tell(err, "Graphviz cannot draw the picture");
	kb_buf_add(png, data, len);
	gv.free_data(data);
	free(copy);
	return 0;
}

int kb_graphviz_draw(kb_str dot, enum kb_drawing_kind kind, struct kb_drawing *out,
	struct kb_error *err)
{
	graph_t *g;
	int status = 0;

	if (kb_graphviz_load(err))
		return -1;
	if (kind == KB_DRAWING_PNG)
		return draw_picture(dot, &out->data, err);
	g = graph_read(dot, &out->line, err);
	if (!g)
		return -1;
	graph_urls(g, &out->urls);
	if (kind == KB_DRAWING_SVG)
		status = lay_out(g, &out->data, err);
	gv.close(g);
	return status;
}
