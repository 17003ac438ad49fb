/* kb init --adopt: what was found, for people. */
#ifndef KB_CMD_ADOPT_REPORT_H
#define KB_CMD_ADOPT_REPORT_H

#include "kb/adopt.h"

void adopt_write_report(kb_buf *out, const struct kb_adoption *adoption);

#endif
