/*
 * One run of publishing: what all its parts share.
 *
 * plan.c decides which pages exist before kb makes the first one, so links can be checked
 * against the plan. The plan does not change while pages are rendered in parallel. One
 * job on one worker makes each page, from one tree of values.
 */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include <pthread.h>
#include <stdatomic.h>

#include "kb/feedback.h"
#include "kb/hash.h"
#include "kb/history.h"
#include "kb/site.h"
#include "kb/template.h"
#include "output.h"

struct asset;
struct assets;
struct site_news;

/* Beside a workflow's page: its steps and its diagram as scripts. */
#define FLOW_SCRIPT "steps.js"
#define FLOW_MAP "map.js"

enum page_kind {
	PAGE_ROOT, /* picks the locale */
	PAGE_HOME,
	PAGE_TOPICS, /* all topics */
	PAGE_TOPIC,  /* one topic; a case page on sites for agents */
	PAGE_LIST,   /* all documents of a type; articles: those without a topic */
	PAGE_FAQ,
	PAGE_CONTACT,
	PAGE_SEARCH,
	PAGE_CHANGES, /* news */
	PAGE_DOCUMENT,
	PAGE_NOT_FOUND,
	PAGE_ALIAS, /* redirects, or picks the language of its target */
	PAGE_KEPT,  /* a document with errors: the file of the last run stays */
};

/* A former address. */
struct alias {
	kb_str from, query;	     /* its site path; without query, empty */
	bool prefix;		     /* covers all site paths that begin with it */
	kb_str url;		     /* another site's, or empty */
	const struct page **targets; /* one, or one per language */
	uint32_t ntargets;
};

struct page {
	uint8_t kind;
	uint8_t type;	 /* PAGE_LIST: enum kb_type */
	uint32_t locale; /* index into site->locales */
	uint32_t issue;	 /* PAGE_TOPIC: index; of a document the first one shown, or
			    KB_NONE */
	uint32_t top;	 /* the shown issue above that has none above it, or KB_NONE */
	const struct kb_document *doc; /* PAGE_DOCUMENT, PAGE_KEPT */
	const struct alias *alias;
	kb_str address; /* below the site's root: "de/articles/descale/", "404.html" */
};

struct page_list {
	const struct page **items;
	uint32_t n;
};

/* A locale that is published. */
struct site_locale {
	uint32_t index;		    /* into config->locales */
	kb_str code, language, dir; /* "de-AT", "de", "ltr" */
	kb_str preview;		    /* its picture, a site path; or empty */
	kb_map strings;		    /* of the interface; values are kb_str * */
	struct kb_value *shared;    /* data that all of its pages get */
	/* By the number of each document, the page of it or of its family that readers of
	 * the locale get; NULL: none. */
	const struct page **shown;
	struct page_list listed;  /* documents, by weight and title; not archived ones */
	struct page_list related; /* of these, references that are related to others */
	struct page_list *by_issue;
	uint32_t *issue_count; /* documents of an issue and those below it */
	uint8_t *issue_shown;
};

struct site {
	const struct kb_library *read; /* the content */
	const struct kb_library *lib;  /* the same, with what the last site showed of
					* documents that cannot be read */
	struct kb_library *overlay;    /* that, or NULL */
	const struct kb_config *config;
	const struct kb_publish_options *options;
	struct kb_diags *diags;
	struct kb_arena *arena;
	unsigned audience;
	bool open;	  /* the most public audience */
	bool trusted;	  /* the least public of several */
	kb_str base_url;  /* without a slash at its end; may be empty */
	kb_str own_url;	  /* the same if it is the address of this site, else empty */
	kb_str base_path; /* its path, with slashes at both ends */
	struct kb_history *history;
	struct site_news *news;		 /* see news.h */
	struct feedback_index *feedback; /* see feedback.h; NULL: none is shown */
	struct kb_templates *templates;
	uint64_t templates_hash;    /* of their texts */
	uint64_t sign;		    /* of the data that all pages share, see sign.h */
	kb_str css, js;		    /* site paths */
	kb_str guide_css, guide_js; /* of pages with workflows */
	kb_str reply_js;	    /* of pages with replies */
	kb_str zoom_js;		    /* enlarges a diagram */
	kb_str lost_js;		    /* of the missing page */
	kb_str formers;		 /* the file that it reads, see formers_write; or empty */
	bool api, markdown;	 /* has data for other programs, pages as Markdown */
	struct kb_error undrawn; /* why a locale has no picture, if so */
	uint32_t preview_width, preview_height; /* of the pictures of all locales */
	kb_str search_js;			/* empty: the site has no search */
	kb_str votes, searches; /* where they are counted: a site path, an address with a
				   scheme, or empty */
	struct site_locale *locales;
	uint32_t nlocales;
	uint32_t source; /* index into locales of the source locale, or of the first */
	uint32_t *published; /* from config's index to that into locales, or KB_NONE */
	struct {
		KB_VEC(struct page *);
	} pages;
	struct {
		KB_VEC(const struct alias *);
	} aliases;	   /* with and without a page */
	kb_map by_address; /* without slash at the end; to struct page * */
	kb_map by_folded;  /* of addresses that hold capitals and the like: without those
			    */
	kb_map faulty;	   /* paths of documents with errors */
	kb_map kept;	   /* "locale path" of those whose page stays, to struct page * */
	uint32_t renewed;  /* documents with errors that do not keep their page */
	struct assets *assets;
	struct output *out;
	bool marked; /* pages have marks, see marks.h; the rest only then: */
	bool same_outlines, same_histories; /* as in the last run */
	bool same_shape;		    /* outlines are, but for names */
	bool same_titles;		    /* and but for those of issues */
	uint32_t signed_pages;
	struct kb_hash shared; /* of all that all pages are made from, but for texts */
	struct kb_hash shape;  /* of the same, but for names */
	uint64_t *names;       /* by number: a hash of each */
	bool *renamed;	       /* by number: not as in the last run; NULL: all are */
	struct kb_hash all_histories;
	uint64_t *histories; /* by document: kb_history_mark; then that of kb.yaml */
	kb_str kept_search;  /* what the last run kept in search_keep, or empty */
	kb_buf search_keep;  /* for the next run, see search_index.c */
	time_t *substance;   /* by document, see kb/substance.h; NULL: not needed yet */
	atomic_bool failed;
	pthread_mutex_t lock; /* of the two below and of diags */
	size_t failed_at;
	struct kb_error error;
};

struct site_worker {
	uint32_t signed_pages;
	struct kb_arena *arena; /* of the page that is being made */
	struct kb_reader *reader;
	kb_buf page;
	struct kb_diags diags;
	struct kb_arena *kept; /* for all pages; NULL: it makes no pages */
	kb_map dates;	       /* as date_value writes them: by locale and day */
};

/* A text that a page may show, as part of the text of TOP. */
struct own_text {
	const struct kb_document *doc, *top;
};

struct job {
	const struct site *site;
	struct site_worker *worker;
	struct kb_arena *arena;
	const struct page *page;
	const struct site_locale *locale;
	kb_str root;	       /* the way to the site's root: "../../", "./" */
	unsigned figures;      /* drawn so far: makes their ids unique */
	bool signing;	       /* texts and figures are not made, see sign.h */
	struct kb_value *text; /* what holds the only text of the page, or NULL */
	bool unknown;	       /* what the page shows is known only when it is made */
	struct {
		KB_VEC(struct asset *);
	} shown; /* by the page that is signed */
	struct {
		KB_VEC(struct own_text);
	} own;			   /* that the page's mark covers */
	struct output_names names; /* of the page that is signed, see marks.h */
	kb_map hrefs; /* of the links in the page's own document: see text_href */
	bool foreign; /* the page shows the text of another one */
	bool failed;  /* something that the page needs could not be written: see err */
	struct kb_error *err;
};

/* plan.c */
int plan_make(struct site *site, struct kb_error *err);
/* The document that readers of a locale (config's index) get, or NULL: that of the first
 * locale along the fallbacks which the site's audience may see. */
struct kb_document *plan_find(
	const struct site *site, const struct kb_family *family, uint32_t locale);
bool plan_visible(const struct site *site, const struct kb_document *doc);
/* Its page in that locale, or NULL. */
const struct page *plan_document(const struct site *site,
	const struct site_locale *locale, const struct kb_document *doc);
/* Its page in its own locale, else in the first one that shows it; or NULL. */
const struct page *plan_original(const struct site *site, const struct kb_document *doc);
/* The page at an address, its slash at the end left off or not; or NULL. */
const struct page *plan_at(const struct site *site, kb_str address);
/* The same page in another locale; its home page where that has none. */
const struct page *plan_in(
	const struct site *site, const struct page *page, uint32_t locale);
/* Of one kind, whether it is made or stays. */
bool plan_alike(const struct page *a, const struct page *b);
/* Reads the same language: no notice, no mark. */
bool plan_same_language(const struct site *site, const struct site_locale *locale,
	const struct kb_document *doc);
/* The nearest shown issue above, or KB_NONE. */
uint32_t plan_parent(
	const struct site *site, const struct site_locale *locale, uint32_t issue);
/* The page whose address differs in nothing but letter case, or NULL. */
const struct page *plan_like(const struct site *site, kb_str address);
/* Adds a page unless something has its address, or could not be told from it by a file
 * system, or nothing can be written there; NULL then. */
struct page *plan_add(
	struct site *site, enum page_kind kind, uint32_t locale, kb_str address);

/* alias.c: pages of former addresses. */
void plan_aliases(struct site *site);

/* faulty.c: documents with errors keep their last page. */
int plan_faulty(struct site *site, struct kb_error *err);
/* withheld.c: do FILES, those that the last site had of a document, show what its new
 * text withholds? */
bool withheld_is_shown(
	const struct site *site, const struct kb_document *doc, const kb_strs *files);
bool plan_is_faulty(const struct site *site, const struct kb_document *doc);
/* Has any of its pages stayed? */
bool plan_is_kept(const struct site *site, const struct kb_document *doc);
const struct page *plan_kept(const struct site *site, const struct site_locale *locale,
	const struct kb_document *doc);

/* record.c: what the site shows of each document, for a run that cannot read one */
extern const char *const status_words[];
void records_restore(struct site *site);
int records_write(struct site *site, struct kb_error *err);

/* theme.c: the theme, with what the repository overrides */
int theme_load(struct site *site, struct kb_reader *reader, struct kb_error *err);
/* Appends a file of the theme by its path ("theme/brand.css"), the repository's or the
 * built-in one. */
int theme_file(const struct site *site, struct kb_reader *reader, const char *path,
	kb_buf *out, struct kb_error *err);
/* Appends a script of the theme, without its comments if it is the built-in one. */
int theme_script(const struct site *site, struct kb_reader *reader, const char *name,
	kb_buf *out, struct kb_error *err);
/* Writes a file below assets/, under a name that holds its content's hash: *PATH, in
 * ARENA. */
int theme_hashed(struct site *site, struct kb_arena *arena, const kb_buf *text,
	const char *name, const char *ext, kb_str *path, struct kb_error *err);

/* strings.c */
int strings_load(struct site *site, struct site_locale *locale, struct kb_reader *reader,
	struct kb_error *err);
kb_str string_of(const struct site_locale *locale, const char *key);

/* statistics.c: where votes and searches are counted, and the files for an access log */
int statistics_take(struct site *site, struct kb_error *err);
/* " https://…" for each of them on another site. */
kb_str statistics_origins(const struct site *site);

/* render.c: makes one page and writes it. */
int page_render(struct job *job);
/* widget.c: embed.js, for pages of other origins; nothing without data. */
int widget_write(struct site *site, struct kb_reader *reader, struct kb_error *err);
/* preview.c: the site's picture in each locale, the repository's or one that kb draws.
 * Without the site's own address, and where it cannot be drawn, there is none. */
int preview_write(struct site *site, struct kb_reader *reader, struct kb_error *err);
/* search_index.c: what the search page reads. */
int search_index_write(struct site *site, struct kb_error *err);
/* formers.c: former addresses that have no page, prefixes and those with a query, in the
 * order in which they count. If a server only serves files, the page 404.html redirects
 * from them. Nothing is written if there are none. */
int formers_write(struct site *site, struct kb_error *err);
/* robots.c: what the site has for machines. */
int robots_write(struct site *site, struct kb_error *err);

#endif
