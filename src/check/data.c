/* Files of data beside the documents: search-tests.yaml, feedback/, usage/. */
#include "family.h"

#include "kb/conflict.h"
#include "kb/feedback.h"
#include "kb/file.h"
#include "kb/schema.h"
#include "kb/usage.h"

struct data {
	struct kb_checker *checker;
	kb_str path;
	kb_str text;
};

/* Reads a YAML file and checks it by a built-in schema; NULL: it is broken. */
static const struct kb_node *read_yaml(struct data *data, const struct kb_schema *schema)
{
	struct kb_diags *diags = data->checker->diags;
	const struct kb_node *root =
		kb_yaml_parse(data->checker->scratch, data->text, 0, data->path, diags);

	return root && kb_schema_check(schema, root, data->path, KB_SCHEMA_CONFIG, diags)
		       ? root
		       : NULL;
}

static void say(struct data *data, enum kb_rule rule, const struct kb_node *at,
	const char *noun, kb_str name)
{
	kb_diag_add(data->checker->diags, rule, data->path, at->range,
		"there is no %s '%.*s'", noun, KB_ARG(name));
}

/* The family that an id names; said when there is none. */
static const struct kb_family *family_of(
	struct data *data, enum kb_rule rule, const struct kb_node *id)
{
	kb_str name = kb_node_str(id);
	const struct kb_family *family = kb_library_family(data->checker->lib, name);

	if (!family)
		say(data, rule, id, "document", name);
	return family;
}

static uint32_t locale_of(
	struct data *data, enum kb_rule rule, const struct kb_node *node)
{
	uint32_t locale =
		node ? kb_config_locale(data->checker->lib->config, kb_node_str(node))
		     : 0;

	if (locale == KB_NONE)
		say(data, rule, node, "locale", kb_node_str(node));
	return locale;
}

/* A wanted document that the searcher cannot find however well it ranks. */
static void check_wanted(
	struct data *data, const struct kb_node *id, uint32_t locale, uint32_t audience)
{
	const struct kb_library *lib = data->checker->lib;
	const struct kb_family *family = family_of(data, KB_RULE_SEARCH_TEST, id);
	const struct kb_document *doc =
		family ? kb_family_find(lib, family, locale) : NULL;

	if (!family || (!doc && kb_check_broken_there(data->checker, family, locale)))
		return;
	if (!doc || !kb_document_visible(lib, doc, audience, false))
		kb_diag_add(data->checker->diags, KB_RULE_SEARCH_TEST, data->path,
			id->range,
			"'%.*s' is not published for %.*s in %.*s, so search cannot "
			"find it",
			KB_ARG(family->id), KB_ARG(lib->config->audiences[audience]),
			KB_ARG(lib->config->locales[locale].code));
}

static void check_test(struct data *data, const struct kb_node *test)
{
	const struct kb_config *config = data->checker->lib->config;
	const struct kb_node *expect = kb_node_get(test, "expect");
	const struct kb_node *audience = kb_node_get(test, "audience");
	const struct kb_node *issue = kb_node_get(test, "issue");
	uint32_t locale =
		locale_of(data, KB_RULE_SEARCH_TEST, kb_node_get(test, "locale"));
	uint32_t readers =
		audience ? kb_config_audience(config, kb_node_str(audience)) : 0;

	if (issue && !kb_taxonomy_find(data->checker->lib->taxonomy, kb_node_str(issue)))
		say(data, KB_RULE_SEARCH_TEST, issue, "issue", kb_node_str(issue));
	if (readers == KB_NONE)
		say(data, KB_RULE_SEARCH_TEST, audience, "audience",
			kb_node_str(audience));
	if (locale == KB_NONE || readers == KB_NONE)
		return;
	if (expect->kind == KB_NODE_SCALAR)
		check_wanted(data, expect, locale, readers);
	for (uint32_t i = 0; expect->kind == KB_NODE_SEQ && i < expect->len; i++)
		check_wanted(data, expect->items[i], locale, readers);
}

static void check_tests(struct data *data, const struct kb_schema *schema)
{
	const struct kb_node *root = read_yaml(data, schema);
	const struct kb_node *tests = kb_node_get(root, "tests");

	for (uint32_t i = 0; tests && i < tests->len; i++)
		check_test(data, tests->items[i]);
}

static void check_feedback(struct data *data, const struct kb_schema *schema)
{
	const struct kb_node *root = read_yaml(data, schema);
	const struct kb_node *document = kb_node_get(root, "document");
	const struct kb_node *issue = kb_node_get(root, "issue");

	if (!root)
		return;
	if (document)
		family_of(data, KB_RULE_FEEDBACK, document);
	if (issue && !kb_taxonomy_find(data->checker->lib->taxonomy, kb_node_str(issue)))
		say(data, KB_RULE_FEEDBACK, issue, "issue", kb_node_str(issue));
	if (kb_node_get(root, "locale"))
		locale_of(data, KB_RULE_FEEDBACK, kb_node_get(root, "locale"));
}

/* Usage: CSV (RFC 4180) with known columns, words first, then numbers. */

static kb_range range_of(const struct data *data, kb_str part)
{
	return (kb_range){(uint32_t)(part.data - data->text.data), (uint32_t)part.len};
}

/* Takes the next field of a line, quotes and all; false at its end. */
static bool next_field(kb_str *rest, bool *more, kb_str *field)
{
	bool quoted = false;
	size_t i = 0;

	if (!*more)
		return false;
	for (; i < rest->len && (quoted || rest->data[i] != ','); i++)
		quoted ^= rest->data[i] == '"';
	*field = kb_str_sub(*rest, 0, i);
	*more = i < rest->len;
	*rest = kb_str_sub(*rest, i + 1, rest->len);
	return true;
}

static bool is_number(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return s.len > 0;
}

static bool check_line(struct data *data, const struct kb_usage_format *usage,
	kb_str line, size_t columns)
{
	kb_str rest = line, field;
	bool more = true;
	size_t n = 0;

	while (next_field(&rest, &more, &field)) {
		if (n >= usage->words && n < columns && !is_number(field)) {
			kb_diag_add(data->checker->diags, KB_RULE_USAGE, data->path,
				range_of(data, field),
				"'%.*s' is not a count: write digits only",
				KB_ARG(field));
			return false;
		}
		n++;
	}
	if (n != columns)
		kb_diag_add(data->checker->diags, KB_RULE_USAGE, data->path,
			range_of(data, line), "this line has %zu fields, not %zu", n,
			columns);
	return n == columns;
}

static kb_str without_cr(kb_str line)
{
	return kb_str_ends(line, KB_STR("\r")) ? kb_str_sub(line, 0, line.len - 1) : line;
}

enum { LINES_TOLD = 20 };

/* Spreadsheets save tables with the separator of the country. */
static bool has_separator(
	kb_str line, const struct kb_usage_format *usage, char separator)
{
	kb_str columns = kb_str_of(usage->columns);

	if (line.len != columns.len)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] !=
			(columns.data[i] == ',' ? separator : columns.data[i]))
			return false;
	return true;
}

static void check_usage(struct data *data, const struct kb_usage_format *usage)
{
	kb_str rest = data->text, line, columns = kb_str_of(usage->columns);
	size_t n = 1, told = 0;

	if (kb_str_starts(rest, KB_STR("\xEF\xBB\xBF")))
		rest = kb_str_sub(rest, 3, rest.len);
	for (size_t i = 0; i < columns.len; i++)
		n += columns.data[i] == ',';
	kb_str_next(&rest, '\n', &line);
	line = without_cr(line);
	if (has_separator(line, usage, ';') || has_separator(line, usage, '\t')) {
		kb_diag_hint(data->checker->diags,
			kb_diag_add(data->checker->diags, KB_RULE_USAGE, data->path,
				range_of(data, line),
				"the columns are separated by %s, not commas",
				line.data[kb_str_chr(columns, ',')] == ';' ? "semicolons"
									   : "tabs"),
			"save it as CSV with commas");
		return;
	}
	if (!kb_str_eq(line, columns)) {
		kb_diag_hint(data->checker->diags,
			kb_diag_add(data->checker->diags, KB_RULE_USAGE, data->path,
				range_of(data, line),
				"the first line does not contain the column names"),
			"it must be: %s", usage->columns);
		return;
	}
	while (kb_str_next(&rest, '\n', &line) && told < LINES_TOLD)
		if (kb_str_trim(line).len)
			told += !check_line(data, usage, without_cr(line), n);
}

static bool open_file(struct data *data, const struct kb_entry *entry, kb_buf *text)
{
	struct kb_error err;

	kb_buf_clear(text);
	if (entry->kind != KB_ENTRY_FILE)
		return false;
	if (kb_reader_read(data->checker->reader, entry->path, 0, text, &err) < 0) {
		kb_file_fault(data->checker->diags, entry->path, (kb_range){0, 0},
			KB_STR("the file cannot be read"), &err);
		return false;
	}
	data->path = entry->path;
	data->text = kb_arena_str(data->checker->scratch, kb_buf_view(text));
	return !kb_conflict_check(data->text, 0, data->path, data->checker->diags);
}

static struct kb_schema *builtin(const char *name)
{
	struct kb_schema *schema = NULL;

	kb_schema_compile(&schema, kb_schema_builtin(kb_str_of(name)), kb_str_of(name),
		NULL, NULL, NULL);
	return schema;
}

void kb_check_data(struct kb_checker *checker)
{
	_cleanup_(kb_cleanup_schema) struct kb_schema *tests = builtin("search-tests");
	_cleanup_(kb_cleanup_schema) struct kb_schema *feedback = builtin("feedback");
	_cleanup_buf_ kb_buf text = {0};
	struct data data = {.checker = checker};

	for (size_t i = 0; i < checker->lib->nentries; i++) {
		const struct kb_entry *entry = &checker->lib->entries[i];
		kb_str ext = kb_path_ext(entry->path);

		if (kb_str_is(entry->path, "search-tests.yaml") &&
			open_file(&data, entry, &text))
			check_tests(&data, tests);
		else if (kb_feedback_is_path(entry->path) &&
			 open_file(&data, entry, &text))
			check_feedback(&data, feedback);
		for (size_t k = 0; k < KB_USAGE_TABLES && kb_str_is(ext, ".csv"); k++)
			if (kb_str_starts(
				    entry->path, kb_str_of(kb_usage_formats[k].prefix)) &&
				open_file(&data, entry, &text))
				check_usage(&data, &kb_usage_formats[k]);
	}
}
