/*
 * Markdown (cmark-gfm) as kb's content format has it: GitHub-flavoured, with
 * call-outs, audience and region blocks, {{variables}}, {{> includes}}, heading
 * ids and diagrams.
 *
 * A text is parsed into a struct kb_md, from which facts are taken (once, when a
 * library is loaded) or HTML or plain text is rendered (once per page). Facts have
 * exact ranges in bytes of the file. The tree is freed after either use; see
 * ARCHITECTURE.md for why it is not kept.
 *
 * What a reader may not see is left out by the renderer, and by nobody else: a
 * call-out that names an audience, with the footnotes that only it uses, and any
 * text that might have been meant for an audience, which is an error.
 */
#ifndef KB_MARKDOWN_H
#define KB_MARKDOWN_H

#include "kb/buf.h"
#include "kb/diag.h"

/* The words that configuration gives a meaning. Read-only, shared by threads. */
struct kb_md_syntax {
	const kb_str *audiences; /* most public first */
	size_t naudiences;
	const kb_str *regions; /* codes, "AT" */
	size_t nregions;
	bool literal; /* {{…}} is text (a mount's expand: false) */
	bool steps;   /* facts hold what only a workflow's graph is made of */
};

enum kb_link_kind {
	KB_LINK_LINK,
	KB_LINK_IMAGE,
	KB_LINK_AUTOLINK,   /* <https://…>, bare URL, www., e-mail */
	KB_LINK_HTML,	    /* href of a raw <a> */
	KB_LINK_HTML_IMAGE, /* src of a raw <img>, <source>, … */
};

#define KB_NONE UINT32_MAX

/* Withheld from every reader, because it may be meant for an audience. */
#define KB_AUDIENCE_WITHHELD 255

struct kb_link {
	uint8_t kind;
	uint8_t audience; /* index of the most public audience that sees it */
	bool has_alt;	  /* image: an alternative text that is not empty */
	uint32_t heading; /* index of the heading above it, or KB_NONE */
	kb_str dest;	  /* unescaped, but for \{{ */
	kb_str text; /* an image's alternative text; with `steps` a link's plain text, too
		      * (cut at 200 bytes) */
	kb_range range; /* of the destination in the file; the whole link's if unknown */
};

struct kb_heading {
	uint8_t level;
	uint8_t audience;
	bool explicit_id;
	kb_str text; /* plain */
	kb_str id;   /* unique in the document */
	kb_range range;
};

struct kb_anchor { /* <a id="x"> or another element's id */
	kb_str id;
	uint8_t audience;
	kb_range range;
};

enum kb_ref_kind { KB_REF_VARIABLE, KB_REF_INCLUDE };

struct kb_ref { /* {{name}}, {{> name}} */
	uint8_t kind;
	uint8_t audience;
	uint32_t section; /* index into sections; 0: before the first level-2 heading */
	kb_str name;
	kb_range range;
};

struct kb_callout {
	uint8_t audience; /* that the marker names, or the one around it */
	bool alert;	  /* NOTE, TIP, IMPORTANT, WARNING, CAUTION */
	bool region;
	kb_str marker; /* "AGENTS" */
	kb_range range;
};

struct kb_fence { /* ```dot Title and ```journey Title */
	kb_str lang;
	kb_str title;
	kb_str code;
	uint8_t audience;
	kb_range range;	     /* of the code */
	kb_range info_range; /* of the line after the backticks */
};

struct kb_item {       /* of the last top-level list of a section */
	uint32_t link; /* the link that the item begins with, or KB_NONE */
	kb_str note;   /* plain text after that link, without a leading dash */
	kb_str text;   /* of one that begins with none: plain text up to its first link */
	kb_range range;
	kb_range
		below; /* what is in the item below its first paragraph; empty: nothing */
};

/* What stands from one level-2 heading to the next; the first one has no heading. */
struct kb_section {
	uint32_t heading;      /* KB_NONE: before the first level-2 heading */
	bool empty;	       /* nothing but the heading */
	struct kb_item *items; /* with `steps` */
	uint32_t nitems;
	uint32_t links_from, links_to; /* its part of facts.links, half open */
};

/* Texts hold {{…}}, and \{{ where one is literal: kb_md_expand makes them what is shown.
 */
struct kb_md_facts {
	struct kb_heading *headings;
	struct kb_link *links;
	struct kb_anchor *anchors;
	struct kb_ref *refs;
	struct kb_callout *callouts;
	struct kb_fence *fences;
	struct kb_section *sections; /* at least one */
	uint32_t nheadings, nlinks, nanchors, nrefs, ncallouts, nfences, nsections;
	kb_str lead; /* plain text of the first paragraph for everybody, at most 300 bytes
		      */
	bool raw_html;
	bool empty; /* no text at all */
	bool opens; /* the first block is a heading of words; only comments are before it
		     */
};

struct kb_md;

/* Registers cmark's extensions. Call it once, before the first thread starts. */
void kb_md_init(void);

/*
 * Parses BODY, which begins OFFSET bytes into the file. It is borrowed until kb_md_free,
 * and so is what SYNTAX points to. Never NULL; text that would take unbounded time or
 * memory (a table of thousands of columns, deep nesting) is cut down first, with a
 * finding (markdown-too-complex) when the facts are taken.
 */
struct kb_md *kb_md_parse(
	kb_str body, uint32_t offset, const struct kb_md_syntax *syntax);
/* Frees the tree; NULL is fine. */
void kb_md_free(struct kb_md *md);
/* How many texts this process has parsed so far. */
uint64_t kb_md_parsed(void);
static inline void kb_cleanup_md(struct kb_md **p)
{
	kb_md_free(*p);
}

/* Takes the facts, with findings about the text itself (call-outs, ids, headings). */
void kb_md_facts(struct kb_md *md, struct kb_arena *arena, struct kb_md_facts *out,
	kb_str path, struct kb_diags *diags);

/* What the renderer asks its caller. All strings must live until rendering ends. */
struct kb_md_href {
	kb_str href;
	kb_str lang;		/* of the target when it is another; or empty */
	kb_str cls;		/* a class, or empty */
	kb_str title;		/* replaces the link's own when not empty */
	uint32_t width, height; /* of an image; 0: unknown */
	bool external;
};

struct kb_md_hooks {
	void *ctx;
	/* Resolves a destination ({{…}} already expanded). False: the text stays, the
	 * link goes (an image: its alternative text stays). */
	bool (*link)(void *ctx, kb_str dest, bool image, struct kb_md_href *out);
	/* A variable's or placeholder's value as text. False: {{name}} stays as it is.
	 * *placeholder: mark it up as <span class="kb-ph" data-ph="…">. */
	bool (*variable)(void *ctx, kb_str name, kb_str *value, bool *placeholder);
	/* A snippet: its parsed text and the hooks that its own links need; the caller
	 * keeps both. False: the paragraph is left out. Recursion is the callee's to
	 * stop. */
	bool (*include)(void *ctx, kb_str name, struct kb_md **md,
		const struct kb_md_hooks **hooks);
	/* A call-out's label ("Note", "For agents", "Österreich") by its marker, and
	 * strings of the interface: "table", "task_done", "task_open", "footnotes",
	 * "footnote_back". Empty: an English one. Asked of the page's own hooks, never of
	 * a snippet's. */
	kb_str (*label)(void *ctx, kb_str marker);
	/* A fenced block of this language, as HTML; false: an ordinary code block. */
	bool (*fence)(void *ctx, kb_str lang, kb_str title, kb_str code, kb_buf *out);
};

enum { KB_MD_ALL = -1 };

struct kb_md_options {
	int section;	  /* KB_MD_ALL or an index */
	bool no_heading;  /* a section without its own heading */
	bool no_title;	  /* without the heading that the text opens with, if any */
	bool no_list;	  /* a section without its last list (a step's answers) */
	bool no_callouts; /* leave out every call-out (a reply's notes to the agent) */
	bool only_callouts;
	unsigned audience; /* index: blocks for more trusted ones are withheld */
	int heading_shift; /* added to levels; at most 6 */
	kb_str id_prefix;  /* before ids that the renderer makes (footnotes) */
	kb_str footnotes_label;
	char section_end; /* Markdown: a control character to put after each section; or 0
			   */
	size_t max_output; /* 0: 16 MiB */
	const struct kb_md_hooks *hooks;
};

/*
 * Safe HTML: raw HTML is reduced to the allow-list, over the whole of it, and no
 * script can come of any input. Returns -1 when the output passed its maximum.
 */
int kb_md_html(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);
/* Plain text, as one pastes it into a chat: lists with '-' or numbers, links as
 * 'text (href)' or the text alone when they are the same. */
int kb_md_text(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* Markdown that any reader of GitHub's knows: snippets and variables are put in,
 * call-outs for an audience or a region are quotes under their label, drawn blocks leave
 * their title, and of raw HTML its text stays. */
int kb_md_markdown(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* Appends text, and an address in an attribute, as the HTML has them. */
void kb_md_put_text(kb_buf *out, kb_str text);
void kb_md_put_url(kb_buf *out, kb_str url);
/* The same of a line's text in Markdown, but not in a table. */
void kb_md_put_markdown(kb_buf *out, kb_str text);
/* A code block of TEXT, between lines of more backticks than TEXT has in a row. */
void kb_md_put_code(kb_buf *out, kb_str text);
/* Does a template language of another program write a part of the destination? LITERAL:
 * kb fills in no {{…}}. */
bool kb_md_dest_is_foreign(kb_str dest, bool literal);
/* Does the URL have no scheme, or one that a page may contain? */
bool kb_url_is_safe(kb_str url);
/* Plain text of a one-line string such as a title: expands {{…}} by the hooks' variable.
 */
void kb_md_expand(kb_str text, const struct kb_md_hooks *hooks, kb_buf *out);
/* The {{names}} in a one-line string; ranges count from BASE. */
size_t kb_md_refs(
	struct kb_arena *arena, kb_str text, uint32_t base, struct kb_ref **out);

#endif
