#include "kb/pages.h"

static const struct {
	const char *title;
	const char *noun, *rest; /* "2 documents without an issue" */
} kinds[KB_GAP_KINDS] = {
	[KB_GAP_NEEDED] = {"Needed and missing", "gap", ""},
	[KB_GAP_NO_ISSUE] = {"Documents without an issue", "document",
		" without an issue"},
	[KB_GAP_NO_DOCUMENT] = {"Issues without a document", "issue",
		" without a document"},
	[KB_GAP_FORMER] = {"Former ids of issues in use", "use", " of a former id"},
	[KB_GAP_RETIRED] = {"Retired issues in use", "use", " of a retired issue"},
	[KB_GAP_UNKNOWN] = {"Issues that the taxonomy does not have", "use",
		" of an unknown issue"},
};

/* "A2 W1 R!": what the issue has of each type; each takes as many columns. */
static void add_cell(struct kb_report *report, const struct kb_gaps *gaps, uint32_t issue,
	uint32_t locale)
{
	const struct kb_coverage *coverage = &gaps->coverage;
	_cleanup_buf_ kb_buf cell = {0};
	bool any = false;

	for (int i = 0; i < KB_TYPE_COUNT; i++) {
		enum kb_type type = (enum kb_type)i;
		char letter = kb_type_name(type)[0];
		uint32_t own = kb_coverage_own(coverage, issue, type, locale);
		bool lacks = kb_coverage_lacks(coverage, issue, type, locale);
		bool served = kb_coverage_serves(coverage, issue, type, locale);

		if (!gaps->types[type])
			continue;
		if (own)
			kb_buf_fmt(&cell, "%c%u ", letter - 'a' + 'A', own);
		else if (lacks)
			kb_buf_fmt(&cell, "%c! ", letter - 'a' + 'A');
		else
			kb_buf_fmt(&cell, "%c  ", served ? letter : '-');
		any |= own || lacks || served;
	}
	kb_report_cell(report, any ? kb_str_trim(kb_buf_view(&cell)) : KB_STR("-"));
}

static void add_matrix(struct kb_report *report, const struct kb_gaps *gaps)
{
	const struct kb_taxonomy *taxonomy = gaps->lib->taxonomy;
	const struct kb_config *config = gaps->lib->config;
	_cleanup_buf_ kb_buf columns = {0};

	kb_buf_puts(&columns, "Issue");
	for (uint32_t l = 0; l < config->nlocales; l++)
		if (gaps->locales[l])
			kb_buf_fmt(&columns, "|%.*s", KB_ARG(config->locales[l].code));
	kb_report_table(report, columns.data);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		if (!kb_gaps_shows(gaps, i))
			continue;
		kb_report_cell(report, taxonomy->issues[i].id);
		for (uint32_t l = 0; l < config->nlocales; l++)
			if (gaps->locales[l])
				add_cell(report, gaps, i, l);
	}
	kb_report_paragraph(report,
		"A is for articles, W for workflows, R for replies. A2 means that two "
		"articles are in this locale, 'a' that readers get an article of a "
		"fallback locale, A! that an article is needed and missing, and - that "
		"there is nothing and nothing is needed.");
}

static void add_gaps(
	struct kb_report *report, const struct kb_gaps *gaps, enum kb_gap_kind kind)
{
	bool on_issue = kind == KB_GAP_NEEDED || kind == KB_GAP_NO_DOCUMENT;

	kb_report_heading(report, 2, "%s (%zu)", kinds[kind].title, gaps->counts[kind]);
	kb_report_table(report, on_issue ? "Issue|What*|Fix*" : "Place|What*|Fix*");
	for (size_t i = 0; i < gaps->len; i++) {
		const struct kb_gap *gap = &gaps->items[i];

		if (gap->kind != kind)
			continue;
		kb_report_cell(report, on_issue ? gap->issue : gap->path);
		if (!on_issue && gap->line)
			kb_report_add(report, ":%u", gap->line);
		kb_report_cell(report, gap->message);
		kb_report_cell(report, gap->fix);
	}
}

static void add_summary(struct kb_report *report, const struct kb_gaps *gaps)
{
	const struct kb_taxonomy *taxonomy = gaps->lib->taxonomy;
	uint32_t issues = 0;

	for (uint32_t i = 0; i < taxonomy->len; i++)
		issues += gaps->issues[i] && !taxonomy->issues[i].retired;
	kb_report_paragraph(report, "%u issue%s in use", issues, issues == 1 ? "" : "s");
	for (int kind = 0; kind < KB_GAP_KINDS; kind++) {
		size_t n = gaps->counts[kind];

		if (n || kind == KB_GAP_NEEDED)
			kb_report_add(report, ", %zu %s%s%s", n, kinds[kind].noun,
				n == 1 ? "" : "s", kinds[kind].rest);
	}
	kb_report_add(report, ".");
}

/* A row for each cell of the matrix, which has the cell's keys as well. */
static void add_rows(struct kb_report *report)
{
	const struct kb_value *issues = kb_value_get(report->data, KB_STR("issues"));
	struct kb_value *list = kb_value_list(report->arena);

	for (uint32_t i = 0; i < issues->len; i++) {
		const struct kb_value *issue = issues->items[i];
		const struct kb_value *cells = kb_value_get(issue, KB_STR("coverage"));

		for (uint32_t k = 0; k < cells->len; k++) {
			struct kb_value *row = kb_value_push_map(report->arena, list);

			kb_value_set_str(report->arena, row, "issue",
				kb_value_text(kb_value_get(issue, KB_STR("id"))));
			kb_value_set_str(report->arena, row, "label",
				kb_value_text(kb_value_get(issue, KB_STR("label"))));
			kb_value_set_parent(row, cells->items[k]);
		}
	}
	kb_report_rows(
		report, list, "issue|label|type|locale|documents>|served|needed|missing");
	kb_report_rows(report, kb_value_get(report->data, KB_STR("findings")),
		"kind|severity|path|line>|issue|type|locale|message|mend");
}

void kb_report_coverage(struct kb_report *report, const struct kb_gaps *gaps)
{
	kb_report_init(report, "Coverage");
	kb_gaps_value(gaps, report->arena, report->data);
	add_rows(report);
	if (gaps->lib->taxonomy->missing)
		kb_report_paragraph(report,
			"There is no taxonomy.yaml: write one "
			"that lists what customers contact you about.");
	else
		add_summary(report, gaps);
	if (kb_value_get(report->data, KB_STR("issues"))->len)
		add_matrix(report, gaps);
	for (int kind = 0; kind < KB_GAP_KINDS; kind++)
		if (gaps->counts[kind])
			add_gaps(report, gaps, (enum kb_gap_kind)kind);
}
