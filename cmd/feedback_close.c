/* kb feedback close: settles reports, and tells who made them. */
#include "feedback.h"

#include "kb/change.h"
#include "kb/pages.h"
#include "kb/render.h"

struct close_values {
	struct kb_change_values change;
	const char *note, *commit, *status, *format, *sender, *to;
};

static const char *const statuses[] = {"done", "declined", "accepted", "open", NULL};
static const char *const formats[] = {"text", "email", NULL};

#define AT(member) offsetof(struct close_values, member)
static const struct kb_option options[] = {
	{0, "status", KB_OPT_STRING, AT(status), "STATUS",
		"done (default), declined, accepted or open", statuses},
	{0, "note", KB_OPT_STRING, AT(note), "TEXT", "what was done, or why not", NULL},
	{0, "commit", KB_OPT_STRING, AT(commit), "REV",
		"the commit that answers it; it is added to the note", NULL},
	{0, "format", KB_OPT_STRING, AT(format), "FORMAT",
		"print the paths of the files (text), or a message to the reporter "
		"for 'sendmail -t' (email)",
		formats},
	{0, "from", KB_OPT_STRING, AT(sender), "ADDRESS",
		"the sender of the email; default: the email address under 'contact' "
		"in kb.yaml",
		NULL},
	{0, "to", KB_OPT_STRING, AT(to), "ADDRESS",
		"the recipient of the email; default: the reporter's address in "
		"people.yaml",
		NULL},
	KB_CHANGE_OPTIONS(struct close_values, change),
	KB_OPTION_END,
};

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct close_values *values = opaque;

	return values->format && !strcmp(values->format, "email") && operands->len > 1
		       ? kb_error_set(err, KB_E_USAGE,
				 "--format email prints one message: close one report "
				 "at a time")
		       : 0;
}

struct closing {
	struct kb_session *session;
	const struct close_values *values;
	struct kb_rewrites rewrites;
	struct kb_feedbacks all;
	const struct kb_feedback *last; /* of those to close */
	kb_str status, commit;
};

static int no_report(const struct closing *c, kb_str word, struct kb_error *err)
{
	kb_strs ids = {0};

	for (size_t i = 0; i < c->all.len; i++)
		kb_vec_push(&ids, c->all.items[i].id);
	kb_error_unknown(err, "report", word, ids.items, ids.len,
		KB_STR(": 'kb feedback list' shows them"));
	kb_vec_dispose(&ids);
	return -1;
}

/* By its name, or by a beginning that no other name has. */
static int find_report(const struct closing *c, kb_str word,
	const struct kb_feedback **out, struct kb_error *err)
{
	size_t n = 0;

	*out = kb_feedback_by_id(&c->all, word);
	for (size_t i = 0; !*out && word.len && i < c->all.len; i++)
		n += kb_str_starts(c->all.items[i].id, word);
	for (size_t i = 0; !*out && n == 1; i++)
		if (kb_str_starts(c->all.items[i].id, word))
			*out = &c->all.items[i];
	if (n > 1)
		return kb_error_set(err, KB_E_USAGE,
			"the names of %zu reports begin with '%.*s': write more of the "
			"name ('kb feedback list' shows them)",
			n, KB_ARG(word));
	return *out ? 0 : no_report(c, word, err);
}

static int close_all(struct closing *c, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_feedback *it;

	for (size_t i = 0; i < operands->len; i++) {
		if (find_report(c, operands->items[i], &it, err) ||
			kb_edit_close_feedback(&c->rewrites, it, c->status,
				kb_str_of(c->values->note), c->commit, err))
			return -1;
		c->last = it;
	}
	return 0;
}

static int read_commit(struct closing *c, struct kb_error *err)
{
	struct kb_revisions range;

	if (!c->values->commit)
		return 0;
	if (kb_revisions_parse(&range, ".", c->values->commit, err))
		return -1;
	c->commit =
		kb_arena_str(c->session->arena, kb_str_sub(kb_str_of(range.from), 0, 12));
	return 0;
}

/* What the document says now against what the reporter read, in a line. */
static kb_str changes_of(struct closing *c, const struct kb_feedback *it)
{
	struct kb_feedback_state state = {.feedback = it};
	struct kb_history *history = NULL;

	if (kb_history_load(&history, c->session->source, NULL))
		return KB_STR("");
	kb_feedback_compare(c->session->lib, history, it, c->session->arena, &state);
	kb_history_free(history);
	return state.changes;
}

static int print_mail(struct closing *c, const struct kb_feedback *before,
	const kb_str note, struct kb_error *err)
{
	const struct kb_library *lib = c->session->lib;
	struct kb_arena *arena = c->session->arena;
	const struct kb_person *person = kb_people_find(lib->people, before->reporter);
	struct kb_feedback it = *before;
	struct kb_mail mail = {.from = kb_str_of(c->values->sender),
		.to = kb_str_of(c->values->to),
		.date = lib->now};
	_cleanup_buf_ kb_buf out = {0};
	struct kb_report report;
	kb_str title = it.doc ? kb_library_expand(
					lib, arena, it.doc->facts->title, it.doc->locale)
			      : KB_STR("");

	for (unsigned i = 0; kb_feedback_statuses[i]; i++)
		if (kb_str_is(c->status, kb_feedback_statuses[i]))
			it.status = i;
	it.note = note;
	for (uint32_t i = 0; i < lib->config->ncontacts && !mail.from.len; i++)
		mail.from = lib->config->contacts[i].email;
	if (!mail.to.len && person)
		mail.to = person->email;
	mail.subject = kb_arena_fmt(
		arena, "Your feedback%s%.*s", title.len ? ": " : "", KB_ARG(title));
	kb_report_answer(&report, lib, &it, title,
		it.doc && kb_document_visible(lib, it.doc, 0, false)
			? kb_public_url(
				  lib, arena, it.doc->family, it.doc->locale, KB_STR_NULL)
			: KB_STR_NULL,
		changes_of(c, &it));
	int failed = kb_report_mail(&report, &mail, &out, err);
	kb_report_dispose(&report);
	if (!failed)
		kb_put_bytes(stdout, kb_buf_view(&out));
	return failed;
}

static int finish(struct closing *c, struct kb_error *err)
{
	bool mail = c->values->format && !strcmp(c->values->format, "email");
	const struct kb_feedback *it = c->last;
	kb_str note = c->values->note ? kb_str_of(c->values->note) : it->note;

	/* Without an address nothing is changed, so that the message is not forgotten. */
	if (mail && print_mail(c, it, note, err))
		return -1;
	if (kb_session_change(c->session, c->values->change.dry_run && !mail,
		    c->rewrites.items,
		    c->values->change.dry_run && mail ? 0 : c->rewrites.len, err))
		return -1;
	for (size_t i = 0; i < c->rewrites.len && !mail && !c->values->change.dry_run;
		i++)
		kb_say(stdout, "%.*s\n", KB_ARG(c->rewrites.items[i].path));
	return KB_EXIT_OK;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct close_values *values = opaque;
	struct closing c = {.session = session,
		.values = values,
		.rewrites = kb_session_rewrites(session),
		.status = kb_str_of(values->status ? values->status : "done")};

	kb_feedback_read(session->lib, session->arena, &c.all);
	int status = read_commit(&c, err) || close_all(&c, operands, err)
			     ? -1
			     : finish(&c, err);
	kb_vec_dispose(&c.rewrites);
	return status;
}

const struct kb_command kb_cmd_feedback_close = {
	.name = "feedback close",
	.summary = "settle reports on content",
	.operands = "REPORT...",
	.least = 1,
	.options = options,
	.values_size = sizeof(struct close_values),
	.check = check,
	.read = AT(change.read),
	.work = work,
};
