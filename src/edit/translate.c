/* Starting translations. */
#include "new.h"

/* The document exists, but in no locale that this one translates from. */
static int fail_without_source(const struct kb_library *lib,
	const struct kb_family *family, uint32_t locale, struct kb_error *err)
{
	const struct kb_locale *locales = lib->config->locales;
	uint32_t from = locales[locale].fallback;
	_cleanup_buf_ kb_buf list = {0};

	for (uint32_t i = 0; i < lib->config->nlocales; i++) {
		if (family->by_locale[i])
			kb_buf_fmt(&list, "%s%.*s", list.len ? ", " : "",
				KB_ARG(locales[i].code));
	}
	if (from == KB_NONE)
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' exists in %s only; %.*s is what others are translated "
			"from: "
			"start the document there without --translate-of",
			KB_ARG(family->id), list.data, KB_ARG(locales[locale].code));
	return kb_error_set(err, KB_E_USAGE,
		"'%.*s' exists in %s only; translations into %.*s start from %.*s",
		KB_ARG(family->id), list.data, KB_ARG(locales[locale].code),
		KB_ARG(locales[from].code));
}

/* The document that is to be translated into LOCALE. */
static const struct kb_document *source_for(const struct kb_rewrites *rewrites,
	const struct kb_family *family, uint32_t locale, struct kb_error *err)
{
	const struct kb_library *lib = rewrites->lib;
	const struct kb_document *there = family->by_locale[locale];
	const struct kb_document *source = kb_family_find(lib, family, locale);

	if (there)
		kb_error_set(err, KB_E_REFUSED, "%.*s already exists; left unchanged",
			KB_ARG(there->path));
	else if (!source)
		fail_without_source(lib, family, locale, err);
	else if (source->facts->broken)
		kb_error_set(err, KB_E_USAGE,
			"the front matter of %.*s cannot be read: fix it first",
			KB_ARG(source->path));
	return there || !source || source->facts->broken ? NULL : source;
}

static bool has_path(const struct kb_rewrites *rewrites, kb_str path)
{
	for (size_t i = 0; i < rewrites->len; i++)
		if (kb_str_eq(rewrites->items[i].path, path))
			return true;
	return false;
}

/* The family of the document that WORD names. */
static const struct kb_family *family_of(
	const struct kb_rewrites *rewrites, kb_str word, struct kb_error *err)
{
	kb_str all = KB_STR("all");
	const kb_strs locales = {.items = &all, .len = 1};
	kb_docs docs = {0};
	const struct kb_family *family =
		kb_operand_documents(
			rewrites->lib, rewrites->arena, word, &locales, &docs, err)
			? NULL
			: docs.items[0]->family;

	kb_vec_dispose(&docs);
	return family;
}

int kb_edit_translate(
	struct kb_rewrites *rewrites, kb_str word, uint32_t locale, struct kb_error *err)
{
	const struct kb_library *lib = rewrites->lib;
	_cleanup_buf_ kb_buf file = {0}, text = {0};
	kb_str name, path;
	const struct kb_family *family = family_of(rewrites, word, err);
	const struct kb_document *source =
		family ? source_for(rewrites, family, locale, err) : NULL;

	if (!source)
		return -1;
	if (!edit_name_of(lib, rewrites->arena, source, &name) ||
		!edit_place(
			lib, rewrites->arena, source->facts->type, locale, name, &path))
		return edit_no_place(source->facts->type, err);
	struct kb_reader *reader = kb_reader_new(lib->source);
	int failed = kb_reader_read(reader, source->path, 0, &file, err);
	kb_reader_free(reader);
	if (failed)
		return -1;
	edit_put_translation(&text, kb_buf_view(&file), source->facts->blob);
	if (!has_path(rewrites, path))
		kb_vec_push(rewrites, ((struct kb_rewrite){.path = path,
					      .after = kb_arena_str(rewrites->arena,
						      kb_buf_view(&text)),
					      .is_new = true}));
	return 0;
}
