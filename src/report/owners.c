#include "kb/pages.h"
#include "kb/review.h"
#include "kb/unicode.h"

static kb_str name_of(const struct kb_owner *owner)
{
	if (!owner->id.len)
		return KB_STR("no owner");
	return owner->person ? owner->person->name : KB_STR("not in people.yaml");
}

static kb_str day_of(const struct kb_owners *owners, time_t t)
{
	return t ? kb_day_format(owners->arena, owners->lib->config->timezone, t)
		 : KB_STR("");
}

static const char *review_state(
	const struct kb_owners *owners, const struct kb_document *doc)
{
	const struct kb_library *lib = owners->lib;

	if (doc->facts->status == KB_ARCHIVED)
		return "archived";
	if (!doc->facts->reviewed)
		return "never reviewed";
	return kb_review_overdue(lib->config, doc, lib->now) ? "overdue" : "";
}

static void add_summary(struct kb_report *report, const struct kb_owners *owners)
{
	kb_report_table(report, "Owner|Name*|Documents>|Overdue>|Never reviewed>|As "
				"deputy>|Issues>");
	for (size_t i = 0; i < owners->len; i++) {
		const struct kb_owner *owner = owners->items[i];

		kb_report_cell(report, owner->id.len ? owner->id : KB_STR("(none)"));
		kb_report_cell(report, name_of(owner));
		kb_report_cell_fmt(report, "%zu", owner->docs.len);
		kb_report_cell_fmt(report, "%u", owner->overdue);
		kb_report_cell_fmt(report, "%u", owner->never);
		kb_report_cell_fmt(report, "%zu", owner->deputies.len);
		kb_report_cell_fmt(report, "%zu", owner->issues.len);
	}
}

static void add_document(struct kb_report *report, const struct kb_owners *owners,
	const struct kb_owner *owner, const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = owners->lib->config;

	kb_report_cell(report, owner->id.len ? owner->id : KB_STR("(none)"));
	kb_report_cell(report, kb_str_of(role));
	kb_report_cell(report, doc->path);
	kb_report_cell(report, kb_str_of(kb_type_name(doc->facts->type)));
	kb_report_cell(report, day_of(owners, doc->facts->reviewed));
	kb_report_cell(report, day_of(owners, kb_review_due(config, doc)));
	kb_report_cell(report, kb_str_of(review_state(owners, doc)));
	kb_report_cell(report, doc->facts->title);
}

static void add_issues(struct kb_report *report, const struct kb_owner *owner)
{
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; i < owner->issues.len; i++)
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "",
			KB_ARG(owner->issues.items[i]->id));
	if (list.len)
		kb_report_paragraph(report, "Issues: %s", list.data);
}

/* Who asks about a document wants to reach its owner. */
static void add_contact(struct kb_report *report, const struct kb_person *person)
{
	const kb_str parts[] = {person->contact, person->email, person->hours};
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; i < KB_LEN(parts); i++)
		if (parts[i].len)
			kb_buf_fmt(
				&list, "%s%.*s", list.len ? " · " : "", KB_ARG(parts[i]));
	if (list.len)
		kb_report_paragraph(report, "Contact: %s", list.data);
}

static void add_list(struct kb_report *report, const struct kb_owners *owners)
{
	for (size_t i = 0; i < owners->len; i++) {
		const struct kb_owner *owner = owners->items[i];

		kb_report_heading(report, 2, "%.*s%s%.*s", KB_ARG(owner->id),
			owner->id.len ? ": " : "", KB_ARG(name_of(owner)));
		if (owners->paths.len && owner->person)
			add_contact(report, owner->person);
		if (owner->docs.len + owner->deputies.len)
			kb_report_table(report,
				"Owner|As|Document|Type|Reviewed|Due|Review|Title*");
		for (size_t d = 0; d < owner->docs.len; d++)
			add_document(
				report, owners, owner, "owner", owner->docs.items[d]);
		for (size_t d = 0; d < owner->deputies.len; d++)
			add_document(report, owners, owner, "deputy",
				owner->deputies.items[d]);
		add_issues(report, owner);
	}
}

void kb_report_owners(struct kb_report *report, const struct kb_owners *owners, bool list)
{
	kb_report_init(report, "Who owns what");
	kb_owners_value(owners, report->arena, report->data);
	(list ? add_list : add_summary)(report, owners);
}
