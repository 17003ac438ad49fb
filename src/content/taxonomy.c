#include "kb/taxonomy.h"

#include "content.h"

struct issues {
	KB_VEC(struct kb_issue);
};

struct tree {
	struct kb_reading reading;
	const struct kb_config *config;
	struct issues issues;
};

enum { DEPTH_MAX = 32 };

static uint8_t read_audience(
	struct tree *tree, const struct kb_node *node, uint8_t inherited)
{
	uint32_t audience;

	if (!node || kb_node_is_null(node))
		return inherited;
	audience = kb_config_audience(tree->config, kb_node_str(node));
	if (audience != KB_NONE)
		return (uint8_t)audience;
	kb_reading_nearest(&tree->reading,
		kb_reading_fault(&tree->reading, node, "there is no audience '%.*s'",
			KB_ARG(kb_node_str(node))),
		kb_node_str(node), tree->config->audiences, tree->config->naudiences);
	return (uint8_t)(tree->config->naudiences - 1);
}

static uint32_t read_needs(
	struct tree *tree, const struct kb_node *node, uint32_t inherited)
{
	uint32_t needs = 0;

	if (!node || kb_node_is_null(node))
		return inherited;
	for (uint32_t i = 0; node->kind == KB_NODE_SEQ && i < node->len; i++) {
		enum kb_type type;

		if (kb_type_parse(kb_node_str(node->items[i]), &type) == 0)
			needs |= 1u << type;
		else
			kb_reading_fault(&tree->reading, node->items[i],
				"'%.*s' is not a document type",
				KB_ARG(kb_node_str(node->items[i])));
	}
	return needs;
}

/* A map from locale to a list; a bare list is for the source locale. */
static struct kb_node *read_words(struct tree *tree, struct kb_node *node)
{
	struct kb_arena *arena = tree->reading.arena;
	struct kb_node *map, *key;

	if (!node || kb_node_is_null(node))
		return NULL;
	if (node->kind == KB_NODE_MAP) {
		for (uint32_t i = 0; i < node->len; i++) {
			kb_str code = kb_node_str(node->pairs[i].key);

			if (kb_config_locale(tree->config, code) == KB_NONE)
				kb_reading_nearest(&tree->reading,
					kb_reading_fault(&tree->reading,
						node->pairs[i].key,
						"'%.*s' is not a locale of kb.yaml",
						KB_ARG(code)),
					code, kb_config_codes(tree->config, arena),
					tree->config->nlocales);
		}
		return node;
	}
	map = kb_arena_new_of(arena, struct kb_node);
	key = kb_arena_new_of(arena, struct kb_node);
	*key = (struct kb_node){
		.kind = KB_NODE_SCALAR, .value = tree->config->locales[0].code};
	*map = (struct kb_node){.kind = KB_NODE_MAP, .len = 1, .range = node->range};
	map->pairs = kb_arena_new_of(arena, struct kb_pair);
	map->pairs[0] = (struct kb_pair){key, node};
	return map;
}

static void read_issue(struct tree *tree, struct kb_issue *issue,
	const struct kb_node *node, const struct kb_issue *parent)
{
	struct kb_reading *reading = &tree->reading;
	const struct kb_node *id = kb_node_get(node, "id");
	const struct kb_node *owner = kb_node_get(node, "owner");
	const struct kb_node *retired = kb_node_get(node, "retired");
	bool own = owner && !kb_node_is_null(owner);

	*issue = (struct kb_issue){
		.id = kb_node_str(id),
		.label = kb_reading_l10n(
			reading, tree->config, kb_node_get(node, "label")),
		.description = kb_reading_l10n(
			reading, tree->config, kb_node_get(node, "description")),
		.keywords = read_words(tree, kb_node_get(node, "keywords")),
		.examples = read_words(tree, kb_node_get(node, "examples")),
		.owner = own	  ? kb_node_str(owner)
			 : parent ? parent->owner
				  : KB_STR_NULL,
		.owner_range = own	? owner->range
			       : parent ? parent->owner_range
					: (kb_range){0, 0},
		.tier = kb_node_u32(kb_node_get(node, "tier"), parent ? parent->tier : 0),
		.needs = read_needs(
			tree, kb_node_get(node, "needs"), parent ? parent->needs : 0),
		.audience = read_audience(tree, kb_node_get(node, "audience"),
			parent ? parent->audience : 0),
		.aliases = kb_node_strs(reading->arena, kb_node_get(node, "aliases")),
		.parent = KB_NONE,
		.depth = parent ? parent->depth + 1 : 0,
		.range = id ? id->range : node->range,
	};
	if (retired)
		kb_node_bool(retired, &issue->retired);
}

static void read_level(
	struct tree *tree, const struct kb_node *list, uint32_t parent, unsigned depth)
{
	if (!list || list->kind != KB_NODE_SEQ)
		return;
	if (depth > DEPTH_MAX) {
		kb_reading_fault(&tree->reading, list,
			"issues are nested more than %d levels deep", DEPTH_MAX);
		return;
	}
	for (uint32_t i = 0; i < list->len; i++) {
		const struct kb_node *node = list->items[i];
		uint32_t self = (uint32_t)tree->issues.len;
		struct kb_issue issue;

		if (node->kind != KB_NODE_MAP ||
			!kb_node_str(kb_node_get(node, "id")).len)
			continue;
		read_issue(tree, &issue, node,
			parent == KB_NONE ? NULL : &tree->issues.items[parent]);
		issue.parent = parent;
		kb_vec_push(&tree->issues, issue);
		read_level(tree, kb_node_get(node, "children"), self, depth + 1);
		tree->issues.items[self].end = (uint32_t)tree->issues.len;
	}
}

static void index_name(struct tree *tree, struct kb_taxonomy *taxonomy, kb_str name,
	kb_range range, struct kb_issue *issue)
{
	const struct kb_issue *other = kb_map_get(&taxonomy->by_id, name);

	if (!other) {
		kb_map_put(&taxonomy->by_id, name, issue);
		return;
	}
	if (kb_str_eq(other->id, name))
		kb_diag_add(tree->reading.diags, KB_RULE_ISSUE_DUPLICATE, taxonomy->path,
			range, "there is already an issue '%.*s'", KB_ARG(name));
	else
		kb_diag_add(tree->reading.diags, KB_RULE_ISSUE_DUPLICATE, taxonomy->path,
			range, "'%.*s' is already an alias of '%.*s'", KB_ARG(name),
			KB_ARG(other->id));
}

/* Ids first, so that an alias that is an id too is the one that is wrong. */
static void index_all(struct tree *tree, struct kb_taxonomy *taxonomy)
{
	for (uint32_t i = 0; i < taxonomy->len; i++)
		index_name(tree, taxonomy, taxonomy->issues[i].id,
			taxonomy->issues[i].range, &taxonomy->issues[i]);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		struct kb_issue *issue = &taxonomy->issues[i];

		for (size_t j = 0; j < issue->aliases.len; j++)
			index_name(tree, taxonomy, issue->aliases.items[j], issue->range,
				issue);
	}
}

const struct kb_taxonomy *kb_taxonomy_parse(struct kb_arena *arena,
	const struct kb_config *config, kb_str text, kb_str path, struct kb_diags *diags)
{
	struct kb_taxonomy *taxonomy = kb_arena_new_of(arena, struct kb_taxonomy);
	struct tree tree = {.reading = {.arena = arena,
				    .path = kb_arena_str(arena, path),
				    .diags = diags},
		.config = config};
	const struct kb_node *root;

	taxonomy->path = tree.reading.path;
	taxonomy->missing = !text.data;
	if (!text.data)
		return taxonomy;
	root = kb_reading_parse(&tree.reading, text, "taxonomy");
	taxonomy->broken = !root || tree.reading.faults > 0;
	if (!root)
		return taxonomy;
	read_level(&tree, kb_node_get(root, "issues"), KB_NONE, 0);
	taxonomy->len = (uint32_t)tree.issues.len;
	taxonomy->issues = kb_vec_freeze(&tree.issues, arena);
	index_all(&tree, taxonomy);
	kb_map_settle(&taxonomy->by_id, arena);
	return taxonomy;
}

const struct kb_issue *kb_taxonomy_find(const struct kb_taxonomy *taxonomy, kb_str id)
{
	return kb_map_get(&taxonomy->by_id, id);
}

uint32_t kb_taxonomy_index(
	const struct kb_taxonomy *taxonomy, const struct kb_issue *issue)
{
	return (uint32_t)(issue - taxonomy->issues);
}

bool kb_issue_below(const struct kb_taxonomy *taxonomy, const struct kb_issue *issue,
	const struct kb_issue *top)
{
	return issue && issue >= top && issue < taxonomy->issues + top->end;
}

bool kb_issues_have(const struct kb_taxonomy *taxonomy, const kb_strs *ids,
	const struct kb_issue *issue)
{
	for (size_t i = 0; i < ids->len; i++)
		if (kb_taxonomy_find(taxonomy, ids->items[i]) == issue)
			return true;
	return false;
}

bool kb_issues_below(const struct kb_taxonomy *taxonomy, const kb_strs *ids,
	const struct kb_issue *top)
{
	for (size_t i = 0; i < ids->len; i++)
		if (kb_issue_below(
			    taxonomy, kb_taxonomy_find(taxonomy, ids->items[i]), top))
			return true;
	return false;
}
