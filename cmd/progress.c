#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 500
#define STEP_MS 200

struct kb_progress {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	const char *phase;
	bool ended, shown;
	unsigned elapsed_ms;
};

static void draw(struct kb_progress *p)
{
	static const char *const bars[] = {"[=    ]", "[ =   ]", "[  =  ]", "[   = ]",
		"[    =]", "[   = ]", "[  =  ]", "[ =   ]"};

	fprintf(stderr, "\r%s %s %u s\033[K",
		bars[p->elapsed_ms / STEP_MS % KB_LEN(bars)], p->phase,
		p->elapsed_ms / 1000);
	fflush(stderr);
	p->shown = true;
}

static void wait_ms(struct kb_progress *p, unsigned ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!p->ended && pthread_cond_timedwait(&p->wake, &p->lock, &until) == 0)
		;
	p->elapsed_ms += ms;
}

static void *show(void *opaque)
{
	struct kb_progress *p = opaque;

	pthread_mutex_lock(&p->lock);
	for (wait_ms(p, QUIET_MS); !p->ended; wait_ms(p, STEP_MS))
		draw(p);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct kb_progress *kb_progress_start(const struct kb_cli *cli, const char *phase)
{
	if (cli->quiet || cli->no_progress || !isatty(STDERR_FILENO))
		return NULL;
	struct kb_progress *p = kb_xcalloc(1, sizeof(*p));
	sigset_t all, before;
	p->phase = phase;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	/* A signal is for the thread that works, which may hold it back. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	int failed = pthread_create(&p->thread, NULL, show, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!failed)
		return p;
	free(p);
	return NULL;
}

void kb_progress_phase(struct kb_progress *p, const char *phase)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->phase = phase;
	pthread_mutex_unlock(&p->lock);
}

void kb_progress_end(struct kb_progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	if (p->shown)
		fputs("\r\033[K", stderr);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
