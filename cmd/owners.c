#include "kb/operand.h"
#include "owners.h"
#include "kb/pick.h"
#include "output.h"

#include "kb/json.h"
#include "kb/review.h"
#include "kb/unicode.h"

struct owners_values {
	struct kb_read_values read;
	kb_strs reports, owners, types, locales;
	bool list;
};

static const char *const formats[] = {
	"text", "markdown", "html", "json", "csv", "codeowners", NULL};

#define AT(member) offsetof(struct owners_values, member)
static const struct kb_option options[] = {
	{0, "owner", KB_OPT_LIST, AT(owners), "ID",
		"list what this person or team owns; may be repeated", NULL},
	{0, "list", KB_OPT_FLAG, AT(list), NULL,
		"list documents and issues, not just how many", NULL},
	{'t', "type", KB_OPT_LIST, AT(types), "TYPE",
		"only documents of this type; may be repeated", NULL},
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"only documents in this locale; may be repeated", NULL},
	KB_OUTPUT_OPTIONS(struct owners_values, reports, formats,
		"print text (default), markdown, html, json, csv, or codeowners for the "
		"file CODEOWNERS; may be repeated, each with --output"),
	KB_READ_OPTIONS(struct owners_values, read),
	KB_OPTION_END,
};

struct owners {
	const struct kb_session *session;
	struct kb_arena *arena;
	const struct owners_values *values;
	kb_strs paths;		/* of what is asked about; none: all, and issues, too */
	KB_VEC(struct owner *); /* those who own something */
	kb_map by_id;
	struct owner nobody;
	unsigned skipped; /* in CODEOWNERS */
};

/* Words that options may hold. */
static int check_word(const char *noun, kb_str word, const kb_str *words, size_t n,
	struct kb_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(words[i], word))
			return 0;
	const kb_str *near = kb_str_nearest(word, words, n);
	if (near)
		return kb_error_set(err, KB_E_USAGE,
			"there is no %s '%.*s': did you mean '%.*s'?", noun, KB_ARG(word),
			KB_ARG(*near));
	return kb_error_set(err, KB_E_USAGE, "there is no %s '%.*s'", noun, KB_ARG(word));
}

static int check_values(const struct owners *owners, struct kb_error *err)
{
	const struct owners_values *values = owners->values;
	const struct kb_config *config = owners->session->lib->config;
	kb_strs ids = {0};
	int failed = 0;
	enum kb_type type;
	for (size_t i = 0; i < values->types.len && !failed; i++)
		if (kb_type_parse(values->types.items[i], &type))
			failed = kb_error_set(err, KB_E_USAGE,
				"there is no type '%.*s': it is one of article, "
				"workflow, reply, reference and snippet",
				KB_ARG(values->types.items[i]));
	for (size_t i = 0; i < values->locales.len && !failed; i++)
		if (kb_config_locale(config, values->locales.items[i]) == KB_NONE)
			failed = kb_locale_unknown(config, values->locales.items[i], err);
	for (size_t i = 0; i < owners->by_id.len; i++)
		kb_vec_push(&ids, owners->by_id.entries[i].key);
	for (size_t i = 0; i < values->owners.len && !failed; i++)
		failed = check_word("person or team", values->owners.items[i], ids.items,
			ids.len, err);
	kb_vec_dispose(&ids);
	return failed;
}

static bool is_wanted(const struct owners *owners, const struct kb_document *doc)
{
	const struct owners_values *values = owners->values;
	const struct kb_config *config = owners->session->lib->config;
	bool type = values->types.len == 0, locale = values->locales.len == 0;
	for (size_t i = 0; i < values->types.len; i++)
		type |= kb_str_is(values->types.items[i], kb_type_name(doc->facts->type));
	for (size_t i = 0; i < values->locales.len; i++)
		locale |=
			kb_config_locale(config, values->locales.items[i]) == doc->locale;
	return type && locale && !doc->facts->broken &&
	       kb_path_selected(&owners->paths, doc->path);
}

static struct owner *owner_of(struct owners *owners, kb_str id)
{
	struct owner *owner = id.len ? kb_map_get(&owners->by_id, id) : &owners->nobody;
	if (owner)
		return owner;
	owner = kb_arena_new_of(owners->arena, struct owner);
	owner->id = id;
	owner->person = kb_people_find(owners->session->lib->people, id);
	kb_map_put(&owners->by_id, id, owner);
	return owner;
}

static void take_document(struct owners *owners, const struct kb_document *doc)
{
	const struct kb_library *lib = owners->session->lib;
	struct owner *owner = owner_of(owners, doc->facts->owner);
	kb_vec_push(&owner->docs, doc);
	owner->overdue += kb_review_overdue(lib->config, doc, lib->now);
	owner->never += !doc->facts->reviewed && doc->facts->status != KB_ARCHIVED;
	if (doc->facts->deputy.len)
		kb_vec_push(&owner_of(owners, doc->facts->deputy)->deputies, doc);
}

static bool is_asked_for(const struct owners *owners, kb_str id)
{
	const kb_strs *ids = &owners->values->owners;
	for (size_t i = 0; i < ids->len; i++)
		if (kb_str_eq(ids->items[i], id))
			return true;
	return ids->len == 0;
}

/* The paths of an operand: a file, a folder, or an id in all its locales. */
static int add_operand(struct owners *owners, kb_str word, struct kb_error *err)
{
	const struct kb_library *lib = owners->session->lib;
	const struct kb_family *family = kb_library_family(lib, word);
	kb_strs one = {.items = &word, .len = 1};
	if (!kb_operand_paths(
		    owners->session->lib, owners->arena, &one, &owners->paths, NULL))
		return 0;
	if (!family)
		return kb_document_unknown(lib, word, err);
	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		if (family->by_locale[l])
			kb_vec_push(&owners->paths, family->by_locale[l]->path);
	return 0;
}

static int read_operands(
	struct owners *owners, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = owners->session->lib;
	for (size_t i = 0; i < operands->len; i++) {
		size_t before = owners->paths.len, found = 0;
		if (add_operand(owners, operands->items[i], err))
			return -1;
		kb_strs own = {.items = owners->paths.items + before,
			.len = owners->paths.len - before};
		for (uint32_t d = 0; d < lib->ndocs; d++)
			found += kb_path_selected(&own, lib->docs[d]->path);
		if (!found)
			return kb_error_set(err, KB_E_USAGE, "'%.*s' is no document",
				KB_ARG(operands->items[i]));
	}
	return 0;
}

/* Those in people.yaml first and in its order, then who is not there, then nobody. */
static void collect(struct owners *owners)
{
	const struct kb_library *lib = owners->session->lib;
	for (uint32_t i = 0; i < lib->people->len; i++)
		owner_of(owners, lib->people->items[i].id);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (is_wanted(owners, lib->docs[i]))
			take_document(owners, lib->docs[i]);
	for (uint32_t i = 0; !owners->paths.len && i < lib->taxonomy->len; i++) {
		const struct kb_issue *issue = &lib->taxonomy->issues[i];
		if (!issue->retired)
			kb_vec_push(&owner_of(owners, issue->owner)->issues, issue);
	}
	for (size_t i = 0; i < owners->by_id.len; i++) {
		struct owner *owner = owners->by_id.entries[i].value;
		if ((owner->docs.len || owner->deputies.len || owner->issues.len) &&
			is_asked_for(owners, owner->id))
			kb_vec_push(owners, owner);
	}
	if (owners->nobody.docs.len + owners->nobody.issues.len &&
		!owners->values->owners.len)
		kb_vec_push(owners, &owners->nobody);
}

static void dispose(struct owners *owners)
{
	for (size_t i = 0; i <= owners->by_id.len; i++) {
		struct owner *owner = i < owners->by_id.len
					      ? owners->by_id.entries[i].value
					      : &owners->nobody;
		kb_vec_dispose(&owner->docs);
		kb_vec_dispose(&owner->deputies);
		kb_vec_dispose(&owner->issues);
	}
	kb_vec_dispose(owners);
	kb_vec_dispose(&owners->paths);
	kb_map_dispose(&owners->by_id);
}

static kb_str name_of(const struct owner *owner)
{
	if (!owner->id.len)
		return KB_STR("no owner");
	return owner->person ? owner->person->name : KB_STR("not in people.yaml");
}

static kb_str day_of(const struct owners *owners, time_t t)
{
	return t ? kb_day_format(owners->arena, owners->session->lib->config->timezone, t)
		 : KB_STR("");
}

static const char *review_state(
	const struct owners *owners, const struct kb_document *doc)
{
	const struct kb_library *lib = owners->session->lib;
	if (doc->facts->status == KB_ARCHIVED)
		return "archived";
	if (!doc->facts->reviewed)
		return "never reviewed";
	return kb_review_overdue(lib->config, doc, lib->now) ? "overdue" : "";
}

static void put_summary(const struct owners *owners, struct kb_report *sheet)
{
	kb_report_table(sheet, "Owner|Name*|Documents>|Overdue>|Never reviewed>|As "
			       "deputy>|Issues>");
	for (size_t i = 0; i < owners->len; i++) {
		const struct owner *owner = owners->items[i];
		kb_report_cell(sheet, owner->id.len ? owner->id : KB_STR("(none)"));
		kb_report_cell(sheet, name_of(owner));
		kb_report_cell_fmt(sheet, "%zu", owner->docs.len);
		kb_report_cell_fmt(sheet, "%u", owner->overdue);
		kb_report_cell_fmt(sheet, "%u", owner->never);
		kb_report_cell_fmt(sheet, "%zu", owner->deputies.len);
		kb_report_cell_fmt(sheet, "%zu", owner->issues.len);
	}
}

static void put_document(const struct owners *owners, struct kb_report *sheet,
	const struct owner *owner, const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = owners->session->lib->config;
	kb_report_cell(sheet, owner->id.len ? owner->id : KB_STR("(none)"));
	kb_report_cell(sheet, kb_str_of(role));
	kb_report_cell(sheet, doc->path);
	kb_report_cell(sheet, kb_str_of(kb_type_name(doc->facts->type)));
	kb_report_cell(sheet, day_of(owners, doc->facts->reviewed));
	kb_report_cell(sheet, day_of(owners, kb_review_due(config, doc)));
	kb_report_cell(sheet, kb_str_of(review_state(owners, doc)));
	kb_report_cell(sheet, doc->facts->title);
}

static void put_issues(struct kb_report *sheet, const struct owner *owner)
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

static void put_list(const struct owners *owners, struct kb_report *sheet)
{
	for (size_t i = 0; i < owners->len; i++) {
		const struct owner *owner = owners->items[i];
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

static void json_document(const struct owners *owners, struct kb_json *json,
	const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = owners->session->lib->config;
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
	kb_json_bool(json, kb_review_overdue(config, doc, owners->session->lib->now));
	kb_json_object_end(json);
}

static void json_number(struct kb_json *json, const char *key, size_t n)
{
	kb_json_key(json, key);
	kb_json_int(json, (long long)n);
}

static void json_owner(
	const struct owners *owners, struct kb_json *json, const struct owner *owner)
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

static bool put_own(void *ctx, kb_str format, kb_buf *out)
{
	struct owners *owners = ctx;
	struct kb_json json;
	if (kb_str_is(format, "codeowners")) {
		kb_codeowners(owners->session, out, &owners->skipped);
		return true;
	}
	if (!kb_str_is(format, "json"))
		return false;
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
	return true;
}

/* CODEOWNERS is of all documents: a part of it would take the others' owners away. */
static int refuse(
	const struct owners_values *values, const kb_strs *operands, struct kb_error *err)
{
	bool part = operands->len || values->owners.len || values->types.len ||
		    values->locales.len || values->list;
	for (size_t i = 0; part && i + 1 < values->reports.len; i += 2)
		if (kb_str_is(values->reports.items[i + 1], "codeowners") &&
			kb_str_is(values->reports.items[i], "format"))
			return kb_error_set(err, KB_E_USAGE,
				"--format codeowners is of all documents: leave out PATHs, "
				"--owner, --list, --type and --locale");
	return 0;
}

static int run_session(const struct kb_cli *cli, const struct owners_values *values,
	const struct kb_session *session, const kb_strs *operands)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct owners owners = {.session = session, .arena = arena, .values = values};
	struct kb_report sheet;
	struct kb_error err;
	kb_report_init(&sheet, "Who owns what");
	int failed = read_operands(&owners, operands, &err);
	if (!failed) {
		collect(&owners);
		failed = check_values(&owners, &err);
	}
	if (!failed && operands->len && !owners.len)
		failed = kb_error_set(&err, KB_E_USAGE,
			"none of these documents is of the type, locale or owner that is "
			"asked for");
	if (!failed) {
		if (values->list || values->owners.len || operands->len)
			put_list(&owners, &sheet);
		else
			put_summary(&owners, &sheet);
		failed = kb_output_report(
			cli, &values->reports, &sheet, put_own, &owners, &err);
	}
	if (!failed && owners.skipped && !cli->quiet)
		kb_complain("%u document%s left out: there is no owner, or people.yaml "
			    "has neither an e-mail nor a handle for them",
			owners.skipped, owners.skipped == 1 ? " is" : "s are");
	kb_report_dispose(&sheet);
	dispose(&owners);
	return failed ? kb_fail(&err) : KB_EXIT_OK;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct owners_values *values = opaque;
	struct kb_session session;
	struct kb_error err;
	int status;
	if (refuse(values, operands, &err))
		return kb_fail(&err);
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else
		status = run_session(cli, values, &session, operands);
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_owners = {
	.name = "owners",
	.summary = "say who owns what",
	.operands = "[PATH|ID...]",
	.options = options,
	.values_size = sizeof(struct owners_values),
	.run = run,
};
