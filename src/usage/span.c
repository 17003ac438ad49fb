#include "span.h"

#include <stdlib.h>

enum {
	ZONE = 60,	  /* seconds at both ends in which all lines are marked, */
	ZONE_MAX = 1024,  /* but not more lines than these */
	SAMPLE_MAX = 512, /* marks between */
	SAMPLE_LEAST = 32,
	SAMPLE_DAY = 16, /* for each day */
	DAY = 86400,
};

static int mark_cmp(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static int hash_cmp(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static bool has_mark(const struct span *span, struct mark line)
{
	return span->nmarks &&
	       bsearch(&line, span->marks, span->nmarks, sizeof(line), mark_cmp);
}

bool span_covers(const struct span *span, struct mark line)
{
	if (line.at < span->from || line.at > span->to)
		return false;
	if (line.at > span->head && line.at < span->tail)
		return true;
	return has_mark(span, line);
}

static void sort_marks(struct marks *marks, int (*cmp)(const void *, const void *))
{
	if (marks->len)
		qsort(marks->items, marks->len, sizeof(*marks->items), cmp);
}

/* Keeps the lines of the first ZONE seconds. Beyond LIMIT, there were too many. */
static void prune_head(struct marks *head, uint32_t from)
{
	sort_marks(head, mark_cmp);
	while (head->len && head->items[head->len - 1].at > from + ZONE)
		head->len--;
	if (head->len <= ZONE_MAX)
		return;
	head->limit = head->items[ZONE_MAX].at;
	head->limited = true;
	while (head->len && head->items[head->len - 1].at >= head->limit)
		head->len--;
}

static void prune_tail(struct marks *tail, uint32_t to)
{
	size_t drop = 0;

	sort_marks(tail, mark_cmp);
	while (drop < tail->len && tail->items[drop].at + ZONE < to)
		drop++;
	if (tail->len - drop > ZONE_MAX) {
		tail->limit = tail->items[tail->len - 1 - ZONE_MAX].at;
		tail->limited = true;
		while (drop < tail->len && tail->items[drop].at <= tail->limit)
			drop++;
	}
	memmove(tail->items, tail->items + drop,
		(tail->len - drop) * sizeof(*tail->items));
	tail->len -= drop;
}

static void prune_sample(struct marks *sample)
{
	sort_marks(sample, hash_cmp);
	if (sample->len > SAMPLE_MAX) {
		sample->len = SAMPLE_MAX;
		sample->limit = sample->items[SAMPLE_MAX - 1].hash;
		sample->limited = true;
	}
}

void span_add(struct span_builder *b, struct mark line)
{
	if (!b->lines++)
		b->from = b->to = line.at;
	if (line.at < b->from)
		b->from = line.at;
	if (line.at > b->to)
		b->to = line.at;
	if (line.at <= b->from + ZONE && !(b->head.limited && line.at >= b->head.limit)) {
		kb_vec_push(&b->head, line);
		if (b->head.len >= 2 * ZONE_MAX)
			prune_head(&b->head, b->from);
	}
	if (line.at + ZONE >= b->to && !(b->tail.limited && line.at <= b->tail.limit)) {
		kb_vec_push(&b->tail, line);
		if (b->tail.len >= 2 * ZONE_MAX)
			prune_tail(&b->tail, b->to);
	}
	if (!b->sample.limited || line.hash < b->sample.limit) {
		kb_vec_push(&b->sample, line);
		if (b->sample.len >= 2 * SAMPLE_MAX)
			prune_sample(&b->sample);
	}
}

/* Sorted, each once. */
static void settle_marks(struct marks *all, struct span *span, struct kb_arena *arena)
{
	size_t n = 0;

	sort_marks(all, mark_cmp);
	for (size_t i = 0; i < all->len; i++)
		if (!n || mark_cmp(&all->items[n - 1], &all->items[i]))
			all->items[n++] = all->items[i];
	all->len = n;
	span->nmarks = n;
	span->marks = kb_vec_freeze(all, arena);
}

static size_t sample_size(uint32_t from, uint32_t to)
{
	size_t n = SAMPLE_LEAST + SAMPLE_DAY * (size_t)((to - from) / DAY);

	return n < SAMPLE_MAX ? n : SAMPLE_MAX;
}

struct span span_take(struct span_builder *b, kb_str kind, struct kb_arena *arena)
{
	struct span span = {
		.kind = kind, .from = b->from, .to = b->to, .lines = b->lines};
	struct marks all = {0};

	prune_head(&b->head, b->from);
	prune_tail(&b->tail, b->to);
	prune_sample(&b->sample);
	span.head = b->to - b->from < ZONE ? b->to : b->from + ZONE;
	if (b->head.limited && b->head.limit <= span.head)
		span.head = b->head.limit - 1;
	span.tail = b->to - b->from < ZONE ? b->from : b->to - ZONE;
	if (b->tail.limited && b->tail.limit >= span.tail)
		span.tail = b->tail.limit + 1;
	for (size_t i = 0; i < b->head.len; i++)
		kb_vec_push(&all, b->head.items[i]);
	for (size_t i = 0; i < b->tail.len; i++)
		kb_vec_push(&all, b->tail.items[i]);
	for (size_t i = 0, n = sample_size(b->from, b->to); i < b->sample.len && i < n;
		i++)
		kb_vec_push(&all, b->sample.items[i]);
	settle_marks(&all, &span, arena);
	span_dispose(b);
	return span;
}

void span_dispose(struct span_builder *b)
{
	kb_vec_dispose(&b->head);
	kb_vec_dispose(&b->tail);
	kb_vec_dispose(&b->sample);
	*b = (struct span_builder){0};
}

struct span span_join(const struct span *old, const struct span *new, uint64_t lines,
	struct kb_arena *arena)
{
	const struct span *first = old->from <= new->from ? old : new;
	const struct span *last = old->to >= new->to ? old : new;
	struct span span = {.kind = old->kind,
		.from = first->from,
		.head = first->head,
		.to = last->to,
		.tail = last->tail,
		.lines = old->lines + lines};
	struct marks all = {0}, between = {0};

	for (unsigned s = 0; s < 2; s++) {
		const struct span *part = s ? new : old;

		for (size_t i = 0; i < part->nmarks; i++) {
			struct mark mark = part->marks[i];
			bool inner = mark.at > span.head && mark.at < span.tail;

			kb_vec_push(inner ? &between : &all, mark);
		}
	}
	prune_sample(&between);
	for (size_t i = 0, n = sample_size(span.from, span.to); i < between.len && i < n;
		i++)
		kb_vec_push(&all, between.items[i]);
	kb_vec_dispose(&between);
	settle_marks(&all, &span, arena);
	return span;
}

static size_t slot_of(const struct seen_marks *seen, struct mark mark)
{
	uint64_t key = ((uint64_t)mark.at << 32 | mark.hash) * 0x9e3779b97f4a7c15u;

	return (size_t)(key >> 32) & (seen->nslots - 1);
}

void seen_begin(struct seen_marks *seen, const struct span *items, size_t n)
{
	size_t marks = 0;

	*seen = (struct seen_marks){.items = items, .len = n, .nslots = 16};
	for (size_t i = 0; i < n; i++)
		marks += items[i].nmarks;
	while (seen->nslots < 2 * marks)
		seen->nslots *= 2;
	seen->slots = kb_xcalloc(seen->nslots, sizeof(*seen->slots));
	seen->inside = kb_xcalloc(n + 1, sizeof(*seen->inside));
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < items[i].nmarks; m++) {
			size_t at = slot_of(seen, items[i].marks[m]);

			while (seen->slots[at].span)
				at = (at + 1) & (seen->nslots - 1);
			seen->slots[at].mark = items[i].marks[m];
			seen->slots[at].span = (uint32_t)i + 1;
		}
}

void seen_add(struct seen_marks *seen, struct mark line)
{
	if (!seen->len)
		return;
	for (size_t at = slot_of(seen, line); seen->slots[at].span;
		at = (at + 1) & (seen->nslots - 1))
		if (!mark_cmp(&seen->slots[at].mark, &line))
			seen->slots[at].found = true;
	for (size_t i = 0; i < seen->len; i++)
		seen->inside[i] +=
			line.at >= seen->items[i].from && line.at <= seen->items[i].to;
}

enum seen_result seen_ask(
	const struct seen_marks *seen, size_t i, uint32_t from, uint32_t to)
{
	const struct span *span = &seen->items[i];
	size_t marks = 0, found = 0;

	if (to < span->from || from > span->to)
		return SEEN_APART;
	for (size_t s = 0; s < seen->nslots; s++) {
		const struct seen_slot *slot = &seen->slots[s];

		if (slot->span != i + 1 || slot->mark.at < from || slot->mark.at > to)
			continue;
		marks++;
		found += slot->found;
	}
	if (!marks)
		return SEEN_UNSURE;
	if (found * 2 < marks)
		return SEEN_OTHER;
	if (from <= span->from && to >= span->to &&
		seen->inside[i] > span->lines + span->lines / 10 + 16)
		return SEEN_MORE;
	return SEEN_SAME;
}

void seen_dispose(struct seen_marks *seen)
{
	free(seen->slots);
	free(seen->inside);
	*seen = (struct seen_marks){0};
}

const char span_columns[] = "kind,from,head,tail,to,lines,marks";

/* Times are seconds since 1970; a mark is its seconds since FROM and its hash, in hex. */
void span_write(const struct span *span, kb_buf *out)
{
	kb_buf_fmt(out, "%.*s,%u,%u,%u,%u,%llu,", KB_ARG(span->kind), span->from,
		span->head, span->tail, span->to, (unsigned long long)span->lines);
	for (size_t i = 0; i < span->nmarks; i++)
		kb_buf_fmt(out, "%s%x.%08x", i ? " " : "", span->marks[i].at - span->from,
			span->marks[i].hash);
	kb_buf_putc(out, '\n');
}

static bool read_hex(kb_str s, uint64_t max, uint64_t *out)
{
	char text[24], *end;

	if (!s.len || s.len >= sizeof(text))
		return false;
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
	*out = strtoull(text, &end, 16);
	return !*end && *out <= max && *text != '-';
}

bool span_read(const kb_str *fields, struct kb_arena *arena, struct span *span)
{
	uint64_t n[5];
	struct marks marks = {0};
	kb_str rest = fields[6], word;
	bool good = true;

	for (unsigned i = 0; i < 5; i++)
		if (!kb_str_digits(fields[i + 1], i < 4 ? UINT32_MAX : UINT64_MAX, &n[i]))
			return false;
	*span = (struct span){.kind = kb_arena_str(arena, fields[0]),
		.from = (uint32_t)n[0],
		.head = (uint32_t)n[1],
		.tail = (uint32_t)n[2],
		.to = (uint32_t)n[3],
		.lines = n[4]};
	while (good && rest.len && kb_str_next(&rest, ' ', &word)) {
		size_t dot = kb_str_chr(word, '.');
		uint64_t at, hash;

		good = dot != SIZE_MAX &&
		       read_hex(kb_str_sub(word, 0, dot), UINT32_MAX - n[0], &at) &&
		       read_hex(kb_str_sub(word, dot + 1, word.len), UINT32_MAX, &hash);
		if (good)
			kb_vec_push(&marks,
				((struct mark){(uint32_t)(n[0] + at), (uint32_t)hash}));
	}
	settle_marks(&marks, span, arena);
	return good && span->from <= span->to;
}
