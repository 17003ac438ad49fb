/* Reads kb.yaml: short keys here, the longer ones in config_parts.c, channel.c and
 * mount_read.c. */
#include "content.h"
#include "kb/unicode.h"

static void read_base_url(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	kb_str url = kb_str_trim(kb_node_str(node));

	if (url.len && !kb_str_starts(url, KB_STR("https://")) &&
		!kb_str_starts(url, KB_STR("http://")))
		kb_reading_fault(
			reading, node, "base_url must begin with https:// or http://");
	while (url.len && url.data[url.len - 1] == '/')
		url.len--;
	config->base_url = url;
}

static void read_timezone(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	config->timezone = KB_STR("UTC");
	if (!node || kb_node_is_null(node))
		return;
	if (kb_timezone_known(kb_node_str(node)))
		config->timezone = kb_node_str(node);
	else
		kb_reading_fault(reading, node,
			"'%.*s' is not a time zone: write one such as "
			"Europe/Berlin or UTC",
			KB_ARG(kb_node_str(node)));
}

static void read_limits(struct kb_config *config, const struct kb_node *node)
{
	config->limits = (struct kb_config_limits){
		.workflow_steps = kb_node_u32(kb_node_get(node, "workflow_steps"), 12),
		.summary_length = kb_node_u32(kb_node_get(node, "summary_length"), 160),
		.title_length = kb_node_u32(kb_node_get(node, "title_length"), 70),
		.snippet_depth = kb_node_u32(kb_node_get(node, "snippet_depth"), 8),
	};
}

static kb_str statistic(struct kb_reading *reading, const struct kb_node *node)
{
	kb_str value = kb_node_str(node);

	if (value.len == 0)
		return KB_STR("off");
	if (!kb_str_is(value, "log") && !kb_str_is(value, "off") &&
		!kb_str_starts(value, KB_STR("https://")) &&
		!kb_str_starts(value, KB_STR("http://")))
		kb_reading_fault(reading, node,
			"'%.*s' must be 'log', 'off' or the URL of the server that "
			"counts",
			KB_ARG(value));
	return value;
}

static void read_schemas(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_MAP)
		return;
	config->schemas = kb_arena_array(reading->arena, struct kb_key_map, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		kb_str type = kb_node_str(node->pairs[i].key);
		enum kb_type parsed;

		if (kb_type_parse(type, &parsed) < 0)
			kb_reading_fault(reading, node->pairs[i].key,
				"'%.*s' is not a document type", KB_ARG(type));
		config->schemas[config->nschemas++] = (struct kb_key_map){
			.from = type, .to = kb_node_str(node->pairs[i].value)};
	}
}

static void read_syntax(struct kb_reading *reading, struct kb_config *config)
{
	kb_str *codes = kb_arena_array(reading->arena, kb_str, config->nregions);

	for (uint32_t i = 0; i < config->nregions; i++)
		codes[i] = config->regions[i].id;
	config->syntax = (struct kb_md_syntax){
		.audiences = config->audiences,
		.naudiences = config->naudiences,
		.regions = codes,
		.nregions = config->nregions,
	};
}

static void read_urls(struct kb_config *config, const struct kb_node *root)
{
	config->edit_url = kb_node_str(kb_node_get(root, "edit_url"));
	config->report_url = kb_node_str(kb_node_get(root, "report_url"));
	config->history_url = kb_node_str(kb_node_get(root, "history_url"));
}

/* Locales come first: most other values may be maps of them. */
static void read_root(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *root)
{
	const struct kb_node *statistics = kb_node_get(root, "statistics");

	kb_config_read_locales(reading, config, kb_node_get(root, "locales"));
	if (config->nlocales == 0)
		return;
	config->name = kb_reading_l10n(reading, config, kb_node_get(root, "name"));
	config->description =
		kb_reading_l10n(reading, config, kb_node_get(root, "description"));
	read_base_url(reading, config, kb_node_get(root, "base_url"));
	read_timezone(reading, config, kb_node_get(root, "timezone"));
	kb_config_read_named(reading, config, kb_node_get(root, "regions"),
		&config->regions, &config->nregions);
	kb_config_read_named(reading, config, kb_node_get(root, "products"),
		&config->products, &config->nproducts);
	kb_config_read_audiences(reading, config, kb_node_get(root, "audiences"));
	kb_config_read_channels(reading, config, kb_node_get(root, "channels"));
	kb_config_read_contacts(reading, config, kb_node_get(root, "contact"));
	kb_config_read_mounts(reading, config, kb_node_get(root, "content"));
	read_schemas(reading, config, kb_node_get(root, "schemas"));
	kb_config_read_variables(reading, config, kb_node_get(root, "variables"));
	kb_config_read_rules(reading, config, kb_node_get(root, "rules"));
	kb_config_read_redirects(reading, config, kb_node_get(root, "redirects"));
	read_limits(config, kb_node_get(root, "limits"));
	config->votes = statistic(reading, kb_node_get(statistics, "votes"));
	config->searches = statistic(reading, kb_node_get(statistics, "searches"));
	read_urls(config, root);
	read_syntax(reading, config);
}

const struct kb_config *kb_config_parse(
	struct kb_arena *arena, kb_str text, kb_str path, struct kb_diags *diags)
{
	struct kb_reading reading = {
		.arena = arena, .path = kb_arena_str(arena, path), .diags = diags};
	struct kb_config *config = kb_arena_new_of(arena, struct kb_config);

	config->path = reading.path;
	config->root = kb_reading_parse(&reading, text, "kb");
	if (config->root && config->root->kind == KB_NODE_MAP)
		read_root(&reading, config, config->root);
	return reading.faults ? NULL : config;
}
