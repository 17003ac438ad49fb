/*
 * PNG (third edition): chunks of length, type, data and checksum. Chunks that change how
 * the image looks are kept, APNG's among them; text, time, Exif but for the orientation,
 * and all unknown ones are dropped.
 */
#include "image.h"

static bool is_kept(kb_str type)
{
	static const char *const kept[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA",
		"cHRM", "sRGB", "iCCP", "cICP", "mDCV", "mDCv", "cLLI", "cLLi", "sBIT",
		"bKGD", "pHYs", "acTL", "fcTL", "fdAT"};

	for (size_t i = 0; i < KB_LEN(kept); i++)
		if (kb_str_is(type, kept[i]))
			return true;
	return false;
}

static bool is_type(kb_str type)
{
	for (size_t i = 0; i < type.len; i++) {
		char c = (char)(type.data[i] | 0x20);

		if (c < 'a' || c > 'z')
			return false;
	}
	return true;
}

static uint32_t checksum(kb_str s)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < s.len; i++) {
		crc ^= (unsigned char)s.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_exif(kb_buf *out, kb_str exif)
{
	unsigned orientation = kb_image_orientation(exif);
	size_t start;

	if (!orientation)
		return;
	kb_image_put_big(out, KB_IMAGE_EXIF_SIZE, 4);
	start = out->len;
	kb_buf_puts(out, "eXIf");
	kb_image_put_orientation(out, orientation);
	kb_image_put_big(out, checksum(kb_str_sub(kb_buf_view(out), start, out->len)), 4);
}

int kb_png_strip(kb_str in, kb_buf *out, struct kb_error *err)
{
	bool pixels = false;
	size_t at = 8;

	kb_buf_str(out, kb_str_sub(in, 0, at));
	while (in.len - at >= 8) {
		size_t size = kb_image_big(in, at, 4), end = at + 12 + size;
		kb_str type = kb_str_sub(in, at + 4, at + 8);

		/* Browsers show what came before. */
		if (pixels && (!is_type(type) || size > INT32_MAX))
			return 0;
		if (!is_type(type) || size > INT32_MAX)
			return kb_image_broken(err, "PNG",
				"there is unexpected data between its chunks");
		if (is_kept(type))
			kb_buf_str(out, kb_str_sub(in, at, end));
		else if (kb_str_is(type, "eXIf"))
			put_exif(out, kb_str_sub(in, at + 8, at + 8 + size));
		pixels |= kb_str_is(type, "IDAT");
		if (kb_str_is(type, "IEND") || end > in.len)
			return 0;
		at = end;
	}
	return 0;
}

bool kb_png_size(kb_str png, uint32_t *width, uint32_t *height)
{
	bool pixels = false;

	if (!kb_str_starts(png, KB_STR("\x89PNG\r\n\x1a\n")) || png.len < 33 ||
		!kb_str_starts(kb_str_sub(png, 12, 16), KB_STR("IHDR")))
		return false;
	*width = (uint32_t)kb_image_big(png, 16, 4);
	*height = (uint32_t)kb_image_big(png, 20, 4);
	for (size_t at = 8; png.len - at >= 12;) {
		size_t size = kb_image_big(png, at, 4);
		kb_str type = kb_str_sub(png, at + 4, at + 8);

		if (size > png.len - at - 12)
			return false;
		pixels |= kb_str_is(type, "IDAT") && size;
		if (kb_str_is(type, "IEND"))
			return pixels && *width && *height;
		at += 12 + size;
	}
	return false;
}
