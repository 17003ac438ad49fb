/*
 * Publishing: a library as a static site for one audience.
 *
 * The bytes of the site depend only on the library, the options and the built-in theme:
 * not on the number of threads, the machine, or the clock (except for what it makes
 * visible). kb replaces and deletes only files that it wrote before; .kb-site in the
 * folder lists them.
 */
#ifndef KB_SITE_H
#define KB_SITE_H

#include "kb/library.h"
#include "kb/rewrite.h"
#include "kb/search.h"

/*
 * What a publish does while the library is read, so that most texts are parsed only once:
 * pass it as kb_library_options.keeper. AUDIENCE is the name of the site's audience;
 * NULL: the most public one. MARKDOWN: the site has Markdown of pages or data about
 * documents. Free it after the library. NULL may be freed.
 */
struct kb_publish_early;
struct kb_publish_early *kb_publish_early_new(const char *audience, bool markdown);
void kb_publish_early_free(struct kb_publish_early *early);
const struct kb_text_keeper *kb_publish_early_keeper(
	const struct kb_publish_early *early);

struct kb_publish_options {
	unsigned audience;	/* index */
	const kb_strs *locales; /* codes; NULL or empty: all */
	const char *out;	/* folder; made when it is not there */
	const char *base_url;	/* replaces kb.yaml's; or NULL */
	bool drafts;
	bool clean;   /* write every file again */
	bool dry_run; /* plan and count, write nothing */
	bool atomic;  /* build the site beside the folder, then switch the two */
	bool allow_broken;
	bool no_api;	  /* without api/ */
	bool no_markdown; /* without the Markdown of pages */
	unsigned threads;
	struct kb_search *search;	/* of the library; NULL: the site has no search */
	struct kb_publish_early *early; /* that the library was read with; or NULL */
	struct kb_arena *arena; /* takes the report's list of files; NULL: none is made */
	const struct kb_diags
		*findings; /* validation's: documents with errors keep their last page */
};

/* A file that is written or removed. */
struct kb_publish_file {
	kb_str path;   /* below the folder */
	kb_str reason; /* "changed" */
	bool removed;
};

struct kb_publish_report {
	uint32_t pages, redirects, assets;    /* in the site */
	uint32_t written, unchanged, removed; /* files */
	uint32_t signed_pages;	       /* whose values had to be made to compare them */
	struct kb_publish_file *files; /* by path, in the options' arena */
	size_t nfiles;
	uint64_t bytes;
	uint64_t list; /* a hash of .kb-site when the run had nothing to do, else 0 */
	uint32_t documents[KB_TYPE_COUNT];
	uint32_t locales;
	bool shallow; /* some dates are unknown: the clone lacks a part of the history */
	struct kb_error undrawn; /* why pages have no picture for links; KB_OK: they have
				    one, or need none */
	uint32_t kept;		 /* documents with errors whose former page stays */
	uint32_t renewed; /* or whose page is made again, because it showed text that is
			     withheld now */
};

/* Publishes the site. If a document of LIB cannot be read, its last published page stays.
 * Fails, and leaves the old site as it was, if a file cannot be read or written. */
int kb_publish(const struct kb_library *lib, const struct kb_publish_options *options,
	struct kb_publish_report *report, struct kb_diags *diags, struct kb_error *err);
/* The files of the built-in theme, as new ones below theme/ for somebody to change (in
 * the arena). With LOOK, which may be NULL, only those by which this built-in look
 * differs; 0: there is no such look. */
size_t kb_theme_files(
	struct kb_arena *arena, const char *look, struct kb_rewrite **files);

#endif
