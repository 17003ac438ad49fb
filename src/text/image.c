/* Formats by their first bytes, and what takes the metadata out of each. */
#include "image.h"

enum kb_image_format kb_image_format(kb_str image)
{
	if (kb_str_starts(image, KB_STR("\xff\xd8\xff")))
		return KB_IMAGE_JPEG;
	if (kb_str_starts(image, KB_STR("\x89PNG\r\n\x1a\n")))
		return KB_IMAGE_PNG;
	if (kb_str_starts(image, KB_STR("GIF87a")) ||
		kb_str_starts(image, KB_STR("GIF89a")))
		return KB_IMAGE_GIF;
	if (kb_str_starts(image, KB_STR("RIFF")) &&
		kb_str_is(kb_str_sub(image, 8, 12), "WEBP"))
		return KB_IMAGE_WEBP;
	return kb_boxes_are_image(image) ? KB_IMAGE_BOXES : KB_IMAGE_UNKNOWN;
}

static int as_it_is(kb_str in, kb_buf *out, struct kb_error *err)
{
	(void)err;
	kb_buf_str(out, in);
	return 0;
}

int kb_image_strip(kb_str image, kb_buf *out, struct kb_error *err)
{
	static int (*const strip[])(kb_str, kb_buf *, struct kb_error *) = {
		[KB_IMAGE_UNKNOWN] = as_it_is,
		[KB_IMAGE_JPEG] = kb_jpeg_strip,
		[KB_IMAGE_PNG] = kb_png_strip,
		[KB_IMAGE_GIF] = kb_gif_strip,
		[KB_IMAGE_WEBP] = kb_webp_strip,
		[KB_IMAGE_BOXES] = kb_boxes_strip,
	};
	size_t start = out->len;

	if (strip[kb_image_format(image)](image, out, err) == 0)
		return 0;
	out->len = start;
	return -1;
}
