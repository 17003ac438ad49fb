/* Two texts word by word: sentences that both have stay whole. */
#include "kb/unicode.h"
#include "version.h"

struct tokens {
	kb_str *items;
	uint64_t *hashes;
	uint32_t n;
};

static struct tokens cut(struct kb_arena *arena, kb_str text, enum kb_break kind)
{
	struct tokens t;
	uint32_t *ends;

	t.n = (uint32_t)kb_text_breaks(arena, text, kind, &ends);
	t.items = kb_arena_array(arena, kb_str, t.n);
	t.hashes = kb_arena_array(arena, uint64_t, t.n);
	for (uint32_t i = 0; i < t.n; i++) {
		t.items[i] = kb_str_sub(text, i ? ends[i - 1] : 0, ends[i]);
		t.hashes[i] = kb_str_hash(kb_str_trim(t.items[i]));
		if (kind == KB_BREAK_WORD)
			t.hashes[i] = kb_str_hash(t.items[i]);
	}
	return t;
}

struct out {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_word_run);
	} runs;
};

/* TEXT follows the last run's bytes in the same string when it has the same op, but for
 * what went and came in turns. */
static void add(struct out *out, uint8_t op, kb_str text)
{
	struct kb_word_run *last =
		out->runs.len ? &out->runs.items[out->runs.len - 1] : NULL;
	struct kb_word_run *before =
		out->runs.len > 1 ? &out->runs.items[out->runs.len - 2] : NULL;

	if (!text.len)
		return;
	if (last && last->op == op && last->text.data + last->text.len == text.data) {
		last->text.len += text.len;
		return;
	}
	/* Removed words come before added ones. */
	if (last && before && op == KB_OP_DELETE && last->op == KB_OP_INSERT &&
		before->op == KB_OP_DELETE &&
		before->text.data + before->text.len == text.data) {
		before->text.len += text.len;
		return;
	}
	kb_vec_push(&out->runs, ((struct kb_word_run){op, text}));
}

static kb_str join(const struct tokens *t, uint32_t from, uint32_t to)
{
	if (from == to)
		return KB_STR_NULL;
	return (kb_str){t->items[from].data,
		(size_t)(t->items[to - 1].data + t->items[to - 1].len -
			 t->items[from].data)};
}

static bool is_blank(kb_str s)
{
	return kb_str_trim(s).len == 0;
}

/* A space that both have between words that differ is part of the difference. */
static void drop_blanks(const struct tokens *a, const struct tokens *b, uint32_t *pair)
{
	for (uint32_t i = 1; i + 1 < a->n; i++) {
		uint32_t j = pair[i];
		bool before, after;

		if (j == KB_NONE || !is_blank(a->items[i]) || j == 0 || j + 1 == b->n)
			continue;
		before = pair[i - 1] != j - 1;
		after = pair[i + 1] != j + 1;
		if (before && after)
			pair[i] = KB_NONE;
	}
}

static void put_words(struct out *out, kb_str before, kb_str after)
{
	struct tokens a = cut(out->arena, before, KB_BREAK_WORD);
	struct tokens b = cut(out->arena, after, KB_BREAK_WORD);
	uint32_t *pair = kb_arena_array(out->arena, uint32_t, a.n);
	uint32_t i = 0, j = 0;

	lcs_find(a.hashes, a.n, b.hashes, b.n, pair);
	drop_blanks(&a, &b, pair);
	while (i < a.n || j < b.n) {
		uint32_t k = i, to;

		while (k < a.n && pair[k] == KB_NONE)
			k++;
		to = k < a.n ? pair[k] : b.n;
		add(out, KB_OP_DELETE, join(&a, i, k));
		add(out, KB_OP_INSERT, join(&b, j, to));
		if (k < a.n)
			add(out, KB_OP_KEEP, b.items[to]);
		i = k + (k < a.n);
		j = to + (k < a.n);
	}
}

struct kb_word_run *kb_diff_words(
	struct kb_arena *arena, kb_str before, kb_str after, uint32_t *n)
{
	struct out out = {.arena = arena};
	struct tokens a = cut(arena, before, KB_BREAK_SENTENCE);
	struct tokens b = cut(arena, after, KB_BREAK_SENTENCE);
	uint32_t *pair = kb_arena_array(arena, uint32_t, a.n);
	uint32_t i = 0, j = 0;

	lcs_find(a.hashes, a.n, b.hashes, b.n, pair);
	while (i < a.n || j < b.n) {
		uint32_t k = i, to;

		while (k < a.n && pair[k] == KB_NONE)
			k++;
		to = k < a.n ? pair[k] : b.n;
		put_words(&out, join(&a, i, k), join(&b, j, to));
		if (k < a.n)
			add(&out, KB_OP_KEEP, b.items[to]);
		i = k + (k < a.n);
		j = to + (k < a.n);
	}
	*n = (uint32_t)out.runs.len;
	return kb_vec_freeze(&out.runs, arena);
}
