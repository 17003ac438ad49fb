#include "xml.h"

#include "kb/escape.h"

void xml_attribute(kb_buf *out, const char *name, kb_str value)
{
	kb_buf_fmt(out, " %s=\"", name);
	kb_buf_xml(out, value);
	kb_buf_putc(out, '"');
}

void xml_element(kb_buf *out, const char *name, kb_str text)
{
	kb_buf_fmt(out, "<%s>", name);
	kb_buf_xml(out, text);
	kb_buf_fmt(out, "</%s>\n", name);
}
