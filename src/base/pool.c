#include "kb/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "kb/mem.h"

struct loop {
	atomic_size_t next;
	size_t n;
	kb_task_fn *task;
	void *ctx;
};

struct pool_worker {
	struct loop *loop;
	unsigned number;
	pthread_t thread;
};

static void *work(void *arg)
{
	struct pool_worker *worker = arg;
	struct loop *loop = worker->loop;
	size_t i;

	while ((i = atomic_fetch_add(&loop->next, 1)) < loop->n)
		loop->task(loop->ctx, i, worker->number);
	return NULL;
}

unsigned kb_parallel_workers(unsigned threads, size_t n)
{
	long cores = threads ? (long)threads : sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		cores = 1;
	if (cores > 256)
		cores = 256;
	if ((size_t)cores > n)
		cores = n ? (long)n : 1;
	return (unsigned)cores;
}

/* The caller is worker 0; a thread that cannot be made leaves its share to the others. */
void kb_parallel(unsigned threads, size_t n, kb_task_fn *task, void *ctx)
{
	unsigned count = kb_parallel_workers(threads, n), started = 1;
	struct loop loop = {.n = n, .task = task, .ctx = ctx};
	struct pool_worker *workers = kb_xcalloc(count, sizeof(*workers));

	for (unsigned i = 0; i < count; i++)
		workers[i] = (struct pool_worker){.loop = &loop, .number = i};
	while (started < count && pthread_create(&workers[started].thread, NULL, work,
					  &workers[started]) == 0)
		started++;
	work(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}
