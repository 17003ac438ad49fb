/* The owner has read it and it is right. */
#include "front.h"
#include "kb/edit.h"
#include "kb/moment.h"
#include "kb/outdated.h"
#include "kb/unicode.h"

struct review {
	struct kb_rewrites *rewrites;
	const struct kb_library *lib;
	kb_str day;
	const kb_docs *docs;
	struct kb_reviewed *items;
	struct kb_front *fronts;
	struct kb_source *head; /* NULL: not session, or there is none */
	bool looked_for_head;
};

static int read_day(struct review *review, const char *date, struct kb_error *err)
{
	const struct kb_library *lib = review->lib;
	kb_str zone = lib->config->timezone;
	kb_str today = kb_day_format(review->rewrites->arena, zone, lib->now);
	time_t t;
	bool is_day;

	review->day = date ? kb_str_of(date) : today;
	if (kb_time_parse(review->day, zone, &t, &is_day) || !is_day)
		return kb_moment_refuse(err, review->day, "2026-11-20");
	if (kb_str_cmp(review->day, today) > 0)
		return kb_error_set(err, KB_E_USAGE, "%s is in the future", date);
	return 0;
}

/* What cannot be read whole is not right, whoever says so. */
static int check_front(
	const struct review *review, const struct kb_document *doc, struct kb_error *err)
{
	const struct kb_diags *diags = review->rewrites->findings;
	bool broken = doc->facts->broken;

	for (size_t i = 0; i < diags->len && !broken; i++)
		broken = diags->items[i].severity == KB_ERROR &&
			 kb_str_eq(diags->items[i].path, doc->path) &&
			 diags->items[i].range.off < doc->facts->body_offset;
	if (!broken)
		return 0;
	return kb_error_set(err, KB_E_REFUSED,
		"the front matter of %.*s has errors, which 'kb validate' shows; nothing is "
		"changed",
		KB_ARG(doc->path));
}

static bool same_language(const struct kb_config *config, uint32_t a, uint32_t b)
{
	kb_str x = config->locales[a].code, y = config->locales[b].code;

	x = kb_str_sub(x, 0, kb_str_chr(x, '-'));
	y = kb_str_sub(y, 0, kb_str_chr(y, '-'));
	return kb_str_eq(x, y);
}

/* What DOC translates. Another wording in the same language is a translation only when it
 * says so. */
static const struct kb_document *source_of(
	const struct kb_library *lib, const struct kb_document *doc)
{
	const struct kb_document *source = kb_document_source(lib, doc);
	bool own = source && !doc->facts->translation.given &&
		   same_language(lib->config, doc->locale, source->locale);

	return own ? NULL : source;
}

/* Is this what HEAD has of the document? Without a commit nobody can say. */
static bool is_committed(
	struct review *review, const struct kb_document *doc, const char *blob)
{
	_cleanup_buf_ kb_buf text = {0};
	char id[41];

	if (!kb_source_has_git(review->lib->source))
		return true;
	if (!review->looked_for_head &&
		kb_source_open(&review->head, kb_source_root(review->lib->source).data,
			"HEAD", NULL, NULL))
		review->head = NULL;
	review->looked_for_head = true;
	if (!review->head)
		return false;
	struct kb_reader *reader = kb_reader_new(review->head);
	int missing = kb_reader_read(reader, doc->path, 0, &text, NULL);
	kb_reader_free(reader);
	if (missing)
		return false;
	kb_blob_id(kb_buf_view(&text), id);
	return strcmp(id, blob) == 0;
}

/* The blob of the source as it will be: it may be reviewed in the same go. */
static const char *blob_of(struct review *review, const struct kb_document *source)
{
	char *blob = kb_arena_alloc(review->rewrites->arena, 41);

	for (size_t i = 0; i < review->docs->len; i++) {
		if (review->docs->items[i] != source)
			continue;
		kb_source_blob_id(review->lib->source, source->path,
			review->fronts[i].yaml.file, blob);
		return blob;
	}
	return source->facts->blob;
}

/* `translation: {revision: …}`; an existing date changes too. */
static int set_translation(
	struct kb_front *front, const char *blob, kb_str day, struct kb_error *err)
{
	struct kb_yaml_text *yaml = &front->yaml;
	kb_str key = kb_front_key(front, "translation");
	const struct kb_node *map = kb_node_get_str(yaml->root, key);

	if (!map || map->kind != KB_NODE_MAP)
		return kb_yaml_set_map(yaml, yaml->root, key, KB_STR("revision"),
			kb_str_of(blob), kb_front_after(front, "translation"), err);
	if (kb_yaml_set(yaml, map, KB_STR("revision"), kb_str_of(blob), NULL, err))
		return -1;
	map = kb_node_get_str(yaml->root, key);
	return kb_node_get(map, "date")
		       ? kb_yaml_set(yaml, map, KB_STR("date"), day, NULL, err)
		       : 0;
}

static int review_one(struct review *review, size_t i, struct kb_error *err)
{
	const struct kb_document *doc = review->docs->items[i];
	struct kb_reviewed *item = &review->items[i];
	struct kb_front *front = &review->fronts[i];

	if (check_front(review, doc, err) || kb_front_open(front, review->rewrites->arena,
						     review->lib->source, doc, err))
		return -1;
	struct kb_yaml_text *yaml = &front->yaml;
	kb_str key = kb_front_key(front, "reviewed");
	const struct kb_document *source = source_of(review->lib, doc);
	*item = (struct kb_reviewed){.doc = doc,
		.source = source,
		.date = review->day,
		.before = kb_node_str(kb_node_get_str(yaml->root, key))};
	if (kb_yaml_set(yaml, yaml->root, key, review->day,
		    kb_front_after(front, "reviewed"), err))
		return -1;
	if (!source)
		return 0;
	item->revision = blob_of(review, source);
	item->uncommitted = item->revision == source->facts->blob &&
			    !is_committed(review, source, item->revision);
	return set_translation(front, item->revision, review->day, err);
}

/* How many documents are between DOC and the source that it is translated from. */
static unsigned distance(const struct kb_library *lib, const struct kb_document *doc)
{
	unsigned n = 0;

	while ((doc = kb_document_source(lib, doc)))
		n++;
	return n;
}

/* Sources come before their translations, whose revision depends on theirs. */
static void sort_sources_first(const struct kb_library *lib, kb_docs *docs)
{
	for (size_t i = 1; i < docs->len; i++) {
		for (size_t k = i; k > 0; k--) {
			struct kb_document *doc = docs->items[k];

			if (distance(lib, docs->items[k - 1]) <= distance(lib, doc))
				break;
			docs->items[k] = docs->items[k - 1];
			docs->items[k - 1] = doc;
		}
	}
}

int kb_edit_review(struct kb_rewrites *rewrites, kb_docs *docs, const char *date,
	struct kb_reviewed **reviewed, struct kb_error *err)
{
	struct review review = {.rewrites = rewrites, .lib = rewrites->lib, .docs = docs};
	int failed = read_day(&review, date, err);

	sort_sources_first(rewrites->lib, docs);
	review.items = kb_arena_array(rewrites->arena, struct kb_reviewed, docs->len);
	review.fronts = kb_arena_array(rewrites->arena, struct kb_front, docs->len);
	for (size_t i = 0; i < docs->len && !failed; i++) {
		failed = review_one(&review, i, err);
		if (!failed)
			kb_vec_push(rewrites, kb_front_rewrite(&review.fronts[i]));
	}
	kb_source_free(review.head);
	*reviewed = review.items;
	return failed;
}

/* Is it a translation that its source has left behind, and that nobody has touched? */
static int is_left_behind(const struct kb_rewrites *rewrites, struct kb_history *history,
	struct kb_reader *reader, const struct kb_document *doc,
	struct kb_left_behind *behind, struct kb_error *err)
{
	const struct kb_library *lib = rewrites->lib;
	struct kb_outdated outdated;
	bool touched;

	*behind = (struct kb_left_behind){0};
	if (!source_of(lib, doc))
		return 0;
	if (kb_outdated_of(&outdated, rewrites->arena, lib, reader, history, doc, err))
		return -1;
	if (!kb_outdated_behind(&outdated))
		return 0;
	if (kb_outdated_touched(
		    &touched, rewrites->arena, lib, reader, history, doc, &outdated, err))
		return -1;
	if (!touched)
		*behind = (struct kb_left_behind){.doc = doc,
			.source = outdated.source,
			.extent = kb_outdated_extent(rewrites->arena, &outdated),
			.since = outdated.since};
	return 0;
}

int kb_edit_left_behind(struct kb_rewrites *rewrites, const kb_docs *docs,
	struct kb_left_behind **behind, size_t *n, struct kb_error *err)
{
	struct kb_history *history = NULL;
	int failed = 0;

	*behind = kb_arena_array(rewrites->arena, struct kb_left_behind, docs->len);
	*n = 0;
	if (kb_history_load(&history, rewrites->lib->source, err))
		return -1;
	struct kb_reader *reader = kb_reader_new(rewrites->lib->source);
	for (size_t i = 0; i < docs->len && !failed; i++) {
		failed = is_left_behind(
			rewrites, history, reader, docs->items[i], &(*behind)[*n], err);
		*n += (*behind)[*n].doc != NULL;
	}
	kb_reader_free(reader);
	kb_history_free(history);
	return failed;
}
