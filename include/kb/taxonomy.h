/*
 * taxonomy.yaml: the tree of customer issues. owner, tier, needs and audience
 * are inherited by children that do not set them.
 */
#ifndef KB_TAXONOMY_H
#define KB_TAXONOMY_H

#include "kb/config.h"

struct kb_issue {
	kb_str id;
	struct kb_l10n label, description;
	struct kb_node *keywords, *examples; /* map from locale to a list; or NULL */
	kb_str owner;			     /* inherited; empty: none */
	kb_range owner_range;
	uint32_t tier;	  /* inherited; 0: none */
	uint32_t needs;	  /* inherited; bit 1 << enum kb_type */
	uint8_t audience; /* inherited; index */
	bool retired;
	kb_strs aliases;
	uint32_t parent; /* index, KB_NONE at the top */
	uint32_t depth;	 /* 0 at the top */
	uint32_t end; /* index after its last descendant: [self + 1, end) are below it */
	kb_range range; /* of the id */
};

struct kb_taxonomy {
	kb_str path;
	struct kb_issue *issues; /* depth first, in the order of the file */
	uint32_t len;
	kb_map by_id; /* ids and aliases, to struct kb_issue * */
	bool missing; /* there is no such file */
	bool broken;  /* it cannot be read, so any id may exist */
};

/* Reads taxonomy.yaml. A text that is broken (with findings) or missing (data NULL) gives
 * an empty tree. Never NULL. */
const struct kb_taxonomy *kb_taxonomy_parse(struct kb_arena *arena,
	const struct kb_config *config, kb_str text, kb_str path, struct kb_diags *diags);
/* By id or alias; NULL when unknown. */
const struct kb_issue *kb_taxonomy_find(const struct kb_taxonomy *taxonomy, kb_str id);
/* The number of an issue in taxonomy->issues. */
uint32_t kb_taxonomy_index(
	const struct kb_taxonomy *taxonomy, const struct kb_issue *issue);
/* Is ISSUE, which may be NULL, TOP or below it? */
bool kb_issue_below(const struct kb_taxonomy *taxonomy, const struct kb_issue *issue,
	const struct kb_issue *top);
/* Is one of IDS, such as those of a document, an id or alias of ISSUE; or of TOP or an
 * issue below it? */
bool kb_issues_have(const struct kb_taxonomy *taxonomy, const kb_strs *ids,
	const struct kb_issue *issue);
bool kb_issues_below(const struct kb_taxonomy *taxonomy, const kb_strs *ids,
	const struct kb_issue *top);

#endif
