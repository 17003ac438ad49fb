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
		if (doc->facts.refs[i].kind == KB_REF_VARIABLE &&
			kb_str_eq(doc->facts.refs[i].name, name))
			return true;
	return false;
}

/* One used: is it declared, or a variable? */
static void check_used(struct kb_checker *checker, const struct kb_document *doc,
	kb_str name, kb_range range)
{
	const struct kb_reply *reply = doc->reply;
	kb_str *names;
	struct kb_diag *diag;

	if (kb_reply_placeholder(reply, name) ||
		kb_config_variable(checker->lib->config, name))
		return;
	names = kb_arena_array(checker->scratch, kb_str, reply->nplaceholders);
	for (uint32_t i = 0; i < reply->nplaceholders; i++)
		names[i] = reply->placeholders[i].name;
	diag = kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_UNDECLARED,
		doc->path, range,
		"{{%.*s}} is neither declared under 'placeholders' nor a variable",
		KB_ARG(name));
	kb_check_hint_nearest(checker, diag, "did you mean '{{%.*s}}'?", name, names,
		reply->nplaceholders);
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
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_CLASH,
				doc->path, one->range,
				"kb.yaml has a variable '%.*s', so the placeholder needs another name",
				KB_ARG(one->name));
		else if (!used_in_body(doc, one->name) &&
			 !used_in(checker, doc->subject, one->name))
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_UNUSED,
				doc->path, one->range,
				"the placeholder '%.*s' is declared and not used",
				KB_ARG(one->name));
	}
}

static void unknown_channel(
	struct kb_checker *checker, const struct kb_document *doc, uint32_t i)
{
	const struct kb_config *config = checker->lib->config;
	kb_str id = doc->channels.items[i], list = KB_STR("");
	const struct kb_channel *named = kb_config_channel_named(config, id);
	kb_str *ids = kb_arena_array(checker->scratch, kb_str, config->nchannels);
	const kb_str *nearest = named ? &named->id : NULL;
	struct kb_diag *diag = kb_diag_add(checker->diags, KB_RULE_REPLY_CHANNEL,
		doc->path, kb_document_item_range(doc, "channels", i),
		"kb.yaml has no channel '%.*s'", KB_ARG(id));

	for (uint32_t k = 0; k < config->nchannels; k++) {
		ids[k] = config->channels[k].id;
		list = kb_arena_fmt(checker->scratch, "%.*s%s%.*s", KB_ARG(list),
			k ? ", " : "", KB_ARG(ids[k]));
	}
	if (!nearest)
		nearest = kb_str_nearest(id, ids, config->nchannels);
	if (nearest)
		kb_diag_hint(
			checker->diags, diag, "did you mean '%.*s'?", KB_ARG(*nearest));
	else
		kb_diag_hint(checker->diags, diag, "the channels are %.*s", KB_ARG(list));
}

static void check_channels(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->channels.len; i++)
		if (!kb_config_channel(checker->lib->config, doc->channels.items[i]))
			unknown_channel(checker, doc, i);
}

/* Notes to the agent, which customers do not read. */
static bool in_note(const struct kb_document *doc, kb_range range)
{
	for (uint32_t i = 0; i < doc->facts.ncallouts; i++) {
		kb_range note = doc->facts.callouts[i].range;

		if (range.off >= note.off && range.off < note.off + note.len)
			return true;
	}
	return false;
}

enum { PUBLIC_VISITS_MAX = 1000 };

/* A reply, or a snippet that it includes, whose links customers see. */
struct public_text {
	struct kb_checker *checker;
	const struct kb_document *reply;
	kb_range range; /* of the include in the reply; len 0: the reply's own text */
	unsigned visits;
};

static void check_public_link(struct public_text *text, const struct kb_document *doc,
	const struct kb_link *link)
{
	struct kb_checker *checker = text->checker;
	kb_range range = text->range.len ? text->range : link->range;
	struct kb_target target;

	kb_link_resolve(checker->lib, checker->scratch, doc, text->reply->locale,
		link->dest, &target);
	if (target.kind != KB_TARGET_DOCUMENT || target.doc->audience == 0)
		return;
	kb_diag_add(checker->diags, KB_RULE_REPLY_PUBLIC, text->reply->path, range,
		text->range.len
			? "customers read this, and it links to %.*s, which is for %.*s only"
			: "customers read this, and %.*s is for %.*s only",
		KB_ARG(target.doc->path),
		KB_ARG(checker->lib->config->audiences[target.doc->audience]));
}

/* What a reply links to, itself or by a snippet, must be for customers, too. */
static void check_public_text(
	struct public_text *text, const struct kb_document *doc, uint32_t depth)
{
	const struct kb_library *lib = text->checker->lib;

	for (uint32_t i = 0; i < doc->facts.nlinks; i++) {
		const struct kb_link *link = &doc->facts.links[i];

		if (link->audience != KB_AUDIENCE_WITHHELD && !in_note(doc, link->range))
			check_public_link(text, doc, link);
	}
	for (uint32_t i = 0; depth && i < doc->facts.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts.refs[i];
		const struct kb_document *snippet;

		if (ref->kind != KB_REF_INCLUDE || in_note(doc, ref->range) ||
			text->visits++ >= PUBLIC_VISITS_MAX)
			continue;
		snippet = kb_library_snippet(lib, ref->name, text->reply->locale);
		if (!snippet)
			continue;
		if (doc == text->reply)
			text->range = ref->range;
		if (snippet->audience > 0)
			kb_diag_add(text->checker->diags, KB_RULE_REPLY_PUBLIC,
				text->reply->path, text->range,
				"customers read this, and the snippet '%.*s' is for %.*s only",
				KB_ARG(ref->name),
				KB_ARG(lib->config->audiences[snippet->audience]));
		check_public_text(text, snippet, depth - 1);
	}
}

static void check_public(struct kb_checker *checker, const struct kb_document *doc)
{
	struct public_text text = {.checker = checker, .reply = doc};

	check_public_text(&text, doc, checker->lib->config->limits.snippet_depth);
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

static bool fill_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	struct filler *filler = ctx;
	struct kb_checker *checker = filler->checker;
	const struct kb_document *snippet =
		kb_library_snippet(checker->lib, name, filler->doc->locale);
	uint32_t n = filler->nincluded;
	kb_str body;

	if (!snippet || snippet->broken || n == KB_LEN(filler->included) ||
		kb_document_body(
			checker->reader, snippet, &filler->texts[n], &body, NULL) < 0)
		return false;
	filler->included[n] =
		kb_md_parse(body, snippet->body_offset, &checker->lib->config->syntax);
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
			range = doc->facts
					.headings[doc->facts
							  .sections[doc->reply->parts[i]
									    .section]
							  .heading]
					.range;
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
			kb_diag_add(checker->diags, KB_RULE_REPLY_TOO_LONG, doc->path,
				range,
				"filled with its examples the text for %.*s takes %u SMS, more "
				"than %u",
				KB_ARG(channel->id), segments, channel->max_segments),
			ucs2 ? "'%.*s' is outside the GSM alphabet, which leaves 70 instead of "
			       "160 characters an SMS: do without it, or shorten the text"
			     : "shorten it%.*s",
			KB_ARG(ucs2 ? kb_sms_wide(text) : KB_STR("")));
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

static void filler_clear(struct filler *filler)
{
	for (uint32_t i = 0; i < filler->nincluded; i++) {
		kb_md_free(filler->included[i]);
		kb_buf_dispose(&filler->texts[i]);
	}
	filler->nincluded = 0;
}

/* The channel's text, filled; -1 when it is too large to be rendered. */
static int fill(struct filler *filler, struct kb_md *md, const struct kb_channel *channel,
	kb_buf *text)
{
	const struct kb_document *doc = filler->doc;
	const struct kb_reply_part *part = kb_reply_part(doc->reply, channel);
	uint32_t from = part ? part->section : 0, to = part ? part->end : 1;
	int status = 0;

	for (uint32_t i = from; i < to && status == 0; i++) {
		struct kb_md_options options = {
			.section = (int)i,
			.no_heading = i == from && part && part->channel,
			.no_callouts = true,
			.audience = doc->audience,
			.hooks = &filler->hooks,
		};

		if (i > from)
			kb_buf_puts(text, "\n\n");
		status = kb_md_text(md, &options, text, NULL);
	}
	filler_clear(filler);
	return status;
}

static void check_length(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config *config = checker->lib->config;
	struct filler filler = {.checker = checker, .doc = doc};
	_cleanup_buf_ kb_buf file = {0}, text = {0};
	_cleanup_(kb_cleanup_md) struct kb_md *md = NULL;
	kb_str body;

	filler.hooks = (struct kb_md_hooks){.ctx = &filler,
		.link = fill_link,
		.variable = fill_variable,
		.include = fill_include};
	for (uint32_t i = 0; i < config->nchannels; i++) {
		const struct kb_channel *channel = &config->channels[i];

		if ((!channel->max_length && !channel->max_segments) ||
			!for_channel(doc, channel))
			continue;
		if (!md && kb_document_body(checker->reader, doc, &file, &body, NULL) < 0)
			return;
		if (!md)
			md = kb_md_parse(body, doc->body_offset, &config->syntax);
		kb_buf_clear(&text);
		if (fill(&filler, md, channel, &text) == 0)
			check_fits(
				checker, doc, channel, kb_str_trim(kb_buf_view(&text)));
	}
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
