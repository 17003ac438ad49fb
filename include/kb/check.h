/*
 * Validation: everything that can be wrong with a library's content beyond what
 * reading it found. src/check has one file per rule family. The findings of a document
 * depend on the library alone, so kb checks documents in parallel.
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
/* Makes one for one library. Never NULL; free it after the library. */
struct kb_check_texts *kb_check_texts_new(void);
void kb_check_texts_free(struct kb_check_texts *texts);
/* What to pass to the library as kb_library_options.check; it lives as long as TEXTS. */
const struct kb_text_check *kb_check_texts_check(const struct kb_check_texts *texts);
/* Keeps the texts that kb_check will render, to see how long a reply becomes. */
const struct kb_text_keeper *kb_check_texts_keeper(const struct kb_check_texts *texts);

struct kb_check_options {
	unsigned threads;
	/* What changed since an older version, for links to files that moved. kb calls it
	 * at most once, at the first such link. Both it and its result may be NULL. */
	const struct kb_path_changes *(*changes)(void *ctx);
	void *ctx;
	const struct kb_library *base; /* the older version, or NULL */
};

/* Adds findings for the whole library, which must have been loaded with a struct
 * kb_check_texts. The caller selects those of the paths that it needs. */
void kb_check(const struct kb_library *lib, const struct kb_check_options *options,
	struct kb_diags *diags);

/*
 * Finds what only the comparison of two versions shows: public addresses that are gone,
 * anchors that are gone, and issues that were removed without an alias.
 * CHANGES are those from BASE to LIB. Both libraries must have the same clock.
 */
void kb_check_versions(const struct kb_library *base, const struct kb_library *lib,
	const struct kb_path_changes *changes, struct kb_diags *diags);

/* Was the file at PATH, of the newer version, added or edited? A file that only moved
 * was not. */
bool kb_path_edited(const struct kb_path_changes *changes, kb_str path);
/*
 * Keeps the finished findings in files that were edited and, in other files, those that
 * BASE, the finished findings of the older version, does not have. It compares rule,
 * file, message and the text of the line, so line numbers do not matter. A finding that
 * is more severe than before counts as new.
 */
void kb_diags_since(struct kb_diags *diags, const struct kb_diags *base,
	const struct kb_path_changes *changes);

#endif
