#include "kb/search_export.h"

#include <stdio.h>

#include "kb/hash.h"
#include "kb/vec.h"
#include "view.h"

enum { PART_MIN = 1200, PART_MAX = 6000, POSTINGS_MAX = 4000 };

struct export
{
	const struct kb_search_export_options *options;
	const struct kb_search *search;
	const struct dict *dict;
	struct kb_arena *arena;
	struct view *view;
	uint32_t *numbers; /* by document, among those of the locale */
	enum kb_search_part kind;
	kb_buf part, first, before, postings;
	struct {
		KB_VEC(kb_str);
	} endings;
	struct kb_error *err;
};

void kb_search_put_number(kb_buf *out, uint32_t n)
{
	if (n >= 0x800 - '#' - 1) {
		kb_buf_utf8(out, 0x800 + (n >> 10));
		n &= 1023;
	}
	n += '#';
	kb_buf_utf8(out, n < '\\' ? n : n + 1);
}

bool kb_search_cuts(uint64_t hash, size_t bytes)
{
	return bytes >= PART_MAX || (bytes >= PART_MIN && hash % 16 == 0);
}

static int put_part(struct export *e, enum kb_search_part kind, kb_str first, kb_str text,
	char name[KB_SEARCH_NAME + 1])
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)kb_hash64(text));
	memcpy(name, hex, KB_SEARCH_NAME);
	name[KB_SEARCH_NAME] = '\0';
	return e->options->put(
		e->options->ctx, kind, first, kb_str_of(name), text, e->err);
}

static int end_part(struct export *e)
{
	char name[KB_SEARCH_NAME + 1];
	int failed = 0;

	if (e->part.len)
		failed = put_part(
			e, e->kind, kb_buf_view(&e->first), kb_buf_view(&e->part), name);
	kb_buf_clear(&e->part);
	return failed;
}

static uint32_t units(kb_str s)
{
	uint32_t n = 0;

	for (size_t at = 0; at < s.len;)
		n += kb_utf8_next(s, &at) >= 0x10000 ? 2 : 1;
	return n;
}

/* The bytes that two have in common, in whole characters. */
static size_t shared(kb_str a, kb_str b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.data[n] == b.data[n])
		n++;
	while (n && n < b.len && ((unsigned char)b.data[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Begins an entry, in a new part where one may begin. */
static int begin_entry(struct export *e, kb_str text)
{
	kb_str before = kb_buf_view(&e->before);
	size_t same = shared(before, text), next = same;

	if (!e->part.len || kb_search_cuts(kb_hash64(text), e->part.len)) {
		if (end_part(e) < 0)
			return -1;
		if (next < text.len)
			kb_utf8_next(text, &next);
		kb_buf_clear(&e->first);
		kb_buf_str(&e->first, kb_str_sub(text, 0, next));
		same = 0;
	}
	kb_search_put_number(&e->part, units(kb_str_sub(text, 0, same)));
	kb_search_put_number(&e->part, units(kb_str_sub(text, same, text.len)));
	kb_buf_str(&e->part, kb_str_sub(text, same, text.len));
	kb_buf_clear(&e->before);
	kb_buf_str(&e->before, text);
	return 0;
}

static void put_posting(
	struct export *e, const struct weighed *found, kb_str key, uint32_t *before)
{
	const struct view_title *title =
		found->in_title ? view_title(e->view, found->doc) : NULL;
	uint32_t number = e->numbers[found->doc];
	uint32_t at = title && title->nwords ? view_title_at(title, key) : KB_NONE;

	kb_search_put_number(
		&e->postings, 2 * (number - *before) + (at != KB_NONE ? 1 : 0));
	kb_search_put_number(&e->postings, found->weight);
	if (at != KB_NONE)
		kb_search_put_number(&e->postings, at * TITLE_WORDS + title->nwords - 1);
	*before = number;
}

static int put_entry(struct export *e, kb_str text, bool is_word, bool is_key)
{
	uint32_t locale = e->options->locale, before = 0;
	size_t n = is_key ? view_postings(e->view, locale, text) : 0;
	char name[KB_SEARCH_NAME + 1] = "";
	bool apart;

	if (!n && !is_word)
		return 0;
	kb_buf_clear(&e->postings);
	for (size_t i = 0; i < n; i++)
		put_posting(e, &e->view->found[i], text, &before);
	apart = e->postings.len > POSTINGS_MAX;
	if (begin_entry(e, text) < 0 ||
		(apart && put_part(e, KB_SEARCH_POSTINGS, text, kb_buf_view(&e->postings),
				  name) < 0))
		return -1;
	kb_search_put_number(
		&e->part, (uint32_t)n << 2 | (apart ? 2 : 0) | (is_word ? 1 : 0));
	if (apart)
		kb_buf_puts(&e->part, name);
	else
		kb_buf_str(&e->part, kb_buf_view(&e->postings));
	return 0;
}

static kb_str backwards(struct kb_arena *arena, kb_str s)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t end = s.len, at; end; end = at) {
		at = end - 1;
		while (at && ((unsigned char)s.data[at] & 0xc0) == 0x80)
			at--;
		kb_buf_str(&out, kb_str_sub(s, at, end));
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* The words and keys of a dictionary, merged. */
static int put_words(struct export *e)
{
	uint32_t word = 0, number = 0;
	kb_str fold, key;
	bool has_word = view_next_form(e->view, e->dict, &word, &fold);
	bool has_key = dict_key(e->dict, number, &key);

	e->kind = KB_SEARCH_WORDS;
	while (has_word || has_key) {
		int order = !has_word ? 1 : !has_key ? -1 : kb_str_cmp(fold, key);

		if (put_entry(e, order <= 0 ? fold : key, order <= 0, order >= 0) < 0)
			return -1;
		if (order <= 0) {
			kb_vec_push(&e->endings, backwards(e->arena, fold));
			has_word = view_next_form(e->view, e->dict, &word, &fold);
		}
		if (order >= 0)
			has_key = dict_key(e->dict, ++number, &key);
	}
	return end_part(e);
}

static int by_bytes(const void *a, const void *b)
{
	return kb_str_cmp(*(const kb_str *)a, *(const kb_str *)b);
}

static int put_endings(struct export *e)
{
	if (e->endings.len)
		qsort(e->endings.items, e->endings.len, sizeof(*e->endings.items),
			by_bytes);
	e->kind = KB_SEARCH_ENDINGS;
	kb_buf_clear(&e->before);
	for (size_t i = 0; i < e->endings.len; i++)
		if (begin_entry(e, e->endings.items[i]) < 0)
			return -1;
	return end_part(e);
}

static void number_documents(struct export *e)
{
	const struct kb_library *lib = e->search->lib;
	bool *readable = kb_arena_array(e->arena, bool, (size_t)lib->ndocs + 1);
	uint32_t n = 0;

	e->numbers = kb_arena_array(e->arena, uint32_t, (size_t)lib->ndocs + 1);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		readable[d] = e->options->readable[d] &&
			      lib->docs[d]->locale == e->options->locale;
		if (readable[d])
			e->numbers[d] = n++;
	}
	e->view = view_new(e->search, e->arena, e->options->audience, readable);
}

int kb_search_export(const struct kb_search *search,
	const struct kb_search_export_options *options, struct kb_error *err)
{
	struct export e = {.options = options,
		.search = search,
		.dict = &search->shards[options->locale].dict,
		.arena = kb_arena_new(),
		.err = err};
	int failed;

	number_documents(&e);
	failed = put_words(&e) < 0 || put_endings(&e) < 0;
	kb_vec_dispose(&e.endings);
	kb_buf_dispose(&e.part);
	kb_buf_dispose(&e.first);
	kb_buf_dispose(&e.before);
	kb_buf_dispose(&e.postings);
	kb_arena_free(e.arena);
	return failed ? -1 : 0;
}
