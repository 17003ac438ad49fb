#include "kb/published.h"
#include "kb/unicode.h"

static kb_str moment(const struct kb_published *p, struct kb_arena *arena, time_t at)
{
	return kb_time_format(arena, p->lib->config->timezone, at);
}

static void set_next(
	const struct kb_published *p, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *next = kb_value_set_map(arena, root, "next_change"), *list;

	kb_value_set_str(arena, next, "at", moment(p, arena, p->turns[0].at));
	list = kb_value_set_list(arena, next, "documents");
	for (size_t i = 0; i < p->nturns; i++) {
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "path", p->turns[i].doc->path);
		kb_value_set_str(arena, map, "change",
			kb_str_of(kb_turn_kind_name(p->turns[i].kind)));
	}
}

static void set_files(
	const struct kb_published *p, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "files");

	for (size_t i = 0; i < p->report.nfiles; i++) {
		const struct kb_publish_file *file = &p->report.files[i];
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "path", file->path);
		kb_value_set_str(arena, map, "action",
			file->removed ? KB_STR("remove") : KB_STR("write"));
		kb_value_set_str(arena, map, "reason", file->reason);
	}
}

static void set_site(
	const struct kb_published *p, struct kb_arena *arena, struct kb_value *root)
{
	const struct kb_publish_report *report = &p->report;
	const struct {
		const char *key;
		uint64_t n;
	} numbers[] = {{"kept", report->kept}, {"renewed", report->renewed},
		{"pages", report->pages}, {"locales", report->locales},
		{"redirects", report->redirects}, {"assets", report->assets},
		{"bytes", report->bytes}, {"written", report->written},
		{"unchanged", report->unchanged}, {"removed", report->removed}};
	struct kb_value *documents;

	kb_value_set_str(arena, root, "folder", kb_str_of(p->options->out));
	kb_value_set_bool(arena, root, "dry_run", p->options->dry_run);
	kb_value_set_int(arena, root, "errors", p->counts[KB_ERROR]);
	kb_value_set_int(arena, root, "warnings", p->counts[KB_WARNING]);
	documents = kb_value_set_map(arena, root, "documents");
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		if (report->documents[type])
			kb_value_set_int(arena, documents,
				kb_type_name((enum kb_type)type),
				report->documents[type]);
	for (size_t i = 0; i < KB_LEN(numbers); i++)
		kb_value_set_int(arena, root, numbers[i].key, (long long)numbers[i].n);
	if (p->options->arena)
		set_files(p, arena, root);
}

void kb_published_value(const struct kb_published *published, bool site,
	struct kb_arena *arena, struct kb_value *root)
{
	const struct kb_library *lib = published->lib;

	kb_value_set_str(arena, root, "audience",
		lib->config->audiences[published->options->audience]);
	kb_value_set_str(arena, root, "now", moment(published, arena, lib->now));
	if (site)
		set_site(published, arena, root);
	if (published->nturns)
		set_next(published, arena, root);
}
