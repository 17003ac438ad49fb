/* What people type to name documents: ids, and paths relative to the working folder. */
#ifndef KB_OPERAND_H
#define KB_OPERAND_H

#include "kb/library.h"

typedef struct kb_docs {
	KB_VEC(struct kb_document *);
} kb_docs;

/* The path below the content root that OPERAND means, whether anything is there or not;
 * false when it is not below the root. */
bool kb_operand_below(const struct kb_source *source, struct kb_arena *arena,
	kb_str operand, kb_str *path);
/* Turns operands into paths of existing files and folders. A folder's path ends in '/';
 * that of the root is empty. Fails if something does not exist. */
int kb_operand_paths(const struct kb_library *lib, struct kb_arena *arena,
	const kb_strs *operands, kb_strs *paths, struct kb_error *err);
/* Is PATH one of these, or below one? An empty list selects everything; '/' alone selects
 * nothing. */
bool kb_path_selected(const kb_strs *paths, kb_str path);

/*
 * Adds to DOCS the document at a path or, where there is none, those of an id in LOCALES
 * (codes, or "all"; empty: the one locale that it is in). A path must be of one of the
 * locales, too. Documents that were added before are not added again. Fails with
 * KB_E_USAGE for a folder, an id in several locales, and an unknown id; the message says
 * what to type.
 */
int kb_operand_documents(const struct kb_library *lib, struct kb_arena *arena,
	kb_str operand, const kb_strs *locales, kb_docs *docs, struct kb_error *err);

/* The id, or the path if WORD is a path, of a document of this type (KB_TYPE_COUNT: of
 * any) that WORD may mean. Empty: none is near. */
kb_str kb_document_near(const struct kb_library *lib, kb_str word, enum kb_type type);
/* -1 where DOC, which was named by its path, is not what the locale has or falls back
 * to; the error says what to name. */
int kb_operand_in_locale(const struct kb_library *lib, const struct kb_document *doc,
	uint32_t locale, struct kb_error *err);
/* KB_E_USAGE: there is no such document, and which one may be meant. */
int kb_document_unknown(const struct kb_library *lib, kb_str id, struct kb_error *err);
/* The same for the content at REV; NULL: the current content. */
int kb_document_unknown_at(
	const struct kb_library *lib, kb_str id, const char *rev, struct kb_error *err);

#endif
