#include "data.h"
#include "text.h"

/* Sections of a text, from its Markdown. */
static void add_sections(struct job *job, struct kb_value *root,
	const struct kb_document *doc, kb_str markdown)
{
	const struct kb_md_facts *body = &doc->facts->body;
	struct kb_value *list = kb_value_set_list(job->arena, root, "sections");
	kb_str text;

	for (uint32_t i = 0; kb_str_next(&markdown, TEXT_SECTION_END, &text); i++) {
		uint32_t at = i < body->nsections ? body->sections[i].heading : KB_NONE;
		const struct kb_heading *heading = at == KB_NONE || at < doc->title_again
							   ? NULL
							   : &body->headings[at];
		struct kb_value *map;

		text = kb_str_trim(text);
		if (heading && heading->audience > job->site->audience)
			heading = NULL;
		if (!text.len)
			continue;
		map = kb_value_push_map(job->arena, list);
		if (heading) {
			size_t line = kb_str_chr(text, '\n');

			v_str(job, map, "id", heading->id);
			v_str(job, map, "title", expanded(job, doc, heading->text));
			text = kb_str_trim(kb_str_sub(
				text, line == SIZE_MAX ? text.len : line, text.len));
		}
		v_str(job, map, "text", text);
	}
}

static void add_steps(
	struct job *job, struct kb_value *root, const struct kb_value *graph)
{
	struct kb_value *list = kb_value_set_list(job->arena, root, "sections");
	const struct kb_value *steps = kb_value_get(graph, KB_STR("steps"));
	kb_str intro = kb_value_text(kb_value_get(graph, KB_STR("introduction")));

	if (intro.len)
		v_str(job, kb_value_push_map(job->arena, list), "text", intro);
	for (uint32_t i = 0; steps && i < steps->len; i++) {
		struct kb_value *map = kb_value_push_map(job->arena, list);
		_cleanup_buf_ kb_buf text = {0};

		v_set(job, map, "id", kb_value_get(steps->items[i], KB_STR("id")));
		v_set(job, map, "title", kb_value_get(steps->items[i], KB_STR("title")));
		twin_put_step(job, &text, steps->items[i]);
		v_str(job, map, "text",
			kb_arena_str(job->arena, kb_str_trim(kb_buf_view(&text))));
	}
}

/* The members of a document's file: its record and its text. */
static struct kb_value *document_value(struct job *job, const struct kb_value *map)
{
	const struct kb_document *doc = job->page->doc;
	const struct kb_value *value = kb_value_get(map, KB_STR("doc"));
	const struct kb_value *reply = kb_value_get(map, KB_STR("reply"));
	const struct kb_value *flow = kb_value_get(map, KB_STR("workflow"));
	const struct kb_value *links = kb_value_get(value, KB_STR("links"));
	struct kb_value *root = v_map(job);

	v_set(job, root, "version", kb_value_int(job->arena, DATA_VERSION));
	data_add(job, root, kb_value_get(value, KB_STR("record")));
	if (reply)
		data_add_reply(job, root, reply, doc);
	else if (flow)
		add_steps(job, root, kb_value_get(flow, KB_STR("graph")));
	else
		add_sections(job, root, doc,
			kb_value_text(kb_value_get(value, KB_STR("markdown"))));
	if (links && links->len)
		v_set(job, root, "links", links);
	return root;
}

static int document_make(struct job *job, const struct kb_value *map, kb_buf *out)
{
	kb_value_json(document_value(job, map), KB_JSON_LINE, out);
	return 0;
}

static int workflow_make(struct job *job, const struct kb_value *map, kb_buf *out)
{
	struct kb_value *root = v_map(job);

	v_set(job, root, "version", kb_value_int(job->arena, DATA_VERSION));
	data_add(job, root,
		kb_value_get(kb_value_get(map, KB_STR("doc")), KB_STR("record")));
	data_add(job, root,
		kb_value_get(kb_value_get(map, KB_STR("workflow")), KB_STR("graph")));
	kb_value_json(root, KB_JSON_LINE, out);
	return 0;
}

/* Of a page whose values have it. */
static int data_make(struct job *job, const struct kb_value *map, kb_buf *out)
{
	(void)job;
	kb_value_json(kb_value_get(map, KB_STR("data")), KB_JSON_LINE, out);
	return 0;
}

static void add(struct companion *out, uint32_t *n, kb_str path,
	int (*make)(struct job *job, const struct kb_value *map, kb_buf *out))
{
	if (path.len)
		out[(*n)++] = (struct companion){path, make};
}

/* A file in the page's folder. */
static kb_str beside(const struct job *job, const char *name)
{
	return kb_arena_fmt(job->arena, "%.*s%s", KB_ARG(job->page->address), name);
}

uint32_t companions_of(struct job *job, struct companion *out)
{
	const struct page *page = job->page;
	uint32_t n = 0;

	if (twin_is_of(job->site, page))
		add(out, &n, beside(job, TWIN), twin_make);
	if (page->kind == PAGE_TOPIC)
		add(out, &n,
			data_path(job, "issues",
				job->site->lib->taxonomy->issues[page->issue].id),
			data_make);
	if (page->kind == PAGE_CHANGES)
		add(out, &n, data_changes_path(job), data_make);
	if (page->kind != PAGE_DOCUMENT)
		return n;
	add(out, &n, data_path(job, "documents", page->doc->id), document_make);
	if (!flow_is_of(page))
		return n;
	add(out, &n, beside(job, FLOW_SCRIPT), flow_make_steps);
	add(out, &n, beside(job, FLOW_MAP), flow_make_map);
	add(out, &n, data_path(job, "workflows", page->doc->id), workflow_make);
	return n;
}
