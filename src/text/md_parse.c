#include <stdatomic.h>
#include <pthread.h>

#include "md_memory.h"

/*
 * cmark keeps one table of the characters at which its inline parser stops; each
 * parse sets those of its extensions and clears them at its end, so that two
 * threads would clear them for each other. Ours ('{' and two marks) are set once and for
 * all and taken from their extension, which does not ask for them again. The two of the
 * library that have some are given only to texts in which they can find anything,
 * and the inlines of those are parsed one text at a time.
 */
static pthread_mutex_t special_lock = PTHREAD_MUTEX_INITIALIZER;
static cmark_syntax_extension *autolink, *strikethrough, *table, *tasklist;

/*
 * cmark's autolink finds e-mail addresses by a walk over the whole tree, at the end of
 * each parse. Where the library lets us make the extension again, this one does not walk;
 * it is for texts without '@', and without the '&' of an entity that may stand for one.
 */
cmark_syntax_extension *create_autolink_extension(void) __attribute__((weak));
static cmark_syntax_extension *autolink_urls;

enum {
	MEMORY_BASE =
		32 << 20, /* that a tree may take, and how much a byte of text adds */
	MEMORY_PER_BYTE = 128,
	LEAF_SMALL = 512,     /* bytes of a paragraph that are never too much */
	WORK_MAX = 300000000, /* bytes that may be looked at again, in all paragraphs */
};

static void keep_special(char c, cmark_syntax_extension *ext)
{
	cmark_mem *mem = cmark_get_default_mem_allocator();
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	cmark_llist *list = cmark_llist_append(mem, NULL, (void *)(size_t)c);

	cmark_syntax_extension_set_special_inline_chars(ext, list);
	cmark_parser_attach_syntax_extension(parser, ext);
	cmark_manage_extensions_special_characters(parser, 1);
	cmark_syntax_extension_set_special_inline_chars(ext, NULL);
	cmark_llist_free(mem, list);
	cmark_parser_free(parser);
}

static void init(void)
{
	*cmark_get_default_mem_allocator() = (cmark_mem){kb_xcalloc, kb_xresize, free};
	cmark_gfm_core_extensions_ensure_registered();
	autolink = autolink_urls = cmark_find_syntax_extension("autolink");
	if (create_autolink_extension) {
		autolink_urls = create_autolink_extension();
		cmark_syntax_extension_set_postprocess_func(autolink_urls, NULL);
	}
	strikethrough = cmark_find_syntax_extension("strikethrough");
	table = cmark_find_syntax_extension("table");
	tasklist = cmark_find_syntax_extension("tasklist");
	md_ref_init();
	keep_special('{', md_ref_extension(false));
	keep_special(MD_MARK_STAR, md_ref_extension(false));
	keep_special(MD_MARK_TILDE, md_ref_extension(false));
}

void kb_md_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init);
}

struct needs {
	bool tilde;
	cmark_syntax_extension *autolink; /* or NULL */
};

static bool holds(kb_str text, const char *word)
{
	return kb_str_find(text, kb_str_of(word)) != SIZE_MAX;
}

static struct needs needs_of(kb_str text)
{
	static const char tilde[] = {MD_MARK_TILDE, '\0'};
	struct needs needs = {.tilde = holds(text, "~") || holds(text, tilde)};
	bool at = holds(text, "@");

	if (at || holds(text, "://") || holds(text, "www."))
		needs.autolink = at || holds(text, "&") ? autolink : autolink_urls;
	return needs;
}

static cmark_parser *parser_new(struct needs needs, bool literal)
{
	cmark_parser *parser = cmark_parser_new_with_mem(
		CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE, md_mem());

	cmark_parser_attach_syntax_extension(parser, table);
	if (needs.tilde)
		cmark_parser_attach_syntax_extension(parser, strikethrough);
	if (needs.autolink)
		cmark_parser_attach_syntax_extension(parser, needs.autolink);
	cmark_parser_attach_syntax_extension(parser, tasklist);
	cmark_parser_attach_syntax_extension(parser, md_ref_extension(literal));
	return parser;
}

/*
 * How much cmark's inline parser may do for a paragraph, heading or cell: for each
 * character that may begin or end something, it may look at all the others, or at all
 * bytes, again ("<?", "![[]()", "a@").
 */
static uint64_t leaf_work(kb_str s)
{
	uint64_t special = 0;

	if (s.len <= LEAF_SMALL)
		return 0;
	for (size_t i = 0; i < s.len; i++)
		special += s.data[i] == '<' || s.data[i] == '[' || s.data[i] == ']' ||
			   s.data[i] == '*' || s.data[i] == '_' || s.data[i] == '~' ||
			   s.data[i] == MD_MARK_STAR || s.data[i] == MD_MARK_TILDE ||
			   s.data[i] == '@' || s.data[i] == '&' || s.data[i] == '`' ||
			   s.data[i] == ':' || s.data[i] == '{' || s.data[i] == 'w';
	return special * s.len;
}

/* A bound that needs no look at the text: no more of its bytes are special than it has.
 */
static uint64_t work_at_most(kb_str s)
{
	return s.len <= LEAF_SMALL ? 0 : (uint64_t)s.len * s.len;
}

/* The line of the first block for which the work is too much, or 0. Inlines are not
 * parsed yet. */
static int line_of_too_much(cmark_node *root, uint64_t (*work_of)(kb_str leaf))
{
	struct md_walk w = {.root = root};
	uint64_t work = 0;
	int line = 1;

	while (md_walk_next(&w)) {
		cmark_node_type type = cmark_node_get_type(w.node);

		if (!w.entering || type == CMARK_NODE_CODE_BLOCK ||
			type == CMARK_NODE_HTML_BLOCK)
			continue;
		if (cmark_node_get_start_line(w.node) > line)
			line = cmark_node_get_start_line(w.node);
		work += work_of(kb_str_of(cmark_node_get_string_content(w.node)));
		if (work > WORK_MAX)
			return line;
	}
	return 0;
}

/* cmark makes a string of a slice when first asked for it. Ask now, so that the tree is
 * read-only from here on and threads may share it. Returns whether there is raw HTML. */
static bool strings_settle(cmark_node *root)
{
	struct md_walk w = {.root = root};
	bool raw_html = false;
	kb_str name;

	while (md_walk_next(&w)) {
		cmark_node_type type;

		if (!w.entering)
			continue;
		type = cmark_node_get_type(w.node);
		cmark_node_get_literal(w.node);
		if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
			cmark_node_get_url(w.node);
			cmark_node_get_title(w.node);
		} else if (type == CMARK_NODE_CODE_BLOCK) {
			cmark_node_get_fence_info(w.node);
		} else if (type == CMARK_NODE_HTML_BLOCK ||
			   (type == CMARK_NODE_HTML_INLINE &&
				   !md_ref_of(w.node, &name))) {
			raw_html = true;
		}
	}
	return raw_html;
}

/* NULL when the tree outgrew its memory, or the work is too much: *LINE then is the first
 * line of what is. */
static cmark_node *tree_parse(struct kb_md *md, kb_str text, int *line)
{
	const struct needs needs = needs_of(text);
	cmark_parser *volatile parser = NULL;
	cmark_node *volatile root = NULL;
	cmark_node *document;
	volatile bool locked = false;
	jmp_buf stop;

	*line = 0;
	md_memory_begin(md->arena,
		kb_arena_used(md->arena) + MEMORY_BASE + text.len * MEMORY_PER_BYTE,
		&stop);
	if (setjmp(stop) == 0) {
		parser = parser_new(needs, md->syntax->literal);
		document = md_memory_document();
		if (text.len)
			cmark_parser_feed(parser, text.data, text.len);
		/* Else it waits for the rest of the last line. */
		if (text.len && text.data[text.len - 1] != '\n')
			cmark_parser_feed(parser, "\n", 1);
		if (text.len > LEAF_SMALL && line_of_too_much(document, work_at_most))
			*line = line_of_too_much(document, leaf_work);
		if (*line)
			longjmp(stop, 1);
		locked = needs.tilde || needs.autolink;
		if (locked)
			pthread_mutex_lock(&special_lock);
		root = cmark_parser_finish(parser);
		if (locked)
			pthread_mutex_unlock(&special_lock);
		locked = false;
		md->raw_html |= strings_settle(root);
	} else {
		root = NULL;
		if (locked) {
			cmark_manage_extensions_special_characters(parser, 0);
			pthread_mutex_unlock(&special_lock);
		}
	}
	md_memory_end();
	return root;
}

static void cut_at(struct kb_md *md, int line)
{
	size_t from = (size_t)(md_line(md, line).data - md->text.data);

	md_find(md, KB_RULE_MARKDOWN_TOO_COMPLEX,
		(kb_range){md->offset + (uint32_t)from, (uint32_t)(md->text.len - from)},
		KB_STR("put empty lines between its parts, and put signs such as '<', "
		       "'[' and '*' in code"),
		"the paragraph has too many signs, so nothing from here on is shown");
	md->text.len = from;
	md->lines.len = 0;
}

/* Nothing of a text that cannot be parsed within bounds is shown: a part of it might
 * be what its call-outs withhold. */
static void parse_or_empty(struct kb_md *md)
{
	int line;

	md->root = tree_parse(md, md->text, &line);
	while (line) {
		cut_at(md, line);
		md->root = tree_parse(md, md->text, &line);
	}
	if (md->root)
		return;
	md->text.len = 0;
	md_find(md, KB_RULE_MARKDOWN_TOO_COMPLEX, (kb_range){md->offset, 0},
		KB_STR("split the document, and use fewer or shorter link definitions"),
		"the document needs too much memory, so none of it is shown");
	md->root = tree_parse(md, KB_STR(""), &line);
}

/* What the first reading found, [FROM, TO), is found again. */
static void read_again(struct kb_md *md, size_t from, size_t to)
{
	struct md_finding *findings = md->findings.items;

	md->headings.len = md->sections.len = md->footnotes.len = md->lines.len = 0;
	md->tails.len = 0;
	md->below = NULL;
	if (md->findings.len > to)
		memmove(findings + from, findings + to,
			(md->findings.len - to) * sizeof(*findings));
	md->findings.len -= to - from;
	parse_or_empty(md);
	md_line_count(md);
	md_blocks_read(md);
}

static atomic_uint_fast64_t parsed; /* A measurement: nothing depends on it. */

uint64_t kb_md_parsed(void)
{
	return atomic_load_explicit(&parsed, memory_order_relaxed);
}

struct kb_md *kb_md_parse(kb_str body, uint32_t offset, const struct kb_md_syntax *syntax)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_md *md = kb_arena_new_of(arena, struct kb_md);
	size_t guarded, found;

	kb_md_init();
	atomic_fetch_add_explicit(&parsed, 1, memory_order_relaxed);
	md->arena = arena;
	md->syntax = kb_arena_copy(arena, syntax, sizeof(*syntax));
	md->body = body;
	md->offset = offset;
	md_guard(md);
	parse_or_empty(md);
	md_line_count(md);
	guarded = md->findings.len;
	md_blocks_read(md);
	found = md->findings.len;
	if (md_definitions_withhold(md))
		read_again(md, guarded, found);
	return md;
}

void kb_md_free(struct kb_md *md)
{
	if (!md)
		return;
	kb_map_dispose(&md->definitions);
	kb_vec_dispose(&md->lines);
	kb_vec_dispose(&md->headings);
	kb_vec_dispose(&md->sections);
	kb_vec_dispose(&md->footnotes);
	kb_vec_dispose(&md->findings);
	kb_vec_dispose(&md->tails);
	kb_vec_dispose(&md->quoted);
	kb_arena_free(md->arena);
}
