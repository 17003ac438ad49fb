/* Process maps (dot) and customer-journey maps. */
#include "family.h"

#include "kb/diagram.h"

static struct kb_diag *bad(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, const char *message)
{
	return kb_diag_add(
		checker->diags, KB_RULE_DIAGRAM_SYNTAX, doc->path, range, "%s", message);
}

enum { NUMBER_MAX = 60 }; /* bytes of a hint */

/* The LINE-th line of a fence's code, as a range of the file. */
static kb_range code_line(const struct kb_fence *fence, uint32_t line)
{
	kb_str rest = fence->code, part = KB_STR_NULL;

	if (line == 0)
		return fence->info_range;
	for (uint32_t i = 0; i < line; i++)
		if (!kb_str_next(&rest, '\n', &part))
			return fence->range;
	return (kb_range){fence->range.off + (uint32_t)(part.data - fence->code.data),
		(uint32_t)part.len};
}

static void check_id_url(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_fence *fence, kb_str url)
{
	struct kb_target target;
	kb_range range = fence->range;
	size_t at = kb_str_find(fence->code, url);

	/* In a quote or a list the lines have beginnings that the code has not; the last
	 * line's end may or may not count. */
	if (at != SIZE_MAX && fence->range.len <= fence->code.len + 1)
		range = (kb_range){fence->range.off + (uint32_t)at, (uint32_t)url.len};
	kb_link_resolve(checker->lib, checker->scratch, doc, doc->locale, url, &target);
	if (!kb_check_target(checker, doc, range, &target, url, false) &&
		target.kind == KB_TARGET_DOCUMENT)
		kb_check_readers(checker, doc, range, fence->audience, target.doc);
}

static size_t skip(kb_str s, size_t at, const char *set)
{
	while (at < s.len && s.data[at] && strchr(set, s.data[at]))
		at++;
	return at;
}

/* The longest number that is an attribute's value, with its name: 'minlen=40000'. */
static kb_str large_number(kb_str dot)
{
	kb_str large = KB_STR("");
	size_t longest = 3, from, to, digits;

	for (size_t i = 0; i < dot.len; i++) {
		if (dot.data[i] != '=')
			continue;
		digits = skip(dot, i + 1, " \"");
		to = skip(dot, digits, "0123456789");
		if (to - digits <= longest)
			continue;
		for (from = i; from > 0 && dot.data[from - 1] == ' ';)
			from--;
		while (from > 0 && dot.data[from - 1] >= 'a' && dot.data[from - 1] <= 'z')
			from--;
		longest = to - digits;
		large = kb_str_sub(dot, from, to);
	}
	return large;
}

/* What to try if the source is right, but Graphviz cannot draw it. */
static void hint_simpler(struct kb_checker *checker, struct kb_diag *diag, kb_str dot)
{
	kb_str large = large_number(dot);

	if (large.len && large.len <= NUMBER_MAX)
		kb_diag_hint(checker->diags, diag, "try a smaller number for '%.*s'",
			KB_ARG(large));
	else
		kb_diag_hint(checker->diags, diag,
			"make it simpler, with fewer nodes, edges and attributes, or "
			"split it into two diagrams");
}

static void check_dot(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_fence *fence)
{
	struct kb_error err = {0};
	uint32_t line = 0;
	kb_str *urls;
	size_t n;

	if (kb_diagram_check(checker->scratch, fence->code, &urls, &n, &line, &err) < 0) {
		struct kb_diag *diag =
			bad(checker, doc, code_line(fence, line), err.message);

		if (err.code == KB_E_REFUSED)
			hint_simpler(checker, diag, fence->code);
		return;
	}
	for (size_t i = 0; i < n; i++)
		check_id_url(checker, doc, fence, urls[i]);
}

static void check_stage_document(struct kb_checker *checker,
	const struct kb_document *doc, const struct kb_fence *fence,
	const struct kb_node *node)
{
	kb_str id = kb_node_str(node);
	const struct kb_family *family = kb_library_family(checker->lib, id);
	const struct kb_document *to =
		family ? kb_family_find(checker->lib, family, doc->locale) : NULL;

	if (to)
		kb_check_readers(checker, doc, node->range, fence->audience, to);
	else if (!family)
		kb_diag_add(checker->diags, KB_RULE_LINK_ID_UNKNOWN, doc->path,
			node->range, "no document has the id '%.*s'", KB_ARG(id));
}

static void check_stage(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_fence *fence, const struct kb_node *stage)
{
	const struct kb_node *emotion = kb_node_get(stage, "emotion");
	const struct kb_node *documents = kb_node_get(stage, "documents");
	const struct kb_node *touchpoints = kb_node_get(stage, "touchpoints");
	long long mood;

	if (stage->kind != KB_NODE_MAP || !kb_node_str(kb_node_get(stage, "stage")).len) {
		bad(checker, doc, stage->range,
			"each stage of a journey needs a name in 'stage'");
		return;
	}
	if (emotion && (kb_node_int(emotion, &mood) < 0 || mood < 1 || mood > 5))
		bad(checker, doc, emotion->range,
			"'emotion' must be a number from 1 to 5");
	for (uint32_t i = 0;
		documents && documents->kind == KB_NODE_SEQ && i < documents->len; i++)
		check_stage_document(checker, doc, fence, documents->items[i]);
	for (uint32_t i = 0;
		touchpoints && touchpoints->kind == KB_NODE_SEQ && i < touchpoints->len;
		i++) {
		kb_str id = kb_node_str(touchpoints->items[i]);

		if (!kb_config_channel(checker->lib->config, id))
			kb_diag_add(checker->diags, KB_RULE_REPLY_CHANNEL, doc->path,
				touchpoints->items[i]->range,
				"kb.yaml has no channel '%.*s'", KB_ARG(id));
	}
}

static void check_journey(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_fence *fence)
{
	struct kb_node *root = kb_yaml_parse(checker->scratch, fence->code,
		fence->range.off, doc->path, checker->diags);

	if (!root)
		return;
	if (root->kind != KB_NODE_SEQ || !root->len) {
		bad(checker, doc, fence->info_range,
			"a journey must be a list of stages that begin with '- stage: '");
		return;
	}
	if (root->len > KB_JOURNEY_STAGES_MAX) {
		kb_diag_hint(checker->diags,
			bad(checker, doc, root->items[KB_JOURNEY_STAGES_MAX]->range,
				"the journey has more than 100 stages, too many for a map"),
			"split it into two journeys");
		return;
	}
	for (uint32_t i = 0; i < root->len; i++)
		check_stage(checker, doc, fence, root->items[i]);
}

void kb_check_diagrams(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts->body.nfences; i++) {
		const struct kb_fence *fence = &doc->facts->body.fences[i];

		if (i == KB_DIAGRAMS_MAX) {
			kb_diag_hint(checker->diags,
				bad(checker, doc, fence->info_range,
					"the document has more than 100 diagrams, so "
					"this one and those below it are not drawn"),
				"split the document");
			return;
		}

		if (!fence->title.len)
			kb_diag_hint(checker->diags,
				kb_diag_add(checker->diags, KB_RULE_IMAGE_ALT_MISSING,
					doc->path, fence->info_range,
					"the diagram has no title, which is its "
					"alternative text"),
				"write ```%.*s Title", KB_ARG(fence->lang));
		if (kb_str_is(fence->lang, "dot"))
			check_dot(checker, doc, fence);
		else
			check_journey(checker, doc, fence);
	}
}
