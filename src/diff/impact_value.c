#include "kb/impact.h"

static void add_touch(const struct kb_library *lib, const struct kb_touch *touch,
	struct kb_arena *arena, struct kb_value *list)
{
	struct kb_value *map = kb_value_push_map(arena, list);
	const struct kb_document *doc = touch->doc;

	kb_value_set_str(arena, map, "path", touch->path);
	kb_value_set_int(arena, map, "line", touch->line);
	kb_value_set_name(arena, map, "kind", kb_touch_name(touch->kind));
	if (doc) {
		kb_value_set_str(arena, map, "id", doc->id);
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[doc->locale].code);
		kb_value_set_opt(arena, map, "title", doc->facts->title);
	}
	kb_value_set_opt(arena, map, "owner", touch->owner);
	kb_value_set_opt(arena, map, "detail", touch->detail);
	if (touch->via)
		kb_value_set_str(arena, map, "via", touch->via->path);
}

void kb_impact_value(const struct kb_library *lib, const struct kb_subject *subject,
	const struct kb_impact *impact, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *map = kb_value_set_map(arena, root, "subject"), *list;

	kb_value_set_name(arena, map, "kind", kb_subject_name(subject->kind));
	kb_value_set_str(arena, map, "id", kb_subject_id(subject));
	kb_value_set_opt(arena, map, "title", kb_subject_title(lib, subject));
	kb_value_set_int(arena, root, "documents", impact->documents);
	list = kb_value_set_list(arena, root, "touches");
	for (size_t i = 0; i < impact->len; i++)
		add_touch(lib, &impact->items[i], arena, list);
}
