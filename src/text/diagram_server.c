#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graphviz.h"
#include "kb/diagram.h"

enum {
	CPU_SECONDS = 1,	  /* of one drawing */
	PICTURE_CPU_SECONDS = 60, /* the first one may list all fonts */
	WALL_SECONDS = 20,
	PATIENCE = 300,	    /* seconds; there may be others before */
	MEMORY = 256 << 20, /* more than the server has */
	SLOW_MS = 300,	    /* a drawing that takes more than this is slow */
	SLOW_MS_MAX = 3000, /* that slow drawings may take together in one run of kb */
};

struct diagram_request {
	uint32_t kind, len; /* the source follows */
};

struct answer {
	int32_t code;		      /* of the error */
	uint32_t line, ms;	      /* of the processor */
	uint32_t message, urls, data; /* lengths of what follows */
};

/* One for the process: threads share it, and each asks by a socket of its own. */
static struct {
	pthread_mutex_t lock;
	int fd; /* the server is asked here; -1: there is none */
	pid_t pid;
	atomic_uint slow_ms;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

static bool put(int fd, const void *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0) {
			if (n < 0 && errno == EINTR)
				continue;
			return false;
		}
		data = (const char *)data + n;
		len -= (size_t)n;
	}
	return true;
}

/* A socket's timeout makes recv fail. */
static bool get(int fd, void *data, size_t len)
{
	while (len) {
		ssize_t n = recv(fd, data, len, 0);

		if (n <= 0) {
			if (n < 0 && errno == EINTR)
				continue;
			return false;
		}
		data = (char *)data + n;
		len -= (size_t)n;
	}
	return true;
}

static bool get_buf(int fd, kb_buf *buf, size_t len)
{
	char part[8192];

	while (len) {
		size_t n = len < sizeof(part) ? len : sizeof(part);

		if (!get(fd, part, n))
			return false;
		kb_buf_add(buf, part, n);
		len -= n;
	}
	return true;
}

/* In the child that draws */

static void limit(int resource, rlim_t value)
{
	setrlimit(resource, &(struct rlimit){value, value});
}

/* The time for the answer is not the drawing's. */
static void limit_cpu(rlim_t seconds)
{
	setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, PICTURE_CPU_SECONDS + 10});
}

/* Sanitizers reserve terabytes of addresses. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static void limit_memory(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	limit(RLIMIT_AS, MEMORY + (pages ? (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE)
					 : (rlim_t)1 << 30));
}
#else
static void limit_memory(void)
{
}
#endif

/* Time, memory, and nothing to open: no file of the machine, no socket, no program. A
 * picture may read fonts. */
static void limits_set(bool fonts)
{
	limit(RLIMIT_CORE, 0);
	limit_cpu(fonts ? PICTURE_CPU_SECONDS : CPU_SECONDS);
	limit_memory();
#ifdef M_ARENA_MAX
	/* Pango reads fonts in threads, each of which would reserve up to 128 MB. */
	mallopt(M_ARENA_MAX, 1);
#endif
	/* To write its list of fonts must fail, and not end the drawing. */
	signal(SIGXFSZ, fonts ? SIG_IGN : SIG_DFL);
	limit(RLIMIT_FSIZE, 0);
	if (!fonts)
		limit(RLIMIT_NOFILE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	alarm(fonts ? PATIENCE : WALL_SECONDS);
}

static uint32_t ms_of(struct timeval time)
{
	return (uint32_t)(time.tv_sec * 1000 + time.tv_usec / 1000);
}

static uint32_t ms_used(int whose)
{
	struct rusage used = {0};

	getrusage(whose, &used);
	return ms_of(used.ru_utime) + ms_of(used.ru_stime);
}

static void answer(
	int fd, const struct kb_drawing *drawing, const struct kb_error *err, uint32_t ms)
{
	struct answer head = {.code = (int32_t)err->code,
		.line = drawing->line,
		.ms = ms,
		.message = (uint32_t)strlen(err->message),
		.urls = (uint32_t)drawing->urls.len,
		.data = (uint32_t)drawing->data.len};

	if (put(fd, &head, sizeof(head)) && put(fd, err->message, head.message) &&
		put(fd, drawing->urls.data, head.urls))
		put(fd, drawing->data.data, head.data);
}

static void draw_one(int fd)
{
	struct kb_drawing drawing = {.line = 0};
	struct kb_error err = {.code = KB_OK};
	struct diagram_request question;
	kb_buf dot = {0};

	if (!get(fd, &question, sizeof(question)))
		return;
	limits_set(question.kind == KB_DRAWING_PNG);
	if (!get_buf(fd, &dot, question.len))
		return;
	kb_graphviz_draw(kb_buf_view(&dot), question.kind, &drawing, &err);
	limit_cpu(PICTURE_CPU_SECONDS + 10);
	answer(fd, &drawing, &err, ms_used(RUSAGE_SELF));
}

/* In the server */

static void end_without_memory(void)
{
	_exit(1);
}

/* Keeps the socket, and nothing else that the program has open or set for itself. */
static void let_go(int fd)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	for (int i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	if (fd > 3 && close_range(3, (unsigned)fd - 1, 0) < 0)
		for (int i = 3; i < fd; i++)
			close(i);
	if (close_range((unsigned)fd + 1, ~0U, 0) < 0)
		for (int i = fd + 1; i < 1024; i++)
			close(i);
	if (chdir("/") < 0)
		_exit(1);
}

/* The socket that a question comes by; -1 when kb is gone. */
static int take(int fd)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	ssize_t n;
	int taken;

	while ((n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
		;
	if (n <= 0 || message.msg_controllen < sizeof(control.head))
		return -1;
	memcpy(&taken, CMSG_DATA(&control.head), sizeof(taken));
	return taken;
}

/* Waits for the drawing. One that ended without an answer gets its answer here. */
static void wait_for(pid_t pid, int fd)
{
	const struct kb_drawing none = {.line = 0};
	struct rusage used = {0};
	struct kb_error err;
	bool slow;
	int status;

	while (wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	slow = WIFSIGNALED(status) &&
	       (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM);
	kb_error_set(&err, KB_E_REFUSED, "%s",
		slow ? "Graphviz takes too long to draw this diagram"
		     : "Graphviz fails on this diagram, or runs out of memory");
	answer(fd, &none, &err, ms_of(used.ru_utime) + ms_of(used.ru_stime));
}

__attribute__((noreturn)) static void serve(int fd)
{
	pid_t pid;
	int asked;

	let_go(fd);
	kb_oom_handler_set(end_without_memory);
	while ((asked = take(fd)) >= 0) {
		kb_graphviz_load(NULL);
		pid = fork();
		if (pid == 0) {
			close(fd);
			draw_one(asked);
			_exit(0);
		}
		if (pid > 0)
			wait_for(pid, asked);
		close(asked);
	}
	_exit(0);
}

/* In kb */

/* The lock is held, as below. */
static bool start(void)
{
	int pair[2];

	if (server.fd >= 0)
		return true;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	server.pid = fork();
	if (server.pid == 0)
		serve(pair[1]);
	close(pair[1]);
	if (server.pid < 0)
		close(pair[0]);
	else
		server.fd = pair[0];
	return server.pid > 0;
}

static void stop(void)
{
	if (server.fd < 0)
		return;
	close(server.fd);
	server.fd = -1;
	while (waitpid(server.pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void kb_diagram_start(void)
{
	pthread_mutex_lock(&server.lock);
	start();
	pthread_mutex_unlock(&server.lock);
}

void kb_diagram_stop(void)
{
	pthread_mutex_lock(&server.lock);
	stop();
	atomic_store(&server.slow_ms, 0);
	pthread_mutex_unlock(&server.lock);
}

/* Gives the server a socket to answer by. */
static bool give(int fd)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(fd)),
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS}};
	char byte = 0;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(server.fd, &message, MSG_NOSIGNAL) == 1;
}

/* A socket at whose other end a drawing is waited for, or -1. */
static int connect_to_server(void)
{
	const struct timeval patience = {.tv_sec = PATIENCE};
	bool given = false;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	pthread_mutex_lock(&server.lock);
	for (int tries = 0; tries < 2 && !given && start(); tries++) {
		given = give(pair[1]);
		if (!given)
			stop();
	}
	pthread_mutex_unlock(&server.lock);
	close(pair[1]);
	if (given)
		return pair[0];
	close(pair[0]);
	return -1;
}

static bool converse(int fd, kb_str dot, enum kb_drawing_kind kind, struct answer *head,
	struct kb_drawing *out, kb_buf *message)
{
	struct diagram_request question = {kind, (uint32_t)dot.len};

	return put(fd, &question, sizeof(question)) && put(fd, dot.data, dot.len) &&
	       get(fd, head, sizeof(*head)) && get_buf(fd, message, head->message) &&
	       get_buf(fd, &out->urls, head->urls) && get_buf(fd, &out->data, head->data);
}

/* False when the server is gone. */
static bool ask(kb_str dot, enum kb_drawing_kind kind, struct answer *head,
	struct kb_drawing *out, kb_buf *message)
{
	int fd = connect_to_server();
	bool heard = fd >= 0 && converse(fd, dot, kind, head, out, message);

	if (fd >= 0)
		close(fd);
	return heard;
}

int kb_diagram_ask(kb_str dot, enum kb_drawing_kind kind, struct kb_drawing *out,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf message = {0};
	struct answer head;
	bool answered = false;

	if (atomic_load(&server.slow_ms) > SLOW_MS_MAX && kind != KB_DRAWING_PNG)
		return kb_error_set(err, KB_E_REFUSED,
			"this diagram is not drawn, because others took too long");
	/* Somebody may end the server; then there is a second one. */
	for (int i = 0; i < 2 && !answered; i++)
		answered = ask(dot, kind, &head, out, &message);
	if (!answered)
		return kb_error_set(
			err, KB_E_IO, "the process that draws diagrams is not running");
	if (head.ms > SLOW_MS && kind != KB_DRAWING_PNG)
		atomic_fetch_add(&server.slow_ms, head.ms);
	out->line = head.line;
	return head.code ? kb_error_set(err, (enum kb_error_code)head.code, "%.*s",
				   KB_ARG(kb_buf_view(&message)))
			 : 0;
}

void kb_drawing_dispose(struct kb_drawing *drawing)
{
	kb_buf_dispose(&drawing->data);
	kb_buf_dispose(&drawing->urls);
}
