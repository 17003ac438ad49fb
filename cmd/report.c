/* Where findings go: --format, --output, --fail-level. */
#include "format.h"

#include <stdio.h>

#include "kb/file.h"

static const struct {
	const char *name;
	void (*write)(const struct kb_format *format, kb_buf *out);
} formats[] = {
	{"jsonl", kb_format_jsonl},
	{"sarif", kb_format_sarif},
	{"github", kb_format_github},
	{"gitlab", kb_format_gitlab},
	{"junit", kb_format_junit},
	{"checkstyle", kb_format_checkstyle},
	{"rdjson", kb_format_rdjson},
};

const char *const kb_report_formats[] = {"text", "json", "jsonl", "sarif", "github",
	"gitlab", "junit", "checkstyle", "rdjson", NULL};
const char *const kb_fail_levels[] = {"error", "warning", "info", "none", NULL};

int kb_reports_pair(
	const kb_strs *words, struct kb_report *reports, size_t *n, struct kb_error *err)
{
	for (size_t i = 0; i + 1 < words->len; i += 2) {
		if (kb_str_is(words->items[i], "format")) {
			reports[(*n)++] =
				(struct kb_report){.format = words->items[i + 1]};
			continue;
		}
		if (!*n)
			reports[(*n)++] = (struct kb_report){.format = KB_STR("text")};
		struct kb_report *last = &reports[*n - 1];
		if (last->file.len)
			return kb_error_set(err, KB_E_USAGE,
				"--output %.*s has no --format of its own before it",
				KB_ARG(words->items[i + 1]));
		last->file = words->items[i + 1];
	}
	if (!*n)
		reports[(*n)++] = (struct kb_report){.format = KB_STR("text")};
	return 0;
}

static void render(const struct kb_cli *cli, const struct kb_report *report,
	const struct kb_findings *findings, bool to_stdout, kb_buf *out)
{
	struct kb_format format;
	if (kb_str_is(report->format, "json"))
		kb_print_json(out, findings);
	if (kb_str_is(report->format, "text"))
		kb_print_text(out, findings, to_stdout && cli->color_out, cli->quiet);
	for (size_t i = 0; i < KB_LEN(formats); i++) {
		if (!kb_str_is(report->format, formats[i].name))
			continue;
		kb_format_init(&format, findings, findings->prefix);
		formats[i].write(&format, out);
		kb_format_dispose(&format);
	}
}

static int write_report(const struct kb_cli *cli, const struct kb_report *report,
	const struct kb_findings *findings, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	bool to_stdout = !report->file.len || kb_str_is(report->file, "-");
	render(cli, report, findings, to_stdout, &out);
	if (!to_stdout)
		return kb_file_write(report->file.data, kb_buf_view(&out), err);
	kb_put(stdout, kb_buf_view(&out));
	return 0;
}

int kb_report_write(const struct kb_cli *cli, const struct kb_report_values *values,
	const struct kb_findings *findings, struct kb_error *err)
{
	size_t n = 0;
	_cleanup_free_ struct kb_report *reports =
		kb_xcalloc(values->reports.len + 1, sizeof *reports);
	if (kb_reports_pair(&values->reports, reports, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (write_report(cli, &reports[i], findings, err))
			return -1;
	}
	return 0;
}

int kb_report_status(
	const struct kb_report_values *values, const struct kb_findings *findings)
{
	for (int severity = KB_ERROR; severity >= KB_INFO; severity--) {
		bool counts = values->fail_level < 3 &&
			      severity >= KB_ERROR - values->fail_level;
		if (counts && findings->counts[severity])
			return KB_EXIT_FOUND;
	}
	return KB_EXIT_OK;
}
