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

#include "kb/error.h"
#include "kb/value.h"

#define KB_TEMPLATE_FOLDER "theme/templates/"
#define KB_TEMPLATE_SUFFIX ".mustache"

struct kb_templates;

/* The name of the template that a theme's file is, in the memory of PATH. False if the
 * file is not a template. */
bool kb_template_name(kb_str path, kb_str *name);
/* Makes an empty set. Never NULL. */
struct kb_templates *kb_templates_new(void);
void kb_templates_free(struct kb_templates *set);
/* Compiles TEXT (copied) as NAME; a later one of the same name replaces it.
 * -1 with name, line and what is wrong. */
int kb_templates_add(
	struct kb_templates *set, kb_str name, kb_str text, struct kb_error *err);

/* What a template consists of, for those who check it. */
enum kb_template_tag_kind {
	KB_TAG_TEXT, /* plain text: nothing else is set */
	KB_TAG_VARIABLE,
	KB_TAG_SECTION,
	KB_TAG_INVERTED,
	KB_TAG_PARTIAL,
};
struct kb_template_tag {
	enum kb_template_tag_kind kind;
	kb_str name;  /* with its dots; a partial's */
	size_t at;    /* of the name, in the text */
	uint32_t end; /* of a section: the tag after its last */
};
/* The tags of a template of the set, as an array of *N in ARENA, with names in the set's
 * memory; NULL: there is no such template. */
const struct kb_template_tag *kb_templates_tags(
	const struct kb_templates *set, kb_str name, struct kb_arena *arena, size_t *n);
/* Where the last text that kb_templates_add refused went wrong. */
size_t kb_templates_fault(const struct kb_templates *set);

/* Appends the page. -1: no such template, or partials nested too deep. */
int kb_templates_render(const struct kb_templates *set, kb_str name,
	const struct kb_value *data, kb_buf *out, struct kb_error *err);

#endif
