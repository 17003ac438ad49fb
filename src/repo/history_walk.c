/* Comparing each commit with its parents: kb/history.h. */
#include "history.h"

#include <stdlib.h>

#include "kb/file.h"
#include "kb/pool.h"
#include "renames.h"
#include "source_private.h"

enum {
	CHUNK_MIN = 128, /* commits that a thread takes at a time */
	CHUNK_MAX = 4096,
	BLOB_MAX = 1 << 20, /* bytes of a file that is compared */
};

/* What one commit did, before paths have numbers. */
struct found_change {
	kb_str path, from;
	uint8_t kind, similarity;
	git_oid blob;
	git_oid old; /* of a deleted file */
};
struct found_changes {
	KB_VEC(struct found_change);
};

struct walk_step { /* a commit to be compared */
	const struct kb_commit *commit;
	struct found_changes founds;
	bool unknown; /* it or a parent cannot be read */
};

struct history_walk {
	struct walk_step *steps;
	size_t nsteps, chunk;
	kb_str prefix;
	struct worker {
		git_odb *odb;
		struct kb_trees *trees;
		struct kb_arena *arena;
	} * workers;
};

static kb_str id_key(const git_oid *id)
{
	return (kb_str){(const char *)id->id, GIT_OID_RAWSZ};
}

static void note(struct worker *w, struct found_changes *founds, kb_str path,
	const uint8_t *a, const uint8_t *b)
{
	struct found_change *found = kb_vec_add(founds);

	*found = (struct found_change){.path = kb_arena_str(w->arena, path),
		.kind = !a   ? KB_VERSION_ADDED
			: !b ? KB_VERSION_DELETED
			     : KB_VERSION_CHANGED};
	if (a)
		memcpy(found->old.id, a, GIT_OID_RAWSZ);
	if (b)
		memcpy(found->blob.id, b, GIT_OID_RAWSZ);
}

/* Pairs of commits of one thread, and what differs in each. */
struct batch {
	struct worker *worker;
	struct kb_tree_pair *pairs;
	struct found_changes *founds; /* by pair */
	size_t n;
};

static void on_change(
	void *ctx, size_t pair, kb_str path, const uint8_t *a, const uint8_t *b)
{
	struct batch *batch = ctx;

	note(batch->worker, &batch->founds[pair], path, a, b);
}

/* The content root of COMMIT and of PARENT (NULL: nothing was there before). */
static void add_pair_of(struct batch *batch, const struct history_walk *walk,
	const struct kb_commit *commit, const struct kb_commit *parent)
{
	struct kb_tree_pair *pair = &batch->pairs[batch->n++];
	struct kb_trees *trees = batch->worker->trees;

	*pair = (struct kb_tree_pair){0};
	pair->in_b = kb_trees_find(
		trees, &commit->tree, walk->prefix, &pair->b, &pair->broken);
	if (parent && !pair->broken)
		pair->in_a = kb_trees_find(
			trees, &parent->tree, walk->prefix, &pair->a, &pair->broken);
}

static void compare(struct batch *batch)
{
	kb_trees_changes(batch->worker->trees, batch->pairs, batch->n, on_change, batch);
}

static int by_path(const void *pa, const void *pb)
{
	const struct found_change *a = pa, *b = pb;

	return kb_str_cmp(a->path, b->path);
}

static void sort_founds(struct found_changes *founds)
{
	if (founds->len)
		qsort(founds->items, founds->len, sizeof(*founds->items), by_path);
}

/* Renames */

static bool read_blob(void *ctx, const struct kb_rename_file *file, kb_buf *out)
{
	struct worker *w = ctx;
	git_odb_object *object = NULL;
	bool good = git_odb_read(&object, w->odb, &file->blob) == 0 &&
		    git_odb_object_size(object) <= BLOB_MAX;

	if (good)
		kb_buf_add(out, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	return good;
}

/* The files that came or went, each with the number of what was found of it. */
static size_t list_files(
	const struct found_changes *founds, struct kb_rename_file *files, size_t *numbers)
{
	size_t n = 0;

	for (size_t i = 0; i < founds->len; i++) {
		const struct found_change *found = &founds->items[i];
		bool came = found->kind == KB_VERSION_ADDED;

		if (!came && found->kind != KB_VERSION_DELETED)
			continue;
		numbers[n] = i;
		files[n++] = (struct kb_rename_file){.path = found->path,
			.blob = came ? found->blob : found->old,
			.came = came};
	}
	return n;
}

static void find_renames(struct worker *w, struct found_changes *founds)
{
	_cleanup_free_ struct kb_rename_file *files =
		kb_xcalloc(founds->len + 1, sizeof(*files));
	_cleanup_free_ size_t *numbers = kb_xcalloc(founds->len + 1, sizeof(*numbers));
	size_t n = list_files(founds, files, numbers);

	kb_renames_find(files, n, read_blob, w);
	for (size_t i = 0; i < n; i++) {
		struct found_change *found = &founds->items[numbers[i]];

		if (!files[i].other)
			continue;
		found->from = files[i].other->path;
		if (!files[i].came)
			continue;
		found->kind = KB_VERSION_RENAMED;
		found->similarity = files[i].similarity;
	}
}

/* Commits */

/* Of a merge: what differs from every parent. */
static void join_parents(
	struct history_walk *walk, struct found_changes *of_parents, uint32_t n)
{
	struct found_changes *first = &of_parents[0];

	for (uint32_t p = 1; p < n && first->len; p++) {
		kb_map also = {0};
		size_t kept = 0;

		for (size_t i = 0; i < of_parents[p].len; i++)
			kb_map_put(&also, of_parents[p].items[i].path, walk);
		for (size_t i = 0; i < first->len; i++)
			if (kb_map_has(&also, first->items[i].path))
				first->items[kept++] = first->items[i];
		first->len = kept;
		kb_map_dispose(&also);
	}
	for (size_t i = 0; i < first->len; i++)
		if (first->items[i].kind != KB_VERSION_DELETED)
			first->items[i].kind = KB_VERSION_MERGED;
}

static void mark_unknown(
	struct history_walk *walk, struct worker *w, struct walk_step *step)
{
	struct kb_tree_pair pair = {0};
	struct batch batch = {.worker = w, .pairs = &pair, .founds = &step->founds};

	step->unknown = true;
	step->founds.len = 0;
	if (git_oid_is_zero(&step->commit->tree))
		return;
	add_pair_of(&batch, walk, step->commit, NULL);
	compare(&batch);
	if (pair.broken)
		step->founds.len = 0;
	for (size_t i = 0; i < step->founds.len; i++)
		step->founds.items[i].kind = KB_VERSION_UNKNOWN;
	sort_founds(&step->founds);
}

static uint32_t pairs_of(const struct kb_commit *commit)
{
	return commit->boundary ? 0 : commit->nparents ? commit->nparents : 1;
}

/* What the batch found of the pairs of a commit, the first of which is FIRST. */
static void finish_commit(struct history_walk *walk, struct batch *batch,
	struct walk_step *step, size_t first)
{
	uint32_t n = pairs_of(step->commit);
	bool known = n > 0;

	for (uint32_t p = 0; p < n; p++)
		known &= !batch->pairs[first + p].broken;
	if (!known) {
		mark_unknown(walk, batch->worker, step);
		return;
	}
	if (n > 1)
		join_parents(walk, &batch->founds[first], n);
	step->founds = batch->founds[first];
	batch->founds[first] = (struct found_changes){0};
	sort_founds(&step->founds);
	if (step->commit->nparents == 1)
		find_renames(batch->worker, &step->founds);
}

static void compare_chunk(void *ctx, size_t index, unsigned worker)
{
	struct history_walk *walk = ctx;
	struct walk_step *steps = walk->steps + index * walk->chunk;
	size_t left = walk->nsteps - index * walk->chunk, first = 0, most = 0;
	size_t n = left < walk->chunk ? left : walk->chunk;
	struct batch batch = {.worker = &walk->workers[worker]};

	for (size_t i = 0; i < n; i++)
		most += pairs_of(steps[i].commit);
	batch.pairs = kb_xcalloc(most + 1, sizeof(*batch.pairs));
	batch.founds = kb_xcalloc(most + 1, sizeof(*batch.founds));
	for (size_t i = 0; i < n; i++) {
		const struct kb_commit *commit = steps[i].commit;

		for (uint32_t p = 0; p < pairs_of(commit); p++)
			add_pair_of(&batch, walk, commit,
				commit->nparents ? commit->parents[p] : NULL);
	}
	compare(&batch);
	for (size_t i = 0; i < n; i++) {
		finish_commit(walk, &batch, &steps[i], first);
		first += pairs_of(steps[i].commit);
	}
	for (size_t i = 0; i < batch.n; i++)
		kb_vec_dispose(&batch.founds[i]);
	free(batch.pairs);
	free(batch.founds);
}

/* Few enough for all threads to have work, many enough to be read folder by folder. */
static size_t choose_chunk(size_t nsteps, unsigned threads)
{
	size_t chunk = nsteps / (threads * 4u) + 1;

	return chunk < CHUNK_MIN ? CHUNK_MIN : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
}

/* Gathering */

static void gather_step(struct hist *hist, const struct walk_step *step, uint32_t number)
{
	for (size_t i = 0; i < step->founds.len; i++) {
		const struct found_change *found = &step->founds.items[i];
		struct hist_change change = {.commit = number,
			.path = hist_path(hist, found->path),
			.from = KB_NO,
			.kind = found->kind,
			.similarity = found->similarity};

		if (found->from.len)
			change.from = hist_path(hist, found->from);
		memcpy(change.blob, found->blob.id, GIT_OID_RAWSZ);
		kb_vec_push(&hist->changes, change);
	}
}

static void add_commit(struct hist *hist, const struct kb_commit *commit, bool unknown)
{
	struct hist_commit *out = kb_vec_add(&hist->commits);

	*out = (struct hist_commit){.authored = commit->authored,
		.committed = commit->committed,
		.boundary = commit->boundary || unknown,
		.nparents = commit->nparents};
	memcpy(out->id, commit->id.id, GIT_OID_RAWSZ);
	memcpy(out->tree, commit->tree.id, GIT_OID_RAWSZ);
}

static void link_parents(struct hist *hist, const struct history_walk *walk, size_t first)
{
	for (size_t i = 0; i < walk->nsteps; i++) {
		const struct kb_commit *commit = walk->steps[i].commit;
		struct hist_commit *out = &hist->commits.items[first + i];

		out->parents = (uint32_t)hist->parents.len;
		for (uint32_t p = 0; p < commit->nparents; p++) {
			size_t number = hist_find_commit(hist, commit->parents[p]->id.id);

			kb_vec_push(&hist->parents, (uint32_t)(number - 1));
		}
	}
}

static void gather(struct hist *hist, struct history_walk *walk)
{
	size_t first = hist->commits.len;

	for (size_t i = 0; i < walk->nsteps; i++) {
		const struct walk_step *step = &walk->steps[i];

		add_commit(hist, step->commit, step->unknown);
		hist->lacks |= step->unknown &&
			       (step->commit->missing || !step->commit->boundary);
	}
	kb_map_dispose(&hist->by_id); /* the commits may have moved */
	hist->indexed = 0;
	link_parents(hist, walk, first);
	for (size_t i = 0; i < walk->nsteps; i++)
		gather_step(hist, &walk->steps[i], (uint32_t)(first + i));
}

static int open_workers(
	struct history_walk *walk, const char *gitdir, unsigned n, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_fmt(&path, "%sobjects", gitdir);
	walk->workers = kb_xcalloc(n, sizeof(*walk->workers));
	for (unsigned i = 0; i < n; i++) {
		walk->workers[i].arena = kb_arena_new();
		if (kb_git_open_objects(&walk->workers[i].odb, path.data) < 0)
			return kb_git_fail(err, "cannot open the repository's objects");
		walk->workers[i].trees = kb_trees_new(walk->workers[i].odb);
	}
	return 0;
}

/* What could not be read is not unknown for good. */
static int check_workers(
	const struct history_walk *walk, unsigned n, struct kb_error *err)
{
	for (unsigned i = 0; i < n; i++)
		if (kb_git_check_objects(walk->workers[i].odb, err) < 0)
			return -1;
	return 0;
}

static void close_workers(struct history_walk *walk, unsigned n)
{
	for (unsigned i = 0; i < n && walk->workers; i++) {
		kb_trees_free(walk->workers[i].trees);
		git_odb_free(walk->workers[i].odb);
		if (walk->workers[i].arena)
			kb_arena_free(walk->workers[i].arena);
	}
	for (size_t i = 0; i < walk->nsteps; i++)
		kb_vec_dispose(&walk->steps[i].founds);
	free(walk->workers);
	free(walk->steps);
}

static bool is_known(const struct hist *hist, const struct kb_commit *commit)
{
	return kb_map_has(&hist->by_id, id_key(&commit->id));
}

/* Commits that are new, in the order in which they were met. */
static void list_steps(struct history_walk *walk, const struct hist *hist,
	const struct kb_commits *commits)
{
	walk->steps = kb_xcalloc(commits->by_id.len + 1, sizeof(*walk->steps));
	for (size_t i = 0; i < commits->by_id.len; i++) {
		const struct kb_commit *commit = commits->by_id.entries[i].value;

		if (!is_known(hist, commit))
			walk->steps[walk->nsteps++].commit = commit;
	}
}

int hist_walk(struct hist *hist, struct kb_source *source, const git_oid *tip,
	size_t *compared, struct kb_error *err)
{
	const char *gitdir = git_repository_commondir(source->repo);
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct history_walk walk = {.prefix = source->prefix};
	struct kb_commits commits = {0};
	git_odb *odb = NULL;
	_cleanup_buf_ kb_buf path = {0};
	unsigned n;
	int rc;

	hist_own(hist);
	hist_index(hist);
	kb_buf_fmt(&path, "%sobjects", gitdir);
	if (kb_git_open_objects(&odb, path.data) < 0)
		return kb_git_fail(err, "cannot open the repository's objects");
	rc = kb_commits_load(&commits, arena, odb, source->repo, tip, &hist->by_id, err);
	if (rc == 0)
		rc = kb_git_check_objects(odb, err);
	if (rc < 0) {
		kb_commits_dispose(&commits);
		git_odb_free(odb);
		return -1;
	}
	list_steps(&walk, hist, &commits);
	n = kb_parallel_workers(0, (walk.nsteps + CHUNK_MIN - 1) / CHUNK_MIN);
	walk.chunk = choose_chunk(walk.nsteps, n);
	rc = open_workers(&walk, gitdir, n, err);
	if (rc == 0) {
		kb_parallel(n, (walk.nsteps + walk.chunk - 1) / walk.chunk, compare_chunk,
			&walk);
		rc = check_workers(&walk, n, err);
	}
	if (rc == 0) {
		gather(hist, &walk);
		*compared = walk.nsteps;
	}
	close_workers(&walk, n);
	kb_commits_dispose(&commits);
	git_odb_free(odb);
	return rc;
}

/* Order: newest committer date first, none before all of its children. */

struct order {
	const struct hist *hist;
	uint32_t *children, *heap, *sequence;
	size_t n, met;
};

static bool is_before(const struct order *o, uint32_t a, uint32_t b)
{
	const struct hist_commit *commits = o->hist->commits.items;

	if (commits[a].committed != commits[b].committed)
		return commits[a].committed > commits[b].committed;
	return o->sequence[a] < o->sequence[b];
}

static void push(struct order *o, uint32_t commit)
{
	size_t i = o->n++, up;

	o->sequence[commit] = (uint32_t)o->met++;
	for (; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!is_before(o, commit, o->heap[up]))
			break;
		o->heap[i] = o->heap[up];
	}
	o->heap[i] = commit;
}

static uint32_t pop(struct order *o)
{
	uint32_t top = o->heap[0], last = o->heap[--o->n];
	size_t i = 0, down;

	for (; (down = i * 2 + 1) < o->n; i = down) {
		if (down + 1 < o->n && is_before(o, o->heap[down + 1], o->heap[down]))
			down++;
		if (!is_before(o, o->heap[down], last))
			break;
		o->heap[i] = o->heap[down];
	}
	o->heap[i] = last;
	return top;
}

/* Marks what is below TIP and counts the children of each there. */
static void count_children(struct order *o, uint32_t tip, bool *below)
{
	const struct hist *hist = o->hist;
	struct {
		KB_VEC(uint32_t);
	} todo = {0};

	below[tip] = true;
	kb_vec_push(&todo, tip);
	while (todo.len) {
		const struct hist_commit *commit =
			&hist->commits.items[todo.items[--todo.len]];

		for (uint32_t p = 0; p < commit->nparents; p++) {
			uint32_t parent = hist->parents.items[commit->parents + p];

			o->children[parent]++;
			if (below[parent])
				continue;
			below[parent] = true;
			kb_vec_push(&todo, parent);
		}
	}
	kb_vec_dispose(&todo);
}

static int change_cmp(const void *pa, const void *pb)
{
	const struct hist_change *a = pa, *b = pb;

	if (a->commit != b->commit)
		return a->commit < b->commit ? -1 : 1;
	return a->path < b->path ? -1 : a->path > b->path;
}

/* Puts everything into the order given; what has no rank (KB_NO) is dropped. */
static void renumber(struct hist *hist, const uint32_t *rank, size_t n)
{
	struct hist_commit *commits = kb_xcalloc(n + 1, sizeof(*commits));
	size_t kept = 0;

	for (size_t i = 0; i < hist->commits.len; i++)
		if (rank[i] != KB_NO)
			commits[rank[i]] = hist->commits.items[i];
	for (size_t i = 0; i < hist->parents.len; i++)
		hist->parents.items[i] = rank[hist->parents.items[i]];
	for (size_t i = 0; i < hist->changes.len; i++) {
		struct hist_change change = hist->changes.items[i];

		change.commit = rank[change.commit];
		if (change.commit != KB_NO)
			hist->changes.items[kept++] = change;
	}
	hist->changes.len = kept;
	if (kept)
		qsort(hist->changes.items, kept, sizeof(*hist->changes.items),
			change_cmp);
	free(hist->commits.items);
	hist->commits.items = commits;
	hist->commits.len = n;
	hist->commits.cap = n + 1;
	kb_map_dispose(&hist->by_id);
	hist->indexed = 0;
}

bool hist_order(struct hist *hist, const git_oid *tip)
{
	size_t n = hist->commits.len, ranked = 0;
	uint32_t number = (uint32_t)hist_find_commit(hist, tip->id);
	struct order o = {.hist = hist};

	if (!number)
		return false;
	_cleanup_free_ uint32_t *rank = kb_xcalloc(n, sizeof(*rank));
	_cleanup_free_ bool *below = kb_xcalloc(n, sizeof(*below));
	o.children = kb_xcalloc(n, sizeof(*o.children));
	o.heap = kb_xcalloc(n + 1, sizeof(*o.heap));
	o.sequence = kb_xcalloc(n, sizeof(*o.sequence));
	count_children(&o, number - 1, below);
	for (size_t i = 0; i < n; i++)
		rank[i] = KB_NO;
	push(&o, number - 1);
	while (o.n) {
		uint32_t at = pop(&o);
		const struct hist_commit *commit = &hist->commits.items[at];

		rank[at] = (uint32_t)ranked++;
		for (uint32_t p = 0; p < commit->nparents; p++) {
			uint32_t parent = hist->parents.items[commit->parents + p];

			if (--o.children[parent] == 0)
				push(&o, parent);
		}
	}
	renumber(hist, rank, ranked);
	free(o.children);
	free(o.heap);
	free(o.sequence);
	return true;
}
