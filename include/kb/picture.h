/*
 * The picture that shows where a link to a site leads, in chats and social networks: a
 * name on the site's color.
 *
 * It is drawn by the process that draws diagrams (kb/diagram.h), with the machine's
 * fonts. The same fonts give the same bytes.
 */
#ifndef KB_PICTURE_H
#define KB_PICTURE_H

#include "kb/buf.h"
#include "kb/error.h"

enum { KB_PICTURE_WIDTH = 1200, KB_PICTURE_HEIGHT = 630 };

struct kb_picture {
	kb_str name;
	kb_str text;	/* below the name, or empty */
	kb_str foot;	/* at the bottom, or empty */
	uint32_t color; /* 0xRRGGBB; it is darkened so that white letters can be read */
	bool rtl;	/* the texts are at the right */
};

/* Appends a PNG. Long texts are set smaller, then cut. -1: it cannot be drawn, because
 * the libraries are missing or, with KB_E_NOTFOUND, because no font has its letters. */
int kb_picture_png(const struct kb_picture *picture, kb_buf *out, struct kb_error *err);

#endif
