/* Changing documents' front matter: which key of the document's own it is, and where a
 * new one stands. */
#ifndef KB_EDIT_FRONT_H
#define KB_EDIT_FRONT_H

#include "kb/document.h"
#include "kb/rewrite.h"
#include "kb/source.h"
#include "kb/yaml_edit.h"

/* A document's text that is being changed. Dispose of the arena when its text is no more
 * needed. */
struct kb_front {
	const struct kb_document *doc;
	kb_str before;
	struct kb_yaml_text yaml;
};

/* Reads the document's file again. */
int kb_front_open(struct kb_front *front, struct kb_arena *arena,
	struct kb_source *source, const struct kb_document *doc, struct kb_error *err);
/* Does the document's own key OWN mean KEY, by its name or by the mount's map? */
bool kb_front_means(const struct kb_document *doc, kb_str own, const char *key);
/* The document's own key that means KEY: the one that it has, KEY itself where it has
 * none. */
kb_str kb_front_key(const struct kb_front *front, const char *key);
/* Which of the keys that are there a new KEY stands after, as the content format lists
 * them. */
const char *kb_front_after(const struct kb_front *front, const char *key);
struct kb_rewrite kb_front_rewrite(const struct kb_front *front);
/* The scalar that is ID: VALUE itself, or an item of it, then *AT says which; or NULL. */
const struct kb_node *kb_front_find(const struct kb_node *value, kb_str id, uint32_t *at);

#endif
