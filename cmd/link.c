#include "link.h"
#include "output.h"

#define AT(member) offsetof(struct link_values, member)
static const char *const types[] = {"article", "workflow", "reply", NULL};
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"only this locale; add, remove: of an id, the document in it; suggest: of "
		"what is read from standard input; may be repeated",
		NULL},
	{'i', "issue", KB_OPT_LIST, AT(issues), "ISSUE",
		"matrix: only this issue and those below it; may be repeated", NULL},
	{'t', "type", KB_OPT_LIST, AT(types), "TYPE",
		"matrix: only article, workflow or reply; may be repeated", types},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"matrix: what this audience sees; default: all that is published", NULL},
	{0, "gaps", KB_OPT_FLAG, AT(gaps), NULL,
		"matrix: only what is needed and missing", NULL},
	{0, "fail-level", KB_OPT_CHOICE, AT(fail_level), "LEVEL",
		"matrix: end with status 1 on findings of this severity or worse: error "
		"(default), warning, info or none",
		kb_fail_levels},
	{0, "children", KB_OPT_FLAG, AT(children), NULL,
		"rename: the issues below it, too, whose ids begin with its own", NULL},
	{'n', "dry-run", KB_OPT_FLAG, AT(dry_run), NULL,
		"add, remove, rename: print a patch of what would change, write nothing",
		NULL},
	{0, "column", KB_OPT_STRING, AT(column), "NAME",
		"suggest: FILE, or standard input, is a table (CSV); take the texts of this "
		"column",
		NULL},
	{0, "top", KB_OPT_NUMBER, AT(top), "N",
		"suggest: at most N issues for each; default: 3", NULL},
	KB_OUTPUT_OPTIONS(struct link_values, reports, kb_output_formats,
		"matrix, suggest: " KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct link_values, read),
	KB_OPTION_END,
};

/* What only some words take. */
enum takes {
	TAKES_LOCALE = 1,
	TAKES_MATRIX = 2,
	TAKES_CHILDREN = 4,
	TAKES_DRY_RUN = 8,
	TAKES_TEXT = 16,
	TAKES_REPORT = 32, /* what is read and reported, nothing is changed */
};

static const struct word {
	const char *name;
	int (*run)(const struct kb_cli *cli, struct link_values *values,
		const kb_strs *operands);
	unsigned takes;
} words[] = {
	{"add", kb_link_add, TAKES_LOCALE | TAKES_DRY_RUN},
	{"remove", kb_link_remove, TAKES_LOCALE | TAKES_DRY_RUN},
	{"rename", kb_link_rename, TAKES_CHILDREN | TAKES_DRY_RUN},
	{"suggest", kb_link_suggest, TAKES_LOCALE | TAKES_TEXT | TAKES_REPORT},
	{"", kb_link_matrix, TAKES_LOCALE | TAKES_MATRIX | TAKES_REPORT},
};

/* The first option that is given and that the word does not take, or NULL. */
static const char *misplaced(const struct link_values *values, unsigned takes)
{
	const struct {
		bool given;
		unsigned takes;
		const char *name;
	} given[] = {
		{values->locales.len, TAKES_LOCALE, "locale"},
		{values->issues.len, TAKES_MATRIX, "issue"},
		{values->types.len, TAKES_MATRIX, "type"},
		{values->audience, TAKES_MATRIX, "audience"},
		{values->gaps, TAKES_MATRIX, "gaps"},
		{values->fail_level, TAKES_MATRIX, "fail-level"},
		{values->children, TAKES_CHILDREN, "children"},
		{values->dry_run, TAKES_DRY_RUN, "dry-run"},
		{values->column, TAKES_TEXT, "column"},
		{values->top, TAKES_TEXT, "top"},
		{values->reports.len, TAKES_REPORT, "format or --output"},
		{values->read.rev, TAKES_REPORT, "rev"},
	};
	for (size_t i = 0; i < KB_LEN(given); i++)
		if (given[i].given && !(given[i].takes & takes))
			return given[i].name;
	return NULL;
}

static int fail_unknown(kb_str name)
{
	kb_str names[KB_LEN(words)];
	for (size_t i = 0; i < KB_LEN(words); i++)
		names[i] = kb_str_of(words[i].name);
	const kb_str *near = kb_str_nearest(name, names, KB_LEN(names));
	if (near && near->len)
		kb_complain("there is no 'kb link %.*s': did you mean 'kb link %.*s'?",
			KB_ARG(name), KB_ARG(*near));
	else
		kb_complain("there is no 'kb link %.*s': it is add, remove, rename, "
			    "suggest, or nothing for the matrix",
			KB_ARG(name));
	return KB_EXIT_FAILED;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	kb_str name = operands->len ? operands->items[0] : KB_STR("");
	for (size_t i = 0; i < KB_LEN(words); i++) {
		if (!kb_str_is(name, words[i].name))
			continue;
		kb_strs rest = *operands;
		const char *option = misplaced(opaque, words[i].takes);
		if (option) {
			kb_complain("'kb link%s%s' takes no --%s",
				*words[i].name ? " " : "", words[i].name, option);
			return KB_EXIT_FAILED;
		}
		if (rest.len) {
			rest.items++;
			rest.len--;
		}
		return words[i].run(cli, opaque, &rest);
	}
	return fail_unknown(name);
}

const struct kb_command kb_cmd_link = {
	.name = "link",
	.summary = "show which issues have content, and change what is about which",
	.operands = "[add|remove PATH|ID... ISSUE | rename OLD NEW | suggest "
		    "[PATH|ID...|-]]",
	.options = options,
	.values_size = sizeof(struct link_values),
	.run = run,
};
