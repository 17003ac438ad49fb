/*
 * A style rule in Vale's format, at work in an article.
 *
 * It is run or refused with a finding; findings and edits lie in their files.
 */
#include "checking.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	static const kb_str path = {"style/en/x.yaml", 15},
			    article = {"en/articles/descale.md", 22};
	kb_str rest = input, rule = fuzz_part(&rest);
	_cleanup_buf_ kb_buf text = {0};
	struct style_rules *rules;
	struct kb_document *doc;
	struct kb_md *md;
	struct checking c;

	kb_buf_puts(&text, "---\ntitle: A Title Of Words\nsummary: Its summary.\n---\n");
	kb_buf_str(&text, rest);
	checking_open(&c, arena,
		(kb_str[]){path, rule, article, kb_buf_view(&text), KB_STR_NULL});
	c.checker.style = rules = style_load(&c.checker);
	fuzz_findings(&c.diags, rule);
	c.diags.len = 0;
	doc = checking_document(&c, kb_buf_view(&text));
	md = checking_markdown(&c, doc, kb_buf_view(&text));
	kb_check_style(&c.checker, doc, kb_buf_view(&text), md);
	kb_md_free(md);
	fuzz_findings(&c.diags, kb_buf_view(&text));
	style_free(rules);
	checking_close(&c);
}
