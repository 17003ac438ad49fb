/* Writing YAML: a scalar, in double quotes where it would be taken for something else. */
#ifndef KB_CMD_SCALAR_H
#define KB_CMD_SCALAR_H

#include "kb/buf.h"

void kb_scalar_put(kb_buf *out, kb_str s);

#endif
