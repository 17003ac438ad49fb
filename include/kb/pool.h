/*
 * A parallel loop.
 *
 * kb_parallel calls task(ctx, index, worker) once for each index below n, on as
 * many threads as said (0: one per core), in no order; worker tells threads apart,
 * from 0, for arenas and sinks of their own. Results that go into slots by index
 * are the same whatever the number of threads. Returns when all are done.
 */
#ifndef KB_POOL_H
#define KB_POOL_H

#include <stddef.h>

typedef void kb_task_fn(void *ctx, size_t index, unsigned worker);

void kb_parallel(unsigned threads, size_t n, kb_task_fn *task, void *ctx);
/* The number of threads that kb_parallel uses for THREADS and N: at least 1. */
unsigned kb_parallel_workers(unsigned threads, size_t n);

#endif
