#include "kb/pages.h"
#include "kb/tally.h"

static kb_str owner_name(const struct kb_library *lib, kb_str id)
{
	const struct kb_person *person = kb_people_find(lib->people, id);

	if (!id.len)
		return KB_STR("Without an owner");
	return person && person->name.len ? person->name : id;
}

static void add_finding(struct kb_report *report, const struct kb_audit_finding *finding)
{
	kb_report_cell(report, finding->path);
	if (finding->line)
		kb_report_add(report, ":%u", finding->line);
	kb_report_cell(report, finding->message);
	if (finding->days)
		kb_report_add(report, " (%u day%s)", finding->days,
			finding->days == 1 ? "" : "s");
	kb_report_cell(report, finding->fix);
}

static void add_owner(struct kb_report *report, const struct kb_audit *audit, kb_str id)
{
	const struct kb_audit_finding *last = NULL;

	for (size_t i = 0; i < audit->len; i++) {
		const struct kb_audit_finding *finding = &audit->items[i];

		if (!kb_str_eq(finding->owner, id))
			continue;
		if (!last || last->kind != finding->kind ||
			last->severity != finding->severity) {
			kb_report_heading(report, 3, "%s (%s)",
				kb_audit_title(finding->kind),
				kb_severity_name(finding->severity));
			kb_report_table(report, "Where|What*|Fix*");
		}
		add_finding(report, finding);
		last = finding;
	}
}

static void add_owners(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit *audit)
{
	struct kb_tally owners = {0};

	for (size_t i = 0; i < audit->len; i++)
		kb_tally_add(&owners, audit->items[i].owner);
	kb_tally_sort(&owners);
	for (size_t i = 0; i < owners.len; i++) {
		kb_report_heading(report, 2, "%.*s: %zu",
			KB_ARG(owner_name(lib, owners.items[i].name)), owners.items[i].n);
		add_owner(report, audit, owners.items[i].name);
	}
	kb_vec_dispose(&owners);
}

static void add_counts(struct kb_report *report, const struct kb_audit *audit)
{
	kb_report_table(report, "Findings>|Kind");
	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		if (!audit->counts[kind])
			continue;
		kb_report_cell_fmt(report, "%zu", audit->counts[kind]);
		kb_report_cell(
			report, kb_str_of(kb_audit_title((enum kb_audit_kind)kind)));
	}
}

static void add_scores(struct kb_report *report, const struct kb_audit_scores *scores)
{
	kb_report_paragraph(report, "Score: %u of 100. The formula: %s.",
		scores->all.points, kb_audit_formula);
	if (scores->nteams)
		kb_report_table(report, "Score>|Documents>|Team");
	for (size_t i = 0; i < scores->nteams; i++) {
		kb_report_cell_fmt(report, "%u", scores->teams[i].points);
		kb_report_cell_fmt(report, "%u", scores->teams[i].documents);
		kb_report_cell(report, scores->teams[i].team->name.len
					       ? scores->teams[i].team->name
					       : scores->teams[i].team->id);
	}
}

/* The counts by their stable words, for CSV. */
static void add_count_rows(struct kb_report *report, const struct kb_audit *audit)
{
	struct kb_value *list = kb_value_list(report->arena), *map;

	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		if (!audit->counts[kind])
			continue;
		map = kb_value_push_map(report->arena, list);
		kb_value_set_int(report->arena, map, "findings", audit->counts[kind]);
		kb_value_set_name(report->arena, map, "kind",
			kb_audit_name((enum kb_audit_kind)kind));
	}
	kb_report_rows(report, list, "findings>|kind");
}

void kb_report_audit(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit *audit, const struct kb_audit_scores *scores, bool summary)
{
	kb_str name = kb_l10n_get(lib->config, &lib->config->name, 0);

	kb_report_init(report, "Audit");
	kb_audit_value(lib, audit, scores, summary, report->arena, report->data);
	if (summary)
		add_count_rows(report, audit);
	else
		kb_report_rows(report, kb_value_get(report->data, KB_STR("findings")),
			"kind|severity|owner|locale|path|line>|days>|message|mend");
	kb_report_paragraph(report, "%.*s%s of %.*s: %zu finding%s in %zu document%s.",
		KB_ARG(name), name.len ? ", as" : "As",
		KB_ARG(kb_value_text(kb_value_get(report->data, KB_STR("as_of")))),
		audit->len, audit->len == 1 ? "" : "s", audit->documents,
		audit->documents == 1 ? "" : "s");
	if (audit->len)
		add_counts(report, audit);
	add_scores(report, scores);
	if (!summary)
		add_owners(report, lib, audit);
}
