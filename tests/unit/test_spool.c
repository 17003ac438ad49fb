#include "kb/spool.h"

#include "kb/store.h"
#include "scratch.h"
#include "unit.h"

enum { RECORDS = 2000, LENGTH = 700 }; /* more than stays in memory */

static void fill(char *text, unsigned n)
{
	for (unsigned i = 0; i < LENGTH; i++)
		text[i] = (char)(n * 31 + i);
}

/* What was added is there, wherever it waits. */
static void round_trip(const char *path)
{
	struct kb_spool *spool = kb_spool_new(path);
	char text[LENGTH], got[LENGTH];

	for (unsigned n = 0; n < RECORDS; n++) {
		fill(text, n);
		assert_int_equal(kb_spool_add(spool, (kb_str){text, LENGTH}),
			(uint64_t)n * LENGTH);
	}
	for (unsigned n = RECORDS; n--;) {
		fill(text, n);
		assert_true(kb_spool_read(spool, (uint64_t)n * LENGTH, got, LENGTH));
		assert_memory_equal(got, text, LENGTH);
	}
	assert_true(kb_spool_read(spool, RECORDS * LENGTH, got, 0));
	assert_false(kb_spool_read(spool, RECORDS * LENGTH - 1, got, 2));
	assert_false(kb_spool_read(spool, RECORDS * LENGTH + 1, got, 0));
	kb_spool_free(spool);
}

static void bytes_wait(void **state)
{
	(void)state;
	round_trip(NULL);
	round_trip("");
	round_trip(scratch_path("no/such/folder/store"));
	round_trip("/proc/none/store");
}

static void records_come_from_a_spool(void **state)
{
	const char *path = scratch_path("records");
	struct kb_spool *spool = kb_spool_new(path);
	struct kb_store *store = kb_store_open(path, 1);
	struct kb_store_put puts[RECORDS] = {0};
	char text[LENGTH];
	uint64_t home;
	kb_str bytes;

	(void)state;
	for (unsigned n = 0; n < RECORDS; n++) {
		fill(text, n);
		puts[n] = (struct kb_store_put){.entry.key = {n, n},
			.old = KB_STORE_NONE,
			.bytes.len = LENGTH,
			.spool = spool,
			.at = kb_spool_add(spool, (kb_str){text, LENGTH})};
	}
	puts[7].at = RECORDS * LENGTH; /* it cannot be read, and is left out */
	kb_store_write(store, puts, RECORDS, NULL, NULL);
	kb_store_close(store);
	kb_spool_free(spool);
	store = kb_store_open(path, 1);
	assert_int_equal(kb_store_count(store), RECORDS - 1);
	for (unsigned n = 0; n < RECORDS; n++) {
		uint32_t at = kb_store_find(store, (struct kb_hash){n, n});

		fill(text, n);
		assert_int_equal(at == KB_STORE_NONE, n == 7);
		if (n == 7)
			continue;
		assert_true(kb_store_take(store, at, &bytes, &home));
		assert_int_equal(bytes.len, LENGTH);
		assert_memory_equal(bytes.data, text, LENGTH);
	}
	kb_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_wait),
		cmocka_unit_test(records_come_from_a_spool),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
