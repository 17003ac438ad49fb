#include "kb/document.h"

#include "address.h"
#include "kb/reply.h"

struct kb_document *kb_document_place(struct kb_arena *arena,
	const struct kb_config *config, const struct kb_mount *mount, uint32_t locale,
	kb_str path, const struct kb_facts *facts)
{
	struct kb_document *doc = kb_arena_new_of(arena, struct kb_document);
	kb_str code = config->locales[locale].code;

	*doc = (struct kb_document){.facts = facts,
		.path = kb_arena_str(arena, path),
		.locale = locale,
		.mount = mount};
	if (facts->broken)
		return doc;
	doc->id = facts->own_id.len ? facts->own_id
				    : kb_id_default(arena, mount, doc->path, code);
	doc->address =
		kb_address_of(arena, mount, doc->path, code, facts->type, facts->slug);
	return doc;
}

struct kb_document *kb_document_parse(struct kb_arena *arena,
	const struct kb_config *config,
	const struct kb_schema *const schemas[KB_TYPE_COUNT],
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text,
	struct kb_diags *diags)
{
	const struct kb_facts_context context = {config, schemas, mount, path};
	struct kb_facts *facts = kb_facts_read(arena, &context, text, NULL, NULL);
	struct kb_document *doc =
		kb_document_place(arena, config, mount, locale, path, facts);

	kb_facts_report(facts, diags);
	if (facts->type == KB_REPLY && !facts->broken)
		doc->reply = kb_reply_build(arena, config, doc, diags);
	return doc;
}
