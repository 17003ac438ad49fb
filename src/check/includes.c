/* {{variables}} and {{> snippets}}. */
#include "family.h"

#include "kb/coverage.h"

enum nesting { NESTING_ENDS, NESTING_DEEP, NESTING_CYCLE };

enum { VISITS_MAX = 10000 }; /* snippets that include one another many times over */

struct nest {
	const struct kb_library *lib;
	uint32_t locale, visits;
	const struct kb_document **trail;
};

/* How the includes of SNIPPET end, which is included through the trail. */
static enum nesting nesting_of(
	struct nest *nest, const struct kb_document *snippet, uint32_t depth)
{
	enum nesting nesting = NESTING_ENDS;

	for (uint32_t i = 0; i < depth; i++)
		if (nest->trail[i] == snippet)
			return NESTING_CYCLE;
	if (depth > nest->lib->config->limits.snippet_depth ||
		nest->visits++ > VISITS_MAX)
		return NESTING_DEEP;
	nest->trail[depth] = snippet;
	for (uint32_t i = 0; i < snippet->facts->body.nrefs && !nesting; i++) {
		const struct kb_ref *ref = &snippet->facts->body.refs[i];
		const struct kb_document *next;

		if (ref->kind != KB_REF_INCLUDE)
			continue;
		next = kb_library_snippet(nest->lib, ref->name, nest->locale);
		if (next)
			nesting = nesting_of(nest, next, depth + 1);
	}
	return nesting;
}

static void unknown_include(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_ref *ref)
{
	const struct kb_library *lib = checker->lib;
	_cleanup_free_ kb_str *names = kb_xcalloc(lib->nfamilies, sizeof(*names));
	struct kb_diag *diag;
	size_t n = 0;

	for (uint32_t i = 0; i < lib->nfamilies; i++) {
		const struct kb_family *family = lib->families[i];
		const struct kb_document *any = kb_family_find(lib, family, doc->locale);

		if (any && any->facts->type == KB_SNIPPET)
			names[n++] = kb_str_starts(family->id, KB_STR("snippets/"))
					     ? kb_str_sub(family->id, strlen("snippets/"),
						       family->id.len)
					     : family->id;
	}
	diag = kb_diag_add(checker->diags, KB_RULE_INCLUDE_UNKNOWN, doc->path, ref->range,
		"there is no snippet '%.*s'", KB_ARG(ref->name));
	kb_check_hint_nearest(
		checker, diag, "did you mean '{{> %.*s}}'?", ref->name, names, n);
}

/* Who reads the document here may not read the snippet, or not now. */
static void check_withheld(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_ref *ref, const struct kb_document *snippet)
{
	const struct kb_library *lib = checker->lib;
	bool draft = doc->facts->status == KB_DRAFT || doc->facts->status == KB_REVIEW;
	uint8_t readers = doc->facts->audience > ref->audience ? doc->facts->audience
							       : ref->audience;

	if (snippet->facts->broken || kb_snippet_visible(lib, snippet, readers, draft))
		return;
	if (snippet->facts->audience > readers)
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_WITHHELD, doc->path,
			ref->range,
			"the snippet '%.*s' has the audience '%.*s': other readers do not see it "
			"here",
			KB_ARG(ref->name),
			KB_ARG(lib->config->audiences[snippet->facts->audience]));
	else
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_WITHHELD, doc->path,
			ref->range,
			"the snippet '%.*s' is not published, so nobody sees it here: "
			"its status is draft or review, or its dates exclude today",
			KB_ARG(ref->name));
}

static void check_include(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_ref *ref)
{
	const struct kb_document *snippet =
		kb_library_snippet(checker->lib, ref->name, doc->locale);
	struct nest nest = {.lib = checker->lib, .locale = doc->locale};
	enum nesting nesting;

	if (!snippet) {
		unknown_include(checker, doc, ref);
		return;
	}
	nest.trail = kb_arena_array(checker->scratch, const struct kb_document *,
		checker->lib->config->limits.snippet_depth + 2);
	nest.trail[0] = doc;
	nesting = nesting_of(&nest, snippet, 1);
	if (nesting == NESTING_CYCLE)
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_CYCLE, doc->path, ref->range,
			"the snippet '%.*s' includes itself, directly or through another one",
			KB_ARG(ref->name));
	if (nesting == NESTING_DEEP)
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_CYCLE, doc->path, ref->range,
			"the snippet '%.*s' includes too many snippets, or includes "
			"them more than %u levels deep",
			KB_ARG(ref->name), checker->lib->config->limits.snippet_depth);
	if (nesting)
		return;
	check_withheld(checker, doc, ref, snippet);
	if (!kb_locale_serves(checker->lib->config, snippet->locale, doc->locale))
		kb_diag_add(checker->diags, KB_RULE_INCLUDE_FALLBACK, doc->path,
			ref->range,
			"the snippet '%.*s' is not translated: readers get it in %.*s",
			KB_ARG(ref->name),
			KB_ARG(checker->lib->config->locales[snippet->locale].code));
}

static void check_variable(struct kb_checker *checker, const struct kb_document *doc,
	kb_str name, kb_range range)
{
	const struct kb_config *config = checker->lib->config;
	_cleanup_free_ kb_str *names = NULL;
	struct kb_diag *diag;

	/* In a reply, a name that is not a variable is a placeholder: see reply.c. */
	if (doc->facts->type == KB_REPLY || kb_config_variable(config, name))
		return;
	names = kb_xcalloc(config->nvariables, sizeof(*names));
	for (uint32_t i = 0; i < config->nvariables; i++)
		names[i] = config->variables[i].name;
	diag = kb_diag_add(checker->diags, KB_RULE_VARIABLE_UNKNOWN, doc->path, range,
		"kb.yaml does not define the variable '%.*s'", KB_ARG(name));
	if (!kb_check_hint_nearest(checker, diag, "did you mean '{{%.*s}}'?", name, names,
		    config->nvariables))
		kb_diag_hint(checker->diags, diag,
			"add it under 'variables' in kb.yaml, or write \\{{ to show the braces");
}

/* The one-line strings of front matter in which variables are expanded. */
static void check_front(struct kb_checker *checker, const struct kb_document *doc)
{
	const char *const keys[] = {"title", "summary", "question", "subject"};
	const kb_str values[] = {doc->facts->title, doc->facts->summary,
		doc->facts->question, doc->facts->subject};

	for (size_t k = 0; k < KB_LEN(keys); k++) {
		struct kb_ref *refs;
		size_t n = kb_md_refs(checker->scratch, values[k], 0, &refs);

		for (size_t i = 0; i < n; i++)
			check_variable(checker, doc, refs[i].name,
				kb_facts_range(doc->facts, keys[k]));
	}
}

void kb_check_includes(struct kb_checker *checker, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];

		if (ref->kind == KB_REF_INCLUDE)
			check_include(checker, doc, ref);
		else
			check_variable(checker, doc, ref->name, ref->range);
	}
	if (doc->mount && doc->mount->expand)
		check_front(checker, doc);
}
