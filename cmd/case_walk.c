/* A workflow, step by step. */
#include "case_walk.h"
#include "kb/feedback_edit.h"

#include <stdio.h>
#include <stdlib.h>

/* What is typed; an empty string at the end of the input. */
static kb_str ask(struct walk *w, const char *prompt)
{
	kb_say(stderr, "%s", prompt);
	fflush(stderr);
	ssize_t n = getline(&w->line, &w->size, stdin);
	w->ended = n < 0;
	if (w->ended)
		kb_say(stderr, "\n");
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

static void push(struct walk *w, const struct kb_edge *edge)
{
	kb_vec_push(&w->trail, ((struct turn){w->at, w->call, edge}));
}

static void undo(struct walk *w)
{
	if (!w->trail.len) {
		kb_say(stderr, "This is the first step.\n");
		return;
	}
	const struct turn *last = &w->trail.items[--w->trail.len];
	w->at = last->at;
	w->call = last->call;
}

static bool is_given(struct walk *w, kb_str typed, const char *word)
{
	return !w->ended && kb_str_is(typed, word);
}

/* A workflow that was called is over: true when the case is, too. */
static bool come_back(struct walk *w, const struct kb_edge *edge)
{
	kb_str outcome = walk_outcome(w, edge), step = walk_step_title(w, &w->call->from);

	kb_say(stderr, "\nThis workflow ends: %.*s.\n", KB_ARG(outcome));
	while (edge->kind != KB_EDGE_RESOLVED) {
		kb_say(stderr, "  b  back to '%.*s'\n  e  the case ends here\n",
			KB_ARG(step));
		kb_str typed = ask(w, "b or e (u: undo): ");
		if (is_given(w, typed, "u")) {
			undo(w);
			return false;
		}
		if (w->ended || is_given(w, typed, "e"))
			return true;
		if (is_given(w, typed, "b"))
			break;
		kb_say(stderr, "Type b, e or u.\n");
	}
	w->at = w->call->from;
	w->call = w->call->outer;
	kb_say(stderr, "\n← ");
	walk_show_document(w, w->at.doc);
	return false;
}

/* Takes the answer; true when the case has come to its end. */
static bool take(struct walk *w, const struct kb_edge *edge)
{
	push(w, edge);
	if (edge->kind == KB_EDGE_STEP) {
		w->at.step = edge->step;
		return false;
	}
	if (edge->kind == KB_EDGE_HANDOVER) {
		struct walk_place next = walk_target(w, edge->link);

		if (next.doc) {
			w->at = next;
			kb_say(stderr, "\n→ ");
			walk_show_document(w, next.doc);
			return false;
		}
	}
	return w->call ? come_back(w, edge) : true;
}

/* Goes into a workflow that the step's text calls; false when there is none such. */
static bool go_into(struct walk *w, kb_str typed)
{
	const struct kb_step *step = walk_step(&w->at);
	kb_str number = kb_str_sub(typed, 1, typed.len);
	uint32_t n = number.len ? number_of(number, step->ncalls) : step->ncalls == 1;

	if (!kb_str_starts(typed, KB_STR("c")) || !n)
		return false;
	struct walk_place next = walk_target(w, step->calls[n - 1]);
	if (!next.doc)
		return false;
	push(w, NULL);
	struct call *call = kb_arena_new_of(w->arena, struct call);
	*call = (struct call){.from = w->at,
		.outer = w->call,
		.depth = w->call ? w->call->depth + 1 : 1};
	w->call = call;
	w->at = next;
	kb_say(stderr, "\n→ ");
	walk_show_start(w, next.doc);
	return true;
}

/* What may be typed, after something else was. */
static void say_choices(const struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);
	bool calls = false;

	for (uint32_t i = 0; i < step->ncalls && !calls; i++)
		calls = walk_target(w, step->calls[i]).doc != NULL;
	kb_say(stderr, "Type ");
	if (step->nedges > 1)
		kb_say(stderr, "a number from 1 to %u", step->nedges);
	else
		kb_say(stderr, "1");
	if (calls)
		kb_say(stderr, ", c%s to go through a workflow that the step calls",
			step->ncalls > 1 ? " with its number" : "");
	kb_say(stderr, "%s, 'r TEXT' to report something about the step, or q to quit.\n",
		w->trail.len ? ", u to undo" : "");
}

/* Says that something is wrong with the step, in a file of feedback. */
static bool report(struct walk *w, kb_str typed)
{
	const struct kb_document *doc = w->at.doc;
	const struct kb_config *config = w->lib->config;
	struct kb_feedback_given given = {.where = doc->path,
		.step = doc->facts->body.headings[walk_step(&w->at)->heading].id,
		.text = kb_str_sub(typed, 2, typed.len),
		.locale = config->locales[doc->locale].code};
	struct kb_rewrites rewrites = {.lib = w->lib, .arena = w->arena};
	struct kb_feedback_adder adder;
	struct kb_feedback_added added;
	struct kb_error err;

	if (!kb_str_starts(typed, KB_STR("r ")))
		return false;
	kb_feedback_adder_init(&adder, &rewrites, NULL);
	kb_edit_add_feedback(&adder, &given, &added);
	kb_feedback_adder_dispose(&adder);
	if (added.result == KB_FEEDBACK_REFUSED)
		kb_say(stderr, "%.*s\n", KB_ARG(added.reason));
	else if (kb_edit_apply(w->lib->source, rewrites.items, rewrites.len, &err))
		kb_say(stderr, "%s\n", err.message);
	else
		kb_say(stderr, "Reported: %.*s\n",
			KB_ARG(rewrites.len ? added.path : KB_STR("it was there")));
	kb_vec_dispose(&rewrites);
	return true;
}

/* True when the walk is over, one way or another. */
static bool turn(struct walk *w)
{
	const struct kb_step *step = walk_step(&w->at);

	walk_show_step(w);
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
		if (go_into(w, typed))
			return false;
		if (report(w, typed))
			continue;
		say_choices(w);
	}
}

/* The workflow to go through: the only one, or the one that is chosen. */
static const struct kb_document *choose(struct walk *w)
{
	const struct kb_answer_list *list = &w->answer->types[KB_WORKFLOW];

	if (list->len == 1)
		return list->items[0].doc;
	for (size_t i = 0; i < list->len; i++) {
		kb_str title = walk_title(w, list->items[i].doc);
		const struct kb_answer_item *item = &list->items[i];
		kb_str regions = kb_answer_regions(
			&w->answer->query, item->doc, item->general, w->arena);

		kb_say(stderr, "  %zu  %.*s%s%.*s\n", i + 1, KB_ARG(title),
			regions.len ? " — " : "", KB_ARG(regions));
	}
	while (!w->ended) {
		kb_str typed = ask(w, "Which workflow (q: quit): ");
		uint32_t n = number_of(typed, (uint32_t)list->len);

		if (n)
			return list->items[n - 1].doc;
		if (kb_str_is(typed, "q"))
			return NULL;
		if (!w->ended)
			kb_say(stderr, "Type a number from 1 to %zu or q to quit.\n",
				list->len);
	}
	return NULL;
}

static int go(struct walk *w, kb_buf *note)
{
	const struct kb_document *doc = choose(w);

	if (!doc)
		return KB_EXIT_FOUND;
	struct walk_place start = {doc, 0};
	w->at = start;
	walk_show_start(w, doc);
	while (!turn(w))
		;
	walk_put_note(w, &start, note);
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
