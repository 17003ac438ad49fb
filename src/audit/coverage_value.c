#include "kb/coverage_gaps.h"

static const char *const names[KB_GAP_KINDS] = {
	"gap", "no-issue", "no-document", "former", "retired", "unknown"};

/* CELL: TYPE * nlocales + LOCALE. */
static bool shows_cell(const struct kb_gaps *gaps, uint32_t cell)
{
	uint32_t nlocales = gaps->lib->config->nlocales;

	return gaps->types[cell / nlocales] && gaps->locales[cell % nlocales];
}

static bool has_gap(const struct kb_gaps *gaps, uint32_t issue)
{
	uint32_t nlocales = gaps->lib->config->nlocales;

	for (uint32_t cell = 0; cell < KB_TYPE_COUNT * nlocales; cell++)
		if (shows_cell(gaps, cell) &&
			kb_coverage_lacks(&gaps->coverage, issue,
				(enum kb_type)(cell / nlocales), cell % nlocales))
			return true;
	return false;
}

bool kb_gaps_shows(const struct kb_gaps *gaps, uint32_t issue)
{
	return gaps->issues[issue] && !gaps->lib->taxonomy->issues[issue].retired &&
	       (!gaps->wanted->gaps_only || has_gap(gaps, issue));
}

static void add_cell(const struct kb_gaps *gaps, struct kb_arena *arena,
	struct kb_value *list, uint32_t issue, uint32_t cell)
{
	const struct kb_config *config = gaps->lib->config;
	const struct kb_coverage *coverage = &gaps->coverage;
	enum kb_type type = (enum kb_type)(cell / config->nlocales);
	uint32_t locale = cell % config->nlocales;
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "type", kb_str_of(kb_type_name(type)));
	kb_value_set_str(arena, map, "locale", config->locales[locale].code);
	kb_value_set_int(
		arena, map, "documents", kb_coverage_own(coverage, issue, type, locale));
	kb_value_set_bool(
		arena, map, "served", kb_coverage_serves(coverage, issue, type, locale));
	kb_value_set_bool(arena, map, "needed", kb_coverage_needs(coverage, issue, type));
	kb_value_set_bool(
		arena, map, "missing", kb_coverage_lacks(coverage, issue, type, locale));
}

static void add_issue(const struct kb_gaps *gaps, struct kb_arena *arena,
	struct kb_value *list, uint32_t index)
{
	const struct kb_issue *issues = gaps->lib->taxonomy->issues;
	const struct kb_config *config = gaps->lib->config;
	struct kb_value *map = kb_value_push_map(arena, list), *cells;
	uint32_t parent = issues[index].parent;

	kb_value_set_str(arena, map, "id", issues[index].id);
	kb_value_set_str(
		arena, map, "label", kb_l10n_get(config, &issues[index].label, 0));
	while (parent != KB_NONE && issues[parent].audience > gaps->coverage.audience)
		parent = issues[parent].parent;
	if (parent != KB_NONE)
		kb_value_set_str(arena, map, "parent", issues[parent].id);
	cells = kb_value_set_list(arena, map, "coverage");
	for (uint32_t cell = 0; cell < KB_TYPE_COUNT * config->nlocales; cell++)
		if (shows_cell(gaps, cell))
			add_cell(gaps, arena, cells, index, cell);
}

static void add_gap(const struct kb_gaps *gaps, struct kb_arena *arena,
	struct kb_value *list, const struct kb_gap *gap)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "kind", kb_str_of(names[gap->kind]));
	kb_value_set_str(
		arena, map, "severity", kb_str_of(kb_severity_name(gap->severity)));
	kb_value_set_str(arena, map, "path", gap->path);
	if (gap->line)
		kb_value_set_int(arena, map, "line", gap->line);
	if (gap->doc)
		kb_value_set_str(arena, map, "id", gap->doc->id);
	kb_value_set_opt(arena, map, "issue", gap->issue);
	if (gap->type != KB_TYPE_COUNT)
		kb_value_set_str(arena, map, "type", kb_str_of(kb_type_name(gap->type)));
	if (gap->locale != KB_NONE)
		kb_value_set_str(arena, map, "locale",
			gaps->lib->config->locales[gap->locale].code);
	kb_value_set_str(arena, map, "message", gap->message);
	kb_value_set_str(arena, map, "mend", gap->fix);
}

void kb_gaps_value(
	const struct kb_gaps *gaps, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "issues");

	for (uint32_t i = 0; i < gaps->lib->taxonomy->len; i++)
		if (kb_gaps_shows(gaps, i))
			add_issue(gaps, arena, list, i);
	list = kb_value_set_list(arena, root, "findings");
	for (size_t i = 0; i < gaps->len; i++)
		add_gap(gaps, arena, list, &gaps->items[i]);
}
