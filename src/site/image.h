/* Width and height of an image from its first bytes: PNG, JPEG, GIF, WebP, SVG. */
#ifndef SITE_IMAGE_H
#define SITE_IMAGE_H

#include "kb/str.h"

/* False when the format or the size is not known; sizes over 65,535 are not believed. */
bool image_size(kb_str data, uint32_t *width, uint32_t *height);

#endif
