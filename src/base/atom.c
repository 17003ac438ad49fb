#include "kb/atom.h"

#include "kb/escape.h"

static void put_link(kb_buf *out, const char *rel, kb_str type, kb_str href)
{
	if (!href.len)
		return;
	kb_buf_fmt(out, "<link rel=\"%s\"", rel);
	if (type.len)
		kb_buf_xml_attribute(out, "type", type);
	kb_buf_xml_attribute(out, "href", href);
	kb_buf_puts(out, "/>\n");
}

void kb_atom_head(kb_buf *out, const struct kb_atom_feed *feed)
{
	kb_buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\"");
	kb_buf_xml_attribute(out, "xml:lang", feed->lang);
	kb_buf_puts(out, ">\n");
	kb_buf_xml_element(out, "id", feed->id);
	kb_buf_xml_element(out, "title", feed->title);
	kb_buf_xml_element(out, "updated", feed->updated);
	kb_buf_puts(out, "<author>");
	kb_buf_xml_element(out, "name", feed->author.len ? feed->author : KB_STR("kb"));
	kb_buf_puts(out, "</author>\n");
	put_link(out, "self", KB_STR("application/atom+xml"), feed->self);
	put_link(out, "alternate", KB_STR("text/html"), feed->page);
}

void kb_atom_entry(kb_buf *out, const struct kb_atom_entry *entry)
{
	kb_buf_puts(out, "<entry>\n");
	kb_buf_xml_element(out, "id", entry->id);
	kb_buf_xml_element(out, "title", entry->title);
	kb_buf_xml_element(out, "updated", entry->updated);
	put_link(out, "alternate", KB_STR(""), entry->page);
	if (entry->summary.len)
		kb_buf_xml_element(out, "summary", entry->summary);
	if (entry->content.len) {
		kb_buf_puts(out, "<content type=\"text\"");
		kb_buf_xml_attribute(out, "xml:lang", entry->lang);
		kb_buf_putc(out, '>');
		kb_buf_xml(out, entry->content);
		kb_buf_puts(out, "</content>\n");
	}
	if (entry->category.len) {
		kb_buf_puts(out, "<category");
		kb_buf_xml_attribute(out, "term", entry->category);
		kb_buf_xml_attribute(out, "label", entry->label);
		kb_buf_puts(out, "/>\n");
	}
	kb_buf_puts(out, "</entry>\n");
}

void kb_atom_tail(kb_buf *out)
{
	kb_buf_puts(out, "</feed>\n");
}
