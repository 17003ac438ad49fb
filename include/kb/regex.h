/*
 * Regular expressions (PCRE2: UTF, Unicode properties, JIT, with limits on time
 * and memory). A compiled one may be shared by threads.
 */
#ifndef KB_REGEX_H
#define KB_REGEX_H

#include "kb/error.h"
#include "kb/str.h"

struct kb_regex;

enum {
	KB_REGEX_NOCASE = 1,
	KB_REGEX_ECMA = 2 /* JSON Schema's dialect, as near as PCRE2 has it */
};

/* Compiles PATTERN, with FLAGS of the ones above. Fails (KB_E_CONFIG) with what is
 * wrong in it and where. */
int kb_regex_compile(
	struct kb_regex **out, kb_str pattern, int flags, struct kb_error *err);
/* Frees it; NULL is fine. */
void kb_regex_free(struct kb_regex *regex);
/* The first match at or after FROM; 1 found, 0 not, -1 a limit was hit. MATCH may be
 * NULL. */
int kb_regex_find(
	const struct kb_regex *regex, kb_str text, size_t from, kb_range *match);
/* The same with the match's groups: groups[0] is the whole, those that took no part are
 * {0, 0} at its start. At most KB_REGEX_GROUPS are given. */
enum { KB_REGEX_GROUPS = 16 };
int kb_regex_groups(const struct kb_regex *regex, kb_str text, size_t from,
	kb_range groups[KB_REGEX_GROUPS]);

#endif
