#include "kb/stats_sql.h"

#include "addresses.h"
#include "filter.h"
#include "kb/unicode.h"

/*
 * The statements are written once. What engines call otherwise is a letter after '~'.
 * Patterns have no backslashes, as ClickHouse would take them for escapes. OFFSET 0 keeps
 * PostgreSQL from working a pattern out again wherever its result is used.
 */
struct sql_dialect {
	const char *words[26];
};
#define WORD(letter, text) [(letter) - 'A'] = (text)

static const struct sql_dialect dialects[] = {
	[KB_SQL_CLICKHOUSE] = {{WORD('X', "extract("), WORD('Y', ")"),
		WORD('M', "match("), WORD('R', "replaceRegexpAll("), WORD('G', ")"),
		WORD('P', "replaceAll("), WORD('D', "decodeURLComponent("),
		WORD('Z', ")"), WORD('F', ""), WORD('W', "TABLE"),
		WORD('L', "lowerUTF8("), WORD('N', "toInt64OrZero("), WORD('Q', ")"),
		WORD('T', "String"), WORD('I', "Int64"), WORD('E', " ENGINE = Memory"),
		WORD('J', "ALL INNER JOIN"), WORD('U', "toInt64(sum("), WORD('V', "))"),
		WORD('A', "toInt64(max("), WORD('O', "toInt64(toUnixTimestamp(time))")}},
	[KB_SQL_DUCKDB] = {{WORD('X', "regexp_extract("), WORD('Y', ", 1)"),
		WORD('M', "regexp_matches("), WORD('R', "regexp_replace("),
		WORD('G', ", 'g')"), WORD('P', "replace("),
		WORD('D', "coalesce(try(url_decode("), WORD('Z', ")), '')"),
		WORD('F', ""), WORD('W', "VIEW"), WORD('L', "lower("),
		WORD('N', "coalesce(try_cast("), WORD('Q', " AS BIGINT), 0)"),
		WORD('T', "VARCHAR"), WORD('I', "BIGINT"), WORD('E', ""),
		WORD('J', "INNER JOIN"), WORD('U', "CAST(sum("),
		WORD('V', ") AS BIGINT)"), WORD('A', "CAST(max("),
		WORD('O', "CAST(floor(epoch(time)) AS BIGINT)")}},
	[KB_SQL_POSTGRESQL] = {{WORD('X', "coalesce(substring("), WORD('Y', "), '')"),
		WORD('M', "textregexeq("), WORD('R', "regexp_replace("),
		WORD('G', ", 'g')"), WORD('P', "replace("), WORD('D', "kb_url_decode("),
		WORD('Z', ")"), WORD('F', " OFFSET 0"), WORD('W', "VIEW"),
		WORD('L', "lower("), WORD('N', "CAST(coalesce(nullif("),
		WORD('Q', ", ''), '0') AS bigint)"), WORD('T', "text"),
		WORD('I', "bigint"), WORD('E', ""), WORD('J', "INNER JOIN"),
		WORD('U', "CAST(sum("), WORD('V', ") AS bigint)"), WORD('A', "CAST(max("),
		WORD('O', "CAST(floor(extract(epoch FROM time)) AS bigint)")}},
};

struct sql {
	const struct kb_library *lib;
	const struct kb_sql_options *options;
	const struct sql_dialect *dialect;
	struct kb_arena *arena;
	kb_buf *out;
	size_t rows; /* of an INSERT, so far */
};

/* Appends TEXT with the engine's words. */
static void put(const struct sql *sql, const char *text)
{
	for (; *text; text++) {
		if (*text == '~')
			kb_buf_puts(sql->out, sql->dialect->words[*++text - 'A']);
		else
			kb_buf_putc(sql->out, *text);
	}
}

static void put_string(const struct sql *sql, kb_str s)
{
	bool backslash = sql->options->engine == KB_SQL_CLICKHOUSE;

	kb_buf_putc(sql->out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '\'')
			kb_buf_putc(sql->out, '\'');
		if (s.data[i] == '\\' && backslash)
			kb_buf_putc(sql->out, '\\');
		kb_buf_putc(sql->out, s.data[i]);
	}
	kb_buf_putc(sql->out, '\'');
}

static void put_list(const struct sql *sql, const kb_str *items, size_t n)
{
	kb_buf_putc(sql->out, '(');
	for (size_t i = 0; i < n; i++) {
		kb_buf_puts(sql->out, i ? ", " : "");
		put_string(sql, items[i]);
	}
	kb_buf_putc(sql->out, ')');
}

enum { ROWS_EACH = 500 };

static void begin_row(struct sql *sql, const char *table)
{
	if (sql->rows++ % ROWS_EACH)
		kb_buf_puts(sql->out, ", (");
	else
		kb_buf_fmt(sql->out, "%sINSERT INTO %s VALUES (",
			sql->rows > 1 ? ";\n" : "", table);
}

static void end_rows(struct sql *sql)
{
	kb_buf_puts(sql->out, sql->rows ? ";\n" : "");
	sql->rows = 0;
}

static void put_address(
	void *ctx, kb_str key, const struct kb_document *doc, time_t until)
{
	struct sql *sql = ctx;

	begin_row(sql, "kb_addresses");
	put_string(sql, key);
	kb_buf_puts(sql->out, ", ");
	put_string(sql, doc->id);
	kb_buf_puts(sql->out, ", ");
	put_string(sql, sql->lib->config->locales[doc->locale].code);
	kb_buf_fmt(sql->out, ", %lld)", (long long)until);
}

static void put_tables(struct sql *sql)
{
	struct addresses addresses;

	put(sql, "DROP TABLE IF EXISTS kb_addresses;\n"
		 "CREATE TABLE kb_addresses (address ~T, document ~T, locale ~T, "
		 "until ~I)~E;\n");
	addresses_init(&addresses, sql->lib);
	addresses_list(&addresses, put_address, sql);
	addresses_dispose(&addresses);
	end_rows(sql);
	put(sql, "DROP TABLE IF EXISTS kb_documents;\n"
		 "CREATE TABLE kb_documents (document ~T)~E;\n");
	for (uint32_t i = 0; i < sql->lib->nfamilies; i++) {
		begin_row(sql, "kb_documents");
		put_string(sql, sql->lib->families[i]->id);
		kb_buf_putc(sql->out, ')');
	}
	end_rows(sql);
}

/* PostgreSQL has no such function. What is not UTF-8 counts as empty. */
static const char url_decode[] =
	"CREATE OR REPLACE FUNCTION kb_url_decode(s text) RETURNS text AS $kb$\n"
	"BEGIN\n"
	"  IF strpos(s, '%') = 0 THEN RETURN s; END IF;\n"
	"  RETURN convert_from((SELECT string_agg(CASE WHEN m[1] LIKE '\\%__'\n"
	"    THEN decode(substr(m[1], 2), 'hex') ELSE convert_to(m[1], 'UTF8') END, ''\n"
	"    ORDER BY n) FROM regexp_matches(s, '(%[0-9A-Fa-f]{2}|[^%]+|%)', 'g')\n"
	"    WITH ORDINALITY AS r(m, n)), 'UTF8');\n"
	"EXCEPTION WHEN others THEN RETURN '';\n"
	"END $kb$ LANGUAGE plpgsql IMMUTABLE;\n";

static const char stamp_parts[] =
	" + (CASE WHEN substr(stamp, 22, 1) = '-' THEN 1 ELSE -1 END) * "
	"(3600 * ~Nsubstr(stamp, 23, 2)~Q + 60 * ~Nsubstr(stamp, 25, 2)~Q)";

static const char *const epochs[] = {
	[KB_SQL_CLICKHOUSE] =
		"toInt64(toUnixTimestamp(toDateTime(concat(substr(stamp, 8, 4), '-', "
		"substr(concat('0', toString(intDiv(position('JanFebMarAprMayJunJulAugSepOct"
		"NovDec', substr(stamp, 4, 3)) + 2, 3))), -2), '-', substr(stamp, 1, 2), "
		"' ', substr(stamp, 13, 8)), 'UTC')))",
	[KB_SQL_DUCKDB] = "CAST(epoch(try_strptime(substr(stamp, 1, 20), "
			  "'%d/%b/%Y:%H:%M:%S')) AS BIGINT)",
	[KB_SQL_POSTGRESQL] =
		"CASE WHEN stamp <> '' THEN CAST(extract(epoch FROM "
		"to_timestamp(substr(stamp, 1, 20), 'DD/Mon/YYYY:HH24:MI:SS')) AS bigint) "
		"ELSE 0 END",
};

static bool is_file_name(kb_str from)
{
	return kb_str_chr(from, '.') != SIZE_MAX || kb_str_chr(from, '/') != SIZE_MAX;
}

/* How the lines of a log come into the table kb_lines. */
static void put_lines(const struct sql *sql)
{
	kb_str from = sql->options->from;

	if (sql->options->engine == KB_SQL_DUCKDB && is_file_name(from)) {
		put(sql, "CREATE OR REPLACE VIEW kb_lines AS SELECT line FROM read_csv(");
		put_string(sql, from);
		put(sql, ", header = false, delim = E'\\x01', quote = '', escape = '', "
			 "columns = {'line': 'VARCHAR'});\n");
		return;
	}
	put(sql, "CREATE TABLE IF NOT EXISTS kb_lines (line ~T)~E;\n");
	if (sql->options->engine == KB_SQL_POSTGRESQL)
		put(sql, "-- Before: \\copy kb_lines FROM 'access.log' WITH (FORMAT csv, "
			 "DELIMITER E'\\x01', QUOTE E'\\x02')\n");
	else if (sql->options->engine == KB_SQL_CLICKHOUSE)
		put(sql,
			"-- Before: sed 's/\\\\/\\\\\\\\/g' access.log | clickhouse-client "
			"--query 'INSERT INTO kb_lines FORMAT TabSeparated'\n");
}

static void put_requests(const struct sql *sql)
{
	kb_str from = sql->options->from;

	put(sql, "DROP ~W IF EXISTS kb_counted;\nDROP ~W IF EXISTS kb_visits;\n"
		 "DROP ~W IF EXISTS kb_requests;\n");
	if (sql->options->format == KB_SQL_COLUMNS) {
		put(sql, "CREATE VIEW kb_requests AS SELECT ~O AS epoch, method, target, "
			 "CAST(status AS ~I) AS status, agent FROM ");
		if (is_file_name(from) && sql->options->engine == KB_SQL_DUCKDB)
			put_string(sql, from);
		else
			kb_buf_str(sql->out, from.len ? from : KB_STR("kb_log"));
		put(sql, ";\n");
		return;
	}
	put_lines(sql);
	put(sql, "CREATE VIEW kb_requests AS SELECT ");
	put(sql, epochs[sql->options->engine]);
	put(sql, stamp_parts);
	put(sql, " AS epoch,\n"
		 "  ~Xrequest, '^([^ ]+) '~Y AS method,\n"
		 "  ~Rrequest, '^[^ ]+ | HTTP/[0-9.]+$', ''~G AS target,\n"
		 "  ~Nstatus_text~Q AS status,\n"
		 "  CASE WHEN agent_text = '-' THEN '' ELSE agent_text END AS agent\n"
		 "FROM (SELECT\n"
		 "  ~Xline, '[[]([0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9:]{8} "
		 "[+-][0-9]{4})[]]'~Y AS stamp,\n"
		 "  ~Xline, '[]] \"([^\"]*)\" [0-9]{3} '~Y AS request,\n"
		 "  ~Xline, '[]] \"[^\"]*\" ([0-9]{3}) '~Y AS status_text,\n"
		 "  ~Xline, '\" [0-9]{3} [^ ]+ \"[^\"]*\" \"([^\"]*)\"'~Y AS agent_text\n"
		 "  FROM ");
	kb_buf_str(sql->out, from.len && !is_file_name(from) ? from : KB_STR("kb_lines"));
	put(sql, "~F) AS l WHERE stamp <> '' AND status_text <> ''~F;\n");
}

/* The month by the time zone of kb.yaml, whatever zones the database knows. */
static void put_month(const struct sql *sql)
{
	kb_str zone = sql->lib->config->timezone;
	unsigned last = kb_month_number(zone, sql->lib->now);
	unsigned first = last - sql->options->months + 1;

	kb_buf_fmt(sql->out, "CASE WHEN epoch < %lld THEN ''",
		(long long)kb_month_start(zone, first));
	for (unsigned m = first; m <= last; m++)
		kb_buf_fmt(sql->out, " WHEN epoch < %lld THEN '%04u-%02u'",
			(long long)kb_month_start(zone, m + 1), m / 12 % 10000,
			m % 12 + 1);
	kb_buf_puts(sql->out, " ELSE '' END");
}

/* A pattern for any of WORDS. In brackets, a sign has no meaning of its own. */
static void put_words(const struct sql *sql, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kb_buf_puts(sql->out, i ? "|" : "");
		for (const char *c = words[i]; *c; c++)
			kb_buf_fmt(sql->out, strchr(".+*?()", *c) ? "[%c]" : "%c", *c);
	}
}

/* Visits of people: pages, votes and searches. */
static void put_visits(const struct sql *sql)
{
	size_t nprograms, nfiles;
	const char *const *programs = filter_programs(&nprograms);
	const char *const *files = filter_files(&nfiles);

	put(sql, "CREATE VIEW kb_visits AS SELECT epoch, ");
	put_month(sql);
	put(sql, " AS month, target, path,\n"
		 "  CASE WHEN ~Mpath, '/stats/vote[.]txt$') THEN 'vote'\n"
		 "    WHEN ~Mpath, '/stats/search[.]txt$') THEN 'search'\n"
		 "    WHEN ~Mlower(path), '[^/](");
	put_words(sql, files, nfiles);
	put(sql, ")$') THEN 'file' ELSE 'page' END AS kind\n"
		 "FROM (SELECT epoch, target,\n"
		 "  ~R~Rtarget, '[?#].*$', ''~G, '^[A-Za-z]+://[^/]*', ''~G AS path\n"
		 "  FROM kb_requests\n"
		 "  WHERE method = 'GET' AND (status = 304 OR (status >= 200 AND "
		 "status < 300))\n"
		 "  AND agent <> '' AND NOT ~M~Plower(agent), 'cubot', ' '), '");
	put_words(sql, programs, nprograms);
	put(sql, "')~F) AS r~F;\n");
}

static void put_value(const struct sql *sql, const char *key)
{
	kb_buf_puts(sql->out, "");
	put(sql, "~D~P~Xtarget, '[?&]");
	kb_buf_puts(sql->out, key);
	put(sql, "=([^&#]*)'~Y, '+', ' ')~Z");
}

/* The key of a path, as kb_site_path_key makes it. */
static const char page_key[] =
	"~R~R~R~Dpath~Z, '^/+|/+$', ''~G, '(^|/)index[.]html$', ''~G, '/+$', ''~G";

static void put_readers(const struct sql *sql)
{
	const struct kb_config *config = sql->lib->config;

	put(sql, " WHERE month <> '' AND locale IN ");
	put_list(sql, kb_config_codes(config, sql->arena), config->nlocales);
	put(sql, " AND audience IN ");
	put_list(sql, &config->audiences[sql->options->audience], 1);
}

static void put_page_counts(const struct sql *sql)
{
	kb_str audience = sql->lib->config->audiences[sql->options->audience];

	put(sql, "SELECT month, 'views' AS kind, document AS word1, locale AS word2, "
		 "audience AS word3, '' AS word4,\n"
		 "  ~Uviews~V AS n1, ~Uhelpful~V AS n2, ~Uunhelpful~V AS n3, "
		 "~Ucopies~V AS n4\n"
		 "FROM (SELECT month, document, locale, ");
	put_string(sql, audience);
	put(sql, " AS audience, 1 AS views, 0 AS helpful, 0 AS unhelpful, 0 AS copies\n"
		 "  FROM (SELECT month, epoch, ");
	put(sql, page_key);
	put(sql,
		" AS address FROM kb_visits WHERE kind = 'page' AND month <> ''~F) AS v\n"
		"  ~J (SELECT address, document, locale, until FROM kb_addresses) AS a "
		"USING (address)\n"
		"  WHERE until = 0 OR epoch < until\n"
		"  UNION ALL SELECT month, document, locale, audience, 0 AS views,\n"
		"  CASE WHEN event = 'helpful' THEN 1 ELSE 0 END AS helpful,\n"
		"  CASE WHEN event = 'unhelpful' THEN 1 ELSE 0 END AS unhelpful,\n"
		"  CASE WHEN event = 'copy' THEN 1 ELSE 0 END AS copies\n"
		"  FROM kb_votes WHERE event IN ('helpful', 'unhelpful', 'copy')) AS c\n"
		"GROUP BY month, document, locale, audience\n");
}

static void put_votes(const struct sql *sql)
{
	put(sql,
		"DROP ~W IF EXISTS kb_votes;\n"
		"CREATE VIEW kb_votes AS SELECT month, document, locale, audience, event, "
		"reason\nFROM (SELECT month, ");
	put_value(sql, "document");
	put(sql, " AS document,\n  ");
	put_value(sql, "locale");
	put(sql, " AS locale,\n  ");
	put_value(sql, "audience");
	put(sql, " AS audience,\n  ");
	put_value(sql, "event");
	put(sql, " AS event,\n  ");
	put_value(sql, "reason");
	put(sql, " AS reason\n  FROM kb_visits WHERE kind = 'vote'~F) AS v");
	put_readers(sql);
	put(sql, " AND document IN (SELECT document FROM kb_documents)~F;\n");
}

static void put_searches(const struct sql *sql)
{
	put(sql,
		"DROP ~W IF EXISTS kb_searches;\n"
		"CREATE VIEW kb_searches AS SELECT month, locale, audience, query, event, "
		"results\nFROM (SELECT month, ~L~R~R~R");
	put_value(sql, "query");
	put(sql,
		", '[[:cntrl:] ]+', ' '~G, '^[-=+@ ]+', ''~G, ' +$', ''~G) AS query,\n  ");
	put_value(sql, "locale");
	put(sql, " AS locale,\n  ");
	put_value(sql, "audience");
	put(sql, " AS audience,\n  ");
	put_value(sql, "event");
	put(sql, " AS event,\n"
		 "  ~N~Xtarget, '[?&]results=([0-9]{1,3})'~Y~Q AS results\n"
		 "  FROM kb_visits WHERE kind = 'search'~F) AS s");
	put_readers(sql);
	put(sql, " AND query <> '' AND NOT ~Mquery, '@|[0-9]{7}') AND event IN "
		 "('search', 'click')~F;\n");
}

static const char reason_counts[] =
	"UNION ALL SELECT month, 'reasons' AS kind, document AS word1, locale AS word2, "
	"audience AS word3,\n"
	"  reason AS word4, ~U1~V AS n1, ~U0~V AS n2, ~U0~V AS n3, ~U0~V AS n4\n"
	"FROM kb_votes WHERE event = 'reason'\n"
	"  AND reason IN ('wrong', 'outdated', 'unclear', 'missing', 'other')\n"
	"GROUP BY month, document, locale, audience, reason\n";

static const char search_counts[] =
	"UNION ALL SELECT month, 'searches' AS kind, locale AS word1, audience AS word2, "
	"query AS word3,\n"
	"  '' AS word4, ~UCASE WHEN event = 'search' THEN 1 ELSE 0 END~V AS n1,\n"
	"  ~Aresults~V AS n2, ~UCASE WHEN event = 'click' THEN 1 ELSE 0 END~V AS n3, "
	"~U0~V AS n4\n"
	"FROM kb_searches GROUP BY month, locale, audience, query\n"
	"HAVING sum(CASE WHEN event = 'search' THEN 1 ELSE 0 END) >= ";

static void put_query(const struct sql *sql)
{
	static const char *const before[] = {"", "COPY (", "COPY ("};
	static const char *const after[] = {" FORMAT CSVWithNames;\n",
		") TO '/dev/stdout' (FORMAT csv, HEADER);\n",
		") TO STDOUT WITH (FORMAT csv, HEADER);\n"};

	put(sql, before[sql->options->engine]);
	put(sql,
		"SELECT month, kind, word1, word2, word3, word4, n1, n2, n3, n4 FROM (\n");
	put_page_counts(sql);
	put(sql, reason_counts);
	put(sql, search_counts);
	kb_buf_fmt(sql->out, "%u\n", (unsigned)KB_STATS_FLOOR);
	put(sql, ") AS counts ORDER BY month, kind, word1, word2, word3, word4");
	put(sql, after[sql->options->engine]);
}

void kb_stats_sql(
	const struct kb_library *lib, const struct kb_sql_options *options, kb_buf *out)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct sql sql = {lib, options, &dialects[options->engine], arena, out, 0};

	put(&sql,
		"-- Made by 'kb stats sql': it counts a log as 'kb stats import' does.\n");
	if (options->engine == KB_SQL_POSTGRESQL) {
		put(&sql, "SET client_min_messages = warning;\nSET TimeZone = 'UTC';\n");
		put(&sql, url_decode);
	}
	put_tables(&sql);
	put_requests(&sql);
	put_visits(&sql);
	put_votes(&sql);
	put_searches(&sql);
	put_query(&sql);
}
