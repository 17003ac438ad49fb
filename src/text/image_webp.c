/*
 * WebP (RFC 9649): a RIFF file, chunks of name, length and data, padded to even length.
 * Frames of an animation hold chunks of their own.
 */
#include "image.h"

enum { HEAD = 8, FRAME_HEAD = 16, FLAG_EXIF = 8, FLAG_XMP = 4 };

static void put_little(kb_buf *out, uint32_t value)
{
	kb_image_put_big(out, __builtin_bswap32(value), 4);
}

static bool is_any(kb_str name, const char *const *names)
{
	for (; *names; names++)
		if (kb_str_is(name, *names))
			return true;
	return false;
}

/* A chunk as it is, as far as the file goes, padded. */
static void put_chunk(kb_buf *out, kb_str chunk)
{
	kb_buf_str(out, chunk);
	if (chunk.len & 1)
		kb_buf_putc(out, 0);
}

/* Sets the length of a chunk that begins at START of OUT, and ends MISSING bytes after
 * the end of the file. */
static void set_size(kb_buf *out, size_t start, size_t missing)
{
	_cleanup_buf_ kb_buf size = {0};

	put_little(&size, (uint32_t)(out->len - start - HEAD + missing));
	memcpy(out->data + start + 4, size.data, 4);
}

/* Takes the next chunk, its head included, off the front; false at the end. */
static bool next_chunk(kb_str *rest, kb_str *name, kb_str *chunk)
{
	size_t size;

	if (rest->len < HEAD)
		return false;
	size = HEAD + (size_t)kb_image_little(*rest, 4, 4);
	*name = kb_str_sub(*rest, 0, 4);
	*chunk = kb_str_sub(*rest, 0, size);
	*rest = kb_str_sub(*rest, size + (size & 1), rest->len);
	return true;
}

static void put_frame(kb_buf *out, kb_str frame)
{
	static const char *const kept[] = {"ALPH", "VP8 ", "VP8L", NULL};
	kb_str rest = kb_str_sub(frame, HEAD + FRAME_HEAD, frame.len), name, chunk;
	size_t start = out->len;

	kb_buf_str(out, kb_str_sub(frame, 0, HEAD + FRAME_HEAD));
	while (next_chunk(&rest, &name, &chunk))
		if (is_any(name, kept))
			put_chunk(out, chunk);
	set_size(out, start, 0);
}

/* The head of an extended file: which chunks follow. Returns where its flags are. */
static size_t put_extended(kb_buf *out, kb_str chunk)
{
	size_t flags = out->len + HEAD;

	put_chunk(out, chunk);
	if (chunk.len <= HEAD)
		return 0;
	out->data[flags] &= (char)~(FLAG_EXIF | FLAG_XMP);
	return flags;
}

static bool put_exif(kb_buf *out, kb_str exif)
{
	const kb_str head = KB_STR("Exif\0\0");
	unsigned orientation;

	if (kb_str_starts(exif, head))
		exif = kb_str_sub(exif, head.len, exif.len);
	orientation = kb_image_orientation(exif);
	if (!orientation)
		return false;
	kb_buf_puts(out, "EXIF");
	put_little(out, KB_IMAGE_EXIF_SIZE);
	kb_image_put_orientation(out, orientation);
	return true;
}

int kb_webp_strip(kb_str in, kb_buf *out, struct kb_error *err)
{
	static const char *const kept[] = {"ICCP", "ANIM", "ALPH", "VP8 ", "VP8L", NULL};
	kb_str rest = kb_str_sub(in, 0, HEAD + (size_t)kb_image_little(in, 4, 4));
	kb_str name, chunk;
	size_t start = out->len, flags = 0, missing = 0;

	if (!kb_str_starts(kb_str_sub(in, 12, in.len), KB_STR("VP8")))
		return kb_image_broken(err, "WebP", "its first chunk is unknown");
	kb_buf_str(out, kb_str_sub(in, 0, 12));
	rest = kb_str_sub(rest, 12, rest.len);
	while (next_chunk(&rest, &name, &chunk)) {
		if (kb_str_is(name, "VP8X"))
			flags = put_extended(out, chunk);
		else if (kb_str_is(name, "ANMF") && chunk.len >= HEAD + FRAME_HEAD)
			put_frame(out, chunk);
		else if (kb_str_is(name, "EXIF") && flags &&
			 put_exif(out, kb_str_sub(chunk, HEAD, chunk.len)))
			out->data[flags] |= FLAG_EXIF;
		else if (is_any(name, kept)) {
			put_chunk(out, chunk);
			missing = HEAD + (size_t)kb_image_little(chunk, 4, 4) - chunk.len;
		}
	}
	set_size(out, start, missing);
	return 0;
}
