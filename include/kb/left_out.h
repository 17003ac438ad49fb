/* What publishing leaves out, so that nobody looks for it on the site in vain. */
#ifndef KB_LEFT_OUT_H
#define KB_LEFT_OUT_H

#include "kb/buf.h"
#include "kb/site.h"

/* "Left out: 1 draft (en/articles/care/descale.md)." and a line end, or nothing. Counts
 * only what the audience would see but for its status and dates. */
void kb_left_out(kb_buf *out, const struct kb_library *lib,
	const struct kb_publish_options *options);

#endif
