#include "kb/template.h"

#include "template_private.h"

#define DEPTH_MAX 64
#define PARTIALS_MAX 1000000

/* The contexts around a place, the innermost first. */
struct context {
	const struct kb_value *value;
	const struct context *outer;
};

struct renderer {
	const struct kb_templates *set;
	kb_buf *out;
	struct kb_error *err;
	kb_str name;
	unsigned depth;
	size_t partials;
};

static int render_ops(struct renderer *r, const struct kb_template *template, size_t from,
	size_t to, const struct context *context, kb_str indent);

bool kb_template_name(kb_str path, kb_str *name)
{
	const size_t folder = sizeof(KB_TEMPLATE_FOLDER) - 1;
	const size_t suffix = sizeof(KB_TEMPLATE_SUFFIX) - 1;

	if (!kb_str_starts(path, KB_STR(KB_TEMPLATE_FOLDER)) ||
		!kb_str_ends(path, KB_STR(KB_TEMPLATE_SUFFIX)))
		return false;
	*name = kb_str_sub(path, folder, path.len - suffix);
	return true;
}

struct kb_templates *kb_templates_new(void)
{
	struct kb_templates *set = kb_xcalloc(1, sizeof(*set));

	set->arena = kb_arena_new();
	return set;
}

void kb_templates_free(struct kb_templates *set)
{
	if (!set)
		return;
	kb_map_dispose(&set->by_name);
	kb_arena_free(set->arena);
	free(set);
}

static const struct kb_value *look_up(
	const struct context *context, const struct kb_template_op *op)
{
	const struct kb_value *value = NULL;
	kb_str rest = op->rest, part;

	if (kb_str_is(op->text, "."))
		return context->value;
	for (; context && !value; context = context->outer)
		value = kb_value_get(context->value, op->text);
	while (value && kb_str_next(&rest, '.', &part))
		value = kb_value_get(value, part);
	return value;
}

static bool is_true(const struct kb_value *value)
{
	if (!value)
		return false;
	if (value->type == KB_VALUE_LIST)
		return value->len > 0;
	return value->type == KB_VALUE_MAP || value->truth;
}

static kb_str value_text(const struct kb_value *value)
{
	if (!value || (value->type == KB_VALUE_BOOL && !value->truth))
		return KB_STR_NULL;
	if (value->type == KB_VALUE_BOOL)
		return KB_STR("true");
	return kb_value_text(value);
}

/* The text with the indentation at the start of each line but empty ones. */
static void put_indented(kb_buf *out, kb_str text, kb_str indent, bool line_start)
{
	while (text.len > 0) {
		size_t end = kb_str_chr(text, '\n');
		kb_str line = kb_str_sub(text, 0, end == SIZE_MAX ? text.len : end + 1);

		if (line_start && line.data[0] != '\n')
			kb_buf_str(out, indent);
		kb_buf_str(out, line);
		text = kb_str_sub(text, line.len, text.len);
		line_start = true;
	}
}

static void render_text(
	struct renderer *r, const struct kb_template_op *op, kb_str indent)
{
	if (indent.len == 0)
		kb_buf_str(r->out, op->text);
	else if (op->text.len > 0)
		put_indented(r->out, op->text, indent, op->line_start);
	else
		kb_buf_str(r->out, indent);
}

static void render_variable(struct renderer *r, const struct kb_template_op *op,
	const struct context *context, kb_str indent)
{
	kb_str text = value_text(look_up(context, op));

	if (op->line_start)
		kb_buf_str(r->out, indent);
	if (op->kind == KB_TEMPLATE_RAW)
		kb_buf_str(r->out, text);
	else
		kb_buf_html(r->out, text);
}

static int too_deep(struct renderer *r, const struct kb_template *template)
{
	return kb_error_set(r->err, KB_E_CONFIG,
		"template %.*s: partials are nested too deeply, around %.*s",
		KB_ARG(r->name), KB_ARG(template->name));
}

static int render_partial(struct renderer *r, const struct kb_template_op *op,
	const struct context *context, kb_str indent)
{
	const struct kb_template *template = kb_map_get(&r->set->by_name, op->text);
	_cleanup_buf_ kb_buf deeper = {0};
	int rc;

	if (!template)
		return 0;
	if (r->depth >= DEPTH_MAX || ++r->partials > PARTIALS_MAX)
		return too_deep(r, template);
	if (!op->standalone)
		indent = KB_STR_NULL;
	if (op->rest.len > 0) {
		kb_buf_str(&deeper, indent);
		kb_buf_str(&deeper, op->rest);
		indent = kb_buf_view(&deeper);
	}
	r->depth++;
	rc = render_ops(r, template, 0, template->nops, context, indent);
	r->depth--;
	return rc;
}

static int render_inside(struct renderer *r, const struct kb_template *template,
	size_t at, const struct kb_value *value, const struct context *outer,
	kb_str indent)
{
	struct context context = {value, outer};

	return render_ops(r, template, at + 1, template->ops[at].end,
		value ? &context : outer, indent);
}

static int render_section(struct renderer *r, const struct kb_template *template,
	size_t at, const struct context *context, kb_str indent)
{
	const struct kb_template_op *op = &template->ops[at];
	const struct kb_value *value = look_up(context, op);

	if (is_true(value) != (op->kind == KB_TEMPLATE_SECTION))
		return 0;
	if (op->kind == KB_TEMPLATE_INVERTED || value->type == KB_VALUE_BOOL)
		return render_inside(r, template, at, NULL, context, indent);
	if (value->type != KB_VALUE_LIST)
		return render_inside(r, template, at, value, context, indent);
	for (uint32_t i = 0; i < value->len; i++)
		if (render_inside(r, template, at, value->items[i], context, indent) < 0)
			return -1;
	return 0;
}

static int render_ops(struct renderer *r, const struct kb_template *template, size_t from,
	size_t to, const struct context *context, kb_str indent)
{
	for (size_t i = from; i < to; i++) {
		const struct kb_template_op *op = &template->ops[i];
		int rc = 0;

		switch ((enum kb_template_op_kind)op->kind) {
		case KB_TEMPLATE_TEXT:
			render_text(r, op, indent);
			break;
		case KB_TEMPLATE_ESCAPED:
		case KB_TEMPLATE_RAW:
			render_variable(r, op, context, indent);
			break;
		case KB_TEMPLATE_SECTION:
		case KB_TEMPLATE_INVERTED:
			rc = render_section(r, template, i, context, indent);
			i = op->end - 1;
			break;
		case KB_TEMPLATE_PARTIAL:
			rc = render_partial(r, op, context, indent);
			break;
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}

int kb_templates_render(const struct kb_templates *set, kb_str name,
	const struct kb_value *data, kb_buf *out, struct kb_error *err)
{
	const struct kb_template *template = kb_map_get(&set->by_name, name);
	struct renderer r = {.set = set, .out = out, .err = err, .name = name};
	struct context context = {.value = data};
	size_t start = out->len;

	if (!template)
		return kb_error_set(
			err, KB_E_NOTFOUND, "there is no template %.*s", KB_ARG(name));
	if (render_ops(&r, template, 0, template->nops, &context, KB_STR_NULL) == 0)
		return 0;
	if (out->len > start) {
		out->len = start;
		out->data[start] = '\0';
	}
	return -1;
}
