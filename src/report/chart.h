/*
 * Charts as SVG without a script: each has a title, a description, a unit, and a table
 * with the same numbers for those who do not see it. They follow the colors of the page,
 * so they work in the dark and on paper, and say nothing by color alone.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "kb/buf.h"

struct chart_bar {
	kb_str label, note; /* NOTE follows the number; may be empty */
	double value;	    /* below 0: it is not known */
};

struct chart {
	const char *id; /* unique in the page */
	const char *title, *unit, *labels;
	const struct chart_bar *bars;
	size_t n;
};

/* Horizontal bars, for things with names. */
void chart_bars(kb_buf *out, const struct chart *chart);
/* Upright bars, for months. */
void chart_columns(kb_buf *out, const struct chart *chart);

#endif
