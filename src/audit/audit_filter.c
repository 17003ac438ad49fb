#include "kb/audit.h"

static bool is_owner(const struct kb_audit_filter *filter, kb_str owner)
{
	for (size_t i = 0; i < filter->owners->len; i++)
		if (kb_str_eq(filter->owners->items[i], owner))
			return true;
	return filter->owners->len == 0;
}

static bool is_about(const struct kb_library *lib, const struct kb_audit_filter *filter,
	const struct kb_document *doc)
{
	return !filter->issue ||
	       kb_issues_below(lib->taxonomy, &doc->facts->issues, filter->issue);
}

static bool is_wanted(const struct kb_library *lib, const struct kb_audit_filter *filter,
	const struct kb_audit_finding *finding)
{
	return is_owner(filter, finding->owner) &&
	       (finding->doc ? is_about(lib, filter, finding->doc)
			     : !filter->issue ||
				       kb_issue_below(lib->taxonomy, finding->issue,
					       filter->issue)) &&
	       (filter->locale == KB_NONE || filter->locale == finding->locale) &&
	       finding->severity >= filter->least;
}

void kb_audit_choose(const struct kb_library *lib, const struct kb_audit_filter *filter,
	struct kb_audit *audit)
{
	size_t kept = 0;

	for (size_t i = 0; i < audit->len; i++) {
		if (!is_wanted(lib, filter, &audit->items[i]))
			continue;
		audit->counts[audit->items[i].kind]++;
		audit->items[kept++] = audit->items[i];
	}
	audit->len = kept;
	for (uint32_t i = 0; i < lib->ndocs; i++)
		audit->documents += is_owner(filter, lib->docs[i]->facts->owner) &&
				    is_about(lib, filter, lib->docs[i]) &&
				    (filter->locale == KB_NONE ||
					    filter->locale == lib->docs[i]->locale);
}
