/* News as an Atom feed (RFC 4287). */
#include "kb/escape.h"
#include "kb/pages.h"
#include "xml.h"

static kb_str text_of(const struct kb_value *map, const char *key)
{
	return kb_value_text(kb_value_get(map, kb_str_of(key)));
}

static void put_link(kb_buf *out, kb_str url)
{
	kb_buf_puts(out, "<link rel=\"alternate\"");
	xml_attribute(out, "href", url);
	kb_buf_puts(out, "/>\n");
}

/* What a change says is English; a notice is in its document's language. */
static void put_entry(kb_buf *out, const struct kb_value *item)
{
	const struct kb_value *doc = kb_value_get(item, KB_STR("documents"))->items[0];
	kb_str url = text_of(doc, "url");
	bool notice = kb_str_is(text_of(item, "kind"), "notice");

	kb_buf_puts(out, "<entry>\n");
	xml_element(out, "id", text_of(item, "id"));
	xml_element(out, "title", text_of(item, "title"));
	xml_element(out, "updated", text_of(item, "updated"));
	if (url.len)
		put_link(out, url);
	kb_buf_puts(out, "<content type=\"text\"");
	xml_attribute(out, "xml:lang", notice ? text_of(doc, "locale") : KB_STR("en"));
	kb_buf_putc(out, '>');
	kb_buf_xml(out, text_of(item, "text"));
	kb_buf_puts(out, "</content>\n</entry>\n");
}

static void put_head(kb_buf *out, struct kb_arena *arena,
	const struct kb_news_report *told, kb_str updated)
{
	const struct kb_config *config = told->lib->config;
	kb_str name = kb_l10n_get(config, &config->name, 0);

	kb_buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\"");
	xml_attribute(out, "xml:lang", config->locales[0].code);
	kb_buf_puts(out, ">\n");
	xml_element(out, "id",
		kb_arena_fmt(
			arena, "tag:%.*s,2026:changes", KB_ARG(kb_news_host(told->lib))));
	xml_element(
		out, "title", kb_arena_fmt(arena, "%.*s: what changed", KB_ARG(name)));
	xml_element(out, "updated", updated);
	kb_buf_puts(out, "<author>");
	xml_element(out, "name", name.len ? name : KB_STR("kb"));
	kb_buf_puts(out, "</author>\n");
	if (config->base_url.len)
		put_link(out, kb_arena_fmt(arena, "%.*s/", KB_ARG(config->base_url)));
}

void kb_report_atom(
	const struct kb_report *report, const struct kb_news_report *told, kb_buf *out)
{
	const struct kb_value *items = kb_value_get(report->data, KB_STR("items"));

	put_head(out, report->arena, told,
		items->len ? text_of(items->items[0], "updated")
			   : kb_news_stamp(report->arena, told->from));
	for (uint32_t i = 0; i < items->len; i++)
		put_entry(out, items->items[i]);
	kb_buf_puts(out, "</feed>\n");
}
