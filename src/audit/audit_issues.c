/* What the taxonomy asks for. */
#include "audit.h"
#include "kb/coverage.h"

static struct kb_audit_finding *add(struct auditor *a, const struct kb_issue *issue,
	enum kb_audit_kind kind, enum kb_severity severity, kb_str message)
{
	struct kb_audit_finding *finding =
		audit_add(a, NULL, kind, severity, "%.*s", KB_ARG(message));

	finding->issue = issue;
	finding->path = a->lib->taxonomy->path;
	finding->owner = issue->owner;
	return finding;
}

static bool is_about(const struct auditor *a, const struct kb_document *doc,
	const struct kb_issue *issue, enum kb_type type)
{
	for (size_t i = 0; doc->type == type && i < doc->issues.len; i++)
		if (kb_taxonomy_find(a->lib->taxonomy, doc->issues.items[i]) == issue)
			return true;
	return false;
}

/* What there is already: a draft in the locale, else one in the first of the others; or
 * NULL. */
static const struct kb_document *find_nearest(const struct auditor *a,
	const struct kb_issue *issue, enum kb_type type, uint32_t locale)
{
	const struct kb_document *found = NULL;

	for (uint32_t d = 0; d < a->lib->ndocs; d++) {
		const struct kb_document *doc = a->lib->docs[d];

		if (doc->status == KB_ARCHIVED || !is_about(a, doc, issue, type))
			continue;
		if (doc->locale == locale)
			return doc;
		if (!found || doc->locale < found->locale)
			found = doc;
	}
	return found;
}

static void add_gap(struct auditor *a, const struct kb_issue *issue, enum kb_type type,
	uint32_t locale)
{
	const struct kb_document *near = find_nearest(a, issue, type, locale),
				 *own = near ? near->family->by_locale[locale] : NULL;
	const char *name = kb_type_name(type);
	kb_str code = a->lib->config->locales[locale].code;
	struct kb_audit_finding *finding = add(a, issue, KB_AUDIT_GAP, KB_WARNING,
		kb_arena_fmt(a->arena, "the issue '%.*s' has no published %s in %.*s",
			KB_ARG(issue->id), name, KB_ARG(code)));

	finding->locale = locale;
	if (near && near == own)
		audit_mend(a, finding, "publish %.*s", KB_ARG(own->path));
	else if (own)
		audit_mend(a, finding, "kb link add %.*s %.*s",
			KB_ARG(audit_word(a, own->path)), KB_ARG(issue->id));
	else if (near)
		audit_mend(a, finding, "kb new --translate-of %.*s --locale %.*s",
			KB_ARG(audit_word(a, near->id)), KB_ARG(code));
	else
		audit_mend(a, finding, "kb new %s ID --issue %.*s --locale %.*s", name,
			KB_ARG(issue->id), KB_ARG(code));
}

/* Said of the issue that names the owner, not of those that inherit. */
static void check_owner(struct auditor *a, const struct kb_issue *issue)
{
	const struct kb_taxonomy *taxonomy = a->lib->taxonomy;
	const struct kb_issue *parent =
		issue->parent == KB_NONE ? NULL : &taxonomy->issues[issue->parent];
	struct kb_audit_finding *finding;

	if (issue->retired || !issue->owner.len || !audit_is_gone(a, issue->owner) ||
		(parent && parent->owner_range.off == issue->owner_range.off))
		return;
	finding = add(a, issue, KB_AUDIT_OWNER_GONE, KB_ERROR,
		kb_arena_fmt(a->arena, "the owner '%.*s' of the issue '%.*s' %s",
			KB_ARG(issue->owner), KB_ARG(issue->id),
			audit_gone_how(a, issue->owner)));
	audit_mend(a, finding, "name another 'owner', best a team");
}

void audit_issues(struct auditor *a)
{
	const struct kb_taxonomy *taxonomy = a->lib->taxonomy;
	uint32_t nlocales = a->lib->config->nlocales;
	struct kb_coverage coverage;

	kb_coverage_count(a->lib, a->arena, &coverage);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		check_owner(a, &taxonomy->issues[i]);
		for (uint32_t cell = 0; cell < KB_TYPE_COUNT * nlocales; cell++) {
			enum kb_type type = (enum kb_type)(cell / nlocales);
			uint32_t locale = cell % nlocales;

			if (kb_coverage_lacks(&coverage, i, type, locale))
				add_gap(a, &taxonomy->issues[i], type, locale);
		}
	}
}
