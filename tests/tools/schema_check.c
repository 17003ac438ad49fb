/*
 * Checks JSON files by a schema, with kb's own validator. Prints what is wrong and
 * ends with 1 if anything is. usage: schema_check SCHEMA FILE...
 */
#include <stdio.h>

#include "kb/file.h"
#include "kb/schema.h"

static int fail(const struct kb_error *err)
{
	fprintf(stderr, "schema_check: %s\n", err->message);
	return 1;
}

/* Other schemas are files beside it. */
static int load(void *ctx, kb_str path, kb_str *text)
{
	struct kb_arena *arena = ctx;
	_cleanup_buf_ kb_buf file = {0};
	struct kb_error err;

	if (kb_file_read(kb_arena_str(arena, path).data, 0, &file, &err))
		return -1;
	*text = kb_arena_str(arena, kb_buf_view(&file));
	return 0;
}

static int check(const struct kb_schema *schema, const char *path)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf text = {0};
	struct kb_diags diags;
	struct kb_error err;

	if (kb_file_read(path, 0, &text, &err))
		return fail(&err);
	struct kb_node *node = kb_json_parse(arena, kb_buf_view(&text), &err);
	if (!node)
		return fail(&err);
	kb_diags_init(&diags, NULL);
	int bad = !kb_schema_check(
		schema, node, kb_str_of(path), KB_SCHEMA_FRONT_MATTER, &diags);
	for (size_t i = 0; i < diags.len; i++)
		fprintf(stderr, "%s: %.*s\n", path, KB_ARG(diags.items[i].message));
	kb_diags_dispose(&diags);
	return bad;
}

int main(int argc, char **argv)
{
	_cleanup_buf_ kb_buf text = {0};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();

	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	struct kb_error err;
	int status = 0;

	if (argc < 3)
		return fail(&(struct kb_error){.message = "say a schema and files"});
	if (kb_file_read(argv[1], 0, &text, &err) ||
		kb_schema_compile(&schema, kb_buf_view(&text), kb_str_of(argv[1]), load,
			arena, &err))
		return fail(&err);
	for (int i = 2; i < argc; i++)
		status |= check(schema, argv[i]);
	return status;
}
