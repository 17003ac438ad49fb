/*
 * A style rule in Vale's format, at work in an article.
 *
 * It is run or refused with a finding; findings and edits lie in their files.
 */
#include "fuzz.h"

#include "kb/check.h"

#define RULE                                                                             \
	{                                                                                \
		"style/en/x.yaml", 15                                                    \
	}
#define ARTICLE                                                                          \
	{                                                                                \
		"en/articles/x.md", 16                                                   \
	}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_check_options options = {.threads = 1};
	kb_str rest = input, rule = fuzz_part(&rest);
	_cleanup_buf_ kb_buf text = {0};
	struct fuzz_library library;

	(void)arena;
	kb_buf_puts(&text, "---\ntitle: A Title Of Words\nsummary: Its summary.\n---\n");
	kb_buf_str(&text, rest);
	fuzz_open(&library, (kb_str[]){RULE, {rule.data ? rule.data : "", rule.len},
				    ARTICLE, kb_buf_view(&text), {NULL, 0}});
	kb_check(library.lib, &options, &library.diags);
	for (size_t i = 0; i < library.diags.len; i++) {
		const struct kb_diag *diag = &library.diags.items[i];
		const struct kb_diags one = {.items = (struct kb_diag *)diag, .len = 1};

		if (kb_str_ends(diag->path, KB_STR(".yaml")))
			fuzz_findings(&one, kb_str_starts(diag->path, KB_STR("style/"))
						    ? rule
						    : KB_STR(FUZZ_CONFIG));
		else
			fuzz_findings(&one, kb_buf_view(&text));
	}
	fuzz_close(&library);
}
