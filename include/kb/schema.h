/*
 * JSON Schema, draft-07 (https://json-schema.org/draft-07), for trees with positions.
 *
 * A schema is compiled from a JSON tree. A keyword that the compiler does not
 * know, or a $ref that leaves the set of schemas given, is refused: what cannot
 * be checked is not passed over. Annotations of draft-07 (title, description,
 * default, examples, $comment, readOnly, ...) and those that editors' YAML
 * servers know (deprecated, errorMessage, markdownDescription,
 * defaultSnippets) are accepted.
 *
 * In kb's YAML a plain scalar takes the type that its schema gives it: `id: 42`
 * satisfies {"type": "string"}. A quoted scalar is a string only. A tree read
 * from JSON is typed as JSON is.
 *
 * A $ref to "kb:NAME" is the built-in schema of that name. A schema whose allOf
 * holds {"$ref": "kb:article"} extends it: the keys that it lists are known, too,
 * although the built-in one allows no others. errorMessage is a message, or an
 * object from keyword to message; it follows the key's name and a colon. A key whose
 * schema is deprecated is a warning, with its deprecationMessage.
 */
#ifndef KB_SCHEMA_H
#define KB_SCHEMA_H

#include "kb/yaml.h"

struct kb_schema;

/* Gives the text of a schema by the URI or relative path of a $ref. */
typedef int kb_schema_load_fn(void *ctx, kb_str ref, kb_str *text);

/*
 * NAME is the schema's own base for relative $refs. Without LOAD, a $ref finds the
 * built-in schemas alone. Free with kb_schema_free.
 */
int kb_schema_compile(struct kb_schema **out, kb_str text, kb_str name,
	kb_schema_load_fn *load, void *ctx, struct kb_error *err);
/* Frees the schema; NULL is fine. */
void kb_schema_free(struct kb_schema *schema);
static inline void kb_cleanup_schema(struct kb_schema **p)
{
	kb_schema_free(*p);
}

/*
 * Checks NODE; each fault is a finding at the exact key or value, in plain words:
 * schema-unknown-key with the nearest known key as hint, schema-required,
 * schema-type, schema-value; or, for KB_SCHEMA_CONFIG, config-unknown-key and
 * config-value. Returns true when nothing was found. DIAGS may be NULL. A compiled
 * schema is read-only: threads may share it.
 *
 * A key of a YAML map without a value counts as not given.
 */
enum kb_schema_rules { KB_SCHEMA_FRONT_MATTER, KB_SCHEMA_CONFIG };
bool kb_schema_check(const struct kb_schema *schema, const struct kb_node *node,
	kb_str path, enum kb_schema_rules rules, struct kb_diags *diags);

/* The schemas built into kb: "article", "workflow", "reply", "reference", "snippet",
 * "kb", "taxonomy", "people", ...; the JSON text, or an empty string. */
kb_str kb_schema_builtin(kb_str name);
/* The names of the built-in schemas, in order; NULL past the last. */
const char *kb_schema_builtin_name(size_t index);

#endif
