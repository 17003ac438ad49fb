/* kb link: what it finds, printed. */
#include "link.h"

#include "kb/json.h"

static const struct {
	const char *name, *title, *noun;
} kinds[KB_GAP_KINDS] = {
	[KB_GAP_NEEDED] = {"gap", "Needed and missing", "gap"},
	[KB_GAP_NO_ISSUE] = {"no-issue", "Documents without an issue",
		"document without an issue"},
	[KB_GAP_NO_DOCUMENT] = {"no-document", "Issues without a document",
		"issue without a document"},
	[KB_GAP_FORMER] = {"former", "Former ids of issues in use", "use of a former id"},
	[KB_GAP_RETIRED] = {"retired", "Retired issues in use", "use of a retired issue"},
	[KB_GAP_UNKNOWN] = {"unknown", "Issues that the taxonomy does not have",
		"use of an unknown issue"},
};

static kb_str locale_code(const struct kb_gaps *m, uint32_t locale)
{
	return m->lib->config->locales[locale].code;
}

static bool lacks(const struct kb_gaps *m, uint32_t issue)
{
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
			if (m->types[type] && m->locales[l] &&
				kb_coverage_lacks(
					&m->coverage, issue, (enum kb_type)type, l))
				return true;
	return false;
}

static bool is_row(const struct kb_gaps *m, uint32_t issue)
{
	return m->issues[issue] && !m->lib->taxonomy->issues[issue].retired &&
	       (!m->wanted->gaps_only || lacks(m, issue));
}

/* "A2 W1 R!": what the issue has of each type; each takes as many columns. */
static void put_cell(
	const struct kb_gaps *m, uint32_t issue, uint32_t locale, struct kb_report *sheet)
{
	_cleanup_buf_ kb_buf cell = {0};
	bool any = false;
	for (int i = 0; i < KB_TYPE_COUNT; i++) {
		enum kb_type type = (enum kb_type)i;
		char letter = kb_type_name(type)[0];
		uint32_t own = kb_coverage_own(&m->coverage, issue, type, locale);
		bool lacks = kb_coverage_lacks(&m->coverage, issue, type, locale);
		if (!m->types[type])
			continue;
		if (own)
			kb_buf_fmt(&cell, "%c%u ", letter - 'a' + 'A', own);
		else if (lacks)
			kb_buf_fmt(&cell, "%c! ", letter - 'a' + 'A');
		else if (kb_coverage_serves(&m->coverage, issue, type, locale))
			kb_buf_fmt(&cell, "%c  ", letter);
		else
			kb_buf_puts(&cell, "-  ");
		any |= own || lacks || cell.data[cell.len - 3] != '-';
	}
	kb_report_cell(sheet, any ? kb_str_trim(kb_buf_view(&cell)) : KB_STR("-"));
}

static void put_matrix(const struct kb_gaps *m, struct kb_report *sheet)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	_cleanup_buf_ kb_buf columns = {0};
	kb_buf_puts(&columns, "Issue");
	for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
		if (m->locales[l])
			kb_buf_fmt(&columns, "|%.*s", KB_ARG(locale_code(m, l)));
	kb_buf_putc(&columns, '\0');
	kb_report_table(sheet, columns.data);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		if (!is_row(m, i))
			continue;
		kb_report_cell(sheet, taxonomy->issues[i].id);
		for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
			if (m->locales[l])
				put_cell(m, i, l, sheet);
	}
	kb_report_paragraph(sheet,
		"A: articles, W: workflows, R: replies. A2: two of the locale itself; a: "
		"none, but one of the same language serves; A!: needed and missing; -: "
		"none, and none is needed.");
}

static void put_place(const struct kb_gap *gap, struct kb_report *sheet)
{
	if (gap->line)
		kb_report_cell_fmt(sheet, "%.*s:%u", KB_ARG(gap->path), gap->line);
	else
		kb_report_cell(sheet, gap->path);
}

static void put_gaps(
	const struct kb_gaps *m, enum kb_gap_kind kind, struct kb_report *sheet)
{
	bool on_issue = kind == KB_GAP_NEEDED || kind == KB_GAP_NO_DOCUMENT;
	if (!m->counts[kind])
		return;
	kb_report_heading(sheet, 2, "%s (%zu)", kinds[kind].title, m->counts[kind]);
	kb_report_table(sheet, on_issue ? "Issue|What*|Mend*" : "Place|What*|Mend*");
	for (size_t i = 0; i < m->len; i++) {
		const struct kb_gap *gap = &m->items[i];
		if (gap->kind != kind)
			continue;
		if (on_issue)
			kb_report_cell(sheet, gap->issue);
		else
			put_place(gap, sheet);
		kb_report_cell(sheet, gap->message);
		kb_report_cell(sheet, gap->fix);
	}
}

static void put_summary(const struct kb_gaps *m, struct kb_report *sheet)
{
	_cleanup_buf_ kb_buf line = {0};
	uint32_t issues = 0;
	for (uint32_t i = 0; i < m->lib->taxonomy->len; i++)
		issues += m->issues[i] && !m->lib->taxonomy->issues[i].retired;
	kb_buf_fmt(&line, "%u issue%s in use", issues, issues == 1 ? "" : "s");
	for (int kind = 0; kind < KB_GAP_KINDS; kind++) {
		size_t n = m->counts[kind];
		const char *rest = strchr(kinds[kind].noun, ' ');
		kb_str noun = kb_str_of(kinds[kind].noun);
		if (rest)
			noun.len = (size_t)(rest - kinds[kind].noun);
		if (n || kind == KB_GAP_NEEDED)
			kb_buf_fmt(&line, ", %zu %.*s%s%s", n, KB_ARG(noun),
				n == 1 ? "" : "s", rest ? rest : "");
	}
	kb_report_paragraph(sheet, "%.*s.", KB_ARG(kb_buf_view(&line)));
}

void link_matrix_sheet(const struct kb_gaps *m, struct kb_report *sheet)
{
	bool rows = false;
	for (uint32_t i = 0; i < m->lib->taxonomy->len; i++)
		rows |= is_row(m, i);
	if (m->lib->taxonomy->missing)
		kb_report_paragraph(sheet, "There is no taxonomy.yaml: write one that "
					   "lists what customers come with.");
	else
		put_summary(m, sheet);
	if (rows)
		put_matrix(m, sheet);
	for (int kind = 0; kind < KB_GAP_KINDS; kind++)
		put_gaps(m, (enum kb_gap_kind)kind, sheet);
}

static void csv_coverage(const struct kb_gaps *m, struct kb_report *sheet)
{
	const struct kb_config *config = m->lib->config;
	kb_report_table(
		sheet, "issue|label|type|locale|documents>|served|needed|missing");
	for (uint32_t cell = 0;
		cell < m->lib->taxonomy->len * KB_TYPE_COUNT * config->nlocales; cell++) {
		uint32_t l = cell % config->nlocales;
		enum kb_type type =
			(enum kb_type)(cell / config->nlocales % KB_TYPE_COUNT);
		uint32_t i = cell / config->nlocales / KB_TYPE_COUNT;
		const struct kb_issue *issue = &m->lib->taxonomy->issues[i];
		if (!is_row(m, i) || !m->types[type] || !m->locales[l])
			continue;
		kb_report_cell(sheet, issue->id);
		kb_report_cell(sheet, kb_l10n_get(config, &issue->label, 0));
		kb_report_cell(sheet, kb_str_of(kb_type_name(type)));
		kb_report_cell(sheet, locale_code(m, l));
		kb_report_cell_fmt(
			sheet, "%u", kb_coverage_own(&m->coverage, i, type, l));
		kb_report_cell_fmt(
			sheet, "%d", kb_coverage_serves(&m->coverage, i, type, l));
		kb_report_cell_fmt(sheet, "%d", kb_coverage_needs(&m->coverage, i, type));
		kb_report_cell_fmt(
			sheet, "%d", kb_coverage_lacks(&m->coverage, i, type, l));
	}
}

static void csv_gaps(const struct kb_gaps *m, struct kb_report *sheet)
{
	kb_report_table(sheet, "kind|severity|path|line>|issue|type|locale|message|mend");
	for (size_t i = 0; i < m->len; i++) {
		const struct kb_gap *gap = &m->items[i];
		kb_report_cell(sheet, kb_str_of(kinds[gap->kind].name));
		kb_report_cell(sheet, kb_str_of(kb_severity_name(gap->severity)));
		kb_report_cell(sheet, gap->path);
		if (gap->line)
			kb_report_cell_fmt(sheet, "%u", gap->line);
		else
			kb_report_cell(sheet, KB_STR(""));
		kb_report_cell(sheet, gap->issue);
		kb_report_cell(sheet,
			kb_str_of(gap->type == KB_TYPE_COUNT ? ""
							     : kb_type_name(gap->type)));
		kb_report_cell(sheet, gap->locale == KB_NONE
					      ? KB_STR("")
					      : locale_code(m, gap->locale));
		kb_report_cell(sheet, gap->message);
		kb_report_cell(sheet, gap->fix);
	}
}

static void pair_int(struct kb_json *json, const char *key, long long value)
{
	kb_json_key(json, key);
	kb_json_int(json, value);
}

static void pair_bool(struct kb_json *json, const char *key, bool value)
{
	kb_json_key(json, key);
	kb_json_bool(json, value);
}

static void json_cell(const struct kb_gaps *m, struct kb_json *json, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	kb_json_object(json);
	kb_json_pair(json, "type", kb_str_of(kb_type_name(type)));
	kb_json_pair(json, "locale", locale_code(m, locale));
	pair_int(json, "documents", kb_coverage_own(&m->coverage, issue, type, locale));
	pair_bool(json, "served", kb_coverage_serves(&m->coverage, issue, type, locale));
	pair_bool(json, "needed", kb_coverage_needs(&m->coverage, issue, type));
	pair_bool(json, "missing", kb_coverage_lacks(&m->coverage, issue, type, locale));
	kb_json_object_end(json);
}

static void json_issue(const struct kb_gaps *m, struct kb_json *json, uint32_t index)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	const struct kb_issue *issue = &taxonomy->issues[index];
	uint32_t parent = issue->parent;
	kb_json_object(json);
	kb_json_pair(json, "id", issue->id);
	kb_json_pair(json, "label", kb_l10n_get(m->lib->config, &issue->label, 0));
	while (parent != KB_NONE &&
		taxonomy->issues[parent].audience > m->coverage.audience)
		parent = taxonomy->issues[parent].parent;
	if (parent != KB_NONE)
		kb_json_pair(json, "parent", taxonomy->issues[parent].id);
	kb_json_key(json, "coverage");
	kb_json_array(json);
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
			if (m->types[type] && m->locales[l])
				json_cell(m, json, index, (enum kb_type)type, l);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void json_gap(
	const struct kb_gaps *m, struct kb_json *json, const struct kb_gap *gap)
{
	kb_json_object(json);
	kb_json_pair(json, "kind", kb_str_of(kinds[gap->kind].name));
	kb_json_pair(json, "severity", kb_str_of(kb_severity_name(gap->severity)));
	kb_json_pair(json, "path", gap->path);
	if (gap->line)
		pair_int(json, "line", gap->line);
	if (gap->doc)
		kb_json_pair(json, "id", gap->doc->id);
	if (gap->issue.len)
		kb_json_pair(json, "issue", gap->issue);
	if (gap->type != KB_TYPE_COUNT)
		kb_json_pair(json, "type", kb_str_of(kb_type_name(gap->type)));
	if (gap->locale != KB_NONE)
		kb_json_pair(json, "locale", locale_code(m, gap->locale));
	kb_json_pair(json, "message", gap->message);
	kb_json_pair(json, "mend", gap->fix);
	kb_json_object_end(json);
}

static void put_json(const struct kb_gaps *m, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	pair_int(&json, "version", 1);
	kb_json_key(&json, "issues");
	kb_json_array(&json);
	for (uint32_t i = 0; i < m->lib->taxonomy->len; i++)
		if (is_row(m, i))
			json_issue(m, &json, i);
	kb_json_array_end(&json);
	kb_json_key(&json, "findings");
	kb_json_array(&json);
	for (size_t i = 0; i < m->len; i++)
		json_gap(m, &json, &m->items[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

bool link_matrix_own(void *opaque, kb_str format, kb_buf *out)
{
	const struct kb_gaps *m = opaque;
	struct kb_report sheet;
	if (kb_str_is(format, "json"))
		put_json(m, out);
	if (!kb_str_is(format, "csv"))
		return kb_str_is(format, "json");
	kb_report_init(&sheet, "");
	csv_coverage(m, &sheet);
	csv_gaps(m, &sheet);
	kb_report_write(&sheet, KB_STR("csv"), &(struct kb_report_style){0}, out, NULL);
	kb_report_dispose(&sheet);
	return true;
}
