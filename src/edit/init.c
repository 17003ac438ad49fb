/* The files of a new help center. */
#include <sys/stat.h>

#include "adopt.h"
#include "kb/embed.h"
#include "kb/file.h"
#include "kb/schema.h"
#include "kb/schema_snippets.h"
#include "kb/unicode.h"

/* Templates whose names would be hidden, or that stand elsewhere. */
static const struct {
	const char *from, *to;
} renamed[] = {
	{"init/editorconfig", ".editorconfig"},
	{"init/gitignore", ".gitignore"},
	{"init/vscode/settings.json", ".vscode/settings.json"},
	{"init/vscode/tasks.json", ".vscode/tasks.json"},
	{"init/github/workflows/kb.yml", ".github/workflows/kb.yml"},
	{"init/gitlab-ci.yml", ".gitlab-ci.yml"},
};

static kb_str target_path(kb_str embedded)
{
	for (size_t i = 0; i < KB_LEN(renamed); i++) {
		if (kb_str_is(embedded, renamed[i].from))
			return kb_str_of(renamed[i].to);
	}
	return kb_str_sub(embedded, strlen("init/"), embedded.len);
}

static void add_file(struct kb_rewrites *rewrites, const char *path, kb_str text)
{
	kb_vec_push(rewrites, ((struct kb_rewrite){.path = kb_str_of(path),
				      .after = kb_arena_str(rewrites->arena, text),
				      .is_new = true}));
}

/* What @WORD@ in a template becomes. */
struct blank {
	const char *word;
	kb_str text;
};

static kb_str fill(
	struct kb_arena *arena, kb_str template, const struct blank *blanks, size_t n)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0, b; i < template.len;) {
		kb_str rest = kb_str_sub(template, i, template.len);

		for (b = 0; b < n; b++)
			if (kb_str_starts(rest, kb_str_of(blanks[b].word)))
				break;
		if (b == n) {
			kb_buf_putc(&out, template.data[i++]);
			continue;
		}
		kb_buf_str(&out, blanks[b].text);
		i += strlen(blanks[b].word);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void add_schemas(struct kb_rewrites *rewrites)
{
	const char *name;

	for (size_t i = 0; (name = kb_schema_builtin_name(i)); i++)
		add_file(rewrites,
			kb_arena_fmt(rewrites->arena, ".kb/schemas/%s.json", name).data,
			kb_schema_builtin(kb_str_of(name)));
}

void kb_edit_init(struct kb_rewrites *rewrites, const struct kb_init *init)
{
	size_t n;
	const struct kb_embed *all = kb_embed_list(&n);
	const struct blank blanks[] = {
		{"@NAME@", init->name},
		{"@TODAY@", kb_day_format(rewrites->arena, KB_STR("UTC"), init->now)},
		{"@SOURCE@", init->upstream},
		{"@REVISION@", init->revision},
	};
	_cleanup_buf_ kb_buf snippets = {0};

	for (size_t i = 0; i < n; i++) {
		kb_str path = kb_str_of(all[i].path);

		if (kb_str_starts(path, KB_STR("init/")) &&
			!kb_str_is(path, "init/pre-commit"))
			add_file(rewrites, target_path(path).data,
				fill(rewrites->arena, all[i].data, blanks,
					KB_LEN(blanks)));
	}
	add_schemas(rewrites);
	kb_snippets(&snippets);
	add_file(rewrites, ".vscode/kb.code-snippets", kb_buf_view(&snippets));
}

kb_str kb_init_hook(struct kb_arena *arena, kb_str folder)
{
	kb_str text = KB_STR_NULL;
	const struct blank name = {"@NAME@", folder};

	kb_embed_get(KB_STR("init/pre-commit"), &text);
	return fill(arena, text, &name, 1);
}

static void add_adoption(
	struct kb_rewrites *rewrites, const struct kb_adoption *adoption, kb_str name)
{
	_cleanup_buf_ kb_buf out = {0};

	adopt_write_config(&out, adoption, name);
	add_file(rewrites, "kb.yaml", kb_buf_view(&out));
	kb_buf_clear(&out);
	adopt_write_taxonomy(&out, adoption);
	add_file(rewrites, "taxonomy.yaml", kb_buf_view(&out));
	kb_buf_clear(&out);
	adopt_write_people(&out);
	add_file(rewrites, "people.yaml", kb_buf_view(&out));
	kb_buf_clear(&out);
	adopt_write_ignore(&out, adoption);
	if (adoption->ignored.len)
		add_file(rewrites, ".kbignore", kb_buf_view(&out));
}

/* A .gitignore for the sites; one that is there stays as it is. */
static void add_gitignore(struct kb_rewrites *rewrites, struct kb_adoption *adoption,
	struct kb_source *source)
{
	_cleanup_buf_ kb_buf there = {0};
	kb_str text = KB_STR_NULL, path = kb_arena_fmt(rewrites->arena, "%.*s/.gitignore",
					   KB_ARG(kb_source_root(source)));
	struct stat st;

	if (lstat(path.data, &st) < 0) {
		kb_embed_get(KB_STR("init/gitignore"), &text);
		add_file(rewrites, ".gitignore", text);
		return;
	}
	adoption->site_in_git =
		kb_file_read(path.data, 0, &there, NULL) ||
		kb_str_find(kb_buf_view(&there), KB_STR("public")) == SIZE_MAX;
}

static void replace_all(struct kb_source *source, const struct kb_rewrites *rewrites)
{
	for (size_t i = 0; i < rewrites->len; i++)
		kb_source_replace(
			source, rewrites->items[i].path, rewrites->items[i].after);
}

static void write_config_again(
	struct kb_rewrites *rewrites, const struct kb_adoption *adoption, kb_str name)
{
	_cleanup_buf_ kb_buf out = {0};

	adopt_write_config(&out, adoption, name);
	rewrites->items[0].after = kb_arena_str(rewrites->arena, kb_buf_view(&out));
}

int kb_edit_adopt(struct kb_rewrites *rewrites, struct kb_adoption *adoption,
	struct kb_source *source, kb_str name, kb_str other, time_t now,
	struct kb_error *err)
{
	if (adopt_survey(adoption, source, now, err))
		return -1;
	if (!name.len)
		name = adoption->name.len ? adoption->name : other;
	add_adoption(rewrites, adoption, name);
	add_gitignore(rewrites, adoption, source);
	replace_all(source, rewrites);
	if (adopt_addresses(adoption, source, err))
		return -1;
	if (adoption->formers.len) {
		write_config_again(rewrites, adoption, name);
		replace_all(source, rewrites);
	}
	if (adopt_baseline(adoption, source, err))
		return -1;
	/* Once more, with the rules that begin as warnings. */
	write_config_again(rewrites, adoption, name);
	return 0;
}
