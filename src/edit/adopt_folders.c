/* Folders whose Markdown other programs keep beside documents: it is for no site. */
#include "adopt.h"

#include "kb/file.h"

static const struct folder {
	const char *name;
	bool anywhere; /* else at the top only, as elsewhere it may be a topic */
	const char *why;
} folders[] = {
	{"_drafts", true, "Jekyll's drafts, which it does not publish"},
	{"_includes", true, "parts of Jekyll's pages"},
	{"_layouts", true, "parts of Jekyll's pages"},
	{"_site", true, "what Jekyll makes"},
	{"archetypes", false, "Hugo's templates for new documents"},
	{"themes", false, "files of a theme"},
	{"node_modules", true, "packages of other programs"},
	{"vendor", false, "packages of other programs"},
	{"versioned_docs", true, "former versions of Docusaurus' documents"},
	{"versioned_sidebars", true, "former versions of Docusaurus' documents"},
};

static const char *why_folder(kb_str name, bool top)
{
	for (size_t i = 0; i < KB_LEN(folders); i++) {
		if ((top || folders[i].anywhere) && kb_str_is(name, folders[i].name))
			return folders[i].why;
	}
	return NULL;
}

/* "i18n/de/docusaurus-plugin-content-docs/current/…": kb cannot pair it. */
static bool is_translations(kb_str name, kb_str below)
{
	kb_str locale;

	return kb_str_is(name, "i18n") && kb_str_next(&below, '/', &locale) &&
	       kb_str_starts(below, KB_STR("docusaurus-"));
}

static void ignore_folder(struct kb_adoption *a, kb_str folder, const char *why)
{
	for (size_t i = 0; i < a->ignored.len; i++) {
		if (kb_str_eq(a->ignored.items[i].path, folder))
			return;
	}
	kb_vec_push(&a->ignored,
		((struct kb_adopt_ignored){kb_arena_str(a->arena, folder), why}));
}

bool adopt_in_foreign_folder(struct kb_adoption *a, kb_str path)
{
	size_t from = 0;

	for (size_t i = 0; i < path.len; i++) {
		if (path.data[i] != '/')
			continue;
		kb_str name = kb_str_sub(path, from, i);
		const char *why = why_folder(name, from == 0);
		if (is_translations(name, kb_str_sub(path, i + 1, path.len))) {
			why = "translations as Docusaurus keeps them, which kb cannot "
			      "pair with their sources";
			a->translations = true;
		}
		if (why) {
			ignore_folder(a, kb_str_sub(path, 0, i + 1), why);
			return true;
		}
		from = i + 1;
	}
	return false;
}
