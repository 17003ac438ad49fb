/*
 * A style rule in Vale's format, at work in an article.
 *
 * It is run or refused with a finding; findings and edits lie in their files.
 */
#include "check/style.h"
#include "fuzz.h"

static const kb_str rule_path = {"style/en/x.yaml", 15},
		    article_path = {"en/articles/x.md", 16};

/* The library of nothing, with the rule's file in it. */
static struct kb_library library_of(struct kb_source *source, struct kb_entry *entry)
{
	static struct kb_library *lib;
	struct kb_library with_rule;

	if (!lib)
		lib = fuzz_library(fuzz_source(&KB_STR_NULL), NULL);
	with_rule = *lib;
	with_rule.source = source;
	with_rule.entries = entry;
	with_rule.nentries = 1;
	return with_rule;
}

static void run(struct kb_checker *checker, kb_str rule, kb_str article)
{
	const struct kb_config *config = checker->lib->config;
	struct style_rules *rules = style_load(checker);
	struct kb_diags none = {0};

	fuzz_findings(checker->diags, rule);
	checker->diags->len = 0;
	checker->style = rules;
	kb_diags_init(&none, NULL);
	kb_check_style(checker, kb_document_parse(checker->scratch, config, NULL,
					config->mounts, 0, article_path, article, &none));
	fuzz_findings(checker->diags, article);
	kb_diags_dispose(&none);
	style_free(rules);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, rule = fuzz_part(&rest);
	_cleanup_buf_ kb_buf text = {0};
	_cleanup_(kb_diags_dispose) struct kb_diags diags = {0};
	struct kb_entry entry = {.path = rule_path};

	kb_buf_puts(&text, "---\ntitle: A Title Of Words\nsummary: Its summary.\n---\n");
	kb_buf_str(&text, rest);
	struct kb_source *source =
		fuzz_source((kb_str[]){rule_path, {rule.data ? rule.data : "", rule.len},
			article_path, kb_buf_view(&text), KB_STR_NULL});
	struct kb_library lib = library_of(source, &entry);
	struct kb_checker checker = {.lib = &lib,
		.diags = &diags,
		.scratch = arena,
		.reader = kb_reader_new(source)};
	kb_diags_init(&diags, lib.config->severities);
	run(&checker, rule, kb_buf_view(&text));
	kb_reader_free(checker.reader);
	kb_source_free(source);
}
