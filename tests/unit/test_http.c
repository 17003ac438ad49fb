#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kb/http.h"

/* A port of this machine where nobody listens, and "http://127.0.0.1:PORT/". */
static int closed_port(char *base, size_t size)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(base, size, "http://127.0.0.1:%u/", ntohs(address.sin_port));
	return fd;
}

static void test_dead_host(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_http_options options = {
		.retries = 1, .retry_wait_ms = 1, .allow_private = true};
	struct kb_http_probe probes[40] = {0};
	struct kb_error err;
	size_t skipped = 0;
	char base[64];
	int fd = closed_port(base, sizeof(base));

	(void)state;
	for (size_t i = 0; i < KB_LEN(probes); i++)
		probes[i].url = kb_arena_fmt(arena, "%s%zu", base, i);
	if (kb_http_probe(probes, KB_LEN(probes), &options, arena, &err))
		skip(); /* no libcurl */
	for (size_t i = 0; i < KB_LEN(probes); i++) {
		assert_int_equal(probes[i].outcome, KB_HTTP_UNREACHABLE);
		skipped +=
			kb_str_find(probes[i].message, KB_STR("other pages")) != SIZE_MAX;
	}
	/* Three in vain, and what was under way beside the last of them. */
	assert_true(skipped >= KB_LEN(probes) - 4);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_dead_host)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
