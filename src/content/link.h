/* The parts of link resolution; private to src/content. */
#ifndef CONTENT_LINK_H
#define CONTENT_LINK_H

#include "kb/library.h"

/*
 * What is at a relative path: a document (*doc), or a file (out->entry). When
 * nothing does, out->nearest may, with GUESS, name what is meant, relative to the
 * document.
 */
enum kb_target_fault kb_link_path(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *from, kb_str path, struct kb_document **doc, bool guess,
	struct kb_target *out);

/* Is the URL below base_url? PATH is what follows it. */
bool kb_url_is_own(const struct kb_library *lib, kb_str url, kb_str *path);
/* The site path that is probably meant, or empty. */
kb_str kb_site_nearest(const struct kb_library *lib, struct kb_arena *arena, kb_str path);

#endif
