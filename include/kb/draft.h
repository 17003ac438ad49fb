/*
 * Starting documents.
 *
 * A draft is what a new document says of itself. It begins with a type, a locale and an
 * id; then kb_draft_next says what is to be answered, and kb_draft_answer takes an answer
 * once it is right, until nothing is asked for. Answers may come in any order, as from
 * options, and a person may be asked for those that are missing.
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
void kb_draft_dispose(struct kb_draft *draft);
/* What is to be answered next. *OPTIONAL: an empty answer will do. */
enum kb_question kb_draft_next(const struct kb_draft *draft, bool *optional);
/* Takes an answer; issues come one by one. KB_E_USAGE: it is not valid; the message says
 * which may be meant. */
int kb_draft_answer(struct kb_draft *draft, enum kb_question question, kb_str answer,
	struct kb_error *err);

/* Adds the document, in its type's template. */
void kb_edit_new(struct kb_rewrites *rewrites, const struct kb_draft *draft);
/* Adds the start of the translation of a document, which WORD names by its id or its path
 * in any locale: its text, to be translated, and which revision that is. Nothing if it is
 * among the rewrites already. */
int kb_edit_translate(
	struct kb_rewrites *rewrites, kb_str word, uint32_t locale, struct kb_error *err);

#endif
