/*
 * Which issues texts are about: documents, or what customers wrote.
 *
 *	kb_suggestions_init(&suggestions, lib, audience, 3, arena);
 *	kb_suggest_text(&suggestions, KB_STR("text"), words, locale);
 *	... suggestions.items[0].guesses
 *	kb_suggestions_dispose(&suggestions);
 */
#ifndef KB_SUGGEST_H
#define KB_SUGGEST_H

#include "kb/classify.h"
#include "kb/operand.h"
#include "kb/value.h"

struct kb_suggestion {
	kb_str source;		  /* a path, or what the caller calls the text */
	kb_str excerpt;		  /* in one line; of a document, its title */
	struct kb_guess *guesses; /* best first */
	size_t n;		  /* 0: no word of the text is known */
	enum kb_certainty certainty;
	uint32_t locale; /* whose words were looked for */
	/* The locale whose language the text is in, if that is not the language that was
	 * expected; KB_NONE. Of a document it is not looked at. */
	uint32_t reads_like;
	bool empty; /* There is no text. */
};

/* What is proposed is in ARENA. */
struct kb_suggestions {
	const struct kb_library *lib;
	struct kb_arena *arena;
	unsigned audience;
	size_t most;			    /* guesses for each */
	struct kb_classifier **classifiers; /* by locale, made when asked for */
	KB_VEC(struct kb_suggestion);
};

/* AUDIENCE: for which issues are proposed. MOST: issues for each text. */
void kb_suggestions_init(struct kb_suggestions *suggestions, const struct kb_library *lib,
	unsigned audience, size_t most, struct kb_arena *arena);
/* Frees the list and the classifiers; what was proposed stays in the arena. */
void kb_suggestions_dispose(struct kb_suggestions *suggestions);
/* Add what a text of a customer in the locale is about, and a document. Strings are
 * copied. */
void kb_suggest_text(
	struct kb_suggestions *suggestions, kb_str source, kb_str text, uint32_t locale);
/* The same for a text that may be in any language of the configuration: the source
 * locale's is expected. */
void kb_suggest_any(struct kb_suggestions *suggestions, kb_str source, kb_str text);
void kb_suggest_document(struct kb_suggestions *suggestions, struct kb_reader *reader,
	const struct kb_document *doc);
/* Of a table (see kb/csv.h), each row's text in the column. -1: there is no such one. */
int kb_suggest_column(struct kb_suggestions *suggestions, kb_str table,
	const char *column, uint32_t locale, struct kb_error *err);
/* Adds to DOCS all that could be about an issue and are about none. */
void kb_documents_without_issue(const struct kb_library *lib, kb_docs *docs);

/* Sets the members of ROOT that schemas/output/suggest.json describes. */
void kb_suggestions_value(const struct kb_suggestions *suggestions,
	struct kb_arena *arena, struct kb_value *root);

#endif
