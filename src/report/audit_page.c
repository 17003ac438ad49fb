/* The audit as a page for those who decide: what got better and worse, charts, and each
 * document once with all that was found on it. */
#include <stdlib.h>

#include "chart.h"
#include "kb/coverage.h"
#include "kb/outdated.h"
#include "kb/pages.h"
#include "kb/render.h"
#include "kb/review.h"
#include "kb/unicode.h"

enum { BARS = 12, ISSUES = 80 };

struct audit_page {
	struct kb_report *report;
	const struct kb_library *lib;
	const struct kb_audit_told *told;
	kb_buf out;
};

static void flush(struct audit_page *p)
{
	kb_report_markup(p->report, kb_buf_view(&p->out), KB_STR(""));
	kb_buf_clear(&p->out);
}

static void put(struct audit_page *p, const char *before, kb_str text, const char *behind)
{
	kb_buf_puts(&p->out, before);
	kb_buf_html(&p->out, text);
	kb_buf_puts(&p->out, behind);
}

/* The title, as a link where the page is public. */
static void put_title(struct audit_page *p, const struct kb_document *doc)
{
	kb_str title = kb_library_expand(
		p->lib, p->report->arena, doc->facts->title, doc->locale);
	kb_str url = doc->address.len && kb_document_visible(p->lib, doc, 0, false)
			     ? kb_public_url(p->lib, p->report->arena, doc->family,
				       doc->locale, KB_STR_NULL)
			     : KB_STR_NULL;

	if (url.len)
		put(p, "<a href=\"", url, "\">");
	kb_buf_html(&p->out, title.len ? title : doc->path);
	kb_buf_puts(&p->out, url.len ? "</a>" : "");
}

/* Better and worse */

enum better { LESS, MORE, NEITHER };

struct audit_comparison {
	struct kb_report *report;
	kb_buf same; /* what did not change, by name */
};

/* BETTER says which is good news. */
static void add_difference(struct audit_comparison *c, const char *name, double before,
	double now, enum better better)
{
	const char *word = better == NEITHER			? ""
			   : (now > before) == (better == MORE) ? ", better"
								: ", worse";

	if (now == before) {
		if (now > 0)
			kb_buf_fmt(&c->same, "%s%s (%.0f)", c->same.len ? "; " : "", name,
				now);
		return;
	}
	kb_report_cell(c->report, kb_str_of(name));
	kb_report_cell_fmt(c->report, "%.0f", before);
	kb_report_cell_fmt(c->report, "%.0f", now);
	kb_report_cell_fmt(c->report, "%s%.0f%s", now > before ? "+" : "−",
		now > before ? now - before : before - now, word);
}

static void tell_same(struct audit_comparison *c)
{
	if (c->same.len)
		kb_report_paragraph(c->report, "The same as before: %.*s.",
			KB_ARG(kb_buf_view(&c->same)));
	kb_buf_dispose(&c->same);
}

static void add_months(struct audit_page *p)
{
	const struct kb_audit_month *now = &p->told->months[KB_TREND_MONTHS - 1],
				    *before = now - 1;
	const struct kb_stats *stats = p->told->stats;
	struct audit_comparison c = {.report = p->report};

	kb_report_heading(p->report, 2, "What got better and worse");
	if (!before->known) {
		kb_report_paragraph(p->report,
			"The history does not say what there was a month ago.");
	} else {
		kb_report_paragraph(
			p->report, "The end of %.*s against now.", KB_ARG(before->name));
		kb_report_table(p->report, "Content*|Before>|Now>|Change");
		add_difference(&c, "Score (of 100)", before->score, now->score, MORE);
		add_difference(&c, "Documents", (double)before->documents,
			(double)now->documents, NEITHER);
		for (int kind = 0; kind < KB_AUDIT_KINDS; kind++)
			add_difference(&c, kb_audit_title((enum kb_audit_kind)kind),
				(double)before->counts[kind], (double)now->counts[kind],
				LESS);
		tell_same(&c);
	}
	if (!stats || !stats->previous.len)
		return;
	kb_report_paragraph(p->report, "Usage: %.*s against %.*s.",
		KB_ARG(stats->previous), KB_ARG(stats->month));
	kb_report_table(p->report, "Usage*|Before>|Now>|Change");
	add_difference(&c, "Tickets", (double)stats->before.tickets.tickets,
		(double)stats->now.tickets.tickets, LESS);
	add_difference(&c, "Escalated tickets", (double)stats->before.tickets.escalated,
		(double)stats->now.tickets.escalated, LESS);
	if (stats->now.views)
		add_difference(&c, "Views", (double)stats->before.views,
			(double)stats->now.views, MORE);
	if (stats->now.searches)
		add_difference(&c, "Searches without a result",
			(double)stats->before.failed, (double)stats->now.failed, LESS);
	tell_same(&c);
}

/* Charts */

static void add_chart(struct audit_page *p, const struct chart *chart,
	void (*draw)(kb_buf *out, const struct chart *chart))
{
	kb_report_heading(p->report, 2, "%s", chart->title);
	if (!chart->n) {
		kb_report_paragraph(p->report, "Nothing.");
		return;
	}
	draw(&p->out, chart);
	flush(p);
}

static void add_trend(struct audit_page *p)
{
	struct chart_bar score[KB_TREND_MONTHS], overdue[KB_TREND_MONTHS];

	for (int i = 0; i < KB_TREND_MONTHS; i++) {
		const struct kb_audit_month *month = &p->told->months[i];

		score[i] = (struct chart_bar){.label = month->name,
			.value = month->known ? (double)month->score : -1};
		overdue[i] = (struct chart_bar){.label = month->name,
			.value = month->known ? (double)month->counts[KB_AUDIT_OVERDUE]
					      : -1};
	}
	add_chart(p,
		&(struct chart){"score", "Score over twelve months", "points of 100",
			"Month", score, KB_TREND_MONTHS},
		chart_columns);
	add_chart(p,
		&(struct chart){"overdue", "Overdue reviews over twelve months",
			"documents", "Month", overdue, KB_TREND_MONTHS},
		chart_columns);
}

static void add_age(struct audit_page *p)
{
	static const struct {
		const char *label;
		int64_t days;
	} ages[] = {{"up to 3 months", 92}, {"3 to 6 months", 183},
		{"6 to 12 months", 366}, {"1 to 2 years", 731},
		{"more than 2 years", INT64_MAX}, {"never reviewed", 0}};
	struct chart_bar bars[KB_LEN(ages)];
	kb_str zone = p->lib->config->timezone;

	for (size_t i = 0; i < KB_LEN(ages); i++)
		bars[i] = (struct chart_bar){.label = kb_str_of(ages[i].label)};
	for (uint32_t d = 0; d < p->lib->ndocs; d++) {
		const struct kb_facts *facts = p->lib->docs[d]->facts;
		int64_t days = kb_day_number(zone, p->lib->now) -
			       kb_day_number(zone, facts->reviewed);
		size_t age = KB_LEN(ages) - 1;

		if (facts->broken || facts->status == KB_ARCHIVED)
			continue;
		for (size_t i = 0; facts->reviewed && i < KB_LEN(ages) - 1; i++)
			if (days <= ages[i].days) {
				age = i;
				break;
			}
		bars[age].value++;
	}
	add_chart(p,
		&(struct chart){"age", "Time since the last review", "documents", "Time",
			bars, KB_LEN(ages)},
		chart_bars);
}

static int bar_cmp(const void *pa, const void *pb)
{
	const struct chart_bar *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return kb_str_cmp(a->label, b->label);
}

static bool is_team(const struct kb_person *team, kb_str owner)
{
	for (size_t i = 0; i < team->members.len; i++)
		if (kb_str_eq(team->members.items[i], owner))
			return true;
	return kb_str_eq(team->id, owner);
}

static void add_teams(struct audit_page *p)
{
	const struct kb_people *people = p->lib->people;
	struct chart_bar *bars =
		kb_arena_array(p->report->arena, struct chart_bar, people->len + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < people->len; i++) {
		const struct kb_person *team = &people->items[i];
		unsigned owned = 0, overdue = 0;

		for (uint32_t d = 0; team->team && d < p->lib->ndocs; d++) {
			const struct kb_document *doc = p->lib->docs[d];

			if (!is_team(team, doc->facts->owner))
				continue;
			owned++;
			overdue += kb_review_overdue(p->lib->config, doc, p->lib->now);
		}
		if (owned)
			bars[n++] = (struct chart_bar){
				.label = team->name.len ? team->name : team->id,
				.value = overdue,
				.note = kb_arena_fmt(p->report->arena, "of %u", owned)};
	}
	qsort(bars, n, sizeof(*bars), bar_cmp);
	add_chart(p,
		&(struct chart){
			"teams", "Overdue reviews by team", "documents", "Team", bars, n},
		chart_bars);
}

/* "tickets in 2026-10" */
static const char *unit_of(const struct audit_page *p, const char *noun)
{
	return kb_arena_fmt(
		p->report->arena, "%s in %.*s", noun, KB_ARG(p->told->stats->month))
		.data;
}

static kb_str label_of(const struct audit_page *p, const struct kb_issue *issue)
{
	kb_str label = kb_l10n_get(p->lib->config, &issue->label, 0);

	return label.len ? label : issue->id;
}

static void add_topics(struct audit_page *p, const char *id, const char *title,
	const struct kb_stats_topics *topics, bool content)
{
	struct kb_arena *arena = p->report->arena;
	struct chart_bar bars[BARS];
	size_t n = 0;

	for (size_t i = 0; i < topics->len && n < BARS; i++, n++) {
		const struct kb_stats_topic *topic = &topics->items[i];

		bars[n] = (struct chart_bar){.value = (double)topic->now.tickets,
			.label = kb_arena_fmt(arena, "%.*s%s%.*s",
				KB_ARG(label_of(p, topic->issue)),
				topic->locale == KB_NONE ? "" : ", ",
				KB_ARG(topic->locale == KB_NONE
						? KB_STR("")
						: p->lib->config->locales[topic->locale]
							  .code)),
			.note = content ? kb_arena_fmt(arena,
						  "(%llu views, %u document%s)",
						  (unsigned long long)topic->views,
						  topic->documents,
						  topic->documents == 1 ? "" : "s")
					: kb_arena_fmt(arena, "(%llu escalated)",
						  (unsigned long long)
							  topic->now.escalated)};
	}
	add_chart(p, &(struct chart){id, title, unit_of(p, "tickets"), "Issue", bars, n},
		chart_bars);
}

static void add_usage(struct audit_page *p)
{
	const struct kb_stats *stats = p->told->stats;
	struct chart_bar bars[BARS];
	size_t n = 0;

	if (!stats)
		return;
	add_topics(p, "gaps", "Tickets without content", &stats->no_content, false);
	add_topics(p, "still", "Tickets although there is content", &stats->still, true);
	for (size_t i = 0; i < stats->searches.len && n < BARS; i++, n++) {
		const struct kb_usage_search *search = stats->searches.items[i].search;

		bars[n] = (struct chart_bar){.label = search->query,
			.value = (double)search->count,
			.note = search->locale == KB_NONE
					? KB_STR("")
					: p->lib->config->locales[search->locale].code};
	}
	add_chart(p,
		&(struct chart){"searches", "Searches without a result",
			unit_of(p, "searches"), "Words", bars, n},
		chart_bars);
}

/* Coverage */

static uint32_t documents_of(
	const struct kb_coverage *coverage, uint32_t issue, enum kb_type type)
{
	uint32_t n = 0;

	for (uint32_t l = 0; l < coverage->lib->config->nlocales; l++)
		n += kb_coverage_own(coverage, issue, type, l);
	return n;
}

static void put_cell(struct audit_page *p, const struct kb_coverage *coverage,
	uint32_t issue, enum kb_type type)
{
	uint32_t n = documents_of(coverage, issue, type);
	kb_str gap = kb_coverage_gap(coverage, p->report->arena, issue, type);

	kb_buf_fmt(&p->out,
		"<td class=\"n\" style=\"background:rgba(49,130,189,%.2f);padding-left:1rem;"
		"print-color-adjust:exact\">%u",
		n > 8 ? 0.5 : n * 0.0625, n);
	if (gap.len)
		put(p, " <strong>missing: ", gap, "</strong>");
	kb_buf_puts(&p->out, "</td>");
}

static void add_coverage(struct audit_page *p)
{
	const struct kb_taxonomy *taxonomy = p->lib->taxonomy;
	struct kb_coverage coverage;
	unsigned shown = 0;

	kb_report_heading(p->report, 2, "Coverage by issue and type");
	kb_report_paragraph(p->report,
		"Published documents in all locales: the more, the darker. 'missing' names "
		"the locales that lack what the issue needs.");
	kb_coverage_count(p->lib, p->report->arena, &coverage);
	kb_buf_puts(&p->out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Coverage\">"
		"<table><thead><tr><th scope=\"col\">Issue</th><th scope=\"col\" class=\"n\">"
		"Articles</th><th scope=\"col\" class=\"n\">Workflows</th><th scope=\"col\" "
		"class=\"n\">Replies</th></tr></thead><tbody>");
	for (uint32_t i = 0; i < taxonomy->len && shown < ISSUES; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];

		if (issue->retired)
			continue;
		shown++;
		kb_buf_fmt(&p->out, "<tr><th scope=\"row\" style=\"padding-left:%urem\">",
			issue->depth);
		put(p, "", kb_l10n_get(p->lib->config, &issue->label, 0), "</th>");
		for (int type = 0; type <= KB_REPLY; type++)
			put_cell(p, &coverage, i, (enum kb_type)type);
		kb_buf_puts(&p->out, "</tr>");
	}
	kb_buf_puts(&p->out, "</tbody></table></div>");
	flush(p);
}

/* Translations */

static void add_translations(struct audit_page *p)
{
	const struct kb_config *config = p->lib->config;
	const struct kb_audit *audit = p->told->audit;

	if (config->nlocales < 2)
		return;
	kb_report_heading(p->report, 2, "Translations");
	kb_report_table(p->report, "Locale|Documents>|Behind the source>|Missing>");
	for (uint32_t l = 0; l < config->nlocales; l++) {
		size_t documents = 0, behind = 0, missing = 0;

		for (uint32_t d = 0; d < p->lib->ndocs; d++)
			documents += p->lib->docs[d]->locale == l &&
				     p->lib->docs[d]->facts->status != KB_ARCHIVED;
		for (size_t i = 0; i < audit->len; i++) {
			const struct kb_audit_finding *finding = &audit->items[i];

			if (finding->locale != l)
				continue;
			behind += finding->kind == KB_AUDIT_TRANSLATION_BEHIND;
			missing += finding->kind == KB_AUDIT_TRANSLATION_MISSING;
		}
		kb_report_cell(p->report, config->locales[l].name);
		kb_report_cell_fmt(p->report, "%zu", documents);
		kb_report_cell_fmt(p->report, "%zu", behind);
		kb_report_cell_fmt(p->report, "%zu", missing);
	}
}

/* Documents */

static void put_findings(struct audit_page *p, const struct kb_document *doc)
{
	const struct kb_audit *audit = p->told->audit;

	kb_buf_puts(&p->out, "<td><ul style=\"margin:0;padding-left:1rem\">");
	for (size_t i = 0; i < audit->len; i++) {
		const struct kb_audit_finding *finding = &audit->items[i];

		if (finding->doc != doc)
			continue;
		kb_buf_fmt(&p->out,
			"<li><strong>%s</strong>: ", kb_severity_name(finding->severity));
		put(p, "", finding->message, "<br><span class=\"faint\">");
		put(p, "", finding->fix, "</span></li>");
	}
	kb_buf_puts(&p->out, "</ul></td>");
}

static kb_str owner_name(const struct audit_page *p, kb_str id)
{
	const struct kb_person *owner = kb_people_find(p->lib->people, id);

	return owner && owner->name.len ? owner->name : id;
}

static void add_documents(struct audit_page *p)
{
	const struct kb_audit_scores *scores = p->told->scores;
	const struct kb_audit *audit = p->told->audit;
	bool *listed = kb_arena_array(p->report->arena, bool, p->lib->ndocs + 1);

	kb_report_heading(p->report, 2, "Documents that need work");
	for (size_t i = 0; i < audit->len; i++)
		if (audit->items[i].doc)
			listed[audit->items[i].doc->number] = true;
	kb_buf_puts(&p->out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
		"aria-label=\"Documents\"><table class=\"s\"><thead><tr><th scope=\"col\" "
		"class=\"n\">Score</th><th scope=\"col\">Document</th><th "
		"scope=\"col\">Owner</th><th scope=\"col\">Findings</th></tr></thead><tbody>");
	for (size_t i = 0; i < scores->ndocuments; i++) {
		const struct kb_document *doc = scores->documents[i].doc;

		if (!listed[doc->number])
			continue;
		kb_buf_fmt(&p->out, "<tr><td class=\"n\">%u</td><td>",
			scores->documents[i].points);
		put_title(p, doc);
		put(p, "<br><span class=\"faint\">", doc->path, "</span></td>");
		put(p, "<td>", owner_name(p, doc->facts->owner), "</td>");
		put_findings(p, doc);
		kb_buf_puts(&p->out, "</tr>");
	}
	kb_buf_puts(&p->out, "</tbody></table></div>");
	flush(p);
}

/* What is about no document. */
static void add_issues(struct audit_page *p)
{
	const struct kb_audit *audit = p->told->audit;
	bool any = false;

	for (size_t i = 0; i < audit->len; i++) {
		const struct kb_audit_finding *finding = &audit->items[i];

		if (finding->doc)
			continue;
		if (!any) {
			kb_report_heading(p->report, 2, "Issues and searches");
			kb_report_table(p->report, "What*|Owner|Fix*");
			any = true;
		}
		kb_report_cell(p->report, finding->message);
		kb_report_cell(p->report, owner_name(p, finding->owner));
		kb_report_cell(p->report, finding->fix);
	}
}

void kb_report_audit_page(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit_told *told)
{
	struct audit_page p = {.report = report, .lib = lib, .told = told};
	kb_str name = kb_l10n_get(lib->config, &lib->config->name, 0);

	kb_report_init(report, "Content audit");
	kb_report_paragraph(report, "%.*s%s on %.*s: %zu finding%s in %zu document%s.",
		KB_ARG(name), name.len ? "," : "As",
		KB_ARG(kb_day_format(report->arena, lib->config->timezone, lib->now)),
		told->audit->len, told->audit->len == 1 ? "" : "s",
		told->audit->documents, told->audit->documents == 1 ? "" : "s");
	kb_report_paragraph(report, "Score: %u of 100. The formula: %s.",
		told->scores->all.points, kb_audit_formula);
	add_months(&p);
	add_trend(&p);
	add_usage(&p);
	add_issues(&p);
	add_teams(&p);
	add_age(&p);
	add_coverage(&p);
	add_translations(&p);
	add_documents(&p);
	kb_buf_dispose(&p.out);
}
