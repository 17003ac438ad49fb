/* What a library knows by heart; private to src/content. */
#ifndef CONTENT_INDEX_H
#define CONTENT_INDEX_H

#include <pthread.h>

#include "kb/library.h"
#include "kb/mount.h"
#include "kb/schema.h"

/* The documents that have one alias: a list in the order of their paths. */
struct kb_alias {
	struct kb_document *doc;
	uint32_t item;		      /* of the document's aliases */
	struct kb_alias *next, *last; /* the first one knows the last */
};

/* Keys that end in '*', each with its value, sorted by what is before the '*'. */
struct kb_prefixes {
	struct kb_prefix {
		kb_str text;
		void *value;
		struct kb_prefix *shorter; /* the longest that TEXT begins with */
		bool covers;		   /* a page */
	} * items;
	size_t len;
};

struct kb_nocase {
	uint32_t hash; /* of the path in lower case */
	uint32_t entry;
};

struct kb_library_index {
	struct kb_arena *arena; /* configuration and indexes */
	struct kb_arena *names; /* keys of addresses */
	kb_str config_text;
	struct kb_hash people, taxonomy; /* of the files */
	struct kb_arena **arenas;	 /* of the workers: documents */
	unsigned narenas;
	struct facts_store *facts; /* which the facts are in; NULL in an overlay */
	struct {
		KB_VEC(struct facts_store *);
	} held;	      /* those that other facts are in */
	bool overlay; /* mounts, links and facts are another library's */
	struct kb_schema *schemas[KB_TYPE_COUNT];
	struct kb_mounts *mounts;
	kb_map by_path;	  /* to documents */
	kb_map families;  /* by id */
	kb_map addresses; /* "en/articles/descale" to documents */
	/* Where aliases and redirects begin, with queries, to struct kb_alias and struct
	 * kb_redirect; and the same for those that begin elsewhere, but for letter case.
	 */
	kb_map aliases, redirects;
	kb_map folded_aliases, folded_redirects;
	kb_map redirects_to; /* from where they lead to the first of them */
	struct kb_prefixes alias_prefixes,
		redirect_prefixes; /* of those without queries */
	kb_map links;		   /* from a symbolic link to where it leads, kb_str * */
	kb_map fragments; /* of documents with many headings: from path to a kb_map of ids
			   */
	/* What is only made when it is asked for. */
	pthread_mutex_t lock;
	struct kb_nocase *nocase; /* sorted by hash; or NULL */
	bool outline_known, outlined;
	struct kb_hash outline, shape; /* kb_library_outline */
	bool faq;		       /* some document has a question */
	unsigned types;		       /* of the documents; bit 1 << enum kb_type */
};

/* library_index.c: an empty index. */
struct kb_library_index *kb_library_index_new(void);
/* After all documents are read. */
void kb_library_index_build(
	struct kb_library *lib, unsigned threads, struct kb_diags *diags);
void kb_library_index_free(struct kb_library_index *index);
/* Finds out where symbolic links lead; before documents are read. */
void kb_library_index_links(struct kb_library *lib);
/* library_find.c: follows each symbolic link in PATH. Returns PATH itself when it has no
 * link, or when one leads out of the content root. */
kb_str kb_library_follow(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path);
/* fragment.c */
/* Is it the id of the top of the page? */
bool kb_fragment_is_title(
	const struct kb_library *lib, const struct kb_document *doc, kb_str fragment);
void kb_library_index_fragments(struct kb_library *lib);
/* prefix.c: the aliases and redirects that end in '*'; reports those that cover a page.
 */
void kb_library_index_prefixes(struct kb_library *lib, struct kb_diags *diags);
/* The longest prefix of KEY or, with a slash at its end, of the folder KEY; or NULL. */
struct kb_prefix *kb_prefixes_find(const struct kb_prefixes *prefixes, kb_str key);
/* addresses.c: the addresses of documents; then aliases and redirects, once families are
 * known. */
void kb_library_index_pages(struct kb_library *lib, struct kb_diags *diags);
void kb_library_index_addresses(struct kb_library *lib, struct kb_diags *diags);

/* What a link in a workflow leads to: kb_workflow_link_fn, CTX is the library. */
enum kb_workflow_link kb_library_workflow_link(
	void *ctx, const struct kb_document *doc, kb_str dest);

/* Fills in family and document (the reader's) of a target. */
void kb_target_document(const struct kb_library *lib, struct kb_document *doc,
	uint32_t locale, struct kb_target *out);

#endif
