/*
 * What the Markdown adapter's own files share: the parsed text, what is known of
 * its blocks beside cmark's tree, and the walk through it.
 *
 * The tree's memory is the arena's. A block of which more is known than cmark says
 * (a heading's id, who may see a quote) has a struct md_block as its user data.
 *
 * Text that cmark is given may differ from the file's in single bytes, never in
 * length up to where it is cut: see md_guard.c. The marks it then holds are below
 * and are turned back by whoever takes text out of the tree.
 */
#ifndef MD_TREE_H
#define MD_TREE_H

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include "kb/map.h"
#include "kb/markdown.h"
#include "kb/vec.h"

enum {
	MD_MARK_SPACE = 0x01,  /* a space inside {{ }} in a link's destination */
	MD_MARK_ESCAPE = 0x02, /* the backslash of \{{ */
	MD_MARK_COLON = 0x03,  /* a colon that must not make a link definition */
	MD_MARK_STAR = 0x04,   /* a '*' or '~' between characters of a script without */
	MD_MARK_TILDE = 0x05,  /* spaces: see md_emphasis.c */
	MD_MARK_BAD = 0x1a,    /* a control character, a byte that is not UTF-8 */
};

enum md_kind { MD_PLAIN, MD_ALERT, MD_AUDIENCE, MD_REGION, MD_UNKNOWN };

struct md_block {
	uint8_t kind;	  /* of a quote */
	uint8_t audience; /* that sees it: the strictest of its own and those around it;
			   * set by md_audience_set alone */
	bool one_line;	  /* text follows the marker on its line */
	kb_str marker;	  /* of a call-out: "AGENTS" */
	uint32_t heading; /* index, of a heading */
};

/* In a build for debugging, kb does the work that `withholds` saves, and the program
 * ends if it finds that the flag is wrong. */
#ifdef KB_ARENA_DEBUG
enum { MD_CHECKED = 1 };
#else
enum { MD_CHECKED = 0 };
#endif

struct md_heading {
	cmark_node *node;
	kb_str text;
	kb_str id;
	bool explicit_id;
	uint8_t audience;
};

struct md_section { /* [first, end) among the root's children; both may be NULL */
	cmark_node *first;
	cmark_node *end;
	uint32_t heading; /* KB_NONE in the first */
};

struct md_footnote { /* in the order of cmark's numbers, which count from 1 */
	cmark_node *node;
	uint8_t place;	  /* audience of the block that its source is in */
	uint8_t audience; /* that sees both it and a reference to it */
};

struct md_finding {
	enum kb_rule rule;
	kb_range range; /* of the file */
	kb_str message;
	kb_str hint;
	kb_range edit; /* of the file, and what puts it right; len 0: none */
	kb_str text;
};

struct md_tail { /* a line directly below a block that is not for everybody */
	cmark_node *block;
	int line;
};

struct kb_md {
	struct kb_arena *arena;
	const struct kb_md_syntax *syntax;
	kb_str body; /* as given */
	kb_str text; /* as cmark saw it */
	uint32_t offset;
	cmark_node *root;
	bool raw_html;
	bool withholds;	    /* a block's audience was not 0, or lines below a block are
			     * withheld;     else no block is asked whom it is for */
	kb_map definitions; /* of links, by label; read when first asked for */
	bool definitions_read;
	struct {
		KB_VEC(uint32_t);
	} lines; /* where each line of the text begins */
	struct {
		KB_VEC(struct md_heading);
	} headings;
	struct {
		KB_VEC(struct md_section);
	} sections;
	struct {
		KB_VEC(struct md_footnote);
	} footnotes;
	struct {
		KB_VEC(struct md_finding);
	} findings;
	struct {
		KB_VEC(struct md_tail);
	} tails;
	struct {
		KB_VEC(int);
	} quoted;	/* lines of quotes that may open with a marker */
	uint8_t *below; /* of each line, from 1: is it withheld whatever it is? or NULL */
};

/* A walk that enters and leaves each node below ROOT, itself included, without
 * recursion. Set `skip` while entering to leave a node's children out. */
struct md_walk {
	cmark_node *root;
	cmark_node *node;
	bool entering;
	bool skip;
};

static inline bool md_walk_next(struct md_walk *w)
{
	cmark_node *next;

	if (!w->node) {
		w->node = w->root;
		w->entering = true;
		return w->node != NULL;
	}
	if (w->entering) {
		next = w->skip ? NULL : cmark_node_first_child(w->node);
		w->skip = false;
		if (next)
			w->node = next;
		else
			w->entering = false;
		return true;
	}
	if (w->node == w->root)
		return false;
	next = cmark_node_next(w->node);
	w->entering = next != NULL;
	w->node = next ? next : cmark_node_parent(w->node);
	return true;
}

static inline bool md_is_inline(cmark_node *node)
{
	return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) ==
	       CMARK_NODE_TYPE_INLINE;
}

/* A block that holds no blocks. */
static inline bool md_is_leaf(cmark_node *node)
{
	cmark_node *child = cmark_node_first_child(node);

	return !child || md_is_inline(child);
}

static inline kb_str md_literal(cmark_node *node)
{
	return kb_str_of(cmark_node_get_literal(node));
}

static inline struct md_block *md_block_of(cmark_node *node)
{
	return cmark_node_get_user_data(node);
}

extern cmark_node_type CMARK_NODE_TABLE, CMARK_NODE_TABLE_ROW, CMARK_NODE_TABLE_CELL,
	CMARK_NODE_STRIKETHROUGH;

/* md_memory.c: the allocator of the arena whose text this thread is parsing. */
cmark_mem *md_mem(void);

/* md_tree.c */
/* The sign for which MARK is in the text; 0 if it is for none, or for several. */
char md_mark_sign(char mark);
/* Adds a finding, which is valid until the next one. */
struct md_finding *md_find(struct kb_md *md, enum kb_rule rule, kb_range range,
	kb_str hint, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* What is known of a block, added when it is not there. */
struct md_block *md_block_new(struct kb_md *md, cmark_node *node);
/* From now on BLOCK is for AUDIENCE. */
void md_audience_set(struct kb_md *md, struct md_block *block, uint8_t audience);
/* Something is withheld: ends the program when the text does not say so. */
static inline void md_check_withholds(const struct kb_md *md)
{
	if (!md->withholds)
		abort();
}
/* From now on nobody sees NODE. */
void md_withhold(struct kb_md *md, cmark_node *node);
/* The strictest audience of the blocks that NODE is in. */
uint8_t md_audience_of(const struct kb_md *md, cmark_node *node);
/* Makes two nodes of a text node, the second of them from OFF on. */
void md_text_split(struct kb_md *md, cmark_node *text, size_t off);

/* md_ref.c: {{…}} and {#id} as nodes of their own. */
enum md_ref { MD_REF_NONE, MD_REF_VARIABLE, MD_REF_INCLUDE, MD_REF_ID };
void md_ref_init(void);
/* LITERAL: the one that knows {#id} only. */
cmark_syntax_extension *md_ref_extension(bool literal);
/* Is NODE one, and what name does it hold? */
enum md_ref md_ref_of(cmark_node *node, kb_str *name);
/* Reads the {{…}} that S has at OFF; its length, or 0. */
size_t md_ref_scan(kb_str s, size_t off, kb_str *name);
/* Is it what Hugo's {{< name >}} and {{% name %}} have between the braces? */
bool md_ref_is_foreign(kb_str name);
/* The snippet that a paragraph is nothing but an include of. */
bool md_include_of(cmark_node *paragraph, kb_str *name);

/* md_guard.c: sets md->text. */
void md_guard(struct kb_md *md);

/* md_blocks.c: headings, sections, footnotes, and who may see what. */
void md_blocks_read(struct kb_md *md);
/* The heading of words alone that the text opens with, behind comments at most; or NULL.
 */
cmark_node *md_opening_heading(const struct kb_md *md);
/* A section's answers, where it has some. */
cmark_node *md_last_list(const struct md_section *s);
bool md_task_is_done(struct kb_md *md, cmark_node *item);
struct md_footnote *md_footnote_of(struct kb_md *md, cmark_node *reference);

/* md_marker.c */
/* The kind of the marker [!WORD]; of an audience's also its number. */
enum md_kind md_marker_kind(struct kb_md *md, kb_str word, uint8_t *audience);
/* An audience's name as a marker has it. */
kb_str md_marker_upper(struct kb_md *md, kb_str word);
/* The kind of the known marker that MARK, what follows '[!', comes nearest to. */
enum md_kind md_marker_meant(struct kb_md *md, kb_str mark, kb_str *nearest);

/* md_callout.c: marks quotes and what must be withheld. AROUND: audience of the parent.
 */
void md_callout_read(struct kb_md *md, cmark_node *quote, uint8_t around);
void md_leaf_read(struct kb_md *md, cmark_node *leaf, uint8_t around);
/* The last inline of the marker with which PARAGRAPH begins; NULL: it has none. */
cmark_node *md_marker_end(cmark_node *paragraph);

/* md_tail.c: what is directly below a block that is not for everybody. */
/* Notes what is below BLOCK, or in a PARAGRAPH of an audience's block without its '>'. */
void md_tail_read(struct kb_md *md, cmark_node *block);
void md_lazy_read(struct kb_md *md, cmark_node *paragraph);
/* Withholds all that was noted. */
void md_tails_withhold(struct kb_md *md);
/* The lines to withhold whatever they are, from now on some; and what is on them. */
uint8_t *md_below(struct kb_md *md);
void md_below_withhold(struct kb_md *md);

/* md_source.c: audiences' quotes as the source has them. */
/* Notes that a LINE of a quote may open with a marker; TEXT: what follows its '>'. */
void md_source_note(struct kb_md *md, int line, kb_str text);
/* Withholds what the tree gave to too many. */
void md_source_withhold(struct kb_md *md);

/* md_definition.c: makes text of the link definitions in blocks that are not for
 * everybody; true when there were some, and the text must be parsed again. */
bool md_definitions_withhold(struct kb_md *md);
/* Is what the line has at OFF a definition whose label is a marker, or in a quote an
 * audience's word? COLON: the offset of its ':'. */
bool md_definition_is_marker(struct kb_md *md, size_t off, bool quoted, size_t *colon);

/* md_place.c: where things stand. */
uint32_t md_line_count(struct kb_md *md);
kb_str md_line(
	struct kb_md *md, int line); /* of the text, counted from 1, without its end */
kb_range md_lines_range(struct kb_md *md, int first, int last); /* in the file */

/* The first line of a block and its last one that is not empty, also where cmark does not
 * say so; of a quote, the last one with its '>'. */
int md_first_line(cmark_node *node);
int md_last_line(struct kb_md *md, cmark_node *node);
/* Takes up to MAX '>' and the space around them off; how many there were. */
int md_skip_quotes(kb_str *line, int max);
/* Fenced code whose end is written. */
bool md_fence_is_closed(struct kb_md *md, cmark_node *node);

/* md_tag.c: tags of raw HTML as they are written. */
struct md_tag {
	char name[12]; /* in lower case; empty when longer than any that is known */
	bool closing, self_closing;
	bool unclosed; /* it would be a tag if it had an end */
	kb_str attributes;
	size_t len; /* of the tag, '<' and '>' included */
};
/* Reads the tag that S has at OFF. */
bool md_tag_read(kb_str s, size_t off, struct md_tag *tag);
/* Takes the next attribute; values are as written, without their quotes. */
bool md_attribute_next(kb_str *rest, kb_str *name, kb_str *value);
bool md_tag_attribute(const struct md_tag *tag, const char *name, kb_str *value);
/* Bytes of a comment, declaration or the like at OFF, or 0. */
size_t md_tag_skip(kb_str s, size_t off);
/* Does it end a line, wherever it is? */
bool md_tag_breaks(const struct md_tag *tag);
/* Is the text between its tags code? */
bool md_tag_is_code(const char *name);
/* Bytes from OFF to behind the end tag of NAME, or to the end. */
size_t md_tag_code(kb_str s, size_t off, const char *name);
/* The node that ends the code which an inline tag such as <script> begins, or NULL. */
cmark_node *md_tag_code_end(cmark_node *node);
/* A value with its entities turned to characters, as far as that needs no table. */
kb_str md_unescape(struct kb_arena *arena, kb_str value);

/* md_emphasis.c */
enum { MD_EMPHASIS_MAX = 3 }; /* signs of one run that are looked at */

/* Is the run of signs [FROM, TO) of S inside a text that has no spaces? */
bool md_emphasis_is_inner(kb_str s, size_t from, size_t to);
/* The text of the run of MARK at which the inline parser is, as a delimiter. */
cmark_node *md_emphasis_match(cmark_inline_parser *inl, unsigned char mark);

/* md_plain.c */
/* Adds a node's text without markup; {{…}} and the guard's marks stay. */
void md_plain_add(kb_buf *out, const struct kb_md *md, cmark_node *node);
/* Adds S with the guard's marks turned back; in code a backslash stays one. */
void md_text_add(kb_buf *out, kb_str s, bool code);
kb_str md_text_of(struct kb_arena *arena, kb_str s, bool code);
/* Expands the {{…}} of a destination or title (ESCAPE: what makes one literal). */
void md_expand(kb_str s, char escape, const struct kb_md_hooks *hooks, kb_buf *out);

#endif
