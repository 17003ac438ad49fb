#include "findings.h"

#include <stdlib.h>

#include "kb/map.h"
#include "kb/source.h"

const char *const kb_findings_formats[] = {"text", "json", "jsonl", "sarif", "github",
	"gitlab", "junit", "checkstyle", "rdjson", NULL};

void kb_findings_add(struct kb_findings *findings, const struct kb_diag *diag)
{
	kb_vec_push(findings, diag);
	findings->counts[diag->severity]++;
}

static void make_print(struct findings_run *run, kb_map *seen, size_t i)
{
	const struct kb_diag *diag = run->findings->items[i];
	kb_str key = kb_arena_fmt(run->arena, "%.*s\n%.*s\n%.*s\n%.*s",
		KB_ARG(findings_rule(diag)), KB_ARG(diag->path),
		KB_ARG(kb_str_trim(diag->source)), KB_ARG(diag->message));
	size_t n = (size_t)(uintptr_t)kb_map_get(seen, key);

	kb_map_put(seen, key, (void *)(uintptr_t)(n + 1));
	if (n)
		key = kb_arena_fmt(run->arena, "%.*s\n%zu", KB_ARG(key), n);
	kb_blob_id(key, run->prints[i]);
}

static int write_report(const struct kb_findings *findings, kb_str format, kb_buf *out,
	struct kb_error *err)
{
	struct kb_report report;
	int status;

	kb_report_init(&report, "Findings");
	if (kb_str_is(format, "text"))
		findings_page(findings, &report);
	else
		findings_value(findings, &report);
	status = kb_report_write(&report, format, &(struct kb_report_style){0}, out, err);
	kb_report_dispose(&report);
	return status;
}

/* A format that is a program's own. */
struct format {
	const char *name;
	struct kb_value *(*value)(const struct findings_run *run);
	void (*write)(const struct findings_run *run, kb_buf *out);
};

static void write_format(
	const struct kb_findings *findings, const struct format *format, kb_buf *out)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct findings_run run = {.findings = findings, .arena = arena};
	kb_map seen = {0};

	run.prints = kb_xcalloc(findings->len + 1, sizeof(*run.prints));
	for (size_t i = 0; i < findings->len; i++)
		make_print(&run, &seen, i);
	kb_map_dispose(&seen);
	if (format->value)
		kb_value_json(format->value(&run), KB_JSON_PRETTY, out);
	else
		format->write(&run, out);
	free(run.prints);
}

int kb_findings_write(const struct kb_findings *findings, kb_str format, kb_buf *out,
	struct kb_error *err)
{
	static const struct format formats[] = {
		{"sarif", findings_sarif, NULL},
		{"gitlab", findings_gitlab, NULL},
		{"rdjson", findings_rdjson, NULL},
		{"github", NULL, findings_github},
		{"junit", NULL, findings_junit},
		{"checkstyle", NULL, findings_checkstyle},
	};

	for (size_t i = 0; i < KB_LEN(formats); i++) {
		if (!kb_str_is(format, formats[i].name))
			continue;
		write_format(findings, &formats[i], out);
		return 0;
	}
	return write_report(findings, format, out, err);
}
