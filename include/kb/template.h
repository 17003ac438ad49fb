/*
 * Mustache templates (https://mustache.github.io/mustache.5.html; the spec's core
 * modules: comments, delimiters, interpolation, inverted, partials, sections).
 *
 * Templates are compiled once into a set and rendered by any number of threads,
 * each with a tree of values of its own. {{x}} is escaped for HTML, {{{x}}} and
 * {{&x}} are not. A name that nothing defines is empty. For a section, an empty
 * list, an empty string, false and the number 0 are false.
 */
#ifndef KB_TEMPLATE_H
#define KB_TEMPLATE_H

#include "kb/buf.h"
#include "kb/error.h"

/* Values: a string, a truth, a list, or a map. They live in an arena and borrow strings.
 */
struct kb_value;

struct kb_value *kb_value_str(struct kb_arena *arena, kb_str s);
struct kb_value *kb_value_int(struct kb_arena *arena, long long n);
struct kb_value *kb_value_bool(struct kb_arena *arena, bool truth);
struct kb_value *kb_value_list(struct kb_arena *arena);
struct kb_value *kb_value_map(struct kb_arena *arena);
void kb_value_push(struct kb_arena *arena, struct kb_value *list, struct kb_value *item);
/* Sets a key of a map (a literal or a string that lives as long). Later wins. */
void kb_value_set(struct kb_arena *arena, struct kb_value *map, const char *key,
	struct kb_value *value);
void kb_value_set_str(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str s);
void kb_value_set_bool(
	struct kb_arena *arena, struct kb_value *map, const char *key, bool b);
/* What MAP lacks is looked up in PARENT (shared data of a site or a locale). */
void kb_value_set_parent(struct kb_value *map, const struct kb_value *parent);
const struct kb_value *kb_value_get(const struct kb_value *map, kb_str key);
/* Appends VALUE, but for a map's parent, as bytes that no other value has. */
void kb_value_print(const struct kb_value *value, kb_buf *out);

struct kb_templates;

struct kb_templates *kb_templates_new(void);
void kb_templates_free(struct kb_templates *set);
/* Compiles TEXT (copied) as NAME; a later one of the same name replaces it.
 * -1 with name, line and what is wrong. */
int kb_templates_add(
	struct kb_templates *set, kb_str name, kb_str text, struct kb_error *err);
/* Appends the page. -1: no such template, or partials nested too deep. */
int kb_templates_render(const struct kb_templates *set, kb_str name,
	const struct kb_value *data, kb_buf *out, struct kb_error *err);

#endif
