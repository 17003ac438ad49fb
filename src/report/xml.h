/* Parts of XML. */
#ifndef KB_REPORT_XML_H
#define KB_REPORT_XML_H

#include "kb/buf.h"

/* ' NAME="VALUE"' */
void xml_attribute(kb_buf *out, const char *name, kb_str value);
/* "<NAME>TEXT</NAME>" and a newline. */
void xml_element(kb_buf *out, const char *name, kb_str text);

#endif
