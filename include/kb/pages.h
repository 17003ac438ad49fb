/*
 * What kb reports: each function makes a report of what an operation found, with its data
 * and its page. The caller writes it in the formats that are asked for (kb_report_write)
 * and disposes of it. What the operation returned must live as long.
 */
#ifndef KB_PAGES_H
#define KB_PAGES_H

#include "kb/audit.h"
#include "kb/impact.h"
#include "kb/report.h"

/* SUMMARY: only how many findings of each kind there are. */
void kb_report_audit(struct kb_report *report, const struct kb_library *lib,
	const struct kb_audit *audit, bool summary);
void kb_report_impact(struct kb_report *report, const struct kb_library *lib,
	const struct kb_subject *subject, const struct kb_impact *impact);

#endif
