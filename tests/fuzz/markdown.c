/*
 * Markdown to facts, passages, HTML and plain text, for the public and for agents.
 *
 * HTML is markup that can run nothing, whatever raw HTML the text holds.
 */
#include "kb/passage.h"
#include "markup.h"

static bool on_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	(void)ctx;
	*placeholder = kb_str_is(name, "name");
	*value = KB_STR("<b onclick=\"x\">'&");
	return kb_str_is(name, "shop.phone") || *placeholder;
}

static void render(struct kb_md *md, unsigned audience)
{
	const struct kb_md_hooks hooks = {.variable = on_variable};
	const struct kb_md_options options = {
		.section = KB_MD_ALL, .audience = audience, .hooks = &hooks};
	_cleanup_buf_ kb_buf html = {0}, text = {0}, markdown = {0};

	if (kb_md_html(md, &options, &html, NULL) == 0)
		markup_check(kb_buf_view(&html), markup_html_allows, markup_html_is_void);
	kb_md_text(md, &options, &text, NULL);
	kb_md_markdown(md, &options, &markdown, NULL);
}

static void check_passages(struct kb_md *md, struct kb_arena *arena, kb_str body)
{
	struct kb_passages passages;

	kb_md_passages(md, arena, &passages);
	for (uint32_t i = 0; i < passages.len; i++) {
		const struct kb_passage *p = &passages.items[i];

		fuzz_range(p->range, body);
		for (uint32_t k = 0; k < p->nruns; k++) {
			const struct kb_run *run = &p->runs[k];

			fuzz_range((kb_range){run->file, run->len}, body);
			fuzz_range((kb_range){run->text, run->len}, p->text);
			must(memcmp(p->text.data + run->text, body.data + run->file,
				     run->len) == 0,
				"a run is not what the file has");
		}
		for (uint32_t k = 0; k < p->nspans; k++)
			must(p->spans[k].from <= p->spans[k].to &&
					p->spans[k].to <= p->text.len,
				"a span is no part of its passage");
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_md_syntax *syntax = &fuzz_config()->syntax;

	_cleanup_(kb_cleanup_md) struct kb_md *md = kb_md_parse(input, 0, syntax);
	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	struct kb_md_facts facts;

	kb_diags_init(&diags, NULL);
	kb_md_facts(md, arena, &facts, KB_STR("x.md"), &diags);
	fuzz_findings(&diags, input);
	check_passages(md, arena, input);
	render(md, 0);
	render(md, 2);
}
