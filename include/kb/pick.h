/* What the words of options mean in a library: locales, channels, audiences, issues. Each
 * returns -1 with a message that names what there is, or what may be meant. */
#ifndef KB_PICK_H
#define KB_PICK_H

#include "kb/library.h"

/* Fails with KB_E_USAGE: there is no such locale. The message lists locales and suggests
 * one. */
int kb_locale_unknown(const struct kb_config *config, kb_str word, struct kb_error *err);
/* The tag itself, or the nearest locale that is a part of it (RFC 4647, lookup). NULL:
 * the source locale. */
int kb_pick_locale(const struct kb_library *lib, const char *tag, uint32_t *out,
	struct kb_error *err);
/* A region by its code, or by its name in any locale. Without REGION, that of LOCALE if
 * kb.yaml has it: "AT" of "de-AT". Both may be NULL. */
int kb_pick_region(const struct kb_library *lib, const char *region, const char *locale,
	kb_str *out, struct kb_error *err);
/* A type of documents by its name: "article". */
int kb_pick_type(kb_str word, enum kb_type *out, struct kb_error *err);
/* A channel by its id or name. NULL: none. */
int kb_pick_channel(const struct kb_library *lib, const char *name,
	const struct kb_channel **out, struct kb_error *err);
/* An audience by its name. NULL: the most trusted one. */
int kb_pick_audience(const struct kb_library *lib, const char *name, unsigned *out,
	struct kb_error *err);
/* An issue by its id or a former one. */
int kb_pick_issue(const struct kb_library *lib, kb_str id, const struct kb_issue **out,
	struct kb_error *err);
/* Fails if people.yaml has nobody with this id. */
int kb_pick_person(const struct kb_library *lib, kb_str id, struct kb_error *err);
/* The same for an audience: issues that it may not know of do not exist for it. */
int kb_pick_issue_for(const struct kb_library *lib, kb_str id, unsigned audience,
	const struct kb_issue **out, struct kb_error *err);

/* Did kb pick a locale for TAG that is only a part of it ("de" for "de-CH")? Then *ASKED
 * and *PICKED are the two codes, in ARENA. */
bool kb_pick_stands_in(const struct kb_library *lib, struct kb_arena *arena,
	const char *tag, kb_str *asked, kb_str *picked);

/* "like German: try --locale de", after "reads". */
kb_str kb_reads_like_text(
	const struct kb_library *lib, struct kb_arena *arena, uint32_t locale);

#endif
