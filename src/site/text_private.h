/* What an open text consists of, for the files that resolve links and draw figures. */
#ifndef SITE_TEXT_PRIVATE_H
#define SITE_TEXT_PRIVATE_H

#include "text.h"

struct text {
	struct job *job;
	const struct kb_document *doc;
	const struct kb_document *top; /* the page's, where this is a snippet */
	enum text_use use;
	bool marks;
	struct kb_md *md;
	kb_buf file;
	struct kb_md_hooks hooks;
	unsigned includes;  /* so far, of the page's own text */
	struct text *up;    /* what includes this */
	struct text *below; /* what it included, to be freed with it */
	struct text *next;
};

/* What TEXT includes by this name, not read; NULL: nothing, for readers. It is closed
 * with TEXT. */
struct text *text_snippet(struct text *text, kb_str name);
/* Appends what figure_draw would show of a fence but for its own code; false: that is
 * known only when it is drawn. */
bool figure_sign(struct text *text, kb_str lang, kb_str code, kb_buf *out);

#endif
