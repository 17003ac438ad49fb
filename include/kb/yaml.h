/*
 * YAML (libyaml) and JSON (jansson) as trees with positions.
 *
 * A node's range is exact, in bytes of the file, BOM counted: a scalar's covers
 * its token (quotes included; a block scalar's from its indicator to its last
 * character), a flow collection's its brackets, a block collection's goes from its
 * first key or dash to its last child's end. An alias has its own range, what is
 * below it that of the anchor. Values are
 * kept as written. The schema decides the type of a scalar, so `no`, `1.10` and
 * `0123` stay strings. Aliases are expanded, within a limit.
 *
 * Trees live in the arena given.
 */
#ifndef KB_YAML_H
#define KB_YAML_H

#include "kb/diag.h"
#include "kb/value.h"
#include "kb/vec.h"

enum kb_node_kind { KB_NODE_SCALAR, KB_NODE_SEQ, KB_NODE_MAP };

struct kb_pair {
	struct kb_node *key; /* a scalar; complex keys are an error */
	struct kb_node *value;
};

struct kb_node {
	uint8_t kind;
	bool quoted;  /* a scalar in quotes or a block scalar: a string, whatever it says
		       */
	bool flow;    /* a collection in brackets */
	bool typed;   /* from JSON: a plain scalar is a number, true, false or null */
	uint32_t len; /* of items or pairs */
	kb_range range;
	union {
		kb_str value;
		struct kb_node **items;
		struct kb_pair *pairs;
	};
};

/*
 * Parses one YAML document. TEXT is a part of a file that begins BASE bytes into
 * it; findings (yaml-syntax, yaml-duplicate-key, yaml-indent, yaml-tab,
 * yaml-comment-cut, ... with hints that say what to type) go to DIAGS under PATH.
 * Returns NULL when the text cannot be parsed (a finding says why); an empty
 * document is an empty map.
 */
struct kb_node *kb_yaml_parse(struct kb_arena *arena, kb_str text, uint32_t base,
	kb_str path, struct kb_diags *diags);

/* JSON as the same tree, with ranges {0, 0}; NULL with the message in ERR. */
struct kb_node *kb_json_parse(struct kb_arena *arena, kb_str text, struct kb_error *err);
/* JSON as a value that kb_value_json can write again; NULL with the message in ERR. */
struct kb_value *kb_json_value(struct kb_arena *arena, kb_str text, struct kb_error *err);

/*
 * Reads the front matter of a Markdown file: finds the lines of '---' and parses what is
 * between them. *body is what follows, beginning *body_off bytes into the file (a BOM
 * is skipped). Returns the map; NULL with a finding when there is none
 * (frontmatter-missing), it is not closed (frontmatter-unclosed), or is broken.
 */
struct kb_node *kb_front_matter_parse(struct kb_arena *arena, kb_str file, kb_str path,
	kb_str *body, uint32_t *body_off, struct kb_diags *diags);

/* A key's value in a map, NULL if NODE is not a map or does not have the key. */
struct kb_node *kb_node_get(const struct kb_node *node, const char *key);
struct kb_node *kb_node_get_str(const struct kb_node *node, kb_str key);
/* The pair itself, for the range of its key. */
const struct kb_pair *kb_node_pair(const struct kb_node *node, const char *key);
/* The string of a scalar; empty for NULL and other kinds. */
kb_str kb_node_str(const struct kb_node *node);
bool kb_node_is_null(const struct kb_node *node); /* plain ~, null, or nothing */
/* YAML 1.2 core schema's words (true, false) of a plain scalar; -1 otherwise. */
int kb_node_bool(const struct kb_node *node, bool *out);
/* Each reads a plain scalar as a number; -1, and *OUT as it was, for anything else. */
int kb_node_int(const struct kb_node *node, long long *out);
int kb_node_float(const struct kb_node *node, double *out);
/* A whole number from 0 to UINT32_MAX; FALLBACK for anything else. */
uint32_t kb_node_u32(const struct kb_node *node, uint32_t fallback);
/* The strings of a list; a scalar is a list of one. Strings are those of the tree. */
kb_strs kb_node_strs(struct kb_arena *arena, const struct kb_node *node);

#endif
