/* What output.c shares with the two ways to bring its files to readers. */
#ifndef SITE_OUTPUT_PARTS_H
#define SITE_OUTPUT_PARTS_H

#include <pthread.h>

#include "beside.h"
#include "manifest.h"
#include "output.h"

struct output {
	struct output_options options;
	const char *name;
	int dir;   /* the live folder, locked; -1: a dry run, and it is not there */
	bool made; /* the live folder was not there */
	int stage; /* where new files wait at their paths; -1: there are none so far */
	bool changed;
	uint64_t hash;	      /* of the list that was read */
	const char *distrust; /* why no hash is trusted; or NULL */
	struct beside beside;
	struct manifest list;
	pthread_mutex_t lock;
};

/* output_fail.c */
bool output_in_the_way(int error);
/* A file of kb's or of others cannot be put into the site: by errno, because something is
 * in its way. -1. */
int output_fail_put(const struct output *out, kb_str path, struct kb_error *err);
/* The live folder is a mount point. -1. */
int output_fail_mount(const struct output *out, struct kb_error *err);

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

/*
 * whole.c: completes the site in the folder beside the live one, with what did not change
 * and what others put there, and switches the two. That links files rather than copies
 * them where it can: kb only ever replaces a file by renaming another one over it, so
 * nothing is written into a file that two sites have.
 */
int commit_whole(struct output *out, struct kb_error *err);

#endif
