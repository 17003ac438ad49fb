/* Translations compared with what they translate. */
#include "family.h"

static kb_str step_id(const struct kb_document *doc, uint32_t step)
{
	return doc->facts->body.headings[doc->workflow->steps[step].heading].id;
}

static uint32_t step_by_id(const struct kb_document *doc, kb_str id)
{
	for (uint32_t i = 0; i < doc->workflow->nsteps; i++)
		if (kb_str_eq(step_id(doc, i), id))
			return i;
	return KB_NONE;
}

bool kb_check_broken_there(
	struct kb_checker *checker, const struct kb_family *family, uint32_t locale)
{
	const struct kb_config *config = checker->lib->config;

	for (; locale != KB_NONE; locale = config->locales[locale].fallback)
		for (uint32_t l = 0; l < config->nlocales; l++) {
			const struct kb_document *other = family->by_locale[l];
			const struct kb_document *same = NULL;
			kb_str path;

			if (other && kb_path_in_locale(config, checker->scratch,
					     other->path, l, locale, &path))
				same = kb_library_by_path(checker->lib, path);
			if (same && same->facts->broken)
				return true;
		}
	return false;
}

/* Steps are the same by id where every step has its counterpart, else by order. */
static uint32_t *match_steps(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source)
{
	uint32_t n = source->workflow->nsteps;
	uint32_t *match = kb_arena_array(checker->scratch, uint32_t, n);
	bool by_id = true;

	for (uint32_t i = 0; i < n; i++) {
		match[i] = step_by_id(doc, step_id(source, i));
		by_id = by_id && match[i] != KB_NONE;
	}
	for (uint32_t i = 0; i < n && !by_id; i++)
		match[i] = i;
	return match;
}

static bool same_edge(
	const struct kb_edge *a, const struct kb_edge *b, const uint32_t *match)
{
	if (a->kind != b->kind || a->next != b->next)
		return false;
	if (a->kind == KB_EDGE_STEP)
		return match[a->step] == b->step;
	return a->kind != KB_EDGE_ESCALATE || kb_str_eq(a->team, b->team);
}

/* Does B have A's answers, in another order? */
static bool is_reordered(struct kb_checker *checker, const struct kb_step *a,
	const struct kb_step *b, const uint32_t *match)
{
	bool *used, found = true;

	if (a->nedges != b->nedges)
		return false;
	used = kb_arena_array(checker->scratch, bool, b->nedges);
	for (uint32_t i = 0; i < a->nedges && found; i++) {
		found = false;
		for (uint32_t k = 0; k < b->nedges && !found; k++)
			if (!used[k] && same_edge(&a->edges[i], &b->edges[k], match))
				found = used[k] = true;
	}
	return found;
}

static bool same_order(
	const struct kb_step *a, const struct kb_step *b, const uint32_t *match)
{
	uint32_t e = 0;

	while (e < a->nedges && e < b->nedges &&
		same_edge(&a->edges[e], &b->edges[e], match))
		e++;
	return e == a->nedges;
}

bool kb_check_reordered(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source)
{
	uint32_t *match = match_steps(checker, doc, source);

	for (uint32_t i = 0; i < source->workflow->nsteps; i++) {
		const struct kb_step *a = &source->workflow->steps[i],
				     *b = &doc->workflow->steps[match[i]];

		if (!same_order(a, b, match) && is_reordered(checker, a, b, match))
			return true;
	}
	return false;
}

static void tell_order(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source, const struct kb_heading *heading)
{
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_LOCALE_STEPS, doc->path,
			heading->range,
			"the answers of this step are in a different order than in %.*s",
			KB_ARG(source->path)),
		"put them in the same order; until then, kb does not check the "
		"translation by the cases of its source");
}

static void check_steps(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source)
{
	const struct kb_workflow *theirs = source->workflow, *ours = doc->workflow;
	uint32_t *match;

	if (theirs->nsteps != ours->nsteps) {
		kb_diag_add(checker->diags, KB_RULE_LOCALE_STEPS, doc->path,
			kb_facts_range(doc->facts, "title"),
			"the translation has %u steps, but its source %.*s has %u",
			ours->nsteps, KB_ARG(source->path), theirs->nsteps);
		return;
	}
	match = match_steps(checker, doc, source);
	for (uint32_t i = 0; i < theirs->nsteps; i++) {
		const struct kb_step *a = &theirs->steps[i], *b = &ours->steps[match[i]];
		const struct kb_heading *heading = &doc->facts->body.headings[b->heading];
		uint32_t e = 0;

		while (e < a->nedges && e < b->nedges &&
			same_edge(&a->edges[e], &b->edges[e], match))
			e++;
		if (a->nedges != b->nedges)
			kb_diag_add(checker->diags, KB_RULE_LOCALE_STEPS, doc->path,
				heading->range,
				"the step has %u answers, but the same step in %.*s "
				"has %u",
				b->nedges, KB_ARG(source->path), a->nedges);
		else if (e < a->nedges && is_reordered(checker, a, b, match))
			tell_order(checker, doc, source, heading);
		else if (e < a->nedges)
			kb_diag_add(checker->diags, KB_RULE_LOCALE_STEPS, doc->path,
				b->edges[e].next ? heading->range : b->edges[e].range,
				"answer %u leads to a different place than in %.*s",
				e + 1, KB_ARG(source->path));
	}
}

static void check_placeholders(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source)
{
	for (uint32_t i = 0; i < source->reply->nplaceholders; i++) {
		kb_str name = source->reply->placeholders[i].name;

		if (!kb_reply_placeholder(doc->reply, name))
			kb_diag_add(checker->diags, KB_RULE_LOCALE_PLACEHOLDERS,
				doc->path, kb_facts_range(doc->facts, "placeholders"),
				"the translation lacks the placeholder '%.*s' of %.*s",
				KB_ARG(name), KB_ARG(source->path));
	}
	for (uint32_t i = 0; i < doc->reply->nplaceholders; i++) {
		const struct kb_placeholder *own = &doc->reply->placeholders[i];

		if (!kb_reply_placeholder(source->reply, own->name))
			kb_diag_add(checker->diags, KB_RULE_LOCALE_PLACEHOLDERS,
				doc->path, own->range,
				"its source %.*s has no placeholder '%.*s'",
				KB_ARG(source->path), KB_ARG(own->name));
	}
}

void kb_check_locale(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_document *source = kb_document_source(checker->lib, doc);
	bool free = doc->facts->regions.len || doc->facts->variant_of.len;

	if (!source || source->facts->broken) {
		if (doc->facts->translation.given && !source &&
			!(doc->family &&
				kb_check_broken_there(checker, doc->family, doc->locale)))
			kb_diag_add(checker->diags, KB_RULE_LOCALE_TRANSLATION, doc->path,
				kb_facts_range(doc->facts, "translation"),
				"there is no document with the id '%.*s' in a fallback "
				"locale, so there is no source for this translation",
				KB_ARG(doc->id));
		return;
	}
	if (source->facts->type != doc->facts->type) {
		kb_diag_add(checker->diags, KB_RULE_LOCALE_TYPE, doc->path,
			kb_facts_range(doc->facts, "type"),
			"the document has the type %s, but translates %.*s, which has "
			"the type %s",
			kb_type_name(doc->facts->type), KB_ARG(source->path),
			kb_type_name(source->facts->type));
		return;
	}
	if (source->facts->audience != doc->facts->audience &&
		doc->facts->type != KB_SNIPPET)
		kb_diag_add(checker->diags, KB_RULE_LOCALE_AUDIENCE, doc->path,
			kb_facts_range(doc->facts, "audience"),
			"the translation has the audience '%.*s', but its source %.*s "
			"has '%.*s'",
			KB_ARG(checker->lib->config->audiences[doc->facts->audience]),
			KB_ARG(source->path),
			KB_ARG(checker->lib->config->audiences[source->facts->audience]));
	if (doc->workflow && source->workflow && !free)
		check_steps(checker, doc, source);
	if (doc->reply && source->reply && !free)
		check_placeholders(checker, doc, source);
}
