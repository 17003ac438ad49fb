#include "diff.h"

#include "kb/flow_diagram.h"

/* A comment on a pull request names so many changes of a document, and documents that a
 * note touches. */
enum { CHANGES_MAX = 40, TOUCHED_MAX = 8 };

struct diff_page {
	struct kb_report *report;
	const struct kb_diff_shown *shown;
	enum kb_diff_view view;
};

static bool is_significant(unsigned weight)
{
	return weight == KB_WEIGHT_SIGNIFICANT;
}

/* Text that came or went as a whole, where the phrase does not say it. */
static kb_str whole_text(const struct kb_doc_change *change)
{
	bool added = change->action == KB_CHANGE_ADDED;
	kb_str text = added ? change->after : change->before;

	if ((!added && change->action != KB_CHANGE_REMOVED) ||
		change->element == KB_ELEMENT_KEY || change->element == KB_ELEMENT_LINK ||
		change->element == KB_ELEMENT_IMAGE || kb_str_eq(text, change->name))
		return KB_STR_NULL;
	return text;
}

static void add_words(struct kb_report *report, const struct kb_doc_change *change)
{
	static const enum kb_role roles[] = {[KB_OP_KEEP] = KB_ROLE_KEPT,
		[KB_OP_INSERT] = KB_ROLE_ADDED,
		[KB_OP_DELETE] = KB_ROLE_REMOVED};
	kb_str whole = whole_text(change);

	if (change->nwords && change->action != KB_CHANGE_RENAMED) {
		kb_report_text(report, KB_ROLE_BREAK, KB_STR_NULL);
		for (uint32_t i = 0; i < change->nwords; i++)
			kb_report_text(report, roles[change->words[i].op],
				change->words[i].text);
	} else if (whole.len) {
		kb_report_text(report, KB_ROLE_BREAK, KB_STR_NULL);
		kb_report_text(report,
			change->action == KB_CHANGE_ADDED ? KB_ROLE_ADDED
							  : KB_ROLE_REMOVED,
			whole);
	}
}

static void add_change(
	const struct diff_page *page, unsigned depth, const struct kb_doc_change *change)
{
	struct kb_report *report = page->report;
	bool comment = page->view == KB_DIFF_COMMENT;
	bool section =
		comment && change->section.len && change->element != KB_ELEMENT_KEY;
	enum kb_role role = !is_significant(change->weight) ? KB_ROLE_PLAIN
			    : comment			    ? KB_ROLE_STRONG
			    : page->view == KB_DIFF_FULL    ? KB_ROLE_WARNING
							    : KB_ROLE_PLAIN;

	kb_report_item(report, depth,
		is_significant(change->weight)	    ? "!"
		: change->weight == KB_WEIGHT_MINOR ? "*"
						    : ".");
	kb_report_text(report, role, kb_doc_change_phrase(report->arena, change));
	kb_report_add(report, " ");
	kb_report_fmt(report, KB_ROLE_FAINT, "(%.*s%s%.*s%s)", KB_ARG(change->reason),
		section ? ", in “" : "", KB_ARG(section ? change->section : KB_STR_NULL),
		section ? "”" : "");
	if (page->view != KB_DIFF_FULL)
		add_words(report, change);
	else
		kb_report_language(report, KB_STR("en"), false);
}

/* As they are in the text, below the headings of their sections. */
static void add_by_section(const struct diff_page *page, const struct kb_diff *diff)
{
	kb_str section = KB_STR_NULL;

	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *change = &diff->changes[i];
		bool inside = page->view == KB_DIFF_LINES && change->section.len &&
			      change->element != KB_ELEMENT_KEY;

		if (!kb_diff_weighs(page->shown, change->weight))
			continue;
		if (inside && !kb_str_eq(section, change->section)) {
			kb_report_item(page->report, 1, "");
			kb_report_text(page->report, KB_ROLE_FAINT, change->section);
		}
		if (change->element != KB_ELEMENT_KEY)
			section = change->section;
		add_change(page, page->view == KB_DIFF_FULL ? 0 : inside ? 2 : 1, change);
	}
}

static void add_by_weight(const struct diff_page *page, const struct kb_diff *diff)
{
	size_t said = 0;

	for (int w = KB_WEIGHT_SIGNIFICANT; w > KB_WEIGHT_NONE; w--)
		for (uint32_t i = 0; i < diff->nchanges; i++)
			if (diff->changes[i].weight == w &&
				kb_diff_weighs(page->shown, (unsigned)w) &&
				said++ < CHANGES_MAX)
				add_change(page, 0, &diff->changes[i]);
	if (said > CHANGES_MAX) {
		kb_report_item(page->report, 0, "");
		kb_report_add(page->report, "… and %zu more", said - CHANGES_MAX);
	}
}

/* A line's first word is where; a page's, which document. */
static void add_line_head(const struct diff_page *page, const struct kb_doc_diff *doc)
{
	struct kb_report *report = page->report;

	kb_report_text(report, KB_ROLE_STRONG, kb_doc_diff_document(doc)->path);
	kb_report_add(report, ": %s", kb_doc_diff_status(doc));
	if (doc->moved)
		kb_report_add(report, " from %.*s", KB_ARG(doc->from->path));
	if (doc->translation)
		kb_report_add(report, " %.*s since %.*s", KB_ARG(doc->to->path),
			KB_ARG(doc->since));
	kb_report_text(report, KB_ROLE_PLAIN,
		kb_doc_diff_counts(page->shown, report->arena, doc));
}

static void add_page_head(const struct diff_page *page, const struct kb_doc_diff *doc)
{
	const struct kb_document *d = kb_doc_diff_document(doc);
	struct kb_report *report = page->report;

	kb_str status = kb_arena_fmt(report->arena, " · %s%.*s", kb_doc_diff_status(doc),
		KB_ARG(kb_doc_diff_counts(page->shown, report->arena, doc)));
	bool comment = page->view == KB_DIFF_COMMENT;

	kb_report_text(report,
		comment && is_significant(doc->diff->weight) ? KB_ROLE_STRONG
							     : KB_ROLE_PLAIN,
		d->facts->title.len ? d->facts->title : d->path);
	if (comment)
		kb_report_text(report, KB_ROLE_PLAIN, status);
	kb_report_paragraph(report, "%s", "");
	kb_report_text(report, KB_ROLE_CODE, d->path);
	if (!comment)
		kb_report_text(report, KB_ROLE_PLAIN, status);
	if (doc->moved) {
		kb_report_add(report, ", before: ");
		kb_report_text(report, KB_ROLE_CODE, doc->from->path);
	}
	if (doc->translation) {
		kb_report_add(report, ", its source: ");
		kb_report_text(report, KB_ROLE_CODE, doc->to->path);
		kb_report_add(report, ", since %.*s", KB_ARG(doc->since));
	}
	kb_report_language(report, KB_STR("en"), false);
}

/* Both workflows as diagrams, when their graphs differ. */
static void add_diagrams(
	struct kb_report *report, const struct kb_diff *diff, uint32_t number)
{
	_cleanup_buf_ kb_buf before = {0}, after = {0};

	if (kb_flow_diagrams(report->arena, diff, number, &before, &after))
		return;
	kb_report_markup(report, kb_buf_view(&before), KB_STR("Before"));
	kb_report_markup(report, kb_buf_view(&after), KB_STR("After"));
}

static void add_full(const struct diff_page *page, const struct kb_doc_diff *doc,
	const struct kb_library *lib, uint32_t number)
{
	add_by_section(page, doc->diff);
	add_diagrams(page->report, doc->diff, number);
	if (doc->diff->weight != KB_WEIGHT_NONE)
		diff_text(page->report, doc->diff,
			doc->translation ? &lib->config->locales[doc->to->locale] : NULL);
}

static void add_document(const struct diff_page *page, uint32_t number)
{
	const struct kb_library_diff *diff = page->shown->diff;
	const struct kb_doc_diff *doc = &diff->docs[number];
	const struct kb_library *lib = doc->to ? diff->to : diff->from;
	const struct kb_locale *locale =
		&lib->config->locales[kb_doc_diff_document(doc)->locale];

	kb_report_part(page->report);
	kb_report_language(page->report, locale->code, locale->rtl);
	if (page->view == KB_DIFF_LINES) {
		add_line_head(page, doc);
		add_by_section(page, doc->diff);
	} else {
		add_page_head(page, doc);
		if (page->view == KB_DIFF_FULL)
			add_full(page, doc, lib, number);
		else
			add_by_weight(page, doc->diff);
	}
	kb_report_part_end(page->report);
}

static void add_touched(const struct diff_page *page, const struct kb_note *note)
{
	struct kb_report *report = page->report;

	if (page->view == KB_DIFF_LINES && note->kind != KB_NOTE_SNIPPET)
		kb_report_add(report, " (touches %zu document%s)", note->touched.len,
			note->touched.len == 1 ? "" : "s");
	if (page->view != KB_DIFF_COMMENT)
		return;
	kb_report_text(report, KB_ROLE_BREAK, KB_STR_NULL);
	for (size_t i = 0; i < note->touched.len && i < TOUCHED_MAX; i++) {
		kb_report_add(report, "%s", i ? ", " : "touches ");
		kb_report_text(report, KB_ROLE_CODE, note->touched.items[i]);
	}
	if (note->touched.len > TOUCHED_MAX)
		kb_report_add(report, " and %zu more", note->touched.len - TOUCHED_MAX);
}

static void add_note(const struct diff_page *page, const struct kb_note *note)
{
	struct kb_report *report = page->report;
	bool marked = is_significant(note->weight) && page->view != KB_DIFF_LINES;

	kb_report_item(report, 0, is_significant(note->weight) ? "!" : "*");
	kb_report_text(report, page->view == KB_DIFF_LINES ? KB_ROLE_PLAIN : KB_ROLE_CODE,
		note->path);
	kb_report_add(report, ": ");
	kb_report_text(report, marked ? KB_ROLE_STRONG : KB_ROLE_PLAIN, note->text);
	if (note->touched.len)
		add_touched(page, note);
}

/* Those that say who can read more now, or the others. */
static void add_notes(const struct diff_page *page, const char *title, bool readers)
{
	const struct kb_library_diff *diff = page->shown->diff;
	bool any = false;

	for (uint32_t i = 0; i < diff->nnotes; i++) {
		const struct kb_note *note = &diff->notes[i];

		if ((note->kind == KB_NOTE_READERS) != readers ||
			!kb_diff_weighs(page->shown, note->weight))
			continue;
		if (!any && page->view != KB_DIFF_LINES)
			kb_report_heading(
				page->report, page->report->level + 1, "%s", title);
		any = true;
		add_note(page, note);
	}
}

static void add_documents(const struct diff_page *page)
{
	const struct kb_library_diff *diff = page->shown->diff;
	bool sorted = page->view == KB_DIFF_COMMENT;

	if (page->view == KB_DIFF_COMMENT && kb_diff_count(page->shown))
		kb_report_heading(page->report, 3, "Documents");
	for (int w = KB_WEIGHT_SIGNIFICANT; w >= KB_WEIGHT_NONE; w--)
		for (uint32_t i = 0; i < diff->ndocs; i++)
			if (kb_diff_shows(page->shown, &diff->docs[i]) &&
				(sorted ? (int)diff->docs[i].diff->weight == w : !w))
				add_document(page, i);
}

/* A commit is an id, which forges would make a link; a work tree is not. */
static void add_version(struct kb_report *report, kb_str name)
{
	kb_report_text(report,
		kb_str_chr(name, ' ') == SIZE_MAX ? KB_ROLE_CODE : KB_ROLE_PLAIN, name);
}

static void add_headline(const struct diff_page *page)
{
	struct kb_report *report = page->report;

	kb_report_paragraph(report, "%.*s, from ",
		KB_ARG(kb_diff_headline(page->shown, report->arena)));
	add_version(report, page->shown->from);
	kb_report_add(report, " to ");
	add_version(report, page->shown->to);
	kb_report_add(report, ".");
}

void kb_report_diff(struct kb_report *report, const struct kb_diff_shown *shown,
	enum kb_diff_view view)
{
	const struct diff_page page = {report, shown, view};

	kb_report_init(report,
		view == KB_DIFF_COMMENT ? "What changed in the content" : "What changed");
	report->level = view == KB_DIFF_COMMENT ? 2 : 1;
	kb_diff_value(shown, report->arena, report->data);
	if (view != KB_DIFF_LINES) {
		add_headline(&page);
		add_notes(&page, "More people can read this now", true);
	}
	add_documents(&page);
	if (view == KB_DIFF_LINES)
		add_notes(&page, "", true);
	add_notes(&page, "What it brings with it", false);
}
