#include "kb/stats.h"

void kb_import_value(
	const struct kb_import *import, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "files");

	for (size_t i = 0; i < import->files.len; i++) {
		const struct kb_import_file *file = &import->files.items[i];
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "name", file->name);
		kb_value_set_str(arena, map, "kind", kb_str_of(file->kind));
		kb_value_set_int(arena, map, "lines", (long long)file->lines);
		kb_value_set_int(arena, map, "views", (long long)file->views);
		kb_value_set_int(arena, map, "votes", (long long)file->votes);
		kb_value_set_int(arena, map, "searches", (long long)file->searches);
		kb_value_set_int(arena, map, "tickets", (long long)file->tickets);
		kb_value_set_int(arena, map, "known", (long long)file->known);
		kb_value_set_int(arena, map, "bots", (long long)file->bots);
		kb_value_set_int(arena, map, "others", (long long)file->others);
		kb_value_set_int(arena, map, "unknown", (long long)file->unknown);
		kb_value_set_int(arena, map, "faults", (long long)file->faults);
	}
	list = kb_value_set_list(arena, root, "faults");
	for (size_t i = 0; i < import->faults.len; i++) {
		const struct kb_import_fault *fault = &import->faults.items[i];
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "file", fault->file);
		if (fault->line)
			kb_value_set_int(arena, map, "line", (long long)fault->line);
		kb_value_set_str(arena, map, "message", fault->message);
	}
	kb_value_set_strs(arena, root, "notes", &import->notes);
	list = kb_value_set_list(arena, root, "changed");
	for (size_t i = 0; i < import->rewrites.len; i++)
		kb_value_push_str(arena, list, import->rewrites.items[i].path);
}
