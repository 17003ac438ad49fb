/*
 * A page as Markdown, for programs that read text and for people who paste it: what is on
 * the page, without what leads elsewhere on the site or is for filling in.
 */
#include "data.h"
#include "text.h"
#include "kb/escape.h"

bool twin_is_of(const struct site *site, const struct page *page)
{
	switch (page->kind) {
	case PAGE_HOME:
	case PAGE_TOPICS:
	case PAGE_TOPIC:
	case PAGE_LIST:
	case PAGE_FAQ:
	case PAGE_CONTACT:
	case PAGE_CHANGES:
	case PAGE_DOCUMENT:
		return site->markdown;
	default:
		return false;
	}
}

static kb_str text_at(const struct kb_value *map, const char *key)
{
	return kb_value_text(kb_value_get(map, kb_str_of(key)));
}

/* A Block's rows, or a list's; NULL: there is none. */
static const struct kb_value *rows_at(const struct kb_value *map, const char *key)
{
	const struct kb_value *value = kb_value_get(map, kb_str_of(key));

	if (value && value->type == KB_VALUE_MAP)
		value = kb_value_get(value, KB_STR("items"));
	return value && value->type == KB_VALUE_LIST && value->len ? value : NULL;
}

/* Text of one line. */
static void put(kb_buf *out, kb_str text)
{
	_cleanup_buf_ kb_buf line = {0};

	kb_buf_plain(&line, text);
	kb_md_put_markdown(out, kb_buf_view(&line));
}

static void put_paragraph(kb_buf *out, const char *before, kb_str text, const char *after)
{
	if (!text.len)
		return;
	kb_buf_puts(out, before);
	put(out, text);
	kb_buf_puts(out, after);
}

/* An address of the page, as it is right elsewhere. */
static void put_address(struct job *job, kb_buf *out, kb_str href)
{
	kb_str base = job->site->own_url;

	if (base.len && kb_str_starts(href, job->root)) {
		kb_buf_url(out, base);
		kb_buf_putc(out, '/');
		href = kb_str_sub(href, job->root.len, href.len);
	}
	kb_buf_url(out, href);
}

static void put_link(struct job *job, kb_buf *out, kb_str text, kb_str href)
{
	if (!href.len) {
		put(out, text);
		return;
	}
	kb_buf_putc(out, '[');
	put(out, text);
	kb_buf_puts(out, "](");
	put_address(job, out, href);
	kb_buf_putc(out, ')');
}

/* Documents */

static void put_notices(struct job *job, kb_buf *out, const struct kb_value *doc)
{
	const struct kb_value *notices = rows_at(doc, "notices");

	for (uint32_t i = 0; notices && i < notices->len; i++) {
		const struct kb_value *notice = notices->items[i];
		kb_str title = text_at(notice, "title"), link = text_at(notice, "link");

		kb_buf_puts(out, "> ");
		put_paragraph(out, "**", title, "** ");
		put(out, text_at(notice, "text"));
		kb_buf_puts(out, link.len ? " " : "");
		put_link(job, out, link, text_at(notice, "href"));
		kb_buf_puts(out, "\n\n");
	}
}

static void put_answers(struct job *job, kb_buf *out, const struct kb_value *answers)
{
	kb_buf_puts(out, answers->len ? "\n" : "");
	for (uint32_t i = 0; i < answers->len; i++) {
		const struct kb_value *answer = answers->items[i];
		kb_str step = text_at(answer, "step");
		bool here = step.len && !text_at(answer, "workflow").len;

		kb_buf_puts(out, "- ");
		put_paragraph(out, "**", text_at(answer, "answer"), "** ");
		kb_buf_puts(out, "→ ");
		put_link(job, out, text_at(answer, "target"),
			here ? kb_arena_fmt(job->arena, "#%.*s", KB_ARG(step))
			     : KB_STR(""));
		put_paragraph(out, " (", text_at(answer, "note"), ")");
		kb_buf_putc(out, '\n');
	}
}

void twin_put_step(struct job *job, kb_buf *out, const struct kb_value *step)
{
	kb_str text = text_at(step, "text");

	kb_buf_str(out, text);
	kb_buf_puts(out, text.len ? "\n" : "");
	put_answers(job, out, kb_value_get(step, KB_STR("answers")));
}

/* The empty line before a part. */
static void put_gap(kb_buf *out)
{
	while (out->len && out->data[out->len - 1] == '\n')
		out->len--;
	kb_buf_puts(out, "\n\n");
}

static void put_workflow(struct job *job, kb_buf *out, const struct kb_value *graph)
{
	const struct kb_value *steps = kb_value_get(graph, KB_STR("steps"));

	kb_buf_str(out, text_at(graph, "introduction"));
	for (uint32_t i = 0; i < steps->len; i++) {
		put_gap(out);
		put_paragraph(out, "## ", text_at(steps->items[i], "title"), "\n\n");
		twin_put_step(job, out, steps->items[i]);
	}
}

static void put_reply(struct job *job, kb_buf *out, const struct kb_value *reply)
{
	const struct kb_value *texts = rows_at(reply, "texts"),
			      *fields = rows_at(reply, "fields");

	for (uint32_t i = 0; texts && i < texts->len; i++) {
		const struct kb_value *text = texts->items[i];
		kb_str subject = text_at(text, "subject_bare");

		put_paragraph(out, "## ", text_at(text, "label"), "\n\n");
		if (subject.len) {
			put(out, string(job, "subject"));
			put_paragraph(out, ": ", subject, "\n\n");
		}
		kb_md_put_code(out, text_at(text, "bare"));
		kb_buf_putc(out, '\n');
	}
	for (uint32_t i = 0; fields && i < fields->len; i++) {
		const struct kb_value *field = fields->items[i];

		kb_buf_puts(out, "- ");
		kb_buf_markdown_code(out, kb_arena_fmt(job->arena, "{{%.*s}}",
						  KB_ARG(text_at(field, "name"))));
		put_paragraph(out, ": ", text_at(field, "description"), "\n");
	}
}

static void put_markdown(kb_buf *out, kb_str markdown)
{
	kb_str part;

	while (kb_str_next(&markdown, TEXT_SECTION_END, &part))
		kb_buf_str(out, part);
}

static void put_document(struct job *job, kb_buf *out, const struct kb_value *map)
{
	const struct kb_value *doc = kb_value_get(map, KB_STR("doc"));
	const struct kb_value *flow = kb_value_get(map, KB_STR("workflow"));
	const struct kb_value *reply = kb_value_get(map, KB_STR("reply"));

	put_paragraph(out, "", text_at(doc, "summary"), "\n\n");
	put_notices(job, out, doc);
	if (flow)
		put_workflow(job, out, kb_value_get(flow, KB_STR("graph")));
	else if (reply)
		put_reply(job, out, reply);
	else
		put_markdown(out, text_at(doc, "markdown"));
}

/* Lists */

static void put_items(
	struct job *job, kb_buf *out, const struct kb_value *items, unsigned depth);

/* An entry of a list: what is above all, its address, and what is below it. */
static void put_item(
	struct job *job, kb_buf *out, const struct kb_value *item, unsigned depth)
{
	static const char *const names[] = {"title", "label", "question"},
				 *const texts[] = {"summary", "description", "answer"},
				 *const below[] = {"children", "articles", "questions"};
	kb_str name = KB_STR(""), text = KB_STR("");

	for (size_t i = 0; i < KB_LEN(names); i++) {
		name = name.len ? name : text_at(item, names[i]);
		text = text.len ? text : text_at(item, texts[i]);
	}
	if (name.len) {
		for (unsigned i = 0; i < depth; i++)
			kb_buf_puts(out, "  ");
		kb_buf_puts(out, "- ");
		put_link(job, out, name, text_at(item, "href"));
		put_paragraph(out, " (", text_at(item, "type_badge"), ")");
		put_paragraph(out, ": ", text, "");
		put_paragraph(out, ": ", text_at(item, "text"), "");
		put_paragraph(out, ", ", text_at(item, "hours"), "");
		kb_buf_putc(out, '\n');
	}
	for (size_t i = 0; i < KB_LEN(below); i++)
		if (rows_at(item, below[i]))
			put_items(job, out, rows_at(item, below[i]),
				depth + (name.len ? 1 : 0));
}

static void put_items(
	struct job *job, kb_buf *out, const struct kb_value *items, unsigned depth)
{
	for (uint32_t i = 0; i < items->len; i++)
		put_item(job, out, items->items[i], depth);
}

/* The lists of MAP, each below its heading. */
static void put_lists(struct job *job, kb_buf *out, const struct kb_value *map)
{
	static const char *const lists[][2] = {{"topics", "topics"},
		{"promoted", "promoted"}, {"recent", "recent"},
		{"workflows", "workflows"}, {"replies", "replies"},
		{"articles", "articles"}, {"reference", "nav_reference"},
		{"subtopics", "subtopics"}, {"groups", NULL}, {"ways", NULL}};

	for (size_t i = 0; i < KB_LEN(lists); i++) {
		const struct kb_value *rows = rows_at(map, lists[i][0]);

		if (!rows)
			continue;
		if (lists[i][1])
			put_paragraph(out, "## ", string(job, lists[i][1]), "\n\n");
		put_items(job, out, rows, 0);
		kb_buf_putc(out, '\n');
	}
}

/* What is new */

static void put_part(struct job *job, kb_buf *out, const struct kb_value *part)
{
	kb_str href = text_at(part, "href"), detail = text_at(part, "detail");

	kb_buf_puts(out, "  - ");
	if (href.len)
		put_link(job, out, text_at(part, "text"), href);
	put_paragraph(out, href.len ? ": " : "", detail, "");
	kb_buf_putc(out, '\n');
}

static void put_news(struct job *job, kb_buf *out, const struct kb_value *item)
{
	const struct kb_value *parts = rows_at(item, "parts");
	const struct kb_value *is_new = kb_value_get(item, KB_STR("new"));

	kb_buf_puts(out, "- ");
	put_link(job, out, text_at(item, "title"), text_at(item, "href"));
	if (is_new && is_new->truth)
		put_paragraph(out, " (", string(job, "changes_new"), ")");
	put_paragraph(out, ": ", text_at(item, "text"), "");
	put_paragraph(out, ", ", text_at(item, "more"), "");
	kb_buf_putc(out, '\n');
	for (uint32_t i = 0; parts && i < parts->len; i++)
		put_part(job, out, parts->items[i]);
}

static void put_changes(struct job *job, kb_buf *out, const struct kb_value *map)
{
	const struct kb_value *days = rows_at(map, "days");

	put_paragraph(out, "> ", text_at(map, "limits"), "\n\n");
	if (!days)
		put_paragraph(out, "", string(job, "changes_none"), "\n");
	for (uint32_t i = 0; days && i < days->len; i++) {
		const struct kb_value *day = days->items[i];
		const struct kb_value *items = rows_at(day, "items");

		put_gap(out);
		put_paragraph(out, "## ",
			text_at(kb_value_get(day, KB_STR("date")), "text"), "\n\n");
		for (uint32_t k = 0; items && k < items->len; k++)
			put_news(job, out, items->items[k]);
	}
}

int twin_make(struct job *job, const struct kb_value *map, kb_buf *out)
{
	const struct kb_value *page = kb_value_get(map, KB_STR("page"));

	put_paragraph(out, "# ", text_at(page, "title"), "\n\n");
	if (job->page->kind == PAGE_DOCUMENT) {
		put_document(job, out, map);
	} else {
		put_paragraph(out, "", text_at(page, "description"), "\n\n");
		if (job->page->kind == PAGE_CHANGES)
			put_changes(job, out, map);
		put_lists(job, out, kb_value_get(map, KB_STR("case")));
		put_lists(job, out, map);
	}
	while (out->len && out->data[out->len - 1] == '\n')
		out->len--;
	kb_buf_putc(out, '\n');
	return 0;
}
