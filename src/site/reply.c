#include "pages.h"

#include "kb/unicode.h"
#include "text.h"

/* Reply templates: one text per channel, with the placeholders that agents fill in. */

struct reply_page {
	struct job *job;
	const struct kb_document *doc;
	struct site_text *text;
	const struct kb_config *config;
	kb_str subject; /* with spans */
	kb_str subject_bare;
	struct rows texts;
};

static kb_str channel_label(struct reply_page *f, const struct kb_channel *channel)
{
	kb_str name;

	if (!channel)
		return string(f->job, "channel_any");
	name = kb_l10n_get(f->config, &channel->name, f->job->locale->index);
	return name.len ? name : channel->id;
}

static kb_str dom_id(struct reply_page *f, kb_str channel)
{
	struct kb_arena *arena = f->job->arena;

	return kb_arena_fmt(arena, "reply-%.*s-%.*s-%.*s",
		KB_ARG(kb_slug_path(arena, f->doc->id)),
		KB_ARG(kb_lower(arena, f->config->locales[f->doc->locale].code)),
		KB_ARG(channel));
}

static void put_limit(
	struct reply_page *f, struct kb_value *map, const char *key, uint32_t n)
{
	v_set(f->job, map, key, n ? kb_value_int(f->job->arena, n) : NULL);
}

/* CHANNEL NULL: the text for the rest. */
static void add_text(struct reply_page *f, const struct kb_reply_part *part,
	const struct kb_channel *channel)
{
	struct job *job = f->job;
	struct text_options options = {.from = part->section,
		.to = part->end,
		.no_first_heading = part->channel != NULL,
		.no_callouts = true};
	struct kb_value *value = v_map(job);
	kb_str id = channel ? channel->id : KB_STR("any");
	kb_str label = channel_label(f, channel), plain, bare;
	bool ucs2;
	bool mail = !channel || kb_str_is(channel->id, "email");

	plain = text_plain(f->text, &options, &bare);
	if (!bare.len)
		return;
	v_str(job, value, "dom", dom_id(f, id));
	v_str(job, value, "channel", id);
	v_str(job, value, "label", label);
	v_str(job, value, "copy", message(job, "copy_for", label, KB_STR("")));
	v_str(job, value, "lang", f->config->locales[f->doc->locale].code);
	v_str(job, value, "dir", locale_dir(job->site, f->doc->locale));
	v_opt(job, value, "rich",
		channel && channel->plain ? KB_STR("") : text_html(f->text, &options));
	v_str(job, value, "plain", plain);
	v_str(job, value, "bare", bare);
	v_opt(job, value, "subject_bare", mail ? f->subject_bare : KB_STR(""));
	v_opt(job, value, "subject", mail ? f->subject : KB_STR(""));
	put_limit(f, value, "max_length", channel ? channel->max_length : 0);
	put_limit(f, value, "max_segments", channel ? channel->max_segments : 0);
	v_set(job, value, "length",
		kb_value_int(job->arena, (long long)kb_utf8_count(bare)));
	put_limit(f, value, "segments",
		channel && channel->max_segments ? kb_sms_segments(bare, &ucs2) : 0);
	rows_add(job, &f->texts, value);
}

/* A reply that names its channels has a text for each; another one has the text for the
 * rest, and those that channels have of their own. */
static void add_texts(struct reply_page *f)
{
	const struct kb_reply *reply = f->doc->reply;
	const kb_strs *channels = &f->doc->facts->channels;

	for (size_t i = 0; i < channels->len; i++) {
		const struct kb_channel *channel =
			kb_config_channel(f->config, channels->items[i]);

		if (channel)
			add_text(f, kb_reply_part(reply, channel), channel);
	}
	for (uint32_t i = 0; i < reply->nparts && channels->len == 0; i++)
		add_text(f, &reply->parts[i], reply->parts[i].channel);
}

static int fill(struct reply_page *f, struct job *job, const struct kb_document *doc)
{
	*f = (struct reply_page){.job = job, .doc = doc, .config = job->site->config};
	if (text_open(job, doc, TEXT_REPLY, &f->text) < 0)
		return -1;
	f->subject = text_line(f->text, doc->facts->subject, &f->subject_bare);
	add_texts(f);
	return 0;
}

static struct kb_value *field_value(struct reply_page *f, const struct kb_placeholder *ph)
{
	struct job *job = f->job;
	struct kb_value *field = v_map(job);
	struct rows choices = {0};

	for (size_t i = 0; i < ph->values.len; i++) {
		struct kb_value *choice = v_map(job);

		v_str(job, choice, "value", ph->values.items[i]);
		v_bool(job, choice, "selected",
			ph->has_default &&
				kb_str_eq(ph->values.items[i], ph->default_value));
		rows_add(job, &choices, choice);
	}
	v_str(job, field, "name", ph->name);
	v_str(job, field, "dom", dom_id(f, ph->name));
	v_str(job, field, "description",
		ph->description.len ? ph->description : ph->name);
	v_opt(job, field, "value", ph->default_value);
	v_opt(job, field, "hint",
		ph->example.len ? message(job, "field_example", ph->example, KB_STR(""))
				: KB_STR(""));
	v_bool(job, field, "required", ph->required);
	v_block(job, field, "choices", choices);
	return field;
}

int reply_put_parts(
	struct job *job, struct kb_value *value, const struct kb_document *doc)
{
	struct text_options notes = {.only_callouts = true};
	struct rows fields = {0};
	struct reply_page f;

	if (fill(&f, job, doc) < 0)
		return -1;
	for (uint32_t i = 0; i < doc->reply->nplaceholders; i++)
		rows_add(job, &fields, field_value(&f, &doc->reply->placeholders[i]));
	v_block(job, value, "fields", fields);
	v_list(job, value, "texts", f.texts);
	v_opt(job, value, "ping", vote_href(job, doc));
	text_close(f.text);
	_cleanup_text_ struct site_text *text = NULL;
	if (text_open(job, doc, TEXT_PAGE, &text) < 0)
		return -1;
	v_opt(job, value, "notes", text_html(text, &notes));
	return 0;
}

int reply_put(struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	struct kb_value *value = v_map(job);

	v_set(job, map, "reply", value);
	return reply_put_parts(job, value, doc);
}
