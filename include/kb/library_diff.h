/*
 * Differences between two libraries: which documents were added, removed, moved
 * and changed, and what else changed with them.
 *
 * Documents are matched by id and locale, then by files that moved. Notes say what the
 * difference of one document does not show: issues, people and variables that changed,
 * with the documents that they touch; snippets, with those that include them;
 * translations that are behind their source; addresses; and text that readers of a more
 * public audience can read now and could not before.
 *
 * Both libraries must outlive the difference, which is in the arena given.
 */
#ifndef KB_LIBRARY_DIFF_H
#define KB_LIBRARY_DIFF_H

#include "kb/change.h"
#include "kb/diff.h"
#include "kb/library.h"

struct kb_doc_diff {
	const struct kb_document *from, *to; /* NULL: not there */
	struct kb_diff *diff;
	bool moved; /* another path */
	/* Set when this reports the changes of a translation's source: see kb/outdated.h.
	 */
	const struct kb_document *translation;
	kb_str since; /* "revision 1a2b3c4d5e"; "2026-11-20"; ... */
};

enum kb_note_kind {
	KB_NOTE_READERS,     /* more people may read it; before, after: audiences */
	KB_NOTE_ADDRESS,     /* a page's address; after: empty when it has gone */
	KB_NOTE_TRANSLATION, /* is behind its source */
	KB_NOTE_SNIPPET,     /* changed, and what includes it with it */
	KB_NOTE_VARIABLE,
	KB_NOTE_ISSUE,
	KB_NOTE_PERSON,
	KB_NOTE_SETTING, /* a key of kb.yaml */
	KB_NOTE_FILE, /* an image, a download, or another file that is not a document */
	KB_NOTES
};
const char *kb_note_name(enum kb_note_kind kind); /* "readers" */

struct kb_note {
	uint8_t kind, action, weight;
	kb_str path; /* of the document or file */
	kb_str name; /* of the issue, variable, person, key */
	kb_str before, after;
	kb_str text;	 /* a sentence without its full stop */
	kb_strs touched; /* paths of documents */
};

struct kb_library_diff {
	const struct kb_library *from, *to;
	const struct kb_path_changes *changes; /* between their sources; borrowed */
	struct kb_doc_diff *docs; /* sorted by path; only those that differ */
	uint32_t ndocs;
	struct kb_note *notes; /* by kind, then as found */
	uint32_t nnotes;
	enum kb_weight weight;
};

struct kb_library_diff_options {
	unsigned threads;
	/* Is it asked for? NULL: everything is. */
	bool (*selected)(void *ctx, kb_str path);
	void *ctx;
};

/* CHANGES: what kb_path_changes_find says of their sources. -1: a file cannot be read. */
int kb_library_diff_find(struct kb_library_diff **out, struct kb_arena *arena,
	const struct kb_library *from, const struct kb_library *to,
	const struct kb_path_changes *changes,
	const struct kb_library_diff_options *options, struct kb_error *err);
/* Frees what is not in the arena; NULL is fine. */
void kb_library_diff_free(struct kb_library_diff *diff);

/* The document that DOC of the library FROM is in TO, or NULL. */
const struct kb_document *kb_document_in(const struct kb_library *to,
	const struct kb_library *from, const struct kb_document *doc,
	const struct kb_path_changes *changes);

#endif
