/* What the words of options mean in a library: locales, channels, audiences, issues. Each
 * returns -1 with a message that names what there is, or what may be meant. */
#ifndef KB_PICK_H
#define KB_PICK_H

#include "kb/library.h"

/* KB_E_USAGE: there is no such locale, which there are, and which may be meant. */
int kb_locale_unknown(const struct kb_config *config, kb_str word, struct kb_error *err);
/* The tag itself, or the nearest locale that is a part of it (RFC 4647, lookup). NULL:
 * the source locale. */
int kb_pick_locale(const struct kb_library *lib, const char *tag, uint32_t *out,
	struct kb_error *err);
/* Given, by its code or its name in a locale, or the locale's own when kb.yaml has it:
 * "AT" of "de-AT". Both may be NULL. */
int kb_pick_region(const struct kb_library *lib, const char *region, const char *locale,
	kb_str *out, struct kb_error *err);
int kb_pick_type(kb_str word, enum kb_type *out, struct kb_error *err);
/* NULL: none. */
int kb_pick_channel(const struct kb_library *lib, const char *name,
	const struct kb_channel **out, struct kb_error *err);
/* NULL: the most trusted one. */
int kb_pick_audience(const struct kb_library *lib, const char *name, unsigned *out,
	struct kb_error *err);
int kb_pick_issue(const struct kb_library *lib, kb_str id, const struct kb_issue **out,
	struct kb_error *err);
/* Somebody of people.yaml. */
int kb_pick_person(const struct kb_library *lib, kb_str id, struct kb_error *err);
/* One that the audience may know of; others are not there for it. */
int kb_pick_issue_for(const struct kb_library *lib, kb_str id, unsigned audience,
	const struct kb_issue **out, struct kb_error *err);

/* Is the locale that was picked for TAG only a part of it? Then *ASKED is what was asked
 * for, in ARENA. */
bool kb_pick_stands_in(const struct kb_library *lib, struct kb_arena *arena,
	const char *tag, kb_str *asked, kb_str *picked);

/* "like German: try --locale de", after "reads". */
kb_str kb_reads_like_text(
	const struct kb_library *lib, struct kb_arena *arena, uint32_t locale);

#endif
