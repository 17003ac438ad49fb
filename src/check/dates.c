/* Dates and status that contradict each other. */
#include "family.h"

#include "kb/unicode.h"

static void add(struct kb_checker *checker, const struct kb_document *doc,
	const char *key, const char *message)
{
	kb_diag_add(checker->diags, KB_RULE_FM_DATES, doc->path,
		kb_facts_range(doc->facts, key), "%s", message);
}

void kb_check_dates(struct kb_checker *checker, const struct kb_document *doc)
{
	time_t now = checker->lib->now;

	if (doc->facts->publish_at && doc->facts->expires_at &&
		doc->facts->expires_at <= doc->facts->publish_at)
		add(checker, doc, "expires_at",
			"the document expires before it is published, so it is never on a site");
	if (doc->facts->reviewed > now)
		add(checker, doc, "reviewed", "the date of the review is in the future");
	if (doc->facts->status == KB_ARCHIVED && doc->facts->publish_at > now)
		add(checker, doc, "publish_at",
			"the document is archived, but has a future 'publish_at'");
	if (doc->facts->notice.given && doc->facts->notice.date > now)
		add(checker, doc, "notice", "the notice's date is in the future");
	if (doc->facts->translation.given && doc->facts->translation.date > now)
		add(checker, doc, "translation",
			"the translation's date is in the future");
}
