#include "kb/texts.h"

#include <pthread.h>

#include "markdown_help.h"

static struct kb_md *parsed(kb_buf *file)
{
	kb_buf_puts(file, "# Heading\n\nText of this file.\n");
	return kb_md_parse(kb_buf_view(file), 0, &help_syntax);
}

static bool keep(struct kb_texts *texts, const char *path, size_t reserve)
{
	kb_buf file = {0};
	struct kb_md *md = parsed(&file);

	if (kb_texts_keep(texts, kb_str_of(path), md, &file, reserve)) {
		assert_null(file.data);
		return true;
	}
	assert_non_null(file.data);
	kb_md_free(md);
	kb_buf_dispose(&file);
	return false;
}

static void within_the_budget(void **state)
{
	struct kb_texts *texts = kb_texts_new(64 << 10);
	unsigned n = 0;
	char path[64][8];

	(void)state;
	assert_false(keep(texts, "r", 64 << 10));
	for (; n < KB_LEN(path); n++) {
		snprintf(path[n], sizeof(path[n]), "%u", n);
		if (!keep(texts, path[n], 32 << 10))
			break;
	}
	/* Some were kept, and half of the budget is left. */
	assert_in_range(n, 1, KB_LEN(path) - 1);
	assert_true(keep(texts, "last", 0));
	assert_false(keep(texts, "last", 0));
	assert_null(kb_texts_borrow(texts, KB_STR("unknown")));
	assert_null(kb_texts_borrow(NULL, KB_STR("last")));
	kb_texts_free(texts);
	kb_texts_free(NULL);
}

static void *other_thread(void *arg)
{
	struct kb_md *md = kb_texts_borrow(arg, KB_STR("a"));

	if (md)
		kb_texts_give_back(arg, KB_STR("a"));
	return md;
}

static void *asked_elsewhere(struct kb_texts *texts)
{
	pthread_t thread;
	void *md = NULL;

	assert_int_equal(0, pthread_create(&thread, NULL, other_thread, texts));
	pthread_join(thread, &md);
	return md;
}

/* The thread that has a text may have it again; the others have it when it is back. */
static void one_thread_at_a_time(void **state)
{
	struct kb_texts *texts = kb_texts_new(1 << 20);
	struct kb_md *md;

	(void)state;
	assert_true(keep(texts, "a", 0));
	md = kb_texts_borrow(texts, KB_STR("a"));
	assert_non_null(md);
	assert_ptr_equal(kb_texts_borrow(texts, KB_STR("a")), md);
	assert_null(asked_elsewhere(texts));
	kb_texts_give_back(texts, KB_STR("a"));
	assert_null(asked_elsewhere(texts));
	kb_texts_give_back(texts, KB_STR("a"));
	assert_ptr_equal(asked_elsewhere(texts), md);
	kb_texts_free(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_the_budget),
		cmocka_unit_test(one_thread_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
