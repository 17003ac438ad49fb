/*
 * A compiled template: a flat list of operations in which a section knows where it ends.
 */
#ifndef KB_TEXT_TEMPLATE_PRIVATE_H
#define KB_TEXT_TEMPLATE_PRIVATE_H

#include "kb/map.h"
#include "kb/template.h"

enum kb_template_op_kind {
	KB_TEMPLATE_TEXT,
	KB_TEMPLATE_ESCAPED,
	KB_TEMPLATE_RAW,
	KB_TEMPLATE_SECTION,
	KB_TEMPLATE_INVERTED,
	KB_TEMPLATE_PARTIAL,
};

struct kb_template_op {
	uint8_t kind;
	bool line_start; /* the first of its line in the template's text: indent here */
	bool standalone; /* a partial alone on its line: hands its indentation on */
	uint32_t end;	 /* of a section: the operation after its last */
	kb_str text;	 /* the text; a partial's name or a name's first part */
	kb_str rest;	 /* the name's further parts, or a partial's indentation */
};

struct kb_template {
	kb_str name, source;
	struct kb_template_op *ops;
	size_t nops;
};

struct kb_templates {
	struct kb_arena *arena;
	kb_map by_name; /* to struct kb_template */
	size_t fault;
};

#endif
