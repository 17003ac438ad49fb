/* {{variables}} and {{> snippets}}. */
#include "family.h"

/* Does SNIPPET include one of TRAIL, itself the last, in its own or a nested include? */
static bool includes_itself(struct kb_checker *checker, const struct kb_document *snippet,
	uint32_t locale, const struct kb_document **trail, uint32_t depth)
{
	if (depth == checker->lib->config->limits.snippet_depth)
		return true;
	for (uint32_t i = 0; i < depth; i++)
		if (trail[i] == snippet)
			return true;
	trail[depth] = snippet;
	for (uint32_t i = 0; i < snippet->facts.nrefs; i++) {
		const struct kb_ref *ref = &snippet->facts.refs[i];
		const struct kb_document *next;

		if (ref->kind != KB_REF_INCLUDE)
			continue;
		next = kb_library_snippet(checker->lib, ref->name, locale);
		if (next && includes_itself(checker, next, locale, trail, depth + 1))
			return true;
	}
	return false;
}

static void unknown_include(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_ref *ref)
{
	const struct kb_library *lib = checker->lib;
	kb_str *names = kb_arena_array(checker->scratch, kb_str, lib->nfamilies);
	const kb_str *nearest;
	struct kb_diag *diag;
	size_t n = 0;

	for (uint32_t i = 0; i < lib->nfamilies; i++) {
		const struct kb_family *family = lib->families[i];
		const struct kb_document *any = kb_family_find(lib, family, doc->locale);

		if (any && any->type == KB_SNIPPET)
			names[n++] = kb_str_starts(family->id, KB_STR("snippets/"))
				? kb_str_sub(family->id, strlen("snippets/"), family->id.len)
				: family->id;
	}
	diag = kb_diag_add(checker->diags, KB_RULE_INCLUDE_UNKNOWN, doc->path, ref->range,
		"there is no snippet '%.*s'", KB_ARG(ref->name));
	nearest = kb_str_nearest(ref->name, names, n);
	if (nearest)
		kb_diag_hint(checker->diags, diag, "did you mean '{{> %.*s}}'?",
			KB_ARG(*nearest));
}

static void check_include(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_ref *ref)
{
	const struct kb_document *snippet =
		kb_library_snippet(checker->lib, ref->name, doc->locale);
	const struct kb_document **trail;

	if (!snippet) {
		unknown_include(checker, doc, ref);
		return;
	}
	trail = kb_arena_array(checker->scratch, const struct kb_document *,
		checker->lib->config->limits.snippet_depth + 1);
	trail[0] = doc;
	if (includes_itself(checker, snippet, doc->locale, trail, 1)) {
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_CYCLE, doc->path, ref->range,
			"the snippet '%.*s' includes itself, directly or through another one",
			KB_ARG(ref->name));
		return;
	}
	if (!kb_locale_serves(checker->lib->config, snippet->locale, doc->locale))
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_FALLBACK, doc->path, ref->range,
			"the snippet '%.*s' is not translated: readers get it in %.*s",
			KB_ARG(ref->name),
			KB_ARG(checker->lib->config->locales[snippet->locale].code));
}

static void check_variable(struct kb_checker *checker, const struct kb_document *doc,
	kb_str name, kb_range range)
{
	const struct kb_config *config = checker->lib->config;
	kb_str *names;
	const kb_str *nearest;
	struct kb_diag *diag;

	/* In a reply, what is no variable is a placeholder: see reply.c. A snippet may
	 * be a reply's. */
	if (doc->type == KB_REPLY || kb_config_variable(config, name))
		return;
	names = kb_arena_array(checker->scratch, kb_str, config->nvariables);
	for (uint32_t i = 0; i < config->nvariables; i++)
		names[i] = config->variables[i].name;
	diag = kb_diag_add(checker->diags, KB_RULE_VARIABLE_UNKNOWN, doc->path, range,
		"kb.yaml defines no variable '%.*s'", KB_ARG(name));
	nearest = kb_str_nearest(name, names, config->nvariables);
	if (nearest)
		kb_diag_hint(checker->diags, diag, "did you mean '{{%.*s}}'?",
			KB_ARG(*nearest));
	else
		kb_diag_hint(checker->diags, diag,
			"add it under 'variables' in kb.yaml, or write \\{{ to show the braces");
}

/* The one-line strings of front matter in which variables are expanded. */
static void check_front(struct kb_checker *checker, const struct kb_document *doc)
{
	const char *const keys[] = {"title", "summary", "subject"};
	const kb_str values[] = {doc->title, doc->summary, doc->subject};

	for (size_t k = 0; k < KB_LEN(keys); k++) {
		struct kb_ref *refs;
		size_t n = kb_md_refs(checker->scratch, values[k], 0, &refs);

		for (size_t i = 0; i < n; i++)
			check_variable(checker, doc, refs[i].name,
				kb_document_range(doc, keys[k]));
	}
}

void kb_check_includes(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts.refs[i];

		if (ref->kind == KB_REF_INCLUDE)
			check_include(checker, doc, ref);
		else
			check_variable(checker, doc, ref->name, ref->range);
	}
	if (doc->mount && doc->mount->expand)
		check_front(checker, doc);
}
