/* What the taxonomy asks for. */
#include "audit.h"
#include "kb/coverage.h"

static void add_gap(struct auditor *a, const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	const struct kb_issue *it = &a->lib->taxonomy->issues[issue];
	struct kb_audit_finding *finding = audit_add_issue(a, it, KB_AUDIT_GAP,
		KB_WARNING,
		kb_arena_fmt(a->arena, "the issue '%.*s' has no published %s in %.*s",
			KB_ARG(it->id), kb_type_name(type),
			KB_ARG(a->lib->config->locales[locale].code)));

	finding->locale = locale;
	finding->fix = kb_coverage_fix(coverage, a->arena, issue, type, locale);
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
	finding = audit_add_issue(a, issue, KB_AUDIT_OWNER_GONE, KB_ERROR,
		kb_arena_fmt(a->arena, "the owner '%.*s' of the issue '%.*s' %s",
			KB_ARG(issue->owner), KB_ARG(issue->id),
			audit_gone_how(a, issue->owner)));
	audit_fix(a, finding, "choose another 'owner', preferably a team");
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
				add_gap(a, &coverage, i, type, locale);
		}
	}
}
