#include "new.h"

#include "kb/file.h"

#define AT(field) offsetof(struct new_values, field)
static const struct kb_option new_options[] = {
	{'t', "title", KB_OPT_STRING, AT(title), "TEXT", "the document's title", NULL},
	{0, "summary", KB_OPT_STRING, AT(summary), "TEXT", "one or two sentences", NULL},
	{0, "owner", KB_OPT_STRING, AT(owner), "ID", "a person or team of people.yaml",
		NULL},
	{'i', "issue", KB_OPT_LIST, AT(issues), "ISSUE",
		"an issue of taxonomy.yaml; may be repeated", NULL},
	{0, "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"the document's locale; default: the first of kb.yaml", NULL},
	{0, "translate-of", KB_OPT_STRING, AT(translate_of), "ID",
		"start the translation of a document, into --locale", NULL},
	{0, "config", KB_OPT_STRING, AT(read.config), "FILE",
		"use FILE in place of the nearest kb.yaml", NULL},
	KB_OPTION_END,
};

/* The part of an id that names the file: "articles/descale" is descale among articles. */
static kb_str name_of_id(enum kb_type type, kb_str id)
{
	size_t slash = kb_str_chr(id, '/');
	kb_str folder = kb_str_sub(id, 0, slash), name = kb_str_of(kb_type_name(type));
	bool own = slash != SIZE_MAX && kb_str_starts(folder, name) &&
		   (folder.len == name.len ||
			   (folder.len == name.len + 1 && folder.data[name.len] == 's'));
	bool replies =
		slash != SIZE_MAX && type == KB_REPLY && kb_str_is(folder, "replies");
	return own || replies ? kb_str_sub(id, slash + 1, id.len) : id;
}

static int check_id(struct kb_arena *arena, const struct kb_library *lib,
	const struct new_document *doc, struct kb_error *err)
{
	kb_str normal;
	const struct kb_family *family = kb_library_family(lib, doc->id);
	if (!doc->id.len || doc->id.data[0] == '/' || kb_str_ends(doc->id, KB_STR("/")) ||
		!kb_path_normalize(arena, doc->id, &normal) ||
		!kb_str_eq(normal, doc->id))
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' is no id: it is like descale or care/descale",
			KB_ARG(doc->id));
	if (family && family->by_locale[doc->locale])
		return kb_error_set(err, KB_E_USAGE, "%.*s has the id '%.*s' already",
			KB_ARG(family->by_locale[doc->locale]->path), KB_ARG(doc->id));
	return 0;
}

static int start_document(const struct kb_session *session, struct kb_arena *arena,
	const struct new_values *values, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	struct new_document doc = {0};
	kb_str path = KB_STR_NULL;
	_cleanup_buf_ kb_buf text = {0};
	if (operands->len != 2)
		return kb_error_set(err, KB_E_USAGE,
			"say the type and the id of the document, as in 'kb new article "
			"descale'");
	if (kb_type_parse(operands->items[0], &doc.type))
		return kb_error_set(err, KB_E_USAGE,
			"there is no type '%.*s': it is one of article, workflow, reply, "
			"reference "
			"and snippet",
			KB_ARG(operands->items[0]));
	doc.id = operands->items[1];
	if (kb_new_locale(lib->config, values->locale, &doc.locale, err) ||
		check_id(arena, lib, &doc, err))
		return -1;
	const struct kb_mount *mount = kb_new_place(
		lib, arena, doc.type, doc.locale, name_of_id(doc.type, doc.id), &path);
	if (!mount)
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no mount for documents of type %s in that locale",
			kb_type_name(doc.type));
	doc.owner_by_default = kb_node_get(mount->defaults, "owner") != NULL;
	int status = kb_new_complete(lib, arena, values, &doc, err);
	if (!status) {
		kb_new_fill(&text, &doc,
			kb_new_template(doc.type, lib->config->locales[doc.locale].code));
		status = kb_new_write(session, values, path, kb_buf_view(&text), err);
	}
	kb_vec_dispose(&doc.issues);
	return status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct new_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_session session;
	struct kb_error err;
	int status;
	values->quiet = cli->quiet;
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else if (values->translate_of
			 ? kb_new_translate(&session, arena, values, &err)
			 : start_document(&session, arena, values, operands, &err))
		status = kb_fail(&err);
	else
		status = KB_EXIT_OK;
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_new = {
	.name = "new",
	.summary = "start a document, or a translation of one",
	.operands = "[TYPE ID]",
	.options = new_options,
	.values_size = sizeof(struct new_values),
	.run = run,
};
