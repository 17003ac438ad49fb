/*
 * Changing several files, all or none.
 *
 * A rewrite is the whole text of a file before and after. Either all rewrites of a set
 * are made, or each file stays as it was: after a failure, a kill, or a power cut.
 *
 * Before the first change, a journal notes what every file was. The new texts are written
 * beside their files, everything is brought to the disk, and the new texts are renamed
 * into place. Emptying the journal is what makes the change final. A failure on the way
 * puts the old texts back. When the process or the machine dies instead, the journal
 * stays, and kb_rewrites_recover puts them back in the next run. A file that somebody
 * edited meanwhile is neither the old text nor the new one; it is left as it is.
 *
 * The journal is locked while a change is made, so that two runs never interleave: the
 * second waits for up to ten seconds, then fails. The caller names the journal, because a
 * place that a clone can bring along must not be used where there is a better one; see
 * kb_source_journal.
 *
 * A file keeps its owner and permissions. A symbolic link stays, and the file that it
 * leads to is changed, if that is below the root. A hard link is cut, as Git would do.
 */
#ifndef KB_REWRITE_H
#define KB_REWRITE_H

#include "kb/error.h"
#include "kb/vec.h"

struct kb_rewrite {
	kb_str path; /* below the root */
	kb_str before, after;
	bool is_new; /* there must be no such file; its folders are made */
};

/*
 * Makes all rewrites below ROOT or none. Refused (KB_E_REFUSED) when a file is not what
 * it was when it was read, when a new file exists, and when a path leaves the root.
 */
int kb_rewrites_write(kb_str root, kb_str journal, const struct kb_rewrite *changes,
	size_t n, struct kb_error *err);

/* What kb_rewrites_recover found. */
struct kb_recovered {
	size_t files;	/* that have their former text again, or are gone again */
	kb_strs edited; /* that were edited meanwhile and stay, in ARENA */
};

/* Undoes what a run that died left incomplete; usually there is nothing to do. Dispose of
 * RECOVERED->edited. */
int kb_rewrites_recover(kb_str root, kb_str journal, struct kb_arena *arena,
	struct kb_recovered *recovered, struct kb_error *err);

#endif
