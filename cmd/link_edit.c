/* kb link add, kb link remove: the issues that documents are about. */
#include "session.h"

#include "kb/edit.h"
#include "kb/pick.h"

struct link_edit_values {
	struct kb_change_values change;
	kb_strs locales;
};

#define AT(member) offsetof(struct link_edit_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"for an id, only the document in this locale; may be repeated", NULL},
	KB_CHANGE_OPTIONS(struct link_edit_values, change),
	KB_OPTION_END,
};

/* The last operand is the issue, the others are documents. */
static int find(struct kb_session *session, const struct link_edit_values *values,
	const kb_strs *operands, const struct kb_issue **issue, kb_docs *docs,
	struct kb_error *err)
{
	static kb_str all = {"all", 3};
	const kb_strs every = {.items = &all, .len = 1};
	size_t n = operands->len - 1;

	if (kb_pick_issue(session->lib, operands->items[n], issue, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (kb_operand_documents(session->lib, session->arena, operands->items[i],
			    values->locales.len ? &values->locales : &every, docs, err))
			return -1;
	return 0;
}

static void tell(
	const struct kb_rewrites *rewrites, const struct kb_issue *issue, bool add)
{
	for (size_t i = 0; i < rewrites->len; i++)
		kb_say(stdout,
			add ? "%.*s is now about %.*s\n"
			    : "%.*s is no longer about %.*s\n",
			KB_ARG(rewrites->items[i].path), KB_ARG(issue->id));
	if (!rewrites->len)
		kb_say(stdout, "nothing changes: %s\n",
			add ? "all documents already have this issue"
			    : "no document has this issue");
}

static int change(struct kb_session *session, const struct link_edit_values *values,
	const kb_strs *operands, bool add, struct kb_error *err)
{
	const struct kb_issue *issue;
	kb_docs docs = {0};
	struct kb_rewrites rewrites = kb_session_rewrites(session);
	int failed = find(session, values, operands, &issue, &docs, err);

	if (!failed)
		failed = (add ? kb_edit_add_issue : kb_edit_remove_issue)(
			&rewrites, &docs, issue, err);
	if (!failed)
		failed = kb_session_change(session, values->change.dry_run,
			rewrites.items, rewrites.len, err);
	if (!failed && !values->change.dry_run && !session->cli->quiet)
		tell(&rewrites, issue, add);
	kb_vec_dispose(&docs);
	kb_vec_dispose(&rewrites);
	return failed;
}

static int add(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	return change(session, values, operands, true, err);
}

static int take_out(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	return change(session, values, operands, false, err);
}

const struct kb_command kb_cmd_link_add = {
	.name = "link add",
	.summary = "add an issue to documents",
	.operands = "PATH|ID... ISSUE",
	.least = 2,
	.options = options,
	.values_size = sizeof(struct link_edit_values),
	.read = AT(change.read),
	.work = add,
};

const struct kb_command kb_cmd_link_remove = {
	.name = "link remove",
	.summary = "remove an issue from documents",
	.operands = "PATH|ID... ISSUE",
	.least = 2,
	.options = options,
	.values_size = sizeof(struct link_edit_values),
	.read = AT(change.read),
	.work = take_out,
};
