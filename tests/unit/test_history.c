#include "scratch.h"

#include "kb/source.h"

static struct kb_history *load(
	const char *dir, const char *rev, struct kb_source **source)
{
	struct kb_history *history = NULL;
	struct kb_error err = {0};

	if (kb_source_open(source, dir, rev, scratch_path("config/kb.yaml"), &err) < 0 ||
		kb_history_load(&history, *source, &err) < 0)
		fail_msg("%s", err.message);
	return history;
}

static void assert_dates(
	const struct kb_history *history, const char *path, long first, long last)
{
	struct kb_dates dates = kb_history_dates(history, kb_str_of(path));

	if (dates.first != first || dates.last != last)
		fail_msg("%s: first %ld, last %ld", path, (long)dates.first,
			(long)dates.last);
}

static void drop(struct kb_history *history, struct kb_source *source)
{
	kb_history_free(history);
	kb_source_free(source);
}

#define COMMIT                                                                           \
	"t=1700000000; commit() { t=$((t + 100)); git add -A;"                           \
	" GIT_AUTHOR_DATE=\"$((t - 7)) +0100\" GIT_COMMITTER_DATE=\"$t +0100\""          \
	" git commit -q --allow-empty -m \"$1\"; }; "

static void without_commits(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(
		"mkdir config plain; touch config/kb.yaml plain/a.md; git init -q unborn;"
		"touch unborn/a.md");
	history = load(scratch_path("plain"), NULL, &source);
	assert_dates(history, "a.md", 0, 0);
	assert_false(kb_history_shallow(history));
	drop(history, source);
	history = load(scratch_path("unborn"), NULL, &source);
	assert_dates(history, "a.md", 0, 0);
	assert_false(kb_history_shallow(history));
	drop(history, source);
}

static void one_line(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT
		"git init -q line; cd line; mkdir -p site/en/sub other;"
		"echo 1 >site/en/a.md; echo 1 >other/o.md; commit one;"
		"echo 1 >site/en/sub/b.md; echo 1 >'site/en/c d.md'; commit two;"
		"echo 2 >site/en/a.md; commit three;"
		"rm site/en/sub/b.md; commit four;"
		"echo 9 >site/en/sub/b.md; echo 2 >other/o.md; commit five;"
		"mv site/en/a.md site/en/z.md; mkdir site/en/a.md;"
		"echo x >site/en/a.md/x; commit six; commit empty;"
		"printf 'e\\314\\201' >site/$(printf 'e\\314\\201').md; commit seven;"
		"chmod +x 'site/en/c d.md'; commit eight; touch site/kb.yaml;"
		"echo new >site/en/new.md");
	history = load(scratch_path("line/site"), NULL, &source);
	assert_str(kb_source_prefix(source), "site");
	assert_dates(history, "en/z.md", 1700000593, 1700000593);
	assert_dates(history, "en/a.md/x", 1700000593, 1700000593);
	assert_dates(history, "en/a.md", 0, 0);
	assert_dates(history, "en/sub/b.md", 1700000193, 1700000493);
	assert_dates(history, "en/c d.md", 1700000193, 1700000893);
	assert_dates(history, "e\xcc\x81.md", 1700000793, 1700000793);
	assert_dates(history, "\xc3\xa9.md", 0, 0);
	assert_dates(history, "en/new.md", 0, 0);
	assert_dates(history, "../other/o.md", 0, 0);
	drop(history, source);

	/* In a revision, and in a bare repository. */
	scratch_run("git -C line gc -q; git clone -q --bare line line.git");
	history = load(scratch_path("line.git"), "HEAD~5", &source);
	assert_str(kb_source_prefix(source), "");
	assert_dates(history, "site/en/a.md", 1700000093, 1700000293);
	assert_dates(history, "other/o.md", 1700000093, 1700000093);
	assert_dates(history, "site/en/sub/b.md", 0, 0);
	drop(history, source);
}

static void shallow_clones(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run("git clone -q --depth 5 file://$PWD/line.git shallow;"
		    "git clone -q --depth 50 file://$PWD/line.git whole");
	/* It begins at "five". */
	history = load(scratch_path("shallow"), NULL, &source);
	assert_true(kb_history_shallow(history));
	assert_dates(history, "other/o.md", 0, 0);
	assert_dates(history, "site/en/c d.md", 0, 1700000893);
	assert_dates(history, "site/en/z.md", 1700000593, 1700000593);
	drop(history, source);
	history = load(scratch_path("whole"), NULL, &source);
	assert_false(kb_history_shallow(history));
	assert_dates(history, "other/o.md", 1700000093, 1700000493);
	drop(history, source);
}

static void grafts(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	/* "eight" follows "one" at once: what came between is its change. */
	scratch_run(
		"git clone -q line graft; cd graft;"
		"echo $(git rev-parse HEAD) $(git rev-parse HEAD~8) >.git/info/grafts");
	history = load(scratch_path("graft"), NULL, &source);
	assert_dates(history, "other/o.md", 1700000093, 1700000893);
	assert_dates(history, "site/en/z.md", 1700000893, 1700000893);
	drop(history, source);
}

static void broken_history(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(
		COMMIT "git init -q broken; cd broken; echo 1 >a; echo 1 >b; commit one;"
		       "echo 2 >a; commit two; echo 3 >b; commit three;"
		       "tree=$(git rev-parse HEAD~1^{tree} | sed 's|^..|&/|');"
		       "rm -f .git/objects/$tree");
	history = load(scratch_path("broken"), NULL, &source);
	assert_true(kb_history_shallow(history));
	assert_dates(history, "a", 0, 0);
	drop(history, source);
	scratch_run("cd broken; commit=$(git rev-parse HEAD~1 | sed 's|^..|&/|');"
		    "rm -f .git/objects/$commit");
	history = load(scratch_path("broken"), NULL, &source);
	assert_true(kb_history_shallow(history));
	assert_dates(history, "a", 0, 0);
	drop(history, source);
}

static void run_git_log(const char *dir, const char *path, long *first, long *last)
{
	char command[2048], line[64];
	FILE *pipe;

	snprintf(command, sizeof command, "git -C '%s' log --format=%%at -- '%s'", dir,
		path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	*first = *last = 0;
	while (fgets(line, sizeof line, pipe)) {
		*first = atol(line);
		*last = *last ? *last : *first;
	}
	pclose(pipe);
}

/* Every STEPth file's dates are those that git log gives. */
static void assert_as_git(const char *dir, size_t step)
{
	struct kb_source *source;
	struct kb_history *history = load(dir, NULL, &source);
	struct kb_arena *arena = kb_arena_new();
	struct kb_entry *entries;
	size_t n, checked = 0;
	long first, last;

	assert_int_equal(kb_source_list(source, arena, &entries, &n, NULL), 0);
	for (size_t i = 0; i < n; i += step) {
		if (kb_str_is(entries[i].path, "kb.yaml"))
			continue;
		run_git_log(dir, entries[i].path.data, &first, &last);
		assert_dates(history, entries[i].path.data, first, last);
		checked++;
	}
	assert_true(checked > 0);
	kb_arena_free(arena);
	drop(history, source);
}

static unsigned seed;

static unsigned roll(unsigned sides)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % sides;
}

/* Merges at random, of which many bring what a side has already, and some neither. */
static void write_random_history(FILE *out)
{
	for (unsigned m = 1; m <= 60; m++) {
		unsigned reach = m > 7 ? 7 : m - 1;
		fprintf(out, "commit refs/heads/main\nmark :%u\n", m);
		fprintf(out, "author A <a@b> %u +0000\n",
			1600000000 + m * 60 - roll(500));
		fprintf(out, "committer C <c@d> %u +0000\ndata 1\nx\n",
			1600000000 + m * 60);
		if (m > 1) {
			unsigned parent = m - 1 - (roll(2) ? roll(reach) : 0);
			unsigned second = m - 1 - roll(reach),
				 third = m - 1 - roll(reach);
			fprintf(out, "from :%u\n", parent);
			if (roll(3) == 0 && second != parent)
				fprintf(out, "merge :%u\n", second);
			if (roll(12) == 0 && third != parent && third != second)
				fprintf(out, "merge :%u\n", third);
		}
		for (unsigned change = roll(3); change < 3; change++) {
			unsigned file = roll(12);
			if (roll(10) == 0)
				fprintf(out, "D d%u/f%u\n", file % 3, file);
			else
				fprintf(out, "M %s inline d%u/f%u\ndata 2\n%u\n\n",
					roll(20) ? "100644" : "100755", file % 3, file,
					roll(4));
		}
	}
	fprintf(out, "done\n");
}

static void random_merges(void **state)
{
	(void)state;
	for (seed = 1; seed < 5; seed++) {
		unsigned kept = seed;
		char command[600];
		FILE *pipe;

		scratch_run("rm -rf random; git init -q random");
		snprintf(command, sizeof command,
			"git -C '%s' fast-import --quiet --done", scratch_path("random"));
		pipe = popen(command, "w");
		assert_non_null(pipe);
		write_random_history(pipe);
		assert_int_equal(pclose(pipe), 0);
		scratch_run("cd random; git reset -q --hard main");
		assert_as_git(scratch_path("random"), 1);
		seed = kept;
	}
}

static void corpora(void **state)
{
	static const char *const names[] = {"logingov", "hetzner"};

	(void)state;
	if (access("../shared/corpus/hetzner.bundle", R_OK) != 0) {
		print_message("the corpora are not there\n");
		skip();
	}
	for (size_t i = 0; i < KB_LEN(names); i++) {
		char cwd[1024], command[2048];
		assert_non_null(getcwd(cwd, sizeof cwd));
		snprintf(command, sizeof command,
			"git clone -q '%.900s/../shared/corpus/%s.bundle' %s", cwd,
			names[i], names[i]);
		scratch_run(command);
		assert_as_git(scratch_path("%s", names[i]), 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_commits),
		cmocka_unit_test(one_line),
		cmocka_unit_test(shallow_clones),
		cmocka_unit_test(grafts),
		cmocka_unit_test(broken_history),
		cmocka_unit_test(random_merges),
		cmocka_unit_test(corpora),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
