/* The difference for a terminal. */
#include "diff.h"

#include "kb/unicode.h"

enum { CONTEXT = 48, LONGEST = 400 };

struct look {
	const char *went, *came, *end, *bold, *strong, *faint, *reset;
};

static const struct look plain = {"[-", "{+", "", "", "", "", ""};
static const struct look coloured = {"\033[31;9m", "\033[32m", "\033[0m", "\033[1m",
	"\033[1;33m", "\033[2m", "\033[0m"};

/* Nothing that a terminal would obey; line ends become spaces. */
static void put(kb_buf *out, kb_str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t cp = kb_utf8_next(text, &at);
		bool harmful = cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
			       (cp >= 0x200e && cp <= 0x200f) ||
			       (cp >= 0x2028 && cp <= 0x202e) ||
			       (cp >= 0x2066 && cp <= 0x2069);

		kb_buf_utf8(out, harmful ? ' ' : cp);
	}
}

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
		put(out, text);
		return;
	}
	if (!first)
		put(out, head(text, CONTEXT));
	kb_buf_puts(out, "…");
	if (!last)
		put(out, tail(text, CONTEXT));
}

static void put_words(kb_buf *out, const struct look *look, const struct kb_doc_change *c)
{
	bool color = look->end[0] != '\0';

	for (uint32_t i = 0; i < c->nwords; i++) {
		const struct kb_word_run *run = &c->words[i];
		bool went = run->op == KB_OP_DELETE;

		if (run->op == KB_OP_KEEP) {
			put_kept(out, run->text, i == 0, i + 1 == c->nwords);
			continue;
		}
		kb_buf_puts(out, went ? look->went : look->came);
		put(out, head(run->text, LONGEST));
		kb_buf_puts(out, run->text.len > LONGEST ? "…" : "");
		kb_buf_puts(out, color ? look->end : went ? "-]" : "+}");
	}
}

static bool in_section(const struct kb_doc_change *c)
{
	return c->section.len && c->thing != KB_THING_KEY;
}

static void put_change(struct kb_arena *arena, kb_buf *out, const struct look *look,
	const struct kb_doc_change *c)
{
	bool significant = c->weight == KB_WEIGHT_SIGNIFICANT;
	bool whole = c->what == KB_WHAT_ADDED || c->what == KB_WHAT_REMOVED;
	kb_str text = c->what == KB_WHAT_ADDED ? c->after : c->before;
	/* What is in a section stands below its heading. */
	const char *indent = in_section(c) ? "    " : "  ";

	kb_buf_fmt(out, "%s%s%s%s ", indent, significant ? look->strong : look->faint,
		significant		       ? "!"
		: c->weight == KB_WEIGHT_MINOR ? "*"
					       : ".",
		look->reset);
	put(out, kb_doc_change_phrase(arena, c));
	kb_buf_fmt(out, " %s(", look->faint);
	put(out, c->reason);
	kb_buf_fmt(out, ")%s\n", look->reset);
	if (c->nwords && c->what != KB_WHAT_RENAMED) {
		kb_buf_fmt(out, "%s    ", indent);
		put_words(out, look, c);
		kb_buf_putc(out, '\n');
	} else if (whole && c->thing != KB_THING_KEY && text.len &&
		   !kb_str_eq(text, c->name) && c->thing != KB_THING_LINK &&
		   c->thing != KB_THING_IMAGE) {
		bool came = c->what == KB_WHAT_ADDED;

		kb_buf_fmt(out, "%s    %s", indent, came ? look->came : look->went);
		put(out, head(text, LONGEST));
		kb_buf_puts(out, text.len > LONGEST ? "…" : "");
		kb_buf_fmt(out, "%s\n", look->end[0] ? look->end : came ? "+}" : "-]");
	}
}

static void put_document(const struct diff_report *report, kb_buf *out,
	const struct look *look, const struct kb_doc_diff *doc)
{
	const struct kb_diff *diff = doc->diff;
	kb_str counts = diff_counts_text(report, doc), section = KB_STR_NULL;

	kb_buf_puts(out, look->bold);
	put(out, diff_document(doc)->path);
	kb_buf_fmt(out, "%s: %s", look->reset, diff_status(doc));
	if (doc->moved) {
		kb_buf_puts(out, " from ");
		put(out, doc->from->path);
	}
	if (doc->translation) {
		kb_buf_putc(out, ' ');
		put(out, doc->to->path);
		kb_buf_fmt(out, " since %.*s", KB_ARG(doc->since));
	}
	kb_buf_fmt(out, "%s%.*s\n", counts.len ? ", " : "", KB_ARG(counts));
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *c = &diff->changes[i];

		if (!diff_counts(report, c->weight))
			continue;
		if (in_section(c) && !kb_str_eq(section, c->section)) {
			kb_buf_fmt(out, "  %s", look->faint);
			put(out, c->section);
			kb_buf_fmt(out, "%s\n", look->reset);
		}
		if (c->thing != KB_THING_KEY)
			section = c->section;
		put_change(report->arena, out, look, c);
	}
}

static void put_note(kb_buf *out, const struct look *look, const struct kb_note *note)
{
	bool significant = note->weight == KB_WEIGHT_SIGNIFICANT;

	kb_buf_fmt(out, "%s%s%s ", significant ? look->strong : look->faint,
		significant ? "!" : "*", look->reset);
	put(out, note->path);
	kb_buf_puts(out, ": ");
	put(out, note->text);
	if (note->touched.len && note->kind != KB_NOTE_SNIPPET)
		kb_buf_fmt(out, " (touches %zu document%s)", note->touched.len,
			note->touched.len == 1 ? "" : "s");
	kb_buf_putc(out, '\n');
}

void diff_text(const struct diff_report *report, bool color, kb_buf *out)
{
	const struct look *look = color ? &coloured : &plain;
	bool any = false;

	for (uint32_t i = 0; i < report->diff->ndocs; i++) {
		if (!diff_shows(report, &report->diff->docs[i]))
			continue;
		kb_buf_puts(out, any ? "\n" : "");
		put_document(report, out, look, &report->diff->docs[i]);
		any = true;
	}
	for (uint32_t i = 0; i < report->diff->nnotes; i++) {
		if (!diff_counts(report, report->diff->notes[i].weight))
			continue;
		if (any)
			kb_buf_putc(out, '\n');
		any = false;
		put_note(out, look, &report->diff->notes[i]);
	}
}
