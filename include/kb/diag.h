/*
 * Findings: what is wrong with content.
 *
 * Each has a rule (rule.h), a severity, a file and a range of bytes in it, a
 * message in plain words and, where there is one, a hint that says what to type.
 * Each thread collects them in a struct kb_diags of its own. Then they are merged and
 * finished: kb sorts them by path, line, column and rule, drops duplicates and those that
 * a document switches off (<!-- kb-disable RULE -->), and counts lines and columns.
 */
#ifndef KB_DIAG_H
#define KB_DIAG_H

#include "kb/error.h"
#include "kb/mem.h"
#include "kb/rule.h"

enum kb_severity { KB_OFF, KB_INFO, KB_WARNING, KB_ERROR };

/* The position of a byte in its file; all numbers count from 1. */
struct kb_place {
	uint32_t line;
	uint32_t col;  /* code points */
	uint32_t unit; /* UTF-16 code units */
	uint32_t byte;
};

/* A part of the finding's file, and the text that should replace it. */
struct kb_edit {
	kb_range range; /* len 0: put in before that byte */
	kb_str text;	/* empty: take out */
	/* Set by kb_diags_finish; line 0: not known, as behind the first thousand edits
	 * of a file. */
	struct kb_place from, to;
};

struct kb_diag {
	enum kb_rule rule;
	enum kb_severity severity;
	bool capped; /* the finding has a severity of its own; kb.yaml may only lower it
		      */
	kb_str path; /* relative to the content root */
	kb_range range; /* len 0: the place before that byte */
	kb_str message;
	kb_str hint; /* empty: none */
	/* How to fix it, in the finding's own file; they do not overlap. None: kb
	 * does not know. Editors and reviewers are offered a guess; --fix never applies
	 * one.
	 */
	struct kb_edit *edits;
	uint32_t nedits;
	bool guess;
	/* Set by kb_diags_finish: it replaces this many more findings of its rule and
	 * file, because they are too many to print. */
	uint32_t more;

	/* Set by kb_diags_finish; all count from 1, columns in code points.
	 * 0: the finding is about the file as a whole, or the file is not there. */
	uint32_t line, col, end_line, end_col;
	struct kb_place place, end; /* the same, and in other units */
	/* The line of `line`, without its end; tabs as they are. Of a very long line the
	 * part around the range, which begins at the column source_col. */
	kb_str source;
	uint32_t source_col;
};

struct kb_diags {
	struct kb_arena *arena; /* owns the strings */
	struct kb_diag *items;
	size_t len, cap;
	/* Severity by rule; NULL: the rules' defaults. Borrowed. */
	const enum kb_severity *severities;
};

/* Begins an empty list with an arena of its own. SEVERITIES may be NULL. */
void kb_diags_init(struct kb_diags *diags, const enum kb_severity *severities);
/* Frees the findings and their strings. */
void kb_diags_dispose(struct kb_diags *diags);

/*
 * Adds a finding at the rule's severity; one that is off is dropped. Path,
 * message and hint are copied. Returns the finding (valid until the next add),
 * so that a hint can be set, or NULL when it was dropped.
 */
struct kb_diag *kb_diag_add(struct kb_diags *diags, enum kb_rule rule, kb_str path,
	kb_range range, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Lowers the severity of a finding to SEVERITY, if it is higher. */
void kb_diag_lower(struct kb_diag *diag, enum kb_severity severity);
/* Sets what to type, as printf would print it. DIAG may be NULL: it was dropped. */
void kb_diag_hint(struct kb_diags *diags, struct kb_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds an edit that, with the finding's others, fixes it. TEXT is copied. */
void kb_diag_edit(
	struct kb_diags *diags, struct kb_diag *diag, kb_range range, kb_str text);

/* Copies the edits of FROM, a finding of another list, to TO. */
void kb_diag_edits_copy(
	struct kb_diags *diags, struct kb_diag *to, const struct kb_diag *from);

/* The finding (encoding-control) about characters that have no place in content, made
 * with the first of them; each has an edit that takes it out. */
struct kb_controls {
	struct kb_diags *diags;
	kb_str path;
	struct kb_diag *diag; /* NULL: none was found */
	uint32_t n;
};
/* Adds the character CP at RANGE. */
void kb_controls_add(struct kb_controls *controls, kb_range range, uint32_t cp);
/* Those of TEXT, which begins BASE bytes into its file. */
void kb_controls_find(struct kb_controls *controls, kb_str text, uint32_t base);
/* Adds copies of N findings to TO, at its severities. */
void kb_diags_copy(struct kb_diags *to, const struct kb_diag *items, size_t n);
/* Moves all findings of FROM to the end of TO; FROM stays usable. */
void kb_diags_merge(struct kb_diags *to, struct kb_diags *from);

/* Is the rule off at the byte OFF of a file with this TEXT, by the table of DIAGS or by a
 * comment (<!-- kb-disable RULE -->) before it? */
bool kb_rule_is_off(
	const struct kb_diags *diags, enum kb_rule rule, kb_str text, size_t off);

/* Gives the text of a file of the content root; returns false when it has none. */
typedef bool kb_diag_text_fn(void *ctx, kb_str path, kb_str *text);
/* Sorts the findings, drops what is switched off or there twice, and counts lines and
 * columns. TEXT is asked once for each file that has findings, in one thread. */
void kb_diags_finish(struct kb_diags *diags, kb_diag_text_fn *text, void *ctx);

/* How many findings have exactly this severity. */
size_t kb_diags_count(const struct kb_diags *diags, enum kb_severity severity);
/* "error", "warning", "info" or "off". */
const char *kb_severity_name(enum kb_severity severity);
/* "error", "warning", "info", "off"; -1 for another word. */
int kb_severity_parse(kb_str word, enum kb_severity *out);

#endif
