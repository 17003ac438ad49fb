#include "kb/fill.h"
#include "kb/pages.h"
#include "kb/unicode.h"

struct case_page {
	struct kb_report *report;
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
};

static kb_str locale_code(const struct case_page *p, uint32_t locale)
{
	return p->lib->config->locales[locale].code;
}

static kb_str label(const struct case_page *p, const struct kb_issue *issue)
{
	kb_str text = kb_l10n_get(p->lib->config, &issue->label, p->answer->query.locale);

	return text.len ? text : issue->id;
}

/* From the top of the tree down to the issue: "Delivery › Parcel missing". */
static kb_str path_of(const struct case_page *p, const struct kb_issue *issue)
{
	const struct kb_issue *parent =
		kb_answer_parent(p->lib, &p->answer->query, issue);

	return parent ? kb_arena_fmt(p->report->arena, "%.*s › %.*s",
				KB_ARG(path_of(p, parent)), KB_ARG(label(p, issue)))
		      : label(p, issue);
}

/* A line of its own. */
static void add_line(const struct case_page *p, unsigned depth, kb_str text)
{
	kb_report_item(p->report, depth, "");
	kb_report_text(p->report, KB_ROLE_PLAIN, text);
}

static void add_asked(const struct case_page *p)
{
	const struct kb_answer_query *query = &p->answer->query;

	add_line(p, 0,
		kb_arena_fmt(p->report->arena, "for: %.*s",
			KB_ARG(locale_code(p, query->locale))));
	if (query->region.len)
		kb_report_add(p->report, ", region %.*s", KB_ARG(query->region));
	if (query->channel)
		kb_report_add(p->report, ", %.*s", KB_ARG(query->channel->id));
}

static void add_owner(const struct case_page *p)
{
	const struct kb_person *owner = p->answer->owner;
	const struct kb_issue *issue = p->answer->query.issue;
	const struct kb_config *config = p->lib->config;
	uint32_t locale = p->answer->query.locale;
	kb_str name, contact, hours;

	if (issue->tier && p->answer->trusted)
		add_line(p, 0,
			kb_arena_fmt(p->report->arena, "support level %u", issue->tier));
	if (!owner)
		return;
	name = kb_l10n_get(config, &owner->local.name, locale);
	contact = kb_l10n_get(config, &owner->local.contact, locale);
	hours = kb_l10n_get(config, &owner->local.hours, locale);
	add_line(p, 0,
		kb_arena_fmt(p->report->arena, "owner: %.*s",
			KB_ARG(name.len ? name : owner->id)));
	if (contact.len)
		kb_report_add(p->report, " · %.*s", KB_ARG(contact));
	if (hours.len)
		kb_report_add(p->report, " · %.*s", KB_ARG(hours));
}

/* What is not just as it was asked for. */
static void add_remarks(const struct case_page *p, const struct kb_answer_item *item)
{
	const struct kb_answer_query *query = &p->answer->query;
	struct kb_arena *arena = p->report->arena;
	kb_str regions = kb_answer_regions(query, item->doc, item->general, arena);

	if (item->fallback)
		add_line(p, 2,
			kb_arena_fmt(arena, "in %.*s: there is none in %.*s",
				KB_ARG(locale_code(p, item->doc->locale)),
				KB_ARG(locale_code(p, query->locale))));
	if (item->issue && item->issue != query->issue)
		add_line(p, 2,
			kb_arena_fmt(
				arena, "about '%.*s'", KB_ARG(label(p, item->issue))));
	if (regions.len)
		add_line(p, 2, regions);
}

static int add_reply(
	const struct case_page *p, const struct kb_document *doc, struct kb_error *err)
{
	struct kb_arena *arena = p->report->arena;
	struct kb_fill fill = {.doc = doc, .channel = p->answer->query.channel};
	struct kb_filled filled, example;

	if (!fill.channel)
		return 0;
	if (kb_reply_fill(p->lib, p->reader, &fill, arena, &filled, err))
		return -1;
	fill.examples = true;
	if (kb_reply_fill_text(p->lib, p->reader, &fill, arena, &example, err))
		return -1;
	if (filled.subject.len)
		add_line(p, 2,
			kb_arena_fmt(arena, "subject: %.*s", KB_ARG(filled.subject)));
	kb_report_code(p->report, 2, "| ", filled.text);
	kb_report_item(p->report, 2, "");
	kb_report_fmt(p->report, KB_ROLE_FAINT, "about %zu characters", example.length);
	if (example.segments)
		kb_report_fmt(p->report, KB_ROLE_FAINT, ", %u SMS", example.segments);
	kb_report_fmt(p->report, KB_ROLE_FAINT, "; 'kb reply %.*s' fills it in",
		KB_ARG(doc->id));
	return 0;
}

static int add_item(const struct case_page *p, const struct kb_answer_item *item,
	struct kb_error *err)
{
	const struct kb_document *doc = item->doc;

	kb_report_item(p->report, 1, "");
	kb_report_text(p->report, KB_ROLE_STRONG,
		kb_library_expand(
			p->lib, p->report->arena, doc->facts->title, doc->locale));
	kb_report_item(p->report, 2, "");
	kb_report_text(p->report, KB_ROLE_FAINT, doc->path);
	add_remarks(p, item);
	return doc->reply ? add_reply(p, doc, err) : 0;
}

static int add_lists(const struct case_page *p, struct kb_error *err)
{
	static const struct {
		const char *name;
		enum kb_type type;
	} lists[] = {{"Workflows", KB_WORKFLOW}, {"Replies", KB_REPLY},
		{"Articles", KB_ARTICLE}, {"Reference", KB_REFERENCE}};

	for (size_t i = 0; i < KB_LEN(lists); i++) {
		const struct kb_answer_list *list = &p->answer->types[lists[i].type];

		if (list->len)
			kb_report_heading(p->report, 2, "%s", lists[i].name);
		for (size_t k = 0; k < list->len; k++)
			if (add_item(p, &list->items[k], err))
				return -1;
	}
	return 0;
}

int kb_report_case(struct kb_report *report, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_answer *answer, struct kb_error *err)
{
	const struct case_page p = {report, lib, reader, answer};
	const struct kb_issue *issue = answer->query.issue;

	kb_report_paragraph(report, "%s", "");
	kb_report_text(report, KB_ROLE_STRONG, path_of(&p, issue));
	kb_report_add(report, "  (%.*s)", KB_ARG(issue->id));
	if (issue->retired)
		add_line(&p, 0,
			KB_STR("This issue is retired: its cases belong elsewhere."));
	add_asked(&p);
	add_owner(&p);
	if (!kb_answer_count(answer))
		kb_report_paragraph(report, "There is no content for this issue.");
	return add_lists(&p, err);
}
