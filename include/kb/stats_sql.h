/*
 * The counts of 'kb stats import' as SQL, for logs in a database. The statements
 * make tables and views whose names begin with 'kb_', and end with a query whose rows
 * 'kb stats import' reads (CSV with names).
 */
#ifndef KB_STATS_SQL_H
#define KB_STATS_SQL_H

#include "kb/stats.h"

enum kb_sql_engine { KB_SQL_CLICKHOUSE, KB_SQL_DUCKDB, KB_SQL_POSTGRESQL };
enum kb_sql_format {
	KB_SQL_LINES,	/* Of a log in the combined format. */
	KB_SQL_COLUMNS, /* time, method, target, status, agent */
};

struct kb_sql_options {
	enum kb_sql_engine engine;
	enum kb_sql_format format;
	kb_str from;	   /* a table, or with DuckDB a file; empty: kb_lines or kb_log */
	unsigned audience; /* whose site the log is of */
	unsigned months;   /* until this one; at least 1 */
};

/* Appends the statements, with comments that say how to run them. */
void kb_stats_sql(
	const struct kb_library *lib, const struct kb_sql_options *options, kb_buf *out);

#endif
