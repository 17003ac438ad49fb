/*
 * Sources: bytes by path.
 *
 * A source is the content root in a work tree, in a revision of a Git repository (also a
 * bare one), in its index, or in a plain folder without Git. Paths are relative to the
 * content root, with '/' between parts, and not normalized. All operations of kb depend
 * only on a source, so they work on each kind.
 */
#ifndef KB_SOURCE_H
#define KB_SOURCE_H

#include "kb/buf.h"
#include "kb/diag.h"
#include "kb/error.h"
#include "kb/hash.h"
#include "kb/map.h"

struct kb_source;

enum kb_entry_kind { KB_ENTRY_FILE, KB_ENTRY_SYMLINK, KB_ENTRY_SUBMODULE };

struct kb_entry {
	kb_str path;
	uint64_t size; /* bytes; 0 in a revision or the index until it is read */
	/* Of a file on disk: another one once the file was changed, by all that the file
	 * system tells. 0: not known, as for a link, in a revision, and so soon after a
	 * change that another one could leave the same times. */
	uint64_t stamp;
	uint8_t kind;
};

/*
 * The content root: DIR or the nearest folder upward that holds kb.yaml. With REV
 * (a revision that Git understands) its tree is read and no work tree is needed:
 * DIR may then be a bare repository; the root is the same folder in that
 * revision, or the only one that holds a kb.yaml there. CONFIG: an absolute path or
 * one relative to DIR of a kb.yaml to use instead (for content that has none in
 * that revision); may be NULL. Without a kb.yaml: KB_E_NOTFOUND.
 */
int kb_source_open(struct kb_source **out, const char *dir, const char *rev,
	const char *config, struct kb_error *err);
/*
 * The same for what is staged: the content that a commit made now would have. Files
 * added with --intent-to-add are not in it. A path that is not merged: KB_E_GIT.
 */
int kb_source_open_staged(struct kb_source **out, const char *dir, const char *config,
	struct kb_error *err);
/* DIR itself, with or without a kb.yaml: for making one. */
int kb_source_open_folder(struct kb_source **out, const char *dir, struct kb_error *err);
/* Frees the source and what it gave; NULL is fine. Free its readers first. */
void kb_source_free(struct kb_source *source);

/* How many threads may list the source: one per core (0) if this is not called. */
void kb_source_use_threads(struct kb_source *source, unsigned threads);

/* From now on the file has these bytes (copied), whether it existed or not. Rules of a
 * .gitignore or .kbignore apply from the next listing. Call it while no other thread
 * reads the source. */
void kb_source_replace(struct kb_source *source, kb_str path, kb_str data);

/* Absolute path of the content root on disk; empty for a bare repository. */
kb_str kb_source_root(const struct kb_source *source);
/* The root's path inside the repository ("content-example"), or empty. */
kb_str kb_source_prefix(const struct kb_source *source);
/* Is it in a Git repository that kb can read? */
bool kb_source_has_git(const struct kb_source *source);
/* Why kb reads the work tree as a plain folder although it is in a Git repository; empty
 * if it does not. */
kb_str kb_source_git_fault(const struct kb_source *source);
/* The revision's commit id in hex, empty for a work tree. */
kb_str kb_source_commit(const struct kb_source *source);
/* Name of the branch or revision, for {revision} in edit URLs ("main"); may be empty. */
kb_str kb_source_branch(const struct kb_source *source);

/*
 * A hash of what a work tree is: it changes when a file below the root was added,
 * changed or removed, or HEAD, its branch or the end of a shallow clone. No file is read.
 * Returns false if that is unknown: something was changed just now, is a symbolic link or
 * a submodule, or the source is a revision or not in Git.
 */
bool kb_source_state(struct kb_source *source, struct kb_hash *state);

/*
 * All entries below the root, as they were when this was asked first, sorted by path
 * (bytes), without what .gitignore and .kbignore exclude, without .git and without
 * folders that kb published (they hold a file .kb-site). Symbolic links are not followed:
 * they are entries of their own. What a sparse work tree leaves out is among them, and
 * read from the index.
 */
int kb_source_list(struct kb_source *source, struct kb_arena *arena,
	struct kb_entry **entries, size_t *n, struct kb_error *err);

/* Is the path excluded by a .gitignore or .kbignore, or below a folder that kb published,
 * whether there is such a file or not? */
bool kb_source_ignores(struct kb_source *source, kb_str path);

/* Is the file in Git alone, because the work tree is sparse and leaves it out? */
bool kb_source_leaves_out(struct kb_source *source, kb_str path);

/* Reads for one thread. */
struct kb_reader;
/* Makes a reader for the calling thread. Never NULL. */
struct kb_reader *kb_reader_new(struct kb_source *source);
void kb_reader_free(struct kb_reader *reader);
/* Appends the file's bytes; KB_E_NOTFOUND, or KB_E_REFUSED when larger than MAX (0: 64
 * MiB), a symlink that leaves the root, or no regular file. For a Git LFS pointer it
 * gives the content that was fetched; KB_E_LFS when it was not fetched. */
int kb_reader_read(struct kb_reader *reader, kb_str path, size_t max, kb_buf *out,
	struct kb_error *err);

/* Appends the path that PATH leads to when every symbolic link in it is followed, whether
 * something is there or not; KB_E_REFUSED when it leaves the root or goes in a circle. */
int kb_reader_resolve(
	struct kb_reader *reader, kb_str path, kb_buf *resolved, struct kb_error *err);

/* Texts of a source by path (kb_source_texts_get is a kb_diag_text_fn): each is valid
 * until the next is asked for. Begins with a reader that is freed with the texts. */
struct kb_source_texts {
	struct kb_reader *reader;
	kb_buf buf;
};
bool kb_source_texts_get(void *texts, kb_str path, kb_str *text);
void kb_source_texts_dispose(struct kb_source_texts *texts);
/* Sorts and places findings in files of the source (kb_diags_finish). */
void kb_source_finish(struct kb_source *source, struct kb_diags *diags);

/* The id of the file's blob in a revision or the index that was listed, without reading
 * it. Returns false if there is no such file, or if it comes from elsewhere. */
bool kb_source_blob(const struct kb_source *source, kb_str path, char hex[41]);

/* Where kb may keep data that it made from the content: the path of a file NAME, one for
 * each content root, in the repository's own folder or, without Git and where that cannot
 * be written, in the user's ($XDG_CACHE_HOME or ~/.cache); empty: nowhere. *OWN: the
 * source is the work tree, for which it is kept; others may read it. */
kb_str kb_source_cache(const struct kb_source *source, struct kb_arena *arena,
	const char *name, bool *own);

/* Where changes of the work tree's files are noted while they are made (see rewrite.h):
 * in the repository's own folder, which no clone brings along; without Git, in the root.
 */
kb_str kb_source_journal(const struct kb_source *source, struct kb_arena *arena);

/* The id of the blob that Git stores for the file PATH of the source when it has this
 * TEXT: by core.autocrlf and .gitattributes, a work tree's line ends may not be those
 * that are stored. True: the stored bytes are others. */
bool kb_source_blob_id(struct kb_source *source, kb_str path, kb_str text, char hex[41]);
/* Do configuration and .gitattributes decide what that id is? */
bool kb_source_may_convert(const struct kb_source *source, kb_str text);
/* The 20 bytes that an id in hex is of. */
void kb_blob_bytes(const char *hex, unsigned char id[20]);
/* Git's id of a blob with these bytes, in hex. */
void kb_blob_id(kb_str data, char hex[41]);

#endif
