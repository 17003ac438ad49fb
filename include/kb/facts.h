/*
 * Facts: what one document says.
 *
 * Facts are a value: they depend on the file's bytes and on a struct kb_facts_context,
 * and on nothing else, so they can be kept between two runs and shared by several
 * libraries. They point to nothing outside themselves. Its relations to other documents
 * (address, translations, targets of links) are in struct kb_document.
 *
 * Facts do not contain the text. To render or compare it, kb reads and parses it again.
 */
#ifndef KB_FACTS_H
#define KB_FACTS_H

#include <time.h>

#include "kb/config.h"
#include "kb/interval.h"
#include "kb/markdown.h"

struct kb_schema;

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

struct kb_facts {
	enum kb_type type;
	enum kb_status status;
	uint8_t audience; /* index; for a snippet without one the first */
	bool broken; /* its front matter cannot be read: there is nothing but type and,
			for kb_document_allowed, what it may mean */
	bool promoted;
	int weight;

	kb_str title, summary, question, slug, subject; /* as written: {{…}} unexpanded */
	kb_str own_id; /* what front matter says, or empty; see kb_document.id */
	kb_str owner, deputy, variant_of;
	kb_strs issues, regions, channels, products, tags, keywords, aliases, related;
	time_t reviewed; /* 0: never */
	struct kb_interval review_every;
	time_t publish_at, expires_at; /* 0: no bound; expires_at's day is inclusive */
	struct kb_notice notice;
	struct kb_translation translation;

	char blob[41];	  /* git's id of the file's bytes */
	bool converted;	  /* Git stores other bytes under that id: its line ends differ */
	uint32_t unended; /* the file's length when its last line has no end, else 0 */
	uint32_t body_offset;
	uint64_t outline; /* a hash of all this but for what only the text decides: its
			     id, places in it, what is wrong with it. Other pages show
			     nothing else of a document, unless they show its text; 0:
			     broken */
	uint64_t shape;	  /* the same without its title and summary */
	struct kb_node *front;	/* the document's own map, for exact places */
	struct kb_node *mapped; /* see kb_facts_meta; NULL: it is `front` itself */
	struct kb_md_facts body;

	/* Findings that depend on this document alone, with the severities that rules
	 * have without kb.yaml. */
	struct kb_diag *findings;
	uint32_t nfindings;
	/* Findings of struct kb_text_check, and a hash of its settings; 0: the text was
	 * not checked. */
	struct kb_diag *remarks;
	uint32_t nremarks;
	uint64_t settings;
};

/* Front matter with the mount's key map and defaults applied: what schemas see. */
static inline struct kb_node *kb_facts_meta(const struct kb_facts *facts)
{
	return facts->mapped ? facts->mapped : facts->front;
}

/* Everything that facts depend on, besides the bytes. Borrowed. */
struct kb_facts_context {
	const struct kb_config *config;
	const struct kb_schema *const
		*schemas; /* one per type; NULL: no schema is checked */
	const struct kb_mount *mount;
	kb_str path;	  /* of the file, from the content root; for findings */
	const char *blob; /* the text's id, in hexadecimal; NULL: it is worked out */
};

/* Gets the Markdown of a document after its facts were read. Returns true if it took
 * ownership of MD; otherwise kb frees it. */
typedef bool kb_facts_see_fn(void *ctx, const struct kb_facts *facts, struct kb_md *md);

/*
 * Reads a file's TEXT into facts in ARENA. Never NULL. SEE, which may be NULL, is called
 * once when there is a body.
 */
struct kb_facts *kb_facts_read(struct kb_arena *arena,
	const struct kb_facts_context *context, kb_str text, kb_facts_see_fn *see,
	void *ctx);
/* Parses the Markdown of TEXT, the file that FACTS were read from. */
struct kb_md *kb_facts_parse(const struct kb_facts *facts, const struct kb_config *config,
	const struct kb_mount *mount, kb_str text);
/* The facts of a file that cannot be read: a broken document. */
struct kb_facts *kb_facts_unread(
	struct kb_arena *arena, const struct kb_facts_context *context);
/* Moves findings into an arena, as facts have them. */
void kb_facts_take(struct kb_arena *arena, struct kb_diags *found, struct kb_diag **items,
	uint32_t *n);
/* Adds the facts' findings to DIAGS, at its severities. */
void kb_facts_report(const struct kb_facts *facts, struct kb_diags *diags);
/* Adds findings about the defaults of the context's mount. */
void kb_facts_check_defaults(struct kb_arena *arena,
	const struct kb_facts_context *context, struct kb_diags *diags);

/*
 * Does front matter mark its document as a draft, in the way of other programs:
 * `draft: true`, `published: false`, however YAML 1.1 or a string spells them?
 */
bool kb_front_says_draft(const struct kb_node *front);
/* The keys of front matter that mean something to kb; N of them. */
const kb_str *kb_front_keys(size_t *n);

/* The range of a front-matter value (or of its key, or {0, 0} when not there). */
kb_range kb_facts_range(const struct kb_facts *facts, const char *key);
/* The range of the I-th item of a list (of the value itself when it is a scalar). */
kb_range kb_facts_item_range(const struct kb_facts *facts, const char *key, uint32_t i);

#endif
