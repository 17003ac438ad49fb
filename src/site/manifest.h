/*
 * The list of a published site's files, `.kb-site`: what each held when it was written
 * and which document it came from, both as hashes, so that the list names nothing that
 * the site does not.
 */
#ifndef SITE_MANIFEST_H
#define SITE_MANIFEST_H

#include "kb/buf.h"
#include "kb/map.h"
#include "kb/vec.h"

#define MANIFEST_NAME ".kb-site"

enum manifest_kind { MANIFEST_PLAIN, MANIFEST_HASHED };

/* A file as one site has it. */
struct manifest_state {
	uint64_t hash;	 /* of its content; 0: not known */
	uint64_t source; /* of its document's path; 0: none */
	uint64_t sign;	 /* of all that it was made from, see sign.h; 0: not known */
	uint64_t size;	 /* of its content, in bytes */
	uint8_t kind;
	bool there;
};

struct manifest_file {
	kb_str path;
	kb_str line; /* of the former file in the list that was read, with its end; or
			empty */
	struct manifest_state former; /* in the list that was read */
	struct manifest_state now;    /* in the site that is being made */
	uint64_t former_mark, mark;   /* see marks.h; 0: none */
	struct manifest_file *next;   /* the next former one of the same source */
	struct manifest_file **shown; /* what a file with a mark shows: hashed ones */
	uint32_t *names;	      /* the numbers of the names in it, see marks.h */
	uint32_t nshown, nnames;
	uint32_t number; /* of its line */
	bool changed;	 /* its content is not known to be the former one */
	bool kept;	 /* the former file stays, whatever is in it */
	bool staged;	 /* its content waits to be put into its place */
	bool gone;	 /* the former file was removed */
	bool dropped;	 /* it was staged, and then taken back */
};

struct manifest {
	struct kb_arena *arena;
	kb_buf text; /* of the list that was read */
	kb_str audience;
	bool complete; /* the run that wrote it came to its end */
	bool keep_hashed;
	kb_map by_path;
	kb_map by_source; /* the first former file of each, once one is asked for */
	struct {
		KB_VEC(struct manifest_file *);
	} files;
};

/* Never 0. */
uint64_t manifest_hash(kb_str data);
void manifest_init(struct manifest *list);
void manifest_dispose(struct manifest *list);
/* Reads list->text. -1: it is not a list that this program can read. */
int manifest_parse(struct manifest *list);
/* Sorts the files by path. */
void manifest_sort(struct manifest *list);
/* Trusts no hash any more; nor, with SOURCES, which document a file is of. */
void manifest_forget(struct manifest *list, bool sources);
/* The first of the files that the list which was read has of a document, by path; or
 * NULL. The others follow as their NEXT. */
const struct manifest_file *manifest_former(struct manifest *list, kb_str source);
/* The entry, added when it is not there. */
struct manifest_file *manifest_get(struct manifest *list, kb_str path);
/* Does the list say of a file what it said? */
bool manifest_same(const struct manifest_file *file);
/* While being written, all files of the former site and of the new one; else the new
 * site. */
void manifest_print(const struct manifest *list, bool complete, kb_buf *out);

#endif
