#include "owners_report.h"

#include "kb/json.h"
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

static void put_summary(const struct kb_owners *owners, struct kb_report *sheet)
{
	kb_report_table(sheet, "Owner|Name*|Documents>|Overdue>|Never reviewed>|As "
			       "deputy>|Issues>");
	for (size_t i = 0; i < owners->len; i++) {
		const struct kb_owner *owner = owners->items[i];
		kb_report_cell(sheet, owner->id.len ? owner->id : KB_STR("(none)"));
		kb_report_cell(sheet, name_of(owner));
		kb_report_cell_fmt(sheet, "%zu", owner->docs.len);
		kb_report_cell_fmt(sheet, "%u", owner->overdue);
		kb_report_cell_fmt(sheet, "%u", owner->never);
		kb_report_cell_fmt(sheet, "%zu", owner->deputies.len);
		kb_report_cell_fmt(sheet, "%zu", owner->issues.len);
	}
}

static void put_document(const struct kb_owners *owners, struct kb_report *sheet,
	const struct kb_owner *owner, const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = owners->lib->config;
	kb_report_cell(sheet, owner->id.len ? owner->id : KB_STR("(none)"));
	kb_report_cell(sheet, kb_str_of(role));
	kb_report_cell(sheet, doc->path);
	kb_report_cell(sheet, kb_str_of(kb_type_name(doc->facts->type)));
	kb_report_cell(sheet, day_of(owners, doc->facts->reviewed));
	kb_report_cell(sheet, day_of(owners, kb_review_due(config, doc)));
	kb_report_cell(sheet, kb_str_of(review_state(owners, doc)));
	kb_report_cell(sheet, doc->facts->title);
}

static void put_issues(struct kb_report *sheet, const struct kb_owner *owner)
{
	_cleanup_buf_ kb_buf list = {0};
	for (size_t i = 0; i < owner->issues.len; i++)
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "",
			KB_ARG(owner->issues.items[i]->id));
	if (list.len)
		kb_report_paragraph(sheet, "Issues: %s", list.data);
}

/* Who asks about a document wants to reach its owner. */
static void put_contact(struct kb_report *sheet, const struct kb_person *person)
{
	const kb_str parts[] = {person->contact, person->email, person->hours};
	_cleanup_buf_ kb_buf list = {0};
	for (size_t i = 0; i < KB_LEN(parts); i++)
		if (parts[i].len)
			kb_buf_fmt(
				&list, "%s%.*s", list.len ? " · " : "", KB_ARG(parts[i]));
	if (list.len)
		kb_report_paragraph(sheet, "Contact: %s", list.data);
}

static void put_list(const struct kb_owners *owners, struct kb_report *sheet)
{
	for (size_t i = 0; i < owners->len; i++) {
		const struct kb_owner *owner = owners->items[i];
		kb_report_heading(sheet, 2, "%.*s%s%.*s", KB_ARG(owner->id),
			owner->id.len ? ": " : "", KB_ARG(name_of(owner)));
		if (owners->paths.len && owner->person)
			put_contact(sheet, owner->person);
		if (owner->docs.len + owner->deputies.len)
			kb_report_table(sheet,
				"Owner|As|Document|Type|Reviewed|Due|Review|Title*");
		for (size_t d = 0; d < owner->docs.len; d++)
			put_document(owners, sheet, owner, "owner", owner->docs.items[d]);
		for (size_t d = 0; d < owner->deputies.len; d++)
			put_document(
				owners, sheet, owner, "deputy", owner->deputies.items[d]);
		put_issues(sheet, owner);
	}
}

static void json_document(const struct kb_owners *owners, struct kb_json *json,
	const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = owners->lib->config;
	time_t due = kb_review_due(config, doc);
	kb_json_object(json);
	kb_json_pair(json, "path", doc->path);
	kb_json_pair(json, "id", doc->id);
	kb_json_pair(json, "locale", config->locales[doc->locale].code);
	kb_json_pair(json, "type", kb_str_of(kb_type_name(doc->facts->type)));
	kb_json_pair(json, "title", doc->facts->title);
	kb_json_pair(json, "as", kb_str_of(role));
	if (doc->facts->reviewed)
		kb_json_pair(json, "reviewed", day_of(owners, doc->facts->reviewed));
	if (due)
		kb_json_pair(json, "due", day_of(owners, due));
	kb_json_key(json, "overdue");
	kb_json_bool(json, kb_review_overdue(config, doc, owners->lib->now));
	kb_json_object_end(json);
}

static void json_number(struct kb_json *json, const char *key, size_t n)
{
	kb_json_key(json, key);
	kb_json_int(json, (long long)n);
}

static void json_owner(const struct kb_owners *owners, struct kb_json *json,
	const struct kb_owner *owner)
{
	kb_json_object(json);
	if (owner->id.len)
		kb_json_pair(json, "id", owner->id);
	if (owner->person)
		kb_json_pair(json, "name", owner->person->name);
	kb_json_key(json, "known");
	kb_json_bool(json, owner->person != NULL);
	json_number(json, "owned", owner->docs.len);
	json_number(json, "overdue", owner->overdue);
	json_number(json, "never_reviewed", owner->never);
	kb_json_key(json, "documents");
	kb_json_array(json);
	for (size_t i = 0; i < owner->docs.len; i++)
		json_document(owners, json, "owner", owner->docs.items[i]);
	for (size_t i = 0; i < owner->deputies.len; i++)
		json_document(owners, json, "deputy", owner->deputies.items[i]);
	kb_json_array_end(json);
	kb_json_key(json, "issues");
	kb_json_array(json);
	for (size_t i = 0; i < owner->issues.len; i++)
		kb_json_str(json, owner->issues.items[i]->id);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

void owners_json(const struct kb_owners *owners, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	json_number(&json, "version", 1);
	kb_json_key(&json, "owners");
	kb_json_array(&json);
	for (size_t i = 0; i < owners->len; i++)
		json_owner(owners, &json, owners->items[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

void owners_report(const struct kb_owners *owners, bool list, struct kb_report *sheet)
{
	if (list)
		put_list(owners, sheet);
	else
		put_summary(owners, sheet);
}
