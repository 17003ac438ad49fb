/*
 * Proves that a published site holds together: parses every page with libxml2 and
 * finds for each href, src, srcset, refresh and sitemap entry the file, and for each
 * fragment the id, that it leads to. Absolute paths are below the path of BASE_URL.
 * usage: site_links DIR [BASE_URL]
 * Prints broken links and a summary, and ends with 1 if there are any.
 */
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "kb/file.h"
#include "kb/map.h"
#include "kb/vec.h"

static struct kb_arena *arena;
static kb_str root, base, base_path;
static kb_map files;  /* path -> "" */
static kb_map ids;    /* "path#id" -> "" */
static kb_strs pages; /* paths of HTML files */
static unsigned long checked, broken;

static int note_file(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	kb_str rel = kb_arena_str(arena, kb_str_of(path + root.len + 1));

	(void)st;
	(void)ftw;
	if (flag != FTW_F)
		return 0;
	kb_map_put(&files, rel, "");
	if (kb_str_ends(rel, KB_STR(".html")))
		kb_vec_push(&pages, rel);
	return 0;
}

static kb_str percent_decode(kb_str s)
{
	char *out = kb_arena_alloc(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned value;

		if (s.data[i] == '%' && i + 2 < s.len &&
			sscanf(s.data + i + 1, "%2x", &value) == 1) {
			out[n++] = (char)value;
			i += 2;
		} else {
			out[n++] = s.data[i];
		}
	}
	return (kb_str){out, n};
}

static void report(kb_str page, kb_str url, const char *why)
{
	printf("%.*s: %.*s: %s\n", KB_ARG(page), KB_ARG(url), why);
	broken++;
}

static bool is_page_of_folder(kb_str path, kb_str *out)
{
	*out = path.len ? kb_arena_fmt(arena, "%.*s/index.html", KB_ARG(path))
			: KB_STR("index.html");
	return kb_map_has(&files, *out);
}

static void check_url(kb_str page, kb_str url)
{
	size_t hash = kb_str_chr(url, '#'), query;
	kb_str path = kb_str_sub(url, 0, hash);
	kb_str fragment = hash == SIZE_MAX
				  ? KB_STR("")
				  : percent_decode(kb_str_sub(url, hash + 1, url.len));
	kb_str target = page, index;
	size_t colon;

	if (base.len && kb_str_starts(path, base))
		path = kb_str_sub(path, base.len, path.len);
	else if (base_path.len && kb_str_starts(path, KB_STR("/")))
		path = kb_str_starts(path, base_path)
			       ? kb_str_sub(path, base_path.len, path.len)
			       : KB_STR("../");
	query = kb_str_chr(path, '?');
	path = kb_str_sub(path, 0, query);
	colon = kb_str_chr(path, ':');
	if (kb_str_starts(path, KB_STR("//")) ||
		(colon != SIZE_MAX && colon < kb_str_chr(path, '/')))
		return;
	checked++;
	if (path.len) {
		if (!kb_path_join(
			    arena, kb_path_dir(page), percent_decode(path), &target)) {
			report(page, url, "leaves the site");
			return;
		}
		if (is_page_of_folder(target, &index))
			target = index;
	}
	if (!kb_map_has(&files, target))
		report(page, url, "no such file");
	else if (fragment.len && kb_str_ends(target, KB_STR(".html")) &&
		 !kb_map_has(&ids, kb_arena_fmt(arena, "%.*s#%.*s", KB_ARG(target),
					   KB_ARG(fragment))))
		report(page, url, "no such id");
}

static kb_str attribute(xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
	kb_str copy = KB_STR_NULL;

	if (value)
		copy = kb_arena_str(arena, kb_str_of((const char *)value));
	xmlFree(value);
	return copy;
}

static void note_id(kb_str page, xmlNode *node)
{
	kb_str id = attribute(node, "id"), key;

	if (!id.data)
		return;
	key = kb_arena_fmt(arena, "%.*s#%.*s", KB_ARG(page), KB_ARG(id));
	if (kb_map_has(&ids, key))
		report(page, id, "the id stands twice");
	kb_map_put(&ids, key, "");
}

static void check_refresh(kb_str page, xmlNode *node)
{
	kb_str content = attribute(node, "content");
	size_t at = kb_str_find(content, KB_STR("url="));

	if (kb_str_eq_nocase(attribute(node, "http-equiv"), KB_STR("refresh")) &&
		at != SIZE_MAX)
		check_url(page, kb_str_sub(content, at + 4, content.len));
}

static void check_node(kb_str page, xmlNode *node)
{
	kb_str href = attribute(node, "href"), src = attribute(node, "src"), part;
	kb_str xlink = attribute(node, "xlink:href");

	if (href.data)
		check_url(page, kb_str_trim(href));
	if (xlink.data)
		check_url(page, kb_str_trim(xlink));
	if (src.data)
		check_url(page, kb_str_trim(src));
	for (kb_str set = attribute(node, "srcset"); kb_str_next(&set, ',', &part);) {
		part = kb_str_trim(part);
		check_url(page, kb_str_sub(part, 0, kb_str_chr(part, ' ')));
	}
	if (xmlStrcasecmp(node->name, (const xmlChar *)"meta") == 0)
		check_refresh(page, node);
}

static void each_element(kb_str page, xmlNode *node, void (*visit)(kb_str, xmlNode *))
{
	for (; node; node = node->next) {
		if (node->type == XML_ELEMENT_NODE)
			visit(page, node);
		each_element(page, node->children, visit);
	}
}

static void each_page(void (*visit)(kb_str, xmlNode *))
{
	for (size_t i = 0; i < pages.len; i++) {
		kb_str file = kb_arena_fmt(
			arena, "%.*s/%.*s", KB_ARG(root), KB_ARG(pages.items[i]));
		htmlDocPtr doc = htmlReadFile(file.data, "UTF-8",
			HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				HTML_PARSE_NONET);

		if (!doc)
			report(pages.items[i], KB_STR(""), "cannot be parsed");
		else
			each_element(pages.items[i], xmlDocGetRootElement(doc), visit);
		xmlFreeDoc(doc);
	}
}

static void check_loc(kb_str page, xmlNode *node)
{
	xmlChar *text;

	if (xmlStrcmp(node->name, (const xmlChar *)"loc") != 0)
		return;
	text = xmlNodeGetContent(node);
	check_url(page, kb_arena_str(arena, kb_str_of((const char *)text)));
	xmlFree(text);
}

static void check_sitemap(kb_str name)
{
	kb_str file = kb_arena_fmt(arena, "%.*s/%.*s", KB_ARG(root), KB_ARG(name));
	xmlDocPtr doc;

	if (!kb_map_has(&files, name))
		return;
	doc = xmlReadFile(file.data, NULL, XML_PARSE_NONET);
	if (!doc)
		report(name, KB_STR(""), "is not well-formed");
	else
		each_element(name, xmlDocGetRootElement(doc), check_loc);
	xmlFreeDoc(doc);
}

/* "/help" of https://example.com/help. */
static kb_str path_of(kb_str url)
{
	size_t host = kb_str_find(url, KB_STR("://")), slash;

	if (host == SIZE_MAX)
		return KB_STR("");
	url = kb_str_sub(url, host + 3, url.len);
	slash = kb_str_chr(url, '/');
	return slash == SIZE_MAX ? KB_STR("") : kb_str_sub(url, slash, url.len);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: site_links DIR [BASE_URL]\n", stderr);
		return 2;
	}
	arena = kb_arena_new();
	root = kb_str_of(argv[1]);
	if (root.len > 1 && kb_str_ends(root, KB_STR("/")))
		root.len--;
	root = kb_arena_str(arena, root);
	base = argc > 2 ? kb_str_of(argv[2]) : KB_STR("");
	base_path = path_of(base);
	if (nftw(root.data, note_file, 16, FTW_PHYS) < 0) {
		perror(argv[1]);
		return 2;
	}
	each_page(note_id);
	each_page(check_node);
	check_sitemap(KB_STR("sitemap.xml"));
	printf("%zu pages, %lu links, %lu broken\n", pages.len, checked, broken);
	kb_vec_dispose(&pages);
	kb_map_dispose(&files);
	kb_map_dispose(&ids);
	kb_arena_free(arena);
	xmlCleanupParser();
	return broken ? 1 : 0;
}
