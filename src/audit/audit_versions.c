/* What takes former versions: substance that changed since a review, old drafts,
 * translations that their source has left behind. */
#include "audit.h"

#include "kb/diff.h"
#include "kb/mount.h"

enum { VERSIONS_MAX = 50 }; /* that are looked at for the age of a draft */

static struct kb_version *read_blob(
	struct auditor *a, const struct kb_document *doc, kb_str path, kb_str blob)
{
	_cleanup_buf_ kb_buf text = {0};
	uint32_t locale = doc->locale;
	const struct kb_mount *mount = kb_mounts_match(a->mounts, path, &locale);

	if (!blob.len || kb_history_blob(a->history, blob, &text, NULL) < 0)
		return NULL;
	return kb_version_read(a->scratch, a->lib->config, mount ? mount : doc->mount,
		mount ? locale : doc->locale, path, kb_buf_view(&text));
}

/* As it stands now, in the folder or the revision. */
static struct kb_version *read_now(struct auditor *a, const struct kb_document *doc)
{
	struct kb_reader *reader = kb_reader_new(a->lib->source);
	struct kb_version *version = NULL;
	_cleanup_buf_ kb_buf text = {0};

	if (kb_reader_read(reader, doc->path, 0, &text, NULL) == 0)
		version = kb_version_read(a->scratch, a->lib->config, doc->mount,
			doc->locale, doc->path, kb_buf_view(&text));
	kb_reader_free(reader);
	return version;
}

/* The version that stood at a moment; NULL: none, or it is not known. */
static const struct kb_history_version *version_at(
	const struct kb_history_version *versions, size_t n, time_t t)
{
	for (size_t i = 0; i < n; i++)
		if (versions[i].commit.authored < t)
			return versions[i].kind == KB_VERSION_DELETED ? NULL
								      : &versions[i];
	return NULL;
}

static void check_substance(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n)
{
	const struct kb_history_version *then =
		doc->reviewed ? version_at(versions, n, doc->reviewed + AUDIT_DAY) : NULL;
	struct kb_version *from, *to;
	struct kb_audit_finding *finding;
	struct kb_diff *diff;

	if (!then || strcmp(then->blob, doc->blob) == 0)
		return;
	from = read_blob(a, doc, then->path, kb_str_of(then->blob));
	to = from ? read_now(a, doc) : NULL;
	if (!to || from->doc->broken)
		return;
	diff = kb_diff_versions(a->scratch, from, to);
	if (diff->weight != KB_WEIGHT_SIGNIFICANT)
		return;
	finding = audit_add(a, doc, KB_AUDIT_CHANGED, KB_WARNING,
		"reviewed on %.*s, and since then: %.*s",
		KB_ARG(audit_day(a, doc->reviewed)),
		KB_ARG(kb_diff_summary(a->scratch, diff)));
	finding->days = audit_days_since(a, doc->reviewed);
	audit_mend(a, finding, "kb log %.*s, then kb review %.*s", KB_ARG(doc->path),
		KB_ARG(doc->path));
}

/* Since when it has been unfinished, by its versions; 0: not known. */
static time_t draft_since(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n)
{
	time_t since = 0;

	for (size_t i = 0; i < n && i < VERSIONS_MAX; i++) {
		struct kb_version *version;

		if (versions[i].kind == KB_VERSION_UNKNOWN ||
			versions[i].kind == KB_VERSION_DELETED)
			break;
		version =
			read_blob(a, doc, versions[i].path, kb_str_of(versions[i].blob));
		if (!version ||
			(!version->doc->broken && version->doc->status != KB_DRAFT &&
				version->doc->status != KB_REVIEW))
			break;
		since = versions[i].commit.authored;
	}
	return since;
}

static void check_draft(struct auditor *a, const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n)
{
	struct kb_audit_finding *finding;
	time_t since;

	if (doc->status != KB_DRAFT && doc->status != KB_REVIEW)
		return;
	since = draft_since(a, doc, versions, n);
	if (!since || audit_days_since(a, since) <= a->draft_days)
		return;
	finding = audit_add(a, doc, KB_AUDIT_DRAFT, KB_INFO, "%s since %.*s",
		doc->status == KB_DRAFT ? "a draft" : "in review",
		KB_ARG(audit_day(a, since)));
	finding->days = audit_days_since(a, since);
	audit_mend(a, finding, "set 'status: published', or delete the file");
}

static kb_str source_name(struct auditor *a, const struct kb_document *source)
{
	return a->lib->config->locales[source->locale].code;
}

/* The source as it stood when it was translated: by blob, else by day. */
static const struct kb_history_version *translated(const struct kb_document *doc,
	const struct kb_history_version *versions, size_t n, bool *by_day)
{
	kb_str revision = kb_str_of(doc->translation.revision);

	for (size_t i = 0; i < n && revision.len; i++)
		if (kb_str_starts(kb_str_of(versions[i].blob), revision))
			return &versions[i];
	*by_day = true;
	return doc->translation.date
		       ? version_at(versions, n, doc->translation.date + AUDIT_DAY)
		       : NULL;
}

static void tell_behind(struct auditor *a, const struct kb_document *doc,
	const struct kb_document *source, const struct kb_history_version *then)
{
	struct kb_version *from = read_blob(a, source, then->path, kb_str_of(then->blob));
	struct kb_version *to = from ? read_now(a, source) : NULL;
	struct kb_audit_finding *finding;
	struct kb_diff *diff;

	if (!to || from->doc->broken)
		return;
	diff = kb_diff_versions(a->scratch, from, to);
	if (diff->weight <= KB_WEIGHT_TRIVIAL)
		return;
	finding = audit_add(a, doc, KB_AUDIT_TRANSLATION_BEHIND,
		diff->weight == KB_WEIGHT_SIGNIFICANT ? KB_WARNING : KB_INFO,
		"%u paragraph%s of the %.*s text changed since: %.*s", diff->paragraphs,
		diff->paragraphs == 1 ? "" : "s", KB_ARG(source_name(a, source)),
		KB_ARG(kb_diff_summary(a->scratch, diff)));
	audit_mend(a, finding, "translate the change, then kb review %.*s",
		KB_ARG(doc->path));
}

/* Nothing says which version was translated: the days of the last commits tell. */
static void estimate(struct auditor *a, const struct kb_document *doc,
	const struct kb_document *source)
{
	struct kb_dates ours = kb_history_dates(a->history, doc->path);
	struct kb_dates theirs = kb_history_dates(a->history, source->path);
	struct kb_audit_finding *finding;

	if (!ours.last || !theirs.last || theirs.last <= ours.last ||
		theirs.last - ours.last < AUDIT_DAY)
		return;
	finding = audit_add(a, doc, KB_AUDIT_TRANSLATION_BEHIND, KB_INFO,
		"the %.*s text changed on %.*s, this one last on %.*s (an estimate: "
		"'translation' does not say what it translates)",
		KB_ARG(source_name(a, source)), KB_ARG(audit_day(a, theirs.last)),
		KB_ARG(audit_day(a, ours.last)));
	finding->days = audit_days_since(a, theirs.last);
	audit_mend(a, finding, "kb review %.*s, when it is right", KB_ARG(doc->path));
}

static void check_translation(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_document *source = kb_document_source(a->lib, doc);
	struct kb_history_version *versions;
	const struct kb_history_version *then;
	bool by_day = false;
	size_t n;

	if (!source || source->broken)
		return;
	if (doc->translation.revision[0] && kb_str_starts(kb_str_of(source->blob),
						    kb_str_of(doc->translation.revision)))
		return; /* up to date */
	n = kb_history_versions(a->history, a->scratch, source->path, &versions);
	then = doc->translation.given ? translated(doc, versions, n, &by_day) : NULL;
	if (then && strcmp(then->blob, source->blob) != 0)
		tell_behind(a, doc, source, then);
	else if (!then && (!doc->translation.given || !doc->translation.date))
		estimate(a, doc, source);
}

void audit_versions(struct auditor *a, const struct kb_document *doc)
{
	struct kb_history_version *versions;
	size_t n = kb_history_versions(a->history, a->scratch, doc->path, &versions);

	check_substance(a, doc, versions, n);
	check_draft(a, doc, versions, n);
	check_translation(a, doc);
}
