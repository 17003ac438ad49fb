#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/site/image.h"
#include "../../src/site/output.h"
#include "kb/file.h"

struct folder {
	char root[64];
	char out[96];
};

static int folder_new(void **state)
{
	struct folder *f = kb_xcalloc(1, sizeof(*f));

	snprintf(f->root, sizeof(f->root), "/tmp/kb-output-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->out, sizeof(f->out), "%s/site", f->root);
	*state = f;
	return 0;
}

static int folder_free(void **state)
{
	struct folder *f = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", f->root);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static const char *below(const struct folder *f, const char *path)
{
	static char text[4][256];
	static int next;
	char *at = text[next = (next + 1) % 4];

	snprintf(at, sizeof(text[0]), "%s/%s", f->out, path);
	return at;
}

static void put_file(const struct folder *f, const char *path, const char *data)
{
	struct kb_error err;

	assert_int_equal(kb_file_write(below(f, path), kb_str_of(data), &err), 0);
}

/* Puts words of one length in place of others in the list. */
static void rewrite_list(const struct folder *f, const char *old, const char *new)
{
	_cleanup_buf_ kb_buf list = {0};
	struct kb_error err;
	char *at;

	assert_int_equal(kb_file_read(below(f, ".kb-site"), 0, &list, &err), 0);
	at = strstr(list.data, old);
	assert_non_null(at);
	memcpy(at, new, strlen(new));
	put_file(f, ".kb-site", list.data);
}

static bool holds(const struct folder *f, const char *path, const char *data)
{
	_cleanup_buf_ kb_buf buf = {0};

	return kb_file_read(below(f, path), 0, &buf, NULL) == 0 &&
	       kb_str_is(kb_buf_view(&buf), data);
}

static struct output *begin(const struct folder *f)
{
	struct output_options options = {.dir = f->out, .audience = KB_STR("public")};
	struct kb_error err;
	struct output *out;

	if (output_open(&out, &options, &err) < 0)
		fail_msg("%s", err.message);
	return out;
}

static void add(struct output *out, const char *path, const char *data)
{
	struct kb_error err;

	if (output_write(
		    out, kb_str_of(path), kb_str_of(data), OUTPUT_PAGE, KB_STR(""), &err))
		fail_msg("%s", err.message);
}

static void is_refused(struct output *out)
{
	struct output_counts counts;
	struct kb_error err;

	assert_int_equal(output_commit(out, &counts, &err), -1);
	assert_int_equal(err.code, KB_E_REFUSED);
	output_close(out);
}

static struct output_counts end(struct output *out)
{
	struct output_counts counts;
	struct kb_error err;

	if (output_commit(out, &counts, &err) < 0)
		fail_msg("%s", err.message);
	output_close(out);
	return counts;
}

static void writes_only_what_differs(void **state)
{
	struct folder *f = *state;
	struct output_counts counts;
	struct stat before, after;
	struct output *out = begin(f);

	add(out, "de/a/index.html", "one");
	add(out, "de/b/index.html", "two");
	add(out, "de/c/d/index.html", "three");
	counts = end(out);
	assert_int_equal(counts.written, 3);
	assert_int_equal(stat(below(f, ".kb-site"), &before), 0);

	out = begin(f);
	add(out, "de/a/index.html", "one");
	add(out, "de/b/index.html", "two");
	add(out, "de/c/d/index.html", "three");
	counts = end(out);
	assert_int_equal(counts.written, 0);
	assert_int_equal(counts.unchanged, 3);
	assert_int_equal(stat(below(f, ".kb-site"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);

	out = begin(f);
	add(out, "de/a/index.html", "one");
	add(out, "de/b/index.html", "TWO");
	counts = end(out);
	assert_int_equal(counts.written, 1);
	assert_int_equal(counts.removed, 1);
	assert_true(holds(f, "de/b/index.html", "TWO"));
	assert_int_equal(access(below(f, "de/c"), F_OK), -1);
	assert_int_equal(access(below(f, ".kb-tmp"), F_OK), -1);
}

static void refuses_a_strange_folder(void **state)
{
	struct folder *f = *state;
	struct output_options options = {.dir = f->out, .audience = KB_STR("public")};
	struct kb_error err;
	struct output *out;

	put_file(f, "thesis.txt", "years of work");
	assert_int_equal(output_open(&out, &options, &err), -1);
	assert_int_equal(err.code, KB_E_REFUSED);
	put_file(f, ".kb-site", "something else\n");
	assert_int_equal(output_open(&out, &options, &err), -1);
	assert_true(holds(f, "thesis.txt", "years of work"));
}

static void leaves_what_it_did_not_write(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);

	add(out, "index.html", "page");
	end(out);
	put_file(f, "CNAME", "help.example.com");
	put_file(f, "robots.txt", "mine");
	out = begin(f);
	add(out, "index.html", "page 2");
	add(out, "robots.txt", "kb's");
	add(out, "de/new/index.html", "new");
	is_refused(out);
	assert_true(holds(f, "robots.txt", "mine"));
	assert_true(holds(f, "index.html", "page"));
	assert_int_equal(access(below(f, "de"), F_OK), -1);
	out = begin(f);
	end(out);
	assert_true(holds(f, "CNAME", "help.example.com"));
	assert_int_equal(access(below(f, "index.html"), F_OK), -1);
}

/* Somebody put a folder where a page was: it is neither replaced nor removed. */
static void leaves_a_folder_in_the_place_of_a_page(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);

	add(out, "a.html", "one");
	add(out, "b.html", "two");
	end(out);
	assert_int_equal(unlink(below(f, "a.html")), 0);
	put_file(f, "a.html/mine.txt", "mine");
	out = begin(f);
	add(out, "a.html", "ONE");
	add(out, "b.html", "TWO");
	is_refused(out);
	assert_true(holds(f, "a.html/mine.txt", "mine"));
	assert_true(holds(f, "b.html", "two"));
	out = begin(f);
	add(out, "b.html", "TWO");
	end(out);
	assert_true(holds(f, "a.html/mine.txt", "mine"));
	assert_true(holds(f, "b.html", "TWO"));
}

static void follows_no_symlink(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	char elsewhere[128];

	add(out, "de/a.html", "one");
	end(out);
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", f->root);
	assert_int_equal(mkdir(elsewhere, 0777), 0);
	assert_int_equal(symlink(elsewhere, below(f, "hu")), 0);
	out = begin(f);
	add(out, "hu/a.html", "x");
	is_refused(out);
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere/a.html", f->root);
	assert_int_equal(access(elsewhere, F_OK), -1);
}

/* What a list says is all that a run that was killed leaves of itself. */
static void completes_an_interrupted_run(void **state)
{
	struct folder *f = *state;
	struct output_counts counts;
	struct output *out = begin(f);

	add(out, "a.html", "ONE");
	add(out, "b.html", "two");
	add(out, "new.html", "left over");
	end(out);
	rewrite_list(f, "state complete", "state writing ");
	put_file(f, ".kb-tmp/new/a.html", "half");
	out = begin(f);
	add(out, "a.html", "one");
	add(out, "b.html", "two");
	counts = end(out);
	assert_int_equal(counts.written, 2);
	assert_int_equal(counts.removed, 1);
	assert_true(holds(f, "a.html", "one"));
	assert_int_equal(access(below(f, "new.html"), F_OK), -1);
	assert_int_equal(access(below(f, ".kb-tmp"), F_OK), -1);
	out = begin(f);
	add(out, "a.html", "one");
	add(out, "b.html", "two");
	assert_int_equal(end(out).written, 0);
}

static void shows_nothing_before_the_commit(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	struct stat before, after;

	add(out, "a.html", "one");
	add(out, "b.html", "two");
	end(out);
	assert_int_equal(stat(below(f, ".kb-site"), &before), 0);
	out = begin(f);
	add(out, "a.html", "ONE");
	add(out, "new/index.html", "new");
	assert_true(holds(f, "a.html", "one"));
	assert_int_equal(access(below(f, "new"), F_OK), -1);
	output_close(out);
	assert_true(holds(f, "a.html", "one"));
	assert_int_equal(access(below(f, ".kb-tmp"), F_OK), -1);
	assert_int_equal(stat(below(f, ".kb-site"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
}

/* All is put back when the last of several changes fails: what is removed, replaced and
 * new. */
static void puts_back_what_it_changed(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);

	add(out, "a.html", "one");
	add(out, "d/gone.html", "gone");
	add(out, "x", "a file");
	end(out);
	put_file(f, "x.html/mine.txt", "mine");
	out = begin(f);
	add(out, "a.html", "ONE");
	add(out, "d", "a file where a folder was");
	add(out, "new/deep/index.html", "new");
	add(out, "x/index.html", "a folder where a file was");
	add(out, "x.html", "in the way of a folder");
	is_refused(out);
	assert_true(holds(f, "a.html", "one"));
	assert_true(holds(f, "d/gone.html", "gone"));
	assert_true(holds(f, "x", "a file"));
	assert_true(holds(f, "x.html/mine.txt", "mine"));
	assert_int_equal(access(below(f, "new"), F_OK), -1);
	assert_int_equal(access(below(f, ".kb-tmp"), F_OK), -1);
	/* Who moves it away may take more along, so all is written then. What was not
	 * kb's is not kb's by now. */
	put_file(f, "new/deep/index.html", "mine");
	out = begin(f);
	add(out, "a.html", "one");
	add(out, "d/gone.html", "gone");
	add(out, "x", "a file");
	assert_int_equal(end(out).written, 3);
	assert_true(holds(f, "new/deep/index.html", "mine"));
	assert_true(holds(f, "x.html/mine.txt", "mine"));
}

static void replaces_what_it_handed_in(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	struct kb_error err;

	add(out, "a.html", "one");
	add(out, "same.html", "same");
	end(out);
	out = begin(f);
	add(out, "a.html", "TWO");
	assert_int_equal(output_write(out, KB_STR("a.html"), KB_STR("x"), OUTPUT_PAGE,
				 KB_STR(""), &err),
		-1);
	assert_int_equal(output_replace(out, KB_STR("a.html"), KB_STR("x"), OUTPUT_PAGE,
				 KB_STR("other.md"), &err),
		-1);
	assert_non_null(strstr(err.message, "two pages have the address"));
	assert_int_equal(output_replace(out, KB_STR("a.html"), KB_STR("three"),
				 OUTPUT_PAGE, KB_STR(""), &err),
		0);
	/* To what it is already, over what it is not. */
	assert_int_equal(output_replace(out, KB_STR("same.html"), KB_STR("other"),
				 OUTPUT_PAGE, KB_STR(""), &err),
		0);
	assert_int_equal(output_replace(out, KB_STR("same.html"), KB_STR("same"),
				 OUTPUT_PAGE, KB_STR(""), &err),
		0);
	struct output_counts counts = end(out);
	assert_int_equal(counts.written, 1);
	assert_int_equal(counts.unchanged, 1);
	assert_int_equal(counts.bytes, 9);
	assert_true(holds(f, "a.html", "three"));
	assert_true(holds(f, "same.html", "same"));
}

static void drops_what_it_handed_in(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	struct output_counts counts;

	add(out, "kept.html", "one");
	add(out, "removed.html", "one");
	end(out);
	out = begin(f);
	add(out, "kept.html", "TWO");
	add(out, "removed.html", "one");
	add(out, "new/a/index.html", "stays");
	add(out, "new/b/index.html", "does not");
	output_drop(out, KB_STR("new/b/index.html"));
	output_drop(out, KB_STR("removed.html"));
	output_drop(out, KB_STR("kept.html"));
	output_drop(out, KB_STR("never.html"));
	output_keep(out, KB_STR("kept.html"));
	counts = end(out);
	assert_int_equal(counts.written, 1);
	assert_int_equal(counts.kept, 1);
	assert_int_equal(counts.removed, 1);
	assert_true(holds(f, "kept.html", "one"));
	assert_int_equal(access(below(f, "removed.html"), F_OK), -1);
	assert_true(holds(f, "new/a/index.html", "stays"));
	assert_int_equal(access(below(f, "new/b"), F_OK), -1);
	out = begin(f);
	add(out, "kept.html", "one");
	add(out, "new/a/index.html", "stays");
	assert_int_equal(end(out).written, 0);
}

static void replaces_what_it_kept(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	struct output_counts counts;
	struct kb_error err;

	add(out, "a.html", "one");
	add(out, "b.html", "two");
	end(out);
	out = begin(f);
	output_keep(out, KB_STR("a.html"));
	output_keep(out, KB_STR("b.html"));
	assert_int_equal(output_replace(out, KB_STR("a.html"), KB_STR("ONE"), OUTPUT_PAGE,
				 KB_STR(""), &err),
		0);
	assert_int_equal(output_replace(out, KB_STR("b.html"), KB_STR("two"), OUTPUT_PAGE,
				 KB_STR(""), &err),
		0);
	counts = end(out);
	assert_int_equal(counts.written, 1);
	assert_int_equal(counts.unchanged, 1);
	assert_int_equal(counts.kept, 0);
	assert_true(holds(f, "a.html", "ONE"));
}

static void swaps_file_and_folder(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);

	add(out, "x", "a file");
	add(out, "y/z/index.html", "in a folder");
	end(out);
	out = begin(f);
	add(out, "x/index.html", "in a folder");
	add(out, "y/z", "a file");
	end(out);
	assert_true(holds(f, "x/index.html", "in a folder"));
	assert_true(holds(f, "y/z", "a file"));
}

/* Folders whose names begin alike, and more levels than handles are kept of. */
static void tells_folders_apart(void **state)
{
	static const char *const paths[] = {"a/b/c/d/e/f/g/h/i/j/k/1.html",
		"a/b/c/d/e/f/g/h/i/j/k/2.html", "a/b/c/d/e/f/g/h/i/j2/3.html",
		"a/b/c/d/e/f/g/h2/4.html", "a/b/c2/5.html", "a/b.html", "a/bb/6.html",
		"ab/7.html"};
	struct folder *f = *state;

	for (int round = 0; round < 3; round++) {
		struct output *out = begin(f);

		for (size_t i = 0; i < KB_LEN(paths); i++)
			if (round != 2 || i % 2)
				add(out, paths[i], round ? paths[i] : "first");
		struct output_counts counts = end(out);

		assert_int_equal(counts.written, round == 2 ? 0 : KB_LEN(paths));
		for (size_t i = 0; i < KB_LEN(paths); i++)
			if (round == 2 && i % 2 == 0)
				assert_int_equal(access(below(f, paths[i]), F_OK), -1);
			else
				assert_true(
					holds(f, paths[i], round ? paths[i] : "first"));
	}
	assert_int_equal(access(below(f, "a/b/c/d/e/f/g/h/i/j2"), F_OK), -1);
	assert_int_equal(access(below(f, "a/bb"), F_OK), -1);
}

static void makes_a_folder_that_somebody_removed(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);

	add(out, "d/a.html", "one");
	add(out, "d/x.html", "one");
	end(out);
	assert_int_equal(unlink(below(f, "d/a.html")), 0);
	assert_int_equal(unlink(below(f, "d/x.html")), 0);
	assert_int_equal(rmdir(below(f, "d")), 0);
	out = begin(f);
	add(out, "d/a.html", "ONE");
	add(out, "d/m.html", "new");
	add(out, "d/x.html", "TWO");
	end(out);
	assert_true(holds(f, "d/a.html", "ONE"));
	assert_true(holds(f, "d/m.html", "new"));
	assert_true(holds(f, "d/x.html", "TWO"));
}

static void keeps_a_page_with_its_assets(void **state)
{
	struct folder *f = *state;
	struct output *out = begin(f);
	struct kb_error err;
	kb_strs former = {0};

	output_write(out, KB_STR("de/a.html"), KB_STR("page"), OUTPUT_PAGE,
		KB_STR("de/a.md"), &err);
	output_write(out, KB_STR("style.1.css"), KB_STR("p{}"), OUTPUT_HASHED, KB_STR(""),
		&err);
	add(out, "de/b.html", "page");
	output_write(out, KB_STR("de/a/data.json"), KB_STR("{}"), OUTPUT_PAGE,
		KB_STR("de/a.md"), &err);
	end(out);
	out = begin(f);
	output_former(out, KB_STR("de/a.md"), &former);
	assert_int_equal(former.len, 2);
	assert_str(former.items[0], "de/a.html");
	assert_str(former.items[1], "de/a/data.json");
	output_keep(out, former.items[0]);
	add(out, "de/c.html", "new"); /* was not there before */
	former.len = 0;
	output_former(out, KB_STR("de/b.md"), &former);
	output_former(out, KB_STR("de/c.md"), &former);
	assert_int_equal(former.len, 0);
	assert_int_equal(end(out).removed, 2);
	assert_true(holds(f, "de/a.html", "page"));
	assert_true(holds(f, "style.1.css", "p{}"));
	kb_vec_dispose(&former);
}

static void forgets_another_audience(void **state)
{
	struct folder *f = *state;
	struct output_options options = {.dir = f->out, .audience = KB_STR("agents")};
	struct kb_error err;
	struct output *out;
	kb_strs former = {0};

	assert_int_equal(output_open(&out, &options, &err), 0);
	output_write(out, KB_STR("a.html"), KB_STR("secret"), OUTPUT_PAGE, KB_STR("a.md"),
		&err);
	end(out);
	out = begin(f);
	output_former(out, KB_STR("a.md"), &former);
	assert_int_equal(former.len, 0);
	assert_int_equal(end(out).removed, 1);
	assert_int_equal(access(below(f, "a.html"), F_OK), -1);
	kb_vec_dispose(&former);
}

static void dry_run_writes_nothing(void **state)
{
	struct folder *f = *state;
	struct output_options options = {.dir = f->out, .dry_run = true};
	struct kb_error err;
	struct output *out;

	assert_int_equal(output_open(&out, &options, &err), 0);
	add(out, "a.html", "one");
	assert_int_equal(end(out).written, 1);
	assert_int_equal(access(f->out, F_OK), -1);
}

static void paths_stay_inside(void **state)
{
	static const char *const paths[] = {
		"../x.html", "a/../../x.html", "/tmp/x", "a//b", ".", "a\nb", ""};
	struct folder *f = *state;
	struct output *out = begin(f);
	struct kb_error err;

	for (size_t i = 0; i < KB_LEN(paths); i++) {
		assert_int_equal(output_write(out, kb_str_of(paths[i]), KB_STR("x"),
					 OUTPUT_PAGE, KB_STR(""), &err),
			-1);
		assert_int_equal(err.code, KB_E_REFUSED);
	}
	output_close(out);
}

static void list_cannot_lead_outside(void **state)
{
	struct folder *f = *state;
	struct output_options options = {.dir = f->out, .audience = KB_STR("public")};
	struct kb_error err;
	struct output *out;

	put_file(f, ".kb-site",
		"kb-site 1\nstate complete\n\n"
		"0000000000000001 0000000000000000 - ../../etc/passwd\n");
	assert_int_equal(output_open(&out, &options, &err), -1);
}

static void image_sizes(void **state)
{
	uint32_t w, h;

	(void)state;
	assert_true(image_size(
		KB_STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x2c\0\0\0\xc8"), &w, &h));
	assert_int_equal(w, 300);
	assert_int_equal(h, 200);
	assert_true(image_size(KB_STR("GIF89a\x0a\0\x14\0xxxx"), &w, &h));
	assert_int_equal(w, 10);
	assert_int_equal(h, 20);
	assert_true(image_size(
		KB_STR("\xff\xd8\xff\xe0\0\4xx\xff\xc2\0\x11\x08\0\x64\1\x90xx"), &w,
		&h));
	assert_int_equal(w, 400);
	assert_int_equal(h, 100);
	assert_true(image_size(
		KB_STR("RIFFxxxxWEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x1f\0\0xx"), &w, &h));
	assert_int_equal(w, 64);
	assert_int_equal(h, 32);
	assert_true(
		image_size(KB_STR("<?xml?><svg width='12.6px' height=\"7\">"), &w, &h));
	assert_int_equal(w, 13);
	assert_int_equal(h, 7);
	assert_true(
		image_size(KB_STR("<svg width='100%' viewBox='0 0 640 480'>"), &w, &h));
	assert_int_equal(w, 640);
	assert_int_equal(h, 480);
	assert_false(image_size(KB_STR("\xff\xd8\xff"), &w, &h));
	assert_false(image_size(KB_STR("RIFF"), &w, &h));
	assert_false(image_size(KB_STR("<svg>"), &w, &h));
	assert_false(image_size(KB_STR(""), &w, &h));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_new, folder_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(writes_only_what_differs),
		IN_FOLDER(refuses_a_strange_folder),
		IN_FOLDER(leaves_what_it_did_not_write),
		IN_FOLDER(leaves_a_folder_in_the_place_of_a_page),
		IN_FOLDER(follows_no_symlink),
		IN_FOLDER(completes_an_interrupted_run),
		IN_FOLDER(shows_nothing_before_the_commit),
		IN_FOLDER(puts_back_what_it_changed),
		IN_FOLDER(replaces_what_it_handed_in),
		IN_FOLDER(drops_what_it_handed_in),
		IN_FOLDER(replaces_what_it_kept),
		IN_FOLDER(swaps_file_and_folder),
		IN_FOLDER(tells_folders_apart),
		IN_FOLDER(makes_a_folder_that_somebody_removed),
		IN_FOLDER(keeps_a_page_with_its_assets),
		IN_FOLDER(forgets_another_audience),
		IN_FOLDER(dry_run_writes_nothing),
		IN_FOLDER(paths_stay_inside),
		IN_FOLDER(list_cannot_lead_outside),
		cmocka_unit_test(image_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
