#include "kb/memo.h"

#include "scratch.h"
#include "unit.h"

static struct kb_hash key(uint64_t n)
{
	return (struct kb_hash){n, ~n};
}

static bool knows(struct kb_memo *memo, uint64_t n, const char *answer)
{
	_cleanup_buf_ kb_buf got = {0};

	if (!kb_memo_get(memo, key(n), &got))
		return false;
	assert_str(kb_buf_view(&got), answer);
	return true;
}

static void answers_are_kept(void **state)
{
	const char *path = scratch_path("memo");
	struct kb_memo *memo = kb_memo_open(path);

	(void)state;
	assert_false(knows(memo, 1, ""));
	kb_memo_put(memo, key(1), KB_STR("one"));
	kb_memo_put(memo, key(2), KB_STR("two"));
	kb_memo_put(memo, key(2), KB_STR("not two"));
	assert_true(knows(memo, 1, "one"));
	assert_true(knows(memo, 2, "two"));
	kb_memo_close(memo);

	memo = kb_memo_open(path);
	assert_true(knows(memo, 2, "two"));
	assert_true(knows(memo, 2, "two"));
	kb_memo_put(memo, key(3), KB_STR("three"));
	kb_memo_close(memo);

	/* What nobody asked for is not kept any longer. */
	memo = kb_memo_open(path);
	assert_false(knows(memo, 1, ""));
	assert_true(knows(memo, 2, "two"));
	assert_true(knows(memo, 3, "three"));
	kb_memo_close(memo);
}

static void without_a_file(void **state)
{
	struct kb_memo *memo = kb_memo_open(NULL);

	(void)state;
	kb_memo_put(memo, key(1), KB_STR("one"));
	assert_true(knows(memo, 1, "one"));
	kb_memo_close(memo);
	memo = kb_memo_open("");
	assert_false(knows(memo, 1, ""));
	kb_memo_close(memo);
	kb_memo_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_kept),
		cmocka_unit_test(without_a_file),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
