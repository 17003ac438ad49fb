/* The owner has read it and it is right. */
#include "fix.h"
#include "front.h"
#include "kb/operand.h"

#include "kb/outdated.h"
#include "kb/unicode.h"

struct review_values {
	struct kb_read_values read;
	kb_strs locales;
	const char *date;
	bool dry_run, still_right;
};

#define AT(member) offsetof(struct review_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"of an id, the document in this locale; may be repeated; all: in each",
		NULL},
	{0, "date", KB_OPT_STRING, AT(date), "DATE",
		"the day of the review, as 2026-11-20; default: today", NULL},
	{0, "still-right", KB_OPT_FLAG, AT(still_right), NULL,
		"a translation whose source changed, and it did not, is right all the same",
		NULL},
	{'n', "dry-run", KB_OPT_FLAG, AT(dry_run), NULL,
		"print a patch of what would change, write nothing", NULL},
	KB_OPTION_END,
};

struct review {
	const struct kb_session *session;
	struct kb_arena *arena;
	kb_str day;
	kb_docs docs;
	struct reviewed {
		struct kb_front front;
		kb_str was;	    /* the review before */
		const char *source; /* blob that it translates now; NULL: none */
		bool uncommitted;   /* neither in HEAD nor among those reviewed */
	} * items;		    /* one a document */
	struct kb_source *head;	    /* NULL: not opened, or there is none */
	bool looked_for_head;
};

static int read_day(struct review *review, const char *date, struct kb_error *err)
{
	const struct kb_library *lib = review->session->lib;
	kb_str zone = lib->config->timezone;
	kb_str today = kb_day_format(review->arena, zone, lib->now);
	time_t t;
	bool is_day;
	review->day = date ? kb_str_of(date) : today;
	if (kb_time_parse(review->day, zone, &t, &is_day) || !is_day)
		return kb_error_set(
			err, KB_E_USAGE, "'%s' is no day: write it as 2026-11-20", date);
	if (kb_str_cmp(review->day, today) > 0)
		return kb_error_set(err, KB_E_USAGE, "%s is yet to come", date);
	return 0;
}

/* What cannot be read whole is not right, whoever says so. */
static int check_front(
	const struct review *review, const struct kb_document *doc, struct kb_error *err)
{
	const struct kb_diags *diags = &review->session->diags;
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
	const struct review *review, const struct kb_document *doc)
{
	const struct kb_library *lib = review->session->lib;
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
	if (!kb_source_has_git(review->session->source))
		return true;
	if (!review->looked_for_head &&
		kb_source_open(&review->head,
			kb_source_root(review->session->source).data, "HEAD", NULL, NULL))
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
	char *blob = kb_arena_alloc(review->arena, 41);
	for (size_t i = 0; i < review->docs.len; i++) {
		if (review->docs.items[i] != source)
			continue;
		kb_source_blob_id(review->session->source, source->path,
			review->items[i].front.yaml.file, blob);
		return blob;
	}
	return source->facts->blob;
}

/* `translation: {revision: …}`; a date that stands there moves along. */
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
	const struct kb_document *doc = review->docs.items[i];
	struct reviewed *item = &review->items[i];
	const struct kb_document *source;
	if (check_front(review, doc, err) || kb_front_open(&item->front, review->arena,
						     review->session->source, doc, err))
		return -1;
	struct kb_yaml_text *yaml = &item->front.yaml;
	kb_str key = kb_front_key(&item->front, "reviewed");
	item->was = kb_node_str(kb_node_get_str(yaml->root, key));
	source = source_of(review, doc);
	if (kb_yaml_set(yaml, yaml->root, key, review->day,
		    kb_front_after(&item->front, "reviewed"), err))
		return -1;
	if (!source)
		return 0;
	item->source = blob_of(review, source);
	item->uncommitted = item->source == source->facts->blob &&
			    !is_committed(review, source, item->source);
	return set_translation(&item->front, item->source, review->day, err);
}

/* How many documents stand between DOC and what is translated from nothing. */
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

static void tell(const struct review *review)
{
	for (size_t i = 0; i < review->docs.len; i++) {
		const struct reviewed *item = &review->items[i];
		const struct kb_document *doc = review->docs.items[i];
		kb_say(stdout, "%.*s: reviewed %.*s", KB_ARG(doc->path),
			KB_ARG(review->day));
		if (!item->was.len)
			kb_say(stdout, ", for the first time");
		else if (!kb_str_eq(item->was, review->day))
			kb_say(stdout, ", before that %.*s", KB_ARG(item->was));
		if (item->source)
			kb_say(stdout, "; translates %.*s at %.10s",
				KB_ARG(source_of(review, doc)->path), item->source);
		kb_say(stdout, "\n");
	}
}

static void warn_uncommitted(const struct review *review)
{
	for (size_t i = 0; i < review->docs.len; i++) {
		const struct kb_document *doc = review->docs.items[i];
		if (review->items[i].uncommitted)
			kb_complain("%.*s is not committed as it stands: commit it with "
				    "%.*s, or the revision will be unknown",
				KB_ARG(source_of(review, doc)->path), KB_ARG(doc->path));
	}
}

/* Is it a translation that its source has left behind, and that nobody has touched? */
static int is_left_behind(const struct review *review, struct kb_history *history,
	struct kb_reader *reader, const struct kb_document *doc, bool *behind,
	struct kb_error *err)
{
	const struct kb_library *lib = review->session->lib;
	struct kb_outdated outdated;
	bool touched;
	*behind = false;
	if (!source_of(review, doc))
		return 0;
	if (kb_outdated_of(&outdated, review->arena, lib, reader, history, doc, err))
		return -1;
	if (!kb_outdated_behind(&outdated))
		return 0;
	if (kb_outdated_touched(
		    &touched, review->arena, lib, reader, history, doc, &outdated, err))
		return -1;
	*behind = !touched;
	if (touched)
		return 0;
	kb_str extent = kb_outdated_extent(review->arena, &outdated);
	kb_complain("%.*s of %.*s changed since %.*s, and %.*s did not: 'kb diff "
		    "--translations %.*s' shows what to translate",
		KB_ARG(extent), KB_ARG(outdated.source->path), KB_ARG(outdated.since),
		KB_ARG(doc->path), KB_ARG(doc->path));
	return 0;
}

/* Nobody has read a translation against its source who left it as it was. */
static int check_behind(const struct review *review, struct kb_error *err)
{
	struct kb_history *history = NULL;
	struct kb_reader *reader;
	size_t behind = 0;
	int failed = 0;
	if (kb_history_load(&history, review->session->source, err))
		return -1;
	reader = kb_reader_new(review->session->source);
	for (size_t i = 0; i < review->docs.len && !failed; i++) {
		bool is_behind = false;
		failed = is_left_behind(
			review, history, reader, review->docs.items[i], &is_behind, err);
		behind += is_behind;
	}
	kb_reader_free(reader);
	kb_history_free(history);
	if (!failed && behind)
		failed = kb_error_set(err, KB_E_REFUSED,
			"nothing is changed; if %s right all the same, say so with "
			"--still-right",
			behind == 1 ? "the translation is" : "the translations are");
	return failed;
}

static int review_all(const struct kb_cli *cli, struct review *review, bool dry_run,
	struct kb_error *err)
{
	size_t n = review->docs.len;
	struct kb_rewrite *rewrites = kb_arena_array(review->arena, struct kb_rewrite, n);
	sort_sources_first(review->session->lib, &review->docs);
	review->items = kb_arena_array(review->arena, struct reviewed, n);
	for (size_t i = 0; i < n; i++) {
		if (review_one(review, i, err))
			return -1;
		rewrites[i] = kb_front_rewrite(&review->items[i].front);
	}
	if (kb_rewrites_make(review->session->source, rewrites, n, dry_run, err))
		return -1;
	if (!dry_run && !cli->quiet)
		tell(review);
	warn_uncommitted(review);
	return 0;
}

static int run_session(const struct kb_cli *cli, const struct review_values *values,
	const kb_strs *operands, const struct kb_session *session)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct review review = {.session = session, .arena = arena};
	struct kb_error err;
	int failed = read_day(&review, values->date, &err);
	for (size_t i = 0; i < operands->len && !failed; i++)
		failed = kb_operand_documents(session->lib, arena, operands->items[i],
			&values->locales, &review.docs, &err);
	if (!failed && !values->still_right)
		failed = check_behind(&review, &err);
	if (!failed)
		failed = review_all(cli, &review, values->dry_run, &err);
	kb_vec_dispose(&review.docs);
	if (review.head)
		kb_source_free(review.head);
	return failed ? kb_fail(&err) : KB_EXIT_OK;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct review_values *values = opaque;
	struct kb_session session;
	struct kb_error err;
	int status;
	if (!operands->len) {
		kb_complain("say which documents you have read, by path or id, as in 'kb "
			    "review descale'");
		return KB_EXIT_FAILED;
	}
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else
		status = run_session(cli, values, operands, &session);
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_review = {
	.name = "review",
	.summary = "say that documents were read and are right",
	.operands = "PATH|ID...",
	.options = options,
	.values_size = sizeof(struct review_values),
	.run = run,
};
