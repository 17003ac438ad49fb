/*
 * Files below a folder, by paths whose parts are opened one after another without
 * following symbolic links. Functions return 0 or -1 with errno.
 */
#ifndef SITE_PLACE_H
#define SITE_PLACE_H

#include "kb/buf.h"

#define PLACE_TEMP ".kb-tmp"

int place_read(int dir, const char *name, kb_buf *out);
/* The folder for unfinished files, made or emptied; a descriptor. */
int place_temp(int dir);
void place_temp_remove(int dir);
/* Writes in the folder TEMP and renames to PATH, making folders; without REPLACE, EEXIST
 * when something is there. */
int place_put(int dir, int temp, unsigned serial, kb_str path, kb_str data, bool replace);
/* Removes a file and the folders that it leaves empty; one not there is no failure. */
int place_remove(int dir, kb_str path);

#endif
