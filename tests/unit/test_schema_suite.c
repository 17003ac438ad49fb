/*
 * The official JSON Schema test suite, draft-07, on JSON: all required tests, and of the
 * optional ones those of formats that kb knows and of numbers. Skipped, in words, where
 * the suite is not installed (Debian: json-schema-test-suite).
 */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/buf.h"
#include "kb/schema.h"

#define SUITE "/usr/share/json-schema-test-suite/"
#define REMOTE "http://localhost:1234/"
#define METASCHEMA "http://json-schema.org/draft-07/schema"
/* Debian: python3-jsonschema. */
#define METASCHEMA_FILE "/usr/lib/python3/dist-packages/jsonschema/schemas/draft7.json"

struct texts {
	struct kb_arena *arena;
	bool metaschema; /* it was asked for, and is nowhere */
};

static int read_text(struct kb_arena *arena, const char *path, kb_str *text)
{
	char *data = NULL;
	size_t len = 0;
	FILE *f = fopen(path, "rb");
	FILE *out;
	int c;

	if (!f)
		return -1;
	out = open_memstream(&data, &len);
	while ((c = getc(f)) != EOF)
		putc(c, out);
	fclose(out);
	fclose(f);
	*text = kb_arena_str(arena, (kb_str){data, len});
	free(data);
	return 0;
}

static int load(void *ctx, kb_str ref, kb_str *text)
{
	struct texts *texts = ctx;
	char path[512];

	if (kb_str_is(ref, METASCHEMA)) {
		if (read_text(texts->arena, METASCHEMA_FILE, text) == 0)
			return 0;
		texts->metaschema = true;
	}
	if (!kb_str_starts(ref, KB_STR(REMOTE)))
		return -1;
	ref = kb_str_sub(ref, sizeof(REMOTE) - 1, ref.len);
	snprintf(path, sizeof(path), SUITE "remotes/%.*s", KB_ARG(ref));
	return read_text(texts->arena, path, text);
}

/* Writes a tree as JSON, for the schema's text. */
static void write_json(kb_buf *buf, const struct kb_node *node)
{
	if (node->kind == KB_NODE_SCALAR && !node->quoted)
		kb_buf_str(buf, node->value);
	if (node->kind == KB_NODE_SCALAR && node->quoted) {
		kb_buf_putc(buf, '"');
		for (size_t i = 0; i < node->value.len; i++) {
			unsigned char c = (unsigned char)node->value.data[i];

			if (c < 0x20 || c == '"' || c == '\\')
				kb_buf_fmt(buf, "\\u%04x", c);
			else
				kb_buf_putc(buf, (char)c);
		}
		kb_buf_putc(buf, '"');
	}
	if (node->kind == KB_NODE_SCALAR)
		return;
	kb_buf_putc(buf, node->kind == KB_NODE_SEQ ? '[' : '{');
	for (uint32_t i = 0; i < node->len; i++) {
		if (i)
			kb_buf_putc(buf, ',');
		if (node->kind == KB_NODE_MAP) {
			write_json(buf, node->pairs[i].key);
			kb_buf_putc(buf, ':');
		}
		write_json(buf, node->kind == KB_NODE_SEQ ? node->items[i]
							  : node->pairs[i].value);
	}
	kb_buf_putc(buf, node->kind == KB_NODE_SEQ ? ']' : '}');
}

struct score {
	size_t tests, failed, skipped;
};

static void run_case(const struct kb_schema *schema, const struct kb_node *test,
	kb_str file, kb_str group, struct score *score)
{
	kb_str name = kb_node_str(kb_node_get(test, "description"));
	struct kb_diags diags;
	bool valid = false, quiet, loud;

	kb_diags_init(&diags, NULL);
	kb_node_bool(kb_node_get(test, "valid"), &valid);
	quiet = kb_schema_check(schema, kb_node_get(test, "data"), KB_STR("x"),
		KB_SCHEMA_FRONT_MATTER, NULL);
	loud = kb_schema_check(schema, kb_node_get(test, "data"), KB_STR("x"),
		KB_SCHEMA_FRONT_MATTER, &diags);
	score->tests++;
	if (quiet != valid || loud != valid || (diags.len == 0) != valid) {
		score->failed++;
		print_error("%.*s: %.*s: %.*s: %s, %zu findings\n", KB_ARG(file),
			KB_ARG(group), KB_ARG(name), quiet ? "valid" : "not valid",
			diags.len);
	}
	kb_diags_dispose(&diags);
}

static void run_cases(struct kb_arena *arena, const struct kb_node *group, kb_str file,
	struct score *score)
{
	kb_str name = kb_node_str(kb_node_get(group, "description"));
	const struct kb_node *tests = kb_node_get(group, "tests");

	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	struct texts texts = {.arena = arena};
	kb_buf text = {0};
	struct kb_error err;

	write_json(&text, kb_node_get(group, "schema"));
	if (kb_schema_compile(
		    &schema, kb_buf_view(&text), KB_STR("suite"), load, &texts, &err)) {
		if (texts.metaschema) {
			score->skipped += tests->len;
			print_message("skipped: %.*s: %.*s: %s\n", KB_ARG(file),
				KB_ARG(name), err.message);
		} else {
			score->failed += tests->len;
			print_error("%.*s: %.*s: %s\n", KB_ARG(file), KB_ARG(name),
				err.message);
		}
	}
	for (uint32_t i = 0; schema && i < tests->len; i++)
		run_case(schema, tests->items[i], file, name, score);
	kb_buf_dispose(&text);
}

static void run_file(const char *name, struct score *score)
{
	struct kb_arena *arena = kb_arena_new();
	char path[512];
	struct kb_node *groups;
	struct kb_error err;
	kb_str text;

	snprintf(path, sizeof(path), SUITE "tests/draft7/%s", name);
	assert_int_equal(read_text(arena, path, &text), 0);
	groups = kb_json_parse(arena, text, &err);
	if (!groups)
		fail_msg("%s: %s", name, err.message);
	for (uint32_t i = 0; i < groups->len; i++)
		run_cases(arena, groups->items[i], kb_str_of(name), score);
	kb_arena_free(arena);
}

static void optional(void **state)
{
	static const char *const files[] = {"bignum", "ecmascript-regex",
		"zeroTerminatedFloats", "format/date", "format/date-time", "format/email",
		"format/hostname", "format/regex", "format/time", "format/uri",
		"format/uri-reference"};
	struct score score = {0};

	(void)state;
	if (access(SUITE "tests/draft7/optional", R_OK) < 0) {
		print_message("skipped: no test suite in " SUITE "\n");
		skip();
	}
	for (size_t i = 0; i < KB_LEN(files); i++) {
		char name[64];

		snprintf(name, sizeof(name), "optional/%s.json", files[i]);
		run_file(name, &score);
	}
	print_message("%zu tests, %zu failed, %zu skipped\n", score.tests, score.failed,
		score.skipped);
	assert_int_equal(score.failed, 0);
	assert_true(score.tests > 60);
}

static void suite(void **state)
{
	struct score score = {0};
	DIR *dir = opendir(SUITE "tests/draft7");
	struct dirent *entry;

	(void)state;
	if (!dir) {
		print_message("skipped: no test suite in " SUITE "\n");
		skip();
	}
	while ((entry = readdir(dir)))
		if (kb_str_ends(kb_str_of(entry->d_name), KB_STR(".json")))
			run_file(entry->d_name, &score);
	closedir(dir);
	print_message("%zu tests, %zu failed, %zu skipped\n", score.tests, score.failed,
		score.skipped);
	assert_int_equal(score.failed, 0);
	assert_true(score.tests > 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite), cmocka_unit_test(optional)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
