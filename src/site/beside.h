/*
 * The folders beside a published one, in which a site is built whole: `.NAME.kb-new`
 * takes the place of NAME, and where two folders cannot be exchanged, NAME is
 * `.NAME.kb-old` for a moment. Only folders with a list of kb's, or empty ones, are ever
 * removed.
 */
#ifndef SITE_BESIDE_H
#define SITE_BESIDE_H

#include <stdbool.h>

#include "kb/error.h"

enum { BESIDE_NAME = 256 };

struct beside {
	int parent; /* the folder that all are in; -1: it is not there, or not readable */
	char name[BESIDE_NAME];
	char fresh[BESIDE_NAME + 16];
	char former[BESIDE_NAME + 16];
	bool renamed; /* the two could not be exchanged */
};

/* Follows the links of PATH, which may be not there yet. */
void beside_open(struct beside *beside, const char *path);
void beside_close(struct beside *beside);
/* Is the folder DIR what is at the name now? */
bool beside_is(const struct beside *beside, int dir);
/* A run was killed between the two renames of an exchange: the former site comes back. */
int beside_recover(struct beside *beside);
/* Removes what runs that were killed have left. The live folder is locked. */
int beside_clean(struct beside *beside);
/* Makes the folder in which the new site is built, locked, with the permissions of LIVE;
 * -1 with errno. */
int beside_make(struct beside *beside, int live);
/* Puts it in the place of the live folder, which is below the old name or the new one
 * after that, until beside_clean. */
int beside_switch(struct beside *beside);
/* Before beside_clean, takes that back. */
int beside_switch_back(struct beside *beside);

#endif
