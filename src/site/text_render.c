/* What an open text shows: its HTML, plain text, and what stands for them in a sign. */
#include "early.h"
#include "sign.h"
#include "text_private.h"
#include "values.h"

static struct kb_md_options options_of(
	struct site_text *text, const struct text_options *given, uint32_t section)
{
	return (struct kb_md_options){
		.section = given->to ? (int)section : KB_MD_ALL,
		.no_heading = given->no_first_heading && section == given->from,
		.no_title = text->doc->title_again,
		.no_list = given->no_list,
		.no_callouts = given->no_callouts,
		.only_callouts = given->only_callouts,
		.audience = text->job->site->audience,
		.footnotes_label = string(text->job, "footnotes"),
		.section_end = given->to ? 0 : TEXT_SECTION_END,
		.hooks = &text->hooks,
	};
}

typedef int render_fn(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* Renders the sections one after another, or the whole. */
static kb_str render(struct site_text *text, const struct text_options *given,
	enum text_form form, render_fn *run)
{
	struct job *job = text->job;
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err;
	uint32_t section = given->from;

	if (job->signing)
		return sign_text(text, given);
	if (run != kb_md_text && early_text(text, form, given, &out))
		return kb_arena_str(job->arena, kb_str_trim(kb_buf_view(&out)));
	if (text_read(text, job->err) < 0) {
		job->failed = true;
		return KB_STR("");
	}
	text->form = form;
	do {
		struct kb_md_options options = options_of(text, given, section);
		size_t before = out.len;

		if (before && run != kb_md_html)
			kb_buf_puts(&out, "\n\n");
		if (run(text->parsed.md, &options, &out, &err) < 0) {
			kb_diag_add(&job->worker->diags, KB_RULE_MARKDOWN_TOO_COMPLEX,
				text->doc->path, (kb_range){0, 0},
				"the page does not show the text: %s", err.message);
			text->form = FORM_HTML;
			return KB_STR("");
		}
		text_close_below(text);
	} while (++section < given->to);
	text->form = FORM_HTML;
	return kb_arena_str(job->arena, kb_str_trim(kb_buf_view(&out)));
}

kb_str text_html(struct site_text *text, const struct text_options *options)
{
	return render(text, options, FORM_HTML, kb_md_html);
}

kb_str text_markdown(struct site_text *text, const struct text_options *options)
{
	return render(text, options, FORM_MARKDOWN, kb_md_markdown);
}

const kb_strs *text_links(const struct site_text *text)
{
	return &text->links;
}

/* Turns marks into spans (HTML) and into nothing (bare). */
static kb_str unmark(struct site_text *text, kb_str s, kb_str *bare)
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

kb_str text_plain(
	struct site_text *text, const struct text_options *options, kb_str *bare)
{
	kb_str plain;

	text->marks = true;
	plain = render(text, options, FORM_HTML, kb_md_text);
	text->marks = false;
	if (text->job->signing)
		return *bare = plain;
	return unmark(text, plain, bare);
}

kb_str text_line(struct site_text *text, kb_str line, kb_str *bare)
{
	_cleanup_buf_ kb_buf out = {0};

	text->marks = true;
	kb_md_expand(line, &text->hooks, &out);
	text->marks = false;
	return unmark(text, kb_buf_view(&out), bare);
}
