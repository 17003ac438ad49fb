/* What the parts of the comparison of libraries share. */
#ifndef DIFF_LIBRARY_H
#define DIFF_LIBRARY_H

#include "kb/library_diff.h"
#include "version.h"

struct library_pair {
	struct kb_library_diff out;
	struct kb_arena *arena, **arenas;
	unsigned narenas;
	const struct kb_library *from, *to;
	const struct kb_path_changes *changes;
	const struct kb_library_diff_options *options;
	struct {
		KB_VEC(struct kb_doc_diff);
	} docs;
	struct {
		KB_VEC(struct kb_note);
	} notes;
};

/* notes.c */
struct kb_note *note_add(struct library_pair *l, enum kb_note_kind kind,
	enum kb_change_action action, enum kb_weight weight);
/* Is the file asked for? */
bool notes_asked(const struct library_pair *l, kb_str path);
/* A value in its locales; without those in which OTHER (or NULL) has the same. */
kb_str notes_l10n_text(
	struct library_pair *l, const struct kb_l10n *value, const struct kb_l10n *other);
/* Of a file that cannot be read, now or before, nothing can be compared. */
void notes_tell_broken(
	struct library_pair *l, enum kb_note_kind kind, kb_str path, bool now);

/* A file for each: text that more people may read now. */
void notes_of_readers(struct library_pair *l);
/* Addresses, translations, snippets, files. */
void notes_of_documents(struct library_pair *l);
void notes_of_issues(struct library_pair *l);
/* People, variables, kb.yaml. */
void notes_of_settings(struct library_pair *l);

/* Keys of two maps that differ, with dotted names. */
void maps_compare(
	struct changes *changes, const struct kb_node *a, const struct kb_node *b);

#endif
