#include "cmd.h"

#include <stdio.h>

#include "kb/schema.h"

static int list_schemas(void)
{
	const char *name;
	for (size_t i = 0; (name = kb_schema_builtin_name(i)); i++)
		puts(name);
	return KB_EXIT_OK;
}

static int fail_unknown(kb_str name)
{
	kb_strs names = {0};
	const char *known;
	for (size_t i = 0; (known = kb_schema_builtin_name(i)); i++)
		kb_vec_push(&names, kb_str_of(known));
	const kb_str *near = kb_str_nearest(name, names.items, names.len);
	if (near)
		kb_complain("there is no schema '%.*s': did you mean '%.*s'?",
			KB_ARG(name), KB_ARG(*near));
	else
		kb_complain("there is no schema '%.*s': 'kb schema' lists them",
			KB_ARG(name));
	kb_vec_dispose(&names);
	return KB_EXIT_FAILED;
}

static int run(const struct kb_cli *cli, void *values, const kb_strs *operands)
{
	(void)cli;
	(void)values;
	if (!operands->len)
		return list_schemas();
	if (operands->len > 1) {
		kb_complain("'kb schema' prints one schema at a time");
		return KB_EXIT_FAILED;
	}
	kb_str text = kb_schema_builtin(operands->items[0]);
	if (!text.len)
		return fail_unknown(operands->items[0]);
	kb_put(stdout, text);
	return KB_EXIT_OK;
}

const struct kb_command kb_cmd_schema = {
	.name = "schema",
	.summary = "print the JSON Schema of a file that people write",
	.operands = "[TYPE]",
	.run = run,
};
