/*
 * What the files that take facts from a tree share.
 */
#ifndef MD_FACTS_H
#define MD_FACTS_H

#include "md_place.h"

enum { MD_FACT_TEXT_MAX = 200 };

struct md_facts {
	struct kb_md *md;
	struct kb_arena *arena;
	uint32_t section, heading;
	uint8_t audience; /* of the leaf being read */
	bool has_text;
	uint32_t told; /* findings of what is left over or taken out */
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

/* md_facts_raw.c */
/* Reads the part of the cursor's content from FROM to TO, which is raw HTML. */
void md_fact_raw(struct md_facts *f, const struct md_cursor *cur, cmark_node *node,
	size_t from, size_t to);
/* Reads a block of it, by a cursor at its beginning. */
void md_fact_raw_block(
	struct md_facts *f, const struct md_cursor *cur, cmark_node *block);

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
