#include "site.h"

#include "kb/embed.h"
#include "kb/file.h"
#include "kb/hash.h"

#define TEMPLATES "theme/templates/"
#define SUFFIX ".mustache"

int theme_file(const struct site *site, struct kb_reader *reader, const char *path,
	kb_buf *out, struct kb_error *err)
{
	kb_str text;

	if (kb_library_entry(site->lib, kb_str_of(path)))
		return kb_reader_read(reader, kb_str_of(path), 0, out, err);
	if (!kb_embed_get(kb_str_of(path), &text))
		return kb_error_set(err, KB_E_NOTFOUND, "%s is missing", path);
	kb_buf_str(out, text);
	return 0;
}

static bool template_name(kb_str path, kb_str *name)
{
	if (!kb_str_starts(path, KB_STR(TEMPLATES)) || !kb_str_ends(path, KB_STR(SUFFIX)))
		return false;
	*name = kb_str_sub(path, sizeof(TEMPLATES) - 1, path.len - (sizeof(SUFFIX) - 1));
	return true;
}

static int load_templates(
	struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	size_t n;
	const struct kb_embed *files = kb_embed_list(&n);
	_cleanup_buf_ kb_buf all = {0};
	kb_str name;

	site->templates = kb_templates_new();
	for (size_t i = 0; i < n; i++)
		if (template_name(kb_str_of(files[i].path), &name) &&
			kb_templates_add(site->templates, name, files[i].data, err) < 0)
			return -1;
	for (size_t i = 0; i < site->lib->nentries; i++) {
		const struct kb_entry *entry = &site->lib->entries[i];
		_cleanup_buf_ kb_buf text = {0};

		if (!template_name(entry->path, &name))
			continue;
		if (kb_reader_read(reader, entry->path, 0, &text, err) < 0 ||
			kb_templates_add(site->templates, name, kb_buf_view(&text), err) <
				0)
			return -1;
		kb_buf_fmt(&all, "%.*s %zu ", KB_ARG(name), text.len);
		kb_buf_str(&all, kb_buf_view(&text));
	}
	site->templates_hash = kb_hash64(kb_buf_view(&all));
	return 0;
}

int theme_hashed(struct site *site, const kb_buf *text, const char *name, const char *ext,
	kb_str *path, struct kb_error *err)
{
	char hex[41];

	kb_blob_id(kb_buf_view(text), hex);
	*path = kb_arena_fmt(site->arena, "assets/%s.%.10s.%s", name, hex, ext);
	return output_replace(
		site->out, *path, kb_buf_view(text), OUTPUT_HASHED, KB_STR(""), err);
}

int theme_load(struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	_cleanup_buf_ kb_buf css = {0}, js = {0}, search = {0}, guide = {0}, reply = {0},
			     guide_css = {0};

	if (load_templates(site, reader, err) < 0 ||
		theme_file(site, reader, "theme/style.css", &css, err) < 0 ||
		theme_file(site, reader, "theme/brand.css", &css, err) < 0 ||
		theme_file(site, reader, "theme/script.js", &js, err) < 0 ||
		theme_file(site, reader, "theme/search.js", &search, err) < 0 ||
		theme_file(site, reader, "theme/results.js", &search, err) < 0 ||
		theme_file(site, reader, "theme/guide.js", &guide, err) < 0 ||
		theme_file(site, reader, "theme/guide.css", &guide_css, err) < 0 ||
		theme_file(site, reader, "theme/reply.js", &reply, err) < 0)
		return -1;
	if (site->options->search &&
		theme_hashed(site, &search, "search", "js", &site->search_js, err) < 0)
		return -1;
	if (theme_hashed(site, &guide, "guide", "js", &site->guide_js, err) < 0 ||
		theme_hashed(site, &guide_css, "guide", "css", &site->guide_css, err) <
			0 ||
		theme_hashed(site, &reply, "reply", "js", &site->reply_js, err) < 0)
		return -1;
	if (theme_hashed(site, &css, "style", "css", &site->css, err) < 0)
		return -1;
	return theme_hashed(site, &js, "script", "js", &site->js, err);
}

size_t kb_theme_files(struct kb_arena *arena, struct kb_rewrite **files)
{
	size_t all, n = 0;
	const struct kb_embed *embedded = kb_embed_list(&all);

	*files = kb_arena_array(arena, struct kb_rewrite, all);
	for (size_t i = 0; i < all; i++)
		if (kb_str_starts(kb_str_of(embedded[i].path), KB_STR("theme/")))
			(*files)[n++] =
				(struct kb_rewrite){.path = kb_str_of(embedded[i].path),
					.after = embedded[i].data,
					.is_new = true};
	return n;
}
