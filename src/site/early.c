#include "early.h"

#include "kb/escape.h"
#include "kb/file.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	NONCE = 18,
	TOKEN = NONCE + 9,
	KEPT_MAX = 12 << 20,
	KEPT_SPARE = 4 << 20,
	SPILL_STEP = 1 << 18
};

/* What a worker has rendered: in a file without a name, as there may be much of it. */
struct spill {
	int file;     /* -1: there is none, or it is not certain where texts are in it */
	off_t end;    /* with what waits */
	kb_buf waits; /* to be written */
};

/* What a text becomes, in this order. */
enum part { QUESTIONS, HTML, MARKDOWN, PARTS };

struct rendered {
	uint32_t worker;
	uint32_t len[PARTS];
	off_t at;
	bool there;
};

/* What the page says to a question, as each form of the text has it. */
struct early_answer {
	kb_str html, markdown;
};

/* A text as it was read back. */
struct early_texts {
	kb_str parts[PARTS];
	struct {
		KB_VEC(struct early_answer);
	} answers;
};

struct kb_publish_early {
	struct kb_text_keeper keeper;
	const char *audience_name;
	const struct kb_library *lib;
	unsigned audience, nspills;
	struct spill *spills;
	struct rendered *texts; /* one for each document */
	char nonce[NONCE + 1];	/* no text holds it */
	bool markdown;
};

struct question_asked {
	char kind;
	kb_str words;
};

/* One text that is being rendered. */
struct early_rendering {
	struct kb_publish_early *early;
	struct kb_arena *arena;
	kb_buf questions;
	struct {
		KB_VEC(struct question_asked);
	} asked;
	size_t next; /* what is asked next if the answers of the HTML are enough */
};

enum question { LINK = 'l', OUTSIDE = 'o', LABEL = 't' };

/* The question's number. Markdown asks what the HTML asked, in the same order. */
static size_t number_of(struct early_rendering *r, enum question kind, kb_str words)
{
	uint32_t len = (uint32_t)words.len;

	for (size_t i = r->next; i < r->asked.len; i++) {
		if (r->asked.items[i].kind != (char)kind ||
			!kb_str_eq(r->asked.items[i].words, words))
			continue;
		r->next = i + 1;
		return i;
	}
	kb_buf_putc(&r->questions, (char)kind);
	kb_buf_add(&r->questions, &len, sizeof(len));
	kb_buf_str(&r->questions, words);
	kb_vec_push(&r->asked,
		((struct question_asked){(char)kind, kb_arena_str(r->arena, words)}));
	r->next = r->asked.len;
	return r->asked.len - 1;
}

/* The word that stands for the answer. */
static kb_str ask(struct early_rendering *r, enum question kind, kb_str words)
{
	return kb_arena_fmt(
		r->arena, "%s%c%08zx", r->early->nonce, kind, number_of(r, kind, words));
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

static void spill_close(struct spill *spill)
{
	if (spill->file >= 0)
		close(spill->file);
	spill->file = -1;
	kb_buf_dispose(&spill->waits);
}

static void spill_write(struct spill *spill)
{
	if (spill->file >= 0 && kb_write_all(spill->file, kb_buf_view(&spill->waits)) < 0)
		spill_close(spill);
	kb_buf_clear(&spill->waits);
}

static void spill(struct kb_publish_early *early, const struct kb_document *doc,
	unsigned worker, const kb_buf *parts)
{
	struct spill *spill = &early->spills[worker];
	struct rendered rendered = {.worker = worker, .at = spill->end, .there = true};
	size_t len = 0;

	for (size_t i = 0; i < PARTS; i++) {
		rendered.len[i] = (uint32_t)parts[i].len;
		len += parts[i].len;
	}
	if (spill->file < 0 || len > UINT32_MAX)
		return;
	for (size_t i = 0; i < PARTS; i++)
		kb_buf_str(&spill->waits, kb_buf_view(&parts[i]));
	spill->end += (off_t)len;
	early->texts[doc->number] = rendered;
	if (spill->waits.len >= SPILL_STEP)
		spill_write(spill);
}

static int render_parts(
	struct early_rendering *r, struct kb_md *md, bool no_title, kb_buf *parts)
{
	const struct kb_md_hooks hooks = {.ctx = r, .link = on_link, .label = on_label};
	struct kb_md_options options = {.section = KB_MD_ALL,
		.no_title = no_title,
		.audience = r->early->audience,
		.footnotes_label = ask(r, LABEL, KB_STR("footnotes")),
		.hooks = &hooks};
	struct kb_error err;

	if (kb_md_html(md, &options, &parts[HTML], &err) < 0)
		return -1;
	r->next = 0;
	options.section_end = TEXT_SECTION_END;
	return r->early->markdown ? kb_md_markdown(md, &options, &parts[MARKDOWN], &err)
				  : 0;
}

static void render(struct kb_publish_early *early, const struct kb_document *doc,
	struct kb_md *md, unsigned worker)
{
	struct early_rendering r = {.early = early, .arena = kb_arena_new()};
	kb_buf parts[PARTS] = {0};

	if (render_parts(&r, md, kb_document_repeats_title(early->lib->config, doc),
		    parts) == 0) {
		parts[QUESTIONS] = r.questions;
		r.questions = (kb_buf){0};
		spill(early, doc, worker, parts);
	}
	for (size_t i = 0; i < PARTS; i++)
		kb_buf_dispose(&parts[i]);
	kb_buf_dispose(&r.questions);
	kb_vec_dispose(&r.asked);
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
		early->spills[i].file = kb_file_unnamed(NULL);
}

struct kb_publish_early *kb_publish_early_new(const char *audience, bool markdown)
{
	struct kb_publish_early *early = kb_xcalloc(1, sizeof(*early));
	uint64_t number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = (uint64_t)getpid();
	snprintf(early->nonce, sizeof(early->nonce), "kb%016llx",
		(unsigned long long)number);
	early->audience_name = audience;
	early->markdown = markdown;
	early->keeper =
		(struct kb_text_keeper){early, begin, keep, kb_texts_new(KEPT_MAX)};
	return early;
}

void kb_publish_early_free(struct kb_publish_early *early)
{
	if (!early)
		return;
	for (unsigned i = 0; i < early->nspills; i++)
		spill_close(&early->spills[i]);
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
	for (unsigned i = 0; early && i < early->nspills; i++) {
		spill_write(&early->spills[i]);
		kb_buf_dispose(&early->spills[i].waits);
	}
}

/* What the page answers to a link, as each form has it. False: the renderer was told
 * something else. */
static bool answer_link(struct site_text *text, enum question kind, kb_str words,
	struct early_answer *answer)
{
	struct kb_arena *arena = text->job->arena;
	_cleanup_buf_ kb_buf html = {0}, url = {0};
	struct kb_md_href href;

	if (!text_href(text, words, false, &href) || href.lang.len || href.cls.len ||
		href.title.len || href.external != (kind == OUTSIDE) ||
		!kb_url_is_safe(href.href))
		return false;
	kb_md_put_url(&html, href.href);
	answer->html = kb_arena_str(arena, kb_buf_view(&html));
	if (!text->job->site->options->early->markdown)
		return true;
	kb_buf_url(&url, text_outside(text, href.href, true));
	answer->markdown = kb_arena_str(arena, kb_buf_view(&url));
	return true;
}

static bool answer_label(
	struct site_text *text, kb_str words, struct early_answer *answer)
{
	struct kb_arena *arena = text->job->arena;
	_cleanup_buf_ kb_buf html = {0}, markdown = {0};
	kb_str label;

	label = text->hooks.label(text, words);
	if (!label.len)
		return false;
	kb_md_put_text(&html, label);
	/* A label is never what a line begins with. */
	kb_buf_putc(&markdown, '*');
	kb_md_put_markdown(&markdown, label);
	answer->html = kb_arena_str(arena, kb_buf_view(&html));
	answer->markdown =
		kb_arena_str(arena, kb_str_sub(kb_buf_view(&markdown), 1, markdown.len));
	return true;
}

/* The answers, in the order of the questions. */
static bool answer_all(struct site_text *text, struct early_texts *texts)
{
	kb_str questions = texts->parts[QUESTIONS];

	while (questions.len) {
		enum question kind = (enum question)questions.data[0];
		struct early_answer answer = {0};
		uint32_t len;
		kb_str words;

		memcpy(&len, questions.data + 1, sizeof(len));
		words = kb_str_sub(questions, 1 + sizeof(len), 1 + sizeof(len) + len);
		questions = kb_str_sub(questions, 1 + sizeof(len) + len, questions.len);
		if (!(kind == LABEL ? answer_label(text, words, &answer)
				    : answer_link(text, kind, words, &answer)))
			return false;
		kb_vec_push(&texts->answers, answer);
	}
	return true;
}

/* A part with the answers in the places of the words. */
static bool fill(
	const struct early_texts *texts, enum part part, kb_str nonce, kb_buf *out)
{
	kb_str rest = texts->parts[part];

	for (;;) {
		size_t at = kb_str_find(rest, nonce);
		char digits[9] = {0}, *end;
		unsigned long number;

		if (at == SIZE_MAX)
			break;
		if (at + TOKEN > rest.len)
			return false;
		memcpy(digits, rest.data + at + NONCE + 1, 8);
		number = strtoul(digits, &end, 16);
		if (end != digits + 8 || number >= texts->answers.len)
			return false;
		kb_buf_str(out, kb_str_sub(rest, 0, at));
		kb_buf_str(out, part == MARKDOWN ? texts->answers.items[number].markdown
						 : texts->answers.items[number].html);
		rest = kb_str_sub(rest, at + TOKEN, rest.len);
	}
	kb_buf_str(out, rest);
	return true;
}

static bool is_whole(const struct text_options *given)
{
	return !given->to && !given->no_first_heading && !given->no_list &&
	       !given->no_callouts && !given->only_callouts;
}

/* What was rendered of the text, read back once; NULL: nothing. */
static struct early_texts *texts_of(struct site_text *text)
{
	const struct site *site = text->job->site;
	const struct kb_publish_early *early = site->options->early;
	const struct rendered *rendered;
	struct early_texts *texts = text->early;
	uint32_t len = 0, at = 0;
	char *data;

	if (texts)
		return texts->parts[HTML].data ? texts : NULL;
	if (!early || early->lib != site->read || early->audience != site->audience ||
		text->use != TEXT_PAGE || text->up)
		return NULL;
	rendered = &early->texts[text->doc->number];
	if (!rendered->there || early->spills[rendered->worker].file < 0)
		return NULL;
	texts = text->early = kb_arena_new_of(text->job->arena, struct early_texts);
	for (size_t i = 0; i < PARTS; i++)
		len += rendered->len[i];
	data = kb_arena_alloc(text->job->arena, len + 1);
	if (pread(early->spills[rendered->worker].file, data, len, rendered->at) !=
		(ssize_t)len)
		return NULL;
	for (size_t i = 0; i < PARTS; at += rendered->len[i++])
		texts->parts[i] = (kb_str){data + at, rendered->len[i]};
	if (answer_all(text, texts))
		return texts;
	texts->parts[HTML].data = NULL;
	text->links.len = 0;
	return NULL;
}

bool early_text(struct site_text *text, enum text_form form,
	const struct text_options *given, kb_buf *out)
{
	struct early_texts *texts =
		is_whole(given) && !text->marks ? texts_of(text) : NULL;
	size_t before = out->len;

	if (!texts ||
		(form == FORM_MARKDOWN && !text->job->site->options->early->markdown))
		return false;
	if (fill(texts, form == FORM_MARKDOWN ? MARKDOWN : HTML,
		    kb_str_of(text->job->site->options->early->nonce), out))
		return true;
	out->len = before;
	return false;
}

void early_close(struct site_text *text)
{
	if (text->early)
		kb_vec_dispose(&text->early->answers);
}
