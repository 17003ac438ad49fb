/* Relative paths: from the document that holds them, through its fallbacks. */
#include "address.h"
#include "content.h"
#include "index.h"
#include "kb/arena_str.h"
#include "kb/file.h"
#include "kb/unicode.h"
#include "link.h"

struct link_finder {
	const struct kb_library *lib;
	struct kb_arena *arena;
	const struct kb_document *from;
	struct kb_document **doc;
	struct kb_target *out;
};

/* A folder stands for the text that describes it. */
static struct kb_document *folder_document(struct link_finder *f, kb_str path)
{
	static const char *const names[] = {"index.md", "_index.md", "README.md",
		"readme.md", "Readme.md", "index.markdown"};

	for (size_t i = 0; i < KB_LEN(names); i++) {
		kb_str file = kb_arena_fmt(f->arena, "%.*s%s%s", KB_ARG(path),
			path.len ? "/" : "", names[i]);
		struct kb_document *doc = kb_library_by_path(f->lib, file);

		if (doc)
			return doc;
	}
	return NULL;
}

/* A Markdown file that no mount takes leaves the entry without being found. */
static bool find_at(struct link_finder *f, kb_str path)
{
	*f->doc = kb_library_by_path(f->lib, path);
	if (*f->doc)
		return true;
	f->out->entry = kb_library_entry(f->lib, path);
	if (f->out->entry)
		return !kb_path_is_markdown(path);
	*f->doc = folder_document(f, path);
	return *f->doc != NULL;
}

/* A link that leads to nothing stays the entry, so that its file's fault is reported. */
static bool find_followed(struct link_finder *f, kb_str path)
{
	bool found = find_at(f, path);
	kb_str real = found && *f->doc ? path : kb_library_follow(f->lib, f->arena, path);
	const struct kb_entry *link = f->out->entry;

	if (kb_str_eq(real, path))
		return found;
	if (find_at(f, real))
		return true;
	if (!f->out->entry)
		f->out->entry = link;
	return found;
}

/* The file of this path, or of its folder's text, whose name has its letters composed in
 * another way, as macOS writes them; or empty. */
static kb_str composed(struct link_finder *f, kb_str path)
{
	static const char *const tails[] = {"", "/index.md", "/README.md"};

	for (size_t i = 0; i < KB_LEN(tails); i++) {
		kb_str wanted = kb_arena_fmt(f->arena, "%.*s%s", KB_ARG(path), tails[i]);
		const struct kb_entry *entry = kb_library_entry_nocase(f->lib, wanted);

		if (entry && !kb_str_eq(entry->path, wanted) &&
			kb_str_eq(
				kb_nfc(f->arena, entry->path), kb_nfc(f->arena, wanted)))
			return entry->path;
	}
	return KB_STR_NULL;
}

static bool find_exact(struct link_finder *f, kb_str path)
{
	kb_str other;

	if (find_followed(f, path))
		return true;
	if (f->out->entry || kb_nfc(f->arena, path).data == path.data) /* ASCII */
		return false;
	other = composed(f, path);
	return other.len && find_followed(f, other);
}

static bool swap_at(struct link_finder *f, kb_str path, size_t at, kb_str from, kb_str to)
{
	unsigned ways = kb_code_ways(to);

	for (unsigned way = 0; way < ways; way++) {
		kb_str code = kb_code_spelled(f->arena, to, way);
		kb_str tail = kb_str_sub(path, at + from.len, path.len);
		size_t again = kb_code_find(tail, 0, from);

		if (find_exact(f, kb_arena_fmt(f->arena, "%.*s%.*s%.*s", (int)at,
					  path.data, KB_ARG(code), KB_ARG(tail))))
			return true;
		if (again != SIZE_MAX &&
			find_exact(f, kb_arena_fmt(f->arena, "%.*s%.*s%.*s%.*s%.*s",
					      (int)at, path.data, KB_ARG(code),
					      (int)again, tail.data, KB_ARG(code),
					      KB_ARG(kb_str_sub(tail, again + from.len,
						      tail.len)))))
			return true;
	}
	return false;
}

/* The same path in the folder of another locale (or with its code in the file's name). */
static bool find_swapped(struct link_finder *f, kb_str path, uint32_t from, uint32_t to)
{
	const struct kb_locale *locales = f->lib->config->locales;
	kb_str code = locales[from].code;
	size_t at = kb_code_find(path, 0, code);

	for (; at != SIZE_MAX; at = kb_code_find(path, at + code.len, code))
		if (swap_at(f, path, at, code, locales[to].code))
			return true;
	return false;
}

static bool find_in_fallbacks(struct link_finder *f, kb_str path)
{
	const struct kb_config *config = f->lib->config;

	for (uint32_t to = f->from->locale; to != KB_NONE;
		to = config->locales[to].fallback)
		for (uint32_t from = 0; from < config->nlocales; from++)
			if (from != to && find_swapped(f, path, from, to))
				return true;
	return false;
}

bool kb_link_join(struct kb_arena *arena, kb_str dir, kb_str path, kb_str *out)
{
	return kb_path_join(arena, dir, kb_percent_decode(arena, path), out);
}

bool kb_path_in_locale(const struct kb_config *config, struct kb_arena *arena,
	kb_str path, uint32_t from, uint32_t to, kb_str *out)
{
	kb_str code = config->locales[from].code;
	size_t at = kb_code_find(path, 0, code);

	if (at == SIZE_MAX)
		return false;
	*out = kb_arena_fmt(arena, "%.*s%.*s%.*s", (int)at, path.data,
		KB_ARG(config->locales[to].code),
		KB_ARG(kb_str_sub(path, at + code.len, path.len)));
	return true;
}

kb_str kb_link_relative(struct kb_arena *arena, kb_str dir, kb_str path)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t same = 0;

	for (size_t i = 0; i < path.len && i <= dir.len; i++) {
		bool end = i == dir.len;

		if (path.data[i] == '/' && (end || dir.data[i] == '/'))
			same = i + 1;
		if (end || dir.data[i] != path.data[i])
			break;
	}
	for (size_t i = same; i < dir.len; i++)
		if (i == same || dir.data[i] == '/')
			kb_buf_puts(&out, "../");
	kb_buf_url_path(&out, kb_str_sub(path, same, path.len));
	return kb_arena_str(arena, kb_buf_view(&out));
}

static size_t common_start(kb_str a, kb_str b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.data[n] == b.data[n])
		n++;
	return n;
}

/* A file of the same name elsewhere, the nearer the better, or a like name in the folder.
 */
static kb_str nearest_file(struct link_finder *f, kb_str path)
{
	kb_str dir = kb_path_dir(path), name = kb_path_base(path), best = KB_STR_NULL;
	_cleanup_free_ kb_str *names = kb_xcalloc(f->lib->nentries, sizeof(*names));
	size_t n = 0, best_start = 0;
	const kb_str *near;

	for (size_t i = 0; i < f->lib->nentries; i++) {
		kb_str other = f->lib->entries[i].path;
		size_t start;

		if (kb_str_eq(kb_path_dir(other), dir))
			names[n++] = kb_path_base(other);
		if (!kb_str_ends(other, name) || !kb_str_eq(kb_path_base(other), name))
			continue;
		start = common_start(other, path);
		if (best.len == 0 || start > best_start) {
			best = other;
			best_start = start;
		}
	}
	near = kb_str_nearest(name, names, n);
	if (near)
		return kb_arena_fmt(f->arena, "%.*s%s%.*s", KB_ARG(dir),
			dir.len ? "/" : "", KB_ARG(*near));
	return best;
}

static kb_str probable(struct link_finder *f, kb_str path)
{
	kb_str with_ext = kb_arena_fmt(f->arena, "%.*s.md", KB_ARG(path)), near;

	if (kb_library_entry(f->lib, with_ext))
		near = with_ext;
	else
		near = nearest_file(f, path);
	return near.len ? kb_link_relative(f->arena, kb_path_dir(f->from->path), near)
			: near;
}

enum kb_target_fault kb_link_path(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *from, kb_str path, struct kb_document **doc, bool guess,
	struct kb_target *out)
{
	struct link_finder f = {lib, arena, from, doc, out};
	kb_str dir = kb_path_dir(from->path), full;

	if (!kb_link_join(arena, dir, path, &full))
		return KB_FAULT_OUTSIDE;
	if (path.len == 0)
		return KB_FAULT_FILE;
	if (find_exact(&f, full))
		return KB_FAULT_NONE;
	if (out->entry)
		return KB_FAULT_NOTDOC;
	if (find_in_fallbacks(&f, full))
		return KB_FAULT_NONE;
	out->entry = kb_library_entry_nocase(lib, full);
	if (out->entry) {
		out->nearest = kb_link_relative(arena, dir, out->entry->path);
		return KB_FAULT_CASE;
	}
	if (guess)
		out->nearest = probable(&f, full);
	return KB_FAULT_FILE;
}
