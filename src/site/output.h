/*
 * The folder that a site is published to.
 *
 * The folder's `.kb-site` lists every file that kb wrote, with a hash of its content
 * and of the document that it came from. Only those are ever replaced or deleted; a
 * folder with other files and no such list is refused. No symbolic link inside the
 * folder is followed.
 *
 * A file whose content differs from what the list says waits in a temporary folder until
 * output_commit, which puts all of them into their places: until then readers see nothing
 * of the run, and a run that fails puts back what it has done. Only kill and the like can
 * end it half way. The list says so then, and the next run trusts no hash, writes all
 * files and removes what is left over. Memory does not grow with the files' size.
 *
 * All functions on a path may be called from several threads, but for one path by one at
 * a time.
 */
#ifndef SITE_OUTPUT_H
#define SITE_OUTPUT_H

#include "kb/error.h"
#include "kb/site.h"
#include "kb/vec.h"

/* The file that may have a name which kb reserves, and is not counted; see record.c. */
#define OUTPUT_RECORDS ".kb-documents"

struct output;

struct output_options {
	const char *dir;
	kb_str audience; /* in a folder of another audience's site all is written */
	bool clean;	 /* trust no hash */
	bool dry_run;	 /* count only */
	bool atomic;	 /* build the site beside the folder and switch the two */
};

struct output_counts {
	uint32_t written, unchanged, removed, kept;
	uint64_t bytes;
	uint64_t list; /* a hash of the folder's list, which stays as it is; or 0 */
};

enum output_kind {
	OUTPUT_PAGE,   /* made from a document or from several */
	OUTPUT_HASHED, /* its name holds its content's hash: kept while a kept page needs
			  it */
};

/* The strings of OPTIONS are borrowed. */
int output_open(
	struct output **out, const struct output_options *options, struct kb_error *err);
/* Without output_commit, gives up. NULL is fine. */
void output_close(struct output *out);

/* SOURCE: path of the document that the file is the page of, or empty. Fails when the
 * run has a file at PATH. */
int output_write(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err);
/* The same when the run may have a file of that source at PATH: DATA takes its place. */
int output_replace(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err);
/* A file of this run was made from what SIGN is a hash of, see sign.h; 0: nobody knows.
 */
void output_sign(struct output *out, kb_str path, uint64_t sign);
/* Leaves the last run's file at PATH when it was made from the same; false: there is
 * none, or the run has a file there. A hashed file has the sign 0: it is the same by its
 * name. */
bool output_same(struct output *out, kb_str path, uint64_t sign);
/* Numbers of names, see marks.h. */
struct output_names {
	KB_VEC(uint32_t);
};
/* A file of this run has the MARK (see marks.h; 0: none), and shows the hashed files
 * SHOWN and NAMES. */
void output_mark(struct output *out, kb_str path, uint64_t mark, const kb_strs *shown,
	const struct output_names *names);
/* Leaves the last run's file at PATH when it had that mark and no name in it is RENAMED
 * (NULL: none is), and adds the files that it shows to SHOWN; false: it is another one,
 * or the run has a file there. */
bool output_marked(struct output *out, kb_str path, uint64_t mark, const bool *renamed,
	kb_strs *shown);
/* The marks of all files for a later run, after output_commit; and back, before the run
 * has a file: false when they cannot be read. NNAMES: how many there are. */
void output_print_marks(const struct output *out, kb_buf *to);
bool output_read_marks(struct output *out, kb_str from, uint32_t nnames);
/* A hash of the folder's list, as it was read or, after output_commit, written; 0: there
 * is none that can be trusted. */
uint64_t output_list(const struct output *out);
/* A hash of the paths of the hashed files that this run has so far. */
uint64_t output_hashed(const struct output *out);
/* Leaves the last run's file at PATH, which is what this run would write; false: there is
 * none. */
bool output_reuse(struct output *out, kb_str path);
/* Does the run have a file at PATH, written or kept? */
bool output_has(struct output *out, kb_str path);
/* Takes back what this run has at PATH; it may be kept or written after that. */
void output_drop(struct output *out, kb_str path);
/* The files that the last complete site for this audience had of a document, by path. */
void output_former(struct output *out, kb_str source, kb_strs *paths);
/* Appends what is in the file of the last run at PATH; -1: it cannot be read. */
int output_read(const struct output *out, kb_str path, kb_buf *data);
/* The same; false: it is not known to be as the last run wrote it. */
bool output_read_same(struct output *out, kb_str path, kb_buf *data);
/* Leaves a file of the last run as it is, and with it all hashed ones. */
void output_keep(struct output *out, kb_str path);
/* Brings to readers what this run wrote, and removes what it neither wrote nor kept. */
int output_commit(struct output *out, struct output_counts *counts, struct kb_error *err);
/* After output_commit, a dry run's too: the files that are written or removed, by path.
 */
size_t output_files(
	const struct output *out, struct kb_arena *arena, struct kb_publish_file **files);

#endif
