/* Reports that nobody has settled for too long. */
#include "audit.h"
#include "kb/feedback_list.h"

/* Nobody should close a report that they did not read. */
static void suggest(struct auditor *a, const struct kb_feedback_state *state,
	struct kb_audit_finding *finding)
{
	const struct kb_feedback *it = state->feedback;
	kb_str since = kb_feedback_since_text(a->scratch, state);
	kb_str id = audit_word(a, it->id);

	if (state->since == KB_FEEDBACK_CHANGED)
		audit_fix(a, finding,
			"%.*s; if that answers it, kb feedback close %.*s --note 'what "
			"changed'",
			KB_ARG(since), KB_ARG(id));
	else if (it->doc)
		audit_fix(a, finding,
			"kb feedback list %.*s, correct %.*s, then kb feedback close %.*s "
			"--commit HEAD",
			KB_ARG(audit_word(a, it->doc->id)), KB_ARG(it->doc->path),
			KB_ARG(id));
	else if (it->issue)
		audit_fix(a, finding,
			"kb feedback list --issue %.*s, write what is missing, then kb "
			"feedback close %.*s --commit HEAD",
			KB_ARG(audit_word(a, it->issue->id)), KB_ARG(id));
	else
		audit_fix(a, finding,
			"read %.*s, then kb feedback close %.*s --note 'why'",
			KB_ARG(it->path), KB_ARG(id));
}

static void add(struct auditor *a, const struct kb_feedback_state *state)
{
	const struct kb_feedback *it = state->feedback;
	kb_str text = kb_str_head(it->text, 80);
	struct kb_audit_finding *finding = audit_add(a, it->doc, KB_AUDIT_FEEDBACK,
		it->kind == KB_FEEDBACK_SUGGESTION ? KB_INFO : KB_WARNING,
		"reported as %s, and still %s: '%.*s%s'", kb_feedback_kinds[it->kind],
		kb_feedback_statuses[it->status], KB_ARG(text),
		text.len < it->text.len ? "…" : "");

	finding->issue = it->doc ? NULL : it->issue;
	finding->path = it->path;
	finding->owner = it->owner;
	if (it->locale != KB_NONE)
		finding->locale = it->locale;
	finding->days = state->days;
	suggest(a, state, finding);
}

void audit_feedback(struct auditor *a)
{
	const struct kb_feedback_filter all = {.locale = KB_NONE, .open = true};
	struct kb_feedbacks reports;
	struct kb_feedback_list list;

	kb_feedback_read(a->lib, a->scratch, &reports);
	if (reports.len)
		kb_feedback_find(a->lib, a->history, &reports, &all, a->scratch, &list);
	for (size_t i = 0; reports.len && i < list.len; i++)
		if (list.items[i].late)
			add(a, &list.items[i]);
}
