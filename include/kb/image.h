/*
 * Images without their metadata.
 *
 * Cameras and drawing programs store in an image where, when and by whom it was made, and
 * small versions of it from before it was cropped. Readers must not get any of this.
 * Whole segments, chunks and boxes are dropped and nothing is encoded again, so every
 * pixel stays as it is. What an image needs to look right stays: color profile,
 * orientation, transparency and animation. All functions are pure functions of bytes and
 * take time in proportion to them, whatever the bytes are.
 */
#ifndef KB_IMAGE_H
#define KB_IMAGE_H

#include "kb/buf.h"
#include "kb/error.h"

/* What the bytes are by how they begin, whatever the file is called. */
enum kb_image_format {
	KB_IMAGE_UNKNOWN,
	KB_IMAGE_JPEG,
	KB_IMAGE_PNG,
	KB_IMAGE_GIF,
	KB_IMAGE_WEBP,
	KB_IMAGE_BOXES, /* AVIF, HEIC, JPEG XL */
};

enum kb_image_format kb_image_format(kb_str image);
/*
 * Appends the image without its metadata to OUT; other formats are
 * appended unchanged. An image that ends too early is stripped as far as it goes, because
 * browsers show such images. -1 (KB_E_CONFIG): the bytes break the rules of the format,
 * so kb cannot tell what is metadata; OUT stays as it was.
 */
int kb_image_strip(kb_str image, kb_buf *out, struct kb_error *err);
/* The size of a PNG in pixels; false: it is not one, or its end is missing. */
bool kb_png_size(kb_str png, uint32_t *width, uint32_t *height);

#endif
