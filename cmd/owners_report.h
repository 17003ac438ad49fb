/* kb owners: what it finds, printed. */
#ifndef KB_CMD_OWNERS_REPORT_H
#define KB_CMD_OWNERS_REPORT_H

#include "kb/owners.h"
#include "kb/report.h"

/* With LIST, each document; else how many there are. */
void owners_report(const struct kb_owners *owners, bool list, struct kb_report *sheet);
void owners_json(const struct kb_owners *owners, kb_buf *out);

/*
 * The file CODEOWNERS of GitHub and GitLab: a line a document or, where all documents of
 * a folder have one owner, a folder. A team stands for its members, unless it has a
 * handle of its own. SKIPPED counts documents whose owner has neither handle nor e-mail.
 */
void kb_codeowners(const struct kb_library *lib, kb_buf *out, unsigned *skipped);

#endif
