/*
 * Which block of one version is which of the other.
 *
 * Blocks that are the same and occur once on both sides match, wherever they are. From
 * there, matches spread to neighbors. Headings match by the text below them, so that a
 * renamed one is found. Blocks between matched ones are paired by the words that they
 * share. Finally, a heaviest run of pairs in one order says which blocks stayed; the
 * others moved.
 */
#include "kb/unicode.h"
#include "version.h"

/* The words of a block, as sorted hashes in the arena. */
struct bag {
	uint64_t *hashes;
	uint32_t len;
};

enum {
	LIGHT = 24,	   /* bytes: too little to say that it moved */
	HEAVY = 48,	   /* bytes: enough to be known elsewhere by its words */
	ALIKE = 400,	   /* of 1000: enough within a gap */
	ALIKE_ALONE = 150, /* if the heading has no other text */
	ALIKE_FAR = 600,
	GAP_MAX = 4096,	 /* pairs that are compared within a gap */
	FAR_MAX = 10000, /* and all over the document */
	WINDOW = 12,
};

struct match {
	struct block_pairs *p;
	struct kb_arena *arena;
	struct bag *from_bags, *to_bags;
	bool *from_bagged, *to_bagged;
};

static uint64_t hash_of(const struct kb_block *block, bool words)
{
	return words ? block->text_hash : block->full_hash;
}

static bool equal(const struct block_pairs *p, uint32_t a, uint32_t b, bool words)
{
	return hash_of(&p->from->blocks[a], words) == hash_of(&p->to->blocks[b], words);
}

static bool can_pair(const struct block_pairs *p, uint32_t a, uint32_t b)
{
	return a < p->from->nblocks && b < p->to->nblocks && p->to_of[a] == KB_NONE &&
	       p->from_of[b] == KB_NONE;
}

static void pair(struct block_pairs *p, uint32_t a, uint32_t b)
{
	p->to_of[a] = b;
	p->from_of[b] = a;
}

/* Matches equal neighbors of blocks that are matched. */
static void spread(struct block_pairs *p, bool words)
{
	for (uint32_t b = 0; b < p->to->nblocks; b++) {
		uint32_t a = p->from_of[b];

		if (a != KB_NONE && can_pair(p, a + 1, b + 1) &&
			equal(p, a + 1, b + 1, words))
			pair(p, a + 1, b + 1);
	}
	for (uint32_t b = p->to->nblocks; b-- > 1;) {
		uint32_t a = p->from_of[b];

		if (a != KB_NONE && a && can_pair(p, a - 1, b - 1) &&
			equal(p, a - 1, b - 1, words))
			pair(p, a - 1, b - 1);
	}
}

static void pair_ends(struct block_pairs *p)
{
	uint32_t n = p->from->nblocks, m = p->to->nblocks, i = 0, k = 0;

	for (; i < n && i < m && equal(p, i, i, false); i++)
		pair(p, i, i);
	for (; i + k < n && i + k < m && equal(p, n - k - 1, m - k - 1, false); k++)
		pair(p, n - k - 1, m - k - 1);
}

struct match_unit {
	uint64_t hash;
	uint32_t at;
	bool is_new;
};

static int unit_cmp(const void *pa, const void *pb)
{
	const struct match_unit *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->is_new != b->is_new ? (int)a->is_new - (int)b->is_new
				      : (a->at > b->at) - (a->at < b->at);
}

/* Matches blocks that are the same and occur once on each side. */
static void pair_unique(struct match *m, bool words)
{
	struct block_pairs *p = m->p;
	uint32_t total = p->from->nblocks + p->to->nblocks, n = 0;
	struct match_unit *units = kb_arena_array(m->arena, struct match_unit, total);

	for (uint32_t a = 0; a < p->from->nblocks; a++)
		if (p->to_of[a] == KB_NONE)
			units[n++] = (struct match_unit){
				hash_of(&p->from->blocks[a], words), a, false};
	for (uint32_t b = 0; b < p->to->nblocks; b++)
		if (p->from_of[b] == KB_NONE)
			units[n++] = (struct match_unit){
				hash_of(&p->to->blocks[b], words), b, true};
	if (n)
		qsort(units, n, sizeof(*units), unit_cmp);
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && units[end].hash == units[i].hash;)
			end++;
		if (end - i == 2 && !units[i].is_new && units[i + 1].is_new)
			pair(p, units[i].at, units[i + 1].at);
	}
}

/* Matches blocks that are the same and in the same order, among the rest. */
static void pair_rest(struct match *m, bool words)
{
	struct block_pairs *p = m->p;
	uint32_t n = p->from->nblocks, k = p->to->nblocks, na = 0, nb = 0;
	uint64_t *a = kb_arena_array(m->arena, uint64_t, n);
	uint64_t *b = kb_arena_array(m->arena, uint64_t, k);
	uint32_t *at_a = kb_arena_array(m->arena, uint32_t, n);
	uint32_t *at_b = kb_arena_array(m->arena, uint32_t, k);
	uint32_t *out = kb_arena_array(m->arena, uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		if (p->to_of[i] == KB_NONE) {
			at_a[na] = i;
			a[na++] = hash_of(&p->from->blocks[i], words);
		}
	for (uint32_t i = 0; i < k; i++)
		if (p->from_of[i] == KB_NONE) {
			at_b[nb] = i;
			b[nb++] = hash_of(&p->to->blocks[i], words);
		}
	lcs_find(a, na, b, nb, out);
	for (uint32_t i = 0; i < na; i++)
		if (out[i] != KB_NONE)
			pair(p, at_a[i], at_b[out[i]]);
}

/* The heaviest pairs in one order stay; the others are marked as moved. */
static void mark_moved(struct block_pairs *p, struct kb_arena *arena)
{
	uint32_t n = p->from->nblocks, m = p->to->nblocks;
	uint64_t *sum = kb_arena_array(arena, uint64_t, m);
	uint32_t *before = kb_arena_array(arena, uint32_t, m);
	uint32_t *best = kb_arena_array(arena, uint32_t, n + 1); /* Fenwick: new + 1 */
	uint32_t top = KB_NONE;

	for (uint32_t b = 0; b < m; b++) {
		uint32_t a = p->from_of[b], at = 0;

		p->moved[b] = a != KB_NONE;
		if (a == KB_NONE)
			continue;
		for (uint32_t i = a; i; i -= i & -i)
			if (best[i] && (!at || sum[best[i] - 1] > sum[at - 1]))
				at = best[i];
		before[b] = at ? at - 1 : KB_NONE;
		sum[b] = (at ? sum[at - 1] : 0) + p->to->blocks[b].size + 8;
		for (uint32_t i = a + 1; i <= n; i += i & -i)
			if (!best[i] || sum[best[i] - 1] < sum[b])
				best[i] = b + 1;
		if (top == KB_NONE || sum[b] > sum[top])
			top = b;
	}
	for (; top != KB_NONE; top = before[top])
		p->moved[top] = false;
}

static bool with_neighbour(const struct block_pairs *p, uint32_t b)
{
	uint32_t a = p->from_of[b];

	return (b && a && p->from_of[b - 1] == a - 1) ||
	       (b + 1 < p->to->nblocks && p->from_of[b + 1] == a + 1);
}

/* Did a list item move within its section? Then few words are enough. */
static bool is_reordered_item(const struct block_pairs *p, uint32_t b)
{
	const struct kb_block *now = &p->to->blocks[b];
	const struct kb_block *then = &p->from->blocks[p->from_of[b]];
	uint32_t above = then->above == KB_NONE ? KB_NONE : p->to_of[then->above];

	return now->opens_item && then->opens_item && above == now->above;
}

/* A block of a few words does not count as moved. */
static void drop_light(struct match *m)
{
	struct block_pairs *p = m->p;

	mark_moved(p, m->arena);
	for (uint32_t b = 0; b < p->to->nblocks; b++) {
		if (!p->moved[b] || p->to->blocks[b].size >= LIGHT ||
			with_neighbour(p, b) || is_reordered_item(p, b))
			continue;
		p->to_of[p->from_of[b]] = KB_NONE;
		p->from_of[b] = KB_NONE;
	}
}

/* The old heading that had most of the text that is now below this one. */
static uint32_t heading_by_content(
	const struct block_pairs *p, uint32_t heading, uint32_t *sums)
{
	const struct kb_block *blocks = p->to->blocks;
	uint32_t best = KB_NONE, all = 0;

	for (uint32_t b = heading + 1; b < p->to->nblocks; b++) {
		uint32_t a = p->from_of[b], above = KB_NONE;

		if (blocks[b].above != heading && blocks[b].above <= heading)
			break;
		if (blocks[b].above != heading || blocks[b].kind == KB_BLOCK_HEADING)
			continue;
		all += blocks[b].size + 1;
		if (a != KB_NONE)
			above = p->from->blocks[a].above;
		if (above == KB_NONE)
			continue;
		sums[above] += blocks[b].size + 1;
		if (best == KB_NONE || sums[above] > sums[best])
			best = above;
	}
	uint32_t weight = best == KB_NONE ? 0 : sums[best];
	for (uint32_t b = heading + 1; b < p->to->nblocks; b++) {
		uint32_t a = p->from_of[b];

		if (blocks[b].above != heading && blocks[b].above <= heading)
			break;
		if (a != KB_NONE && p->from->blocks[a].above != KB_NONE)
			sums[p->from->blocks[a].above] = 0;
	}
	return weight * 2 > all ? best : KB_NONE;
}

static void pair_headings(struct match *m)
{
	struct block_pairs *p = m->p;
	uint32_t *sums = kb_arena_array(m->arena, uint32_t, p->from->nblocks);

	for (uint32_t b = 0; b < p->to->nblocks; b++) {
		uint32_t a;

		if (p->to->blocks[b].kind != KB_BLOCK_HEADING || p->from_of[b] != KB_NONE)
			continue;
		a = heading_by_content(p, b, sums);
		if (a != KB_NONE && can_pair(p, a, b) &&
			p->from->blocks[a].level == p->to->blocks[b].level)
			pair(p, a, b);
	}
}

static int hash_cmp(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

static bool is_word(kb_str piece)
{
	unsigned char c = piece.len ? (unsigned char)piece.data[0] : 0;
	size_t at = 0;
	uint32_t cp;

	if (c < 0x80)
		return (c | 0x20) >= 'a' ? (c | 0x20) <= 'z' : c >= '0' && c <= '9';
	cp = kb_utf8_next(piece, &at);
	return cp >= 0xc0 && !(cp >= 0x2000 && cp < 0x2070) && cp != 0x3001 &&
	       cp != 0x3002;
}

static struct bag bag_of(struct kb_arena *arena, const struct kb_block *block)
{
	struct bag bag = {0};
	uint32_t *ends, cap = 0;

	for (uint32_t i = 0; i < block->nparts; i++)
		cap += (uint32_t)block->parts[i].text.len;
	bag.hashes = kb_arena_array(arena, uint64_t, cap);
	for (uint32_t i = 0; i < block->nparts; i++) {
		kb_str text = block->parts[i].text;
		size_t n = kb_text_breaks(arena, text, KB_BREAK_WORD, &ends);

		for (size_t k = 0; k < n; k++) {
			kb_str piece = kb_str_sub(text, k ? ends[k - 1] : 0, ends[k]);

			if (is_word(piece))
				bag.hashes[bag.len++] =
					kb_str_hash(composed(arena, piece));
		}
	}
	if (bag.len)
		qsort(bag.hashes, bag.len, sizeof(*bag.hashes), hash_cmp);
	return bag;
}

/* How alike two texts are, from 0 to 1000, by their words. */
static unsigned bag_likeness(const struct bag *a, const struct bag *b)
{
	uint64_t common = 0;

	for (uint32_t i = 0, j = 0; i < a->len && j < b->len;) {
		if (a->hashes[i] == b->hashes[j]) {
			common++;
			i++;
			j++;
		} else if (a->hashes[i] < b->hashes[j]) {
			i++;
		} else {
			j++;
		}
	}
	return a->len + b->len ? (unsigned)(2000 * common / (a->len + b->len)) : 0;
}

static const struct kb_span *opening_link(const struct kb_block *block)
{
	const struct kb_span *spans = block->parts->spans;

	for (uint32_t i = 0; i < block->parts->nspans && spans[i].from == 0; i++)
		if (spans[i].kind == KB_SPAN_LINK)
			return &spans[i];
	return NULL;
}

/* What stands for a block when its words do not: a row's first cell, an item's link. */
static bool same_key(const struct kb_block *a, const struct kb_block *b)
{
	const struct kb_span *la, *lb;

	if (a->kind == KB_BLOCK_ROW)
		return a->parts[0].text.len && a->nparts > 1 &&
		       kb_str_eq(a->parts[0].text, b->parts[0].text);
	if (a->kind != KB_BLOCK_PARAGRAPH || !a->opens_item || !b->opens_item)
		return a->kind == KB_BLOCK_CODE && a->info.len &&
		       kb_str_eq(a->info, b->info);
	la = opening_link(a);
	lb = opening_link(b);
	return la && lb &&
	       (kb_str_eq(la->dest, lb->dest) ||
		       kb_str_eq(kb_str_sub(a->parts->text, la->from, la->to),
			       kb_str_sub(b->parts->text, lb->from, lb->to)));
}

static unsigned likeness(struct match *m, uint32_t a, uint32_t b)
{
	const struct kb_block *from = &m->p->from->blocks[a], *to = &m->p->to->blocks[b];
	unsigned like;

	if (from->kind != to->kind || from->audience != to->audience ||
		(from->kind == KB_BLOCK_HEADING && from->level != to->level) ||
		from->header != to->header || from->kind == KB_BLOCK_INCLUDE)
		return 0;
	if (!m->from_bagged[a])
		m->from_bags[a] = bag_of(m->arena, from);
	if (!m->to_bagged[b])
		m->to_bags[b] = bag_of(m->arena, to);
	m->from_bagged[a] = m->to_bagged[b] = true;
	like = bag_likeness(&m->from_bags[a], &m->to_bags[b]);
	if (from->opens_item != to->opens_item)
		like = like * 3 / 4;
	return like < ALIKE + 100 && same_key(from, to) ? ALIKE + 100 : like;
}

struct gap {
	uint32_t a, a_end, b, b_end;
};

static void pair_gap_table(struct match *m, struct gap g, unsigned least)
{
	uint32_t n = g.a_end - g.a, k = g.b_end - g.b, w = k + 1, i, j;
	_cleanup_free_ unsigned *like = kb_xcalloc(kb_size_mul(n, k), sizeof(*like));
	_cleanup_free_ unsigned *sum = kb_xcalloc(kb_size_mul(n + 1, w), sizeof(*sum));

	for (i = n; i-- > 0;)
		for (j = k; j-- > 0;) {
			unsigned here = can_pair(m->p, g.a + i, g.b + j)
						? likeness(m, g.a + i, g.b + j)
						: 0;
			unsigned most = sum[(i + 1) * w + j];

			if (sum[i * w + j + 1] > most)
				most = sum[i * w + j + 1];
			like[i * k + j] = here < least ? 0 : here;
			if (here >= least && sum[(i + 1) * w + j + 1] + here > most)
				most = sum[(i + 1) * w + j + 1] + here;
			sum[i * w + j] = most;
		}
	for (i = j = 0; i < n && j < k;) {
		if (sum[i * w + j] == sum[(i + 1) * w + j]) {
			i++;
		} else if (sum[i * w + j] == sum[i * w + j + 1]) {
			j++;
		} else {
			pair(m->p, g.a + i++, g.b + j);
			j++;
		}
	}
}

static void pair_gap_window(struct match *m, struct gap g)
{
	for (uint32_t b = g.b; b < g.b_end; b++)
		for (uint32_t a = g.a; a < g.a_end && a < g.a + WINDOW; a++)
			if (can_pair(m->p, a, b) && likeness(m, a, b) >= ALIKE) {
				pair(m->p, a, b);
				g.a = a + 1;
				break;
			}
}

/* Between blocks that are matched and stayed, on both sides. */
static void pair_gaps(struct match *m)
{
	struct block_pairs *p = m->p;
	struct gap g = {0};

	mark_moved(p, m->arena);
	for (uint32_t b = 0; b <= p->to->nblocks; b++) {
		bool end = b == p->to->nblocks;

		if (!end && (p->from_of[b] == KB_NONE || p->moved[b]))
			continue;
		g.a_end = end ? p->from->nblocks : p->from_of[b];
		g.b_end = b;
		uint64_t n = g.a_end - g.a, k = g.b_end - g.b;
		if (n * k > GAP_MAX)
			pair_gap_window(m, g);
		else if (n && k)
			pair_gap_table(m, g, n == 1 && k == 1 ? ALIKE_ALONE : ALIKE);
		g.a = g.a_end + 1;
		g.b = b + 1;
	}
}

/* What moved and changed as well. */
static void pair_far(struct match *m)
{
	struct block_pairs *p = m->p;
	uint32_t left = FAR_MAX;

	for (uint32_t b = 0; b < p->to->nblocks && left; b++) {
		unsigned best = ALIKE_FAR - 1;
		uint32_t found = KB_NONE;

		if (p->from_of[b] != KB_NONE || p->to->blocks[b].size < HEAVY)
			continue;
		for (uint32_t a = 0; a < p->from->nblocks && left; a++) {
			if (!can_pair(p, a, b) || p->from->blocks[a].size < HEAVY)
				continue;
			left--;
			unsigned like = likeness(m, a, b);
			if (like > best) {
				best = like;
				found = a;
			}
		}
		if (found != KB_NONE)
			pair(p, found, b);
	}
}

void pairs_find(struct block_pairs *p, struct kb_arena *arena,
	const struct kb_version *from, const struct kb_version *to)
{
	struct match m = {.p = p, .arena = arena};

	p->from = from;
	p->to = to;
	p->to_of = kb_arena_array(arena, uint32_t, from->nblocks);
	p->from_of = kb_arena_array(arena, uint32_t, to->nblocks);
	p->moved = kb_arena_array(arena, bool, to->nblocks);
	m.from_bags = kb_arena_array(arena, struct bag, from->nblocks);
	m.to_bags = kb_arena_array(arena, struct bag, to->nblocks);
	m.from_bagged = kb_arena_array(arena, bool, from->nblocks);
	m.to_bagged = kb_arena_array(arena, bool, to->nblocks);
	for (uint32_t i = 0; i < from->nblocks; i++)
		p->to_of[i] = KB_NONE;
	for (uint32_t i = 0; i < to->nblocks; i++)
		p->from_of[i] = KB_NONE;
	pair_ends(p);
	pair_unique(&m, false);
	spread(p, false);
	pair_rest(&m, false);
	pair_unique(&m, true);
	spread(p, true);
	pair_rest(&m, true);
	drop_light(&m);
	pair_headings(&m);
	pair_gaps(&m);
	pair_headings(&m);
	pair_gaps(&m);
	pair_far(&m);
	mark_moved(p, arena);
}
