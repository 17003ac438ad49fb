#include "kb/log.h"

static void add_entry(
	struct kb_arena *arena, struct kb_value *list, const struct kb_log_entry *entry)
{
	const struct kb_history_version *version = &entry->version;
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_name(arena, map, "commit", version->commit.id);
	if (entry->known) {
		kb_value_set_str(arena, map, "date", entry->day);
		kb_value_set_str(arena, map, "author", entry->message.author);
		kb_value_set_str(arena, map, "email", entry->message.email);
		kb_value_set_str(arena, map, "subject", entry->message.subject);
	}
	kb_value_set_name(arena, map, "kind", kb_version_kind_name(version->kind));
	kb_value_set_str(arena, map, "path", version->path);
	kb_value_set_opt(arena, map, "from", version->from);
	kb_value_set_opt(arena, map, "blob", kb_str_of(version->blob));
	kb_value_set_name(arena, map, "weight", kb_weight_name(entry->weight));
	kb_value_set_str(arena, map, "summary", entry->summary);
}

void kb_log_value(const struct kb_library *lib, const struct kb_log *log,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "documents"), *versions;

	for (size_t i = 0; i < log->len; i++) {
		const struct kb_document *doc = log->items[i].doc;
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "id", doc->id);
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[doc->locale].code);
		kb_value_set_str(arena, map, "path", doc->path);
		kb_value_set_str(arena, map, "title", doc->facts->title);
		versions = kb_value_set_list(arena, map, "versions");
		for (size_t k = 0; k < log->items[i].len; k++)
			add_entry(arena, versions, &log->items[i].entries[k]);
	}
}
