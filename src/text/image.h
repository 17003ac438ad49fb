/* The families of image formats; private to src/text. See kb/image.h. */
#ifndef TEXT_IMAGE_H
#define TEXT_IMAGE_H

#include "kb/image.h"

/* image_bytes.c */
/* A number of N bytes at AT, its first byte the highest (the lowest). Bytes past the
 * end count as 0. */
uint32_t kb_image_big(kb_str s, size_t at, unsigned n);
uint32_t kb_image_little(kb_str s, size_t at, unsigned n);
void kb_image_put_big(kb_buf *out, uint32_t value, unsigned n);
/* Sets the message that FORMAT is not valid, and WHY. */
int kb_image_broken(struct kb_error *err, const char *format, const char *why);

/* The size of what kb_image_put_orientation writes. */
enum { KB_IMAGE_EXIF_SIZE = 26 };
/* The orientation in Exif data (a TIFF file): 2 to 8; 0: none, or upright. */
unsigned kb_image_orientation(kb_str exif);
/* Exif data that holds an orientation and nothing else. */
void kb_image_put_orientation(kb_buf *out, unsigned orientation);

/* A file for each format */
int kb_jpeg_strip(kb_str in, kb_buf *out, struct kb_error *err);
int kb_png_strip(kb_str in, kb_buf *out, struct kb_error *err);
int kb_gif_strip(kb_str in, kb_buf *out, struct kb_error *err);
int kb_webp_strip(kb_str in, kb_buf *out, struct kb_error *err);
int kb_boxes_strip(kb_str in, kb_buf *out, struct kb_error *err);
bool kb_boxes_are_image(kb_str in);

#endif
