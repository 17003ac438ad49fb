/* What kb case --walk shows: steps, their answers, and the note at the end. */
#include "case_walk.h"

#include <stdio.h>

#include "kb/render.h"
#include "kb/unicode.h"

const struct kb_step *walk_step(const struct walk_place *place)
{
	return &place->doc->workflow->steps[place->step];
}

static kb_str line_of(const struct walk *w, const struct kb_document *doc, kb_str text)
{
	return kb_library_expand(w->lib, w->arena, text, doc->locale);
}

kb_str walk_title(const struct walk *w, const struct kb_document *doc)
{
	return line_of(w, doc, doc->facts->title);
}

kb_str walk_step_title(const struct walk *w, const struct walk_place *place)
{
	return line_of(w, place->doc,
		place->doc->facts->body.headings[walk_step(place)->heading].text);
}

static void resolve(const struct walk *w, uint32_t link, struct kb_target *target)
{
	kb_link_resolve(w->lib, w->arena, w->at.doc, w->answer->query.locale,
		w->at.doc->facts->body.links[link].dest, target);
}

/* The step that a link's fragment names; the first one without. */
static uint32_t step_named(const struct kb_document *doc, kb_str fragment)
{
	for (uint32_t i = 0; i < doc->workflow->nsteps; i++)
		if (kb_str_eq(
			    doc->facts->body.headings[doc->workflow->steps[i].heading].id,
			    fragment))
			return i;
	return 0;
}

/* A variant that leads to the document that it replaces means that very one. */
static const struct kb_document *reader_gets(
	const struct walk *w, struct kb_family *family)
{
	struct kb_answer_query query = w->answer->query;

	if (w->at.doc->family->general == family)
		query.region = KB_STR("");
	return kb_answer_document(w->lib, &query, family);
}

struct walk_place walk_target(const struct walk *w, uint32_t link)
{
	struct kb_target target;

	resolve(w, link, &target);
	bool shown =
		w->at.doc->facts->body.links[link].audience <= w->answer->query.audience;
	const struct kb_document *doc =
		shown && target.kind == KB_TARGET_DOCUMENT && target.family
			? reader_gets(w, target.family)
			: NULL;
	if (!doc || !doc->workflow || !doc->workflow->nsteps)
		return (struct walk_place){0};
	return (struct walk_place){doc, step_named(doc, target.fragment)};
}

static void show_text(const struct walk *w, const struct kb_document *doc,
	const struct kb_render_part *part)
{
	struct kb_render_options options = {
		.locale = w->answer->query.locale, .audience = w->answer->query.audience};

	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	kb_str text;
	if (kb_render_open(&render, w->lib, w->reader, doc, &options, NULL) ||
		kb_render_text(render, part, w->arena, &text, NULL))
		return;
	if (text.len)
		kb_say(stderr, "%.*s\n", KB_ARG(text));
}

void walk_show_document(const struct walk *w, const struct kb_document *doc)
{
	const struct kb_config *config = w->lib->config;
	uint32_t locale = w->answer->query.locale;
	kb_str title = walk_title(w, doc);

	kb_say(stderr, "%.*s\n", KB_ARG(title));
	if (doc->locale != locale)
		kb_say(stderr, "(in %.*s: there is none in %.*s)\n",
			KB_ARG(config->locales[doc->locale].code),
			KB_ARG(config->locales[locale].code));
	const struct kb_answer_query *query = &w->answer->query;
	kb_str regions = kb_answer_regions(query, doc,
		kb_answer_known(w->lib, query, doc->family->general), w->arena);
	if (regions.len)
		kb_say(stderr, "(%.*s)\n", KB_ARG(regions));
}

void walk_show_start(const struct walk *w, const struct kb_document *doc)
{
	struct kb_render_part introduction = {.to = 1};

	walk_show_document(w, doc);
	kb_say(stderr, "\n");
	show_text(w, doc, &introduction);
}

static bool is_answer(const struct kb_step *step, uint32_t link)
{
	for (uint32_t i = 0; i < step->nedges; i++)
		if (step->edges[i].link == link)
			return true;
	return false;
}

static bool is_call(const struct kb_step *step, uint32_t link)
{
	for (uint32_t i = 0; i < step->ncalls; i++)
		if (step->calls[i] == link)
			return true;
	return false;
}

static bool is_link_shown(
	const struct walk *w, uint32_t link, const struct kb_target *target)
{
	const struct kb_answer_query *query = &w->answer->query;

	return w->at.doc->facts->body.links[link].audience <= query->audience &&
	       kb_target_visible(
		       w->lib, w->at.doc, query->locale, target, query->audience);
}

/* The documents that the step's text sends the agent to, by their ids. */
static void show_links(const struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);
	const struct kb_md_facts *facts = &w->at.doc->facts->body;
	const struct kb_section *section = &facts->sections[step->section];
	struct kb_target target;

	for (uint32_t i = section->links_from; i < section->links_to; i++) {
		resolve(w, i, &target);
		if (target.kind != KB_TARGET_DOCUMENT || !target.doc ||
			!is_link_shown(w, i, &target) || is_answer(step, i) ||
			is_call(step, i))
			continue;
		kb_say(stderr, "  → %s: %.*s\n", kb_type_name(target.doc->facts->type),
			KB_ARG(target.doc->id));
	}
}

static void show_calls(const struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);

	for (uint32_t i = 0; i < step->ncalls; i++) {
		struct walk_place target = walk_target(w, step->calls[i]);

		if (!target.doc)
			continue;
		kb_str title = walk_title(w, target.doc);
		char number[12] = "";
		if (step->ncalls > 1)
			snprintf(number, sizeof(number), "%u", i + 1);
		kb_say(stderr, "  c%s  go through '%.*s' and come back\n", number,
			KB_ARG(title));
	}
}

static void show_answers(const struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);

	for (uint32_t i = 0; i < step->nedges; i++) {
		const struct kb_edge *edge = &step->edges[i];
		kb_str answer = edge->next ? KB_STR("Next step")
					   : line_of(w, w->at.doc, edge->answer);
		kb_str note = line_of(w, w->at.doc, edge->note);

		kb_say(stderr, "  %u  %.*s%s%.*s\n", i + 1, KB_ARG(answer),
			note.len ? " — " : "", KB_ARG(note));
	}
}

void walk_show_step(const struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);
	_cleanup_buf_ kb_buf heading = {0};
	struct kb_render_part part = {.from = step->section,
		.to = step->section + 1,
		.no_first_heading = true,
		.no_list = !(step->nedges == 1 && step->edges[0].next)};
	kb_str title = walk_step_title(w, &w->at);

	kb_buf_fmt(&heading, "\n" KB_BOLD "%.*s" KB_RESET "\n", KB_ARG(title));
	kb_put(w->cli, stderr, kb_buf_view(&heading));
	show_text(w, w->at.doc, &part);
	show_links(w);
	kb_say(stderr, "\n");
	show_calls(w);
	show_answers(w);
}

static kb_str escalation(const struct walk *w, const struct kb_edge *edge)
{
	const struct kb_person *team = kb_people_find(w->lib->people, edge->team);

	if (!w->answer->trusted)
		return KB_STR("escalated");
	kb_str name = team && team->name.len ? team->name : edge->team;
	if (!team || !team->contact.len)
		return kb_arena_fmt(w->arena, "escalated to %.*s", KB_ARG(name));
	return kb_arena_fmt(w->arena, "escalated to %.*s (%.*s)", KB_ARG(name),
		KB_ARG(team->contact));
}

kb_str walk_outcome(const struct walk *w, const struct kb_edge *edge)
{
	switch (edge->kind) {
	case KB_EDGE_RESOLVED:
		return KB_STR("resolved");
	case KB_EDGE_WAITING:
		return KB_STR("waiting for the customer or a third party");
	case KB_EDGE_CLOSED:
		return KB_STR("closed without a solution");
	case KB_EDGE_ESCALATE:
		return escalation(w, edge);
	default:
		return KB_STR("handed over to another workflow, which kb cannot show");
	}
}

/* Where another workflow begins, or the one that called it goes on. */
static void put_document(const struct walk *w, const struct walk_place *at, bool back,
	const struct kb_document **last, kb_buf *note)
{
	if (at->doc == *last)
		return;
	*last = at->doc;
	kb_str title = walk_title(w, at->doc);
	kb_buf_fmt(note, "%s %.*s (%.*s)\n", back ? "←" : "→", KB_ARG(title),
		KB_ARG(at->doc->id));
}

static uint32_t depth_of(const struct call *call)
{
	return call ? call->depth : 0;
}

void walk_put_note(const struct walk *w, const struct walk_place *start, kb_buf *note)
{
	const struct kb_document *last = start->doc;
	kb_str title = walk_title(w, last);
	uint32_t depth = 0, n = 0;

	kb_buf_fmt(note, "%.*s (%.*s)\n", KB_ARG(title), KB_ARG(last->id));
	for (size_t i = 0; i < w->trail.len; i++) {
		const struct turn *taken = &w->trail.items[i];

		if (!taken->edge)
			continue;
		put_document(w, &taken->at, depth_of(taken->call) < depth, &last, note);
		depth = depth_of(taken->call);
		kb_str step = walk_step_title(w, &taken->at);
		kb_str answer = line_of(w, last, taken->edge->answer);
		kb_buf_fmt(note, "%u. %.*s", ++n, KB_ARG(step));
		if (!taken->edge->next)
			kb_buf_fmt(note, ": %.*s", KB_ARG(answer));
		kb_buf_putc(note, '\n');
	}
	if (w->ended) {
		kb_str step = walk_step_title(w, &w->at);

		put_document(w, &w->at, depth_of(w->call) < depth, &last, note);
		kb_buf_fmt(note, "Outcome: not finished, at '%.*s'\n", KB_ARG(step));
	} else {
		kb_str outcome = walk_outcome(w, w->trail.items[w->trail.len - 1].edge);

		kb_buf_fmt(note, "Outcome: %.*s\n", KB_ARG(outcome));
	}
}
