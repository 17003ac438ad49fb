/*
 * A Mustache template, and YAML as its data.
 *
 * Without {{{x}}}, {{&x}} and '<' in the template there is no '<' in the page.
 */
#include "fuzz.h"

#include "kb/template.h"

static struct kb_value *value_of(struct kb_arena *arena, const struct kb_node *node)
{
	struct kb_value *value;
	bool truth;

	if (node->kind == KB_NODE_SCALAR)
		return kb_node_bool(node, &truth) == 0 ? kb_value_bool(arena, truth)
						       : kb_value_str(arena, node->value);
	value = node->kind == KB_NODE_MAP ? kb_value_map(arena) : kb_value_list(arena);
	for (uint32_t i = 0; i < node->len; i++)
		if (node->kind == KB_NODE_MAP)
			kb_value_set(arena, value,
				kb_arena_str(arena, node->pairs[i].key->value).data,
				value_of(arena, node->pairs[i].value));
		else
			kb_value_push(arena, value, value_of(arena, node->items[i]));
	return value;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, template = fuzz_part(&rest), partial = fuzz_part(&rest);
	struct kb_templates *set = kb_templates_new();

	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	_cleanup_buf_ kb_buf page = {.max = 1 << 20};
	struct kb_node *data;

	kb_diags_init(&diags, NULL);
	data = kb_yaml_parse(arena, rest, 0, KB_STR("x.yaml"), &diags);
	if (data && data->kind == KB_NODE_MAP &&
		kb_templates_add(set, KB_STR("page"), template, NULL) == 0 &&
		kb_templates_add(set, KB_STR("part"), partial, NULL) == 0)
		kb_templates_render(
			set, KB_STR("page"), value_of(arena, data), &page, NULL);
	if (kb_str_chr(template, '<') == SIZE_MAX &&
		kb_str_chr(partial, '<') == SIZE_MAX &&
		kb_str_find(input, KB_STR("{{{")) == SIZE_MAX &&
		kb_str_chr(input, '&') == SIZE_MAX && kb_str_chr(input, '=') == SIZE_MAX)
		must(kb_str_chr(kb_buf_view(&page), '<') == SIZE_MAX, "unescaped: %.*s",
			KB_ARG(kb_buf_view(&page)));
	kb_templates_free(set);
}
