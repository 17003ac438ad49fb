/*
 * What the files that take facts from a tree share.
 */
#ifndef MD_FACTS_H
#define MD_FACTS_H

#include "md_place.h"

enum { MD_FACT_TEXT_MAX = 200 };

/* Markup of other programs; the first two are those of links, too. */
enum md_foreign {
	MD_FOREIGN_SHORTCODE,
	MD_FOREIGN_TAG,
	MD_FOREIGN_ATTRIBUTES,
	MD_FOREIGN_COLONS,
	MD_FOREIGN_MARKS,
	MD_FOREIGN_TABS,
	MD_FOREIGN_WIKI,
	MD_FOREIGN_CONTENTS,
	MD_FOREIGN_DIRECTIVE,
	MD_FOREIGN_IMPORT,
	MD_FOREIGN_COMPONENT,
	MD_FOREIGN_LINK,
	MD_FOREIGN_KINDS
};

struct md_facts {
	struct kb_md *md;
	struct kb_arena *arena;
	uint32_t section, heading;
	uint8_t audience; /* of the leaf being read */
	bool has_text;
	struct {
		uint32_t n;
		kb_range range; /* of the first */
	} foreign[MD_FOREIGN_KINDS];
	uint32_t guesses; /* at the label that brackets may mean */
	uint32_t told;	  /* findings about leftovers and removed HTML */
	kb_str lead;
	struct {
		KB_VEC(struct kb_heading);
	} headings;
	struct {
		KB_VEC(struct kb_link);
	} links;
	struct {
		KB_VEC(cmark_node *);
	} link_nodes;
	struct {
		KB_VEC(struct kb_anchor);
	} anchors;
	struct {
		KB_VEC(struct kb_ref);
	} refs;
	struct {
		KB_VEC(struct kb_callout);
	} callouts;
	struct {
		KB_VEC(struct kb_fence);
	} fences;
	struct {
		KB_VEC(struct kb_section);
	} sections;
};

/* md_fact.c */
/* At most MAX bytes of whole characters, space at the ends and marks taken off. */
kb_str md_fact_text(struct kb_arena *arena, kb_str s, size_t max);
/* May one more finding of a kind that a text can have any number of be made? */
bool md_fact_may_tell(struct md_facts *f);
/* Adds a link; NODE tells the answers of a list apart. */
struct kb_link *md_fact_link(struct md_facts *f, uint8_t kind, cmark_node *node);
/* Adds a reference of the part of the text that is being read. */
void md_fact_ref(struct md_facts *f, uint8_t kind, kb_str name, kb_range range);
/* Adds the {{…}} in a part of the file as references. */
void md_fact_refs(struct md_facts *f, kb_range range);

/* md_facts_raw.c */
/* Reads the part of the cursor's content from FROM to TO, which is raw HTML. */
void md_fact_raw(struct md_facts *f, const struct md_cursor *cur, cmark_node *node,
	size_t from, size_t to);
/* Reads a block of it, by a cursor at its beginning. */
void md_fact_raw_block(
	struct md_facts *f, const struct md_cursor *cur, cmark_node *block);

/* md_foreign.c: markup of other programs. */
/* May CONTENT, of a paragraph, heading or cell, have some? */
bool md_foreign_may(kb_str content);
/* MASK as md_leftover_read has it. */
void md_foreign_read(struct md_facts *f, const struct md_cursor *cur, const char *mask);
/* A tag of raw HTML, which S begins with. */
void md_foreign_tag(
	struct md_facts *f, kb_str s, const struct md_tag *tag, kb_range range);
/* Adds the findings, one for each kind. */
void md_foreign_tell(struct md_facts *f);

/* md_leftover.c: Markdown that is shown as it is typed. */
/* Is any text in LEAF worth a closer look? Is TEXT? */
bool md_leftover_may_any(cmark_node *leaf);
bool md_leftover_may(cmark_node *leaf, cmark_node *text);
/* A mask of CONTENT in which nothing is known to be text yet. */
char *md_leftover_mask(struct md_facts *f, kb_str content);
/* Tells the mask that a part is plain text. */
void md_leftover_text(char *mask, kb_str content, size_t from, size_t to);
/* CUR: one that went through the whole content. */
void md_leftover_read(struct md_facts *f, const struct md_cursor *cur, const char *mask);
/* A fenced block that nothing closes. */
void md_leftover_fence(struct md_facts *f, cmark_node *fence);

#endif
