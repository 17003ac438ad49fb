/*
 * The destination of a link, from a document, for readers of each locale.
 *
 * It leads to what there is, or is broken with a reason.
 */
#include "search_files.h"

static void resolve(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, uint32_t locale, kb_str dest)
{
	struct kb_target target = {0};

	kb_link_resolve(lib, arena, doc, locale, dest, &target);
	switch (target.kind) {
	case KB_TARGET_DOCUMENT:
		must(target.doc && target.family, "a document that is not there");
		break;
	case KB_TARGET_FILE:
		must(target.entry && target.entry >= lib->entries &&
				target.entry < lib->entries + lib->nentries,
			"a file that is not there");
		break;
	case KB_TARGET_BROKEN:
		must(target.fault != KB_FAULT_NONE, "broken without a reason");
		kb_link_nearest(lib, arena, doc, dest);
		break;
	case KB_TARGET_EXTERNAL:
		must(kb_url_is_safe(target.url), "unsafe: %.*s", KB_ARG(target.url));
		break;
	default:
		break;
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	static struct kb_library *lib;

	if (!lib)
		lib = fuzz_library(fuzz_source(search_files));
	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (uint32_t l = 0; l < lib->config->nlocales; l++)
			resolve(lib, arena, lib->docs[i], l, input);
}
