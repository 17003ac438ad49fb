#include "kb/pages.h"

static void add_failure(struct kb_report *report, const struct kb_library *lib,
	const struct kb_golden_test *test)
{
	kb_report_item(report, 0, "");
	kb_report_add(report, "'%.*s' (%.*s): %.*s ", KB_ARG(test->query.text),
		KB_ARG(lib->config->locales[test->query.locale].code),
		KB_ARG(test->expect));
	if (test->rank)
		kb_report_add(report, "is number %zu, not among the first %lld",
			test->rank, test->within);
	else
		kb_report_add(report, "is not found");
	if (test->first.len && test->rank != 1)
		kb_report_add(report, "; the first is '%.*s'", KB_ARG(test->first));
}

void kb_report_golden(struct kb_report *report, const struct kb_library *lib,
	const struct kb_golden *golden)
{
	kb_report_init(report, "Golden queries");
	kb_golden_value(lib, golden, report->arena, report->data);
	for (size_t i = 0; i < golden->n; i++)
		if (!golden->tests[i].found)
			add_failure(report, lib, &golden->tests[i]);
	for (uint32_t i = 0; i < lib->config->nlocales; i++) {
		const struct kb_golden_tally *tally = &golden->locales[i];

		if (!tally->tests)
			continue;
		kb_report_item(report, 0, "");
		kb_report_add(report,
			"%.*s: %zu of %zu found where wanted (recall %.3f), mean "
			"reciprocal rank %.3f",
			KB_ARG(lib->config->locales[i].code), tally->found, tally->tests,
			tally->recall, tally->mean_reciprocal_rank);
	}
}
