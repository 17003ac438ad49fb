/* Reads the channels of kb.yaml, or gives those that kb has of its own. */
#include "content.h"

/* What a channel of kb's own is called where kb.yaml gives it no name. */
static const struct {
	kb_str id;
	struct kb_l10n_value names[5]; /* English first: it serves other languages */
} builtin[] = {
	{{"email", 5}, {{{"en", 2}, {"E-mail", 6}}, {{"de", 2}, {"E-Mail", 6}},
			       {{"hu", 2}, {"E-mail", 6}}, {{"fr", 2}, {"E-mail", 6}},
			       {{"es", 2}, {"Correo electrónico", 19}}}},
	{{"web", 3}, {{{"en", 2}, {"Web form", 8}}, {{"de", 2}, {"Webformular", 11}},
			     {{"hu", 2}, {"Webes űrlap", 12}},
			     {{"fr", 2}, {"Formulaire web", 14}},
			     {{"es", 2}, {"Formulario web", 14}}}},
	{{"chat", 4}, {{{"en", 2}, {"Chat", 4}}, {{"de", 2}, {"Chat", 4}},
			      {{"hu", 2}, {"Chat", 4}}, {{"fr", 2}, {"Chat", 4}},
			      {{"es", 2}, {"Chat", 4}}}},
	{{"phone", 5},
		{{{"en", 2}, {"Phone", 5}}, {{"de", 2}, {"Telefon", 7}},
			{{"hu", 2}, {"Telefon", 7}}, {{"fr", 2}, {"Téléphone", 11}},
			{{"es", 2}, {"Teléfono", 9}}}},
	{{"sms", 3}, {{{"en", 2}, {"SMS", 3}}, {{"de", 2}, {"SMS", 3}},
			     {{"hu", 2}, {"SMS", 3}}, {{"fr", 2}, {"SMS", 3}},
			     {{"es", 2}, {"SMS", 3}}}},
};

/* The built-in names, and those of the regional locales that kb.yaml has. */
static struct kb_l10n builtin_name(
	struct kb_reading *reading, const struct kb_config *config, kb_str id)
{
	enum { N = KB_LEN(builtin[0].names) };
	struct kb_l10n name = {0};

	for (size_t i = 0; i < KB_LEN(builtin); i++) {
		const struct kb_l10n_value *names = builtin[i].names;

		if (!kb_str_eq(builtin[i].id, id))
			continue;
		name.values = kb_arena_array(reading->arena, struct kb_l10n_value,
			(size_t)N + config->nlocales);
		memcpy(name.values, names, sizeof(builtin[i].names));
		name.n = N;
		for (uint32_t l = 0; l < config->nlocales; l++) {
			kb_str code = config->locales[l].code;
			size_t dash = kb_str_chr(code, '-');

			for (size_t k = 0; dash != SIZE_MAX && k < N; k++)
				if (kb_str_eq(kb_str_sub(code, 0, dash), names[k].locale))
					name.values[name.n++] = (struct kb_l10n_value){
						code, names[k].value};
		}
	}
	return name;
}

static void default_channels(struct kb_reading *reading, struct kb_config *config)
{
	static const struct kb_channel defaults[] = {
		{.id = {"email", 5}},
		{.id = {"web", 3}},
		{.id = {"chat", 4}, .plain = true},
		{.id = {"phone", 5}, .plain = true},
		{.id = {"sms", 3}, .max_segments = 2, .plain = true},
	};

	config->channels = kb_arena_copy(reading->arena, defaults, sizeof(defaults));
	config->nchannels = KB_LEN(defaults);
}

static void read_channel(
	struct kb_reading *reading, struct kb_config *config, const struct kb_pair *pair)
{
	bool plain = false;
	const struct kb_node *is_plain = kb_node_get(pair->value, "plain");

	if (is_plain)
		kb_node_bool(is_plain, &plain);
	config->channels[config->nchannels++] = (struct kb_channel){
		.id = kb_node_str(pair->key),
		.name = kb_reading_l10n(
			reading, config, kb_node_get(pair->value, "name")),
		.max_length = kb_node_u32(kb_node_get(pair->value, "max_length"), 0),
		.max_segments = kb_node_u32(kb_node_get(pair->value, "max_segments"), 0),
		.plain = plain,
	};
}

void kb_config_read_channels(
	struct kb_reading *reading, struct kb_config *config, const struct kb_node *node)
{
	bool given = node && node->kind == KB_NODE_MAP && node->len > 0;

	if (given)
		config->channels =
			kb_arena_array(reading->arena, struct kb_channel, node->len);
	else
		default_channels(reading, config);
	for (uint32_t i = 0; given && i < node->len; i++)
		read_channel(reading, config, &node->pairs[i]);
	for (uint32_t i = 0; i < config->nchannels; i++)
		if (!config->channels[i].name.n)
			config->channels[i].name =
				builtin_name(reading, config, config->channels[i].id);
}
