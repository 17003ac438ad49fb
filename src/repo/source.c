#include "source_private.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/vec.h"

const char *const kb_overlay_names[KB_NOVERLAYS] = {
	"kb.yaml", "people.yaml", "taxonomy.yaml"};

/* What the caller asked for, with absolute paths. */
struct request {
	kb_str dir;
	const char *rev;
	kb_str config; /* empty: none */
};

static bool is_file(kb_str dir, const char *name)
{
	_cleanup_buf_ kb_buf path = {0};
	struct stat st;

	kb_buf_fmt(&path, "%.*s/%s", KB_ARG(dir), name);
	return stat(path.data, &st) == 0 && S_ISREG(st.st_mode);
}

/* Is PATH the folder TOP or below it? Then *rel is the part below. */
static bool is_below(kb_str path, kb_str top, kb_str *rel)
{
	if (kb_str_is(top, "/"))
		top.len = 0;
	if (!kb_str_starts(path, top))
		return false;
	*rel = kb_str_sub(path, top.len, path.len);
	if (rel->len > 0 && rel->data[0] != '/')
		return false;
	*rel = kb_str_sub(*rel, 1, rel->len);
	return true;
}

/* The folder that holds kb.yaml, from DIR upward; false when there is none. */
static bool nearest_config(kb_str dir, kb_str *root)
{
	for (;;) {
		if (is_file(dir, "kb.yaml")) {
			*root = dir.len ? dir : KB_STR("/");
			return true;
		}
		if (dir.len <= 1)
			return false;
		dir = kb_path_dir(dir);
	}
}

static int absolute(
	struct kb_arena *arena, const char *path, kb_str *out, struct kb_error *err)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		return kb_error_errno(err, "cannot open %s", path);
	*out = kb_arena_str(arena, kb_str_of(real));
	return 0;
}

static int resolve_request(struct kb_source *s, const char *dir, const char *config,
	struct request *req, struct kb_error *err)
{
	const char *path = config;
	struct stat st;

	if (absolute(s->arena, dir, &req->dir, err) < 0)
		return -1;
	if (stat(req->dir.data, &st) == 0 && !S_ISDIR(st.st_mode))
		return kb_error_set(err, KB_E_NOTFOUND, "%s is not a folder", dir);
	if (!config)
		return 0;
	if (config[0] != '/')
		path = kb_arena_fmt(s->arena, "%.*s/%s", KB_ARG(req->dir), config).data;
	if (absolute(s->arena, path, &req->config, err) < 0)
		return -1;
	if (!is_file(kb_path_dir(req->config), kb_path_base(req->config).data))
		return kb_error_set(err, KB_E_NOTFOUND, "%s is not a file", config);
	return 0;
}

/* The work tree's folder without a slash at the end; empty for a bare repository. */
static kb_str work_tree(struct kb_source *s)
{
	const char *path = s->repo ? git_repository_workdir(s->repo) : NULL;
	kb_str dir = kb_str_of(path);

	if (dir.len > 1)
		dir.len--;
	return kb_arena_str(s->arena, dir);
}

/* The content root on disk: by a kb.yaml, else by where the given configuration stands.
 */
static bool locate_root(struct kb_source *s, const struct request *req, kb_str *root)
{
	kb_str top, rel;

	if (nearest_config(req->dir, root))
		return true;
	if (req->config.len == 0)
		return false;
	top = s->repo ? work_tree(s) : req->dir;
	*root = kb_path_dir(req->config);
	if (top.len == 0 || !is_below(*root, top, &rel))
		*root = top;
	return true;
}

static void set_overlays(struct kb_source *s, kb_str config)
{
	kb_str dir = kb_path_dir(config);
	kb_str own = kb_arena_fmt(s->arena, "%.*s/kb.yaml", KB_ARG(s->root));

	if (config.len == 0 || (!s->is_revision && kb_str_eq(own, config)))
		return;
	s->overlay[KB_OVERLAY_CONFIG] = config;
	for (int i = KB_OVERLAY_PEOPLE; i < KB_NOVERLAYS; i++)
		if (is_file(dir, kb_overlay_names[i]))
			s->overlay[i] = kb_arena_fmt(
				s->arena, "%.*s/%s", KB_ARG(dir), kb_overlay_names[i]);
}

static int no_config(const struct request *req, const char *what, struct kb_error *err)
{
	return kb_error_set(err, KB_E_NOTFOUND,
		"there is no kb.yaml in %.*s%s; make one with kb init, for Markdown that is "
		"there already with kb init --adopt, or name one with --config",
		KB_ARG(req->dir), what);
}

static int open_work_tree(
	struct kb_source *s, const struct request *req, struct kb_error *err)
{
	kb_str root, top;

	if (kb_git_open(&s->repo, req->dir.data, err) < 0)
		return -1;
	if (!locate_root(s, req, &root)) {
		if (s->repo && git_repository_is_bare(s->repo))
			return kb_error_set(err, KB_E_USAGE,
				"%.*s is a bare repository: say which revision to read, as in "
				"--rev HEAD",
				KB_ARG(req->dir));
		return no_config(req, " or a folder above it", err);
	}
	s->root = kb_arena_str(s->arena, root);
	top = work_tree(s);
	/* The configuration stands above this repository, or DIR below another one. */
	if (!s->repo || top.len == 0 || !is_below(s->root, top, &s->prefix)) {
		git_repository_free(KB_TAKE(s->repo));
		s->prefix = KB_STR_NULL;
		if (kb_git_open(&s->repo, s->root.data, err) < 0)
			return -1;
		if (s->repo && !is_below(s->root, work_tree(s), &s->prefix))
			git_repository_free(KB_TAKE(s->repo));
	}
	s->prefix = kb_arena_str(s->arena, s->prefix);
	return 0;
}

static bool tree_has(git_tree *tree, kb_str folder, const char *name, git_object_t type)
{
	_cleanup_tree_entry_ git_tree_entry *entry = NULL;
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_str(&path, folder);
	if (folder.len && name[0])
		kb_buf_putc(&path, '/');
	kb_buf_puts(&path, name);
	return path.len == 0 || (git_tree_entry_bypath(&entry, tree, path.data) == 0 &&
					git_tree_entry_type(entry) == type);
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

/* The only folder of the revision that holds a kb.yaml. */
static int search_prefix(struct kb_source *s, const struct request *req, git_tree *tree,
	struct kb_error *err)
{
	struct config_search search = {.arena = s->arena};
	int rc = git_tree_walk(tree, GIT_TREEWALK_PRE, note_config, &search);
	size_t found = search.folders.len;

	if (rc < 0)
		kb_git_fail(err, "cannot read the revision '%s'", req->rev);
	else if (found == 1)
		s->prefix = search.folders.items[0];
	else if (found > 1)
		kb_error_set(err, KB_E_NOTFOUND,
			"%zu folders of the revision '%s' hold a kb.yaml, among them %.*s and "
			"%.*s: name one with -C",
			found, req->rev, KB_ARG(search.folders.items[0]),
			KB_ARG(search.folders.items[1]));
	else
		kb_error_set(err, KB_E_NOTFOUND,
			"no folder of the revision '%s' holds a kb.yaml; name one with --config",
			req->rev);
	kb_vec_dispose(&search.folders);
	return rc == 0 && found == 1 ? 0 : -1;
}

/* Where the content root is in the revision. */
static int locate_prefix(struct kb_source *s, const struct request *req, git_tree *tree,
	struct kb_error *err)
{
	kb_str top = work_tree(s), root, folder = KB_STR_NULL;
	bool on_disk = top.len > 0 && locate_root(s, req, &root) &&
		       is_below(root, top, &s->prefix);

	if (on_disk && tree_has(tree, s->prefix, req->config.len ? "" : "kb.yaml",
			       req->config.len ? GIT_OBJECT_TREE : GIT_OBJECT_BLOB))
		return 0;
	if (top.len > 0 && !is_below(req->dir, top, &folder))
		folder = KB_STR_NULL;
	for (;; folder = kb_path_dir(folder)) {
		s->prefix = folder;
		if (tree_has(tree, folder, "kb.yaml", GIT_OBJECT_BLOB))
			return 0;
		if (folder.len == 0)
			break;
	}
	if (search_prefix(s, req, tree, err) == 0)
		return 0;
	s->prefix = KB_STR_NULL;
	return req->config.len > 0 && !on_disk ? 0 : -1;
}

static int open_revision(
	struct kb_source *s, const struct request *req, struct kb_error *err)
{
	_cleanup_commit_ git_commit *commit = NULL;
	_cleanup_tree_ git_tree *tree = NULL;
	_cleanup_tree_entry_ git_tree_entry *entry = NULL;
	kb_str top;

	if (kb_git_open(&s->repo, req->dir.data, err) < 0)
		return -1;
	if (!s->repo)
		return kb_error_set(err, KB_E_GIT,
			"%.*s is in no Git repository, so there is no revision '%s'",
			KB_ARG(req->dir), req->rev);
	if (kb_git_commit(&commit, s->repo, req->rev, err) < 0)
		return -1;
	if (git_commit_tree(&tree, commit) < 0)
		return kb_git_fail(err, "cannot read the revision '%s'", req->rev);
	if (locate_prefix(s, req, tree, err) < 0)
		return -1;
	s->prefix = kb_arena_str(s->arena, s->prefix);
	s->tree = *git_tree_id(tree);
	if (s->prefix.len) {
		if (git_tree_entry_bypath(&entry, tree, s->prefix.data) < 0)
			return kb_git_fail(err, "the revision '%s' has no folder %.*s",
				req->rev, KB_ARG(s->prefix));
		s->tree = *git_tree_entry_id(entry);
	}
	s->commit_id = *git_commit_id(commit);
	s->commit = kb_arena_str(s->arena, kb_str_of(git_oid_tostr_s(&s->commit_id)));
	top = work_tree(s);
	if (top.len)
		s->root = kb_arena_fmt(s->arena, "%.*s%s%.*s", KB_ARG(top),
			s->prefix.len ? "/" : "", KB_ARG(s->prefix));
	return 0;
}

int kb_source_open(struct kb_source **out, const char *dir, const char *rev,
	const char *config, struct kb_error *err)
{
	struct kb_source *s = kb_xcalloc(1, sizeof *s);
	struct request req = {.rev = rev};
	int rc;

	s->arena = kb_arena_new();
	pthread_mutex_init(&s->lock, NULL);
	s->is_revision = rev != NULL;
	rc = resolve_request(s, dir, config, &req, err);
	if (rc == 0)
		rc = rev ? open_revision(s, &req, err) : open_work_tree(s, &req, err);
	if (rc < 0) {
		kb_source_free(s);
		return -1;
	}
	set_overlays(s, req.config);
	if (s->repo)
		s->branch = kb_git_branch(s->arena, s->repo, rev);
	*out = s;
	return 0;
}

void kb_source_free(struct kb_source *source)
{
	if (!source)
		return;
	kb_map_dispose(&source->by_path);
	git_repository_free(source->repo);
	pthread_mutex_destroy(&source->lock);
	kb_arena_free(source->arena);
	free(source);
}

kb_str kb_source_root(const struct kb_source *source)
{
	return source->root;
}

kb_str kb_source_prefix(const struct kb_source *source)
{
	return source->prefix;
}

bool kb_source_has_git(const struct kb_source *source)
{
	return source->repo != NULL;
}

kb_str kb_source_commit(const struct kb_source *source)
{
	return source->commit;
}

kb_str kb_source_branch(const struct kb_source *source)
{
	return source->branch;
}
