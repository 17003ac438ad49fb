#include "unit.h"

#include "../../src/repo/renames.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/source.h"
#include "kb/vec.h"

/* Files that came and went, with their texts. */
struct files {
	KB_VEC(struct kb_rename_file);
	kb_strs texts;
	struct kb_arena *arena;
};

static void put(struct files *files, bool came, kb_str path, kb_str text)
{
	struct kb_rename_file *file = kb_vec_add(files);
	char hex[41];

	*file = (struct kb_rename_file){.path = path, .came = came};
	kb_blob_id(text, hex);
	git_oid_fromstr(&file->blob, hex);
	kb_vec_push(&files->texts, text);
}

static bool give(void *ctx, const struct kb_rename_file *file, kb_buf *out)
{
	struct files *files = ctx;

	kb_buf_str(out, files->texts.items[file - files->items]);
	return true;
}

static int by_path(const void *a, const void *b)
{
	return kb_str_cmp(((const struct kb_rename_file *)a)->path,
		((const struct kb_rename_file *)b)->path);
}

/* "gone>came, …"; '~' after those whose bytes are not the same. */
static void assert_renames(struct files *files, const char *want)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 1; i < files->len; i++)
		assert_true(by_path(&files->items[i - 1], &files->items[i]) <= 0);
	kb_renames_find(files->items, files->len, give, files);
	for (size_t i = 0; i < files->len; i++) {
		const struct kb_rename_file *file = &files->items[i];

		if (!file->other)
			continue;
		assert_ptr_equal(file->other->other, file);
		assert_int_equal(file->came, !file->other->came);
		assert_int_equal(file->similarity, file->other->similarity);
		if (file->came)
			kb_buf_fmt(&out, "%s%.*s>%.*s%s", out.len ? ", " : "",
				KB_ARG(file->other->path), KB_ARG(file->path),
				file->similarity == 100 ? "" : "~");
	}
	assert_str(kb_buf_view(&out), want);
	kb_vec_dispose(files);
	kb_vec_dispose(&files->texts);
}

/* Ten lines of its own, of which some are another file's. */
static kb_str text(
	struct files *files, int lines, const char *who, int others, const char *whose)
{
	_cleanup_buf_ kb_buf out = {0};

	for (int i = 0; i < lines + others; i++)
		kb_buf_fmt(&out, "Sentence %d of the text %s.\n", i,
			i < lines ? who : whose);
	return kb_arena_str(files->arena, kb_buf_view(&out));
}

static void same_bytes(void **state)
{
	struct files files = {.arena = kb_arena_new()};
	kb_str same = KB_STR("same\n");

	(void)state;
	put(&files, false, KB_STR("a/x.md"), same);
	put(&files, false, KB_STR("a/y.md"), same);
	put(&files, true, KB_STR("b/y.md"), same);
	put(&files, true, KB_STR("b/z.md"), same);
	put(&files, true, KB_STR("c.md"), same);
	assert_renames(&files, "a/y.md>b/y.md, a/x.md>b/z.md");
	put(&files, false, KB_STR("a.md"), same);
	put(&files, false, KB_STR("b.md"), same);
	put(&files, true, KB_STR("c.md"), same);
	put(&files, true, KB_STR("d.md"), same);
	put(&files, true, KB_STR("e.md"), same);
	assert_renames(&files, "a.md>c.md, b.md>d.md");
	/* Longer ends of the path first. */
	put(&files, false, KB_STR("a/p/index.md"), same);
	put(&files, false, KB_STR("a/q/index.md"), same);
	put(&files, true, KB_STR("b/o/index.md"), same);
	put(&files, true, KB_STR("b/q/index.md"), same);
	assert_renames(&files, "a/p/index.md>b/o/index.md, a/q/index.md>b/q/index.md");
	kb_arena_free(files.arena);
}

static void names_first(void **state)
{
	struct files files = {.arena = kb_arena_new()};

	(void)state;
	/* As in Git, whichever text is more alike. */
	put(&files, false, KB_STR("a/x.md"), text(&files, 20, "x", 0, ""));
	put(&files, true, KB_STR("b/x.md"), text(&files, 18, "x", 2, "n"));
	put(&files, true, KB_STR("b/y.md"), text(&files, 20, "x", 1, "n"));
	assert_renames(&files, "a/x.md>b/x.md~");
	/* But not if it is another text. */
	put(&files, false, KB_STR("a/x.md"), text(&files, 20, "x", 0, ""));
	put(&files, true, KB_STR("b/x.md"), text(&files, 12, "x", 8, "n"));
	put(&files, true, KB_STR("b/y.md"), text(&files, 18, "x", 2, "n"));
	assert_renames(&files, "a/x.md>b/y.md~");
	put(&files, false, KB_STR("a/x.md"), text(&files, 20, "x", 0, ""));
	put(&files, true, KB_STR("b/x.md"), text(&files, 4, "x", 16, "n"));
	assert_renames(&files, "");
	/* A name that several have says nothing, but the folder before it may. */
	put(&files, false, KB_STR("a/p/index.md"), text(&files, 20, "p", 0, ""));
	put(&files, false, KB_STR("a/q/index.md"), text(&files, 18, "p", 2, "z"));
	put(&files, true, KB_STR("b/p/index.md"), text(&files, 18, "p", 3, "z"));
	put(&files, true, KB_STR("b/q/index.md"), text(&files, 20, "p", 1, "n"));
	assert_renames(&files, "a/p/index.md>b/p/index.md~, a/q/index.md>b/q/index.md~");
	put(&files, false, KB_STR("a/p/index.md"), text(&files, 20, "p", 0, ""));
	put(&files, false, KB_STR("a/q/index.md"), text(&files, 18, "p", 2, "z"));
	put(&files, true, KB_STR("b/index.md"), text(&files, 20, "p", 1, "n"));
	assert_renames(&files, "a/p/index.md>b/index.md~");
	/* One is more than twice as long. */
	put(&files, false, KB_STR("a.md"), text(&files, 10, "a", 0, ""));
	put(&files, true, KB_STR("b.md"), text(&files, 10, "a", 11, "b"));
	assert_renames(&files, "");
	kb_arena_free(files.arena);
}

/* N files that went and came under other names, with other texts at their ends. */
static void put_many(struct files *files, int n, const char *from, const char *to)
{
	for (int came = 0; came < 2; came++)
		for (int i = 0; i < n; i++) {
			kb_str own = kb_arena_fmt(files->arena, "number %03d", i);
			kb_str path =
				kb_arena_fmt(files->arena, "%s%03d", came ? to : from, i);

			put(files, came, path,
				text(files, 8, own.data, came ? 2 : 0, "all of them"));
		}
}

static void very_many(void **state)
{
	struct files files = {.arena = kb_arena_new()};
	_cleanup_buf_ kb_buf want = {0};

	(void)state;
	/* More than are all compared with each other. */
	put_many(&files, 300, "a/gone-", "b/came-");
	for (int i = 0; i < 300; i++)
		kb_buf_fmt(&want, "%sa/gone-%03d>b/came-%03d~", i ? ", " : "", i, i);
	assert_renames(&files, want.data);
	/* Lines that all have do not lead to anything, and take no time. */
	for (int came = 0; came < 2; came++)
		for (int i = 0; i < 3000; i++)
			put(&files, came,
				kb_arena_fmt(files.arena, "%s%04d", came ? "b" : "a", i),
				kb_arena_fmt(files.arena, "all\nof\nthem\n%d\n",
					i + came * 10000));
	assert_renames(&files, "");
	kb_arena_free(files.arena);
}

static void nothing(void **state)
{
	struct files files = {.arena = kb_arena_new()};

	(void)state;
	assert_renames(&files, "");
	put(&files, false, KB_STR("a"), KB_STR(""));
	put(&files, true, KB_STR("b"), KB_STR("b"));
	assert_renames(&files, "");
	put(&files, true, KB_STR("a"), KB_STR("b"));
	put(&files, true, KB_STR("b"), KB_STR("b"));
	assert_renames(&files, "");
	kb_arena_free(files.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes),
		cmocka_unit_test(names_first),
		cmocka_unit_test(very_many),
		cmocka_unit_test(nothing),
	};

	git_libgit2_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
