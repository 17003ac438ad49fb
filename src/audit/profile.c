#include "profile.h"

#include "kb/hash.h"
#include "kb/passage.h"
#include "kb/token.h"

/* Sequences of three words. */
struct shingles {
	uint64_t last[2]; /* words */
	size_t words;
	uint32_t n;
	uint32_t least[PROFILE_BINS]; /* the least hash in each bin */
	bool full[PROFILE_BINS];
};

static void add_shingle(struct shingles *s, uint64_t hash)
{
	size_t bin = hash >> 57;
	uint32_t rest = (uint32_t)hash;

	if (!s->full[bin] || rest < s->least[bin])
		s->least[bin] = rest;
	s->full[bin] = true;
	s->n++;
}

static bool take_word(void *ctx, const struct kb_word *word)
{
	struct shingles *s = ctx;
	uint64_t hash = kb_hash64(word->fold);

	if (s->words++ >= 2) {
		uint64_t three[3] = {s->last[0], s->last[1], hash};

		add_shingle(s, kb_hash64((kb_str){(const char *)three, sizeof(three)}));
	}
	s->last[0] = s->last[1];
	s->last[1] = hash;
	return true;
}

static bool is_prose(const struct kb_passage *passage)
{
	return passage->kind == KB_PASSAGE_PARAGRAPH ||
	       passage->kind == KB_PASSAGE_HEADING || passage->kind == KB_PASSAGE_CELL;
}

static bool passages_of(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *scratch, const struct kb_document *doc, struct kb_passages *out)
{
	struct kb_text text = {0};

	*out = (struct kb_passages){0};
	if (kb_text_open(&text, lib, reader, doc, NULL) < 0)
		return false;
	if (text.md)
		kb_md_texts(text.md, scratch, out);
	/* Their strings are in the arena. */
	kb_text_close(&text);
	return true;
}

static void shingle(const struct kb_passages *passages, struct shingles *out)
{
	for (uint32_t i = 0; i < passages->len; i++)
		if (is_prose(&passages->items[i]))
			kb_words(passages->items[i].text, take_word, out);
}

/* An empty bin takes the hash of the next bin that is not. */
static void sketch(const struct shingles *s, uint32_t bins[PROFILE_BINS])
{
	for (size_t i = 0; s->n && i < PROFILE_BINS; i++) {
		uint32_t steps = 0;

		while (!s->full[(i + steps) % PROFILE_BINS])
			steps++;
		bins[i] = s->least[(i + steps) % PROFILE_BINS] + steps * 0x9E3779B1u;
	}
}

static void put_u32(kb_buf *out, uint32_t n)
{
	kb_buf_add(out, &n, sizeof(n));
}

void profile_make(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *scratch, const struct kb_document *doc, kb_buf *out)
{
	_cleanup_buf_ kb_buf statements = {0};
	uint32_t bins[PROFILE_BINS] = {0}, n = 0;
	struct kb_passages passages;
	struct shingles s = {0};

	if (!passages_of(lib, reader, scratch, doc, &passages))
		return;
	shingle(&passages, &s);
	sketch(&s, bins);
	for (uint32_t i = 0; i < passages.len; i++)
		if (is_prose(&passages.items[i]))
			n += statements_put(lib->config->locales[doc->locale].code,
				passages.items[i].text, &statements);
	put_u32(out, s.n);
	put_u32(out, n);
	kb_buf_add(out, bins, sizeof(bins));
	kb_buf_str(out, kb_buf_view(&statements));
}

/* Takes N bytes, rounded up to whole words, off the front. */
static const void *take(kb_str *rest, size_t n)
{
	const void *data = rest->data;

	n = (n + 3) & ~(size_t)3;
	if (n > rest->len)
		return NULL;
	*rest = kb_str_sub(*rest, n, rest->len);
	return data;
}

static bool read_statement(kb_str *rest, struct statement *out)
{
	const uint32_t *head = take(rest, 4 * sizeof(*head));
	const char *number, *text;

	if (!head || head[1] > 1000 || head[2] > 1000 || head[3] > 1000)
		return false;
	out->unit = head[0];
	out->nwords = head[1];
	out->words = take(rest, head[1] * sizeof(*out->words));
	number = take(rest, head[2]);
	text = take(rest, head[3]);
	out->number = (kb_str){number, head[2]};
	out->text = (kb_str){text, head[3]};
	return out->words && number && text;
}

bool profile_read(kb_str bytes, struct kb_arena *arena, struct profile *out)
{
	const uint32_t *head = take(&bytes, 2 * sizeof(*head));
	struct statement *statements;

	*out = (struct profile){.bins = take(&bytes, PROFILE_BINS * sizeof(*out->bins))};
	if (!head || !out->bins || head[1] > bytes.len)
		return false;
	out->shingles = head[0];
	out->nstatements = head[1];
	statements = kb_arena_array(arena, struct statement, head[1] + 1);
	for (uint32_t i = 0; i < head[1]; i++)
		if (!read_statement(&bytes, &statements[i]))
			return false;
	out->statements = statements;
	return true;
}

double profile_likeness(const struct profile *a, const struct profile *b)
{
	unsigned same = 0;

	for (size_t i = 0; i < PROFILE_BINS; i++)
		same += a->bins[i] == b->bins[i];
	/* This share of the words of either one is in both. */
	return 2.0 * same / (PROFILE_BINS + same);
}
