#include "findings.h"

#include "kb/unicode.h"

/* Cells of a source line that are shown, and of those, before the place. */
enum { WINDOW = 100, BEFORE = 40, TAB = 8 };

/* The window's first cell: 0, or far enough right for the place to be seen. */
static size_t window_start(size_t mark, size_t width)
{
	if (width <= WINDOW || mark <= BEFORE)
		return 0;
	size_t start = mark - BEFORE;
	return start + WINDOW > width ? width - WINDOW : start;
}

struct cells {
	const struct kb_diag *diag;
	kb_buf *out;		      /* NULL: measure only */
	size_t from, to;	      /* cells to be written, half open */
	size_t mark, mark_end, width; /* found */
};

static size_t cell_width(
	kb_str source, size_t at, size_t next, uint32_t cp, size_t column)
{
	if (cp == '\t')
		return TAB - column % TAB;
	return kb_char_kind(cp) != KB_CHAR_PLAIN
		       ? 1
		       : kb_display_width(kb_str_sub(source, at, next));
}

static void walk_cells(struct cells *w)
{
	kb_str source = w->diag->source;
	uint32_t col = w->diag->source_col;
	uint32_t end = w->diag->end_line > w->diag->line ? UINT32_MAX : w->diag->end_col;
	bool marked = false, ended = false;

	for (size_t at = 0; at < source.len; col++) {
		size_t next = at;
		uint32_t cp = kb_utf8_next(source, &next);
		size_t width = cell_width(source, at, next, cp, w->width);

		if (col >= w->diag->col && !marked) {
			w->mark = w->width;
			marked = true;
		}
		if (col >= end && !ended) {
			w->mark_end = w->width;
			ended = true;
		}
		if (w->out && w->width >= w->from && w->width + width <= w->to) {
			for (size_t i = 0; cp == '\t' && i < width; i++)
				kb_buf_putc(w->out, ' ');
			if (cp != '\t')
				kb_buf_plain(w->out, kb_str_sub(source, at, next));
		}
		w->width += width;
		at = next;
	}
	if (!marked)
		w->mark = w->width;
	if (!ended)
		w->mark_end = w->width;
	if (w->mark_end <= w->mark)
		w->mark_end = w->mark + 1;
}

static void add_line(struct kb_report *report, const kb_buf *line)
{
	kb_report_item(report, 2, "");
	kb_report_text(report, KB_ROLE_PLAIN, kb_buf_view(line));
}

static void add_source(
	struct kb_report *report, const struct kb_diag *diag, enum kb_role role)
{
	_cleanup_buf_ kb_buf line = {0}, mark = {0};
	struct cells measure = {.diag = diag};

	walk_cells(&measure);
	size_t start = window_start(measure.mark, measure.width);
	bool cut = start || diag->source_col > 1;
	struct cells cells = {.diag = diag,
		.out = &line,
		.from = cut ? start + 1 : 0,
		.to = start + WINDOW};

	kb_buf_puts(&line, cut ? "…" : "");
	walk_cells(&cells);
	kb_buf_puts(&line, measure.width > cells.to ? "…" : "");
	add_line(report, &line);
	kb_buf_clear(&line);
	for (size_t i = start; i < measure.mark; i++)
		kb_buf_putc(&line, ' ');
	add_line(report, &line);
	kb_buf_putc(&mark, '^');
	for (size_t i = measure.mark + 1; i < measure.mark_end && i < cells.to; i++)
		kb_buf_putc(&mark, '~');
	kb_report_text(report, role, kb_buf_view(&mark));
}

static void add_finding(struct kb_report *report, const struct kb_diag *diag)
{
	static const enum kb_role roles[] = {[KB_INFO] = KB_ROLE_NOTE,
		[KB_WARNING] = KB_ROLE_WARNING,
		[KB_ERROR] = KB_ROLE_ERROR};
	enum kb_role role = roles[diag->severity];

	kb_report_item(report, 0, "");
	if (diag->line)
		kb_report_fmt(report, KB_ROLE_STRONG, "%.*s:%u:%u:", KB_ARG(diag->path),
			diag->line, diag->col);
	else
		kb_report_fmt(report, KB_ROLE_STRONG, "%.*s:", KB_ARG(diag->path));
	kb_report_add(report, " ");
	kb_report_fmt(report, role, "%s:", kb_severity_name(diag->severity));
	kb_report_add(report, " %.*s ", KB_ARG(diag->message));
	kb_report_fmt(report, KB_ROLE_FAINT, "[%.*s]", KB_ARG(findings_rule(diag)));
	if (diag->line && kb_str_trim(diag->source).len)
		add_source(report, diag, role);
	if (diag->hint.len) {
		kb_report_item(report, 2, "");
		kb_report_add(report, "hint: %.*s", KB_ARG(diag->hint));
	}
}

static void put_count(kb_buf *out, size_t n, const char *one, const char *many)
{
	kb_buf_fmt(out, "%zu %s", n, n == 1 ? one : many);
}

/* "2 errors and 1 warning in 40 documents" */
static void put_summary(kb_buf *out, const struct kb_findings *findings)
{
	static const struct {
		enum kb_severity severity;
		const char *one, *many;
	} words[] = {{KB_ERROR, "error", "errors"}, {KB_WARNING, "warning", "warnings"},
		{KB_INFO, "note", "notes"}};
	bool any = false;

	for (size_t i = 0; i < KB_LEN(words); i++) {
		size_t n = findings->counts[words[i].severity];

		if (!n)
			continue;
		kb_buf_puts(out, any ? ", " : "");
		put_count(out, n, words[i].one, words[i].many);
		any = true;
	}
	if (!any)
		kb_buf_puts(out, findings->fresh ? "No new findings" : "No findings");
	if (findings->documents || !any) {
		kb_buf_puts(out, " in ");
		put_count(out, findings->documents, "document", "documents");
	}
}

void findings_page(const struct kb_findings *findings, struct kb_report *report)
{
	_cleanup_buf_ kb_buf summary = {0};

	for (size_t i = 0; i < findings->len; i++)
		add_finding(report, findings->items[i]);
	if (findings->quiet)
		return;
	put_summary(&summary, findings);
	kb_report_paragraph(report, "%.*s.", KB_ARG(kb_buf_view(&summary)));
}
