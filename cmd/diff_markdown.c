/* The difference as a comment on a pull request: short, significant first. */
#include "diff.h"

#include "kb/escape.h"

enum { CONTEXT = 60, LONGEST = 300, TOUCHED_MAX = 8, CHANGES_MAX = 40 };

static void put(kb_buf *out, kb_str text)
{
	kb_buf_markdown(out, text, KB_MARKDOWN_FORGE);
}

static kb_str cut_head(kb_str s, size_t most)
{
	size_t to = s.len > most ? most : s.len;

	while (to && to < s.len && ((unsigned char)s.data[to] & 0xc0) == 0x80)
		to--;
	return kb_str_sub(s, 0, to);
}

static kb_str cut_tail(kb_str s, size_t most)
{
	size_t from = s.len > most ? s.len - most : 0;

	while (from < s.len && ((unsigned char)s.data[from] & 0xc0) == 0x80)
		from++;
	return kb_str_sub(s, from, s.len);
}

/* Marks need text without white space at their ends. */
static void put_marked(kb_buf *out, kb_str text, const char *open, const char *close)
{
	kb_str inner = kb_str_trim(cut_head(text, LONGEST));

	if (!inner.len)
		return;
	kb_buf_puts(out, inner.data > text.data ? " " : "");
	kb_buf_puts(out, open);
	put(out, inner);
	kb_buf_puts(out, text.len > LONGEST ? "…" : "");
	kb_buf_puts(out, close);
	kb_buf_puts(out, inner.data + inner.len < text.data + text.len ? " " : "");
}

static void put_words(kb_buf *out, const struct kb_doc_change *c)
{
	for (uint32_t i = 0; i < c->nwords; i++) {
		const struct kb_word_run *run = &c->words[i];
		bool first = i == 0, last = i + 1 == c->nwords;

		if (run->op == KB_OP_DELETE) {
			put_marked(out, run->text, "<del>", "</del>");
		} else if (run->op == KB_OP_INSERT) {
			put_marked(out, run->text, "<ins>", "</ins>");
		} else if (run->text.len <= 2 * CONTEXT) {
			put(out, run->text);
		} else {
			put(out, first ? KB_STR_NULL : cut_head(run->text, CONTEXT));
			kb_buf_puts(out, "…");
			put(out, last ? KB_STR_NULL : cut_tail(run->text, CONTEXT));
		}
	}
}

static void put_change(
	const struct diff_report *report, kb_buf *out, const struct kb_doc_change *c)
{
	bool significant = c->weight == KB_WEIGHT_SIGNIFICANT;
	bool whole = c->action == KB_CHANGE_ADDED || c->action == KB_CHANGE_REMOVED;
	kb_str text = c->action == KB_CHANGE_ADDED ? c->after : c->before;

	kb_buf_puts(out, significant ? "- **" : "- ");
	put(out, kb_doc_change_phrase(report->arena, c));
	kb_buf_puts(out, significant ? "** (" : " (");
	put(out, c->reason);
	if (c->section.len && c->element != KB_ELEMENT_KEY) {
		kb_buf_puts(out, ", in “");
		put(out, c->section);
		kb_buf_puts(out, "”");
	}
	kb_buf_puts(out, ")\n");
	if (c->nwords && c->action != KB_CHANGE_RENAMED) {
		kb_buf_puts(out, "  <br>");
		put_words(out, c);
		kb_buf_putc(out, '\n');
	} else if (whole && text.len && c->element != KB_ELEMENT_KEY &&
		   c->element != KB_ELEMENT_LINK && c->element != KB_ELEMENT_IMAGE &&
		   !kb_str_eq(text, c->name)) {
		bool came = c->action == KB_CHANGE_ADDED;

		kb_buf_puts(out, "  <br>");
		put_marked(
			out, text, came ? "<ins>" : "<del>", came ? "</ins>" : "</del>");
		kb_buf_putc(out, '\n');
	}
}

static void put_document(
	const struct diff_report *report, kb_buf *out, const struct kb_doc_diff *doc)
{
	const struct kb_diff *diff = doc->diff;
	kb_str counts = diff_counts_text(report, doc);
	size_t said = 0, left = 0;

	kb_buf_puts(out, "<details><summary>");
	kb_buf_puts(out, diff->weight == KB_WEIGHT_SIGNIFICANT ? "<b>" : "");
	kb_buf_markdown(out,
		diff_document(doc)->facts->title.len ? diff_document(doc)->facts->title
						     : diff_document(doc)->path,
		KB_MARKDOWN_FORGE_TAG);
	kb_buf_puts(out, diff->weight == KB_WEIGHT_SIGNIFICANT ? "</b>" : "");
	kb_buf_fmt(out, " · %s%s%.*s</summary>\n\n", diff_status(doc),
		counts.len ? ", " : "", KB_ARG(counts));
	kb_buf_markdown_code(out, diff_document(doc)->path);
	if (doc->moved) {
		kb_buf_puts(out, ", before: ");
		kb_buf_markdown_code(out, doc->from->path);
	}
	if (doc->translation) {
		kb_buf_puts(out, ", its source: ");
		kb_buf_markdown_code(out, doc->to->path);
		kb_buf_fmt(out, ", since %.*s", KB_ARG(doc->since));
	}
	kb_buf_puts(out, "\n\n");
	for (int w = KB_WEIGHT_SIGNIFICANT; w > KB_WEIGHT_NONE; w--)
		for (uint32_t i = 0; i < diff->nchanges; i++) {
			if (diff->changes[i].weight != w ||
				!diff_counts(report, (unsigned)w))
				continue;
			if (said++ < CHANGES_MAX)
				put_change(report, out, &diff->changes[i]);
			else
				left++;
		}
	if (left)
		kb_buf_fmt(out, "- … and %zu more\n", left);
	kb_buf_puts(out, "\n</details>\n");
}

static void put_note(kb_buf *out, const struct kb_note *note)
{
	bool significant = note->weight == KB_WEIGHT_SIGNIFICANT;

	kb_buf_puts(out, "- ");
	kb_buf_markdown_code(out, note->path);
	kb_buf_puts(out, significant ? ": **" : ": ");
	put(out, note->text);
	kb_buf_puts(out, significant ? "**\n" : "\n");
	if (!note->touched.len)
		return;
	kb_buf_puts(out, "  <br>touches ");
	for (size_t i = 0; i < note->touched.len && i < TOUCHED_MAX; i++) {
		kb_buf_puts(out, i ? ", " : "");
		kb_buf_markdown_code(out, note->touched.items[i]);
	}
	if (note->touched.len > TOUCHED_MAX)
		kb_buf_fmt(out, " and %zu more", note->touched.len - TOUCHED_MAX);
	kb_buf_putc(out, '\n');
}

static void put_notes(
	const struct diff_report *report, kb_buf *out, const char *title, bool readers)
{
	bool any = false;

	for (uint32_t i = 0; i < report->diff->nnotes; i++) {
		const struct kb_note *note = &report->diff->notes[i];

		if ((note->kind == KB_NOTE_READERS) != readers ||
			!diff_counts(report, note->weight))
			continue;
		if (!any)
			kb_buf_fmt(out, "\n### %s\n\n", title);
		any = true;
		put_note(out, note);
	}
}

void diff_markdown(const struct diff_report *report, kb_buf *out)
{
	size_t shown = diff_shown(report);

	kb_buf_puts(out, "## What changed in the content\n\n");
	kb_buf_fmt(out, "%.*s\n", KB_ARG(diff_headline(report)));
	put_notes(report, out, "More people can read this now", true);
	if (shown)
		kb_buf_puts(out, "\n### Documents\n\n");
	for (int w = KB_WEIGHT_SIGNIFICANT; w >= KB_WEIGHT_NONE; w--)
		for (uint32_t i = 0; i < report->diff->ndocs; i++)
			if (report->diff->docs[i].diff->weight == (enum kb_weight)w &&
				diff_shows(report, &report->diff->docs[i]))
				put_document(report, out, &report->diff->docs[i]);
	put_notes(report, out, "What it brings with it", false);
}
