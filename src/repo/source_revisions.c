/*
 * Which revisions are meant. The merge base is searched for here because libgit2 knows
 * no shallow clones: it fails at the first parent that is not there.
 */
#include <stdio.h>

#include "kb/change.h"
#include "kb/file.h"
#include "kb/vec.h"
#include "source_private.h"

enum { OF_A = 1, OF_B = 2, OF_BOTH = 3, SPENT = 4 };

struct visit {
	git_oid id;
	git_commit *commit;
	unsigned flags;
};

struct revision_search {
	git_repository *repo;
	struct kb_arena *arena;
	kb_map seen; /* by the bytes of the id, to struct visit */
	struct {
		KB_VEC(struct visit *);
	} queue; /* a heap, the newest on top */
	kb_buf shallow;
};

static bool is_newer(const struct visit *a, const struct visit *b)
{
	git_time_t x = git_commit_time(a->commit), y = git_commit_time(b->commit);

	return x != y ? x > y : memcmp(&a->id, &b->id, sizeof(a->id)) < 0;
}

static void heap_push(struct revision_search *s, struct visit *visit)
{
	size_t at = s->queue.len;

	kb_vec_push(&s->queue, visit);
	while (at > 0 && is_newer(visit, s->queue.items[(at - 1) / 2])) {
		s->queue.items[at] = s->queue.items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	s->queue.items[at] = visit;
}

static struct visit *heap_pop(struct revision_search *s)
{
	struct visit **items = s->queue.items, *top = items[0];
	struct visit *last = items[--s->queue.len];
	size_t at = 0, child;

	while ((child = at * 2 + 1) < s->queue.len) {
		if (child + 1 < s->queue.len && is_newer(items[child + 1], items[child]))
			child++;
		if (!is_newer(items[child], last))
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = last;
	return top;
}

/* Does the clone end at the commit? */
static bool is_boundary(const struct revision_search *s, const git_oid *id)
{
	char hex[41];

	git_oid_fmt(hex, id);
	return kb_str_find(kb_buf_view(&s->shallow), (kb_str){hex, 40}) != SIZE_MAX;
}

static int reach(struct revision_search *s, const git_oid *id, unsigned flags,
	struct kb_error *err)
{
	kb_str key = {(const char *)id, sizeof(*id)};
	struct visit *visit = kb_map_get(&s->seen, key);

	if (!visit) {
		visit = kb_arena_new_of(s->arena, struct visit);
		visit->id = *id;
		if (git_commit_lookup(&visit->commit, s->repo, id) < 0)
			return kb_git_fail(err, "cannot read the history");
		kb_map_put(
			&s->seen, (kb_str){(const char *)&visit->id, sizeof(*id)}, visit);
	}
	if ((visit->flags & flags) == flags)
		return 0;
	visit->flags |= flags;
	heap_push(s, visit);
	return 0;
}

static bool is_open(const struct revision_search *s)
{
	for (size_t i = 0; i < s->queue.len; i++)
		if (!(s->queue.items[i]->flags & SPENT))
			return true;
	return false;
}

/* Goes down from both until nothing is left that only one of them has: the newest
 * commit of both that is below no other such. 1: found; 0: there is none. */
static int search_base(struct revision_search *s, git_oid *out, struct kb_error *err)
{
	struct visit *best = NULL;

	while (is_open(s)) {
		struct visit *visit = heap_pop(s);
		unsigned flags = visit->flags & (OF_BOTH | SPENT);

		if (flags == OF_BOTH) {
			if (!best || (best->flags & SPENT))
				best = visit;
			flags |= SPENT;
		}
		if (is_boundary(s, &visit->id))
			continue;
		for (unsigned i = 0; i < git_commit_parentcount(visit->commit); i++)
			if (reach(s, git_commit_parent_id(visit->commit, i), flags, err) <
				0)
				return -1;
	}
	if (best)
		*out = best->id;
	return best != NULL;
}

static int find_base(git_repository *repo, const git_oid *a, const git_oid *b,
	git_oid *out, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct revision_search s = {.repo = repo, .arena = arena};
	int rc = -1;

	kb_file_read(
		kb_arena_fmt(arena, "%sshallow", git_repository_commondir(repo)).data, 0,
		&s.shallow, NULL);
	if (reach(&s, a, OF_A, err) == 0 && reach(&s, b, OF_B, err) == 0)
		rc = search_base(&s, out, err);
	for (size_t i = 0; i < s.seen.len; i++)
		git_commit_free(((struct visit *)s.seen.entries[i].value)->commit);
	kb_map_dispose(&s.seen);
	kb_vec_dispose(&s.queue);
	kb_buf_dispose(&s.shallow);
	return rc;
}

static int merge_base(git_repository *repo, const char *a, const char *b, char out[41],
	struct kb_error *err)
{
	_cleanup_commit_ git_commit *left = NULL, *right = NULL;
	git_oid base;
	int rc;

	if (kb_git_commit(&left, repo, a, err) < 0 ||
		kb_git_commit(&right, repo, b, err) < 0)
		return -1;
	rc = find_base(repo, git_commit_id(left), git_commit_id(right), &base, err);
	if (rc == 0)
		return kb_error_set(err, KB_E_GIT,
			git_repository_is_shallow(repo)
				? "this shallow clone does not contain the "
				  "common ancestor of %s and %s; fetch the whole "
				  "history with git fetch --unshallow "
				  "(fetch-depth: 0 in CI)"
				: "%s and %s have no history in common",
			a, b);
	if (rc > 0)
		git_oid_tostr(out, 41, &base);
	return rc > 0 ? 0 : -1;
}

static int open_repository(git_repository **out, const char *dir, struct kb_error *err)
{
	if (kb_git_open(out, dir, err) < 0)
		return -1;
	return *out ? 0
		    : kb_error_set(err, KB_E_GIT,
			      "%s is not in a Git repository, so it has no revisions",
			      dir);
}

int kb_merge_base(
	char out[41], const char *dir, const char *a, const char *b, struct kb_error *err)
{
	_cleanup_repository_ git_repository *repo = NULL;

	if (open_repository(&repo, dir, err) < 0)
		return -1;
	return merge_base(repo, a, b ? b : "HEAD", out, err);
}

static int commit_id(
	git_repository *repo, const char *rev, char out[41], struct kb_error *err)
{
	_cleanup_commit_ git_commit *commit = NULL;

	if (kb_git_commit(&commit, repo, rev, err) < 0)
		return -1;
	git_oid_tostr(out, 41, git_commit_id(commit));
	return 0;
}

int kb_revisions_parse(
	struct kb_revisions *out, const char *dir, const char *spec, struct kb_error *err)
{
	_cleanup_repository_ git_repository *repo = NULL;
	const char *dots = strstr(spec, ".."), *to;
	_cleanup_free_ char *from = NULL;
	bool from_base = dots && dots[2] == '.';

	*out = (struct kb_revisions){0};
	if (open_repository(&repo, dir, err) < 0)
		return -1;
	if (!dots)
		return commit_id(repo, spec, out->from, err);
	to = dots + (from_base ? 3 : 2);
	to = to[0] ? to : "HEAD";
	from = kb_xstrndup(dots > spec ? spec : "HEAD",
		dots > spec ? (size_t)(dots - spec) : strlen("HEAD"));
	if (commit_id(repo, to, out->to, err) < 0)
		return -1;
	return from_base ? merge_base(repo, from, to, out->from, err)
			 : commit_id(repo, from, out->from, err);
}

bool kb_head_exists(const char *dir, struct kb_error *err)
{
	_cleanup_repository_ git_repository *repo = NULL;
	git_oid id;

	if (open_repository(&repo, dir, err) < 0)
		return false;
	if (git_reference_name_to_id(&id, repo, "HEAD") == 0)
		return true;
	kb_error_set(err, KB_E_GIT,
		"there is no commit yet: use 'git add' and 'git commit' first");
	return false;
}

kb_str kb_git_email(const char *dir, struct kb_arena *arena)
{
	_cleanup_repository_ git_repository *repo = NULL;
	_cleanup_config_ git_config *config = NULL;
	_cleanup_git_buf_ git_buf value = GIT_BUF_INIT;
	const char *given = getenv("GIT_AUTHOR_EMAIL");

	if (given && *given)
		return kb_str_of(given);
	if (open_repository(&repo, dir, NULL) < 0 ||
		git_repository_config(&config, repo) < 0 ||
		git_config_get_string_buf(&value, config, "user.email") < 0)
		return KB_STR("");
	return kb_arena_str(arena, kb_str_of(value.ptr));
}
