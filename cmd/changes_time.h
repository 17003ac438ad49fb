#ifndef KB_CMD_CHANGES_TIME_H
#define KB_CMD_CHANGES_TIME_H

#include <time.h>

#include "kb/str.h"

/* False: it is no time, and so perhaps a revision. */
bool changes_time(kb_str text, kb_str zone, time_t now, time_t *out);

#endif
