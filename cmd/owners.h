/* kb owners: what documents and issues belong to whom. */
#ifndef KB_CMD_OWNERS_H
#define KB_CMD_OWNERS_H

#include "session.h"

struct owner {
	kb_str id;			/* empty: documents of nobody */
	const struct kb_person *person; /* NULL: not in people.yaml */
	struct {
		KB_VEC(const struct kb_document *);
	} docs, deputies; /* in the order of their paths */
	struct {
		KB_VEC(const struct kb_issue *);
	} issues;
	unsigned overdue, never; /* of docs */
};

/*
 * The file CODEOWNERS of GitHub and GitLab: a line a document or, where all documents of
 * a folder have one owner, a folder. A team stands for its members, unless it has a
 * handle of its own. SKIPPED counts documents whose owner has neither handle nor e-mail.
 */
void kb_codeowners(const struct kb_session *session, kb_buf *out, unsigned *skipped);

#endif
