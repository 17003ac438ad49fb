/* A JSON Schema, and a YAML document that is checked against it. */
#include "fuzz.h"

#include "kb/schema.h"

/* Each $ref to a file leads to the schema itself. */
static int load(void *ctx, kb_str ref, kb_str *text)
{
	(void)ref;
	*text = *(kb_str *)ctx;
	return 0;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, text = fuzz_part(&rest);

	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	struct kb_error err = {.code = KB_OK};
	struct kb_node *node;

	kb_diags_init(&diags, NULL);
	if (kb_schema_compile(&schema, text, KB_STR("x.json"), load, &text, &err) < 0) {
		must(err.code && *err.message, "it is refused without a reason");
		return;
	}
	node = kb_yaml_parse(arena, rest, 0, KB_STR("x.yaml"), &diags);
	if (node)
		kb_schema_check(schema, node, KB_STR("x.yaml"), KB_SCHEMA_CONFIG, &diags);
	fuzz_findings(&diags, rest);
}
