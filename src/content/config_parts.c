/* The parts of kb.yaml that refer to one another. */
#include "content.h"
#include "kb/unicode.h"

static void read_locale(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	const struct kb_node *code =
		node->kind == KB_NODE_SCALAR ? node : kb_node_get(node, "code");
	struct kb_locale *locale = &config->locales[config->nlocales];
	kb_str written = kb_node_str(code);

	if (!kb_locale_canonical(reading->arena, written, &locale->code)) {
		kb_reading_fault(reading, code ? code : node,
			"'%.*s' is not a language tag: write it like de or de-AT",
			KB_ARG(written));
		return;
	}
	if (kb_config_locale(config, locale->code) != KB_NONE) {
		kb_reading_fault(reading, code, "the locale '%.*s' is listed twice",
			KB_ARG(locale->code));
		return;
	}
	locale->fallback = KB_NONE;
	locale->informal =
		kb_str_is(kb_node_str(kb_node_get(node, "address")), "informal");
	locale->rtl = kb_locale_rtl(locale->code);
	locale->name = kb_locale_name(reading->arena, locale->code);
	config->nlocales++;
}

static uint32_t default_fallback(const struct kb_config *config, uint32_t locale)
{
	kb_str tag = kb_locale_parent(config->locales[locale].code);

	for (; tag.len; tag = kb_locale_parent(tag)) {
		uint32_t found = kb_config_locale(config, tag);

		if (found != KB_NONE)
			return found;
	}
	return 0;
}

static void read_fallback(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	const struct kb_node *fallback = kb_node_get(node, "fallback");
	const struct kb_node *code =
		node->kind == KB_NODE_SCALAR ? node : kb_node_get(node, "code");
	uint32_t locale = kb_config_locale(config, kb_node_str(code)), target;
	struct kb_diag *diag;

	if (locale == KB_NONE)
		return;
	target = locale ? default_fallback(config, locale) : KB_NONE;
	if (fallback && !kb_node_is_null(fallback)) {
		if (locale == 0) {
			kb_reading_fault(reading, fallback,
				"the first locale is the source, so it cannot have a "
				"fallback");
			return;
		}
		target = kb_config_locale(config, kb_node_str(fallback));
		if (target == KB_NONE) {
			diag = kb_reading_fault(reading, fallback,
				"the fallback '%.*s' is not one of the locales",
				KB_ARG(kb_node_str(fallback)));
			kb_reading_nearest(reading, diag, kb_node_str(fallback),
				kb_config_codes(config, reading->arena),
				config->nlocales);
			target = 0;
		}
	}
	config->locales[locale].fallback = target;
}

/* A chain of fallbacks that does not end at the source locale is a circle: cut it. */
static void cut_circle(struct kb_reading *reading, struct kb_config *config,
	const struct kb_node *node, uint32_t locale)
{
	uint32_t at = locale, steps = 0;

	while (at != KB_NONE && at != 0 && steps++ <= config->nlocales)
		at = config->locales[at].fallback;
	if (at == KB_NONE || at == 0)
		return;
	kb_reading_fault(reading, node, "the fallbacks of '%.*s' form a circle",
		KB_ARG(config->locales[locale].code));
	config->locales[locale].fallback = 0;
}

void kb_config_read_locales(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_SEQ || node->len == 0) {
		kb_diag_hint(reading->diags,
			kb_reading_fault(reading, node, "kb.yaml has no locales"),
			"write 'locales:' and a line '  - code: en' below it");
		return;
	}
	config->locales = kb_arena_array(reading->arena, struct kb_locale, node->len);
	for (uint32_t i = 0; i < node->len; i++)
		read_locale(reading, config, node->items[i]);
	for (uint32_t i = 0; i < node->len; i++)
		read_fallback(reading, config, node->items[i]);
	for (uint32_t i = 0; i < config->nlocales; i++)
		cut_circle(reading, config, node, i);
}

static const char *audience_fault(const struct kb_config *config, kb_str name)
{
	static const char *const callouts[] = {
		"note", "tip", "important", "warning", "caution"};

	if (name.len == 0)
		return "an audience needs a name";
	for (size_t i = 0; i < KB_LEN(callouts); i++)
		if (kb_str_eq_nocase(name, kb_str_of(callouts[i])))
			return "an audience cannot have the name of a call-out";
	for (uint32_t i = 0; i < config->nregions; i++)
		if (kb_str_eq_nocase(name, config->regions[i].id))
			return "an audience cannot have the name of a region";
	for (uint32_t i = 0; i < config->naudiences; i++)
		if (kb_str_eq_nocase(name, config->audiences[i]))
			return "an audience is listed twice";
	for (size_t i = 0; i < name.len; i++)
		if (strchr(" \t\n[]/\\", name.data[i]))
			return "the name of an audience cannot have spaces, slashes "
			       "or brackets";
	return NULL;
}

enum { AUDIENCES_MAX = 32 };

void kb_config_read_audiences(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	bool given = node && node->kind == KB_NODE_SEQ && node->len > 0;

	config->audiences = kb_arena_array(reading->arena, kb_str, given ? node->len : 2);
	if (!given) {
		config->audiences[config->naudiences++] = KB_STR("public");
		config->audiences[config->naudiences++] = KB_STR("agents");
		return;
	}
	if (node->len > AUDIENCES_MAX) {
		kb_reading_fault(reading, node, "there can be at most %d audiences",
			AUDIENCES_MAX);
		return;
	}
	for (uint32_t i = 0; i < node->len; i++) {
		kb_str name = kb_node_str(node->items[i]);
		const char *fault = audience_fault(config, name);

		if (fault)
			kb_reading_fault(reading, node->items[i], "%s", fault);
		config->audiences[config->naudiences++] = name;
	}
}

static void check_contact(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_contact *contact, const struct kb_node *node)
{
	const struct kb_node *channel = kb_node_get(node, "channel");

	if (contact->channel.len && !kb_config_channel(config, contact->channel)) {
		kb_str *ids = kb_arena_array(reading->arena, kb_str, config->nchannels);

		for (uint32_t i = 0; i < config->nchannels; i++)
			ids[i] = config->channels[i].id;
		kb_reading_nearest(reading,
			kb_reading_fault(reading, channel, "there is no channel '%.*s'",
				KB_ARG(contact->channel)),
			contact->channel, ids, config->nchannels);
	}
	if (!contact->url.len && !contact->number.len && !contact->email.len)
		kb_reading_fault(reading, node,
			"each entry of 'contact' needs a url, a number or an email");
}

static void check_regions(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node, const kb_strs *regions)
{
	kb_str *codes = kb_arena_array(reading->arena, kb_str, config->nregions);

	for (uint32_t i = 0; i < config->nregions; i++)
		codes[i] = config->regions[i].id;
	for (size_t i = 0; i < regions->len && config->nregions; i++) {
		const struct kb_node *item =
			node->kind == KB_NODE_SEQ ? node->items[i] : node;
		bool known = false;

		for (uint32_t j = 0; j < config->nregions; j++)
			known |= kb_str_eq(codes[j], regions->items[i]);
		if (!known)
			kb_reading_nearest(reading,
				kb_reading_fault(reading, item,
					"there is no region '%.*s'",
					KB_ARG(regions->items[i])),
				regions->items[i], codes, config->nregions);
	}
}

void kb_config_read_contacts(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_SEQ)
		return;
	config->contacts = kb_arena_array(reading->arena, struct kb_contact, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_node *item = node->items[i];
		const struct kb_node *regions = kb_node_get(item, "regions");
		struct kb_contact *contact = &config->contacts[config->ncontacts++];

		*contact = (struct kb_contact){
			.channel = kb_node_str(kb_node_get(item, "channel")),
			.url = kb_node_str(kb_node_get(item, "url")),
			.number = kb_node_str(kb_node_get(item, "number")),
			.email = kb_node_str(kb_node_get(item, "email")),
			.label = kb_reading_l10n(
				reading, config, kb_node_get(item, "label")),
			.hours = kb_reading_l10n(
				reading, config, kb_node_get(item, "hours")),
			.regions = kb_node_strs(reading->arena, regions),
		};
		check_contact(reading, config, contact, item);
		check_regions(reading, config, regions, &contact->regions);
	}
}

void kb_config_read_named(struct kb_reading *reading, struct kb_config *config,
	const struct kb_node *node, struct kb_named **items, uint32_t *n)
{
	if (!node || node->kind != KB_NODE_MAP)
		return;
	*items = kb_arena_array(reading->arena, struct kb_named, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_node *value = node->pairs[i].value;
		const struct kb_node *name = kb_node_get(value, "name");

		(*items)[(*n)++] = (struct kb_named){
			.id = kb_node_str(node->pairs[i].key),
			.name = kb_reading_l10n(reading, config, name ? name : value),
		};
	}
}

/* A map all of whose keys are locales is a leaf; any other is a level of names. */
static bool is_leaf(const struct kb_config *config, const struct kb_node *node)
{
	if (node->kind != KB_NODE_MAP)
		return true;
	for (uint32_t i = 0; i < node->len; i++)
		if (kb_config_locale(config, kb_node_str(node->pairs[i].key)) == KB_NONE)
			return false;
	return node->len > 0;
}

struct variables {
	KB_VEC(struct kb_variable);
};

enum { VARIABLES_DEPTH = 16 };

static void read_variables(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node, kb_str prefix, unsigned depth, struct variables *out)
{
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_pair *pair = &node->pairs[i];
		kb_str key = kb_nfc(reading->arena, kb_node_str(pair->key));
		kb_str name = prefix.len ? kb_arena_fmt(reading->arena, "%.*s.%.*s",
						   KB_ARG(prefix), KB_ARG(key))
					 : key;

		if (pair->value->kind == KB_NODE_SEQ)
			kb_reading_fault(reading, pair->value,
				"the variable '%.*s' must be text, not a list",
				KB_ARG(name));
		else if (is_leaf(config, pair->value))
			kb_vec_push(out,
				((struct kb_variable){name,
					kb_reading_l10n(reading, config, pair->value)}));
		else if (depth == VARIABLES_DEPTH)
			kb_reading_fault(reading, pair->value,
				"variables are nested more than %d levels deep",
				VARIABLES_DEPTH);
		else
			read_variables(
				reading, config, pair->value, name, depth + 1, out);
	}
}

static int variable_cmp(const void *pa, const void *pb)
{
	const struct kb_variable *a = pa, *b = pb;

	return kb_str_cmp(a->name, b->name);
}

void kb_config_read_variables(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	struct variables found = {0};

	if (!node || node->kind != KB_NODE_MAP)
		return;
	read_variables(reading, config, node, KB_STR_NULL, 1, &found);
	config->nvariables = (uint32_t)found.len;
	if (found.len)
		qsort(found.items, found.len, sizeof(*found.items), variable_cmp);
	config->variables = kb_vec_freeze(&found, reading->arena);
}

void kb_config_read_redirects(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_MAP)
		return;
	config->redirects = kb_arena_array(reading->arena, struct kb_redirect, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_node *key = node->pairs[i].key,
				     *value = node->pairs[i].value;

		if (!kb_str_starts(kb_node_str(key), KB_STR("/")))
			kb_reading_fault(reading, key,
				"a redirect must begin at a site path, such as "
				"/old/page/");
		if (kb_node_str(value).len == 0)
			kb_reading_fault(reading, value,
				"a redirect must lead to a site path or to the id of a "
				"document");
		config->redirects[config->nredirects++] =
			(struct kb_redirect){.from = kb_node_str(key),
				.to = kb_node_str(value),
				.range = key->range};
	}
}

static void read_rule(
	struct kb_reading *reading, struct kb_config *config, const struct kb_pair *pair)
{
	kb_str id = kb_node_str(pair->key), word = kb_node_str(pair->value);
	enum kb_severity severity;
	enum kb_rule rule;

	if (kb_rule_find(id, &rule) < 0) {
		const char *near = kb_rule_nearest(id);
		struct kb_diag *diag = kb_reading_fault(
			reading, pair->key, "there is no rule '%.*s'", KB_ARG(id));

		if (near)
			kb_diag_hint(reading->diags, diag, "did you mean '%s'?", near);
	} else if (kb_severity_parse(word, &severity) < 0) {
		kb_reading_fault(reading, pair->value,
			"'%.*s' must be error, warning, info or off", KB_ARG(word));
	} else {
		config->severities[rule] = severity;
	}
}

void kb_config_read_rules(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	for (int i = 0; i < KB_RULE_COUNT; i++)
		config->severities[i] =
			(enum kb_severity)kb_rule_info((enum kb_rule)i)->severity;
	if (!node || node->kind != KB_NODE_MAP)
		return;
	for (uint32_t i = 0; i < node->len; i++)
		read_rule(reading, config, &node->pairs[i]);
}
