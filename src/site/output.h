/*
 * The folder that a site is published to.
 *
 * The folder's `.kb-site` lists every file that kb wrote, with a hash of its content
 * and of the document that it came from. Only those are ever replaced or deleted; a
 * folder with other files and no such list is refused. A file is written only when its
 * content differs from what the list says, under a temporary name, and renamed into
 * place; no symbolic link inside the folder is followed.
 *
 * Before the first change the list is marked as being written and then grows by each
 * new file, so that whatever ends a run, the next one knows what stands there: it
 * trusts no hash, writes everything anew and removes what is left over.
 *
 * output_write, output_keep and output_former may be called from several threads.
 */
#ifndef SITE_OUTPUT_H
#define SITE_OUTPUT_H

#include "kb/error.h"
#include "kb/vec.h"

struct output;

struct output_options {
	const char *dir;
	kb_str audience; /* a folder of another audience's site is written anew */
	bool clean;	 /* trust no hash */
	bool dry_run;	 /* count only */
};

struct output_counts {
	uint32_t written, unchanged, removed, kept;
	uint64_t bytes;
};

enum output_kind {
	OUTPUT_PAGE,   /* made from a document or from several */
	OUTPUT_HASHED, /* its name holds its content's hash: kept while a kept page needs
			  it */
};

int output_open(
	struct output **out, const struct output_options *options, struct kb_error *err);
/* Gives up without output_commit: the next run completes. NULL is fine. */
void output_close(struct output *out);

/* SOURCE: path of the document that the file is the page of, or empty. */
int output_write(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err);
/* The files that the last complete site for this audience had of a document. */
void output_former(struct output *out, kb_str source, kb_strs *paths);
/* Leaves a file of the last run as it is, and with it all hashed ones. */
void output_keep(struct output *out, kb_str path);
/* What that site showed of a document, as JSON; empty: not known. */
kb_str output_record(const struct output *out, kb_str source);
/* The same for this run's site, in the order of the calls. */
void output_add_record(struct output *out, kb_str source, kb_str json);
/* Removes what this run neither wrote nor kept and completes the list. */
int output_commit(struct output *out, struct output_counts *counts, struct kb_error *err);

#endif
