/*
 * A document's text outside a site: in a terminal, an email, or JSON.
 *
 * Variables and snippets are filled in. Links lead to pages of the public site; if there
 * is no such page, only their text stays. Images become their alternative text.
 */
#ifndef KB_RENDER_H
#define KB_RENDER_H

#include "kb/library.h"

struct kb_render;

struct kb_render_options {
	uint32_t locale;   /* the reader's: of snippets, variables, linked pages */
	unsigned audience; /* blocks for more trusted ones are left out */
	/* A placeholder's value, asked before variables. False: it is not one, or stays
	 * as
	 * {{name}}. May be NULL. */
	bool (*placeholder)(void *ctx, kb_str name, kb_str *value);
	void *ctx;
};

struct kb_render_part {	       /* {0}: the whole text */
	uint32_t from, to;     /* sections, half open; to 0: all */
	bool no_first_heading; /* without the heading of the first one */
	bool no_list;	       /* a step without its answers */
	bool no_callouts;
};

/* Reads and parses the document; LIB and READER are borrowed until it is closed. */
int kb_render_open(struct kb_render **out, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_document *doc,
	const struct kb_render_options *options, struct kb_error *err);
/* Frees it; strings that it made stay. */
void kb_render_close(struct kb_render *render);
static inline void kb_cleanup_render(struct kb_render **p)
{
	kb_render_close(*p);
}

/* Each renders the part as plain text or as HTML. Strings are in ARENA, without white
 * space at their ends. Fails if the result is too large. */
int kb_render_text(struct kb_render *render, const struct kb_render_part *part,
	struct kb_arena *arena, kb_str *out, struct kb_error *err);
int kb_render_html(struct kb_render *render, const struct kb_render_part *part,
	struct kb_arena *arena, kb_str *out, struct kb_error *err);
/* A one-line string such as a title. */
kb_str kb_render_line(struct kb_render *render, struct kb_arena *arena, kb_str line);

/* A hash of everything that the text shows with OPTIONS, made without reading the text:
 * from the facts, and from the answers to what the renderer asks about other documents.
 */
struct kb_hash kb_render_sign(const struct kb_library *lib, const struct kb_document *doc,
	const struct kb_render_options *options);

/* The address of a document on the public site, for a reader of LOCALE; empty when it has
 * none there, or kb.yaml no base_url. */
kb_str kb_public_url(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_family *family, uint32_t locale, kb_str fragment);

#endif
