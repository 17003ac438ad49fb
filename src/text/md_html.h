/*
 * What the files of the HTML renderer share.
 */
#ifndef MD_HTML_H
#define MD_HTML_H

#include "kb/map.h"
#include "md_tree.h"

enum { MD_RAW_OPEN_MAX = 64, MD_INLINE_DEPTH_MAX = 48, MD_INCLUDE_DEPTH_MAX = 16 };

struct md_note { /* a footnote that the page refers to, in the page's order */
	struct kb_md *md;
	const struct kb_md_hooks *hooks;
	const struct md_footnote *footnote;
	uint32_t references;
};

struct md_raw_stack { /* raw elements that are open */
	char names[MD_RAW_OPEN_MAX][12];
	uint32_t len;
};

struct md_render {
	const struct kb_md_options *options;
	struct kb_md *md; /* the text, or the snippet, being rendered */
	const struct kb_md_hooks *hooks;
	kb_buf body;
	struct kb_arena *arena;
	bool raw;      /* raw HTML was written */
	bool in_tbody; /* a table's <tbody> is open; its first rows may be withheld */
	uint32_t includes, inline_depth, callouts;
	struct md_raw_stack raw_blocks, raw_inlines;
	struct {
		KB_VEC(struct md_note);
	} notes;
	struct {
		KB_VEC(kb_str);
	} slots; /* what the fence hook made, put in at the very end */
	kb_map ids;
};

/* md_attribute.c */
void md_escape(struct md_render *r, kb_str s, bool code);
/* ` name="value"`, escaped. */
void md_attribute(struct md_render *r, const char *name, kb_str value);
/* S, of a destination or title, with its {{…}} expanded. */
kb_str md_expanded(struct md_render *r, kb_str s);
/* The id, or empty when the page has it already. */
kb_str md_id_new(struct md_render *r, kb_str id, bool number);
/* Resolves a destination; false when there must be no link. */
bool md_href(struct md_render *r, kb_str dest, bool image, struct kb_md_href *out);
void md_href_attributes(struct md_render *r, const struct kb_md_href *href, kb_str title);
/* An image's tag; false when its file is not to be had. */
bool md_image_tag(struct md_render *r, const struct kb_md_href *href, kb_str alt);

/* md_inline.c */
void md_inlines(struct md_render *r, cmark_node *first);
/* The string of an interface, or call-out's, name. */
kb_str md_label(struct md_render *r, kb_str key, const char *otherwise);

/* md_raw.c */
void md_raw(struct md_render *r, kb_str s, struct md_raw_stack *open);
void md_raw_close(struct md_render *r, struct md_raw_stack *open, uint32_t down_to);

#endif
