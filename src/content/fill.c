#include "kb/fill.h"

#include "kb/unicode.h"

struct filler {
	const struct kb_fill *fill;
	struct kb_arena *arena;
	struct use {
		bool missing, invented;
	} * uses; /* by placeholder: that the text uses it, and what fills it */
};

static bool value_of(const struct filler *f, const struct kb_placeholder *one,
	struct use *use, kb_str *out)
{
	for (size_t i = 0; i < f->fill->nvalues; i++)
		if (kb_str_eq(f->fill->values[i].name, one->name)) {
			*out = f->fill->values[i].value;
			return !one->required || kb_str_trim(*out).len > 0;
		}
	if (!f->fill->examples) {
		*out = one->default_value;
		return one->has_default || !one->required;
	}
	*out = one->has_example ? one->example : one->default_value;
	for (uint32_t i = 0; i < one->values.len && !one->has_example; i++)
		if (one->values.items[i].len > out->len)
			*out = one->values.items[i];
	use->invented = out->len > 0 &&
			!(one->has_default && kb_str_eq(*out, one->default_value));
	return out->len > 0;
}

static bool on_placeholder(void *ctx, kb_str name, kb_str *value)
{
	struct filler *f = ctx;
	const struct kb_reply *reply = f->fill->doc->reply;
	const struct kb_placeholder *one = kb_reply_placeholder(reply, name);

	if (!one)
		return false;
	struct use *use = &f->uses[one - reply->placeholders];
	use->missing = !value_of(f, one, use, value);
	return !use->missing;
}

bool kb_reply_serves(const struct kb_document *doc, const struct kb_channel *channel)
{
	const struct kb_reply_part *part = kb_reply_part(doc->reply, channel);

	if (part && part->channel == channel)
		return true;
	for (uint32_t i = 0; i < doc->facts->channels.len; i++)
		if (kb_str_eq(doc->facts->channels.items[i], channel->id))
			return true;
	return false;
}

static int check_choice(
	const struct kb_placeholder *one, kb_str value, struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; i < one->values.len; i++) {
		if (kb_str_eq(one->values.items[i], value))
			return 0;
		kb_buf_fmt(
			&list, "%s'%.*s'", i ? ", " : "", KB_ARG(one->values.items[i]));
	}
	return one->values.len ? kb_error_set(err, KB_E_USAGE,
					 "'%.*s' is not a choice of '%.*s': choose one "
					 "of %s",
					 KB_ARG(value), KB_ARG(one->name), list.data)
			       : 0;
}

static int check_values(const struct kb_fill *fill, struct kb_error *err)
{
	const struct kb_reply *reply = fill->doc->reply;

	for (size_t i = 0; i < fill->nvalues; i++) {
		const struct kb_placeholder *one =
			kb_reply_placeholder(reply, fill->values[i].name);
		kb_strs names = {0};

		if (one) {
			if (check_choice(one, fill->values[i].value, err) < 0)
				return -1;
			continue;
		}
		for (uint32_t k = 0; k < reply->nplaceholders; k++)
			kb_vec_push(&names, reply->placeholders[k].name);
		const kb_str *near =
			kb_str_nearest(fill->values[i].name, names.items, names.len);
		kb_error_set(err, KB_E_USAGE,
			"the reply '%.*s' has no placeholder '%.*s'%s%.*s%s",
			KB_ARG(fill->doc->id), KB_ARG(fill->values[i].name),
			near ? ": did you mean '" : "", KB_ARG(near ? *near : KB_STR("")),
			near ? "'?" : "");
		kb_vec_dispose(&names);
		return -1;
	}
	return 0;
}

static void name_uses(const struct filler *f, struct kb_filled *out)
{
	const struct kb_reply *reply = f->fill->doc->reply;
	kb_strs missing = {0}, invented = {0};

	for (uint32_t i = 0; i < reply->nplaceholders; i++) {
		if (f->uses[i].missing)
			kb_vec_push(&missing, reply->placeholders[i].name);
		if (f->uses[i].invented)
			kb_vec_push(&invented, reply->placeholders[i].name);
	}
	out->missing.len = missing.len;
	out->missing.items = kb_vec_freeze(&missing, f->arena);
	out->invented.len = invented.len;
	out->invented.items = kb_vec_freeze(&invented, f->arena);
}

static void measure(const struct filler *f, struct kb_filled *out)
{
	const struct kb_channel *channel = f->fill->channel;

	out->length = kb_utf8_count(out->text);
	if (channel && channel->max_segments)
		out->segments = kb_sms_segments(out->text, &out->ucs2);
	out->too_long =
		channel &&
		((channel->max_length && out->length > channel->max_length) ||
			(channel->max_segments && out->segments > channel->max_segments));
	name_uses(f, out);
}

static int fill_in(struct filler *f, struct kb_render *render, bool rich,
	struct kb_filled *out, struct kb_error *err)
{
	const struct kb_document *doc = f->fill->doc;
	const struct kb_channel *channel = f->fill->channel;
	const struct kb_reply_part *part = kb_reply_part(doc->reply, channel);
	struct kb_render_part wanted = {.to = 1, .no_callouts = true};

	if (part)
		wanted = (struct kb_render_part){.from = part->section,
			.to = part->end,
			.no_first_heading = part->channel != NULL,
			.no_callouts = true};
	*out = (struct kb_filled){0};
	if (kb_render_text(render, &wanted, f->arena, &out->text, err) < 0)
		return -1;
	if (rich && !(channel && channel->plain) &&
		kb_render_html(render, &wanted, f->arena, &out->html, err) < 0)
		return -1;
	if (rich && (!channel || kb_str_is(channel->id, "email")))
		out->subject = kb_render_line(render, f->arena, doc->facts->subject);
	measure(f, out);
	return 0;
}

static struct kb_render_options options_of(struct filler *f)
{
	return (struct kb_render_options){.locale = f->fill->doc->locale,
		.audience = f->fill->doc->facts->audience,
		.placeholder = on_placeholder,
		.ctx = f};
}

struct kb_hash kb_reply_fill_sign(
	const struct kb_library *lib, const struct kb_fill *fill, struct kb_arena *arena)
{
	struct filler f = {.fill = fill, .arena = arena};
	struct kb_render_options options = options_of(&f);
	const struct kb_reply_part *part = kb_reply_part(fill->doc->reply, fill->channel);
	_cleanup_buf_ kb_buf all = {0};
	struct kb_hash text;

	f.uses = kb_arena_array(arena, struct use, fill->doc->reply->nplaceholders + 1);
	text = kb_render_sign(lib, fill->doc, &options);
	kb_buf_add(&all, &text, sizeof(text));
	if (part)
		kb_buf_fmt(&all, "%u %u %d ", part->section, part->end,
			part->channel != NULL);
	if (fill->channel)
		kb_buf_fmt(&all, "%d %.*s", fill->channel->max_segments > 0,
			KB_ARG(fill->channel->id));
	return kb_hash128(kb_buf_view(&all));
}

static int fill_from(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, bool rich, struct kb_arena *arena,
	struct kb_filled *out, struct kb_error *err)
{
	struct filler filler = {.fill = fill, .arena = arena};
	struct kb_render_options options = options_of(&filler);

	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	struct kb_filled filled;

	if (check_values(fill, err) < 0 ||
		kb_render_open(&render, lib, reader, fill->doc, &options, err) < 0)
		return -1;
	filler.uses =
		kb_arena_array(arena, struct use, fill->doc->reply->nplaceholders + 1);
	if (fill_in(&filler, render, rich, &filled, err) < 0)
		return -1;
	*out = filled;
	return 0;
}

int kb_reply_fill(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, struct kb_arena *arena, struct kb_filled *out,
	struct kb_error *err)
{
	return fill_from(lib, reader, fill, true, arena, out, err);
}

int kb_reply_fill_text(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, struct kb_arena *arena, struct kb_filled *out,
	struct kb_error *err)
{
	return fill_from(lib, reader, fill, false, arena, out, err);
}

void kb_filled_value(
	const struct kb_filled *filled, struct kb_arena *arena, struct kb_value *map)
{
	kb_value_set_opt(arena, map, "subject", filled->subject);
	kb_value_set_str(arena, map, "text", filled->text);
	kb_value_set_opt(arena, map, "html", filled->html);
	if (filled->invented.len)
		kb_value_set_strs(arena, map, "examples", &filled->invented);
	kb_value_set_int(arena, map, "length", (long long)filled->length);
	if (filled->segments)
		kb_value_set_int(arena, map, "segments", filled->segments);
}
