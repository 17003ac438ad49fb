#include "kb/unicode.h"
#include "md_place.h"

struct definition {
	kb_range dest; /* in md->text */
};

/* Lower case, runs of space one space. */
static kb_str normalize(struct kb_arena *arena, kb_str label)
{
	kb_str lower = kb_lower(arena, kb_str_trim(label));
	char *out = kb_arena_alloc(arena, lower.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < lower.len; i++) {
		bool space = strchr(" \t\n\r", lower.data[i]) != NULL;

		if (!space || out[n - 1] != ' ')
			out[n++] = space ? ' ' : lower.data[i];
	}
	return (kb_str){out, n};
}

static size_t skip_over(kb_str s, size_t at, const char *chars)
{
	while (at < s.len && strchr(chars, s.data[at]) && s.data[at])
		at++;
	return at;
}

/* The end of a label whose '[' stands before AT, or SIZE_MAX. */
static size_t label_end(kb_str s, size_t at)
{
	size_t from = at;

	for (; at < s.len && at - from < 1000; at++) {
		if (s.data[at] == '\\')
			at++;
		else if (s.data[at] == ']')
			return at;
		else if (s.data[at] == '[')
			break;
	}
	return SIZE_MAX;
}

/* Reads the definition [label]: dest at the beginning of a line. */
static void definition_read(struct kb_md *md, size_t line)
{
	kb_str s = md->text, label;
	size_t at = skip_over(s, line, " \t>"), end, from;
	struct definition *d;

	if (at >= s.len || s.data[at] != '[' ||
		kb_str_starts(kb_str_sub(s, at, s.len), KB_STR("[^")))
		return;
	end = label_end(s, at + 1);
	if (end >= s.len || end + 1 >= s.len || s.data[end + 1] != ':')
		return;
	label = normalize(md->arena, kb_str_sub(s, at + 1, end));
	from = skip_over(s, end + 2, " \t");
	if (from < s.len && strchr("\r\n", s.data[from]))
		from = skip_over(s, skip_over(s, from, "\r\n"), " \t>");
	if (!label.len || kb_map_has(&md->definitions, label))
		return;
	at = from;
	while (at < s.len && !strchr(" \t\r\n", s.data[at]))
		at++;
	if (at < s.len && s.data[from] == '<') {
		size_t close = kb_str_chr(kb_str_sub(s, from, s.len), '>');

		at = close == SIZE_MAX ? at : from + close;
		from++;
	}
	d = kb_arena_new_of(md->arena, struct definition);
	d->dest = (kb_range){(uint32_t)from, (uint32_t)(at - from)};
	kb_map_put(&md->definitions, label, d);
}

bool md_definition_find(struct kb_md *md, kb_str label, kb_range *dest)
{
	struct definition *d;

	if (!md->definitions_read) {
		md->definitions_read = true;
		for (uint32_t i = 0; i < md_line_count(md); i++)
			definition_read(md, md->lines.items[i]);
	}
	d = kb_map_get(&md->definitions, normalize(md->arena, label));
	if (!d)
		return false;
	*dest = (kb_range){md->offset + d->dest.off, d->dest.len};
	return true;
}
