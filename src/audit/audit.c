#include "audit.h"

#include <stdlib.h>

#include "kb/pool.h"

static const struct {
	const char *name, *title;
} kinds[KB_AUDIT_KINDS] = {
	[KB_AUDIT_UNREADABLE] = {"unreadable", "Cannot be read"},
	[KB_AUDIT_TICKETS_GAP] = {"tickets-without-content",
		"Tickets on an issue without content"},
	[KB_AUDIT_TICKETS_STAY] = {"tickets-despite-content",
		"Tickets still come although content exists"},
	[KB_AUDIT_NO_RESULTS] = {"search-without-result", "Searches that find nothing"},
	[KB_AUDIT_UNHELPFUL] = {"unhelpful", "Rated unhelpful"},
	[KB_AUDIT_NO_VIEWS] = {"no-views", "Nobody reads it"},
	[KB_AUDIT_FEEDBACK] = {"feedback-old", "Feedback open for a long time"},
	[KB_AUDIT_OVERDUE] = {"review-overdue", "Review overdue"},
	[KB_AUDIT_NEVER] = {"never-reviewed", "Never reviewed"},
	[KB_AUDIT_CHANGED] = {"changed-since-review",
		"Changed significantly since the review"},
	[KB_AUDIT_DRAFT] = {"draft-old", "Draft or in review for a long time"},
	[KB_AUDIT_EXPIRED] = {"expired", "Expired"},
	[KB_AUDIT_EMBARGO] = {"embargo-passed", "Not published on its date"},
	[KB_AUDIT_NO_OWNER] = {"owner-missing", "Without an owner"},
	[KB_AUDIT_OWNER_GONE] = {"owner-gone", "The owner is gone"},
	[KB_AUDIT_NO_DEPUTY] = {"deputy-missing",
		"The owner is away, and there is no deputy"},
	[KB_AUDIT_BROKEN_LINK] = {"broken-link", "Broken links"},
	[KB_AUDIT_TRANSLATION_BEHIND] = {"translation-behind",
		"Translation behind its source"},
	[KB_AUDIT_TRANSLATION_MISSING] = {"translation-missing", "Translation missing"},
	[KB_AUDIT_GAP] = {"coverage-gap", "An issue without content"},
	[KB_AUDIT_NUMBERS] = {"numbers-differ",
		"Documents on one issue state different numbers"},
	[KB_AUDIT_DUPLICATE] = {"near-duplicate", "Nearly the same text"},
};

const char *kb_audit_name(enum kb_audit_kind kind)
{
	return kinds[kind].name;
}

const char *kb_audit_title(enum kb_audit_kind kind)
{
	return kinds[kind].title;
}

/* Broken links and images, from the findings of validation. */
static void take_links(struct auditor *a, const struct kb_diags *findings)
{
	static const enum kb_rule rules[] = {KB_RULE_LINK_TARGET_MISSING,
		KB_RULE_LINK_TARGET_CASE, KB_RULE_LINK_FRAGMENT_MISSING,
		KB_RULE_LINK_ID_UNKNOWN, KB_RULE_LINK_SITE_PATH, KB_RULE_LINK_OUTSIDE,
		KB_RULE_LINK_SNIPPET, KB_RULE_LINK_FILE_TYPE, KB_RULE_LINK_SCHEME,
		KB_RULE_IMAGE_MISSING, KB_RULE_IMAGE_CASE, KB_RULE_RELATED_UNKNOWN};

	for (size_t i = 0; i < findings->len; i++) {
		const struct kb_diag *diag = &findings->items[i];
		const struct kb_document *doc = kb_library_by_path(a->lib, diag->path);
		struct kb_audit_finding *finding;
		bool link = false;

		for (size_t k = 0; k < KB_LEN(rules); k++)
			link |= diag->rule == rules[k];
		if (!link || !doc)
			continue;
		finding = audit_add(a, doc, KB_AUDIT_BROKEN_LINK, diag->severity, "%.*s",
			KB_ARG(diag->message));
		finding->line = diag->line;
		if (diag->hint.len)
			finding->fix = diag->hint;
		else
			audit_fix(a, finding, "kb explain %s",
				kb_rule_info(diag->rule)->id);
	}
}

static void audit_links(struct auditor *a)
{
	if (a->broken)
		take_links(a, a->broken);
}

/* Of no one document. They take longest, so they come first. */
static void (*const wholes[])(struct auditor *a) = {
	audit_texts,
	audit_issues,
	audit_usage,
	audit_feedback,
	audit_links,
};

static void audit_each(struct auditor *a, const struct kb_document *doc)
{
	if (doc->facts->broken) {
		struct kb_audit_finding *finding = audit_add(a, doc, KB_AUDIT_UNREADABLE,
			KB_ERROR, "its front matter has errors, so kb cannot read it");

		audit_fix(
			a, finding, "kb validate %.*s", KB_ARG(audit_word(a, doc->path)));
	} else if (doc->facts->status != KB_ARCHIVED) {
		audit_document(a, doc);
		audit_versions(a, doc);
	}
}

static void audit_one(void *ctx, size_t index, unsigned worker)
{
	struct auditor *a = &((struct auditor *)ctx)[worker];

	if (index < KB_LEN(wholes))
		wholes[index](a);
	else
		audit_each(a, a->lib->docs[index - KB_LEN(wholes)]);
	kb_arena_reset(a->scratch);
}

static int finding_cmp(const void *pa, const void *pb)
{
	const struct kb_audit_finding *a = pa, *b = pb;
	int c;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->cases != b->cases)
		return a->cases > b->cases ? -1 : 1;
	if (a->days != b->days)
		return a->days > b->days ? -1 : 1;
	c = kb_str_cmp(a->path, b->path);
	if (c == 0 && a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return c ? c : kb_str_cmp(a->message, b->message);
}

static void collect(struct auditor *auditors, unsigned n, struct kb_arena *arena,
	struct kb_audit *out)
{
	struct {
		KB_VEC(struct kb_audit_finding);
	} all = {0};

	for (unsigned w = 0; w < n; w++)
		for (size_t i = 0; i < auditors[w].found.len; i++) {
			struct kb_audit_finding finding = auditors[w].found.items[i];

			finding.path = kb_arena_str(arena, finding.path);
			finding.message = kb_arena_str(arena, finding.message);
			finding.fix = kb_arena_str(arena, finding.fix);
			kb_vec_push(&all, finding);
		}
	if (all.len)
		qsort(all.items, all.len, sizeof(*all.items), finding_cmp);
	out->len = all.len;
	out->items = kb_vec_freeze(&all, arena);
}

static void auditor_dispose(struct auditor *a)
{
	kb_vec_dispose(&a->found);
	kb_reader_free(a->reader);
	kb_arena_free(a->arena);
	kb_arena_free(a->scratch);
}

void kb_audit_find(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_diags *broken, unsigned threads, struct kb_arena *arena,
	struct kb_audit *out)
{
	size_t tasks = KB_LEN(wholes) + lib->ndocs;
	unsigned n = kb_parallel_workers(threads, tasks);
	_cleanup_free_ struct auditor *auditors = kb_xcalloc(n, sizeof(*auditors));

	for (unsigned i = 0; i < n; i++)
		auditors[i] = (struct auditor){.lib = lib,
			.history = history,
			.broken = broken,
			.threads = threads,
			.reader = kb_reader_new(lib->source),
			.arena = kb_arena_new(),
			.scratch = kb_arena_new()};
	kb_parallel(threads, tasks, audit_one, auditors);
	collect(auditors, n, arena, out);
	for (unsigned i = 0; i < n; i++)
		auditor_dispose(&auditors[i]);
}
