#include "site.h"

#include "kb/embed.h"
#include "kb/file.h"
#include "kb/hash.h"

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

static int load_templates(
	struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	size_t n;
	const struct kb_embed *files = kb_embed_list(&n);
	_cleanup_buf_ kb_buf all = {0};
	kb_str name;

	site->templates = kb_templates_new();
	for (size_t i = 0; i < n; i++)
		if (kb_template_name(kb_str_of(files[i].path), &name) &&
			kb_templates_add(site->templates, name, files[i].data, err) < 0)
			return -1;
	for (size_t i = 0; i < site->lib->nentries; i++) {
		const struct kb_entry *entry = &site->lib->entries[i];
		_cleanup_buf_ kb_buf text = {0};

		if (!kb_template_name(entry->path, &name))
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

int theme_hashed(struct site *site, struct kb_arena *arena, const kb_buf *text,
	const char *name, const char *ext, kb_str *path, struct kb_error *err)
{
	char hex[41];

	kb_blob_id(kb_buf_view(text), hex);
	*path = kb_arena_fmt(arena, "assets/%s.%.10s.%s", name, hex, ext);
	return output_replace(
		site->out, *path, kb_buf_view(text), OUTPUT_HASHED, KB_STR(""), err);
}

/* Files of the theme that pages load, in the order of their parts. */
static const struct bundle {
	const char *name, *ext, *parts[2];
	size_t path; /* of struct site */
} bundles[] = {
	{"style", "css", {"style.css", "brand.css"}, offsetof(struct site, css)},
	{"guide", "css", {"guide.css"}, offsetof(struct site, guide_css)},
	{"script", "js", {"script.js"}, offsetof(struct site, js)},
	{"guide", "js", {"guide.js"}, offsetof(struct site, guide_js)},
	{"reply", "js", {"reply.js"}, offsetof(struct site, reply_js)},
	{"zoom", "js", {"zoom.js"}, offsetof(struct site, zoom_js)},
	{"lost", "js", {"lost.js"}, offsetof(struct site, lost_js)},
	{"search", "js", {"search.js", "results.js"}, offsetof(struct site, search_js)},
};

/* Leaves out what readers need not load: indents and lines of comments. None of the
 * built-in scripts has either inside a string; others are left as they are. */
static void add_script(kb_buf *out, kb_str text)
{
	for (kb_str line; kb_str_next(&text, '\n', &line);) {
		line = kb_str_trim(line);
		if (line.len && !kb_str_starts(line, KB_STR("//"))) {
			kb_buf_str(out, line);
			kb_buf_putc(out, '\n');
		}
	}
}

/* The end of the string or the comment that begins at AT, or AT. */
static size_t skip_token(kb_str text, size_t at)
{
	char c = text.data[at];
	size_t end = at;

	if (c == '/' && at + 1 < text.len && text.data[at + 1] == '*') {
		size_t n = kb_str_find(kb_str_sub(text, at + 2, text.len), KB_STR("*/"));

		return n == SIZE_MAX ? text.len : at + n + 4;
	}
	if (c != '"' && c != '\'')
		return at;
	while (++end < text.len && text.data[end] != c)
		end += text.data[end] == '\\';
	return end < text.len ? end + 1 : text.len;
}

/* The same for style sheets: without comments, and with spaces only where they matter. */
static void add_style(kb_buf *out, kb_str text)
{
	bool space = false;

	for (size_t at = 0; at < text.len;) {
		size_t end = skip_token(text, at);
		char c = text.data[at], last = out->len ? out->data[out->len - 1] : '{';

		if (strchr(" \t\r\n", c) || (c == '/' && end > at)) {
			space = true;
			at = end > at ? end : at + 1;
			continue;
		}
		if (space && !strchr("{};,>:\n", last) && !strchr("{};,>", c))
			kb_buf_putc(out, ' ');
		end = end > at ? end : at + 1;
		kb_buf_str(out, kb_str_sub(text, at, end));
		space = false;
		at = end;
	}
	kb_buf_putc(out, '\n');
}

static int add_part(const struct site *site, struct kb_reader *reader,
	void (*add)(kb_buf *out, kb_str text), const char *part, kb_buf *out,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0}, text = {0};

	kb_buf_fmt(&path, "theme/%s", part);
	if (theme_file(site, reader, path.data, &text, err) < 0)
		return -1;
	if (kb_library_entry(site->lib, kb_buf_view(&path)))
		kb_buf_str(out, kb_buf_view(&text));
	else
		add(out, kb_buf_view(&text));
	return 0;
}

int theme_script(const struct site *site, struct kb_reader *reader, const char *name,
	kb_buf *out, struct kb_error *err)
{
	return add_part(site, reader, add_script, name, out, err);
}

static int add_bundle(struct site *site, struct kb_reader *reader,
	const struct bundle *bundle, struct kb_error *err)
{
	kb_str *path = (kb_str *)((char *)site + bundle->path);
	_cleanup_buf_ kb_buf text = {0};

	for (size_t i = 0; i < KB_LEN(bundle->parts) && bundle->parts[i]; i++)
		if (add_part(site, reader,
			    strcmp(bundle->ext, "js") == 0 ? add_script : add_style,
			    bundle->parts[i], &text, err) < 0)
			return -1;
	return theme_hashed(
		site, site->arena, &text, bundle->name, bundle->ext, path, err);
}

int theme_load(struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	size_t n = KB_LEN(bundles) - !site->options->search; /* search is the last */

	if (load_templates(site, reader, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_bundle(site, reader, &bundles[i], err) < 0)
			return -1;
	return 0;
}

size_t kb_theme_files(struct kb_arena *arena, const char *look, struct kb_rewrite **files)
{
	kb_str from = look ? kb_arena_fmt(arena, "looks/%s/", look) : KB_STR("theme/");
	size_t all, n = 0;
	const struct kb_embed *embedded = kb_embed_list(&all);

	*files = kb_arena_array(arena, struct kb_rewrite, all);
	for (size_t i = 0; i < all; i++) {
		kb_str path = kb_str_of(embedded[i].path);

		if (!kb_str_starts(path, from))
			continue;
		path = kb_str_sub(path, from.len, path.len);
		(*files)[n++] = (struct kb_rewrite){
			.path = kb_arena_fmt(arena, "theme/%.*s", KB_ARG(path)),
			.after = embedded[i].data,
			.is_new = true};
	}
	return n;
}
