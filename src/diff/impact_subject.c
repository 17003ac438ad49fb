/* What a word on the command line means. */
#include "kb/impact.h"

const char *kb_subject_name(enum kb_subject_kind kind)
{
	static const char *const names[KB_SUBJECT_KINDS] = {
		[KB_SUBJECT_DOCUMENT] = "document",
		[KB_SUBJECT_VARIABLE] = "variable",
		[KB_SUBJECT_ISSUE] = "issue",
		[KB_SUBJECT_PERSON] = "person",
		[KB_SUBJECT_PHRASE] = "phrase",
	};

	return names[kind];
}

static bool find_document(
	const struct kb_library *lib, kb_str word, struct kb_subject *out)
{
	out->doc = kb_library_by_path(lib, word);
	if (out->doc)
		out->family = out->doc->family;
	else
		out->family = kb_library_family(lib, word);
	for (uint32_t i = 0; i < lib->config->nlocales && !out->family; i++) {
		const struct kb_document *snippet = kb_library_snippet(lib, word, i);

		out->family = snippet ? snippet->family : NULL;
	}
	return out->family != NULL;
}

/* "support" names support.phone and support.email. */
static bool is_variable(const struct kb_config *config, kb_str name)
{
	for (uint32_t i = 0; i < config->nvariables; i++) {
		kb_str own = config->variables[i].name;

		if (kb_str_starts(own, name) &&
			(own.len == name.len || own.data[name.len] == '.'))
			return name.len > 0;
	}
	return false;
}

static bool find_as(const struct kb_library *lib, kb_str word, enum kb_subject_kind kind,
	struct kb_subject *out)
{
	*out = (struct kb_subject){.kind = kind, .name = word};
	switch (kind) {
	case KB_SUBJECT_DOCUMENT:
		return find_document(lib, word, out);
	case KB_SUBJECT_VARIABLE:
		return is_variable(lib->config, word);
	case KB_SUBJECT_ISSUE:
		out->issue = kb_taxonomy_find(lib->taxonomy, word);
		return out->issue != NULL;
	case KB_SUBJECT_PERSON:
		out->person = kb_people_find(lib->people, word);
		return out->person != NULL;
	default:
		return kb_str_trim(word).len > 0;
	}
}

int kb_subject_find(const struct kb_library *lib, kb_str word, enum kb_subject_kind kind,
	struct kb_subject *out, unsigned *others, struct kb_error *err)
{
	struct kb_subject found = {.kind = KB_SUBJECT_KINDS}, other;

	*others = 0;
	if (kind != KB_SUBJECT_KINDS) {
		if (!find_as(lib, word, kind, &found))
			return kb_error_set(err, KB_E_NOTFOUND, "there is no %s '%.*s'",
				kb_subject_name(kind), KB_ARG(word));
		*out = found;
		return 0;
	}
	for (int i = 0; i < KB_SUBJECT_KINDS; i++) {
		if (!find_as(lib, word, (enum kb_subject_kind)i, &other))
			continue;
		if (found.kind == KB_SUBJECT_KINDS)
			found = other;
		else if (i != KB_SUBJECT_PHRASE)
			*others |= 1u << i;
	}
	if (found.kind == KB_SUBJECT_KINDS)
		return kb_error_set(err, KB_E_NOTFOUND, "there is nothing to search for");
	*out = found;
	return 0;
}

kb_str kb_subject_title(const struct kb_library *lib, const struct kb_subject *subject)
{
	const struct kb_config *config = lib->config;

	if (subject->kind == KB_SUBJECT_ISSUE)
		return kb_l10n_get(config, &subject->issue->label, 0);
	if (subject->kind == KB_SUBJECT_PERSON)
		return subject->person->name;
	if (subject->kind != KB_SUBJECT_DOCUMENT)
		return KB_STR_NULL;
	if (subject->doc)
		return subject->doc->facts->title;
	for (uint32_t i = 0; i < config->nlocales; i++)
		if (subject->family->by_locale[i])
			return subject->family->by_locale[i]->facts->title;
	return KB_STR_NULL;
}

kb_str kb_subject_id(const struct kb_subject *subject)
{
	switch (subject->kind) {
	case KB_SUBJECT_DOCUMENT:
		return subject->doc ? subject->doc->path : subject->family->id;
	case KB_SUBJECT_ISSUE:
		return subject->issue->id;
	case KB_SUBJECT_PERSON:
		return subject->person->id;
	default:
		return subject->name;
	}
}
