/*
 * Validation: everything that can be wrong with a library's content beyond what
 * reading it found. One file a rule family in src/check; a document's findings
 * depend on the library alone, so documents are checked in parallel.
 */
#ifndef KB_CHECK_H
#define KB_CHECK_H

#include "kb/change.h"
#include "kb/library.h"

/*
 * What validation looks for in each text by itself: style and personal data. A library
 * that is to be checked is loaded with it, as kb_library_options.check, and it is freed
 * after the library. It serves one library at a time.
 */
struct kb_check_texts;
struct kb_check_texts *kb_check_texts_new(void);
void kb_check_texts_free(struct kb_check_texts *texts);
const struct kb_text_check *kb_check_texts_check(const struct kb_check_texts *texts);
/* Keeps the texts that kb_check will render, to see how long a reply becomes. */
const struct kb_text_keeper *kb_check_texts_keeper(const struct kb_check_texts *texts);

struct kb_check_options {
	unsigned threads;
	/* What changed since an older version, for links to files that moved. It is asked
	 * once at most, when such a link is met; NULL, and NULL returned: not known. */
	const struct kb_path_changes *(*changes)(void *ctx);
	void *ctx;
	const struct kb_library *base; /* the older version, or NULL */
};

/* Adds findings for the whole library, which was loaded with a struct kb_check_texts; the
 * caller picks those of its paths. */
void kb_check(const struct kb_library *lib, const struct kb_check_options *options,
	struct kb_diags *diags);

/*
 * Finds what only the comparison of two versions shows: public addresses that are gone,
 * anchors that are gone, and issues that were removed without an alias.
 * CHANGES are those from BASE to LIB; both are looked at as of one time.
 */
void kb_check_versions(const struct kb_library *base, const struct kb_library *lib,
	const struct kb_path_changes *changes, struct kb_diags *diags);

/* Was the file at PATH, of the newer version, added or edited? One that only moved was
 * not. */
bool kb_path_edited(const struct kb_path_changes *changes, kb_str path);
/*
 * Leaves of finished findings those in files that were edited, and elsewhere those that
 * BASE, the finished findings of the older version, does not have: by rule, file, message
 * and text of the line, so that a line's number does not matter. A finding that is more
 * severe now than it was counts as new.
 */
void kb_diags_since(struct kb_diags *diags, const struct kb_diags *base,
	const struct kb_path_changes *changes);

#endif
