/* kb link add, kb link remove: a document's issues. */
#include "fix.h"
#include "front.h"
#include "link.h"
#include "kb/operand.h"

#include "kb/coverage.h"
#include "kb/pick.h"

struct linking {
	const struct kb_session *session;
	struct kb_arena *arena;
	kb_docs docs;
	const struct kb_issue *issue;
	struct kb_rewrite *rewrites; /* of the documents that change */
	size_t nrewrites;
};

/* Which of the document's issues is this one, by its id or a former one? */
static uint32_t issue_index(const struct linking *l, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts->issues.len; i++)
		if (kb_taxonomy_find(l->session->lib->taxonomy,
			    doc->facts->issues.items[i]) == l->issue)
			return i;
	return KB_NONE;
}

static void take(struct linking *l, const struct kb_front *front)
{
	l->rewrites[l->nrewrites++] = kb_front_rewrite(front);
}

static int add_to(struct linking *l, const struct kb_document *doc, struct kb_error *err)
{
	struct kb_front front;
	kb_strs issues = {0};
	if (!kb_type_takes_issues(doc->facts->type))
		return kb_error_set(err, KB_E_USAGE,
			"%.*s is a %s: only articles, workflows and replies are about "
			"issues",
			KB_ARG(doc->path), kb_type_name(doc->facts->type));
	if (issue_index(l, doc) != KB_NONE)
		return 0;
	if (kb_front_open(&front, l->arena, l->session->source, doc, err))
		return -1;
	kb_str key = kb_front_key(&front, "issues");
	/* What the mount gives stays: a key of the document's own would hide it. */
	for (size_t i = 0;
		i < doc->facts->issues.len && !kb_node_get_str(front.yaml.root, key); i++)
		kb_vec_push(&issues, doc->facts->issues.items[i]);
	kb_vec_push(&issues, l->issue->id);
	int failed = kb_yaml_add(&front.yaml, front.yaml.root, key, issues.items,
		issues.len, kb_front_after(&front, "issues"), err);
	kb_vec_dispose(&issues);
	if (!failed)
		take(l, &front);
	return failed;
}

/* The item of the list that says ID; KB_NONE. A single value is its first. */
static uint32_t item_index(const struct kb_node *list, kb_str id)
{
	if (list->kind == KB_NODE_SCALAR)
		return kb_str_eq(list->value, id) ? 0 : KB_NONE;
	for (uint32_t i = 0; list->kind == KB_NODE_SEQ && i < list->len; i++)
		if (kb_str_eq(kb_node_str(list->items[i]), id))
			return i;
	return KB_NONE;
}

/* Takes the id out of the key that has it: several may feed the list of issues. */
static int drop(
	struct linking *l, struct kb_front *front, kb_str id, struct kb_error *err)
{
	const struct kb_node *root = front->yaml.root;
	for (uint32_t i = 0; i < root->len; i++) {
		kb_str key = root->pairs[i].key->value;
		uint32_t at = kb_front_means(front->doc, key, "issues")
				      ? item_index(root->pairs[i].value, id)
				      : KB_NONE;
		if (at == KB_NONE)
			continue;
		if (kb_yaml_drop(&front->yaml, root, key, at, err))
			return -1;
		take(l, front);
		return 0;
	}
	return kb_error_set(err, KB_E_REFUSED,
		"%.*s has the issue from its mount in kb.yaml: change it there",
		KB_ARG(front->doc->path));
}

static int remove_from(
	struct linking *l, const struct kb_document *doc, struct kb_error *err)
{
	uint32_t at = issue_index(l, doc);
	struct kb_front front;
	if (at == KB_NONE)
		return 0;
	if (doc->facts->issues.len == 1 &&
		(doc->facts->type == KB_WORKFLOW || doc->facts->type == KB_REPLY))
		return kb_error_set(err, KB_E_REFUSED,
			"'%.*s' is the only issue of %.*s, and a %s needs one: add "
			"another first",
			KB_ARG(l->issue->id), KB_ARG(doc->path),
			kb_type_name(doc->facts->type));
	if (kb_front_open(&front, l->arena, l->session->source, doc, err))
		return -1;
	return drop(l, &front, doc->facts->issues.items[at], err);
}

static void tell(const struct linking *l, bool add)
{
	for (size_t i = 0; i < l->nrewrites; i++)
		kb_say(stdout,
			add ? "%.*s is about %.*s now\n"
			    : "%.*s is not about %.*s any more\n",
			KB_ARG(l->rewrites[i].path), KB_ARG(l->issue->id));
	if (!l->nrewrites)
		kb_say(stdout, "nothing changes: %s\n",
			add ? "all of them are about it already"
			    : "none of them is about it");
}

static int find(struct linking *l, const struct link_values *values,
	const kb_strs *operands, bool add, struct kb_error *err)
{
	static kb_str all = {"all", 3};
	const kb_strs every = {.items = &all, .len = 1};
	size_t n = operands->len - 1;
	kb_str id = operands->items[n];
	if (kb_pick_issue(l->session->lib, id, &l->issue, err))
		return -1;
	if (add && l->issue->retired)
		return kb_error_set(err, KB_E_USAGE, "the issue '%.*s' is retired",
			KB_ARG(l->issue->id));
	for (size_t i = 0; i < n; i++)
		if (kb_operand_documents(l->session->lib, l->arena, operands->items[i],
			    values->locales.len ? &values->locales : &every, &l->docs,
			    err))
			return -1;
	l->rewrites = kb_arena_array(l->arena, struct kb_rewrite, l->docs.len);
	return 0;
}

static int change(const struct kb_cli *cli, struct linking *l,
	const struct link_values *values, bool add, struct kb_error *err)
{
	for (size_t i = 0; i < l->docs.len; i++)
		if (add ? add_to(l, l->docs.items[i], err)
			: remove_from(l, l->docs.items[i], err))
			return -1;
	if (kb_rewrites_make(
		    l->session->source, l->rewrites, l->nrewrites, values->dry_run, err))
		return -1;
	if (!values->dry_run && !cli->quiet)
		tell(l, add);
	return 0;
}

static int add_or_remove(const struct kb_cli *cli, struct link_values *values,
	const kb_strs *operands, bool add)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_session session;
	struct linking l = {.session = &session, .arena = arena};
	struct kb_error err;
	int status = KB_EXIT_OK;
	if (values->children || operands->len < 2) {
		kb_complain(
			"write 'kb link %s PATH|ID... ISSUE'", add ? "add" : "remove");
		return KB_EXIT_FAILED;
	}
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else if (find(&l, values, operands, add, &err) ||
		 change(cli, &l, values, add, &err))
		status = kb_fail(&err);
	kb_vec_dispose(&l.docs);
	kb_session_dispose(&session);
	return status;
}

int kb_link_add(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands)
{
	return add_or_remove(cli, values, operands, true);
}

int kb_link_remove(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands)
{
	return add_or_remove(cli, values, operands, false);
}
