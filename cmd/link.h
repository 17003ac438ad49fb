/* kb link: what it finds, printed. */
#ifndef KB_CMD_LINK_H
#define KB_CMD_LINK_H

#include "kb/coverage_gaps.h"
#include "kb/report.h"

void link_matrix_sheet(const struct kb_gaps *gaps, struct kb_report *sheet);
/* json and csv (kb_output_own_fn). */
bool link_matrix_own(void *gaps, kb_str format, kb_buf *out);

#endif
