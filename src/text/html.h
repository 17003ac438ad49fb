/*
 * Raw HTML in content, put into an order that holds (libgumbo, an HTML5 parser).
 *
 * What comes in consists of tags that the Markdown renderer wrote itself: its own
 * and those of content, each of them already reduced to the allow-list; but those
 * of content may be open, crossed or misplaced. What goes out is a well-formed
 * fragment. Elements and attributes outside the list are dropped here once more.
 */
#ifndef KB_HTML_H
#define KB_HTML_H

#include "kb/buf.h"
#include "kb/error.h"

/* Is the element of this name (in lower case) one that content may use? */
bool kb_html_allows(const char *name);
/* May content give such an element this attribute? Names in lower case. */
bool kb_html_allows_attribute(const char *name, kb_str attribute);
bool kb_html_is_void(const char *name);
/* Adds TEXT, which holds no tags, with its entities turned to characters. */
void kb_html_unescape(kb_str text, kb_buf *out);
/* Adds BODY to OUT; -1 when it is too long or nested too deep. */
int kb_html_balance(kb_str body, kb_buf *out, struct kb_error *err);

#endif
