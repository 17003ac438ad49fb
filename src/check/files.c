/* Linked files: those that no site may hold, and images that browsers cannot show. */
#include "family.h"

#include "kb/file.h"

static bool cannot_be_shown(kb_str ext)
{
	static const char *const types[] = {
		".heic", ".heif", ".tif", ".tiff", ".psd", ".eps"};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_str_eq_nocase(ext, kb_str_of(types[i])))
			return true;
	return false;
}

void kb_check_file(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_entry *entry, bool image)
{
	const char *refusal = kb_file_refusal(entry->path);

	if (refusal)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_LINK_FILE_TYPE, doc->path,
				link->range, "'%.*s' is not published: %s",
				KB_ARG(link->dest), refusal),
			"link to a document, or to a file that is PDF, text or an archive");
	else if (image && cannot_be_shown(kb_path_ext(entry->path)))
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_IMAGE_FORMAT, doc->path,
				link->range, "most browsers cannot show the image '%.*s'",
				KB_ARG(link->dest)),
			"export it as JPEG or PNG");
}
