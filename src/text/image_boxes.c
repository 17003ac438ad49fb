/*
 * Files made of boxes (ISO/IEC 14496-12): AVIF, HEIC and JPEG XL. Pixels are found by
 * their offsets in the file, so nothing is moved: boxes of metadata become free space,
 * and the bytes of metadata that is stored as an item are overwritten.
 */
#include "image.h"

enum { ITEMS_MAX = 64 };

struct box {
	kb_str type;
	size_t at, body, end; /* in the file */
};

struct boxes {
	kb_str in;
	char *data; /* the copy that is changed */
	struct kb_error *err;
	uint32_t items[ITEMS_MAX]; /* ids of those that hold metadata */
	size_t nitems;
	size_t idat, idat_end; /* of the box of small items */
	size_t blanked;	       /* bytes so far; in a valid file no byte is in two items */
};

static int broken(struct boxes *boxes, const char *why)
{
	return kb_image_broken(boxes->err, "AVIF, HEIC or JPEG XL", why);
}

static bool is_any(kb_str type, const char *const *types)
{
	for (; *types; types++)
		if (kb_str_is(type, *types))
			return true;
	return false;
}

bool kb_boxes_are_image(kb_str in)
{
	static const char *const brands[] = {"avif", "avis", "mif1", "mif2", "msf1",
		"heic", "heix", "heim", "heis", "hevc", "hevx", "jxl ", NULL};

	if (kb_str_starts(in, KB_STR("\0\0\0\x0cJXL \r\n\x87\n")))
		return true;
	return kb_str_is(kb_str_sub(in, 4, 8), "ftyp") &&
	       is_any(kb_str_sub(in, 8, 12), brands);
}

/* The box at *AT, which moves behind it: 1; 0 at END; -1: its size is wrong. The last box
 * of a file may end too early. */
static int next_box(struct boxes *boxes, size_t *at, size_t end, struct box *box)
{
	uint64_t size = kb_image_big(boxes->in, *at, 4), head = 8;

	if (*at >= end || end - *at < head)
		return 0;
	*box = (struct box){.type = kb_str_sub(boxes->in, *at + 4, *at + 8), .at = *at};
	if (size == 1) {
		head = 16;
		size = (uint64_t)kb_image_big(boxes->in, *at + 8, 4) << 32 |
		       kb_image_big(boxes->in, *at + 12, 4);
	} else if (size == 0) {
		size = end - *at;
	}
	if (size > end - *at && end == boxes->in.len)
		size = end - *at;
	if (size < head || size > end - *at)
		return broken(boxes, "the size of a box is wrong");
	box->body = *at + head;
	box->end = *at += size;
	return 1;
}

/* Some programs read an Exif item even when it holds nothing. */
static void blank_item(struct boxes *boxes, size_t from, size_t size)
{
	const kb_str empty = KB_STR("\0\0\0\0MM\0*\0\0\0\10\0\0\0\0\0\0");

	memset(boxes->data + from, 0, size);
	if (size >= empty.len)
		memcpy(boxes->data + from, empty.data, empty.len);
}

/* Reads on in a box: a number of N bytes; 0 behind its end. */
static uint64_t take(struct boxes *boxes, size_t *at, unsigned n)
{
	uint64_t high = n > 4 ? kb_image_big(boxes->in, *at, n - 4) : 0;

	*at += n;
	return high << 32 | kb_image_big(boxes->in, *at - (n > 4 ? 4 : n), n > 4 ? 4 : n);
}

/* Remembers the item that an entry of 'iinf' describes if it is metadata. */
static int read_entry(struct boxes *boxes, const struct box *box)
{
	static const char *const metadata[] = {"Exif", "mime", "uri ", NULL};
	size_t at = box->body + 4;
	unsigned version = kb_image_big(boxes->in, box->body, 1);
	uint32_t id = (uint32_t)take(boxes, &at, version < 3 ? 2 : 4);

	/* Before version 2 every item is one of a MIME type. */
	if (version >= 2 && !is_any(kb_str_sub(boxes->in, at + 2, at + 6), metadata))
		return 0;
	if (boxes->nitems == ITEMS_MAX)
		return broken(boxes, "it has too much metadata");
	boxes->items[boxes->nitems++] = id;
	return 0;
}

static int read_entries(struct boxes *boxes, const struct box *iinf)
{
	size_t at = iinf->body + 4 + (kb_image_big(boxes->in, iinf->body, 1) ? 4 : 2);
	struct box entry;
	int got;

	while ((got = next_box(boxes, &at, iinf->end, &entry)) > 0)
		if (kb_str_is(entry.type, "infe") && read_entry(boxes, &entry) < 0)
			return -1;
	return got;
}

static bool is_metadata(const struct boxes *boxes, uint32_t id)
{
	for (size_t i = 0; i < boxes->nitems; i++)
		if (boxes->items[i] == id)
			return true;
	return false;
}

static int blank_extent(
	struct boxes *boxes, unsigned method, uint64_t offset, uint64_t length)
{
	size_t start = method == 1 ? boxes->idat : 0;
	size_t end = method == 1 ? boxes->idat_end : boxes->in.len;

	if (method > 1 || offset > end - start || length > end - start - offset ||
		length > boxes->in.len - boxes->blanked)
		return broken(boxes, "its metadata is outside the file's main box");
	blank_item(boxes, start + offset, length);
	boxes->blanked += length;
	return 0;
}

/* Sizes of the numbers in 'iloc'. */
struct widths {
	unsigned version, offset, length, base, index;
};

/* One item of 'iloc': where its bytes are. */
static int read_item(struct boxes *boxes, const struct widths *w, size_t *at, size_t end)
{
	uint32_t id = (uint32_t)take(boxes, at, w->version < 2 ? 2 : 4);
	unsigned method = w->version ? take(boxes, at, 2) & 15 : 0;
	bool elsewhere = take(boxes, at, 2) != 0;
	uint64_t base = take(boxes, at, w->base);
	uint32_t n = (uint32_t)take(boxes, at, 2);

	if (n > 1 && !w->offset && !w->length && !w->index)
		return broken(boxes, "its list of items is wrong");
	for (; n && *at < end; n--) {
		uint64_t offset, length;

		take(boxes, at, w->index);
		offset = base + take(boxes, at, w->offset);
		length = take(boxes, at, w->length);
		if (is_metadata(boxes, id) && !elsewhere &&
			blank_extent(boxes, method, offset, length) < 0)
			return -1;
	}
	return 0;
}

static int read_items(struct boxes *boxes, const struct box *iloc)
{
	unsigned sizes = kb_image_big(boxes->in, iloc->body + 4, 2);
	struct widths w = {.version = kb_image_big(boxes->in, iloc->body, 1),
		.offset = sizes >> 12,
		.length = sizes >> 8 & 15,
		.base = sizes >> 4 & 15};
	size_t at = iloc->body + 6;
	uint64_t n = take(boxes, &at, w.version < 2 ? 2 : 4);

	w.index = w.version ? sizes & 15 : 0;
	if (w.offset > 8 || w.length > 8 || w.base > 8 || w.index > 8)
		return broken(boxes, "its list of items is wrong");
	for (; n && at < iloc->end; n--)
		if (read_item(boxes, &w, &at, iloc->end) < 0)
			return -1;
	return 0;
}

/* What a picture is made of: which items there are, and where. */
static int read_meta(struct boxes *boxes, const struct box *meta)
{
	size_t at = meta->body + 4;
	struct box box, iloc = {0};
	int got;

	while ((got = next_box(boxes, &at, meta->end, &box)) > 0) {
		if (kb_str_is(box.type, "iinf") && read_entries(boxes, &box) < 0)
			return -1;
		if (kb_str_is(box.type, "iloc"))
			iloc = box;
		if (kb_str_is(box.type, "idat")) {
			boxes->idat = box.body;
			boxes->idat_end = box.end;
		}
	}
	return got < 0 || !iloc.end ? got : read_items(boxes, &iloc);
}

static void free_box(struct boxes *boxes, const struct box *box)
{
	memcpy(boxes->data + box->at + 4, "free", 4);
	memset(boxes->data + box->body, 0, box->end - box->body);
}

/* A sequence of pictures ("moov"), and then each of its tracks. */
static int strip_movie(struct boxes *boxes, const struct box *movie, bool track)
{
	static const char *const metadata[] = {
		"meta", "udta", "uuid", "free", "skip", NULL};
	size_t at = movie->body;
	struct box box;
	int got;

	while ((got = next_box(boxes, &at, movie->end, &box)) > 0) {
		if (is_any(box.type, metadata))
			free_box(boxes, &box);
		else if (!track && kb_str_is(box.type, "trak") &&
			 strip_movie(boxes, &box, true) < 0)
			return -1;
	}
	return got;
}

int kb_boxes_strip(kb_str in, kb_buf *out, struct kb_error *err)
{
	static const char *const kept[] = {
		"ftyp", "mdat", "JXL ", "jxlc", "jxlp", "jxll", "jxli", NULL};
	size_t start = out->len, at = 0;
	struct boxes boxes = {.in = in, .err = err};
	struct box box;
	int got;

	kb_buf_str(out, in);
	boxes.data = out->data + start;
	while ((got = next_box(&boxes, &at, in.len, &box)) > 0) {
		int failed = 0;

		if (kb_str_is(box.type, "meta"))
			failed = read_meta(&boxes, &box);
		else if (kb_str_is(box.type, "moov"))
			failed = strip_movie(&boxes, &box, false);
		else if (!is_any(box.type, kept))
			free_box(&boxes, &box);
		if (failed < 0)
			return -1;
	}
	out->len = start + at;
	return got;
}
