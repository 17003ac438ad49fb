/*
 * The list of a published site, which is in the site's folder. No file that it names is
 * outside of that folder; printed and read again it names the same files.
 */
#include "fuzz.h"
#include "site/manifest.h"

static void check(const struct manifest *list, struct kb_arena *arena)
{
	for (size_t i = 0; i < list->files.len; i++) {
		kb_str path = list->files.items[i]->path, normal;

		must(kb_path_normalize(arena, path, &normal) && kb_str_eq(path, normal),
			"'%.*s' is not where it seems to be", KB_ARG(path));
		must(*path.data != '/' && kb_str_chr(path, '\0') == SIZE_MAX, "'%.*s'",
			KB_ARG(path));
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct manifest list, again;

	manifest_init(&list);
	manifest_init(&again);
	kb_buf_str(&list.text, input);
	if (manifest_parse(&list) == 0) {
		check(&list, arena);
		manifest_print(&list, false, &again.text);
		must(manifest_parse(&again) == 0, "what was printed cannot be read");
		must(list.files.len == again.files.len, "%zu files became %zu",
			list.files.len, again.files.len);
	}
	manifest_dispose(&list);
	manifest_dispose(&again);
}
