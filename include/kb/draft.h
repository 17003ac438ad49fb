/*
 * Starting documents.
 *
 * A draft has what the front matter of a new document says. It begins with a type, a
 * locale and an id. kb_draft_next says which answer is missing, and kb_draft_answer
 * accepts valid answers, until nothing is missing. Answers may come in any order:
 * first those from options, then those that a person is asked for.
 *
 *	enum kb_question question;
 *	bool optional;
 *	while ((question = kb_draft_next(&draft, &optional)) != KB_ASK_NOTHING)
 *		kb_draft_answer(&draft, question, ask(question), &err);
 *	kb_edit_new(&rewrites, &draft);
 */
#ifndef KB_DRAFT_H
#define KB_DRAFT_H

#include "kb/edit.h"

enum kb_question { KB_ASK_TITLE, KB_ASK_OWNER, KB_ASK_ISSUE, KB_ASK_NOTHING };

struct kb_draft {
	const struct kb_library *lib;
	struct kb_arena *arena;
	enum kb_type type;
	uint32_t locale;
	kb_str id, path; /* both are free */
	kb_str title, summary, owner;
	kb_str question; /* of an article, or empty */
	kb_str *keywords;
	size_t nkeywords;
	kb_strs issues;
	bool has_owner; /* the configuration gives one to documents there */
	unsigned asked; /* 1 << question that has an answer, an empty one too */
};

/* Begins a document. WORDS is its id or what it is about, "How to descale", which makes
 * an id and a title. Everything is in ARENA, but for the issues. */
int kb_draft_init(struct kb_draft *draft, const struct kb_library *lib,
	struct kb_arena *arena, enum kb_type type, uint32_t locale, kb_str words,
	struct kb_error *err);
/* Frees the list of issues; all else is in the arena. */
void kb_draft_dispose(struct kb_draft *draft);
/* The next question. *OPTIONAL: an empty answer is allowed. */
enum kb_question kb_draft_next(const struct kb_draft *draft, bool *optional);
/* Takes an answer; issues come one by one. Fails with KB_E_USAGE if it is not
 * valid; the message suggests answers. */
int kb_draft_answer(struct kb_draft *draft, enum kb_question question, kb_str answer,
	struct kb_error *err);

/* Adds the document, in its type's template. */
void kb_edit_new(struct kb_rewrites *rewrites, const struct kb_draft *draft);
/* Adds a translation of the document that WORD names by its id, or by its path in any
 * locale: a file with the text to translate and the revision of the source. Adds nothing
 * if the rewrites have that file already. */
int kb_edit_translate(
	struct kb_rewrites *rewrites, kb_str word, uint32_t locale, struct kb_error *err);

#endif
