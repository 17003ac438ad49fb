/* What the files of this folder share. */
#ifndef CONTENT_H
#define CONTENT_H

#include "kb/config.h"
#include "kb/map.h"
#include "kb/schema.h"
#include "kb/vec.h"

/* The reading of a configuration file: kb.yaml, people.yaml, taxonomy.yaml. */
struct kb_reading {
	struct kb_arena *arena;
	kb_str path;
	struct kb_diags *diags;
	unsigned faults; /* errors so far */
};

/*
 * Parses TEXT and checks it with the built-in schema. Returns NULL, with a finding of
 * config-syntax, if the YAML is broken. Counts the findings of the schema.
 */
struct kb_node *kb_reading_parse(
	struct kb_reading *reading, kb_str text, const char *schema);
/* Adds a finding of config-value and counts it. */
struct kb_diag *kb_reading_fault(struct kb_reading *reading, const struct kb_node *node,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* 'Did you mean', when one of the candidates is near. */
void kb_reading_nearest(struct kb_reading *reading, struct kb_diag *diag, kb_str word,
	const kb_str *candidates, size_t n);

/* Reads a string, or a map from locales to strings, and counts mistakes. */
struct kb_l10n kb_reading_l10n(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node);

/* config_parts.c: each reads one key of kb.yaml into CONFIG. */
void kb_config_read_locales(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
void kb_config_read_audiences(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
void kb_config_read_contacts(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
void kb_config_read_named(struct kb_reading *reading, struct kb_config *config,
	const struct kb_node *node, struct kb_named **items, uint32_t *n);
void kb_config_read_variables(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
void kb_config_read_redirects(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
void kb_config_read_rules(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
/* channel.c */
void kb_config_read_channels(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);
/* mount_read.c */
void kb_config_read_mounts(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node);

/* suppression.c: names in <!-- kb-disable RULE --> that no rule has. */
void kb_suppressions_check(struct kb_reading *reading, kb_str path, kb_str text);

struct kb_document;
struct kb_item;
struct kb_workflow;
/* workflow_mistake.c: is an item without a link probably an answer, such as
 * 'No: kb:resolved' or '[No](#step two)'? TARGET: what it leads to, without spaces. */
bool kb_workflow_mistake(
	struct kb_arena *arena, const struct kb_item *item, kb_str *target);
/* "Yes" of "Yes: " or "Yes →". */
kb_str kb_workflow_answer_text(kb_str text);
/* workflow_graph.c: findings about steps that no answer leads to, or that do not lead to
 * an end.
 */
void kb_workflow_check_graph(const struct kb_document *doc,
	const struct kb_workflow *workflow, struct kb_diags *diags);

#endif
