/*
 * A parallel loop.
 *
 * kb_parallel calls task(ctx, index, worker) once for each index below n, in any order,
 * on THREADS threads (0: one per core). `worker` is the number of the thread, from 0, so
 * each can have its own arena. If results go into slots by index, they are the same for
 * any number of threads. It returns when all calls are done.
 */
#ifndef KB_POOL_H
#define KB_POOL_H

#include <stddef.h>

typedef void kb_task_fn(void *ctx, size_t index, unsigned worker);

void kb_parallel(unsigned threads, size_t n, kb_task_fn *task, void *ctx);
/* The number of threads that kb_parallel uses for THREADS and N: at least 1. */
unsigned kb_parallel_workers(unsigned threads, size_t n);

#endif
