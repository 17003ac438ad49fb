#include "print.h"

#include "kb/escape.h"
#include "kb/json.h"
#include "kb/unicode.h"

/* Cells of a source line that are shown, and of those, before the place. */
#define WINDOW 100
#define BEFORE 40
#define TAB 8

void kb_findings_add(struct kb_findings *findings, const struct kb_diag *diag)
{
	kb_vec_push(findings, diag);
	findings->counts[diag->severity]++;
}

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

static void put_source(kb_buf *out, const struct kb_diag *diag, const char *on)
{
	struct cells measure = {.diag = diag};
	walk_cells(&measure);
	size_t start = window_start(measure.mark, measure.width);
	bool cut = start || diag->source_col > 1;
	struct cells cells = {.diag = diag,
		.out = out,
		.from = cut ? start + 1 : 0,
		.to = start + WINDOW};
	kb_buf_puts(out, cut ? "    …" : "    ");
	walk_cells(&cells);
	kb_buf_puts(out, measure.width > cells.to ? "…\n    " : "\n    ");
	for (size_t i = start; i < measure.mark; i++)
		kb_buf_putc(out, ' ');
	kb_buf_fmt(out, "%s^", on);
	for (size_t i = measure.mark + 1; i < measure.mark_end && i < cells.to; i++)
		kb_buf_putc(out, '~');
	kb_buf_puts(out, KB_RESET "\n");
}

static void put_finding(kb_buf *out, const struct kb_diag *diag)
{
	const char *on = diag->severity == KB_ERROR	? KB_ERROR_STYLE
			 : diag->severity == KB_WARNING ? KB_WARNING_STYLE
							: KB_NOTE_STYLE;
	kb_buf_puts(out, KB_BOLD);
	kb_buf_plain(out, diag->path);
	if (diag->line)
		kb_buf_fmt(out, ":%u:%u", diag->line, diag->col);
	kb_buf_fmt(out, ":" KB_RESET " %s%s:" KB_RESET " ", on,
		kb_severity_name(diag->severity));
	kb_buf_plain(out, diag->message);
	kb_buf_fmt(out, " " KB_DIM "[%s]" KB_RESET "\n", kb_rule_info(diag->rule)->id);
	if (diag->line && kb_str_trim(diag->source).len)
		put_source(out, diag, on);
	if (diag->hint.len) {
		kb_buf_puts(out, "    hint: ");
		kb_buf_plain(out, diag->hint);
		kb_buf_putc(out, '\n');
	}
}

static void put_count(kb_buf *out, size_t n, const char *one, const char *many)
{
	kb_buf_fmt(out, "%zu %s", n, n == 1 ? one : many);
}

void kb_findings_summary(kb_buf *out, const struct kb_findings *findings)
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

void kb_print_text(kb_buf *out, const struct kb_findings *findings, bool quiet)
{
	for (size_t i = 0; i < findings->len; i++)
		put_finding(out, findings->items[i]);
	if (quiet)
		return;
	kb_buf_puts(out, findings->len ? "\n" : "");
	kb_findings_summary(out, findings);
	kb_buf_puts(out, ".\n");
}

static void put_json_edit(struct kb_json *json, const struct kb_edit *edit)
{
	kb_json_object(json);
	kb_json_key(json, "offset");
	kb_json_int(json, edit->range.off);
	kb_json_key(json, "length");
	kb_json_int(json, edit->range.len);
	kb_json_pair(json, "text", edit->text);
	kb_json_object_end(json);
}

void kb_print_json_finding(struct kb_json *json, const struct kb_diag *diag)
{
	kb_json_object(json);
	kb_json_pair(json, "rule", kb_str_of(kb_rule_info(diag->rule)->id));
	kb_json_pair(json, "severity", kb_str_of(kb_severity_name(diag->severity)));
	kb_json_pair(json, "path", diag->path);
	if (diag->line) {
		kb_json_key(json, "line");
		kb_json_int(json, diag->line);
		kb_json_key(json, "column");
		kb_json_int(json, diag->col);
		kb_json_key(json, "end_line");
		kb_json_int(json, diag->end_line);
		kb_json_key(json, "end_column");
		kb_json_int(json, diag->end_col);
	}
	kb_json_pair(json, "message", diag->message);
	if (diag->hint.len)
		kb_json_pair(json, "hint", diag->hint);
	if (diag->nedits) {
		kb_json_key(json, "edits");
		kb_json_array(json);
		for (uint32_t i = 0; i < diag->nedits; i++)
			put_json_edit(json, &diag->edits[i]);
		kb_json_array_end(json);
		kb_json_key(json, "safe");
		kb_json_bool(json, !diag->guess);
	}
	kb_json_object_end(json);
}

void kb_print_json(kb_buf *out, const struct kb_findings *findings)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_key(&json, "findings");
	kb_json_array(&json);
	for (size_t i = 0; i < findings->len; i++)
		kb_print_json_finding(&json, findings->items[i]);
	kb_json_array_end(&json);
	kb_json_key(&json, "summary");
	kb_json_object(&json);
	kb_json_key(&json, "documents");
	kb_json_int(&json, (long long)findings->documents);
	kb_json_key(&json, "errors");
	kb_json_int(&json, (long long)findings->counts[KB_ERROR]);
	kb_json_key(&json, "warnings");
	kb_json_int(&json, (long long)findings->counts[KB_WARNING]);
	kb_json_key(&json, "infos");
	kb_json_int(&json, (long long)findings->counts[KB_INFO]);
	kb_json_object_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}
