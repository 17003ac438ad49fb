/* kb.yaml's 'content': the mounts. */
#include "content.h"
#include "kb/document.h"
#include "kb/file.h"

static const kb_str placeholder = {"{locale}", 8};

/* The part of the pattern that names folders without a wildcard. */
static kb_str base_of(kb_str path)
{
	size_t end = 0;

	for (size_t i = 0; i < path.len && !strchr("*?[", path.data[i]); i++)
		if (path.data[i] == '/')
			end = i + 1;
	return kb_str_sub(path, 0, end);
}

static const char *path_fault(kb_str path)
{
	kb_str rest = path, part;

	if (path.len == 0)
		return "a content folder needs a path";
	while (kb_str_next(&rest, '/', &part)) {
		size_t brace = 0;

		if (kb_str_is(part, ".."))
			return "the path of a content folder cannot leave the content "
			       "root";
		while ((brace = kb_str_chr(part, '{')) != SIZE_MAX) {
			part = kb_str_sub(part, brace, part.len);
			if (!kb_str_starts(part, placeholder))
				return "the path of a content folder can only have "
				       "{locale} in braces";
			part = kb_str_sub(part, placeholder.len, part.len);
		}
	}
	return NULL;
}

/* A folder stands for the Markdown files in and below it. */
static kb_str path_read(struct kb_reading *reading, const struct kb_node *node)
{
	kb_str path = kb_str_trim(kb_node_str(node));
	const char *fault = path_fault(path);
	bool wild = false;

	if (fault) {
		kb_reading_fault(reading, node, "%s", fault);
		return KB_STR_NULL;
	}
	while (kb_str_starts(path, KB_STR("./")) || kb_str_starts(path, KB_STR("/")))
		path = kb_str_sub(path, kb_str_chr(path, '/') + 1, path.len);
	while (kb_str_ends(path, KB_STR("/")))
		path.len--;
	if (kb_str_is(path, ".") || path.len == 0)
		return KB_STR("**/*.md");
	for (size_t i = 0; i < path.len; i++)
		wild |= strchr("*?[", path.data[i]) != NULL;
	if (wild || kb_path_is_markdown(path))
		return path;
	return kb_arena_fmt(reading->arena, "%.*s/**/*.md", KB_ARG(path));
}

static bool is_key(kb_str word, const kb_str *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(keys[i], word))
			return true;
	return false;
}

/* With schemas of its own a repository may have keys of its own. */
static void read_keys(struct kb_reading *reading, const struct kb_config *config,
	struct kb_mount *mount, const struct kb_node *node)
{
	bool open = kb_node_get(config->root, "schemas") != NULL;

	if (!node || node->kind != KB_NODE_MAP)
		return;
	mount->keys = kb_arena_array(reading->arena, struct kb_key_map, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_node *value = node->pairs[i].value;
		size_t n;
		const kb_str *known = kb_front_keys(&n);

		if (!is_key(kb_node_str(value), known, n) && !open)
			kb_reading_nearest(reading,
				kb_reading_fault(reading, value,
					"'%.*s' is not a front matter key of kb",
					KB_ARG(kb_node_str(value))),
				kb_node_str(value), known, n);
		mount->keys[mount->nkeys++] = (struct kb_key_map){
			kb_node_str(node->pairs[i].key), kb_node_str(value)};
	}
}

static void read_type(
	struct kb_reading *reading, struct kb_mount *mount, const struct kb_node *node)
{
	kb_str names[KB_TYPE_COUNT];

	if (!node || kb_node_is_null(node))
		return;
	for (int i = 0; i < KB_TYPE_COUNT; i++)
		names[i] = kb_str_of(kb_type_name((enum kb_type)i));
	if (kb_type_parse(kb_node_str(node), &mount->type) == 0)
		mount->has_type = true;
	else
		kb_reading_nearest(reading,
			kb_reading_fault(reading, node, "'%.*s' is not a document type",
				KB_ARG(kb_node_str(node))),
			kb_node_str(node), names, KB_TYPE_COUNT);
}

/* A folder named as a locale says it too; one locale alone need not be said. */
static kb_str implied_locale(const struct kb_config *config, kb_str path)
{
	kb_str rest = base_of(path), part;

	while (kb_str_next(&rest, '/', &part)) {
		uint32_t locale = kb_config_locale(config, part);

		if (locale != KB_NONE)
			return config->locales[locale].code;
	}
	return config->nlocales == 1 ? config->locales[0].code : KB_STR_NULL;
}

static void read_locale(struct kb_reading *reading, const struct kb_config *config,
	struct kb_mount *mount, const struct kb_node *node)
{
	const struct kb_node *given = kb_node_get(node, "locale");
	struct kb_diag *diag;
	uint32_t locale;

	if (given && !kb_node_is_null(given)) {
		locale = kb_config_locale(config, kb_node_str(given));
		if (locale != KB_NONE) {
			mount->locale = config->locales[locale].code;
			return;
		}
		diag = kb_reading_fault(reading, given,
			"'%.*s' is not one of the locales", KB_ARG(kb_node_str(given)));
		kb_reading_nearest(reading, diag, kb_node_str(given),
			kb_config_codes(config, reading->arena), config->nlocales);
		return;
	}
	if (kb_str_find(mount->path, placeholder) != SIZE_MAX)
		return;
	mount->locale = implied_locale(config, mount->path);
	if (mount->locale.len == 0 && mount->path.len) {
		diag = kb_reading_fault(reading, node,
			"this content folder does not say which language its documents "
			"are in");
		kb_diag_hint(reading->diags, diag,
			"put {locale} in its path, or write 'locale: %.*s' next to it",
			KB_ARG(config->locales[0].code));
	}
}

static void read_mount(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	struct kb_mount *mount = &config->mounts[config->nmounts++];
	const struct kb_node *expand = kb_node_get(node, "expand");

	*mount = (struct kb_mount){.expand = true, .range = node->range};
	mount->path = path_read(reading, kb_node_get(node, "path"));
	mount->base = base_of(mount->path);
	mount->has_expand = expand && kb_node_bool(expand, &mount->expand) == 0;
	mount->defaults = kb_node_get(node, "defaults");
	if (mount->defaults && mount->defaults->kind != KB_NODE_MAP)
		mount->defaults = NULL;
	mount->ignore = kb_node_strs(reading->arena, kb_node_get(node, "ignore"));
	read_type(reading, mount, kb_node_get(node, "type"));
	read_locale(reading, config, mount, node);
	read_keys(reading, config, mount, kb_node_get(node, "keys"));
}

static void default_mounts(struct kb_reading *reading, struct kb_config *config)
{
	static const kb_str paths[KB_TYPE_COUNT] = {
		[KB_ARTICLE] = {"{locale}/articles/**/*.md", 25},
		[KB_WORKFLOW] = {"{locale}/workflows/**/*.md", 26},
		[KB_REPLY] = {"{locale}/replies/**/*.md", 24},
		[KB_REFERENCE] = {"{locale}/reference/**/*.md", 26},
		[KB_SNIPPET] = {"{locale}/snippets/**/*.md", 25},
	};

	config->mounts = kb_arena_array(reading->arena, struct kb_mount, KB_TYPE_COUNT);
	for (int i = 0; i < KB_TYPE_COUNT; i++)
		config->mounts[config->nmounts++] = (struct kb_mount){
			.path = paths[i],
			.base = base_of(paths[i]),
			.has_type = true,
			.type = (enum kb_type)i,
			.expand = true,
		};
}

void kb_config_read_mounts(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_SEQ) {
		default_mounts(reading, config);
		return;
	}
	config->mounts = kb_arena_array(reading->arena, struct kb_mount, node->len);
	for (uint32_t i = 0; i < node->len; i++)
		read_mount(reading, config, node->items[i]);
}
