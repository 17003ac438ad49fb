/* Where paths say their locale. */
#include "adopt.h"

#include "kb/file.h"
#include "kb/unicode.h"

/* A way in which some paths say their locale. */
struct candidate {
	enum kb_adopt_style style;
	kb_str prefix; /* KB_ADOPT_FOLDER */
	size_t count;
	size_t pairs; /* paths that are the same but for the locale */
	size_t bare;  /* paths without a locale that are the same otherwise */
	size_t other; /* texts in another language than that */
	kb_strs locales;
	kb_map rests; /* a path without its locale -> its first locale */
};

struct candidates {
	struct kb_arena *arena;
	KB_VEC(struct candidate *);
};

static struct candidate *candidate_for(
	struct candidates *all, enum kb_adopt_style style, kb_str prefix)
{
	for (size_t i = 0; i < all->len; i++) {
		struct candidate *c = all->items[i];

		if (c->style == style && kb_str_eq(c->prefix, prefix))
			return c;
	}
	struct candidate *c = kb_arena_new_of(all->arena, struct candidate);
	c->style = style;
	c->prefix = prefix;
	kb_vec_push(all, c);
	return c;
}

static void note(struct candidates *all, enum kb_adopt_style style, kb_str prefix,
	kb_str rest, kb_str code, kb_str reads)
{
	struct candidate *c = candidate_for(all, style, prefix);
	bool known = false;

	c->count++;
	c->other += reads.len && !kb_str_starts(code, reads);
	for (size_t i = 0; i < c->locales.len; i++)
		known |= kb_str_eq(c->locales.items[i], code);
	if (!known)
		kb_vec_push(&c->locales, code);
	const kb_str *first = kb_map_get(&c->rests, rest);
	if (!first)
		kb_map_put(
			&c->rests, rest, kb_arena_copy(all->arena, &code, sizeof(code)));
	else if (!kb_str_eq(*first, code))
		c->pairs++;
}

/* Splits "page._de.md" at the mark before the locale. */
static bool split_name(
	struct kb_arena *arena, kb_str path, const char *mark, kb_str *rest, kb_str *code)
{
	kb_str stem = kb_str_sub(path, 0, path.len - kb_path_ext(path).len);
	kb_str m = kb_str_of(mark);

	for (size_t len = 2; len <= 7 && len + m.len < stem.len; len++) {
		kb_str head = kb_str_sub(stem, 0, stem.len - len);

		if (!kb_str_ends(head, m))
			continue;
		if (!adopt_is_locale(arena, kb_str_sub(stem, head.len, stem.len), code))
			continue;
		*rest = kb_str_sub(head, 0, head.len - m.len);
		return true;
	}
	return false;
}

static const char *const marks[KB_ADOPT_STYLES] = {
	[KB_ADOPT_DOT_LINE] = "._", [KB_ADOPT_DOT] = ".", [KB_ADOPT_LINE] = "_"};

static void note_folders(struct candidates *all, const struct kb_adopt_doc *doc)
{
	kb_str path = doc->path;
	size_t from = 0;

	for (size_t i = 0; i < path.len; i++) {
		kb_str code;

		if (path.data[i] != '/')
			continue;
		if (adopt_is_locale(all->arena, kb_str_sub(path, from, i), &code)) {
			kb_str rest = kb_str_sub(path, i + 1, path.len);

			note(all, KB_ADOPT_FOLDER, kb_str_sub(path, 0, from), rest, code,
				doc->reads);
			return;
		}
		from = i + 1;
	}
}

static void note_name(struct candidates *all, const struct kb_adopt_doc *doc)
{
	kb_str path = doc->path;

	for (int style = KB_ADOPT_DOT_LINE; style < KB_ADOPT_STYLES; style++) {
		kb_str rest, code;

		if (!split_name(all->arena, path, marks[style], &rest, &code))
			continue;
		note(all, (enum kb_adopt_style)style, KB_STR_NULL, rest, code,
			doc->reads);
		return;
	}
}

/* "page.md" beside "page.de.md" or "de/page.md". */
static void note_bare(const struct candidates *all, kb_str path)
{
	kb_str stem = kb_str_sub(path, 0, path.len - kb_path_ext(path).len);

	for (size_t i = 0; i < all->len; i++) {
		struct candidate *c = all->items[i];
		kb_str rest =
			c->style == KB_ADOPT_FOLDER && kb_str_starts(path, c->prefix)
				? kb_str_sub(path, c->prefix.len, path.len)
				: stem;

		c->bare += kb_map_get(&c->rests, rest) != NULL;
	}
}

/* Is it meant? Pages that pair up across locales say so, if most of them are in these
 * languages; 'hr' and 'it' may be departments. */
static bool is_meant(const struct candidate *c, size_t ndocs)
{
	if (c->other * 2 > c->count)
		return false;
	if (c->pairs || c->bare * 2 > c->count)
		return true;
	if (c->locales.len > 1 || c->style == KB_ADOPT_LINE)
		return false;
	return c->count * 2 > ndocs && kb_str_is(c->locales.items[0], "en");
}

static kb_str locale_of(const struct kb_adoption *a, kb_str path)
{
	kb_str rest, code;

	if (a->style == KB_ADOPT_FOLDER) {
		if (!kb_str_starts(path, a->prefix))
			return KB_STR_NULL;
		rest = kb_str_sub(path, a->prefix.len, path.len);
		kb_str folder = kb_str_sub(rest, 0, kb_str_chr(rest, '/'));
		return folder.len < rest.len && adopt_is_locale(a->arena, folder, &code)
			       ? code
			       : KB_STR_NULL;
	}
	if (a->style && split_name(a->arena, path, marks[a->style], &rest, &code))
		return code;
	return KB_STR_NULL;
}

static int locale_cmp(const void *pa, const void *pb)
{
	const struct kb_adopt_locale *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return kb_str_cmp(a->code, b->code);
}

static void count_locale(struct kb_adoption *a, kb_str code)
{
	for (size_t i = 0; i < a->locales.len; i++) {
		if (!kb_str_eq(a->locales.items[i].code, code))
			continue;
		a->locales.items[i].count++;
		return;
	}
	kb_vec_push(&a->locales, ((struct kb_adopt_locale){code, 1}));
}

/* Returns whether paths without a locale are originals of the others. */
static bool choose(struct kb_adoption *a, const struct candidates *all)
{
	const struct candidate *best = NULL;

	for (size_t i = 0; i < all->len; i++) {
		const struct candidate *c = all->items[i];

		if (is_meant(c, a->docs.len) && (!best || c->count > best->count))
			best = c;
	}
	if (best) {
		a->style = best->style;
		a->prefix = best->prefix;
	}
	return best && best->bare;
}

/* The first locale is the one of paths without any. */
static void put_first(struct kb_adoption *a, kb_str code)
{
	size_t at = 0;

	while (at < a->locales.len && !kb_str_eq(a->locales.items[at].code, code))
		at++;
	if (at == a->locales.len)
		kb_vec_push(&a->locales, ((struct kb_adopt_locale){code, 0}));
	struct kb_adopt_locale first = a->locales.items[at];
	memmove(a->locales.items + 1, a->locales.items, at * sizeof(first));
	a->locales.items[0] = first;
}

void adopt_locales(struct kb_adoption *a)
{
	struct candidates all = {.arena = a->arena};

	for (size_t i = 0; i < a->docs.len; i++) {
		note_folders(&all, &a->docs.items[i]);
		note_name(&all, &a->docs.items[i]);
	}
	for (size_t i = 0; i < a->docs.len; i++)
		note_bare(&all, a->docs.items[i].path);
	bool originals = choose(a, &all);
	for (size_t i = 0; i < a->docs.len; i++) {
		struct kb_adopt_doc *doc = &a->docs.items[i];

		doc->locale = locale_of(a, doc->path);
		if (doc->locale.len)
			count_locale(a, doc->locale);
		else
			a->placeless++;
	}
	if (a->locales.len)
		qsort(a->locales.items, a->locales.len, sizeof(a->locales.items[0]),
			locale_cmp);
	if (originals)
		put_first(a, adopt_stated_locale(a));
	else if (!a->locales.len)
		count_locale(a, adopt_stated_locale(a));
	for (size_t i = 0; i < all.len; i++) {
		kb_vec_dispose(&all.items[i]->locales);
		kb_map_dispose(&all.items[i]->rests);
	}
	kb_vec_dispose(&all);
}

kb_str kb_adoption_pattern(const struct kb_adoption *a)
{
	if (a->style == KB_ADOPT_FOLDER)
		return kb_arena_fmt(a->arena, "%.*s{locale}/**/*.md", KB_ARG(a->prefix));
	return kb_arena_fmt(
		a->arena, "%.*s**/*%s{locale}.md", KB_ARG(a->base), marks[a->style]);
}
