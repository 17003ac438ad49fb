/*
 * Opening what Git holds, not the disk: a revision, or the index. Either is a tree of
 * names in which the content root has to be found.
 */
#include <sys/stat.h>

#include "kb/file.h"
#include "kb/vec.h"
#include "source_private.h"

struct snapshot {
	const char *name; /* in messages: "the revision 'x'" */
	git_tree *tree;	  /* or NULL: */
	git_index *index;
};

static bool tree_has(git_tree *tree, const char *path, bool folder)
{
	_cleanup_tree_entry_ git_tree_entry *entry = NULL;

	return git_tree_entry_bypath(&entry, tree, path) == 0 &&
	       git_tree_entry_type(entry) == (folder ? GIT_OBJECT_TREE : GIT_OBJECT_BLOB);
}

static bool index_has(git_index *index, kb_buf *path, bool folder)
{
	const git_index_entry *entry;
	size_t at;

	if (!folder) {
		entry = git_index_get_bypath(index, path->data, 0);
		return entry && entry->mode != GIT_FILEMODE_COMMIT;
	}
	kb_buf_putc(path, '/');
	return git_index_find_prefix(&at, index, path->data) == 0;
}

/* Has it the folder and, unless NAME is empty, the file NAME in it? */
static bool snapshot_has(const struct snapshot *at, kb_str folder, const char *name)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_str(&path, folder);
	if (folder.len && name[0])
		kb_buf_putc(&path, '/');
	kb_buf_puts(&path, name);
	if (path.len == 0)
		return true;
	return at->tree ? tree_has(at->tree, path.data, !name[0])
			: index_has(at->index, &path, !name[0]);
}

struct config_search {
	struct kb_arena *arena;
	kb_strs folders;
};

static int note_config(const char *folder, const git_tree_entry *entry, void *payload)
{
	struct config_search *search = payload;
	kb_str path = kb_str_of(folder);

	if (strcmp(git_tree_entry_name(entry), "kb.yaml") != 0 ||
		git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	if (path.len)
		path.len--;
	kb_vec_push(&search->folders, kb_arena_str(search->arena, path));
	return 0;
}

static int search_configs(const struct snapshot *at, struct config_search *search)
{
	size_t n = at->index ? git_index_entrycount(at->index) : 0;

	if (at->tree)
		return git_tree_walk(at->tree, GIT_TREEWALK_PRE, note_config, search);
	for (size_t i = 0; i < n; i++) {
		kb_str path = kb_str_of(git_index_get_byindex(at->index, i)->path);

		if (kb_str_is(kb_path_base(path), "kb.yaml"))
			kb_vec_push(&search->folders,
				kb_arena_str(search->arena, kb_path_dir(path)));
	}
	return 0;
}

/* The only folder of the snapshot that holds a kb.yaml. */
static int search_prefix(
	struct kb_source *s, const struct snapshot *at, struct kb_error *err)
{
	struct config_search search = {.arena = s->arena};
	int rc = search_configs(at, &search);
	size_t found = search.folders.len;

	if (rc < 0)
		kb_git_fail(err, "cannot read %s", at->name);
	else if (found == 1)
		s->prefix = search.folders.items[0];
	else if (found > 1)
		kb_error_set(err, KB_E_NOTFOUND,
			"%zu folders of %s contain a kb.yaml, such as %.*s and %.*s: "
			"choose one with -C",
			found, at->name, KB_ARG(search.folders.items[0]),
			KB_ARG(search.folders.items[1]));
	else
		kb_error_set(err, KB_E_NOTFOUND,
			"no folder of %s contains a kb.yaml; name one with --config",
			at->name);
	kb_vec_dispose(&search.folders);
	return rc == 0 && found == 1 ? 0 : -1;
}

/* Where the content root is in the snapshot. */
static int locate_prefix(struct kb_source *s, const struct kb_source_request *req,
	const struct snapshot *at, struct kb_error *err)
{
	kb_str top = kb_source_work_tree(s), root, folder = KB_STR_NULL;
	bool on_disk = top.len > 0 && kb_source_locate(s, req, &root) &&
		       kb_path_is_below(root, top, &s->prefix);

	if (on_disk && snapshot_has(at, s->prefix, req->config.len ? "" : "kb.yaml"))
		return 0;
	if (top.len > 0 && !kb_path_is_below(req->dir, top, &folder))
		folder = KB_STR_NULL;
	for (;; folder = kb_path_dir(folder)) {
		s->prefix = folder;
		if (snapshot_has(at, folder, "kb.yaml"))
			return 0;
		if (folder.len == 0)
			break;
	}
	if (search_prefix(s, at, err) == 0)
		return 0;
	s->prefix = KB_STR_NULL;
	return req->config.len > 0 && !on_disk ? 0 : -1;
}

static void set_root(struct kb_source *s)
{
	kb_str top = kb_source_work_tree(s);

	if (top.len)
		s->root = kb_arena_fmt(s->arena, "%.*s%s%.*s", KB_ARG(top),
			s->prefix.len ? "/" : "", KB_ARG(s->prefix));
}

int kb_source_open_revision(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err)
{
	_cleanup_commit_ git_commit *commit = NULL;
	_cleanup_tree_ git_tree *tree = NULL;
	_cleanup_tree_entry_ git_tree_entry *entry = NULL;
	struct snapshot at = {0};

	if (kb_git_open(&s->repo, req->dir.data, err) < 0)
		return -1;
	if (!s->repo)
		return kb_error_set(err, KB_E_GIT,
			"%.*s is not in a Git repository, so there is no revision '%s'",
			KB_ARG(req->dir), req->rev);
	if (kb_git_commit(&commit, s->repo, req->rev, err) < 0)
		return -1;
	if (git_commit_tree(&tree, commit) < 0)
		return kb_git_fail(err, "cannot read the revision '%s'", req->rev);
	at.tree = tree;
	at.name = kb_arena_fmt(s->arena, "the revision '%s'", req->rev).data;
	if (locate_prefix(s, req, &at, err) < 0)
		return -1;
	s->prefix = kb_arena_str(s->arena, s->prefix);
	s->tree = *git_tree_id(tree);
	if (s->prefix.len) {
		if (git_tree_entry_bypath(&entry, tree, s->prefix.data) < 0)
			return kb_git_fail(
				err, "%s has no folder %.*s", at.name, KB_ARG(s->prefix));
		s->tree = *git_tree_entry_id(entry);
	}
	s->commit_id = *git_commit_id(commit);
	s->commit = kb_arena_str(s->arena, kb_str_of(git_oid_tostr_s(&s->commit_id)));
	set_root(s);
	return 0;
}

static bool is_same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino &&
	       x.st_dev == y.st_dev;
}

/* A hook of one repository may run kb for another one, which the variables of Git do not
 * speak of: GIT_DIR names the first, and so does the folder that the index is in. */
static bool is_own_index(const struct kb_source *s, const char *path)
{
	_cleanup_git_buf_ git_buf owner = GIT_BUF_INIT;
	const char *own = git_repository_path(s->repo), *dir = getenv("GIT_DIR");
	kb_str folder = kb_path_dir(kb_str_of(path));

	if (dir && dir[0] && !is_same_folder(dir, own))
		return false;
	folder = kb_arena_str(s->arena, folder);
	return git_repository_discover(&owner, folder.data, 0, NULL) < 0 ||
	       is_same_folder(owner.ptr, own);
}

/* In a hook, Git may name another index: that of the commit that is being made. */
static int open_index(struct kb_source *s)
{
	const char *named = getenv("GIT_INDEX_FILE");

	if (named && named[0] && named[0] != '/')
		named = kb_arena_fmt(
			s->arena, "%s%s", git_repository_workdir(s->repo), named)
				.data;
	if (!named || !named[0] || !is_own_index(s, named))
		return git_repository_index(&s->index, s->repo);
	return git_index_open(&s->index, named);
}

/* A path with stages has no one content. */
static int refuse_unmerged(struct kb_source *s, struct kb_error *err)
{
	size_t n = git_index_entrycount(s->index);
	_cleanup_buf_ kb_buf below = {0};

	kb_buf_str(&below, s->prefix);
	if (s->prefix.len)
		kb_buf_putc(&below, '/');
	for (size_t i = 0; i < n; i++) {
		const git_index_entry *entry = git_index_get_byindex(s->index, i);

		if (git_index_entry_stage(entry) != 0 &&
			kb_str_starts(kb_str_of(entry->path), kb_buf_view(&below)))
			return kb_error_set(err, KB_E_GIT,
				"'%s' has a merge conflict, so kb does not know what "
				"is staged; resolve the conflict, then run: git add "
				"'%s'",
				entry->path, entry->path);
	}
	return 0;
}

int kb_source_open_index(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err)
{
	struct snapshot at = {.name = "the index"};

	if (kb_git_open(&s->repo, req->dir.data, err) < 0)
		return -1;
	if (!s->repo || git_repository_is_bare(s->repo))
		return kb_error_set(err, KB_E_GIT,
			"%.*s is not in the work tree of a Git repository, so nothing "
			"is staged",
			KB_ARG(req->dir));
	if (open_index(s) < 0)
		return kb_git_fail_index(err);
	at.index = s->index;
	if (locate_prefix(s, req, &at, err) < 0)
		return -1;
	s->prefix = kb_arena_str(s->arena, s->prefix);
	set_root(s);
	return refuse_unmerged(s, err);
}
