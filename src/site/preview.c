/* The picture of the site in each locale, for links to its pages elsewhere. */
#include "kb/hash.h"
#include "kb/picture.h"
#include "site.h"

#define ACCENT "--kb-accent:"

/* FORMAT is another one when kb draws something else from the same. */
enum { DEFAULT_COLOR = 0x0b6a72, FORMAT = 2 };

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "#0b6a72" or "#fa0"; what is written otherwise is not read. */
static bool read_color(kb_str text, uint32_t *color)
{
	size_t n = 0;

	*color = 0;
	if (!kb_str_starts(text, KB_STR("#")))
		return false;
	while (n < 7 && n + 1 < text.len && hex_digit(text.data[n + 1]) >= 0)
		n++;
	for (size_t i = 0; i < n; i++) {
		*color = *color << 4 | (uint32_t)hex_digit(text.data[i + 1]);
		if (n == 3)
			*color = *color << 4 | (*color & 15);
	}
	return n == 3 || n == 6;
}

static int find_color(struct site *site, struct kb_reader *reader, uint32_t *color,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf css = {0};
	uint32_t found;
	kb_str rest;
	size_t at;

	*color = DEFAULT_COLOR;
	if (theme_file(site, reader, "theme/brand.css", &css, err) < 0)
		return -1;
	rest = kb_buf_view(&css);
	while ((at = kb_str_find(rest, KB_STR(ACCENT))) != SIZE_MAX) {
		rest = kb_str_sub(rest, at + strlen(ACCENT), rest.len);
		if (read_color(kb_str_trim(rest), &found))
			*color = found;
	}
	return 0;
}

static kb_str host_of(kb_str url)
{
	size_t at = kb_str_find(url, KB_STR("://"));

	return at == SIZE_MAX ? url : kb_str_sub(url, at + 3, url.len);
}

/* By what it shows: then the next run knows it without drawing. */
static kb_str path_of(struct site *site, const struct kb_picture *picture)
{
	kb_str all = kb_arena_fmt(site->arena, "%d\n%.*s\n%.*s\n%.*s\n%x\n%d", FORMAT,
		KB_ARG(picture->name), KB_ARG(picture->text), KB_ARG(picture->foot),
		(unsigned)picture->color, picture->rtl);

	return kb_arena_fmt(site->arena, "assets/preview.%010llx.png",
		(unsigned long long)kb_hash64(all) & 0xffffffffff);
}

/* A machine that cannot draw it publishes pages without it, and says so. One without the
 * letters of a locale may have those of another; for any other reason, it can draw none.
 */
static bool can_draw(const struct site *site)
{
	return !site->undrawn.code || site->undrawn.code == KB_E_NOTFOUND;
}

static int draw(struct site *site, const struct kb_picture *picture, kb_str *path,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf png = {0};

	*path = path_of(site, picture);
	if (output_has(site->out, *path) || output_same(site->out, *path, 0))
		return 0;
	if (can_draw(site) && kb_picture_png(picture, &png, &site->undrawn) == 0)
		return output_write(site->out, *path, kb_buf_view(&png), OUTPUT_HASHED,
			KB_STR(""), err);
	*path = KB_STR("");
	return 0;
}

/* The repository's own picture. */
static int take_own(struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	_cleanup_buf_ kb_buf png = {0};
	struct kb_error why;

	if (kb_own_picture_read(
		    reader, &png, &site->preview_width, &site->preview_height, &why))
		return kb_error_set(err, why.code, KB_OWN_PICTURE ": %s", why.message);
	for (uint32_t i = 0; i < site->nlocales; i++)
		if (theme_hashed(site, site->arena, &png, "preview", "png",
			    &site->locales[i].preview, err) < 0)
			return -1;
	return 0;
}

int preview_write(struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	const struct kb_config *config = site->config;
	struct kb_picture picture = {.foot = host_of(site->own_url)};
	int failed;

	if (!site->own_url.len)
		return 0;
	if (kb_library_entry(site->lib, KB_STR(KB_OWN_PICTURE)))
		return take_own(site, reader, err);
	site->preview_width = KB_PICTURE_WIDTH;
	site->preview_height = KB_PICTURE_HEIGHT;
	failed = find_color(site, reader, &picture.color, err);
	for (uint32_t i = 0; !failed && i < site->nlocales; i++) {
		struct site_locale *locale = &site->locales[i];

		picture.name = kb_l10n_get(config, &config->name, locale->index);
		picture.text = kb_l10n_get(config, &config->description, locale->index);
		picture.rtl = kb_str_is(locale->dir, "rtl");
		if (picture.name.len)
			failed = draw(site, &picture, &locale->preview, err);
	}
	return failed;
}
