/*
 * A document: one Markdown file, read once into facts.
 *
 * The text is not kept. What renders or compares reads and parses it again;
 * everything else works on what stands here. All of it is in the library's
 * arenas and read-only once the library is loaded.
 */
#ifndef KB_DOCUMENT_H
#define KB_DOCUMENT_H

#include <time.h>

#include "kb/config.h"
#include "kb/interval.h"
#include "kb/markdown.h"

struct kb_workflow;
struct kb_reply;

struct kb_translation {
	bool given;
	char revision[41]; /* a blob's id in hex, may be abbreviated; or "" */
	time_t date;	   /* 0: not given */
};

struct kb_notice {
	bool given;
	time_t date;
	kb_str text;
	uint8_t audience; /* "for"; default: the document's */
};

struct kb_document {
	kb_str path; /* from the content root */
	kb_str id;
	uint32_t locale; /* index into config->locales */
	const struct kb_mount *mount;
	enum kb_type type;
	enum kb_status status;
	uint8_t audience; /* index; for a snippet without one the first */
	bool broken; /* its front matter cannot be read: there are path, locale, mount
			and, for kb_document_allowed, what it may mean */
	bool former; /* broken, and filled in by kb_publish with what the last site showed
		      */
	bool promoted;
	int weight;

	kb_str title, summary, question, slug, subject; /* as written: {{…}} unexpanded */
	kb_str owner, deputy, variant_of;
	kb_strs issues, regions, channels, products, tags, keywords, aliases, related;
	time_t reviewed; /* 0: never */
	struct kb_interval review_every;
	time_t publish_at, expires_at; /* 0: no bound; expires_at's day is inclusive */
	struct kb_notice notice;
	struct kb_translation translation;

	kb_str address; /* site path without locale: "articles/folder/slug/"; empty: a
			   snippet */
	char blob[41];	/* git's id of the file's bytes */
	bool clean;	/* reading it gave no finding */

	struct kb_node *front; /* the document's own map, for exact places */
	struct kb_node
		*meta; /* with mount's key map and defaults applied: what schemas see */
	uint32_t body_offset;
	uint32_t unended; /* the file's length when its last line has no end, else 0 */
	struct kb_facts facts;
	struct kb_workflow *workflow; /* type workflow */
	struct kb_reply *reply;	      /* type reply */

	/* Set when the library is put together. */
	struct kb_family *family;
};

/* All documents of one id. */
struct kb_family {
	kb_str id;
	struct kb_document **by_locale; /* config->nlocales entries, NULL where none */
	struct kb_family **variants;	/* families whose variant_of names this one */
	uint32_t nvariants;
	struct kb_family *general; /* what this one is a variant of, or NULL */
};

/*
 * Reads a file's text into a document. Findings (encoding, front matter, schema,
 * Markdown, a reply's own structure) go to DIAGS. Never NULL. A workflow's graph is
 * not built: that needs the other documents, see kb_library_load. SCHEMAS: one a
 * type, or NULL.
 */
struct kb_schema;
struct kb_document *kb_document_parse(struct kb_arena *arena,
	const struct kb_config *config,
	const struct kb_schema *const schemas[KB_TYPE_COUNT],
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text,
	struct kb_diags *diags);

/*
 * Does front matter call its document a draft in the words of other programs:
 * `draft: true`, `published: false`, however YAML 1.1 or a string spells them?
 */
bool kb_front_says_draft(const struct kb_node *front);
/* The keys of front matter that mean something to kb; N of them. */
const kb_str *kb_front_keys(size_t *n);

/* The range of a front-matter value (or of its key, or {0, 0} when not there). */
kb_range kb_document_range(const struct kb_document *doc, const char *key);
/* The range of the I-th item of a list (of the value itself when it is a scalar). */
kb_range kb_document_item_range(
	const struct kb_document *doc, const char *key, uint32_t i);

#endif
