#include "early.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "text_private.h"

enum { NONCE = 18, TOKEN = NONCE + 9, KEPT_MAX = 12 << 20, KEPT_SPARE = 4 << 20 };

/* What a worker has rendered: in a file without a name, as there may be much of it. */
struct spill {
	FILE *file;
	long end;
};

struct rendered {
	uint32_t worker, questions; /* bytes of questions, which the HTML follows */
	uint32_t len;
	long at;
	bool there;
};

struct kb_publish_early {
	struct kb_text_keeper keeper;
	const char *audience_name;
	const struct kb_library *lib;
	unsigned audience, nspills;
	struct spill *spills;
	struct rendered *texts; /* one for each document */
	char nonce[NONCE + 1];	/* no text holds it */
};

/* One text that is being rendered. */
struct early_rendering {
	struct kb_publish_early *early;
	struct kb_arena *arena;
	kb_buf questions;
	uint32_t n;
};

enum question { LINK = 'l', OUTSIDE = 'o', LABEL = 't' };

/* The word that stands for the answer. */
static kb_str ask(struct early_rendering *r, enum question kind, kb_str words)
{
	uint32_t len = (uint32_t)words.len;

	kb_buf_putc(&r->questions, (char)kind);
	kb_buf_add(&r->questions, &len, sizeof(len));
	kb_buf_str(&r->questions, words);
	return kb_arena_fmt(r->arena, "%s%c%08x", r->early->nonce, kind, r->n++);
}

/* Does the address look like one of another site? */
static bool is_outside(const struct kb_config *config, kb_str dest)
{
	size_t colon = kb_str_chr(dest, ':'), slash = kb_str_chr(dest, '/');

	if (colon == SIZE_MAX || (slash != SIZE_MAX && slash < colon))
		return false;
	return !config->base_url.len || !kb_str_starts(dest, config->base_url);
}

static bool on_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	struct early_rendering *r = ctx;

	if (image)
		return false;
	*out = (struct kb_md_href){.external = is_outside(r->early->lib->config, dest)};
	out->href = ask(r, out->external ? OUTSIDE : LINK, dest);
	return true;
}

static kb_str on_label(void *ctx, kb_str marker)
{
	return ask(ctx, LABEL, marker);
}

/* Is all that the renderer will ask of the kinds above? */
static bool is_plain(const struct kb_document *doc)
{
	const struct kb_md_facts *body = &doc->facts->body;

	if ((doc->facts->type != KB_ARTICLE && doc->facts->type != KB_REFERENCE) ||
		body->nrefs || body->nfences || body->raw_html)
		return false;
	for (uint32_t i = 0; i < body->nlinks; i++)
		if (body->links[i].kind == KB_LINK_IMAGE ||
			body->links[i].kind == KB_LINK_HTML_IMAGE ||
			kb_str_find(body->links[i].dest, KB_STR("{{")) != SIZE_MAX)
			return false;
	return true;
}

static void spill(struct kb_publish_early *early, const struct kb_document *doc,
	unsigned worker, kb_str questions, kb_str html)
{
	struct spill *spill = &early->spills[worker];
	size_t len = questions.len + html.len;

	if (!spill->file || len > UINT32_MAX ||
		fwrite(questions.data, 1, questions.len, spill->file) != questions.len ||
		fwrite(html.data, 1, html.len, spill->file) != html.len) {
		/* Where texts are in the file is not certain any more. */
		if (spill->file)
			spill->end = -1;
		return;
	}
	if (spill->end < 0)
		return;
	early->texts[doc->number] = (struct rendered){.worker = worker,
		.questions = (uint32_t)questions.len,
		.len = (uint32_t)len,
		.at = spill->end,
		.there = true};
	spill->end += (long)len;
}

static void render(struct kb_publish_early *early, const struct kb_document *doc,
	struct kb_md *md, unsigned worker)
{
	struct early_rendering r = {.early = early, .arena = kb_arena_new()};
	const struct kb_md_hooks hooks = {.ctx = &r, .link = on_link, .label = on_label};
	const struct kb_md_options options = {.section = KB_MD_ALL,
		.audience = early->audience,
		.footnotes_label = ask(&r, LABEL, KB_STR("footnotes")),
		.hooks = &hooks};
	_cleanup_buf_ kb_buf html = {0};
	struct kb_error err;

	if (kb_md_html(md, &options, &html, &err) == 0)
		spill(early, doc, worker, kb_buf_view(&r.questions), kb_buf_view(&html));
	kb_buf_dispose(&r.questions);
	kb_arena_free(r.arena);
}

static bool keep(void *ctx, const struct kb_document *doc, struct kb_md *md, kb_buf *file,
	unsigned worker)
{
	struct kb_publish_early *early = ctx;
	bool rendered;

	if (early->audience != KB_NONE && is_plain(doc) &&
		kb_str_find(kb_buf_view(file), kb_str_of(early->nonce)) == SIZE_MAX)
		render(early, doc, md, worker);
	/* The Markdown of these is rarely needed again. */
	rendered = early->texts[doc->number].there;
	return kb_texts_keep(early->keeper.texts, doc->path, md, file,
		rendered ? KEPT_MAX - KEPT_SPARE : 0);
}

static void begin(void *ctx, const struct kb_library *lib, unsigned workers)
{
	struct kb_publish_early *early = ctx;

	early->lib = lib;
	early->audience = early->audience_name ? kb_config_audience(lib->config,
							 kb_str_of(early->audience_name))
					       : 0;
	early->texts = kb_xcalloc((size_t)lib->ndocs + 1, sizeof(*early->texts));
	early->spills = kb_xcalloc(workers, sizeof(*early->spills));
	early->nspills = workers;
	for (unsigned i = 0; i < workers; i++)
		early->spills[i].file = tmpfile();
}

struct kb_publish_early *kb_publish_early_new(const char *audience)
{
	struct kb_publish_early *early = kb_xcalloc(1, sizeof(*early));
	uint64_t number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = (uint64_t)getpid();
	snprintf(early->nonce, sizeof(early->nonce), "kb%016llx",
		(unsigned long long)number);
	early->audience_name = audience;
	early->keeper =
		(struct kb_text_keeper){early, begin, keep, kb_texts_new(KEPT_MAX)};
	return early;
}

void kb_publish_early_free(struct kb_publish_early *early)
{
	if (!early)
		return;
	for (unsigned i = 0; i < early->nspills; i++)
		if (early->spills[i].file)
			fclose(early->spills[i].file);
	kb_texts_free(early->keeper.texts);
	free(early->spills);
	free(early->texts);
	free(early);
}

const struct kb_text_keeper *kb_publish_early_keeper(const struct kb_publish_early *early)
{
	return &early->keeper;
}

void early_settle(struct kb_publish_early *early)
{
	for (unsigned i = 0; early && i < early->nspills; i++)
		if (early->spills[i].file && fflush(early->spills[i].file))
			early->spills[i].end = -1;
}

/* The answers, in the order of the questions, as the page's HTML has them. */
static bool answer(struct site_text *text, kb_str questions, kb_strs *answers)
{
	struct kb_arena *arena = text->job->arena;

	while (questions.len) {
		enum question kind = (enum question)questions.data[0];
		_cleanup_buf_ kb_buf html = {0};
		struct kb_md_href href;
		uint32_t len;
		kb_str words;

		memcpy(&len, questions.data + 1, sizeof(len));
		words = kb_str_sub(questions, 1 + sizeof(len), 1 + sizeof(len) + len);
		questions = kb_str_sub(questions, 1 + sizeof(len) + len, questions.len);
		if (kind == LABEL) {
			kb_str label = text->hooks.label(text, words);

			if (!label.len)
				return false;
			kb_md_put_text(&html, label);
		} else {
			if (!text_href(text, words, false, &href) || href.lang.len ||
				href.cls.len || href.title.len ||
				href.external != (kind == OUTSIDE) ||
				!kb_url_is_safe(href.href))
				return false;
			kb_md_put_url(&html, href.href);
		}
		kb_vec_push(answers, kb_arena_str(arena, kb_buf_view(&html)));
	}
	return true;
}

/* HTML with the answers in the places of the words. */
static bool fill(kb_str html, kb_str nonce, const kb_strs *answers, kb_buf *out)
{
	for (;;) {
		size_t at = kb_str_find(html, nonce);
		unsigned number;
		char digits[9] = {0};

		if (at == SIZE_MAX)
			break;
		if (at + TOKEN > html.len)
			return false;
		memcpy(digits, html.data + at + NONCE + 1, 8);
		if (sscanf(digits, "%8x", &number) != 1 || number >= answers->len)
			return false;
		kb_buf_str(out, kb_str_sub(html, 0, at));
		kb_buf_str(out, answers->items[number]);
		html = kb_str_sub(html, at + TOKEN, html.len);
	}
	kb_buf_str(out, html);
	return true;
}

static bool is_whole(const struct text_options *given)
{
	return !given->to && !given->no_first_heading && !given->no_list &&
	       !given->no_callouts && !given->only_callouts;
}

bool early_html(struct site_text *text, const struct text_options *given, kb_buf *out)
{
	const struct site *site = text->job->site;
	const struct kb_publish_early *early = site->options->early;
	const struct rendered *rendered;
	kb_strs answers = {0};
	size_t before = out->len;
	kb_str bytes;
	bool done;
	char *data;

	if (!early || early->lib != site->read || early->audience != site->audience ||
		text->use != TEXT_PAGE || text->up || text->marks || !is_whole(given))
		return false;
	rendered = &early->texts[text->doc->number];
	if (!rendered->there || early->spills[rendered->worker].end < 0)
		return false;
	data = kb_arena_alloc(text->job->arena, rendered->len);
	bytes = (kb_str){data, rendered->len};
	if (pread(fileno(early->spills[rendered->worker].file), data, rendered->len,
		    rendered->at) != (ssize_t)rendered->len)
		return false;
	done = answer(text, kb_str_sub(bytes, 0, rendered->questions), &answers) &&
	       fill(kb_str_sub(bytes, rendered->questions, bytes.len),
		       kb_str_of(early->nonce), &answers, out);
	kb_vec_dispose(&answers);
	if (!done)
		out->len = before;
	return done;
}
