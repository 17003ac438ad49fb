/*
 * JPEG (ITU-T T.81, annex B): markers, most of them with a segment whose length follows.
 * What decoding needs is kept; of the application segments only the ones that change how
 * the image looks: JFIF, Adobe's (the color transform), ICC profiles, and of Exif the
 * orientation.
 */
#include "image.h"

enum {
	SOF0 = 0xc0,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	EXP = 0xdf,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP2 = 0xe2,
	APP14 = 0xee,
	TEM = 0x01,
};

struct jpeg {
	kb_buf *out;
	bool turned; /* the orientation is written */
};

static unsigned byte_at(kb_str s, size_t at)
{
	return kb_image_big(s, at, 1);
}

static void put_segment(kb_buf *out, unsigned marker, kb_str body)
{
	kb_image_put_big(out, 0xff00 | marker, 2);
	kb_image_put_big(out, (uint32_t)body.len + 2, 2);
	kb_buf_str(out, body);
}

/* Without the small picture that may follow. */
static void put_jfif(kb_buf *out, kb_str body)
{
	_cleanup_buf_ kb_buf head = {0};

	kb_buf_str(&head, kb_str_sub(body, 0, 12));
	kb_image_put_big(&head, 0, 2);
	put_segment(out, APP0, kb_buf_view(&head));
}

static void put_exif(struct jpeg *jpeg, kb_str exif)
{
	unsigned orientation = jpeg->turned ? 0 : kb_image_orientation(exif);
	_cleanup_buf_ kb_buf body = {0};

	if (!orientation)
		return;
	jpeg->turned = true;
	kb_buf_str(&body, KB_STR("Exif\0\0"));
	kb_image_put_orientation(&body, orientation);
	put_segment(jpeg->out, APP1, kb_buf_view(&body));
}

static void put_application(struct jpeg *jpeg, unsigned marker, kb_str body)
{
	const kb_str exif = KB_STR("Exif\0");

	if (marker == APP0 && kb_str_starts(body, KB_STR("JFIF\0")) && body.len >= 12)
		put_jfif(jpeg->out, body);
	else if (marker == APP1 && kb_str_starts(body, exif))
		put_exif(jpeg, kb_str_sub(body, exif.len + 1, body.len));
	else if (marker == APP2 && kb_str_starts(body, KB_STR("ICC_PROFILE\0")))
		put_segment(jpeg->out, marker, body);
	else if (marker == APP14 && kb_str_starts(body, KB_STR("Adobe")))
		put_segment(jpeg->out, marker, kb_str_sub(body, 0, 12));
}

/* Where the compressed data that begins at AT ends: before a marker that is not a
 * restart. */
static size_t scan_end(kb_str in, size_t at)
{
	for (; at < in.len; at++) {
		size_t next = kb_str_chr(kb_str_sub(in, at, in.len), (char)0xff);
		unsigned marker;

		if (next == SIZE_MAX)
			return in.len;
		at += next;
		marker = byte_at(in, at + 1);
		if (at + 1 < in.len && marker != 0 && marker != 0xff &&
			(marker < RST0 || marker > RST7))
			return at;
	}
	return in.len;
}

/* Skips to the next marker, as decoders do. False at the end. */
static bool next_marker(kb_str in, size_t *at, unsigned *marker)
{
	for (; *at + 1 < in.len; ++*at) {
		*marker = byte_at(in, *at + 1);
		if (byte_at(in, *at) == 0xff && *marker != 0 && *marker != 0xff)
			return true;
	}
	return false;
}

static bool has_no_segment(unsigned marker)
{
	return marker == TEM || (marker >= RST0 && marker <= SOI);
}

int kb_jpeg_strip(kb_str in, kb_buf *out, struct kb_error *err)
{
	struct jpeg jpeg = {.out = out};
	unsigned marker;
	size_t at = 2;

	kb_buf_str(out, kb_str_sub(in, 0, at));
	while (next_marker(in, &at, &marker)) {
		size_t start = at, len = kb_image_big(in, at + 2, 2);

		at += 2;
		if (marker == EOI) {
			kb_image_put_big(out, 0xff00 | EOI, 2);
			return 0;
		}
		if (has_no_segment(marker))
			continue;
		if (at + 2 > in.len)
			return 0;
		if (len < 2)
			return kb_image_broken(
				err, "JPEG", "the length of a segment is wrong");
		at += len;
		if (marker == SOS)
			at = scan_end(in, at);
		if (marker >= SOF0 && marker <= EXP)
			kb_buf_str(out, kb_str_sub(in, start, at));
		else
			put_application(&jpeg, marker,
				kb_str_sub(in, start + 4, start + 2 + len));
	}
	return 0;
}
