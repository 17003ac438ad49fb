/* What publishing leaves out, so that nobody looks for it on the site. */
#ifndef KB_LEFT_OUT_H
#define KB_LEFT_OUT_H

#include "kb/buf.h"
#include "kb/site.h"

/* "Left out: 1 draft (en/articles/care/descale.md)." and a line end, or nothing. Counts
 * only documents that the audience would see if not for their status and dates. */
void kb_left_out(kb_buf *out, const struct kb_library *lib,
	const struct kb_publish_options *options);

#endif
