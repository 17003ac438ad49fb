#include "kb/schema_snippets.h"

#include "cmd.h"

#include <stdio.h>

#include "kb/embed.h"
#include "kb/pages.h"
#include "kb/report.h"
#include "kb/schema.h"

struct schema_values {
	bool fields;
	bool snippets;
};

static const struct kb_option options[] = {
	{0, "fields", KB_OPT_FLAG, offsetof(struct schema_values, fields), NULL,
		"print a table of the fields and their meaning instead", NULL},
	{0, "snippets", KB_OPT_FLAG, offsetof(struct schema_values, snippets), NULL,
		"print snippets for front matter, in VS Code's format", NULL},
	KB_OPTION_END,
};

/* First the schemas of files that people write, then those of kb's output ("api/case").
 */
static void collect_names(kb_strs *names)
{
	const char *name;
	size_t n;
	const struct kb_embed *files = kb_embed_list(&n);

	for (size_t i = 0; (name = kb_schema_builtin_name(i)); i++)
		kb_vec_push(names, kb_str_of(name));
	for (size_t i = 0; i < n; i++) {
		kb_str path = kb_str_of(files[i].path);
		size_t from = sizeof("schemas/") - 1, to = path.len - strlen(".json");

		if (kb_str_starts(path, KB_STR("schemas/")) &&
			kb_str_rchr(path, '/') >= from)
			kb_vec_push(names, kb_str_sub(path, from, to));
	}
}

static int print_fields(const struct kb_cli *cli, kb_str name, struct kb_error *err)
{
	const struct kb_report_style style = {.color = cli->color_out, .width = 100};
	_cleanup_buf_ kb_buf out = {0};
	struct kb_report report;
	bool known;

	kb_report_init(&report, "");
	known = kb_report_schema(&report, name);
	if (known)
		kb_report_write(&report, KB_STR("text"), &style, &out, NULL);
	kb_report_dispose(&report);
	if (!known)
		return kb_error_set(err, KB_E_USAGE,
			"the schema '%.*s' has no fields to list: leave '--fields' out",
			KB_ARG(name));
	kb_put(cli, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

static int print(const struct kb_cli *cli, kb_str name, bool fields, const kb_strs *names,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};
	kb_str text;

	kb_buf_fmt(&path, "schemas/%.*s.json", KB_ARG(name));
	if (!kb_embed_get(kb_buf_view(&path), &text))
		return kb_error_unknown(err, "schema", name, names->items, names->len,
			KB_STR(": 'kb schema' lists them"));
	if (fields)
		return print_fields(cli, name, err);
	kb_put_bytes(stdout, text);
	return KB_EXIT_OK;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct schema_values *values = opaque;
	_cleanup_buf_ kb_buf snippets = {0};

	if (values->snippets && operands->len)
		return kb_error_set(err, KB_E_USAGE,
			"'kb schema --snippets' takes no TYPE: they are for all types");
	if (values->snippets) {
		kb_snippets(&snippets);
		kb_put_bytes(stdout, kb_buf_view(&snippets));
		return KB_EXIT_OK;
	}
	if (operands->len > 1)
		return kb_error_set(
			err, KB_E_USAGE, "'kb schema' prints one schema at a time");
	kb_strs names = {0};
	int status = KB_EXIT_OK;
	collect_names(&names);
	if (operands->len)
		status = print(cli, operands->items[0], values->fields, &names, err);
	for (size_t i = 0; i < names.len && !operands->len; i++)
		kb_say(stdout, "%.*s\n", KB_ARG(names.items[i]));
	kb_vec_dispose(&names);
	return status;
}

const struct kb_command kb_cmd_schema = {
	.name = "schema",
	.summary = "print the JSON Schema of a file, or of kb's JSON output",
	.operands = "[TYPE]",
	.options = options,
	.values_size = sizeof(struct schema_values),
	.run = run,
};
