/* Paths that are typed, relative to the folder that kb works in. */
#include <limits.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/operand.h"
#include "kb/unicode.h"

/* The operand as an absolute path without '.' and '..', links left alone. */
static kb_str absolute_path(struct kb_arena *arena, kb_str operand)
{
	char cwd[PATH_MAX];
	kb_str out = operand, dir = KB_STR("/");

	if (!kb_str_starts(operand, KB_STR("/"))) {
		if (!getcwd(cwd, sizeof(cwd)))
			return operand;
		dir = kb_arena_str(arena, kb_str_of(cwd));
	}
	kb_str joined = kb_arena_fmt(arena, "%.*s/%.*s", KB_ARG(dir), KB_ARG(operand));
	kb_str inside = kb_str_sub(joined, 1, joined.len);
	while (kb_str_starts(inside, KB_STR("/")))
		inside = kb_str_sub(inside, 1, inside.len);
	return kb_path_normalize(arena, inside, &out)
		       ? kb_arena_fmt(arena, "/%.*s", KB_ARG(out))
		       : operand;
}

bool kb_operand_below(const struct kb_source *source, struct kb_arena *arena,
	kb_str operand, kb_str *path)
{
	kb_str root = kb_source_root(source);

	if (!root.len)
		return kb_path_normalize(arena, operand, path);
	kb_str absolute = absolute_path(arena, operand);
	if (kb_str_is(root, "/"))
		root.len = 0;
	if (!kb_str_starts(absolute, root))
		return false;
	kb_str rest = kb_str_sub(absolute, root.len, absolute.len);
	if (rest.len && rest.data[0] != '/')
		return false;
	*path = kb_str_sub(rest, 1, rest.len);
	return true;
}

/* A file's path, a folder's with a '/', or nothing when neither is there. */
static bool find_entry(const struct kb_library *lib, struct kb_arena *arena, kb_str *path)
{
	const struct kb_entry *entry;

	if (!path->len || kb_str_is(*path, "kb.yaml") || kb_library_entry(lib, *path))
		return true;
	entry = kb_library_entry_nocase(lib, *path);
	if (entry && kb_str_eq(kb_nfc(arena, entry->path), kb_nfc(arena, *path))) {
		*path = entry->path;
		return true;
	}
	kb_str folder = kb_arena_fmt(arena, "%.*s/", KB_ARG(*path));
	for (size_t i = 0; i < lib->nentries; i++) {
		if (!kb_str_starts(lib->entries[i].path, folder))
			continue;
		*path = folder;
		return true;
	}
	return false;
}

int kb_operand_paths(const struct kb_library *lib, struct kb_arena *arena,
	const kb_strs *operands, kb_strs *paths, struct kb_error *err)
{
	for (size_t i = 0; i < operands->len; i++) {
		kb_str operand = operands->items[i], path = KB_STR_NULL;

		if (!kb_operand_below(lib->source, arena, operand, &path))
			return kb_error_set(err, KB_E_USAGE,
				"'%.*s' is not below the content root", KB_ARG(operand));
		if (path.len == 1 && path.data[0] == '.')
			path = KB_STR_NULL;
		if (!find_entry(lib, arena, &path))
			return kb_error_set(err, KB_E_USAGE,
				kb_source_ignores(lib->source, path)
					? "'%.*s' is ignored: a .gitignore or .kbignore "
					  "says so, or kb published it"
					: "there is no '%.*s' in the content",
				KB_ARG(operand));
		kb_vec_push(paths, path);
	}
	return 0;
}

bool kb_path_selected(const kb_strs *paths, kb_str path)
{
	for (size_t i = 0; i < paths->len; i++) {
		kb_str p = paths->items[i];
		bool folder = p.len && p.data[p.len - 1] == '/';

		if (!p.len || kb_str_eq(p, path) || (folder && kb_str_starts(path, p)))
			return true;
	}
	return paths->len == 0;
}
