/* Findings as XML. */
#include "findings.h"
#include "kb/escape.h"

static kb_str place_of(const struct findings_run *run, const struct kb_diag *diag)
{
	kb_str path = findings_path(run, diag->path);

	return diag->line ? kb_arena_fmt(run->arena, "%.*s:%u:%u", KB_ARG(path),
				    diag->line, diag->col)
			  : path;
}

/* Names are unique: a place can have two findings of one rule. */
static void put_case(const struct findings_run *run, kb_buf *out, size_t i)
{
	const struct kb_diag *diag = run->findings->items[i];
	const char *rule = findings_rule(diag).data;
	kb_str place = place_of(run, diag);
	bool fails = diag->severity != KB_INFO;

	kb_buf_puts(out, "    <testcase");
	kb_buf_xml_attribute(out, "name",
		kb_arena_fmt(
			run->arena, "%.*s %s %.8s", KB_ARG(place), rule, run->prints[i]));
	kb_buf_xml_attribute(out, "classname", kb_str_of(rule));
	kb_buf_xml_attribute(out, "file", findings_path(run, diag->path));
	if (diag->line)
		kb_buf_fmt(out, " line=\"%u\"", diag->line);
	kb_buf_fmt(out, ">\n      <%s", fails ? "failure" : "system-out");
	if (fails) {
		kb_buf_xml_attribute(
			out, "type", kb_str_of(kb_severity_name(diag->severity)));
		kb_buf_xml_attribute(out, "message", diag->message);
	}
	kb_buf_putc(out, '>');
	kb_buf_xml(out, kb_arena_fmt(run->arena, "%.*s: %.*s", KB_ARG(place),
				KB_ARG(findings_message(run, diag))));
	kb_buf_fmt(out, "</%s>\n    </testcase>\n", fails ? "failure" : "system-out");
}

void findings_junit(const struct findings_run *run, kb_buf *out)
{
	const struct kb_findings *findings = run->findings;
	size_t failures = findings->counts[KB_ERROR] + findings->counts[KB_WARNING];
	/* Without a finding one case that passes: some readers take none for a failure.
	 */
	size_t tests = findings->len ? findings->len : 1;

	kb_buf_fmt(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites name=\"kb\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n"
		"  <testsuite name=\"kb validate\" tests=\"%zu\" failures=\"%zu\" "
		"errors=\"0\" skipped=\"0\">\n",
		tests, failures, tests, failures);
	for (size_t i = 0; i < findings->len; i++)
		put_case(run, out, i);
	if (!findings->len)
		kb_buf_puts(
			out, "    <testcase name=\"kb validate\" classname=\"kb\"/>\n");
	kb_buf_puts(out, "  </testsuite>\n</testsuites>\n");
}

static void put_error(
	const struct findings_run *run, kb_buf *out, const struct kb_diag *diag)
{
	kb_buf_fmt(out, "    <error line=\"%u\"", diag->line ? diag->line : 1);
	if (diag->line)
		kb_buf_fmt(out, " column=\"%u\"", diag->col);
	kb_buf_xml_attribute(
		out, "severity", kb_str_of(kb_severity_name(diag->severity)));
	kb_buf_xml_attribute(out, "message", findings_message(run, diag));
	kb_buf_xml_attribute(out, "source",
		kb_arena_fmt(run->arena, "kb.%s", findings_rule(diag).data));
	kb_buf_puts(out, "/>\n");
}

void findings_checkstyle(const struct findings_run *run, kb_buf *out)
{
	const struct kb_findings *findings = run->findings;
	kb_str path = KB_STR_NULL;

	kb_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<checkstyle version=\"4.3\">\n");
	for (size_t i = 0; i < findings->len; i++) {
		const struct kb_diag *diag = findings->items[i];

		if (!i || !kb_str_eq(path, diag->path)) {
			kb_buf_puts(out, i ? "  </file>\n  <file" : "  <file");
			kb_buf_xml_attribute(out, "name", findings_path(run, diag->path));
			kb_buf_puts(out, ">\n");
		}
		path = diag->path;
		put_error(run, out, diag);
	}
	kb_buf_puts(
		out, findings->len ? "  </file>\n</checkstyle>\n" : "</checkstyle>\n");
}
