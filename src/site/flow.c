#include "pages.h"

#include "kb/diagram.h"
#include "kb/unicode.h"
#include "kb/value.h"
#include "text.h"

/* Workflow pages: the steps as text and the graph that they form as a diagram. */

/* Of labels, in characters: beside the steps, width is what a map lacks. */
enum { LABEL_WIDTH = 14, TARGETS_MAX = 64 };

enum { REVISION_LEN = 10 };

/* Edges leave a box below and reach the next one from above, which keeps them off other
 * boxes. */
#define LAYOUT                                                                           \
	"nodesep=0.3; ranksep=0.5;\n"                                                    \
	"edge [tailport=s headport=n];\n"

/* A node of the diagram that is not a step: an outcome, another workflow, a call. */
struct target {
	const char *class;
	kb_str label, href;
};

struct flow {
	struct job *job;
	const struct kb_document *doc;
	const struct kb_workflow *workflow;
	struct site_text *text;
	kb_buf dot;
	struct target targets[TARGETS_MAX]; /* of the step that is drawn */
	uint32_t ntargets, drawn;	    /* of this step, of those before it */
};

static const char *const edge_kinds[] = {[KB_EDGE_STEP] = "step",
	[KB_EDGE_HANDOVER] = "workflow",
	[KB_EDGE_RESOLVED] = "resolved",
	[KB_EDGE_WAITING] = "waiting",
	[KB_EDGE_CLOSED] = "closed",
	[KB_EDGE_ESCALATE] = "escalate",
	[KB_EDGE_UNKNOWN] = "closed"};

static const struct kb_heading *heading_of(const struct flow *flow, uint32_t step)
{
	return &flow->doc->facts->body.headings[flow->workflow->steps[step].heading];
}

static kb_str step_title(struct flow *flow, uint32_t step)
{
	return expanded(flow->job, flow->doc, heading_of(flow, step)->text);
}

/* The team's name, for those who may see it. */
static kb_str escalation(struct flow *flow, const struct kb_edge *edge, kb_str *detail)
{
	struct job *job = flow->job;
	const struct kb_config *config = job->site->config;
	uint32_t locale = job->locale->index;
	const struct kb_person *team;
	kb_str name, contact, hours;

	*detail = KB_STR("");
	if (!job->site->trusted)
		return string(job, "contact_title");
	team = kb_people_find(job->site->lib->people, edge->team);
	if (!team)
		return message(job, "end_escalate", edge->team, KB_STR(""));
	name = kb_l10n_get(config, &team->local.name, locale);
	contact = kb_l10n_get(config, &team->local.contact, locale);
	hours = kb_l10n_get(config, &team->local.hours, locale);
	*detail = contact.len && hours.len ? kb_arena_fmt(job->arena, "%.*s, %.*s",
						     KB_ARG(contact), KB_ARG(hours))
		  : contact.len		   ? contact
					   : hours;
	return message(job, "end_escalate", name.len ? name : edge->team, KB_STR(""));
}

/* The title of what a link of the workflow leads to, when it leads to a page. */
static bool linked_title(struct flow *flow, uint32_t link, kb_str *title, kb_str *href)
{
	struct job *job = flow->job;
	struct kb_md_href target;
	struct kb_target resolved;
	struct kb_document *doc;
	kb_str dest;

	if (link == KB_NONE)
		return false;
	dest = flow->doc->facts->body.links[link].dest;
	if (!text_href(flow->text, dest, false, &target))
		return false;
	resolve_link(job, flow->doc, job->locale->index, dest, &resolved);
	doc = resolved.family ? plan_find(job->site, resolved.family, job->locale->index)
			      : NULL;
	if (!doc)
		return false;
	*title = title_of(job, doc);
	*href = target.href;
	return true;
}

static void edge_target(struct flow *flow, const struct kb_edge *edge, kb_str *label,
	kb_str *href, kb_str *detail)
{
	struct job *job = flow->job;
	kb_str title;

	*href = *detail = KB_STR("");
	switch (edge->kind) {
	case KB_EDGE_STEP:
		*label = step_title(flow, edge->step);
		*href = kb_arena_fmt(
			job->arena, "#%.*s", KB_ARG(heading_of(flow, edge->step)->id));
		break;
	case KB_EDGE_HANDOVER:
		*label = linked_title(flow, edge->link, &title, href)
				 ? message(job, "handover", title, KB_STR(""))
				 : string(job, "end_closed");
		break;
	case KB_EDGE_RESOLVED:
		*label = string(job, "end_resolved");
		break;
	case KB_EDGE_WAITING:
		*label = string(job, "end_waiting");
		break;
	case KB_EDGE_ESCALATE:
		*label = escalation(flow, edge, detail);
		break;
	default:
		*label = string(job, "end_closed");
	}
}

/* A link of the item, behind the one that is the answer. */
static void put_link(
	struct flow *flow, kb_buf *out, const struct kb_link *link, kb_str text)
{
	struct kb_md_href target;
	bool leads = link->audience <= flow->job->site->audience &&
		     text_href(flow->text, link->dest, false, &target);

	if (leads) {
		kb_buf_puts(out, "<a href=\"");
		kb_buf_html(out, target.href);
		if (target.lang.len) {
			kb_buf_puts(out, "\" hreflang=\"");
			kb_buf_html(out, target.lang);
		}
		kb_buf_puts(out, "\">");
	}
	kb_buf_html(out, expanded(flow->job, flow->doc, text));
	kb_buf_puts(out, leads ? "</a>" : "");
}

/* The text after an answer: plain text in the facts, with its links added again. UNTIL:
 * the first link that is not the item's. */
static kb_str note_html(struct flow *flow, const struct kb_edge *edge, uint32_t until)
{
	const struct kb_link *links = flow->doc->facts->body.links;
	_cleanup_buf_ kb_buf out = {0};
	kb_str rest = edge->note;

	for (uint32_t i = edge->link == KB_NONE ? until : edge->link + 1; i < until;
		i++) {
		size_t at =
			links[i].text.len ? kb_str_find(rest, links[i].text) : SIZE_MAX;

		if (at == SIZE_MAX)
			continue;
		kb_buf_html(
			&out, expanded(flow->job, flow->doc, kb_str_sub(rest, 0, at)));
		put_link(flow, &out, &links[i], links[i].text);
		rest = kb_str_sub(rest, at + links[i].text.len, rest.len);
	}
	kb_buf_html(&out, expanded(flow->job, flow->doc, rest));
	return kb_arena_str(flow->job->arena, kb_buf_view(&out));
}

static struct kb_value *answer_value(
	struct flow *flow, const struct kb_edge *edge, uint32_t until)
{
	struct job *job = flow->job;
	struct kb_value *answer = v_map(job);
	kb_str label, href, detail;

	edge_target(flow, edge, &label, &href, &detail);
	v_str(job, answer, "text", expanded(job, flow->doc, edge->answer));
	v_str(job, answer, "kind", kb_str_of(edge_kinds[edge->kind]));
	v_opt(job, answer, "href", href);
	v_opt(job, answer, "target", label);
	v_opt(job, answer, "detail", detail);
	v_opt(job, answer, "note", note_html(flow, edge, until));
	return answer;
}

static struct kb_value *next_value(struct flow *flow, const struct kb_edge *edge)
{
	struct job *job = flow->job;
	struct kb_value *next = v_map(job);
	kb_str label, href, detail;

	edge_target(flow, edge, &label, &href, &detail);
	v_str(job, next, "href", href);
	v_str(job, next, "title", label);
	return next;
}

/* Other workflows that the step's text calls, as far as readers may go there. */
static bool call_target(struct flow *flow, uint32_t call, struct target *target)
{
	const struct kb_link *link = &flow->doc->facts->body.links[call];

	*target = (struct target){.class = "kb-call"};
	return link->audience <= flow->job->site->audience &&
	       linked_title(flow, call, &target->label, &target->href);
}

static struct rows call_rows(struct flow *flow, const struct kb_step *step)
{
	struct job *job = flow->job;
	struct rows rows = {0};

	for (uint32_t i = 0; i < step->ncalls; i++) {
		struct target target;
		struct kb_value *call;

		if (!call_target(flow, step->calls[i], &target))
			continue;
		call = v_map(job);
		v_str(job, call, "title", target.label);
		v_str(job, call, "href", target.href);
		v_str(job, call, "text",
			message(job, "guide_call", target.label, KB_STR("")));
		rows_add(job, &rows, call);
	}
	return rows;
}

/* Does the text end with a question of its own, so that none need be put? */
static bool asks(kb_str html)
{
	static const char *const marks[] = {"?", "？", "؟"};

	for (html = kb_str_trim(html); kb_str_ends(html, KB_STR(">"));
		html = kb_str_trim(html))
		while (html.len && html.data[--html.len] != '<')
			;
	for (size_t i = 0; i < KB_LEN(marks); i++)
		if (kb_str_ends(html, kb_str_of(marks[i])))
			return true;
	return false;
}

static struct kb_value *step_value(struct flow *flow, uint32_t i)
{
	struct job *job = flow->job;
	const struct kb_step *step = &flow->workflow->steps[i];
	bool answers = step->nedges && !step->edges[0].next;
	struct text_options options = {.from = step->section,
		.to = step->section + 1,
		.no_first_heading = true,
		.no_list = answers};
	struct kb_value *value = v_map(job);
	kb_str html = text_html(flow->text, &options);
	struct rows rows = {0};

	v_str(job, value, "id", heading_of(flow, i)->id);
	v_str(job, value, "label",
		message(job, "step_number", kb_arena_fmt(job->arena, "%u", i + 1),
			KB_STR("")));
	v_str(job, value, "title", step_title(flow, i));
	v_opt(job, value, "html", html);
	for (uint32_t k = 0; answers && k < step->nedges; k++) {
		bool last = k + 1 == step->nedges || step->edges[k + 1].link == KB_NONE;

		rows_add(job, &rows,
			answer_value(flow, &step->edges[k],
				last ? flow->doc->facts->body.sections[step->section]
						.links_to
				     : step->edges[k + 1].link));
	}
	v_block(job, value, "answers", rows);
	v_bool(job, value, "ask", rows.n > 1 && !asks(html));
	v_block(job, value, "calls", call_rows(flow, step));
	v_opt(job, value, "report",
		url_of_part(job, flow->doc, job->site->config->report_url,
			heading_of(flow, i)));
	v_set(job, value, "next",
		step->nedges && !answers ? next_value(flow, &step->edges[0]) : NULL);
	return value;
}

/* Breaks LABEL between words; returns the number of lines. LINES may be NULL. */
static size_t label_break(kb_str label, size_t most, kb_buf *lines)
{
	size_t n = 1, width = 0;
	kb_str word;

	for (kb_str rest = label; kb_str_next(&rest, ' ', &word);) {
		size_t count = kb_utf8_count(word);
		bool fits = width + 1 + count <= most;

		if (word.len == 0)
			continue;
		if (width && lines)
			kb_buf_putc(lines, fits ? ' ' : '\n');
		n += width && !fits;
		width = width && fits ? width + 1 + count : count;
		if (lines)
			kb_buf_str(lines, word);
	}
	return n;
}

/* A label in as few lines as it needs, of much the same length. END is dot's end of a
 * line:
 * "\\n" in the middle, "\\l" at the left, beside the edge that the label is of. */
static void put_label(kb_buf *dot, kb_str label, const char *end)
{
	_cleanup_buf_ kb_buf lines = {0};
	size_t width = LABEL_WIDTH, n = label_break(label, width, NULL);
	kb_str line;

	while (width > 1 && label_break(label, width - 1, NULL) == n)
		width--;
	label_break(label, width, &lines);
	kb_buf_puts(dot, " label=\"\"");
	for (kb_str rest = kb_buf_view(&lines); kb_str_next(&rest, '\n', &line);) {
		kb_buf_puts(dot, " + ");
		kb_dot_quote(dot, line);
		kb_buf_fmt(dot, " + \"%s\"", end);
	}
}

static void put_node(struct flow *flow, const char *name, uint32_t number,
	const char *class, kb_str label, kb_str href)
{
	kb_buf_fmt(&flow->dot, "%s%u [class=\"%s\"", name, number, class);
	put_label(&flow->dot, label, "\\n");
	if (href.len) {
		kb_buf_puts(&flow->dot, " URL=");
		kb_dot_quote(&flow->dot, href);
	}
	kb_buf_puts(&flow->dot, "];\n");
}

/* One node for all answers of a step that end in the same way. Answers of other steps
 * have their own, because long edges hide what leads where. */
static bool target_number(struct flow *flow, struct target target, uint32_t *number)
{
	for (uint32_t i = 0; i < flow->ntargets; i++) {
		const struct target *known = &flow->targets[i];

		*number = flow->drawn + i;
		if (strcmp(known->class, target.class) == 0 &&
			kb_str_eq(known->label, target.label) &&
			kb_str_eq(known->href, target.href))
			return true;
	}
	if (flow->ntargets == TARGETS_MAX)
		return false;
	*number = flow->drawn + flow->ntargets;
	flow->targets[flow->ntargets++] = target;
	put_node(flow, "t", *number, target.class, target.label, target.href);
	return true;
}

static void put_edge(struct flow *flow, uint32_t from, const struct kb_edge *edge)
{
	static const char *const classes[] = {[KB_EDGE_HANDOVER] = "kb-handover",
		[KB_EDGE_RESOLVED] = "kb-end-resolved",
		[KB_EDGE_WAITING] = "kb-end-waiting",
		[KB_EDGE_CLOSED] = "kb-end-closed",
		[KB_EDGE_ESCALATE] = "kb-end-escalate",
		[KB_EDGE_UNKNOWN] = "kb-end-closed"};
	struct target target;
	kb_str detail;
	uint32_t to;

	if (edge->kind == KB_EDGE_STEP) {
		kb_buf_fmt(&flow->dot, "s%u -> s%u", from, edge->step);
	} else {
		target.class = classes[edge->kind];
		edge_target(flow, edge, &target.label, &target.href, &detail);
		if (!target_number(flow, target, &to))
			return;
		kb_buf_fmt(&flow->dot, "s%u -> t%u", from, to);
	}
	if (!edge->next) {
		kb_buf_puts(&flow->dot, " [");
		put_label(
			&flow->dot, expanded(flow->job, flow->doc, edge->answer), " \\l");
		kb_buf_puts(&flow->dot, "]");
	}
	kb_buf_puts(&flow->dot, ";\n");
}

static void put_calls(struct flow *flow, uint32_t from)
{
	const struct kb_step *step = &flow->workflow->steps[from];

	for (uint32_t i = 0; i < step->ncalls; i++) {
		struct target target;
		uint32_t to;

		if (call_target(flow, step->calls[i], &target) &&
			target_number(flow, target, &to))
			kb_buf_fmt(&flow->dot, "s%u -> t%u [style=dashed];\n", from, to);
	}
}

static bool keep_url(void *ctx, kb_str url, kb_str *href)
{
	(void)ctx;
	*href = url;
	return true;
}

static bool has_calls(struct flow *flow)
{
	struct target target;

	for (uint32_t i = 0; i < flow->workflow->nsteps; i++)
		for (uint32_t k = 0; k < flow->workflow->steps[i].ncalls; k++)
			if (call_target(flow, flow->workflow->steps[i].calls[k], &target))
				return true;
	return false;
}

static struct kb_value *diagram_value(struct flow *flow)
{
	struct job *job = flow->job;
	struct kb_diagram_options options = {
		.id_prefix = kb_arena_fmt(job->arena, "d%u-", ++job->figures),
		.link = keep_url};
	_cleanup_buf_ kb_buf svg = {0};
	struct kb_value *value;
	struct kb_error err;

	options.title = message(job, "diagram_of", title_of(job, flow->doc), KB_STR(""));
	kb_buf_puts(&flow->dot, "digraph {\n" LAYOUT);
	for (uint32_t i = 0; i < flow->workflow->nsteps; i++)
		put_node(flow, "s", i, i ? "kb-step" : "kb-step kb-start",
			step_title(flow, i),
			kb_arena_fmt(
				job->arena, "#%.*s", KB_ARG(heading_of(flow, i)->id)));
	for (uint32_t i = 0; i < flow->workflow->nsteps; i++) {
		const struct kb_step *step = &flow->workflow->steps[i];

		flow->drawn += flow->ntargets;
		flow->ntargets = 0;
		for (uint32_t k = 0; k < step->nedges; k++)
			put_edge(flow, i, &step->edges[k]);
		put_calls(flow, i);
	}
	kb_buf_puts(&flow->dot, "}\n");
	if (job->signing)
		return kb_value_str(
			job->arena, kb_arena_str(job->arena, kb_buf_view(&flow->dot)));
	if (kb_diagram_svg(kb_buf_view(&flow->dot), &options, &svg, &err) < 0) {
		figure_lost(job, flow->doc, err.message);
		return NULL;
	}
	value = v_map(job);
	v_str(job, value, "id", KB_STR("kb-diagram"));
	v_str(job, value, "title", options.title);
	v_str(job, value, "svg", kb_arena_str(job->arena, kb_buf_view(&svg)));
	v_bool(job, value, "calls", has_calls(flow));
	return value;
}

int flow_put(struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	_cleanup_text_ struct site_text *text = NULL;
	struct text_options intro = {.from = 0, .to = 1};
	struct flow flow = {.job = job, .doc = doc, .workflow = doc->workflow};
	struct kb_value *value = v_map(job);
	struct rows steps = {0};

	if (text_open(job, doc, TEXT_PAGE, &text) < 0)
		return -1;
	flow.text = text;
	v_str(job, value, "id", doc->id);
	v_str(job, value, "title", title_of(job, doc));
	v_str(job, value, "revision",
		kb_str_sub(kb_str_of(doc->facts->blob), 0, REVISION_LEN));
	put_language(job, value, doc);
	v_opt(job, value, "intro", text_html(text, &intro));
	v_str(job, value, "count",
		message_count(job, "steps_count", flow.workflow->nsteps));
	for (uint32_t i = 0; i < flow.workflow->nsteps; i++)
		rows_add(job, &steps, step_value(&flow, i));
	v_list(job, value, "steps", steps);
	v_set(job, value, "diagram", flow.workflow->nsteps ? diagram_value(&flow) : NULL);
	v_set(job, map, "workflow", value);
	if (job->site->api || job->site->markdown)
		v_set(job, value, "graph", flow_data(job, doc));
	kb_buf_dispose(&flow.dot);
	return 0;
}

bool flow_is_of(const struct page *page)
{
	const struct kb_document *doc = page->kind == PAGE_DOCUMENT ? page->doc : NULL;

	return doc && doc->facts->type == KB_WORKFLOW && doc->workflow &&
	       doc->workflow->nsteps;
}

/* Pages cannot fetch each other from a file system, but they can load a script. */
static int make_script(
	struct job *job, const char *template, const struct kb_value *map, kb_buf *out)
{
	_cleanup_buf_ kb_buf html = {0};

	if (kb_templates_render(
		    job->site->templates, kb_str_of(template), map, &html, job->err) < 0)
		return -1;
	kb_buf_puts(out, "kbPart(");
	kb_value_json(kb_value_str(job->arena, kb_buf_view(&html)), KB_JSON_LINE, out);
	kb_buf_puts(out, ");\n");
	return 0;
}

int flow_make_steps(struct job *job, const struct kb_value *map, kb_buf *out)
{
	return make_script(job, "flow", map, out);
}

int flow_make_map(struct job *job, const struct kb_value *map, kb_buf *out)
{
	return make_script(job, "map", map, out);
}

/* As data */

/* The workflow that a link leads to, and the step of it; false: readers may not go there.
 */
static bool add_target(struct flow *flow, struct kb_value *map, uint32_t link)
{
	struct job *job = flow->job;
	const struct kb_link *it = &flow->doc->facts->body.links[link];
	struct kb_target target;
	kb_str title, href;

	if (it->audience > job->site->audience ||
		!linked_title(flow, link, &title, &href))
		return false;
	resolve_link(job, flow->doc, job->locale->index, it->dest, &target);
	v_str(job, map, "workflow", target.family->id);
	if (kb_str_chr(href, '#') != SIZE_MAX)
		kb_value_set_opt(job->arena, map, "step", target.fragment);
	return true;
}

static void add_answer(
	struct flow *flow, struct kb_value *list, const struct kb_edge *edge)
{
	struct job *job = flow->job;
	struct kb_value *map = kb_value_push_map(job->arena, list);
	kb_str label, href, detail;

	edge_target(flow, edge, &label, &href, &detail);
	kb_value_set_opt(
		job->arena, map, "answer", expanded(job, flow->doc, edge->answer));
	kb_value_set_opt(job->arena, map, "note", expanded(job, flow->doc, edge->note));
	v_str(job, map, "kind", kb_str_of(edge->next ? "next" : edge_kinds[edge->kind]));
	v_str(job, map, "target", label);
	if (edge->kind == KB_EDGE_STEP)
		v_str(job, map, "step", heading_of(flow, edge->step)->id);
	else if (edge->kind == KB_EDGE_HANDOVER && edge->link != KB_NONE)
		add_target(flow, map, edge->link);
	else if (edge->kind == KB_EDGE_ESCALATE && job->site->trusted)
		v_str(job, map, "team", edge->team);
}

static void add_step(struct flow *flow, struct kb_value *list, uint32_t i)
{
	struct job *job = flow->job;
	const struct kb_step *step = &flow->workflow->steps[i];
	const struct text_options options = {.from = step->section,
		.to = step->section + 1,
		.no_first_heading = true,
		.no_list = step->nedges && !step->edges[0].next};
	struct kb_value *map = kb_value_push_map(job->arena, list), *parts;

	v_str(job, map, "id", heading_of(flow, i)->id);
	v_str(job, map, "title", step_title(flow, i));
	v_str(job, map, "text", text_markdown(flow->text, &options));
	parts = kb_value_list(job->arena);
	for (uint32_t k = 0; k < step->ncalls; k++) {
		struct kb_value *call = v_map(job);

		if (add_target(flow, call, step->calls[k]))
			kb_value_push(job->arena, parts, call);
	}
	if (parts->len)
		v_set(job, map, "calls", parts);
	parts = kb_value_set_list(job->arena, map, "answers");
	for (uint32_t k = 0; k < step->nedges; k++)
		add_answer(flow, parts, &step->edges[k]);
}

struct kb_value *flow_data(struct job *job, const struct kb_document *doc)
{
	_cleanup_text_ struct site_text *text = NULL;
	const struct text_options intro = {.from = 0, .to = 1};
	struct flow flow = {.job = job, .doc = doc, .workflow = doc->workflow};
	struct kb_value *map, *steps;

	if (text_open(job, doc, TEXT_PAGE, &text) < 0)
		return NULL;
	flow.text = text;
	map = v_map(job);
	v_str(job, map, "introduction", text_markdown(text, &intro));
	steps = kb_value_set_list(job->arena, map, "steps");
	for (uint32_t i = 0; i < flow.workflow->nsteps; i++)
		add_step(&flow, steps, i);
	return map;
}
