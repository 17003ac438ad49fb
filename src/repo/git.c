#include "git.h"

#include <git2/sys/alloc.h>
#include <pthread.h>
#include <stdio.h>

#include "kb/vec.h"

enum { ALLOC_MAX = 1 << 30 };

/* A size that only a broken repository has is for libgit2 to report. */
static void *git_alloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return size > ALLOC_MAX ? malloc(size) : kb_xmalloc(size);
}

static void *git_calloc(size_t n, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return kb_xcalloc(n, size);
}

static void *git_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return size > ALLOC_MAX ? realloc(p, size) : kb_xresize(p, size);
}

static void *git_reallocarray(void *p, size_t n, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return kb_xrealloc(p, n, size);
}

static void *git_mallocarray(size_t n, size_t size, const char *file, int line)
{
	return git_reallocarray(NULL, n, size, file, line);
}

static char *git_substrdup(const char *s, size_t len, const char *file, int line)
{
	(void)file, (void)line;
	return kb_xstrndup(s, len);
}

static char *git_strndup(const char *s, size_t len, const char *file, int line)
{
	return git_substrdup(s, strnlen(s, len), file, line);
}

static char *git_strdup(const char *s, const char *file, int line)
{
	return git_substrdup(s, strlen(s), file, line);
}

/* Debian's libgit2 reads the certificates of the system, for 4 ms, when it is
 * initialized. kb does not fetch by it. This one is found before that of Mbed TLS: there
 * are none. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

static void start(void)
{
	static git_allocator allocator = {git_alloc, git_calloc, git_strdup, git_strndup,
		git_substrdup, git_realloc, git_reallocarray, git_mallocarray, free};
	/* Those that change nothing for who only reads, and those whose values are
	 * checked by kb_git_open. */
	static const char *extensions[] = {"partialclone", "worktreeconfig",
		"preciousobjects", "relativeworktrees", "objectformat", "refstorage"};

	kb_crypto_start();
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &allocator);
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, KB_LEN(extensions));
	/* As git does: hashing all that is read takes longer than reading it. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	git_libgit2_opts(GIT_OPT_SET_ODB_PACKED_PRIORITY, 3); /* loose.c comes behind */
	/* Each object is read once, or kept by trees.c. Of a pack, a part is mapped:
	 * windows that are smaller are mapped so often that it takes longer than reading.
	 */
	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)4 << 20);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)32 << 20);
}

void kb_git_start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
}

static const char *last_message(void)
{
	const git_error *last = git_error_last();

	return last && last->message ? last->message : "unknown error";
}

static bool lacks_object(void)
{
	const git_error *last = git_error_last();

	return last && last->klass == GIT_ERROR_ODB &&
	       strncmp(last->message, "object not found", strlen("object not found")) ==
		       0;
}

int kb_git_fail(struct kb_error *err, const char *fmt, ...)
{
	char message[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (lacks_object())
		return kb_error_set(err, KB_E_OBJECT,
			"%s: the repository lacks an object; if it is a partial clone, "
			"run: git fetch --refetch --no-filter",
			message);
	return kb_error_set(err, KB_E_GIT, "%s: %s", message, last_message());
}

/* libgit2 reads neither split nor sparse indexes. */
int kb_git_fail_index(struct kb_error *err)
{
	const char *why = last_message();

	if (strstr(why, "'link'"))
		return kb_error_set(err, KB_E_GIT,
			"kb cannot read a split index; join it with: git update-index "
			"--no-split-index");
	if (strstr(why, "'sdir'"))
		return kb_error_set(err, KB_E_GIT,
			"kb cannot read a sparse index; fill it with: git sparse-checkout "
			"reapply --no-sparse-index");
	return kb_git_fail(err, "cannot read the index");
}

static int trusts_all(const git_config_entry *entry, void *found)
{
	if (strcmp(entry->value, "*") == 0)
		*(bool *)found = true;
	return 0;
}

/* Has the user told Git to trust every folder? libgit2 does not know that value. */
static bool all_is_safe(void)
{
	_cleanup_config_ git_config *config = NULL;
	bool found = false;

	if (git_config_open_default(&config) == 0)
		git_config_get_multivar_foreach(
			config, "safe.directory", NULL, trusts_all, &found);
	return found;
}

static bool is_owner_refusal(int rc)
{
	return rc == GIT_EOWNER ||
	       (rc == GIT_ENOTFOUND && strstr(last_message(), "safe.directory"));
}

static int refuse_owner(const char *dir, struct kb_error *err)
{
	_cleanup_git_buf_ git_buf found = GIT_BUF_INIT;
	kb_str path = kb_str_of(dir);

	if (git_repository_discover(&found, dir, 0, NULL) == 0) {
		path = (kb_str){found.ptr, found.size};
		while (kb_str_ends(path, KB_STR("/")))
			path.len--;
		if (kb_str_ends(path, KB_STR("/.git")))
			path.len -= 5;
	}
	return kb_error_set(err, KB_E_GIT,
		"the repository %.*s belongs to another user; if you trust it, run: "
		"git config --global --add safe.directory %.*s",
		KB_ARG(path), KB_ARG(path));
}

static int refuse_format(struct kb_error *err, const char *detail)
{
	return kb_error_set(
		err, KB_E_FORMAT, "kb cannot read this Git repository (%s)", detail);
}

/* libgit2 knows one format of objects and one of references. */
static int check_format(git_repository *repo, struct kb_error *err)
{
	static const char *const known[][2] = {
		{"extensions.objectformat", "sha1"}, {"extensions.refstorage", "files"}};
	_cleanup_config_ git_config *config = NULL;
	char detail[200];

	if (git_repository_config(&config, repo) < 0)
		return kb_git_fail(err, "cannot read the repository's configuration");
	for (size_t i = 0; i < KB_LEN(known); i++) {
		_cleanup_git_buf_ git_buf value = GIT_BUF_INIT;

		if (git_config_get_string_buf(&value, config, known[i][0]) < 0 ||
			strcmp(value.ptr, known[i][1]) == 0)
			continue;
		snprintf(detail, sizeof(detail), "%s is '%s'", known[i][0], value.ptr);
		return refuse_format(err, detail);
	}
	return 0;
}

int kb_git_open(git_repository **out, const char *dir, struct kb_error *err)
{
	const char *unsupported = "unsupported ";
	int rc;

	kb_git_start();
	rc = git_repository_open_ext(out, dir, 0, NULL);
	if (is_owner_refusal(rc) && all_is_safe()) {
		git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
		rc = git_repository_open_ext(out, dir, 0, NULL);
	}
	if (is_owner_refusal(rc))
		return refuse_owner(dir, err);
	if (rc == GIT_ENOTFOUND) {
		*out = NULL;
		return 0;
	}
	if (rc < 0 && kb_str_starts(kb_str_of(last_message()), kb_str_of(unsupported)))
		return refuse_format(err, last_message() + strlen(unsupported));
	if (rc == 0)
		rc = kb_git_read_loose(*out);
	if (rc < 0)
		return kb_git_fail(err, "cannot open the repository of %s", dir);
	if (check_format(*out, err) == 0)
		return 0;
	git_repository_free(KB_TAKE(*out));
	return -1;
}

/* "2026-11-01": when that day begins, in UTC. */
static bool read_day(const char *word, time_t *out)
{
	struct tm tm = {0};
	char end = '\0';

	if (strlen(word) != strlen("2026-11-01") ||
		sscanf(word, "%4d-%2d-%2d%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
			&end) != 3 ||
		tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*out = timegm(&tm);
	return true;
}

/* What HEAD was when T came, on its own line of first parents. */
static bool commit_before(git_commit **out, git_repository *repo, time_t t)
{
	_cleanup_object_ git_object *object = NULL;

	*out = NULL;
	if (git_revparse_single(&object, repo, "HEAD") < 0 ||
		git_object_peel((git_object **)out, object, GIT_OBJECT_COMMIT) < 0)
		return false;
	while (*out && git_commit_time(*out) >= t) {
		git_commit *child = *out;

		if (git_commit_parent(out, child, 0) < 0)
			*out = NULL;
		git_commit_free(child);
	}
	return *out != NULL;
}

/* "main", "v1.0": the branch or tag that may be meant; or empty. */
static kb_str near_reference(
	struct kb_arena *arena, git_repository *repo, const char *rev)
{
	static const char *const folders[] = {
		"refs/heads/", "refs/tags/", "refs/remotes/"};
	git_strarray all = {0};
	kb_strs names = {0};

	if (git_reference_list(&all, repo) < 0)
		return KB_STR_NULL;
	for (size_t i = 0; i < all.count; i++)
		for (size_t f = 0; f < KB_LEN(folders); f++) {
			kb_str name = kb_str_of(all.strings[i]),
			       folder = kb_str_of(folders[f]);

			if (kb_str_starts(name, folder))
				kb_vec_push(
					&names, kb_str_sub(name, folder.len, name.len));
		}
	const kb_str *near = kb_str_nearest(kb_str_of(rev), names.items, names.len);
	kb_str found = near ? kb_arena_str(arena, *near) : KB_STR_NULL;
	kb_vec_dispose(&names);
	git_strarray_dispose(&all);
	return found;
}

int kb_git_commit(
	git_commit **out, git_repository *repo, const char *rev, struct kb_error *err)
{
	_cleanup_object_ git_object *object = NULL;
	bool is_day;
	time_t day;

	if (git_revparse_single(&object, repo, rev) == 0 &&
		git_object_peel((git_object **)out, object, GIT_OBJECT_COMMIT) == 0)
		return 0;
	is_day = read_day(rev, &day);
	if (is_day && commit_before(out, repo, day))
		return 0;
	if (git_repository_head_unborn(repo) == 1)
		return kb_error_set(err, KB_E_GIT,
			"there is no revision '%s': the branch has no commit yet", rev);
	if (git_repository_is_shallow(repo))
		return kb_error_set(err, KB_E_GIT,
			"there is no revision '%s' in this shallow clone; fetch the "
			"whole history with git fetch --unshallow (fetch-depth: 0 in "
			"CI)",
			rev);
	if (is_day)
		return kb_error_set(
			err, KB_E_GIT, "the history of HEAD begins later than %s", rev);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str near = near_reference(arena, repo, rev);
	return kb_error_set(err, KB_E_GIT,
		"there is no revision '%s' in this repository%s%.*s%s", rev,
		near.len ? ": did you mean '" : ": write a commit, branch, tag, or date",
		KB_ARG(near), near.len ? "'?" : " such as 2026-11-01");
}

/* The branch that the remote calls its own, for a HEAD that is on none. */
static kb_str remote_default(struct kb_arena *arena, git_repository *repo)
{
	_cleanup_reference_ git_reference *ref = NULL;
	const char *target;

	if (git_reference_lookup(&ref, repo, "refs/remotes/origin/HEAD") < 0 ||
		!(target = git_reference_symbolic_target(ref)) ||
		!kb_str_starts(kb_str_of(target), KB_STR("refs/remotes/origin/")))
		return KB_STR_NULL;
	return kb_arena_str(arena, kb_str_of(target + strlen("refs/remotes/origin/")));
}

static kb_str head_branch(struct kb_arena *arena, git_repository *repo)
{
	_cleanup_reference_ git_reference *head = NULL;
	const char *target;

	if (git_reference_lookup(&head, repo, "HEAD") < 0)
		return KB_STR_NULL;
	target = git_reference_symbolic_target(head);
	if (!target)
		return remote_default(arena, repo);
	return kb_arena_str(arena,
		kb_str_of(
			target + (kb_str_starts(kb_str_of(target), KB_STR("refs/heads/"))
						 ? strlen("refs/heads/")
						 : 0)));
}

kb_str kb_git_branch(struct kb_arena *arena, git_repository *repo, const char *rev)
{
	_cleanup_object_ git_object *object = NULL;
	_cleanup_reference_ git_reference *ref = NULL;
	kb_str name;

	if (!rev || strcmp(rev, "HEAD") == 0 || strcmp(rev, "@") == 0)
		return head_branch(arena, repo);
	if (git_revparse_ext(&object, &ref, repo, rev) < 0)
		return KB_STR_NULL;
	if (!ref || !(git_reference_is_branch(ref) || git_reference_is_tag(ref) ||
			    git_reference_is_remote(ref)))
		return kb_arena_str(
			arena, kb_str_of(git_oid_tostr_s(git_object_id(object))));
	name = kb_str_of(git_reference_shorthand(ref));
	if (git_reference_is_remote(ref))
		name = kb_str_sub(name, kb_str_chr(name, '/') + 1, name.len);
	return kb_arena_str(arena, name);
}
