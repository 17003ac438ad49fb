/* kb audit: what it found, and how that is printed. */
#ifndef KB_CMD_AUDIT_H
#define KB_CMD_AUDIT_H

#include "session.h"
#include "output.h"

#include "kb/audit.h"

struct audit_report {
	const struct kb_library *lib;
	struct kb_audit found; /* what is asked for */
	size_t counts[KB_AUDIT_KINDS];
	size_t documents; /* that were looked at */
	kb_str day;
	bool summary; /* the counts alone */
};

void audit_sheet(const struct audit_report *report, struct kb_report *sheet);
/* Of a struct audit_report: json and csv. */
bool audit_put_own(void *report, kb_str format, kb_buf *out);

#endif
