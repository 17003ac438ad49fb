/* A workflow, step by step. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/render.h"
#include "kb/unicode.h"

struct place { /* where the walk is */
	const struct kb_document *doc;
	uint32_t step;
};

struct turn { /* an answer that was given */
	struct place at;
	const struct kb_edge *edge;
};

struct walk {
	const struct kb_cli *cli;
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
	struct kb_arena *arena;
	struct place at;
	struct {
		KB_VEC(struct turn);
	} trail;
	char *line;
	size_t size;
	bool ended; /* the input */
};

static const struct kb_step *step_of(const struct place *place)
{
	return &place->doc->workflow->steps[place->step];
}

static kb_str line_of(const struct walk *w, const struct kb_document *doc, kb_str text)
{
	return kb_library_expand(w->lib, w->arena, text, doc->locale);
}

static kb_str step_title(const struct walk *w, const struct place *place)
{
	return line_of(
		w, place->doc, place->doc->facts.headings[step_of(place)->heading].text);
}

static const char *end_words(const struct kb_edge *edge)
{
	switch (edge->kind) {
	case KB_EDGE_RESOLVED:
		return "resolved";
	case KB_EDGE_WAITING:
		return "waiting for the customer or a third party";
	case KB_EDGE_CLOSED:
		return "closed without a solution";
	default:
		return "";
	}
}

/* What is typed; an empty string at the end of the input. */
static kb_str ask(struct walk *w, const char *prompt)
{
	fprintf(stderr, "%s", prompt);
	fflush(stderr);
	ssize_t n = getline(&w->line, &w->size, stdin);
	w->ended = n < 0;
	if (w->ended)
		fputc('\n', stderr);
	return n < 0 ? KB_STR("") : kb_str_trim((kb_str){w->line, (size_t)n});
}

/* 1 to N, or 0 for anything else. */
static uint32_t number_of(kb_str typed, uint32_t n)
{
	uint32_t value = 0;
	for (size_t i = 0; i < typed.len; i++) {
		if (typed.data[i] < '0' || typed.data[i] > '9' || value > n)
			return 0;
		value = value * 10 + (uint32_t)(typed.data[i] - '0');
	}
	return value <= n ? value : 0;
}

static void show_text(struct walk *w, const struct kb_render_part *part)
{
	struct kb_render_options options = {
		.locale = w->answer->query.locale, .audience = w->answer->query.audience};
	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	kb_str text;
	if (kb_render_open(&render, w->lib, w->reader, w->at.doc, &options, NULL) ||
		kb_render_text(render, part, w->arena, &text, NULL))
		return;
	if (text.len)
		fprintf(stderr, "%.*s\n", KB_ARG(text));
}

static bool is_answer(const struct kb_step *step, uint32_t link)
{
	for (uint32_t i = 0; i < step->nedges; i++)
		if (step->edges[i].link == link)
			return true;
	return false;
}

/* The documents that the step's text sends the agent to, by their ids. */
static void show_links(struct walk *w)
{
	const struct kb_step *step = step_of(&w->at);
	const struct kb_facts *facts = &w->at.doc->facts;
	const struct kb_section *section = &facts->sections[step->section];
	struct kb_target target;
	for (uint32_t i = section->links_from; i < section->links_to; i++) {
		kb_link_resolve(w->lib, w->arena, w->at.doc, w->answer->query.locale,
			facts->links[i].dest, &target);
		if (target.kind != KB_TARGET_DOCUMENT || !target.doc ||
			is_answer(step, i))
			continue;
		fprintf(stderr, "  → %s: %.*s\n", kb_type_name(target.doc->type),
			KB_ARG(target.doc->id));
	}
}

static void show_answers(struct walk *w)
{
	const struct kb_step *step = step_of(&w->at);
	for (uint32_t i = 0; i < step->nedges; i++) {
		const struct kb_edge *edge = &step->edges[i];
		kb_str answer = edge->next ? KB_STR("Next step")
					   : line_of(w, w->at.doc, edge->answer);
		kb_str note = line_of(w, w->at.doc, edge->note);
		fprintf(stderr, "  %u  %.*s%s%.*s\n", i + 1, KB_ARG(answer),
			note.len ? " — " : "", KB_ARG(note));
	}
}

static void show_step(struct walk *w)
{
	const struct kb_step *step = step_of(&w->at);
	const char *bold = w->cli->color_err ? "\033[1m" : "";
	const char *off = w->cli->color_err ? "\033[0m" : "";
	struct kb_render_part part = {.from = step->section,
		.to = step->section + 1,
		.no_first_heading = true,
		.no_list = !(step->nedges == 1 && step->edges[0].next)};
	kb_str title = step_title(w, &w->at);
	fprintf(stderr, "\n%s%.*s%s\n", bold, KB_ARG(title), off);
	show_text(w, &part);
	show_links(w);
	fputc('\n', stderr);
	show_answers(w);
}

/* The step that a link's fragment names; the first one without. */
static uint32_t step_named(const struct kb_document *doc, kb_str fragment)
{
	for (uint32_t i = 0; i < doc->workflow->nsteps; i++)
		if (kb_str_eq(doc->facts.headings[doc->workflow->steps[i].heading].id,
			    fragment))
			return i;
	return 0;
}

/* Where a hand-over leads the agent, or a document of NULL. */
static struct place handover(struct walk *w, const struct kb_edge *edge)
{
	struct kb_target target;
	kb_link_resolve(w->lib, w->arena, w->at.doc, w->answer->query.locale,
		w->at.doc->facts.links[edge->link].dest, &target);
	struct kb_family *family = target.family
					   ? kb_family_for_region(w->lib, target.family,
						     w->answer->query.region)
					   : NULL;
	const struct kb_document *doc =
		family ? kb_family_find(w->lib, family, w->answer->query.locale) : NULL;
	if (!doc || !doc->workflow || !doc->workflow->nsteps)
		return (struct place){0};
	return (struct place){doc, step_named(doc, target.fragment)};
}

static void undo(struct walk *w)
{
	if (!w->trail.len) {
		fprintf(stderr, "This is the first step.\n");
		return;
	}
	w->at = w->trail.items[--w->trail.len].at;
}

/* Takes the answer; true when the case has come to its end. */
static bool take(struct walk *w, const struct kb_edge *edge)
{
	kb_vec_push(&w->trail, ((struct turn){w->at, edge}));
	if (edge->kind == KB_EDGE_STEP) {
		w->at.step = edge->step;
		return false;
	}
	if (edge->kind != KB_EDGE_HANDOVER)
		return true;
	struct place next = handover(w, edge);
	if (!next.doc)
		return true;
	w->at = next;
	kb_str title = line_of(w, next.doc, next.doc->title);
	fprintf(stderr, "\n→ %.*s\n", KB_ARG(title));
	return false;
}

/* True when the walk is over, one way or another. */
static bool turn(struct walk *w)
{
	const struct kb_step *step = step_of(&w->at);
	show_step(w);
	for (;;) {
		kb_str typed = ask(w, w->trail.len ? "Answer (u: undo, q: quit): "
						   : "Answer (q: quit): ");
		uint32_t n = number_of(typed, step->nedges);
		if (w->ended || kb_str_is(typed, "q")) {
			w->ended = true;
			return true;
		}
		if (kb_str_is(typed, "u")) {
			undo(w);
			return false;
		}
		if (n)
			return take(w, &step->edges[n - 1]);
		fprintf(stderr, "Type a number from 1 to %u.\n", step->nedges);
	}
}

static void put_end(const struct walk *w, const struct kb_edge *edge, kb_buf *note)
{
	const struct kb_person *team = kb_people_find(w->lib->people, edge->team);
	if (edge->kind == KB_EDGE_ESCALATE) {
		kb_buf_fmt(note, "Outcome: escalated to %.*s",
			KB_ARG(team && team->name.len ? team->name : edge->team));
		if (team && team->contact.len)
			kb_buf_fmt(note, " (%.*s)", KB_ARG(team->contact));
		kb_buf_putc(note, '\n');
	} else if (edge->kind == KB_EDGE_HANDOVER) {
		kb_buf_puts(note, "Outcome: handed over to another workflow\n");
	} else {
		kb_buf_fmt(note, "Outcome: %s\n", end_words(edge));
	}
}

/* The path taken, as one pastes it into a ticket. */
static void put_note(const struct walk *w, const struct place *start, kb_buf *note)
{
	const struct kb_document *doc = start->doc;
	kb_str title = line_of(w, doc, doc->title);
	kb_buf_fmt(note, "%.*s (%.*s)\n", KB_ARG(title), KB_ARG(doc->id));
	for (size_t i = 0; i < w->trail.len; i++) {
		const struct turn *taken = &w->trail.items[i];
		if (taken->at.doc != doc) {
			doc = taken->at.doc;
			title = line_of(w, doc, doc->title);
			kb_buf_fmt(
				note, "→ %.*s (%.*s)\n", KB_ARG(title), KB_ARG(doc->id));
		}
		kb_str step = step_title(w, &taken->at);
		kb_str answer = line_of(w, doc, taken->edge->answer);
		kb_buf_fmt(note, "%zu. %.*s", i + 1, KB_ARG(step));
		if (!taken->edge->next)
			kb_buf_fmt(note, ": %.*s", KB_ARG(answer));
		kb_buf_putc(note, '\n');
	}
	kb_str step = step_title(w, &w->at);
	if (w->ended && w->at.doc != doc)
		kb_buf_fmt(note, "→ %.*s (%.*s)\n", KB_ARG(w->at.doc->title),
			KB_ARG(w->at.doc->id));
	if (w->ended)
		kb_buf_fmt(note, "Outcome: not finished, at '%.*s'\n", KB_ARG(step));
	else
		put_end(w, w->trail.items[w->trail.len - 1].edge, note);
}

/* The workflow to go through: the only one, or the one that is chosen. */
static const struct kb_document *choose(struct walk *w)
{
	const struct kb_answer_list *list = &w->answer->types[KB_WORKFLOW];
	if (list->len == 1)
		return list->items[0].doc;
	for (size_t i = 0; i < list->len; i++) {
		kb_str title = line_of(w, list->items[i].doc, list->items[i].doc->title);
		fprintf(stderr, "  %zu  %.*s\n", i + 1, KB_ARG(title));
	}
	while (!w->ended) {
		kb_str typed = ask(w, "Which workflow (q: quit): ");
		uint32_t n = number_of(typed, (uint32_t)list->len);
		if (n)
			return list->items[n - 1].doc;
		if (kb_str_is(typed, "q"))
			return NULL;
	}
	return NULL;
}

static int go(struct walk *w, kb_buf *note)
{
	const struct kb_document *doc = choose(w);
	if (!doc)
		return KB_EXIT_FOUND;
	struct place start = {doc, 0};
	struct kb_render_part introduction = {.to = 1};
	kb_str title = line_of(w, doc, doc->title);
	w->at = start;
	fprintf(stderr, "%.*s\n\n", KB_ARG(title));
	show_text(w, &introduction);
	while (!turn(w))
		;
	put_note(w, &start, note);
	return w->ended ? KB_EXIT_FOUND : KB_EXIT_OK;
}

int kb_case_walk(const struct kb_cli *cli, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_answer *answer, kb_buf *note,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct walk w = {.cli = cli,
		.lib = lib,
		.reader = reader,
		.answer = answer,
		.arena = arena};
	const struct kb_answer_list *list = &answer->types[KB_WORKFLOW];
	for (size_t i = 0; i < list->len; i++) {
		const struct kb_document *doc = list->items[i].doc;
		if (!doc->workflow || !doc->workflow->nsteps) {
			kb_error_set(
				err, KB_E_CONFIG, "%.*s has no steps", KB_ARG(doc->path));
			return kb_fail(err);
		}
	}
	if (!list->len) {
		kb_complain("there is no workflow for '%.*s'",
			KB_ARG(answer->query.issue->id));
		return KB_EXIT_FOUND;
	}
	int status = go(&w, note);
	kb_vec_dispose(&w.trail);
	free(w.line);
	return status;
}
