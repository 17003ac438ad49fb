#include "kb/mount.h"

#include "address.h"
#include "content.h"
#include "kb/file.h"

/* A mount's pattern for one locale in one spelling. */
struct pattern {
	kb_str glob;
	kb_str prefix, suffix; /* before the first wildcard, after the last */
	uint32_t mount, locale;
};

struct kb_mounts {
	struct kb_arena *arena;
	const struct kb_config *config;
	struct pattern *patterns; /* nearest first */
	size_t len;
	kb_map merged; /* from the indices of several mounts to what they make together */
};

struct patterns {
	KB_VEC(struct pattern);
};

static bool is_wild(char c)
{
	return c == '*' || c == '?' || c == '[' || c == ']';
}

static struct pattern pattern_of(kb_str glob, uint32_t mount, uint32_t locale)
{
	struct pattern pattern = {.glob = glob, .mount = mount, .locale = locale};
	size_t first = 0, last = glob.len;

	while (first < glob.len && !is_wild(glob.data[first]))
		first++;
	while (last > first && !is_wild(glob.data[last - 1]))
		last--;
	pattern.prefix = kb_str_sub(glob, 0, first);
	pattern.suffix = kb_str_sub(glob, last, glob.len);
	/* The slash of a "**" + "/" may match nothing. */
	if (pattern.suffix.len && pattern.suffix.data[0] == '/')
		pattern.suffix = kb_str_sub(pattern.suffix, 1, pattern.suffix.len);
	return pattern;
}

static kb_str glob_for(struct kb_arena *arena, kb_str path, kb_str code)
{
	_cleanup_buf_ kb_buf glob = {0};
	size_t at;

	while ((at = kb_str_find(path, KB_STR("{locale}"))) != SIZE_MAX) {
		kb_buf_str(&glob, kb_str_sub(path, 0, at));
		kb_buf_str(&glob, code);
		path = kb_str_sub(path, at + 8, path.len);
	}
	kb_buf_str(&glob, path);
	return kb_arena_str(arena, kb_buf_view(&glob));
}

static void add_locale(struct kb_mounts *mounts, struct patterns *patterns,
	uint32_t mount, uint32_t locale)
{
	kb_str code = mounts->config->locales[locale].code;
	unsigned ways = kb_code_ways(code);

	for (unsigned way = 0; way < ways; way++) {
		kb_str spelled = kb_code_spelled(mounts->arena, code, way);
		kb_str glob = glob_for(
			mounts->arena, mounts->config->mounts[mount].path, spelled);

		kb_vec_push(patterns, pattern_of(glob, mount, locale));
	}
}

static int pattern_cmp(const void *pa, const void *pb)
{
	const struct pattern *a = pa, *b = pb;

	if (a->prefix.len != b->prefix.len)
		return a->prefix.len > b->prefix.len ? -1 : 1;
	if (a->glob.len != b->glob.len)
		return a->glob.len > b->glob.len ? -1 : 1;
	if (a->mount != b->mount)
		return a->mount < b->mount ? -1 : 1;
	return kb_str_cmp(a->glob, b->glob);
}

struct kb_mounts *kb_mounts_new(struct kb_arena *arena, const struct kb_config *config)
{
	struct kb_mounts *mounts = kb_arena_new_of(arena, struct kb_mounts);
	struct patterns patterns = {0};

	mounts->arena = arena;
	mounts->config = config;
	for (uint32_t i = 0; i < config->nmounts; i++) {
		const struct kb_mount *mount = &config->mounts[i];

		if (kb_str_find(mount->path, KB_STR("{locale}")) == SIZE_MAX)
			kb_vec_push(&patterns,
				pattern_of(mount->path, i,
					kb_config_locale(config, mount->locale)));
		else
			for (uint32_t l = 0; l < config->nlocales; l++)
				add_locale(mounts, &patterns, i, l);
	}
	if (patterns.len)
		qsort(patterns.items, patterns.len, sizeof(struct pattern), pattern_cmp);
	mounts->len = patterns.len;
	mounts->patterns = kb_vec_freeze(&patterns, arena);
	return mounts;
}

void kb_mounts_dispose(struct kb_mounts *mounts)
{
	kb_map_dispose(&mounts->merged);
}

static bool pattern_matches(const struct pattern *pattern, kb_str path)
{
	return kb_str_starts(path, pattern->prefix) &&
	       kb_str_ends(path, pattern->suffix) && kb_glob_match(pattern->glob, path);
}

static void merge_defaults(
	struct kb_arena *arena, struct kb_mount *into, const struct kb_node *wider)
{
	struct kb_node *near = into->defaults, *all;

	if (!wider)
		return;
	all = kb_arena_new_of(arena, struct kb_node);
	*all = *wider;
	all->len = 0;
	all->pairs = kb_arena_array(
		arena, struct kb_pair, (size_t)wider->len + (near ? near->len : 0));
	for (uint32_t i = 0; near && i < near->len; i++)
		all->pairs[all->len++] = near->pairs[i];
	for (uint32_t i = 0; i < wider->len; i++)
		if (!near || !kb_node_get_str(near, kb_node_str(wider->pairs[i].key)))
			all->pairs[all->len++] = wider->pairs[i];
	into->defaults = all;
}

static void merge_keys(
	struct kb_arena *arena, struct kb_mount *into, const struct kb_mount *wider)
{
	struct kb_key_map *keys = kb_arena_array(
		arena, struct kb_key_map, (size_t)into->nkeys + wider->nkeys);
	uint32_t n = into->nkeys;

	if (n)
		memcpy(keys, into->keys, n * sizeof(*keys));
	for (uint32_t i = 0; i < wider->nkeys; i++) {
		bool known = false;

		for (uint32_t j = 0; j < into->nkeys; j++)
			known |= kb_str_eq(keys[j].from, wider->keys[i].from);
		if (!known)
			keys[n++] = wider->keys[i];
	}
	into->keys = keys;
	into->nkeys = n;
}

/* Does a mount say of its documents' locale what the wider one says already? */
static bool same_locale(const struct kb_mount *mount, const struct kb_mount *wider)
{
	const kb_str placeholder = KB_STR("{locale}");

	return kb_str_find(wider->path, placeholder) != SIZE_MAX ||
	       (kb_str_find(mount->path, placeholder) == SIZE_MAX &&
		       kb_str_eq(mount->locale, wider->locale));
}

static void merge(
	struct kb_arena *arena, struct kb_mount *into, const struct kb_mount *wider)
{
	kb_strs ignore = {0};

	if (!into->has_type && wider->has_type) {
		into->has_type = true;
		into->type = wider->type;
		if (same_locale(into, wider))
			into->base = wider->base;
	}
	if (!into->has_expand && wider->has_expand) {
		into->has_expand = true;
		into->expand = wider->expand;
	}
	merge_defaults(arena, into, wider->defaults);
	merge_keys(arena, into, wider);
	for (size_t i = 0; i < into->ignore.len; i++)
		kb_vec_push(&ignore, into->ignore.items[i]);
	for (size_t i = 0; i < wider->ignore.len; i++)
		kb_vec_push(&ignore, wider->ignore.items[i]);
	into->ignore.len = into->ignore.cap = ignore.len;
	into->ignore.items = kb_vec_freeze(&ignore, arena);
}

static const struct kb_mount *merged(
	struct kb_mounts *mounts, const uint32_t *found, size_t n)
{
	kb_str key = {(const char *)found, n * sizeof(*found)};
	struct kb_mount *mount = kb_map_get(&mounts->merged, key);

	if (mount)
		return mount;
	mount = kb_arena_new_of(mounts->arena, struct kb_mount);
	*mount = mounts->config->mounts[found[0]];
	for (size_t i = 1; i < n; i++)
		merge(mounts->arena, mount, &mounts->config->mounts[found[i]]);
	key.data = kb_arena_copy(mounts->arena, found, key.len);
	kb_map_put(&mounts->merged, key, mount);
	return mount;
}

enum { MERGE_MAX = 16 };

const struct kb_mount *kb_mounts_match(
	struct kb_mounts *mounts, kb_str path, uint32_t *locale)
{
	uint32_t found[MERGE_MAX];
	size_t n = 0;

	*locale = KB_NONE;
	if (!kb_path_is_markdown(path))
		return NULL;
	for (size_t i = 0; i < mounts->len && n < MERGE_MAX; i++) {
		const struct pattern *pattern = &mounts->patterns[i];
		bool seen = false;

		if (!pattern_matches(pattern, path))
			continue;
		if (*locale == KB_NONE)
			*locale = pattern->locale;
		for (size_t j = 0; j < n; j++)
			seen |= found[j] == pattern->mount;
		if (!seen)
			found[n++] = pattern->mount;
	}
	if (n == 0 || *locale == KB_NONE)
		return NULL;
	return n == 1 ? &mounts->config->mounts[found[0]] : merged(mounts, found, n);
}
