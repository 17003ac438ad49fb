/* The parts of adopting. */
#ifndef KB_EDIT_ADOPT_H
#define KB_EDIT_ADOPT_H

#include "kb/adopt.h"

/* Looks at the files of the source. */
int adopt_survey(struct kb_adoption *adoption, struct kb_source *source, time_t now,
	struct kb_error *err);
/* The parts of the survey. */
bool adopt_is_settings(kb_str path);
void adopt_settings(struct kb_adoption *adoption, kb_str path, kb_str text);
/* Is the file in a folder that is for no site? It is noted as ignored then. */
bool adopt_in_foreign_folder(struct kb_adoption *adoption, kb_str path);
void adopt_locales(struct kb_adoption *adoption);
void adopt_keys(struct kb_adoption *adoption);
void adopt_drop(struct kb_adoption *adoption, time_t now);
void adopt_topics(struct kb_adoption *adoption);

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
