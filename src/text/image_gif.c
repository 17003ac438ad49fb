/*
 * GIF (89a): blocks, each a list of parts of at most 255 bytes. Images and their timing
 * are kept, and of the extensions of programs those that say how often an animation is
 * shown and which color profile it has.
 */
#include "image.h"

enum { IMAGE = 0x2c, EXTENSION = 0x21, TRAILER = 0x3b, TIMING = 0xf9, PROGRAM = 0xff };

static unsigned byte_at(kb_str s, size_t at)
{
	return kb_image_big(s, at, 1);
}

/* The bytes of the color table that FLAGS announce. */
static size_t table_size(unsigned flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Where the parts that begin at AT end, the empty last one included. */
static size_t parts_end(kb_str in, size_t at)
{
	while (at < in.len && byte_at(in, at))
		at += byte_at(in, at) + 1;
	return at + 1;
}

static bool keeps_extension(kb_str block)
{
	kb_str name = kb_str_sub(block, 3, 14);

	if (byte_at(block, 1) != PROGRAM)
		return byte_at(block, 1) == TIMING;
	/* One part of three bytes: 1, and how often. */
	if (kb_str_is(name, "NETSCAPE2.0") || kb_str_is(name, "ANIMEXTS1.0"))
		return byte_at(block, 15) == 1 && block.len <= 19;
	return kb_str_is(name, "ICCRGBG1012");
}

int kb_gif_strip(kb_str in, kb_buf *out, struct kb_error *err)
{
	size_t at = 13 + table_size(byte_at(in, 10)), start = 0;
	bool pixels = false;

	kb_buf_str(out, kb_str_sub(in, 0, at));
	for (; at < in.len; at = start) {
		unsigned kind = byte_at(in, at);

		if (kind == IMAGE)
			start = parts_end(in, at + 11 + table_size(byte_at(in, at + 9)));
		else if (kind == EXTENSION)
			start = parts_end(in, at + 2);
		else if (kind == TRAILER || pixels)
			break;
		else
			return kb_image_broken(err, "GIF",
				"there is unexpected data between its blocks");
		pixels |= kind == IMAGE;
		if (kind == IMAGE || keeps_extension(kb_str_sub(in, at, start)))
			kb_buf_str(out, kb_str_sub(in, at, start));
	}
	if (at < in.len)
		kb_buf_putc(out, TRAILER);
	return 0;
}
