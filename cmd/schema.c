#include "snippets.h"

#include "cmd.h"

#include <stdio.h>

#include "kb/schema.h"

struct schema_values {
	bool snippets;
};

static const struct kb_option options[] = {
	{0, "snippets", KB_OPT_FLAG, offsetof(struct schema_values, snippets), NULL,
		"print snippets of front matter for editors, in VS Code's format", NULL},
	KB_OPTION_END,
};

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

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct schema_values *values = opaque;
	_cleanup_buf_ kb_buf snippets = {0};
	(void)cli;
	if (values->snippets && operands->len) {
		kb_complain(
			"'kb schema --snippets' takes no TYPE: they are for all types");
		return KB_EXIT_FAILED;
	}
	if (values->snippets) {
		kb_snippets(&snippets);
		kb_put(stdout, kb_buf_view(&snippets));
		return KB_EXIT_OK;
	}
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
	.options = options,
	.values_size = sizeof(struct schema_values),
	.run = run,
};
