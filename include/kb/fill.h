/*
 * Filling in replies: the text of a template for a channel, with values for its
 * placeholders, ready to send to a customer. Call-outs are notes to the agent and are
 * left out. Links lead to pages of the public site, in the reply's language.
 */
#ifndef KB_FILL_H
#define KB_FILL_H

#include "kb/render.h"
#include "kb/value.h"

struct kb_fill_value {
	kb_str name, value;
};

struct kb_fill {
	const struct kb_document *doc;	  /* a reply */
	const struct kb_channel *channel; /* NULL: the text for the rest */
	const struct kb_fill_value *values;
	size_t nvalues;
	bool examples; /* use the examples for values that are not given */
};

struct kb_filled {
	kb_str subject;	   /* e-mail only; may be empty */
	kb_str text;	   /* plain */
	kb_str html;	   /* empty for a plain channel */
	size_t length;	   /* of the plain text, in characters */
	uint32_t segments; /* SMS that it takes, where the channel limits them; else 0 */
	bool ucs2;
	bool too_long;	  /* for the channel */
	kb_strs missing;  /* required placeholders in the text without a value, or with
			     spaces only; the text keeps their {{name}} */
	kb_strs invented; /* those that the text uses and an example fills */
};

/* Does the reply have a text for the channel: its own, or the one for the other channels?
 */
bool kb_reply_serves(const struct kb_document *doc, const struct kb_channel *channel);

/*
 * Fills it in; strings are in ARENA. A value of no placeholder, or one that is not among
 * its choices, is KB_E_USAGE, a document that cannot be read KB_E_IO.
 */
int kb_reply_fill(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, struct kb_arena *arena, struct kb_filled *out,
	struct kb_error *err);
/* A hash of all that kb_reply_fill_text's result depends on, without values given. */
struct kb_hash kb_reply_fill_sign(
	const struct kb_library *lib, const struct kb_fill *fill, struct kb_arena *arena);
/* The same, but makes only the plain text, for callers that count it. */
int kb_reply_fill_text(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, struct kb_arena *arena, struct kb_filled *out,
	struct kb_error *err);

/* Sets the members of MAP that describe a filled reply: subject, text, html, the examples
 * it was filled with, length and segments. */
void kb_filled_value(
	const struct kb_filled *filled, struct kb_arena *arena, struct kb_value *map);

#endif
