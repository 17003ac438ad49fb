/* An answer as data: schemas/api/case.json. */
#include "kb/answer.h"
#include "kb/fill.h"
#include "kb/unicode.h"

struct answer_writer {
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
	struct kb_arena *arena;
	struct kb_error *err;
};

static kb_str label(const struct answer_writer *a, const struct kb_issue *issue)
{
	kb_str text = kb_l10n_get(a->lib->config, &issue->label, a->answer->query.locale);

	return text.len ? text : issue->id;
}

/* From the top of the tree down to the issue itself. */
static void push_path(const struct answer_writer *a, const struct kb_issue *issue,
	struct kb_value *list)
{
	const struct kb_issue *parent =
		kb_answer_parent(a->lib, &a->answer->query, issue);
	struct kb_value *map;

	if (parent)
		push_path(a, parent, list);
	map = kb_value_push_map(a->arena, list);
	kb_value_set_str(a->arena, map, "id", issue->id);
	kb_value_set_str(a->arena, map, "label", label(a, issue));
}

static void set_owner(const struct answer_writer *a, const struct kb_person *owner,
	struct kb_value *issue)
{
	const struct kb_config *config = a->lib->config;
	uint32_t locale = a->answer->query.locale;
	struct kb_value *map;

	if (!owner)
		return;
	map = kb_value_set_map(a->arena, issue, "owner");
	kb_value_set_str(a->arena, map, "id", owner->id);
	kb_value_set_opt(
		a->arena, map, "name", kb_l10n_get(config, &owner->local.name, locale));
	kb_value_set_opt(a->arena, map, "email", owner->email);
	kb_value_set_opt(a->arena, map, "contact",
		kb_l10n_get(config, &owner->local.contact, locale));
	kb_value_set_opt(
		a->arena, map, "hours", kb_l10n_get(config, &owner->local.hours, locale));
}

static void set_issue(const struct answer_writer *a, struct kb_value *root)
{
	const struct kb_issue *issue = a->answer->query.issue;
	struct kb_value *map = kb_value_set_map(a->arena, root, "issue");

	kb_value_set_str(a->arena, map, "id", issue->id);
	kb_value_set_str(a->arena, map, "label", label(a, issue));
	kb_value_set_opt(a->arena, map, "description",
		kb_l10n_get(
			a->lib->config, &issue->description, a->answer->query.locale));
	push_path(a, issue, kb_value_set_list(a->arena, map, "path"));
	if (issue->retired)
		kb_value_set_bool(a->arena, map, "retired", true);
	if (issue->tier && a->answer->trusted)
		kb_value_set_int(a->arena, map, "tier", issue->tier);
	set_owner(a, a->answer->owner, map);
}

static void set_list(const struct answer_writer *a, struct kb_value *map, const char *key,
	const kb_strs *list)
{
	if (list->len)
		kb_value_set_strs(a->arena, map, key, list);
}

static void set_head(const struct answer_writer *a, const struct kb_answer_item *item,
	struct kb_render *render, struct kb_value *map)
{
	const struct kb_document *doc = item->doc;
	const struct kb_facts *facts = doc->facts;
	const struct kb_config *config = a->lib->config;
	struct kb_arena *arena = a->arena;

	kb_value_set_str(arena, map, "id", doc->id);
	kb_value_set_str(arena, map, "locale", config->locales[doc->locale].code);
	if (item->fallback)
		kb_value_set_bool(arena, map, "fallback", true);
	kb_value_set_str(
		arena, map, "title", kb_render_line(render, arena, facts->title));
	kb_value_set_opt(
		arena, map, "summary", kb_render_line(render, arena, facts->summary));
	kb_value_set_str(arena, map, "path", doc->path);
	if (facts->audience == 0)
		kb_value_set_opt(arena, map, "url",
			kb_public_url(a->lib, arena, doc->family, a->answer->query.locale,
				KB_STR("")));
	if (item->issue)
		kb_value_set_str(arena, map, "issue", item->issue->id);
	if (item->general)
		kb_value_set_str(arena, map, "variant_of", item->general->id);
	set_list(a, map, "regions", &facts->regions);
	set_list(a, map, "channels", &facts->channels);
	if (a->answer->trusted)
		kb_value_set_opt(arena, map, "owner", facts->owner);
	if (facts->reviewed)
		kb_value_set_str(arena, map, "reviewed",
			kb_day_format(arena, config->timezone, facts->reviewed));
}

/* Text and HTML of one section, a step's without its answers. */
static int set_text(const struct answer_writer *a, struct kb_render *render,
	uint32_t section, struct kb_value *map)
{
	struct kb_render_part part = {.from = section,
		.to = section + 1,
		.no_first_heading = true,
		.no_list = section > 0};
	kb_str text, html;

	if (kb_render_text(render, &part, a->arena, &text, a->err) < 0 ||
		kb_render_html(render, &part, a->arena, &html, a->err) < 0)
		return -1;
	kb_value_set_str(a->arena, map, "text", text);
	kb_value_set_str(a->arena, map, "html", html);
	return 0;
}

static const char *edge_kind(const struct kb_edge *edge)
{
	static const char *const names[] = {[KB_EDGE_STEP] = "step",
		[KB_EDGE_HANDOVER] = "workflow",
		[KB_EDGE_RESOLVED] = "resolved",
		[KB_EDGE_WAITING] = "waiting",
		[KB_EDGE_CLOSED] = "closed",
		[KB_EDGE_ESCALATE] = "escalate",
		[KB_EDGE_UNKNOWN] = "unknown"};

	return edge->next ? "next" : names[edge->kind];
}

/* False: the readers do not see the link, or may not know where it leads. */
static bool find_target(const struct answer_writer *a, const struct kb_document *doc,
	uint32_t link, struct kb_target *target)
{
	const struct kb_answer_query *query = &a->answer->query;

	kb_link_resolve(a->lib, a->arena, doc, query->locale,
		doc->facts->body.links[link].dest, target);
	return doc->facts->body.links[link].audience <= query->audience &&
	       kb_target_visible(a->lib, doc, query->locale, target, query->audience);
}

/* The workflow that a link leads to, and the step of it. */
static void set_target(const struct answer_writer *a, const struct kb_target *target,
	struct kb_value *map)
{
	if (target->family)
		kb_value_set_str(a->arena, map, "workflow", target->family->id);
	kb_value_set_opt(a->arena, map, "step", target->fragment);
}

static void push_edge(const struct answer_writer *a, const struct kb_document *doc,
	struct kb_render *render, const struct kb_edge *edge, struct kb_value *answers)
{
	struct kb_value *map = kb_value_push_map(a->arena, answers);
	const struct kb_heading *headings = doc->facts->body.headings;
	struct kb_target target;

	kb_value_set_opt(
		a->arena, map, "answer", kb_render_line(render, a->arena, edge->answer));
	kb_value_set_opt(
		a->arena, map, "note", kb_render_line(render, a->arena, edge->note));
	kb_value_set_name(a->arena, map, "kind", edge_kind(edge));
	if (edge->kind == KB_EDGE_STEP)
		kb_value_set_str(a->arena, map, "step",
			headings[doc->workflow->steps[edge->step].heading].id);
	if (edge->kind == KB_EDGE_ESCALATE && a->answer->trusted)
		kb_value_set_str(a->arena, map, "team", edge->team);
	if (edge->kind == KB_EDGE_HANDOVER && find_target(a, doc, edge->link, &target))
		set_target(a, &target, map);
}

/* Workflows that the step's text sends the agent through. */
static void set_calls(const struct answer_writer *a, const struct kb_document *doc,
	const struct kb_step *step, struct kb_value *map)
{
	struct kb_value *list;
	struct kb_target target;

	if (!step->ncalls)
		return;
	list = kb_value_set_list(a->arena, map, "calls");
	for (uint32_t i = 0; i < step->ncalls; i++)
		if (find_target(a, doc, step->calls[i], &target))
			set_target(a, &target, kb_value_push_map(a->arena, list));
}

static int push_step(const struct answer_writer *a, const struct kb_document *doc,
	struct kb_render *render, const struct kb_step *step, struct kb_value *steps)
{
	const struct kb_heading *heading = &doc->facts->body.headings[step->heading];
	struct kb_value *map = kb_value_push_map(a->arena, steps), *answers;

	kb_value_set_str(a->arena, map, "id", heading->id);
	kb_value_set_str(
		a->arena, map, "title", kb_render_line(render, a->arena, heading->text));
	if (set_text(a, render, step->section, map) < 0)
		return -1;
	set_calls(a, doc, step, map);
	answers = kb_value_set_list(a->arena, map, "answers");
	for (uint32_t k = 0; k < step->nedges; k++)
		push_edge(a, doc, render, &step->edges[k], answers);
	return 0;
}

static int set_workflow(const struct answer_writer *a, const struct kb_document *doc,
	struct kb_render *render, struct kb_value *map)
{
	struct kb_value *introduction = kb_value_set_map(a->arena, map, "introduction");
	struct kb_value *steps;

	if (set_text(a, render, 0, introduction) < 0)
		return -1;
	steps = kb_value_set_list(a->arena, map, "steps");
	for (uint32_t i = 0; i < doc->workflow->nsteps; i++)
		if (push_step(a, doc, render, &doc->workflow->steps[i], steps) < 0)
			return -1;
	return 0;
}

static void push_placeholder(const struct answer_writer *a,
	const struct kb_placeholder *one, struct kb_value *list)
{
	struct kb_value *map = kb_value_push_map(a->arena, list);

	kb_value_set_str(a->arena, map, "name", one->name);
	kb_value_set_opt(a->arena, map, "description", one->description);
	if (one->has_example)
		kb_value_set_str(a->arena, map, "example", one->example);
	if (one->has_default)
		kb_value_set_str(a->arena, map, "default", one->default_value);
	set_list(a, map, "values", &one->values);
	kb_value_set_bool(a->arena, map, "required", one->required);
}

static int push_channel(const struct answer_writer *a, const struct kb_document *doc,
	const struct kb_channel *channel, struct kb_value *texts)
{
	struct kb_fill fill = {.doc = doc, .channel = channel};
	struct kb_filled filled;
	struct kb_value *map;

	if (kb_reply_fill(a->lib, a->reader, &fill, a->arena, &filled, a->err) < 0)
		return -1;
	if (!filled.text.len)
		return 0;
	map = kb_value_push_map(a->arena, texts);
	if (channel)
		kb_value_set_str(a->arena, map, "channel", channel->id);
	kb_filled_value(&filled, a->arena, map);
	return 0;
}

/* A text for each channel that the reply names; else one for the rest, and those that
 * channels have of their own. With a channel asked for, its text alone. */
static int push_texts(const struct answer_writer *a, const struct kb_document *doc,
	struct kb_value *texts)
{
	const struct kb_channel *only = a->answer->query.channel;
	const struct kb_reply *reply = doc->reply;

	if (only)
		return push_channel(a, doc, only, texts);
	for (size_t i = 0; i < doc->facts->channels.len; i++) {
		const struct kb_channel *channel =
			kb_config_channel(a->lib->config, doc->facts->channels.items[i]);

		if (channel && push_channel(a, doc, channel, texts) < 0)
			return -1;
	}
	for (uint32_t i = 0; !doc->facts->channels.len && i < reply->nparts; i++)
		if (push_channel(a, doc, reply->parts[i].channel, texts) < 0)
			return -1;
	return 0;
}

static int set_reply(const struct answer_writer *a, const struct kb_document *doc,
	struct kb_value *map)
{
	struct kb_value *placeholders;

	if (push_texts(a, doc, kb_value_set_list(a->arena, map, "texts")) < 0)
		return -1;
	placeholders = kb_value_set_list(a->arena, map, "placeholders");
	for (uint32_t i = 0; i < doc->reply->nplaceholders; i++)
		push_placeholder(a, &doc->reply->placeholders[i], placeholders);
	return 0;
}

static int push_item(const struct answer_writer *a, const struct kb_answer_item *item,
	struct kb_value *list)
{
	struct kb_render_options options = {
		.locale = a->answer->query.locale, .audience = a->answer->query.audience};

	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	struct kb_value *map = kb_value_push_map(a->arena, list);

	if (kb_render_open(&render, a->lib, a->reader, item->doc, &options, a->err) < 0)
		return -1;
	set_head(a, item, render, map);
	if (item->doc->workflow)
		return set_workflow(a, item->doc, render, map);
	return item->doc->reply ? set_reply(a, item->doc, map) : 0;
}

int kb_answer_value(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, struct kb_arena *arena, struct kb_value *root,
	struct kb_error *err)
{
	static const struct {
		const char *key;
		enum kb_type type;
	} lists[] = {{"workflows", KB_WORKFLOW}, {"replies", KB_REPLY},
		{"articles", KB_ARTICLE}, {"reference", KB_REFERENCE}};
	const struct answer_writer a = {lib, reader, answer, arena, err};
	const struct kb_answer_query *query = &answer->query;

	set_issue(&a, root);
	kb_value_set_str(arena, root, "locale", lib->config->locales[query->locale].code);
	kb_value_set_opt(arena, root, "region", query->region);
	if (query->channel)
		kb_value_set_str(arena, root, "channel", query->channel->id);
	for (size_t i = 0; i < KB_LEN(lists); i++) {
		const struct kb_answer_list *list = &answer->types[lists[i].type];
		struct kb_value *items = kb_value_set_list(arena, root, lists[i].key);

		for (size_t k = 0; k < list->len; k++)
			if (push_item(&a, &list->items[k], items) < 0)
				return -1;
	}
	return 0;
}
