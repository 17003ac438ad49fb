/* Numbers in the bytes of images, and Exif data, which several formats hold. */
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
