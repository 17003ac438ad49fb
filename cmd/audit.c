/* kb audit: what is stale, missing or orphaned. */
#include "open.h"
#include "pick.h"
#include "progress.h"
#include "sheet_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/audit.h"
#include "kb/check.h"
#include "kb/json.h"
#include "kb/unicode.h"

struct audit_values {
	struct kb_read_values read;
	kb_strs reports, owners;
	const char *issue, *locale, *as_of;
	int min_severity, fail_level;
	bool summary;
};

static const char *const min_severities[] = {"info", "warning", "error", NULL};

#define AT(member) offsetof(struct audit_values, member)
static const struct kb_option options[] = {
	{0, "owner", KB_OPT_LIST, AT(owners), "ID",
		"only what this person or team owns; may be repeated", NULL},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only what is about this issue, or one below it", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"only documents in this locale", NULL},
	{0, "min-severity", KB_OPT_CHOICE, AT(min_severity), "LEVEL",
		"leave out what is less than info (default), warning or error",
		min_severities},
	{0, "as-of", KB_OPT_STRING, AT(as_of), "DATE",
		"as on that day, 2026-11-20; default: today", NULL},
	{0, "summary", KB_OPT_FLAG, AT(summary), NULL,
		"only how many there are of each kind", NULL},
	{0, "fail-level", KB_OPT_CHOICE, AT(fail_level), "LEVEL",
		"end with status 1 on findings of this severity or worse: error "
		"(default), warning, info or none",
		kb_fail_levels},
	KB_SHEET_OPTIONS(
		struct audit_values, reports, kb_sheet_formats, KB_SHEET_FORMATS_HELP),
	KB_READ_OPTIONS(struct audit_values, read),
	KB_OPTION_END,
};

struct run {
	const struct kb_opened *opened;
	const struct audit_values *values;
	struct kb_audit audit; /* what is asked for, once it is chosen */
	struct kb_arena *arena;
	const struct kb_issue *issue;
	uint32_t locale; /* KB_NONE: all */
	kb_str day;
};

static bool has_owner(const struct run *run, kb_str owner)
{
	const kb_strs *wanted = &run->values->owners;
	for (size_t i = 0; i < wanted->len; i++)
		if (kb_str_eq(wanted->items[i], owner))
			return true;
	return wanted->len == 0;
}

static bool is_about(const struct run *run, const struct kb_audit_finding *finding)
{
	const struct kb_taxonomy *taxonomy = run->opened->lib->taxonomy;
	if (!run->issue)
		return true;
	const struct kb_issue *end =
		&taxonomy->issues[0] +
		taxonomy->issues[kb_taxonomy_index(taxonomy, run->issue)].end;
	if (finding->issue)
		return finding->issue >= run->issue && finding->issue < end;
	for (size_t i = 0; finding->doc && i < finding->doc->issues.len; i++) {
		const struct kb_issue *own =
			kb_taxonomy_find(taxonomy, finding->doc->issues.items[i]);
		if (own && own >= run->issue && own < end)
			return true;
	}
	return false;
}

static bool is_wanted(const struct run *run, const struct kb_audit_finding *finding)
{
	return has_owner(run, finding->owner) && is_about(run, finding) &&
	       (run->locale == KB_NONE ||
		       (finding->doc && finding->doc->locale == run->locale)) &&
	       (int)finding->severity >= KB_INFO + run->values->min_severity;
}

static void choose(struct run *run)
{
	struct kb_audit *audit = &run->audit;
	size_t kept = 0;
	memset(audit->counts, 0, sizeof audit->counts);
	for (size_t i = 0; i < audit->len; i++) {
		if (!is_wanted(run, &audit->items[i]))
			continue;
		audit->counts[audit->items[i].kind]++;
		audit->items[kept++] = audit->items[i];
	}
	audit->len = kept;
}

/* Owners in the order of the number of their findings. */
struct owner {
	kb_str id;
	size_t findings;
};
struct owners {
	KB_VEC(struct owner);
};

static int owner_cmp(const void *pa, const void *pb)
{
	const struct owner *a = pa, *b = pb;
	if (a->findings != b->findings)
		return a->findings > b->findings ? -1 : 1;
	return kb_str_cmp(a->id, b->id);
}

static struct owners list_owners(const struct kb_audit *audit)
{
	struct owners owners = {0};
	for (size_t i = 0; i < audit->len; i++) {
		size_t k = 0;
		while (k < owners.len &&
			!kb_str_eq(owners.items[k].id, audit->items[i].owner))
			k++;
		if (k == owners.len)
			kb_vec_push(&owners, ((struct owner){audit->items[i].owner, 0}));
		owners.items[k].findings++;
	}
	if (owners.len)
		qsort(owners.items, owners.len, sizeof(*owners.items), owner_cmp);
	return owners;
}

static kb_str owner_name(const struct run *run, kb_str id)
{
	const struct kb_person *person = kb_people_find(run->opened->lib->people, id);
	if (!id.len)
		return KB_STR("Without an owner");
	return person && person->name.len ? person->name : id;
}

static void put_counts(const struct run *run, struct kb_sheet *sheet)
{
	kb_sheet_table(sheet, "Findings>|Kind");
	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		if (!run->audit.counts[kind])
			continue;
		kb_sheet_cell_fmt(sheet, "%zu", run->audit.counts[kind]);
		kb_sheet_cell(sheet, kb_str_of(kb_audit_title((enum kb_audit_kind)kind)));
	}
}

static void put_finding(struct kb_sheet *sheet, const struct kb_audit_finding *finding)
{
	kb_sheet_cell(sheet, kb_str_of(kb_severity_name(finding->severity)));
	kb_sheet_cell(sheet, finding->path);
	kb_sheet_cell(sheet, kb_str_of(kb_audit_title(finding->kind)));
	if (finding->days)
		kb_sheet_cell_fmt(sheet, "%.*s (%u day%s)", KB_ARG(finding->message),
			finding->days, finding->days == 1 ? "" : "s");
	else
		kb_sheet_cell(sheet, finding->message);
	kb_sheet_cell(sheet, finding->mend);
}

static void fill_sheet(const struct run *run, struct kb_sheet *sheet)
{
	struct owners owners = list_owners(&run->audit);
	kb_sheet_paragraph(sheet, "As of %.*s: %zu finding%s in %zu documents.",
		KB_ARG(run->day), run->audit.len, run->audit.len == 1 ? "" : "s",
		run->audit.documents);
	if (run->audit.len)
		put_counts(run, sheet);
	for (size_t k = 0; k < owners.len && !run->values->summary; k++) {
		kb_sheet_heading(sheet, 2, "%.*s (%zu)",
			KB_ARG(owner_name(run, owners.items[k].id)),
			owners.items[k].findings);
		kb_sheet_table(sheet, "Severity|Where|Kind|What*|Mend*");
		for (size_t i = 0; i < run->audit.len; i++)
			if (kb_str_eq(run->audit.items[i].owner, owners.items[k].id))
				put_finding(sheet, &run->audit.items[i]);
	}
	kb_vec_dispose(&owners);
}

static void put_json_finding(const struct run *run, struct kb_json *json,
	const struct kb_audit_finding *finding)
{
	kb_json_object(json);
	kb_json_pair(json, "kind", kb_str_of(kb_audit_name(finding->kind)));
	kb_json_pair(json, "severity", kb_str_of(kb_severity_name(finding->severity)));
	kb_json_pair(json, "path", finding->path);
	if (finding->doc) {
		kb_json_pair(json, "id", finding->doc->id);
		kb_json_pair(json, "locale",
			run->opened->lib->config->locales[finding->doc->locale].code);
	}
	if (finding->issue)
		kb_json_pair(json, "issue", finding->issue->id);
	if (finding->owner.len)
		kb_json_pair(json, "owner", finding->owner);
	kb_json_pair(json, "message", finding->message);
	if (finding->mend.len)
		kb_json_pair(json, "mend", finding->mend);
	if (finding->days) {
		kb_json_key(json, "days");
		kb_json_int(json, finding->days);
	}
	kb_json_object_end(json);
}

static void put_json(const struct run *run, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_pair(&json, "as_of", run->day);
	kb_json_key(&json, "documents");
	kb_json_int(&json, (long long)run->audit.documents);
	kb_json_key(&json, "findings");
	kb_json_array(&json);
	for (size_t i = 0; i < run->audit.len; i++)
		put_json_finding(run, &json, &run->audit.items[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static void put_csv(const struct run *run, kb_buf *out)
{
	struct kb_sheet sheet;
	kb_sheet_init(&sheet, "");
	kb_sheet_table(&sheet, "kind|severity|owner|path|days>|message|mend");
	for (size_t i = 0; i < run->audit.len; i++) {
		const struct kb_audit_finding *finding = &run->audit.items[i];
		kb_sheet_cell(&sheet, kb_str_of(kb_audit_name(finding->kind)));
		kb_sheet_cell(&sheet, kb_str_of(kb_severity_name(finding->severity)));
		kb_sheet_cell(&sheet, finding->owner);
		kb_sheet_cell(&sheet, finding->path);
		kb_sheet_cell_fmt(&sheet, "%u", finding->days);
		kb_sheet_cell(&sheet, finding->message);
		kb_sheet_cell(&sheet, finding->mend);
	}
	kb_sheet_csv(&sheet, out);
	kb_sheet_dispose(&sheet);
}

static bool put_own(void *ctx, kb_str format, kb_buf *out)
{
	if (kb_str_is(format, "json"))
		put_json(ctx, out);
	else if (kb_str_is(format, "csv"))
		put_csv(ctx, out);
	else
		return false;
	return true;
}

static int status_of(const struct run *run)
{
	int level = run->values->fail_level;
	for (size_t i = 0; i < run->audit.len; i++)
		if (level < 3 && (int)run->audit.items[i].severity >= KB_ERROR - level)
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}

static int read_values(struct run *run, struct kb_error *err)
{
	const struct kb_library *lib = run->opened->lib;
	const struct audit_values *values = run->values;
	run->locale = KB_NONE;
	for (size_t i = 0; i < values->owners.len; i++)
		if (!kb_people_find(lib->people, values->owners.items[i]))
			return kb_error_set(err, KB_E_USAGE,
				"there is no person or team '%.*s' in people.yaml",
				KB_ARG(values->owners.items[i]));
	if (values->locale && kb_pick_locale(lib, values->locale, &run->locale, err))
		return -1;
	return values->issue
		       ? kb_pick_issue(lib, kb_str_of(values->issue), &run->issue, err)
		       : 0;
}

static int audit(const struct kb_cli *cli, struct run *run, struct kb_opened *opened)
{
	struct kb_check_options check_options = {.threads = run->values->read.jobs};
	struct kb_audit_options audit_options = {.threads = run->values->read.jobs};
	struct kb_history *history;
	struct kb_sheet sheet;
	struct kb_error err;
	if (read_values(run, &err) || kb_history_load(&history, opened->source, &err))
		return kb_fail(&err);
	kb_check(opened->lib, &check_options, &opened->diags);
	kb_opened_finish(opened);
	audit_options.findings = &opened->diags;
	kb_audit_find(opened->lib, history, &audit_options, run->arena, &run->audit);
	kb_history_free(history);
	choose(run);
	kb_sheet_init(&sheet, "Audit");
	fill_sheet(run, &sheet);
	int failed =
		kb_sheet_report(cli, &run->values->reports, &sheet, put_own, run, &err);
	kb_sheet_dispose(&sheet);
	if (run->audit.shallow && !cli->quiet)
		kb_complain("this clone lacks a part of the history, and what depends on "
			    "it is left out: 'git fetch --unshallow', or fetch-depth: 0 "
			    "in CI, brings it");
	return failed ? kb_fail(&err) : status_of(run);
}

/* The library takes its time from there, and everything its own from the library. */
static int set_clock(const char *day, struct kb_error *err)
{
	char seconds[32];
	time_t t;
	bool is_day;
	if (!day)
		return 0;
	if (kb_time_parse(kb_str_of(day), KB_STR("UTC"), &t, &is_day))
		return kb_error_set(
			err, KB_E_USAGE, "'%s' is no day: write it as 2026-11-20", day);
	snprintf(seconds, sizeof seconds, "%lld", (long long)t + (is_day ? 43200 : 0));
	return setenv("SOURCE_DATE_EPOCH", seconds, 1)
		       ? kb_error_errno(err, "cannot set the clock")
		       : 0;
}

static int run_audit(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct audit_values *values = opaque;
	struct kb_opened opened;
	struct kb_error err;
	int status;
	(void)operands;
	if (set_clock(values->as_of, &err))
		return kb_fail(&err);
	struct kb_progress *progress = kb_progress_start(cli, "Auditing");
	if (kb_open(cli, &opened, &values->read, &err)) {
		kb_progress_end(progress);
		status = kb_open_failed(cli, &opened, &err);
	} else {
		struct run run = {
			.opened = &opened, .values = values, .arena = kb_arena_new()};
		run.day = kb_day_format(
			run.arena, opened.lib->config->timezone, opened.lib->now);
		kb_progress_end(progress);
		status = audit(cli, &run, &opened);
		kb_arena_free(run.arena);
	}
	kb_opened_dispose(&opened);
	return status;
}

const struct kb_command kb_cmd_audit = {
	.name = "audit",
	.summary = "say what content is stale or missing, by owner",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct audit_values),
	.run = run_audit,
};
