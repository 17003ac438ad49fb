#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "scratch.h"

#include "kb/file.h"
#include "kb/rewrite.h"

#define OLD KB_STR("one")
#define NEW KB_STR("two")

static struct kb_error err;

/* In place of the C library's: fails, or ends the process, when its time has come. */
static int renamed, fail_at, fail_from, kill_at;
static int syncs, syncs_first;	/* all, and those before the first rename */
static const char *edit_at_one; /* a script for the first rename */

int rename(const char *from, const char *to)
{
	renamed++;
	if (renamed == kill_at)
		raise(SIGKILL);
	if (renamed == 1)
		syncs_first = syncs;
	if (renamed == 1 && edit_at_one)
		scratch_run(edit_at_one);
	errno = EIO;
	if (renamed == fail_at || (fail_from && renamed >= fail_from))
		return -1;
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int syncfs(int fd)
{
	(void)fd;
	syncs++;
	return 0;
}

static kb_str root(void)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/root", scratch_dir);
	return kb_str_of(path);
}

static kb_str journal(void)
{
	return kb_str_of(scratch_path("state/journal"));
}

static int make(const struct kb_rewrite *changes, size_t n)
{
	return kb_rewrites_write(root(), journal(), changes, n, &err);
}

static void begin(const char *script)
{
	scratch_run("rm -rf root state outside; mkdir root");
	scratch_run(script);
}

/* No temporary file and no journal is left. */
static void assert_tidy(void)
{
	scratch_run("test -z \"$(find root -name '.kb-*')\"; test ! -e state/journal");
}

static void changes_all(void **state)
{
	const struct kb_rewrite changes[] = {
		{.path = KB_STR("a.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("x/y/new.md"), .after = NEW, .is_new = true},
		{.path = KB_STR("x/z.md"), .after = KB_STR(""), .is_new = true},
		{.path = KB_STR("same.md"), .before = OLD, .after = OLD},
	};

	(void)state;
	begin("printf one >root/a.md; chmod 640 root/a.md");
	assert_int_equal(make(changes, 4), 0);
	scratch_run(
		"cd root; test $(cat a.md)$(cat x/y/new.md) = twotwo; test ! -s x/z.md;"
		"test -e x/z.md; test $(stat -c %a a.md) = 640");
	assert_tidy();
}

static void changes_none(void **state)
{
	const struct kb_rewrite changes[] = {
		{.path = KB_STR("a.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("x/new.md"), .after = NEW, .is_new = true},
		{.path = KB_STR("b.md"), .before = OLD, .after = NEW},
	};
	static const char *const wrong[] = {"printf other >root/b.md", "true",
		"mkdir root/b.md",
		"printf one >root/b.md; mkdir root/x; printf two >root/x/new.md",
		"printf one >root/b.md; : >root/x", "ln -s /etc/passwd root/b.md"};

	(void)state;
	for (size_t i = 0; i < KB_LEN(wrong); i++) {
		begin("printf one >root/a.md");
		scratch_run(wrong[i]);
		scratch_run("cp -a root before");
		assert_int_equal(make(changes, 3), -1);
		scratch_run("diff -r --no-dereference before root; rm -rf before");
		assert_tidy();
	}
}

static void follows_links_inside(void **state)
{
	const struct kb_rewrite changes[] = {
		{.path = KB_STR("link.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("real.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("folder/b.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("folder/new/c.md"), .after = NEW, .is_new = true},
	};
	const struct kb_rewrite two_ways[] = {
		{.path = KB_STR("link.md"), .before = OLD, .after = NEW},
		{.path = KB_STR("real.md"), .before = OLD, .after = KB_STR("three")},
	};

	(void)state;
	begin("cd root; mkdir real; printf one | tee real.md >real/b.md;"
	      "ln -s real.md link.md; ln -s real folder");
	assert_int_equal(make(two_ways, 2), -1);
	assert_non_null(strstr(err.message, "link.md and real.md are the same file"));
	assert_int_equal(make(changes, 4), 0);
	scratch_run(
		"cd root; test -L link.md; test -L folder;"
		"test $(cat real.md)$(cat real/b.md)$(cat real/new/c.md) = twotwotwo");
	assert_tidy();
}

static void refuses_links_outside(void **state)
{
	static const char *const to[] = {"../outside", "/etc", ".git", "sub/.GIT"};
	const struct kb_rewrite file = {
		.path = KB_STR("link/hooks"), .before = OLD, .after = NEW};
	const struct kb_rewrite new = {
		.path = KB_STR("link/x/new"), .after = NEW, .is_new = true};
	char script[200];

	(void)state;
	for (size_t i = 0; i < KB_LEN(to); i++) {
		begin("mkdir -p outside root/.git root/sub/.GIT;"
		      "printf one | tee outside/hooks root/.git/hooks >root/sub/.GIT/hooks");
		snprintf(script, sizeof(script), "ln -s %s root/link", to[i]);
		scratch_run(script);
		assert_int_equal(make(&file, 1), -1);
		assert_int_equal(make(&new, 1), -1);
		assert_int_equal(err.code, KB_E_REFUSED);
		scratch_run(
			"test $(cat outside/hooks root/.git/hooks root/sub/.GIT/hooks) "
			"= oneoneone; test ! -e outside/x; test ! -e root/.git/x");
		assert_tidy();
	}
}

static void cuts_hard_links_and_takes_long_names(void **state)
{
	static char name[254];
	const struct kb_rewrite changes[] = {
		{.path = KB_STR("a.md"), .before = OLD, .after = NEW},
		{.path = {name, 250}, .before = OLD, .after = NEW},
	};

	(void)state;
	memset(name, 'n', 250);
	begin("cd root; printf one >a.md; ln a.md b.md; printf one >$(printf 'n%.0s' "
	      "$(seq 250))");
	assert_int_equal(make(changes, 2), 0);
	scratch_run("cd root; test $(cat a.md)$(cat b.md)$(cat nnn*) = twoonetwo");
}

static const struct kb_rewrite four[] = {
	{.path = {"a.md", 4}, .before = {"one", 3}, .after = {"two", 3}},
	{.path = {"b.md", 4}, .before = {"one", 3}, .after = {"two", 3}},
	{.path = {"x/y/new.md", 10}, .after = {"two", 3}, .is_new = true},
	{.path = {"c.md", 4}, .before = {"one", 3}, .after = {"two", 3}},
};

static void begin_four(void)
{
	begin("cd root; printf one | tee a.md b.md >c.md; chmod 640 a.md; cp -a . ../before");
}

static void assert_all_old(void)
{
	scratch_run("diff -r before root; test $(stat -c %a root/a.md) = 640");
	assert_tidy();
	scratch_run("rm -rf before");
}

static void failure_puts_back(void **state)
{
	(void)state;
	for (fail_at = 1; fail_at <= 3; fail_at++) {
		begin_four();
		renamed = 0;
		assert_int_equal(make(four, 4), -1);
		assert_non_null(strstr(err.message, ".md: Input/output error"));
		assert_all_old();
	}
	fail_at = 0;
}

/* What is renamed is on the disk before, and the renaming before the journal goes. */
static void syncs_in_order(void **state)
{
	(void)state;
	begin_four();
	renamed = syncs = 0;
	assert_int_equal(make(four, 4), 0);
	assert_true(syncs_first > 0);
	assert_true(syncs > syncs_first);
	scratch_run("rm -rf before");
}

static void sees_an_edit_in_the_last_moment(void **state)
{
	(void)state;
	begin_four();
	renamed = 0;
	edit_at_one = "printf six >root/b.md; printf six >before/b.md";
	assert_int_equal(make(four, 4), -1);
	edit_at_one = NULL;
	assert_non_null(strstr(err.message, "something else changed"));
	assert_all_old();
}

/* Makes the change in a process that dies at its N-th rename. */
static void die_at(int n)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		kill_at = n;
		renamed = 0;
		make(four, 4);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
}

static const char *edited = "b.md"; /* the first that is named, if one is */

static void recover(struct kb_recovered *found)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();

	assert_int_equal(kb_rewrites_recover(root(), journal(), arena, found, &err), 0);
	if (found->edited.len)
		assert_str(found->edited.items[0], edited);
	kb_vec_dispose(&found->edited);
}

static void next_run_puts_back(void **state)
{
	struct kb_recovered found;

	(void)state;
	for (int n = 1; n <= 3; n++) {
		begin_four();
		die_at(n);
		scratch_run("test -n \"$(find root -name '.kb-*')\"");
		recover(&found);
		/* The new file is in place, too, when the last rename is the one that
		 * is not made. */
		assert_int_equal(found.files, n == 3 ? 3 : n - 1);
		assert_all_old();
		recover(&found);
		assert_int_equal(found.files, 0);
	}
	begin_four();
	die_at(3);
	/* So does the next change, which then goes on. */
	assert_int_equal(make(four, 4), 0);
	scratch_run("cd root; test $(cat a.md b.md c.md x/y/new.md) = twotwotwotwo");
	assert_tidy();
	scratch_run("rm -rf before");
}

/* What cannot be put back at once is put back by the next run. */
static void a_failure_to_put_back(void **state)
{
	struct kb_recovered found;

	(void)state;
	begin_four();
	renamed = 0;
	fail_from = 2;
	assert_int_equal(make(four, 4), -1);
	fail_from = 0;
	assert_non_null(strstr(err.message, "so the next run of kb restores them"));
	scratch_run("test $(cat root/a.md) = two");
	recover(&found);
	assert_int_equal(found.files, 1);
	assert_all_old();
}

static void edits_after_a_crash_stay(void **state)
{
	struct kb_recovered found;

	(void)state;
	begin_four();
	die_at(3);
	scratch_run("printf three >root/b.md; printf three >before/b.md");
	recover(&found);
	assert_int_equal(found.files, 2);
	assert_all_old();
	begin_four();
	die_at(3);
	scratch_run("rm root/b.md before/b.md; ln -s /etc/passwd root/b.md;"
		    "ln -s /etc/passwd before/b.md");
	recover(&found);
	assert_int_equal(found.files, 2);
	assert_all_old();
	/* A folder is a link to elsewhere now. */
	begin_four();
	die_at(3);
	scratch_run(
		"mv root/x outside; ln -s ../outside root/x; ln -s ../outside before/x");
	edited = "x/y/new.md";
	recover(&found);
	edited = "b.md";
	assert_int_equal(found.files, 2);
	scratch_run("test $(cat outside/y/new.md) = two");
	assert_all_old();
	/* Git has taken all back already. */
	begin_four();
	die_at(3);
	scratch_run("cp -a before/. root; rm -r root/x");
	recover(&found);
	assert_int_equal(found.files, 0);
	assert_all_old();
}

/* A journal that was being written says that nothing was changed; one that is not kb's
 * changes nothing. */
static void broken_journals(void **state)
{
	static const char *const cuts[] = {"head -c 0", "head -c 11", "head -c 60",
		"head -c -1", "sed s/one/six/", "cat /dev/urandom | head -c 300"};
	struct kb_recovered found;
	char script[200];

	(void)state;
	for (size_t i = 0; i < KB_LEN(cuts); i++) {
		begin_four();
		die_at(3);
		snprintf(script, sizeof(script),
			"%s <state/journal >j; cat j >state/journal; rm -rf before;"
			"find root -name '.kb-*' -delete; cp -a root before",
			cuts[i]);
		scratch_run(script);
		recover(&found);
		assert_int_equal(found.files, 0);
		assert_all_old();
	}
}

/* A journal, with one path replaced by another of the same length. */
static void forge_journal(const char *from, const char *to)
{
	_cleanup_buf_ kb_buf text = {0};
	uint64_t sum;
	char *at;

	assert_int_equal(kb_file_read(journal().data, 0, &text, &err), 0);
	at = memmem(text.data, text.len, from, strlen(from));
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	sum = kb_str_hash(kb_str_sub(kb_buf_view(&text), 0, text.len - sizeof(sum)));
	memcpy(text.data + text.len - sizeof(sum), &sum, sizeof(sum));
	assert_int_equal(kb_file_write(journal().data, kb_buf_view(&text), &err), 0);
}

static void forged_journals(void **state)
{
	static const char *const to[] = {".git/ab.md", "../../o.md", "/etc/pa.md"};
	struct kb_recovered found;

	(void)state;
	for (size_t i = 0; i < KB_LEN(to); i++) {
		begin_four();
		die_at(3);
		scratch_run("mkdir -p root/.git; printf two | tee o.md >root/.git/ab.md");
		forge_journal("x/y/new.md", to[i]);
		recover(&found);
		scratch_run("test $(cat o.md root/.git/ab.md) = twotwo; rm -rf before");
	}
}

static void a_second_run_waits(void **state)
{
	pid_t child;
	int fd, status;

	(void)state;
	begin_four();
	scratch_run("mkdir state");
	fd = open(journal().data, O_RDWR | O_CREAT, 0666);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	child = fork();
	if (child == 0)
		_exit(make(four, 4) ? 1 : 0);
	usleep(200000);
	scratch_run("diff -r before root");
	/* As a run that is done does. */
	unlink(journal().data);
	close(fd);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	scratch_run("test $(cat root/a.md) = two; rm -rf before");
	assert_tidy();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_all),
		cmocka_unit_test(changes_none),
		cmocka_unit_test(follows_links_inside),
		cmocka_unit_test(refuses_links_outside),
		cmocka_unit_test(cuts_hard_links_and_takes_long_names),
		cmocka_unit_test(failure_puts_back),
		cmocka_unit_test(syncs_in_order),
		cmocka_unit_test(sees_an_edit_in_the_last_moment),
		cmocka_unit_test(next_run_puts_back),
		cmocka_unit_test(a_failure_to_put_back),
		cmocka_unit_test(edits_after_a_crash_stay),
		cmocka_unit_test(broken_journals),
		cmocka_unit_test(forged_journals),
		cmocka_unit_test(a_second_run_waits),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
