/* Replies: placeholders, channels, length, and that customers can see what they hold. */
#include "family.h"

#include "kb/fill.h"

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
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++)
		if (doc->facts->body.refs[i].kind == KB_REF_VARIABLE &&
			kb_str_eq(doc->facts->body.refs[i].name, name))
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
	size_t n = kb_md_refs(checker->scratch, doc->facts->subject, 0, &refs);

	for (size_t i = 0; i < n; i++)
		check_used(checker, doc, refs[i].name,
			kb_facts_range(doc->facts, "subject"));
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++)
		if (doc->facts->body.refs[i].kind == KB_REF_VARIABLE)
			check_used(checker, doc, doc->facts->body.refs[i].name,
				doc->facts->body.refs[i].range);
	for (uint32_t i = 0; i < reply->nplaceholders; i++) {
		const struct kb_placeholder *one = &reply->placeholders[i];

		if (kb_config_variable(checker->lib->config, one->name))
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_CLASH,
				doc->path, one->range,
				"kb.yaml has a variable '%.*s', so the placeholder needs another name",
				KB_ARG(one->name));
		else if (!used_in_body(doc, one->name) &&
			 !used_in(checker, doc->facts->subject, one->name))
			kb_diag_add(checker->diags, KB_RULE_REPLY_PLACEHOLDER_UNUSED,
				doc->path, one->range,
				"the placeholder '%.*s' is declared but not used",
				KB_ARG(one->name));
	}
}

static void unknown_channel(
	struct kb_checker *checker, const struct kb_document *doc, uint32_t i)
{
	const struct kb_config *config = checker->lib->config;
	kb_str id = doc->facts->channels.items[i], list = KB_STR("");
	const struct kb_channel *named = kb_config_channel_named(config, id);
	kb_str *ids = kb_arena_array(checker->scratch, kb_str, config->nchannels);
	const kb_str *nearest = named ? &named->id : NULL;
	struct kb_diag *diag = kb_diag_add(checker->diags, KB_RULE_REPLY_CHANNEL,
		doc->path, kb_facts_item_range(doc->facts, "channels", i),
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
	for (uint32_t i = 0; i < doc->facts->channels.len; i++)
		if (!kb_config_channel(
			    checker->lib->config, doc->facts->channels.items[i]))
			unknown_channel(checker, doc, i);
}

/* Notes to the agent, which customers do not read. */
static bool in_note(const struct kb_document *doc, kb_range range)
{
	for (uint32_t i = 0; i < doc->facts->body.ncallouts; i++) {
		kb_range note = doc->facts->body.callouts[i].range;

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
	if (target.kind != KB_TARGET_DOCUMENT || target.doc->facts->audience == 0)
		return;
	kb_diag_add(checker->diags, KB_RULE_REPLY_PUBLIC, text->reply->path, range,
		text->range.len ? "customers read this, but it links to %.*s, which is "
				  "only for %.*s"
				: "customers read this, but %.*s is only for %.*s",
		KB_ARG(target.doc->path),
		KB_ARG(checker->lib->config->audiences[target.doc->facts->audience]));
}

/* What a reply links to, itself or by a snippet, must be for customers, too. */
static void check_public_text(
	struct public_text *text, const struct kb_document *doc, uint32_t depth)
{
	const struct kb_library *lib = text->checker->lib;

	for (uint32_t i = 0; i < doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &doc->facts->body.links[i];

		if (link->audience != KB_AUDIENCE_WITHHELD && !in_note(doc, link->range))
			check_public_link(text, doc, link);
	}
	for (uint32_t i = 0; depth && i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet;

		if (ref->kind != KB_REF_INCLUDE || in_note(doc, ref->range) ||
			text->visits++ >= PUBLIC_VISITS_MAX)
			continue;
		snippet = kb_library_snippet(lib, ref->name, text->reply->locale);
		if (!snippet)
			continue;
		if (doc == text->reply)
			text->range = ref->range;
		if (snippet->facts->audience > 0)
			kb_diag_add(text->checker->diags, KB_RULE_REPLY_PUBLIC,
				text->reply->path, text->range,
				"customers read this, but the snippet '%.*s' is only "
				"for %.*s",
				KB_ARG(ref->name),
				KB_ARG(lib->config->audiences[snippet->facts->audience]));
		check_public_text(text, snippet, depth - 1);
	}
}

static void check_public(struct kb_checker *checker, const struct kb_document *doc)
{
	struct public_text text = {.checker = checker, .reply = doc};

	check_public_text(&text, doc, checker->lib->config->limits.snippet_depth);
}

/* How long a reply is when it is filled in. */
struct measure {
	size_t length;
	uint32_t segments;
	char wide[8]; /* a character outside the GSM alphabet, or "" */
};

static void check_fits(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_channel *channel, const struct measure *filled)
{
	kb_range range = kb_facts_range(doc->facts, "title");

	for (uint32_t i = 0; i < doc->reply->nparts; i++)
		if (doc->reply->parts[i].channel == channel)
			range = doc->facts->body
					.headings[doc->facts->body
							  .sections[doc->reply->parts[i]
									    .section]
							  .heading]
					.range;
	if (channel->max_length && filled->length > channel->max_length)
		kb_diag_add(checker->diags, KB_RULE_REPLY_TOO_LONG, doc->path, range,
			"with its examples, the text for %.*s has %zu characters, more "
			"than %u",
			KB_ARG(channel->id), filled->length, channel->max_length);
	if (channel->max_segments && filled->segments > channel->max_segments)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_REPLY_TOO_LONG, doc->path,
				range,
				"with its examples, the text for %.*s takes %u SMS, "
				"more than %u",
				KB_ARG(channel->id), filled->segments,
				channel->max_segments),
			*filled->wide ? "'%.*s' is outside the GSM alphabet, so each "
					"SMS has 70 characters instead of 160: remove "
					"it, or shorten the text"
				      : "shorten it%.*s",
			KB_ARG(kb_str_of(filled->wide)));
}

/* Filling a reply in means to read and render it: what came of it is kept. */
static bool measure(
	struct kb_checker *checker, const struct kb_fill *fill, struct measure *out)
{
	struct kb_hash key = kb_reply_fill_sign(checker->lib, fill, checker->scratch);
	_cleanup_buf_ kb_buf known = {0};
	struct kb_filled filled;
	kb_str wide;

	*out = (struct measure){0};
	if (kb_memo_get(checker->memo, key, &known) && known.len == sizeof(*out)) {
		memcpy(out, known.data, sizeof(*out));
		out->wide[sizeof(out->wide) - 1] = 0;
		return true;
	}
	if (kb_reply_fill_text(checker->lib, checker->reader, fill, checker->scratch,
		    &filled, NULL) < 0)
		return false;
	out->length = filled.length;
	out->segments = filled.segments;
	wide = filled.ucs2 ? kb_sms_wide(filled.text) : KB_STR("");
	memcpy(out->wide, wide.data, wide.len < 7 ? wide.len : 7);
	kb_memo_put(checker->memo, key, (kb_str){(const char *)out, sizeof(*out)});
	return true;
}

static void check_length(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config *config = checker->lib->config;

	for (uint32_t i = 0; i < config->nchannels; i++) {
		const struct kb_channel *channel = &config->channels[i];
		struct kb_fill fill = {.doc = doc, .channel = channel, .examples = true};
		struct measure filled;

		if ((channel->max_length || channel->max_segments) &&
			kb_reply_serves(doc, channel) && measure(checker, &fill, &filled))
			check_fits(checker, doc, channel, &filled);
	}
}

void kb_check_reply(struct kb_checker *checker, const struct kb_document *doc)
{
	if (!doc->reply)
		return;
	check_channels(checker, doc);
	check_placeholders(checker, doc);
	check_public(checker, doc);
	check_length(checker, doc);
}
