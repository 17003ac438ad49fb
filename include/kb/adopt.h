/*
 * Starting content: the files of a new help center, or the files that turn existing
 * Markdown into one.
 *
 * kb_edit_adopt looks at names, front matter and the language of texts, and decides
 * which files are documents, where their locale is written, which keys mean the same as
 * a key of kb and which are left alone, and which key or which folders become topics.
 */
#ifndef KB_ADOPT_H
#define KB_ADOPT_H

#include "kb/edit.h"
#include "kb/yaml.h"

/* Where a file's path says its locale. */
enum kb_adopt_style {
	KB_ADOPT_NOWHERE,
	KB_ADOPT_FOLDER,   /* de/page.md */
	KB_ADOPT_DOT_LINE, /* page._de.md */
	KB_ADOPT_DOT,	   /* page.de.md */
	KB_ADOPT_LINE,	   /* page_de.md */
	KB_ADOPT_STYLES,
};

/* Whose configuration is there, and so how pages were addressed. */
enum kb_adopt_generator {
	KB_ADOPT_UNKNOWN,
	KB_ADOPT_JEKYLL,
	KB_ADOPT_MKDOCS,
	KB_ADOPT_HUGO,
	KB_ADOPT_DOCUSAURUS,
};

struct kb_adopt_doc {
	kb_str path;
	kb_str locale;	       /* of the style chosen; empty: none */
	struct kb_node *front; /* NULL: none, or it cannot be read */
	bool templated;	       /* holds {{ or {% */
	kb_str reads;	       /* the language that its text is in; empty: unknown */
	bool dropped;	       /* a redirect, a draft, a page that kb makes itself */
};

struct kb_adopt_key {
	kb_str name;
	size_t count;
	size_t strings, ints, lists; /* how many values are of each kind */
	size_t paths;		     /* values that begin with '/', or lists of such */
	const char *to; /* kb's key; NULL: left alone; the same name: taken as it is */
};

struct kb_adopt_topic {
	kb_str id;
	kb_str folder; /* or empty: from a key */
	size_t count;
};

struct kb_adopt_locale {
	kb_str code;
	size_t count;
};

struct kb_adopt_ignored {
	kb_str path;
	const char *why;
};

/* The address that a generator gave a document, and where the document is now. */
struct kb_adopt_former {
	kb_str from, to;
};

/* An error that kb.yaml cannot make a warning: how often it occurs, and the first one. */
struct kb_adopt_fault {
	enum kb_rule rule;
	size_t count;
	kb_str path, message, hint;
	uint32_t line;
};

struct kb_adoption {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_adopt_doc);
	} docs;
	struct {
		KB_VEC(struct kb_adopt_locale);
	} locales; /* the source first, then most frequent first */
	struct {
		KB_VEC(struct kb_adopt_key);
	} keys; /* by name */
	struct {
		KB_VEC(struct kb_adopt_topic);
	} topics;
	struct {
		KB_VEC(struct kb_adopt_ignored);
	} ignored;
	struct {
		KB_VEC(struct kb_pair);
	} redirects; /* old path, new path */
	struct {
		KB_VEC(struct kb_adopt_former);
	} formers;
	enum kb_adopt_generator generator;
	kb_str content_dir; /* that pages are made of; empty: all folders */
	kb_str route;	    /* what addresses begin with; may be empty */
	bool plain_files;   /* "/page.html", not "/page/" */
	bool each_language; /* the source's addresses name its language, too */
	kb_map aliases;	    /* every path that a document had or has */
	enum kb_adopt_style style;
	kb_str base;	  /* the folder that all documents are in, with '/', or empty */
	kb_str prefix;	  /* KB_ADOPT_FOLDER: what is before the locale's folder */
	size_t placeless; /* documents whose path says no locale */
	size_t templated;
	size_t drafts, withheld,
		early;	   /* left out because they were not on a public site */
	kb_str topic_key;  /* empty: none */
	kb_str name;	   /* from a generator's configuration; empty: not known */
	kb_str base_url;   /* empty: not known */
	kb_str language;   /* from a generator's configuration; empty: not known */
	size_t foreign;	   /* documents with a finding of markup-foreign */
	kb_str left_out;   /* what no site shows although .kbignore does not name it */
	bool translations; /* some are left out, as kb cannot pair them */
	bool site_in_git;  /* the existing .gitignore does not name the site */
	size_t baseline[KB_RULE_COUNT]; /* errors by rule that begin as warnings */
	struct {
		KB_VEC(struct kb_adopt_fault);
	} faults;
};

/*
 * Adds the files that turn the Markdown in the source into a help center: kb.yaml,
 * taxonomy.yaml, people.yaml and, if needed, .kbignore and .gitignore. NAME is the name
 * of the help center; if it is empty, kb takes the name from the Markdown, else OTHER.
 * The source has the files afterwards. Rules that the Markdown breaks begin as warnings.
 * KB_E_NOTFOUND: there is no Markdown. Dispose of ADOPTION even if it fails.
 */
int kb_edit_adopt(struct kb_rewrites *rewrites, struct kb_adoption *adoption,
	struct kb_source *source, kb_str name, kb_str other, time_t now,
	struct kb_error *err);
/* Frees what an adoption holds outside its arena, and the arena. */
void kb_adoption_dispose(struct kb_adoption *adoption);
/* The pattern of the content folder for files whose path says their locale. */
kb_str kb_adoption_pattern(const struct kb_adoption *adoption);

/* What kb fills into the templates of a new help center. */
struct kb_init {
	kb_str name;
	kb_str upstream, revision; /* of kb, for CI */
	time_t now;
};
/* Adds the files of a new help center. */
void kb_edit_init(struct kb_rewrites *rewrites, const struct kb_init *init);
/* Git's hook before a commit, for content in FOLDER of the repository. */
kb_str kb_init_hook(struct kb_arena *arena, kb_str folder);
/* "trouble-signing-in" -> "Trouble signing in" */
kb_str kb_adopt_label(struct kb_arena *arena, kb_str id);

#endif
