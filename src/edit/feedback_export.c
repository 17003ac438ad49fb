/* Exports of feedback: which format it is, and mail. */
#include "feedback_export.h"

#include "kb/mail.h"

const char *const kb_feedback_formats[] = {
	"mbox", "csv", "jsonl", "github", "gitlab", NULL};

/* Mail */

static kb_str without_reply(kb_str subject)
{
	static const char *const marks[] = {"re:", "aw:", "fwd:", "fw:", "wg:", "vá:"};

	for (size_t i = 0; i < KB_LEN(marks); i++) {
		size_t len = strlen(marks[i]);

		if (kb_str_eq_nocase(kb_str_sub(subject, 0, len), kb_str_of(marks[i])))
			return without_reply(
				kb_str_trim(kb_str_sub(subject, len, subject.len)));
	}
	return subject;
}

static void read_message(struct feedback_export *e, kb_str raw, kb_str origin)
{
	struct kb_feedback_given it = {.origin = origin};
	struct kb_message message;
	kb_str subject;

	if (!kb_message_read(e->arena, raw, &message)) {
		export_fault(e, origin, "it has no header");
		return;
	}
	e->out->ignored += message.automatic;
	if (message.automatic)
		return;
	subject = without_reply(message.subject);
	it.text = export_read_lines(e, &it, message.text);
	if (!it.where.len && !it.issue.len) {
		kb_str rest = export_read_lines(e, &it, subject);

		it.where = it.where.len ? it.where : export_titled(e, subject);
		it.text = it.text.len ? it.text : rest;
	}
	it.text = it.text.len ? it.text : subject;
	it.reporter = message.from;
	it.created = message.date;
	it.key = message.id;
	kb_vec_push(&e->out->given, it);
}

static void read_mbox(struct feedback_export *e)
{
	kb_str rest = e->text, raw;

	for (unsigned n = 1; kb_mbox_next(&rest, &raw); n++)
		read_message(e, raw, kb_arena_fmt(e->arena, "message %u", n));
}

/* Formats */

static const char *guess(kb_str text)
{
	kb_str head = kb_str_head(text, 1 << 16);

	if (!text.len)
		return "jsonl";
	if (text.data[0] != '[' && text.data[0] != '{')
		return kb_mail_begins(text) ? "mbox" : "csv";
	if (kb_str_find(head, KB_STR("\"web_url\"")) != SIZE_MAX &&
		kb_str_find(head, KB_STR("\"description\"")) != SIZE_MAX)
		return "gitlab";
	return kb_str_find(head, KB_STR("\"title\"")) != SIZE_MAX &&
			       kb_str_find(head, KB_STR("\"body\"")) != SIZE_MAX
		       ? "github"
		       : "jsonl";
}

int kb_feedback_read_export(const struct kb_library *lib, struct kb_arena *arena,
	kb_str text, const char *format, bool unfinished, struct kb_feedback_reports *out,
	struct kb_error *err)
{
	struct feedback_export e = {
		.lib = lib, .arena = arena, .unfinished = unfinished, .out = out};
	size_t bom = kb_str_starts(text, KB_STR("\xEF\xBB\xBF")) ? 3 : 0;

	*out = (struct kb_feedback_reports){0};
	e.text = kb_str_sub(text, bom, text.len);
	while (e.text.len && strchr(" \t\r\n", e.text.data[0]))
		e.text = kb_str_sub(e.text, 1, e.text.len);
	format = format ? format : guess(e.text);
	if (!strcmp(format, "mbox"))
		read_mbox(&e);
	else if (!strcmp(format, "csv"))
		return export_read_csv(&e, err);
	else
		export_read_json(&e, strcmp(format, "jsonl") != 0);
	return 0;
}

void kb_feedback_reports_dispose(struct kb_feedback_reports *reports)
{
	kb_vec_dispose(&reports->given);
	kb_vec_dispose(&reports->faults);
}
