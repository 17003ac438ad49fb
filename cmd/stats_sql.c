/* kb stats sql: the counts of an access log as a query for a database. */
#include "session.h"

#include "kb/stats_sql.h"

struct sql_values {
	struct kb_read_values read;
	const char *from, *audience;
	int engine, format;
	unsigned months;
};

static const char *const engines[] = {"clickhouse", "duckdb", "postgresql", NULL};
static const char *const formats[] = {"combined", "columns", NULL};

#define AT(member) offsetof(struct sql_values, member)
static const struct kb_option options[] = {
	{0, "engine", KB_OPT_CHOICE, AT(engine), "ENGINE",
		"the database: clickhouse (default), duckdb or postgresql", engines},
	{0, "log-format", KB_OPT_CHOICE, AT(format), "FORMAT",
		"what the log is: combined (default) for lines of text, or columns for a "
		"table with the columns time, method, target, status and agent",
		formats},
	{0, "from", KB_OPT_STRING, AT(from), "NAME",
		"the table that has the log, or with DuckDB a file (log, Parquet, CSV, "
		"JSON Lines); default: kb_lines, or kb_log for columns",
		NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"whose site the log is of; default: the first audience", NULL},
	{0, "months", KB_OPT_NUMBER, AT(months), "N",
		"count this month and the N - 1 before it; default: 24", NULL},
	KB_READ_OPTIONS(struct sql_values, read),
	KB_OPTION_END,
};

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct sql_values *values = opaque;
	const struct kb_config *config = session->lib->config;
	_cleanup_buf_ kb_buf out = {0};
	struct kb_sql_options how = {.engine = (enum kb_sql_engine)values->engine,
		.format = (enum kb_sql_format)values->format,
		.from = kb_str_of(values->from),
		.months = values->months ? values->months : 24};

	(void)operands;
	if (values->audience) {
		uint32_t audience =
			kb_config_audience(config, kb_str_of(values->audience));

		if (audience == KB_NONE)
			return kb_error_unknown(err, "audience",
				kb_str_of(values->audience), config->audiences,
				config->naudiences, KB_STR(" in kb.yaml"));
		how.audience = audience;
	}
	kb_stats_sql(session->lib, &how, &out);
	kb_put_bytes(stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

const struct kb_command kb_cmd_stats_sql = {
	.name = "stats sql",
	.summary = "print SQL that counts an access log in a database",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct sql_values),
	.read = AT(read),
	.work = work,
};
