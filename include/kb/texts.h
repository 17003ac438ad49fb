/*
 * Texts that stay parsed after their facts were read, within a limit of memory, so that
 * one run parses a text only once although several parts of kb need the Markdown.
 */
#ifndef KB_TEXTS_H
#define KB_TEXTS_H

#include "kb/buf.h"
#include "kb/markdown.h"

struct kb_texts;

/* BUDGET: bytes that all of them may take. */
struct kb_texts *kb_texts_new(size_t budget);
/* NULL is fine. */
void kb_texts_free(struct kb_texts *texts);

/* Takes over MD and the bytes FILE that it borrows, and leaves FILE empty. False when
 * less than RESERVE bytes of the budget would be left, or one of that path is kept: they
 * stay the caller's. PATH is borrowed. Several threads may keep and borrow at once. */
bool kb_texts_keep(struct kb_texts *texts, kb_str path, struct kb_md *md, kb_buf *file,
	size_t reserve);
/* The Markdown of the file at PATH, for the calling thread alone until it is given back,
 * once for each time that it was borrowed. NULL: it was not kept, or another thread has
 * it for long. */
struct kb_md *kb_texts_borrow(struct kb_texts *texts, kb_str path);
/* Gives back what the calling thread borrowed; another thread may have it then. */
void kb_texts_give_back(struct kb_texts *texts, kb_str path);

#endif
