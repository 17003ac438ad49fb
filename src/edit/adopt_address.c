/* The addresses that a site generator gave the documents. */
#include "adopt.h"

#include <ctype.h>

#include "kb/file.h"
#include "kb/library.h"
#include "kb/unicode.h"

/* A file's path below the content folder, in the parts of an address. */
struct former_parts {
	const struct kb_adoption *a;
	const struct kb_adopt_doc *doc;
	kb_str dir, name, language;
};

static kb_str text_of(const struct former_parts *p, const char *key)
{
	const struct kb_pair *pair = kb_node_pair(p->doc->front, key);

	return pair && pair->value->kind == KB_NODE_SCALAR ? kb_node_str(pair->value)
							   : KB_STR_NULL;
}

/* The document says its address itself, which becomes an alias. */
static bool says_address(const struct former_parts *p)
{
	static const char *const keys[] = {"permalink", "url", "path"};

	for (size_t i = 0; i < KB_LEN(keys); i++)
		if (kb_str_starts(text_of(p, keys[i]), KB_STR("/")))
			return true;
	return false;
}

/* "03-" of "03-install": Docusaurus orders by it. */
static kb_str without_number(kb_str name)
{
	size_t n = 0, end;

	while (n < name.len && isdigit((unsigned char)name.data[n]))
		n++;
	for (end = n; end < name.len && strchr("-_. ", name.data[end]); end++)
		;
	return n && end > n && end < name.len ? kb_str_sub(name, end, name.len) : name;
}

static kb_str part_of(const struct former_parts *p, kb_str name)
{
	char *part;

	if (p->a->generator == KB_ADOPT_DOCUSAURUS)
		return without_number(name);
	if (p->a->generator != KB_ADOPT_HUGO)
		return name;
	name = kb_lower(p->a->arena, name);
	part = kb_arena_copy(p->a->arena, name.data, name.len);
	for (size_t i = 0; i < name.len; i++)
		if (part[i] == ' ')
			part[i] = '-';
	return (kb_str){part, name.len};
}

static bool is_index(const struct former_parts *p)
{
	return kb_str_eq_nocase(p->name, KB_STR("index")) ||
	       (p->a->generator == KB_ADOPT_HUGO
			       ? kb_str_is(p->name, "_index")
			       : kb_str_eq_nocase(p->name, KB_STR("readme"))) ||
	       (p->a->generator == KB_ADOPT_DOCUSAURUS && p->dir.len &&
		       kb_str_eq(without_number(kb_path_base(p->dir)),
			       without_number(p->name)));
}

/* Takes the parts of a path; false if no page came of the file. */
static bool take_parts(struct former_parts *p)
{
	const struct kb_adoption *a = p->a;
	kb_str rest = p->doc->path, stem, first, dir;

	if (a->content_dir.len) {
		if (!kb_str_starts(rest, a->content_dir) ||
			rest.data[a->content_dir.len] != '/')
			return false;
		rest = kb_str_sub(rest, a->content_dir.len + 1, rest.len);
	}
	stem = kb_path_base(rest);
	p->name = kb_str_sub(stem, 0, stem.len - kb_path_ext(stem).len);
	p->dir = kb_path_dir(rest);
	p->language = p->doc->locale;
	if (a->style == KB_ADOPT_FOLDER && p->language.len) {
		dir = p->dir;
		kb_str_next(&dir, '/', &first);
		if (kb_str_eq_nocase(first, p->language))
			p->dir = dir;
	} else if (p->language.len && p->name.len > p->language.len) {
		size_t cut = p->name.len - p->language.len;

		if (kb_str_eq_nocase(kb_str_sub(p->name, cut, p->name.len), p->language))
			p->name = kb_str_sub(p->name, 0,
				cut - (a->style == KB_ADOPT_DOT_LINE ? 2 : 1));
	}
	if (a->generator == KB_ADOPT_JEKYLL && kb_str_starts(p->dir, KB_STR("_")))
		p->dir = kb_str_sub(p->dir, 1, p->dir.len);
	return !kb_str_starts(rest, KB_STR("_posts/"));
}

/* "slug", and in Docusaurus "id", in place of the last part. */
static kb_str own_name(const struct former_parts *p, bool *whole)
{
	kb_str slug =
		p->a->generator == KB_ADOPT_HUGO || p->a->generator == KB_ADOPT_DOCUSAURUS
			? text_of(p, "slug")
			: KB_STR_NULL;

	*whole = p->a->generator == KB_ADOPT_DOCUSAURUS &&
		 kb_str_starts(slug, KB_STR("/"));
	if (!slug.len && p->a->generator == KB_ADOPT_DOCUSAURUS)
		slug = text_of(p, "id");
	return kb_str_is(p->name, "_index") ? KB_STR_NULL : slug;
}

static void put_folders(kb_buf *out, const struct former_parts *p, kb_str dir)
{
	kb_str part;

	while (kb_str_next(&dir, '/', &part))
		if (part.len)
			kb_buf_fmt(out, "%.*s/", KB_ARG(part_of(p, part)));
}

static void put_beginning(kb_buf *out, const struct former_parts *p)
{
	const struct kb_adoption *a = p->a;
	/* Hugo's and Docusaurus' default, whatever most documents are in. */
	bool english =
		a->generator == KB_ADOPT_HUGO || a->generator == KB_ADOPT_DOCUSAURUS;
	kb_str own = a->language.len ? a->language
		     : english	     ? KB_STR("en")
				     : a->locales.items[0].code;
	bool source = kb_str_eq_nocase(p->language, own);

	kb_buf_putc(out, '/');
	if (a->route.len)
		kb_buf_fmt(out, "%.*s/", KB_ARG(a->route));
	if (p->language.len && (!source || a->each_language) &&
		a->generator != KB_ADOPT_JEKYLL)
		kb_buf_fmt(out, "%.*s/", KB_ARG(kb_lower(a->arena, p->language)));
}

/* The address that a document had, in the arena, or empty. */
static kb_str former_address(const struct kb_adoption *a, const struct kb_adopt_doc *doc)
{
	struct former_parts p = {.a = a, .doc = doc};
	_cleanup_buf_ kb_buf out = {0};
	bool whole, index;

	if (!take_parts(&p) || says_address(&p))
		return KB_STR_NULL;
	kb_str name = own_name(&p, &whole);
	index = is_index(&p);
	put_beginning(&out, &p);
	if (whole) {
		kb_buf_str(&out, kb_str_sub(name, 1, name.len));
		return kb_arena_str(a->arena, kb_buf_view(&out));
	}
	/* A page that is its folder gives its name to the folder. */
	put_folders(&out, &p, index && name.len ? kb_path_dir(p.dir) : p.dir);
	if (!index || name.len)
		kb_buf_fmt(&out, "%.*s%s", KB_ARG(name.len ? name : part_of(&p, p.name)),
			a->plain_files			      ? ".html"
			: a->generator == KB_ADOPT_DOCUSAURUS ? ""
							      : "/");
	return kb_arena_str(a->arena, kb_buf_view(&out));
}

static void add_former(struct kb_adoption *a, const struct kb_library *lib, kb_map *seen,
	const struct kb_adopt_doc *from)
{
	const struct kb_document *doc = kb_library_by_path(lib, from->path);
	kb_str address = doc && doc->family ? former_address(a, from) : KB_STR_NULL;
	kb_str now = doc ? kb_arena_fmt(a->arena, "/%.*s/%.*s",
				   KB_ARG(a->locales.items[doc->locale].code),
				   KB_ARG(doc->address))
			 : KB_STR_NULL;

	if (address.len < 2 || kb_str_eq(address, now) || kb_map_has(seen, address) ||
		kb_map_has(&a->aliases, address) || kb_site_has_page(lib, address))
		return;
	kb_map_put(seen, address, a);
	/* By its id, or the page of its language if there are several. */
	kb_vec_push(&a->formers,
		((struct kb_adopt_former){address,
			a->locales.len > 1 ? now : kb_arena_str(a->arena, doc->id)}));
}

int adopt_addresses(struct kb_adoption *a, struct kb_source *source, struct kb_error *err)
{
	const struct kb_library_options options = {.no_store = true};
	struct kb_library *lib = NULL;
	struct kb_diags diags;
	kb_map seen = {0};

	if (!a->generator)
		return 0;
	kb_diags_init(&diags, NULL);
	int failed = kb_library_load(&lib, source, &options, &diags, err);
	for (size_t i = 0; i < a->docs.len && !failed; i++)
		add_former(a, lib, &seen, &a->docs.items[i]);
	kb_map_dispose(&seen);
	kb_diags_dispose(&diags);
	kb_library_free(lib);
	return failed;
}
