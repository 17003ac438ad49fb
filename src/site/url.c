/* Addresses that kb.yaml gives: patterns to fill. */
#include "pages.h"

void put_url_value(kb_buf *buf, kb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || memchr("-._~/", c, 5))
			kb_buf_putc(buf, (char)c);
		else
			kb_buf_fmt(buf, "%%%02X", c);
	}
}

/* Of the part that begins with HEADING, or (NULL) of the whole document. */
static kb_str value_of(struct job *job, const struct kb_document *doc,
	const struct kb_heading *heading, kb_str name)
{
	struct kb_source *source = job->site->lib->source;
	kb_str prefix = kb_source_prefix(source), branch = kb_source_branch(source);

	if (kb_str_is(name, "path"))
		return prefix.len ? kb_arena_fmt(job->arena, "%.*s/%.*s", KB_ARG(prefix),
					    KB_ARG(doc->path))
				  : doc->path;
	if (kb_str_is(name, "id") && heading)
		return kb_arena_fmt(
			job->arena, "%.*s#%.*s", KB_ARG(doc->id), KB_ARG(heading->id));
	if (kb_str_is(name, "id"))
		return doc->id;
	if (kb_str_is(name, "locale"))
		return job->site->config->locales[doc->locale].code;
	if (kb_str_is(name, "title") && heading)
		return message(job, "page_title", expanded(job, doc, heading->text),
			title_of(job, doc));
	if (kb_str_is(name, "title"))
		return title_of(job, doc);
	if (kb_str_is(name, "revision") && heading)
		return kb_str_of(doc->facts->blob);
	if (kb_str_is(name, "revision"))
		return branch.len ? branch : kb_source_commit(source);
	return KB_STR("");
}

kb_str url_of(struct job *job, const struct kb_document *doc, kb_str pattern)
{
	return url_of_part(job, doc, pattern, NULL);
}

kb_str url_of_part(struct job *job, const struct kb_document *doc, kb_str pattern,
	const struct kb_heading *heading)
{
	_cleanup_buf_ kb_buf buf = {0};

	while (pattern.len) {
		size_t open = kb_str_chr(pattern, '{'), close = kb_str_chr(pattern, '}');

		if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
			kb_buf_str(&buf, pattern);
			break;
		}
		kb_buf_str(&buf, kb_str_sub(pattern, 0, open));
		put_url_value(&buf, value_of(job, doc, heading,
					    kb_str_sub(pattern, open + 1, close)));
		pattern = kb_str_sub(pattern, close + 1, pattern.len);
	}
	if (!kb_str_starts(kb_buf_view(&buf), KB_STR("https://")) &&
		!kb_str_starts(kb_buf_view(&buf), KB_STR("http://")) &&
		!kb_str_starts(kb_buf_view(&buf), KB_STR("mailto:")))
		return KB_STR("");
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}
