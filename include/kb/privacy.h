/*
 * Personal data in what customers write: email addresses, account, card and phone
 * numbers, and what privacy.patterns of kb.yaml describes. What privacy.allow, the
 * contacts and the variables of kb.yaml contain is allowed. Names of people stay, because
 * kb cannot tell them from other words.
 */
#ifndef KB_PRIVACY_H
#define KB_PRIVACY_H

#include "kb/library.h"

struct kb_privacy;

/* Compiles what is looked for. It borrows from LIB. Never NULL. */
struct kb_privacy *kb_privacy_open(const struct kb_library *lib);
/* Frees it; NULL is fine. */
void kb_privacy_free(struct kb_privacy *privacy);
/* TEXT with a word such as '[email]' in the place of personal data, in ARENA; *N is
 * increased by the number of places. */
kb_str kb_privacy_mask(
	const struct kb_privacy *privacy, struct kb_arena *arena, kb_str text, size_t *n);

#endif
