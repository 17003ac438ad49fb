/*
 * Images without their metadata.
 *
 * Cameras and drawing programs write into an image where and when it was made, by whom
 * and with what, and small versions of it from before it was cropped. None of that is
 * meant for readers. Whole segments, chunks and boxes are dropped and nothing is encoded
 * again, so every pixel stays as it is. What an image needs to look right stays: color
 * profile, orientation, transparency and animation. All functions are pure functions of
 * bytes and take time in proportion to them, whatever the bytes are.
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
 * Appends the image without its metadata to OUT; what is of no known format is appended
 * as it is. An image that ends too early is stripped as far as it goes, because browsers
 * show such images. -1 (KB_E_CONFIG): the bytes break the rules of the format, so nobody
 * can say what in them is metadata; OUT is left as it was.
 */
int kb_image_strip(kb_str image, kb_buf *out, struct kb_error *err);

#endif
