#include "kb/diff_shown.h"
#include "kb/map.h"

bool kb_diff_weighs(const struct kb_diff_shown *shown, unsigned weight)
{
	return weight >= (unsigned)shown->least;
}

const char *kb_doc_diff_status(const struct kb_doc_diff *doc)
{
	return doc->translation ? "behind its source"
	       : !doc->from	? "added"
	       : !doc->to	? "removed"
	       : doc->moved	? "moved"
				: "changed";
}

const struct kb_document *kb_doc_diff_document(const struct kb_doc_diff *doc)
{
	return doc->translation ? doc->translation : doc->to ? doc->to : doc->from;
}

bool kb_diff_shows(const struct kb_diff_shown *shown, const struct kb_doc_diff *doc)
{
	return kb_diff_weighs(shown, doc->diff->weight) ||
	       (doc->moved && shown->least <= KB_WEIGHT_MINOR);
}

size_t kb_diff_count(const struct kb_diff_shown *shown)
{
	size_t n = 0;

	for (uint32_t i = 0; i < shown->diff->ndocs; i++)
		n += kb_diff_shows(shown, &shown->diff->docs[i]);
	return n;
}

/* Documents that did not change themselves, but show or have what did. */
static size_t count_touched(const struct kb_diff_shown *shown)
{
	static char there;
	kb_map paths = {0};
	size_t own, all;

	for (uint32_t i = 0; i < shown->diff->ndocs; i++)
		if (kb_diff_shows(shown, &shown->diff->docs[i]))
			kb_map_put(&paths,
				kb_doc_diff_document(&shown->diff->docs[i])->path,
				&there);
	own = paths.len;
	for (uint32_t i = 0; i < shown->diff->nnotes; i++) {
		const struct kb_note *note = &shown->diff->notes[i];

		for (size_t k = 0; k < note->touched.len; k++)
			if (kb_diff_weighs(shown, note->weight))
				kb_map_put(&paths, note->touched.items[k], &there);
	}
	all = paths.len;
	kb_map_dispose(&paths);
	return all - own;
}

kb_str kb_diff_headline(const struct kb_diff_shown *shown, struct kb_arena *arena)
{
	size_t n = kb_diff_count(shown), touched = count_touched(shown);
	kb_str subject = KB_STR("No document");

	if (n)
		subject = kb_arena_fmt(arena, "%zu document%s", n, n == 1 ? "" : "s");
	if (touched)
		subject = kb_arena_fmt(arena, "%.*s%s what changed touches %zu%s",
			KB_ARG(subject), n ? ", and" : " itself changed;", touched,
			n ? " more" : "");
	return subject;
}

kb_str kb_doc_diff_counts(const struct kb_diff_shown *shown, struct kb_arena *arena,
	const struct kb_doc_diff *doc)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t counts[KB_WEIGHT_SIGNIFICANT + 1] = {0};

	for (uint32_t i = 0; i < doc->diff->nchanges; i++)
		counts[doc->diff->changes[i].weight]++;
	for (int w = KB_WEIGHT_SIGNIFICANT; w > KB_WEIGHT_NONE; w--)
		if (counts[w] && kb_diff_weighs(shown, (unsigned)w))
			kb_buf_fmt(&out, ", %zu %s", counts[w],
				kb_weight_name((enum kb_weight)w));
	return kb_arena_str(arena, kb_buf_view(&out));
}
