/* An answer as data: schemas/api/case.json. */
#include "kb/answer.h"
#include "kb/fill.h"
#include "kb/unicode.h"

struct writer {
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
	struct kb_json *json;
	struct kb_arena *arena;
	struct kb_error *err;
};

static void pair_if(struct writer *w, const char *key, kb_str value)
{
	if (value.len)
		kb_json_pair(w->json, key, value);
}

static void pair_int(struct writer *w, const char *key, long long value)
{
	kb_json_key(w->json, key);
	kb_json_int(w->json, value);
}

static void put_list(struct writer *w, const char *key, const kb_strs *list)
{
	if (!list->len)
		return;
	kb_json_key(w->json, key);
	kb_json_array(w->json);
	for (size_t i = 0; i < list->len; i++)
		kb_json_str(w->json, list->items[i]);
	kb_json_array_end(w->json);
}

static kb_str label(struct writer *w, const struct kb_issue *issue)
{
	kb_str text = kb_l10n_get(w->lib->config, &issue->label, w->answer->query.locale);

	return text.len ? text : issue->id;
}

/* From the top of the tree down to the issue itself. */
static void put_path(struct writer *w, const struct kb_issue *issue)
{
	const struct kb_issue *parent =
		kb_answer_parent(w->lib, &w->answer->query, issue);

	if (parent)
		put_path(w, parent);
	kb_json_object(w->json);
	kb_json_pair(w->json, "id", issue->id);
	kb_json_pair(w->json, "label", label(w, issue));
	kb_json_object_end(w->json);
}

static void put_owner(struct writer *w, const struct kb_person *owner)
{
	if (!owner)
		return;
	kb_json_key(w->json, "owner");
	kb_json_object(w->json);
	kb_json_pair(w->json, "id", owner->id);
	pair_if(w, "name", owner->name);
	pair_if(w, "email", owner->email);
	pair_if(w, "contact", owner->contact);
	pair_if(w, "hours", owner->hours);
	kb_json_object_end(w->json);
}

static void put_issue(struct writer *w)
{
	const struct kb_issue *issue = w->answer->query.issue;

	kb_json_key(w->json, "issue");
	kb_json_object(w->json);
	kb_json_pair(w->json, "id", issue->id);
	kb_json_pair(w->json, "label", label(w, issue));
	pair_if(w, "description",
		kb_l10n_get(
			w->lib->config, &issue->description, w->answer->query.locale));
	kb_json_key(w->json, "path");
	kb_json_array(w->json);
	put_path(w, issue);
	kb_json_array_end(w->json);
	if (issue->retired) {
		kb_json_key(w->json, "retired");
		kb_json_bool(w->json, true);
	}
	if (issue->tier && w->answer->trusted)
		pair_int(w, "tier", issue->tier);
	put_owner(w, w->answer->owner);
	kb_json_object_end(w->json);
}

static void put_head(
	struct writer *w, const struct kb_answer_item *item, struct kb_render *render)
{
	const struct kb_document *doc = item->doc;
	const struct kb_config *config = w->lib->config;

	kb_json_pair(w->json, "id", doc->id);
	kb_json_pair(w->json, "locale", config->locales[doc->locale].code);
	if (item->fallback) {
		kb_json_key(w->json, "fallback");
		kb_json_bool(w->json, true);
	}
	kb_json_pair(
		w->json, "title", kb_render_line(render, w->arena, doc->facts->title));
	pair_if(w, "summary", kb_render_line(render, w->arena, doc->facts->summary));
	kb_json_pair(w->json, "path", doc->path);
	pair_if(w, "url",
		doc->facts->audience == 0 ? kb_public_url(w->lib, w->arena, doc->family,
						    w->answer->query.locale, KB_STR(""))
					  : KB_STR(""));
	pair_if(w, "issue", item->issue ? item->issue->id : KB_STR(""));
	pair_if(w, "variant_of", item->general ? item->general->id : KB_STR(""));
	put_list(w, "regions", &doc->facts->regions);
	put_list(w, "channels", &doc->facts->channels);
	pair_if(w, "owner", w->answer->trusted ? doc->facts->owner : KB_STR(""));
	if (doc->facts->reviewed)
		kb_json_pair(w->json, "reviewed",
			kb_day_format(w->arena, config->timezone, doc->facts->reviewed));
}

/* Text and HTML of one section, a step's without its answers. */
static int put_text(struct writer *w, struct kb_render *render, uint32_t section)
{
	struct kb_render_part part = {.from = section,
		.to = section + 1,
		.no_first_heading = true,
		.no_list = section > 0};
	kb_str text, html;

	if (kb_render_text(render, &part, w->arena, &text, w->err) < 0 ||
		kb_render_html(render, &part, w->arena, &html, w->err) < 0)
		return -1;
	kb_json_pair(w->json, "text", text);
	kb_json_pair(w->json, "html", html);
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
static bool find_target(struct writer *w, const struct kb_document *doc, uint32_t link,
	struct kb_target *target)
{
	const struct kb_answer_query *query = &w->answer->query;

	kb_link_resolve(w->lib, w->arena, doc, query->locale,
		doc->facts->body.links[link].dest, target);
	return doc->facts->body.links[link].audience <= query->audience &&
	       kb_target_visible(w->lib, doc, query->locale, target, query->audience);
}

/* The workflow that a link leads to, and the step of it. */
static void put_target(struct writer *w, const struct kb_target *target)
{
	pair_if(w, "workflow", target->family ? target->family->id : KB_STR(""));
	pair_if(w, "step", target->fragment);
}

static void put_edge(struct writer *w, const struct kb_document *doc,
	struct kb_render *render, const struct kb_edge *edge)
{
	const struct kb_workflow *workflow = doc->workflow;
	struct kb_target target;

	kb_json_object(w->json);
	pair_if(w, "answer", kb_render_line(render, w->arena, edge->answer));
	pair_if(w, "note", kb_render_line(render, w->arena, edge->note));
	kb_json_pair(w->json, "kind", kb_str_of(edge_kind(edge)));
	if (edge->kind == KB_EDGE_STEP)
		kb_json_pair(w->json, "step",
			doc->facts->body.headings[workflow->steps[edge->step].heading]
				.id);
	if (edge->kind == KB_EDGE_ESCALATE && w->answer->trusted)
		kb_json_pair(w->json, "team", edge->team);
	if (edge->kind == KB_EDGE_HANDOVER && find_target(w, doc, edge->link, &target))
		put_target(w, &target);
	kb_json_object_end(w->json);
}

/* Workflows that the step's text sends the agent through. */
static void put_calls(
	struct writer *w, const struct kb_document *doc, const struct kb_step *step)
{
	struct kb_target target;

	if (!step->ncalls)
		return;
	kb_json_key(w->json, "calls");
	kb_json_array(w->json);
	for (uint32_t i = 0; i < step->ncalls; i++) {
		if (!find_target(w, doc, step->calls[i], &target))
			continue;
		kb_json_object(w->json);
		put_target(w, &target);
		kb_json_object_end(w->json);
	}
	kb_json_array_end(w->json);
}

static int put_step(struct writer *w, const struct kb_document *doc,
	struct kb_render *render, const struct kb_step *step)
{
	const struct kb_heading *heading = &doc->facts->body.headings[step->heading];

	kb_json_object(w->json);
	kb_json_pair(w->json, "id", heading->id);
	kb_json_pair(w->json, "title", kb_render_line(render, w->arena, heading->text));
	if (put_text(w, render, step->section) < 0)
		return -1;
	put_calls(w, doc, step);
	kb_json_key(w->json, "answers");
	kb_json_array(w->json);
	for (uint32_t k = 0; k < step->nedges; k++)
		put_edge(w, doc, render, &step->edges[k]);
	kb_json_array_end(w->json);
	kb_json_object_end(w->json);
	return 0;
}

static int put_workflow(
	struct writer *w, const struct kb_document *doc, struct kb_render *render)
{
	kb_json_key(w->json, "introduction");
	kb_json_object(w->json);
	if (put_text(w, render, 0) < 0)
		return -1;
	kb_json_object_end(w->json);
	kb_json_key(w->json, "steps");
	kb_json_array(w->json);
	for (uint32_t i = 0; i < doc->workflow->nsteps; i++)
		if (put_step(w, doc, render, &doc->workflow->steps[i]) < 0)
			return -1;
	kb_json_array_end(w->json);
	return 0;
}

static void put_placeholder(struct writer *w, const struct kb_placeholder *one)
{
	kb_json_object(w->json);
	kb_json_pair(w->json, "name", one->name);
	pair_if(w, "description", one->description);
	if (one->has_example)
		kb_json_pair(w->json, "example", one->example);
	if (one->has_default)
		kb_json_pair(w->json, "default", one->default_value);
	put_list(w, "values", &one->values);
	kb_json_key(w->json, "required");
	kb_json_bool(w->json, one->required);
	kb_json_object_end(w->json);
}

static int put_channel(
	struct writer *w, const struct kb_document *doc, const struct kb_channel *channel)
{
	struct kb_fill fill = {.doc = doc, .channel = channel};
	struct kb_filled filled;

	if (kb_reply_fill(w->lib, w->reader, &fill, w->arena, &filled, w->err) < 0)
		return -1;
	if (!filled.text.len)
		return 0;
	kb_json_object(w->json);
	pair_if(w, "channel", channel ? channel->id : KB_STR(""));
	pair_if(w, "subject", filled.subject);
	kb_json_pair(w->json, "text", filled.text);
	pair_if(w, "html", filled.html);
	pair_int(w, "length", (long long)filled.length);
	if (filled.segments)
		pair_int(w, "segments", filled.segments);
	kb_json_object_end(w->json);
	return 0;
}

/* A text for each channel that the reply names; else one for the rest, and those that
 * channels have of their own. With a channel asked for, its text alone. */
static int put_texts(struct writer *w, const struct kb_document *doc)
{
	const struct kb_channel *only = w->answer->query.channel;
	const struct kb_reply *reply = doc->reply;

	if (only)
		return put_channel(w, doc, only);
	for (size_t i = 0; i < doc->facts->channels.len; i++) {
		const struct kb_channel *channel =
			kb_config_channel(w->lib->config, doc->facts->channels.items[i]);

		if (channel && put_channel(w, doc, channel) < 0)
			return -1;
	}
	for (uint32_t i = 0; !doc->facts->channels.len && i < reply->nparts; i++)
		if (put_channel(w, doc, reply->parts[i].channel) < 0)
			return -1;
	return 0;
}

static int put_reply(struct writer *w, const struct kb_document *doc)
{
	kb_json_key(w->json, "texts");
	kb_json_array(w->json);
	if (put_texts(w, doc) < 0)
		return -1;
	kb_json_array_end(w->json);
	kb_json_key(w->json, "placeholders");
	kb_json_array(w->json);
	for (uint32_t i = 0; i < doc->reply->nplaceholders; i++)
		put_placeholder(w, &doc->reply->placeholders[i]);
	kb_json_array_end(w->json);
	return 0;
}

static int put_item(struct writer *w, const struct kb_answer_item *item)
{
	struct kb_render_options options = {
		.locale = w->answer->query.locale, .audience = w->answer->query.audience};
	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	int status = 0;

	if (kb_render_open(&render, w->lib, w->reader, item->doc, &options, w->err) < 0)
		return -1;
	kb_json_object(w->json);
	put_head(w, item, render);
	if (item->doc->workflow)
		status = put_workflow(w, item->doc, render);
	else if (item->doc->reply)
		status = put_reply(w, item->doc);
	kb_json_object_end(w->json);
	return status;
}

static int put_answer(struct writer *w)
{
	static const struct {
		const char *key;
		enum kb_type type;
	} lists[] = {{"workflows", KB_WORKFLOW}, {"replies", KB_REPLY},
		{"articles", KB_ARTICLE}, {"reference", KB_REFERENCE}};
	const struct kb_answer_query *query = &w->answer->query;

	pair_int(w, "version", 1);
	put_issue(w);
	kb_json_pair(w->json, "locale", w->lib->config->locales[query->locale].code);
	pair_if(w, "region", query->region);
	pair_if(w, "channel", query->channel ? query->channel->id : KB_STR(""));
	for (size_t i = 0; i < KB_LEN(lists); i++) {
		const struct kb_answer_list *list = &w->answer->types[lists[i].type];

		kb_json_key(w->json, lists[i].key);
		kb_json_array(w->json);
		for (size_t k = 0; k < list->len; k++)
			if (put_item(w, &list->items[k]) < 0)
				return -1;
		kb_json_array_end(w->json);
	}
	return 0;
}

int kb_answer_json_members(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, struct kb_json *json, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct writer w = {.lib = lib,
		.reader = reader,
		.answer = answer,
		.json = json,
		.arena = arena,
		.err = err};

	return put_answer(&w);
}

int kb_answer_json(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, struct kb_json *json, struct kb_error *err)
{
	kb_json_object(json);
	if (kb_answer_json_members(lib, reader, answer, json, err) < 0)
		return -1;
	kb_json_object_end(json);
	return 0;
}
