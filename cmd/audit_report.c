#include "audit.h"

#include <stdlib.h>

#include "kb/json.h"

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

/* Those with the most findings first. */
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

static kb_str owner_name(const struct audit_report *report, kb_str id)
{
	const struct kb_person *person = kb_people_find(report->lib->people, id);
	if (!id.len)
		return KB_STR("Without an owner");
	return person && person->name.len ? person->name : id;
}

static void put_finding(struct kb_report *sheet, const struct kb_audit_finding *finding)
{
	if (finding->line)
		kb_report_cell_fmt(
			sheet, "%.*s:%u", KB_ARG(finding->path), finding->line);
	else
		kb_report_cell(sheet, finding->path);
	if (finding->days)
		kb_report_cell_fmt(sheet, "%.*s (%u day%s)", KB_ARG(finding->message),
			finding->days, finding->days == 1 ? "" : "s");
	else
		kb_report_cell(sheet, finding->message);
	kb_report_cell(sheet, finding->fix);
}

static void put_owner(const struct audit_report *report, struct kb_report *sheet,
	const struct owner *owner)
{
	const struct kb_audit_finding *last = NULL;
	kb_report_heading(sheet, 2, "%.*s: %zu", KB_ARG(owner_name(report, owner->id)),
		owner->findings);
	for (size_t i = 0; i < report->found.len; i++) {
		const struct kb_audit_finding *finding = &report->found.items[i];
		if (!kb_str_eq(finding->owner, owner->id))
			continue;
		if (!last || last->kind != finding->kind ||
			last->severity != finding->severity) {
			kb_report_heading(sheet, 3, "%s (%s)",
				kb_audit_title(finding->kind),
				kb_severity_name(finding->severity));
			kb_report_table(sheet, "Where|What*|Mend*");
		}
		put_finding(sheet, finding);
		last = finding;
	}
}

/* By number, and by the kind's title or its stable word. */
static void put_counts(const struct audit_report *report, struct kb_report *sheet,
	const char *columns, const char *name(enum kb_audit_kind kind))
{
	kb_report_table(sheet, columns);
	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		if (!report->counts[kind])
			continue;
		kb_report_cell_fmt(sheet, "%zu", report->counts[kind]);
		kb_report_cell(sheet, kb_str_of(name((enum kb_audit_kind)kind)));
	}
}

void audit_sheet(const struct audit_report *report, struct kb_report *sheet)
{
	struct owners owners = list_owners(&report->found);
	kb_str name = kb_l10n_get(report->lib->config, &report->lib->config->name, 0);
	kb_report_paragraph(sheet, "%.*s%s of %.*s: %zu finding%s in %zu document%s.",
		KB_ARG(name), name.len ? ", as" : "As", KB_ARG(report->day),
		report->found.len, report->found.len == 1 ? "" : "s", report->documents,
		report->documents == 1 ? "" : "s");
	if (report->found.len)
		put_counts(report, sheet, "Findings>|Kind", kb_audit_title);
	for (size_t i = 0; i < owners.len && !report->summary; i++)
		put_owner(report, sheet, &owners.items[i]);
	kb_vec_dispose(&owners);
}

static void put_json_finding(const struct audit_report *report, struct kb_json *json,
	const struct kb_audit_finding *finding)
{
	const struct kb_config *config = report->lib->config;
	kb_json_object(json);
	kb_json_pair(json, "kind", kb_str_of(kb_audit_name(finding->kind)));
	kb_json_pair(json, "severity", kb_str_of(kb_severity_name(finding->severity)));
	kb_json_pair(json, "path", finding->path);
	if (finding->line) {
		kb_json_key(json, "line");
		kb_json_int(json, finding->line);
	}
	if (finding->doc && finding->doc->id.len)
		kb_json_pair(json, "id", finding->doc->id);
	if (finding->issue)
		kb_json_pair(json, "issue", finding->issue->id);
	if (finding->locale != KB_NONE)
		kb_json_pair(json, "locale", config->locales[finding->locale].code);
	if (finding->owner.len)
		kb_json_pair(json, "owner", finding->owner);
	kb_json_pair(json, "message", finding->message);
	kb_json_pair(json, "mend", finding->fix);
	if (finding->days) {
		kb_json_key(json, "days");
		kb_json_int(json, finding->days);
	}
	kb_json_object_end(json);
}

static void put_json(const struct audit_report *report, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_pair(&json, "as_of", report->day);
	kb_json_key(&json, "documents");
	kb_json_int(&json, (long long)report->documents);
	kb_json_key(&json, "counts");
	kb_json_object(&json);
	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		kb_json_key(&json, kb_audit_name((enum kb_audit_kind)kind));
		kb_json_int(&json, (long long)report->counts[kind]);
	}
	kb_json_object_end(&json);
	if (!report->summary) {
		kb_json_key(&json, "findings");
		kb_json_array(&json);
		for (size_t i = 0; i < report->found.len; i++)
			put_json_finding(report, &json, &report->found.items[i]);
		kb_json_array_end(&json);
	}
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static void put_number(struct kb_report *sheet, uint32_t n)
{
	if (n)
		kb_report_cell_fmt(sheet, "%u", n);
	else
		kb_report_cell(sheet, KB_STR(""));
}

static void put_csv_finding(const struct audit_report *report, struct kb_report *sheet,
	const struct kb_audit_finding *finding)
{
	const struct kb_config *config = report->lib->config;
	kb_report_cell(sheet, kb_str_of(kb_audit_name(finding->kind)));
	kb_report_cell(sheet, kb_str_of(kb_severity_name(finding->severity)));
	kb_report_cell(sheet, finding->owner);
	kb_report_cell(sheet, finding->locale == KB_NONE
				      ? KB_STR("")
				      : config->locales[finding->locale].code);
	kb_report_cell(sheet, finding->path);
	put_number(sheet, finding->line);
	put_number(sheet, finding->days);
	kb_report_cell(sheet, finding->message);
	kb_report_cell(sheet, finding->fix);
}

static void put_csv(const struct audit_report *report, kb_buf *out)
{
	struct kb_report sheet;
	kb_report_init(&sheet, "");
	if (report->summary) {
		put_counts(report, &sheet, "findings>|kind", kb_audit_name);
	} else {
		kb_report_table(&sheet,
			"kind|severity|owner|locale|path|line>|days>|message|mend");
		for (size_t i = 0; i < report->found.len; i++)
			put_csv_finding(report, &sheet, &report->found.items[i]);
	}
	kb_report_write(&sheet, KB_STR("csv"), &(struct kb_report_style){0}, out, NULL);
	kb_report_dispose(&sheet);
}

bool audit_put_own(void *report, kb_str format, kb_buf *out)
{
	if (kb_str_is(format, "json"))
		put_json(report, out);
	else if (kb_str_is(format, "csv"))
		put_csv(report, out);
	else
		return false;
	return true;
}
