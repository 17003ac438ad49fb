/*
 * Reports: each function fills an initialized report with the data and the page for what
 * an operation found. The caller writes it (kb_report_write) and disposes of it. The
 * result of the operation must live as long as the report.
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

/* The matrix of issues and types, and what is missing. Its data:
 * schemas/output/link.json. */
void kb_report_coverage(struct kb_report *report, const struct kb_gaps *gaps);

enum kb_diff_view {
	KB_DIFF_LINES,	 /* For a terminal: section by section. */
	KB_DIFF_COMMENT, /* For a pull request: short, what is significant first. */
	KB_DIFF_FULL,	 /* With the texts and the diagrams. */
};
/* The differences, as VIEW says. Its data: schemas/output/diff.json. */
void kb_report_diff(struct kb_report *report, const struct kb_diff_shown *shown,
	enum kb_diff_view view);

/* A list of reports and what became of them. Its data: schemas/output/feedback.json. */
void kb_report_feedback(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback_list *list);
/* A letter to the person who reported IT: the decision and, in CHANGES, what happened to
 * the text at ADDRESS. TITLE, ADDRESS and CHANGES may be empty. */
void kb_report_answer(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback *it, kb_str title, kb_str address, kb_str changes);

/* Which golden queries found what they should, and the measures of each locale. */
void kb_report_golden(struct kb_report *report, const struct kb_library *lib,
	const struct kb_golden *golden);

/* What a search found. Its data: schemas/output/find.json. */
void kb_report_hits(struct kb_report *report, const struct kb_library *lib,
	const struct kb_search_query *query, const struct kb_search_hit *hits, size_t n);

/* What a change would touch. Its data: schemas/output/impact.json. */
void kb_report_impact(struct kb_report *report, const struct kb_library *lib,
	const struct kb_subject *subject, const struct kb_impact *impact);
/* How many lines and rows were counted, and what was left out and why. */
void kb_report_import(struct kb_report *report, const struct kb_import *import);
/* Versions of documents. Its data: schemas/output/log.json. */
void kb_report_log(
	struct kb_report *report, const struct kb_library *lib, const struct kb_log *log);

/* What the counts of a month say. Its data: schemas/output/stats-report.json. */
void kb_report_stats(struct kb_report *report, const struct kb_library *lib,
	const struct kb_stats *stats);
/* Which issues were proposed for texts or documents. TABLE: the texts are rows of a
 * table, and those without a proposal are listed. */
void kb_report_suggestions(
	struct kb_report *report, const struct kb_suggestions *suggestions, bool table);
/* What changed, for the readers that TOLD names. Its data:
 * schemas/output/changes.json. */
void kb_report_news(struct kb_report *report, const struct kb_news_report *told);
/* Appends the news of such a report as an Atom feed (RFC 4287). */
void kb_report_atom(
	const struct kb_report *report, const struct kb_news_report *told, kb_buf *out);

/* Who owns what. LIST: each document; otherwise only their number. */
void kb_report_owners(
	struct kb_report *report, const struct kb_owners *owners, bool list);
/* Appends the file CODEOWNERS of GitHub and GitLab: a line for each document or, where
 * all documents of a folder have one owner, for the folder. A team means its members,
 * unless it has a handle of its own. SKIPPED counts documents whose owner has neither
 * handle nor email. */
void kb_codeowners(const struct kb_library *lib, kb_buf *out, unsigned *skipped);

/* What a run of publishing did. Its data: schemas/output/publish.json. */
void kb_report_published(struct kb_report *report, const struct kb_published *published);
/* What the clock changes next. */
void kb_report_turns(struct kb_report *report, const struct kb_published *published);

/* The fields of a file by the name of its schema ("article"), and what they mean. False:
 * it has no schema, or none with fields. */
bool kb_report_schema(struct kb_report *report, kb_str name);

#endif
