#include "kb/pages.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "includes 'contact-us', which depends on it" */
static kb_str how(struct kb_arena *arena, const struct kb_touch *touch)
{
	const char *phrase = kb_touch_phrase(touch->kind);
	bool owns = touch->kind == KB_TOUCH_OWNER || touch->kind == KB_TOUCH_DEPUTY;

	if (touch->via)
		return kb_arena_fmt(arena, "includes '%.*s', which depends on it",
			KB_ARG(touch->via->id));
	if (owns && touch->doc && touch->detail.len)
		return kb_arena_fmt(
			arena, "%s, in the team '%.*s'", phrase, KB_ARG(touch->detail));
	if (touch->kind == KB_TOUCH_OWNER && !touch->doc)
		return kb_arena_fmt(arena, "the issue '%.*s' is owned by them",
			KB_ARG(touch->detail));
	if (touch->kind == KB_TOUCH_MEMBER)
		return kb_arena_fmt(arena, "the team '%.*s' has them as member",
			KB_ARG(touch->detail));
	if (!touch->detail.len)
		return kb_str_of(phrase);
	return kb_arena_fmt(arena, "%s: %.*s", phrase, KB_ARG(touch->detail));
}

static void add_owner(struct kb_report *report, const struct kb_impact *impact,
	const struct kb_count *owner)
{
	kb_report_heading(report, 2, "%.*s (%zu)",
		KB_ARG(owner->name.len ? owner->name : KB_STR("without an owner")),
		owner->n);
	kb_report_table(report, "Place|Title*|How*");
	for (size_t i = 0; i < impact->len; i++) {
		const struct kb_touch *touch = &impact->items[i];

		if (!kb_str_eq(touch->owner, owner->name))
			continue;
		kb_report_cell_fmt(report, "%.*s:%u", KB_ARG(touch->path), touch->line);
		kb_report_cell(
			report, touch->doc ? touch->doc->facts->title : KB_STR(""));
		kb_report_cell(report, how(report->arena, touch));
	}
}

static void add_subject(struct kb_report *report, const struct kb_library *lib,
	const struct kb_subject *subject)
{
	kb_str title = kb_subject_title(lib, subject);
	bool team = subject->kind == KB_SUBJECT_PERSON && subject->person->team;

	kb_report_paragraph(report, "The %s '%.*s'%s%.*s",
		team ? "team" : kb_subject_name(subject->kind),
		KB_ARG(kb_subject_id(subject)), title.len ? ": " : "", KB_ARG(title));
}

void kb_report_impact(struct kb_report *report, const struct kb_library *lib,
	const struct kb_subject *subject, const struct kb_impact *impact)
{
	kb_report_init(report, "What a change would touch");
	kb_impact_value(lib, subject, impact, report->arena, report->data);
	kb_report_rows(report, kb_value_get(report->data, KB_STR("touches")),
		"path|line>|id|locale|title|owner|kind|detail|via");
	add_subject(report, lib, subject);
	if (!impact->len) {
		kb_report_paragraph(report, "Nothing depends on it.");
		return;
	}
	kb_report_paragraph(report,
		"A change touches %zu document%s of %zu owner%s in %zu place%s",
		impact->documents, plural(impact->documents), impact->nowners,
		plural(impact->nowners), impact->len, plural(impact->len));
	if (impact->through)
		kb_report_add(report,
			"; %zu of the documents only through what they include",
			impact->through);
	kb_report_add(report, ".");
	for (size_t i = 0; i < impact->nowners; i++)
		add_owner(report, impact, &impact->owners[i]);
}
