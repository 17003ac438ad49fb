/*
 * What the search page reads: for each locale of content the words of what the site shows
 * (kb/search_export.h) and records of its documents, in parts that are named by what they
 * hold; and for each locale of the site a file that says which parts there are.
 *
 * A part is a script that calls kbPart, because a browser loads nothing else under a
 * strict policy and from a disk alike.
 */
#include "kb/search_export.h"

#include <stdio.h>

#include "kb/coverage.h"
#include "kb/embed.h"
#include "kb/function_words.h"
#include "kb/hash.h"
#include "kb/value.h"
#include "values.h"

#define SOURCE "search" /* of the files, in place of a document's path */

/* Records come all at once if they take few bytes. */
enum { RECORDS_FEW = 24000, RECORDS_MIN = 700, RECORDS_MAX = 2000, HEADINGS_MAX = 16 };

struct record_start {
	size_t at;
	uint64_t hash; /* of the document's path */
};

struct index { /* of a locale of the content */
	struct site *site;
	uint32_t locale;
	uint32_t ndocs;
	bool *readable;			   /* by document of the library */
	kb_str stemmer;			   /* site path, or empty */
	kb_strs parts[KB_SEARCH_POSTINGS]; /* where each begins, and its name */
	kb_strs records;		   /* the number of the first, and the name */
	kb_str kept, kept_records;	   /* by the last run; or empty */
	bool lost;			   /* what is kept is not there */
	struct kb_arena *arena;
};

static kb_str code_of(const struct index *index)
{
	return index->site->config->locales[index->locale].code;
}

static int write_script(const struct index *index, kb_str path, kb_str name, kb_str value,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_buf_fmt(&out, "kbPart(\"%.*s\",", KB_ARG(name));
	kb_buf_str(&out, value);
	kb_buf_puts(&out, ")\n");
	return output_replace(index->site->out, path, kb_buf_view(&out), OUTPUT_PAGE,
		KB_STR(SOURCE), err);
}

static kb_str part_path(const struct index *index, kb_str name)
{
	return kb_arena_fmt(index->arena, "search/%.*s/%.*s.js", KB_ARG(code_of(index)),
		KB_ARG(name));
}

static int write_part(
	const struct index *index, kb_str name, kb_str value, struct kb_error *err)
{
	return write_script(index, part_path(index, name), name, value, err);
}

/* Keeps the last run's part, whose name is a hash of its bytes. */
static bool keep_part(const struct index *index, kb_str name)
{
	struct output *out = index->site->out;
	kb_str path = part_path(index, name);

	return output_has(out, path) || output_reuse(out, path);
}

static int put_part(void *ctx, enum kb_search_part part, kb_str first, kb_str name,
	kb_str text, struct kb_error *err)
{
	struct index *index = ctx;
	_cleanup_buf_ kb_buf value = {0};

	if (!text.data && !keep_part(index, name)) {
		index->lost = true;
		return -1;
	}
	if (part != KB_SEARCH_POSTINGS) {
		kb_vec_push(&index->parts[part], kb_arena_str(index->arena, first));
		kb_vec_push(&index->parts[part], kb_arena_str(index->arena, name));
	}
	if (!text.data)
		return 0;
	kb_buf_putc(&value, '"');
	kb_buf_str(&value, text);
	kb_buf_putc(&value, '"');
	return write_part(index, name, kb_buf_view(&value), err);
}

/* Records */

/* A reply's are its channels, which are not places of the page. */
static void push_headings(struct job *job, struct kb_arena *arena, struct kb_value *list,
	const struct kb_document *doc)
{
	const struct kb_md_facts *body = &doc->facts->body;
	uint32_t n = doc->facts->type == KB_REPLY ? HEADINGS_MAX : 0;

	for (uint32_t i = doc->title_again; i < body->nheadings && n < HEADINGS_MAX;
		i++) {
		const struct kb_heading *heading = &body->headings[i];

		if (heading->audience > job->site->audience || heading->level == 1)
			continue;
		kb_value_push_str(arena, list, heading->id);
		kb_value_push_str(arena, list, expanded(job, doc, heading->text));
		n++;
	}
}

static void put_record(struct job *job, struct kb_arena *arena, kb_buf *out,
	const struct kb_document *doc)
{
	struct kb_value *list = kb_value_list(arena), *headings = kb_value_list(arena);

	kb_value_push_str(arena, list, doc->address);
	kb_value_push_str(arena, list, title_of(job, doc));
	kb_value_push_str(arena, list, summary_of(job, doc));
	push_headings(job, arena, headings, doc);
	kb_value_push(arena, list, headings);
	kb_value_json(list, KB_JSON_LINE, out);
}

static int end_records(
	struct index *index, kb_str records, uint32_t first, struct kb_error *err)
{
	_cleanup_buf_ kb_buf part = {0};
	char name[17];

	kb_buf_putc(&part, '[');
	kb_buf_str(&part, records);
	kb_buf_putc(&part, ']');
	snprintf(name, sizeof(name), "%016llx",
		(unsigned long long)kb_hash64(kb_buf_view(&part)));
	name[KB_SEARCH_NAME] = '\0';
	kb_vec_push(&index->records, kb_arena_fmt(index->arena, "%u", first));
	kb_vec_push(&index->records, kb_arena_str(index->arena, kb_str_of(name)));
	return write_part(index, kb_str_of(name), kb_buf_view(&part), err);
}

/* Cuts the records before documents whose hash says so, so that an edit leaves most of
 * the parts alone. */
static int cut_records(struct index *index, kb_str all, const struct record_start *starts,
	struct kb_error *err)
{
	uint32_t first = 0;

	for (uint32_t n = 1; n < index->ndocs && all.len > RECORDS_FEW; n++) {
		size_t len = starts[n].at - starts[first].at;

		if (len < RECORDS_MIN || (len < RECORDS_MAX && starts[n].hash % 2))
			continue;
		if (end_records(index,
			    kb_str_sub(all, starts[first].at, starts[n].at - 1), first,
			    err) < 0)
			return -1;
		first = n;
	}
	return end_records(index, kb_str_sub(all, starts[first].at, all.len), first, err);
}

/* Records are made from outlines (kb/facts.h). */
static bool keep_records(struct index *index)
{
	kb_str rest = index->kept_records, line;
	bool first = true;

	if (!rest.len || !index->site->same_outlines)
		return false;
	for (; rest.len && kb_str_next(&rest, '\n', &line); first = !first) {
		if (!first && !keep_part(index, line)) {
			index->records.len = 0;
			return false;
		}
		kb_vec_push(&index->records, line);
	}
	return true;
}

static int write_records(struct index *index, struct kb_error *err)
{
	struct site *site = index->site;
	uint32_t at = site->published[index->locale], n = 0;
	struct site_worker worker = {.arena = index->arena};
	struct job job = {.site = site,
		.worker = &worker,
		.arena = index->arena,
		.locale = &site->locales[at == KB_NONE ? site->source : at]};
	struct record_start *starts =
		kb_arena_array(index->arena, struct record_start, index->ndocs);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf all = {0};

	if (keep_records(index))
		return 0;
	for (uint32_t d = 0; d < site->lib->ndocs; d++) {
		const struct kb_document *doc = site->lib->docs[d];

		if (!index->readable[d])
			continue;
		if (n)
			kb_buf_putc(&all, ',');
		starts[n++] = (struct record_start){all.len, kb_hash64(doc->path)};
		put_record(&job, arena, &all, doc);
		kb_arena_reset(arena);
	}
	return cut_records(index, kb_buf_view(&all), starts, err);
}

/* Stemmers */

static bool language_of(kb_str code, char out[4])
{
	kb_str language = kb_str_sub(code, 0, kb_str_chr(code, '-'));

	if (language.len < 2 || language.len > 3)
		return false;
	memcpy(out, language.data, language.len);
	out[language.len] = '\0';
	if (!strcmp(out, "nb") || !strcmp(out, "nn"))
		memcpy(out, "no", 3);
	return true;
}

/* The stemmer and the function words of the locale's language. */
static int write_stemmer(struct index *index, struct kb_error *err)
{
	const struct kb_function_words *words = kb_function_words_of(code_of(index));
	_cleanup_buf_ kb_buf out = {0};
	kb_str base, stemmer;
	char language[4], path[32];
	const char *word;
	bool known;

	if (!language_of(code_of(index), language))
		return 0;
	snprintf(path, sizeof(path), "stemmers/%s.js", language);
	known = kb_embed_get(KB_STR("stemmers/base.js"), &base) &&
		kb_embed_get(kb_str_of(path), &stemmer);
	if (!known && !words)
		return 0;
	kb_buf_puts(&out, "(()=>{\n");
	if (known) {
		kb_buf_puts(&out, "// Snowball, https://snowballstem.org/license.html\n"
				  "let BaseStemmer,Stemmer;\n");
		kb_buf_str(&out, base);
		kb_buf_str(&out, stemmer);
	}
	kb_buf_fmt(&out, "kbPart(\"stem-%s\",[\"%s\",%s,\"", language, language,
		known ? "new Stemmer()" : "null");
	for (size_t i = 0; (word = kb_function_words_at(words, i)); i++)
		kb_buf_fmt(&out, "%s%s", i ? " " : "", word);
	kb_buf_puts(&out, "\"])})()\n");
	snprintf(path, sizeof(path), "stem-%s", language);
	return theme_hashed(
		index->site, index->arena, &out, path, "js", &index->stemmer, err);
}

/* What a locale of the site shows of an index. */

static const struct kb_document *shown_in(
	const struct site_locale *locale, uint32_t number)
{
	const struct page *page = locale->shown[number];

	return page && page->kind == PAGE_DOCUMENT ? page->doc : NULL;
}

static void read_site(struct index *indexes, struct site *site)
{
	for (uint32_t d = 0; d < site->lib->ndocs; d++) {
		const struct kb_document *doc = site->lib->docs[d];
		struct index *index = &indexes[doc->locale];
		bool shown = false;

		for (uint32_t i = 0; i < site->nlocales && !shown; i++)
			shown = shown_in(&site->locales[i], d) == doc;
		index->readable[d] = shown && !doc->facts->broken && !doc->former;
		index->ndocs += index->readable[d];
	}
}

/* What results may be narrowed to, by document: its type and its topic, if any. */
static void set_filters(struct kb_arena *arena, struct kb_value *map,
	const struct index *index, const struct site_locale *locale)
{
	struct kb_value *types = kb_value_set_list(arena, map, "types");
	struct kb_value *topics = kb_value_set_list(arena, map, "topics");
	const struct kb_library *lib = index->site->lib;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct page *page = locale->shown[d];

		if (!index->readable[d])
			continue;
		kb_value_push(
			arena, types, kb_value_int(arena, lib->docs[d]->facts->type));
		kb_value_push(arena, topics,
			kb_value_int(arena, page && page->top != KB_NONE
						    ? (long long)page->top
						    : -1));
	}
}

/* Documents that the readers of a locale get otherwise. */
static void set_hidden(struct kb_arena *arena, struct kb_value *map,
	const struct index *index, const struct site_locale *locale)
{
	struct kb_value *list = kb_value_set_list(arena, map, "hidden");
	uint32_t n = 0;

	for (uint32_t d = 0; d < index->site->lib->ndocs; d++) {
		if (!index->readable[d])
			continue;
		if (shown_in(locale, d) != index->site->lib->docs[d])
			kb_value_push(arena, list, kb_value_int(arena, n));
		n++;
	}
}

/* Documents that are for some regions only; the list is left out if there are none. */
static void set_regional(
	struct kb_arena *arena, struct kb_value *map, const struct index *index)
{
	const struct kb_library *lib = index->site->lib;
	struct kb_value *list = NULL;
	uint32_t n = 0;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		if (!index->readable[d])
			continue;
		if (lib->docs[d]->facts->regions.len) {
			list = list ? list : kb_value_set_list(arena, map, "regional");
			kb_value_push(arena, list, kb_value_int(arena, n));
		}
		n++;
	}
}

static void push_index(struct kb_arena *arena, struct kb_value *list,
	const struct index *index, const struct site_locale *locale)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "locale", code_of(index));
	kb_value_set_str(arena, map, "dir", locale_dir(index->site, index->locale));
	if (!kb_locale_serves(index->site->config, index->locale, locale->index))
		kb_value_set_bool(arena, map, "foreign", true);
	kb_value_set_str(arena, map, "stemmer", index->stemmer);
	kb_value_set_int(arena, map, "documents", index->ndocs);
	kb_value_set_strs(arena, map, "words", &index->parts[KB_SEARCH_WORDS]);
	kb_value_set_strs(arena, map, "endings", &index->parts[KB_SEARCH_ENDINGS]);
	kb_value_set_strs(arena, map, "records", &index->records);
	set_hidden(arena, map, index, locale);
	set_regional(arena, map, index);
	if (!index->site->open)
		set_filters(arena, map, index, locale);
}

/* Is the content's locale one that the readers of a site's locale get? */
static bool is_read_in(const struct site *site, uint32_t content, uint32_t reader)
{
	for (; reader != KB_NONE; reader = site->config->locales[reader].fallback)
		if (reader == content)
			return true;
	return false;
}

static int write_root(const struct index *indexes, const struct site_locale *locale,
	struct kb_error *err)
{
	const struct index *any = &indexes[locale->index];
	_cleanup_buf_ kb_buf out = {0};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_value *list = kb_value_list(arena);

	for (uint32_t l = 0; l < any->site->config->nlocales; l++)
		if (indexes[l].ndocs && is_read_in(any->site, l, locale->index))
			push_index(arena, list, &indexes[l], locale);
	kb_value_json(list, KB_JSON_LINE, &out);
	return write_script(any,
		kb_arena_fmt(any->arena, "search/%.*s.js", KB_ARG(locale->code)),
		locale->code, kb_buf_view(&out), err);
}

/* Writes the words; what the last run kept is of use unless files of it are missing. */
static int write_words(struct index *index, kb_buf *keep, struct kb_error *err)
{
	struct site *site = index->site;
	const struct kb_search_export_options options = {.audience = site->audience,
		.locale = index->locale,
		.readable = index->readable,
		.threads = site->options->threads,
		.put = put_part,
		.ctx = index,
		.kept = index->lost ? KB_STR("") : index->kept,
		.keep = site->marked ? keep : NULL};

	if (kb_search_export(site->options->search, &options, err) == 0)
		return 0;
	if (!index->lost || !options.kept.len)
		return -1;
	for (size_t i = 0; i < KB_LEN(index->parts); i++)
		index->parts[i].len = 0;
	return write_words(index, keep, err);
}

static int write_index(struct index *index, struct kb_error *err)
{
	_cleanup_buf_ kb_buf keep = {0}, records = {0};
	kb_buf *out = &index->site->search_keep;

	if (index->ndocs &&
		(write_stemmer(index, err) < 0 || write_records(index, err) < 0 ||
			write_words(index, &keep, err) < 0))
		return -1;
	for (size_t i = 0; i < index->records.len; i++)
		kb_buf_fmt(&records, "%.*s\n", KB_ARG(index->records.items[i]));
	kb_buf_counted(out, kb_buf_view(&keep));
	kb_buf_counted(out, kb_buf_view(&records));
	return 0;
}

/* Takes off what write_index counted. */
static kb_str take_counted(kb_str *rest)
{
	uint64_t len;
	kb_str taken = {0};

	if (rest->len < sizeof(len))
		return taken;
	memcpy(&len, rest->data, sizeof(len));
	*rest = kb_str_sub(*rest, sizeof(len), rest->len);
	taken = kb_str_sub(*rest, 0, len);
	*rest = kb_str_sub(*rest, taken.len, rest->len);
	return taken;
}

static void index_dispose(struct index *index)
{
	for (size_t i = 0; i < KB_LEN(index->parts); i++)
		kb_vec_dispose(&index->parts[i]);
	kb_vec_dispose(&index->records);
	kb_arena_free(index->arena);
}

/* Of documents with errors the last run's pages stay; so does what is searched. */
static bool keep_former(struct site *site)
{
	kb_strs paths = {0};
	bool any;

	if (!site->kept.len)
		return false;
	output_former(site->out, KB_STR(SOURCE), &paths);
	for (size_t i = 0; i < paths.len; i++)
		output_keep(site->out, paths.items[i]);
	any = paths.len > 0;
	kb_vec_dispose(&paths);
	return any;
}

int search_index_write(struct site *site, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	uint32_t n = site->config->nlocales;
	kb_str kept = site->kept_search;
	struct index *indexes;
	int failed = 0;

	if (!site->search_js.len || keep_former(site))
		return 0;
	indexes = kb_arena_array(arena, struct index, n);
	for (uint32_t l = 0; l < n; l++) {
		indexes[l] = (struct index){.site = site,
			.locale = l,
			.readable =
				kb_arena_array(arena, bool, (size_t)site->lib->ndocs + 1),
			.arena = kb_arena_new()};
		indexes[l].kept = take_counted(&kept);
		indexes[l].kept_records = take_counted(&kept);
	}
	read_site(indexes, site);
	for (uint32_t l = 0; l < n && !failed; l++)
		failed = write_index(&indexes[l], err);
	for (uint32_t i = 0; i < site->nlocales && !failed; i++)
		failed = write_root(indexes, &site->locales[i], err);
	for (uint32_t l = 0; l < n; l++)
		index_dispose(&indexes[l]);
	return failed;
}
