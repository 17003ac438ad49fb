/* Reads a text that is to be changed. */
#include "yaml_private.h"

static void locate(struct kb_yaml_text *yaml, size_t body)
{
	size_t from = kb_str_starts(yaml->file, KB_STR("\xEF\xBB\xBF")) ? 3 : 0;
	size_t to = yaml->file.len;

	if (yaml->front) {
		from = kb_line_next(yaml->file, from);
		to = kb_line_start(yaml->file, body ? body - 1 : 0);
	}
	yaml->range = (kb_range){(uint32_t)from, (uint32_t)(to - from)};
}

int kb_yaml_open(struct kb_yaml_text *yaml, struct kb_arena *arena, kb_str file,
	bool front, struct kb_error *err)
{
	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	uint32_t body_off = 0;
	kb_str body;

	*yaml = (struct kb_yaml_text){.arena = arena, .file = file, .front = front};
	kb_diags_init(&diags, NULL);
	yaml->root = front ? kb_front_matter_parse(
				     arena, file, KB_STR(""), &body, &body_off, &diags)
			   : kb_yaml_parse(arena, file, 0, KB_STR(""), &diags);
	yaml->mistakes = diags.len;
	locate(yaml, body_off);
	if (yaml->root)
		return 0;
	return kb_error_set(err, KB_E_CONFIG, "%.*s",
		KB_ARG(diags.len ? diags.items[0].message : KB_STR("it is not YAML")));
}
