/* Access logs. */
#include <stdlib.h>
#include <unistd.h>

#include "import.h"
#include "kb/gzip.h"
#include "kb/hash.h"
#include "kb/unicode.h"

/* Bytes; pages send at most 200 characters of a query. */
enum { QUERY_MAX = 1000, PATH_SHOWN = 100 };

struct log {
	struct kb_import *import;
	struct import_parts parts;
	struct log_reader reader;
	struct kb_arena *scratch;     /* Of one line. */
	struct kb_import_file counts; /* Of the lines of one reading. */
	kb_str other;		      /* The first path that shows no document. */
	uint64_t foreign;	      /* Votes and searches of other audiences, */
	kb_str audience;	      /* and the last of these. */
};

/* A hash of everything that tells requests apart, without the visitor. */
static uint32_t hash_of(const struct log_request *request)
{
	uint64_t hash = kb_hash64(request->target);

	hash = hash * 31 + kb_hash64(request->agent);
	hash = hash * 31 + kb_hash64(request->referer);
	hash = hash * 31 + request->status;
	hash = (hash ^ (uint64_t)request->time) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> 32);
}

static void count_page(
	struct log *log, struct import_part *part, const struct log_request *request)
{
	static const uint64_t view[] = {1, 0, 0, 0};
	struct kb_import *import = log->import;
	const struct kb_config *config = import->lib->config;
	kb_str target = request->target;

	if (*target.data != '/')
		target = request_path(request);
	const struct kb_document *doc =
		addresses_find(&import->state->addresses, target, request->time);
	if (!doc) {
		if (!log->counts.unknown++)
			log->other = kb_arena_str(log->parts.arena,
				kb_str_head(request_path(request), PATH_SHOWN));
		return;
	}
	const kb_str words[] = {doc->id, config->locales[doc->locale].code,
		config->audiences[import->options.audience]};
	part_count(&log->parts, part, KB_USAGE_VIEWS, words, view);
	part->views++;
}

/* The locale and the audience that a request names; false: kb.yaml has none such, or it
 * is a request of another site than the log's. */
static bool read_readers(
	struct log *log, const struct log_request *request, kb_str *words)
{
	const struct kb_config *config = log->import->lib->config;
	uint32_t locale =
		kb_config_locale(config, request_value(request, "locale", log->scratch));
	uint32_t audience = kb_config_audience(
		config, request_value(request, "audience", log->scratch));

	if (locale == KB_NONE || audience == KB_NONE)
		return false;
	if (audience != log->import->options.audience) {
		log->foreign++;
		log->audience = config->audiences[audience];
		return false;
	}
	words[0] = config->locales[locale].code;
	words[1] = config->audiences[audience];
	return true;
}

static bool is_reason(kb_str word)
{
	static const char *const reasons[] = {
		"wrong", "outdated", "unclear", "missing", "other"};

	for (size_t i = 0; i < KB_LEN(reasons); i++)
		if (kb_str_is(word, reasons[i]))
			return true;
	return false;
}

static void count_vote(
	struct log *log, struct import_part *part, const struct log_request *request)
{
	static const char *const events[] = {"", "helpful", "unhelpful", "copy"};
	const struct kb_family *family = kb_library_family(
		log->import->lib, request_value(request, "document", log->scratch));
	kb_str event = request_value(request, "event", log->scratch);
	uint64_t numbers[ROW_NUMBERS] = {0};
	kb_str words[ROW_WORDS];

	if (!family || !read_readers(log, request, words + 1)) {
		log->counts.unknown++;
		return;
	}
	words[0] = family->id;
	if (kb_str_is(event, "reason")) {
		words[3] = request_value(request, "reason", log->scratch);
		numbers[0] = 1;
		if (is_reason(words[3]))
			part_count(&log->parts, part, KB_USAGE_REASONS, words, numbers);
		return;
	}
	for (size_t i = 1; i < KB_LEN(events); i++)
		if (kb_str_is(event, events[i])) {
			numbers[i] = 1;
			part_count(&log->parts, part, KB_USAGE_VIEWS, words, numbers);
			part->votes++;
		}
}

/* People type their address, or a number of theirs, into any field. */
static bool is_personal(kb_str query)
{
	size_t digits = 0;

	for (size_t i = 0; i < query.len; i++) {
		digits = query.data[i] >= '0' && query.data[i] <= '9' ? digits + 1 : 0;
		if (query.data[i] == '@' || digits >= 7)
			return true;
	}
	return false;
}

/* The words in small letters, with single spaces. */
static kb_str query_of(kb_str text, struct kb_arena *arena)
{
	_cleanup_buf_ kb_buf out = {0};

	if (kb_utf8_invalid(text) != SIZE_MAX)
		return KB_STR("");
	for (size_t i = 0; i < text.len; i++) {
		bool space = (unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7f;

		if (!space)
			kb_buf_putc(&out, text.data[i]);
		else if (out.len && out.data[out.len - 1] != ' ')
			kb_buf_putc(&out, ' ');
	}
	kb_str query = kb_str_head(plain_word(kb_buf_view(&out)), QUERY_MAX);
	return kb_str_trim(kb_lower(arena, query));
}

static void count_search(
	struct log *log, struct import_part *part, const struct log_request *request)
{
	kb_str event = request_value(request, "event", log->scratch);
	kb_str results = request_value(request, "results", log->scratch);
	bool search = kb_str_is(event, "search"), click = kb_str_is(event, "click");
	uint64_t numbers[ROW_NUMBERS] = {search, 0, click};
	kb_str words[ROW_WORDS] = {
		[2] = query_of(
			request_value(request, "query", log->scratch), log->scratch)};

	if (!(search || click))
		return;
	if (!words[2].len || is_personal(words[2]) ||
		!read_readers(log, request, words)) {
		log->counts.unknown++;
		return;
	}
	for (size_t i = 0; i < results.len && i < 3; i++)
		if (results.data[i] >= '0' && results.data[i] <= '9')
			numbers[1] = numbers[1] * 10 + (uint64_t)(results.data[i] - '0');
	part_count(&log->parts, part, KB_USAGE_SEARCHES, words, numbers);
	part->searches += search;
}

static int take_request(
	struct log *log, const struct log_request *request, struct kb_error *err)
{
	enum request_visit visit = filter_visit(&log->import->state->filter, request);
	struct import_part *part;

	log->counts.bots += visit == VISIT_PROGRAM;
	log->counts.others += visit == VISIT_OTHER;
	if (visit == VISIT_PROGRAM || visit == VISIT_OTHER)
		return 0;
	part = parts_at(log->import, &log->parts, request->time, err);
	if (!part)
		return -1;
	if (!part_line(&log->parts, part,
		    (struct mark){(uint32_t)request->time, hash_of(request)}))
		return 0;
	kb_arena_reset(log->scratch);
	if (visit == VISIT_PAGE)
		count_page(log, part, request);
	else if (visit == VISIT_VOTE)
		count_vote(log, part, request);
	else
		count_search(log, part, request);
	return 0;
}

static int take_line(
	struct log *log, struct kb_lines *lines, kb_str line, struct kb_error *err)
{
	struct log_request request;
	const char *fault;
	enum log_result result = log_read(&log->reader, line, &request, &fault);

	log->counts.lines += result != LOG_NOTHING;
	if (result == LOG_REQUEST && (request.time < 0 || request.time > UINT32_MAX)) {
		result = LOG_BAD;
		fault = "its time is not possible";
	}
	if (result == LOG_REQUEST)
		return take_request(log, &request, err);
	if (result == LOG_BAD && !log->parts.again)
		import_fault(log->import, kb_lines_number(lines), "%s",
			kb_lines_cut(lines) ? "the line is too long" : fault);
	return 0;
}

static int read_all(struct log *log, int fd, struct kb_error *err)
{
	struct kb_lines *lines = kb_lines_new(fd);
	struct kb_error stop;
	kb_str line;
	int failed = 0;

	log->counts = (struct kb_import_file){0};
	log->foreign = 0;
	while (!failed && kb_lines_next(lines, &line))
		failed = take_line(log, lines, line, err);
	if (!failed && kb_lines_check(lines, &stop))
		failed = import_stopped(log->import, kb_lines_number(lines) + 1, &stop,
			log->parts.again, err);
	kb_lines_free(lines);
	return failed;
}

/* The path of one of the site's pages, as a log has it. */
static kb_str page_path(const struct log *log)
{
	const struct kb_library *lib = log->import->lib;
	kb_str folder = lib->config->base_url;
	size_t at = kb_str_find(folder, KB_STR("://"));

	folder = at == SIZE_MAX ? KB_STR("") : kb_str_sub(folder, at + 3, folder.len);
	at = kb_str_chr(folder, '/');
	folder = at == SIZE_MAX ? KB_STR("") : kb_str_sub(folder, at, folder.len);
	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (lib->docs[d]->address.len && !lib->docs[d]->facts->broken)
			return kb_arena_fmt(log->scratch, "%.*s/%.*s/%.*s",
				KB_ARG(folder),
				KB_ARG(lib->config->locales[lib->docs[d]->locale].code),
				KB_ARG(lib->docs[d]->address));
	return KB_STR("");
}

/* No line is about this site: it may be another one's log, or in another folder. */
static void tell_other_site(const struct log *log)
{
	const struct kb_import_file *file = import_file(log->import);
	kb_str page = page_path(log);

	if (!log->other.len || !page.len ||
		file->views + file->votes + file->searches + file->known)
		return;
	import_note(log->import,
		"no line of %.*s is for a page of this site: the first path is '%.*s', but "
		"pages are at paths such as '%.*s'. If the site is in another folder, "
		"correct 'base_url' in kb.yaml, and import the log again",
		KB_ARG(file->name), KB_ARG(log->other), KB_ARG(page));
}

static void tell_other_audience(const struct log *log)
{
	if (log->foreign)
		import_note(log->import,
			"votes and searches of the audience '%.*s' (%llu) do not count: if "
			"it is the log of that site, add --audience %.*s",
			KB_ARG(log->audience), (unsigned long long)log->foreign,
			KB_ARG(log->audience));
}

int import_log(
	struct kb_import *import, int fd, enum kb_log_format format, struct kb_error *err)
{
	const struct kb_config *config = import->lib->config;
	struct log log = {.import = import,
		.parts = {.kind = config->audiences[import->options.audience],
			.arena = kb_arena_new()},
		.scratch = kb_arena_new()};
	struct kb_import_file *file = import_file(import);
	const struct kb_error *stopped = &import->state->addresses.stopped;
	int failed;

	log_reader_init(&log.reader, format);
	failed = read_all(&log, fd, err);
	if (!failed && parts_settle(import, &log.parts)) {
		if (lseek(fd, 0, SEEK_SET) < 0)
			failed = kb_error_errno(
				err, "cannot read %.*s again", KB_ARG(file->name));
		else
			failed = read_all(&log, fd, err);
	}
	if (!failed && stopped->code)
		failed = kb_error_set(err, stopped->code, "%s", stopped->message);
	file->lines = log.counts.lines;
	file->bots = log.counts.bots;
	file->others = log.counts.others;
	file->unknown = log.counts.unknown;
	if (!failed) {
		parts_finish(import, &log.parts);
		tell_other_site(&log);
		tell_other_audience(&log);
	}
	log_reader_dispose(&log.reader);
	parts_dispose(&log.parts);
	kb_arena_free(log.scratch);
	return failed;
}
