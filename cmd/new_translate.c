#include "new.h"
#include "kb/operand.h"

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

int kb_new_translate(const struct kb_session *session, struct kb_arena *arena,
	const struct new_values *values, struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	const struct kb_family *family =
		kb_library_family(lib, kb_str_of(values->translate_of));
	uint32_t locale;
	kb_str name, path;
	_cleanup_buf_ kb_buf file = {0}, text = {0};
	if (!family)
		return kb_document_unknown(lib, kb_str_of(values->translate_of), err);
	if (!values->locale)
		return kb_error_set(err, KB_E_USAGE,
			"the locale to translate into is missing: say it with --locale");
	if (kb_new_locale(lib->config, values->locale, &locale, err))
		return -1;
	if (family->by_locale[locale])
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s is there already and stays as it is",
			KB_ARG(family->by_locale[locale]->path));
	const struct kb_document *source = kb_family_find(lib, family, locale);
	if (!source)
		return fail_without_source(lib, family, locale, err);
	if (source->facts->broken)
		return kb_error_set(err, KB_E_USAGE,
			"the front matter of %.*s cannot be read: mend it first",
			KB_ARG(source->path));
	if (!kb_new_name_of(lib, arena, source, &name) ||
		!kb_new_place(lib, arena, source->facts->type, locale, name, &path))
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no mount for documents of type %s in that locale",
			kb_type_name(source->facts->type));
	struct kb_reader *reader = kb_reader_new(session->source);
	int status = kb_reader_read(reader, source->path, 0, &file, err);
	kb_reader_free(reader);
	if (status)
		return -1;
	kb_new_translation(&text, kb_buf_view(&file), source->facts->blob);
	return kb_new_write(session, values, path, kb_buf_view(&text), err);
}
