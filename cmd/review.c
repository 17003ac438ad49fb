/* kb review: the owner has read documents and they are right. */
#include "session.h"

#include "kb/edit.h"

struct review_values {
	struct kb_change_values change;
	kb_strs locales;
	const char *date;
	bool still_right;
};

#define AT(member) offsetof(struct review_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"for an id, the document in this locale; may be repeated; 'all' takes every "
		"locale",
		NULL},
	{0, "date", KB_OPT_STRING, AT(date), "DATE",
		"the date of the review, such as 2026-11-20; default: today", NULL},
	{0, "still-right", KB_OPT_FLAG, AT(still_right), NULL,
		"accept translations although their source has changed", NULL},
	KB_CHANGE_OPTIONS(struct review_values, change),
	KB_OPTION_END,
};

static void tell(const struct kb_reviewed *item)
{
	kb_say(stdout, "%.*s: reviewed %.*s", KB_ARG(item->doc->path),
		KB_ARG(item->date));
	if (!item->before.len)
		kb_say(stdout, ", for the first time");
	else if (!kb_str_eq(item->before, item->date))
		kb_say(stdout, ", before that %.*s", KB_ARG(item->before));
	if (item->source)
		kb_say(stdout, "; translates %.*s at %.10s", KB_ARG(item->source->path),
			item->revision);
	kb_say(stdout, "\n");
}

static void warn_uncommitted(const struct kb_reviewed *item)
{
	if (item->uncommitted)
		kb_complain("%.*s has changes that are not committed: commit it with "
			    "%.*s, or the revision will be unknown",
			KB_ARG(item->source->path), KB_ARG(item->doc->path));
}

/* Nobody has read a translation against its source who left it as it was. */
static int check_behind(
	struct kb_rewrites *rewrites, const kb_docs *docs, struct kb_error *err)
{
	struct kb_left_behind *behind;
	size_t n;

	if (kb_edit_left_behind(rewrites, docs, &behind, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		kb_complain("%.*s of %.*s changed since %.*s, and %.*s did not: 'kb diff "
			    "--translations %.*s' shows what to translate",
			KB_ARG(behind[i].extent), KB_ARG(behind[i].source->path),
			KB_ARG(behind[i].since), KB_ARG(behind[i].doc->path),
			KB_ARG(behind[i].doc->path));
	return n ? kb_error_set(err, KB_E_REFUSED,
			   "nothing is changed; if %s right anyway, use --still-right",
			   n == 1 ? "the translation is" : "the translations are")
		 : 0;
}

static int review(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct review_values *values = opaque;
	struct kb_rewrites rewrites = kb_session_rewrites(session);
	struct kb_reviewed *items = NULL;
	kb_docs docs = {0};
	int failed = 0;

	for (size_t i = 0; i < operands->len && !failed; i++)
		failed = kb_operand_documents(session->lib, session->arena,
			operands->items[i], &values->locales, &docs, err);
	if (!failed && !values->still_right)
		failed = check_behind(&rewrites, &docs, err);
	if (!failed)
		failed = kb_edit_review(&rewrites, &docs, values->date, &items, err) ||
			 kb_session_change(session, values->change.dry_run,
				 rewrites.items, rewrites.len, err);
	for (size_t i = 0; i < docs.len && !failed; i++) {
		if (!values->change.dry_run && !session->cli->quiet)
			tell(&items[i]);
		warn_uncommitted(&items[i]);
	}
	kb_vec_dispose(&docs);
	kb_vec_dispose(&rewrites);
	return failed ? -1 : KB_EXIT_OK;
}

const struct kb_command kb_cmd_review = {
	.name = "review",
	.summary = "record that documents were read and are right",
	.operands = "PATH|ID...",
	.least = 1,
	.options = options,
	.values_size = sizeof(struct review_values),
	.read = AT(change.read),
	.work = review,
};
