#include "kb/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kb/map.h"
#include "kb/vec.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

enum { REDIRECTS_MAX = 10, MESSAGE_MAX = 200, SILENT_MAX = 3, PROXIES_MAX = 16 };

static struct {
	CURLcode (*global_init)(long flags);
	CURL *(*easy_init)(void);
	CURLcode (*setopt)(CURL *handle, CURLoption option, ...);
	CURLcode (*getinfo)(CURL *handle, CURLINFO info, ...);
	void (*easy_cleanup)(CURL *handle);
	const char *(*easy_strerror)(CURLcode code);
	CURLM *(*multi_init)(void);
	CURLMcode (*add)(CURLM *multi, CURL *handle);
	CURLMcode (*remove)(CURLM *multi, CURL *handle);
	CURLMcode (*perform)(CURLM *multi, int *running);
	CURLMcode (*poll)(CURLM *multi, struct curl_waitfd extra[], unsigned n,
		int timeout_ms, int *ready);
	CURLMsg *(*info_read)(CURLM *multi, int *left);
	CURLMcode (*multi_cleanup)(CURLM *multi);
} curl;
static struct kb_error load_error;

/* dlsym gives a pointer to data, which C does not let one call. */
static bool find(void *library, const char *name, void *function)
{
	void *symbol = library ? dlsym(library, name) : NULL;

	memcpy(function, &symbol, sizeof(symbol));
	return symbol != NULL;
}

static void load(void)
{
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

	if (find(library, "curl_global_init", &curl.global_init) &&
		find(library, "curl_easy_init", &curl.easy_init) &&
		find(library, "curl_easy_setopt", &curl.setopt) &&
		find(library, "curl_easy_getinfo", &curl.getinfo) &&
		find(library, "curl_easy_cleanup", &curl.easy_cleanup) &&
		find(library, "curl_easy_strerror", &curl.easy_strerror) &&
		find(library, "curl_multi_init", &curl.multi_init) &&
		find(library, "curl_multi_add_handle", &curl.add) &&
		find(library, "curl_multi_remove_handle", &curl.remove) &&
		find(library, "curl_multi_perform", &curl.perform) &&
		find(library, "curl_multi_poll", &curl.poll) &&
		find(library, "curl_multi_info_read", &curl.info_read) &&
		find(library, "curl_multi_cleanup", &curl.multi_cleanup) &&
		curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return;
	kb_error_set(&load_error, KB_E_NOTFOUND,
		"external links cannot be checked without libcurl (libcurl.so.4)");
}

struct host {
	unsigned active;
	unsigned silent;     /* addresses asked in vain, one after the other */
	const char *why;     /* the others are not asked then */
	uint64_t not_before; /* what Retry-After asked for is for all of them */
};

struct task {
	struct kb_http_probe *probe;
	struct host *host;
	const struct pool *pool;
	CURL *handle;
	unsigned tries;
	uint64_t not_before; /* milliseconds of the clock below */
	uint64_t started;
	bool get;	/* HEAD was refused */
	bool temporary; /* a redirect on the way was not for good */
	bool forbidden; /* an address of a private network */
	bool done;
};

struct pool {
	const struct kb_http_options *options;
	struct kb_arena *arena;
	CURLM *multi;
	struct task *tasks;
	size_t n, done, active;
	kb_map hosts;
	struct sockaddr_storage proxies[PROXIES_MAX];
	size_t nproxies;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static unsigned or_default(unsigned value, unsigned standard)
{
	return value ? value : standard;
}

/* "example.org:8080" of an address. */
static kb_str host_of(kb_str url)
{
	size_t from = kb_str_find(url, KB_STR("://"));

	url = kb_str_sub(url, from == SIZE_MAX ? 0 : from + 3, url.len);
	for (size_t i = 0; i < url.len; i++)
		if (strchr("/?#", url.data[i]))
			return kb_str_sub(url, 0, i);
	return url;
}

/* Own networks: loopback, link-local, and those of RFC 1918, RFC 4193, RFC 6598. */
static bool is_private4(uint32_t a)
{
	return (a >> 24) == 127 || (a >> 24) == 10 || (a >> 24) == 0 ||
	       (a >> 20) == 0xAC1 || (a >> 16) == 0xC0A8 || (a >> 16) == 0xA9FE ||
	       (a >> 22) == 0x191;
}

static bool is_private(const struct sockaddr *address)
{
	static const unsigned char mapped[12] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	const unsigned char *b = v6.sin6_addr.s6_addr;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return is_private4(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return true;
	memcpy(&v6, address, sizeof(v6));
	if (memcmp(b, mapped, sizeof(mapped)) == 0)
		return is_private4((uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 |
				   (uint32_t)b[14] << 8 | b[15]);
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
	       IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr) ||
	       IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr) || (b[0] & 0xFE) == 0xFC;
}

/* Adds the addresses of a proxy that the environment names
 * ("http://user@proxy.example:3128/"). A proxy often has an address in a private network,
 * and it decides itself which ones may be asked. */
static void add_proxy(struct pool *pool, kb_str url)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
	kb_str host = host_of(url), port;
	size_t at = kb_str_rchr(host, '@');

	host = kb_str_sub(host, at == SIZE_MAX ? 0 : at + 1, host.len);
	at = kb_str_rchr(host, ':');
	port = at == SIZE_MAX ? KB_STR("1080") : kb_str_sub(host, at + 1, host.len);
	host = kb_str_sub(host, 0, at);
	if (kb_str_starts(host, KB_STR("[")))
		host = kb_str_sub(host, 1, host.len - 1);
	if (!host.len || getaddrinfo(kb_arena_str(arena, host).data,
				 kb_arena_str(arena, port).data, &hints, &all))
		return;
	for (struct addrinfo *a = all; a && pool->nproxies < PROXIES_MAX; a = a->ai_next)
		memcpy(&pool->proxies[pool->nproxies++], a->ai_addr, a->ai_addrlen);
	freeaddrinfo(all);
}

static void add_proxies(struct pool *pool)
{
	static const char *const names[] = {
		"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	for (size_t i = 0; i < KB_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			add_proxy(pool, kb_str_of(value));
	}
}

static bool is_proxy(const struct pool *pool, const struct sockaddr *address)
{
	for (size_t i = 0; i < pool->nproxies; i++) {
		const struct sockaddr_storage *proxy = &pool->proxies[i];
		struct sockaddr_in a, b;
		struct sockaddr_in6 a6, b6;

		if (proxy->ss_family != address->sa_family)
			continue;
		memcpy(&a, proxy, sizeof(a));
		memcpy(&b, address, sizeof(b));
		if (address->sa_family == AF_INET) {
			if (a.sin_port == b.sin_port &&
				a.sin_addr.s_addr == b.sin_addr.s_addr)
				return true;
			continue;
		}
		memcpy(&a6, proxy, sizeof(a6));
		memcpy(&b6, address, sizeof(b6));
		if (a6.sin6_port == b6.sin6_port &&
			memcmp(&a6.sin6_addr, &b6.sin6_addr, sizeof(a6.sin6_addr)) == 0)
			return true;
	}
	return false;
}

static curl_socket_t on_socket(
	void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct task *task = ctx;

	(void)purpose;
	if (is_private(&address->addr) && !is_proxy(task->pool, &address->addr)) {
		task->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	return socket(
		address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Sees each answer's first line: "HTTP/1.1 302 Found". */
static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
	struct task *task = ctx;
	kb_str line = {data, size * n};
	size_t space = kb_str_chr(line, ' ');

	if (kb_str_starts(line, KB_STR("HTTP/")) && space != SIZE_MAX) {
		kb_str status = kb_str_sub(line, space + 1, space + 4);

		if (kb_str_is(status, "302") || kb_str_is(status, "303") ||
			kb_str_is(status, "307"))
			task->temporary = true;
	}
	return line.len;
}

/* Bodies are not read: the first byte ends the transfer. */
static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
	(void)data;
	(void)size;
	(void)n;
	(void)ctx;
	return 0;
}

static void prepare(struct pool *pool, struct task *task)
{
	const struct kb_http_options *o = pool->options;
	CURL *h = task->handle;

	task->temporary = task->forbidden = false;
	curl.setopt(h, CURLOPT_URL, kb_arena_str(pool->arena, task->probe->url).data);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl.setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl.setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
	curl.setopt(h, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
	curl.setopt(h, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl.setopt(h, CURLOPT_NOBODY, task->get ? 0L : 1L);
	curl.setopt(h, CURLOPT_HTTPGET, task->get ? 1L : 0L);
	if (!task->get)
		curl.setopt(h, CURLOPT_NOBODY, 1L);
	curl.setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
	curl.setopt(h, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl.setopt(h, CURLOPT_TIMEOUT_MS, (long)or_default(o->timeout_ms, 20000));
	curl.setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl.setopt(h, CURLOPT_ACCEPT_ENCODING, "");
	/* Some sites redirect in circles until their cookie comes back. */
	curl.setopt(h, CURLOPT_COOKIEFILE, "");
	curl.setopt(h, CURLOPT_USERAGENT,
		"Mozilla/5.0 (compatible; kb/" KB_VERSION "; link check)");
	curl.setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	curl.setopt(h, CURLOPT_HEADERDATA, task);
	curl.setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl.setopt(h, CURLOPT_PRIVATE, task);
	if (!o->allow_private) {
		curl.setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_socket);
		curl.setopt(h, CURLOPT_OPENSOCKETDATA, task);
	}
}

static void start(struct pool *pool, struct task *task)
{
	if (task->handle) /* of an earlier try; the connection stays with the pool */
		curl.easy_cleanup(task->handle);
	task->handle = curl.easy_init();
	if (!task->handle)
		kb_oom();
	prepare(pool, task);
	task->started = now_ms();
	task->host->active++;
	pool->active++;
	curl.add(pool->multi, task->handle);
}

static void settle(struct pool *pool, struct task *task, enum kb_http_outcome outcome,
	const char *message)
{
	task->probe->outcome = outcome;
	task->probe->message = kb_arena_str(pool->arena, kb_str_of(message));
	task->done = true;
	if (task->handle)
		curl.easy_cleanup(task->handle);
	task->handle = NULL;
	pool->done++;
	if (pool->options->progress)
		pool->options->progress(pool->options->ctx, pool->done, pool->n);
}

/* Starts what may be; returns when the next one may, in milliseconds from now. */
static uint64_t start_more(struct pool *pool)
{
	unsigned parallel = or_default(pool->options->parallel, 16);
	unsigned per_host = or_default(pool->options->per_host, 2);
	uint64_t now = now_ms(), wait = 1000;

	for (size_t i = 0; i < pool->n && pool->active < parallel; i++) {
		struct task *task = &pool->tasks[i];

		if (task->done || task->started || task->host->active >= per_host)
			continue;
		uint64_t from = task->not_before > task->host->not_before
					? task->not_before
					: task->host->not_before;
		if (task->host->silent >= SILENT_MAX)
			settle(pool, task, KB_HTTP_UNREACHABLE, task->host->why);
		else if (from <= now)
			start(pool, task);
		else if (from - now < wait)
			wait = from - now;
	}
	return wait;
}

/* Asks again later; false when it was asked often enough. */
static bool retry(struct pool *pool, struct task *task, long after_seconds)
{
	const struct kb_http_options *o = pool->options;
	uint64_t wait = (uint64_t)or_default(o->retry_wait_ms, 1000) << task->tries;
	uint64_t limit = or_default(o->retry_limit_ms, 30000);

	if (task->tries >= o->retries)
		return false;
	if (after_seconds > 0)
		wait = (uint64_t)after_seconds * 1000;
	if (wait > limit)
		wait = limit;
	task->tries++;
	task->not_before = now_ms() + wait;
	if (after_seconds > 0 && task->host->not_before < task->not_before)
		task->host->not_before = task->not_before;
	task->started = 0;
	return true;
}

/* It was not there as a whole: what the answer to HEAD says is not always true. */
static bool ask_by_get(struct task *task)
{
	if (task->get)
		return false;
	task->get = true;
	task->started = 0;
	task->not_before = 0;
	return true;
}

static void answered(struct pool *pool, struct task *task, long status)
{
	char message[MESSAGE_MAX];
	curl_off_t after = 0;
	char *url = NULL;
	long redirects = 0;

	snprintf(message, sizeof(message), "the server answers with status %ld", status);
	curl.getinfo(task->handle, CURLINFO_REDIRECT_COUNT, &redirects);
	curl.getinfo(task->handle, CURLINFO_EFFECTIVE_URL, &url);
	curl.getinfo(task->handle, CURLINFO_RETRY_AFTER, &after);
	task->probe->status = (int)status;
	task->host->silent = 0;
	if (status >= 200 && status < 300) {
		bool moved = redirects && !task->temporary && url;

		if (moved)
			task->probe->moved = kb_arena_str(pool->arena, kb_str_of(url));
		settle(pool, task, moved ? KB_HTTP_MOVED : KB_HTTP_OK, "");
	} else if (status == 429 || status >= 500) {
		if ((status == 501 && ask_by_get(task)) ||
			retry(pool, task, (long)(after > 3600 ? 3600 : after)))
			return;
		settle(pool, task, KB_HTTP_UNREACHABLE, message);
	} else if (ask_by_get(task)) {
		return;
	} else if (status == 404 || status == 410) {
		settle(pool, task, KB_HTTP_GONE, message);
	} else if (status == 401 || status == 403 || status == 407) {
		settle(pool, task, KB_HTTP_REFUSED, message);
	} else {
		settle(pool, task, KB_HTTP_UNREACHABLE, message);
	}
}

static void failed(struct pool *pool, struct task *task, CURLcode code)
{
	char message[MESSAGE_MAX];
	long redirects = 0;

	curl.getinfo(task->handle, CURLINFO_REDIRECT_COUNT, &redirects);
	if (task->forbidden) {
		settle(pool, task, KB_HTTP_PRIVATE, "it is a private network address");
		return;
	}
	if (code == CURLE_TOO_MANY_REDIRECTS) {
		settle(pool, task, KB_HTTP_UNREACHABLE, "it redirects endlessly");
		return;
	}
	if (code == CURLE_COULDNT_RESOLVE_HOST) {
		static const char why[] = "there is no host with that name";

		if (retry(pool, task, 0))
			return;
		if (!redirects)
			*task->host = (struct host){.active = task->host->active,
				.silent = SILENT_MAX,
				.why = why};
		settle(pool, task, KB_HTTP_UNREACHABLE, why);
		return;
	}
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
		settle(pool, task, KB_HTTP_UNREACHABLE,
			"it redirects to something that is not a web address");
		return;
	}
	/* Some servers end the connection at HEAD. */
	if ((code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR) && ask_by_get(task))
		return;
	if (retry(pool, task, 0))
		return;
	if (code == CURLE_OPERATION_TIMEDOUT)
		snprintf(message, sizeof(message), "there was no answer within %u s",
			or_default(pool->options->timeout_ms, 20000) / 1000);
	else
		snprintf(message, sizeof(message), "%s", curl.easy_strerror(code));
	task->host->silent += !redirects;
	task->host->why = "its server did not answer for other pages either";
	settle(pool, task, KB_HTTP_UNREACHABLE, message);
}

static void finish(struct pool *pool, CURL *handle, CURLcode code)
{
	struct task *task = NULL;
	long status = 0;

	curl.getinfo(handle, CURLINFO_PRIVATE, (char **)&task);
	curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	curl.remove(pool->multi, handle);
	task->host->active--;
	pool->active--;
	/* A body that is not read ends as a write error. */
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && status))
		answered(pool, task, status);
	else
		failed(pool, task, code);
}

static void run(struct pool *pool)
{
	int running, left;
	CURLMsg *message;

	while (pool->done < pool->n) {
		uint64_t wait = start_more(pool);

		curl.perform(pool->multi, &running);
		while ((message = curl.info_read(pool->multi, &left)))
			if (message->msg == CURLMSG_DONE)
				finish(pool, message->easy_handle, message->data.result);
		if (pool->done < pool->n)
			curl.poll(pool->multi, NULL, 0, wait < 100 ? (int)wait : 100,
				&running);
	}
}

int kb_http_probe(struct kb_http_probe *probes, size_t n,
	const struct kb_http_options *options, struct kb_arena *arena,
	struct kb_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct pool pool = {.options = options, .arena = arena, .n = n};

	pthread_once(&once, load);
	if (load_error.code)
		return kb_error_set(err, load_error.code, "%s", load_error.message);
	pool.multi = curl.multi_init();
	pool.tasks = kb_xcalloc(n + 1, sizeof(*pool.tasks));
	for (size_t i = 0; i < n; i++) {
		kb_str name = host_of(probes[i].url);
		struct host *host = kb_map_get(&pool.hosts, name);

		if (!host) {
			host = kb_arena_new_of(arena, struct host);
			kb_map_put(&pool.hosts, name, host);
		}
		pool.tasks[i] =
			(struct task){.probe = &probes[i], .host = host, .pool = &pool};
	}
	if (!options->allow_private)
		add_proxies(&pool);
	run(&pool);
	kb_map_dispose(&pool.hosts);
	curl.multi_cleanup(pool.multi);
	free(pool.tasks);
	return 0;
}
