#include "audit.h"

#include <stdlib.h>

#include "kb/coverage.h"
#include "kb/mount.h"
#include "kb/pool.h"
#include "kb/review.h"
#include "kb/unicode.h"

enum { DRAFT_DAYS = 30 };

static const struct {
	const char *name, *title;
} kinds[KB_AUDIT_KINDS] = {
	[KB_AUDIT_OVERDUE] = {"review-overdue", "Review overdue"},
	[KB_AUDIT_NEVER] = {"never-reviewed", "Never reviewed"},
	[KB_AUDIT_CHANGED] = {"changed-since-review",
		"Changed in substance since the review"},
	[KB_AUDIT_DRAFT] = {"draft-old", "Draft or in review for long"},
	[KB_AUDIT_EXPIRED] = {"expired", "Expired"},
	[KB_AUDIT_EMBARGO] = {"embargo-passed", "Still a draft after its day"},
	[KB_AUDIT_NO_OWNER] = {"owner-missing", "Without an owner"},
	[KB_AUDIT_OWNER_GONE] = {"owner-gone", "The owner is gone"},
	[KB_AUDIT_NO_DEPUTY] = {"deputy-missing",
		"The owner is away, and nobody stands in"},
	[KB_AUDIT_BROKEN_LINK] = {"broken-link", "Broken links"},
	[KB_AUDIT_TRANSLATION_BEHIND] = {"translation-behind",
		"Translation behind its source"},
	[KB_AUDIT_TRANSLATION_MISSING] = {"translation-missing", "Translation missing"},
	[KB_AUDIT_GAP] = {"coverage-gap", "An issue lacks content"},
};

const char *kb_audit_name(enum kb_audit_kind kind)
{
	return kinds[kind].name;
}

const char *kb_audit_title(enum kb_audit_kind kind)
{
	return kinds[kind].title;
}

struct kb_audit_finding *audit_add(struct auditor *a, const struct kb_document *doc,
	enum kb_audit_kind kind, enum kb_severity severity, const char *fmt, ...)
{
	struct kb_audit_finding *finding = kb_vec_add(&a->found);
	va_list ap;

	*finding =
		(struct kb_audit_finding){.kind = kind, .severity = severity, .doc = doc};
	if (doc) {
		finding->path = doc->path;
		finding->owner = doc->owner;
	}
	va_start(ap, fmt);
	finding->message = kb_arena_vfmt(a->arena, fmt, ap);
	va_end(ap);
	return finding;
}

void audit_mend(struct auditor *a, struct kb_audit_finding *finding, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	finding->mend = kb_arena_vfmt(a->arena, fmt, ap);
	va_end(ap);
}

kb_str audit_day(struct auditor *a, time_t t)
{
	return kb_day_format(a->scratch, a->lib->config->timezone, t);
}

uint32_t audit_days_since(const struct auditor *a, time_t t)
{
	return t < a->lib->now ? (uint32_t)((a->lib->now - t) / AUDIT_DAY) : 0;
}

static void check_review(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_config *config = a->lib->config;
	time_t due = kb_review_due(config, doc);
	struct kb_audit_finding *finding;

	if (kb_review_overdue(config, doc, a->lib->now)) {
		finding = audit_add(a, doc, KB_AUDIT_OVERDUE, KB_WARNING,
			"its review was due on %.*s", KB_ARG(audit_day(a, due)));
		finding->days = audit_days_since(a, due);
		audit_mend(a, finding, "kb review %.*s", KB_ARG(doc->path));
	} else if (!doc->reviewed && kb_review_days(config, doc)) {
		finding = audit_add(a, doc, KB_AUDIT_NEVER, KB_WARNING,
			"it should be reviewed, and never was");
		audit_mend(a, finding, "kb review %.*s", KB_ARG(doc->path));
	}
}

static void check_bounds(struct auditor *a, const struct kb_document *doc)
{
	bool unfinished = doc->status == KB_DRAFT || doc->status == KB_REVIEW;
	struct kb_audit_finding *finding;

	if (doc->expires_at && doc->expires_at <= a->lib->now) {
		finding = audit_add(a, doc, KB_AUDIT_EXPIRED, KB_INFO,
			"it is on no site since %.*s",
			KB_ARG(audit_day(a, doc->expires_at)));
		finding->days = audit_days_since(a, doc->expires_at);
		audit_mend(a, finding,
			"set 'status: archived', move 'expires_at', or delete the file");
	}
	if (doc->publish_at && doc->publish_at <= a->lib->now && unfinished) {
		finding = audit_add(a, doc, KB_AUDIT_EMBARGO, KB_WARNING,
			"it was to be public on %.*s and is still a draft",
			KB_ARG(audit_day(a, doc->publish_at)));
		finding->days = audit_days_since(a, doc->publish_at);
		audit_mend(a, finding, "set 'status: published', or move 'publish_at'");
	}
}

/* Gone by now, or unknown. */
static bool is_gone(const struct auditor *a, kb_str id)
{
	const struct kb_person *person = kb_people_find(a->lib->people, id);

	return !person || (person->until && person->until + AUDIT_DAY <= a->lib->now);
}

static const struct kb_away *absence(const struct auditor *a, kb_str id)
{
	const struct kb_person *person = kb_people_find(a->lib->people, id);

	for (uint32_t i = 0; person && i < person->naway; i++)
		if (person->away[i].from <= a->lib->now &&
			a->lib->now < person->away[i].to + AUDIT_DAY)
			return &person->away[i];
	return NULL;
}

static void check_owner(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_away *away = absence(a, doc->owner);
	struct kb_audit_finding *finding;

	if (!doc->owner.len) {
		finding = audit_add(
			a, doc, KB_AUDIT_NO_OWNER, KB_WARNING, "nobody looks after it");
		audit_mend(a, finding, "add 'owner: …', a person or team of people.yaml");
	} else if (is_gone(a, doc->owner)) {
		finding = audit_add(a, doc, KB_AUDIT_OWNER_GONE, KB_ERROR,
			"its owner '%.*s' has left, or is not in people.yaml",
			KB_ARG(doc->owner));
		audit_mend(a, finding, "name another owner");
	} else if (away && (!doc->deputy.len || is_gone(a, doc->deputy) ||
				   absence(a, doc->deputy))) {
		finding = audit_add(a, doc, KB_AUDIT_NO_DEPUTY, KB_WARNING,
			"'%.*s' is away until %.*s, and there is no deputy who is there",
			KB_ARG(doc->owner), KB_ARG(audit_day(a, away->to)));
		audit_mend(a, finding, "add 'deputy: …'");
	}
}

/* Locales in which kb.yaml wants every document that is in the source locale. */
static void check_translations(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_config *config = a->lib->config;
	const struct kb_node *list =
		kb_node_get(kb_node_get(config->root, "audit"), "translations");

	if (doc->locale != 0 || doc->type == KB_SNIPPET || doc->regions.len)
		return;
	for (uint32_t i = 0; list && i < (list->kind == KB_NODE_SEQ ? list->len : 1);
		i++) {
		kb_str code =
			kb_node_str(list->kind == KB_NODE_SEQ ? list->items[i] : list);
		uint32_t locale = kb_config_locale(config, code);
		const struct kb_document *other =
			locale == KB_NONE ? doc : doc->family->by_locale[locale];
		struct kb_audit_finding *finding;

		if (other)
			continue;
		finding = audit_add(a, doc, KB_AUDIT_TRANSLATION_MISSING, KB_WARNING,
			"there is none in %.*s", KB_ARG(code));
		audit_mend(a, finding, "kb new %s %.*s --translate-of %.*s",
			kb_type_name(doc->type), KB_ARG(doc->id), KB_ARG(doc->path));
	}
}

static void check_document(struct auditor *a, const struct kb_document *doc)
{
	if (doc->broken)
		return;
	check_owner(a, doc);
	if (doc->status == KB_ARCHIVED)
		return;
	check_review(a, doc);
	check_bounds(a, doc);
	check_translations(a, doc);
	audit_versions(a, doc);
}

static void check_gaps(struct auditor *a)
{
	const struct kb_taxonomy *taxonomy = a->lib->taxonomy;
	struct kb_coverage coverage;

	kb_coverage_count(a->lib, a->arena, &coverage);
	for (uint32_t i = 0; i < taxonomy->len; i++)
		for (int type = 0; type < KB_TYPE_COUNT; type++) {
			kb_str gap = kb_coverage_gap(
				&coverage, a->arena, i, (enum kb_type)type);
			struct kb_audit_finding *finding;

			if (!gap.len)
				continue;
			finding = audit_add(a, NULL, KB_AUDIT_GAP, KB_WARNING,
				"the issue '%.*s' lacks %s %s in %.*s",
				KB_ARG(taxonomy->issues[i].id),
				type == KB_ARTICLE ? "an" : "a",
				kb_type_name((enum kb_type)type), KB_ARG(gap));
			finding->issue = &taxonomy->issues[i];
			finding->path = taxonomy->path;
			finding->owner = taxonomy->issues[i].owner;
			audit_mend(a, finding, "kb new %s …, with 'issues: [%.*s]'",
				kb_type_name((enum kb_type)type),
				KB_ARG(taxonomy->issues[i].id));
		}
}

/* Links and images that lead nowhere, of validation's findings. */
static void take_links(struct auditor *a, const struct kb_diags *findings)
{
	static const enum kb_rule rules[] = {KB_RULE_LINK_TARGET_MISSING,
		KB_RULE_LINK_TARGET_CASE, KB_RULE_LINK_FRAGMENT_MISSING,
		KB_RULE_LINK_ID_UNKNOWN, KB_RULE_LINK_SITE_PATH, KB_RULE_LINK_OUTSIDE,
		KB_RULE_LINK_SNIPPET, KB_RULE_IMAGE_MISSING, KB_RULE_IMAGE_CASE,
		KB_RULE_EXTERNAL_MISSING, KB_RULE_EXTERNAL_UNREACHABLE};

	for (size_t i = 0; findings && i < findings->len; i++) {
		const struct kb_diag *diag = &findings->items[i];
		const struct kb_document *doc = kb_library_by_path(a->lib, diag->path);
		struct kb_audit_finding *finding;
		bool link = false;

		for (size_t k = 0; k < KB_LEN(rules); k++)
			link |= diag->rule == rules[k];
		if (!link || !doc)
			continue;
		finding = audit_add(a, doc, KB_AUDIT_BROKEN_LINK, diag->severity,
			"line %u: %.*s", diag->line, KB_ARG(diag->message));
		audit_mend(a, finding, "kb explain %s", kb_rule_info(diag->rule)->id);
	}
}

struct audit_run {
	const struct kb_library *lib;
	struct auditor *auditors;
};

static void audit_one(void *ctx, size_t index, unsigned worker)
{
	struct audit_run *run = ctx;

	check_document(&run->auditors[worker], run->lib->docs[index]);
	kb_arena_reset(run->auditors[worker].scratch);
}

static int finding_cmp(const void *pa, const void *pb)
{
	const struct kb_audit_finding *a = pa, *b = pb;
	int c;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->days != b->days)
		return a->days > b->days ? -1 : 1;
	c = kb_str_cmp(a->path, b->path);
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

			finding.message = kb_arena_str(arena, finding.message);
			finding.mend = kb_arena_str(arena, finding.mend);
			out->counts[finding.kind]++;
			kb_vec_push(&all, finding);
		}
	if (all.len)
		qsort(all.items, all.len, sizeof(*all.items), finding_cmp);
	out->len = all.len;
	out->items = kb_vec_freeze(&all, arena);
}

static uint32_t draft_days(const struct kb_config *config)
{
	uint32_t days = DRAFT_DAYS;

	kb_interval_days(
		kb_node_str(kb_node_get(kb_node_get(config->root, "audit"), "draft_age")),
		&days);
	return days;
}

void kb_audit_find(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_audit_options *options, struct kb_arena *arena,
	struct kb_audit *out)
{
	unsigned n = kb_parallel_workers(options->threads, lib->ndocs);
	struct audit_run run = {.lib = lib};

	*out = (struct kb_audit){
		.documents = lib->ndocs, .shallow = kb_history_shallow(history)};
	run.auditors = kb_xcalloc(n, sizeof(*run.auditors));
	for (unsigned i = 0; i < n; i++) {
		run.auditors[i] = (struct auditor){.lib = lib,
			.history = history,
			.arena = kb_arena_new(),
			.scratch = kb_arena_new(),
			.draft_days = draft_days(lib->config)};
		run.auditors[i].mounts =
			kb_mounts_new(run.auditors[i].arena, lib->config);
	}
	kb_parallel(options->threads, lib->ndocs, audit_one, &run);
	check_gaps(&run.auditors[0]);
	take_links(&run.auditors[0], options->findings);
	collect(run.auditors, n, arena, out);
	for (unsigned i = 0; i < n; i++) {
		kb_vec_dispose(&run.auditors[i].found);
		kb_mounts_dispose(run.auditors[i].mounts);
		kb_arena_free(run.auditors[i].arena);
		kb_arena_free(run.auditors[i].scratch);
	}
	free(run.auditors);
}
