#include "markdown_help.h"

#include <dirent.h>
#include <stdlib.h>

#include "kb/file.h"
#include "kb/passage.h"

/* One passage per line: kind and context, text with its spans, and the bytes of its runs.
 */

static const char *const kinds[] = {
	"paragraph", "heading", "cell", "code", "html", "include", "rule"};
static const char spans[] = "*!~`[<^{>"; /* by enum kb_span_kind */

static void passage_add(kb_buf *out, const struct kb_passage *p, kb_str file)
{
	kb_buf_fmt(out, "%s%s%s", kinds[p->kind], p->quote ? " quote" : "",
		p->header ? " header" : "");
	if (p->level)
		kb_buf_fmt(out, " %u", p->level);
	if (p->audience)
		kb_buf_fmt(out, " audience %u", p->audience);
	if (p->depth)
		kb_buf_fmt(out, " list %u%s item %u%s%s", p->depth,
			p->ordered ? " ordered" : "", p->item,
			p->opens_item ? " first" : "",
			p->task ? p->done ? " done" : " open" : "");
	if (p->kind == KB_PASSAGE_CELL)
		kb_buf_fmt(out, " %u:%u", p->row, p->col);
	if (p->marker.len)
		kb_buf_fmt(out, " %.*s", KB_ARG(p->marker));
	if (p->info.len)
		kb_buf_fmt(out, " (%.*s)", KB_ARG(p->info));
	kb_buf_fmt(out, ": %.*s", KB_ARG(p->text));
	for (uint32_t i = 0; i < p->nspans; i++) {
		const struct kb_span *s = &p->spans[i];

		kb_buf_fmt(out, " %c%u-%u", spans[s->kind], s->from, s->to);
		if (s->dest.len)
			kb_buf_fmt(out, " %.*s", KB_ARG(s->dest));
		if (s->title.len)
			kb_buf_fmt(out, " '%.*s'", KB_ARG(s->title));
	}
	kb_buf_puts(out, " |");
	for (uint32_t i = 0; i < p->nruns; i++)
		kb_buf_fmt(out, "%.*s|",
			KB_ARG(kb_str_sub(file, p->runs[i].file,
				p->runs[i].file + p->runs[i].len)));
	kb_buf_putc(out, '\n');
}

static void expect(const char *text, const char *want)
{
	struct kb_md *md = kb_md_parse(kb_str_of(text), 0, &help_syntax);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	struct kb_passages passages, texts;

	kb_md_texts(md, arena, &texts);
	kb_md_passages(md, arena, &passages);
	assert_int_equal(texts.len, passages.len);
	for (uint32_t i = 0; i < texts.len; i++) {
		assert_true(kb_str_eq(texts.items[i].text, passages.items[i].text));
		assert_int_equal(texts.items[i].kind, passages.items[i].kind);
		assert_int_equal(texts.items[i].nruns, 0);
	}
	for (uint32_t i = 0; i < passages.len; i++)
		passage_add(&out, &passages.items[i], kb_str_of(text));
	kb_md_free(md);
	assert_str(kb_buf_view(&out), want);
}

static void inlines(void **state)
{
	(void)state;
	expect("One *two* **three ~~four~~** `five`\nsix\\\nseven",
		"paragraph: One two three four five six\nseven *4-7 !8-18 ~14-18 `19-23 "
		"|One |two| |three |four| |five|six|seven|\n");
	expect("A [link](b.md 'T') ![pic](c.png) <https://x.org> {{phone}} z",
		"paragraph: A link pic https://x.org {{phone}} z [2-6 b.md 'T' "
		"<7-10 c.png [11-24 https://x.org {25-34 phone "
		"|A |link| |pic| |https://x.org| {{phone}} z|\n");
	expect("a\\*b &amp; c&auml; \\{{x}}",
		"paragraph: a*b & cä {{x}} |a|*b | c| |{{x}}|\n");
	expect("x<br>y [^n]\n\n[^n]: Note",
		"paragraph: xy >1-1 <br> ^2-2 n |x|y|\nparagraph (n): Note |Note|\n");
	expect("``a ` b`` c", "paragraph: a ` b c `0-5 |a ` b| c|\n");
	expect("\xe6\x97\xa5\xe6\x9c\xac\n\xe8\xaa\x9e and\nmore",
		"paragraph: \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e and more "
		"|\xe6\x97\xa5\xe6\x9c\xac|\xe8\xaa\x9e and|more|\n");
}

static void blocks(void **state)
{
	(void)state;
	expect("# A {#x}\n\nB\n=\n\n---\n\n{{> s}}\n\n```dot T\na\n b\n```\n\n    c\n",
		"heading 1: A |A|\nheading 1: B |B|\nrule:  |\ninclude: s |\n"
		"code (dot T): a\n b |a| b|\ncode: c |c|\n");
	expect("- a\n  - b\n\n    c\n- [x] d\n\n1. e",
		"paragraph list 1 item 0 first: a |a|\n"
		"paragraph list 2 item 1 first: b |b|\nparagraph list 2 item 1: c |c|\n"
		"paragraph list 1 item 2 first done: d |d|\n"
		"paragraph list 1 ordered item 3 first: e |e|\n");
	expect("| a | b\\|c |\n|---|---|\n| *d* | |\n",
		"cell header 0:0: a |a|\ncell header 0:1: b|c |b|||c|\n"
		"cell 1:0: d *0-1 |d|\ncell 1:1:  |\n");
	expect("> [!AGENTS]\n> In\n> side\n\n> plain\n",
		"paragraph quote audience 1 AGENTS: In side |In|side|\n"
		"paragraph quote: plain |plain|\n");
	expect("> [!NOTE]\n>\n> x\n", "paragraph quote NOTE: x |x|\n");
	expect("<div>\ntext <b>y</b>\n</div>\n",
		"html: text y >0-0 <div> >5-5 <b> >6-6 </b> >6-6 </div> |text |y|\n");
}

static void places(void **state)
{
	const char *text = "a \\*b* c";
	struct kb_md *md = kb_md_parse(kb_str_of(text), 0, &help_syntax);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_passages passages;
	kb_range range;

	(void)state;
	kb_md_passages(md, arena, &passages);
	assert_str(passages.items[0].text, "a *b* c");
	range = kb_passage_range(&passages.items[0], 3, 5);
	assert_int_equal(range.off, 4);
	assert_int_equal(range.len, 2);
	range = kb_passage_range(&passages.items[0], 0, 7);
	assert_int_equal(range.len, 8);
	kb_md_free(md);
}

static void value(void **state)
{
	const char *file = "---\ntitle: 'A {{phone}}'\n---\n";
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_passage p = kb_passage_of_value(
		arena, KB_STR("A {{phone}}"), kb_str_of(file), (kb_range){11, 13});

	(void)state;
	assert_int_equal(kb_passage_range(&p, 0, 1).off, 12);
	assert_int_equal(p.nspans, 1);
	assert_int_equal(p.spans[0].from, 2);
	p = kb_passage_of_value(
		arena, KB_STR("it's"), KB_STR("'it''s'"), (kb_range){0, 7});
	assert_int_equal(kb_passage_range(&p, 0, 2).len, 7);
}

/* What must hold of any text. */
static size_t check_text(kb_str file)
{
	struct kb_md *md = kb_md_parse(file, 0, &help_syntax);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_passages passages;
	size_t placed = 0;

	kb_md_passages(md, arena, &passages);
	for (uint32_t i = 0; i < passages.len; i++) {
		const struct kb_passage *p = &passages.items[i];

		for (uint32_t k = 0; k < p->nruns; k++) {
			const struct kb_run *run = &p->runs[k];
			kb_str text =
				kb_str_sub(p->text, run->text, run->text + run->len);
			kb_str there = kb_str_sub(file, run->file, run->file + run->len);

			if (!kb_str_eq(text, there))
				fail_msg("'%.*s' is not '%.*s'", KB_ARG(text),
					KB_ARG(there));
			placed += run->len;
		}
		for (uint32_t k = 0; k < p->nspans; k++)
			assert_true(p->spans[k].from <= p->spans[k].to &&
				    p->spans[k].to <= p->text.len);
		for (size_t k = 0; k < p->text.len; k++)
			assert_true((unsigned char)p->text.data[k] >= ' ' ||
				    strchr("\n\t\r", p->text.data[k]));
	}
	kb_md_free(md);
	return placed;
}

static size_t check_folder(const char *folder, size_t *bytes)
{
	DIR *dir = opendir(folder);
	size_t placed = 0;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[1024];
		_cleanup_buf_ kb_buf text = {0};

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		placed += check_folder(path, bytes);
		if (!kb_str_ends(kb_str_of(path), KB_STR(".md")) ||
			kb_file_read(path, 0, &text, NULL))
			continue;
		*bytes += text.len;
		placed += check_text(kb_buf_view(&text));
	}
	if (dir)
		closedir(dir);
	return placed;
}

static const char *folder = "content-example";

static void any_text(void **state)
{
	size_t bytes = 0, placed = check_folder(folder, &bytes);

	(void)state;
	print_message("# %zu of %zu bytes have a place\n", placed, bytes);
	assert_true(placed > bytes / 3);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inlines),
		cmocka_unit_test(blocks),
		cmocka_unit_test(places),
		cmocka_unit_test(value),
		cmocka_unit_test(any_text),
	};

	if (argc > 1)
		folder = argv[1];
	kb_md_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
