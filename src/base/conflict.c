#include "kb/conflict.h"

#include <string.h>

enum { SIZE_MIN = 7 }; /* of markers; .gitattributes may ask for longer ones */

/* A conflict on the way: its first line, and whether the second version began. */
struct conflict {
	kb_range opener;
	size_t size; /* of its markers; 0 outside a conflict */
	bool parted;
};

/* How often C is repeated at the beginning of the line; 0: the line is not a marker. A
 * marker ends there, or has a name after a space. */
static size_t marker_size(kb_str line, char c)
{
	size_t n = 0;

	while (n < line.len && line.data[n] == c)
		n++;
	if (n < SIZE_MIN || (n < line.len && line.data[n] != ' ' && line.data[n] != '\r'))
		return 0;
	return c == '=' && kb_str_trim(line).len > n ? 0 : n;
}

/* A conflict within a conflict has longer markers, and is a part of it. */
static void begin(struct conflict *c, size_t at, kb_str line)
{
	size_t size = marker_size(line, '<');

	if (size && (!c->size || size <= c->size))
		*c = (struct conflict){
			.opener = {(uint32_t)at, (uint32_t)kb_str_trim(line).len},
			.size = size};
}

/* Takes in the line at AT; true: it ends the conflict. */
static bool take_line(struct conflict *c, size_t at, kb_str line)
{
	char first = line.len ? line.data[0] : '\0';

	if (first == '<')
		begin(c, at, line);
	else if (first == '=' && c->size)
		c->parted |= marker_size(line, first) == c->size;
	return first == '>' && c->parted && marker_size(line, first) == c->size;
}

/* What is left of a conflict that somebody resolved in part. Text about Git shows markers
 * in code, so there only a whole conflict counts. */
struct leftover {
	kb_range marker; /* the first one */
	char fence;	 /* of the code that is open, or 0 */
};

static void look_for_leftover(struct leftover *l, size_t at, kb_str line)
{
	kb_str text = kb_str_trim(line);
	char first = text.len ? text.data[0] : '\0';

	if (kb_str_starts(text, KB_STR("```")) || kb_str_starts(text, KB_STR("~~~"))) {
		if (!l->fence || l->fence == first)
			l->fence = l->fence ? '\0' : first;
	} else if (!l->fence && !l->marker.len &&
		   (marker_size(line, '<') || marker_size(line, '>') == SIZE_MIN)) {
		l->marker = (kb_range){(uint32_t)at, (uint32_t)text.len};
	}
}

bool kb_conflict_find(kb_str text, kb_range *range)
{
	struct leftover leftover = {.fence = '\0'};
	struct conflict c = {0};
	kb_str rest = text, line;

	if (kb_str_find(text, KB_STR("<<<<<<<")) == SIZE_MAX &&
		kb_str_find(text, KB_STR(">>>>>>>")) == SIZE_MAX)
		return false;
	while (kb_str_next(&rest, '\n', &line)) {
		size_t at = (size_t)(line.data - text.data);

		*range = c.opener;
		if (take_line(&c, at, line))
			return true;
		look_for_leftover(&leftover, at, line);
	}
	*range = leftover.marker;
	return leftover.marker.len > 0;
}

bool kb_conflict_check(kb_str text, uint32_t base, kb_str path, struct kb_diags *diags)
{
	kb_range range;

	if (!kb_conflict_find(text, &range) ||
		kb_rule_is_off(diags, KB_RULE_CONFLICT_MARKER, text, range.off))
		return false;
	range.off += base;
	kb_diag_hint(diags,
		kb_diag_add(diags, KB_RULE_CONFLICT_MARKER, path, range,
			"this is a merge conflict marker: two versions were not merged "
			"here"),
		"keep what is right, delete the lines with '<<<<<<<', '=======' and "
		"'>>>>>>>', then run: git add '%.*s'",
		KB_ARG(path));
	return true;
}
