#include "extensions.h"
#include "scratch.h"

#include "kb/change.h"
#include "kb/library.h"

/* REV: a revision, "staged", or NULL for the work tree. */
static struct kb_source *open_source(const char *dir, const char *rev)
{
	struct kb_source *source = NULL;
	struct kb_error err = {0};
	int rc = rev && strcmp(rev, "staged") == 0
			 ? kb_source_open_staged(
				   &source, scratch_path("%s", dir), NULL, &err)
			 : kb_source_open(
				   &source, scratch_path("%s", dir), rev, NULL, &err);

	if (rc < 0)
		fail_msg("%s", err.message);
	return source;
}

static void assert_staged_refused(const char *dir, const char *word)
{
	struct kb_source *source = NULL;
	struct kb_error err = {0};

	assert_int_equal(
		kb_source_open_staged(&source, scratch_path("%s", dir), NULL, &err), -1);
	assert_null(source);
	if (!strstr(err.message, word))
		fail_msg("%s", err.message);
}

static void put_list(kb_buf *text, struct kb_source *source)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_entry *entries;
	struct kb_error err;
	size_t n;

	if (kb_source_list(source, arena, &entries, &n, &err) < 0)
		fail_msg("%s", err.message);
	for (size_t i = 0; i < n; i++)
		kb_buf_fmt(text, "%s%.*s%s", i ? " " : "", KB_ARG(entries[i].path),
			entries[i].kind == KB_ENTRY_SYMLINK	? "@"
			: entries[i].kind == KB_ENTRY_SUBMODULE ? "%"
								: "");
	kb_arena_free(arena);
}

static void assert_list(struct kb_source *source, const char *expected)
{
	kb_buf text = {0};

	put_list(&text, source);
	assert_str(kb_buf_view(&text), expected);
	kb_buf_dispose(&text);
}

static void assert_read(struct kb_source *source, const char *path, const char *expected)
{
	struct kb_reader *reader = kb_reader_new(source);
	struct kb_error err = {0};
	kb_buf out = {0};

	if (kb_reader_read(reader, kb_str_of(path), 0, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_str(kb_buf_view(&out), expected);
	kb_buf_dispose(&out);
	kb_reader_free(reader);
}

/* "+new", "-old", "*path", "old>new 100", one after another. */
static void assert_changes(
	const char *dir, const char *a, const char *b, const char *expected)
{
	static const char marks[] = "+-*";
	struct kb_source *from = open_source(dir, a), *to = open_source(dir, b);
	const struct kb_path_change *items;
	struct kb_path_changes *changes;
	struct kb_error err;
	kb_buf text = {0};
	size_t n;

	if (kb_path_changes_find(&changes, from, to, &err) < 0)
		fail_msg("%s", err.message);
	items = kb_path_changes_items(changes, &n);
	for (size_t i = 0; i < n; i++) {
		kb_buf_puts(&text, i ? ", " : "");
		if (items[i].kind == KB_PATH_MOVED)
			kb_buf_fmt(&text, "%.*s>%.*s%s", KB_ARG(items[i].from),
				KB_ARG(items[i].to),
				items[i].similarity == 100 ? "" : "~");
		else
			kb_buf_fmt(&text, "%c%.*s", marks[items[i].kind],
				KB_ARG(items[i].to.len ? items[i].to : items[i].from));
		if (items[i].from.len)
			assert_ptr_equal(
				kb_path_change_from(changes, items[i].from), &items[i]);
		if (items[i].to.len)
			assert_ptr_equal(
				kb_path_change_to(changes, items[i].to), &items[i]);
		assert_int_equal(items[i].old_blob[0] != '\0', items[i].from.len > 0);
		assert_int_equal(items[i].new_blob[0] != '\0', items[i].to.len > 0);
	}
	assert_str(kb_buf_view(&text), expected);
	kb_buf_dispose(&text);
	kb_path_changes_free(changes);
	kb_source_free(from);
	kb_source_free(to);
}

static void staged(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"git init -q idx; cd idx; mkdir -p docs/en/sub docs/out; cd docs; touch kb.yaml;"
		"echo one >en/a.md; echo two >en-b.md; echo x >en.md; echo deep >en/sub/d.md;"
		"echo no >en/no.md; echo en/no.md >.kbignore; touch out/.kb-site out/x.html;"
		"ln -s a.md en/l.md; echo '*.tmp' >.gitignore; echo t >en/t.tmp;"
		"cp -r en ../beside; git add -f ..; git commit -qm 1;"
		"echo changed >en/a.md; git add en/a.md; echo later >en/a.md;"
		"echo new >en/new.md; git add en/new.md; rm en/new.md;"
		"echo intent >en/intent.md; git add -N en/intent.md; git rm -q --cached en.md;"
		"echo untracked >en/u.md");
	source = open_source("idx/docs/en", "staged");
	assert_str(kb_source_root(source), scratch_path("idx/docs"));
	assert_str(kb_source_prefix(source), "docs");
	assert_str(kb_source_branch(source), "main");
	assert_str(kb_source_commit(source), "");
	assert_list(source, ".gitignore .kbignore en-b.md en/a.md en/l.md@ en/new.md "
			    "en/sub/d.md en/t.tmp kb.yaml");
	assert_read(source, "en/a.md", "changed\n");
	assert_read(source, "en/l.md", "changed\n");
	assert_read(source, "en/new.md", "new\n");
	kb_source_free(source);
	assert_changes("idx/docs", "HEAD", "staged", "-en.md, *en/a.md, +en/new.md");
	assert_changes("idx/docs", "HEAD", NULL, "*en/a.md, +en/intent.md, +en/u.md");
	assert_changes("idx/docs", "staged", NULL,
		"+en.md, *en/a.md, +en/intent.md, -en/new.md, +en/u.md");
	/* The configuration is not there on disk. */
	scratch_run("rm idx/docs/kb.yaml");
	source = open_source("idx", "staged");
	assert_str(kb_source_prefix(source), "docs");
	kb_source_free(source);
}

static void staged_refused(void **state)
{
	(void)state;
	scratch_run(
		"git init -q conf; cd conf; mkdir en other; touch kb.yaml; echo 1 >en/a.md;"
		"git add .; git commit -qm 1; git checkout -qb b; echo 2 >en/a.md;"
		"git commit -qam 2; git checkout -q main; echo 3 >en/a.md; git commit -qam 3;"
		"git merge b >merge.log || true");
	assert_staged_refused("conf", "git add 'en/a.md'");
	scratch_run("cd conf; git reset -q --hard; git update-index --split-index");
	assert_staged_refused("conf", "--no-split-index");
	scratch_run("cd conf; git update-index --no-split-index;"
		    "git sparse-checkout set --cone --sparse-index en");
	assert_staged_refused("conf", "--no-sparse-index");
	scratch_run("mkdir nogit; touch nogit/kb.yaml; git init -q --bare b.git;"
		    "git init -q noconf");
	assert_staged_refused("nogit", "not in the work tree");
	assert_staged_refused("b.git", "not in the work tree");
	assert_staged_refused("noconf", "--config");
}

/* What a commit of one repository stages is nothing to another one that its hook asks
 * about. */
static void index_named_by_git(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run("for r in one two; do git init -q $r; cd $r; touch kb.yaml;"
		    "echo $r >$r.md; git add .; git commit -qm 1; cd ..; done;"
		    "git -C two worktree add -q ../linked;"
		    "cd two; echo new >new.md; git add new.md; cp .git/index .git/next;"
		    "cp .git/index ../loose; git reset -q --hard");
	setenv("GIT_INDEX_FILE", ".git/next", 1);
	source = open_source("two", "staged");
	assert_list(source, "kb.yaml new.md two.md");
	kb_source_free(source);
	setenv("GIT_INDEX_FILE", scratch_path("two/.git/next"), 1);
	source = open_source("two", "staged");
	assert_list(source, "kb.yaml new.md two.md");
	kb_source_free(source);
	source = open_source("one", "staged");
	assert_list(source, "kb.yaml one.md");
	kb_source_free(source);
	source = open_source("linked", "staged");
	assert_list(source, "kb.yaml two.md");
	kb_source_free(source);
	/* An index that is in no repository may be anyone's; GIT_DIR says whose. */
	setenv("GIT_INDEX_FILE", scratch_path("loose"), 1);
	source = open_source("two", "staged");
	assert_list(source, "kb.yaml new.md two.md");
	kb_source_free(source);
	setenv("GIT_DIR", scratch_path("two/.git"), 1);
	source = open_source("two", "staged");
	assert_list(source, "kb.yaml new.md two.md");
	kb_source_free(source);
	source = open_source("one", "staged");
	assert_list(source, "kb.yaml one.md");
	kb_source_free(source);
	unsetenv("GIT_INDEX_FILE");
	unsetenv("GIT_DIR");
}

/* What is not checked out did not change. */
static void sparse(void **state)
{
	(void)state;
	scratch_run("git init -q sparse; cd sparse; touch kb.yaml; mkdir en de;"
		    "echo en >en/a.md; echo de >de/a.md; ln -s a.md de/l.md; git add .;"
		    "git commit -qm 1; git sparse-checkout set --cone en; test ! -e de");
	assert_changes("sparse", "HEAD", NULL, "");
	assert_changes("sparse", "staged", NULL, "");
	scratch_run("cd sparse; mkdir de; echo new >de/a.md; rm en/a.md");
	assert_changes("sparse", "HEAD", NULL, "*de/a.md, -en/a.md");
}

static void replaced(void **state)
{
	static const char *const revs[] = {NULL, "HEAD", "staged"};

	(void)state;
	scratch_run(
		"git init -q rep; cd rep; mkdir -p en/kept site; touch kb.yaml site/.kb-site;"
		"echo one >en/a.md; printf 'draft*\\n/lost/\\n' >.kbignore;"
		"echo .kbignore >en/kept/.kbignore; git add .; git commit -qm 1");
	for (size_t i = 0; i < KB_LEN(revs); i++) {
		struct kb_source *source = open_source("rep", revs[i]);

		kb_source_replace(source, KB_STR("en/a.md"), KB_STR("other"));
		kb_source_replace(source, KB_STR("en/new/b.md"), KB_STR("new"));
		kb_source_replace(source, KB_STR("en/draft1.md"), KB_STR("d"));
		kb_source_replace(source, KB_STR("lost/x.md"), KB_STR("d"));
		kb_source_replace(source, KB_STR("site/x.md"), KB_STR("d"));
		assert_list(source, ".kbignore en/a.md en/new/b.md kb.yaml");
		assert_read(source, "en/a.md", "other");
		assert_read(source, "en/new/b.md", "new");
		assert_true(kb_source_ignores(source, KB_STR("en/draft1.md")));
		assert_true(kb_source_ignores(source, KB_STR("lost/deep/er.md")));
		assert_true(kb_source_ignores(source, KB_STR("site/x.md")));
		assert_false(kb_source_ignores(source, KB_STR("en/a.md")));
		assert_false(kb_source_ignores(source, KB_STR("en/lost/x.md")));
		assert_false(kb_source_ignores(source, KB_STR("fr/new/x.md")));
		kb_source_free(source);
	}
}

static void moved(void **state)
{
	(void)state;
	scratch_run(
		"git init -q mv; cd mv; mkdir -p en/sub; touch kb.yaml;"
		"for f in 1 2 3 4; do for i in $(seq 20); do echo \"line $i of $f\"; done >en/$f.md;"
		"done; echo same >en/s1.md; echo same >en/s2.md; touch en/e1.md; echo gone >en/g.md;"
		"git add .; git commit -qm 1;"
		"mkdir new; git mv en/1.md new/1.md; git mv en/2.md en/two.md;"
		"sed -i 's/^line 5 .*/changed/' en/two.md;"
		"git mv en/s1.md en/sub/s2.md; git mv en/s2.md en/sub/s1.md;"
		"echo another >en/3.md; git rm -q en/e1.md en/g.md; touch en/e2.md;"
		"echo unlike >en/h.md; git add .; git commit -qm 2;"
		"git mv new/1.md en/1.md; echo '* text=auto eol=crlf' >.gitattributes;"
		"git add . 2>../crlf.log;"
		"git commit -qm 3; rm -r en; git checkout -q .");
	assert_changes("mv", "HEAD~2", "HEAD~1",
		"*en/3.md, en/e1.md>en/e2.md, -en/g.md, +en/h.md, en/s1.md>en/sub/s1.md, "
		"en/s2.md>en/sub/s2.md, en/2.md>en/two.md~, en/1.md>new/1.md");
	assert_changes("mv", "HEAD~1", "HEAD", "+.gitattributes, new/1.md>en/1.md");
	assert_changes("mv", "HEAD", NULL, "");
	assert_changes("mv", "HEAD", "HEAD", "");
	/* Another time does not make another file, nor does another mode. */
	scratch_run("cd mv; touch -d 2001-01-01 en/3.md; chmod +x en/4.md");
	assert_changes("mv", "HEAD", NULL, "");
}

/* Of files that are alike, the name decides, however many there are. */
static void moved_by_name(void **state)
{
	(void)state;
	scratch_run(
		"git init -q names; cd names; mkdir -p en new; touch kb.yaml;"
		"t() { for i in 1 2 3 4 5 6 7 8; do echo \"line $i\"; done; echo $1; echo $2; };"
		"t a x >en/a.md; t b x >en/b.md; git add .; git commit -qm 1;"
		"git rm -q en/*; mkdir -p new; t b y >new/a.md; t a y >new/b.md;"
		"git add .; git commit -qm 2");
	assert_changes("names", "HEAD~1", "HEAD", "en/a.md>new/a.md~, en/b.md>new/b.md~");
	scratch_run(
		"cd names; git checkout -q HEAD~1; mkdir en/n; for i in $(seq 510); do"
		" printf '%s\\n' $i b c d e >en/n/$i.md; done; git add .; git commit -qm 3;"
		"git mv en/n en/m; git mv en/a.md en/other.md; echo f >>en/other.md;"
		"for i in $(seq 510); do echo f >>en/m/$i.md; done; git add .;"
		"git commit -qm 4");
	struct kb_source *from = open_source("names", "HEAD~1");
	struct kb_source *to = open_source("names", "HEAD");
	struct kb_path_changes *changes;
	struct kb_error err;
	if (kb_path_changes_find(&changes, from, to, &err) < 0)
		fail_msg("%s", err.message);
	assert_str(kb_path_change_to(changes, KB_STR("en/m/7.md"))->from, "en/n/7.md");
	assert_str(kb_path_change_to(changes, KB_STR("en/other.md"))->from, "en/a.md");
	kb_path_changes_free(changes);
	kb_source_free(from);
	kb_source_free(to);
}

static void links_and_modules(void **state)
{
	(void)state;
	scratch_run(
		"git init -q mod; git init -q kinds; (cd mod; git commit -q --allow-empty -m 1);"
		"cd kinds; touch kb.yaml; ln -s kb.yaml l; git submodule -q add ../mod sub;"
		"git add .; git commit -qm 1; sleep 0.01");
	assert_changes("kinds", "HEAD", NULL, "");
	scratch_run("cd kinds; ln -sf other l");
	assert_changes("kinds", "HEAD", NULL, "*l");
}

static void assert_revisions(
	const char *dir, const char *spec, const char *from, const char *to)
{
	struct kb_revisions found;
	struct kb_error err;
	char script[600];

	if (kb_revisions_parse(&found, scratch_path("%s", dir), spec, &err) < 0)
		fail_msg("%s", err.message);
	snprintf(script, sizeof(script),
		"cd %s; test %s = $(git rev-parse '%s^{commit}') -a '%s' = \"%s%s%s\"",
		dir, found.from, from, found.to, to[0] ? "$(git rev-parse '" : "", to,
		to[0] ? "^{commit}')" : "");
	scratch_run(script);
}

static void assert_no_revisions(const char *dir, const char *spec, const char *word)
{
	struct kb_revisions found;
	struct kb_error err;

	assert_int_equal(
		kb_revisions_parse(&found, scratch_path("%s", dir), spec, &err), -1);
	if (!strstr(err.message, word))
		fail_msg("%s", err.message);
}

static void revisions(void **state)
{
	struct kb_error err;

	(void)state;
	scratch_run(
		"git init -q revs; cd revs; c() { git commit -q --allow-empty -m $1; };"
		"c 1; c 2; git tag -am x base; git checkout -qb side; c 3; c 4;"
		"git checkout -q main; c 5; git merge -q side -m m; c 6;"
		"git checkout -q side; c 7; git checkout -q --orphan apart; c 8;"
		"git checkout -q main");
	assert_revisions("revs", "side", "side", "");
	assert_revisions("revs", "base", "base", "");
	assert_revisions("revs", "side..main", "side", "main");
	assert_revisions("revs", "side..", "side", "HEAD");
	assert_revisions("revs", "..side", "HEAD", "side");
	assert_revisions("revs", "side...main", "side~1", "main");
	assert_revisions("revs", "main~1...side", "side~1", "side");
	assert_revisions("revs", "main~2...side", "base", "side");
	assert_revisions("revs", "base...", "base", "HEAD");
	assert_revisions("revs", "main...base", "base", "base");
	assert_no_revisions("revs", "nowhere", "'nowhere'");
	assert_no_revisions("revs", "main..nowhere", "'nowhere'");
	assert_no_revisions("revs", "main...apart", "no history in common");
	assert_no_revisions(".", "HEAD", "not in a Git repository");
	assert_true(kb_head_exists(scratch_path("revs"), NULL));
	scratch_run("git init -q none");
	assert_false(kb_head_exists(scratch_path("none"), &err));
	assert_string_equal(err.message,
		"there is no commit yet: use 'git add' and 'git commit' first");
	assert_false(kb_head_exists(scratch_path("."), &err));
	assert_non_null(strstr(err.message, "not in a Git repository"));
}

/* Whatever the dates say, the base is git's. */
static void tangled(void **state)
{
	(void)state;
	scratch_run("git init -q tangle; cd tangle; t=1600000000;"
		    "c() { GIT_COMMITTER_DATE=\"$((t + ($1 * 37) % 11 * 1000)) +0000\""
		    " git commit -q --allow-empty -m $1; };"
		    "c 1; for i in 1 2 3 4 5 6; do git checkout -qb b$i; c $((i * 7));"
		    "c $((i * 5)); git checkout -q main; c $((i * 3));"
		    "test $((i % 2)) = 0 || git merge -q b$i -m m$i; done");
	for (int i = 1; i <= 6; i++) {
		struct kb_revisions found;
		struct kb_error err;
		char spec[32], script[300];

		snprintf(spec, sizeof(spec), "b%d...main", i);
		if (kb_revisions_parse(&found, scratch_path("tangle"), spec, &err) < 0)
			fail_msg("%s", err.message);
		snprintf(script, sizeof(script),
			"cd tangle; test %s = $(git merge-base b%d main)", found.from, i);
		scratch_run(script);
	}
}

static void shallow(void **state)
{
	(void)state;
	scratch_run("git clone -q --depth 2 --no-single-branch file://$PWD/revs cut");
	assert_revisions("cut", "main~1...main", "main~1", "main");
	assert_no_revisions("cut", "main...origin/apart", "fetch-depth: 0");
	assert_no_revisions("cut", "main~9", "fetch-depth: 0");
}

static struct kb_library *load(
	struct kb_source *source, const struct kb_library *like, struct kb_diags *diags)
{
	const struct kb_library_options options = {.now = 1700000000, .like = like};
	struct kb_library *lib;
	struct kb_error err;

	kb_diags_init(diags, NULL);
	if (kb_library_load(&lib, source, &options, diags, &err) < 0)
		fail_msg("%s", err.message);
	return lib;
}

/* Was the document taken from the other library? */
static bool taken(
	const struct kb_library *lib, const struct kb_library *like, const char *path)
{
	const struct kb_document *doc = kb_library_by_path(lib, kb_str_of(path));
	const struct kb_document *other = kb_library_by_path(like, kb_str_of(path));

	assert_non_null(doc);
	assert_non_null(doc->family);
	assert_ptr_not_equal(doc, other);
	assert_ptr_equal(kb_family_find(lib, doc->family, doc->locale), doc);
	return other && doc->facts == other->facts;
}

/* Each document has the same findings in both. */
static void assert_same_findings(const struct kb_diags *a, const struct kb_diags *b)
{
	assert_int_equal(a->len, b->len);
	for (size_t i = 0; i < a->len; i++) {
		assert_int_equal(a->items[i].rule, b->items[i].rule);
		assert_true(kb_str_eq(a->items[i].path, b->items[i].path));
		assert_true(kb_str_eq(a->items[i].message, b->items[i].message));
		assert_int_equal(a->items[i].range.off, b->items[i].range.off);
	}
}

static void libraries_alike(void **state)
{
	struct kb_source *now_source, *old_source;
	struct kb_library *now, *old, *alone;
	struct kb_diags now_diags, old_diags, alone_diags;

	(void)state;
	scratch_run(
		"git init -q like; cd like; printf 'locales: [{code: en}]\n' >kb.yaml;"
		"mkdir -p en/articles en/workflows; echo 's: {name: S}' >people.yaml;"
		"d() { printf -- '---\ntitle: T\nowner: s\n%s\n---\n# H\n%s\n' \"$2\" \"$3\" >en/$1.md; };"
		"d articles/same '' text; d articles/edited '' text; d articles/was '' x;"
		"d articles/faulty 'x: 1' text;"
		"d workflows/w 'issues: [i]' '## A\n- [b](kb:resolved)';"
		"git add .; git commit -qm 1; d articles/edited '' other;"
		"git mv en/articles/was.md en/articles/is.md; git commit -qam 2;"
		"echo 'timezone: Europe/Vienna' >>kb.yaml; git commit -qam 3");
	now_source = open_source("like", "HEAD~1");
	now = load(now_source, NULL, &now_diags);
	old_source = open_source("like", "HEAD~2");
	alone = load(old_source, NULL, &alone_diags);
	old = load(old_source, now, &old_diags);
	kb_diags_finish(&old_diags, NULL, NULL);
	kb_diags_finish(&alone_diags, NULL, NULL);
	assert_same_findings(&old_diags, &alone_diags);
	assert_str(old_diags.items[0].path, "en/articles/faulty.md");
	assert_true(taken(old, now, "en/articles/same.md"));
	assert_true(taken(old, now, "en/workflows/w.md"));
	assert_false(taken(old, now, "en/articles/edited.md"));
	assert_true(taken(old, now, "en/articles/faulty.md"));
	assert_false(taken(old, now, "en/articles/was.md"));
	assert_ptr_not_equal(
		kb_library_by_path(old, KB_STR("en/workflows/w.md"))->workflow,
		kb_library_by_path(now, KB_STR("en/workflows/w.md"))->workflow);
	kb_library_free(old);
	kb_diags_dispose(&old_diags);
	kb_source_free(old_source);
	/* Another configuration may make another document of it. */
	old_source = open_source("like", "HEAD");
	old = load(old_source, now, &old_diags);
	assert_false(taken(old, now, "en/articles/same.md"));
	kb_library_free(old);
	kb_library_free(alone);
	kb_library_free(now);
	kb_diags_dispose(&old_diags);
	kb_diags_dispose(&alone_diags);
	kb_diags_dispose(&now_diags);
	kb_source_free(old_source);
	kb_source_free(now_source);
}

static struct kb_library *next(const struct kb_library *previous, const char *path,
	const char *text, struct kb_source **source, struct kb_diags *diags)
{
	const struct kb_library_options options = {.now = 1700000000, .no_store = true};
	kb_str changed = kb_str_of(path);
	const kb_strs paths = {&changed, 1, 1};
	struct kb_library *lib;
	struct kb_error err;

	kb_diags_init(diags, NULL);
	assert_int_equal(
		0, kb_source_open(source, scratch_path("gen"), NULL, NULL, &err));
	kb_source_replace(*source, changed, kb_str_of(text));
	if (kb_library_next(&lib, previous, *source, &paths, &options, diags, &err) < 0)
		fail_msg("%s", err.message);
	return lib;
}

static kb_str title_at(const struct kb_library *lib, const char *path)
{
	return kb_library_by_path(lib, kb_str_of(path))->facts->title;
}

/* Each generation shares what did not change, however the others are freed. */
static void generations(void **state)
{
	struct kb_source *sources[3];
	struct kb_library *libs[3];
	struct kb_diags diags[3];
	uint64_t parsed;

	(void)state;
	scratch_run("git init -q gen; cd gen; printf 'locales: [{code: en}]\n' >kb.yaml;"
		    "mkdir -p en/articles;"
		    "for i in a b c; do printf -- '---\ntitle: %s\n---\n[l](a.md)\n' $i"
		    ">en/articles/$i.md; done");
	libs[0] = next(NULL, "en/articles/c.md", "---\ntitle: C\n---\nx\n", &sources[0],
		&diags[0]);
	parsed = kb_md_parsed();
	libs[1] = next(libs[0], "en/articles/a.md", "---\ntitle: New\nx: 1\n---\nx\n",
		&sources[1], &diags[1]);
	assert_int_equal(kb_md_parsed(), parsed + 1);
	libs[2] = next(libs[1], "en/articles/d.md", "---\ntitle: D\n---\n[l](b.md)\n",
		&sources[2], &diags[2]);
	assert_int_equal(kb_md_parsed(), parsed + 2);
	assert_true(taken(libs[1], libs[0], "en/articles/b.md"));
	assert_false(taken(libs[1], libs[0], "en/articles/a.md"));
	assert_true(taken(libs[2], libs[1], "en/articles/a.md"));
	assert_true(taken(libs[2], libs[0], "en/articles/b.md"));
	/* What was found in a shared text is found in each. */
	assert_int_equal(diags[1].len, diags[0].len + 1);
	assert_int_equal(diags[2].len, diags[1].len);
	kb_library_free(libs[0]);
	kb_library_free(libs[1]);
	assert_str(title_at(libs[2], "en/articles/a.md"), "New");
	assert_str(title_at(libs[2], "en/articles/b.md"), "b");
	assert_str(title_at(libs[2], "en/articles/d.md"), "D");
	kb_library_free(libs[2]);
	for (int i = 0; i < 3; i++) {
		kb_diags_dispose(&diags[i]);
		kb_source_free(sources[i]);
	}
}

/* Another document in the place of one is found as that is, and nothing else changes. */
static void overlay(void **state)
{
	struct kb_diags diags;
	struct kb_source *source;
	struct kb_library *lib = next(
		NULL, "en/articles/c.md", "---\ntitle: C\n---\nx\n", &source, &diags);
	struct kb_library *over;
	struct kb_document other = *lib->docs[1], *docs[3] = {NULL, &other, NULL};

	(void)state;
	other.id = KB_STR("else");
	other.address = KB_STR("articles/else/");
	over = kb_library_overlay(lib, docs);
	assert_null(kb_library_family(over, KB_STR("articles/b")));
	assert_non_null(kb_library_family(over, KB_STR("else")));
	assert_non_null(kb_library_family(over, KB_STR("articles/a")));
	assert_ptr_equal(kb_library_family(over, KB_STR("else")),
		kb_library_by_path(over, KB_STR("en/articles/b.md"))->family);
	assert_non_null(kb_library_family(lib, KB_STR("articles/b")));
	assert_ptr_equal(over->docs[0]->facts, lib->docs[0]->facts);
	assert_ptr_not_equal(over->docs[0]->family, lib->docs[0]->family);
	kb_library_free(over);
	kb_library_free(lib);
	kb_diags_dispose(&diags);
	kb_source_free(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(staged),
		cmocka_unit_test(staged_refused),
		cmocka_unit_test(sparse),
		cmocka_unit_test(index_named_by_git),
		cmocka_unit_test(replaced),
		cmocka_unit_test(moved),
		cmocka_unit_test(moved_by_name),
		cmocka_unit_test(links_and_modules),
		cmocka_unit_test(revisions),
		cmocka_unit_test(tangled),
		cmocka_unit_test(shallow),
		cmocka_unit_test(libraries_alike),
		cmocka_unit_test(generations),
		cmocka_unit_test(overlay),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
