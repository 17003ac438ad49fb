/*
 * What an agents' block holds does not reach the public.
 *
 * The input chooses one of the blocks below (its first letter), a text that comes before
 * it and one that comes after it, and may not hold the secret word itself. The word
 * must be in no page, text or fact for the public, but where the text before made the
 * block a part of fenced code, which says what it says.
 */
#include <ctype.h>

#include "fuzz.h"

#include "kb/passage.h"

#define SECRET "Qzx7"

static const char *const blocks[] = {
	"> [!AGENTS]\n> " SECRET "\n",
	"> [!AGENTS]\n" SECRET "\n",
	"> [!AGENTS]\n> Note.\n" SECRET "\n",
	"> [!AGENTS]\n> Note.\n\n[^1]: a\n\n> [!AGENTS]\n> - " SECRET "\n>   - " SECRET
	"\n",
	"> [!AGENTS]\n>\n> ## " SECRET " {#" SECRET "}\n>\n> | a |\n> |---|\n> | " SECRET
	" |\n",
	"> [!AGENTS]\n> [" SECRET "](/" SECRET " \"" SECRET "\") ![" SECRET "](" SECRET
	".png)\n",
	"> [!AGENTS]\n> ```dot " SECRET "\n> " SECRET "\n> ```\n",
	"> [!AGENTS]\n> <b title=\"" SECRET "\">" SECRET "</b><!-- " SECRET " -->\n",
	"> [!AGENTS]\n> Note.\n>\n> [a]: /" SECRET " '" SECRET "'\n",
	"> [!AGENTS]\n> Note[^b].\n>\n> [^b]: " SECRET "\n",
	"> [!AGENTS] " SECRET "\n",
	"> [!AGENTS]\r\n> " SECRET "\r\n",
	"> [!Agents]\n> " SECRET "\n",
	"> **[!AGENTS]**\n> " SECRET "\n",
	"> > [!AGENTS]\n> > " SECRET "\n",
	"- > [!AGENTS]\n  > " SECRET "\n",
	"> [!NOTE]\n> > [!AGENTS]\n> > " SECRET "\n",
	"> [!PARTNERS]\n> Note.\n>\n> > [!AGENTS]\n> > " SECRET "\n",
	"> [!AGENTS]\n> > [!NOTE]\n> > " SECRET "\n",
	"> \\[!AGENTS]\n> " SECRET "\n",
	"> \\[\\!AGENTS\\]\n> " SECRET "\n",
	"> &#91;!AGENTS]\n> " SECRET "\n",
	"> [!AGENTS]\n> ## Note\n" SECRET "\n",
	"> [!AGENTS]\n> - Note\n- " SECRET "\n",
	"> [!AGENTS]\n> ```\n> Note\n> ```\n## " SECRET "\n",
	"> [!AGENTS]\n> | a |\n> |---|\n> | b |\n| " SECRET " |\n",
	"> [!AGENTS]\n> <div>\n" SECRET "\n",
};

static bool holds_secret(kb_str s)
{
	for (size_t i = 0; i + strlen(SECRET) <= s.len; i++)
		if (kb_str_eq_nocase(
			    kb_str_sub(s, i, i + strlen(SECRET)), KB_STR(SECRET)))
			return true;
	return false;
}

/* Would it, without what a heading's id leaves out? */
static bool spells_secret(kb_str s)
{
	_cleanup_buf_ kb_buf letters = {0};

	for (size_t i = 0; i < s.len; i++)
		if (isalnum((unsigned char)s.data[i]))
			kb_buf_putc(&letters, s.data[i]);
	return holds_secret(kb_buf_view(&letters));
}

/* The HTML without <pre>...</pre>. */
static kb_str without_code(struct kb_arena *arena, kb_str html)
{
	_cleanup_buf_ kb_buf out = {0};

	for (;;) {
		size_t at = kb_str_find(html, KB_STR("<pre")), end;

		kb_buf_str(&out, kb_str_sub(html, 0, at));
		if (at == SIZE_MAX)
			break;
		html = kb_str_sub(html, at, html.len);
		end = kb_str_find(html, KB_STR("</pre>"));
		html = kb_str_sub(html, end, html.len);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static bool in_code(struct kb_md *md, struct kb_arena *arena)
{
	struct kb_passages passages;
	bool found = false;

	kb_md_passages(md, arena, &passages);
	for (uint32_t i = 0; i < passages.len; i++) {
		const struct kb_passage *p = &passages.items[i];
		bool has = p->audience == 0 && holds_secret(p->text);

		must(!has || p->kind == KB_PASSAGE_CODE, "a passage: %.*s",
			KB_ARG(p->text));
		found |= has;
	}
	return found;
}

static void check_facts(const struct kb_md_facts *facts)
{
	for (uint32_t i = 0; i < facts->nheadings; i++)
		must(facts->headings[i].audience ||
				(!holds_secret(facts->headings[i].text) &&
					!holds_secret(facts->headings[i].id)),
			"a heading");
	for (uint32_t i = 0; i < facts->nlinks; i++)
		must(facts->links[i].audience ||
				(!holds_secret(facts->links[i].text) &&
					!holds_secret(facts->links[i].dest)),
			"a link");
	for (uint32_t i = 0; i < facts->nanchors; i++)
		must(facts->anchors[i].audience || !holds_secret(facts->anchors[i].id),
			"an anchor");
	for (uint32_t i = 0; i < facts->nfences; i++)
		must(facts->fences[i].audience || !holds_secret(facts->fences[i].title),
			"a diagram's title");
	must(!holds_secret(facts->lead), "the first paragraph");
}

static void check(kb_str body, struct kb_arena *arena)
{
	const struct kb_md_options options = {.section = KB_MD_ALL};

	_cleanup_(kb_cleanup_md) struct kb_md *md =
		kb_md_parse(body, 0, &fuzz_config()->syntax);
	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	_cleanup_buf_ kb_buf html = {0}, text = {0}, markdown = {0};
	struct kb_md_facts facts;

	kb_diags_init(&diags, NULL);
	kb_md_facts(md, arena, &facts, KB_STR("x.md"), &diags);
	kb_md_html(md, &options, &html, NULL);
	kb_md_text(md, &options, &text, NULL);
	kb_md_markdown(md, &options, &markdown, NULL);
	if (in_code(md, arena)) {
		must(!holds_secret(without_code(arena, kb_buf_view(&html))),
			"HTML beside code: %.*s", KB_ARG(kb_buf_view(&html)));
		return;
	}
	check_facts(&facts);
	must(!holds_secret(kb_buf_view(&html)), "HTML: %.*s", KB_ARG(kb_buf_view(&html)));
	must(!holds_secret(kb_buf_view(&text)), "text: %.*s", KB_ARG(kb_buf_view(&text)));
	must(!holds_secret(kb_buf_view(&markdown)), "Markdown: %.*s",
		KB_ARG(kb_buf_view(&markdown)));
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	size_t form = input.len ? (unsigned char)(*input.data - 'a') % KB_LEN(blocks) : 0;
	kb_str rest = kb_str_sub(input, 1, input.len), before;
	_cleanup_buf_ kb_buf body = {0};

	if (spells_secret(input))
		return;
	before = fuzz_part(&rest);
	kb_buf_str(&body, before);
	kb_buf_puts(&body, before.len ? "\n" : "");
	kb_buf_puts(&body, blocks[form]);
	kb_buf_str(&body, rest);
	check(kb_buf_view(&body), arena);
}
