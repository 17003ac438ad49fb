/*
 * The data that templates are given (docs/theming.md): short hands for building it, and
 * the objects that several pages share.
 */
#ifndef SITE_VALUES_H
#define SITE_VALUES_H

#include "site.h"

struct rows {
	struct kb_value *list;
	uint32_t n;
};

void rows_add(struct job *job, struct rows *rows, struct kb_value *row);
struct kb_value *v_map(struct job *job);
void v_set(struct job *job, struct kb_value *map, const char *key,
	const struct kb_value *value);
void v_str(struct job *job, struct kb_value *map, const char *key, kb_str s);
void v_bool(struct job *job, struct kb_value *map, const char *key, bool b);
/* False when it is empty. */
void v_opt(struct job *job, struct kb_value *map, const char *key, kb_str s);
/* A Block: false when there are no rows, else a map with them in `items`. */
void v_block(struct job *job, struct kb_value *map, const char *key, struct rows rows);
void v_list(struct job *job, struct kb_value *map, const char *key, struct rows rows);

kb_str string(const struct job *job, const char *key);
kb_str message(struct job *job, const char *key, kb_str first, kb_str second);
kb_str message_count(struct job *job, const char *key, uint32_t n);

/* Addresses as the page needs them: relative, or absolute (empty without a base URL). */
kb_str href_to(const struct job *job, const struct page *page, kb_str fragment);
kb_str href_at(const struct job *job, kb_str address);
kb_str absolute_to(const struct job *job, const struct page *page);
kb_str absolute_at(const struct site *site, struct kb_arena *arena, kb_str address);

/* Strings of a document, variables expanded. */
uint32_t text_locale(const struct job *job, const struct kb_document *doc);
kb_str expanded(struct job *job, const struct kb_document *doc, kb_str text);
kb_str title_of(struct job *job, const struct kb_document *doc);
kb_str summary_of(struct job *job, const struct kb_document *doc);
time_t changed_on(const struct site *site, const struct kb_document *doc);

kb_str locale_dir(const struct site *site, uint32_t index);
kb_str audience_label(struct job *job, uint32_t audience);
/* That of a document, or empty where it goes without saying. */
kb_str audience_mark(struct job *job, const struct kb_document *doc);
kb_str region_label(struct job *job, kb_str code);
kb_str regions_in_words(struct job *job, const kb_strs *regions);
kb_str products_in_words(struct job *job, const kb_strs *products);
kb_str issue_label(struct job *job, uint32_t issue);
kb_str issue_description(struct job *job, uint32_t issue);
/* The page that is signed depends on the title or summary of a document, or on the label
 * or description of an issue, see marks.h. */
void name_document(struct job *job, const struct kb_document *doc);
void name_issue(struct job *job, uint32_t issue);
/* kb_link_resolve. A title is a place that a link can lead to. */
void resolve_link(struct job *job, const struct kb_document *doc, uint32_t locale,
	kb_str dest, struct kb_target *target);

struct kb_value *date_value(struct job *job, time_t t);
/* Language and direction, false where they are the page's. */
void put_language(struct job *job, struct kb_value *map, const struct kb_document *doc);
/* The string that names a type. */
extern const char *const type_labels[];
struct kb_value *item_value(struct job *job, const struct page *page);
/* In lists of several types: what it is, unless it is an article. */
void put_type_badge(struct job *job, struct kb_value *item, const struct page *page);
/* {label, href} of a topic. */
struct kb_value *topic_link(struct job *job, uint32_t issue);
/* A Topic; at most CHILDREN of those below it. */
struct kb_value *topic_value(struct job *job, uint32_t issue, uint32_t children);
const struct page *topic_page(const struct job *job, uint32_t issue);
void put_ways(struct job *job, struct kb_value *map, const char *key,
	const struct site_locale *locale);
/* Name, contact and hours of a person or team, or NULL; only for a trusted site. */
struct kb_value *person_value(struct job *job, kb_str id, bool hours);

#endif
