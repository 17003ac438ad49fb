/* Facts as a block of bytes: nothing is left out, and what is damaged is refused. */
#include "../../src/content/facts_flat.h"

#include "flat.h"
#include "kb/document.h"
#include "kb/source.h"

static void tables_are_complete(void **state)
{
	const struct kb_flat_type *facts = &kb_facts_type;
	const struct kb_flat_type *body = TYPE(facts, struct kb_facts, body);
	const struct kb_flat_type *section = TYPE(body, struct kb_md_facts, sections);
	const struct kb_flat_type *diag = TYPE(facts, struct kb_facts, findings);
	const struct kb_flat_type *edit = TYPE(diag, struct kb_diag, edits);

	(void)state;
	assert_complete(facts, struct kb_facts);
	assert_complete(TYPE(facts, struct kb_facts, notice), struct kb_notice);
	assert_complete(TYPE(facts, struct kb_facts, translation), struct kb_translation);
	assert_complete(TYPE(facts, struct kb_facts, front), struct kb_node);
	assert_complete(body, struct kb_md_facts);
	assert_complete(TYPE(body, struct kb_md_facts, headings), struct kb_heading);
	assert_complete(TYPE(body, struct kb_md_facts, links), struct kb_link);
	assert_complete(TYPE(body, struct kb_md_facts, anchors), struct kb_anchor);
	assert_complete(TYPE(body, struct kb_md_facts, refs), struct kb_ref);
	assert_complete(TYPE(body, struct kb_md_facts, callouts), struct kb_callout);
	assert_complete(TYPE(body, struct kb_md_facts, fences), struct kb_fence);
	assert_complete(section, struct kb_section);
	assert_complete(TYPE(section, struct kb_section, items), struct kb_item);
	assert_complete(diag, struct kb_diag);
	assert_complete(edit, struct kb_edit);
	assert_complete(TYPE(edit, struct kb_edit, from), struct kb_place);
	assert_ptr_equal(TYPE(facts, struct kb_facts, remarks), diag);
}

static const char workflow[] =
	"---\ntitle: A workflow\ntype: workflow\nissues: [a, b]\nnotice: {date: 2026-01-02, "
	"text: New}\ntranslation: {revision: abc}\nx: {y: [1, 2]}\n---\n"
	"### Zero {#one}\n\nIntro {{phone}} ![i](i.png) <a id=\"z\"></a>\n\n> [!NOTE]\n> Text\n\n"
	"## One {#one}\n\n{{> s}}\n\n- [Yes](#two) note\n- [No](kb:resolved)\n\n"
	"## Two\n\n```dot T\na -> b\n```\n\n- [Yes](kb:closed)\n";

struct given {
	struct kb_arena *arena;
	const struct kb_config *config;
	struct kb_diags diags;
	struct kb_facts *facts;
	kb_buf block;
};

static void given_open(struct given *g)
{
	*g = (struct given){.arena = kb_arena_new()};
	kb_diags_init(&g->diags, NULL);
	g->config = kb_config_parse(g->arena,
		KB_STR("locales: [{code: en}]\naudiences: [public, agents]\n"),
		KB_STR("kb.yaml"), &g->diags);
	assert_non_null(g->config);
	g->facts = kb_facts_read(g->arena,
		&(struct kb_facts_context){g->config, NULL, &g->config->mounts[0],
			KB_STR("en/workflows/w.md"), NULL},
		kb_str_of(workflow), NULL, NULL);
	assert_false(g->facts->broken);
	assert_true(kb_facts_sound(g->facts, g->config));
	assert_true(kb_flat_write(&kb_facts_type, g->facts, &g->block));
}

static void given_close(struct given *g)
{
	kb_buf_dispose(&g->block);
	kb_diags_dispose(&g->diags);
	kb_arena_free(g->arena);
}

static void what_is_opened_says_the_same(void **state)
{
	_cleanup_buf_ kb_buf again = {0};
	const struct kb_facts *opened;
	struct given g;

	(void)state;
	given_open(&g);
	opened = kb_flat_open(&kb_facts_type, kb_buf_view(&g.block), 0, g.arena);
	assert_non_null(opened);
	assert_true(kb_facts_sound(opened, g.config));
	assert_true(kb_flat_write(&kb_facts_type, opened, &again));
	assert_int_equal(again.len, g.block.len);
	assert_memory_equal(again.data, g.block.data, again.len);
	assert_str(opened->title, "A workflow");
	assert_int_equal(opened->type, KB_WORKFLOW);
	assert_int_equal(opened->body.nfences, 1);
	assert_int_equal(opened->body.nrefs, 2);
	assert_true(opened->nfindings > 0);
	assert_int_equal(opened->nfindings, g.facts->nfindings);
	given_close(&g);
}

#define assert_unsound(g, place, value)                                                  \
	do {                                                                             \
		__typeof__(place) was_ = (place);                                        \
		(place) = (value);                                                       \
		assert_false(kb_facts_sound((g).facts, (g).config));                     \
		(place) = was_;                                                          \
		assert_true(kb_facts_sound((g).facts, (g).config));                      \
	} while (0)

static void wrong_indices_are_refused(void **state)
{
	struct kb_md_facts *body;
	struct given g;

	(void)state;
	given_open(&g);
	body = &g.facts->body;
	assert_unsound(g, g.facts->audience, 2);
	assert_unsound(g, g.facts->notice.audience, 2);
	assert_unsound(g, g.facts->broken, true);
	assert_unsound(g, g.facts->front, NULL);
	assert_unsound(g, body->links[1].heading, body->nheadings);
	assert_unsound(g, body->refs[1].section, body->nsections);
	assert_unsound(g, body->sections[1].heading, body->nheadings);
	assert_unsound(g, body->sections[1].links_to, body->nlinks + 1);
	assert_unsound(g, body->sections[1].links_from, body->nlinks + 1);
	assert_unsound(g, body->sections[1].items[0].link, body->nlinks);
	given_close(&g);
}

static struct kb_facts *outlined(struct given *g, const char *text)
{
	struct kb_facts *facts = kb_facts_read(g->arena,
		&(struct kb_facts_context){g->config, NULL, &g->config->mounts[0],
			KB_STR("en/articles/a.md"), NULL},
		kb_str_of(text), NULL, NULL);

	/* As a load does, which knows these. */
	kb_blob_id(kb_str_of(text), facts->blob);
	facts->settings = strlen(text);
	kb_facts_outline(facts);
	return facts;
}

static uint64_t outline(struct given *g, const char *text)
{
	return outlined(g, text)->outline;
}

#define HEAD "---\ntitle: A\n---\nLead\n\n"

static void outlines_leave_the_text_out(void **state)
{
	static const char *const same[] = {HEAD "Text\n\n[a](b.md)\n",
		HEAD "More text, and more\n\n[a](b.md)\n",
		"---\ntitle:   A # said\n---\n\nLead\n\nText [a](b.md)\n"};
	static const char *const others[] = {HEAD "Text\n\n[a](c.md)\n",
		"---\ntitle: B\n---\nLead\n\nText [a](b.md)\n",
		"---\ntitle: A\nx: 1\n---\nLead\n\nText [a](b.md)\n",
		HEAD "Text [a](b.md)\n\n## Heading\n", HEAD "Text [a](b.md) {{days}}\n",
		HEAD "Text [a](b.md)\n\n{{> days}}\n",
		HEAD "Text [a](b.md)\n\n> [!AGENTS]\n> x\n",
		HEAD "> [!AGENTS]\n> Text [a](b.md)\n",
		HEAD "Text [a](b.md) <a id=\"x\"></a>\n",
		HEAD "[a](b.md)\n\n```dot\na\n```\n"};
	struct given g;
	uint64_t known;

	(void)state;
	given_open(&g);
	known = outline(&g, same[0]);
	for (size_t i = 0; i < KB_LEN(same); i++)
		assert_int_equal(outline(&g, same[i]), known);
	for (size_t i = 0; i < KB_LEN(others); i++)
		if (outline(&g, others[i]) == known)
			fail_msg("as without: %s", others[i]);
	given_close(&g);
}

static void shapes_leave_names_out(void **state)
{
	static const char *const same[] = {"---\ntitle: B\nslug: a\n---\nText\n",
		"---\ntitle: A\nsummary: S\nslug: a\n---\nText\n",
		"---\nsummary: |\n  S\nslug: a\n---\nText\n"};
	static const char *const others[] = {"---\ntitle: A\nslug: b\n---\nText\n",
		"---\ntitle: A\nslug: a\nquestion: Q\n---\nText\n",
		"---\ntitle: A\nslug: a\nx: {title: A}\n---\nText\n",
		"---\ntitle: A\nslug: a\n---\nText\n\n# A\n"};
	struct given g;
	struct kb_facts *facts;

	(void)state;
	given_open(&g);
	facts = outlined(&g, "---\ntitle: A\nslug: a\n---\nText\n");
	for (size_t i = 0; i < KB_LEN(same); i++) {
		assert_int_equal(outlined(&g, same[i])->shape, facts->shape);
		assert_true(outline(&g, same[i]) != facts->outline);
	}
	for (size_t i = 0; i < KB_LEN(others); i++)
		if (outlined(&g, others[i])->shape == facts->shape)
			fail_msg("as without: %s", others[i]);
	given_close(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_complete),
		cmocka_unit_test(what_is_opened_says_the_same),
		cmocka_unit_test(wrong_indices_are_refused),
		cmocka_unit_test(outlines_leave_the_text_out),
		cmocka_unit_test(shapes_leave_names_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
