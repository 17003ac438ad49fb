/* Replies: placeholders, channels, length, and that customers can see what they hold. */
#include "family.h"

static bool used_in(struct kb_checker *checker, kb_str text, kb_str name)
{
	struct kb_ref *refs;
	size_t n = kb_md_refs(checker->scratch, text, 0, &refs);

	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(refs[i].name, name))
			return true;
	return false;
}

static bool used_in_body(const struct kb_document *doc, kb_str name)
{
	for (uint32_t i = 0; i < doc->facts.nrefs; i++)
		if (doc->facts.refs[i].kind == KB_REF_VARIABLE
			&& kb_str_eq(doc->facts.refs[i].name, name))
			return true;
	return false;
}

/* One used: is it declared, or a variable? */
static void check_used(struct kb_checker *checker, const struct kb_document *doc, kb_str name,
	kb_range range)
{
	const struct kb_reply *reply = doc->reply;
	kb_str *names;
	const kb_str *nearest;
	struct kb_diag *diag;

	if (kb_reply_placeholder(reply, name)
		|| kb_config_variable(checker->lib->config, name))
		return;
	names = kb_arena_array(checker->scratch, kb_str, reply->nplaceholders);
	for (uint32_t i = 0; i < reply->nplaceholders; i++)
		names[i] = reply->placeholders[i].name;
	diag = kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_UNDECLARED, doc->path,
		range, "{{%.*s}} is neither declared under 'placeholders' nor a variable",
		KB_ARG(name));
	nearest = kb_str_nearest(name, names, reply->nplaceholders);
	if (nearest)
		kb_diag_hint(checker->diags, diag, "did you mean '{{%.*s}}'?", KB_ARG(*nearest));
}

static void check_placeholders(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_reply *reply = doc->reply;
	struct kb_ref *refs;
	size_t n = kb_md_refs(checker->scratch, doc->subject, 0, &refs);

	for (size_t i = 0; i < n; i++)
		check_used(checker, doc, refs[i].name, kb_document_range(doc, "subject"));
	for (uint32_t i = 0; i < doc->facts.nrefs; i++)
		if (doc->facts.refs[i].kind == KB_REF_VARIABLE)
			check_used(checker, doc, doc->facts.refs[i].name,
				doc->facts.refs[i].range);
	for (uint32_t i = 0; i < reply->nplaceholders; i++) {
		const struct kb_placeholder *one = &reply->placeholders[i];

		if (kb_config_variable(checker->lib->config, one->name))
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_CLASH, doc->path,
				one->range,
				"kb.yaml has a variable '%.*s', so the placeholder needs another name",
				KB_ARG(one->name));
		else if (!used_in_body(doc, one->name)
			&& !used_in(checker, doc->subject, one->name))
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_UNUSED, doc->path,
				one->range, "the placeholder '%.*s' is declared and not used",
				KB_ARG(one->name));
	}
}

static void check_channels(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->channels.len; i++)
		if (!kb_config_channel(checker->lib->config, doc->channels.items[i]))
			kb_diag_add(checker->diags, KB_RULE_REPLY_CHANNEL, doc->path,
				kb_document_item_range(doc, "channels", i),
				"kb.yaml has no channel '%.*s'", KB_ARG(doc->channels.items[i]));
}

/* Customers read a reply: what it links to must be for them. Notes to the agent may not. */
static void check_public(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts.nlinks; i++) {
		const struct kb_link *link = &doc->facts.links[i];
		bool in_note = false;
		struct kb_target target;

		for (uint32_t c = 0; c < doc->facts.ncallouts; c++) {
			kb_range note = doc->facts.callouts[c].range;

			in_note |= link->range.off >= note.off
				&& link->range.off < note.off + note.len;
		}
		if (in_note || link->audience == KB_AUDIENCE_WITHHELD)
			continue;
		kb_link_resolve(checker->lib, checker->scratch, doc, doc->locale, link->dest,
			&target);
		if (target.kind == KB_TARGET_DOCUMENT && target.doc->audience > 0)
			kb_diag_add(checker->diags, KB_RULE_REPLY_PUBLIC, doc->path, link->range,
				"customers read this, and %.*s is for %.*s only",
				KB_ARG(target.doc->path),
				KB_ARG(checker->lib->config->audiences[target.doc->audience]));
	}
}

/* Fills placeholders with their examples and variables with their values. */
struct filler {
	struct kb_checker *checker;
	const struct kb_document *doc;
	struct kb_md_hooks hooks;
	struct kb_md *included[16]; /* parsed snippets, freed at the end */
	kb_buf texts[16];
	uint32_t nincluded;
};

static bool fill_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	(void)ctx;
	(void)image;
	out->href = dest;
	return true;
}

static bool fill_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	struct filler *filler = ctx;
	const struct kb_library *lib = filler->checker->lib;
	const struct kb_placeholder *one = kb_reply_placeholder(filler->doc->reply, name);
	const struct kb_variable *variable = kb_config_variable(lib->config, name);

	*placeholder = false;
	if (one) {
		*value = one->has_example ? one->example : one->default_value;
		for (uint32_t i = 0; i < one->values.len && !one->has_example; i++)
			if (one->values.items[i].len > value->len)
				*value = one->values.items[i];
		return value->len > 0;
	}
	if (variable)
		*value = kb_l10n_get(lib->config, &variable->value, filler->doc->locale);
	return variable != NULL;
}

static bool fill_include(void *ctx, kb_str name, struct kb_md **md,
	const struct kb_md_hooks **hooks)
{
	struct filler *filler = ctx;
	struct kb_checker *checker = filler->checker;
	const struct kb_document *snippet =
		kb_library_snippet(checker->lib, name, filler->doc->locale);
	uint32_t n = filler->nincluded;
	kb_str body;

	if (!snippet || snippet->broken || n == KB_LEN(filler->included)
		|| kb_document_body(checker->reader, snippet, &filler->texts[n], &body, NULL) < 0)
		return false;
	filler->included[n] = kb_md_parse(body, snippet->body_offset,
		&checker->lib->config->syntax);
	filler->nincluded++;
	*md = filler->included[n];
	*hooks = &filler->hooks;
	return true;
}

static void check_fits(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_channel *channel, kb_str text)
{
	kb_range range = kb_document_range(doc, "title");
	size_t length = 0;
	uint32_t segments;
	bool ucs2 = false;

	for (uint32_t i = 0; i < doc->reply->nparts; i++)
		if (doc->reply->parts[i].channel == channel)
			range = doc->facts.headings[doc->facts
					.sections[doc->reply->parts[i].section]
					.heading].range;
	for (size_t i = 0; i < text.len; i++)
		length += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	if (channel->max_length && length > channel->max_length)
		kb_diag_add(checker->diags, KB_RULE_REPLY_TOO_LONG, doc->path, range,
			"filled with its examples the text for %.*s has %zu characters, more "
			"than %u",
			KB_ARG(channel->id), length, channel->max_length);
	segments = channel->max_segments ? kb_sms_segments(text, &ucs2) : 0;
	if (channel->max_segments && segments > channel->max_segments)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_REPLY_TOO_LONG, doc->path, range,
				"filled with its examples the text for %.*s takes %u SMS, more "
				"than %u",
				KB_ARG(channel->id), segments, channel->max_segments),
			ucs2 ? "a letter outside the GSM alphabet leaves 70 instead of 160 "
			       "characters an SMS"
			     : "shorten it");
}

static bool for_channel(const struct kb_document *doc, const struct kb_channel *channel)
{
	for (uint32_t i = 0; i < doc->reply->nparts; i++)
		if (doc->reply->parts[i].channel == channel)
			return true;
	if (!doc->channels.len)
		return false;
	for (uint32_t i = 0; i < doc->channels.len; i++)
		if (kb_str_eq(doc->channels.items[i], channel->id))
			return true;
	return false;
}

static void check_channel_text(struct kb_checker *checker, const struct kb_document *doc,
	struct kb_md *md, const struct kb_channel *channel, const struct kb_md_hooks *hooks)
{
	const struct kb_reply_part *part = kb_reply_part(doc->reply, channel);
	uint32_t from = part ? part->section : 0, to = part ? part->end : 1;
	_cleanup_buf_ kb_buf text = {0};

	for (uint32_t i = from; i < to; i++) {
		struct kb_md_options options = {
			.section = (int)i,
			.no_heading = i == from && part && part->channel,
			.no_callouts = true,
			.audience = doc->audience,
			.hooks = hooks,
		};

		if (i > from)
			kb_buf_puts(&text, "\n\n");
		if (kb_md_text(md, &options, &text, NULL) < 0)
			return;
	}
	check_fits(checker, doc, channel, kb_str_trim(kb_buf_view(&text)));
}

static void check_length(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config *config = checker->lib->config;
	struct filler filler = {.checker = checker, .doc = doc};
	_cleanup_buf_ kb_buf file = {0};
	struct kb_md *md = NULL;
	kb_str body;

	filler.hooks = (struct kb_md_hooks){.ctx = &filler, .link = fill_link,
		.variable = fill_variable, .include = fill_include};
	for (uint32_t i = 0; i < config->nchannels; i++) {
		const struct kb_channel *channel = &config->channels[i];

		if ((!channel->max_length && !channel->max_segments)
			|| !for_channel(doc, channel))
			continue;
		if (!md && kb_document_body(checker->reader, doc, &file, &body, NULL) < 0)
			return;
		if (!md)
			md = kb_md_parse(body, doc->body_offset, &config->syntax);
		check_channel_text(checker, doc, md, channel, &filler.hooks);
	}
	for (uint32_t i = 0; i < filler.nincluded; i++)
		kb_md_free(filler.included[i]);
	for (size_t i = 0; i < KB_LEN(filler.texts); i++)
		kb_buf_dispose(&filler.texts[i]);
	kb_md_free(md);
}

void kb_check_reply(struct kb_checker *checker, const struct kb_document *doc)
{
	check_channels(checker, doc);
	if (!doc->reply)
		return;
	check_placeholders(checker, doc);
	check_public(checker, doc);
	check_length(checker, doc);
}
