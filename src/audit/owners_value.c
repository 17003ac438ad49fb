#include "kb/owners.h"
#include "kb/review.h"
#include "kb/unicode.h"

static void add_document(const struct kb_library *lib, struct kb_arena *arena,
	struct kb_value *list, const char *role, const struct kb_document *doc)
{
	const struct kb_config *config = lib->config;
	struct kb_value *map = kb_value_push_map(arena, list);
	time_t due = kb_review_due(config, doc);

	kb_value_set_str(arena, map, "path", doc->path);
	kb_value_set_str(arena, map, "id", doc->id);
	kb_value_set_str(arena, map, "locale", config->locales[doc->locale].code);
	kb_value_set_str(arena, map, "type", kb_str_of(kb_type_name(doc->facts->type)));
	kb_value_set_str(arena, map, "title", doc->facts->title);
	kb_value_set_str(arena, map, "as", kb_str_of(role));
	if (doc->facts->reviewed)
		kb_value_set_str(arena, map, "reviewed",
			kb_day_format(arena, config->timezone, doc->facts->reviewed));
	if (due)
		kb_value_set_str(
			arena, map, "due", kb_day_format(arena, config->timezone, due));
	kb_value_set_bool(
		arena, map, "overdue", kb_review_overdue(config, doc, lib->now));
}

static void add_owner(const struct kb_library *lib, struct kb_arena *arena,
	struct kb_value *list, const struct kb_owner *owner)
{
	struct kb_value *map = kb_value_push_map(arena, list), *documents, *issues;

	kb_value_set_opt(arena, map, "id", owner->id);
	if (owner->person)
		kb_value_set_str(arena, map, "name", owner->person->name);
	kb_value_set_bool(arena, map, "known", owner->person != NULL);
	kb_value_set_int(arena, map, "owned", owner->docs.len);
	kb_value_set_int(arena, map, "overdue", owner->overdue);
	kb_value_set_int(arena, map, "never_reviewed", owner->never);
	documents = kb_value_set_list(arena, map, "documents");
	for (size_t i = 0; i < owner->docs.len; i++)
		add_document(lib, arena, documents, "owner", owner->docs.items[i]);
	for (size_t i = 0; i < owner->deputies.len; i++)
		add_document(lib, arena, documents, "deputy", owner->deputies.items[i]);
	issues = kb_value_set_list(arena, map, "issues");
	for (size_t i = 0; i < owner->issues.len; i++)
		kb_value_push_str(arena, issues, owner->issues.items[i]->id);
}

void kb_owners_value(
	const struct kb_owners *owners, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "owners");

	for (size_t i = 0; i < owners->len; i++)
		add_owner(owners->lib, arena, list, owners->items[i]);
}
