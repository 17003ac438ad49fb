#include "new.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/embed.h"
#include "kb/file.h"
#include "kb/unicode.h"

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

/* Asks on the terminal; an empty string where there is none. */
static kb_str ask(struct kb_arena *arena, const char *question)
{
	char line[1024];
	if (!isatty(STDIN_FILENO))
		return KB_STR_NULL;
	fprintf(stderr, "%s: ", question);
	if (!fgets(line, sizeof line, stdin))
		return KB_STR_NULL;
	return kb_arena_str(arena, kb_str_trim(kb_str_of(line)));
}

static int fail_missing(struct kb_error *err, const char *option, const char *what)
{
	return kb_error_set(
		err, KB_E_USAGE, "%s is missing: say it with %s", what, option);
}

static int check_owner(const struct kb_people *people, kb_str owner, struct kb_error *err)
{
	if (kb_people_find(people, owner))
		return 0;
	kb_strs ids = {0};
	_cleanup_buf_ kb_buf list = {0};
	for (uint32_t i = 0; i < people->len; i++) {
		kb_vec_push(&ids, people->items[i].id);
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "", KB_ARG(people->items[i].id));
	}
	const kb_str *near = kb_str_nearest(owner, ids.items, ids.len);
	if (near)
		kb_error_set(err, KB_E_USAGE,
			"people.yaml has no '%.*s': did you mean '%.*s'?", KB_ARG(owner),
			KB_ARG(*near));
	else
		kb_error_set(err, KB_E_USAGE, "people.yaml has no '%.*s': it has %s",
			KB_ARG(owner), list.len ? list.data : "nobody");
	kb_vec_dispose(&ids);
	return -1;
}

static int check_issues(
	const struct kb_taxonomy *taxonomy, const kb_strs *issues, struct kb_error *err)
{
	kb_strs ids = {0};
	int status = 0;
	for (uint32_t i = 0; i < taxonomy->len; i++)
		kb_vec_push(&ids, taxonomy->issues[i].id);
	for (size_t i = 0; i < issues->len && !status; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, issues->items[i]);
		const kb_str *near = kb_str_nearest(issues->items[i], ids.items, ids.len);
		if (issue && issue->retired)
			status = kb_error_set(err, KB_E_USAGE,
				"the issue '%.*s' is retired", KB_ARG(issues->items[i]));
		else if (!issue && near)
			status = kb_error_set(err, KB_E_USAGE,
				"taxonomy.yaml has no issue '%.*s': did you mean '%.*s'?",
				KB_ARG(issues->items[i]), KB_ARG(*near));
		else if (!issue)
			status = kb_error_set(err, KB_E_USAGE,
				"taxonomy.yaml has no issue '%.*s'",
				KB_ARG(issues->items[i]));
	}
	kb_vec_dispose(&ids);
	return status;
}

static kb_str first_team(const struct kb_people *people, kb_str owner)
{
	const struct kb_person *own = kb_people_find(people, owner);
	if (own && own->team)
		return owner;
	for (uint32_t i = 0; i < people->len; i++) {
		if (people->items[i].team)
			return people->items[i].id;
	}
	return KB_STR_NULL;
}

/* Title, owner and issues: from options, else asked for, else complained of. */
static int complete(const struct kb_library *lib, struct kb_arena *arena,
	const struct new_values *values, struct new_document *doc, struct kb_error *err)
{
	doc->title = values->title ? kb_str_of(values->title) : ask(arena, "Title");
	if (!doc->title.len)
		return fail_missing(err, "--title", "the title");
	doc->summary = values->summary ? kb_str_of(values->summary) : KB_STR_NULL;
	doc->owner = kb_str_of(values->owner);
	if (!doc->owner.len && !doc->owner_by_default)
		doc->owner = ask(arena, "Owner (an id of people.yaml)");
	if (!doc->owner.len && !doc->owner_by_default)
		return fail_missing(err, "--owner", "the owner");
	if (doc->owner.len && check_owner(lib->people, doc->owner, err))
		return -1;
	bool takes = doc->type == KB_ARTICLE || doc->type == KB_WORKFLOW ||
		     doc->type == KB_REPLY;
	for (size_t i = 0; i < values->issues.len; i++)
		kb_vec_push(&doc->issues, values->issues.items[i]);
	if (!takes && doc->issues.len)
		return kb_error_set(
			err, KB_E_USAGE, "a %s has no issues", kb_type_name(doc->type));
	if (takes && !doc->issues.len) {
		kb_str issue = ask(arena, "Issue (an id of taxonomy.yaml)");
		if (issue.len)
			kb_vec_push(&doc->issues, issue);
	}
	if (!doc->issues.len && (doc->type == KB_WORKFLOW || doc->type == KB_REPLY))
		return fail_missing(err, "--issue", "the issue");
	doc->team = first_team(lib->people, doc->owner);
	return check_issues(lib->taxonomy, &doc->issues, err);
}

static int write_document(
	const struct kb_opened *opened, kb_str path, kb_str text, struct kb_error *err)
{
	struct stat st;
	kb_str root = kb_source_root(opened->source);
	_cleanup_buf_ kb_buf full = {0};
	kb_buf_fmt(&full, "%.*s/%.*s", KB_ARG(root), KB_ARG(path));
	if (lstat(full.data, &st) == 0)
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s is there already and stays as it is", KB_ARG(path));
	if (kb_file_write(full.data, text, err))
		return -1;
	printf("%.*s\n", KB_ARG(path));
	return 0;
}

static int find_locale(const struct kb_config *config, const char *code, uint32_t *out,
	struct kb_error *err)
{
	*out = code ? kb_config_locale(config, kb_str_of(code)) : 0;
	return *out == KB_NONE
		       ? kb_error_set(err, KB_E_USAGE,
				 "kb.yaml has no locale '%s': add it there first", code)
		       : 0;
}

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

static int start_document(const struct kb_opened *opened, struct kb_arena *arena,
	const struct new_values *values, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = opened->lib;
	struct new_document doc = {0};
	kb_str path = KB_STR_NULL, template = KB_STR_NULL;
	_cleanup_buf_ kb_buf text = {0}, name = {0};
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
	if (find_locale(lib->config, values->locale, &doc.locale, err) ||
		check_id(arena, lib, &doc, err))
		return -1;
	const struct kb_mount *mount = kb_new_place(
		lib, arena, doc.type, doc.locale, name_of_id(doc.type, doc.id), &path);
	if (!mount)
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no mount for documents of type %s in that locale",
			kb_type_name(doc.type));
	doc.owner_by_default = kb_node_get(mount->defaults, "owner") != NULL;
	int status = complete(lib, arena, values, &doc, err);
	if (!status) {
		kb_buf_fmt(&name, "new/%s.md", kb_type_name(doc.type));
		kb_embed_get(kb_buf_view(&name), &template);
		kb_new_fill(&text, &doc, template,
			kb_day_format(arena, lib->config->timezone, lib->now));
		status = write_document(opened, path, kb_buf_view(&text), err);
	}
	kb_vec_dispose(&doc.issues);
	return status;
}

static int start_translation(const struct kb_opened *opened, struct kb_arena *arena,
	const struct new_values *values, struct kb_error *err)
{
	const struct kb_library *lib = opened->lib;
	const struct kb_family *family =
		kb_library_family(lib, kb_str_of(values->translate_of));
	uint32_t locale;
	kb_str name, path;
	_cleanup_buf_ kb_buf file = {0}, text = {0};
	if (!family)
		return kb_error_set(err, KB_E_USAGE, "there is no document '%s'",
			values->translate_of);
	if (!values->locale)
		return fail_missing(err, "--locale", "the locale to translate into");
	if (find_locale(lib->config, values->locale, &locale, err))
		return -1;
	if (family->by_locale[locale])
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s is there already and stays as it is",
			KB_ARG(family->by_locale[locale]->path));
	const struct kb_document *source = kb_family_find(lib, family, locale);
	if (!source || source->broken)
		return kb_error_set(err, KB_E_USAGE,
			"'%s' has no document to translate from", values->translate_of);
	if (!kb_new_name_of(lib, arena, source, &name) ||
		!kb_new_place(lib, arena, source->type, locale, name, &path))
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no mount for documents of type %s in that locale",
			kb_type_name(source->type));
	struct kb_reader *reader = kb_reader_new(opened->source);
	int status = kb_reader_read(reader, source->path, 0, &file, err);
	kb_reader_free(reader);
	if (status)
		return -1;
	kb_new_translation(&text, kb_buf_view(&file), source->blob);
	return write_document(opened, path, kb_buf_view(&text), err);
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct new_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_opened opened;
	struct kb_error err;
	int status;
	if (kb_open(cli, &opened, &values->read, &err))
		status = kb_open_failed(cli, &opened, &err);
	else if (values->translate_of
			 ? start_translation(&opened, arena, values, &err)
			 : start_document(&opened, arena, values, operands, &err))
		status = kb_fail(&err);
	else
		status = KB_EXIT_OK;
	kb_opened_dispose(&opened);
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
