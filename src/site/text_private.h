/* What an open text consists of, for the files that resolve links and draw figures. */
#ifndef SITE_TEXT_PRIVATE_H
#define SITE_TEXT_PRIVATE_H

#include "text.h"

/*
 * In plain text a placeholder is marked by control characters, which become the span
 * when the rest has been escaped: BEGIN, its number as letters, MIDDLE, value, END.
 */
enum { MARK_BEGIN = 1, MARK_MIDDLE = 2, MARK_END = 3 };

enum text_form { FORM_HTML, FORM_MARKDOWN };

struct early_texts;

struct site_text {
	struct job *job;
	const struct kb_document *doc;
	const struct kb_document *top; /* the page's, where this is a snippet */
	enum text_use use;
	enum text_form form;
	bool marks;
	struct kb_text parsed;
	struct early_texts *early; /* what was rendered when it was read; or NULL */
	kb_strs links;		   /* of the page's own text: where its Markdown leads */
	struct kb_md_hooks hooks;
	unsigned includes;	 /* so far, of the page's own text */
	struct site_text *up;	 /* what includes this */
	struct site_text *below; /* what it included, to be freed with it */
	struct site_text *next;
};

/* Makes text->parsed.md be there; -1: it cannot be read. */
int text_read(struct site_text *text, struct kb_error *err);
/* The address as Markdown has it outside of the page; NOTE: it is one of its links. */
kb_str text_outside(struct site_text *text, kb_str href, bool note);
/* Closes what the text has included so far. */
void text_close_below(struct site_text *text);
/* What TEXT includes by this name, not read; NULL: nothing, for readers. It is closed
 * with TEXT. */
struct site_text *text_snippet(struct site_text *text, kb_str name);
/* Appends what figure_draw would show of a fence but for its own code; false: that is
 * known only when it is drawn. */
bool figure_sign(struct site_text *text, kb_str lang, kb_str code, kb_buf *out);

#endif
