/*
 * Merging dictionaries. Almost all documents stay at the same distance from each other,
 * so postings are copied by runs, as they are. The words are cut into slices that are
 * merged in parallel.
 */
#include "dictionary.h"
#include "kb/pool.h"
#include "kb/vec.h"

enum { SLICE_SIZE = 1 << 18 }; /* bytes of the largest part that are worth a thread */

struct slice {
	struct {
		KB_VEC(struct dict_word);
	} words;
	kb_buf postings;
};

struct dictionary_merge {
	const struct dict_part *parts;
	size_t nparts;
	uint32_t **ends;	    /* by part */
	size_t len;		    /* of all parts */
	const struct dict *largest; /* decides where slices begin */
	struct slice *slices;
	size_t nslices;
};

struct merging { /* one of the parts */
	const struct dict_part *part;
	const uint32_t *ends; /* by document: where its run ends */
	struct dict_word word;
	uint32_t at, to; /* the next word, and the first of the next slice */
	bool over;
	kb_str rest;  /* postings of the word in hand, when it takes part */
	kb_str tail;  /* the posting in hand without its distance, and all after it */
	uint32_t raw; /* its document in this part */
	uint32_t doc; /* its document */
	bool has;
};

/* Documents of a run stay at the same distance from each other. */
static uint32_t *find_runs(const struct dict_part *part)
{
	uint32_t *ends = kb_xcalloc((size_t)part->ndocs + 1, sizeof(*ends));

	for (uint32_t d = part->ndocs; d-- > 0;)
		ends[d] = d + 1 < part->ndocs && part->docs[d + 1] == part->docs[d] + 1
				  ? ends[d + 1]
				  : d + 1;
	return ends;
}

static void word_advance(struct merging *m)
{
	m->over = m->at >= m->to || !dict_word(&m->part->dict, m->at++, &m->word);
}

/* Takes a posting behind its distance off REST, without looking at its numbers. */
static bool posting_skip(kb_str *rest)
{
	static const uint64_t bits = 0x4332322132212110; /* of each number below 16 */
	uint64_t where;
	size_t fields;

	if (!take_number(rest, &where))
		return false;
	where &= (1U << NFIELDS) - 1;
	fields = (bits >> (where & 15) * 4 & 15) + (bits >> (where >> 4) * 4 & 15);
	if (fields > rest->len)
		return false;
	*rest = (kb_str){rest->data + fields, rest->len - fields};
	return true;
}

/* The next posting of a document that stays. */
static void posting_advance(struct merging *m)
{
	uint64_t by;

	m->has = false;
	while (!m->has && take_number(&m->rest, &by)) {
		m->tail = m->rest;
		if (!posting_skip(&m->rest))
			return;
		m->raw += (uint32_t)by;
		m->doc = m->raw < m->part->ndocs ? m->part->docs[m->raw] : KB_GONE;
		m->has = m->doc != KB_GONE;
	}
}

static const struct dict_word *first_word(const struct merging *merging, size_t n)
{
	const struct dict_word *first = NULL;

	for (size_t i = 0; i < n; i++)
		if (!merging[i].over &&
			(!first || dict_order(&merging[i].word, first) < 0))
			first = &merging[i].word;
	return first;
}

/* Copies postings as they are, up to a document of another part, or to the end of the
 * run. */
static void copy_run(struct merging *m, uint32_t limit, struct posting_writer *w)
{
	uint32_t left = m->ends[m->raw] - m->raw, first = m->raw;
	kb_str rest = m->rest;
	uint64_t by;

	if (limit - m->doc < left)
		left = limit - m->doc;
	while (take_number(&rest, &by) && by < left && posting_skip(&rest)) {
		left -= (uint32_t)by;
		m->raw += (uint32_t)by;
		m->rest = rest;
	}
	put_number(w->out, m->doc - w->before);
	kb_buf_add(w->out, m->tail.data, (size_t)(m->rest.data - m->tail.data));
	w->before = m->doc + (m->raw - first);
	posting_advance(m);
}

/* Of the parts that have the word, the postings as one list. */
static void merge_postings(struct merging *merging, size_t n, kb_buf *out)
{
	struct posting_writer writer = {out, 0};

	for (;;) {
		struct merging *next = NULL;
		uint32_t limit = UINT32_MAX;

		for (size_t i = 0; i < n; i++) {
			struct merging *m = &merging[i];

			if (!m->has)
				continue;
			if (!next || m->doc < next->doc) {
				limit = next ? next->doc : limit;
				next = m;
			} else if (m->doc < limit) {
				limit = m->doc;
			}
		}
		if (!next)
			return;
		copy_run(next, limit, &writer);
	}
}

/* The next word, with the postings that all parts have of it. */
static void merge_word(
	struct merging *merging, size_t n, struct dict_word word, struct slice *slice)
{
	size_t from = slice->postings.len;

	for (size_t i = 0; i < n; i++) {
		struct merging *m = &merging[i];

		m->has = false;
		if (m->over || dict_order(&m->word, &word))
			continue;
		m->rest = m->word.postings;
		m->raw = 0;
		posting_advance(m);
		word_advance(m);
	}
	merge_postings(merging, n, &slice->postings);
	if (slice->postings.len == from)
		return;
	/* The buffer moves while it grows: until it is whole, an offset. */
	word.postings =
		(kb_str){(const char *)(uintptr_t)from, slice->postings.len - from};
	kb_vec_push(&slice->words, word);
}

/* The first word of slice I in a part. Words that are folded to the same are in the same
 * slice. */
static uint32_t slice_start(
	const struct dictionary_merge *merge, const struct dict *part, size_t i)
{
	const struct dict *largest = merge->largest;
	struct dict_word word;

	if (i == 0)
		return 0;
	return i < merge->nslices &&
			       dict_word(largest,
				       (uint32_t)(largest->nwords * i / merge->nslices),
				       &word)
		       ? dict_from(part, word.fold)
		       : part->nwords;
}

static void merge_slice(void *ctx, size_t number, unsigned worker)
{
	const struct dictionary_merge *merge = ctx;
	struct slice *slice = &merge->slices[number];
	_cleanup_free_ struct merging *merging =
		kb_xcalloc(merge->nparts + 1, sizeof(*merging));
	const struct dict_word *first;

	(void)worker;
	for (size_t i = 0; i < merge->nparts; i++) {
		const struct dict *dict = &merge->parts[i].dict;

		merging[i] = (struct merging){.part = &merge->parts[i],
			.ends = merge->ends[i],
			.at = slice_start(merge, dict, number),
			.to = slice_start(merge, dict, number + 1)};
		word_advance(&merging[i]);
	}
	kb_buf_reserve(&slice->postings, merge->len / merge->nslices);
	while ((first = first_word(merging, merge->nparts)))
		merge_word(merging, merge->nparts, *first, slice);
	for (size_t i = 0; i < slice->words.len; i++)
		slice->words.items[i].postings.data =
			slice->postings.data +
			(uintptr_t)slice->words.items[i].postings.data;
}

static void write_slices(kb_buf *out, const struct dictionary_merge *merge)
{
	struct {
		KB_VEC(struct dict_word);
	} words = {0};

	for (size_t i = 0; i < merge->nslices; i++)
		for (size_t k = 0; k < merge->slices[i].words.len; k++)
			kb_vec_push(&words, merge->slices[i].words.items[k]);
	kb_buf_reserve(out, merge->len);
	dict_write(out, words.items, words.len);
	kb_vec_dispose(&words);
}

void dict_merge(kb_buf *out, const struct dict_part *parts, size_t n, unsigned threads)
{
	const struct dict none = {0};
	struct dictionary_merge merge = {.parts = parts, .nparts = n, .largest = &none};

	merge.ends = kb_xcalloc(n + 1, sizeof(*merge.ends));
	for (size_t i = 0; i < n; i++) {
		merge.ends[i] = find_runs(&parts[i]);
		merge.len += parts[i].dict.bytes.len;
		if (parts[i].dict.bytes.len > merge.largest->bytes.len)
			merge.largest = &parts[i].dict;
	}
	merge.nslices =
		kb_parallel_workers(threads, 1 + merge.largest->bytes.len / SLICE_SIZE);
	merge.slices = kb_xcalloc(merge.nslices, sizeof(*merge.slices));
	kb_parallel(threads, merge.nslices, merge_slice, &merge);
	write_slices(out, &merge);
	for (size_t i = 0; i < merge.nslices; i++) {
		kb_vec_dispose(&merge.slices[i].words);
		kb_buf_dispose(&merge.slices[i].postings);
	}
	for (size_t i = 0; i < n; i++)
		free(merge.ends[i]);
	free(merge.slices);
	free(merge.ends);
}
