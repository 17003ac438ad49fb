/*
 * What kb reports: each function makes a report of what an operation found, with its data
 * and its page. The caller writes it in the formats that are asked for (kb_report_write)
 * and disposes of it. What the operation returned must live as long.
 */
#ifndef KB_PAGES_H
#define KB_PAGES_H

#include "kb/adopt.h"
#include "kb/audit.h"
#include "kb/audit_trend.h"
#include "kb/answer.h"
#include "kb/coverage_gaps.h"
#include "kb/diff_shown.h"
#include "kb/feedback_list.h"
#include "kb/golden.h"
#include "kb/impact.h"
#include "kb/log.h"
#include "kb/news.h"
#include "kb/owners.h"
#include "kb/published.h"
#include "kb/report.h"
#include "kb/stats.h"
#include "kb/stats_report.h"
#include "kb/suggest.h"
#include "kb/search.h"

/* What was found and decided, and what the user does next. */
void kb_report_adoption(struct kb_report *report, const struct kb_adoption *adoption);
/* SUMMARY: only how many findings of each kind there are. */
void kb_report_audit(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit *audit, const struct kb_audit_scores *scores, bool summary);
/* The same as a page with charts, for those who decide. */
struct kb_audit_told {
	const struct kb_audit *audit;
	const struct kb_audit_scores *scores;
	const struct kb_audit_month *months; /* KB_TREND_MONTHS of them */
	const struct kb_stats *stats;	     /* NULL: there is no usage */
};
void kb_report_audit_page(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit_told *told);
/* Appends the findings as SARIF 2.1.0, for code scanning. */
void kb_audit_sarif(
	const struct kb_library *lib, const struct kb_audit *audit, kb_buf *out);
/* Adds to a page what a customer's words are about, with the commands that show the other
 * guesses, and with that for the FIRST one if its case does not follow. OPTIONS is how
 * the commands end. */
void kb_report_guesses(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_suggestion *guessed,
	bool first, kb_str options);
/* Sets the member "classified" of ROOT (schemas/api/case.json). */
void kb_guesses_value(const struct kb_library *lib, const struct kb_answer_query *query,
	const struct kb_suggestion *guessed, struct kb_arena *arena,
	struct kb_value *root);
/* Adds the page alone, to a report that is begun; kb_answer_value makes the data. Fails
 * with KB_E_IO if a reply cannot be read. */
int kb_report_case(struct kb_report *report, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_answer *answer, struct kb_error *err);

void kb_report_coverage(struct kb_report *report, const struct kb_gaps *gaps);

enum kb_diff_view {
	KB_DIFF_LINES,	 /* For a terminal: section by section. */
	KB_DIFF_COMMENT, /* For a pull request: short, what is significant first. */
	KB_DIFF_FULL,	 /* With the texts and the diagrams. */
};
void kb_report_diff(struct kb_report *report, const struct kb_diff_shown *shown,
	enum kb_diff_view view);

void kb_report_feedback(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback_list *list);
/* A letter to who reported IT: what was decided and, in CHANGES, what became of the text
 * at ADDRESS. TITLE, ADDRESS and CHANGES may be empty. */
void kb_report_answer(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback *it, kb_str title, kb_str address, kb_str changes);

void kb_report_golden(struct kb_report *report, const struct kb_library *lib,
	const struct kb_golden *golden);

void kb_report_hits(struct kb_report *report, const struct kb_library *lib,
	const struct kb_search_query *query, const struct kb_search_hit *hits, size_t n);

void kb_report_impact(struct kb_report *report, const struct kb_library *lib,
	const struct kb_subject *subject, const struct kb_impact *impact);
void kb_report_import(struct kb_report *report, const struct kb_import *import);
void kb_report_log(
	struct kb_report *report, const struct kb_library *lib, const struct kb_log *log);

void kb_report_stats(struct kb_report *report, const struct kb_library *lib,
	const struct kb_stats *stats);
/* TABLE: the texts are rows of one, and those that nothing is proposed for are listed. */
void kb_report_suggestions(
	struct kb_report *report, const struct kb_suggestions *suggestions, bool table);
void kb_report_news(struct kb_report *report, const struct kb_news_report *told);
/* Appends the news of such a report as an Atom feed (RFC 4287). */
void kb_report_atom(
	const struct kb_report *report, const struct kb_news_report *told, kb_buf *out);

/* LIST: each document, otherwise how many there are. */
void kb_report_owners(
	struct kb_report *report, const struct kb_owners *owners, bool list);
/* Appends the file CODEOWNERS of GitHub and GitLab: a line for each document or, where
 * all documents of a folder have one owner, for the folder. A team means its members,
 * unless it has a handle of its own. SKIPPED counts documents whose owner has neither
 * handle nor email. */
void kb_codeowners(const struct kb_library *lib, kb_buf *out, unsigned *skipped);

void kb_report_published(struct kb_report *report, const struct kb_published *published);
/* What the clock changes next. */
void kb_report_turns(struct kb_report *report, const struct kb_published *published);

#endif
