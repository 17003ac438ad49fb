#include "kb/audit.h"
#include "kb/unicode.h"

static void add_finding(const struct kb_library *lib,
	const struct kb_audit_finding *finding, struct kb_arena *arena,
	struct kb_value *list)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "kind", kb_str_of(kb_audit_name(finding->kind)));
	kb_value_set_str(
		arena, map, "severity", kb_str_of(kb_severity_name(finding->severity)));
	kb_value_set_str(arena, map, "path", finding->path);
	if (finding->line)
		kb_value_set_int(arena, map, "line", finding->line);
	if (finding->doc)
		kb_value_set_opt(arena, map, "id", finding->doc->id);
	if (finding->issue)
		kb_value_set_str(arena, map, "issue", finding->issue->id);
	if (finding->locale != KB_NONE)
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[finding->locale].code);
	kb_value_set_opt(arena, map, "owner", finding->owner);
	kb_value_set_str(arena, map, "message", finding->message);
	kb_value_set_str(arena, map, "mend", finding->fix);
	if (finding->days)
		kb_value_set_int(arena, map, "days", finding->days);
	if (finding->cases)
		kb_value_set_int(arena, map, "cases", (long long)finding->cases);
}

static void add_scores(const struct kb_library *lib, const struct kb_audit_scores *scores,
	bool summary, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *map = kb_value_set_map(arena, root, "scores"), *list, *item;

	kb_value_set_str(arena, map, "formula", kb_str_of(kb_audit_formula));
	kb_value_set_int(arena, map, "score", scores->all.points);
	list = kb_value_set_list(arena, map, "teams");
	for (size_t i = 0; i < scores->nteams; i++) {
		item = kb_value_push_map(arena, list);
		kb_value_set_str(arena, item, "team", scores->teams[i].team->id);
		kb_value_set_int(arena, item, "score", scores->teams[i].points);
		kb_value_set_int(arena, item, "documents", scores->teams[i].documents);
	}
	if (summary)
		return;
	list = kb_value_set_list(arena, map, "documents");
	for (size_t i = 0; i < scores->ndocuments; i++) {
		const struct kb_document *doc = scores->documents[i].doc;

		item = kb_value_push_map(arena, list);
		kb_value_set_str(arena, item, "path", doc->path);
		kb_value_set_opt(arena, item, "id", doc->id);
		kb_value_set_str(
			arena, item, "locale", lib->config->locales[doc->locale].code);
		kb_value_set_int(arena, item, "score", scores->documents[i].points);
	}
}

void kb_audit_value(const struct kb_library *lib, const struct kb_audit *audit,
	const struct kb_audit_scores *scores, bool summary, struct kb_arena *arena,
	struct kb_value *root)
{
	struct kb_value *counts, *list;

	kb_value_set_str(arena, root, "as_of",
		kb_day_format(arena, lib->config->timezone, lib->now));
	kb_value_set_int(arena, root, "documents", audit->documents);
	counts = kb_value_set_map(arena, root, "counts");
	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++)
		kb_value_set_int(arena, counts, kb_audit_name((enum kb_audit_kind)kind),
			audit->counts[kind]);
	add_scores(lib, scores, summary, arena, root);
	if (summary)
		return;
	list = kb_value_set_list(arena, root, "findings");
	for (size_t i = 0; i < audit->len; i++)
		add_finding(lib, &audit->items[i], arena, list);
}
