/*
 * A compiled template: a flat list of operations in which a section knows where it ends.
 */
#ifndef KB_TEXT_TEMPLATE_PRIVATE_H
#define KB_TEXT_TEMPLATE_PRIVATE_H

#include "kb/map.h"
#include "kb/template.h"

enum kb_op_kind {
	KB_OP_TEXT,
	KB_OP_ESCAPED,
	KB_OP_RAW,
	KB_OP_SECTION,
	KB_OP_INVERTED,
	KB_OP_PARTIAL,
};

struct kb_op {
	uint8_t kind;
	bool line_start; /* the first of its line in the template's text: indent here */
	bool standalone; /* a partial alone on its line: hands its indentation on */
	uint32_t end;	 /* of a section: the operation after its last */
	kb_str text;	 /* the text; a partial's name or a name's first part */
	kb_str rest;	 /* the name's further parts, or a partial's indentation */
};

struct kb_template {
	kb_str name;
	struct kb_op *ops;
	size_t nops;
};

struct kb_templates {
	struct kb_arena *arena;
	kb_map by_name; /* to struct kb_template */
};

enum kb_value_type { KB_VALUE_STR, KB_VALUE_BOOL, KB_VALUE_LIST, KB_VALUE_MAP };

struct kb_pair {
	kb_str key;
	const struct kb_value *value;
};

struct kb_value {
	uint8_t type;
	bool truth; /* of a string, a number or a truth */
	uint32_t len, cap;
	union {
		const char *str;
		const struct kb_value **items;
		struct kb_pair *pairs;
	};
	/* Of a map: an index by hash once it is large, and what it falls back on. */
	uint32_t *slots;
	const struct kb_value *parent;
};

#endif
