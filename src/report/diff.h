/* Pages on what changed. */
#ifndef KB_REPORT_DIFF_H
#define KB_REPORT_DIFF_H

#include "kb/pages.h"

/* Adds a document's text with what came and went in it, in its LOCALE's language. */
void diff_text(struct kb_report *report, const struct kb_diff *diff,
	const struct kb_locale *locale);

#endif
