/* How the checks of the audit add findings, and the words that they use. */
#include "audit.h"
#include "kb/arena_str.h"
#include "kb/unicode.h"

struct kb_audit_finding *audit_add(struct auditor *a, const struct kb_document *doc,
	enum kb_audit_kind kind, enum kb_severity severity, const char *fmt, ...)
{
	struct kb_audit_finding *finding = kb_vec_add(&a->found);
	va_list ap;

	*finding = (struct kb_audit_finding){
		.kind = kind, .severity = severity, .doc = doc, .locale = KB_NONE};
	if (doc) {
		finding->path = doc->path;
		finding->owner = doc->facts->owner;
		finding->locale = doc->locale;
	}
	va_start(ap, fmt);
	finding->message = kb_arena_vfmt(a->arena, fmt, ap);
	va_end(ap);
	return finding;
}

struct kb_audit_finding *audit_add_issue(struct auditor *a, const struct kb_issue *issue,
	enum kb_audit_kind kind, enum kb_severity severity, kb_str message)
{
	struct kb_audit_finding *finding =
		audit_add(a, NULL, kind, severity, "%.*s", KB_ARG(message));

	finding->issue = issue;
	finding->path = a->lib->taxonomy->path;
	finding->owner = issue ? issue->owner : KB_STR("");
	return finding;
}

const struct kb_node *audit_setting(const struct auditor *a, const char *key)
{
	return kb_node_get(kb_node_get(a->lib->config->root, "audit"), key);
}

void audit_fix(struct auditor *a, struct kb_audit_finding *finding, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	finding->fix = kb_arena_vfmt(a->arena, fmt, ap);
	va_end(ap);
}

kb_str audit_word(struct auditor *a, kb_str path)
{
	return kb_arena_shell_word(a->scratch, path);
}

kb_str audit_day(struct auditor *a, time_t t)
{
	return kb_day_format(a->scratch, a->lib->config->timezone, t);
}

int64_t audit_days(const struct auditor *a, time_t from, time_t to)
{
	kb_str zone = a->lib->config->timezone;

	return kb_day_number(zone, to) - kb_day_number(zone, from);
}

bool audit_unfinished(const struct kb_document *doc)
{
	return doc->facts->status == KB_DRAFT || doc->facts->status == KB_REVIEW;
}
