/*
 * Lengths of time as people write them: "30d", "12w", "6m", "1y".
 *
 * Months and years are the calendar's: half a year after 3 August is 3 February, and a
 * month after 31 January the last day of February, because a day
 * that does not exist in a month becomes its last day.
 */
#ifndef KB_INTERVAL_H
#define KB_INTERVAL_H

#include <time.h>

#include "kb/str.h"

struct kb_interval {
	uint32_t days, months; /* both 0: none */
};

/* Returns -1 for anything else, and leaves OUT as it was. */
int kb_interval_parse(kb_str s, struct kb_interval *out);
static inline bool kb_interval_given(struct kb_interval interval)
{
	return interval.days || interval.months;
}
/* The start of the day, in TIMEZONE, that is INTERVAL after the day of FROM. */
time_t kb_interval_after(kb_str timezone, time_t from, struct kb_interval interval);

#endif
