#include "scratch.h"

#include "kb/history.h"
#include "kb/pool.h"
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
	assert_dates(history, "en/z.md", 1700000093, 1700000593);
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
	assert_dates(history, "site/en/z.md", 0, 1700000593);
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

static void replaced(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run("git clone -q line repl");
	history = load(scratch_path("repl"), NULL, &source);
	assert_dates(history, "site/en/z.md", 1700000093, 1700000593);
	drop(history, source);
	/* As with grafts, after the history was kept; loose and packed. */
	scratch_run("cd repl; git replace --graft HEAD HEAD~8");
	for (int packed = 0; packed < 2; packed++) {
		history = load(scratch_path("repl"), NULL, &source);
		assert_dates(history, "other/o.md", 1700000093, 1700000893);
		assert_dates(history, "site/en/z.md", 1700000893, 1700000893);
		drop(history, source);
		scratch_run("cd repl; git pack-refs --all; rm -rf .git/kb");
	}
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

static void run_git_log(
	const char *dir, const char *path, bool merges, long *first, long *last)
{
	char command[2048], line[64];
	FILE *pipe;

	/* With merges that differ from all they merge, which --follow leaves out. */
	snprintf(command, sizeof(command),
		merges ? "git -C '%s' log -c --no-renames --name-only --format=@%%at |"
			 "awk '/^@/{t=substr($0,2)} $0==\"%s\"{print t}'"
		       : "git -C '%s' log --follow --format=%%at -- '%s'",
		dir, path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	*first = *last = 0;
	while (fgets(line, sizeof(line), pipe)) {
		*first = atol(line);
		*last = *last ? *last : *first;
	}
	pclose(pipe);
}

/* One that another measure of likeness may see otherwise. */
static bool has_doubtful_rename(
	const struct kb_history *history, struct kb_arena *arena, kb_str path)
{
	struct kb_history_version *versions;
	size_t n = kb_history_versions(history, arena, path, &versions);

	for (size_t i = 0; i < n; i++)
		if (versions[i].kind == KB_VERSION_RENAMED && versions[i].similarity < 70)
			return true;
	return false;
}

/* Every STEPth file's dates are those that git log gives. */
static void assert_as_git(const char *dir, size_t step, bool merges)
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
		run_git_log(dir, entries[i].path.data, merges, &first, &last);
		if (has_doubtful_rename(history, arena, entries[i].path))
			first = kb_history_dates(history, entries[i].path).first;
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

			if (roll(10))
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
		snprintf(command, sizeof(command),
			"git -C '%s' fast-import --quiet --done", scratch_path("random"));
		pipe = popen(command, "w");
		assert_non_null(pipe);
		write_random_history(pipe);
		assert_int_equal(pclose(pipe), 0);
		scratch_run("cd random; git reset -q --hard main");
		assert_as_git(scratch_path("random"), 1, true);
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

		assert_non_null(getcwd(cwd, sizeof(cwd)));
		snprintf(command, sizeof(command),
			"git clone -q '%.900s/../shared/corpus/%s.bundle' %s", cwd,
			names[i], names[i]);
		scratch_run(command);
		assert_as_git(scratch_path("%s", names[i]), 20, false);
	}
}

/* "kind path<-from", newest first. */
static void assert_versions(
	const struct kb_history *history, const char *path, const char *want)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	struct kb_history_version *versions;
	size_t n = kb_history_versions(history, arena, kb_str_of(path), &versions);

	for (size_t i = 0; i < n; i++)
		kb_buf_fmt(&out, "%s%s %.*s%s%.*s", i ? ", " : "",
			kb_version_kind_name(versions[i].kind), KB_ARG(versions[i].path),
			versions[i].from.len ? "<-" : "", KB_ARG(versions[i].from));
	assert_str(kb_buf_view(&out), want);
}

static void renames(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT
		"git init -q ren; cd ren; mkdir -p old/sub; seq 30 >old/a.md;"
		"seq 40 70 >old/sub/b.md; echo c >c.md; commit one;"
		"git mv old new; commit 'a folder'; git mv new/a.md new/z.md;"
		"echo more >>new/z.md; commit 'and edited'; git rm -q c.md; commit gone;"
		"echo again >c.md; commit back; git mv c.md d.md; echo other >d.md;"
		"commit 'another file'");
	history = load(scratch_path("ren"), NULL, &source);
	assert_versions(history, "new/z.md",
		"renamed new/z.md<-new/a.md, renamed new/a.md<-old/a.md, added old/a.md");
	assert_versions(history, "new/sub/b.md",
		"renamed new/sub/b.md<-old/sub/b.md, added old/sub/b.md");
	assert_versions(
		history, "old/a.md", "deleted old/a.md<-new/a.md, added old/a.md");
	assert_versions(history, "d.md", "added d.md");
	assert_versions(
		history, "c.md", "deleted c.md, added c.md, deleted c.md, added c.md");
	assert_versions(history, "nothing", "");
	assert_string_equal(
		kb_history_path_now(history, KB_STR("old/a.md")).data, "new/z.md");
	assert_string_equal(
		kb_history_path_now(history, KB_STR("nothing")).data, "nothing");
	drop(history, source);
}

/* All files of a large folder keep their history when it moves. */
static void many_renames(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT
		"git init -q many; cd many; mkdir old; for i in $(seq 210); do"
		" for k in 1 2 3 4 5 6; do echo \"Sentence $k of $i.\"; done >old/$i.md; done;"
		"commit one; git mv old new; for i in new/*; do echo 'At last.' >>$i; done;"
		"commit moved; for i in $(seq 210); do mv new/$i.md new/t$i.md;"
		" echo 'And more.' >>new/t$i.md; done; commit renamed");
	history = load(scratch_path("many"), NULL, &source);
	for (int i = 1; i <= 210; i++) {
		char path[32], want[256];

		snprintf(path, sizeof(path), "new/t%d.md", i);
		snprintf(want, sizeof(want),
			"renamed new/t%d.md<-new/%d.md, renamed new/%d.md<-old/%d.md, "
			"added old/%d.md",
			i, i, i, i, i);
		assert_versions(history, path, want);
	}
	drop(history, source);
}

static void merges(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT
		"git init -q -b main mer; cd mer; echo 1 >a; echo 1 >b; echo 1 >c; commit base;"
		"git checkout -q -b one; echo 2 >a; echo 2 >b; commit one;"
		"git checkout -q main; echo 3 >a; commit main;"
		"git merge -q one 2>/dev/null >&2 || true; echo both >a; commit merge;"
		"git checkout -q -b x; echo x >x; commit x; git checkout -q -b y main;"
		"echo y >y; commit y; git checkout -q main; git merge -q x y -m octopus");
	history = load(scratch_path("mer"), NULL, &source);
	assert_versions(history, "a", "merged a, changed a, changed a, added a");
	assert_versions(history, "b", "changed b, added b");
	assert_versions(history, "x", "added x");
	assert_int_equal(kb_history_commits(history), 7);
	drop(history, source);
}

static size_t compared(const char *dir)
{
	struct kb_source *source;
	struct kb_history *history = load(dir, NULL, &source);
	size_t n = kb_history_compared(history);

	drop(history, source);
	return n;
}

static void kept(void **state)
{
	struct kb_source *source;
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT "git init -q -b main kept; cd kept; echo 1 >a; commit one;"
			   "echo 2 >a; commit two");
	assert_int_equal(compared(scratch_path("kept")), 2);
	assert_int_equal(compared(scratch_path("kept")), 0);
	scratch_run("t=1700001000; " COMMIT
		    "cd kept; t=1700001000; echo 3 >a; commit three; git mv a b;"
		    "commit four");
	assert_int_equal(compared(scratch_path("kept")), 2);
	history = load(scratch_path("kept"), NULL, &source);
	assert_versions(history, "b", "renamed b<-a, changed a, changed a, added a");
	drop(history, source);
	/* An older revision, then HEAD again; and a history that was rewritten. */
	history = load(scratch_path("kept"), "HEAD~1", &source);
	assert_versions(history, "a", "changed a, changed a, added a");
	assert_versions(history, "b", "");
	drop(history, source);
	assert_int_equal(compared(scratch_path("kept")), 0);
	scratch_run("t=1700002000; " COMMIT
		    "cd kept; t=1700002000; git reset -q --hard HEAD~2;"
		    "echo 9 >n; commit other");
	history = load(scratch_path("kept"), NULL, &source);
	assert_versions(history, "b", "");
	assert_versions(history, "a", "changed a, added a");
	assert_versions(history, "n", "added n");
	drop(history, source);
}

/* Whatever happens to the file that is kept, the answer is the same. */
static void damaged(void **state)
{
	(void)state;
	scratch_run(COMMIT "git init -q dam; cd dam; echo 1 >a; commit one; echo 2 >a;"
			   "echo 1 >b; commit two; git mv b c; commit three");
	assert_int_equal(compared(scratch_path("dam")), 3);
	scratch_run("cp dam/.git/kb/history-* good");
	for (unsigned i = 0; i < 24; i++) {
		struct kb_source *source;
		struct kb_history *history;

		char script[200];

		snprintf(script, sizeof(script),
			i % 2 ? "head -c %u good >part; cp part dam/.git/kb/history-*"
			      : "cp good part; printf x | dd of=part bs=1 seek=%u "
				"conv=notrunc status=none; cp part dam/.git/kb/history-*",
			i * 29);
		scratch_run(script);
		history = load(scratch_path("dam"), NULL, &source);
		assert_versions(history, "c", "renamed c<-b, added b");
		assert_versions(history, "a", "changed a, added a");
		drop(history, source);
	}
	scratch_run("rm -rf dam/.git/kb; touch dam/.git/kb");
	assert_int_equal(compared(scratch_path("dam")), 3);
	assert_int_equal(compared(scratch_path("dam")), 3);
}

static void since_and_messages(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_commit_message message;
	struct kb_history_version *changes;
	struct kb_source *source;
	struct kb_history *history;
	bool since[8];

	(void)state;
	scratch_run(COMMIT "git init -q msg; cd msg; echo 1 >a; commit one; echo 2 >a;"
			   "commit \"$(printf 'two\\n\\nwhy\\n\\nNotice: now 5 days')\"");
	history = load(scratch_path("msg"), NULL, &source);
	struct kb_history_commit newest = kb_history_commit(history, 0);
	struct kb_history_commit oldest = kb_history_commit(history, 1);
	assert_int_equal(
		kb_history_message(history, arena, kb_str_of(newest.id), &message, NULL),
		0);
	assert_str(message.subject, "two");
	assert_str(message.body, "why\n\nNotice: now 5 days");
	assert_true(message.author.len && message.email.len);
	assert_true(kb_history_since(history, kb_str_of(oldest.id), since));
	assert_true(since[0]);
	assert_false(since[1]);
	assert_false(kb_history_since(history, KB_STR("0123"), since));
	assert_int_equal(kb_history_changes(history, arena, 0, &changes), 1);
	_cleanup_buf_ kb_buf blob = {0};
	assert_int_equal(
		kb_history_blob(history, kb_str_of(changes[0].blob), &blob, NULL), 0);
	assert_str(kb_buf_view(&blob), "2\n");
	drop(history, source);
}

enum { READS = 2000 };
struct blob_reads {
	const struct kb_history *history;
	const char *blob;
	bool good[READS];
};

static void read_one(void *ctx, size_t i, unsigned worker)
{
	struct blob_reads *reads = ctx;
	_cleanup_buf_ kb_buf text = {0};

	(void)worker;
	reads->good[i] = kb_history_blob(reads->history, kb_str_of(reads->blob), &text,
				 NULL) == 0 &&
			 kb_str_is(kb_buf_view(&text), "text\n");
}

/* Threads that can open no objects of their own take turns. */
static void objects_that_are_gone(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_history_version *versions;
	struct kb_source *source;
	struct blob_reads reads = {0};
	_cleanup_buf_ kb_buf text = {0};
	struct kb_history *history;

	(void)state;
	scratch_run(COMMIT "git init -q gone; cd gone; touch kb.yaml; echo text >a.md;"
			   "commit one; git gc -q");
	history = load(scratch_path("gone"), NULL, &source);
	assert_int_equal(
		kb_history_versions(history, arena, KB_STR("a.md"), &versions), 1);
	assert_int_equal(
		kb_history_blob(history, kb_str_of(versions[0].blob), &text, NULL), 0);
	scratch_run("mv gone/.git/objects gone/moved");
	reads.history = history;
	reads.blob = versions[0].blob;
	kb_parallel(4, READS, read_one, &reads);
	for (int i = 0; i < READS; i++)
		assert_true(reads.good[i]);
	drop(history, source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_commits),
		cmocka_unit_test(one_line),
		cmocka_unit_test(shallow_clones),
		cmocka_unit_test(grafts),
		cmocka_unit_test(replaced),
		cmocka_unit_test(broken_history),
		cmocka_unit_test(renames),
		cmocka_unit_test(many_renames),
		cmocka_unit_test(merges),
		cmocka_unit_test(kept),
		cmocka_unit_test(damaged),
		cmocka_unit_test(since_and_messages),
		cmocka_unit_test(random_merges),
		cmocka_unit_test(objects_that_are_gone),
		cmocka_unit_test(corpora),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
