/*
 * Changing YAML at its place: front matter, taxonomy.yaml and the like.
 *
 * Each operation is one edit of the file's text, in the file's own style: its quotes,
 * its indentation, lists in brackets or with dashes, its line ends. Comments, the
 * order of keys and every other byte stay. kb reads the edited text again. If that
 * does not give exactly the intended tree, for example because an anchor shares a
 * value, nothing is changed and the operation fails (KB_E_REFUSED).
 *
 *	struct kb_yaml_text yaml;
 *	if (kb_yaml_open(&yaml, arena, file, true, &err))
 *		...
 *	kb_yaml_set(&yaml, yaml.root, KB_STR("reviewed"), KB_STR("2026-11-25"), "owner",
 *		&err);
 *	... yaml.file is the file's new text, yaml.root its tree
 *
 * After an operation the nodes of the tree before are no longer those of yaml.root.
 * Texts and trees live in the arena.
 */
#ifndef KB_YAML_EDIT_H
#define KB_YAML_EDIT_H

#include "kb/buf.h"
#include "kb/yaml.h"

struct kb_yaml_text {
	struct kb_arena *arena;
	kb_str file;	/* the whole text, YAML and what surrounds it */
	bool front;	/* the YAML is a Markdown file's front matter */
	kb_range range; /* of the YAML */
	struct kb_node *root;
	size_t mistakes;     /* findings that reading it gave */
	struct kb_edit edit; /* the last operation's, of the text before it */
	bool together;	     /* see kb_yaml_together */
	struct kb_yaml_step *steps;
};

/* Reads a file that is YAML or, with FRONT, begins with front matter. KB_E_CONFIG when
 * that cannot be read. FILE is borrowed. */
int kb_yaml_open(struct kb_yaml_text *yaml, struct kb_arena *arena, kb_str file,
	bool front, struct kb_error *err);

/*
 * From now on operations are kept, all of the same tree, whose nodes stay as they are,
 * until kb_yaml_make applies them at once. Use it for many operations in a large text.
 * Two operations on one node or at one place are refused.
 */
void kb_yaml_together(struct kb_yaml_text *yaml);
int kb_yaml_make(struct kb_yaml_text *yaml, struct kb_error *err);

/* Puts VALUE in a scalar's place, a key's too. */
int kb_yaml_replace(struct kb_yaml_text *yaml, const struct kb_node *node, kb_str value,
	struct kb_error *err);
/*
 * Gives a key of MAP a scalar value, in the place of the one it has, if any. A new key
 * follows that of the name AFTER (NULL, or when there is none: it stands last).
 */
int kb_yaml_set(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	kb_str value, const char *after, struct kb_error *err);
/* The same with a map of one key in brackets: `translation: {revision: 8f94139}`. */
int kb_yaml_set_map(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	kb_str inner, kb_str value, const char *after, struct kb_error *err);
/* Removes a key with its value. */
int kb_yaml_remove(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	struct kb_error *err);
/* Adds items to the end of a key's list; a single value becomes a list, a new key follows
 * AFTER. */
int kb_yaml_add(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	const kb_str *values, size_t n, const char *after, struct kb_error *err);
/* Removes the I-th item of a key's list, or its single value (I is 0). Removes the key
 * with its last item. */
int kb_yaml_drop(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	uint32_t i, struct kb_error *err);

/* Writes a scalar: plain where that is read as the same text, else in QUOTE ('"' or
 * '\''), where that can hold it, else in '"'. IN_FLOW: within brackets. */
void kb_yaml_put_scalar(kb_buf *out, kb_str value, char quote, bool in_flow);
/* Writes the line 'KEY: VALUE' of a new file; nothing for an empty value. */
void kb_yaml_put_key(kb_buf *out, const char *key, kb_str value);
/* Do two trees say the same? Places and styles do not count. */
bool kb_node_same(const struct kb_node *a, const struct kb_node *b);

#endif
