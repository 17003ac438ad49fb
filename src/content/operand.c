#include "kb/operand.h"

#include "kb/file.h"
#include "kb/pick.h"

/* "reset-password" for "articles/reset-password" */
static bool is_end_of(kb_str id, kb_str part)
{
	return id.len > part.len && id.data[id.len - part.len - 1] == '/' &&
	       kb_str_eq_nocase(kb_str_sub(id, id.len - part.len, id.len), part);
}

static bool is_of_type(const struct kb_document *doc, enum kb_type type)
{
	return type == KB_TYPE_COUNT || doc->facts->type == type;
}

static bool has_type(
	const struct kb_library *lib, const struct kb_family *family, enum kb_type type)
{
	for (uint32_t i = 0; i < lib->config->nlocales; i++)
		if (family->by_locale[i] && is_of_type(family->by_locale[i], type))
			return true;
	return false;
}

/* The path that ends so, or is spelt nearly so; of several, in the first locale. */
static kb_str near_path(const struct kb_library *lib, kb_str wanted, enum kb_type type)
{
	kb_strs paths = {0};

	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		for (uint32_t i = 0; i < lib->ndocs; i++)
			if (lib->docs[i]->locale == l && is_of_type(lib->docs[i], type))
				kb_vec_push(&paths, lib->docs[i]->path);
	const kb_str *near = NULL;
	for (size_t i = 0; i < paths.len && !near; i++)
		if (is_end_of(paths.items[i], wanted))
			near = &paths.items[i];
	if (!near)
		near = kb_str_nearest(wanted, paths.items, paths.len);
	kb_str found = near ? *near : KB_STR_NULL;
	kb_vec_dispose(&paths);
	return found;
}

/* How near an id is to what was typed: the same, its end, or with more in front of it. */
static size_t nearness(kb_str id, kb_str wanted)
{
	if (kb_str_eq_nocase(id, wanted) || is_end_of(id, wanted))
		return SIZE_MAX;
	return is_end_of(wanted, id) ? id.len : 0;
}

static kb_str near_id(const struct kb_library *lib, kb_str wanted, enum kb_type type)
{
	kb_strs ids = {0}, bases = {0};
	const kb_str *near = NULL;
	size_t best = 0;

	for (uint32_t i = 0; i < lib->nfamilies; i++)
		if (has_type(lib, lib->families[i], type)) {
			kb_vec_push(&ids, lib->families[i]->id);
			kb_vec_push(&bases, kb_path_base(lib->families[i]->id));
		}
	for (size_t i = 0; i < ids.len; i++)
		if (nearness(ids.items[i], wanted) > best) {
			best = nearness(ids.items[i], wanted);
			near = &ids.items[i];
		}
	if (!near)
		near = kb_str_nearest(wanted, ids.items, ids.len);
	/* The last part alone, as 'reset-pasword' for 'articles/reset-password'. */
	const kb_str *base = near ? NULL : kb_str_nearest(wanted, bases.items, bases.len);
	if (base)
		near = &ids.items[base - bases.items];
	kb_str found = near ? *near : KB_STR_NULL;
	kb_vec_dispose(&ids);
	kb_vec_dispose(&bases);
	return found;
}

kb_str kb_document_near(const struct kb_library *lib, kb_str word, enum kb_type type)
{
	kb_str extension = KB_STR(".md");

	if (!kb_str_ends(word, extension))
		return near_id(lib, word, type);
	kb_str path = near_path(lib, word, type);
	return path.len ? path
			: near_id(lib, kb_str_sub(word, 0, word.len - extension.len),
				  type);
}

int kb_document_unknown_at(
	const struct kb_library *lib, kb_str id, const char *rev, struct kb_error *err)
{
	kb_str near = kb_document_near(lib, id, KB_TYPE_COUNT);

	return kb_error_set(err, KB_E_USAGE, "there is no document '%.*s'%s%s%s%.*s%s",
		KB_ARG(id), rev ? " in " : "", rev ? rev : "",
		near.len ? ": did you mean '" : "", KB_ARG(near),
		near.len ? "'?"
		: rev	 ? ""
			 : ": 'kb find' searches for one");
}

int kb_document_unknown(const struct kb_library *lib, kb_str id, struct kb_error *err)
{
	return kb_document_unknown_at(lib, id, NULL, err);
}

static int check_locales(
	const struct kb_library *lib, const kb_strs *locales, struct kb_error *err)
{
	for (size_t i = 0; i < locales->len; i++) {
		kb_str code = locales->items[i];

		if (!kb_str_is(code, "all") &&
			kb_config_locale(lib->config, code) == KB_NONE)
			return kb_locale_unknown(lib->config, code, err);
	}
	return 0;
}

static bool is_wanted(
	const struct kb_library *lib, const kb_strs *locales, uint32_t locale)
{
	for (size_t i = 0; i < locales->len; i++)
		if (kb_str_is(locales->items[i], "all") ||
			kb_config_locale(lib->config, locales->items[i]) == locale)
			return true;
	return locales->len == 0;
}

static void add(kb_docs *docs, struct kb_document *doc)
{
	for (size_t i = 0; i < docs->len; i++)
		if (docs->items[i] == doc)
			return;
	kb_vec_push(docs, doc);
}

static int add_path(const struct kb_library *lib, struct kb_document *doc,
	const kb_strs *locales, kb_docs *docs, struct kb_error *err)
{
	if (!is_wanted(lib, locales, doc->locale))
		return kb_error_set(err, KB_E_USAGE,
			"%.*s is not in any of the locales of --locale",
			KB_ARG(doc->path));
	add(docs, doc);
	return 0;
}

static int fail_path(kb_str operand, kb_str path, struct kb_error *err)
{
	bool folder = !path.len || kb_str_ends(path, KB_STR("/"));

	return kb_error_set(err, KB_E_USAGE,
		folder ? "'%.*s' is a folder: name the documents"
		       : "'%.*s' is not a document",
		KB_ARG(operand));
}

/* The id is in several locales, and none was said. */
static int ask_locale(const struct kb_library *lib, const struct kb_family *family,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};

	for (uint32_t i = 0; i < lib->config->nlocales; i++)
		if (family->by_locale[i])
			kb_buf_fmt(&list, "%s%.*s", list.len ? ", " : "",
				KB_ARG(lib->config->locales[i].code));
	return kb_error_set(err, KB_E_USAGE,
		"'%.*s' exists in %s: choose one with --locale, or name the file",
		KB_ARG(family->id), list.data);
}

static int add_family(const struct kb_library *lib, const struct kb_family *family,
	const kb_strs *locales, kb_docs *docs, struct kb_error *err)
{
	size_t before = docs->len, n = 0;

	for (uint32_t i = 0; i < lib->config->nlocales; i++)
		n += family->by_locale[i] != NULL;
	if (n > 1 && !locales->len)
		return ask_locale(lib, family, err);
	n = 0;
	for (uint32_t i = 0; i < lib->config->nlocales; i++) {
		if (!family->by_locale[i] || !is_wanted(lib, locales, i))
			continue;
		add(docs, family->by_locale[i]);
		n++;
	}
	if (!n && docs->len == before)
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' does not exist in that locale", KB_ARG(family->id));
	return 0;
}

int kb_operand_in_locale(const struct kb_library *lib, const struct kb_document *doc,
	uint32_t locale, struct kb_error *err)
{
	const struct kb_locale *locales = lib->config->locales;
	const struct kb_document *own = kb_family_find(lib, doc->family, locale);

	if (own == doc)
		return 0;
	kb_str is = locales[doc->locale].code, asked = locales[locale].code;
	if (!own)
		return kb_error_set(err, KB_E_USAGE,
			"%.*s is in %.*s, but it does not exist in %.*s",
			KB_ARG(doc->path), KB_ARG(is), KB_ARG(asked));
	return kb_error_set(err, KB_E_USAGE,
		"%.*s is in %.*s, not in %.*s: name %.*s, or '%.*s'", KB_ARG(doc->path),
		KB_ARG(is), KB_ARG(asked), KB_ARG(own->path), KB_ARG(doc->family->id));
}

int kb_operand_documents(const struct kb_library *lib, struct kb_arena *arena,
	kb_str operand, const kb_strs *locales, kb_docs *docs, struct kb_error *err)
{
	kb_strs one = {.items = &operand, .len = 1}, paths = {0};

	if (check_locales(lib, locales, err))
		return -1;
	bool there = !kb_operand_paths(lib, arena, &one, &paths, NULL);
	kb_str path = there ? paths.items[0] : KB_STR_NULL;
	kb_vec_dispose(&paths);
	struct kb_document *doc = there ? kb_library_by_path(lib, path) : NULL;
	const struct kb_family *family = kb_library_family(lib, operand);
	if (doc)
		return add_path(lib, doc, locales, docs, err);
	if (family)
		return add_family(lib, family, locales, docs, err);
	return there ? fail_path(operand, path, err)
		     : kb_document_unknown(lib, operand, err);
}
