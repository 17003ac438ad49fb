#include "kb/feedback_list.h"

#include <stdlib.h>

#include "kb/diff.h"
#include "kb/interval.h"
#include "kb/unicode.h"

struct comparing {
	const struct kb_library *lib;
	const struct kb_history *history;
	const struct kb_feedback *feedback;
	struct kb_arena *arena;
};

/* Was the version there when the report was made? */
static bool was_there(const struct comparing *c, const struct kb_history_version *version,
	const bool *later)
{
	const struct kb_feedback *feedback = c->feedback;
	kb_str zone = c->lib->config->timezone;

	if (later)
		return !later[kb_history_find(c->history, kb_str_of(version->commit.id))];
	/* A time says exactly when, a bare day counts to its end. */
	time_t end = feedback->created;
	int64_t day = kb_day_number(zone, end);

	if (kb_day_start(zone, day) == end)
		end = kb_day_start(zone, day + 1) - 1;
	return version->commit.committed <= end;
}

/* The newest of the document's versions that the reporter can have read. */
static const struct kb_history_version *read_version(const struct comparing *c)
{
	const struct kb_feedback *feedback = c->feedback;
	struct kb_history_version *versions;
	size_t n =
		kb_history_versions(c->history, c->arena, feedback->doc->path, &versions);
	size_t commits = kb_history_commits(c->history);
	bool *later = NULL;

	for (size_t i = 0; i < commits && feedback->revision.len && !later; i++) {
		kb_str id = kb_str_of(kb_history_commit(c->history, i).id);

		if (!kb_str_starts(id, feedback->revision))
			continue;
		later = kb_arena_array(c->arena, bool, commits + 1);
		kb_history_since(c->history, id, later);
	}
	if (!later && !feedback->created)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (versions[i].kind != KB_VERSION_UNKNOWN && versions[i].blob[0] &&
			was_there(c, &versions[i], later))
			return &versions[i];
	return NULL;
}

static struct kb_version *version_of(
	const struct comparing *c, const struct kb_history_version *then)
{
	_cleanup_buf_ kb_buf text = {0};
	const struct kb_document *doc = c->feedback->doc;
	int failed;

	if (then) {
		failed = kb_history_blob(c->history, kb_str_of(then->blob), &text, NULL);
	} else {
		struct kb_reader *reader = kb_reader_new(c->lib->source);

		failed = kb_reader_read(reader, doc->path, 0, &text, NULL);
		kb_reader_free(reader);
	}
	return failed ? NULL
		      : kb_version_read(c->arena, c->lib->config, doc->mount, doc->locale,
				then ? then->path : doc->path, kb_buf_view(&text));
}

static const struct kb_heading *heading_of(const struct kb_version *version, kb_str id)
{
	const struct kb_md_facts *body = &version->doc->facts->body;

	for (uint32_t i = 0; i < body->nheadings; i++)
		if (kb_str_eq(body->headings[i].id, id))
			return &body->headings[i];
	return NULL;
}

/* Has one of the changes to do with the part below this heading? */
static bool changed_below(const struct kb_diff *diff, const struct kb_heading *heading)
{
	for (uint32_t i = 0; heading && i < diff->nchanges; i++) {
		const struct kb_doc_change *change = &diff->changes[i];

		if (change->weight >= KB_WEIGHT_MINOR &&
			(kb_str_eq(change->section, heading->text) ||
				kb_str_eq(change->name, heading->text)))
			return true;
	}
	return false;
}

static void compare_versions(const struct comparing *c, const struct kb_version *from,
	const struct kb_version *to, struct kb_feedback_state *out)
{
	const struct kb_diff *diff = kb_diff_versions(c->arena, from, to, NULL);
	kb_str step = c->feedback->step;

	out->since = KB_FEEDBACK_SAME;
	if (step.len && !heading_of(to, step)) {
		out->since =
			heading_of(from, step) ? KB_FEEDBACK_GONE : KB_FEEDBACK_UNKNOWN;
		return;
	}
	if (diff->weight < KB_WEIGHT_MINOR)
		return;
	out->changes = kb_diff_summary(c->arena, diff);
	out->since = step.len && !changed_below(diff, heading_of(from, step)) &&
				     !changed_below(diff, heading_of(to, step))
			     ? KB_FEEDBACK_ELSEWHERE
			     : KB_FEEDBACK_CHANGED;
}

void kb_feedback_compare(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_feedback *feedback, struct kb_arena *arena,
	struct kb_feedback_state *out)
{
	struct comparing c = {lib, history, feedback, arena};
	const struct kb_history_version *then;
	struct kb_version *from, *to;

	out->since =
		feedback->doc || feedback->issue ? KB_FEEDBACK_UNKNOWN : KB_FEEDBACK_GONE;
	then = feedback->doc && history ? read_version(&c) : NULL;
	if (!then)
		return;
	out->since = KB_FEEDBACK_SAME;
	if (strcmp(then->blob, feedback->doc->facts->blob) == 0)
		return;
	from = version_of(&c, then);
	to = version_of(&c, NULL);
	out->since = KB_FEEDBACK_UNKNOWN;
	if (from && to)
		compare_versions(&c, from, to, out);
}

kb_str kb_feedback_since_text(
	struct kb_arena *arena, const struct kb_feedback_state *state)
{
	const char *part = state->feedback->step.len ? "step" : "text";

	switch (state->since) {
	case KB_FEEDBACK_CHANGED:
		return kb_arena_fmt(arena, "the %s changed since: %.*s", part,
			KB_ARG(state->changes));
	case KB_FEEDBACK_ELSEWHERE:
		return kb_arena_fmt(arena,
			"the step is the same, other parts changed since: %.*s",
			KB_ARG(state->changes));
	case KB_FEEDBACK_SAME:
		return kb_arena_fmt(arena, "the %s has not changed since", part);
	case KB_FEEDBACK_GONE:
		return kb_arena_fmt(arena, "the %s is gone",
			state->feedback->step.len ? "step" : "document");
	default:
		return KB_STR("");
	}
}

/* Which reports */

static bool is_one_of(const kb_strs *list, kb_str word)
{
	for (size_t i = 0; list && i < list->len; i++)
		if (kb_str_eq(list->items[i], word))
			return true;
	return !list || list->len == 0;
}

static bool is_about(const struct kb_library *lib, const struct kb_feedback *feedback,
	const struct kb_issue *top)
{
	return kb_issue_below(lib->taxonomy, feedback->issue, top) ||
	       (feedback->doc && kb_issues_below(lib->taxonomy,
					 &feedback->doc->facts->issues, top));
}

static bool is_wanted(const struct kb_library *lib, const struct kb_feedback *feedback,
	const struct kb_feedback_filter *filter)
{
	return is_one_of(filter->owners, feedback->owner) &&
	       is_one_of(filter->ids,
		       feedback->family ? feedback->family->id : KB_STR("")) &&
	       (!filter->issue || is_about(lib, feedback, filter->issue)) &&
	       (filter->locale == KB_NONE || filter->locale == feedback->locale) &&
	       (!filter->open || kb_feedback_is_open(feedback));
}

static int state_cmp(const void *pa, const void *pb)
{
	const struct kb_feedback_state *a = pa, *b = pb;
	bool open_a = kb_feedback_is_open(a->feedback),
	     open_b = kb_feedback_is_open(b->feedback);

	if (open_a != open_b)
		return open_a ? -1 : 1;
	if (a->days != b->days)
		return a->days > b->days ? -1 : 1;
	return kb_str_cmp(a->feedback->path, b->feedback->path);
}

static bool is_late(const struct kb_library *lib, const struct kb_feedback *feedback)
{
	struct kb_interval most = {.days = 30};
	kb_str zone = lib->config->timezone;

	kb_interval_parse(kb_node_str(kb_node_get(kb_node_get(lib->config->root, "audit"),
				  "feedback_age")),
		&most);
	return feedback->created && kb_feedback_is_open(feedback) &&
	       kb_day_number(zone, lib->now) >
		       kb_day_number(
			       zone, kb_interval_after(zone, feedback->created, most));
}

void kb_feedback_find(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_feedbacks *all, const struct kb_feedback_filter *filter,
	struct kb_arena *arena, struct kb_feedback_list *out)
{
	kb_str zone = lib->config->timezone;

	*out = (struct kb_feedback_list){
		.items = kb_arena_array(arena, struct kb_feedback_state, all->len + 1)};
	for (size_t i = 0; i < all->len; i++) {
		const struct kb_feedback *feedback = &all->items[i];
		struct kb_feedback_state *state = &out->items[out->len];
		int64_t days = kb_day_number(zone, lib->now) -
			       kb_day_number(zone, feedback->created);

		if (!is_wanted(lib, feedback, filter))
			continue;
		*state = (struct kb_feedback_state){
			.feedback = feedback, .late = is_late(lib, feedback)};
		if (feedback->created && days > 0)
			state->days = (uint32_t)days;
		kb_feedback_compare(lib, history, feedback, arena, state);
		out->open += kb_feedback_is_open(feedback);
		out->len++;
	}
	qsort(out->items, out->len, sizeof(*out->items), state_cmp);
}

static void add_item(const struct kb_library *lib, const struct kb_feedback_state *state,
	struct kb_arena *arena, struct kb_value *map)
{
	static const char *const since[] = {
		"unknown", "same", "elsewhere", "changed", "gone"};
	const struct kb_feedback *it = state->feedback;

	kb_value_set_str(arena, map, "id", it->id);
	kb_value_set_str(arena, map, "path", it->path);
	if (it->family)
		kb_value_set_str(arena, map, "document", it->family->id);
	if (it->issue)
		kb_value_set_str(arena, map, "issue", it->issue->id);
	if (it->locale != KB_NONE)
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[it->locale].code);
	kb_value_set_opt(arena, map, "step", it->step);
	kb_value_set_opt(arena, map, "revision", it->revision);
	kb_value_set_str(arena, map, "kind", kb_str_of(kb_feedback_kinds[it->kind]));
	kb_value_set_str(
		arena, map, "status", kb_str_of(kb_feedback_statuses[it->status]));
	kb_value_set_bool(arena, map, "open", kb_feedback_is_open(it));
	kb_value_set_bool(arena, map, "late", state->late);
	kb_value_set_opt(arena, map, "owner", it->owner);
	kb_value_set_opt(arena, map, "reporter", it->reporter);
	if (it->created)
		kb_value_set_str(arena, map, "created",
			kb_day_format(arena, lib->config->timezone, it->created));
	kb_value_set_int(arena, map, "days", state->days);
	kb_value_set_str(arena, map, "text", it->text);
	kb_value_set_opt(arena, map, "note", it->note);
	kb_value_set_str(arena, map, "since", kb_str_of(since[state->since]));
	kb_value_set_opt(arena, map, "changes", state->changes);
}

void kb_feedback_value(const struct kb_library *lib, const struct kb_feedback_list *list,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *items;

	kb_value_set_int(arena, root, "open", (long long)list->open);
	items = kb_value_set_list(arena, root, "feedback");
	for (size_t i = 0; i < list->len; i++)
		add_item(lib, &list->items[i], arena, kb_value_push_map(arena, items));
}
