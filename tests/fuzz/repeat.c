/*
 * A text that is repeated until it is long: a letter for its reader, and, behind lines
 * '%%%', what comes before it, the text itself, and what comes after it.
 *
 * 64 KB take less than two seconds, where they usually take some milliseconds.
 */
#include <time.h>

#include "checking.h"

#include "kb/diagram.h"
#include "kb/diff.h"
#include "kb/template.h"

enum { SIZE = 64 << 10 };

#ifdef KB_ARENA_DEBUG
enum { SECONDS = 20 };
#else
enum { SECONDS = 2 };
#endif

static void read_document(struct kb_arena *arena, kb_str text)
{
	static const kb_str path = {"en/articles/descale.md", 22};
	static void (*const families[])(
		struct kb_checker *, const struct kb_document *) = {
		kb_check_links, kb_check_text, kb_check_includes};
	struct kb_check_moves moves = {.asked = true};
	struct kb_document *doc;
	struct checking c;

	checking_open(&c, arena, (kb_str[]){path, text, KB_STR_NULL});
	doc = checking_document(&c, text);
	c.checker.moves = &moves;
	for (size_t i = 0; i < KB_LEN(families) && !doc->facts->broken; i++)
		families[i](&c.checker, doc);
	if (!doc->facts->broken)
		checking_privacy(&c, doc, text);
	checking_close(&c);
}

static void read_markdown(struct kb_arena *arena, kb_str text)
{
	const struct kb_md_options options = {.section = KB_MD_ALL};
	struct kb_md *md = kb_md_parse(text, 0, &fuzz_config()->syntax);
	_cleanup_buf_ kb_buf html = {0}, plain = {0}, markdown = {0};
	struct kb_passages passages;

	kb_md_html(md, &options, &html, NULL);
	kb_md_text(md, &options, &plain, NULL);
	kb_md_markdown(md, &options, &markdown, NULL);
	kb_md_passages(md, arena, &passages);
	kb_md_free(md);
	read_document(arena, text);
}

static void read_workflow(struct kb_arena *arena, kb_str text)
{
	const struct kb_mount *mount = fuzz_config()->mounts;
	struct kb_version *from, *to;

	while (mount->type != KB_WORKFLOW)
		mount++;
	from = kb_version_read(
		arena, fuzz_config(), mount, 0, KB_STR("en/workflows/x.md"), text);
	to = kb_version_read(arena, fuzz_config(), mount, 0, KB_STR("en/workflows/x.md"),
		kb_str_sub(text, text.len / 3, text.len));
	kb_diff_summary(arena, kb_diff_versions(arena, from, to, NULL));
}

static void read_yaml(struct kb_arena *arena, kb_str text)
{
	_cleanup_(kb_diags_dispose) struct kb_diags diags;

	kb_diags_init(&diags, NULL);
	kb_config_parse(arena, text, KB_STR("kb.yaml"), &diags);
	kb_taxonomy_parse(arena, fuzz_config(), text, KB_STR("taxonomy.yaml"), &diags);
	kb_people_parse(arena, fuzz_config(), text, KB_STR("people.yaml"), &diags);
}

static void read_template(struct kb_arena *arena, kb_str text)
{
	struct kb_templates *set = kb_templates_new();
	struct kb_value *map = kb_value_map(arena);
	_cleanup_buf_ kb_buf page = {.max = 1 << 20};

	kb_value_set_str(arena, map, "a", KB_STR("b"));
	if (kb_templates_add(set, KB_STR("a"), text, NULL) == 0)
		kb_templates_render(set, KB_STR("a"), map, &page, NULL);
	kb_templates_free(set);
}

static void read_svg(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};

	(void)arena;
	kb_svg_clean(text, &out, NULL);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	static void (*const readers[])(struct kb_arena *, kb_str) = {read_markdown,
		read_document, read_workflow, read_yaml, read_template, read_svg};
	kb_str rest = input, letter = fuzz_part(&rest), head = fuzz_part(&rest),
	       unit = fuzz_part(&rest);
	size_t reader = letter.len ? (unsigned char)(*letter.data - 'a') : 0;
	_cleanup_buf_ kb_buf text = {0};
	clock_t start;

	kb_buf_str(&text, head);
	while (unit.len && text.len + unit.len < SIZE)
		kb_buf_str(&text, unit);
	kb_buf_str(&text, rest);
	start = clock();
	readers[reader % KB_LEN(readers)](arena, kb_buf_view(&text));
	must(clock() - start < (clock_t)SECONDS * CLOCKS_PER_SEC,
		"%zu bytes take too long", text.len);
}
