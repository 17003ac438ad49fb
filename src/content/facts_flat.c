#include "facts_flat.h"

#include "kb/hash.h"

/* Front matter */

static const struct kb_flat_field pair_fields[] = {
	KB_FLAT_ONE(struct kb_pair, key, &kb_node_type),
	KB_FLAT_ONE(struct kb_pair, value, &kb_node_type)};
static const struct kb_flat_type pair_type = KB_FLAT_TYPE(struct kb_pair, pair_fields);
static const struct kb_flat_field scalar_fields[] = {
	KB_FLAT_ZERO(struct kb_node, len), KB_FLAT_STR(struct kb_node, value)};
static const struct kb_flat_field items_fields[] = {
	KB_FLAT_POINTERS(struct kb_node, items, len, &kb_node_type)};
static const struct kb_flat_field pairs_fields[] = {
	KB_FLAT_LIST(struct kb_node, pairs, len, &pair_type)};
static const struct kb_flat_type node_kinds[] = {
	[KB_NODE_SCALAR] = KB_FLAT_TYPE(struct kb_node, scalar_fields),
	[KB_NODE_SEQ] = KB_FLAT_TYPE(struct kb_node, items_fields),
	[KB_NODE_MAP] = KB_FLAT_TYPE(struct kb_node, pairs_fields),
};
static const struct kb_flat_field node_fields[] = {KB_FLAT_BOOL(struct kb_node, quoted),
	KB_FLAT_BOOL(struct kb_node, flow), KB_FLAT_BOOL(struct kb_node, typed),
	KB_FLAT_PLACE(struct kb_node, range),
	KB_FLAT_CHOICE(struct kb_node, kind, node_kinds)};
const struct kb_flat_type kb_node_type = KB_FLAT_TYPE(struct kb_node, node_fields);

/* Markdown */

static const struct kb_flat_field heading_fields[] = {
	KB_FLAT_NUMBER(struct kb_heading, level, 7),
	KB_FLAT_PLAIN(struct kb_heading, audience),
	KB_FLAT_BOOL(struct kb_heading, explicit_id),
	KB_FLAT_STR(struct kb_heading, text), KB_FLAT_STR(struct kb_heading, id),
	KB_FLAT_PLACE(struct kb_heading, range)};
static const struct kb_flat_type heading_type =
	KB_FLAT_TYPE(struct kb_heading, heading_fields);

static const struct kb_flat_field link_fields[] = {
	KB_FLAT_NUMBER(struct kb_link, kind, KB_LINK_HTML_IMAGE + 1),
	KB_FLAT_PLAIN(struct kb_link, audience), KB_FLAT_BOOL(struct kb_link, has_alt),
	KB_FLAT_PLAIN(struct kb_link, heading), KB_FLAT_STR(struct kb_link, dest),
	KB_FLAT_STR(struct kb_link, text), KB_FLAT_PLACE(struct kb_link, range)};
static const struct kb_flat_type link_type = KB_FLAT_TYPE(struct kb_link, link_fields);

static const struct kb_flat_field anchor_fields[] = {KB_FLAT_STR(struct kb_anchor, id),
	KB_FLAT_PLAIN(struct kb_anchor, audience),
	KB_FLAT_PLACE(struct kb_anchor, range)};
static const struct kb_flat_type anchor_type =
	KB_FLAT_TYPE(struct kb_anchor, anchor_fields);

static const struct kb_flat_field ref_fields[] = {
	KB_FLAT_NUMBER(struct kb_ref, kind, KB_REF_INCLUDE + 1),
	KB_FLAT_PLAIN(struct kb_ref, audience), KB_FLAT_PLAIN(struct kb_ref, section),
	KB_FLAT_STR(struct kb_ref, name), KB_FLAT_PLACE(struct kb_ref, range)};
static const struct kb_flat_type ref_type = KB_FLAT_TYPE(struct kb_ref, ref_fields);

static const struct kb_flat_field callout_fields[] = {
	KB_FLAT_PLAIN(struct kb_callout, audience),
	KB_FLAT_BOOL(struct kb_callout, alert), KB_FLAT_BOOL(struct kb_callout, region),
	KB_FLAT_STR(struct kb_callout, marker), KB_FLAT_PLACE(struct kb_callout, range)};
static const struct kb_flat_type callout_type =
	KB_FLAT_TYPE(struct kb_callout, callout_fields);

static const struct kb_flat_field fence_fields[] = {KB_FLAT_STR(struct kb_fence, lang),
	KB_FLAT_STR(struct kb_fence, title), KB_FLAT_STR(struct kb_fence, code),
	KB_FLAT_PLAIN(struct kb_fence, audience), KB_FLAT_PLACE(struct kb_fence, range),
	KB_FLAT_PLACE(struct kb_fence, info_range)};
static const struct kb_flat_type fence_type = KB_FLAT_TYPE(struct kb_fence, fence_fields);

static const struct kb_flat_field item_fields[] = {KB_FLAT_PLAIN(struct kb_item, link),
	KB_FLAT_STR(struct kb_item, note), KB_FLAT_STR(struct kb_item, text),
	KB_FLAT_PLACE(struct kb_item, range), KB_FLAT_PLACE(struct kb_item, below)};
static const struct kb_flat_type item_type = KB_FLAT_TYPE(struct kb_item, item_fields);

static const struct kb_flat_field section_fields[] = {
	KB_FLAT_PLAIN(struct kb_section, heading), KB_FLAT_BOOL(struct kb_section, empty),
	KB_FLAT_LIST(struct kb_section, items, nitems, &item_type),
	KB_FLAT_PLAIN(struct kb_section, links_from),
	KB_FLAT_PLAIN(struct kb_section, links_to)};
static const struct kb_flat_type section_type =
	KB_FLAT_TYPE(struct kb_section, section_fields);

static const struct kb_flat_field body_fields[] = {
	KB_FLAT_LIST(struct kb_md_facts, headings, nheadings, &heading_type),
	KB_FLAT_LIST(struct kb_md_facts, links, nlinks, &link_type),
	KB_FLAT_LIST(struct kb_md_facts, anchors, nanchors, &anchor_type),
	KB_FLAT_LIST(struct kb_md_facts, refs, nrefs, &ref_type),
	KB_FLAT_LIST(struct kb_md_facts, callouts, ncallouts, &callout_type),
	KB_FLAT_LIST(struct kb_md_facts, fences, nfences, &fence_type),
	KB_FLAT_LIST(struct kb_md_facts, sections, nsections, &section_type),
	KB_FLAT_STR(struct kb_md_facts, lead), KB_FLAT_BOOL(struct kb_md_facts, raw_html),
	KB_FLAT_BOOL(struct kb_md_facts, empty), KB_FLAT_BOOL(struct kb_md_facts, opens)};
static const struct kb_flat_type body_type =
	KB_FLAT_TYPE(struct kb_md_facts, body_fields);

/* Findings, as they are before kb_diags_finish */

static const struct kb_flat_type place_type;
static const struct kb_flat_field place_fields[] = {KB_FLAT_ZERO(struct kb_place, line),
	KB_FLAT_ZERO(struct kb_place, col), KB_FLAT_ZERO(struct kb_place, unit),
	KB_FLAT_ZERO(struct kb_place, byte)};
static const struct kb_flat_type place_type = KB_FLAT_TYPE(struct kb_place, place_fields);

static const struct kb_flat_field edit_fields[] = {KB_FLAT_PLAIN(struct kb_edit, range),
	KB_FLAT_STR(struct kb_edit, text),
	KB_FLAT_STRUCT(struct kb_edit, from, &place_type),
	KB_FLAT_STRUCT(struct kb_edit, to, &place_type)};
static const struct kb_flat_type edit_type = KB_FLAT_TYPE(struct kb_edit, edit_fields);

static const struct kb_flat_field diag_fields[] = {
	KB_FLAT_NUMBER(struct kb_diag, rule, KB_RULE_COUNT),
	KB_FLAT_NUMBER(struct kb_diag, severity, KB_ERROR + 1),
	KB_FLAT_BOOL(struct kb_diag, capped), KB_FLAT_STR(struct kb_diag, path),
	KB_FLAT_PLAIN(struct kb_diag, range), KB_FLAT_STR(struct kb_diag, message),
	KB_FLAT_STR(struct kb_diag, hint),
	KB_FLAT_LIST(struct kb_diag, edits, nedits, &edit_type),
	KB_FLAT_BOOL(struct kb_diag, guess), KB_FLAT_ZERO(struct kb_diag, more),
	KB_FLAT_ZERO(struct kb_diag, line), KB_FLAT_ZERO(struct kb_diag, col),
	KB_FLAT_ZERO(struct kb_diag, end_line), KB_FLAT_ZERO(struct kb_diag, end_col),
	KB_FLAT_STRUCT(struct kb_diag, place, &place_type),
	KB_FLAT_STRUCT(struct kb_diag, end, &place_type),
	KB_FLAT_STR(struct kb_diag, source), KB_FLAT_ZERO(struct kb_diag, source_col)};
static const struct kb_flat_type diag_type = KB_FLAT_TYPE(struct kb_diag, diag_fields);

/* The whole */

static const struct kb_flat_field notice_fields[] = {
	KB_FLAT_BOOL(struct kb_notice, given), KB_FLAT_PLAIN(struct kb_notice, date),
	KB_FLAT_STR(struct kb_notice, text), KB_FLAT_PLAIN(struct kb_notice, audience)};
static const struct kb_flat_type notice_type =
	KB_FLAT_TYPE(struct kb_notice, notice_fields);

static const struct kb_flat_field translation_fields[] = {
	KB_FLAT_BOOL(struct kb_translation, given),
	KB_FLAT_TEXT(struct kb_translation, revision),
	KB_FLAT_PLAIN(struct kb_translation, date)};
static const struct kb_flat_type translation_type =
	KB_FLAT_TYPE(struct kb_translation, translation_fields);

static const struct kb_flat_field facts_fields[] = {
	KB_FLAT_NUMBER(struct kb_facts, type, KB_TYPE_COUNT),
	KB_FLAT_NUMBER(struct kb_facts, status, KB_ARCHIVED + 1),
	KB_FLAT_PLAIN(struct kb_facts, audience), KB_FLAT_BOOL(struct kb_facts, broken),
	KB_FLAT_BOOL(struct kb_facts, promoted), KB_FLAT_PLAIN(struct kb_facts, weight),
	KB_FLAT_STR(struct kb_facts, title), KB_FLAT_STR(struct kb_facts, summary),
	KB_FLAT_STR(struct kb_facts, question), KB_FLAT_STR(struct kb_facts, slug),
	KB_FLAT_STR(struct kb_facts, subject), KB_FLAT_STR(struct kb_facts, own_id),
	KB_FLAT_STR(struct kb_facts, owner), KB_FLAT_STR(struct kb_facts, deputy),
	KB_FLAT_STR(struct kb_facts, variant_of), KB_FLAT_STRS(struct kb_facts, issues),
	KB_FLAT_STRS(struct kb_facts, regions), KB_FLAT_STRS(struct kb_facts, channels),
	KB_FLAT_STRS(struct kb_facts, products), KB_FLAT_STRS(struct kb_facts, tags),
	KB_FLAT_STRS(struct kb_facts, keywords), KB_FLAT_STRS(struct kb_facts, aliases),
	KB_FLAT_STRS(struct kb_facts, related), KB_FLAT_PLAIN(struct kb_facts, reviewed),
	KB_FLAT_PLAIN(struct kb_facts, review_every),
	KB_FLAT_PLAIN(struct kb_facts, publish_at),
	KB_FLAT_PLAIN(struct kb_facts, expires_at),
	KB_FLAT_STRUCT(struct kb_facts, notice, &notice_type),
	KB_FLAT_STRUCT(struct kb_facts, translation, &translation_type),
	KB_FLAT_TEXT(struct kb_facts, blob), KB_FLAT_BOOL(struct kb_facts, converted),
	KB_FLAT_PLAIN(struct kb_facts, unended),
	KB_FLAT_PLAIN(struct kb_facts, body_offset),
	KB_FLAT_PLAIN(struct kb_facts, outline), KB_FLAT_PLAIN(struct kb_facts, shape),
	KB_FLAT_OPTION(struct kb_facts, front, &kb_node_type),
	KB_FLAT_OPTION(struct kb_facts, mapped, &kb_node_type),
	KB_FLAT_STRUCT(struct kb_facts, body, &body_type),
	KB_FLAT_LIST(struct kb_facts, findings, nfindings, &diag_type),
	KB_FLAT_LIST(struct kb_facts, remarks, nremarks, &diag_type),
	KB_FLAT_PLAIN(struct kb_facts, settings)};
const struct kb_flat_type kb_facts_type = KB_FLAT_TYPE(struct kb_facts, facts_fields);

/* MAP without its title and its summary, in the place of PAIRS, which holds as many. Adds
 * those two to NAMES. */
static struct kb_node without_names(
	const struct kb_node *map, struct kb_pair *pairs, kb_buf *names)
{
	struct kb_node rest = *map;

	if (map->kind != KB_NODE_MAP)
		return rest;
	rest.pairs = pairs;
	rest.len = 0;
	for (uint32_t i = 0; i < map->len; i++) {
		kb_str key = kb_node_str(map->pairs[i].key);

		if (kb_str_is(key, "title") || kb_str_is(key, "summary"))
			kb_buf_number(names, kb_flat_hash(&pair_type, &map->pairs[i]));
		else
			pairs[rest.len++] = map->pairs[i];
	}
	return rest;
}

void kb_facts_outline(struct kb_facts *facts)
{
	struct kb_facts rest = *facts;
	struct kb_node front = *facts->front, mapped;
	_cleanup_free_ struct kb_pair *pairs = kb_xcalloc(
		(size_t)front.len + (facts->mapped ? facts->mapped->len : 0) + 1,
		sizeof(*pairs));
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_counted(&all, facts->title);
	kb_buf_counted(&all, facts->summary);
	rest.title = rest.summary = KB_STR_NULL;
	front = without_names(facts->front, pairs, &all);
	rest.front = &front;
	if (facts->mapped) {
		mapped = without_names(facts->mapped, pairs + facts->front->len, &all);
		rest.mapped = &mapped;
	}
	rest.blob[0] = '\0';
	rest.unended = rest.body_offset = 0;
	rest.nfindings = rest.nremarks = 0;
	rest.settings = rest.outline = rest.shape = 0;
	facts->shape = kb_flat_hash(&kb_facts_type, &rest);
	kb_buf_number(&all, facts->shape);
	facts->outline = kb_hash64(kb_buf_view(&all));
}

static bool is_below(uint32_t index, uint32_t n)
{
	return index == KB_NONE || index < n;
}

static bool section_sound(
	const struct kb_section *section, const struct kb_md_facts *body)
{
	if (!is_below(section->heading, body->nheadings) ||
		section->links_from > section->links_to ||
		section->links_to > body->nlinks)
		return false;
	for (uint32_t i = 0; i < section->nitems; i++)
		if (!is_below(section->items[i].link, body->nlinks))
			return false;
	return true;
}

bool kb_facts_sound(const struct kb_facts *facts, const struct kb_config *config)
{
	const struct kb_md_facts *body = &facts->body;

	if (facts->broken || !facts->front || facts->audience >= config->naudiences ||
		facts->notice.audience >= config->naudiences || !body->nsections)
		return false;
	for (uint32_t i = 0; i < body->nlinks; i++)
		if (!is_below(body->links[i].heading, body->nheadings))
			return false;
	for (uint32_t i = 0; i < body->nrefs; i++)
		if (body->refs[i].section >= body->nsections)
			return false;
	for (uint32_t i = 0; i < body->nsections; i++)
		if (!section_sound(&body->sections[i], body))
			return false;
	return true;
}
