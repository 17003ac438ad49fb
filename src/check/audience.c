/* A more public document that leads to a less public one. What replies hold is checked
 * with them, and snippets with what includes them; links are resolved in links.c. */
#include "family.h"

static kb_str audience_name(const struct kb_checker *checker, unsigned audience)
{
	return checker->lib->config->audiences[audience];
}

/* As a block's marker has it: "AGENTS". */
static kb_str marker_of(const struct kb_checker *checker, unsigned audience)
{
	kb_str name = kb_arena_str(checker->scratch, audience_name(checker, audience));
	char *text = (char *)(uintptr_t)name.data;

	for (size_t i = 0; i < name.len; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 32);
	return name;
}

void kb_check_readers(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, unsigned audience, const struct kb_document *to)
{
	unsigned readers =
		audience > doc->facts->audience ? audience : doc->facts->audience;

	if (checker->lib->config->naudiences < 2 || doc->facts->type == KB_SNIPPET ||
		doc->facts->type == KB_REPLY || audience == KB_AUDIENCE_WITHHELD ||
		to->facts->broken || to->facts->type == KB_SNIPPET ||
		to->facts->audience <= readers)
		return;
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_AUDIENCE_LINK, doc->path, range,
			"%.*s has the audience '%.*s', so the readers of this text "
			"('%.*s') do not get the link",
			KB_ARG(to->path),
			KB_ARG(audience_name(checker, to->facts->audience)),
			KB_ARG(audience_name(checker, readers))),
		"put it into a block that begins with '> [!%.*s]', or remove the link",
		KB_ARG(marker_of(checker, to->facts->audience)));
}

/* Reference documents come to a case page by being related: that is for agents. */
static void check_related(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts->related.len; i++) {
		const struct kb_family *family =
			kb_library_family(checker->lib, doc->facts->related.items[i]);
		const struct kb_document *other =
			family ? kb_family_find(checker->lib, family, doc->locale) : NULL;

		if (!other || other->facts->type != KB_ARTICLE ||
			doc->facts->type != KB_ARTICLE ||
			other->facts->audience <= doc->facts->audience)
			continue;
		kb_diag_add(checker->diags, KB_RULE_AUDIENCE_RELATED, doc->path,
			kb_facts_item_range(doc->facts, "related", i),
			"%.*s is only for %.*s, so readers of this page never see the link",
			KB_ARG(other->path),
			KB_ARG(audience_name(checker, other->facts->audience)));
	}
}

/* A region's variant takes the place of the general document for all its readers. */
static void check_variant(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_family *family =
		doc->facts->variant_of.len
			? kb_library_family(checker->lib, doc->facts->variant_of)
			: NULL;
	const struct kb_document *general =
		family ? kb_family_find(checker->lib, family, doc->locale) : NULL;

	if (general && doc->facts->audience > general->facts->audience)
		kb_diag_add(checker->diags, KB_RULE_AUDIENCE_VARIANT, doc->path,
			kb_facts_range(doc->facts, "variant_of"),
			"this document has the audience '%.*s', but the one that it "
			"replaces in its regions has '%.*s'",
			KB_ARG(audience_name(checker, doc->facts->audience)),
			KB_ARG(audience_name(checker, general->facts->audience)));
}

void kb_check_audience(struct kb_checker *checker, const struct kb_document *doc)
{
	if (checker->lib->config->naudiences < 2 || doc->facts->type == KB_SNIPPET)
		return;
	check_related(checker, doc);
	check_variant(checker, doc);
}
