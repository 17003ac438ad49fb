#include "source_private.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/vec.h"

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
	struct kb_source_request *req, struct kb_error *err)
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
	if (!kb_folder_has(kb_path_dir(req->config), kb_path_base(req->config).data))
		return kb_error_set(err, KB_E_NOTFOUND, "%s is not a file", config);
	return 0;
}

static void set_overlays(struct kb_source *s, kb_str config)
{
	kb_str dir = kb_path_dir(config);
	kb_str own = kb_arena_fmt(s->arena, "%.*s/kb.yaml", KB_ARG(s->root));

	if (config.len == 0 || (!s->is_revision && kb_str_eq(own, config)))
		return;
	s->overlay[KB_OVERLAY_CONFIG] = config;
	for (int i = KB_OVERLAY_PEOPLE; i < KB_NOVERLAYS; i++)
		if (kb_folder_has(dir, kb_overlay_names[i]))
			s->overlay[i] = kb_arena_fmt(
				s->arena, "%.*s/%s", KB_ARG(dir), kb_overlay_names[i]);
}

/* A repository that cannot be read counts as missing: kb can still read the files. */
static int open_repository(struct kb_source *s, const char *dir, struct kb_error *err)
{
	struct kb_error why = {0};

	if (kb_git_open(&s->repo, dir, &why) == 0)
		return 0;
	if (why.code == KB_E_FORMAT) {
		s->git_fault = kb_arena_str(s->arena, kb_str_of(why.message));
		return 0;
	}
	if (err)
		*err = why;
	return -1;
}

static int no_config(
	const struct kb_source_request *req, const char *where, struct kb_error *err)
{
	return kb_error_set(err, KB_E_NOTFOUND,
		"there is no kb.yaml in %.*s%s; create one with kb init, or with kb "
		"init --adopt for existing Markdown, or name one with --config",
		KB_ARG(req->dir), where);
}

/* The root, and its place in the repository that it is in. */
static int take_root(struct kb_source *s, kb_str root, struct kb_error *err)
{
	kb_str top = kb_source_work_tree(s);

	s->root = kb_arena_str(s->arena, root);
	/* The configuration is above this repository, or DIR is below another one. */
	if (!s->repo || top.len == 0 || !kb_path_is_below(s->root, top, &s->prefix)) {
		git_repository_free(KB_TAKE(s->repo));
		s->prefix = KB_STR_NULL;
		if (open_repository(s, s->root.data, err) < 0)
			return -1;
		if (s->repo &&
			!kb_path_is_below(s->root, kb_source_work_tree(s), &s->prefix))
			git_repository_free(KB_TAKE(s->repo));
	}
	s->prefix = kb_arena_str(s->arena, s->prefix);
	return 0;
}

static int open_folder(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err)
{
	if (open_repository(s, req->dir.data, err) < 0)
		return -1;
	return take_root(s, req->dir, err);
}

static int open_work_tree(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err)
{
	kb_str root;

	if (open_repository(s, req->dir.data, err) < 0)
		return -1;
	if (!kb_source_locate(s, req, &root)) {
		if (s->repo && git_repository_is_bare(s->repo))
			return kb_error_set(err, KB_E_USAGE,
				"%.*s is a bare repository: choose the revision to "
				"read, as in --rev HEAD",
				KB_ARG(req->dir));
		return no_config(req, " or a folder above it", err);
	}
	return take_root(s, root, err);
}

typedef int open_fn(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err);

static int open_source(struct kb_source **out, const char *dir, const char *rev,
	const char *config, open_fn *open, struct kb_error *err)
{
	struct kb_source *s = kb_xcalloc(1, sizeof(*s));
	struct kb_source_request req = {.rev = rev};

	s->arena = kb_arena_new();
	pthread_mutex_init(&s->lock, NULL);
	s->is_revision = rev != NULL;
	if (resolve_request(s, dir, config, &req, err) < 0 || open(s, &req, err) < 0) {
		kb_source_free(s);
		return -1;
	}
	set_overlays(s, req.config);
	if (s->repo)
		s->branch = kb_git_branch(s->arena, s->repo, rev);
	*out = s;
	return 0;
}

int kb_source_open(struct kb_source **out, const char *dir, const char *rev,
	const char *config, struct kb_error *err)
{
	return open_source(out, dir, rev, config,
		rev ? kb_source_open_revision : open_work_tree, err);
}

int kb_source_open_folder(struct kb_source **out, const char *dir, struct kb_error *err)
{
	return open_source(out, dir, NULL, NULL, open_folder, err);
}

int kb_source_open_staged(
	struct kb_source **out, const char *dir, const char *config, struct kb_error *err)
{
	return open_source(out, dir, NULL, config, kb_source_open_index, err);
}

void kb_source_use_threads(struct kb_source *source, unsigned threads)
{
	source->threads = threads;
}

void kb_source_replace(struct kb_source *source, kb_str path, kb_str data)
{
	kb_str *copy = kb_arena_new_of(source->arena, kb_str);

	*copy = kb_arena_str(source->arena, data);
	kb_map_put(&source->replaced, kb_arena_str(source->arena, path), copy);
	/* Rules decide which files are listed. */
	if (kb_str_ends(path, KB_STR("ignore")))
		source->listed = false;
}

void kb_source_free(struct kb_source *source)
{
	if (!source)
		return;
	kb_map_dispose(&source->by_path);
	kb_map_dispose(&source->replaced);
	git_index_free(source->index);
	git_index_free(source->sparse);
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

kb_str kb_source_git_fault(const struct kb_source *source)
{
	return source->git_fault;
}

/* May files be made in a folder, which may have to be made first in one that is there? */
static bool is_writable(const char *folder)
{
	struct stat st;
	_cleanup_buf_ kb_buf above = {0};

	if (stat(folder, &st) == 0)
		return S_ISDIR(st.st_mode) && access(folder, W_OK | X_OK) == 0;
	kb_buf_str(&above, kb_path_dir(kb_str_of(folder)));
	return errno == ENOENT && access(above.data, W_OK | X_OK) == 0;
}

/* The user's folder for what can be had again; empty: none. */
static kb_str user_cache(struct kb_arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return kb_arena_fmt(arena, "%s/kb", cache);
	return home && *home == '/' ? kb_arena_fmt(arena, "%s/.cache/kb", home)
				    : KB_STR("");
}

/* A linked work tree has a folder of its own, as it has files of its own. */
kb_str kb_source_cache(const struct kb_source *source, struct kb_arena *arena,
	const char *name, bool *own)
{
	kb_str folder = KB_STR(""), root = source->prefix;

	*own = kb_source_is_disk(source) && !source->replaced.len;
	if (source->repo)
		folder = kb_arena_fmt(arena, "%skb", git_repository_path(source->repo));
	if (!folder.len || !is_writable(folder.data)) {
		root = source->root;
		folder = root.len ? user_cache(arena) : KB_STR("");
	}
	return folder.len ? kb_arena_fmt(arena, "%.*s/%s-%016llx", KB_ARG(folder), name,
				    (unsigned long long)kb_str_hash(root))
			  : KB_STR("");
}

kb_str kb_source_journal(const struct kb_source *source, struct kb_arena *arena)
{
	return source->repo
		       ? kb_arena_fmt(arena, "%skb/change-%016llx",
				 git_repository_path(source->repo),
				 (unsigned long long)kb_str_hash(source->prefix))
		       : kb_arena_fmt(arena, "%.*s/.kb-change", KB_ARG(source->root));
}

kb_str kb_source_commit(const struct kb_source *source)
{
	return source->commit;
}

kb_str kb_source_branch(const struct kb_source *source)
{
	return source->branch;
}
