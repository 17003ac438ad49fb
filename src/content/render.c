#include "kb/render.h"

enum { INCLUDES_MAX = 1000 };

/* A text that is open: the document's own, or a snippet's. */
struct render_level {
	struct kb_render *render;
	const struct kb_document *doc;
	struct render_level *up, *next;
	struct kb_text text;
	struct kb_md_hooks hooks;
};

struct kb_render {
	const struct kb_library *lib;
	struct kb_reader *reader;
	struct kb_render_options options;
	struct kb_arena *arena;
	struct render_level
		*levels; /* all that are open; the last one is the document's */
	struct render_level *top;
	unsigned includes;
};

kb_str kb_public_url(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_family *family, uint32_t locale, kb_str fragment)
{
	const struct kb_config *config = lib->config;
	/* A document that cannot be read is of no family. */
	const struct kb_document *doc =
		family ? kb_family_visible(lib, family, locale, 0, false) : NULL;
	_cleanup_buf_ kb_buf url = {0};

	if (!doc || !config->base_url.len)
		return KB_STR_NULL;
	kb_buf_fmt(&url, "%.*s/%.*s/", KB_ARG(config->base_url),
		KB_ARG(config->locales[locale].code));
	kb_buf_url_path(&url, doc->address);
	if (fragment.len && kb_fragment_visible(lib, doc, fragment, 0, false)) {
		kb_buf_putc(&url, '#');
		kb_buf_url_path(&url, fragment);
	}
	return kb_arena_str(arena, kb_buf_view(&url));
}

static bool on_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	struct render_level *level = ctx;
	struct kb_render *r = level->render;
	struct kb_target target = {0};

	*out = (struct kb_md_href){0};
	kb_link_resolve(r->lib, r->arena, level->doc, r->options.locale, dest, &target);
	if (image)
		return false;
	if (target.kind == KB_TARGET_DOCUMENT)
		out->href = kb_public_url(r->lib, r->arena, target.family,
			r->options.locale, target.fragment);
	else if (target.kind == KB_TARGET_EXTERNAL)
		out->href = target.url;
	else if (target.kind == KB_TARGET_PAGE && r->lib->config->base_url.len)
		out->href = kb_arena_fmt(r->arena, "%.*s/%.*s",
			KB_ARG(r->lib->config->base_url), KB_ARG(target.page));
	return out->href.len > 0;
}

static bool on_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	struct kb_render *r = ((struct render_level *)ctx)->render;
	const struct kb_variable *variable;

	*placeholder = false;
	if (r->options.placeholder && r->options.placeholder(r->options.ctx, name, value))
		return true;
	variable = kb_config_variable(r->lib->config, name);
	if (variable)
		*value = kb_l10n_get(r->lib->config, &variable->value, r->options.locale);
	return variable != NULL;
}

static struct render_level *level_open(
	struct kb_render *r, const struct kb_document *doc, struct render_level *up);

/* What is not finished may show what is not. */
static bool shows_drafts(const struct kb_render *r)
{
	return r->top->doc->facts->status == KB_DRAFT ||
	       r->top->doc->facts->status == KB_REVIEW;
}

/* The snippet that the text includes by this name; NULL: nothing, for readers. */
static const struct kb_document *snippet_of(struct render_level *level, kb_str name)
{
	struct kb_render *r = level->render;
	const struct kb_document *doc =
		kb_library_snippet(r->lib, name, r->options.locale);
	uint32_t depth = 0;

	for (struct render_level *up = level; up && doc; up = up->up, depth++)
		if (up->doc == doc)
			return NULL;
	if (!doc ||
		!kb_snippet_visible(r->lib, doc, r->options.audience, shows_drafts(r)) ||
		depth > r->lib->config->limits.snippet_depth ||
		r->includes++ >= INCLUDES_MAX)
		return NULL;
	return doc;
}

static bool on_include(
	void *ctx, kb_str name, struct kb_md **md, const struct kb_md_hooks **hooks)
{
	const struct kb_document *doc = snippet_of(ctx, name);
	struct render_level *level = ctx, *snippet;

	if (!doc)
		return false;
	snippet = level_open(level->render, doc, level);
	if (!snippet->text.md)
		return false;
	*md = snippet->text.md;
	*hooks = &snippet->hooks;
	return true;
}

/* A text that is not read. */
static struct render_level *level_new(
	struct kb_render *r, const struct kb_document *doc, struct render_level *up)
{
	struct render_level *level = kb_xcalloc(1, sizeof(*level));

	*level = (struct render_level){.render = r,
		.doc = doc,
		.up = up,
		.next = r->levels,
		.hooks = {.ctx = level,
			.link = on_link,
			.variable = on_variable,
			.include = on_include}};
	r->levels = level;
	return level;
}

/* Its md is NULL when the document cannot be read. */
static struct render_level *level_open(
	struct kb_render *r, const struct kb_document *doc, struct render_level *up)
{
	struct render_level *level = level_new(r, doc, up);

	kb_text_open(&level->text, r->lib, r->reader, doc, NULL);
	return level;
}

/* Closes what was opened above UNTIL. */
static void levels_close(struct kb_render *r, struct render_level *until)
{
	while (r->levels != until) {
		struct render_level *level = r->levels;

		r->levels = level->next;
		kb_text_close(&level->text);
		free(level);
	}
}

int kb_render_open(struct kb_render **out, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_document *doc,
	const struct kb_render_options *options, struct kb_error *err)
{
	struct kb_render *r = kb_xcalloc(1, sizeof(*r));

	*r = (struct kb_render){.lib = lib,
		.reader = reader,
		.options = *options,
		.arena = kb_arena_new()};
	r->top = level_open(r, doc, NULL);
	if (!r->top->text.md) {
		kb_render_close(r);
		return kb_error_set(
			err, KB_E_IO, "%.*s cannot be read", KB_ARG(doc->path));
	}
	*out = r;
	return 0;
}

void kb_render_close(struct kb_render *render)
{
	if (!render)
		return;
	levels_close(render, NULL);
	kb_arena_free(render->arena);
	free(render);
}

typedef int render_fn(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err);

/* The part's sections, one after another. */
static int render_part(struct kb_render *r, const struct kb_render_part *part,
	render_fn *run, struct kb_arena *arena, kb_str *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	uint32_t section = part->from;

	do {
		struct kb_md_options options = {
			.section = part->to ? (int)section : KB_MD_ALL,
			.no_heading = part->no_first_heading && section == part->from,
			.no_title = r->top->doc->title_again,
			.no_list = part->no_list,
			.no_callouts = part->no_callouts,
			.audience = r->options.audience,
			.hooks = &r->top->hooks,
		};

		if (text.len && run == kb_md_text)
			kb_buf_puts(&text, "\n\n");
		if (run(r->top->text.md, &options, &text, err) < 0)
			return -1;
		levels_close(r, r->top);
	} while (++section < part->to);
	*out = kb_arena_str(arena, kb_str_trim(kb_buf_view(&text)));
	return 0;
}

int kb_render_text(struct kb_render *render, const struct kb_render_part *part,
	struct kb_arena *arena, kb_str *out, struct kb_error *err)
{
	return render_part(render, part, kb_md_text, arena, out, err);
}

int kb_render_html(struct kb_render *render, const struct kb_render_part *part,
	struct kb_arena *arena, kb_str *out, struct kb_error *err)
{
	return render_part(render, part, kb_md_html, arena, out, err);
}

kb_str kb_render_line(struct kb_render *render, struct kb_arena *arena, kb_str line)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_md_expand(line, &render->top->hooks, &out);
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void sign_str(kb_buf *out, kb_str s)
{
	kb_buf_add(out, &s.len, sizeof(s.len));
	kb_buf_str(out, s);
}

static void sign_level(struct render_level *level, kb_buf *out)
{
	const struct kb_document *doc = level->doc;
	const struct kb_md_facts *body = &doc->facts->body;

	sign_str(out, kb_str_of(doc->facts->blob));
	kb_buf_add(out, &doc->context, sizeof(doc->context));
	kb_buf_putc(out, doc->title_again + '0');
	for (uint32_t i = 0; i < body->nlinks; i++) {
		struct kb_md_href href;

		kb_buf_putc(out, on_link(level, body->links[i].dest, false, &href) + '0');
		sign_str(out, href.href);
	}
	for (uint32_t i = 0; i < body->nrefs; i++) {
		const struct kb_ref *ref = &body->refs[i];
		const struct kb_document *snippet;
		kb_str value = KB_STR_NULL;
		bool placeholder = false;

		if (ref->kind == KB_REF_VARIABLE) {
			kb_buf_putc(
				out, on_variable(level, ref->name, &value, &placeholder) +
					     '0');
			sign_str(out, value);
			continue;
		}
		snippet = snippet_of(level, ref->name);
		kb_buf_putc(out, snippet ? '1' : '0');
		if (snippet)
			sign_level(level_new(level->render, snippet, level), out);
	}
}

struct kb_hash kb_render_sign(const struct kb_library *lib, const struct kb_document *doc,
	const struct kb_render_options *options)
{
	struct kb_render r = {.lib = lib, .options = *options, .arena = kb_arena_new()};
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_fmt(&all, "%u %u ", options->locale, options->audience);
	r.top = level_new(&r, doc, NULL);
	sign_level(r.top, &all);
	levels_close(&r, NULL);
	kb_arena_free(r.arena);
	return kb_hash128(kb_buf_view(&all));
}
