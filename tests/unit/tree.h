/* A content repository in a temporary folder, loaded; for tests of the model. */
#ifndef TREE_H
#define TREE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/library.h"

struct tree {
	char dir[64];
	struct kb_source *source;
	struct kb_library *lib;
	struct kb_diags diags;
	struct kb_arena *arena;
	struct kb_error err;
	int status;
};

#define TREE_CONFIG                                                                      \
	"name: Help\nbase_url: https://help.example\n"                                   \
	"locales:\n  - code: en\n  - code: de\n  - code: de-AT\n"                        \
	"regions: {AT: Austria, DE: Germany}\n"                                          \
	"contact:\n  - {channel: phone, label: Call, number: '1'}\n"                     \
	"variables:\n  shop: {url: 'https://shop.example', phone: {en: one, de: "        \
	"eins}}\n"

static inline void tree_write(const struct tree *tree, const char *path, const char *text)
{
	char full[512];
	struct kb_error err;

	snprintf(full, sizeof(full), "%s/%s", tree->dir, path);
	if (kb_file_write(full, kb_str_of(text), &err) < 0)
		fail_msg("%s", err.message);
}

/* FILES: path, text, path, text, …, NULL. Without a kb.yaml among them, TREE_CONFIG. */
static inline void tree_open(struct tree *tree, const char *const *files)
{
	const struct kb_library_options options = {.threads = 2, .now = 1790000000};

	*tree = (struct tree){.dir = "/tmp/kb-unit-XXXXXX"};
	assert_non_null(mkdtemp(tree->dir));
	tree_write(tree, "kb.yaml", TREE_CONFIG);
	for (; *files; files += 2)
		tree_write(tree, files[0], files[1]);
	kb_diags_init(&tree->diags, NULL);
	tree->arena = kb_arena_new();
	if (kb_source_open(&tree->source, tree->dir, NULL, NULL, &tree->err) < 0)
		fail_msg("%s", tree->err.message);
	tree->status = kb_library_load(
		&tree->lib, tree->source, &options, &tree->diags, &tree->err);
}

static inline void tree_close(struct tree *tree)
{
	char command[128];

	kb_library_free(tree->lib);
	kb_source_free(tree->source);
	kb_diags_dispose(&tree->diags);
	kb_arena_free(tree->arena);
	snprintf(command, sizeof(command), "rm -rf %s", tree->dir);
	assert_int_equal(system(command), 0);
}

static inline void tree_print(const struct kb_diags *diags)
{
	for (size_t i = 0; i < diags->len; i++)
		print_message("%.*s: %s: %.*s (%.*s)\n", KB_ARG(diags->items[i].path),
			kb_rule_info(diags->items[i].rule)->id,
			KB_ARG(diags->items[i].message), KB_ARG(diags->items[i].hint));
}

/* The one finding of a rule; fails when there is none, or more than one. */
static inline const struct kb_diag *diags_one(
	const struct kb_diags *diags, enum kb_rule rule)
{
	const struct kb_diag *found = NULL;

	for (size_t i = 0; i < diags->len; i++) {
		if (diags->items[i].rule != rule)
			continue;
		if (found) {
			tree_print(diags);
			fail_msg("two findings of %s", kb_rule_info(rule)->id);
		}
		found = &diags->items[i];
	}
	if (!found) {
		tree_print(diags);
		fail_msg("no finding of %s", kb_rule_info(rule)->id);
	}
	return found;
}

static inline void diags_none(const struct kb_diags *diags)
{
	tree_print(diags);
	assert_int_equal(diags->len, 0);
}

static inline struct kb_document *tree_doc(const struct tree *tree, const char *path)
{
	struct kb_document *doc = kb_library_by_path(tree->lib, kb_str_of(path));

	if (!doc)
		fail_msg("no document %s", path);
	return doc;
}

#endif
