/* The difference for a terminal. */
#include "diff.h"

#include "kb/escape.h"

enum { CONTEXT = 48, LONGEST = 400 };

struct marks {
	const char *went, *came, *went_end, *came_end;
};

static const struct marks plain = {"[-", "{+", "-]", "+}"};
static const struct marks coloured = {KB_DELETED, KB_INSERTED, KB_RESET, KB_RESET};

/* The last bytes of S, from a character on; or the first ones. */
static kb_str tail(kb_str s, size_t most)
{
	size_t from = s.len > most ? s.len - most : 0;

	while (from && from < s.len && ((unsigned char)s.data[from] & 0xc0) == 0x80)
		from++;
	return kb_str_sub(s, from, s.len);
}

static kb_str head(kb_str s, size_t most)
{
	size_t to = s.len > most ? most : s.len;

	while (to && to < s.len && ((unsigned char)s.data[to] & 0xc0) == 0x80)
		to--;
	return kb_str_sub(s, 0, to);
}

/* Of what stays, as much as says where one is. */
static void put_kept(kb_buf *out, kb_str text, bool first, bool last)
{
	if (text.len <= 2 * CONTEXT && !(first && text.len > CONTEXT) &&
		!(last && text.len > CONTEXT)) {
		kb_buf_plain(out, text);
		return;
	}
	if (!first)
		kb_buf_plain(out, head(text, CONTEXT));
	kb_buf_puts(out, "…");
	if (!last)
		kb_buf_plain(out, tail(text, CONTEXT));
}

static void put_words(
	kb_buf *out, const struct marks *marks, const struct kb_doc_change *c)
{
	for (uint32_t i = 0; i < c->nwords; i++) {
		const struct kb_word_run *run = &c->words[i];
		bool went = run->op == KB_OP_DELETE;

		if (run->op == KB_OP_KEEP) {
			put_kept(out, run->text, i == 0, i + 1 == c->nwords);
			continue;
		}
		kb_buf_puts(out, went ? marks->went : marks->came);
		kb_buf_plain(out, head(run->text, LONGEST));
		kb_buf_puts(out, run->text.len > LONGEST ? "…" : "");
		kb_buf_puts(out, went ? marks->went_end : marks->came_end);
	}
}

static bool in_section(const struct kb_doc_change *c)
{
	return c->section.len && c->element != KB_ELEMENT_KEY;
}

static void put_change(struct kb_arena *arena, kb_buf *out, const struct marks *marks,
	const struct kb_doc_change *c)
{
	bool significant = c->weight == KB_WEIGHT_SIGNIFICANT;
	bool whole = c->action == KB_CHANGE_ADDED || c->action == KB_CHANGE_REMOVED;
	kb_str text = c->action == KB_CHANGE_ADDED ? c->after : c->before;
	/* What is in a section stands below its heading. */
	const char *indent = in_section(c) ? "    " : "  ";

	kb_buf_fmt(out, "%s%s%s" KB_RESET " ", indent,
		significant ? KB_WARNING_STYLE : KB_DIM,
		significant		       ? "!"
		: c->weight == KB_WEIGHT_MINOR ? "*"
					       : ".");
	kb_buf_plain(out, kb_doc_change_phrase(arena, c));
	kb_buf_puts(out, " " KB_DIM "(");
	kb_buf_plain(out, c->reason);
	kb_buf_puts(out, ")" KB_RESET "\n");
	if (c->nwords && c->action != KB_CHANGE_RENAMED) {
		kb_buf_fmt(out, "%s    ", indent);
		put_words(out, marks, c);
		kb_buf_putc(out, '\n');
	} else if (whole && c->element != KB_ELEMENT_KEY && text.len &&
		   !kb_str_eq(text, c->name) && c->element != KB_ELEMENT_LINK &&
		   c->element != KB_ELEMENT_IMAGE) {
		bool came = c->action == KB_CHANGE_ADDED;

		kb_buf_fmt(out, "%s    %s", indent, came ? marks->came : marks->went);
		kb_buf_plain(out, head(text, LONGEST));
		kb_buf_puts(out, text.len > LONGEST ? "…" : "");
		kb_buf_fmt(out, "%s\n", came ? marks->came_end : marks->went_end);
	}
}

static void put_document(const struct diff_report *report, kb_buf *out,
	const struct marks *marks, const struct kb_doc_diff *doc)
{
	const struct kb_diff *diff = doc->diff;
	kb_str counts = diff_counts_text(report, doc), section = KB_STR_NULL;

	kb_buf_puts(out, KB_BOLD);
	kb_buf_plain(out, diff_document(doc)->path);
	kb_buf_fmt(out, KB_RESET ": %s", diff_status(doc));
	if (doc->moved) {
		kb_buf_puts(out, " from ");
		kb_buf_plain(out, doc->from->path);
	}
	if (doc->translation) {
		kb_buf_putc(out, ' ');
		kb_buf_plain(out, doc->to->path);
		kb_buf_fmt(out, " since %.*s", KB_ARG(doc->since));
	}
	kb_buf_fmt(out, "%s%.*s\n", counts.len ? ", " : "", KB_ARG(counts));
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *c = &diff->changes[i];

		if (!diff_counts(report, c->weight))
			continue;
		if (in_section(c) && !kb_str_eq(section, c->section)) {
			kb_buf_puts(out, "  " KB_DIM);
			kb_buf_plain(out, c->section);
			kb_buf_puts(out, KB_RESET "\n");
		}
		if (c->element != KB_ELEMENT_KEY)
			section = c->section;
		put_change(report->arena, out, marks, c);
	}
}

static void put_note(kb_buf *out, const struct kb_note *note)
{
	bool significant = note->weight == KB_WEIGHT_SIGNIFICANT;

	kb_buf_puts(out, significant ? KB_WARNING_STYLE "!" : KB_DIM "*");
	kb_buf_puts(out, KB_RESET " ");
	kb_buf_plain(out, note->path);
	kb_buf_puts(out, ": ");
	kb_buf_plain(out, note->text);
	if (note->touched.len && note->kind != KB_NOTE_SNIPPET)
		kb_buf_fmt(out, " (touches %zu document%s)", note->touched.len,
			note->touched.len == 1 ? "" : "s");
	kb_buf_putc(out, '\n');
}

void diff_text(const struct diff_report *report, bool color, kb_buf *out)
{
	const struct marks *marks = color ? &coloured : &plain;
	bool any = false;

	for (uint32_t i = 0; i < report->diff->ndocs; i++) {
		if (!diff_shows(report, &report->diff->docs[i]))
			continue;
		kb_buf_puts(out, any ? "\n" : "");
		put_document(report, out, marks, &report->diff->docs[i]);
		any = true;
	}
	for (uint32_t i = 0; i < report->diff->nnotes; i++) {
		if (!diff_counts(report, report->diff->notes[i].weight))
			continue;
		if (any)
			kb_buf_putc(out, '\n');
		any = false;
		put_note(out, &report->diff->notes[i]);
	}
}
