/* The parts of adopting. */
#ifndef KB_EDIT_ADOPT_H
#define KB_EDIT_ADOPT_H

#include "kb/adopt.h"

/* Surveys the files of the source. */
int adopt_survey(struct kb_adoption *adoption, struct kb_source *source, time_t now,
	struct kb_error *err);
/* The parts of the survey. */
bool adopt_is_settings(kb_str path);
void adopt_settings(struct kb_adoption *adoption, kb_str path, kb_str text);
/* Is the file in a folder that no site shows? Then it is noted as ignored. */
bool adopt_in_foreign_folder(struct kb_adoption *adoption, kb_str path);
void adopt_locales(struct kb_adoption *adoption);
/* "de", "pt-BR", "zh_Hans": a language that has a name. */
bool adopt_is_locale(struct kb_arena *arena, kb_str word, kb_str *code);
/* The language that a text is in, or empty if that is unknown. */
kb_str adopt_language_of(kb_str text);
/* The locale of paths that say none: as such a document or the generator states it, else
 * the language that most of these texts are in, else English. */
kb_str adopt_stated_locale(const struct kb_adoption *adoption);
void adopt_keys(struct kb_adoption *adoption);
void adopt_drop(struct kb_adoption *adoption, time_t now);
void adopt_topics(struct kb_adoption *adoption);

/* Fills in the former addresses of documents, from the source, which has the files that
 * follow. */
int adopt_addresses(
	struct kb_adoption *adoption, struct kb_source *source, struct kb_error *err);
/* Validates the source, which has the files that follow; fills the baseline and the
 * faults. */
int adopt_baseline(
	struct kb_adoption *adoption, struct kb_source *source, struct kb_error *err);

/* The files that follow. */
void adopt_write_config(kb_buf *out, const struct kb_adoption *adoption, kb_str name);
void adopt_write_taxonomy(kb_buf *out, const struct kb_adoption *adoption);
void adopt_write_people(kb_buf *out);
void adopt_write_ignore(kb_buf *out, const struct kb_adoption *adoption);

#endif
