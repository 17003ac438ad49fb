/* Fields of exports by their names, and what cannot be read. */
#include "feedback_export.h"

#include <ctype.h>

#include "kb/unicode.h"

enum { FAULTS_MAX = 1000 };

void export_fault(struct feedback_export *e, kb_str origin, const char *fmt, ...)
{
	va_list ap;
	kb_str message;

	if (e->out->faults.len >= FAULTS_MAX)
		return;
	va_start(ap, fmt);
	message = kb_arena_vfmt(e->arena, fmt, ap);
	va_end(ap);
	kb_vec_push(&e->out->faults,
		kb_arena_fmt(e->arena, "%.*s: %.*s", KB_ARG(origin), KB_ARG(message)));
}

/* Without case, spaces, hyphens and underscores: "Created at" is created_at. */
static bool is_name(kb_str name, const char *wanted)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = (char)tolower((unsigned char)name.data[i]);

		if (strchr(" _-", c))
			continue;
		if (c != *wanted++)
			return false;
	}
	return !*wanted;
}

bool export_take(struct feedback_export *e, struct kb_feedback_given *it, kb_str name,
	kb_str value)
{
	const struct {
		const char *names[7];
		kb_str *to;
	} fields[] = {
		{{"document", "page", "url", "article", "path", "pageurl"}, &it->where},
		{{"issue", "topic"}, &it->issue},
		{{"locale", "language", "lang"}, &it->locale},
		{{"step"}, &it->step},
		{{"revision", "commit"}, &it->revision},
		{{"kind", "type", "reason"}, &it->kind},
		{{"text", "comment", "message", "feedback", "body", "description"},
			&it->text},
		{{"reporter", "author", "email", "from", "user"}, &it->reporter},
		{{"status", "state", "statereason"}, &it->status},
		{{"note", "answer", "resolution"}, &it->note},
		{{"id", "key", "messageid", "htmlurl", "weburl", "ticket"}, &it->key},
	};
	bool day;

	value = kb_str_trim(value);
	if (!value.len)
		return false;
	if (is_name(name, "created") || is_name(name, "createdat") ||
		is_name(name, "date") || is_name(name, "timestamp"))
		return !kb_time_parse(
			value, e->lib->config->timezone, &it->created, &day);
	for (size_t i = 0; i < KB_LEN(fields); i++)
		for (size_t k = 0; fields[i].names[k]; k++)
			if (is_name(name, fields[i].names[k])) {
				*fields[i].to = kb_arena_str(e->arena, value);
				return true;
			}
	return false;
}

/* report_url may put the title of the page into the subject. */
kb_str export_titled(struct feedback_export *e, kb_str subject)
{
	for (uint32_t i = 0; subject.len && i < e->lib->ndocs; i++) {
		const struct kb_document *doc = e->lib->docs[i];

		if (kb_str_eq_nocase(kb_library_expand(e->lib, e->arena,
					     doc->facts->title, doc->locale),
			    subject))
			return doc->path;
	}
	return KB_STR("");
}
