/*
 * One walk gives every file's dates. Each commit is handed the set of files that are
 * still followed there: from a commit it goes on to the parent, from a merge each file
 * goes to the first parent in which it is the same, or to all when it differs from each.
 * That is how `git log -- FILE` simplifies history, done for all files at once.
 */
#include "commits.h"
#include "source_private.h"
#include "trees.h"

struct kb_history {
	struct kb_arena *arena;
	kb_map paths; /* to a number + 1 */
	struct kb_dates *dates;
	bool shallow;
};

struct walk {
	struct kb_history *history;
	kb_str prefix;
	git_odb *odb;
	struct kb_trees *trees;
	struct kb_outline outline;
	struct kb_commits commits;
	size_t words; /* of a set */
	struct {
		KB_VEC(kb_bits *);
	} spare;
	struct kb_dates *dates;
	kb_bits *cut; /* files whose history goes on beyond what is here */
};

static kb_bits *set_new(struct walk *w)
{
	kb_bits *set;

	if (w->spare.len == 0)
		return kb_xcalloc(w->words, sizeof *set);
	set = w->spare.items[--w->spare.len];
	memset(set, 0, w->words * sizeof *set);
	return set;
}

static void set_free(struct walk *w, kb_bits *set)
{
	if (set)
		kb_vec_push(&w->spare, set);
}

/* Hands SET, which is given away, on to the commit. */
static void follow(struct walk *w, struct kb_commit *commit, kb_bits *set)
{
	kb_bits *old = commit->data;

	if (!old) {
		commit->data = set;
		return;
	}
	for (size_t i = 0; i < w->words; i++)
		old[i] |= set[i];
	set_free(w, set);
}

static void note_change(
	struct walk *w, const struct kb_commit *commit, const kb_bits *changed)
{
	for (size_t word = 0; word < w->words; word++) {
		for (kb_bits rest = changed[word]; rest; rest &= rest - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(rest);
			if (w->dates[i].last == 0)
				w->dates[i].last = commit->authored;
			w->dates[i].first = commit->authored;
		}
	}
}

static bool is_empty(const struct walk *w, const kb_bits *set)
{
	for (size_t i = 0; i < w->words; i++)
		if (set[i])
			return false;
	return true;
}

/* The content root in the commit: 1, 0 when it has none, -1 when it cannot be read. */
static int find_root(struct walk *w, const struct kb_commit *commit, git_oid *root)
{
	bool broken;

	if (kb_trees_find(w->trees, &commit->tree, w->prefix, root, &broken))
		return 1;
	return broken ? -1 : 0;
}

/* Adds to CHANGED the files of WANTED that differ between the two (NULL: no commit). */
static int compare_commits(struct walk *w, const struct kb_commit *commit,
	const struct kb_commit *parent, const kb_bits *wanted, kb_bits *changed)
{
	git_oid a, b;
	int in_a = find_root(w, commit, &a), in_b = parent ? find_root(w, parent, &b) : 0;

	if (in_a < 0 || in_b < 0)
		return -1;
	return kb_trees_compare(w->trees, &w->outline, in_a ? &a : NULL, in_b ? &b : NULL,
		wanted, changed);
}

/* What the commit holds of SET goes on where nobody can see: that is unknown. */
static void cut_off(struct walk *w, const struct kb_commit *commit, const kb_bits *set)
{
	kb_bits *present = set_new(w);

	w->history->shallow = true;
	if (git_oid_is_zero(&commit->tree) ||
		compare_commits(w, commit, NULL, set, present) < 0)
		memcpy(present, set, w->words * sizeof *present);
	for (size_t i = 0; i < w->words; i++)
		w->cut[i] |= present[i];
	set_free(w, present);
}

/* SET becomes what differs from the commit in all of its parents. The first parent in
 * which a file is the same follows it. */
static int split(struct walk *w, const struct kb_commit *commit, kb_bits *set)
{
	int rc = 0;

	for (uint32_t p = 0; p < commit->nparents && rc == 0; p++) {
		kb_bits *same = set_new(w), *changed = set_new(w);
		rc = compare_commits(w, commit, commit->parents[p], set, changed);
		for (size_t i = 0; i < w->words && rc == 0; i++) {
			same[i] = set[i] & ~changed[i];
			set[i] = changed[i];
		}
		set_free(w, changed);
		if (rc < 0 || is_empty(w, same))
			set_free(w, same);
		else
			follow(w, commit->parents[p], same);
	}
	return rc;
}

/* What SET holds changed here and goes on to every parent. */
static void follow_all(struct walk *w, const struct kb_commit *commit, const kb_bits *set)
{
	note_change(w, commit, set);
	for (uint32_t p = 0; p < commit->nparents; p++) {
		kb_bits *copy = set_new(w);
		memcpy(copy, set, w->words * sizeof *copy);
		follow(w, commit->parents[p], copy);
	}
}

static int visit_root(struct walk *w, const struct kb_commit *commit, const kb_bits *set)
{
	kb_bits *present = set_new(w);
	int rc = compare_commits(w, commit, NULL, set, present);

	if (rc == 0)
		note_change(w, commit, present);
	set_free(w, present);
	return rc;
}

static int visit_child(struct walk *w, const struct kb_commit *commit, kb_bits *set)
{
	kb_bits *changed = set_new(w);
	int rc = compare_commits(w, commit, commit->parents[0], set, changed);

	if (rc == 0) {
		note_change(w, commit, changed);
		follow(w, commit->parents[0], set);
	}
	set_free(w, changed);
	return rc;
}

static void visit(struct walk *w, struct kb_commit *commit)
{
	kb_bits *set = commit->data, *whole;

	if (!set)
		return;
	commit->data = NULL;
	if (commit->boundary) {
		cut_off(w, commit, set);
	} else if (commit->nparents == 1) {
		if (visit_child(w, commit, set) == 0)
			return;
		cut_off(w, commit, set);
	} else if (commit->nparents == 0) {
		if (visit_root(w, commit, set) < 0)
			cut_off(w, commit, set);
	} else {
		whole = set_new(w);
		memcpy(whole, set, w->words * sizeof *whole);
		if (split(w, commit, set) < 0)
			cut_off(w, commit, whole);
		else if (!is_empty(w, set))
			follow_all(w, commit, set);
		set_free(w, whole);
	}
	set_free(w, set);
}

static void walk_commits(struct walk *w)
{
	struct kb_commit *commit = w->commits.ready.items[0];
	uint32_t n = w->outline.to;

	w->cut = set_new(w);
	commit->data = set_new(w);
	for (uint32_t i = 0; i < n; i++)
		kb_bits_add(commit->data, i);
	while ((commit = kb_commits_next(&w->commits)))
		visit(w, commit);
	for (uint32_t i = 0; i < n; i++)
		if (kb_bits_has(w->cut, i))
			w->dates[i].first = 0;
	free(w->cut);
	while (w->spare.len > 0)
		free(w->spare.items[--w->spare.len]);
	kb_vec_dispose(&w->spare);
}

static int open_odb(struct walk *w, const char *gitdir, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_fmt(&path, "%sobjects", gitdir);
	if (git_odb_open(&w->odb, path.data) < 0)
		return kb_git_fail(err, "cannot open the repository's objects");
	w->trees = kb_trees_new(w->odb);
	return 0;
}

static int load(struct walk *w, const char *gitdir, const git_oid *tip,
	struct kb_arena *scratch, struct kb_error *err)
{
	struct kb_history *history = w->history;
	git_oid root;
	int there;

	if (open_odb(w, gitdir, err) < 0 ||
		kb_commits_load(&w->commits, scratch, w->odb, gitdir, tip, err) < 0)
		return -1;
	there = find_root(w, w->commits.ready.items[0], &root);
	if (there < 0)
		return kb_git_fail(
			err, "cannot read the commit %s", git_oid_tostr_s(tip));
	if (there == 0)
		return 0;
	if (kb_trees_outline(w->trees, history->arena, &root, &w->outline,
		    &history->paths, err) < 0)
		return -1;
	w->words = w->outline.to / 64 + 1;
	w->dates = history->dates =
		kb_arena_array(history->arena, struct kb_dates, w->outline.to);
	walk_commits(w);
	return 0;
}

/* The commit that the source reads or stands on; false when there is none yet. */
static bool find_tip(struct kb_source *source, git_oid *tip)
{
	bool found;

	if (source->is_revision) {
		*tip = source->commit_id;
		return true;
	}
	pthread_mutex_lock(&source->lock);
	found = git_reference_name_to_id(tip, source->repo, "HEAD") == 0;
	pthread_mutex_unlock(&source->lock);
	return found;
}

int kb_history_load(
	struct kb_history **out, struct kb_source *source, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_history *history = kb_xcalloc(1, sizeof *history);
	struct walk w = {.history = history, .prefix = source->prefix};
	git_oid tip;
	int rc = 0;

	history->arena = kb_arena_new();
	if (source->repo && find_tip(source, &tip)) {
		rc = load(&w, git_repository_commondir(source->repo), &tip, scratch, err);
		history->shallow |= w.commits.incomplete;
		kb_commits_dispose(&w.commits);
		kb_trees_free(w.trees);
		git_odb_free(w.odb);
	}
	if (rc < 0) {
		kb_history_free(history);
		return -1;
	}
	*out = history;
	return 0;
}

void kb_history_free(struct kb_history *history)
{
	if (!history)
		return;
	kb_map_dispose(&history->paths);
	kb_arena_free(history->arena);
	free(history);
}

bool kb_history_shallow(const struct kb_history *history)
{
	return history->shallow;
}

struct kb_dates kb_history_dates(const struct kb_history *history, kb_str path)
{
	size_t number = (size_t)(uintptr_t)kb_map_get(&history->paths, path);

	return number ? history->dates[number - 1] : (struct kb_dates){0};
}
