/* Findings beside a change on GitHub. */
#include "findings.h"

enum { SHOWN = 10 }; /* annotations of a level that GitHub shows of one step */

static void put_command(
	const struct findings_run *run, kb_buf *out, const struct kb_diag *diag)
{
	kb_buf_fmt(out, "::%s file=",
		diag->severity == KB_ERROR     ? "error"
		: diag->severity == KB_WARNING ? "warning"
					       : "notice");
	kb_buf_workflow(out, findings_path(run, diag->path), true);
	if (diag->line) {
		kb_buf_fmt(out, ",line=%u", diag->line);
		/* Columns are shown for places within one line only. */
		if (diag->end_line == diag->line)
			kb_buf_fmt(out, ",endLine=%u,col=%u,endColumn=%u", diag->end_line,
				diag->col, diag->end_col);
	}
	kb_buf_puts(out, ",title=");
	kb_buf_workflow(out, findings_rule(diag), true);
	kb_buf_puts(out, "::");
	kb_buf_workflow(out, diag->message, false);
	if (diag->hint.len) {
		kb_buf_puts(out, "%0A");
		kb_buf_workflow(out, diag->hint, false);
	}
	kb_buf_putc(out, '\n');
}

/* Says how many findings are not shown. This is a notice itself, so it comes first and
 * takes the place of one. */
static void put_rest(kb_buf *out, const struct kb_findings *findings)
{
	static const char *const names[] = {"", "notice", "warning", "error"};
	bool any = findings->counts[KB_ERROR] > SHOWN ||
		   findings->counts[KB_WARNING] > SHOWN ||
		   findings->counts[KB_INFO] > SHOWN;
	const char *before = "::notice title=kb::GitHub shows the first ";

	for (int severity = KB_ERROR; any && severity >= KB_INFO; severity--) {
		size_t shown = severity == KB_INFO ? SHOWN - 1 : SHOWN;

		if (findings->counts[severity] <= shown)
			continue;
		kb_buf_fmt(out, "%s%zu of %zu %ss", before, shown,
			findings->counts[severity], names[severity]);
		before = ", ";
	}
	if (any)
		kb_buf_puts(out, "; the log of this step has them all\n");
}

void findings_github(const struct findings_run *run, kb_buf *out)
{
	const struct kb_findings *findings = run->findings;

	for (int severity = KB_ERROR; severity >= KB_INFO; severity--) {
		if (severity == KB_INFO)
			put_rest(out, findings);
		for (size_t i = 0; i < findings->len; i++)
			if ((int)findings->items[i]->severity == severity)
				put_command(run, out, findings->items[i]);
	}
}
