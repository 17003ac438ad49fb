/* A document's id and address, from the path of its file. */
#include "address.h"

#include "kb/file.h"
#include "kb/unicode.h"

static const kb_str placeholder = {"{locale}", 8};

static const char *const folders[KB_TYPE_COUNT] = {
	[KB_ARTICLE] = "articles",
	[KB_WORKFLOW] = "workflows",
	[KB_REPLY] = "replies",
	[KB_REFERENCE] = "reference",
	[KB_SNIPPET] = "",
};

static bool same_char(char a, char b)
{
	a = a == '_' ? '-' : a;
	b = b == '_' ? '-' : b;
	return kb_str_eq_nocase((kb_str){&a, 1}, (kb_str){&b, 1});
}

/* Does S hold CODE at OFF, in whatever spelling? */
static bool code_at(kb_str s, size_t off, kb_str code)
{
	if (off + code.len > s.len)
		return false;
	for (size_t i = 0; i < code.len; i++)
		if (!same_char(s.data[off + i], code.data[i]))
			return false;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

size_t kb_code_find(kb_str s, size_t from, kb_str code)
{
	for (size_t i = from; code.len && i + code.len <= s.len; i++)
		if (code_at(s, i, code) && (i == 0 || !is_letter(s.data[i - 1])) &&
			(i + code.len == s.len || !is_letter(s.data[i + code.len])))
			return i;
	return SIZE_MAX;
}

unsigned kb_code_ways(kb_str code)
{
	return kb_str_chr(code, '-') == SIZE_MAX ? 1 : 4;
}

kb_str kb_code_spelled(struct kb_arena *arena, kb_str code, unsigned way)
{
	char *copy = kb_arena_copy(arena, code.data, code.len);

	for (size_t i = 0; i < code.len; i++) {
		if ((way & 1) && copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + 'a' - 'A');
		if ((way & 2) && copy[i] == '-')
			copy[i] = '_';
	}
	return (kb_str){copy, code.len};
}

static size_t count_slashes(kb_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.data[i] == '/';
	return n;
}

static bool is_wild(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("*?[", s.data[i]))
			return true;
	return false;
}

/* The index of the folder in PATTERN that the locale names; "**" makes it unknown. */
static size_t locale_folder(kb_str pattern, bool *unknown)
{
	kb_str rest = kb_path_dir(pattern), part;
	bool deep = false;

	*unknown = false;
	for (size_t i = 0; rest.len && kb_str_next(&rest, '/', &part); i++) {
		if (kb_str_find(part, placeholder) != SIZE_MAX) {
			*unknown = deep;
			return i;
		}
		deep |= kb_str_find(part, KB_STR("**")) != SIZE_MAX;
	}
	return SIZE_MAX;
}

/* The index of the first folder of PATH, below LIMIT, that is named as the locale. */
static size_t folder_named(kb_str path, kb_str code, size_t limit)
{
	kb_str rest = kb_path_dir(path), part;

	for (size_t i = 0; i < limit && rest.len && kb_str_next(&rest, '/', &part); i++)
		if (part.len == code.len && code_at(part, 0, code))
			return i;
	return SIZE_MAX;
}

/* The index of the locale's folder in PATH, or SIZE_MAX. */
static size_t find_locale_folder(const struct kb_mount *mount, kb_str path, kb_str code)
{
	bool unknown;
	size_t folder = locale_folder(mount->path, &unknown);

	if (folder != SIZE_MAX && !unknown)
		return folder;
	return folder_named(
		path, code, folder == SIZE_MAX ? count_slashes(mount->base) : SIZE_MAX);
}

static kb_str without_ext(kb_str name)
{
	return kb_str_sub(name, 0, name.len - kb_path_ext(name).len);
}

static kb_str trim_joint(kb_str s, bool left)
{
	while (s.len && strchr("._- ", left ? s.data[s.len - 1] : s.data[0]))
		s = left ? kb_str_sub(s, 0, s.len - 1) : kb_str_sub(s, 1, s.len);
	return s;
}

static size_t locale_offset(kb_str name, kb_str pattern, kb_str code)
{
	size_t mark = kb_str_find(pattern, placeholder);
	kb_str before = kb_str_sub(pattern, 0, mark);
	kb_str after = kb_str_sub(pattern, mark + placeholder.len, pattern.len);
	size_t off;

	if (!is_wild(after) && name.len >= after.len + code.len)
		off = name.len - after.len - code.len;
	else if (!is_wild(before))
		off = before.len;
	else
		return kb_code_find(name, 0, code);
	return code_at(name, off, code) ? off : SIZE_MAX;
}

/* The file's name without '.md' and without the locale in it ("overview._en.md"). */
static kb_str stem_of(
	struct kb_arena *arena, const struct kb_mount *mount, kb_str path, kb_str code)
{
	kb_str name = without_ext(kb_path_base(path));
	kb_str pattern = without_ext(kb_path_base(mount->path)), left, right;
	size_t off;

	if (kb_str_find(pattern, placeholder) == SIZE_MAX ||
		(off = locale_offset(name, pattern, code)) == SIZE_MAX)
		return name;
	left = trim_joint(kb_str_sub(name, 0, off), true);
	right = kb_str_sub(name, off + code.len, name.len);
	if (left.len == 0)
		return trim_joint(right, false);
	return right.len ? kb_arena_fmt(arena, "%.*s%.*s", KB_ARG(left), KB_ARG(right))
			 : left;
}

/* As most parts of paths are. */
static bool is_slug(kb_str part)
{
	bool gap = true;

	for (size_t i = 0; i < part.len; i++) {
		char c = part.data[i];

		if ((gap || c != '-') && !(c >= 'a' && c <= 'z') &&
			!(c >= '0' && c <= '9'))
			return false;
		gap = c == '-';
	}
	return !gap;
}

static kb_str slug_of(struct kb_arena *arena, kb_str part)
{
	kb_str slug = is_slug(part) ? part : kb_slug_path(arena, part);

	return slug.len ? slug : KB_STR("untitled");
}

static void add_part(kb_buf *out, kb_str part)
{
	if (out->len)
		kb_buf_putc(out, '/');
	kb_buf_str(out, part);
}

/* The slugged folders of PATH from index FROM on, but for the one at SKIP. */
static void add_folders(
	struct kb_arena *arena, kb_buf *out, kb_str path, size_t from, size_t skip)
{
	kb_str rest = kb_path_dir(path), part;

	for (size_t i = 0; rest.len && kb_str_next(&rest, '/', &part); i++)
		if (i >= from && i != skip)
			add_part(out, slug_of(arena, part));
}

kb_str kb_id_default(
	struct kb_arena *arena, const struct kb_mount *mount, kb_str path, kb_str code)
{
	_cleanup_buf_ kb_buf id = {0};
	size_t folder = find_locale_folder(mount, path, code);
	kb_str stem = stem_of(arena, mount, path, code);

	/* Folders that a wildcard above the locale's stands for tell documents apart. */
	if (folder < count_slashes(mount->base))
		add_folders(arena, &id, path, folder + 1, SIZE_MAX);
	else
		add_folders(arena, &id, path, 0, folder);
	if (stem.len)
		add_part(&id, slug_of(arena, stem));
	else if (id.len == 0)
		kb_buf_puts(&id, "index");
	return kb_arena_str(arena, kb_buf_view(&id));
}

static bool stands_for_folder(kb_str stem)
{
	return stem.len == 0 || kb_str_eq_nocase(stem, KB_STR("index")) ||
	       kb_str_is(stem, "_index") || kb_str_eq_nocase(stem, KB_STR("readme"));
}

kb_str kb_address_of(struct kb_arena *arena, const struct kb_mount *mount, kb_str path,
	kb_str code, enum kb_type type, kb_str slug)
{
	_cleanup_buf_ kb_buf address = {0};
	kb_str stem = stem_of(arena, mount, path, code);
	bool folder = stands_for_folder(stem);
	size_t top = strlen(folders[type]);

	if (type == KB_SNIPPET)
		return KB_STR_NULL;
	kb_buf_puts(&address, folders[type]);
	add_folders(arena, &address, path, count_slashes(mount->base),
		find_locale_folder(mount, path, code));
	if (folder && slug.len && address.len > top)
		address.len = kb_str_rchr(kb_buf_view(&address), '/');
	if (slug.len)
		add_part(&address, slug_of(arena, slug));
	else if (!folder)
		add_part(&address, slug_of(arena, stem));
	kb_buf_putc(&address, '/');
	return kb_arena_str(arena, kb_buf_view(&address));
}
