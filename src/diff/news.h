/* What the parts of news share. */
#ifndef DIFF_NEWS_H
#define DIFF_NEWS_H

#include "kb/news.h"
#include "version.h"

struct news_note { /* a commit's trailers */
	size_t commit;
	kb_str text, audience;
	bool none;
};

/* A commit that gave a variable another value. */
struct news_variable {
	size_t commit;
	kb_str name;
};

struct news {
	struct kb_arena *arena;
	const struct kb_library_diff *diff;
	const struct kb_history *history;
	const bool *since;
	const struct kb_news_filter *filter;
	bool trusted; /* the audience: see kb_audience_trusted */
	struct {
		KB_VEC(struct kb_news_item);
	} items;
	struct {
		KB_VEC(struct news_note);
	} notes;
	struct {
		KB_VEC(struct news_variable);
	} variables; /* newest first */
};

/* news_item.c */
/* Would AUDIENCE find the document on its site? */
bool news_reads(
	const struct kb_library *lib, const struct kb_document *doc, unsigned audience);
/* Is it what the filter asks for? */
bool news_asked(const struct news *n, const struct kb_document *doc);
/* The audience as a library's configuration has it; the most public one when it has none
 * of the name. */
unsigned news_audience(const struct news *n, const struct kb_library *lib);
/* KEY for those who know what it names; for others one that tells nothing of it. */
kb_str news_key(const struct news *n, kb_str key);
bool news_has_note(const struct news *n, size_t commit);
struct kb_news_item *news_add(
	struct news *n, enum kb_news_kind kind, const struct kb_document *doc);
/* A change of substance that COMMIT made; SIZE_MAX: some commit did. KEY: whose. */
struct kb_news_item *news_add_change(struct news *n, const struct kb_document *doc,
	kb_str key, kb_str text, size_t commit);

/* news_shared.c */
/* What many documents show: a snippet, or a variable by name. */
struct news_shared {
	const struct kb_document *snippet;
	kb_str variable;
};
/* Does the document show it to readers of AUDIENCE, if they can open the document? */
bool news_shows(const struct kb_library *lib, const struct kb_document *doc,
	const struct news_shared *shared, unsigned audience);
/* Documents that are asked for, in LOCALE (KB_NONE: in all), and show it to the audience;
 * the list is in the arena. */
size_t news_users(const struct news *n, const struct kb_library *lib,
	const struct news_shared *shared, uint32_t locale,
	const struct kb_document ***out);
void news_read_variables(struct news *n);
void news_tell_variables(struct news *n);

#endif
