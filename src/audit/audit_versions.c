/* What former versions tell: substance that changed since a review, drafts that are
 * old, translations that their source has left behind. */
#include "audit.h"

#include "kb/outdated.h"
#include "kb/review.h"
#include "kb/unicode.h"

enum { VERSIONS_MAX = 100 };

/* Empty: the document was gone, or the version is not here. */
static kb_str read_blob(struct auditor *a, const struct kb_history_version *then)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!then->blob[0] ||
		kb_history_blob(a->history, kb_str_of(then->blob), &text, NULL) < 0)
		return KB_STR_NULL;
	return kb_arena_str(a->scratch, kb_buf_view(&text));
}

static struct kb_version *read_then(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *then)
{
	kb_str text = read_blob(a, then);

	return text.len ? kb_version_read(a->scratch, a->lib->config, doc->mount,
				  doc->locale, then->path, text)
			: NULL;
}

/* What its front matter said then: most versions are asked for no more. */
static const struct kb_document *read_front(struct auditor *a,
	const struct kb_document *doc, const struct kb_history_version *then)
{
	kb_str text = read_blob(a, then), body;
	const struct kb_document *former;
	struct kb_diags diags;
	uint32_t end = 0;

	if (!text.len)
		return NULL;
	kb_diags_init(&diags, NULL);
	kb_front_matter_parse(a->scratch, text, then->path, &body, &end, &diags);
	former = kb_document_parse(a->scratch, a->lib->config, NULL, doc->mount,
		doc->locale, then->path, kb_str_sub(text, 0, end), &diags);
	kb_diags_dispose(&diags);
	return former;
}

/* As it stands now, in the folder or the revision. */
static struct kb_version *read_now(struct auditor *a, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0};

	if (kb_reader_read(a->reader, doc->path, 0, &text, NULL) < 0)
		return NULL;
	return kb_version_read(a->scratch, a->lib->config, doc->mount, doc->locale,
		doc->path, kb_buf_view(&text));
}

/* What the reviewer saw. This is the version that set the date of the review, because
 * people commit a review later, often together with what they fixed. If that version is
 * older than the date, it is the version at the end of that day. NULL: it is not known,
 * or it is the present version. */
static const struct kb_history_version *reviewed_version(struct auditor *a,
	const struct kb_document *doc, const struct kb_history_version *versions,
	size_t n)
{
	const struct kb_history_version *seen = NULL;
	bool before = false;

	for (size_t i = 0; i < n && i < VERSIONS_MAX && !before; i++) {
		const struct kb_document *former;

		before = audit_days(a, versions[i].commit.committed,
				 doc->facts->reviewed) >= 0;
		if (before && strcmp(versions[i].blob, doc->facts->blob) == 0)
			return NULL;
		former = read_front(a, doc, &versions[i]);
		if (!former || (!former->facts->broken &&
				       former->facts->reviewed != doc->facts->reviewed))
			break;
		if (!former->facts->broken)
			seen = &versions[i];
	}
	return seen && strcmp(seen->blob, doc->facts->blob) != 0 ? seen : NULL;
}

static void check_substance(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n)
{
	const struct kb_history_version *then =
		doc->facts->reviewed ? reviewed_version(a, doc, versions, n) : NULL;
	struct kb_version *from = then ? read_then(a, doc, then) : NULL,
			  *to = from ? read_now(a, doc) : NULL;
	struct kb_audit_finding *finding;
	struct kb_diff *diff;

	if (!to)
		return;
	diff = kb_diff_versions(a->scratch, from, to,
		&(struct kb_diff_links){.to = a->lib, .history = a->history});
	if (diff->weight != KB_WEIGHT_SIGNIFICANT)
		return;
	finding = audit_add(a, doc, KB_AUDIT_CHANGED, KB_WARNING,
		"reviewed on %.*s; since then: %.*s",
		KB_ARG(audit_day(a, doc->facts->reviewed)),
		KB_ARG(kb_diff_summary(a->scratch, diff)));
	audit_fix(a, finding, "kb log --since %.*s %.*s, then kb review %.*s",
		KB_ARG(audit_day(a, doc->facts->reviewed)),
		KB_ARG(audit_word(a, doc->path)), KB_ARG(audit_word(a, doc->path)));
}

/* The version since which it has been unfinished; NULL: not known. */
static const struct kb_history_version *draft_since(struct auditor *a,
	const struct kb_document *doc, const struct kb_history_version *versions,
	size_t n)
{
	const struct kb_history_version *since = NULL;

	for (size_t i = 0; i < n && i < VERSIONS_MAX; i++) {
		const struct kb_document *former = read_front(a, doc, &versions[i]);

		if (!former || (!former->facts->broken && !audit_unfinished(former)))
			break;
		since = &versions[i];
	}
	return since;
}

static void check_draft(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n)
{
	const struct kb_history_version *since =
		audit_unfinished(doc) ? draft_since(a, doc, versions, n) : NULL;
	struct kb_interval most = {.days = 30};
	struct kb_audit_finding *finding;
	kb_str zone = a->lib->config->timezone;

	kb_interval_parse(kb_node_str(audit_setting(a, "draft_age")), &most);
	if (!since || kb_day_number(zone, a->lib->now) <=
			      kb_day_number(zone, kb_interval_after(zone,
							  since->commit.authored, most)))
		return;
	finding = audit_add(a, doc, KB_AUDIT_DRAFT, KB_INFO, "%s since %.*s%s",
		doc->facts->status == KB_DRAFT ? "a draft" : "in review",
		KB_ARG(audit_day(a, since->commit.authored)),
		since->kind == KB_VERSION_UNKNOWN || since == &versions[VERSIONS_MAX - 1]
			? " or longer"
			: "");
	finding->days = (uint32_t)audit_days(a, since->commit.authored, a->lib->now);
	audit_fix(a, finding, "set 'status: published', or delete the file");
}

static void check_source(struct auditor *a, const struct kb_document *doc)
{
	struct kb_audit_finding *finding;
	struct kb_outdated outdated;
	struct kb_diff *diff;

	if (kb_outdated_of(&outdated, a->scratch, a->lib, a->reader, a->history, doc,
		    NULL) < 0 ||
		!kb_outdated_behind(&outdated))
		return;
	diff = outdated.diff;
	finding = audit_add(a, doc, KB_AUDIT_TRANSLATION_BEHIND,
		diff->weight == KB_WEIGHT_SIGNIFICANT &&
				outdated.basis != KB_OUTDATED_ESTIMATE
			? KB_WARNING
			: KB_INFO,
		"%.*s of the %.*s text changed since %.*s: %.*s",
		KB_ARG(kb_outdated_extent(a->scratch, &outdated)),
		KB_ARG(a->lib->config->locales[outdated.source->locale].code),
		KB_ARG(outdated.since), KB_ARG(kb_diff_summary(a->scratch, diff)));
	audit_fix(a, finding,
		"kb diff --translations %.*s, translate, then kb review %.*s",
		KB_ARG(audit_word(a, doc->path)), KB_ARG(audit_word(a, doc->path)));
}

void audit_versions(struct auditor *a, const struct kb_document *doc)
{
	struct kb_history_version *versions;
	size_t n = kb_history_versions(a->history, a->scratch, doc->path, &versions);

	check_substance(a, doc, versions, n);
	check_draft(a, doc, versions, n);
	check_source(a, doc);
}
