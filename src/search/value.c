#include "kb/search.h"

static void push_part(
	struct kb_arena *arena, struct kb_value *passage, kb_str text, bool mark)
{
	struct kb_value *map;

	if (!text.len)
		return;
	map = kb_value_push_map(arena, passage);
	kb_value_set_str(arena, map, "text", text);
	kb_value_set_bool(arena, map, "mark", mark);
}

static void push_hit(const struct kb_library *lib, const struct kb_search_hit *hit,
	struct kb_arena *arena, struct kb_value *list)
{
	const struct kb_document *doc = hit->doc;
	struct kb_value *map = kb_value_push_map(arena, list), *passage;
	uint32_t at = 0;

	kb_value_set_str(arena, map, "id", doc->id);
	kb_value_set_str(arena, map, "type", kb_str_of(kb_type_name(doc->facts->type)));
	kb_value_set_str(arena, map, "locale", lib->config->locales[doc->locale].code);
	kb_value_set_str(arena, map, "path", doc->path);
	kb_value_set_str(arena, map, "title",
		kb_library_expand(lib, arena, doc->facts->title, doc->locale));
	kb_value_set_decimal(arena, map, "score", hit->score);
	passage = kb_value_set_list(arena, map, "passage");
	for (size_t i = 0; i < hit->nmarks; i++) {
		kb_range mark = hit->marks[i];
		uint32_t end = mark.off + mark.len;

		push_part(arena, passage, kb_str_sub(hit->passage, at, mark.off), false);
		push_part(arena, passage, kb_str_sub(hit->passage, mark.off, end), true);
		at = end;
	}
	push_part(arena, passage, kb_str_sub(hit->passage, at, hit->passage.len), false);
}

void kb_search_value(const struct kb_library *lib, const struct kb_search_query *query,
	const struct kb_search_hit *hits, size_t n, struct kb_arena *arena,
	struct kb_value *root)
{
	struct kb_value *list;

	kb_value_set_str(arena, root, "query", query->text);
	list = kb_value_set_list(arena, root, "hits");
	for (size_t i = 0; i < n; i++)
		push_hit(lib, &hits[i], arena, list);
}
