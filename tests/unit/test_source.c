#include "extensions.h"
#include "scratch.h"

#include <dirent.h>
#include <sys/stat.h>

#include "kb/pool.h"
#include "kb/source.h"

static struct kb_source *open_source(const char *dir, const char *rev, const char *config)
{
	struct kb_source *source = NULL;
	struct kb_error err = {0};

	if (kb_source_open(&source, dir, rev, config, &err) < 0)
		fail_msg("%s", err.message);
	return source;
}

static void assert_refused(const char *dir, const char *rev, const char *config,
	enum kb_error_code code, const char *word)
{
	struct kb_source *source = NULL;
	struct kb_error err = {0};

	assert_int_equal(kb_source_open(&source, dir, rev, config, &err), -1);
	assert_null(source);
	if (err.code != code || !strstr(err.message, word))
		fail_msg("code %d: %s", err.code, err.message);
}

/* The paths in one string, each with a mark for links and submodules. */
static void assert_list(struct kb_source *source, const char *expected)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_entry *entries;
	kb_buf text = {0};
	struct kb_error err;
	size_t n;

	if (kb_source_list(source, arena, &entries, &n, &err) < 0)
		fail_msg("%s", err.message);
	for (size_t i = 0; i < n; i++)
		kb_buf_fmt(&text, "%s%.*s%s", i ? " " : "", KB_ARG(entries[i].path),
			entries[i].kind == KB_ENTRY_SYMLINK	? "@"
			: entries[i].kind == KB_ENTRY_SUBMODULE ? "%"
								: "");
	assert_str(kb_buf_view(&text), expected);
	kb_buf_dispose(&text);
	kb_arena_free(arena);
}

static void assert_read(struct kb_source *source, const char *path, const char *expected)
{
	struct kb_reader *reader = kb_reader_new(source);
	kb_buf out = {0};
	struct kb_error err = {0};

	kb_buf_puts(&out, "kept ");
	if (kb_reader_read(reader, kb_str_of(path), 0, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_str(kb_str_sub(kb_buf_view(&out), 5, out.len), expected);
	kb_buf_dispose(&out);
	kb_reader_free(reader);
}

static void assert_unreadable(
	struct kb_source *source, const char *path, size_t max, enum kb_error_code code)
{
	struct kb_reader *reader = kb_reader_new(source);
	kb_buf out = {0};
	struct kb_error err = {0};

	kb_buf_puts(&out, "kept");
	assert_int_equal(kb_reader_read(reader, kb_str_of(path), max, &out, &err), -1);
	if (err.code != code)
		fail_msg("%s: code %d: %s", path, err.code, err.message);
	assert_str(kb_buf_view(&out), "kept");
	kb_buf_dispose(&out);
	kb_reader_free(reader);
}

static void plain_folder(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run("mkdir -p plain/en/sub 'plain/en/a b' plain/public; cd plain;"
		    "touch kb.yaml public/.kb-site public/index.html;"
		    "echo one >en/one.md; echo two >'en/a b/two.md'; echo x >en.md;"
		    "echo y >en/sub/.hidden.md; printf 'z' >$(printf 'en/new\\nline.md');"
		    "ln -s one.md en/link.md; mkfifo en/fifo");
	source = open_source(scratch_path("plain/en/sub"), NULL, NULL);
	assert_str(kb_source_root(source), scratch_path("plain"));
	assert_str(kb_source_prefix(source), "");
	assert_str(kb_source_branch(source), "");
	assert_false(kb_source_has_git(source));
	assert_list(source, "en.md en/a b/two.md en/link.md@ en/new\nline.md en/one.md "
			    "en/sub/.hidden.md kb.yaml");
	assert_read(source, "en/one.md", "one\n");
	assert_read(source, "en/a b/two.md", "two\n");
	assert_read(source, "en/new\nline.md", "z");
	assert_read(source, "kb.yaml", "");
	kb_source_free(source);
}

static void nothing_there(void **state)
{
	(void)state;
	scratch_run("mkdir -p empty; git init -q --bare bare.git; git init -q unborn;"
		    "echo >file");
	assert_refused(scratch_path("empty"), NULL, NULL, KB_E_NOTFOUND, "kb init");
	assert_refused(scratch_path("missing"), NULL, NULL, KB_E_NOTFOUND, "missing");
	assert_refused(scratch_path("file"), NULL, NULL, KB_E_NOTFOUND, "not a folder");
	assert_refused(
		scratch_path("empty"), "HEAD", NULL, KB_E_GIT, "not in a Git repository");
	assert_refused(scratch_path("bare.git"), NULL, NULL, KB_E_USAGE, "--rev");
	assert_refused(scratch_path("unborn"), "HEAD", NULL, KB_E_GIT, "no commit yet");
	assert_refused(
		scratch_path("unborn"), NULL, "none.yaml", KB_E_NOTFOUND, "none.yaml");
}

static void ignored(void **state)
{
	static const char script[] =
		"mkdir -p $D/site/en/deep/tmp $D/site/build/x $D/site/de; cd $D;"
		"printf '*.bak\\n/site/de/secret*\\n' >.gitignore; cd site; touch kb.yaml;"
		"printf 'build/\\n!keep.log\\n# comment\\n\\\\#odd\\n' >.gitignore;"
		"printf '*.log\\r\\ntmp\\n' >en/.gitignore;"
		"printf 'drafts/**\\n!drafts/\\nen/*/d?[ab].md\\n**/deep/**/x.md\\n' >.kbignore;"
		"mkdir -p drafts en/deep/a/b;"
		"touch a.bak build/x/y.md de/secret.md de/open.md de/'#odd' en/a.log en/keep.log"
		" en/deep/tmp/q.md en/deep/dab.md en/deep/d1a.md en/deep/d1c.md drafts/d.md"
		" en/deep/x.md en/deep/a/b/x.md en/deep/a/b/y.md en/tmp;";
	struct kb_source *source;

	(void)state;
	setenv("D", "nogit", 1);
	scratch_run(script);
	source = open_source(scratch_path("nogit/site"), NULL, NULL);
	/* The folder above is not the content root's own: its rules don't count. */
	assert_list(source, ".gitignore .kbignore a.bak de/open.md de/secret.md "
			    "en/.gitignore en/deep/a/b/y.md en/deep/d1c.md kb.yaml");
	kb_source_free(source);

	setenv("D", "ign", 1);
	scratch_run(script);
	scratch_run("git init -q ign; cd ign; echo 'site/de/'?pen.md >.git/info/exclude;"
		    "mkdir -p ~/.config/git; echo keep.log >~/.config/git/ignore");
	source = open_source(scratch_path("ign/site"), NULL, NULL);
	assert_list(source, ".gitignore .kbignore en/.gitignore en/deep/a/b/y.md "
			    "en/deep/d1c.md kb.yaml");
	kb_source_free(source);

	/* What is tracked is there, whatever .gitignore says. */
	scratch_run("cd ign; rm .git/info/exclude ~/.config/git/ignore; git add .;"
		    "git add -f site/build/x/y.md site/en/a.log; git commit -qm x");
	source = open_source(scratch_path("ign/site"), NULL, NULL);
	assert_list(source, ".gitignore .kbignore build/x/y.md de/open.md en/.gitignore "
			    "en/a.log en/deep/a/b/y.md en/deep/d1c.md kb.yaml");
	kb_source_free(source);
	source = open_source(scratch_path("ign/site"), "HEAD", NULL);
	assert_list(source, ".gitignore .kbignore build/x/y.md de/open.md en/.gitignore "
			    "en/a.log en/deep/a/b/y.md en/deep/d1c.md kb.yaml");
	kb_source_free(source);
}

static void revisions(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p rev/site/en; cd rev; git init -q; touch site/kb.yaml;"
		"echo old >site/en/a.md; echo gone >site/en/b.md; echo out >outside.md;"
		"git add .; git commit -qm one; git tag v1;"
		"echo new >site/en/a.md; rm site/en/b.md; git commit -qam two;"
		"echo worktree >site/en/a.md; git clone -q --bare . ../rev.git;"
		"git branch feature; git remote add origin ../rev.git; git fetch -q;"
		"git worktree add -q ../linked feature");
	source = open_source(scratch_path("rev/site/en"), NULL, NULL);
	assert_str(kb_source_root(source), scratch_path("rev/site"));
	assert_str(kb_source_prefix(source), "site");
	assert_str(kb_source_branch(source), "main");
	assert_str(kb_source_commit(source), "");
	assert_true(kb_source_has_git(source));
	assert_read(source, "en/a.md", "worktree\n");
	kb_source_free(source);

	source = open_source(scratch_path("rev/site"), "HEAD~1", NULL);
	assert_str(kb_source_root(source), scratch_path("rev/site"));
	assert_int_equal(kb_source_commit(source).len, 40);
	assert_true(kb_str_eq(kb_source_branch(source), kb_source_commit(source)));
	assert_list(source, "en/a.md en/b.md kb.yaml");
	assert_read(source, "en/a.md", "old\n");
	assert_unreadable(source, "en/none.md", 0, KB_E_NOTFOUND);
	assert_unreadable(source, "en", 0, KB_E_NOTFOUND);
	assert_unreadable(source, "../outside.md", 0, KB_E_REFUSED);
	kb_source_free(source);
}

static void other_repositories(void **state)
{
	struct kb_source *source;

	(void)state;
	/* The repository of the test before. */
	assert_refused(scratch_path("rev.git"), NULL, NULL, KB_E_USAGE, "bare");
	source = open_source(scratch_path("rev.git"), "main", NULL);
	assert_str(kb_source_root(source), "");
	assert_str(kb_source_prefix(source), "site");
	assert_str(kb_source_branch(source), "main");
	assert_read(source, "en/a.md", "new\n");
	kb_source_free(source);

	source = open_source(scratch_path("rev"), "v1", NULL);
	assert_str(kb_source_branch(source), "v1");
	assert_read(source, "en/b.md", "gone\n");
	kb_source_free(source);

	source = open_source(scratch_path("rev"), "origin/main", NULL);
	assert_str(kb_source_branch(source), "main");
	kb_source_free(source);

	source = open_source(scratch_path("linked/site"), NULL, NULL);
	assert_str(kb_source_prefix(source), "site");
	assert_str(kb_source_branch(source), "feature");
	assert_read(source, "en/a.md", "new\n");
	kb_source_free(source);
	source = open_source(scratch_path("linked"), "HEAD~1", NULL);
	assert_read(source, "en/a.md", "old\n");
	kb_source_free(source);

	scratch_run("git clone -q rev.git detached; cd detached;"
		    "git config core.repositoryformatversion 1;"
		    "git config extensions.worktreeConfig true;"
		    "git config extensions.partialClone origin; git pack-refs --all;"
		    "git checkout -q --detach");
	source = open_source(scratch_path("detached/site"), NULL, NULL);
	assert_str(kb_source_branch(source), "main");
	assert_list(source, "en/a.md kb.yaml");
	kb_source_free(source);
	assert_refused(scratch_path("rev"), "nonsense", NULL, KB_E_GIT, "nonsense");
	assert_refused(
		scratch_path("rev"), "main:site/en/a.md", NULL, KB_E_GIT, "no revision");
}

static void nested_repositories(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run("git init -q nest; cd nest; touch kb.yaml; mkdir en; touch en/a.md;"
		    "git submodule add -q ../rev.git en/sub; git add .; git commit -qm x;"
		    "git init -q other; touch other/x.md; git worktree add -q wt -b wt");
	source = open_source(scratch_path("nest"), NULL, NULL);
	assert_list(source, ".gitmodules en/a.md en/sub% kb.yaml other% wt%");
	kb_source_free(source);
	source = open_source(scratch_path("nest"), "HEAD", NULL);
	assert_list(source, ".gitmodules en/a.md en/sub% kb.yaml");
	assert_unreadable(source, "en/sub", 0, KB_E_REFUSED);
	assert_unreadable(source, "en/sub/site/en/a.md", 0, KB_E_NOTFOUND);
	kb_source_free(source);
}

/* Configuration that the revision does not hold. */
static void configuration_elsewhere(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p conf/docs conf/sub cfg; cd conf; git init -q;"
		"echo text >docs/a.md; echo 'committed' >people.yaml; git add .;"
		"git commit -qm x; git clone -q --bare . ../conf.git;"
		"echo 'name: x' >../cfg/mine.yaml; echo 'issues: []' >../cfg/taxonomy.yaml;"
		"mkdir ../cfg/people.yaml");
	assert_refused(scratch_path("conf"), "HEAD", NULL, KB_E_NOTFOUND, "--config");
	assert_refused(scratch_path("conf"), NULL, NULL, KB_E_NOTFOUND, "kb.yaml");

	source = open_source(scratch_path("conf/sub"), "HEAD", "../../cfg/mine.yaml");
	assert_str(kb_source_prefix(source), "");
	assert_list(source, "docs/a.md kb.yaml people.yaml taxonomy.yaml");
	assert_read(source, "kb.yaml", "name: x\n");
	assert_read(source, "people.yaml", "committed\n");
	assert_read(source, "taxonomy.yaml", "issues: []\n");
	kb_source_free(source);

	source = open_source(
		scratch_path("conf.git"), "HEAD", scratch_path("cfg/mine.yaml"));
	assert_list(source, "docs/a.md kb.yaml people.yaml taxonomy.yaml");
	kb_source_free(source);

	/* In the work tree: the root is its top, or where the configuration stands. */
	source = open_source(scratch_path("conf/docs"), NULL, "../../cfg/mine.yaml");
	assert_str(kb_source_root(source), scratch_path("conf"));
	assert_list(source, "docs/a.md kb.yaml people.yaml taxonomy.yaml");
	kb_source_free(source);
	scratch_run("cp cfg/mine.yaml conf/docs/kb.yaml");
	source = open_source(scratch_path("conf"), NULL, "docs/kb.yaml");
	assert_str(kb_source_root(source), scratch_path("conf/docs"));
	assert_str(kb_source_prefix(source), "docs");
	assert_list(source, "a.md kb.yaml");
	kb_source_free(source);
	source = open_source(scratch_path("conf/docs"), "HEAD", "kb.yaml");
	assert_str(kb_source_prefix(source), "docs");
	assert_list(source, "a.md kb.yaml");
	kb_source_free(source);
}

static void several_roots(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p two/a two/b/c; cd two; git init -q; touch a/kb.yaml b/kb.yaml;"
		"touch b/c/x.md; git add .; git commit -qm x; rm b/kb.yaml");
	assert_refused(scratch_path("two"), "HEAD", NULL, KB_E_NOTFOUND, "-C");
	source = open_source(scratch_path("two/b/c"), "HEAD", NULL);
	assert_str(kb_source_prefix(source), "b");
	assert_list(source, "c/x.md kb.yaml");
	kb_source_free(source);
	/* The configuration above a repository: that is not the root's. */
	scratch_run("mkdir -p above/inner; cd above; echo >kb.yaml; git init -q inner");
	source = open_source(scratch_path("above/inner"), NULL, NULL);
	assert_str(kb_source_root(source), scratch_path("above"));
	assert_false(kb_source_has_git(source));
	kb_source_free(source);
}

static void links(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p links/root/en/sub links/root/de; cd links/root; git init -q ..;"
		"echo secret >../secret; touch kb.yaml; echo hi >en/a.md;"
		"ln -s ../en/a.md de/a.md; ln -s ../../secret de/out; ln -s loop de/loop;"
		"ln -s ping de/pong; ln -s pong de/ping; ln -s /etc/hostname de/abs;"
		"ln -s en folder; ln -s missing de/dangling; ln -s .. de/up;"
		"ln -s a.md en/b.md; ln -s ../folder/b.md de/chain; ln -s ../.. de/top;"
		"ln -s ../../root/en/a.md de/back; git add ..; git commit -qm x");
	for (int i = 0; i < 2; i++) {
		source = open_source(scratch_path("links/root"), i ? "HEAD" : NULL, NULL);
		assert_list(source,
			"de/a.md@ de/abs@ de/back@ de/chain@ de/dangling@ de/loop@ "
			"de/out@ de/ping@ de/pong@ de/top@ de/up@ en/a.md en/b.md@ "
			"folder@ kb.yaml");
		assert_read(source, "de/a.md", "hi\n");
		assert_read(source, "folder/a.md", "hi\n");
		assert_read(source, "de/up/en/b.md", "hi\n");
		assert_read(source, "de/chain", "hi\n");
		assert_unreadable(source, "de/out", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/top/secret", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/back", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/abs", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/loop", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/ping", 0, KB_E_REFUSED);
		assert_unreadable(source, "de/dangling", 0, KB_E_NOTFOUND);
		assert_unreadable(source, "en/a.md/x", 0, KB_E_NOTFOUND);
		kb_source_free(source);
	}
}

/* A link must not make public what is not content: a password in Git's configuration, a
 * file that is ignored or that kb published. */
static void links_to_what_is_not_content(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p secret/en secret/public; cd secret; git init -q;"
		"touch kb.yaml public/.kb-site public/index.html; echo hi >en/a.md;"
		"echo '*.env' >.gitignore; echo draft >.kbignore; echo x >local.env;"
		"echo x >draft; ln -s ../.git/config en/config;"
		"ln -s ../.git en/folder; ln -s ../local.env en/env;"
		"ln -s ../draft en/draft; ln -s ../public/index.html en/public;"
		"ln -s env en/chain; ln -s a.md en/fine; git add -A; git commit -qm x");
	for (int i = 0; i < 2; i++) {
		enum kb_error_code code = i ? KB_E_NOTFOUND : KB_E_REFUSED;

		source = open_source(scratch_path("secret"), i ? "HEAD" : NULL, NULL);
		assert_read(source, "en/fine", "hi\n");
		assert_unreadable(source, "en/config", 0, code);
		assert_unreadable(source, "en/folder/config", 0, code);
		assert_unreadable(source, "en/env", 0, code);
		assert_unreadable(source, "en/chain", 0, code);
		assert_unreadable(source, "en/draft", 0, code);
		assert_unreadable(source, "en/public", 0, code);
		kb_source_free(source);
	}
}

static void resolves_to(struct kb_source *source, const char *path, const char *want)
{
	struct kb_reader *reader = kb_reader_new(source);
	_cleanup_buf_ kb_buf out = {0};

	if (kb_reader_resolve(reader, kb_str_of(path), &out, NULL) < 0)
		assert_null(want);
	else
		assert_str(kb_buf_view(&out), want);
	kb_reader_free(reader);
}

static void where_links_lead(void **state)
{
	struct kb_source *source;

	(void)state;
	for (int i = 0; i < 2; i++) {
		source = open_source(scratch_path("links/root"), i ? "HEAD" : NULL, NULL);
		resolves_to(source, "de/chain", "en/a.md");
		resolves_to(source, "folder", "en");
		resolves_to(source, "folder/b.md", "en/a.md");
		resolves_to(source, "en/a.md", "en/a.md");
		resolves_to(source, "de/dangling", "de/missing");
		resolves_to(source, "de/up", "");
		resolves_to(source, "de/top", NULL);
		resolves_to(source, "de/ping", NULL);
		resolves_to(source, "de/abs", NULL);
		kb_source_free(source);
	}
}

static void what_cannot_be_read(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"mkdir -p bad/en; cd bad; git init -q; touch kb.yaml; echo 12345 >en/a.md;"
		"git add .; git commit -qm x; mkfifo en/fifo; echo x >en/closed.md;"
		"chmod 0 en/closed.md");
	source = open_source(scratch_path("bad"), NULL, NULL);
	assert_list(source, "en/a.md en/closed.md kb.yaml");
	assert_unreadable(source, "en/a.md", 5, KB_E_REFUSED);
	assert_unreadable(source, "en/fifo", 0, KB_E_REFUSED);
	assert_unreadable(source, "en", 0, KB_E_REFUSED);
	if (geteuid() != 0)
		assert_unreadable(source, "en/closed.md", 0, KB_E_IO);
	assert_unreadable(source, "", 0, KB_E_REFUSED);
	assert_unreadable(source, "/etc/hostname", 0, KB_E_REFUSED);
	assert_unreadable(source, "en/../../x", 0, KB_E_REFUSED);
	assert_unreadable(source, "en//a.md", 0, KB_E_REFUSED);
	assert_unreadable(source, "./en/a.md", 0, KB_E_REFUSED);
	kb_source_free(source);
	source = open_source(scratch_path("bad"), "HEAD", NULL);
	assert_unreadable(source, "en/a.md", 5, KB_E_REFUSED);
	assert_read(source, "en/a.md", "12345\n");
	scratch_run("cd bad; blob=$(git rev-parse HEAD:en/a.md | sed 's|^..|&/|');"
		    "rm -f .git/objects/$blob");
	assert_unreadable(source, "en/a.md", 0, KB_E_GIT);
	kb_source_free(source);
}

static void partial_clone(void **state)
{
	struct kb_source *source;
	struct kb_reader *reader;
	struct kb_error err = {0};
	kb_buf out = {0};

	(void)state;
	scratch_run(
		"git -C rev.git config uploadpack.allowFilter true;"
		"git clone -q --filter=blob:none --no-checkout file://$PWD/rev.git part");
	source = open_source(scratch_path("part"), "HEAD", NULL);
	assert_list(source, "en/a.md kb.yaml");
	reader = kb_reader_new(source);
	assert_int_equal(kb_reader_read(reader, KB_STR("en/a.md"), 0, &out, &err), -1);
	assert_non_null(strstr(err.message, "git fetch --refetch --no-filter"));
	scratch_run("cd part; git fetch -q --refetch --no-filter");
	kb_reader_free(reader);
	assert_read(source, "en/a.md", "new\n");
	kb_source_free(source);
	kb_buf_dispose(&out);
}

static void somebody_else(void **state)
{
	struct kb_source *source;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_run("mkdir theirs; cd theirs; git init -q; touch kb.yaml; git add .;"
		    "git commit -qm x; chown -R 4711 .");
	assert_refused(scratch_path("theirs"), NULL, NULL, KB_E_GIT,
		"git config --global --add safe.directory");
	scratch_run("git config --global --add safe.directory /elsewhere");
	assert_refused(
		scratch_path("theirs"), "HEAD", NULL, KB_E_GIT, scratch_path("theirs"));
	scratch_run("git config --global --add safe.directory $PWD/theirs");
	source = open_source(scratch_path("theirs"), NULL, NULL);
	kb_source_free(source);
	scratch_run("git config --global --unset-all safe.directory;"
		    "git config --global --add safe.directory '*'");
	source = open_source(scratch_path("theirs"), NULL, NULL);
	assert_true(kb_source_has_git(source));
	kb_source_free(source);
}

static void deep_and_wide(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_source *source;
	struct kb_entry *entries;
	struct kb_error err;
	size_t n;

	(void)state;
	scratch_run(
		"mkdir -p deep; cd deep; touch kb.yaml; p=$(printf 'd/%.0s' $(seq 101));"
		"mkdir -p $p; touch ${p}x.md");
	source = open_source(scratch_path("deep"), NULL, NULL);
	assert_int_equal(kb_source_list(source, arena, &entries, &n, &err), -1);
	assert_int_equal(err.code, KB_E_REFUSED);
	kb_source_free(source);
	/* Sorted by the bytes of whole paths; both forms of é are names of their own. */
	scratch_run(
		"mkdir -p sort/a sort/a-b; cd sort; git init -q; touch kb.yaml a/x a-b/x a.b"
		" a0 B $(printf 'e\\314\\201') $(printf '\\303\\251'); git add .;"
		"git commit -qm x");
	for (int i = 0; i < 2; i++) {
		source = open_source(scratch_path("sort"), i ? "HEAD" : NULL, NULL);
		assert_list(source, "B a-b/x a.b a/x a0 e\xcc\x81 kb.yaml \xc3\xa9");
		kb_source_free(source);
	}
	kb_arena_free(arena);
}

static unsigned open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void append_list(kb_buf *text, struct kb_source *source)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_entry *entries;
	size_t n;

	assert_int_equal(kb_source_list(source, arena, &entries, &n, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		kb_buf_str(text, entries[i].path);
		kb_buf_putc(text, ' ');
	}
	kb_arena_free(arena);
}

/* Subfolders are read by several threads; a revision's are not. */
static void many_folders(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	unsigned before = open_files();
	kb_buf expected = {0};
	struct kb_source *source;
	struct kb_entry *entries;
	size_t n;

	(void)state;
	scratch_run("mkdir -p folders; cd folders; git init -q; touch kb.yaml;"
		    "for i in $(seq 100); do mkdir -p d$i/s/s/s/s/t d$i/t;"
		    "for p in d$i/s/s/s/s/t d$i/s/s d$i/t d$i; do echo $i >$p/f$i; done;"
		    "echo x >e$i; done; git add .; git commit -qm x;"
		    "mkdir -p x/build d50/out; touch x/build/x d50/out/.kb-site "
		    "d50/out/x d51/build; echo build >.git/info/exclude;"
		    "p=d97/$(printf 'd/%.0s' $(seq 99))build; mkdir -p $p; touch $p/x");
	source = open_source(scratch_path("folders"), "HEAD", NULL);
	append_list(&expected, source);
	kb_source_free(source);
	for (unsigned threads = 1; threads <= 4; threads += 3) {
		kb_buf list = {0};

		source = open_source(scratch_path("folders"), NULL, NULL);
		kb_source_use_threads(source, threads);
		append_list(&list, source);
		assert_str(kb_buf_view(&list), expected.data);
		assert_false(kb_source_ignores(source, KB_STR("d99/s/new/f")));
		assert_true(kb_source_ignores(source, KB_STR("d99/s/build/f")));
		kb_buf_dispose(&list);
		kb_source_free(source);
	}
	scratch_run("cd folders; p=d98/$(printf 'd/%.0s' $(seq 100)); mkdir -p $p;"
		    "touch ${p}x.md");
	source = open_source(scratch_path("folders"), NULL, NULL);
	assert_int_equal(kb_source_list(source, arena, &entries, &n, NULL), -1);
	kb_source_free(source);
	assert_int_equal(open_files(), before);
	kb_buf_dispose(&expected);
	kb_arena_free(arena);
}

struct readers {
	struct kb_source *source;
	struct kb_reader *readers[4];
	unsigned bad[4];
};

static void read_one(void *ctx, size_t index, unsigned worker)
{
	struct readers *r = ctx;
	kb_buf out = {0};
	char path[32], text[32];

	if (!r->readers[worker])
		r->readers[worker] = kb_reader_new(r->source);
	snprintf(path, sizeof(path), "d%zu/f%zu.md", index % 7, index);
	snprintf(text, sizeof(text), "%zu\n", index);
	if (kb_reader_read(r->readers[worker], kb_str_of(path), 0, &out, NULL) < 0 ||
		!kb_str_is(kb_buf_view(&out), text))
		r->bad[worker]++;
	kb_buf_dispose(&out);
}

static void many_threads(void **state)
{
	(void)state;
	scratch_run("mkdir many; cd many; git init -q; touch kb.yaml; i=0;"
		    "while [ $i -lt 200 ]; do mkdir -p d$((i % 7));"
		    "echo $i >d$((i % 7))/f$i.md; i=$((i + 1)); done; git add .;"
		    "git commit -qm x; git repack -qad");
	for (int i = 0; i < 2; i++) {
		struct readers r = {.source = open_source(scratch_path("many"),
					    i ? "HEAD" : NULL, NULL)};

		kb_parallel(4, 200, read_one, &r);
		for (size_t w = 0; w < 4; w++) {
			assert_int_equal(r.bad[w], 0);
			kb_reader_free(r.readers[w]);
		}
		kb_source_free(r.source);
	}
}

static void blob_ids(void **state)
{
	char hex[41];

	(void)state;
	kb_blob_id(KB_STR(""), hex);
	assert_string_equal(hex, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	kb_blob_id(KB_STR_NULL, hex);
	assert_string_equal(hex, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	kb_blob_id(KB_STR("hello\n"), hex);
	assert_string_equal(hex, "ce013625030ba8dba906f756967f9e9ca394464a");
}

static void assert_unlisted(const char *dir, const char *word)
{
	struct kb_source *source = open_source(scratch_path("%s", dir), NULL, NULL);
	struct kb_arena *arena = kb_arena_new();
	struct kb_entry *entries;
	struct kb_error err = {0};
	size_t n;

	assert_int_equal(kb_source_list(source, arena, &entries, &n, &err), -1);
	if (!strstr(err.message, word))
		fail_msg("%s", err.message);
	kb_arena_free(arena);
	kb_source_free(source);
}

#define SPARSE_LIST                                                                      \
	".kbignore de/a.md de/img/x.png de/l.md@ de/sub/.kbignore de/sub/b.md en/a.md "  \
	"en/l.md@ kb.yaml"

/* What the work tree leaves out is read from the index. */
static void sparse(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run(
		"git init -q sp; cd sp; mkdir -p docs/en docs/de/sub docs/de/img docs/de/site;"
		"cd docs; touch kb.yaml de/site/.kb-site de/site/x.html; echo en >en/a.md;"
		"echo de >de/a.md; echo b >de/sub/b.md; echo no >de/sub/no.md; echo png >de/img/x.png;"
		"echo no.md >de/sub/.kbignore; echo drafts >.kbignore; mkdir de/drafts; touch de/drafts/d.md;"
		"ln -s sub/b.md de/l.md; ln -s ../de/a.md en/l.md; git add -A; git commit -qm 1;"
		"git sparse-checkout set --cone docs/en; test ! -e de");
	source = open_source(scratch_path("sp/docs"), NULL, NULL);
	/* Also before it was listed. */
	assert_read(source, "de/a.md", "de\n");
	assert_list(source, SPARSE_LIST);
	assert_read(source, "de/sub/b.md", "b\n");
	assert_read(source, "de/l.md", "b\n");
	assert_read(source, "en/l.md", "de\n");
	assert_unreadable(source, "de/none.md", 0, KB_E_NOTFOUND);
	assert_unreadable(source, "de/a.md/x", 0, KB_E_NOTFOUND);
	assert_unreadable(source, "de", 0, KB_E_NOTFOUND);
	assert_unreadable(source, "de/a.md", 2, KB_E_REFUSED);
	assert_true(kb_source_ignores(source, KB_STR("de/sub/no.md")));
	assert_false(kb_source_ignores(source, KB_STR("de/sub/b.md")));
	assert_true(kb_source_ignores(source, KB_STR("de/site/new.html")));
	kb_source_free(source);
	/* A file that exists anyway counts, and its folder's others stay. */
	scratch_run(
		"cd sp/docs; mkdir -p de/sub; echo mine >de/sub/b.md; echo new >de/sub/c.md");
	source = open_source(scratch_path("sp/docs"), NULL, NULL);
	assert_list(source, ".kbignore de/a.md de/img/x.png de/l.md@ de/sub/.kbignore "
			    "de/sub/b.md de/sub/c.md en/a.md en/l.md@ kb.yaml");
	assert_read(source, "de/sub/b.md", "mine\n");
	assert_read(source, "de/a.md", "de\n");
	kb_source_free(source);
	/* By hand, and in the version of the index that packs paths. */
	scratch_run("cd sp/docs; rm -rf de; git sparse-checkout disable;"
		    "rm de/a.md de/sub/b.md ../.git/info/sparse-checkout;"
		    "git update-index --skip-worktree de/a.md");
	for (int version = 3; version < 5; version++) {
		source = open_source(scratch_path("sp/docs"), NULL, NULL);
		assert_list(source,
			".kbignore de/a.md de/img/x.png de/l.md@ de/sub/.kbignore "
			"en/a.md en/l.md@ kb.yaml");
		kb_source_free(source);
		scratch_run("cd sp; git update-index --index-version 4");
	}
	scratch_run(
		"cd sp; git update-index --no-skip-worktree docs/de/a.md; git checkout -q .;"
		"git sparse-checkout set --cone --sparse-index docs/en");
	assert_unlisted("sp/docs", "git sparse-checkout reapply --no-sparse-index");
	scratch_run("cd sp; git sparse-checkout reapply --no-sparse-index;"
		    "git update-index --split-index; touch docs/kb.yaml; git add docs");
	assert_unlisted("sp/docs", "--no-split-index");
	scratch_run(
		"cd sp; git config uploadpack.allowFilter true; git update-index --no-split-index;"
		"git clone -q --filter=blob:none --sparse file://$PWD ../lacks; cd ../lacks;"
		"git sparse-checkout set --cone docs/en");
	assert_unlisted("lacks/docs", "the content of 5 files is missing");
	assert_unlisted("lacks/docs", "git fetch --refetch --no-filter");
	scratch_run("cd lacks; git fetch -q --refetch --no-filter");
	source = open_source(scratch_path("lacks/docs"), NULL, NULL);
	assert_list(source, SPARSE_LIST);
	kb_source_free(source);
}

/* WORD: of why kb cannot read the repository; NULL: it can. */
static void assert_format(const char *dir, const char *word)
{
	struct kb_source *source = open_source(scratch_path("%s", dir), NULL, NULL);

	assert_int_equal(kb_source_has_git(source), word == NULL);
	assert_int_equal(kb_source_git_fault(source).len > 0, word != NULL);
	assert_list(source, "a.md kb.yaml");
	assert_read(source, "a.md", "a\n");
	kb_source_free(source);
	if (word)
		assert_refused(scratch_path("%s", dir), "HEAD", NULL, KB_E_FORMAT, word);
}

/* A repository that cannot be read is a plain folder; what only reads it need not know
 * how it is kept. */
static void formats(void **state)
{
	static const char *const all[][2] = {
		{"objectformat sha256", "extensions.objectformat is 'sha256'"},
		{"objectformat sha1", NULL},
		{"refstorage reftable", "extensions.refstorage is 'reftable'"},
		{"refstorage files", NULL}, {"preciousobjects true", NULL},
		{"relativeworktrees true", NULL}, {"future true", "extensions.future"}};

	(void)state;
	scratch_run("git init -q form; cd form; touch kb.yaml; echo a >a.md; git add .;"
		    "git commit -qm 1; git config core.repositoryformatversion 1;"
		    "git worktree add -q ../formed;"
		    "echo 'gitdir: ../form/.git/worktrees/formed' >../formed/.git;"
		    "echo ../../../../formed/.git >.git/worktrees/formed/gitdir");
	for (size_t i = 0; i < KB_LEN(all); i++) {
		char script[200];

		snprintf(script, sizeof(script),
			"git config -f form/.git/config extensions.%s", all[i][0]);
		scratch_run(script);
		assert_format("form", all[i][1]);
		assert_format("formed", all[i][1]);
		scratch_run("git config -f form/.git/config --remove-section extensions");
	}
	scratch_run("git -C form config core.repositoryformatversion 2");
	assert_format("form", "repository version 2");
	scratch_run("git init -q --object-format=sha256 long; cd long; touch kb.yaml;"
		    "echo a >a.md; git add .; git commit -qm 1");
	assert_format("long", "sha256");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_folder),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(ignored),
		cmocka_unit_test(revisions),
		cmocka_unit_test(other_repositories),
		cmocka_unit_test(nested_repositories),
		cmocka_unit_test(configuration_elsewhere),
		cmocka_unit_test(several_roots),
		cmocka_unit_test(links),
		cmocka_unit_test(links_to_what_is_not_content),
		cmocka_unit_test(where_links_lead),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(partial_clone),
		cmocka_unit_test(sparse),
		cmocka_unit_test(formats),
		cmocka_unit_test(somebody_else),
		cmocka_unit_test(deep_and_wide),
		cmocka_unit_test(many_folders),
		cmocka_unit_test(many_threads),
		cmocka_unit_test(blob_ids),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
