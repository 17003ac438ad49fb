/*
 * One escape for each place where kb writes what people wrote.
 *
 * Content, file names, commits and command lines hold whatever their authors liked. Each
 * function here appends such a text to BUF so that it says what it said and does nothing
 * else where it is printed: no new line, no command to a terminal or a CI server, no
 * markup, no formula. They take any bytes, and what they write is valid UTF-8: invalid
 * bytes, and characters that the place must not hold, become U+FFFD. HTML and the paths
 * of addresses are in buf.h, JSON is in value.h.
 */
#ifndef KB_ESCAPE_H
#define KB_ESCAPE_H

#include "kb/buf.h"
#include "kb/char.h"

/* S, with a space or U+FFFD for what has no place in content. */
void kb_buf_wanted(kb_buf *buf, kb_str s);
/* Would a '[' after BEFORE begin a command for a CI server, which looks for ##[, ##vso[
 * and ##teamcity[ anywhere in a line? */
bool kb_opens_command(kb_str before);

/* A part of one line of text for people. */
void kb_buf_plain(kb_buf *buf, kb_str s);

/* Styles that kb_buf_text puts into text for people; each lasts until KB_RESET. */
#define KB_BOLD                                                                          \
	"\xff"                                                                           \
	"b"
#define KB_DIM                                                                           \
	"\xff"                                                                           \
	"d"
#define KB_ERROR_STYLE                                                                   \
	"\xff"                                                                           \
	"e"
#define KB_WARNING_STYLE                                                                 \
	"\xff"                                                                           \
	"w"
#define KB_NOTE_STYLE                                                                    \
	"\xff"                                                                           \
	"n"
#define KB_INSERTED                                                                      \
	"\xff"                                                                           \
	"i"
#define KB_DELETED                                                                       \
	"\xff"                                                                           \
	"x"
#define KB_RESET                                                                         \
	"\xff"                                                                           \
	"r"

/*
 * Whole lines for people, as the last step before they are printed: a terminal's control
 * characters are gone but for tabs, line ends and kb's own styles (which go without
 * COLOR), and no line is a command to a CI server (::error::, ##[error], ##vso[…],
 * ##teamcity[…]): a space breaks it.
 */
void kb_buf_text(kb_buf *buf, kb_str s, bool color);
/* The same for whole lines of HTML: a reference to a character breaks a command, and
 * readers see what was written. */
void kb_buf_html_lines(kb_buf *buf, kb_str html);

enum kb_markdown {
	KB_MARKDOWN,	       /* CommonMark with GFM's tables and autolinks */
	KB_MARKDOWN_FORGE,     /* the same as a comment on GitHub or GitLab, where it
				  does not mention anybody or refer to an issue or commit */
	KB_MARKDOWN_FORGE_TAG, /* between HTML tags in such a comment */
};
/* A part of a line or table cell. */
void kb_buf_markdown(kb_buf *buf, kb_str s, enum kb_markdown where);
/* A code span, in its backticks; nothing for an empty string. Not in tables. */
void kb_buf_markdown_code(kb_buf *buf, kb_str s);

/* A whole web address, for Markdown's (…), for lines and for quotes: spaces, quotes,
 * brackets, '$' and what is not ASCII become percent signs. */
void kb_buf_url(kb_buf *buf, kb_str url);

/* Text or an attribute's value in XML 1.0. */
void kb_buf_xml(kb_buf *buf, kb_str s);
/* Appends ' NAME="VALUE"', with VALUE escaped. */
void kb_buf_xml_attribute(kb_buf *buf, const char *name, kb_str value);
/* Appends '<NAME>TEXT</NAME>' and a newline, with TEXT escaped. */
void kb_buf_xml_element(kb_buf *buf, const char *name, kb_str text);

/* A cell of CSV (RFC 4180), in quotes where it needs them. An apostrophe precedes what a
 * spreadsheet would read as a formula. NUMBER: a number stays as it is. */
void kb_buf_csv(kb_buf *buf, kb_str cell, bool number);
/* Does it begin with a sign of a formula? */
bool kb_csv_is_formula(kb_str s);

/* The message of a GitHub workflow command, or the value of its property. */
void kb_buf_workflow(kb_buf *buf, kb_str s, bool property);

/* An unstructured value of an e-mail's header (RFC 5322), in encoded words (RFC 2047)
 * where it needs them, or always with WORDS. */
void kb_buf_mail(kb_buf *buf, kb_str s, bool words);

#endif
