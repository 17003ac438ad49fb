#include "text_private.h"

#include "kb/diagram.h"
#include "values.h"

/* Process maps and customer journeys: fenced blocks that are drawn. */

static bool node_link(void *ctx, kb_str url, kb_str *href)
{
	struct kb_md_href target;

	if (!text_href(ctx, url, false, &target))
		return false;
	*href = target.href;
	return true;
}

static int render_part(struct site_text *text, const char *template,
	struct kb_value *values, kb_buf *out)
{
	struct kb_error err;

	kb_value_set_parent(values, text->job->locale->shared);
	return kb_templates_render(
		text->job->site->templates, kb_str_of(template), values, out, &err);
}

void figure_lost(struct job *job, const struct kb_document *doc, const char *why)
{
	struct kb_diag *diag;

	if (plan_is_faulty(job->site, doc))
		return;
	diag = kb_diag_add(&job->worker->diags, KB_RULE_DIAGRAM_SYNTAX, doc->path,
		(kb_range){0, 0}, "the page does not show a diagram: %s", why);
	kb_diag_lower(diag, KB_WARNING);
}

static bool draw_dot(struct site_text *text, kb_str title, kb_str code, kb_buf *out)
{
	struct job *job = text->job;
	struct kb_diagram_options options = {.title = title,
		.id_prefix = kb_arena_fmt(job->arena, "d%u-", ++job->figures),
		.link = node_link,
		.ctx = text};
	struct kb_value *values = v_map(job);
	_cleanup_buf_ kb_buf svg = {0};
	struct kb_error err;

	if (kb_diagram_svg(code, &options, &svg, &err) < 0) {
		figure_lost(job, text->top, err.message);
		return false;
	}
	v_str(job, values, "id", kb_arena_fmt(job->arena, "kb-diagram-%u", job->figures));
	v_opt(job, values, "title", title);
	v_str(job, values, "svg", kb_buf_view(&svg));
	return render_part(text, "diagram", values, out) == 0;
}

enum { STAGE_WIDTH = 100 };

static long long emotion_of(const struct kb_node *stage)
{
	const struct kb_node *node = kb_node_get(stage, "emotion");
	long long n = 0;

	return node && kb_node_int(node, &n) == 0 && n >= 1 && n <= 5 ? n : 0;
}

static kb_str curve_of(struct job *job, const struct kb_node *stages)
{
	_cleanup_buf_ kb_buf line = {0}, points = {0};
	unsigned width = stages->len * STAGE_WIDTH;

	for (uint32_t i = 0; i < stages->len; i++) {
		long long emotion = emotion_of(stages->items[i]), y = 110 - 20 * emotion;
		unsigned x = i * STAGE_WIDTH + STAGE_WIDTH / 2;

		if (!emotion)
			continue;
		kb_buf_fmt(&line, "%s%u %lld", line.len ? " L" : "M", x, y);
		kb_buf_fmt(&points, "M%u %lldh0", x, y);
	}
	if (!line.len)
		return KB_STR("");
	return kb_arena_fmt(job->arena,
		"<svg class=\"kb-curve\" viewBox=\"0 0 %u 100\" "
		"preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<path class=\"kb-mid\" d=\"M0 10H%uM0 50H%uM0 90H%u\"/>"
		"<path class=\"kb-line\" d=\"%s\"/>"
		"<path class=\"kb-points\" d=\"%s\"/></svg>",
		width, width, width, width, line.data, points.data);
}

static void put_texts(struct job *job, struct kb_value *map, const char *key,
	const struct kb_node *list)
{
	struct rows rows = {0};

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++) {
		struct kb_value *row = v_map(job);

		v_str(job, row, "text", kb_node_str(list->items[i]));
		rows_add(job, &rows, row);
	}
	v_block(job, map, key, rows);
}

static void put_touchpoints(
	struct job *job, struct kb_value *map, const struct kb_node *list)
{
	const struct kb_config *config = job->site->config;
	struct rows rows = {0};

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++) {
		kb_str id = kb_node_str(list->items[i]);
		const struct kb_channel *channel = kb_config_channel(config, id);
		kb_str name =
			channel ? kb_l10n_get(config, &channel->name, job->locale->index)
				: id;
		struct kb_value *row = v_map(job);

		v_str(job, row, "label", name.len ? name : id);
		rows_add(job, &rows, row);
	}
	v_block(job, map, "touchpoints", rows);
}

static void put_documents(
	struct site_text *text, struct kb_value *map, const struct kb_node *list)
{
	struct job *job = text->job;
	struct rows rows = {0};

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++) {
		struct kb_family *family =
			kb_library_family(job->site->lib, kb_node_str(list->items[i]));
		const struct kb_document *doc =
			family ? plan_find(job->site, family, job->locale->index) : NULL;
		const struct page *page =
			doc ? plan_document(job->site, job->locale, doc) : NULL;
		struct kb_value *row;

		if (!page)
			continue;
		row = v_map(job);
		v_str(job, row, "title", title_of(job, doc));
		v_str(job, row, "href", href_to(job, page, KB_STR("")));
		put_language(job, row, doc);
		rows_add(job, &rows, row);
	}
	v_block(job, map, "documents", rows);
}

static struct kb_value *stage_value(struct site_text *text, const struct kb_node *stage)
{
	struct job *job = text->job;
	struct kb_value *value = v_map(job);
	long long emotion = emotion_of(stage);

	v_str(job, value, "stage", kb_node_str(kb_node_get(stage, "stage")));
	put_texts(job, value, "steps", kb_node_get(stage, "steps"));
	put_touchpoints(job, value, kb_node_get(stage, "touchpoints"));
	v_set(job, value, "emotion", emotion ? kb_value_int(job->arena, emotion) : NULL);
	v_opt(job, value, "emotion_label",
		emotion ? string(job,
				  kb_arena_fmt(job->arena, "emotion_%lld", emotion).data)
			: KB_STR(""));
	v_opt(job, value, "quote", kb_node_str(kb_node_get(stage, "quote")));
	put_documents(text, value, kb_node_get(stage, "documents"));
	return value;
}

/* NULL: it is not one */
static struct kb_value *journey_value(struct site_text *text, kb_str code)
{
	struct job *job = text->job;
	struct kb_value *values = v_map(job);
	struct kb_diags ignored; /* validation has told */
	struct kb_node *stages;
	struct rows rows = {0};

	kb_diags_init(&ignored, NULL);
	stages = kb_yaml_parse(
		job->arena, kb_arena_str(job->arena, code), 0, text->top->path, &ignored);
	kb_diags_dispose(&ignored);
	if (!stages || stages->kind != KB_NODE_SEQ || stages->len == 0 ||
		stages->len > KB_JOURNEY_STAGES_MAX)
		return NULL;
	for (uint32_t i = 0; i < stages->len; i++)
		rows_add(job, &rows, stage_value(text, stages->items[i]));
	v_opt(job, values, "curve", curve_of(job, stages));
	v_list(job, values, "stages", rows);
	return values;
}

static bool draw_journey(struct site_text *text, kb_str title, kb_str code, kb_buf *out)
{
	struct kb_value *values = journey_value(text, code);

	if (!values)
		return false;
	v_opt(text->job, values, "title", title);
	return render_part(text, "journey", values, out) == 0;
}

static size_t skip_spaces(kb_str code, size_t at)
{
	while (at < code.len && strchr(" \t\r\n", code.data[at]))
		at++;
	return at;
}

/* Where the value of an attribute named 'URL', 'edgehref' and the like begins, from *AT
 * on; *AT is behind the name then. */
static bool find_address(kb_str code, size_t *at, size_t *value)
{
	for (; *at < code.len; ++*at) {
		kb_str rest = kb_str_sub(code, *at, code.len);
		size_t len = kb_str_eq_nocase(kb_str_sub(rest, 0, 3), KB_STR("url")) ? 3
			     : kb_str_eq_nocase(kb_str_sub(rest, 0, 4), KB_STR("href"))
				     ? 4
				     : 0;

		if (!len)
			continue;
		*at += len;
		*value = skip_spaces(code, *at);
		if (*value < code.len && code.data[*value] == '=') {
			*value = skip_spaces(code, *value + 1);
			return true;
		}
	}
	return false;
}

/* Where nodes of a diagram lead. An address that is put together, or written with
 * escapes, is known to Graphviz only: false. */
static bool sign_addresses(struct site_text *text, kb_str code, kb_buf *out)
{
	for (size_t at = 0, from; find_address(code, &at, &from);) {
		bool quoted = from < code.len && strchr("\"'", code.data[from]);
		size_t to = from + quoted;
		struct kb_md_href href;
		kb_str url;

		while (to < code.len &&
			!strchr(quoted ? "\"'" : " \t\r\n,;]", code.data[to]))
			to++;
		url = kb_str_sub(code, from + quoted, to);
		to = skip_spaces(code, to + quoted);
		if ((to < code.len && code.data[to] == '+') ||
			kb_str_chr(url, '\\') != SIZE_MAX ||
			kb_str_chr(url, '&') != SIZE_MAX)
			return false;
		if (text_href(text, url, false, &href))
			kb_buf_str(out, href.href);
		kb_buf_putc(out, '\n');
	}
	return true;
}

bool figure_sign(struct site_text *text, kb_str lang, kb_str code, kb_buf *out)
{
	struct kb_value *values;

	if (kb_str_is(lang, "dot"))
		return sign_addresses(text, code, out);
	values = kb_str_is(lang, "journey") ? journey_value(text, code) : NULL;
	if (values)
		kb_value_print(values, out);
	return true;
}

bool figure_draw(
	struct site_text *text, kb_str lang, kb_str title, kb_str code, kb_buf *out)
{
	if (text->job->figures >= KB_DIAGRAMS_MAX)
		return false;
	if (kb_str_is(lang, "dot"))
		return draw_dot(text, title, code, out);
	if (kb_str_is(lang, "journey"))
		return draw_journey(text, title, code, out);
	return false;
}
