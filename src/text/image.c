/* Formats by their first bytes, and Exif data, which several of them hold. */
#include "image.h"

uint32_t kb_image_big(kb_str s, size_t at, unsigned n)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < n; i++, at++)
		value = value << 8 | (at < s.len ? (unsigned char)s.data[at] : 0);
	return value;
}

uint32_t kb_image_little(kb_str s, size_t at, unsigned n)
{
	return __builtin_bswap32(kb_image_big(s, at, n)) >> (32 - 8 * n);
}

void kb_image_put_big(kb_buf *out, uint32_t value, unsigned n)
{
	while (n--)
		kb_buf_putc(out, (char)(value >> (8 * n)));
}

int kb_image_broken(struct kb_error *err, const char *format, const char *why)
{
	return kb_error_set(
		err, KB_E_CONFIG, "the file is not a valid %s image: %s", format, why);
}

unsigned kb_image_orientation(kb_str exif)
{
	bool big = kb_str_starts(exif, KB_STR("MM\0*"));
	uint32_t (*number)(kb_str, size_t, unsigned) =
		big ? kb_image_big : kb_image_little;
	size_t at, end;

	if (!big && !kb_str_starts(exif, KB_STR("II*\0")))
		return 0;
	at = number(exif, 4, 4);
	end = at + 2 + 12 * (size_t)number(exif, at, 2);
	for (at += 2; at + 12 <= end && at + 12 <= exif.len; at += 12) {
		uint32_t value = number(exif, at + 8, 2);

		if (number(exif, at, 2) == 0x0112)
			return value > 1 && value <= 8 ? value : 0;
	}
	return 0;
}

void kb_image_put_orientation(kb_buf *out, unsigned orientation)
{
	/* One directory at 8 with one entry: tag, type SHORT, count, value. */
	kb_buf_str(out, KB_STR("MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1"));
	kb_image_put_big(out, orientation << 16, 4);
	kb_image_put_big(out, 0, 4);
}

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
