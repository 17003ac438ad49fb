/*
 * Style rules in Vale's format (https://vale.sh/docs/checks), private to src/check.
 *
 * Rules are read and compiled once, before the first thread (style_load.c; style_scope.c
 * for where they look, style_action.c for how they fix it). A document's
 * prose is made into units (style_text.c): a paragraph, a heading, a cell, a title, each
 * with the scopes that it is in, and with code, addresses and {{names}} masked by '*'.
 * Each rule then (style_family.c) looks at the units in its scope (style_find.c,
 * style_case.c, style_metric.c), and style.c adds what it finds. A rule whose words
 * cannot be in a document, by the letters that stand together in it, is not run.
 */
#ifndef CHECK_STYLE_H
#define CHECK_STYLE_H

#include "family.h"

#include "kb/passage.h"
#include "kb/regex.h"

enum style_kind {
	STYLE_EXISTENCE,
	STYLE_SUBSTITUTION,
	STYLE_OCCURRENCE,
	STYLE_REPETITION,
	STYLE_CONSISTENCY,
	STYLE_CAPITALIZATION,
	STYLE_CONDITIONAL,
	STYLE_METRIC,
	STYLE_KINDS
};

/* Scopes, bit by bit. */
enum style_scope {
	STYLE_TEXT,
	STYLE_HEADING,
	STYLE_H1, /* to H6 */
	STYLE_PARAGRAPH = STYLE_H1 + 6,
	STYLE_LIST,
	STYLE_TABLE,
	STYLE_TABLE_HEADER,
	STYLE_TABLE_CELL,
	STYLE_BLOCKQUOTE,
	STYLE_SENTENCE,
	STYLE_ALT,
	STYLE_LINK,
	STYLE_STRONG,
	STYLE_EMPHASIS,
	STYLE_CODE,
	STYLE_RAW,
	STYLE_SUMMARY,
	STYLE_ARTICLE,
	STYLE_WORKFLOW,
	STYLE_REPLY,
	STYLE_REFERENCE,
	STYLE_TITLE,
	STYLE_SUBJECT,
	STYLE_SCOPES,
	STYLE_COUNTS = STYLE_SCOPES /* no scope: a metric wants words counted */
};

struct style_selector { /* all of ALL and none of NONE */
	uint32_t all, none;
};

struct style_pattern {
	struct kb_regex *regex;
	kb_str replacement; /* as written, with $1 */
	kb_str words;	    /* as written */
	/* Bits of the trigrams that any text which it matches must have; none: unknown.
	 */
	uint16_t *trigrams;
	size_t ntrigrams;
};

struct style_formula;

struct style_rule {
	kb_str name; /* "Google.We" */
	kb_str path, message, link;
	kb_range range; /* of its message, for the docs */
	enum style_kind kind;
	enum kb_severity severity;
	uint32_t locale; /* that its folder names; KB_NONE: all */
	struct style_selector *selectors;
	size_t nselectors;
	uint32_t scopes; /* that any of the selectors asks for: which units are needed */
	struct style_pattern *patterns;
	size_t npatterns;
	struct kb_regex *exceptions; /* what holds one is left alone; or NULL */
	struct kb_regex *second;     /* of conditional */
	struct kb_regex *prefix;     /* of capitalization: not looked at; or NULL */
	kb_str match;		     /* of capitalization: "$title" and so on */
	kb_strs indicators;
	bool chicago, alpha, ignorecase;
	enum style_capital {
		STYLE_CAPITAL_UNSAID,
		STYLE_CAPITAL_STAYS,
		STYLE_CAPITAL_GOES
	} capital; /* at the start of what is replaced */
	double threshold;
	bool has_max, has_min;
	size_t max, min, limit;
	enum style_action {
		STYLE_NO_ACTION,
		STYLE_REPLACE,
		STYLE_REMOVE,
		STYLE_EDIT,
		STYLE_CONVERT,
		STYLE_SUGGEST
	} action;
	kb_strs params;
	struct style_formula *formula;
};

struct style_rules {
	struct kb_arena *arena;
	struct style_rule *items;
	size_t len;
	uint32_t **by_locale; /* indices of the rules of each locale */
	uint32_t *nby_locale;
	kb_buf sources; /* all that the rules were made from */
};

/* Reads all of style/; what is wrong with a rule is a finding, and it is not run. */
struct style_rules *style_load(struct kb_checker *checker);
void style_free(struct style_rules *rules);

/* A piece of prose. */
struct style_unit {
	kb_str text; /* masked */
	const struct kb_passage *passage;
	uint32_t from; /* in the passage's text, where this is a part of it */
	uint32_t scopes;
};

struct style_text {
	struct style_unit *units;
	size_t len;
	uint32_t trigrams[65536 / 32]; /* of all units */
	struct {
		size_t words, sentences, paragraphs, headings[7], lists, blockquotes, pre,
			characters, syllables, complex_words, long_words,
			polysyllabic_words;
	} counts;
};

/* SCOPES: those that rules ask for. FILE is the document's text, MD its Markdown. */
void style_text_read(struct kb_checker *checker, const struct kb_document *doc,
	kb_str file, struct kb_md *md, uint32_t scopes, struct style_text *out);

/* Hash of three bytes, ASCII letters of either case alike. */
uint16_t style_trigram(const char *bytes);

/* Whether a rule can find anything at all. */
bool style_may_find(const struct style_rule *rule, const struct style_text *text);
bool style_selects(const struct style_rule *rule, const struct style_unit *unit);

/* A rule at work in a document. */
struct style_run {
	struct kb_checker *checker;
	const struct kb_document *doc;
	const struct style_text *text;
	const struct style_rule *rule;
	size_t found;
};
void style_find(struct style_run *run);	 /* style_find.c */
void style_case(struct style_run *run);	 /* style_case.c */
void style_count(struct style_run *run); /* style_metric.c */

/* style.c */
/* Adds a finding at a part of the unit; the message's %s are FIRST, then SECOND. NULL
 * when the limit is reached. */
struct kb_diag *style_add(struct style_run *run, const struct style_unit *unit,
	kb_range range, kb_str first, kb_str second);
/* The place in the file of a part of the unit's text. */
kb_range style_place(const struct style_unit *unit, kb_range range);

/* style_scope.c: a list such as ["heading & ~title", list]. What is wrong with it, in
 * words; or NULL. */
const char *style_scopes_parse(
	struct kb_arena *arena, const kb_strs *list, struct style_rule *rule);

/* style_action.c: what a rule's action makes of the words found. */
enum style_edit {
	STYLE_EDIT_NONE,
	STYLE_EDIT_REGEX,
	STYLE_EDIT_TRIM,
	STYLE_EDIT_TRIM_LEFT,
	STYLE_EDIT_TRIM_RIGHT,
	STYLE_EDIT_TRUNCATE,
	STYLE_EDIT_SPLIT
};
/* What is wrong with a rule's action, in words; or NULL. */
const char *style_action_fault(const struct style_rule *rule);
/* PATTERN: which found it; or NULL. */
void style_act(struct style_run *run, struct kb_diag *diag, const struct style_unit *unit,
	kb_range range, const struct style_pattern *pattern);
/* TO, in place of FROM: with a capital, where FROM has one by its place and not because
 * the rule asks for that capital. */
kb_str style_with_case(struct style_run *run, const struct style_pattern *pattern,
	kb_str to, kb_str from);
/* A fix, where the file has the words just as the unit has them. */
void style_edit(struct style_run *run, struct kb_diag *diag,
	const struct style_unit *unit, kb_range range, kb_str text);
/* A replacement with $1 and ${1} filled in. */
kb_str style_expand(struct style_run *run, kb_str template, kb_str text,
	const kb_range groups[KB_REGEX_GROUPS]);

/* style_metric.c: a formula of Vale's variables with a condition. */
struct style_formula *style_formula_parse(
	struct kb_arena *arena, kb_str formula, kb_str condition, struct kb_error *err);

#endif
