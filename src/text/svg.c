#include "svg.h"

#include "kb/image.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>

#define SVG_NS "http://www.w3.org/2000/svg"
#define XLINK_NS "http://www.w3.org/1999/xlink"

enum { INPUT_MAX = 8 << 20, ATTRIBUTE_WORK_MAX = 100000000 };

static char *copy_string(const char *s)
{
	return kb_xstrndup(s, strlen(s));
}

static kb_str name_of(const xmlNode *node)
{
	return kb_str_of((const char *)node->name);
}

/* Drawing programs write xmlns="&ns_svg;" and declare the entity. */
static bool is_in_ns(const xmlDoc *doc, const xmlNs *ns, const char *uri)
{
	kb_str href = kb_str_of(ns ? (const char *)ns->href : NULL);
	const xmlEntity *entity;
	xmlChar *name;

	if (!href.len || *href.data != '&')
		return kb_str_is(href, uri);
	name = xmlStrndup(ns->href + 1, (int)href.len - 2);
	entity = xmlGetDocEntity(doc, name);
	xmlFree(name);
	return entity && entity->etype == XML_INTERNAL_GENERAL_ENTITY &&
	       xmlStrEqual(entity->content, BAD_CAST uri);
}

static void parser_init(void)
{
	xmlMemSetup(free, kb_xmalloc, kb_xresize, copy_string);
	xmlInitParser();
}

/*
 * libxml2 compares each attribute of an element with those before it. Does one have so
 * many that this takes long? An attribute has a '=', and its value has no '<'.
 */
static bool has_too_many_attributes(kb_str svg)
{
	size_t in_element = 0, work = 0;

	for (size_t i = 0; i < svg.len && work <= ATTRIBUTE_WORK_MAX; i++) {
		if (svg.data[i] == '<')
			in_element = 0;
		else if (svg.data[i] == '=')
			work += in_element++;
	}
	return work > ATTRIBUTE_WORK_MAX;
}

/* Parses without network, external entities or messages. NULL: no SVG. */
static xmlDoc *svg_parse(kb_str svg, struct kb_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			    XML_PARSE_NOCDATA;
	xmlNode *root;
	xmlDoc *doc;

	pthread_once(&once, parser_init);
	if (svg.len > INPUT_MAX) {
		kb_error_set(err, KB_E_REFUSED, "the SVG is larger than %d MiB",
			INPUT_MAX >> 20);
		return NULL;
	}
	if (has_too_many_attributes(svg)) {
		kb_error_set(err, KB_E_REFUSED, "an element has too many attributes");
		return NULL;
	}
	doc = xmlReadMemory(svg.data ? svg.data : "", (int)svg.len, NULL, NULL, options);
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root || !kb_str_is(name_of(root), "svg") ||
		(root->ns && !is_in_ns(doc, root->ns, SVG_NS))) {
		const xmlError *why = doc ? NULL : xmlGetLastError();

		kb_error_set(err, KB_E_CONFIG,
			why && why->line ? "this is not an SVG file (line %d)"
					 : "this is not an SVG file",
			why ? why->line : 0);
		xmlFreeDoc(doc);
		return NULL;
	}
	return doc;
}

static bool is_any(kb_str s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_is(s, names[i]))
			return true;
	return false;
}

static void attribute_add(kb_buf *out, const char *prefix, kb_str name, kb_str value)
{
	kb_buf_fmt(out, " %s%.*s=\"", prefix, KB_ARG(name));
	kb_buf_html(out, value);
	kb_buf_putc(out, '"');
}

/* Image files */

/* Does CSS, or an attribute's value, point at anything outside of the file? */
static bool loads(kb_str value)
{
	kb_buf plain = {0};
	bool bad = false;
	size_t at = 0, found;
	kb_str s;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 'a' - 'A');
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '"' &&
			c != '\'')
			kb_buf_putc(&plain, c);
	}
	s = kb_buf_view(&plain);
	if (kb_str_find(s, KB_STR("@import")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("javascript:")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("expression(")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("image-set(")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("src(")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("/*")) != SIZE_MAX ||
		kb_str_chr(s, '\\') != SIZE_MAX)
		bad = true;
	while (!bad && (found = kb_str_find(kb_str_sub(s, at, s.len), KB_STR("url("))) !=
			       SIZE_MAX) {
		at += found + 4;
		bad = at >= s.len || s.data[at] != '#';
	}
	kb_buf_dispose(&plain);
	return bad;
}

static bool is_embedded_image(kb_str url)
{
	static const char *const kinds[] = {"data:image/png;base64,",
		"data:image/jpeg;base64,", "data:image/gif;base64,",
		"data:image/webp;base64,"};

	for (size_t i = 0; i < KB_LEN(kinds); i++)
		if (kb_str_starts(url, kb_str_of(kinds[i])))
			return true;
	return false;
}

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int sextet(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Other characters are skipped, as browsers skip spaces. */
static void base64_decode(kb_str text, kb_buf *out)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < text.len && text.data[i] != '='; i++) {
		int value = sextet(text.data[i]);

		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		n += 6;
		if (n >= 8)
			kb_buf_putc(out, (char)(bits >> (n -= 8)));
	}
}

static void base64_encode(kb_str data, kb_buf *out)
{
	for (size_t i = 0; i < data.len; i += 3) {
		size_t n = data.len - i;
		uint32_t bits = 0;

		for (size_t k = i; k < i + 3; k++)
			bits = bits << 8 |
			       (k < data.len ? (unsigned char)data.data[k] : 0);
		kb_buf_putc(out, digits[bits >> 18]);
		kb_buf_putc(out, digits[bits >> 12 & 63]);
		kb_buf_putc(out, n > 1 ? digits[bits >> 6 & 63] : '=');
		kb_buf_putc(out, n > 2 ? digits[bits & 63] : '=');
	}
}

/* Adds the attribute with the image that its data: URL holds, without metadata. One that
 * is broken is left out. */
static void embedded_image_add(kb_buf *out, const char *prefix, kb_str name, kb_str url)
{
	size_t head = kb_str_chr(url, ',') + 1;
	_cleanup_buf_ kb_buf image = {0}, stripped = {0}, clean = {0};

	base64_decode(kb_str_sub(url, head, url.len), &image);
	if (kb_image_strip(kb_buf_view(&image), &stripped, NULL) < 0)
		return;
	kb_buf_str(&clean, kb_str_sub(url, 0, head));
	base64_encode(kb_buf_view(&stripped), &clean);
	attribute_add(out, prefix, name, kb_buf_view(&clean));
}

static bool is_kept(const xmlNode *node)
{
	static const char *const names[] = {"svg", "g", "defs", "symbol", "use", "path",
		"rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
		"tspan", "textPath", "title", "desc", "linearGradient", "radialGradient",
		"stop", "clipPath", "mask", "pattern", "marker", "switch", "style",
		"image", "filter", "feBlend", "feColorMatrix", "feComponentTransfer",
		"feComposite", "feConvolveMatrix", "feDiffuseLighting",
		"feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood",
		"feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge",
		"feMergeNode", "feMorphology", "feOffset", "fePointLight",
		"feSpecularLighting", "feSpotLight", "feTile", "feTurbulence"};

	return (!node->ns || is_in_ns(node->doc, node->ns, SVG_NS)) &&
	       is_any(name_of(node), names, KB_LEN(names));
}

static bool starts_on(kb_str name)
{
	return name.len > 2 && (name.data[0] | 0x20) == 'o' &&
	       (name.data[1] | 0x20) == 'n';
}

static void attribute_clean(const xmlNode *node, const xmlAttr *attr, kb_buf *out)
{
	kb_str name = kb_str_of((const char *)attr->name), value;
	xmlChar *raw;

	if (attr->ns && !is_in_ns(node->doc, attr->ns, XLINK_NS) &&
		!xmlStrEqual(attr->ns->prefix, BAD_CAST "xml"))
		return;
	raw = xmlNodeListGetString(node->doc, attr->children, 1);
	value = kb_str_of(raw ? (const char *)raw : "");
	if (kb_str_is(name, "href")) {
		const char *prefix = attr->ns ? "xlink:" : "";

		if (value.len && *value.data == '#')
			attribute_add(out, prefix, name, value);
		else if (kb_str_is(name_of(node), "image") && is_embedded_image(value))
			embedded_image_add(out, prefix, name, value);
	} else if (attr->ns && is_in_ns(node->doc, attr->ns, XLINK_NS)) {
		/* titles, roles and the like: nothing that is seen */
	} else if (attr->ns) {
		if (kb_str_is(name, "space") || kb_str_is(name, "lang"))
			attribute_add(out, "xml:", name, value);
	} else if (!starts_on(name) && !kb_str_is(name, "src") && !loads(value) &&
		   kb_str_chr(name, ':') == SIZE_MAX) {
		attribute_add(out, "", name, value);
	}
	xmlFree(raw);
}

static void node_clean(const xmlNode *node, kb_buf *out);

static void children_clean(const xmlNode *node, kb_buf *out)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		node_clean(child, out);
}

static void node_clean(const xmlNode *node, kb_buf *out)
{
	kb_str name;

	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
		kb_buf_html(out, kb_str_of((const char *)node->content));
		return;
	}
	if (node->type != XML_ELEMENT_NODE)
		return;
	name = name_of(node);
	if (kb_str_is(name, "a")) {
		children_clean(node, out);
		return;
	}
	if (!is_kept(node))
		return;
	if (kb_str_is(name, "style")) {
		xmlChar *css = xmlNodeGetContent(node);
		bool bad = loads(kb_str_of(css ? (const char *)css : ""));

		xmlFree(css);
		if (bad)
			return;
	}
	kb_buf_fmt(out, "<%.*s", KB_ARG(name));
	if (!node->parent || node->parent->type == XML_DOCUMENT_NODE)
		kb_buf_puts(out, " xmlns=\"" SVG_NS "\" xmlns:xlink=\"" XLINK_NS "\"");
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		attribute_clean(node, attr, out);
	if (node->children) {
		kb_buf_putc(out, '>');
		children_clean(node, out);
		kb_buf_fmt(out, "</%.*s>", KB_ARG(name));
	} else {
		kb_buf_puts(out, "/>");
	}
}

int kb_svg_clean(kb_str svg, kb_buf *out, struct kb_error *err)
{
	xmlDoc *doc = svg_parse(svg, err);

	if (!doc)
		return -1;
	node_clean(xmlDocGetRootElement(doc), out);
	kb_buf_putc(out, '\n');
	xmlFreeDoc(doc);
	return 0;
}

/* Graphs */

struct svg_graph {
	const struct kb_diagram_options *options;
	const kb_str *urls;
	size_t nurls;
	kb_buf *out;
	bool has_links;
};

static kb_str property(const xmlNode *node, const char *name)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (strcmp((const char *)attr->name, name) == 0 && attr->children)
			return kb_str_of((const char *)attr->children->content);
	return KB_STR("");
}

static void classes_add(struct svg_graph *g, const xmlNode *node)
{
	static const char *const kinds[] = {"node", "edge", "cluster"};
	kb_str rest = property(node, "class"), word, first = KB_STR("");
	bool kind = false;

	if (!kb_str_next(&rest, ' ', &first) || !is_any(first, kinds, KB_LEN(kinds)))
		return;
	kb_buf_fmt(g->out, " class=\"%.*s", KB_ARG(first));
	while (kb_str_next(&rest, ' ', &word)) {
		if (!kb_str_starts(word, KB_STR("kb-")))
			continue;
		kind = true;
		kb_buf_putc(g->out, ' ');
		kb_buf_html(g->out, word);
	}
	kb_buf_puts(g->out, !kind && kb_str_is(first, "node") ? " kb-step\"" : "\"");
	if (property(node, "id").len) {
		kb_buf_puts(g->out, " id=\"");
		kb_buf_html(g->out, g->options->id_prefix);
		kb_buf_html(g->out, property(node, "id"));
		kb_buf_putc(g->out, '"');
	}
}

static void shape_attributes(struct svg_graph *g, const xmlNode *node)
{
	static const char *const kept[] = {"points", "d", "cx", "cy", "rx", "ry", "x",
		"y", "x1", "y1", "x2", "y2", "width", "height", "transform",
		"text-anchor", "stroke-dasharray"};

	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		kb_str name = kb_str_of((const char *)attr->name);

		if (!attr->ns && attr->children && is_any(name, kept, KB_LEN(kept)))
			attribute_add(g->out, "", name,
				kb_str_of((const char *)attr->children->content));
	}
}

/* Only what differs from the style sheet's size, which is for the default. */
static void font_size(struct svg_graph *g, const xmlNode *node)
{
	double size = strtod(property(node, "font-size").data, NULL);
	double usual = strtod(KB_DIAGRAM_FONT_SIZE, NULL);

	if (size > 0 && (size < usual || size > usual))
		kb_buf_fmt(g->out, " font-size=\"%.1f\"",
			size * KB_DIAGRAM_FONT_SHOWN / usual);
}

static void graph_node(struct svg_graph *g, const xmlNode *node);

static void graph_children(struct svg_graph *g, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		graph_node(g, child);
}

/* A link is one where the caller knows an address for it. */
static void graph_link(struct svg_graph *g, const xmlNode *node)
{
	kb_str place = property(node, "href"), href;
	size_t i = place.len ? strtoul(place.data, NULL, 10) : SIZE_MAX;
	bool linked = i < g->nurls && g->options->link &&
		      g->options->link(g->options->ctx, g->urls[i], &href);

	if (linked) {
		kb_buf_puts(g->out, "<a");
		attribute_add(g->out, "", KB_STR("href"), href);
		kb_buf_putc(g->out, '>');
		g->has_links = true;
	}
	graph_children(g, node);
	if (linked)
		kb_buf_puts(g->out, "</a>");
}

/* The rectangle that Graphviz draws behind everything. */
static bool is_background(const xmlNode *node)
{
	const xmlNode *before = node->prev;

	while (before &&
		(before->type != XML_ELEMENT_NODE || kb_str_is(name_of(before), "title")))
		before = before->prev;
	return !before && kb_str_is(property(node->parent, "class"), "graph");
}

static void graph_node(struct svg_graph *g, const xmlNode *node)
{
	static const char *const shapes[] = {
		"polygon", "path", "ellipse", "polyline", "text", "g", "tspan"};
	kb_str name;

	if (node->type == XML_TEXT_NODE) {
		if (node->parent && (kb_str_is(name_of(node->parent), "text") ||
					    kb_str_is(name_of(node->parent), "tspan")))
			kb_buf_html(g->out, kb_str_of((const char *)node->content));
		return;
	}
	if (node->type != XML_ELEMENT_NODE)
		return;
	name = name_of(node);
	if (kb_str_is(name, "a")) {
		graph_link(g, node);
		return;
	}
	if (!is_any(name, shapes, KB_LEN(shapes)) ||
		(kb_str_is(name, "polygon") && is_background(node)))
		return;
	if (kb_str_is(name, "g") && kb_str_starts(property(node, "id"), KB_STR("a_"))) {
		graph_children(g, node);
		return;
	}
	kb_buf_fmt(g->out, "<%.*s", KB_ARG(name));
	if (kb_str_is(name, "g"))
		classes_add(g, node);
	shape_attributes(g, node);
	if (kb_str_is(name, "text"))
		font_size(g, node);
	if (!node->children) {
		kb_buf_puts(g->out, "/>");
		return;
	}
	kb_buf_putc(g->out, '>');
	graph_children(g, node);
	kb_buf_fmt(g->out, "</%.*s>", KB_ARG(name));
}

/* A wider map does not shrink to a column: its letters would be smaller than 11 pixels.
 */
enum { WIDE = 680, SIDE_MAX = 100000 };

/* Absurd lengths in Graphviz's output do not make a drawing. */
static bool is_size(double length)
{
	return length >= 0 && length <= SIDE_MAX;
}

static int size_read(kb_str view_box, double *width, double *height, struct kb_error *err)
{
	double x, y;

	if (sscanf(view_box.data, "%lf %lf %lf %lf", &x, &y, width, height) == 4 &&
		is_size(*width) && is_size(*height))
		return 0;
	return kb_error_set(err, KB_E_REFUSED,
		"the drawing is wider or taller than %d points", SIDE_MAX);
}

/* The element's attributes: class, size in pixels (one for each of the drawing's units),
 * text alternative. */
static int root_add(
	const struct svg_graph *g, kb_str view_box, kb_buf *out, struct kb_error *err)
{
	kb_str title = g->options->title;
	double width, height;

	if (size_read(view_box, &width, &height, err))
		return -1;
	kb_buf_puts(out, "<svg");
	attribute_add(out, "", KB_STR("class"),
		width > WIDE ? KB_STR("kb-map kb-map-wide") : KB_STR("kb-map"));
	attribute_add(out, "", KB_STR("viewBox"), view_box);
	kb_buf_fmt(out, " width=\"%ld\" height=\"%ld\"", (long)(width + 0.5),
		(long)(height + 0.5));
	if (title.len) {
		kb_buf_puts(out, g->has_links ? " role=\"group\"" : " role=\"img\"");
		attribute_add(out, "", KB_STR("aria-label"), title);
	} else if (!g->has_links) {
		kb_buf_puts(out, " aria-hidden=\"true\"");
	}
	kb_buf_putc(out, '>');
	return 0;
}

int kb_svg_of_graph(kb_str svg, const kb_str *urls, size_t nurls,
	const struct kb_diagram_options *options, kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf inner = {0};
	struct svg_graph g = {
		.options = options, .urls = urls, .nurls = nurls, .out = &inner};
	xmlDoc *doc = svg_parse(svg, err);
	xmlNode *root;
	int failed;

	if (!doc)
		return -1;
	root = xmlDocGetRootElement(doc);
	graph_children(&g, root);
	failed = root_add(&g, property(root, "viewBox"), out, err);
	if (!failed) {
		kb_buf_str(out, kb_buf_view(&inner));
		kb_buf_puts(out, "</svg>\n");
	}
	xmlFreeDoc(doc);
	return failed;
}
