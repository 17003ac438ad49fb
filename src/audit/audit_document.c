/* What a document's front matter tells, with people.yaml and kb.yaml. */
#include "audit.h"
#include "kb/coverage.h"
#include "kb/review.h"

static void check_review(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_config *config = a->lib->config;
	time_t due = kb_review_due(config, doc);
	struct kb_audit_finding *finding;

	if (kb_review_overdue(config, doc, a->lib->now)) {
		finding = audit_add(a, doc, KB_AUDIT_OVERDUE, KB_WARNING,
			"its review was due on %.*s", KB_ARG(audit_day(a, due)));
		finding->days = (uint32_t)audit_days(a, due, a->lib->now);
	} else if (!doc->facts->reviewed && !audit_unfinished(doc)) {
		bool wanted = kb_interval_given(kb_review_every(config, doc));

		finding = audit_add(a, doc, KB_AUDIT_NEVER, wanted ? KB_WARNING : KB_INFO,
			"%s",
			wanted ? "it needs a review, but was never reviewed"
			       : "it was never reviewed");
	} else {
		return;
	}
	audit_fix(a, finding, "kb review %.*s", KB_ARG(audit_word(a, doc->path)));
}

static void check_bounds(struct auditor *a, const struct kb_document *doc)
{
	struct kb_audit_finding *finding;
	time_t now = a->lib->now;

	if (doc->facts->expires_at && doc->facts->expires_at <= now) {
		/* A day's end is the next one's beginning. */
		finding = audit_add(a, doc, KB_AUDIT_EXPIRED, KB_INFO,
			"expired on %.*s; no longer published",
			KB_ARG(audit_day(a, doc->facts->expires_at - 1)));
		finding->days = (uint32_t)audit_days(a, doc->facts->expires_at - 1, now);
		audit_fix(a, finding,
			"set 'status: archived', move 'expires_at', or delete the file");
	}
	if (doc->facts->publish_at && doc->facts->publish_at <= now &&
		audit_unfinished(doc)) {
		finding = audit_add(a, doc, KB_AUDIT_EMBARGO, KB_WARNING,
			"it was planned for %.*s, but is still %s",
			KB_ARG(audit_day(a, doc->facts->publish_at)),
			doc->facts->status == KB_DRAFT ? "a draft" : "in review");
		finding->days = (uint32_t)audit_days(a, doc->facts->publish_at, now);
		audit_fix(a, finding, "set 'status: published', or move 'publish_at'");
	}
}

static bool has_left(const struct auditor *a, const struct kb_person *person)
{
	return kb_person_left(a->lib->config, person, a->lib->now);
}

bool audit_is_gone(const struct auditor *a, kb_str id)
{
	const struct kb_people *people = a->lib->people;
	const struct kb_person *person = kb_people_find(people, id);
	bool everybody = person && person->members.len > 0;

	if (!person)
		return !people->missing && !people->broken;
	for (size_t i = 0; i < person->members.len; i++) {
		const struct kb_person *member =
			kb_people_find(people, person->members.items[i]);

		everybody &= member && has_left(a, member);
	}
	return everybody || has_left(a, person);
}

const char *audit_gone_how(const struct auditor *a, kb_str id)
{
	return kb_people_find(a->lib->people, id) ? "has left" : "is not in people.yaml";
}

static const struct kb_away *absence(const struct auditor *a, kb_str id)
{
	const struct kb_person *person = kb_people_find(a->lib->people, id);

	for (uint32_t i = 0; person && i < person->naway; i++)
		if (person->away[i].from <= a->lib->now &&
			audit_days(a, a->lib->now, person->away[i].to) >= 0)
			return &person->away[i];
	return NULL;
}

static void check_owner(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_away *away = absence(a, doc->facts->owner);
	struct kb_audit_finding *finding;

	if (!doc->facts->owner.len) {
		finding = audit_add(
			a, doc, KB_AUDIT_NO_OWNER, KB_WARNING, "it has no owner");
		audit_fix(a, finding,
			"add 'owner: …' with a person or team from people.yaml");
	} else if (audit_is_gone(a, doc->facts->owner)) {
		finding = audit_add(a, doc, KB_AUDIT_OWNER_GONE, KB_ERROR,
			"its owner '%.*s' %s", KB_ARG(doc->facts->owner),
			audit_gone_how(a, doc->facts->owner));
		audit_fix(a, finding, "choose another 'owner', preferably a team");
	} else if (away &&
		   (!doc->facts->deputy.len || audit_is_gone(a, doc->facts->deputy) ||
			   absence(a, doc->facts->deputy))) {
		finding = audit_add(a, doc, KB_AUDIT_NO_DEPUTY, KB_WARNING,
			"'%.*s' is away until %.*s, %s", KB_ARG(doc->facts->owner),
			KB_ARG(audit_day(a, away->to)),
			doc->facts->deputy.len ? "and the deputy is away or gone too"
					       : "and there is no deputy");
		audit_fix(a, finding, "name %s 'deputy'",
			doc->facts->deputy.len ? "another" : "a");
	}
}

/* Has a reader of the locale one in the own language? */
static bool is_served(
	const struct auditor *a, const struct kb_family *family, uint32_t locale)
{
	const struct kb_config *config = a->lib->config;

	for (uint32_t i = 0; i < config->nlocales; i++)
		if (family->by_locale[i] && kb_locale_serves(config, i, locale))
			return true;
	return false;
}

static void check_translation(
	struct auditor *a, const struct kb_document *doc, kb_str code)
{
	uint32_t locale = kb_config_locale(a->lib->config, code);
	struct kb_audit_finding *finding;

	if (locale == KB_NONE || is_served(a, doc->family, locale))
		return;
	finding = audit_add(a, doc, KB_AUDIT_TRANSLATION_MISSING, KB_WARNING,
		"there is no translation in %.*s", KB_ARG(code));
	finding->locale = locale;
	audit_fix(a, finding, "kb new --translate-of %.*s --locale %.*s",
		KB_ARG(audit_word(a, doc->id)), KB_ARG(code));
}

/* Of each document, its first in the order of locales is asked. */
static void check_translations(struct auditor *a, const struct kb_document *doc)
{
	const struct kb_node *wanted = audit_setting(a, "translations");

	for (uint32_t i = 0; i < doc->locale; i++)
		if (doc->family->by_locale[i])
			return;
	if (!wanted || audit_unfinished(doc) || doc->facts->regions.len)
		return;
	if (wanted->kind != KB_NODE_SEQ)
		check_translation(a, doc, kb_node_str(wanted));
	else
		for (uint32_t i = 0; i < wanted->len; i++)
			check_translation(a, doc, kb_node_str(wanted->items[i]));
}

void audit_document(struct auditor *a, const struct kb_document *doc)
{
	check_owner(a, doc);
	check_review(a, doc);
	check_bounds(a, doc);
	check_translations(a, doc);
}
