/* An answer for people at a terminal. */
#include "case.h"

#include "kb/fill.h"
#include "kb/unicode.h"

struct printer {
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
	struct kb_arena *arena;
	kb_buf *out;
};

static kb_str locale_code(const struct printer *p, uint32_t locale)
{
	return p->lib->config->locales[locale].code;
}

static kb_str label(const struct printer *p, const struct kb_issue *issue)
{
	kb_str text = kb_l10n_get(p->lib->config, &issue->label, p->answer->query.locale);
	return text.len ? text : issue->id;
}

static void put_path(struct printer *p, const struct kb_issue *issue)
{
	const struct kb_issue *parent =
		kb_answer_parent(p->lib, &p->answer->query, issue);
	if (parent) {
		put_path(p, parent);
		kb_buf_puts(p->out, " › ");
	}
	kb_buf_str(p->out, label(p, issue));
}

static void put_owner(struct printer *p)
{
	const struct kb_person *owner = p->answer->owner;
	const struct kb_issue *issue = p->answer->query.issue;
	if (issue->tier && p->answer->trusted)
		kb_buf_fmt(p->out, "support level %u\n", issue->tier);
	if (!owner)
		return;
	kb_buf_fmt(
		p->out, "owner: %.*s", KB_ARG(owner->name.len ? owner->name : owner->id));
	if (owner->contact.len)
		kb_buf_fmt(p->out, " · %.*s", KB_ARG(owner->contact));
	if (owner->hours.len)
		kb_buf_fmt(p->out, " · %.*s", KB_ARG(owner->hours));
	kb_buf_putc(p->out, '\n');
}

static void put_asked(struct printer *p)
{
	const struct kb_answer_query *query = &p->answer->query;
	kb_buf_fmt(p->out, "for: %.*s", KB_ARG(locale_code(p, query->locale)));
	if (query->region.len)
		kb_buf_fmt(p->out, ", region %.*s", KB_ARG(query->region));
	if (query->channel)
		kb_buf_fmt(p->out, ", %.*s", KB_ARG(query->channel->id));
	kb_buf_putc(p->out, '\n');
}

kb_str kb_case_regions(struct kb_arena *arena, const struct kb_answer_query *query,
	const struct kb_document *doc, const struct kb_family *general)
{
	kb_str text = KB_STR("");
	if (query->region.len)
		return general ? kb_arena_fmt(arena, "replaces '%.*s' in %.*s",
					 KB_ARG(general->id), KB_ARG(query->region))
			       : text;
	for (size_t i = 0; i < doc->facts->regions.len; i++)
		text = kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(text),
			i ? ", " : "only for ", KB_ARG(doc->facts->regions.items[i]));
	return general && text.len ? kb_arena_fmt(arena, "%.*s, where it replaces '%.*s'",
					     KB_ARG(text), KB_ARG(general->id))
				   : text;
}

/* What is not just as it was asked for. */
static void put_remarks(struct printer *p, const struct kb_answer_item *item)
{
	const struct kb_answer_query *query = &p->answer->query;
	if (item->fallback)
		kb_buf_fmt(p->out, "    in %.*s: there is none in %.*s\n",
			KB_ARG(locale_code(p, item->doc->locale)),
			KB_ARG(locale_code(p, query->locale)));
	if (item->issue && item->issue != query->issue)
		kb_buf_fmt(p->out, "    about '%.*s'\n", KB_ARG(label(p, item->issue)));
	kb_str regions = kb_case_regions(p->arena, query, item->doc, item->general);
	if (regions.len)
		kb_buf_fmt(p->out, "    %.*s\n", KB_ARG(regions));
}

static void put_indented(struct printer *p, kb_str text)
{
	kb_str line;
	while (kb_str_next(&text, '\n', &line))
		kb_buf_fmt(p->out, "    | %.*s\n", KB_ARG(line));
}

static int put_reply(
	struct printer *p, const struct kb_document *doc, struct kb_error *err)
{
	const struct kb_channel *channel = p->answer->query.channel;
	struct kb_fill fill = {.doc = doc, .channel = channel};
	struct kb_filled filled, example;
	if (!channel)
		return 0;
	if (kb_reply_fill(p->lib, p->reader, &fill, p->arena, &filled, err))
		return -1;
	fill.examples = true;
	if (kb_reply_fill_text(p->lib, p->reader, &fill, p->arena, &example, err))
		return -1;
	if (filled.subject.len)
		kb_buf_fmt(p->out, "    subject: %.*s\n", KB_ARG(filled.subject));
	put_indented(p, filled.text);
	kb_buf_fmt(p->out, "    " KB_DIM "about %zu characters", example.length);
	if (example.segments)
		kb_buf_fmt(p->out, ", %u SMS", example.segments);
	kb_buf_fmt(
		p->out, "; 'kb reply %.*s' fills it in" KB_RESET "\n", KB_ARG(doc->id));
	return 0;
}

static int put_item(
	struct printer *p, const struct kb_answer_item *item, struct kb_error *err)
{
	const struct kb_document *doc = item->doc;
	kb_str title =
		kb_library_expand(p->lib, p->arena, doc->facts->title, doc->locale);
	kb_buf_fmt(p->out,
		"  " KB_BOLD "%.*s" KB_RESET "\n    " KB_DIM "%.*s" KB_RESET "\n",
		KB_ARG(title), KB_ARG(doc->path));
	put_remarks(p, item);
	return doc->reply ? put_reply(p, doc, err) : 0;
}

static int put_lists(struct printer *p, struct kb_error *err)
{
	static const struct {
		const char *name;
		enum kb_type type;
	} lists[] = {{"Workflows", KB_WORKFLOW}, {"Replies", KB_REPLY},
		{"Articles", KB_ARTICLE}, {"Reference", KB_REFERENCE}};
	for (size_t i = 0; i < KB_LEN(lists); i++) {
		const struct kb_answer_list *list = &p->answer->types[lists[i].type];
		if (list->len)
			kb_buf_fmt(p->out, "\n%s\n", lists[i].name);
		for (size_t k = 0; k < list->len; k++)
			if (put_item(p, &list->items[k], err))
				return -1;
	}
	return 0;
}

int kb_case_text(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, kb_buf *out, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct printer p = {.lib = lib,
		.reader = reader,
		.answer = answer,
		.arena = arena,
		.out = out};
	kb_buf_puts(out, KB_BOLD);
	put_path(&p, answer->query.issue);
	kb_buf_fmt(out, KB_RESET "  (%.*s)\n", KB_ARG(answer->query.issue->id));
	if (answer->query.issue->retired)
		kb_buf_puts(out, "This issue is retired: its cases belong elsewhere.\n");
	put_asked(&p);
	put_owner(&p);
	if (!kb_answer_count(answer))
		kb_buf_puts(out, "\nThere is no content on it.\n");
	return put_lists(&p, err);
}
