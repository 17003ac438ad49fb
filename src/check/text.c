/* Titles, summaries, empty documents. */
#include "family.h"

#include "kb/unicode.h"

static void check_length(struct kb_checker *checker, const struct kb_document *doc,
	const char *key, kb_str value, uint32_t limit, enum kb_rule rule)
{
	size_t length = kb_utf8_count(value);
	struct kb_diag *diag;

	if (!limit || length <= limit)
		return;
	diag = kb_diag_add(checker->diags, rule, doc->path, kb_document_range(doc, key),
		"the %s has %zu characters, more than %u", key, length, limit);
	kb_diag_hint(checker->diags, diag,
		"shorten it, or raise limits.%s_length in kb.yaml", key);
}

/* Programs that go by lines, Git among them, want an end to each. */
static void check_end(struct kb_checker *checker, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_range end = {doc->unended, 0};
	struct kb_diag *diag;
	size_t lf;

	if (!doc->unended)
		return;
	diag = kb_diag_add(checker->diags, KB_RULE_ENCODING_FINAL_NEWLINE, doc->path, end,
		"the last line has no line end");
	kb_diag_hint(checker->diags, diag, "press Enter at the end of the last line");
	if (!diag || kb_reader_read(checker->reader, doc->path, 0, &text, NULL))
		return;
	lf = kb_str_chr(kb_buf_view(&text), '\n');
	kb_diag_edit(checker->diags, diag, end,
		lf != SIZE_MAX && lf > 0 && text.data[lf - 1] == '\r' ? KB_STR("\r\n")
								      : KB_STR("\n"));
}

void kb_check_text(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config_limits *limits = &checker->lib->config->limits;

	check_length(checker, doc, "title", doc->title, limits->title_length,
		KB_RULE_TITLE_LONG);
	check_length(checker, doc, "summary", doc->summary, limits->summary_length,
		KB_RULE_SUMMARY_LONG);
	check_end(checker, doc);
	if (doc->facts.empty && doc->type != KB_WORKFLOW)
		kb_diag_add(checker->diags, KB_RULE_TEXT_EMPTY, doc->path,
			(kb_range){doc->body_offset, 0}, "the document has no text");
}
