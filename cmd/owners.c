/* kb owners: who owns what. */
#include "output.h"
#include "session.h"

#include "kb/pages.h"

struct owners_values {
	struct kb_read_values read;
	struct kb_owners_wanted wanted;
	kb_strs reports;
	bool list;
};

static const char *const formats[] = {
	"text", "markdown", "html", "json", "csv", "codeowners", NULL};

#define AT(member) offsetof(struct owners_values, member)
static const struct kb_option options[] = {
	{0, "owner", KB_OPT_LIST, AT(wanted.owners), "ID",
		"list only what this person or team owns; may be repeated", NULL},
	{0, "list", KB_OPT_FLAG, AT(list), NULL,
		"list documents and issues instead of counting them", NULL},
	{'t', "type", KB_OPT_LIST, AT(wanted.types), "TYPE",
		"only documents of this type; may be repeated", NULL},
	{'l', "locale", KB_OPT_LIST, AT(wanted.locales), "CODE",
		"only documents in this locale; may be repeated", NULL},
	KB_OUTPUT_OPTIONS(struct owners_values, reports, formats,
		"print text (default), markdown, html, json, csv, or codeowners for the "
		"file CODEOWNERS; may be repeated, each with --output"),
	KB_READ_OPTIONS(struct owners_values, read),
	KB_OPTION_END,
};

/* CODEOWNERS is of all documents: a part of it would take the others' owners away. */
static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct owners_values *values = opaque;

	values->wanted.words = operands;
	bool part = operands->len || values->wanted.owners.len ||
		    values->wanted.types.len || values->wanted.locales.len ||
		    values->list;
	for (size_t i = 0; part && i + 1 < values->reports.len; i += 2)
		if (kb_str_is(values->reports.items[i + 1], "codeowners") &&
			kb_str_is(values->reports.items[i], "format"))
			return kb_error_set(err, KB_E_USAGE,
				"--format codeowners is for all documents: leave out "
				"PATHs, --owner, --list, --type and --locale");
	return 0;
}

struct printing {
	const struct kb_library *lib;
	unsigned skipped; /* in CODEOWNERS */
};

static int put_own(void *opaque, kb_str format, kb_buf *out, struct kb_error *err)
{
	struct printing *p = opaque;

	(void)err;
	if (!kb_str_is(format, "codeowners"))
		return 1;
	kb_codeowners(p->lib, out, &p->skipped);
	return 0;
}

static int print(const struct kb_cli *cli, const struct owners_values *values,
	const struct kb_owners *owners, struct kb_error *err)
{
	const struct kb_owners_wanted *wanted = &values->wanted;
	struct printing p = {owners->lib, 0};
	struct kb_report report;

	kb_report_owners(&report, owners,
		values->list || wanted->owners.len || wanted->words->len);
	int failed = kb_output_report(cli, &values->reports, &report, put_own, &p, err);
	if (!failed && p.skipped && !cli->quiet)
		kb_complain("%u document%s left out: there is no owner, or people.yaml "
			    "has neither an email nor a handle for them",
			p.skipped, p.skipped == 1 ? " is" : "s are");
	kb_report_dispose(&report);
	return failed;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct owners_values *values = opaque;
	struct kb_owners owners;

	(void)operands;
	int failed = kb_owners_find(
		&owners, session->lib, &values->wanted, session->arena, err);
	if (!failed)
		failed = print(session->cli, values, &owners, err);
	kb_owners_dispose(&owners);
	return failed;
}

const struct kb_command kb_cmd_owners = {
	.name = "owners",
	.summary = "show who owns what",
	.operands = "[PATH|ID...]",
	.options = options,
	.values_size = sizeof(struct owners_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
