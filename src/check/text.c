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

void kb_check_text(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config_limits *limits = &checker->lib->config->limits;

	check_length(checker, doc, "title", doc->title, limits->title_length,
		KB_RULE_TITLE_LONG);
	check_length(checker, doc, "summary", doc->summary, limits->summary_length,
		KB_RULE_SUMMARY_LONG);
	if (doc->facts.empty && doc->type != KB_WORKFLOW)
		kb_diag_add(checker->diags, KB_RULE_TEXT_EMPTY, doc->path,
			(kb_range){doc->body_offset, 0}, "the document has no text");
}
