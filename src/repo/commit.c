#include "kb/commit.h"

#include <stdio.h>

#include "git.h"

struct committing {
	git_repository *repo;
	git_commit *head;
	git_tree *tree;
	kb_str path; /* from the repository's root */
};

static void dispose(struct committing *c)
{
	git_tree_free(c->tree);
	git_commit_free(c->head);
	git_repository_free(c->repo);
}

static int begin(struct committing *c, const struct kb_source *source, kb_str path,
	struct kb_arena *arena, struct kb_error *err)
{
	kb_str prefix = kb_source_prefix(source), root = kb_source_root(source);
	git_oid id;

	*c = (struct committing){0};
	c->path = prefix.len
			  ? kb_arena_fmt(arena, "%.*s/%.*s", KB_ARG(prefix), KB_ARG(path))
			  : kb_arena_str(arena, path);
	if (!root.len || kb_git_open(&c->repo, root.data, err) < 0)
		return root.len ? -1
				: kb_error_set(err, KB_E_USAGE,
					  "this repository is bare: there are no files "
					  "to change");
	if (!c->repo)
		return kb_error_set(err, KB_E_GIT, "this is not a Git repository");
	if (git_reference_name_to_id(&id, c->repo, "HEAD") < 0)
		return kb_error_set(err, KB_E_GIT,
			"there is no commit yet: use 'git add' and 'git commit' first");
	if (git_commit_lookup(&c->head, c->repo, &id) < 0 ||
		git_commit_tree(&c->tree, c->head) < 0)
		return kb_git_fail(err, "cannot read the last commit");
	return 0;
}

bool kb_file_is_committed(struct kb_source *source, kb_str path, kb_str text)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();

	_cleanup_(kb_cleanup_tree_entry) git_tree_entry *entry = NULL;
	struct committing c;
	char id[41], head[41] = "";

	if (begin(&c, source, path, arena, NULL) == 0 &&
		git_tree_entry_bypath(&entry, c.tree, c.path.data) == 0)
		git_oid_tostr(head, sizeof(head), git_tree_entry_id(entry));
	dispose(&c);
	kb_source_blob_id(source, path, text, id);
	return strcmp(id, head) == 0;
}

/* The text as Git stores it, by core.autocrlf and .gitattributes. */
static int make_blob(const struct committing *c, kb_str text, git_oid *out)
{
	_cleanup_git_buf_ git_buf stored = GIT_BUF_INIT;
	git_filter_list *filters = NULL;
	int failed = git_filter_list_load(&filters, c->repo, NULL, c->path.data,
		GIT_FILTER_TO_ODB, GIT_FILTER_DEFAULT);

	if (!failed && filters) {
		failed = git_filter_list_apply_to_buffer(
			&stored, filters, text.data, text.len);
		text = (kb_str){stored.ptr, stored.size};
	}
	if (!failed)
		failed = git_blob_create_from_buffer(out, c->repo, text.data, text.len);
	git_filter_list_free(filters);
	return failed;
}

static int make_tree(const struct committing *c, kb_str text, git_tree **out)
{
	_cleanup_(kb_cleanup_tree_entry) git_tree_entry *entry = NULL;
	git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT, .path = c->path.data};
	git_oid id;

	if (git_tree_entry_bypath(&entry, c->tree, c->path.data) < 0 ||
		make_blob(c, text, &update.id) < 0)
		return -1;
	update.filemode = git_tree_entry_filemode(entry);
	return git_tree_create_updated(&id, c->repo, c->tree, 1, &update) < 0
		       ? -1
		       : git_tree_lookup(out, c->repo, &id);
}

/* Makes the branch; another number is tried while there is one of the name, or a lock of
 * a run that was killed. */
static int make_branch(const struct committing *c, const git_oid *id, kb_str name,
	struct kb_arena *arena, struct kb_committed *out)
{
	_cleanup_(kb_cleanup_commit) git_commit *commit = NULL;
	_cleanup_(kb_cleanup_reference) git_reference *ref = NULL;
	int rc = git_commit_lookup(&commit, c->repo, id);

	for (unsigned n = 1; !rc && n < 1000; n++) {
		out->branch = n == 1 ? kb_arena_str(arena, name)
				     : kb_arena_fmt(arena, "%.*s-%u", KB_ARG(name), n);
		rc = git_branch_create(&ref, c->repo, out->branch.data, commit, 0);
		if (rc != GIT_EEXISTS && rc != GIT_ELOCKED)
			break;
		rc = 0;
	}
	return ref ? 0 : -1;
}

struct remote_search {
	struct kb_arena *arena;
	struct kb_committed *out;
};

static int take_remote(const git_config_entry *entry, void *opaque)
{
	struct remote_search *search = opaque;
	struct kb_committed *out = search->out;
	kb_str name = kb_str_of(entry->name);

	if (!kb_str_starts(name, KB_STR("remote.")) || !kb_str_ends(name, KB_STR(".url")))
		return 0;
	name = kb_str_sub(name, 7, name.len - 4);
	if (!out->remote.len || kb_str_is(name, "origin")) {
		out->remote = kb_arena_str(search->arena, name);
		out->url = kb_arena_str(search->arena, kb_str_of(entry->value));
	}
	return 0;
}

/* "origin", else the first one. libgit2's own list of remotes loses memory. */
static void find_remote(
	const struct committing *c, struct kb_arena *arena, struct kb_committed *out)
{
	struct remote_search search = {arena, out};
	_cleanup_config_ git_config *config = NULL;

	if (git_repository_config_snapshot(&config, c->repo) == 0)
		git_config_foreach(config, take_remote, &search);
}

/* As Git finds it: the environment first. */
static int author_of(const struct committing *c, git_signature **out)
{
	const char *name = getenv("GIT_AUTHOR_NAME");
	const char *email = getenv("GIT_AUTHOR_EMAIL");

	return name && *name && email && *email ? git_signature_now(out, name, email)
						: git_signature_default(out, c->repo);
}

static int commit(const struct committing *c, const struct kb_commit_request *request,
	struct kb_arena *arena, struct kb_committed *out, struct kb_error *err)
{
	_cleanup_(kb_cleanup_tree) git_tree *tree = NULL;
	git_signature *author = NULL;
	const git_commit *parents[] = {c->head};
	git_oid id;
	int failed;

	if (author_of(c, &author) < 0)
		return kb_error_set(err, KB_E_GIT,
			"Git does not know who you are: run 'git config user.name NAME' "
			"and 'git config user.email ADDRESS'");
	failed = make_tree(c, request->text, &tree) ||
		 git_commit_create(&id, c->repo, NULL, author, author, NULL,
			 kb_arena_str(arena, request->message).data, tree, 1, parents) ||
		 make_branch(c, &id, request->branch, arena, out);
	git_signature_free(author);
	if (failed)
		return kb_git_fail(err, "cannot commit %.*s", KB_ARG(c->path));
	git_oid_tostr(out->id, sizeof(out->id), &id);
	find_remote(c, arena, out);
	return 0;
}

int kb_commit_make(struct kb_source *source, const struct kb_commit_request *request,
	struct kb_arena *arena, struct kb_committed *out, struct kb_error *err)
{
	struct committing c;

	*out = (struct kb_committed){0};
	int failed = begin(&c, source, request->path, arena, err) ||
		     commit(&c, request, arena, out, err);
	dispose(&c);
	return failed ? -1 : 0;
}
