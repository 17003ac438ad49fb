#include "unit.h"

#include "kb/fix.h"

/* One file, and its findings. */
struct fixture {
	struct kb_fix fix;
	struct kb_diags diags;
	kb_str text;
};

static bool read_text(void *ctx, kb_str path, kb_str *text)
{
	(void)path;
	*text = ((struct fixture *)ctx)->text;
	return true;
}

static void begin(struct fixture *f, const char *text)
{
	*f = (struct fixture){.text = kb_str_of(text)};
	kb_fix_init(&f->fix);
	kb_diags_init(&f->diags, NULL);
}

/* A finding that wants WORD, the first one in the text, to be another. */
static struct kb_diag *add(struct fixture *f, const char *word, const char *becomes)
{
	kb_range range = {
		(uint32_t)kb_str_find(f->text, kb_str_of(word)), (uint32_t)strlen(word)};
	struct kb_diag *diag = kb_diag_add(&f->diags, KB_RULE_ISSUE_ALIAS, KB_STR("a.md"),
		range, "'%s' should be '%s'", word, becomes);

	kb_diag_edit(&f->diags, diag, range, kb_str_of(becomes));
	return diag;
}

/* Makes a round; the text is what came of it. */
static size_t round_of(struct fixture *f)
{
	const struct kb_diag *items[16];
	struct kb_rewrite *rewrites;
	size_t changed, n;

	kb_diags_finish(&f->diags, NULL, NULL);
	for (size_t i = 0; i < f->diags.len; i++)
		items[i] = &f->diags.items[i];
	changed = kb_fix_round(&f->fix, items, f->diags.len, read_text, f);
	n = kb_fix_rewrites(&f->fix, &rewrites);
	if (n)
		f->text = rewrites[0].after;
	f->diags.len = 0;
	return changed;
}

static void end(struct fixture *f, const char *text, size_t fixed)
{
	assert_str(f->text, text);
	assert_int_equal(kb_fix_count(&f->fix), fixed);
	kb_fix_dispose(&f->fix);
	kb_diags_dispose(&f->diags);
}

static void test_rounds(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "---\ntitle: A\n---\none two three four\n");
	add(&f, "one", "1");
	add(&f, "three", "3");
	add(&f, "two three", "2 3"); /* in the way of the one before */
	add(&f, "four", "4")->guess = true;
	assert_int_equal(round_of(&f), 1);
	assert_str(f.text, "---\ntitle: A\n---\n1 2 3 four\n");
	assert_int_equal(round_of(&f), 0);
	end(&f, "---\ntitle: A\n---\n1 2 3 four\n", 2);
}

/* An edit after which front matter cannot be read is not made; the others are. */
static void test_sound(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "---\ntitle: A\nowner: b\n---\none\n");
	add(&f, "A", "[A");
	add(&f, "owner", "title"); /* a second one */
	add(&f, "one", "1");
	assert_int_equal(round_of(&f), 1);
	end(&f, "---\ntitle: A\nowner: b\n---\n1\n", 1);
}

static void test_broken_is_fixed(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "---\ntitle: Returns: how to\n---\none\n");
	add(&f, "Returns: how to", "\"Returns: how to\"");
	assert_int_equal(round_of(&f), 1);
	end(&f, "---\ntitle: \"Returns: how to\"\n---\none\n", 1);
}

static void test_circle(void **state)
{
	static const char text[] = "---\ntitle: A\n---\none\n";
	struct fixture f;

	(void)state;
	begin(&f, text);
	add(&f, "one", "two");
	assert_int_equal(round_of(&f), 1);
	add(&f, "two", "one");
	assert_int_equal(round_of(&f), 1);
	f.text = kb_str_of(text);
	add(&f, "one", "two");
	assert_int_equal(round_of(&f), 0);
	end(&f, text, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_broken_is_fixed),
		cmocka_unit_test(test_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
