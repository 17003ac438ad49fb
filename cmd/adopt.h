/*
 * Adopting Markdown that already stands in a repository: what `kb init --adopt`
 * finds there, and the kb.yaml that follows from it.
 *
 * It looks at names and front matter only, and decides: which files are documents;
 * where their locale is written; which keys mean what kb has a key for, which are
 * accepted and left alone; which key, or which folders, make topics.
 */
#ifndef KB_CMD_ADOPT_H
#define KB_CMD_ADOPT_H

#include "kb/map.h"
#include "kb/rule.h"
#include "kb/source.h"
#include "kb/vec.h"
#include "kb/yaml.h"

/* Where a file's path says its locale. */
enum adopt_style {
	ADOPT_NOWHERE,
	ADOPT_FOLDER,	/* de/page.md */
	ADOPT_DOT_LINE, /* page._de.md */
	ADOPT_DOT,	/* page.de.md */
	ADOPT_LINE,	/* page_de.md */
	ADOPT_STYLES,
};

struct adopt_doc {
	kb_str path;
	kb_str locale;	       /* of the style chosen; empty: none */
	struct kb_node *front; /* NULL: none, or not to be read */
	bool templated;	       /* holds {{ or {% */
	bool dropped;	       /* a redirect, a draft, a page that kb makes itself */
};

struct adopt_key {
	kb_str name;
	size_t count;
	size_t strings, ints, lists; /* values of a kind; a list of scalars */
	size_t paths;		     /* values that begin with '/', or lists of such */
	const char *to; /* kb's key; NULL: left alone; the same name: taken as it is */
};

struct adopt_topic {
	kb_str id;
	kb_str folder; /* or empty: from a key */
	size_t count;
};

struct adopt_locale {
	kb_str code;
	size_t count;
};

struct adopt_ignored {
	kb_str path;
	const char *why;
};

/* An error that no rule can make a warning: how often, and the first. */
struct adopt_fault {
	enum kb_rule rule;
	size_t count;
	kb_str path, message, hint;
	uint32_t line;
};

struct adoption {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct adopt_doc);
	} docs;
	struct {
		KB_VEC(struct adopt_locale);
	} locales; /* most frequent first */
	struct {
		KB_VEC(struct adopt_key);
	} keys; /* by name */
	struct {
		KB_VEC(struct adopt_topic);
	} topics;
	struct {
		KB_VEC(struct adopt_ignored);
	} ignored;
	struct {
		KB_VEC(struct kb_pair);
	} redirects;	/* old path, new path */
	kb_map aliases; /* every path that a document had or has */
	enum adopt_style style;
	kb_str base;	  /* the folder that all documents are in, with '/', or empty */
	kb_str prefix;	  /* ADOPT_FOLDER: what stands before the locale's folder */
	size_t placeless; /* documents whose path says no locale */
	size_t templated;
	size_t drafts, withheld, early; /* left out, as they were on no public site */
	kb_str topic_key;		/* empty: none */
	kb_str name;	   /* from a generator's configuration; empty: not known */
	kb_str base_url;   /* empty: not known */
	bool translations; /* some are left out, as kb cannot pair them */
	bool site_in_git;  /* the .gitignore that is there does not speak of the site */
	size_t baseline[KB_RULE_COUNT]; /* errors by rule that begin as warnings */
	struct {
		KB_VEC(struct adopt_fault);
	} faults;
};

/* Looks at the files of the source. */
int adopt_survey(struct adoption *adoption, struct kb_source *source, time_t now,
	struct kb_error *err);
void adopt_dispose(struct adoption *adoption);

/* The parts of the survey. */
bool adopt_is_settings(kb_str path);
void adopt_settings(struct adoption *adoption, kb_str path, kb_str text);
/* Is the file in a folder that is for no site? It is noted as ignored then. */
bool adopt_in_foreign_folder(struct adoption *adoption, kb_str path);
void adopt_locales(struct adoption *adoption);
void adopt_keys(struct adoption *adoption);
void adopt_drop(struct adoption *adoption, time_t now);
void adopt_topics(struct adoption *adoption);

/* Validates the source, which has the files that follow; fills the baseline and the
 * faults. */
int adopt_baseline(
	struct adoption *adoption, struct kb_source *source, struct kb_error *err);

/* The files that follow. */
void adopt_write_config(kb_buf *out, const struct adoption *adoption, kb_str name);
void adopt_write_taxonomy(kb_buf *out, const struct adoption *adoption);
void adopt_write_people(kb_buf *out);
void adopt_write_ignore(kb_buf *out, const struct adoption *adoption);
/* What was found, for people. */
void adopt_write_report(kb_buf *out, const struct adoption *adoption);

/* "trouble-signing-in" -> "Trouble signing in" */
kb_str adopt_label(struct kb_arena *arena, kb_str id);
/* The mount's pattern for files whose path says their locale. */
kb_str adopt_pattern(const struct adoption *adoption);

#endif
