#include "sheet_report.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "kb/file.h"
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

static int write_one(const struct kb_cli *cli, const struct kb_report *report,
	const struct kb_sheet *sheet, kb_sheet_own_fn *own, void *ctx,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	bool to_stdout = !report->file.len || kb_str_is(report->file, "-");
	if (own(ctx, report->format, &out))
		;
	else if (kb_str_is(report->format, "markdown"))
		kb_sheet_markdown(sheet, &out);
	else if (kb_str_is(report->format, "html"))
		kb_sheet_html(sheet, &out);
	else if (kb_str_is(report->format, "csv"))
		kb_sheet_csv(sheet, &out);
	else
		kb_sheet_text(sheet, to_stdout && cli->color_out,
			to_stdout ? terminal_width() : 0, &out);
	if (!to_stdout)
		return kb_file_write(report->file.data, kb_buf_view(&out), err);
	kb_put(stdout, kb_buf_view(&out));
	return 0;
}

int kb_sheet_report(const struct kb_cli *cli, const kb_strs *reports,
	const struct kb_sheet *sheet, kb_sheet_own_fn *own, void *ctx,
	struct kb_error *err)
{
	size_t n = 0;
	_cleanup_free_ struct kb_report *list =
		kb_xcalloc(reports->len + 1, sizeof(*list));
	if (kb_reports_pair(reports, list, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (write_one(cli, &list[i], sheet, own, ctx, err))
			return -1;
	return 0;
}
