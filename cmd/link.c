#include "link.h"
#include "sheet_report.h"

#define AT(member) offsetof(struct link_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"add, remove: of an id, the document in this locale; may be repeated; "
		"default: in each",
		NULL},
	{0, "children", KB_OPT_FLAG, AT(children), NULL,
		"rename: the issues below it, too, whose ids begin with its own", NULL},
	{'n', "dry-run", KB_OPT_FLAG, AT(dry_run), NULL,
		"add, remove, rename: print a patch of what would change, write nothing",
		NULL},
	{0, "column", KB_OPT_STRING, AT(column), "NAME",
		"suggest: standard input is a table (CSV); take the texts of this column",
		NULL},
	{0, "top", KB_OPT_NUMBER, AT(top), "N",
		"suggest: at most N issues for each; default: 3", NULL},
	KB_SHEET_OPTIONS(struct link_values, reports, kb_sheet_formats,
		"suggest: " KB_SHEET_FORMATS_HELP),
	KB_OPTION_END,
};

static const struct word {
	const char *name;
	int (*run)(const struct kb_cli *cli, struct link_values *values,
		const kb_strs *operands);
} words[] = {
	{"add", kb_link_add},
	{"remove", kb_link_remove},
	{"rename", kb_link_rename},
	{"suggest", kb_link_suggest},
};

static int fail_unknown(kb_str name)
{
	kb_str names[KB_LEN(words)];
	for (size_t i = 0; i < KB_LEN(words); i++)
		names[i] = kb_str_of(words[i].name);
	const kb_str *near = kb_str_nearest(name, names, KB_LEN(names));
	if (near)
		kb_complain("there is no 'kb link %.*s': did you mean 'kb link %.*s'?",
			KB_ARG(name), KB_ARG(*near));
	else
		kb_complain("say what to do: add, remove, rename or suggest; 'kb help "
			    "link' tells more");
	return KB_EXIT_FAILED;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	kb_str name = operands->len ? operands->items[0] : KB_STR("");
	for (size_t i = 0; i < KB_LEN(words); i++) {
		if (!kb_str_is(name, words[i].name))
			continue;
		kb_strs rest = {.items = operands->items + 1, .len = operands->len - 1};
		return words[i].run(cli, opaque, &rest);
	}
	return fail_unknown(name);
}

const struct kb_command kb_cmd_link = {
	.name = "link",
	.summary = "change which issues documents are about, and issues' ids",
	.operands =
		"add|remove PATH|ID... ISSUE | rename OLD NEW | suggest [PATH|ID...|-]",
	.options = options,
	.values_size = sizeof(struct link_values),
	.run = run,
};
