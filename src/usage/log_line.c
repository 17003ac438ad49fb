#include "log_line.h"

#include <stdlib.h>

#include "kb/arena_str.h"
#include "kb/unicode.h"
#include "kb/yaml.h"

void log_reader_init(struct log_reader *reader, enum kb_log_format format)
{
	*reader = (struct log_reader){.format = format, .arena = kb_arena_new()};
}

void log_reader_dispose(struct log_reader *reader)
{
	kb_arena_free(reader->arena);
}

static bool digits(const char *s, unsigned n, int *out)
{
	*out = 0;
	for (unsigned i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

/* "17/May/2015:10:05:03 +0000" */
static bool read_clf_time(kb_str s, time_t *out)
{
	struct tm tm = {0};
	int hours, minutes, year;
	const char *d = s.data;

	tm.tm_mon = kb_month_named(kb_str_sub(s, 3, s.len));
	if (s.len < 26 || d[2] != '/' || d[6] != '/' || d[11] != ':' ||
		!digits(d, 2, &tm.tm_mday) || tm.tm_mon < 0 || !digits(d + 7, 4, &year) ||
		!digits(d + 12, 2, &tm.tm_hour) || !digits(d + 15, 2, &tm.tm_min) ||
		!digits(d + 18, 2, &tm.tm_sec) || (d[21] != '+' && d[21] != '-') ||
		!digits(d + 22, 2, &hours) || !digits(d + 24, 2, &minutes))
		return false;
	if (tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
		tm.tm_sec > 60)
		return false;
	tm.tm_year = year - 1900;
	time_t shift = hours * 3600 + minutes * 60;
	*out = timegm(&tm) - (d[21] == '-' ? -shift : shift);
	return true;
}

/* Takes what is between quotes off the front of REST. A backslash escapes. */
static bool take_quoted(kb_str *rest, kb_str *out)
{
	size_t i = 0;

	while (i < rest->len && rest->data[i] == ' ')
		i++;
	if (i >= rest->len || rest->data[i] != '"')
		return false;
	size_t from = ++i;
	for (; i < rest->len && rest->data[i] != '"'; i++)
		if (rest->data[i] == '\\')
			i++;
	if (i >= rest->len)
		return false;
	*out = kb_str_sub(*rest, from, i);
	*rest = kb_str_sub(*rest, i + 1, rest->len);
	return true;
}

static bool take_word(kb_str *rest, kb_str *out)
{
	size_t i = 0;

	while (rest->len && *rest->data == ' ')
		*rest = kb_str_sub(*rest, 1, rest->len);
	while (i < rest->len && rest->data[i] != ' ')
		i++;
	*out = kb_str_sub(*rest, 0, i);
	*rest = kb_str_sub(*rest, i, rest->len);
	return i > 0;
}

static bool read_status(kb_str word, unsigned *status)
{
	int n;

	if (word.len != 3 || !digits(word.data, 3, &n))
		return false;
	*status = (unsigned)n;
	return true;
}

/* "GET /path?query HTTP/1.1" */
static void read_request(kb_str line, struct log_request *request)
{
	size_t space = kb_str_chr(line, ' '), last = kb_str_rchr(line, ' ');

	request->method = kb_str_sub(line, 0, space);
	if (space == SIZE_MAX)
		return;
	if (last == space ||
		!kb_str_starts(kb_str_sub(line, last + 1, line.len), KB_STR("HTTP/")))
		last = line.len;
	request->target = kb_str_sub(line, space + 1, last);
}

static kb_str none_if_dash(kb_str s)
{
	return kb_str_is(s, "-") ? KB_STR("") : s;
}

static enum log_result read_clf(const struct log_reader *reader, kb_str line,
	struct log_request *request, const char **fault)
{
	size_t open = kb_str_find(line, KB_STR(" [")), close;
	kb_str rest = kb_str_sub(line, open + 2, line.len), quoted, word;

	if (open == SIZE_MAX || (close = kb_str_chr(rest, ']')) == SIZE_MAX ||
		!read_clf_time(kb_str_sub(rest, 0, close), &request->time)) {
		*fault = "there is no time such as [17/May/2026:10:05:03 +0000]";
		return LOG_BAD;
	}
	rest = kb_str_sub(rest, close + 1, rest.len);
	if (!take_quoted(&rest, &quoted)) {
		*fault = "there is no request in quotes after the time";
		return LOG_BAD;
	}
	read_request(quoted, request);
	if (!take_word(&rest, &word) || !read_status(word, &request->status)) {
		*fault = "there is no status such as 200 after the request";
		return LOG_BAD;
	}
	take_word(&rest, &word);
	if (take_quoted(&rest, &quoted)) {
		request->referer = none_if_dash(quoted);
		request->has_agent = take_quoted(&rest, &quoted);
		if (request->has_agent)
			request->agent = none_if_dash(quoted);
	}
	if (!request->has_agent && reader->format == KB_LOG_COMBINED) {
		*fault = "there is no referrer and browser at the end, in quotes";
		return LOG_BAD;
	}
	return LOG_REQUEST;
}

/* What a field of a W3C log or of JSON is. */
enum log_part {
	PART_NONE,
	PART_DATE,
	PART_TIME,
	PART_WHEN, /* date and time in any form */
	PART_REQUEST,
	PART_METHOD,
	PART_TARGET,
	PART_PATH,
	PART_QUERY,
	PART_STATUS,
	PART_REFERER,
	PART_AGENT,
	PARTS
};

/* The names that programs give them; of those that a line has, the first one counts. A
 * '/' goes down into a map. */
static const struct name {
	const char *name;
	enum log_part part;
} names[] = {
	{"ts", PART_WHEN},		   /* Caddy */
	{"EdgeStartTimestamp", PART_WHEN}, /* Cloudflare */
	{"timestamp(ms)", PART_WHEN},	   /* CloudFront */
	{"time_iso8601", PART_WHEN},	   /* nginx, by the names of its variables */
	{"time_local", PART_WHEN},
	{"msec", PART_WHEN},
	{"timestamp", PART_WHEN},
	{"@timestamp", PART_WHEN},
	{"date", PART_DATE},
	{"time", PART_TIME},
	{"request", PART_REQUEST},
	{"request/method", PART_METHOD},
	{"cs-method", PART_METHOD},
	{"ClientRequestMethod", PART_METHOD},
	{"request_method", PART_METHOD},
	{"method", PART_METHOD},
	{"request/uri", PART_TARGET},
	{"ClientRequestURI", PART_TARGET},
	{"request_uri", PART_TARGET},
	{"cs-uri", PART_TARGET},
	{"cs-uri-stem", PART_PATH},
	{"ClientRequestPath", PART_PATH},
	{"uri", PART_PATH},
	{"cs-uri-query", PART_QUERY},
	{"args", PART_QUERY},
	{"query_string", PART_QUERY},
	{"status", PART_STATUS},
	{"sc-status", PART_STATUS},
	{"EdgeResponseStatus", PART_STATUS},
	{"cs(Referer)", PART_REFERER},
	{"ClientRequestReferer", PART_REFERER},
	{"request/headers/Referer", PART_REFERER},
	{"http_referer", PART_REFERER},
	{"referer", PART_REFERER},
	{"cs(User-Agent)", PART_AGENT},
	{"ClientRequestUserAgent", PART_AGENT},
	{"request/headers/User-Agent", PART_AGENT},
	{"http_user_agent", PART_AGENT},
	{"user_agent", PART_AGENT},
};

/* Seconds, milliseconds or nanoseconds since 1970. */
static bool read_epoch(kb_str s, time_t *out)
{
	char text[64], *end;

	if (s.len >= sizeof(text) || !s.len)
		return false;
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
	double n = strtod(text, &end);
	if (*end || !(n > 0 && n < 1e20))
		return false;
	while (n > 1e11)
		n /= 1000;
	*out = (time_t)n;
	return true;
}

/* "2026-05-17T10:05:03.123Z", as Go and Java write it, with or without a 'T'. */
static bool read_iso(kb_str s, time_t *out)
{
	struct tm tm = {0};
	int year, hours = 0, minutes = 0;
	const char *d = s.data;
	size_t i = 19;

	if (s.len < 19 || d[4] != '-' || d[7] != '-' || d[13] != ':' || d[16] != ':' ||
		!strchr("T \t", d[10]) || !digits(d, 4, &year) ||
		!digits(d + 5, 2, &tm.tm_mon) || !digits(d + 8, 2, &tm.tm_mday) ||
		!digits(d + 11, 2, &tm.tm_hour) || !digits(d + 14, 2, &tm.tm_min) ||
		!digits(d + 17, 2, &tm.tm_sec))
		return false;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
		tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	while (i < s.len && (d[i] == '.' || d[i] == ',' || (d[i] >= '0' && d[i] <= '9')))
		i++;
	bool shifted = i < s.len && (d[i] == '+' || d[i] == '-');
	if (shifted && (s.len < i + 5 || !digits(d + i + 1, 2, &hours) ||
			       !digits(d + s.len - 2, 2, &minutes)))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon--;
	time_t shift = hours * 3600 + minutes * 60;
	*out = timegm(&tm) - (shifted && d[i] == '-' ? -shift : shift);
	return true;
}

static bool read_when(const kb_str *parts, time_t *out)
{
	char text[64];
	kb_str day = parts[PART_DATE], hour = parts[PART_TIME], when = parts[PART_WHEN];

	if (when.len)
		return read_iso(when, out) || read_clf_time(when, out) ||
		       read_epoch(when, out);
	if (!day.len) /* "time" alone */
		return read_iso(hour, out) || read_clf_time(hour, out) ||
		       read_epoch(hour, out);
	if (day.len != 10 || hour.len < 8 || hour.len > 40)
		return false;
	memcpy(text, day.data, 10);
	text[10] = 'T';
	memcpy(text + 11, hour.data, hour.len);
	return read_iso((kb_str){text, 11 + hour.len}, out);
}

static enum log_result take_parts(struct kb_arena *arena, const kb_str *parts,
	struct log_request *request, const char **fault)
{
	if (!read_when(parts, &request->time)) {
		*fault = "there is no time that kb can read";
		return LOG_BAD;
	}
	if (!read_status(parts[PART_STATUS], &request->status)) {
		*fault = "there is no status such as 200";
		return LOG_BAD;
	}
	request->method = parts[PART_METHOD];
	request->target = parts[PART_TARGET];
	if (parts[PART_REQUEST].len)
		read_request(parts[PART_REQUEST], request);
	if (!request->target.len && parts[PART_PATH].len)
		request->target = parts[PART_QUERY].len
					  ? kb_arena_fmt(arena, "%.*s?%.*s",
						    KB_ARG(parts[PART_PATH]),
						    KB_ARG(parts[PART_QUERY]))
					  : parts[PART_PATH];
	request->referer = parts[PART_REFERER];
	request->agent = parts[PART_AGENT];
	if (!request->target.len || !request->method.len) {
		*fault = "there is no request";
		return LOG_BAD;
	}
	return LOG_REQUEST;
}

/* "#Fields: date time cs-method ..." */
static void read_directive(struct log_reader *reader, kb_str line)
{
	kb_str prefix = KB_STR("#Fields:"), rest, word;
	uint8_t seen[PARTS] = {0};

	if (!kb_str_starts(line, prefix))
		return;
	rest = kb_str_sub(line, prefix.len, line.len);
	reader->separator = kb_str_chr(rest, '\t') == SIZE_MAX ? ' ' : '\t';
	reader->nfields = 0;
	for (size_t i = 0; i < rest.len; i++)
		if (rest.data[i] == '\t')
			reader->separator = '\t';
	while (reader->nfields < W3C_FIELDS) {
		while (rest.len && strchr(" \t", *rest.data))
			rest = kb_str_sub(rest, 1, rest.len);
		size_t end = 0;
		while (end < rest.len && !strchr(" \t", rest.data[end]))
			end++;
		word = kb_str_sub(rest, 0, end);
		rest = kb_str_sub(rest, end, rest.len);
		if (!word.len)
			break;
		enum log_part part = PART_NONE;
		for (size_t n = 0; n < KB_LEN(names); n++)
			if (kb_str_is(word, names[n].name))
				part = names[n].part;
		if (part != PART_NONE && seen[part]++)
			part = PART_NONE;
		reader->fields[reader->nfields++] = (uint8_t)part;
	}
}

static enum log_result read_w3c(struct log_reader *reader, kb_str line,
	struct log_request *request, const char **fault)
{
	kb_str parts[PARTS] = {0}, rest = line, word;
	bool tabs = kb_str_chr(line, '\t') != SIZE_MAX;
	size_t n = 0;

	if (*line.data == '#') {
		read_directive(reader, line);
		return LOG_NOTHING;
	}
	if (!reader->nfields) {
		*fault = "there is no line '#Fields:' before it";
		return LOG_BAD;
	}
	/* CloudFront writes tabs between values, and spaces between their names. */
	while (rest.len && n < reader->nfields) {
		if (!kb_str_next(&rest, tabs ? '\t' : ' ', &word))
			break;
		enum log_part part = reader->fields[n++];
		if (part == PART_AGENT || part == PART_REFERER)
			word = kb_percent_decode(
				reader->arena, kb_percent_decode(reader->arena, word));
		parts[part] = none_if_dash(word);
	}
	for (size_t i = 0; i < reader->nfields; i++)
		request->has_agent |= reader->fields[i] == PART_AGENT;
	return take_parts(reader->arena, parts, request, fault);
}

static const struct kb_node *go_down(const struct kb_node *node, const char *name)
{
	kb_str rest = kb_str_of(name), part;

	while (node && rest.len && kb_str_next(&rest, '/', &part))
		node = kb_node_get_str(node, part);
	if (node && node->kind == KB_NODE_SEQ && node->len)
		node = node->items[0];
	return node && node->kind == KB_NODE_SCALAR ? node : NULL;
}

static enum log_result read_json(struct log_reader *reader, kb_str line,
	struct log_request *request, const char **fault)
{
	kb_str parts[PARTS] = {0};
	const struct kb_node *root = kb_json_parse(reader->arena, line, NULL);

	if (!root || root->kind != KB_NODE_MAP) {
		*fault = "this is not a JSON object";
		return LOG_BAD;
	}
	for (size_t n = 0; n < KB_LEN(names); n++) {
		const struct kb_node *node = go_down(root, names[n].name);

		if (!node)
			continue;
		request->has_agent |= names[n].part == PART_AGENT;
		if (!parts[names[n].part].len && !kb_node_is_null(node))
			parts[names[n].part] = none_if_dash(kb_node_str(node));
	}
	/* Caddy leaves out the headers that a request did not have. */
	request->has_agent |= kb_node_get(root, "request") != NULL;
	return take_parts(reader->arena, parts, request, fault);
}

enum kb_log_format log_format_of(kb_str line)
{
	struct log_reader reader;
	struct log_request request = {0};
	const char *fault = NULL;
	enum kb_log_format format = KB_LOG_AUTO;

	if (line.len && *line.data == '#')
		return KB_LOG_W3C;
	log_reader_init(&reader, KB_LOG_COMMON);
	if (line.len && *line.data == '{') {
		if (read_json(&reader, line, &request, &fault) == LOG_REQUEST)
			format = KB_LOG_JSON;
	} else if (line.len && read_clf(&reader, line, &request, &fault) == LOG_REQUEST) {
		format = request.has_agent ? KB_LOG_COMBINED : KB_LOG_COMMON;
	}
	log_reader_dispose(&reader);
	return format;
}

enum log_result log_read(struct log_reader *reader, kb_str line,
	struct log_request *request, const char **fault)
{
	*request = (struct log_request){0};
	*fault = NULL;
	if (!kb_str_trim(line).len)
		return LOG_NOTHING;
	if (reader->format == KB_LOG_COMBINED || reader->format == KB_LOG_COMMON)
		return read_clf(reader, line, request, fault);
	kb_arena_reset(reader->arena);
	return reader->format == KB_LOG_W3C ? read_w3c(reader, line, request, fault)
					    : read_json(reader, line, request, fault);
}
