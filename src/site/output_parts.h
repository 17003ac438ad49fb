/* What output.c shares with the two ways to bring its files to readers. */
#ifndef SITE_OUTPUT_PARTS_H
#define SITE_OUTPUT_PARTS_H

#include <pthread.h>

#include "kb/error.h"
#include "manifest.h"
#include "output.h"

struct output {
	struct output_options options;
	const char *name;
	int dir;   /* the live folder, locked; -1: a dry run, and it is not there */
	bool made; /* the live folder was not there */
	int stage; /* where new files wait at their paths; -1: there are none so far */
	bool changed;
	struct manifest list;
	pthread_mutex_t lock;
};

/*
 * commit.c: puts the files that wait in the live folder's own temporary folder into their
 * places, one after another, and removes what the site has no more. When that fails, all
 * is put back. A run that is killed leaves a list that says so.
 */
#define COMMIT_TEMP ".kb-tmp"
/* Makes the stage; with the lock held. */
int commit_stage(struct output *out);
int commit_in_place(struct output *out, struct kb_error *err);
/* Removes the temporary folder. */
void commit_clean(int dir);

#endif
