#include "dictionary.h"

#include "kb/vec.h"

enum { HEAD = 8 };

static uint32_t number_at(kb_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.data + at;

	return at + 4 > s.len ? 0
			      : p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
					(uint32_t)p[3] << 24;
}

bool take_number(kb_str *rest, uint64_t *n)
{
	unsigned shift = 0;

	if (rest->len && !(rest->data[0] & 0x80)) { /* as most are */
		*n = (unsigned char)*rest->data++;
		rest->len--;
		return true;
	}
	*n = 0;
	for (size_t i = 0; i < rest->len && shift < 64; i++, shift += 7) {
		unsigned char c = (unsigned char)rest->data[i];

		*n |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*rest = kb_str_sub(*rest, i + 1, rest->len);
			return true;
		}
	}
	return false;
}

bool take_text(kb_str *rest, kb_str *s)
{
	uint64_t n;

	if (!take_number(rest, &n) || n > rest->len)
		return false;
	*s = kb_str_sub(*rest, 0, (size_t)n);
	*rest = kb_str_sub(*rest, (size_t)n, rest->len);
	return true;
}

bool dict_open(struct dict *dict, kb_str bytes)
{
	*dict = (struct dict){
		bytes, number_at(bytes, 0), number_at(bytes, sizeof(uint32_t))};
	return bytes.len >= HEAD &&
	       ((uint64_t)dict->nwords + dict->nkeys + 2) * 4 <= bytes.len - HEAD;
}

/* The bytes between the I-th offset from FIRST on and the next one. */
static kb_str part_at(const struct dict *dict, size_t first, uint32_t i)
{
	size_t at = HEAD + (first + i) * 4;

	return kb_str_sub(
		dict->bytes, number_at(dict->bytes, at), number_at(dict->bytes, at + 4));
}

static bool key_at(const struct dict *dict, uint32_t i, kb_str *key, kb_str *words)
{
	*words = i < dict->nkeys ? part_at(dict, (size_t)dict->nwords + 1, i)
				 : KB_STR_NULL;
	return take_text(words, key);
}

bool dict_key(const struct dict *dict, uint32_t i, kb_str *key)
{
	kb_str words;

	return key_at(dict, i, key, &words);
}

static bool names_at(
	const struct dict *dict, uint32_t i, kb_str *rest, kb_str *lower, kb_str *fold)
{
	*rest = i < dict->nwords ? part_at(dict, 0, i) : KB_STR_NULL;
	if (!take_text(rest, lower) || !take_text(rest, fold))
		return false;
	if (!fold->len)
		*fold = *lower;
	return true;
}

bool dict_word(const struct dict *dict, uint32_t i, struct dict_word *out)
{
	kb_str rest, words;
	uint64_t n, key;

	if (!names_at(dict, i, &rest, &out->lower, &out->fold) ||
		!take_number(&rest, &n) || n > KB_LEN(out->keys))
		return false;
	out->nkeys = (uint32_t)n;
	for (uint32_t k = 0; k < out->nkeys; k++)
		if (!take_number(&rest, &key) ||
			!key_at(dict, (uint32_t)key, &out->keys[k], &words))
			return false;
	out->postings = rest;
	return true;
}

uint32_t dict_from(const struct dict *dict, kb_str fold)
{
	uint32_t from = 0, to = dict->nwords;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		kb_str rest, lower, other = {0};

		names_at(dict, mid, &rest, &lower, &other);
		if (kb_str_cmp(other, fold) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool dict_find(const struct dict *dict, kb_str key, struct dict_cursor *out)
{
	uint32_t from = 0, to = dict->nkeys;
	kb_str other = {0}, words;
	uint64_t n;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		key_at(dict, mid, &other, &words);
		if (kb_str_cmp(other, key) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (!key_at(dict, from, &other, &words) || !kb_str_eq(other, key) ||
		!take_number(&words, &n))
		return false;
	*out = (struct dict_cursor){words, (uint32_t)n, 0};
	return true;
}

bool dict_next(struct dict_cursor *cursor, uint32_t *word)
{
	uint64_t by;

	if (!cursor->left-- || !take_number(&cursor->rest, &by)) {
		cursor->left = 0;
		return false;
	}
	*word = cursor->word += (uint32_t)by;
	return true;
}

bool posting_next(kb_str *rest, struct posting *out)
{
	uint64_t by, where;

	if (!take_number(rest, &by) || !take_number(rest, &where))
		return false;
	out->doc += (uint32_t)by;
	out->audience = (uint8_t)(where >> 6);
	for (int f = 0; f < NFIELDS; f++) {
		out->count[f] = 0;
		if (!(where >> f & 1))
			continue;
		if (!rest->len)
			return false;
		out->count[f] = (uint8_t)rest->data[0];
		*rest = kb_str_sub(*rest, 1, rest->len);
	}
	return true;
}

/* Writing */

void put_number(kb_buf *out, uint64_t n)
{
	char bytes[10];
	size_t len = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (char)(n | 0x80);
	bytes[len++] = (char)n;
	kb_buf_add(out, bytes, len);
}

void put_text(kb_buf *out, kb_str s)
{
	put_number(out, s.len);
	kb_buf_str(out, s);
}

void posting_put(struct posting_writer *w, const struct posting *p)
{
	uint64_t where = (uint64_t)p->audience << 6;

	for (int f = 0; f < NFIELDS; f++)
		if (p->count[f])
			where |= (uint64_t)1 << f;
	put_number(w->out, p->doc - w->before);
	put_number(w->out, where);
	for (int f = 0; f < NFIELDS; f++)
		if (p->count[f])
			kb_buf_putc(w->out, (char)p->count[f]);
	w->before = p->doc;
}

int dict_order(const struct dict_word *a, const struct dict_word *b)
{
	int order = kb_str_cmp(a->fold, b->fold);

	return order ? order : kb_str_cmp(a->lower, b->lower);
}

struct dictionary_pair { /* a word has a key */
	kb_str key;
	uint32_t word, nth; /* of the word's keys */
};
struct dictionary_pairs {
	KB_VEC(struct dictionary_pair);
};

static int pair_cmp(const void *pa, const void *pb)
{
	const struct dictionary_pair *a = pa, *b = pb;
	int order = kb_str_cmp(a->key, b->key);

	return order ? order : (a->word > b->word) - (a->word < b->word);
}

static void set_number(kb_buf *out, size_t at, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		out->data[at + (size_t)i] = (char)(n >> 8 * i);
}

static size_t run_of(const struct dictionary_pairs *pairs, size_t from)
{
	size_t to = from + 1;

	while (to < pairs->len && kb_str_eq(pairs->items[to].key, pairs->items[from].key))
		to++;
	return to;
}

/* Writes keys where they belong, behind the words; OFFSETS is where their offsets are. */
static void write_keys(
	kb_buf *out, size_t start, size_t offsets, const struct dictionary_pairs *pairs)
{
	uint32_t nth = 0;

	for (size_t from = 0, to; from < pairs->len; from = to, nth++) {
		uint32_t before = 0;

		to = run_of(pairs, from);
		set_number(out, offsets + (size_t)nth * 4, (uint32_t)(out->len - start));
		put_text(out, pairs->items[from].key);
		put_number(out, to - from);
		for (size_t i = from; i < to; i++) {
			put_number(out, pairs->items[i].word - before);
			before = pairs->items[i].word;
		}
	}
	set_number(out, offsets + (size_t)nth * 4, (uint32_t)(out->len - start));
}

static void write_words(kb_buf *out, size_t start, const struct dict_word *words,
	size_t n, const uint32_t (*numbers)[2])
{
	for (size_t i = 0; i < n; i++) {
		const struct dict_word *word = &words[i];

		set_number(out, start + HEAD + i * 4, (uint32_t)(out->len - start));
		put_text(out, word->lower);
		put_text(out,
			kb_str_eq(word->lower, word->fold) ? KB_STR_NULL : word->fold);
		put_number(out, word->nkeys);
		for (uint32_t k = 0; k < word->nkeys; k++)
			put_number(out, numbers[i][k]);
		kb_buf_str(out, word->postings);
	}
	set_number(out, start + HEAD + n * 4, (uint32_t)(out->len - start));
}

void dict_write(kb_buf *out, const struct dict_word *words, size_t n)
{
	size_t start = out->len, nkeys = 0;
	struct dictionary_pairs pairs = {0};

	uint32_t(*numbers)[2] = kb_xcalloc(n + 1, sizeof(*numbers));
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < words[i].nkeys; k++)
			kb_vec_push(&pairs, ((struct dictionary_pair){
						    words[i].keys[k], (uint32_t)i, k}));
	if (pairs.len)
		qsort(pairs.items, pairs.len, sizeof(*pairs.items), pair_cmp);
	for (size_t from = 0, to; from < pairs.len; from = to, nkeys++) {
		to = run_of(&pairs, from);
		for (size_t i = from; i < to; i++)
			numbers[pairs.items[i].word][pairs.items[i].nth] =
				(uint32_t)nkeys;
	}
	for (size_t i = 0; i < HEAD + (n + nkeys + 2) * 4; i++)
		kb_buf_putc(out, 0);
	set_number(out, start, (uint32_t)n);
	set_number(out, start + 4, (uint32_t)nkeys);
	write_words(out, start, words, n, (const uint32_t(*)[2])numbers);
	write_keys(out, start, start + HEAD + (n + 1) * 4, &pairs);
	kb_vec_dispose(&pairs);
	free(numbers);
}
