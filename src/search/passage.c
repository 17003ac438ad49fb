#include "query.h"

#include "kb/unicode.h"

static size_t group_of(struct asking *a, const struct kb_word *word)
{
	const struct kb_keys *keys = kb_stemmer_keys(a->in->shard->asker, word);

	for (uint32_t i = 0; i < keys->n; i++) {
		void *found = kb_map_get(&a->in->groups, keys->keys[i]);

		if (found)
			return (size_t)(uintptr_t)found;
	}
	return (size_t)(uintptr_t)kb_map_get(&a->in->groups, keys->word);
}

struct seen { /* of a piece of text */
	struct asking *asking;
	uint64_t groups; /* of the question, that it has */
	double sum;	 /* of what they tell */
	size_t last, pairs, words, known;
};

static bool see_word(void *ctx, const struct kb_word *word)
{
	struct seen *seen = ctx;
	size_t group = group_of(seen->asking, word);

	if (group) {
		if (!(seen->groups >> group & 1))
			seen->sum += seen->asking->in->idf[group - 1];
		seen->groups |= (uint64_t)1 << group;
	}
	if (word->kind >= KB_WORD_COMPOUND)
		return true;
	if (group) {
		if (seen->last && group == seen->last + 1)
			seen->pairs++;
	}
	seen->last = group;
	seen->words++;
	seen->known += group > 0;
	return true;
}

static struct seen see(struct asking *a, kb_str text)
{
	struct seen seen = {.asking = a};

	kb_words_joined(text, see_word, &seen);
	seen.pairs = seen.pairs > 3 ? 3 : seen.pairs;
	return seen;
}

/* The first word of the title that a word of the question stands for, or KB_NONE. */
static uint32_t place_in(const struct view_title *title, const struct want *want)
{
	uint32_t at = KB_NONE;

	for (size_t i = 0; i < want->len; i++) {
		uint32_t there = view_title_at(title, want->items[i].key);

		at = there < at ? there : at;
	}
	return at;
}

void kb_search_title(struct asking *a, struct kb_search_hit *hit)
{
	const struct view_title *title = view_title(a->view, hit->doc->number);
	uint32_t before = KB_NONE, places = 0, pairs = 0;
	bool all = true;
	double sum = 0;

	if (!title->nwords)
		return;
	for (size_t i = 0; i < a->nwords; i++) {
		const struct want *want = &a->in->wants[i];
		uint32_t at = place_in(title, want);

		if (want->skipped)
			continue;
		pairs += at != KB_NONE && before != KB_NONE && at == before + 1;
		before = at;
		if (at != KB_NONE) {
			sum += a->in->idf[i];
			places |= 1u << at;
		} else if (!a->words[i].optional) {
			all = false;
		}
	}
	hit->score += 0.6 * sum * (pairs > 3 ? 3 : pairs);
	if (all && places == (1u << title->nwords) - 1)
		hit->score *= 1.5;
}

struct best { /* a passage */
	struct asking *asking;
	struct kb_arena *scratch;
	double score;
	kb_str text;
};

static void passage_take(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct best *b = ctx;
	struct seen seen;
	double score;

	if (audience > b->asking->query->audience || (field != BODY && field != SUMMARY))
		return;
	seen = see(b->asking, text);
	score = seen.sum + (double)seen.pairs;
	/* Where nothing matches, the summary says best what the document is about. */
	if (score > b->score || (field == SUMMARY && !b->text.len)) {
		b->score = score;
		b->text = kb_arena_str(b->scratch, text);
	}
}

enum { PASSAGE_MAX = 240, MARKS_MAX = 32 };

struct marker {
	struct asking *asking;
	struct kb_search_hit *hit;
	size_t cap;
};

static bool mark_word(void *ctx, const struct kb_word *word)
{
	struct marker *m = ctx;
	struct kb_search_hit *hit = m->hit;

	if (!group_of(m->asking, word))
		return true;
	/* A compound's mark takes the place of its parts'; pairs of characters overlap.
	 */
	while (hit->nmarks && hit->marks[hit->nmarks - 1].off >= word->from)
		hit->nmarks--;
	kb_range *last = hit->nmarks ? &hit->marks[hit->nmarks - 1] : NULL;
	if (last && last->off + last->len > word->from)
		last->len = word->to - last->off;
	else
		hit->marks[hit->nmarks++] = (kb_range){word->from, word->to - word->from};
	return hit->nmarks < MARKS_MAX;
}

struct first_mark {
	struct asking *asking;
	size_t at;
};

static bool find_first(void *ctx, const struct kb_word *word)
{
	struct first_mark *f = ctx;

	if (!group_of(f->asking, word))
		return true;
	f->at = word->from;
	return false;
}

/* The part of a passage around its first marked word, in one line. */
static void cut_passage(struct asking *a, struct kb_search_hit *hit, kb_str text)
{
	struct first_mark first = {.asking = a};
	_cleanup_buf_ kb_buf line = {0};

	kb_words_joined(text, find_first, &first);
	size_t from = first.at > PASSAGE_MAX / 3 && text.len > PASSAGE_MAX
			      ? first.at - PASSAGE_MAX / 3
			      : 0;
	while (from > 0 && from < first.at && text.data[from - 1] != ' ')
		from++;
	if (from)
		kb_buf_puts(&line, "… ");
	for (size_t i = from; i < text.len; i++)
		kb_buf_putc(
			&line, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
	kb_str whole = kb_arena_str(a->arena, kb_buf_view(&line));
	hit->passage = kb_truncate(a->arena, whole, PASSAGE_MAX);
	hit->marks = kb_arena_array(a->arena, kb_range, MARKS_MAX);
	struct marker marker = {.asking = a, .hit = hit};
	kb_words_joined(hit->passage, mark_word, &marker);
}

void kb_search_passage(
	struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct best best = {.asking = a, .scratch = scratch};

	kb_search_pieces(a->search, reader, scratch, hit->doc, passage_take, &best);
	if (best.text.len)
		cut_passage(a, hit, best.text);
}
