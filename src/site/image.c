#include "image.h"

static uint32_t big(kb_str s, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | (unsigned char)s.data[at + i];
	return v;
}

static uint32_t little(kb_str s, size_t at, unsigned n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | (unsigned char)s.data[at + n];
	return v;
}

static bool png_size(kb_str s, uint32_t *w, uint32_t *h)
{
	if (s.len < 24 || memcmp(s.data, "\x89PNG\r\n\x1a\n", 8) != 0)
		return false;
	*w = big(s, 16, 4);
	*h = big(s, 20, 4);
	return true;
}

static bool gif_size(kb_str s, uint32_t *w, uint32_t *h)
{
	if (s.len < 10 || memcmp(s.data, "GIF8", 4) != 0)
		return false;
	*w = little(s, 6, 2);
	*h = little(s, 8, 2);
	return true;
}

/* Goes from marker to marker to the frame header. */
static bool jpeg_size(kb_str s, uint32_t *w, uint32_t *h)
{
	size_t at = 2;

	if (s.len < 4 || memcmp(s.data, "\xff\xd8", 2) != 0)
		return false;
	while (at + 9 < s.len && s.data[at] == '\xff') {
		unsigned marker = (unsigned char)s.data[at + 1];

		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
			marker != 0xc8 && marker != 0xcc) {
			*h = big(s, at + 5, 2);
			*w = big(s, at + 7, 2);
			return true;
		}
		if (marker == 0xff)
			at++;
		else if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
			at += 2;
		else
			at += 2 + big(s, at + 2, 2);
	}
	return false;
}

static bool webp_size(kb_str s, uint32_t *w, uint32_t *h)
{
	if (s.len < 30 || memcmp(s.data, "RIFF", 4) != 0 ||
		memcmp(s.data + 8, "WEBP", 4) != 0)
		return false;
	if (memcmp(s.data + 12, "VP8X", 4) == 0) {
		*w = little(s, 24, 3) + 1;
		*h = little(s, 27, 3) + 1;
	} else if (memcmp(s.data + 12, "VP8L", 4) == 0) {
		uint32_t bits = little(s, 21, 4);

		*w = (bits & 0x3fff) + 1;
		*h = (bits >> 14 & 0x3fff) + 1;
	} else if (memcmp(s.data + 12, "VP8 ", 4) == 0) {
		*w = little(s, 26, 2) & 0x3fff;
		*h = little(s, 28, 2) & 0x3fff;
	} else {
		return false;
	}
	return true;
}

/* The value of an attribute of the root element's start tag. */
static bool svg_attribute(kb_str tag, const char *name, kb_str *value)
{
	size_t len = strlen(name);

	for (size_t i = 1; i + len + 3 < tag.len; i++) {
		kb_str rest;
		char quote;
		size_t end;

		if (memcmp(tag.data + i, name, len) != 0 || tag.data[i + len] != '=' ||
			(unsigned char)tag.data[i - 1] > ' ')
			continue;
		quote = tag.data[i + len + 1];
		rest = kb_str_sub(tag, i + len + 2, tag.len);
		end = quote == '"' || quote == '\'' ? kb_str_chr(rest, quote) : SIZE_MAX;
		if (end == SIZE_MAX)
			return false;
		*value = kb_str_sub(rest, 0, end);
		return true;
	}
	return false;
}

static uint32_t pixels(kb_str s, size_t *end)
{
	double n = 0, unit = 1;
	size_t i = 0;

	for (; i < s.len && s.data[i] >= '0' && s.data[i] <= '9' && n < 1e6; i++)
		n = n * 10 + (s.data[i] - '0');
	if (i < s.len && s.data[i] == '.')
		for (i++; i < s.len && s.data[i] >= '0' && s.data[i] <= '9'; i++)
			n += (s.data[i] - '0') * (unit /= 10);
	*end = i;
	return (uint32_t)(n + 0.5);
}

static uint32_t svg_length(kb_str s)
{
	size_t end;
	uint32_t n = pixels(s, &end);

	return end == s.len || kb_str_is(kb_str_sub(s, end, s.len), "px") ? n : 0;
}

static bool svg_view(kb_str s, uint32_t *w, uint32_t *h)
{
	uint32_t n[4] = {0};

	for (int i = 0; i < 4; i++) {
		size_t end = 0;

		while (s.len && (*s.data == ' ' || *s.data == ',' || *s.data == '-'))
			s = kb_str_sub(s, 1, s.len);
		n[i] = pixels(s, &end);
		s = kb_str_sub(s, end, s.len);
	}
	*w = n[2];
	*h = n[3];
	return true;
}

static bool svg_size(kb_str s, uint32_t *w, uint32_t *h)
{
	size_t at = kb_str_find(kb_str_sub(s, 0, 8192), KB_STR("<svg")), end;
	kb_str tag, value;

	if (at == SIZE_MAX)
		return false;
	tag = kb_str_sub(s, at, at + 8192);
	end = kb_str_chr(tag, '>');
	if (end == SIZE_MAX)
		return false;
	tag = kb_str_sub(tag, 0, end + 1);
	*w = svg_attribute(tag, "width", &value) ? svg_length(value) : 0;
	*h = svg_attribute(tag, "height", &value) ? svg_length(value) : 0;
	if (*w && *h)
		return true;
	return svg_attribute(tag, "viewBox", &value) && svg_view(value, w, h);
}

bool image_size(kb_str data, uint32_t *width, uint32_t *height)
{
	uint32_t w = 0, h = 0;

	if (!png_size(data, &w, &h) && !gif_size(data, &w, &h) &&
		!jpeg_size(data, &w, &h) && !webp_size(data, &w, &h) &&
		!svg_size(data, &w, &h))
		return false;
	if (w == 0 || h == 0 || w > UINT16_MAX || h > UINT16_MAX)
		return false;
	*width = w;
	*height = h;
	return true;
}
