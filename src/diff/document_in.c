/* What a document of one version is in another. */
#include "kb/library_diff.h"

static const struct kb_document *by_id(const struct kb_library *to,
	const struct kb_library *from, const struct kb_document *doc)
{
	const struct kb_family *family =
		doc->facts->broken ? NULL : kb_library_family(to, doc->id);
	uint32_t locale =
		kb_config_locale(to->config, from->config->locales[doc->locale].code);

	return family && locale != KB_NONE ? family->by_locale[locale] : NULL;
}

const struct kb_document *kb_document_in(const struct kb_library *to,
	const struct kb_library *from, const struct kb_document *doc,
	const struct kb_path_changes *changes)
{
	const struct kb_document *found = by_id(to, from, doc);
	const struct kb_path_change *change;

	if (found)
		return found;
	change = kb_path_change_from(changes, doc->path);
	return change ? change->to.len ? kb_library_by_path(to, change->to) : NULL
		      : kb_library_by_path(to, doc->path);
}
