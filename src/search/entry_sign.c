#include "entry_sign.h"

#include "kb/hash.h"

uint64_t entry_signs_add(uint64_t all, uint64_t sign)
{
	all = (all ^ sign) * 0x9e3779b97f4a7c15;
	return all ^ all >> 32;
}

void entry_signs_init(struct entry_signs *signs, struct kb_arena *arena,
	struct view *view, const struct dict *dict, const uint32_t *numbers)
{
	*signs = (struct entry_signs){.view = view,
		.dict = dict,
		.numbers = numbers,
		.docs = kb_arena_array(
			arena, uint64_t, (size_t)view->search->lib->ndocs + 1),
		.titles = kb_arena_array(
			arena, uint64_t, (size_t)view->search->lib->ndocs + 1),
		.words = kb_arena_array(arena, uint64_t, (size_t)dict->nwords + 1)};
}

static uint64_t hash_worth(const double *worth, size_t n)
{
	return kb_hash64((kb_str){(const char *)worth, n * sizeof(*worth)});
}

void entry_sign_document(struct entry_signs *signs, uint32_t doc, struct kb_arena *arena)
{
	const struct kb_library *lib = signs->view->search->lib;
	const struct kb_document *it = lib->docs[doc];
	kb_str title = kb_library_expand(lib, arena, it->facts->title, it->locale);
	const double *worth = view_know(signs->view, doc);

	signs->docs[doc] = hash_worth(worth + TITLE + 1, NFIELDS - TITLE - 1);
	signs->titles[doc] =
		entry_signs_add(hash_worth(worth + TITLE, 1), kb_hash64(title));
}

void entry_sign_word(struct entry_signs *signs, uint32_t number)
{
	const struct view *view = signs->view;
	struct posting p = {0};
	struct dict_word word;
	uint64_t sign = 0;
	uint32_t before = 0;

	if (!dict_word(signs->dict, number, &word))
		return;
	while (posting_next(&word.postings, &p)) {
		uint64_t count = 0;

		if (!view_finds(view, &p))
			continue;
		memcpy(&count, p.count, sizeof(p.count));
		sign = entry_signs_add(
			sign, signs->docs[p.doc] + signs->numbers[p.doc] - before);
		sign = entry_signs_add(sign, count) | 1;
		if (p.count[TITLE])
			sign = entry_signs_add(sign, signs->titles[p.doc]) | 1;
		before = signs->numbers[p.doc];
	}
	signs->words[number] = sign;
}

uint64_t entry_sign(
	const struct entry_signs *signs, kb_str text, bool is_word, bool is_key)
{
	struct dict_cursor cursor;
	uint32_t number;
	uint64_t postings = 0;

	if (is_key && dict_find(signs->dict, text, &cursor))
		while (dict_next(&cursor, &number))
			if (number < signs->dict->nwords && signs->words[number])
				postings =
					entry_signs_add(postings, signs->words[number]) |
					1;
	if (!postings && !is_word)
		return 0;
	return entry_signs_add(entry_signs_add(kb_hash64(text), postings), is_word) | 1;
}
