/*
 * A Markdown file with front matter, read as a document of each type.
 *
 * Findings, their edits, and the facts lie in the file; each finding's edits can be made.
 */
#include "fuzz.h"

#include "kb/patch.h"
#include "kb/schema.h"

static const struct kb_schema *const *schemas(void)
{
	static struct kb_schema *all[KB_TYPE_COUNT];
	kb_str name;

	for (int t = 0; !all[KB_TYPE_COUNT - 1] && t < KB_TYPE_COUNT; t++) {
		name = kb_str_of(kb_type_name((enum kb_type)t));
		kb_schema_compile(
			&all[t], kb_schema_builtin(name), name, NULL, NULL, NULL);
	}
	return (const struct kb_schema *const *)all;
}

static void check_facts(const struct kb_md_facts *facts, kb_str file)
{
	for (uint32_t i = 0; i < facts->nheadings; i++)
		fuzz_range(facts->headings[i].range, file);
	for (uint32_t i = 0; i < facts->nlinks; i++)
		fuzz_range(facts->links[i].range, file);
	for (uint32_t i = 0; i < facts->nanchors; i++)
		fuzz_range(facts->anchors[i].range, file);
	for (uint32_t i = 0; i < facts->nrefs; i++)
		fuzz_range(facts->refs[i].range, file);
	for (uint32_t i = 0; i < facts->ncallouts; i++)
		fuzz_range(facts->callouts[i].range, file);
	for (uint32_t i = 0; i < facts->nfences; i++) {
		fuzz_range(facts->fences[i].range, file);
		fuzz_range(facts->fences[i].info_range, file);
	}
	for (uint32_t s = 0; s < facts->nsections; s++) {
		const struct kb_section *section = &facts->sections[s];

		must(section->links_from <= section->links_to &&
				section->links_to <= facts->nlinks,
			"a section's links are no part of the document's");
		for (uint32_t i = 0; i < section->nitems; i++)
			fuzz_range(section->items[i].range, file);
	}
}

static bool text_of(void *ctx, kb_str path, kb_str *text)
{
	(void)path;
	*text = *(kb_str *)ctx;
	return true;
}

static void check_findings(struct kb_diags *diags, kb_str file)
{
	fuzz_findings(diags, file);
	kb_diags_finish(diags, text_of, &file);
	for (size_t i = 0; i < diags->len; i++) {
		struct kb_patch patch = {.text = file};

		must(kb_patch_take(&patch, diags->items[i].edits, diags->items[i].nedits),
			"edits of '%.*s' overlap", KB_ARG(diags->items[i].message));
		kb_patch_dispose(&patch);
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_config *config = fuzz_config();

	for (uint32_t i = 0; i < config->nmounts; i++) {
		struct kb_diags diags;
		struct kb_document *doc;

		kb_diags_init(&diags, NULL);
		doc = kb_document_parse(arena, config, schemas(), &config->mounts[i], 0,
			KB_STR("en/x/y.md"), input, &diags);
		must(doc->facts->body_offset <= input.len,
			"the text begins behind the end");
		check_facts(&doc->facts->body, input);
		check_findings(&diags, input);
		kb_diags_dispose(&diags);
	}
}
