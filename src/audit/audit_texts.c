/*
 * What documents say alike, and what they say of one matter: near-duplicates, and other
 * numbers in nearly the same sentence.
 *
 * Profiles of texts are kept (kb/memo.h), and so is the result for one state of the
 * content, so that a run in which nothing changed reads no text. Alike texts are found by
 * locality-sensitive hashing: texts that are in one bucket of any band are compared with
 * their neighbors there, so the work grows with the number of texts.
 */
#include <stdlib.h>

#include "audit.h"
#include "kb/hash.h"
#include "kb/memo.h"
#include "kb/pool.h"
#include "profile.h"

enum { ROWS = 3, BANDS = PROFILE_BINS / ROWS, SHINGLES_MIN = 20, GROUP_MAX = 400 };
static const double ALIKE = 0.65, SAME = 0.98, SENTENCE = 0.4;

/* A pair of documents by their numbers. */
struct text_pair {
	uint32_t kind; /* KB_AUDIT_DUPLICATE or _NUMBERS */
	uint32_t doc, other;
	uint32_t percent;
	kb_str text, other_text; /* of NUMBERS */
};

struct text_audit {
	struct auditor *a;
	struct kb_memo *memo;
	struct profile *profiles; /* by document; without bins: it is not compared */
	struct kb_reader **readers;
	struct kb_arena **arenas, **scratch; /* by worker */
	struct {
		KB_VEC(struct text_pair);
	} pairs;
};

static bool is_compared(const struct kb_document *doc)
{
	return !doc->facts->broken && doc->family && doc->facts->status != KB_ARCHIVED &&
	       doc->facts->type != KB_SNIPPET && !doc->facts->body.empty;
}

static struct kb_hash key_of(const struct kb_library *lib, const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;
	kb_str code = lib->config->locales[doc->locale].code;
	struct {
		char blob[sizeof(facts->blob) + 3];
		uint32_t offset;
		uint64_t locale;
	} key = {.offset = facts->body_offset, .locale = kb_hash64(code)};

	memcpy(key.blob, facts->blob, sizeof(facts->blob));
	return kb_hash128((kb_str){(const char *)&key, sizeof(key)});
}

static void profile_one(void *ctx, size_t index, unsigned worker)
{
	struct text_audit *t = ctx;
	const struct kb_library *lib = t->a->lib;
	const struct kb_document *doc = lib->docs[index];
	_cleanup_buf_ kb_buf bytes = {0};
	struct profile *profile = &t->profiles[index];

	if (!is_compared(doc))
		return;
	if (!kb_memo_get(t->memo, key_of(lib, doc), &bytes)) {
		if (!t->readers[worker])
			t->readers[worker] = kb_reader_new(lib->source);
		profile_make(lib, t->readers[worker], t->scratch[worker], doc, &bytes);
		kb_memo_put(t->memo, key_of(lib, doc), kb_buf_view(&bytes));
		kb_arena_reset(t->scratch[worker]);
	}
	if (!profile_read(kb_arena_str(t->arenas[worker], kb_buf_view(&bytes)),
		    t->arenas[worker], profile))
		*profile = (struct profile){0};
}

/* Duplicates */

/* Texts with one key in a band. */
struct bucket {
	uint64_t key;
	uint32_t first, last; /* documents, plus 1; 0: it is empty */
};

struct likest {
	uint32_t doc; /* or KB_NONE */
	double likeness;
};

/* Documents of one id are versions of each other, and so are variants: they may be alike,
 * but not the same. */
static bool are_related(const struct kb_document *a, const struct kb_document *b)
{
	const struct kb_family *x = a->family, *y = b->family;

	return x == y || x->general == y || y->general == x ||
	       (x->general && x->general == y->general);
}

/* Of several that are equally alike it is the first document. */
static void take_likest(struct likest *likest, uint32_t doc, double likeness)
{
	if (likeness > likest->likeness ||
		(likeness == likest->likeness && doc < likest->doc))
		*likest = (struct likest){doc, likeness};
}

static void compare(struct text_audit *t, struct likest *likest, uint32_t a, uint32_t b)
{
	const struct kb_document *const *docs =
		(const struct kb_document *const *)t->a->lib->docs;
	double likeness;

	if (likest[a].doc == b || likest[b].doc == a)
		return;
	likeness = profile_likeness(&t->profiles[a], &t->profiles[b]);
	if (likeness < (are_related(docs[a], docs[b]) ? SAME : ALIKE))
		return;
	take_likest(&likest[a], b, likeness);
	take_likest(&likest[b], a, likeness);
}

static struct bucket *bucket_of(struct bucket *buckets, size_t size, uint64_t key)
{
	size_t i = key & (size - 1);

	while (buckets[i].first && buckets[i].key != key)
		i = (i + 1) & (size - 1);
	buckets[i].key = key;
	return &buckets[i];
}

static void find_likest(struct text_audit *t, struct likest *likest)
{
	_cleanup_free_ struct bucket *buckets = NULL;
	size_t size = 16;

	while (size < 2 * (size_t)t->a->lib->ndocs)
		size *= 2;
	buckets = kb_xcalloc(size, sizeof(*buckets));
	for (size_t band = 0; band < BANDS; band++) {
		memset(buckets, 0, size * sizeof(*buckets));
		for (uint32_t d = 0; d < t->a->lib->ndocs; d++) {
			const struct profile *profile = &t->profiles[d];
			struct bucket *in;

			if (!profile->bins || profile->shingles < SHINGLES_MIN)
				continue;
			in = bucket_of(buckets, size,
				kb_hash64((kb_str){
					(const char *)(profile->bins + band * ROWS),
					ROWS * sizeof(*profile->bins)}));
			if (in->first)
				compare(t, likest, in->last - 1, d);
			if (in->first != in->last)
				compare(t, likest, in->first - 1, d);
			in->first = in->first ? in->first : d + 1;
			in->last = d + 1;
		}
	}
}

/* Each document stands with the one that is most like it, and a pair only once. */
static void find_duplicates(struct text_audit *t)
{
	const struct kb_library *lib = t->a->lib;
	_cleanup_free_ struct likest *likest =
		kb_xcalloc(lib->ndocs + 1, sizeof(*likest));

	for (uint32_t d = 0; d < lib->ndocs; d++)
		likest[d].doc = KB_NONE;
	find_likest(t, likest);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		uint32_t other = likest[d].doc;

		if (other == KB_NONE || (likest[other].doc == d && other > d))
			continue;
		kb_vec_push(&t->pairs,
			((struct text_pair){.kind = KB_AUDIT_DUPLICATE,
				.doc = d,
				.other = other,
				.percent = (uint32_t)(100 * likest[d].likeness)}));
	}
}

/* Numbers */

static double words_in_common(const struct statement *a, const struct statement *b)
{
	unsigned both = 0, i = 0, k = 0;

	while (i < a->nwords && k < b->nwords) {
		uint32_t x = a->words[i], y = b->words[k];

		both += x == y;
		i += x <= y;
		k += y <= x;
	}
	return both < 2 ? 0 : (double)both / (a->nwords + b->nwords - both);
}

static bool share_number(const struct statement *a, const struct statement *b)
{
	kb_str rest = a->number, x, y;

	while (kb_str_next(&rest, ' ', &x))
		for (kb_str others = b->number; kb_str_next(&others, ' ', &y);)
			if (kb_str_eq(x, y))
				return true;
	return false;
}

/* The statement of B that is most like S. */
static const struct statement *match(const struct statement *s, const struct profile *b)
{
	const struct statement *best = NULL;
	double most = SENTENCE;

	for (uint32_t i = 0; i < b->nstatements; i++) {
		double common = b->statements[i].unit == s->unit
					? words_in_common(s, &b->statements[i])
					: 0;

		if (common < most ||
			(common == most && best && !share_number(s, &b->statements[i])))
			continue;
		most = common;
		best = &b->statements[i];
	}
	return best;
}

static bool same_regions(const struct kb_document *a, const struct kb_document *b)
{
	const kb_strs *x = &a->facts->regions, *y = &b->facts->regions;

	if (!x->len || !y->len)
		return !x->len && !y->len;
	return x->len == y->len && kb_str_eq(x->items[0], y->items[0]);
}

static void compare_numbers(struct text_audit *t, uint32_t a, uint32_t b)
{
	const struct kb_library *lib = t->a->lib;

	if (lib->docs[a]->locale != lib->docs[b]->locale ||
		are_related(lib->docs[a], lib->docs[b]) ||
		!same_regions(lib->docs[a], lib->docs[b]))
		return;
	for (uint32_t i = 0; i < t->profiles[a].nstatements; i++) {
		const struct statement *s = &t->profiles[a].statements[i],
				       *other = match(s, &t->profiles[b]);

		if (!other || share_number(s, other) ||
			match(other, &t->profiles[a]) != s)
			continue;
		kb_vec_push(&t->pairs, ((struct text_pair){.kind = KB_AUDIT_NUMBERS,
					       .doc = a,
					       .other = b,
					       .text = s->text,
					       .other_text = other->text}));
		return;
	}
}

/* The first issue that both are about: a pair is looked at once. */
static bool is_first_issue(const struct kb_library *lib, uint32_t a, uint32_t b,
	const struct kb_issue *issue)
{
	const kb_strs *issues = &lib->docs[a]->facts->issues;

	for (size_t i = 0; i < issues->len; i++) {
		const struct kb_issue *it =
			kb_taxonomy_find(lib->taxonomy, issues->items[i]);

		if (it && kb_issues_have(lib->taxonomy, &lib->docs[b]->facts->issues, it))
			return it == issue;
	}
	return false;
}

struct issue_documents {
	KB_VEC(uint32_t);
};

static void find_numbers(struct text_audit *t)
{
	const struct kb_library *lib = t->a->lib;
	const struct kb_taxonomy *taxonomy = lib->taxonomy;
	_cleanup_free_ struct issue_documents *by_issue =
		kb_xcalloc(taxonomy->len + 1, sizeof(*by_issue));

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const kb_strs *issues = &lib->docs[d]->facts->issues;

		for (size_t i = 0; t->profiles[d].nstatements && i < issues->len; i++) {
			const struct kb_issue *issue =
				kb_taxonomy_find(taxonomy, issues->items[i]);

			if (issue)
				kb_vec_push(
					&by_issue[kb_taxonomy_index(taxonomy, issue)], d);
		}
	}
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		size_t n = by_issue[i].len < GROUP_MAX ? by_issue[i].len : GROUP_MAX;

		for (size_t x = 0; x < n; x++)
			for (size_t y = x + 1; y < n; y++)
				if (is_first_issue(lib, by_issue[i].items[x],
					    by_issue[i].items[y], &taxonomy->issues[i]))
					compare_numbers(t, by_issue[i].items[x],
						by_issue[i].items[y]);
		kb_vec_dispose(&by_issue[i]);
	}
}

/* The result, as bytes */

static void put_pairs(const struct text_audit *t, kb_buf *out)
{
	for (size_t i = 0; i < t->pairs.len; i++) {
		const struct text_pair *pair = &t->pairs.items[i];
		uint32_t head[] = {pair->kind, pair->doc, pair->other, pair->percent,
			(uint32_t)pair->text.len, (uint32_t)pair->other_text.len};

		kb_buf_add(out, head, sizeof(head));
		kb_buf_str(out, pair->text);
		kb_buf_str(out, pair->other_text);
	}
}

static void read_pairs(struct text_audit *t, kb_str bytes)
{
	uint32_t head[6];

	while (bytes.len >= sizeof(head)) {
		struct text_pair pair;

		memcpy(head, bytes.data, sizeof(head));
		bytes = kb_str_sub(bytes, sizeof(head), bytes.len);
		if (head[1] >= t->a->lib->ndocs || head[2] >= t->a->lib->ndocs ||
			(uint64_t)head[4] + head[5] > bytes.len)
			return;
		pair = (struct text_pair){head[0], head[1], head[2], head[3],
			kb_str_sub(bytes, 0, head[4]),
			kb_str_sub(bytes, head[4], head[4] + head[5])};
		bytes = kb_str_sub(bytes, (size_t)head[4] + head[5], bytes.len);
		kb_vec_push(&t->pairs, pair);
	}
}

/* Findings */

static void add_finding(struct text_audit *t, const struct text_pair *pair)
{
	const struct kb_library *lib = t->a->lib;
	const struct kb_document *doc = lib->docs[pair->doc],
				 *other = lib->docs[pair->other];
	struct kb_audit_finding *finding;

	if (pair->kind == KB_AUDIT_NUMBERS) {
		finding = audit_add(t->a, doc, KB_AUDIT_NUMBERS, KB_WARNING,
			"'%.*s', but in %.*s: '%.*s'", KB_ARG(pair->text),
			KB_ARG(other->path), KB_ARG(pair->other_text));
		audit_fix(t->a, finding,
			"correct one of them, or put the number into a variable or a "
			"snippet");
		return;
	}
	finding = audit_add(t->a, doc, KB_AUDIT_DUPLICATE, KB_INFO,
		"about %u %% of the text is the same as in %.*s", pair->percent,
		KB_ARG(other->path));
	audit_fix(t->a, finding,
		doc->family == other->family
			? doc->locale == other->locale
				  ? "delete one of them"
				  : "translate it, or delete it: the "
				    "fallback shows the same"
			: "merge them, or put what they share into a snippet");
}

static void find_pairs(struct text_audit *t)
{
	const struct kb_library *lib = t->a->lib;
	unsigned n = kb_parallel_workers(t->a->threads, lib->ndocs);
	bool own;
	kb_str path = kb_source_cache(lib->source, t->a->arena, "audit-profiles", &own);

	t->memo = kb_memo_open(lib->stored && own ? path.data : NULL);
	t->profiles = kb_xcalloc(lib->ndocs + 1, sizeof(*t->profiles));
	t->readers = kb_xcalloc(n, sizeof(struct kb_reader *));
	t->arenas = kb_xcalloc(2 * (size_t)n, sizeof(struct kb_arena *));
	t->scratch = t->arenas + n;
	for (unsigned i = 0; i < 2 * n; i++)
		t->arenas[i] = kb_arena_new();
	kb_parallel(t->a->threads, lib->ndocs, profile_one, t);
	find_duplicates(t);
	find_numbers(t);
	/* Sentences are in the workers' arenas. */
	for (size_t i = 0; i < t->pairs.len; i++) {
		struct text_pair *pair = &t->pairs.items[i];

		pair->text = kb_arena_str(t->a->arena, pair->text);
		pair->other_text = kb_arena_str(t->a->arena, pair->other_text);
	}
	kb_memo_close(t->memo);
	for (unsigned i = 0; i < n; i++)
		if (t->readers[i])
			kb_reader_free(t->readers[i]);
	for (unsigned i = 0; i < 2 * n; i++)
		kb_arena_free(t->arenas[i]);
	free(t->arenas);
	free(t->readers);
	free(t->profiles);
}

static void put_number(kb_buf *out, uint32_t number)
{
	kb_buf_add(out, &number, sizeof(number));
}

static void put_word(kb_buf *out, kb_str word)
{
	put_number(out, (uint32_t)word.len);
	kb_buf_str(out, word);
}

/* What is compared of a document, and what other files say about it. */
static void put_document(
	kb_buf *out, const struct kb_library *lib, const struct kb_document *doc)
{
	const struct kb_family *general = doc->family->general;
	const kb_strs *issues = &doc->facts->issues;
	struct kb_hash key = key_of(lib, doc);

	kb_buf_add(out, &key, sizeof(key));
	put_word(out, doc->family->id);
	put_word(out, general ? general->id : KB_STR(""));
	for (size_t i = 0; i < issues->len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(lib->taxonomy, issues->items[i]);

		put_number(
			out, issue ? kb_taxonomy_index(lib->taxonomy, issue) : KB_NONE);
	}
}

/* A hash of all that the result depends on. False: a text's own is not known. */
static bool state_of(const struct kb_library *lib, struct kb_hash *state)
{
	_cleanup_buf_ kb_buf all = {0};

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		bool compared = is_compared(lib->docs[d]);

		kb_buf_putc(&all, (char)compared);
		if (compared && !lib->docs[d]->facts->blob[0])
			return false;
		if (compared)
			put_document(&all, lib, lib->docs[d]);
	}
	*state = kb_hash128(kb_buf_view(&all));
	return true;
}

static void find_alike(struct auditor *a)
{
	struct text_audit t = {.a = a};
	_cleanup_buf_ kb_buf kept = {0};
	struct kb_memo *memo;
	struct kb_hash state;
	bool own = false, known = state_of(a->lib, &state);
	kb_str path = kb_source_cache(a->lib->source, a->arena, "audit-texts", &own);

	memo = kb_memo_open(a->lib->stored && own ? path.data : NULL);
	if (known && kb_memo_get(memo, state, &kept)) {
		read_pairs(&t, kb_arena_str(a->arena, kb_buf_view(&kept)));
	} else {
		find_pairs(&t);
		put_pairs(&t, &kept);
		if (known)
			kb_memo_put(memo, state, kb_buf_view(&kept));
	}
	for (size_t i = 0; i < t.pairs.len; i++)
		add_finding(&t, &t.pairs.items[i]);
	kb_memo_close(memo);
	kb_vec_dispose(&t.pairs);
}

void audit_texts(struct auditor *a)
{
	if (a->broken)
		find_alike(a);
}
