#include "kb/reply.h"

#include "content.h"
#include "kb/arena_str.h"
#include "kb/unicode.h"

static struct kb_placeholder placeholder_of(
	struct kb_arena *arena, const struct kb_pair *pair)
{
	const struct kb_node *node = pair->value;
	const struct kb_node *example = kb_node_get(node, "example");
	const struct kb_node *value = kb_node_get(node, "default");
	const struct kb_node *required = kb_node_get(node, "required");
	struct kb_placeholder one = {
		.name = kb_nfc(arena, kb_node_str(pair->key)),
		.description = kb_str_trim(kb_node_str(kb_node_get(node, "description"))),
		.example = kb_node_str(example),
		.default_value = kb_node_str(value),
		.values = kb_node_strs(arena, kb_node_get(node, "values")),
		.required = true,
		.has_example = example && !kb_node_is_null(example),
		.has_default = value && !kb_node_is_null(value),
		.range = pair->key->range,
	};

	if (required)
		kb_node_bool(required, &one.required);
	return one;
}

static void read_placeholders(
	struct kb_arena *arena, struct kb_reply *reply, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_MAP)
		return;
	reply->placeholders = kb_arena_array(arena, struct kb_placeholder, node->len);
	for (uint32_t i = 0; i < node->len; i++)
		reply->placeholders[reply->nplaceholders++] =
			placeholder_of(arena, &node->pairs[i]);
}

/* A heading that names a channel begins its text; the next such one ends it. */
static const struct kb_channel *channel_of(const struct kb_config *config,
	const struct kb_document *doc, const struct kb_section *section)
{
	if (section->heading == KB_NONE)
		return NULL;
	return kb_config_channel_named(
		config, doc->facts->body.headings[section->heading].text);
}

static bool has_part(const struct kb_reply *reply, const struct kb_channel *channel)
{
	for (uint32_t i = 0; i < reply->nparts; i++)
		if (reply->parts[i].channel == channel)
			return true;
	return false;
}

/* What people call a channel in a document's language. */
static kb_str name_of(const struct kb_config *config, const struct kb_document *doc,
	const struct kb_channel *channel)
{
	kb_str name = kb_l10n_get(config, &channel->name, doc->locale);

	return name.len ? name : channel->id;
}

/* A heading that looks like the beginning of another channel's text, and is not. */
static void complain_heading(const struct kb_config *config,
	const struct kb_document *doc, const struct kb_heading *heading,
	const struct kb_channel *channel, struct kb_diags *diags)
{
	kb_str *names = kb_arena_array(diags->arena, kb_str, config->nchannels);
	kb_str text = kb_str_trim(heading->text);
	const kb_str *near;
	struct kb_diag *diag;

	for (uint32_t i = 0; i < config->nchannels; i++)
		names[i] = name_of(config, doc, &config->channels[i]);
	diag = kb_diag_add(diags, KB_RULE_REPLY_HEADING, doc->path, heading->range,
		"'%.*s' is not a channel of kb.yaml, so this is part of the text for "
		"%.*s",
		KB_ARG(text), KB_ARG(name_of(config, doc, channel)));
	near = kb_str_nearest(text, names, config->nchannels);
	if (near)
		kb_diag_hint(diags, diag, "did you mean '%.*s'?", KB_ARG(*near));
	else
		kb_diag_hint(diags, diag,
			"write one of %.*s, add the channel to kb.yaml, or use a level "
			"3 heading (###)",
			KB_ARG(kb_strs_listed(diags->arena, names, config->nchannels)));
}

static void read_parts(struct kb_arena *arena, struct kb_reply *reply,
	const struct kb_config *config, const struct kb_document *doc,
	struct kb_diags *diags)
{
	uint32_t n = doc->facts->body.nsections;

	reply->parts = kb_arena_array(arena, struct kb_reply_part, (size_t)n + 1);
	reply->parts[reply->nparts++] = (struct kb_reply_part){.end = n};
	for (uint32_t i = 0; i < n; i++) {
		const struct kb_section *section = &doc->facts->body.sections[i];
		const struct kb_channel *channel = channel_of(config, doc, section);

		if (!channel) {
			if (i > 0 && reply->nparts > 1)
				complain_heading(config, doc,
					&doc->facts->body.headings[section->heading],
					reply->parts[reply->nparts - 1].channel, diags);
			continue;
		}
		if (has_part(reply, channel))
			kb_diag_add(diags, KB_RULE_REPLY_CHANNEL, doc->path,
				doc->facts->body.headings[section->heading].range,
				"there is already a text for the channel %.*s",
				KB_ARG(channel->id));
		reply->parts[reply->nparts - 1].end = i;
		reply->parts[reply->nparts++] = (struct kb_reply_part){channel, i, n};
	}
}

struct kb_reply *kb_reply_build(struct kb_arena *arena, const struct kb_config *config,
	const struct kb_document *doc, struct kb_diags *diags)
{
	struct kb_reply *reply = kb_arena_new_of(arena, struct kb_reply);

	read_placeholders(
		arena, reply, kb_node_get(kb_facts_meta(doc->facts), "placeholders"));
	read_parts(arena, reply, config, doc, diags);
	return reply;
}

const struct kb_placeholder *kb_reply_placeholder(
	const struct kb_reply *reply, kb_str name)
{
	_cleanup_arena_ struct kb_arena *scratch = NULL;

	name = kb_nfc_name(&scratch, name);
	for (uint32_t i = 0; i < reply->nplaceholders; i++)
		if (kb_str_eq(reply->placeholders[i].name, name))
			return &reply->placeholders[i];
	return NULL;
}

const struct kb_reply_part *kb_reply_part(
	const struct kb_reply *reply, const struct kb_channel *channel)
{
	for (uint32_t i = 1; channel && i < reply->nparts; i++)
		if (reply->parts[i].channel == channel)
			return &reply->parts[i];
	return &reply->parts[0];
}
