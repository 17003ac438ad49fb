#include "scratch.h"

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
			entries[i].kind == KB_ENTRY_SYMLINK     ? "@"
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
	assert_refused(scratch_path("empty"), "HEAD", NULL, KB_E_GIT, "no Git repository");
	assert_refused(scratch_path("bare.git"), NULL, NULL, KB_E_USAGE, "--rev");
	assert_refused(scratch_path("unborn"), "HEAD", NULL, KB_E_GIT, "no commit yet");
	assert_refused(scratch_path("unborn"), NULL, "none.yaml", KB_E_NOTFOUND, "none.yaml");
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
	scratch_run("mkdir -p rev/site/en; cd rev; git init -q; touch site/kb.yaml;"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_folder),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(ignored),
		cmocka_unit_test(revisions),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
