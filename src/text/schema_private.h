/*
 * What the files of the schema validator share: schema_compile.c makes struct sch
 * of JSON, schema_ref.c finds what a $ref means, schema_check.c walks a tree,
 * schema_value.c compares values, schema_say.c puts faults into words, schema_meant.c
 * finds the dates that were meant, schema_format.c knows the formats.
 */
#ifndef KB_SCHEMA_PRIVATE_H
#define KB_SCHEMA_PRIVATE_H

#include "kb/buf.h"
#include "kb/map.h"
#include "kb/regex.h"
#include "kb/schema.h"
#include "kb/vec.h"
#include "kb/yaml_edit.h"

enum sch_type {
	SCH_NULL = 1,
	SCH_BOOLEAN = 2,
	SCH_INTEGER = 4,
	SCH_NUMBER = 8,
	SCH_STRING = 16,
	SCH_ARRAY = 32,
	SCH_OBJECT = 64,
	SCH_ANY = 127,
};

enum sch_format {
	SCH_FORMAT_NONE,
	SCH_FORMAT_DATE,
	SCH_FORMAT_TIME,
	SCH_FORMAT_DATE_TIME,
	SCH_FORMAT_EMAIL,
	SCH_FORMAT_HOSTNAME,
	SCH_FORMAT_URI,
	SCH_FORMAT_URI_REFERENCE,
	SCH_FORMAT_REGEX,
};

struct sch_list {
	struct sch **items;
	uint32_t len;
};

struct sch_pattern {
	struct kb_regex *regex;
	struct sch *sch;
};

struct sch_dependency {
	kb_str name;
	kb_strs keys;	 /* or */
	struct sch *sch; /* NULL: keys */
};

/* A number that a schema gives; those not given are not looked at. */
struct sch_limit {
	bool given;
	double value;
};

/* One schema. What a keyword does not give stays zero. */
struct sch {
	bool never; /* the schema false */
	bool deprecated;
	kb_str deprecation; /* why, or what to write instead */
	uint8_t types;	    /* 0: any */
	uint8_t format;
	bool unique;
	bool string_words, number_words; /* has keywords for strings, for numbers */

	struct sch *ref;	       /* then nothing else counts */
	const struct kb_node *choices; /* enum */
	const struct kb_node *constant;
	struct sch_limit multiple_of, maximum, minimum, exclusive_maximum,
		exclusive_minimum;
	struct sch_limit max_length, min_length, max_items, min_items;
	struct sch_limit max_properties, min_properties;
	struct kb_regex *pattern;
	kb_str pattern_text;

	struct sch *items, *additional_items, *contains;
	struct sch_list tuple;
	bool has_tuple;

	kb_strs required, names; /* names: of properties, in order */
	kb_map properties;
	struct sch_pattern *patterns;
	uint32_t npatterns;
	struct sch *additional, *property_names;
	struct sch_dependency *dependencies;
	uint32_t ndependencies;
	const struct sch *extended_by; /* its properties are known, too */

	struct sch *if_sch, *then_sch, *else_sch, *not_sch;
	struct sch_list all_of, any_of, one_of;

	kb_str error_message;
	const struct kb_node *error_messages; /* a message a keyword */
	uint8_t mark;			      /* of the search for circles */
};

struct kb_schema {
	struct kb_arena *arena;
	struct sch *root;
	kb_str name;
	struct {
		KB_VEC(struct sch *);
	} all; /* to free what they hold */
	struct {
		KB_VEC(struct kb_regex *);
	} regexes;
};

/* A JSON text that schemas were read from, or a part of one with an $id. */
struct sch_place {
	const struct kb_node *node;
	kb_str base; /* what relative $refs in it are relative to, without fragment */
};

/* A key of a schema that is not a keyword. */
struct sch_stray {
	const struct kb_pair *pair;
	kb_str path; /* JSON pointer */
};

struct sch_compiler {
	struct kb_schema *schema;
	kb_schema_load_fn *load;
	void *ctx;
	struct kb_error *err;
	kb_map places; /* from URI to struct sch_place */
	kb_map made;   /* from a node's address to struct sch */
	struct {
		KB_VEC(struct sch_stray);
	} strays;    /* keywords that kb does not know */
	kb_buf path; /* JSON pointer of what is compiled, for messages */
};

/* Makes a schema of NODE; NULL with the error set. */
struct sch *kb_sch_make(struct sch_compiler *c, const struct kb_node *node, kb_str base);
/* Sets the error: what is wrong with the schema, at the place that is compiled; -1. */
int kb_sch_fail(struct sch_compiler *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Registers a JSON text and the $ids in it under its URI. */
int kb_sch_add_text(struct sch_compiler *c, const struct kb_node *root, kb_str uri);
/* The base of the contents of NODE, which is in BASE: NODE's $id. */
kb_str kb_sch_base(struct sch_compiler *c, const struct kb_node *node, kb_str base);
/* What the $ref REF in BASE means. */
int kb_sch_resolve(
	struct sch_compiler *c, kb_str ref, kb_str base, struct sch_place *place);
/* Calls FN for each schema directly below NODE. */
typedef int sch_child_fn(
	struct sch_compiler *c, const struct kb_node *child, kb_str base);

int kb_sch_format(kb_str name, uint8_t *out);
bool kb_sch_format_ok(enum sch_format format, kb_str value);
/* "a date such as 2026-11-20" */
const char *kb_sch_format_words(enum sch_format format);

/* Types that a node can have by itself. */
unsigned kb_sch_natural(const struct kb_node *node);
bool kb_sch_equal(const struct kb_node *a, const struct kb_node *b);

enum sch_fault { SCH_UNKNOWN_KEY, SCH_REQUIRED, SCH_TYPE, SCH_VALUE };

/* A value under a schema: what it is called, and where its own key is. */
struct sch_spot {
	const struct kb_node *node;
	const struct kb_node *key; /* NULL: the root, or an item of a list at the root */
	bool item;		   /* an item of the list at KEY */
};

struct sch_check {
	const struct kb_schema *schema;
	kb_str path;
	enum kb_schema_rules rules;
	struct kb_diags *diags; /* NULL: only whether there is a fault */
	size_t faults, steps;
	bool gave_up;
	bool deprecated; /* a key that should not be used is there */
	/* Does a value fit? Without a finding: hints ask it of what they offer. */
	bool (*fits)(struct sch_check *c, const struct sch *sch, struct sch_spot spot);
};

/* Each notes one fault and returns false. */
bool kb_sch_say(struct sch_check *c, const struct sch *sch, const struct sch_spot *spot,
	const char *keyword, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* To a fault of a value: the date or length of time that was meant, in kb's words. */
void kb_sch_hint_meant(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, struct kb_diag *diag);
bool kb_sch_say_type(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned types);
bool kb_sch_say_choice(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, const struct kb_node *choices);
bool kb_sch_say_unknown(struct sch_check *c, const struct sch *sch,
	const struct kb_node *map, const struct kb_node *key);
void kb_sch_say_deprecated(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot);
bool kb_sch_say_missing(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, kb_str name);

#endif
