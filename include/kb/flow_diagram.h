/* A workflow before and after, as two diagrams in which what went and came has the
 * classes kb-went and kb-came. */
#ifndef KB_FLOW_DIAGRAM_H
#define KB_FLOW_DIAGRAM_H

#include "kb/diff.h"

/* -1: it is not a workflow, its graph did not change, or no diagram can be drawn. NUMBER:
 * of the difference on its page. */
int kb_flow_diagrams(struct kb_arena *arena, const struct kb_diff *diff, uint32_t number,
	kb_buf *before, kb_buf *after);

#endif
