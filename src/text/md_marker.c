/* The markers of call-outs: which there are, and which one was meant. */
#include "kb/unicode.h"
#include "md_tree.h"

static const char *const alerts[] = {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"};

static bool has_lower(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] >= 'a' && s.data[i] <= 'z')
			return true;
	return false;
}

enum md_kind md_marker_kind(struct kb_md *md, kb_str word, uint8_t *audience)
{
	const struct kb_md_syntax *syntax = md->syntax;
	kb_str lower = kb_lower(md->arena, word);

	for (size_t i = 0; i < KB_LEN(alerts); i++)
		if (kb_str_is(word, alerts[i]))
			return MD_ALERT;
	for (size_t i = 0; i < syntax->naudiences; i++)
		if (!has_lower(word) &&
			kb_str_eq(lower, kb_lower(md->arena, syntax->audiences[i]))) {
			*audience = (uint8_t)i;
			return MD_AUDIENCE;
		}
	for (size_t i = 0; i < syntax->nregions; i++)
		if (kb_str_eq(word, syntax->regions[i]))
			return MD_REGION;
	return MD_UNKNOWN;
}

kb_str md_marker_upper(struct kb_md *md, kb_str word)
{
	char *copy = kb_arena_copy(md->arena, word.data, word.len);

	for (size_t i = 0; i < word.len; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
	return (kb_str){copy, word.len};
}

/* The known marker nearest to WORD, or empty. */
static kb_str marker_nearest(struct kb_md *md, kb_str word)
{
	const struct kb_md_syntax *syntax = md->syntax;
	size_t n = 0, cap = KB_LEN(alerts) + syntax->nregions + syntax->naudiences;
	kb_str *known = kb_arena_array(md->arena, kb_str, cap);
	const kb_str *nearest;

	for (size_t i = 0; i < syntax->naudiences; i++)
		known[n++] = md_marker_upper(md, syntax->audiences[i]);
	for (size_t i = 0; i < KB_LEN(alerts); i++)
		known[n++] = kb_str_of(alerts[i]);
	for (size_t i = 0; i < syntax->nregions; i++)
		known[n++] = syntax->regions[i];
	nearest = kb_str_nearest(md_marker_upper(md, word), known, n);
	return nearest ? *nearest : KB_STR_NULL;
}

enum md_kind md_marker_meant(struct kb_md *md, kb_str mark, kb_str *nearest)
{
	enum { MARK_MAX = 60 };
	uint8_t audience;
	size_t word = 0;

	while (word < mark.len && !strchr(" \t:.,;?!()[]|*~`<>", mark.data[word]))
		word++;
	*nearest = mark.len > MARK_MAX ? KB_STR_NULL : marker_nearest(md, mark);
	if (!nearest->len && word && word <= MARK_MAX)
		*nearest = marker_nearest(md, kb_str_sub(mark, 0, word));
	return nearest->len ? md_marker_kind(md, *nearest, &audience) : MD_UNKNOWN;
}
