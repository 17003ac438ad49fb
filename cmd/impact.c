/* kb impact: what a change would touch. */
#include "session.h"
#include "kb/operand.h"
#include "output.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/impact.h"
#include "kb/json.h"

struct report {
	const struct kb_library *lib;
	const struct kb_subject *subject;
	const struct kb_impact *impact;
	struct kb_arena *arena;
	struct owner { /* sorted by the number of their touches, then by name */
		kb_str id;
		size_t touches;
	} * owners;
	size_t nowners;
	size_t documents,
		through; /* distinct ones; those reached through snippets only */
};

static kb_str subject_title(const struct report *report)
{
	const struct kb_subject *subject = report->subject;
	const struct kb_config *config = report->lib->config;
	if (subject->kind == KB_SUBJECT_ISSUE)
		return kb_l10n_get(config, &subject->issue->label, 0);
	if (subject->kind == KB_SUBJECT_PERSON)
		return subject->person->name;
	if (subject->kind != KB_SUBJECT_DOCUMENT)
		return KB_STR_NULL;
	if (subject->doc)
		return subject->doc->facts->title;
	for (uint32_t i = 0; i < config->nlocales; i++)
		if (subject->family->by_locale[i])
			return subject->family->by_locale[i]->facts->title;
	return KB_STR_NULL;
}

/* The subject's own name, whatever word led to it. */
static kb_str subject_id(const struct kb_subject *subject)
{
	switch (subject->kind) {
	case KB_SUBJECT_DOCUMENT:
		return subject->doc ? subject->doc->path : subject->family->id;
	case KB_SUBJECT_ISSUE:
		return subject->issue->id;
	case KB_SUBJECT_PERSON:
		return subject->person->id;
	default:
		return subject->name;
	}
}

static struct owner *owner_of(struct report *report, kb_str id)
{
	for (size_t i = 0; i < report->nowners; i++)
		if (kb_str_eq(report->owners[i].id, id))
			return &report->owners[i];
	report->owners[report->nowners].id = id;
	return &report->owners[report->nowners++];
}

static int owner_cmp(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;
	if (a->touches != b->touches)
		return a->touches > b->touches ? -1 : 1;
	return kb_str_cmp(a->id, b->id);
}

/* Touches are sorted by path, so those of one document stand together. */
static void count(struct report *report)
{
	const struct kb_impact *impact = report->impact;
	report->owners = kb_arena_array(report->arena, struct owner, impact->len + 1);
	for (size_t i = 0; i < impact->len;) {
		const struct kb_touch *first = &impact->items[i];
		bool direct = false;
		for (; i < impact->len && kb_str_eq(impact->items[i].path, first->path);
			i++) {
			owner_of(report, impact->items[i].owner)->touches++;
			direct |= !impact->items[i].via;
		}
		report->documents += first->doc != NULL;
		report->through += first->doc && !direct;
	}
	if (report->nowners)
		qsort(report->owners, report->nowners, sizeof(*report->owners),
			owner_cmp);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "includes it, through 'contact-us'" */
static kb_str how(const struct report *report, const struct kb_touch *touch)
{
	const char *phrase = kb_touch_phrase(touch->kind);
	bool owns = touch->kind == KB_TOUCH_OWNER || touch->kind == KB_TOUCH_DEPUTY;
	if (touch->via)
		return kb_arena_fmt(report->arena, "includes '%.*s', which depends on it",
			KB_ARG(touch->via->id));
	if (owns && touch->doc && touch->detail.len)
		return kb_arena_fmt(report->arena, "%s, in the team '%.*s'", phrase,
			KB_ARG(touch->detail));
	if (touch->kind == KB_TOUCH_OWNER && !touch->doc)
		return kb_arena_fmt(report->arena, "the issue '%.*s' is owned by them",
			KB_ARG(touch->detail));
	if (touch->kind == KB_TOUCH_MEMBER)
		return kb_arena_fmt(report->arena, "the team '%.*s' has them as member",
			KB_ARG(touch->detail));
	if (!touch->detail.len)
		return kb_str_of(phrase);
	return kb_arena_fmt(report->arena, "%s: %.*s", phrase, KB_ARG(touch->detail));
}

static void fill_sheet(struct report *report, struct kb_report *sheet)
{
	const struct kb_impact *impact = report->impact;
	kb_str title = subject_title(report);
	bool team = report->subject->kind == KB_SUBJECT_PERSON &&
		    report->subject->person->team;
	kb_report_paragraph(sheet, "The %s '%.*s'%s%.*s",
		team ? "team" : kb_subject_name(report->subject->kind),
		KB_ARG(subject_id(report->subject)), title.len ? ": " : "",
		KB_ARG(title));
	if (!impact->len) {
		kb_report_paragraph(sheet, "Nothing depends on it.");
		return;
	}
	kb_str through = KB_STR("");
	if (report->through)
		through = kb_arena_fmt(report->arena,
			"; %zu of the documents only through what they include",
			report->through);
	kb_report_paragraph(sheet,
		"A change touches %zu document%s of %zu owner%s in %zu place%s%.*s.",
		report->documents, plural(report->documents), report->nowners,
		plural(report->nowners), impact->len, plural(impact->len),
		KB_ARG(through));
	for (size_t k = 0; k < report->nowners; k++) {
		kb_str id = report->owners[k].id;
		kb_report_heading(sheet, 2, "%.*s (%zu)",
			KB_ARG(id.len ? id : KB_STR("without an owner")),
			report->owners[k].touches);
		kb_report_table(sheet, "Place|Title*|How*");
		for (size_t i = 0; i < impact->len; i++) {
			const struct kb_touch *touch = &impact->items[i];
			if (!kb_str_eq(touch->owner, id))
				continue;
			kb_report_cell_fmt(
				sheet, "%.*s:%u", KB_ARG(touch->path), touch->line);
			kb_report_cell(sheet,
				touch->doc ? touch->doc->facts->title : KB_STR(""));
			kb_report_cell(sheet, how(report, touch));
		}
	}
}

static void fill_csv(struct report *report, struct kb_report *sheet)
{
	kb_report_table(sheet, "path|line>|id|locale|title|owner|kind|detail|via");
	for (size_t i = 0; i < report->impact->len; i++) {
		const struct kb_touch *touch = &report->impact->items[i];
		const struct kb_document *doc = touch->doc;
		kb_report_cell(sheet, touch->path);
		kb_report_cell_fmt(sheet, "%u", touch->line);
		kb_report_cell(sheet, doc ? doc->id : KB_STR(""));
		kb_report_cell(sheet, doc ? report->lib->config->locales[doc->locale].code
					  : KB_STR(""));
		kb_report_cell(sheet, doc ? doc->facts->title : KB_STR(""));
		kb_report_cell(sheet, touch->owner);
		kb_report_cell(sheet, kb_str_of(kb_touch_name(touch->kind)));
		kb_report_cell(sheet, touch->detail);
		kb_report_cell(sheet, touch->via ? touch->via->path : KB_STR(""));
	}
}

static void pair_if(struct kb_json *json, const char *key, kb_str value)
{
	if (value.len)
		kb_json_pair(json, key, value);
}

static void put_touch(
	const struct report *report, struct kb_json *json, const struct kb_touch *touch)
{
	kb_json_object(json);
	kb_json_pair(json, "path", touch->path);
	kb_json_key(json, "line");
	kb_json_int(json, touch->line);
	kb_json_pair(json, "kind", kb_str_of(kb_touch_name(touch->kind)));
	if (touch->doc) {
		kb_json_pair(json, "id", touch->doc->id);
		kb_json_pair(json, "locale",
			report->lib->config->locales[touch->doc->locale].code);
		pair_if(json, "title", touch->doc->facts->title);
	}
	pair_if(json, "owner", touch->owner);
	pair_if(json, "detail", touch->detail);
	if (touch->via)
		kb_json_pair(json, "via", touch->via->path);
	kb_json_object_end(json);
}

static void put_json(const struct report *report, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_key(&json, "subject");
	kb_json_object(&json);
	kb_json_pair(&json, "kind", kb_str_of(kb_subject_name(report->subject->kind)));
	kb_json_pair(&json, "id", subject_id(report->subject));
	pair_if(&json, "title", subject_title(report));
	kb_json_object_end(&json);
	kb_json_key(&json, "documents");
	kb_json_int(&json, (long long)report->documents);
	kb_json_key(&json, "touches");
	kb_json_array(&json);
	for (size_t i = 0; i < report->impact->len; i++)
		put_touch(report, &json, &report->impact->items[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static bool put_own(void *ctx, kb_str format, kb_buf *out)
{
	struct report *report = ctx;
	struct kb_report sheet;
	if (kb_str_is(format, "json"))
		put_json(report, out);
	if (!kb_str_is(format, "csv"))
		return kb_str_is(format, "json");
	kb_report_init(&sheet, "");
	fill_csv(report, &sheet);
	kb_report_write(&sheet, KB_STR("csv"), &(struct kb_report_style){0}, out, NULL);
	kb_report_dispose(&sheet);
	return true;
}

struct impact_values {
	struct kb_read_values read;
	kb_strs reports;
	int as;
};

/* In the order of enum kb_subject_kind, behind "anything". */
static const char *const kinds[] = {
	"anything", "document", "variable", "issue", "person", "phrase", NULL};

#define AT(field) offsetof(struct impact_values, field)
static const struct kb_option options[] = {
	{0, "as", KB_OPT_CHOICE, AT(as), "KIND",
		"what WHAT is: document, variable, issue, person or phrase; default: the "
		"first of these that has the name",
		kinds},
	KB_OUTPUT_OPTIONS(
		struct impact_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct impact_values, read),
	KB_OPTION_END,
};

/* Names of one kind: of documents, kb_document_near knows them. */
static void list_names(
	const struct kb_library *lib, enum kb_subject_kind kind, kb_strs *names)
{
	if (kind == KB_SUBJECT_VARIABLE)
		for (uint32_t i = 0; i < lib->config->nvariables; i++) {
			kb_str name = lib->config->variables[i].name;
			size_t dot = kb_str_chr(name, '.');
			kb_vec_push(names, name);
			if (dot != SIZE_MAX)
				kb_vec_push(names, kb_str_sub(name, 0, dot));
		}
	if (kind == KB_SUBJECT_ISSUE)
		for (uint32_t i = 0; i < lib->taxonomy->len; i++)
			kb_vec_push(names, lib->taxonomy->issues[i].id);
	if (kind == KB_SUBJECT_PERSON)
		for (uint32_t i = 0; i < lib->people->len; i++)
			kb_vec_push(names, lib->people->items[i].id);
}

/* What of this kind may be meant; or empty. */
static kb_str near_name(
	const struct kb_library *lib, enum kb_subject_kind kind, kb_str word)
{
	kb_strs names = {0};
	if (kind == KB_SUBJECT_DOCUMENT)
		return kb_document_near(lib, word, KB_TYPE_COUNT);
	list_names(lib, kind, &names);
	const kb_str *near = kb_str_nearest(word, names.items, names.len);
	kb_str found = near ? *near : KB_STR_NULL;
	kb_vec_dispose(&names);
	return found;
}

/* A single word that stands nowhere is a name with a mistake, more likely than a phrase.
 */
static void note_near(const struct kb_library *lib, kb_str word)
{
	_cleanup_buf_ kb_buf list = {0};
	for (int i = 0; i < KB_SUBJECT_PHRASE; i++) {
		kb_str near = near_name(lib, (enum kb_subject_kind)i, word);
		if (near.len)
			kb_buf_fmt(&list, "%sthe %s '%.*s'", list.len ? ", or " : "",
				i == KB_SUBJECT_PERSON
					? "person or team"
					: kb_subject_name((enum kb_subject_kind)i),
				KB_ARG(near));
	}
	if (list.len)
		kb_complain("did you mean %s?", list.data);
}

/* A path from where the user stands is one below the content root. */
static int find_subject(const struct kb_session *session, struct kb_arena *arena,
	const struct impact_values *values, kb_str word, struct kb_subject *out,
	unsigned *others, struct kb_error *err)
{
	enum kb_subject_kind kind =
		values->as ? (enum kb_subject_kind)(values->as - 1) : KB_SUBJECT_KINDS;
	kb_strs operand = {.items = &word, .len = 1}, paths = {0};
	bool is_path = !kb_operand_paths(session->lib, arena, &operand, &paths, NULL) &&
		       kb_library_by_path(session->lib, paths.items[0]);
	if (is_path && (!values->as || kind == KB_SUBJECT_DOCUMENT))
		word = paths.items[0];
	kb_vec_dispose(&paths);
	if (!kb_subject_find(session->lib, word, kind, out, others, err))
		return 0;
	kb_str near = values->as ? near_name(session->lib, kind, word) : KB_STR_NULL;
	if (near.len)
		kb_error_set(err, KB_E_NOTFOUND,
			"there is no %s '%.*s': did you mean '%.*s'?",
			kb_subject_name(kind), KB_ARG(word), KB_ARG(near));
	return -1;
}

static void note_others(const struct kb_subject *subject, unsigned others)
{
	for (int i = 0; i < KB_SUBJECT_KINDS; i++)
		if (others & 1u << i)
			kb_complain("'%.*s' is taken for the %s; for the %s of that name "
				    "say --as %s",
				KB_ARG(subject_id(subject)),
				kb_subject_name(subject->kind), kinds[i + 1],
				kinds[i + 1]);
}

static int report_impact(const struct kb_cli *cli, const struct impact_values *values,
	const struct kb_session *session, kb_str word)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_subject subject;
	struct kb_impact impact;
	struct kb_report sheet;
	struct kb_error err;
	unsigned others;
	if (find_subject(session, arena, values, word, &subject, &others, &err))
		return kb_fail(&err);
	if (!cli->quiet)
		note_others(&subject, others);
	kb_impact_find(session->lib, &subject, values->read.jobs, arena, &impact);
	struct report report = {.lib = session->lib,
		.subject = &subject,
		.impact = &impact,
		.arena = arena};
	count(&report);
	kb_report_init(&sheet, "What a change would touch");
	fill_sheet(&report, &sheet);
	int failed =
		kb_output_report(cli, &values->reports, &sheet, put_own, &report, &err);
	kb_report_dispose(&sheet);
	if (failed)
		return kb_fail(&err);
	if (!impact.len && !values->as && subject.kind == KB_SUBJECT_PHRASE &&
		!cli->quiet)
		note_near(session->lib, word);
	return impact.len ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct impact_values *values = opaque;
	struct kb_session session;
	struct kb_error err;
	int status;
	if (operands->len != 1) {
		kb_complain("'kb impact' takes one WHAT: an id, a path, a variable, an "
			    "issue, a person, or a phrase in quotes");
		return KB_EXIT_FAILED;
	}
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else
		status = report_impact(cli, values, &session, operands->items[0]);
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_impact = {
	.name = "impact",
	.summary = "show everything that a change would touch",
	.operands = "WHAT",
	.options = options,
	.values_size = sizeof(struct impact_values),
	.draws = true,
	.run = run,
};
