/*
 * A document: the facts of one Markdown file and its place among the others.
 *
 * A document is in the arenas of its library, and read-only once that is loaded. Several
 * libraries may share its facts.
 */
#ifndef KB_DOCUMENT_H
#define KB_DOCUMENT_H

#include "kb/facts.h"
#include "kb/hash.h"

struct facts_store;
struct kb_workflow;
struct kb_reply;

struct kb_document {
	const struct kb_facts *facts;
	struct facts_store *memory; /* of the facts; private */
	struct kb_hash context; /* hash of all that the facts depend on, but the bytes */
	kb_str path;		/* from the content root */
	uint32_t number;	/* its index in the documents of the library */
	kb_str id; /* that of front matter, else made from the path; empty when broken */
	uint32_t locale; /* index into config->locales */
	const struct kb_mount *mount;
	kb_str address;	  /* site path without locale: "articles/folder/slug/"; empty: a
			     snippet */
	bool title_again; /* its text opens with a heading that says what the title says,
			   * and which no page shows */
	bool former; /* broken, and filled in by kb_publish with what the last site showed
		      */
	struct kb_workflow *workflow; /* type workflow */
	struct kb_reply *reply;	      /* type reply */
	struct kb_family *family;     /* NULL when broken */
};

/* All documents of one id. */
struct kb_family {
	kb_str id;
	struct kb_document **by_locale; /* config->nlocales entries, NULL where none */
	struct kb_family **variants;	/* families whose variant_of names this one */
	uint32_t nvariants;
	struct kb_family *general; /* what this one is a variant of, or NULL */
};

/* Gives FACTS a place: a document at PATH, with id and address, without a family, a
 * workflow or a reply. Never NULL. */
struct kb_document *kb_document_place(struct kb_arena *arena,
	const struct kb_config *config, const struct kb_mount *mount, uint32_t locale,
	kb_str path, const struct kb_facts *facts);
/* Does the text open with a heading that says what the title says? Letter case and a mark
 * at the end do not count. DOC may be in no library yet. */
bool kb_document_repeats_title(
	const struct kb_config *config, const struct kb_document *doc);
/*
 * Reads a file's text into a document on its own. Findings (encoding, front matter,
 * schema, Markdown, a reply's own structure) go to DIAGS. Never NULL. A workflow's graph
 * is not built: that needs the other documents, see kb_library_load. SCHEMAS: one
 * per type, or NULL.
 */
struct kb_document *kb_document_parse(struct kb_arena *arena,
	const struct kb_config *config,
	const struct kb_schema *const schemas[KB_TYPE_COUNT],
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text,
	struct kb_diags *diags);

#endif
