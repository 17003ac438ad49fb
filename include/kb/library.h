/*
 * The library: all documents of one state of a content repository, with
 * configuration, people and taxonomy. Every operation is a function of one library
 * or two. It is loaded in parallel and is the same whatever the number of threads.
 */
#ifndef KB_LIBRARY_H
#define KB_LIBRARY_H

#include "kb/document.h"
#include "kb/people.h"
#include "kb/reply.h"
#include "kb/source.h"
#include "kb/taxonomy.h"
#include "kb/texts.h"
#include "kb/workflow.h"

struct kb_library {
	struct kb_source *source; /* borrowed */
	const struct kb_config *config;
	const struct kb_people *people;
	const struct kb_taxonomy *taxonomy;
	struct kb_document **docs; /* sorted by path */
	uint32_t ndocs;
	struct kb_family **families; /* sorted by id */
	uint32_t nfamilies;
	struct kb_entry *entries; /* every file of the source, sorted by path */
	size_t nentries;
	struct kb_library_index *index;	   /* private */
	const struct kb_text_check *check; /* whose remarks the facts have, or NULL */
	bool stored;			   /* facts are kept between runs */
	bool convertible; /* ids of texts may be others with other settings of Git */
	struct kb_texts *texts; /* texts that are still parsed, or NULL */
	time_t now;
};

/*
 * Checks each text on its own (style, personal data) while it is parsed for its facts. kb
 * keeps the findings with the facts as their remarks, so it does not parse a text again
 * that did not change.
 */
struct kb_text_check {
	void *ctx;
	/* Called before documents are read: LIB has configuration, people, taxonomy and
	 * entries. Returns a hash of all that remarks depend on beside the text and its
	 * facts; never 0. WORKERS: look is called by so many threads. */
	uint64_t (*begin)(void *ctx, const struct kb_library *lib, unsigned workers);
	/* Adds to FOUND what is in FILE, the text of DOC, whose path, facts, locale and
	 * mount are known. The Markdown is borrowed. */
	void (*check_text)(void *ctx, const struct kb_document *doc, kb_str file,
		struct kb_md *md, unsigned worker, struct kb_diags *found);
};

/*
 * May take over the parsed text after its facts were read, because the command needs the
 * Markdown again.
 */
struct kb_text_keeper {
	void *ctx;
	/* As that of struct kb_text_check; NULL: nothing is to be done. */
	void (*begin)(void *ctx, const struct kb_library *lib, unsigned workers);
	/* True: MD and the bytes FILE that it borrows are the keeper's, and FILE is
	 * empty. */
	bool (*keep)(void *ctx, const struct kb_document *doc, struct kb_md *md,
		kb_buf *file, unsigned worker);
	struct kb_texts *texts; /* what was kept can be borrowed from there; or NULL */
};

/*
 * Sees the Markdown of documents while a library is loaded. Several threads call both
 * functions; WORKER tells them apart, as in kb_parallel. Of the document, only facts,
 * path, context, locale and mount are set.
 */
struct kb_library_watch {
	/* Should kb parse this text, although its facts are kept? May be called twice. */
	bool (*wants)(void *ctx, const struct kb_document *doc);
	/* Called once for each text that is parsed, with the document's number in the
	 * library and its Markdown, which is freed after the call. */
	void (*see)(void *ctx, uint32_t number, const struct kb_document *doc,
		struct kb_md *md, unsigned worker);
	void *ctx;
};

struct kb_library_options {
	unsigned threads;  /* 0: one per core */
	time_t now;	   /* 0: SOURCE_DATE_EPOCH, else the clock */
	const char *as_of; /* instead, as kb_moment_parse reads it; NULL: none */
	const struct kb_library_watch *watch; /* NULL: nobody */
	const struct kb_text_check *check;    /* NULL: facts may have no remarks */
	const struct kb_text_keeper *keeper;  /* NULL: nobody */
	bool no_store; /* Neither uses nor writes the facts that are kept. */
	bool no_index; /* kb_search_load does not write the index after a few changes. The
			* next load makes them again. */
	/* Another state of the same content: documents that are the same there are not
	 * read again. It may be freed before this one. NULL: none. */
	const struct kb_library *like;
};

/*
 * Loads everything. DIAGS takes the severities of kb.yaml, which live as long as
 * the library. Problems in content are findings. Fails only if the source
 * cannot be read, if kb.yaml or a schema that it names is broken (KB_E_CONFIG, with
 * findings), or if as_of in OPTIONS is not a moment (KB_E_USAGE).
 */
int kb_library_load(struct kb_library **out, struct kb_source *source,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err);
/* Frees the library and all that is in its arenas; NULL is fine. The source stays. */
void kb_library_free(struct kb_library *lib);

/*
 * The library after an edit: as kb_library_load, but all facts are PREVIOUS's, except
 * those of the files at the paths CHANGED (added, edited or removed), which SOURCE has
 * otherwise. The cost does not depend on the size of unchanged texts.
 * PREVIOUS may be freed before the new library or after it.
 *
 * For programs that keep running while somebody edits, such as a preview or an editor's
 * server.
 */
int kb_library_next(struct kb_library **out, const struct kb_library *previous,
	struct kb_source *source, const kb_strs *changed,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err);
/* BASE with other documents: DOCS has one for each document of BASE, or NULL to keep it.
 * BASE and DOCS must outlive it. Free it with kb_library_free. */
struct kb_library *kb_library_overlay(
	const struct kb_library *base, struct kb_document *const *docs);
/*
 * A hash of all that a library was made from, but for the texts of its documents:
 * configuration, people, taxonomy, the outlines of documents (see kb/facts.h), and the
 * paths of all files and where symbolic links lead. It does not cover the bytes of other
 * files, or the clock. Returns false if it is unknown: the repository has schemas of its
 * own, or documents come from somewhere else.
 */
bool kb_library_outline(const struct kb_library *lib, struct kb_hash *outline);
/* The same without what documents and issues are called: titles, summaries, labels and
 * descriptions. */
bool kb_library_shape(const struct kb_library *lib, struct kb_hash *shape);
/* The bytes of kb.yaml. */
kb_str kb_library_config_text(const struct kb_library *lib);
/* The mount that takes a file, or NULL; one thread at a time. */
const struct kb_mount *kb_library_mount(
	const struct kb_library *lib, kb_str path, uint32_t *locale);

/* Each finds by a path or an id, and returns NULL if nothing has it. */
struct kb_document *kb_library_by_path(const struct kb_library *lib, kb_str path);
struct kb_family *kb_library_family(const struct kb_library *lib, kb_str id);
const struct kb_entry *kb_library_entry(const struct kb_library *lib, kb_str path);
/* An entry whose path differs only in letter case, or NULL. */
const struct kb_entry *kb_library_entry_nocase(const struct kb_library *lib, kb_str path);

/* The document of a family for a locale: its own, or along the fallbacks; NULL: none. */
struct kb_document *kb_family_find(
	const struct kb_library *lib, const struct kb_family *family, uint32_t locale);
/* For a reader in a region ("AT"; empty: none): the family's variant for it, else the
 * general one; see kb_family_find for the locale. Never NULL. */
struct kb_family *kb_family_for_region(
	const struct kb_library *lib, struct kb_family *family, kb_str region);
/* The document that DOC translates (of the nearest fallback locale), or NULL. */
struct kb_document *kb_document_source(
	const struct kb_library *lib, const struct kb_document *doc);
/* A snippet by name ("warranty-period": the id, with or without "snippets/"). */
struct kb_document *kb_library_snippet(
	const struct kb_library *lib, kb_str name, uint32_t locale);

/* Is the document on a site for AUDIENCE at NOW? (status, dates, audience; not snippets)
 */
bool kb_document_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts);
/* The same, whether kb can read it or not: if front matter cannot be parsed, kb assumes
 * the strictest meaning. */
bool kb_document_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts);
/* The same of a snippet, in what readers of AUDIENCE see of what includes it. */
bool kb_snippet_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts);
bool kb_snippet_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts);

/* What readers of AUDIENCE get of a family: the document for the locale that they may
 * see, or the one along the fallbacks; NULL: none. */
struct kb_document *kb_family_visible(const struct kb_library *lib,
	const struct kb_family *family, uint32_t locale, unsigned audience, bool drafts);

/* Does the document, as readers of AUDIENCE see it, have that heading or anchor? */
bool kb_fragment_visible(const struct kb_library *lib, const struct kb_document *doc,
	kb_str fragment, unsigned audience, bool drafts);

/* A document's Markdown: one that is still parsed, or read and parsed again. */
struct kb_text {
	struct kb_md *md;	 /* NULL: the document cannot be read */
	struct kb_texts *lender; /* of MD, or NULL */
	kb_str path;
	kb_buf file;
};
/* Fails if the document cannot be read; ERR may be NULL. Do not move TEXT until it is
 * closed. A zeroed TEXT may be closed, too. */
int kb_text_open(struct kb_text *text, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_document *doc, struct kb_error *err);
/* Gives back or frees what kb_text_open opened. */
void kb_text_close(struct kb_text *text);
/* Reads a document's text again, body only. */
int kb_document_body(struct kb_reader *reader, const struct kb_document *doc,
	kb_buf *file, kb_str *body, struct kb_error *err);

/* What a link's destination means, from the document that holds it. */
enum kb_target_kind {
	KB_TARGET_EXTERNAL, /* another site, mailto:, tel: */
	KB_TARGET_FRAGMENT, /* #part of this document */
	KB_TARGET_DOCUMENT,
	KB_TARGET_FILE, /* an image or download: entry is set */
	KB_TARGET_PAGE, /* a page of the site, but not of a document: home, a topic,
			 * contact
			 */
	KB_TARGET_END,	/* kb:resolved and the like */
	KB_TARGET_BROKEN,
};

enum kb_target_fault {
	KB_FAULT_NONE,
	KB_FAULT_FILE,	   /* no such file */
	KB_FAULT_CASE,	   /* there is one that differs in letter case: entry is set */
	KB_FAULT_OUTSIDE,  /* leaves the content root */
	KB_FAULT_ID,	   /* id: names no document */
	KB_FAULT_SITE,	   /* a site path that no page or alias has */
	KB_FAULT_FRAGMENT, /* the document has no such heading or anchor */
	KB_FAULT_NOTDOC,   /* a Markdown file that no mount takes */
	KB_FAULT_SCHEME,   /* a scheme that a page must not hold, as javascript: */
	KB_FAULT_VARIABLE, /* holds a {{name}} that nothing defines */
};

struct kb_target {
	uint8_t kind;
	uint8_t fault;
	bool by_alias; /* through an alias or a redirect: works, but a newer address is
			  known */
	struct kb_family *family;
	struct kb_document *doc; /* as LOCALE's reader gets it */
	const struct kb_entry *entry;
	kb_str page; /* KB_TARGET_PAGE: site path ("en/contact/"), in the reader's locale
		      */
	kb_str fragment; /* without '#', percent-decoded */
	kb_str url;	 /* KB_TARGET_EXTERNAL, KB_TARGET_END: with variables expanded */
	kb_str nearest;	 /* what it should be, where that is known at once (KB_FAULT_CASE)
			  */
};

/*
 * Resolves DEST (as in facts.links[].dest) in DOC for a reader of LOCALE. A
 * link into another locale's folder leads to the reader's locale when that has the
 * document; a path that the own locale lacks goes along the fallbacks. Site paths,
 * absolute URLs below base_url and aliases are internal. Strings are in ARENA.
 */
void kb_link_resolve(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, uint32_t locale, kb_str dest,
	struct kb_target *out);
/* May readers of AUDIENCE know where a link of DOC leads? If not, they see its text and
 * nothing of its target. Only the most trusted audience sees the names of files and of
 * the ends of workflows. LOCALE: that of the reader. */
bool kb_target_visible(const struct kb_library *lib, const struct kb_document *doc,
	uint32_t locale, const struct kb_target *target, unsigned audience);
/* The alias or redirect that is PATH up to a '-' of its last part, as help centers write
 * addresses: '/articles/123' of '/articles/123-A-title'. Sets SOURCE to it, if kb finds
 * one. Returns the document of an alias, NULL for a redirect. */
const struct kb_document *kb_site_begins(const struct kb_library *lib,
	struct kb_arena *arena, kb_str path, kb_str *source);
/* What a broken link of DOC probably means, for 'did you mean'; or empty. It
 * searches everything, so call it only for findings that are printed. */
kb_str kb_link_nearest(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str dest);
/* The path below the content root that a relative PATH (encoded as in a link) has in
 * the folder DIR. Returns false if it leaves the root. */
bool kb_link_join(struct kb_arena *arena, kb_str dir, kb_str path, kb_str *out);
/* The path that a file of one locale would have in another: the first occurrence of
 * its code is replaced. Returns false if PATH does not contain it. */
bool kb_path_in_locale(const struct kb_config *config, struct kb_arena *arena,
	kb_str path, uint32_t from, uint32_t to, kb_str *out);
/* The link to a path below the content root, as written in a document of the folder DIR.
 */
kb_str kb_link_relative(struct kb_arena *arena, kb_str dir, kb_str path);
/* Why a file that is linked to is never published, as a phrase; NULL: it may be. */
const char *kb_file_refusal(kb_str path);
/* Adds the finding for a file that could not be used because of ERR, at RANGE of PATH.
 * SUBJECT begins its message: "the file cannot be read". */
void kb_file_fault(struct kb_diags *diags, kb_str path, kb_range range, kb_str subject,
	const struct kb_error *err);
/* Fails (KB_E_REFUSED) when the bytes of a file are a symbolic link that Git wrote as
 * text: nothing but the path of another file. */
int kb_link_text_check(
	const struct kb_library *lib, kb_str path, kb_str bytes, struct kb_error *err);
/* Appends a linked file as a site holds it: an image without metadata, an SVG cleaned.
 * -1: it must not be published; KB_E_CONFIG when that is because it is damaged. */
int kb_linked_file_read(const struct kb_library *lib, struct kb_reader *reader,
	kb_str path, kb_buf *out, struct kb_error *err);
/* The repository's own picture for links to its site. */
#define KB_OWN_PICTURE "theme/preview.png"
/* Appends it without metadata, and sets its size. -1: it cannot be read, or it is not a
 * whole PNG (KB_E_CONFIG). */
int kb_own_picture_read(struct kb_reader *reader, kb_buf *out, uint32_t *width,
	uint32_t *height, struct kb_error *err);
/* What is at a site path ("/en/articles/a/?b") for a reader of LOCALE. False: nothing. */
bool kb_site_resolve(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str path, struct kb_target *out);
/* Where a redirect of kb.yaml leads: a document, a page, another site, or broken. */
void kb_redirect_resolve(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_redirect *redirect, struct kb_target *out);
/* Does the site have a page at this path ("en/contact/") that is not made from a
 * document? */
bool kb_site_has_page(const struct kb_library *lib, kb_str path);
/* A site path for comparison: decoded, without base URL, query, fragment, slashes at
 * its ends and index.html ("/en/a%20b/index.html" is "en/a b"). */
kb_str kb_site_path_key(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path);
/* The same with the query, if there is one: the source of an alias or a redirect. */
kb_str kb_site_source_key(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path);
/* The part of such a key before a '*' at its end, which covers all addresses that begin
 * with it. False: the key has no such end, or it has a query. */
bool kb_site_is_prefix(kb_str key, kb_str *text);
/* Is that part of an alias or a redirect, and the beginning of a page's address? That is
 * an error (alias-conflict). */
bool kb_site_prefix_covers(const struct kb_library *lib, kb_str text);
/* The same for all keys that are one to file systems which ignore letter case; a locale
 * in front is spelled as it is configured. */
kb_str kb_site_folded_key(
	const struct kb_library *lib, struct kb_arena *arena, kb_str key);
/* Is the key a file or folder of the site, and not a page? */
bool kb_site_is_reserved(kb_str key);
/* The id of the top of the document's page, which is what its title would have as a
 * heading: that of the first heading if it repeats the title. Empty if the text has this
 * id elsewhere. */
kb_str kb_document_title_id(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc);
/* Has the document, with its snippets, a heading or anchor of this id? */
bool kb_document_has_fragment(
	const struct kb_library *lib, const struct kb_document *doc, kb_str fragment);
/* Expands {{variables}} of a one-line string for a locale; unknown ones stay. */
kb_str kb_library_expand(const struct kb_library *lib, struct kb_arena *arena,
	kb_str text, uint32_t locale);

#endif
