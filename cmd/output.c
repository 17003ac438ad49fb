#include "output.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kb/file.h"

const char *const kb_output_formats[] = {"text", "markdown", "html", "json", "csv", NULL};
const char *const kb_fail_levels[] = {"error", "warning", "info", "none", NULL};

/* Pairs each --output of WORDS with the --format before it. */
static int pair_reports(
	const kb_strs *words, struct kb_output *reports, size_t *n, struct kb_error *err)
{
	for (size_t i = 0; i + 1 < words->len; i += 2) {
		if (kb_str_is(words->items[i], "format")) {
			reports[(*n)++] =
				(struct kb_output){.format = words->items[i + 1]};
			continue;
		}
		if (!*n)
			reports[(*n)++] = (struct kb_output){.format = KB_STR("text")};
		struct kb_output *last = &reports[*n - 1];
		if (last->file.len)
			return kb_error_set(err, KB_E_USAGE,
				"--output %.*s has no --format of its own before it",
				KB_ARG(words->items[i + 1]));
		last->file = words->items[i + 1];
		last->to_file = !kb_str_is(last->file, "-");
	}
	if (!*n)
		reports[(*n)++] = (struct kb_output){.format = KB_STR("text")};
	return 0;
}

static bool is_for_people(kb_str format)
{
	return kb_str_is(format, "text") || kb_str_is(format, "markdown") ||
	       kb_str_is(format, "csv");
}

static int send_report(const struct kb_cli *cli, const struct kb_output *report,
	kb_str text, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	bool people = is_for_people(report->format);

	if (report->to_file) {
		if (people)
			kb_buf_text(&out, text, false);
		return kb_file_write(
			report->file.data, people ? kb_buf_view(&out) : text, err);
	}
	if (people)
		kb_put(cli, stdout, text);
	else
		kb_put_bytes(stdout, text);
	return 0;
}

int kb_outputs_write(const struct kb_cli *cli, const kb_strs *words,
	kb_output_write_fn *write, void *ctx, struct kb_error *err)
{
	size_t n = 0;
	_cleanup_free_ struct kb_output *reports =
		kb_xcalloc(words->len + 1, sizeof(*reports));

	if (pair_reports(words, reports, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		_cleanup_buf_ kb_buf out = {0};

		if (write(ctx, &reports[i], &out, err) ||
			send_report(cli, &reports[i], kb_buf_view(&out), err))
			return -1;
	}
	return 0;
}

/* The terminal's columns, or 0. */
static size_t terminal_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
		       ? size.ws_col
		       : 0;
}

struct report_writing {
	const struct kb_cli *cli;
	const struct kb_report *report;
	kb_output_own_fn *own;
	void *ctx;
};

static int write_report(
	void *ctx, const struct kb_output *output, kb_buf *out, struct kb_error *err)
{
	const struct report_writing *w = ctx;
	const struct kb_report_style style = {
		.color = w->cli->color_out && !output->to_file,
		.width = output->to_file ? 0 : terminal_width()};

	int other = w->own ? w->own(w->ctx, output->format, out, err) : 1;

	return other == 1 ? kb_report_write(w->report, output->format, &style, out, err)
			  : other;
}

int kb_output_report(const struct kb_cli *cli, const kb_strs *words,
	const struct kb_report *report, kb_output_own_fn *own, void *ctx,
	struct kb_error *err)
{
	struct report_writing w = {cli, report, own, ctx};

	return kb_outputs_write(cli, words, write_report, &w, err);
}

static int write_findings(
	void *ctx, const struct kb_output *output, kb_buf *out, struct kb_error *err)
{
	return kb_findings_write(ctx, output->format, out, err);
}

int kb_output_findings(const struct kb_cli *cli, const kb_strs *words,
	const struct kb_findings *findings, struct kb_error *err)
{
	return kb_outputs_write(cli, words, write_findings, (void *)findings, err);
}

void kb_output_complain(
	const struct kb_cli *cli, const struct kb_diags *diags, enum kb_severity least)
{
	struct kb_findings findings = {.quiet = true};
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < diags->len; i++)
		if (diags->items[i].severity >= least)
			kb_findings_add(&findings, &diags->items[i]);
	kb_findings_write(&findings, KB_STR("text"), &out, NULL);
	kb_put(cli, stderr, kb_buf_view(&out));
	kb_vec_dispose(&findings);
}

int kb_output_status(int level, const struct kb_findings *findings)
{
	for (int severity = KB_ERROR; severity >= KB_INFO; severity--)
		if (level < 3 && severity >= KB_ERROR - level &&
			findings->counts[severity])
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}
