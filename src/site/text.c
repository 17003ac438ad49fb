#include "sign.h"
#include "text_private.h"

#include "values.h"

/*
 * In plain text a placeholder is marked by control characters, which become the span
 * when the rest has been escaped: BEGIN, its number as letters, MIDDLE, value, END.
 */
enum { MARK_BEGIN = 1, MARK_MIDDLE = 2, MARK_END = 3 };

enum { INCLUDES_MAX = 10000 }; /* in one text, those of its snippets counted */

static bool on_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	return text_href(ctx, dest, image, out);
}

static kb_str marked(struct text *text, size_t number, kb_str value)
{
	return kb_arena_fmt(text->job->arena, "%c%zu%c%.*s%c", MARK_BEGIN, number,
		MARK_MIDDLE, KB_ARG(value), MARK_END);
}

static bool on_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	struct text *text = ctx;
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

static void set_hooks(struct text *text);

static struct text *text_new(
	struct job *job, const struct kb_document *doc, struct text *up)
{
	struct text *text = kb_xcalloc(1, sizeof(*text));

	*text = (struct text){.job = job, .doc = doc, .top = doc, .up = up};
	if (up) {
		text->top = up->top;
		text->use = up->use;
		text->marks = up->marks;
		text->next = up->below;
		up->below = text;
	}
	set_hooks(text);
	return text;
}

static int text_read(struct text *text, struct kb_error *err)
{
	struct kb_md_syntax syntax = text->job->site->config->syntax;
	kb_str body;

	if (kb_document_body(
		    text->job->worker->reader, text->doc, &text->file, &body, err) < 0)
		return -1;
	syntax.literal = text->doc->mount && !text->doc->mount->expand;
	text->md = kb_md_parse(body, text->doc->facts->body_offset,
		syntax.literal ? kb_arena_copy(text->job->arena, &syntax, sizeof(syntax))
			       : &text->job->site->config->syntax);
	return 0;
}

int text_open(struct job *job, const struct kb_document *doc, enum text_use use,
	struct text **out)
{
	struct text *text = text_new(job, doc, NULL);

	text->use = use;
	if (!job->signing && text_read(text, job->err) < 0) {
		text_close(text);
		return -1;
	}
	*out = text;
	return 0;
}

static void close_below(struct text *text)
{
	while (text->below) {
		struct text *first = text->below;

		text->below = first->next;
		text_close(first);
	}
}

void text_close(struct text *text)
{
	if (!text)
		return;
	close_below(text);
	if (text->md)
		kb_md_free(text->md);
	kb_buf_dispose(&text->file);
	free(text);
}

struct text *text_snippet(struct text *text, kb_str name)
{
	struct text *page = text;
	uint32_t depth = 0;
	const struct site *site = text->job->site;
	const struct kb_document *doc =
		kb_library_snippet(site->lib, name, text_locale(text->job, text->top));

	if (!doc || !kb_snippet_visible(
			    site->lib, doc, site->audience, site->options->drafts))
		return NULL;
	for (struct text *up = text; up; up = up->up, depth++) {
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
	struct text *snippet = text_snippet(ctx, name);
	struct kb_error err;

	if (!snippet || text_read(snippet, &err) < 0)
		return false;
	*md = snippet->md;
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
	struct text *text = ctx;
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

static void set_hooks(struct text *text)
{
	text->hooks = (struct kb_md_hooks){.ctx = text,
		.link = on_link,
		.variable = on_variable,
		.include = on_include,
		.label = on_label,
		.fence = on_fence};
}

static struct kb_md_options options_of(
	struct text *text, const struct text_options *given, uint32_t section)
{
	return (struct kb_md_options){
		.section = given->to ? (int)section : KB_MD_ALL,
		.no_heading = given->no_first_heading && section == given->from,
		.no_list = given->no_list,
		.no_callouts = given->no_callouts,
		.only_callouts = given->only_callouts,
		.audience = text->job->site->audience,
		.footnotes_label = string(text->job, "footnotes"),
		.hooks = &text->hooks,
	};
}

typedef int render_fn(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* Renders the sections one after another, or the whole. */
static kb_str render(struct text *text, const struct text_options *given, render_fn *run)
{
	struct job *job = text->job;
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err;
	uint32_t section = given->from;

	if (job->signing)
		return sign_text(text, given);
	do {
		struct kb_md_options options = options_of(text, given, section);
		size_t before = out.len;

		if (before && run == kb_md_text)
			kb_buf_puts(&out, "\n\n");
		if (run(text->md, &options, &out, &err) < 0) {
			kb_diag_add(&job->worker->diags, KB_RULE_MARKDOWN_TOO_COMPLEX,
				text->doc->path, (kb_range){0, 0},
				"the text is not on the site: %s", err.message);
			return KB_STR("");
		}
		close_below(text);
	} while (++section < given->to);
	return kb_arena_str(job->arena, kb_str_trim(kb_buf_view(&out)));
}

kb_str text_html(struct text *text, const struct text_options *options)
{
	return render(text, options, kb_md_html);
}

/* Turns marks into spans (HTML) and into nothing (bare). */
static kb_str unmark(struct text *text, kb_str s, kb_str *bare)
{
	const struct kb_reply *reply = text->top->reply;
	_cleanup_buf_ kb_buf html = {0}, plain = {0};
	bool open = false;

	for (size_t i = 0, from = 0; i <= s.len; i++) {
		kb_str run = kb_str_sub(s, from, i);
		size_t number = 0;

		if (i < s.len && (unsigned char)s.data[i] > MARK_END)
			continue;
		kb_buf_html(&html, run);
		kb_buf_str(&plain, run);
		from = i + 1;
		if (i == s.len || s.data[i] != MARK_BEGIN) {
			if (i < s.len && s.data[i] == MARK_END && open) {
				kb_buf_puts(&html, "</span>");
				open = false;
			}
			continue;
		}
		for (i++; i < s.len && s.data[i] >= '0' && s.data[i] <= '9' &&
			  number < 10000;
			i++)
			number = number * 10 + (size_t)(s.data[i] - '0');
		from = i + 1;
		if (!reply || number >= reply->nplaceholders || open)
			continue;
		kb_buf_puts(&html, "<span class=\"kb-ph\" data-ph=\"");
		kb_buf_html(&html, reply->placeholders[number].name);
		kb_buf_puts(&html, "\">");
		open = true;
	}
	if (open)
		kb_buf_puts(&html, "</span>");
	*bare = kb_arena_str(text->job->arena, kb_buf_view(&plain));
	return kb_arena_str(text->job->arena, kb_buf_view(&html));
}

kb_str text_plain(struct text *text, const struct text_options *options, kb_str *bare)
{
	kb_str plain;

	text->marks = true;
	plain = render(text, options, kb_md_text);
	text->marks = false;
	if (text->job->signing)
		return *bare = plain;
	return unmark(text, plain, bare);
}

kb_str text_line(struct text *text, kb_str line, kb_str *bare)
{
	_cleanup_buf_ kb_buf out = {0};

	text->marks = true;
	kb_md_expand(line, &text->hooks, &out);
	text->marks = false;
	return unmark(text, kb_buf_view(&out), bare);
}
