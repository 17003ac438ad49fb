/* Which changes are shown, and how many there are. */
#include "diff.h"
#include "kb/map.h"

bool diff_counts(const struct diff_report *report, unsigned weight)
{
	return weight >= (unsigned)report->least;
}

const char *diff_status(const struct kb_doc_diff *doc)
{
	return doc->translation ? "behind its source"
	       : !doc->from	? "added"
	       : !doc->to	? "removed"
	       : doc->moved	? "moved"
				: "changed";
}

const struct kb_document *diff_document(const struct kb_doc_diff *doc)
{
	return doc->translation ? doc->translation : doc->to ? doc->to : doc->from;
}

bool diff_shows(const struct diff_report *report, const struct kb_doc_diff *doc)
{
	return diff_counts(report, doc->diff->weight) ||
	       (doc->moved && report->least <= KB_WEIGHT_MINOR);
}

size_t diff_shown(const struct diff_report *report)
{
	size_t n = 0;

	for (uint32_t i = 0; i < report->diff->ndocs; i++)
		n += diff_shows(report, &report->diff->docs[i]);
	return n;
}

/* Documents that did not change themselves, but show or have what did. */
static size_t count_touched(const struct diff_report *report)
{
	static char there;
	kb_map paths = {0};
	size_t shown, all;

	for (uint32_t i = 0; i < report->diff->ndocs; i++)
		if (diff_shows(report, &report->diff->docs[i]))
			kb_map_put(&paths, diff_document(&report->diff->docs[i])->path,
				&there);
	shown = paths.len;
	for (uint32_t i = 0; i < report->diff->nnotes; i++) {
		const struct kb_note *note = &report->diff->notes[i];

		for (size_t k = 0; k < note->touched.len; k++)
			if (diff_counts(report, note->weight))
				kb_map_put(&paths, note->touched.items[k], &there);
	}
	all = paths.len;
	kb_map_dispose(&paths);
	return all - shown;
}

kb_str diff_headline(const struct diff_report *report)
{
	size_t shown = diff_shown(report), touched = count_touched(report);
	kb_str subject = KB_STR("No document");

	if (shown)
		subject = kb_arena_fmt(
			report->arena, "%zu document%s", shown, shown == 1 ? "" : "s");
	if (touched)
		subject = kb_arena_fmt(report->arena, "%.*s%s what changed touches %zu%s",
			KB_ARG(subject), shown ? ", and" : " itself changed;", touched,
			shown ? " more" : "");
	return kb_arena_fmt(report->arena, "%.*s, from %.*s to %.*s.", KB_ARG(subject),
		KB_ARG(report->from), KB_ARG(report->to));
}

kb_str diff_counts_text(const struct diff_report *report, const struct kb_doc_diff *doc)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t counts[KB_WEIGHT_SIGNIFICANT + 1] = {0};

	for (uint32_t i = 0; i < doc->diff->nchanges; i++)
		counts[doc->diff->changes[i].weight]++;
	for (int w = KB_WEIGHT_SIGNIFICANT; w > KB_WEIGHT_NONE; w--)
		if (counts[w] && diff_counts(report, (unsigned)w))
			kb_buf_fmt(&out, "%s%zu %s", out.len ? ", " : "", counts[w],
				kb_weight_name((enum kb_weight)w));
	return kb_arena_str(report->arena, kb_buf_view(&out));
}
