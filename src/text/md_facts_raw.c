#include "md_facts.h"

/* What stands between a raw <a> and its end tag, tags left out. */
static kb_str raw_text(struct md_facts *f, cmark_node *node, kb_str rest)
{
	_cleanup_buf_ kb_buf text = {0};
	struct md_tag tag;

	for (size_t i = 0; i < rest.len && text.len < MD_FACT_TEXT_MAX;) {
		if (md_tag_read(rest, i, &tag)) {
			if (tag.closing && strcmp(tag.name, "a") == 0)
				break;
			i += tag.len;
		} else {
			kb_buf_putc(&text, rest.data[i++]);
		}
	}
	if (cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE)
		for (node = cmark_node_next(node); node && text.len < MD_FACT_TEXT_MAX;
			node = cmark_node_next(node)) {
			if (kb_str_starts(md_literal(node), KB_STR("</a")))
				break;
			md_plain_add(&text, f->md, node);
		}
	return md_fact_text(f->arena, kb_buf_view(&text), MD_FACT_TEXT_MAX);
}

static void raw_attribute(struct md_facts *f, const struct md_cursor *cur,
	cmark_node *node, const struct md_tag *tag, kb_str key, kb_str value,
	kb_str after)
{
	size_t from = (size_t)(value.data - cur->s.data);
	bool is_link = strcmp(tag->name, "a") == 0 || strcmp(tag->name, "area") == 0;
	bool is_image = strcmp(tag->name, "img") == 0 || strcmp(tag->name, "source") == 0;
	kb_range range;
	kb_str alt;
	struct kb_link *link;

	if (!value.len)
		return;
	range = md_cursor_range(cur, from, from + value.len);
	if (kb_str_eq_nocase(key, KB_STR("id")) ||
		(is_link && kb_str_eq_nocase(key, KB_STR("name")))) {
		*kb_vec_add(&f->anchors) = (struct kb_anchor){
			kb_arena_str(f->arena, value), f->audience, range};
		return;
	}
	if (!(is_link && kb_str_eq_nocase(key, KB_STR("href"))) &&
		!(is_image && kb_str_eq_nocase(key, KB_STR("src"))))
		return;
	link = md_fact_link(f, is_image ? KB_LINK_HTML_IMAGE : KB_LINK_HTML, node);
	link->dest = md_unescape(f->arena, value);
	link->range = range;
	if (is_link && f->md->syntax->steps) {
		link->text = raw_text(f, node, after);
	} else if (is_image && md_tag_attribute(tag, "alt", &alt)) {
		link->text = md_fact_text(
			f->arena, md_unescape(f->arena, alt), MD_FACT_TEXT_MAX);
		link->has_alt = link->text.len > 0;
	}
}

/* A heading's own <a id="x"></a> is the heading's id, and no anchor beside it. */
static bool is_heading_anchor(struct md_facts *f, cmark_node *node)
{
	cmark_node *heading = cmark_node_parent(node);

	return cmark_node_get_type(heading) == CMARK_NODE_HEADING &&
	       cmark_node_first_child(heading) == node &&
	       f->md->headings.items[md_block_of(heading)->heading].explicit_id;
}

/* Says of an element that no page shows what to do instead. */
static void removed(struct md_facts *f, const char *name, kb_range range)
{
	static const char media[] = "link to it instead, as in [Watch how](https://…)";
	static const struct {
		const char *name, *hint;
	} table[] = {{"iframe", media}, {"video", media}, {"audio", media},
		{"object", media}, {"embed", media},
		{"script", "delete it: pages run no scripts of their content's"},
		{"style", "delete it: how pages look is the theme's"},
		{"form", "link to the page that has the form"}};

	for (size_t i = 0; i < KB_LEN(table); i++)
		if (strcmp(name, table[i].name) == 0 && md_fact_may_tell(f))
			md_find(f->md, KB_RULE_HTML_REMOVED, range,
				kb_str_of(table[i].hint), "<%s> is left out of pages",
				name);
}

void md_fact_raw(struct md_facts *f, const struct md_cursor *cur, cmark_node *node,
	size_t from, size_t to)
{
	kb_str s = kb_str_sub(cur->s, 0, to), key, value;
	struct md_tag tag;

	for (size_t i = from; i < to;) {
		size_t skip = md_tag_skip(s, i);
		kb_str rest;

		if (skip || !md_tag_read(s, i, &tag)) {
			if (!skip && tag.unclosed)
				break;
			f->has_text |= !skip && !strchr(" \t\r\n<>", s.data[i]);
			i += skip ? skip : 1;
			continue;
		}
		if (!tag.closing)
			removed(f, tag.name, md_cursor_range(cur, i, i + tag.len));
		i += tag.len;
		rest = tag.attributes;
		if (!tag.closing && !tag.self_closing && md_tag_is_code(tag.name)) {
			i += md_tag_code(s, i, tag.name);
			continue;
		}
		if (tag.closing || is_heading_anchor(f, node))
			continue;
		while (md_attribute_next(&rest, &key, &value))
			raw_attribute(
				f, cur, node, &tag, key, value, kb_str_sub(s, i, s.len));
	}
}
