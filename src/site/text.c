#include "text.h"

#include "assets.h"
#include "kb/file.h"
#include "kb/unicode.h"
#include "values.h"

/*
 * In plain text a placeholder is marked by control characters, which become the span
 * when the rest has been escaped: BEGIN, its number as letters, MIDDLE, value, END.
 */
enum { MARK_BEGIN = 1, MARK_MIDDLE = 2, MARK_END = 3 };

enum { INCLUDES_MAX = 10000 }; /* in one text, those of its snippets counted */

struct text {
	struct job *job;
	const struct kb_document *doc;
	const struct kb_document *top; /* the page's, where this is a snippet */
	enum text_use use;
	bool marks;
	struct kb_md *md;
	kb_buf file;
	struct kb_md_hooks hooks;
	unsigned includes;  /* so far, of the page's own text */
	struct text *up;    /* what includes this */
	struct text *below; /* what it included, to be freed with it */
	struct text *next;
};

struct job *text_job(const struct text *text)
{
	return text->job;
}

const struct kb_document *text_document(const struct text *text)
{
	return text->top;
}

static bool link_document(
	struct text *text, const struct kb_target *target, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct site *site = job->site;
	const struct kb_family *family = target->family;
	struct kb_document *doc =
		family ? plan_find(site, family, job->locale->index) : target->doc;
	const struct page *page = doc && plan_visible(site, doc)
					  ? plan_document(site, job->locale, doc)
					  : NULL;
	kb_str fragment = target->fragment;

	if (!page)
		return false;
	if (fragment.len && (doc->facts->type == KB_REPLY ||
				    !kb_fragment_visible(site->lib, doc, fragment,
					    site->audience, site->options->drafts)))
		fragment = KB_STR("");
	out->href = href_to(job, page, fragment);
	if (!plan_same_language(site, job->locale, doc))
		out->lang = site->config->locales[doc->locale].code;
	return true;
}

/* In a text that customers are sent, a link must open for them: the public site's page
 * in the text's own language. */
static bool link_for_customer(
	struct text *text, const struct kb_target *target, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct kb_config *config = job->site->config;
	uint32_t locale = text->top->locale;
	struct kb_document *doc = NULL;

	if (!config->base_url.len)
		return link_document(text, target, out);
	for (uint32_t i = 0; !doc && locale != KB_NONE && i <= config->nlocales; i++) {
		doc = target->family ? target->family->by_locale[locale] : NULL;
		if (doc && (doc->facts->type == KB_SNIPPET || doc->facts->broken ||
				   !kb_document_visible(job->site->lib, doc, 0, false)))
			doc = NULL;
		locale = config->locales[locale].fallback;
	}
	if (!doc)
		return false;
	_cleanup_buf_ kb_buf buf = {0};
	kb_buf_str(&buf, config->base_url);
	kb_buf_putc(&buf, '/');
	kb_buf_str(&buf, config->locales[text->top->locale].code);
	kb_buf_putc(&buf, '/');
	kb_buf_url_path(&buf, doc->address);
	if (target->fragment.len &&
		kb_fragment_visible(job->site->lib, doc, target->fragment, 0, false)) {
		kb_buf_putc(&buf, '#');
		kb_buf_url_path(&buf, target->fragment);
	}
	out->href = kb_arena_str(job->arena, kb_buf_view(&buf));
	return true;
}

static bool link_file(
	struct text *text, const struct kb_entry *entry, struct kb_md_href *out)
{
	const struct asset *asset =
		entry && entry->kind == KB_ENTRY_FILE ? asset_of(text->job, entry) : NULL;

	if (!asset)
		return false;
	out->href = href_at(text->job, asset->address);
	out->width = asset->width;
	out->height = asset->height;
	return true;
}

static bool link_page(struct text *text, kb_str path, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct page *page =
		plan_at(job->site, kb_site_path_key(job->site->lib, job->arena, path));

	if (!page || page->kind == PAGE_ALIAS || page->kind == PAGE_NOT_FOUND)
		return false;
	out->href = text->use == TEXT_REPLY && job->site->config->base_url.len
			    ? kb_arena_fmt(job->arena, "%.*s/%.*s",
				      KB_ARG(job->site->config->base_url),
				      KB_ARG(page->address))
			    : href_to(job, page, KB_STR(""));
	return true;
}

bool text_href(struct text *text, kb_str dest, bool image, struct kb_md_href *out)
{
	struct job *job = text->job;
	struct kb_target target = {0};

	*out = (struct kb_md_href){0};
	kb_link_resolve(job->site->lib, job->arena, text->doc,
		text->use == TEXT_REPLY ? text->top->locale : job->locale->index, dest,
		&target);
	switch (target.kind) {
	case KB_TARGET_EXTERNAL:
		/* Pictures from elsewhere would tell others who reads the page. */
		out->href = target.url;
		out->external = true;
		return !image;
	case KB_TARGET_FRAGMENT:
		if (text->use == TEXT_REPLY ||
			!kb_fragment_visible(job->site->lib, text->top, target.fragment,
				job->site->audience, job->site->options->drafts))
			return false;
		out->href = href_to(job, job->page, target.fragment);
		out->href =
			kb_str_sub(out->href, kb_str_chr(out->href, '#'), out->href.len);
		return !image;
	case KB_TARGET_DOCUMENT:
		return !image &&
		       (text->use == TEXT_REPLY ? link_for_customer(text, &target, out)
						: link_document(text, &target, out));
	case KB_TARGET_FILE:
		return link_file(text, target.entry, out);
	case KB_TARGET_PAGE:
		return !image && link_page(text, target.page, out);
	default:
		return false;
	}
}

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
	if (text_read(text, job->err) < 0) {
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

static bool on_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	struct text *text = ctx, *snippet, *page = text;
	uint32_t depth = 0;
	const struct site *site = text->job->site;
	const struct kb_document *doc =
		kb_library_snippet(site->lib, name, text_locale(text->job, text->top));
	struct kb_error err;

	if (!doc || !kb_snippet_visible(
			    site->lib, doc, site->audience, site->options->drafts))
		return false;
	for (struct text *up = text; up; up = up->up, depth++) {
		if (up->doc == doc)
			return false;
		page = up;
	}
	if (depth > site->config->limits.snippet_depth ||
		page->includes++ >= INCLUDES_MAX)
		return false;
	snippet = text_new(text->job, doc, text);
	if (text_read(snippet, &err) < 0)
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
