/* The picture of a site, as a table that Graphviz draws. */
#include "kb/picture.h"

#include "graphviz.h"
#include "kb/diagram.h"
#include "kb/unicode.h"

/* Points, which are pixels here. */
enum {
	MARGIN = 96,
	STRIPE = 24,
	INNER = KB_PICTURE_WIDTH - 2 * MARGIN,
	LINES_MAX = 3,
	TEXT_SIZE = 36,
	FOOT_SIZE = 30,
	BYTES_MAX = 600, /* more of a text is never shown */
};

#define FONTS "Inter,Noto Sans,Liberation Sans,DejaVu Sans,sans"

struct rows_drawn {
	kb_buf dot;
	bool rtl;
	unsigned left; /* height that is left */
};

/* Per mille of each part. */
static uint32_t mix(uint32_t color, uint32_t with, unsigned share)
{
	uint32_t mixed = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		uint32_t a = color >> shift & 255, b = with >> shift & 255;

		mixed |= (a * (1000 - share) + b * share) / 1000 << shift;
	}
	return mixed;
}

/* The light parts of a color are darkened more: white letters are on it. */
static uint32_t darken(uint32_t color)
{
	unsigned brightness =
		((color >> 16) * 3 + (color >> 8 & 255) * 6 + (color & 255)) / 10;

	return mix(
		color, 0, brightness > 100 ? 400 + (brightness - 100) * 350 / 155 : 400);
}

/* To Graphviz, a backslash escapes, and so does an entity for one. */
static void put_text(kb_buf *dot, kb_str text)
{
	kb_str part;

	for (bool first = true; kb_str_next(&text, '\\', &part); first = false) {
		kb_buf_puts(dot, first ? "" : "\\\\");
		kb_buf_html(dot, part);
	}
}

/* A row of the table; without TEXT, a gap. */
static void put_row(struct rows_drawn *rows, kb_str text, unsigned size, bool bold,
	uint32_t color, unsigned height)
{
	kb_buf *dot = &rows->dot;

	height = height < rows->left ? height : rows->left;
	rows->left -= height;
	if (!height)
		return;
	kb_buf_fmt(dot,
		"<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%u\" "
		"ALIGN=\"%s\" VALIGN=\"BOTTOM\">",
		INNER, height, rows->rtl ? "RIGHT" : "LEFT");
	if (text.len) {
		kb_buf_fmt(dot,
			"<FONT FACE=\"" FONTS "%s\" POINT-SIZE=\"%u\" "
			"COLOR=\"#%06x\">",
			bold ? " Bold" : "", size, (unsigned)color);
		put_text(dot, text);
		kb_buf_puts(dot, "</FONT>");
	}
	kb_buf_puts(dot, "</TD></TR>");
}

/* About how wide a letter is, in thousandths of its size: as in DejaVu Sans, which is
 * wider than the other fonts. */
static unsigned letter_width(kb_str letter, bool bold)
{
	static const char narrow[] = " .,:;'|!()[]/-fijlrtI", wide[] = "MW@%mw";
	size_t cells = kb_display_width(letter);
	char c = letter.data[0];

	if (cells != 1)
		return 1000 * (unsigned)cells / 2;
	if (letter.len == 1 && strchr(narrow, c))
		return bold ? 450 : 400;
	if (letter.len == 1 && strchr(wide, c))
		return bold ? 1110 : 1000;
	if (letter.len > 1 || (c >= 'A' && c <= 'Z'))
		return bold ? 850 : 790;
	return bold ? 710 : 640;
}

/* The most of TEXT that fits into WIDTH, up to a space or within a word that is too long
 * or of a script without spaces. */
static kb_str take_line(kb_str *text, unsigned width, bool bold)
{
	size_t at = 0, fits = 0, space = 0;
	unsigned used = 0, used_to_space = 0;
	kb_str line;

	while (at < text->len) {
		size_t next = at;

		kb_utf8_next(*text, &next);
		used += letter_width(kb_str_sub(*text, at, next), bold);
		if (used > width)
			break;
		if (next == text->len || text->data[next] == ' ') {
			space = next;
			used_to_space = used;
		}
		fits = at = next;
	}
	if (space && used_to_space * 2 >= width)
		fits = space;
	line = kb_str_trim(kb_str_sub(*text, 0, fits));
	*text = kb_str_trim(kb_str_sub(*text, fits, text->len));
	return line;
}

/* How many lines fit in at most MAX; what is left of the last is cut. */
static unsigned break_lines(
	kb_str text, unsigned size, kb_str lines[LINES_MAX], unsigned max, bool *cut)
{
	size_t len = text.len < BYTES_MAX ? text.len : BYTES_MAX;
	unsigned n = 0;

	while (len < text.len && len && (text.data[len] & 0xc0) == 0x80)
		len--;
	text = kb_str_sub(text, 0, len);

	while (n < max && text.len) {
		lines[n] = take_line(&text, INNER * 1000 / size, size > TEXT_SIZE);
		if (!lines[n++].len)
			break;
	}
	*cut = text.len > 0;
	return n;
}

/* The greatest size at which all of it fits, or the smallest. */
static unsigned choose_size(
	kb_str text, const unsigned *sizes, size_t n, const unsigned *max)
{
	kb_str lines[LINES_MAX];
	bool cut;

	for (size_t i = 0; i + 1 < n; i++) {
		break_lines(text, sizes[i], lines, max[i], &cut);
		if (!cut)
			return (unsigned)i;
	}
	return (unsigned)n - 1;
}

static void put_lines(struct rows_drawn *rows, struct kb_arena *arena, kb_str text,
	unsigned size, unsigned max, uint32_t color)
{
	kb_str lines[LINES_MAX];
	bool cut, bold = size > TEXT_SIZE;
	unsigned n = break_lines(text, size, lines, max, &cut);

	for (unsigned i = 0; i < n; i++)
		put_row(rows,
			cut && i + 1 == n ? kb_arena_fmt(arena, "%.*s…", KB_ARG(lines[i]))
					  : lines[i],
			size, bold, color, size * 5 / 4);
}

static void put_gap(struct rows_drawn *rows, unsigned height)
{
	put_row(rows, KB_STR(""), 0, false, 0, height);
}

static void put_rows(struct rows_drawn *rows, struct kb_arena *arena,
	const struct kb_picture *picture, uint32_t light)
{
	static const unsigned sizes[] = {96, 80, 64, 52}, most[] = {1, 2, 2, 3};
	unsigned chosen = choose_size(picture->name, sizes, KB_LEN(sizes), most);
	unsigned foot = FOOT_SIZE * 5 / 4;

	rows->left -= MARGIN + foot;
	put_gap(rows, MARGIN);
	put_lines(rows, arena, picture->name, sizes[chosen], most[chosen], 0xffffff);
	put_gap(rows, TEXT_SIZE);
	put_lines(rows, arena, picture->text, TEXT_SIZE, LINES_MAX, light);
	put_gap(rows, rows->left);
	rows->left = MARGIN + foot;
	put_lines(rows, arena, picture->foot, FOOT_SIZE, 1, light);
	put_gap(rows, rows->left);
}

static void put_column(kb_buf *dot, unsigned width, const char *more)
{
	kb_buf_fmt(dot, "<TD FIXEDSIZE=\"TRUE\" WIDTH=\"%u\" HEIGHT=\"%d\" %s></TD>",
		width, KB_PICTURE_HEIGHT, more);
}

/* A stripe at the side where lines begin, and the texts. */
static void put_table(
	struct rows_drawn *rows, struct kb_arena *arena, const struct kb_picture *picture)
{
	uint32_t dark = darken(picture->color);
	uint32_t light = mix(picture->color, 0xffffff, 750);
	kb_str stripe = kb_arena_fmt(arena, "BGCOLOR=\"#%06x\"", (unsigned)light);
	kb_buf *dot = &rows->dot;

	kb_buf_fmt(dot,
		"graph { graph [dpi=72, pad=0, margin=0]; a [shape=plain, label=<<TABLE "
		"BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" "
		"BGCOLOR=\"#%06x\"><TR>",
		(unsigned)dark);
	put_column(dot, rows->rtl ? MARGIN : STRIPE, rows->rtl ? "" : stripe.data);
	if (!rows->rtl)
		put_column(dot, MARGIN - STRIPE, "");
	kb_buf_puts(dot, "<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
			 "CELLPADDING=\"0\">");
	put_rows(rows, arena, picture, light);
	kb_buf_puts(dot, "</TABLE></TD>");
	if (rows->rtl)
		put_column(dot, MARGIN - STRIPE, "");
	put_column(dot, rows->rtl ? STRIPE : MARGIN, rows->rtl ? stripe.data : "");
	kb_buf_puts(dot, "</TR></TABLE>>] }");
}

/* On one line: Graphviz leaves out the ends of lines. */
static kb_str on_one_line(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < text.len; i++) {
		bool space = (unsigned char)text.data[i] <= ' ';

		if (!space)
			kb_buf_putc(&out, text.data[i]);
		else if (out.len && out.data[out.len - 1] != ' ')
			kb_buf_putc(&out, ' ');
	}
	return kb_arena_str(arena, kb_str_trim(kb_buf_view(&out)));
}

int kb_picture_png(const struct kb_picture *given, kb_buf *out, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_picture picture = {.name = on_one_line(arena, given->name),
		.text = on_one_line(arena, given->text),
		.foot = on_one_line(arena, given->foot),
		.color = given->color,
		.rtl = given->rtl};
	struct rows_drawn rows = {.rtl = given->rtl, .left = KB_PICTURE_HEIGHT};
	struct kb_drawing drawing = {.line = 0};
	int failed;

	put_table(&rows, arena, &picture);
	failed = kb_diagram_ask(kb_buf_view(&rows.dot), KB_DRAWING_PNG, &drawing, err);
	kb_buf_str(out, kb_buf_view(&drawing.data));
	kb_drawing_dispose(&drawing);
	kb_buf_dispose(&rows.dot);
	return failed ? -1 : 0;
}
