#include "sheet_report.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "print.h"

const char *const kb_sheet_formats[] = {"text", "markdown", "html", "json", "csv", NULL};

/* The terminal's columns; 0: it is none. */
static size_t terminal_width(void)
{
	struct winsize size;
	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
		       ? size.ws_col
		       : 0;
}

struct sheet_writing {
	const struct kb_sheet *sheet;
	kb_sheet_own_fn *own;
	void *ctx;
};

static int write_sheet(
	void *ctx, const struct kb_report *report, kb_buf *out, struct kb_error *err)
{
	const struct sheet_writing *w = ctx;
	(void)err;
	if (w->own(w->ctx, report->format, out))
		;
	else if (kb_str_is(report->format, "markdown"))
		kb_sheet_markdown(w->sheet, out);
	else if (kb_str_is(report->format, "html"))
		kb_sheet_html(w->sheet, out);
	else if (kb_str_is(report->format, "csv"))
		kb_sheet_csv(w->sheet, out);
	else
		kb_sheet_text(w->sheet, report->to_file ? 0 : terminal_width(), out);
	return 0;
}

int kb_sheet_report(const struct kb_cli *cli, const kb_strs *reports,
	const struct kb_sheet *sheet, kb_sheet_own_fn *own, void *ctx,
	struct kb_error *err)
{
	struct sheet_writing w = {sheet, own, ctx};
	return kb_reports_write(cli, reports, write_sheet, &w, err);
}
