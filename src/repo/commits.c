#include "commits.h"

#include "kb/file.h"

struct commit_loader {
	struct kb_commits *commits;
	kb_map shallow;	 /* by a commit's id, the bytes */
	kb_map grafts;	 /* the same, to the parents' ids as text */
	kb_map replaced; /* the same, to the id of what stands for it */
	const kb_map *known;
	struct {
		KB_VEC(struct kb_commit *);
	} todo;
};

static bool take_line(kb_str *rest, const char *word, kb_str *value)
{
	kb_str line, after = *rest;

	if (!kb_str_next(&after, '\n', &line) || !kb_str_starts(line, kb_str_of(word)))
		return false;
	*value = kb_str_sub(line, strlen(word), line.len);
	*rest = after;
	return true;
}

static bool to_oid(kb_str hex, git_oid *out)
{
	return hex.len >= GIT_OID_HEXSZ &&
	       git_oid_fromstrn(out, hex.data, GIT_OID_HEXSZ) == 0;
}

/* The seconds behind "A U Thor <author@example.com> ". */
static time_t signature_time(kb_str line)
{
	size_t at = kb_str_rchr(line, '>');
	char digits[24] = "";

	if (at == SIZE_MAX)
		return 0;
	line = kb_str_trim(kb_str_sub(line, at + 1, line.len));
	memcpy(digits, line.data,
		line.len < sizeof(digits) ? line.len : sizeof(digits) - 1);
	return (time_t)strtoll(digits, NULL, 10);
}

static kb_str id_key(const git_oid *id)
{
	return (kb_str){(const char *)id->id, GIT_OID_RAWSZ};
}

/* The commit with this id, which is loaded later when it is new. */
static struct kb_commit *commit_of(struct commit_loader *l, const git_oid *id)
{
	struct kb_commits *commits = l->commits;
	struct kb_commit *commit = kb_map_get(&commits->by_id, id_key(id));

	if (commit)
		return commit;
	commit = kb_arena_new_of(commits->arena, struct kb_commit);
	commit->id = *id;
	kb_map_put(&commits->by_id, id_key(&commit->id), commit);
	kb_vec_push(&l->todo, commit);
	return commit;
}

static void add_parents(
	struct commit_loader *l, struct kb_commit *commit, const git_oid *ids, size_t n)
{
	commit->parents = kb_arena_array(l->commits->arena, struct kb_commit *, n);
	for (size_t i = 0; i < n; i++) {
		commit->parents[commit->nparents++] = commit_of(l, &ids[i]);
	}
}

struct oids {
	KB_VEC(git_oid);
};

static void graft_parents(kb_str text, struct oids *parents)
{
	git_oid id;
	kb_str word;

	parents->len = 0;
	while (kb_str_next(&text, ' ', &word))
		if (to_oid(word, &id))
			kb_vec_push(parents, id);
}

static bool parse_commit(struct commit_loader *l, struct kb_commit *commit, kb_str text,
	struct oids *parents)
{
	kb_str value, *graft;
	git_oid id;

	if (!take_line(&text, "tree ", &value) || !to_oid(value, &commit->tree))
		return false;
	while (take_line(&text, "parent ", &value))
		if (to_oid(value, &id))
			kb_vec_push(parents, id);
	if (!take_line(&text, "author ", &value))
		return false;
	commit->authored = signature_time(value);
	if (!take_line(&text, "committer ", &value))
		return false;
	commit->committed = signature_time(value);
	graft = kb_map_get(&l->grafts, id_key(&commit->id));
	if (graft)
		graft_parents(*graft, parents);
	return true;
}

static void load_commit(struct commit_loader *l, struct kb_commit *commit)
{
	struct oids parents = {0};
	git_odb_object *object = NULL;
	const git_oid *by = kb_map_get(&l->replaced, id_key(&commit->id));
	bool good = git_odb_read(&object, l->commits->odb, by ? by : &commit->id) == 0 &&
		    git_odb_object_type(object) == GIT_OBJECT_COMMIT &&
		    parse_commit(l, commit,
			    (kb_str){git_odb_object_data(object),
				    git_odb_object_size(object)},
			    &parents);

	if (kb_map_has(l->known, id_key(&commit->id)))
		parents.len = 0;
	commit->missing = !good;
	commit->boundary = !good || (parents.len > 0 &&
					    kb_map_has(&l->shallow, id_key(&commit->id)));
	if (!commit->boundary)
		add_parents(l, commit, parents.items, parents.len);
	kb_vec_dispose(&parents);
	git_odb_object_free(object);
}

static void read_lines(
	struct kb_arena *arena, const char *gitdir, const char *name, kb_str *text)
{
	_cleanup_buf_ kb_buf path = {0};
	_cleanup_buf_ kb_buf bytes = {0};

	kb_buf_fmt(&path, "%s%s", gitdir, name);
	kb_file_read(path.data, (size_t)64 << 20, &bytes, NULL);
	*text = kb_arena_str(arena, kb_buf_view(&bytes));
}

static void load_shallow(struct commit_loader *l, const char *gitdir)
{
	struct kb_arena *arena = l->commits->arena;
	kb_str text, line;
	git_oid id;

	read_lines(arena, gitdir, "shallow", &text);
	while (kb_str_next(&text, '\n', &line))
		if (to_oid(line, &id))
			kb_map_put(&l->shallow,
				id_key(kb_arena_copy(arena, &id, sizeof(id))), l);
}

static void load_grafts(struct commit_loader *l, const char *gitdir)
{
	struct kb_arena *arena = l->commits->arena;
	kb_str text, line, *parents;
	git_oid id;

	read_lines(arena, gitdir, "info/grafts", &text);
	while (kb_str_next(&text, '\n', &line)) {
		if (!to_oid(line, &id))
			continue;
		parents = kb_arena_new_of(arena, kb_str);
		*parents = kb_str_sub(line, GIT_OID_HEXSZ, line.len);
		kb_map_put(&l->grafts, id_key(kb_arena_copy(arena, &id, sizeof(id))),
			parents);
	}
}

void kb_replaced_each(git_repository *repo, kb_replaced_fn *fn, void *ctx)
{
	static const char prefix[] = "refs/replace/";
	git_reference_iterator *refs = NULL;
	git_reference *ref;

	if (git_reference_iterator_glob_new(&refs, repo, "refs/replace/*") < 0)
		return;
	while (git_reference_next(&ref, refs) == 0) {
		const git_oid *by = git_reference_target(ref);
		git_oid id;

		if (by &&
			to_oid(kb_str_of(git_reference_name(ref) + strlen(prefix)), &id))
			fn(ctx, &id, by);
		git_reference_free(ref);
	}
	git_reference_iterator_free(refs);
}

static void put_replaced(void *ctx, const git_oid *id, const git_oid *by)
{
	struct commit_loader *l = ctx;
	struct kb_arena *arena = l->commits->arena;

	kb_map_put(&l->replaced, id_key(kb_arena_copy(arena, id, sizeof(*id))),
		kb_arena_copy(arena, by, sizeof(*by)));
}

int kb_commits_load(struct kb_commits *commits, struct kb_arena *arena, git_odb *odb,
	git_repository *repo, const git_oid *tip, const kb_map *known,
	struct kb_error *err)
{
	struct commit_loader l = {.commits = commits, .known = known};
	const char *gitdir = git_repository_commondir(repo);
	struct kb_commit *first;

	*commits = (struct kb_commits){.arena = arena, .odb = odb};
	load_shallow(&l, gitdir);
	load_grafts(&l, gitdir);
	kb_replaced_each(repo, put_replaced, &l);
	first = commit_of(&l, tip);
	while (l.todo.len > 0)
		load_commit(&l, l.todo.items[--l.todo.len]);
	kb_vec_dispose(&l.todo);
	kb_map_dispose(&l.shallow);
	kb_map_dispose(&l.grafts);
	kb_map_dispose(&l.replaced);
	if (git_oid_is_zero(&first->tree)) {
		kb_commits_dispose(commits);
		return kb_git_fail(
			err, "cannot read the commit %s", git_oid_tostr_s(tip));
	}
	return 0;
}

void kb_commits_dispose(struct kb_commits *commits)
{
	kb_map_dispose(&commits->by_id);
}
