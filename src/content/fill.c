#include "kb/fill.h"

#include "kb/unicode.h"

enum { INCLUDES_MAX = 1000 };

struct filler;

/* A text that is open: the reply's own, or a snippet's. */
struct level {
	struct filler *filler;
	const struct kb_document *doc;
	struct level *up, *next;
	struct kb_md *md;
	kb_buf file;
	struct kb_md_syntax syntax;
	struct kb_md_hooks hooks;
};

struct filler {
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_fill *fill;
	struct kb_arena *arena;
	struct level *levels; /* all that are open */
	unsigned includes;
	bool *used; /* by placeholder: the text uses it, and nothing fills it */
};

kb_str kb_public_url(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_family *family, uint32_t locale, kb_str fragment)
{
	const struct kb_config *config = lib->config;
	const struct kb_document *doc = NULL;
	uint32_t at = locale;
	_cleanup_buf_ kb_buf url = {0};

	for (uint32_t i = 0; !doc && at != KB_NONE && i <= config->nlocales; i++) {
		doc = family->by_locale[at];
		if (doc && !kb_document_visible(lib, doc, 0, false))
			doc = NULL;
		at = config->locales[at].fallback;
	}
	if (!doc || !config->base_url.len)
		return KB_STR_NULL;
	kb_buf_fmt(&url, "%.*s/%.*s/", KB_ARG(config->base_url),
		KB_ARG(config->locales[locale].code));
	kb_buf_url_path(&url, doc->address);
	if (fragment.len) {
		kb_buf_putc(&url, '#');
		kb_buf_url_path(&url, fragment);
	}
	return kb_arena_str(arena, kb_buf_view(&url));
}

static bool on_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	struct level *level = ctx;
	struct filler *filler = level->filler;
	uint32_t locale = filler->fill->doc->locale;
	struct kb_target target = {0};

	*out = (struct kb_md_href){0};
	kb_link_resolve(filler->lib, filler->arena, level->doc, locale, dest, &target);
	if (image)
		return false;
	if (target.kind == KB_TARGET_DOCUMENT)
		out->href = kb_public_url(filler->lib, filler->arena, target.family,
			locale, target.fragment);
	else if (target.kind == KB_TARGET_EXTERNAL)
		out->href = target.url;
	else if (target.kind == KB_TARGET_PAGE && filler->lib->config->base_url.len)
		out->href = kb_arena_fmt(filler->arena, "%.*s/%.*s",
			KB_ARG(filler->lib->config->base_url), KB_ARG(target.page));
	return out->href.len > 0;
}

static bool value_of(struct filler *filler, const struct kb_placeholder *one, kb_str *out)
{
	for (size_t i = 0; i < filler->fill->nvalues; i++)
		if (kb_str_eq(filler->fill->values[i].name, one->name)) {
			*out = filler->fill->values[i].value;
			return true;
		}
	if (!filler->fill->examples) {
		*out = one->default_value;
		return one->has_default || !one->required;
	}
	*out = one->has_example ? one->example : one->default_value;
	for (uint32_t i = 0; i < one->values.len && !one->has_example; i++)
		if (one->values.items[i].len > out->len)
			*out = one->values.items[i];
	return out->len > 0;
}

static bool on_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	struct filler *filler = ((struct level *)ctx)->filler;
	const struct kb_document *doc = filler->fill->doc;
	const struct kb_placeholder *one = kb_reply_placeholder(doc->reply, name);
	const struct kb_variable *variable =
		kb_config_variable(filler->lib->config, name);

	*placeholder = false;
	if (one) {
		if (value_of(filler, one, value))
			return true;
		filler->used[one - doc->reply->placeholders] = true;
		return false;
	}
	if (variable)
		*value = kb_l10n_get(filler->lib->config, &variable->value, doc->locale);
	return variable != NULL;
}

static struct level *level_open(
	struct filler *filler, const struct kb_document *doc, struct level *up);

static bool on_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	struct level *level = ctx;
	struct filler *filler = level->filler;
	const struct kb_document *doc =
		kb_library_snippet(filler->lib, name, filler->fill->doc->locale);
	uint32_t depth = 0;

	for (struct level *up = level; up && doc; up = up->up, depth++)
		if (up->doc == doc)
			return false;
	if (!doc || doc->broken || depth > filler->lib->config->limits.snippet_depth ||
		filler->includes++ >= INCLUDES_MAX)
		return false;
	struct level *snippet = level_open(filler, doc, level);
	if (!snippet->md)
		return false;
	*md = snippet->md;
	*hooks = &snippet->hooks;
	return true;
}

/* Its md is NULL when the document cannot be read. */
static struct level *level_open(
	struct filler *filler, const struct kb_document *doc, struct level *up)
{
	struct level *level = kb_xcalloc(1, sizeof(*level));
	kb_str body;

	*level = (struct level){.filler = filler,
		.doc = doc,
		.up = up,
		.next = filler->levels,
		.syntax = filler->lib->config->syntax,
		.hooks = {.ctx = level,
			.link = on_link,
			.variable = on_variable,
			.include = on_include}};
	filler->levels = level;
	level->syntax.literal = doc->mount && !doc->mount->expand;
	if (kb_document_body(filler->reader, doc, &level->file, &body, NULL) == 0)
		level->md = kb_md_parse(body, doc->body_offset, &level->syntax);
	return level;
}

/* Closes what was opened above UNTIL. */
static void levels_close(struct filler *filler, struct level *until)
{
	while (filler->levels != until) {
		struct level *level = filler->levels;

		filler->levels = level->next;
		if (level->md)
			kb_md_free(level->md);
		kb_buf_dispose(&level->file);
		free(level);
	}
}

typedef int render_fn(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* The channel's sections, one after another. */
static int render(struct filler *filler, struct level *top, render_fn *run, kb_str *out,
	struct kb_error *err)
{
	const struct kb_document *doc = filler->fill->doc;
	const struct kb_reply_part *part =
		kb_reply_part(doc->reply, filler->fill->channel);
	uint32_t from = part ? part->section : 0, to = part ? part->end : 1;
	_cleanup_buf_ kb_buf text = {0};
	int status = 0;

	for (uint32_t i = from; i < to && status == 0; i++) {
		struct kb_md_options options = {
			.section = (int)i,
			.no_heading = i == from && part && part->channel,
			.no_callouts = true,
			.audience = doc->audience,
			.hooks = &top->hooks,
		};

		if (i > from && run == kb_md_text)
			kb_buf_puts(&text, "\n\n");
		status = run(top->md, &options, &text, err);
		levels_close(filler, top);
	}
	*out = kb_arena_str(filler->arena, kb_str_trim(kb_buf_view(&text)));
	return status;
}

bool kb_reply_serves(const struct kb_document *doc, const struct kb_channel *channel)
{
	const struct kb_reply_part *part = kb_reply_part(doc->reply, channel);

	if (part && part->channel == channel)
		return true;
	for (uint32_t i = 0; i < doc->channels.len; i++)
		if (kb_str_eq(doc->channels.items[i], channel->id))
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
					 "'%.*s' is no choice of '%.*s': it is one of %s",
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

static void measure(struct filler *filler, struct kb_filled *out)
{
	const struct kb_channel *channel = filler->fill->channel;
	const struct kb_reply *reply = filler->fill->doc->reply;
	kb_strs missing = {0};

	out->length = kb_utf8_count(out->text);
	if (channel && channel->max_segments)
		out->segments = kb_sms_segments(out->text, &out->ucs2);
	out->too_long =
		channel &&
		((channel->max_length && out->length > channel->max_length) ||
			(channel->max_segments && out->segments > channel->max_segments));
	for (uint32_t i = 0; i < reply->nplaceholders; i++)
		if (filler->used[i])
			kb_vec_push(&missing, reply->placeholders[i].name);
	out->missing.len = missing.len;
	out->missing.items = kb_vec_freeze(&missing, filler->arena);
}

static int fill_in(
	struct filler *filler, bool rich, struct kb_filled *out, struct kb_error *err)
{
	const struct kb_document *doc = filler->fill->doc;
	const struct kb_channel *channel = filler->fill->channel;
	struct level *top = level_open(filler, doc, NULL);
	bool mail = !channel || kb_str_is(channel->id, "email");
	int status;

	*out = (struct kb_filled){0};
	if (!top->md)
		return kb_error_set(
			err, KB_E_IO, "%.*s cannot be read", KB_ARG(doc->path));
	status = render(filler, top, kb_md_text, &out->text, err);
	if (status == 0 && rich && !(channel && channel->plain))
		status = render(filler, top, kb_md_html, &out->html, err);
	if (rich && mail) {
		_cleanup_buf_ kb_buf subject = {0};
		kb_md_expand(doc->subject, &top->hooks, &subject);
		out->subject = kb_arena_str(filler->arena, kb_buf_view(&subject));
	}
	measure(filler, out);
	return status;
}

static int fill_from(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_fill *fill, bool rich, struct kb_arena *arena,
	struct kb_filled *out, struct kb_error *err)
{
	struct filler filler = {
		.lib = lib, .reader = reader, .fill = fill, .arena = arena};
	struct kb_filled filled;

	if (check_values(fill, err) < 0)
		return -1;
	filler.used = kb_arena_array(arena, bool, fill->doc->reply->nplaceholders + 1);
	int status = fill_in(&filler, rich, &filled, err);
	levels_close(&filler, NULL);
	if (status == 0)
		*out = filled;
	return status;
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
