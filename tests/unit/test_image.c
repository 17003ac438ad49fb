#include "unit.h"

#include "kb/image.h"

/* Images are made here byte by byte: MARK is in all that must go, KEPT in what stays. */
#define MARK "SECRETMARK"
#define KEPT "KEPTMARK"

static void big(kb_buf *out, uint32_t value, unsigned n)
{
	while (n--)
		kb_buf_putc(out, (char)(value >> (8 * n)));
}

static void little(kb_buf *out, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		kb_buf_putc(out, (char)(value >> (8 * i)));
}

static void put_little_short(kb_buf *out, unsigned value)
{
	kb_buf_putc(out, (char)value);
	kb_buf_putc(out, (char)(value >> 8));
}

#define PUT(out, literal) kb_buf_str((out), KB_STR(literal))

/* A TIFF file with two tags, the second one an orientation; then MARK. */
static kb_str exif(bool is_big, unsigned orientation)
{
	static kb_buf tiff;
	void (*word)(kb_buf *, unsigned) = put_little_short;

	kb_buf_clear(&tiff);
	if (is_big) {
		PUT(&tiff, "MM\0*\0\0\0\10\0\2"
			   "\1\x0f\0\2\0\0\0\12\0\0\0\x26"
			   "\1\x12\0\3\0\0\0\1");
		big(&tiff, orientation << 16, 4);
		big(&tiff, 0, 4);
	} else {
		PUT(&tiff, "II*\0\10\0\0\0\2\0"
			   "\x0f\1\2\0\12\0\0\0\x26\0\0\0"
			   "\x12\1\3\0\1\0\0\0");
		word(&tiff, orientation);
		word(&tiff, 0);
		little(&tiff, 0);
	}
	PUT(&tiff, MARK);
	return kb_buf_view(&tiff);
}

/* What is left of it. */
static kb_str turned(unsigned orientation)
{
	static kb_buf tiff;

	kb_buf_clear(&tiff);
	PUT(&tiff, "MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1");
	big(&tiff, orientation << 16, 4);
	big(&tiff, 0, 4);
	return kb_buf_view(&tiff);
}

static void strips_to(kb_str in, kb_str want)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err;

	if (kb_image_strip(in, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_true(kb_str_find(kb_buf_view(&out), KB_STR(MARK)) == SIZE_MAX);
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.data, want.data, want.len);
	/* Nothing is left to be dropped. */
	kb_buf_clear(&out);
	assert_int_equal(kb_image_strip(want, &out, &err), 0);
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.data, want.data, want.len);
}

static void refuses(kb_str in, const char *why)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err = {0};

	kb_buf_puts(&out, "before");
	assert_int_equal(kb_image_strip(in, &out, &err), -1);
	assert_int_equal(err.code, KB_E_CONFIG);
	assert_non_null(strstr(err.message, why));
	assert_str(kb_buf_view(&out), "before");
}

/* JPEG */

static void segment(kb_buf *out, unsigned marker, kb_str body)
{
	big(out, 0xff00 | marker, 2);
	big(out, (uint32_t)body.len + 2, 2);
	kb_buf_str(out, body);
}

#define SEGMENT(out, marker, literal) segment((out), (marker), KB_STR(literal))

/* Tables, frame, scan: escaped bytes and a restart are not its end. */
static void jpeg_picture(kb_buf *out)
{
	SEGMENT(out, 0xdb, KEPT);
	SEGMENT(out, 0xc2, "\10\0\2\0\3\1\1\x11\0");
	SEGMENT(out, 0xc4, KEPT);
	SEGMENT(out, 0xda, "\1\1\0\0\x3f\0");
	PUT(out, "ab\xff\0c\xff\xd0" KEPT "\xff\xff\0x");
	SEGMENT(out, 0xdd, "\0\1");
	SEGMENT(out, 0xda, "\1\1\0\0\x3f\0");
	PUT(out, "d\xff\0e");
}

static void jpeg_without_metadata(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0}, body = {0};

	(void)state;
	PUT(&in, "\xff\xd8");
	SEGMENT(&in, 0xe0, "JFIF\0\1\2\1\0\1\0\1\1\1" MARK);
	SEGMENT(&in, 0xe0, "JFIF\0\1");
	SEGMENT(&in, 0xe0, "JFXX\0\x10" MARK);
	PUT(&in, "\xff\xd8\xff\xd3\xff\1");
	kb_buf_puts(&body, "Exif");
	kb_buf_add(&body, "\0\0", 2);
	kb_buf_str(&body, exif(true, 6));
	segment(&in, 0xe1, kb_buf_view(&body));
	segment(&in, 0xe1, kb_buf_view(&body));
	SEGMENT(&in, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" MARK);
	SEGMENT(&in, 0xe2, "ICC_PROFILE\0\1\1" KEPT);
	SEGMENT(&in, 0xe2, "MPF\0II*\0" MARK);
	SEGMENT(&in, 0xeb, "JP\0\1" MARK);
	SEGMENT(&in, 0xed,
		"Photoshop 3.0\0"
		"8BIM" MARK);
	SEGMENT(&in, 0xee, "Adobe\0\x64\0\0\0\0\1" MARK);
	SEGMENT(&in, 0xee, "Other" MARK);
	SEGMENT(&in, 0xfe, MARK);
	PUT(&in, "stray " MARK "\xff\xff\xff");
	jpeg_picture(&in);
	SEGMENT(&in, 0xfe, MARK);
	PUT(&in, "\xff\xd9" MARK "\xff\xd8\xff\xe1\0\4xx\xff\xd9");

	PUT(&want, "\xff\xd8");
	SEGMENT(&want, 0xe0, "JFIF\0\1\2\1\0\1\0\1\0\0");
	kb_buf_clear(&body);
	kb_buf_add(&body, "Exif\0\0", 6);
	kb_buf_str(&body, turned(6));
	segment(&want, 0xe1, kb_buf_view(&body));
	SEGMENT(&want, 0xe2, "ICC_PROFILE\0\1\1" KEPT);
	SEGMENT(&want, 0xee, "Adobe\0\x64\0\0\0\0\1");
	jpeg_picture(&want);
	PUT(&want, "\xff\xd9");
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
}

static void jpeg_cut_short(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0};

	(void)state;
	PUT(&in, "\xff\xd8");
	jpeg_picture(&in);
	kb_buf_str(&want, kb_buf_view(&in));
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
	/* A comment that the file ends in. */
	PUT(&in, "\xff\xfe\1\1" MARK);
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
	for (size_t len = 3; len < want.len; len++) {
		_cleanup_buf_ kb_buf out = {0};

		assert_int_equal(kb_image_strip(kb_str_sub(kb_buf_view(&want), 0, len),
					 &out, NULL),
			0);
		assert_true(out.len <= len && out.len + 4 > len);
	}
}

static void jpeg_broken(void **state)
{
	(void)state;
	refuses(KB_STR("\xff\xd8\xff\xe1\0\1" MARK), "length of a segment");
	refuses(KB_STR("\xff\xd8\xff\xdb\0\0" MARK), "length of a segment");
}

/* The directory has fewer entries than there are bytes. */
static void orientation_behind_the_last_entry(void **state)
{
	_cleanup_buf_ kb_buf in = {0};

	(void)state;
	PUT(&in, "\xff\xd8\xff\xe1\0\x38"
		 "Exif\0\0");
	kb_buf_str(&in, exif(true, 6));
	in.data[in.len - 39] = 1;
	PUT(&in, "\xff\xd9");
	strips_to(kb_buf_view(&in), KB_STR("\xff\xd8\xff\xd9"));
}

/* Of the eight orientations, the first one need not be written; others do not exist. */
static void orientations(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= 9; i++)
		for (int is_big = 0; is_big < 2; is_big++) {
			_cleanup_buf_ kb_buf in = {0}, want = {0}, body = {0};

			kb_buf_add(&body, "Exif\0\0", 6);
			kb_buf_str(&body, exif(is_big, i));
			PUT(&in, "\xff\xd8");
			segment(&in, 0xe1, kb_buf_view(&body));
			PUT(&want, "\xff\xd8");
			body.len = 6;
			kb_buf_str(&body, turned(i));
			if (i >= 2 && i <= 8)
				segment(&want, 0xe1, kb_buf_view(&body));
			PUT(&in, "\xff\xd9");
			PUT(&want, "\xff\xd9");
			strips_to(kb_buf_view(&in), kb_buf_view(&want));
		}
}

/* PNG */

#define PNG "\x89PNG\r\n\x1a\n"

static void chunk(kb_buf *out, const char *type, kb_str data)
{
	big(out, (uint32_t)data.len, 4);
	kb_buf_puts(out, type);
	kb_buf_str(out, data);
	PUT(out, "\1\2\3\4");
}

static void png_without_metadata(void **state)
{
	static const char *const kept[] = {"IHDR", "gAMA", "cHRM", "sRGB", "iCCP", "cICP",
		"sBIT", "PLTE", "tRNS", "bKGD", "pHYs", "acTL", "fcTL", "IDAT", "IDAT",
		"fcTL", "fdAT"};
	static const char *const dropped[] = {"tEXt", "zTXt", "iTXt", "tIME", "eXIf",
		"zxIf", "iDOT", "caBX", "prVW", "sPLT", "dSIG", "UnKN"};
	_cleanup_buf_ kb_buf in = {0}, want = {0};

	(void)state;
	PUT(&in, PNG);
	PUT(&want, PNG);
	for (size_t i = 0; i < KB_LEN(kept); i++) {
		chunk(&in, kept[i], KB_STR(KEPT));
		chunk(&want, kept[i], KB_STR(KEPT));
		if (i == 0 || i == 13)
			for (size_t k = 0; k < KB_LEN(dropped); k++)
				chunk(&in, dropped[k], KB_STR(MARK));
	}
	chunk(&in, "IEND", KB_STR(""));
	chunk(&want, "IEND", KB_STR(""));
	PUT(&in, MARK);
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
}

static void png_orientation(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0};

	(void)state;
	PUT(&in, PNG);
	chunk(&in, "IHDR", KB_STR(KEPT));
	kb_buf_str(&want, kb_buf_view(&in));
	chunk(&in, "eXIf", exif(false, 3));
	big(&want, 26, 4);
	PUT(&want, "eXIf");
	kb_buf_str(&want, turned(3));
	PUT(&want, "\x84\x5f\x64\xce"); /* as zlib's crc32 has it */
	chunk(&in, "IDAT", KB_STR(KEPT));
	chunk(&want, "IDAT", KB_STR(KEPT));
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
}

static void png_cut_short_or_broken(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0};

	(void)state;
	/* Nothing but the beginning of its head. */
	strips_to(KB_STR(PNG "\0\0\0\rIHDR\0\0\1\x2c\0\0\0\xc8"),
		KB_STR(PNG "\0\0\0\rIHDR\0\0\1\x2c\0\0\0\xc8"));
	strips_to(KB_STR(PNG "\0\0\1\0tEXt" MARK), KB_STR(PNG));
	strips_to(KB_STR(PNG "\0\0\1\0"), KB_STR(PNG));
	strips_to(KB_STR(PNG "\0\0\0\0IEND"), KB_STR(PNG "\0\0\0\0IEND"));
	PUT(&in, PNG);
	chunk(&in, "IDAT", KB_STR(KEPT));
	chunk(&in, "fcTL", KB_STR(KEPT));
	kb_buf_str(&want, kb_buf_view(&in));
	/* Browsers stop where it breaks off. */
	chunk(&in, "a\1bc", KB_STR(MARK));
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
	in.len = want.len;
	big(&in, 0x80000001u, 4);
	PUT(&in, "tEXt" MARK);
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
	refuses(KB_STR(PNG "\0\0\0\1a\1bc" MARK), "between its chunks");
	refuses(KB_STR(PNG "\xff\xff\xff\xfftEXt" MARK), "between its chunks");
}

/* GIF */

#define GIF_HEAD                                                                         \
	"GIF89a\2\0\2\0\x80\0\0"                                                         \
	"\0\0\0\xff\xff\xff"
#define GIF_PICTURE                                                                      \
	"\x2c\0\0\0\0\2\0\2\0\x80"                                                       \
	"tables"                                                                         \
	"\2\3abc\1d\0"

static void gif_without_metadata(void **state)
{
	(void)state;
	strips_to(KB_STR(GIF_HEAD
			  "\x21\xfe\12" MARK "\3abc\0"
			  "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
			  "\x21\xff\x0bXMP DataXMP\12" MARK "\0"
			  "\x21\xff\x0bICCRGBG1012\10" KEPT "\0"
			  "\x21\xf9\4\4\12\0\0\0" GIF_PICTURE "\x21\1\12" MARK "\0"
			  "\x21\xf9\4\4\12\0\0\0" GIF_PICTURE "\x21\xfe\12" MARK "\0"
			  "\x3b" MARK),
		KB_STR(GIF_HEAD "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
				"\x21\xff\x0bICCRGBG1012\10" KEPT "\0"
				"\x21\xf9\4\4\12\0\0\0" GIF_PICTURE
				"\x21\xf9\4\4\12\0\0\0" GIF_PICTURE "\x3b"));
	strips_to(KB_STR(GIF_HEAD "\x21\xff\x0bNETSCAPE2.0\12" MARK "\0" GIF_PICTURE),
		KB_STR(GIF_HEAD GIF_PICTURE));
	strips_to(KB_STR(GIF_HEAD "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\12" MARK "\0"),
		KB_STR(GIF_HEAD));
}

static void gif_cut_short_or_broken(void **state)
{
	(void)state;
	strips_to(KB_STR("GIF89a\2\0"), KB_STR("GIF89a\2\0"));
	strips_to(KB_STR(GIF_HEAD "\x2c\0\0\0\0\2\0\2\0\0\2\xff"
				  "abc"),
		KB_STR(GIF_HEAD "\x2c\0\0\0\0\2\0\2\0\0\2\xff"
				"abc"));
	strips_to(KB_STR(GIF_HEAD "\x21\xfe\xff" MARK), KB_STR(GIF_HEAD));
	/* Browsers stop at bytes that are not a block. */
	strips_to(KB_STR(GIF_HEAD GIF_PICTURE "\x21\xfe\12" MARK "\0\0" MARK),
		KB_STR(GIF_HEAD GIF_PICTURE "\x3b"));
	refuses(KB_STR(GIF_HEAD "x" MARK), "between its blocks");
}

/* WebP */

static void riff_chunk(kb_buf *out, const char *name, kb_str data)
{
	kb_buf_puts(out, name);
	little(out, (uint32_t)data.len);
	kb_buf_str(out, data);
	if (data.len & 1)
		kb_buf_putc(out, 0);
}

/* A RIFF file that holds BODY. */
static kb_str riff(const kb_buf *body)
{
	static kb_buf files[2];
	static unsigned next;
	kb_buf *file = &files[next++ % 2];

	kb_buf_clear(file);
	PUT(file, "RIFF");
	little(file, (uint32_t)body->len + 4);
	PUT(file, "WEBP");
	kb_buf_str(file, kb_buf_view(body));
	return kb_buf_view(file);
}

static void webp_without_metadata(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0}, frame = {0}, after = {0};

	(void)state;
	riff_chunk(&in, "VP8X", KB_STR("\x3e\0\0\0\1\0\0\1\0\0"));
	riff_chunk(&want, "VP8X", KB_STR("\x32\0\0\0\1\0\0\1\0\0"));
	for (int i = 0; i < 2; i++) {
		kb_buf *out = i ? &want : &in;

		riff_chunk(out, "ICCP", KB_STR(KEPT "x"));
		riff_chunk(out, "ANIM", KB_STR("123456"));
		kb_buf_clear(&frame);
		PUT(&frame, "0123456789abcdef");
		riff_chunk(&frame, "ALPH", KB_STR(KEPT));
		riff_chunk(&frame, "VP8 ", KB_STR(KEPT "y"));
		if (i == 0)
			riff_chunk(&frame, "Note", KB_STR(MARK));
		riff_chunk(out, "ANMF", kb_buf_view(&frame));
		if (i == 0) {
			riff_chunk(out, "EXIF", exif(true, 1));
			riff_chunk(out, "XMP ", KB_STR(MARK "z"));
			riff_chunk(out, "C2PA", KB_STR(MARK));
		}
	}
	strips_to(riff(&in), riff(&want));
	kb_buf_str(&after, riff(&in));
	PUT(&after, MARK);
	strips_to(kb_buf_view(&after), riff(&want));
}

static void webp_orientation(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, want = {0}, data = {0};

	(void)state;
	riff_chunk(&in, "VP8X", KB_STR("\x0c\0\0\0\1\0\0\1\0\0"));
	riff_chunk(&in, "VP8L", KB_STR(KEPT));
	kb_buf_add(&data, "Exif\0\0", 6);
	kb_buf_str(&data, exif(false, 8));
	riff_chunk(&in, "EXIF", kb_buf_view(&data));
	riff_chunk(&want, "VP8X", KB_STR("\x08\0\0\0\1\0\0\1\0\0"));
	riff_chunk(&want, "VP8L", KB_STR(KEPT));
	riff_chunk(&want, "EXIF", turned(8));
	strips_to(riff(&in), riff(&want));
	/* In a file without that head, nothing says that there is such a chunk. */
	kb_buf_clear(&in);
	riff_chunk(&in, "VP8 ", KB_STR(KEPT));
	kb_buf_clear(&want);
	kb_buf_str(&want, kb_buf_view(&in));
	riff_chunk(&in, "EXIF", exif(false, 8));
	strips_to(riff(&in), riff(&want));
}

static void webp_cut_short_or_broken(void **state)
{
	(void)state;
	strips_to(KB_STR("RIFF\x2c\0\0\0WEBPVP8 \x20\0\0\0" KEPT),
		KB_STR("RIFF\x2c\0\0\0WEBPVP8 \x20\0\0\0" KEPT));
	strips_to(KB_STR("RIFF\x0c\0\0\0WEBPVP8X\x0a\0\0\0"),
		KB_STR("RIFF\x0c\0\0\0WEBPVP8X\x0a\0\0\0"));
	refuses(KB_STR("RIFF\x2c\0\0\0WEBPXMP \12\0\0\0" MARK), "first chunk");
}

/* AVIF, HEIC, JPEG XL */

static void box(kb_buf *out, const char *type, kb_str body)
{
	big(out, (uint32_t)body.len + 8, 4);
	kb_buf_puts(out, type);
	kb_buf_str(out, body);
}

/* Exif data of nothing, which takes the place of metadata, and then zeros. */
#define BLANK "\0\0\0\0MM\0*\0\0\0\10\0\0\0\0\0\0"
#define LONG_MARK MARK MARK
_Static_assert(sizeof(BLANK) == 19 && sizeof(LONG_MARK) == 21, "places in heif()");

/* An AVIF file of four items: a picture, Exif, XMP (both in 'mdat') and one in 'idat'.
 * VERSION is that of 'iloc'. */
static void heif(kb_buf *out, unsigned version, bool stripped)
{
	static const char *const types[] = {"av01", "Exif", "mime", "mime"};
	_cleanup_buf_ kb_buf iinf = {0}, iloc = {0}, meta = {0};
	size_t data = 0;

	for (int round = 0; round < 2; round++) {
		kb_buf_clear(&iinf);
		PUT(&iinf, "\0\0\0\0\0\4");
		kb_buf_clear(&iloc);
		big(&iloc, version << 24, 4);
		big(&iloc, version ? 0x4440 : 0x4400, 2);
		big(&iloc, 4, version < 2 ? 2 : 4);
		for (unsigned id = 1; id <= 4; id++) {
			_cleanup_buf_ kb_buf infe = {0};
			bool small = id == 4 && version;

			PUT(&infe, "\2\0\0\0");
			big(&infe, id, 2);
			big(&infe, 0, 2);
			kb_buf_puts(&infe, types[id - 1]);
			big(&infe, 0, 1);
			box(&iinf, "infe", kb_buf_view(&infe));
			big(&iloc, id, version < 2 ? 2 : 4);
			if (version)
				big(&iloc, small, 2);
			big(&iloc, 0, 2);
			if (version)
				big(&iloc, small ? 0 : (uint32_t)data, 4);
			big(&iloc, 1, 2);
			big(&iloc,
				(small ? 0 : 20 * (id - 1)) +
					(version ? 0 : (uint32_t)data),
				4);
			big(&iloc, 20, 4);
		}
		kb_buf_clear(&meta);
		PUT(&meta, "\0\0\0\0");
		box(&meta, "idat",
			version == 0 ? KB_STR("12345678901234567890")
			: stripped   ? KB_STR(BLANK "\0\0")
				     : KB_STR(LONG_MARK));
		box(&meta, "iinf", kb_buf_view(&iinf));
		box(&meta, "iloc", kb_buf_view(&iloc));
		kb_buf_clear(out);
		box(out, "ftyp", KB_STR("avif\0\0\0\0mif1"));
		box(out, stripped ? "free" : "uuid",
			stripped ? KB_STR("\0\0\0\0\0\0\0\0\0\0") : KB_STR(MARK));
		box(out, "meta", kb_buf_view(&meta));
		data = out->len + 8;
	}
	big(out, 8 + 80, 4);
	PUT(out, "mdat" KEPT "------------");
	for (unsigned id = 2; id <= 4; id++)
		if (id == 4 && version)
			PUT(out, "--------------------");
		else if (stripped)
			PUT(out, BLANK "\0\0");
		else
			PUT(out, LONG_MARK);
}

static void heif_without_metadata(void **state)
{
	(void)state;
	for (unsigned version = 0; version <= 2; version++) {
		_cleanup_buf_ kb_buf in = {0}, want = {0};

		heif(&in, version, false);
		heif(&want, version, true);
		strips_to(kb_buf_view(&in), kb_buf_view(&want));
	}
}

static void boxes_of_metadata(void **state)
{
	const kb_str head = KB_STR("\0\0\0\x0cJXL \r\n\x87\n");
	_cleanup_buf_ kb_buf in = {0}, want = {0}, track = {0}, movie = {0};

	(void)state;
	kb_buf_str(&in, head);
	kb_buf_str(&want, head);
	box(&in, "ftyp", KB_STR("jxl \0\0\0\0jxl "));
	box(&want, "ftyp", KB_STR("jxl \0\0\0\0jxl "));
	box(&in, "Exif", KB_STR(MARK));
	box(&in, "xml ", KB_STR(MARK));
	box(&in, "mpvd", KB_STR(MARK));
	for (int i = 0; i < 3; i++)
		box(&want, "free", KB_STR("\0\0\0\0\0\0\0\0\0\0"));
	box(&in, "jxlc", KB_STR(KEPT));
	box(&want, "jxlc", KB_STR(KEPT));
	box(&track, "tkhd", KB_STR(KEPT));
	box(&track, "udta", KB_STR(MARK));
	box(&movie, "meta", KB_STR(MARK));
	box(&movie, "trak", kb_buf_view(&track));
	box(&in, "moov", kb_buf_view(&movie));
	kb_buf_clear(&track);
	kb_buf_clear(&movie);
	box(&track, "tkhd", KB_STR(KEPT));
	box(&track, "free", KB_STR("\0\0\0\0\0\0\0\0\0\0"));
	box(&movie, "free", KB_STR("\0\0\0\0\0\0\0\0\0\0"));
	box(&movie, "trak", kb_buf_view(&track));
	box(&want, "moov", kb_buf_view(&movie));
	PUT(&in, "rest");
	strips_to(kb_buf_view(&in), kb_buf_view(&want));
}

#define FTYP                                                                             \
	"\0\0\0\x10"                                                                     \
	"ftypavif\0\0\0\0"

static void boxes_broken(void **state)
{
	_cleanup_buf_ kb_buf in = {0};

	(void)state;
	refuses(KB_STR(FTYP "\0\0\0\7uuid" MARK), "size of a box");
	refuses(KB_STR(FTYP "\0\0\0\1uuid\0\0\0\0\0\0\0\x0f" MARK), "size of a box");
	/* A box that is longer than what it is in. */
	refuses(KB_STR(FTYP "\0\0\0\x18meta\0\0\0\0\0\0\1\0iinf\0\0\0\0"
			    "\0\0\0\x08mdat"),
		"size of a box");
	heif(&in, 1, false);
	/* The offset of the second item. */
	for (size_t i = 0; i + 4 < in.len; i++)
		if (memcmp(in.data + i, "\0\0\0\x14\0\0\0\x14", 8) == 0)
			in.data[i] = 0x70;
	refuses(kb_buf_view(&in), "outside the file's main box");
}

/* Lists that say they are long, in few bytes, take no longer than these. */
static void boxes_without_end(void **state)
{
	_cleanup_buf_ kb_buf in = {0}, meta = {0}, iloc = {0}, iinf = {0};

	(void)state;
	PUT(&meta, "\0\0\0\0");
	PUT(&iloc, "\2\0\0\0\0\0\xff\xff\xff\xff");
	for (int i = 0; i < 1000; i++)
		PUT(&iloc, "\0\0\0\1\0\0\0\0\xff\xff");
	box(&meta, "iloc", kb_buf_view(&iloc));
	PUT(&in, FTYP);
	box(&in, "meta", kb_buf_view(&meta));
	refuses(kb_buf_view(&in), "list of items");

	kb_buf_clear(&meta);
	PUT(&meta, "\0\0\0\0");
	PUT(&iinf, "\0\0\0\0\0\1");
	for (int i = 0; i < 65; i++)
		box(&iinf, "infe", KB_STR("\2\0\0\0\0\1\0\0Exif\0"));
	box(&meta, "iinf", kb_buf_view(&iinf));
	kb_buf_clear(&in);
	PUT(&in, FTYP);
	box(&in, "meta", kb_buf_view(&meta));
	refuses(kb_buf_view(&in), "too much metadata");

	/* The same bytes again and again. */
	kb_buf_clear(&meta);
	PUT(&meta, "\0\0\0\0");
	iinf.len = 6;
	box(&iinf, "infe", KB_STR("\2\0\0\0\0\1\0\0Exif\0"));
	box(&meta, "iinf", kb_buf_view(&iinf));
	kb_buf_clear(&iloc);
	PUT(&iloc, "\0\0\0\0\x44\0\0\1\0\1\0\0\0\x40");
	for (int i = 0; i < 0x40; i++)
		PUT(&iloc, "\0\0\0\0\0\0\0\x40");
	box(&meta, "iloc", kb_buf_view(&iloc));
	kb_buf_clear(&in);
	PUT(&in, FTYP);
	box(&in, "meta", kb_buf_view(&meta));
	refuses(kb_buf_view(&in), "outside the file's main box");
}

static void formats(void **state)
{
	(void)state;
	assert_int_equal(kb_image_format(KB_STR("")), KB_IMAGE_UNKNOWN);
	assert_int_equal(kb_image_format(KB_STR("\x89PNG text")), KB_IMAGE_UNKNOWN);
	assert_int_equal(kb_image_format(KB_STR("RIFF\4\0\0\0WAVE")), KB_IMAGE_UNKNOWN);
	assert_int_equal(kb_image_format(KB_STR("\0\0\0\x10"
						"ftypisom")),
		KB_IMAGE_UNKNOWN);
	assert_int_equal(kb_image_format(KB_STR("\0\0\0\x10"
						"ftypheic")),
		KB_IMAGE_BOXES);
	assert_int_equal(kb_image_format(KB_STR("GIF87a")), KB_IMAGE_GIF);
	strips_to(KB_STR("%PDF-1.7 and so on"), KB_STR("%PDF-1.7 and so on"));
	strips_to(KB_STR(""), KB_STR(""));
}

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* Whatever the bytes are: an answer, and not more bytes than came. (Sanitizers see what
 * is read outside.) */
static void any_bytes(void **state)
{
	kb_buf seeds[5] = {{0}};
	uint64_t seed = 1;

	(void)state;
	PUT(&seeds[0], "\xff\xd8");
	jpeg_picture(&seeds[0]);
	PUT(&seeds[1], PNG);
	chunk(&seeds[1], "IHDR", KB_STR(KEPT));
	chunk(&seeds[1], "eXIf", exif(true, 5));
	PUT(&seeds[2], GIF_HEAD GIF_PICTURE);
	PUT(&seeds[3], "RIFF\x40\0\0\0WEBPVP8X\2\0\0\0aaEXIF\x32\0\0\0");
	kb_buf_str(&seeds[3], exif(false, 5));
	heif(&seeds[4], 1, false);
	for (int i = 0; i < 50000; i++) {
		const kb_buf *from = &seeds[i % 5];
		size_t len = next_random(&seed) % (from->len + 1);
		_cleanup_free_ char *copy = kb_xmalloc(len + 1);
		_cleanup_buf_ kb_buf out = {0};

		memcpy(copy, from->data, len);
		for (uint32_t n = next_random(&seed) % 6; n && len > 4; n--)
			copy[4 + next_random(&seed) % (len - 4)] =
				(char)next_random(&seed);
		if (kb_image_strip((kb_str){copy, len}, &out, NULL) == 0)
			assert_true(out.len <= len + 2);
		else
			assert_int_equal(out.len, 0);
	}
	for (size_t i = 0; i < KB_LEN(seeds); i++)
		kb_buf_dispose(&seeds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jpeg_without_metadata),
		cmocka_unit_test(jpeg_cut_short),
		cmocka_unit_test(jpeg_broken),
		cmocka_unit_test(orientations),
		cmocka_unit_test(orientation_behind_the_last_entry),
		cmocka_unit_test(png_without_metadata),
		cmocka_unit_test(png_orientation),
		cmocka_unit_test(png_cut_short_or_broken),
		cmocka_unit_test(gif_without_metadata),
		cmocka_unit_test(gif_cut_short_or_broken),
		cmocka_unit_test(webp_without_metadata),
		cmocka_unit_test(webp_orientation),
		cmocka_unit_test(webp_cut_short_or_broken),
		cmocka_unit_test(heif_without_metadata),
		cmocka_unit_test(boxes_of_metadata),
		cmocka_unit_test(boxes_broken),
		cmocka_unit_test(boxes_without_end),
		cmocka_unit_test(formats),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
