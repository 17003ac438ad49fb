#include "history.h"

#include "source_private.h"

enum { RENAMES_MAX = 64, IDLE_MAX = 16 };

struct kb_history {
	struct hist hist;
	uint32_t *first; /* by path: where its changes begin in `of_path`; one more */
	uint32_t *of_path;
	bool shallow;
	size_t compared;
	char *objects;		 /* the folder of Git's objects; NULL without commits */
	git_odb *idle[IDLE_MAX]; /* each reads for one thread at a time */
	size_t nidle;
	pthread_mutex_t lock; /* of the index and of the idle ones */
	pthread_cond_t given_back;
};

const char *kb_version_kind_name(enum kb_version_kind kind)
{
	static const char *const names[] = {
		"added", "changed", "renamed", "deleted", "merged", "unknown"};

	return names[kind];
}

/* The commit that the source reads or is based on; *found: there is one. */
static int find_tip(
	struct kb_source *source, git_oid *tip, bool *found, struct kb_error *err)
{
	int rc = 0;

	*found = true;
	if (source->is_revision) {
		*tip = source->commit_id;
		return 0;
	}
	pthread_mutex_lock(&source->lock);
	if (git_reference_name_to_id(tip, source->repo, "HEAD") < 0) {
		*found = false;
		if (git_error_last() && git_error_last()->klass == GIT_ERROR_OS)
			rc = kb_git_fail(err, "cannot read HEAD");
	}
	pthread_mutex_unlock(&source->lock);
	return rc;
}

static bool is_tip(const struct hist *hist, const git_oid *tip)
{
	return hist->commits.len &&
	       memcmp(hist->commits.items[0].id, tip->id, GIT_OID_RAWSZ) == 0;
}

/* Updates the kept index. Commits that are not below the tip go: somebody rewrote the
 * history, or kb reads an older revision. */
static int update(struct kb_history *history, struct kb_source *source,
	const git_oid *tip, struct kb_error *err)
{
	struct hist *hist = &history->hist;
	bool kept = hist_load(hist, source);
	git_oid last = {{0}};

	if (kept && is_tip(hist, tip))
		return 0;
	if (kept && hist->commits.len)
		memcpy(last.id, hist->commits.items[0].id, GIT_OID_RAWSZ);
	if (hist_walk(hist, source, tip, &history->compared, err) < 0)
		return -1;
	hist_order(hist, tip);
	/* An older revision is not what the next run asks for. */
	if (!hist->lacks && (!source->is_revision || !kept))
		hist_save(hist, source);
	return 0;
}

static void list_by_path(struct kb_history *history)
{
	const struct hist *hist = &history->hist;
	uint32_t *next;

	history->first = kb_xcalloc(hist->paths.len + 2, sizeof(uint32_t));
	history->of_path = kb_xcalloc(hist->changes.len + 1, sizeof(uint32_t));
	for (size_t i = 0; i < hist->changes.len; i++)
		history->first[hist->changes.items[i].path + 1]++;
	for (size_t i = 0; i < hist->paths.len; i++)
		history->first[i + 1] += history->first[i];
	next = kb_xcalloc(hist->paths.len + 1, sizeof(uint32_t));
	memcpy(next, history->first, hist->paths.len * sizeof(uint32_t));
	for (size_t i = 0; i < hist->changes.len; i++)
		history->of_path[next[hist->changes.items[i].path]++] = (uint32_t)i;
	free(next);
	for (size_t i = 0; i < hist->commits.len; i++)
		history->shallow |= hist->commits.items[i].boundary;
}

/* Opens the objects, so that what cannot be opened fails here and not at the first read.
 */
static int open_objects(
	struct kb_history *history, struct kb_source *source, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_fmt(&path, "%sobjects", git_repository_commondir(source->repo));
	if (kb_git_open_objects(&history->idle[0], path.data) < 0)
		return kb_git_fail(err, "cannot open the repository's objects");
	history->nidle = 1;
	history->objects = kb_xstrndup(path.data, path.len);
	return 0;
}

int kb_history_load(
	struct kb_history **out, struct kb_source *source, struct kb_error *err)
{
	struct kb_history *history = kb_xcalloc(1, sizeof(*history));
	git_oid tip;
	bool found = false;
	int rc = 0;

	hist_init(&history->hist);
	pthread_mutex_init(&history->lock, NULL);
	pthread_cond_init(&history->given_back, NULL);
	if (source->repo)
		rc = find_tip(source, &tip, &found, err);
	if (rc == 0 && found)
		rc = update(history, source, &tip, err);
	if (rc == 0 && found)
		rc = open_objects(history, source, err);
	list_by_path(history);
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
	hist_dispose(&history->hist);
	for (size_t i = 0; i < history->nidle; i++)
		git_odb_free(history->idle[i]);
	free(history->objects);
	pthread_cond_destroy(&history->given_back);
	pthread_mutex_destroy(&history->lock);
	free(history->first);
	free(history->of_path);
	free(history);
}

bool kb_history_shallow(const struct kb_history *history)
{
	return history->shallow;
}

size_t kb_history_compared(const struct kb_history *history)
{
	return history->compared;
}

/* Versions */

static void to_hex(const uint8_t *id, char hex[41])
{
	git_oid oid;

	memcpy(oid.id, id, GIT_OID_RAWSZ);
	git_oid_tostr(hex, 41, &oid);
}

struct kb_history_commit kb_history_commit(const struct kb_history *history, size_t i)
{
	const struct hist_commit *commit = &history->hist.commits.items[i];
	struct kb_history_commit out = {.authored = (time_t)commit->authored,
		.committed = (time_t)commit->committed};

	to_hex(commit->id, out.id);
	return out;
}

static struct kb_history_version version_of(
	const struct kb_history *history, const struct hist_change *change)
{
	const struct hist *hist = &history->hist;
	struct kb_history_version out = {
		.commit = kb_history_commit(history, change->commit),
		.kind = (enum kb_version_kind)change->kind,
		.similarity = change->similarity,
		.path = hist->paths.items[change->path]};

	if (change->from != KB_NO)
		out.from = hist->paths.items[change->from];
	if (change->kind != KB_VERSION_DELETED)
		to_hex(change->blob, out.blob);
	return out;
}

/* Goes through a path's changes, newest first, and on under its former name. */
struct trail {
	const struct kb_history *history;
	uint32_t path, at; /* at: in of_path */
};

static bool trail_begin(struct trail *t, const struct kb_history *history, kb_str path)
{
	struct kb_history *h = (struct kb_history *)(uintptr_t)history;

	pthread_mutex_lock(&h->lock);
	size_t number = hist_find_path(&h->hist, path);
	pthread_mutex_unlock(&h->lock);

	*t = (struct trail){.history = history, .path = (uint32_t)(number - 1)};
	if (number)
		t->at = history->first[number - 1];
	return number > 0;
}

static const struct hist_change *trail_next(struct trail *t)
{
	const struct kb_history *h = t->history;
	const struct hist_change *change;

	if (t->at >= h->first[t->path + 1])
		return NULL;
	change = &h->hist.changes.items[h->of_path[t->at++]];
	if (change->kind == KB_VERSION_RENAMED) {
		t->path = change->from;
		t->at = h->first[t->path];
		while (t->at < h->first[t->path + 1] &&
			h->hist.changes.items[h->of_path[t->at]].commit <= change->commit)
			t->at++;
	}
	return change;
}

size_t kb_history_versions(const struct kb_history *history, struct kb_arena *arena,
	kb_str path, struct kb_history_version **out)
{
	struct {
		KB_VEC(struct kb_history_version);
	} list = {0};
	const struct hist_change *change;
	struct trail trail;

	if (trail_begin(&trail, history, path))
		while ((change = trail_next(&trail))) {
			kb_vec_push(&list, version_of(history, change));
			if (change->kind == KB_VERSION_UNKNOWN)
				break;
		}
	size_t n = list.len;
	*out = kb_vec_freeze(&list, arena);
	return n;
}

kb_str kb_history_path_now(const struct kb_history *history, kb_str path)
{
	struct trail trail;

	for (int i = 0; i < RENAMES_MAX && trail_begin(&trail, history, path); i++) {
		const struct hist_change *last = trail_next(&trail);

		if (!last || last->kind != KB_VERSION_DELETED || last->from == KB_NO)
			break;
		path = history->hist.paths.items[last->from];
	}
	return path;
}

struct kb_dates kb_history_dates(const struct kb_history *history, kb_str path)
{
	const struct hist_change *change;
	struct kb_dates dates = {0};
	struct trail trail;

	if (!trail_begin(&trail, history, path))
		return dates;
	/* One that is gone has no dates of its own, one that came back has. */
	while ((change = trail_next(&trail))) {
		time_t authored =
			(time_t)history->hist.commits.items[change->commit].authored;

		if (change->kind == KB_VERSION_UNKNOWN) {
			dates.first = 0;
			break;
		}
		if (!dates.last && change->kind == KB_VERSION_DELETED)
			break;
		if (!dates.last)
			dates.last = authored;
		dates.first = authored;
	}
	return dates;
}

uint64_t kb_history_mark(const struct kb_history *history, kb_str path)
{
	const struct hist_change *change;
	struct trail trail;
	struct kb_hash hash = {0};

	for (bool more = trail_begin(&trail, history, path);
		more && (change = trail_next(&trail));
		more = change->kind != KB_VERSION_UNKNOWN) {
		struct {
			struct kb_hash former;
			uint8_t id[GIT_OID_RAWSZ];
			uint32_t kind;
		} step = {.former = hash, .kind = change->kind};

		memcpy(step.id, history->hist.commits.items[change->commit].id,
			sizeof(step.id));
		hash = kb_hash128((kb_str){(const char *)&step, sizeof(step)});
	}
	return hash.low;
}

size_t kb_history_commits(const struct kb_history *history)
{
	return history->hist.commits.len;
}

size_t kb_history_changes(const struct kb_history *history, struct kb_arena *arena,
	size_t commit, struct kb_history_version **out)
{
	const struct hist *hist = &history->hist;
	size_t low = 0, high = hist->changes.len, n = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (hist->changes.items[mid].commit < commit)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < hist->changes.len &&
		hist->changes.items[low + n].commit == commit)
		n++;
	*out = kb_arena_array(arena, struct kb_history_version, n);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = version_of(history, &hist->changes.items[low + i]);
	return n;
}

size_t kb_history_find(const struct kb_history *history, kb_str id)
{
	struct kb_history *h = (struct kb_history *)(uintptr_t)history;
	git_oid oid;
	size_t number = 0;

	if (id.len != GIT_OID_HEXSZ || git_oid_fromstrn(&oid, id.data, id.len) < 0)
		return SIZE_MAX;
	pthread_mutex_lock(&h->lock);
	number = hist_find_commit(&h->hist, oid.id);
	pthread_mutex_unlock(&h->lock);
	return number - 1;
}

bool kb_history_since(const struct kb_history *history, kb_str commit, bool *since)
{
	const struct hist *hist = &history->hist;
	size_t start = kb_history_find(history, commit);

	for (size_t i = 0; i < hist->commits.len; i++)
		since[i] = true;
	if (start == SIZE_MAX)
		return false;
	since[start] = false;
	/* Parents come after their children. */
	for (size_t i = start; i < hist->commits.len; i++) {
		const struct hist_commit *at = &hist->commits.items[i];

		for (uint32_t p = 0; p < at->nparents && !since[i]; p++)
			since[hist->parents.items[at->parents + p]] = false;
	}
	return true;
}

/* Objects */

static git_odb *take_idle(struct kb_history *h, bool wait)
{
	git_odb *odb = NULL;

	pthread_mutex_lock(&h->lock);
	while (wait && !h->nidle)
		pthread_cond_wait(&h->given_back, &h->lock);
	if (h->nidle)
		odb = h->idle[--h->nidle];
	pthread_mutex_unlock(&h->lock);
	return odb;
}

/* NULL without commits. A thread that cannot open the objects waits for the handle of
 * another one: there always is one, as kb_history_load opens it. */
static git_odb *take_odb(struct kb_history *h)
{
	git_odb *odb = h->objects ? take_idle(h, false) : NULL;

	if (!odb && h->objects && kb_git_open_objects(&odb, h->objects) < 0)
		odb = take_idle(h, true);
	return odb;
}

static void put_odb(struct kb_history *h, git_odb *odb)
{
	pthread_mutex_lock(&h->lock);
	if (h->nidle < IDLE_MAX)
		h->idle[h->nidle++] = KB_TAKE(odb);
	pthread_cond_signal(&h->given_back);
	pthread_mutex_unlock(&h->lock);
	git_odb_free(odb);
}

static int read_object(const struct kb_history *history, kb_str hex, git_object_t type,
	kb_buf *out, struct kb_error *err)
{
	struct kb_history *h = (struct kb_history *)(uintptr_t)history;
	git_odb_object *object = NULL;
	git_odb *odb = NULL;
	git_oid oid;
	bool good;

	if (hex.len != GIT_OID_HEXSZ || git_oid_fromstrn(&oid, hex.data, hex.len) < 0 ||
		!(odb = take_odb(h)))
		return kb_error_set(
			err, KB_E_NOTFOUND, "there is no object '%.*s'", KB_ARG(hex));
	good = git_odb_read(&object, odb, &oid) == 0 &&
	       git_odb_object_type(object) == type;
	if (good)
		kb_buf_add(out, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	put_odb(h, odb);
	return good ? 0
		    : kb_error_set(err, KB_E_NOTFOUND,
			      "the repository does not have the object %.*s",
			      KB_ARG(hex));
}

int kb_history_blob(
	const struct kb_history *history, kb_str blob, kb_buf *out, struct kb_error *err)
{
	return read_object(history, blob, GIT_OBJECT_BLOB, out, err);
}

/* "author A U Thor <a@example.org> 1700000000 +0100" */
static void read_author(kb_str line, struct kb_commit_message *out)
{
	size_t open = kb_str_rchr(line, '<'), close = kb_str_rchr(line, '>');

	if (open == SIZE_MAX || close == SIZE_MAX || close < open)
		return;
	out->author = kb_str_trim(kb_str_sub(line, strlen("author "), open));
	out->email = kb_str_sub(line, open + 1, close);
}

int kb_history_message(const struct kb_history *history, struct kb_arena *arena,
	kb_str commit, struct kb_commit_message *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf buf = {0};
	kb_str rest, line;

	if (read_object(history, commit, GIT_OBJECT_COMMIT, &buf, err) < 0)
		return -1;
	*out = (struct kb_commit_message){0};
	rest = kb_arena_str(arena, kb_buf_view(&buf));
	while (kb_str_next(&rest, '\n', &line) && line.len)
		if (kb_str_starts(line, KB_STR("author ")))
			read_author(line, out);
	while (!out->subject.len && kb_str_next(&rest, '\n', &line))
		out->subject = kb_str_trim(line);
	out->body = kb_str_trim(rest);
	return 0;
}
