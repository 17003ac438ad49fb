/* Must a translation follow what changed in its source, and has it been touched since? */
#include "kb/outdated.h"
#include "kb/substance.h"

static bool is_text(const struct kb_doc_change *change)
{
	static const char *const texts[] = {"title", "summary", "question", "subject"};

	if (change->element != KB_ELEMENT_KEY)
		return true;
	for (size_t k = 0; k < KB_LEN(texts); k++)
		if (kb_str_is(change->name, texts[k]))
			return true;
	return false;
}

/* What is broken says nothing new, and neither does front matter that can be read again.
 * Another owner, issue or place concerns no reader. */
static bool is_substance(const struct kb_doc_change *change)
{
	if (change->broken || kb_str_is(change->name, "front matter"))
		return false;
	return is_text(change) ? change->weight > KB_WEIGHT_TRIVIAL
			       : change->weight == KB_WEIGHT_SIGNIFICANT;
}

/* Is there something to translate, or to follow? The source was translated before it was
 * published. */
static bool must_follow(const struct kb_doc_change *change)
{
	return is_substance(change) && !(kb_str_is(change->name, "status") &&
					       kb_str_is(change->after, "published"));
}

bool kb_diff_is_substance(const struct kb_diff *diff)
{
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *change = &diff->changes[i];
		bool moved = change->element == KB_ELEMENT_LINK &&
			     change->weight < KB_WEIGHT_SIGNIFICANT;

		if (is_substance(change) && !moved)
			return true;
	}
	return false;
}

bool kb_diff_must_be_followed(const struct kb_diff *diff)
{
	if (diff->to->doc->facts->broken)
		return false;
	for (uint32_t i = 0; i < diff->nchanges; i++)
		if (must_follow(&diff->changes[i]))
			return true;
	return false;
}

bool kb_outdated_behind(const struct kb_outdated *outdated)
{
	return outdated->diff && kb_diff_must_be_followed(outdated->diff);
}

kb_str kb_outdated_extent(struct kb_arena *arena, const struct kb_outdated *outdated)
{
	uint32_t n = outdated->diff->paragraphs;

	return n ? kb_arena_fmt(arena, "%u paragraph%s", n, n == 1 ? "" : "s")
		 : KB_STR("the front matter");
}

/*
 * What the translation was before the commit that changed its source, or at its beginning
 * when it is younger. A source that changed in no commit yet changed after all of them.
 */
static const struct kb_history_version *version_before(const struct kb_history *history,
	const struct kb_history_version *versions, size_t n, const char *commit)
{
	size_t changed =
		commit[0] ? kb_history_find(history, kb_str_of(commit)) : SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		size_t at = kb_history_find(history, kb_str_of(versions[i].commit.id));

		if (changed == SIZE_MAX || at > changed)
			return &versions[i];
	}
	return n ? &versions[n - 1] : NULL;
}

static bool says_more(const struct kb_diff *diff)
{
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *change = &diff->changes[i];

		if (is_text(change) ? change->weight > KB_WEIGHT_NONE
				    : change->weight == KB_WEIGHT_SIGNIFICANT)
			return true;
	}
	return false;
}

int kb_outdated_touched(bool *touched, struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_history *history, const struct kb_document *doc,
	const struct kb_outdated *outdated, struct kb_error *err)
{
	_cleanup_buf_ kb_buf former = {0}, text = {0};
	struct kb_history_version *versions;
	size_t n = kb_history_versions(history, arena, doc->path, &versions);
	const struct kb_history_version *then =
		version_before(history, versions, n, outdated->changed_in);
	struct kb_version *from, *to;

	*touched = true;
	if (!then || !then->blob[0] ||
		kb_history_blob(history, kb_str_of(then->blob), &former, NULL) < 0)
		return 0;
	if (kb_reader_read(reader, doc->path, 0, &text, err) < 0)
		return -1;
	from = kb_version_read(arena, lib->config, doc->mount, doc->locale, then->path,
		kb_buf_view(&former));
	to = kb_version_read(arena, lib->config, doc->mount, doc->locale, doc->path,
		kb_buf_view(&text));
	*touched = says_more(kb_diff_versions(
		arena, from, to, &(struct kb_diff_links){.to = lib, .history = history}));
	return 0;
}
