/* The issues that documents are about. */
#include "front.h"
#include "kb/coverage.h"
#include "kb/edit.h"

/* Which of the document's issues is this one, by its id or a former one? */
static uint32_t issue_index(const struct kb_library *lib, const struct kb_document *doc,
	const struct kb_issue *issue)
{
	for (uint32_t i = 0; i < doc->facts->issues.len; i++)
		if (kb_taxonomy_find(lib->taxonomy, doc->facts->issues.items[i]) == issue)
			return i;
	return KB_NONE;
}

static int add_to(struct kb_rewrites *rewrites, const struct kb_document *doc,
	const struct kb_issue *issue, struct kb_error *err)
{
	struct kb_front front;
	kb_strs issues = {0};

	if (!kb_type_takes_issues(doc->facts->type))
		return kb_error_set(err, KB_E_USAGE,
			"%.*s is a %s: only articles, workflows and replies are about "
			"issues",
			KB_ARG(doc->path), kb_type_name(doc->facts->type));
	if (issue_index(rewrites->lib, doc, issue) != KB_NONE)
		return 0;
	if (kb_front_open(&front, rewrites->arena, rewrites->lib->source, doc, err))
		return -1;
	kb_str key = kb_front_key(&front, "issues");
	/* What the mount gives stays: a key of the document's own would hide it. */
	for (size_t i = 0;
		i < doc->facts->issues.len && !kb_node_get_str(front.yaml.root, key); i++)
		kb_vec_push(&issues, doc->facts->issues.items[i]);
	kb_vec_push(&issues, issue->id);
	int failed = kb_yaml_add(&front.yaml, front.yaml.root, key, issues.items,
		issues.len, kb_front_after(&front, "issues"), err);
	kb_vec_dispose(&issues);
	if (!failed)
		kb_vec_push(rewrites, kb_front_rewrite(&front));
	return failed;
}

/* Takes the id out of the key that has it: several may feed the list of issues. */
static int drop(struct kb_rewrites *rewrites, struct kb_front *front, kb_str id,
	struct kb_error *err)
{
	const struct kb_node *root = front->yaml.root;

	for (uint32_t i = 0; i < root->len; i++) {
		kb_str key = root->pairs[i].key->value;
		uint32_t at;

		if (!kb_front_means(front->doc, key, "issues") ||
			!kb_front_find(root->pairs[i].value, id, &at))
			continue;
		if (kb_yaml_drop(&front->yaml, root, key, at, err))
			return -1;
		kb_vec_push(rewrites, kb_front_rewrite(front));
		return 0;
	}
	return kb_error_set(err, KB_E_REFUSED,
		"%.*s has the issue from its content folder in kb.yaml: change it "
		"there",
		KB_ARG(front->doc->path));
}

static int remove_from(struct kb_rewrites *rewrites, const struct kb_document *doc,
	const struct kb_issue *issue, struct kb_error *err)
{
	uint32_t at = issue_index(rewrites->lib, doc, issue);
	struct kb_front front;

	if (at == KB_NONE)
		return 0;
	if (doc->facts->issues.len == 1 &&
		(doc->facts->type == KB_WORKFLOW || doc->facts->type == KB_REPLY))
		return kb_error_set(err, KB_E_REFUSED,
			"'%.*s' is the only issue of %.*s, and a %s needs one: add "
			"another first",
			KB_ARG(issue->id), KB_ARG(doc->path),
			kb_type_name(doc->facts->type));
	if (kb_front_open(&front, rewrites->arena, rewrites->lib->source, doc, err))
		return -1;
	return drop(rewrites, &front, doc->facts->issues.items[at], err);
}

int kb_edit_add_issue(struct kb_rewrites *rewrites, const kb_docs *docs,
	const struct kb_issue *issue, struct kb_error *err)
{
	if (issue->retired)
		return kb_error_set(err, KB_E_USAGE, "the issue '%.*s' is retired",
			KB_ARG(issue->id));
	for (size_t i = 0; i < docs->len; i++)
		if (add_to(rewrites, docs->items[i], issue, err))
			return -1;
	return 0;
}

int kb_edit_remove_issue(struct kb_rewrites *rewrites, const kb_docs *docs,
	const struct kb_issue *issue, struct kb_error *err)
{
	for (size_t i = 0; i < docs->len; i++)
		if (remove_from(rewrites, docs->items[i], issue, err))
			return -1;
	return 0;
}
