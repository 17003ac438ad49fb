/* Moments in words, as people give them to --since. */
#ifndef KB_MOMENT_H
#define KB_MOMENT_H

#include <time.h>

#include "kb/error.h"
#include "kb/str.h"

/*
 * A day or a time (kb_time_parse's forms), "30 days ago", "2 weeks ago", "3 months ago",
 * "1 year ago", "yesterday", "now"; counted back from NOW. -1: it is not a moment.
 */
int kb_moment_parse(kb_str words, kb_str timezone, time_t now, time_t *out);

/* Sets ERR to what is wrong with the WORDS of an option, which are not a date or a
 * moment, and to EXAMPLES of how to write it. Returns -1. */
int kb_moment_refuse(struct kb_error *err, kb_str words, const char *examples);

/* $SOURCE_DATE_EPOCH if it is set, else the clock. */
time_t kb_now(void);

#endif
