#include "early.h"

#include "values.h"

enum { INCLUDES_MAX = 10000 }; /* in one text, those of its snippets counted */

static bool on_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	struct site_text *text = ctx;

	if (!text_href(text, dest, image, out))
		return false;
	if (text->form == FORM_MARKDOWN)
		out->href = text_outside(text, out->href, !image);
	return true;
}

static kb_str marked(struct site_text *text, size_t number, kb_str value)
{
	return kb_arena_fmt(text->job->arena, "%c%zu%c%.*s%c", MARK_BEGIN, number,
		MARK_MIDDLE, KB_ARG(value), MARK_END);
}

static bool on_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	struct site_text *text = ctx;
	const struct kb_config *config = text->job->site->config;
	const struct kb_reply *reply = text->top->reply;
	const struct kb_placeholder *ph =
		reply ? kb_reply_placeholder(reply, name) : NULL;
	const struct kb_variable *variable;

	if (ph) {
		*placeholder = true;
		*value = ph->has_default ? ph->default_value
					 : kb_arena_fmt(text->job->arena, "{{%.*s}}",
						   KB_ARG(name));
		if (text->marks)
			*value = marked(text, (size_t)(ph - reply->placeholders), *value);
		return true;
	}
	variable = kb_config_variable(config, name);
	if (!variable)
		return false;
	*value = kb_l10n_get(config, &variable->value, text_locale(text->job, text->top));
	return true;
}

static void set_hooks(struct site_text *text);

static struct site_text *text_new(
	struct job *job, const struct kb_document *doc, struct site_text *up)
{
	struct site_text *text = kb_xcalloc(1, sizeof(*text));

	*text = (struct site_text){.job = job, .doc = doc, .top = doc, .up = up};
	if (up) {
		text->top = up->top;
		text->use = up->use;
		text->form = up->form;
		text->marks = up->marks;
		text->next = up->below;
		up->below = text;
	}
	set_hooks(text);
	return text;
}

/* Its md is there once it is needed. */
int text_read(struct site_text *text, struct kb_error *err)
{
	struct job *job = text->job;

	return text->parsed.md ? 0
			       : kb_text_open(&text->parsed, job->site->lib,
					 job->worker->reader, text->doc, err);
}

int text_open(struct job *job, const struct kb_document *doc, enum text_use use,
	struct site_text **out)
{
	struct site_text *text = text_new(job, doc, NULL);

	text->use = use;
	*out = text;
	return 0;
}

void text_close_below(struct site_text *text)
{
	while (text->below) {
		struct site_text *first = text->below;

		text->below = first->next;
		text_close(first);
	}
}

void text_close(struct site_text *text)
{
	if (!text)
		return;
	text_close_below(text);
	kb_text_close(&text->parsed);
	early_close(text);
	kb_vec_dispose(&text->links);
	free(text);
}

struct site_text *text_snippet(struct site_text *text, kb_str name)
{
	struct site_text *page = text;
	uint32_t depth = 0;
	const struct site *site = text->job->site;
	const struct kb_document *doc =
		kb_library_snippet(site->lib, name, text_locale(text->job, text->top));

	if (!doc || !kb_snippet_visible(
			    site->lib, doc, site->audience, site->options->drafts))
		return NULL;
	for (struct site_text *up = text; up; up = up->up, depth++) {
		if (up->doc == doc)
			return NULL;
		page = up;
	}
	if (depth > site->config->limits.snippet_depth ||
		page->includes++ >= INCLUDES_MAX)
		return NULL;
	return text_new(text->job, doc, text);
}

static bool on_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	struct site_text *snippet = text_snippet(ctx, name);
	struct kb_error err;

	if (!snippet || text_read(snippet, &err) < 0)
		return false;
	*md = snippet->parsed.md;
	*hooks = &snippet->hooks;
	return true;
}

static kb_str on_label(void *ctx, kb_str marker)
{
	static const char *const alerts[][2] = {{"NOTE", "callout_note"},
		{"TIP", "callout_tip"}, {"IMPORTANT", "callout_important"},
		{"WARNING", "callout_warning"}, {"CAUTION", "callout_caution"},
		{"table", "table"}, {"task_done", "task_done"},
		{"task_open", "task_open"}, {"footnotes", "footnotes"},
		{"footnote_back", "footnote_back"}};
	struct site_text *text = ctx;
	const struct kb_config *config = text->job->site->config;

	for (size_t i = 0; i < KB_LEN(alerts); i++)
		if (kb_str_is(marker, alerts[i][0]))
			return string(text->job, alerts[i][1]);
	for (uint32_t i = 1; i < config->naudiences; i++)
		if (kb_str_eq_nocase(marker, config->audiences[i]))
			return audience_label(text->job, i);
	return message(
		text->job, "for_region", region_label(text->job, marker), KB_STR(""));
}

static bool on_fence(void *ctx, kb_str lang, kb_str title, kb_str code, kb_buf *out)
{
	return figure_draw(ctx, lang, title, code, out);
}

static void set_hooks(struct site_text *text)
{
	text->hooks = (struct kb_md_hooks){.ctx = text,
		.link = on_link,
		.variable = on_variable,
		.include = on_include,
		.label = on_label,
		.fence = on_fence};
}
