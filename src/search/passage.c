#include "query.h"

#include "kb/unicode.h"

struct best { /* a passage */
	struct asking *asking;
	struct kb_arena *scratch;
	double score, together;
	kb_str text;
	/* of the passage in hand */
	uint64_t seen;
	double sum;
	size_t last, pairs, words, known;
	uint64_t all; /* groups of the question */
	bool whole;   /* the title, or the question, is what is asked */
};

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

static bool passage_word(void *ctx, const struct kb_word *word)
{
	struct best *b = ctx;
	size_t group = group_of(b->asking, word);
	if (group) {
		if (!(b->seen >> group & 1))
			b->sum += b->asking->in->idf[group - 1];
		b->seen |= (uint64_t)1 << group;
		if (b->last && group == b->last + 1)
			b->pairs++;
	}
	b->last = group;
	b->words++;
	b->known += group > 0;
	return true;
}

static void passage_take(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct best *b = ctx;
	if (audience > b->asking->query->audience)
		return;
	b->seen = 0;
	b->sum = 0;
	b->last = b->pairs = b->words = b->known = 0;
	kb_words(text, passage_word, b);
	b->whole |= (field == TITLE || field == QUESTION) && b->words &&
		    b->words == b->known && (b->seen & b->all) == b->all;
	size_t pairs = b->pairs > 3 ? 3 : b->pairs;
	double together = b->sum * (double)pairs;
	if (field == TITLE || field == QUESTION)
		together *= 2;
	else if (field == BODY)
		together *= 0.3;
	if (together > b->together)
		b->together = together;
	double score = b->sum + (double)pairs;
	/* Where nothing matches, the summary says best what the document is about. */
	bool better = score > b->score || (field == SUMMARY && !b->text.len);
	if ((field == BODY || field == SUMMARY) && better) {
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
	if (group_of(m->asking, word))
		m->hit->marks[m->hit->nmarks++] =
			(kb_range){word->from, word->to - word->from};
	return m->hit->nmarks < MARKS_MAX;
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
	kb_words(text, find_first, &first);
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
	kb_words(hit->passage, mark_word, &marker);
}

void kb_search_reread(
	struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct best best = {.asking = a, .scratch = scratch};
	for (size_t i = 0; i < a->nwords; i++)
		if (!a->words[i].split)
			best.all |= (uint64_t)1 << (i + 1);
	kb_search_pieces(a->search, reader, scratch, hit->doc, passage_take, &best);
	hit->score += 0.3 * best.together;
	if (best.whole)
		hit->score *= 1.5;
	if (best.text.len)
		cut_passage(a, hit, best.text);
}
