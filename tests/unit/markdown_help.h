/* Short hands of the Markdown tests: one configuration, text to HTML, facts, findings. */
#ifndef MARKDOWN_HELP_H
#define MARKDOWN_HELP_H

#include "unit.h"

#include <stdio.h>

#include "kb/markdown.h"

static const kb_str help_audiences[] = {
	{"public", 6}, {"agents", 6}, {"second-level", 12}};
static const kb_str help_regions[] = {{"AT", 2}, {"DE", 2}};
static const struct kb_md_syntax help_syntax = {.audiences = help_audiences,
	.naudiences = 3,
	.regions = help_regions,
	.nregions = 2,
	.steps = true};

struct help_text {
	struct kb_arena *arena;
	struct kb_md *md;
	struct kb_md_facts facts;
	struct kb_diags diags;
	kb_buf out;
};

__attribute__((unused)) static bool help_variable(
	void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	(void)ctx;
	if (kb_str_is(name, "phone"))
		*value = KB_STR("<+43 & 1>");
	else if (kb_str_is(name, "site"))
		*value = KB_STR("https://example.org");
	else if ((*placeholder = kb_str_is(name, "name")))
		*value = KB_STR("{{name}}");
	else
		return false;
	return true;
}

static const struct kb_md_hooks help_hooks = {.variable = help_variable};

__attribute__((unused)) static kb_str help_html(
	const char *text, unsigned audience, kb_buf *out)
{
	const struct kb_md_options options = {
		.section = KB_MD_ALL, .audience = audience, .hooks = &help_hooks};
	struct kb_md *md = kb_md_parse(kb_str_of(text), 0, &help_syntax);
	struct kb_error err;

	kb_buf_clear(out);
	if (kb_md_html(md, &options, out, &err))
		fail_msg("%s", err.message);
	kb_md_free(md);
	return (kb_str){out->data ? out->data : "", out->len};
}

__attribute__((unused)) static void help_open(struct help_text *t, const char *text)
{
	*t = (struct help_text){.arena = kb_arena_new()};
	kb_diags_init(&t->diags, NULL);
	t->md = kb_md_parse(kb_str_of(text), 0, &help_syntax);
	kb_md_facts(t->md, t->arena, &t->facts, KB_STR("x.md"), &t->diags);
}

__attribute__((unused)) static void help_close(struct help_text *t)
{
	kb_md_free(t->md);
	kb_diags_dispose(&t->diags);
	kb_arena_free(t->arena);
	kb_buf_dispose(&t->out);
}

/* HTML for the public is exactly WANT. */
#define assert_html(text, want)                                                          \
	do {                                                                             \
		kb_buf help_out_ = {0};                                                  \
		assert_str(help_html(text, 0, &help_out_), want);                        \
		kb_buf_dispose(&help_out_);                                              \
	} while (0)

#endif
