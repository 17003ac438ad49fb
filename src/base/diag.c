#include "kb/diag.h"

#include <stdio.h>

#include "kb/map.h"
#include "kb/vec.h"

const char *kb_severity_name(enum kb_severity severity)
{
	static const char *const names[] = {"off", "info", "warning", "error"};

	return names[severity];
}

int kb_severity_parse(kb_str word, enum kb_severity *out)
{
	for (int i = KB_OFF; i <= KB_ERROR; i++) {
		if (kb_str_is(word, kb_severity_name((enum kb_severity)i))) {
			*out = (enum kb_severity)i;
			return 0;
		}
	}
	return -1;
}

void kb_diags_init(struct kb_diags *diags, const enum kb_severity *severities)
{
	*diags = (struct kb_diags){.arena = kb_arena_new(), .severities = severities};
}

void kb_diags_dispose(struct kb_diags *diags)
{
	kb_arena_free(diags->arena);
	free(diags->items);
	*diags = (struct kb_diags){0};
}

static enum kb_severity severity_of(const struct kb_diags *diags, enum kb_rule rule)
{
	return diags->severities ? diags->severities[rule]
				 : (enum kb_severity)kb_rule_info(rule)->severity;
}

struct kb_diag *kb_diag_add(struct kb_diags *diags, enum kb_rule rule, kb_str path,
	kb_range range, const char *fmt, ...)
{
	enum kb_severity severity;
	struct kb_diag *diag;
	va_list ap;

	if (!diags || (severity = severity_of(diags, rule)) == KB_OFF)
		return NULL;
	diag = kb_vec_add(diags);
	*diag = (struct kb_diag){.rule = rule, .severity = severity, .range = range};
	diag->path = kb_arena_str(diags->arena, path);
	va_start(ap, fmt);
	diag->message = kb_arena_vfmt(diags->arena, fmt, ap);
	va_end(ap);
	return diag;
}

void kb_diag_lower(struct kb_diag *diag, enum kb_severity severity)
{
	if (!diag)
		return;
	diag->capped = true;
	if (severity < diag->severity)
		diag->severity = severity;
}

void kb_diag_hint(struct kb_diags *diags, struct kb_diag *diag, const char *fmt, ...)
{
	va_list ap;

	if (!diag)
		return;
	va_start(ap, fmt);
	diag->hint = kb_arena_vfmt(diags->arena, fmt, ap);
	va_end(ap);
}

/* A copy of N edits, with room for the next power of two of them. */
static struct kb_edit *edits_copy(
	struct kb_arena *arena, const struct kb_edit *edits, uint32_t n)
{
	size_t room = 1;
	struct kb_edit *copy;

	while (room < n + 1)
		room *= 2;
	copy = kb_arena_array(arena, struct kb_edit, room);
	if (n)
		memcpy(copy, edits, n * sizeof(*edits));
	return copy;
}

void kb_diag_edit(
	struct kb_diags *diags, struct kb_diag *diag, kb_range range, kb_str text)
{
	if (!diag)
		return;
	if ((diag->nedits & (diag->nedits - 1)) == 0)
		diag->edits = edits_copy(diags->arena, diag->edits, diag->nedits);
	diag->edits[diag->nedits++] = (struct kb_edit){
		.range = range, .text = kb_arena_str(diags->arena, text)};
}

void kb_diag_edits_copy(
	struct kb_diags *diags, struct kb_diag *to, const struct kb_diag *from)
{
	for (uint32_t i = 0; i < from->nedits; i++)
		kb_diag_edit(diags, to, from->edits[i].range, from->edits[i].text);
	if (to)
		to->guess = from->guess;
}

static void copy_edits(struct kb_arena *arena, struct kb_diag *diag)
{
	if (!diag->nedits)
		return;
	diag->edits = edits_copy(arena, diag->edits, diag->nedits);
	for (uint32_t i = 0; i < diag->nedits; i++)
		diag->edits[i].text = kb_arena_str(arena, diag->edits[i].text);
}

void kb_diags_copy(struct kb_diags *to, const struct kb_diag *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct kb_diag diag = items[i];

		if (to->severities) {
			enum kb_severity severity = to->severities[diag.rule];

			if (severity == KB_OFF)
				continue;
			if (!diag.capped || severity < diag.severity)
				diag.severity = severity;
		}
		diag.path = kb_arena_str(to->arena, diag.path);
		diag.message = kb_arena_str(to->arena, diag.message);
		diag.hint = kb_arena_str(to->arena, diag.hint);
		copy_edits(to->arena, &diag);
		kb_vec_push(to, diag);
	}
}

void kb_diags_merge(struct kb_diags *to, struct kb_diags *from)
{
	kb_diags_copy(to, from->items, from->len);
	from->len = 0;
	kb_arena_reset(from->arena);
}

static int diag_cmp(const void *pa, const void *pb)
{
	const struct kb_diag *a = pa, *b = pb;
	int c = kb_str_cmp(a->path, b->path);

	if (c)
		return c;
	if (a->range.off != b->range.off)
		return a->range.off < b->range.off ? -1 : 1;
	c = strcmp(kb_rule_info(a->rule)->id, kb_rule_info(b->rule)->id);
	return c ? c : kb_str_cmp(a->message, b->message);
}

static bool diag_same(const struct kb_diag *a, const struct kb_diag *b)
{
	return a->rule == b->rule && a->range.off == b->range.off &&
	       kb_str_eq(a->path, b->path) && kb_str_eq(a->message, b->message);
}

/* A walk through a file's text: where a byte stands, in lines and code points. */
struct text_position {
	kb_str text;
	size_t at, line_start;
	uint32_t line, col, unit;
};

static void place_advance(struct text_position *p, size_t to)
{
	if (to > p->text.len)
		to = p->text.len;
	for (; p->at < to; p->at++) {
		unsigned char c = (unsigned char)p->text.data[p->at];
		bool lf = c == '\n';
		bool lone_cr = c == '\r' && (p->at + 1 == p->text.len ||
						    p->text.data[p->at + 1] != '\n');

		if (lf || lone_cr) {
			p->line++;
			p->col = p->unit = 1;
			p->line_start = p->at + 1;
		} else if ((c & 0xC0) != 0x80) {
			p->col++;
			p->unit += c >= 0xF0 ? 2 : 1;
		}
	}
}

static struct kb_place place_of(const struct text_position *p)
{
	return (struct kb_place){
		p->line, p->col, p->unit, (uint32_t)(p->at - p->line_start) + 1};
}

enum { SOURCE_BEFORE = 300, SOURCE_MAX = 1000 };

/* The line at START, or of a long one the part around the byte at AT. */
static kb_str line_at(kb_str text, size_t start, size_t at)
{
	size_t end;

	if (at > start + SOURCE_MAX)
		start = at - SOURCE_BEFORE;
	while (start < at && ((unsigned char)text.data[start] & 0xC0) == 0x80)
		start++;
	end = start;
	while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r' &&
		(end - start < SOURCE_MAX ||
			((unsigned char)text.data[end] & 0xC0) == 0x80))
		end++;
	return kb_str_sub(text, start, end);
}

static uint32_t count_columns(kb_str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.data[i] & 0xC0) != 0x80;
	return n;
}

static struct text_position place_begin(kb_str text)
{
	struct text_position p = {.text = text, .line = 1, .col = 1, .unit = 1};

	if (kb_str_starts(text, KB_STR("\xEF\xBB\xBF")))
		p.at = p.line_start = 3;
	return p;
}

enum { FOUND_MAX = 1000 }; /* findings of one rule in one file that are reported */

enum { EDITS_MAX = 1000 }; /* of one file that are located: each is a walk of its own */

static void locate_edits(struct kb_diag *diag, kb_str text, size_t *budget)
{
	for (uint32_t i = 0; i < diag->nedits && *budget; i++, --*budget) {
		struct kb_edit *edit = &diag->edits[i];
		struct text_position p = place_begin(text);

		place_advance(&p, edit->range.off);
		edit->from = place_of(&p);
		place_advance(&p, (size_t)edit->range.off + edit->range.len);
		edit->to = place_of(&p);
	}
}

/* Diags of one file, in order of their offsets. */
static void locate(struct kb_diags *diags, size_t from, size_t to, kb_str text)
{
	struct text_position p = place_begin(text);
	size_t budget = EDITS_MAX;

	for (size_t i = from; i < to; i++) {
		struct kb_diag *diag = &diags->items[i];
		struct text_position end;
		kb_str source;

		place_advance(&p, diag->range.off);
		diag->place = place_of(&p);
		diag->line = p.line;
		diag->col = p.col;
		end = p;
		place_advance(&end, (size_t)diag->range.off + diag->range.len);
		diag->end = place_of(&end);
		diag->end_line = end.line;
		diag->end_col = end.col;
		locate_edits(diag, text, &budget);
		source = line_at(text, p.line_start, p.at);
		diag->source = kb_arena_str(diags->arena, source);
		diag->source_col =
			p.col - count_columns(kb_str_sub(source, 0,
					p.at - (size_t)(source.data - text.data)));
	}
}

/* <!-- kb-disable RULE --> to <!-- kb-enable RULE --> or the end of the text. */
struct suppression {
	kb_str text;
	size_t at;   /* the text before it is included */
	size_t open; /* where a comment began that has not ended, or 0 */
	bool off[KB_RULE_COUNT];
};

static void suppress_rules(struct suppression *suppression, kb_str comment)
{
	bool off = kb_str_starts(comment, KB_STR("kb-disable "));
	enum kb_rule rule;
	kb_str word;

	if (!off && !kb_str_starts(comment, KB_STR("kb-enable ")))
		return;
	while (kb_str_next(&comment, ' ', &word))
		if (kb_rule_find(word, &rule) == 0)
			suppression->off[rule] = off;
}

/* Includes the text before the byte at TO. */
static void suppression_advance(struct suppression *suppression, size_t to)
{
	kb_str text = suppression->text;

	while (suppression->at < to) {
		kb_str mark = suppression->open ? KB_STR("-->") : KB_STR("<!--");
		size_t found = kb_str_find(kb_str_sub(text, suppression->at, to), mark);

		if (found == SIZE_MAX) {
			if (to > suppression->at + mark.len)
				suppression->at = to - mark.len + 1;
			return;
		}
		found += suppression->at;
		suppression->at = found + mark.len;
		if (suppression->open)
			suppress_rules(suppression,
				kb_str_trim(kb_str_sub(text, suppression->open, found)));
		suppression->open = suppression->open ? 0 : suppression->at;
	}
}

bool kb_rule_is_off(
	const struct kb_diags *diags, enum kb_rule rule, kb_str text, size_t off)
{
	struct suppression suppression = {.text = text};

	suppression_advance(&suppression, off);
	return suppression.off[rule] || (diags && severity_of(diags, rule) == KB_OFF);
}

/* What is left of the findings of one file: of each rule the first FOUND_MAX, and one
 * that says how many more there are. */
struct kept_findings {
	struct kb_diags *diags;
	size_t n; /* in all files */
	uint32_t found[KB_RULE_COUNT];
	size_t last[KB_RULE_COUNT]; /* the finding that says it */
};

static void keep(struct kept_findings *kept, struct kb_diag *diag)
{
	uint32_t found = diag->more ? 0 : ++kept->found[diag->rule];

	if (found > FOUND_MAX + 1) {
		kept->diags->items[kept->last[diag->rule]].more++;
		return;
	}
	if (found == FOUND_MAX + 1) {
		kept->last[diag->rule] = kept->n;
		diag->more = 1;
	}
	kept->diags->items[kept->n++] = *diag;
}

/* Findings that stand for others say so. */
static void tell_more(struct kept_findings *kept)
{
	for (int rule = 0; rule < KB_RULE_COUNT; rule++) {
		struct kb_diag *diag = &kept->diags->items[kept->last[rule]];

		if (kept->found[rule] <= FOUND_MAX)
			continue;
		diag->message = kb_arena_fmt(kept->diags->arena,
			"%u more of this rule in this file", diag->more);
		diag->hint = KB_STR_NULL;
		diag->edits = NULL;
		diag->nedits = 0;
	}
}

static void finish_file(struct kb_diags *diags, size_t from, size_t to,
	kb_diag_text_fn *get, void *ctx, size_t *n)
{
	struct kept_findings kept = {.diags = diags, .n = *n};
	kb_str text = KB_STR_NULL;
	bool has = get && get(ctx, diags->items[from].path, &text);
	bool any = has && kb_str_find(text, KB_STR("kb-disable ")) != SIZE_MAX;
	struct suppression suppression = {.text = text};

	if (has)
		locate(diags, from, to, text);
	for (size_t i = from; i < to; i++) {
		struct kb_diag *diag = &diags->items[i];

		if (kept.n && diag_same(diag, &diags->items[kept.n - 1]))
			continue;
		if (any)
			suppression_advance(&suppression, diag->range.off);
		if (suppression.off[diag->rule])
			continue;
		keep(&kept, diag);
	}
	tell_more(&kept);
	*n = kept.n;
}

void kb_diags_finish(struct kb_diags *diags, kb_diag_text_fn *text, void *ctx)
{
	size_t kept = 0, from = 0, to;

	if (diags->len)
		qsort(diags->items, diags->len, sizeof(*diags->items), diag_cmp);
	for (; from < diags->len; from = to) {
		for (to = from + 1; to < diags->len; to++)
			if (!kb_str_eq(diags->items[to].path, diags->items[from].path))
				break;
		finish_file(diags, from, to, text, ctx, &kept);
	}
	diags->len = kept;
}

size_t kb_diags_count(const struct kb_diags *diags, enum kb_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->len; i++)
		n += diags->items[i].severity == severity;
	return n;
}
