/*
 * Does a page that is on the site show what its document's new text withholds?
 *
 * Three words that follow each other in the new text are withheld when they do so nowhere
 * in what readers of the site may see of it. The page shows a part of what is withheld
 * when it has such words in one of its blocks; or a block that is shorter than that.
 * Words of titles, summaries and labels do not count: lists and links show them anyway.
 */
#include "kb/hash.h"
#include "kb/render.h"
#include "kb/token.h"
#include "site.h"

enum { RUN = 3 /* words */, SNIPPETS_MAX = 1000 };

/* Runs of words, as hashes. */
struct runs {
	uint64_t last[RUN]; /* words */
	unsigned n;	    /* so far, of this text; at most RUN */
	KB_VEC(uint64_t);
};

struct withheld {
	const struct site *site;
	const struct kb_document *doc;
	struct kb_reader *reader;
	struct kb_arena *arena;
	struct kb_render *render;
	struct runs text;  /* the new one, with what is withheld */
	struct runs shown; /* what readers may see of it */
	struct runs page;  /* what is on the site */
	bool restricted;   /* a snippet may be for others now */
};

static void run_end(struct runs *runs)
{
	kb_vec_push(
		runs, kb_hash64((kb_str){(const char *)runs->last, sizeof(runs->last)}));
}

static bool on_word(void *ctx, const struct kb_word *word)
{
	struct runs *runs = ctx;

	memmove(runs->last, runs->last + 1, sizeof(runs->last) - sizeof(*runs->last));
	runs->last[RUN - 1] = kb_hash64(word->fold);
	runs->n += runs->n < RUN;
	if (runs->n == RUN)
		run_end(runs);
	return true;
}

/* One block of a page, or a whole text. */
static void runs_add(struct runs *runs, kb_str text)
{
	memset(runs->last, 0, sizeof(runs->last));
	runs->n = 0;
	kb_words(text, on_word, runs);
	if (runs->n && runs->n < RUN)
		run_end(runs);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void runs_sort(struct runs *runs)
{
	if (runs->len)
		qsort(runs->items, runs->len, sizeof(*runs->items), by_value);
}

static bool runs_have(const struct runs *runs, uint64_t run)
{
	return runs->len && bsearch(&run, runs->items, runs->len, sizeof(run), by_value);
}

/* HTML */

/* The end of the tag that HTML begins with; *ALT: its alternative text, if any. */
static size_t tag_end(kb_str html, kb_str *alt)
{
	const kb_str name = KB_STR(" alt=");
	char quote = 0;
	size_t i, from = 0;

	*alt = KB_STR_NULL;
	for (i = 0; i < html.len && (quote || html.data[i] != '>'); i++) {
		char c = html.data[i];

		if (quote && c == quote) {
			quote = 0;
			if (kb_str_ends(kb_str_sub(html, 0, from), name))
				*alt = kb_str_sub(html, from + 1, i);
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
			from = i;
		}
	}
	return i < html.len ? i + 1 : i;
}

/* Is TAG within a block? */
static bool is_inline(kb_str tag)
{
	static const char *const names[] = {"a", "abbr", "b", "code", "del", "em", "i",
		"img", "kbd", "mark", "s", "span", "strong", "sub", "sup", "u"};
	size_t end = 0;

	tag = kb_str_sub(tag, 1, tag.len);
	if (tag.len && *tag.data == '/')
		tag = kb_str_sub(tag, 1, tag.len);
	while (end < tag.len && !strchr(" \t\n/>", tag.data[end]))
		end++;
	for (size_t i = 0; i < KB_LEN(names); i++)
		if (kb_str_is(kb_str_sub(tag, 0, end), names[i]))
			return true;
	return false;
}

/* Entities part words. */
static void put_words(kb_buf *out, kb_str html)
{
	for (size_t i = 0; i < html.len; i++) {
		kb_str rest = kb_str_sub(html, i, html.len);
		size_t end = *rest.data == '&' ? kb_str_chr(rest, ';') : SIZE_MAX;

		kb_buf_putc(out, end < 10 ? ' ' : *rest.data);
		i += end < 10 ? end : 0;
	}
}

/* HTML that kb wrote, block by block. */
static void html_add(struct runs *runs, kb_str html)
{
	_cleanup_buf_ kb_buf words = {0};

	while (html.len) {
		size_t end = kb_str_chr(html, '<');
		kb_str alt;

		put_words(&words, kb_str_sub(html, 0, end));
		html = kb_str_sub(html, end, html.len);
		end = tag_end(html, &alt);
		if (!is_inline(kb_str_sub(html, 0, end))) {
			runs_add(runs, kb_buf_view(&words));
			kb_buf_clear(&words);
		}
		put_words(&words, alt);
		html = kb_str_sub(html, end, html.len);
	}
	runs_add(runs, kb_buf_view(&words));
}

/* Markdown, in which blocks are not known: all of it, and each line and cell that is
 * shorter than a run, but for {{names}}. */
static void markdown_add(struct runs *runs, kb_str text)
{
	kb_str line, cell;

	runs_add(runs, text);
	while (kb_str_next(&text, '\n', &line))
		while (kb_str_next(&line, '|', &cell)) {
			size_t before = runs->len;

			runs_add(runs, cell);
			if (runs->n == RUN || kb_str_find(cell, KB_STR("{{")) != SIZE_MAX)
				runs->len = before;
		}
}

/* The three texts */

/* May a snippet that cannot be read be for others now? */
static bool is_restricted(const struct site *site)
{
	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (doc->facts->broken && doc->facts->type == KB_SNIPPET &&
			!kb_snippet_allowed(
				site->lib, doc, site->audience, site->options->drafts))
			return true;
	}
	return false;
}

/* The snippets that BODY names, wherever it does. */
static void snippets_add(struct withheld *w, kb_str body, kb_map *texts)
{
	struct kb_ref *refs;
	size_t n = kb_md_refs(w->arena, body, 0, &refs);

	for (size_t i = 0; i < n && texts->len < SNIPPETS_MAX; i++) {
		kb_str name = refs[i].name;
		struct kb_document *doc;

		if (*name.data != '>')
			continue;
		name = kb_str_trim(kb_str_sub(name, 1, name.len));
		doc = kb_library_snippet(w->site->lib, name, w->doc->locale);
		if (doc)
			kb_map_put(texts, doc->path, doc);
		else
			w->restricted |= is_restricted(w->site);
	}
}

/* What drawings are made of: HTML without them has no titles. */
static void drawings_add(struct withheld *w, const struct kb_md_facts *facts)
{
	for (uint32_t i = 0; i < facts->nfences; i++) {
		if (facts->fences[i].audience > w->site->audience)
			continue;
		runs_add(&w->shown, facts->fences[i].title);
		markdown_add(&w->shown, facts->fences[i].code);
	}
}

/* The document's text, and those of the snippets in it. */
static int text_add(struct withheld *w, struct kb_error *err)
{
	kb_map texts = {0};
	int failed = 0;

	kb_map_put(&texts, w->doc->path, (void *)w->doc);
	for (size_t i = 0; i < texts.len; i++) {
		const struct kb_document *doc = texts.entries[i].value;
		_cleanup_buf_ kb_buf file = {0};
		kb_str body;

		failed = kb_document_body(w->reader, doc, &file, &body, err);
		if (failed)
			break;
		markdown_add(&w->text, kb_render_line(w->render, w->arena, body));
		snippets_add(w, body, &texts);
		drawings_add(w, &doc->facts->body);
	}
	kb_map_dispose(&texts);
	return failed;
}

static int shown_add(struct withheld *w, struct kb_error *err)
{
	const struct kb_render_part all = {0};
	kb_str html, text;

	if (kb_render_html(w->render, &all, w->arena, &html, err) < 0 ||
		kb_render_text(w->render, &all, w->arena, &text, err) < 0)
		return -1;
	html_add(&w->shown, html);
	markdown_add(&w->shown, text);
	return 0;
}

static void label_add(struct withheld *w, const struct kb_l10n *label)
{
	const struct site *site = w->site;

	for (uint32_t i = 0; i < site->nlocales; i++)
		runs_add(&w->shown,
			kb_l10n_get(site->config, label, site->locales[i].index));
}

/* What each page may show of all documents, of issues and of the configuration. */
static void labels_add(struct withheld *w)
{
	const struct site *site = w->site;
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;

	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (!plan_visible(site, doc))
			continue;
		runs_add(&w->shown, doc->facts->title);
		runs_add(&w->shown, doc->facts->summary);
		runs_add(&w->shown, doc->facts->question);
	}
	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (taxonomy->issues[i].audience <= site->audience)
			label_add(w, &taxonomy->issues[i].label);
	for (uint32_t i = 0; i < site->config->nvariables; i++)
		label_add(w, &site->config->variables[i].value);
}

static int page_add(struct withheld *w, const kb_strs *files)
{
	for (size_t i = 0; i < files->len; i++) {
		_cleanup_buf_ kb_buf html = {0};

		/* What came along with the page says no more than the page does. */
		if (!kb_str_ends(files->items[i], KB_STR("/index.html")))
			continue;
		if (output_read(w->site->out, files->items[i], &html) < 0)
			return -1;
		html_add(&w->page, kb_buf_view(&html));
	}
	runs_sort(&w->page);
	return 0;
}

static bool has_withheld(struct withheld *w)
{
	runs_sort(&w->shown);
	for (size_t i = 0; i < w->text.len; i++)
		if (runs_have(&w->page, w->text.items[i]) &&
			!runs_have(&w->shown, w->text.items[i]))
			return true;
	return false;
}

/* What cannot be read may be what is withheld. */
static bool is_shown(struct withheld *w, const kb_strs *files)
{
	const struct kb_render_options options = {
		.locale = w->doc->locale, .audience = w->site->audience};
	struct kb_error err;

	if (kb_render_open(&w->render, w->site->lib, w->reader, w->doc, &options, &err) <
			0 ||
		text_add(w, &err) < 0 || shown_add(w, &err) < 0 || page_add(w, files) < 0)
		return true;
	if (w->restricted || !has_withheld(w))
		return w->restricted;
	labels_add(w);
	return has_withheld(w);
}

bool withheld_is_shown(
	const struct site *site, const struct kb_document *doc, const kb_strs *files)
{
	struct withheld w = {.site = site,
		.doc = doc,
		.reader = kb_reader_new(site->lib->source),
		.arena = kb_arena_new()};
	bool shown = is_shown(&w, files);

	kb_render_close(w.render);
	kb_reader_free(w.reader);
	kb_arena_free(w.arena);
	kb_vec_dispose(&w.text);
	kb_vec_dispose(&w.shown);
	kb_vec_dispose(&w.page);
	return shown;
}
