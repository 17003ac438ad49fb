#include "kb/unicode.h"
#include "md_facts.h"

/* The text between a raw <a> and its end tag, without tags. */
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
			kb_arena_str(f->arena, kb_nfc(f->arena, value)), f->audience,
			range};
		return;
	}
	if (!(is_link && kb_str_eq_nocase(key, KB_STR("href"))) &&
		!(is_image && kb_str_eq_nocase(key, KB_STR("src"))))
		return;
	link = md_fact_link(f, is_image ? KB_LINK_HTML_IMAGE : KB_LINK_HTML, node);
	link->dest = md_unescape(f->arena, value);
	link->range = range;
	md_fact_refs(f, range);
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
		{"script", "delete it: pages do not run scripts from content"},
		{"style", "delete it: the theme decides how pages look"},
		{"form", "link to the page with the form"}};

	for (size_t i = 0; i < KB_LEN(table); i++)
		if (strcmp(name, table[i].name) == 0 && md_fact_may_tell(f))
			md_find(f->md, KB_RULE_HTML_REMOVED, range,
				kb_str_of(table[i].hint), "<%s> is left out of pages",
				name);
}

/* What would close PIECE, with which raw HTML ends, or NULL. */
static const char *missing_end(kb_str piece)
{
	static const char *const ends[][2] = {
		{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}};

	for (size_t i = 0; i < KB_LEN(ends); i++)
		if (kb_str_starts(piece, kb_str_of(ends[i][0])))
			return kb_str_ends(piece, kb_str_of(ends[i][1])) ? NULL
									 : ends[i][1];
	return NULL;
}

static void unclosed(struct md_facts *f, kb_range range, const char *end, bool shown)
{
	if (md_fact_may_tell(f))
		md_find(f->md, KB_RULE_HTML_UNCLOSED, range,
			kb_arena_fmt(f->md->arena, "write '%s' where it ends", end),
			"this is not closed with '%s', so %s", end,
			shown ? "the text from here on is shown as it is typed"
			      : "the text from here on is left out");
}

void md_fact_raw(struct md_facts *f, const struct md_cursor *cur, cmark_node *node,
	size_t from, size_t to)
{
	kb_str s = kb_str_sub(cur->s, 0, to), key, value;
	struct md_tag tag;

	for (size_t i = from; i < to;) {
		size_t skip = md_tag_skip(s, i);
		const char *end;
		kb_str rest;

		if (skip || !md_tag_read(s, i, &tag)) {
			if (!skip && tag.unclosed)
				break;
			f->has_text |= !skip && !strchr(" \t\r\n<>", s.data[i]);
			if (skip && (end = missing_end(kb_str_sub(s, i, i + skip))))
				unclosed(
					f, md_cursor_range(cur, i, i + skip), end, false);
			i += skip ? skip : 1;
			continue;
		}
		if (!tag.closing)
			removed(f, tag.name, md_cursor_range(cur, i, i + tag.len));
		md_foreign_tag(f, kb_str_sub(s, i, s.len), &tag,
			md_cursor_range(cur, i, i + tag.len));
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

static bool has_end_tag(kb_str s, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i + 2 + len < s.len; i++)
		if (s.data[i] == '<' && s.data[i + 1] == '/' &&
			kb_str_eq_nocase(
				kb_str_sub(s, i + 2, i + 2 + len), kb_str_of(name)))
			return true;
	return false;
}

void md_fact_raw_block(struct md_facts *f, const struct md_cursor *cur, cmark_node *block)
{
	static const char *const names[] = {"script", "style", "textarea", "pre"};
	kb_str s = kb_str_trim(cur->s);
	struct md_tag tag;

	for (size_t i = 0; i < KB_LEN(names) && md_tag_read(s, 0, &tag); i++)
		if (strcmp(tag.name, names[i]) == 0 && !tag.closing &&
			!has_end_tag(s, names[i]))
			unclosed(f, md_cursor_range(cur, 0, cur->s.len),
				kb_arena_fmt(f->md->arena, "</%s>", names[i]).data,
				!md_tag_is_code(names[i]));
	md_fact_raw(f, cur, block, 0, cur->s.len);
}
