/*
 * Values: what an operation returns for programs, and what a template shows.
 *
 * A value is null, a string, a truth, a number, a list or a map whose keys keep the
 * order in which they were set. It lives in the arena that made it and borrows the
 * strings that it is given, so these must live as long. Building a value never fails.
 * kb_value_json writes it as JSON; kb/template.h and kb/report.h write it in other
 * formats.
 *
 *	struct kb_value *root = kb_value_map(arena);
 *	struct kb_value *list = kb_value_set_list(arena, root, "documents");
 *	struct kb_value *item = kb_value_push_map(arena, list);
 *	kb_value_set_str(arena, item, "path", doc->path);
 *	kb_value_json(root, KB_JSON_PRETTY, &out);
 */
#ifndef KB_VALUE_H
#define KB_VALUE_H

#include "kb/buf.h"
#include "kb/vec.h"

enum kb_value_type {
	KB_VALUE_NULL,
	KB_VALUE_STR,
	KB_VALUE_BOOL,
	KB_VALUE_NUMBER,
	KB_VALUE_LIST,
	KB_VALUE_MAP,
};

struct kb_member {
	kb_str key;
	const struct kb_value *value;
};

/* Fields are for reading; the functions below set them. */
struct kb_value {
	uint8_t type;
	bool truth; /* Of a string, a number or a truth: it is not empty, 0 or false. */
	uint32_t len, cap;
	union {
		const char *str; /* Of a string, or a number as JSON has it. */
		const struct kb_value **items;
		struct kb_member *members;
	};
	uint32_t *slots;	       /* Of a large map: an index by hash. */
	const struct kb_value *parent; /* Of a map: see kb_value_set_parent. */
};

/* Each makes a value in ARENA; never NULL. Strings are borrowed. */
struct kb_value *kb_value_null(struct kb_arena *arena);
struct kb_value *kb_value_str(struct kb_arena *arena, kb_str s);
struct kb_value *kb_value_bool(struct kb_arena *arena, bool truth);
/* A number that is written as JSON writes it, with a NUL after it. */
struct kb_value *kb_value_number(struct kb_arena *arena, kb_str json);
struct kb_value *kb_value_int(struct kb_arena *arena, long long n);
struct kb_value *kb_value_list(struct kb_arena *arena);
struct kb_value *kb_value_map(struct kb_arena *arena);

/* Adds ITEM, which other values may contain too. */
void kb_value_push(
	struct kb_arena *arena, struct kb_value *list, const struct kb_value *item);
void kb_value_push_str(struct kb_arena *arena, struct kb_value *list, kb_str s);
/* Pushes an empty map and returns it. */
struct kb_value *kb_value_push_map(struct kb_arena *arena, struct kb_value *list);

/* Each sets a key of a map: a literal, or a string that lives as long. Setting a key
 * again replaces its value. */
void kb_value_set(struct kb_arena *arena, struct kb_value *map, const char *key,
	const struct kb_value *value);
void kb_value_set_str(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str s);
/* The same with a literal, such as the name of an enumerator. */
void kb_value_set_name(
	struct kb_arena *arena, struct kb_value *map, const char *key, const char *name);
/* The same, but an empty string sets nothing. */
void kb_value_set_opt(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str s);
void kb_value_set_bool(
	struct kb_arena *arena, struct kb_value *map, const char *key, bool b);
void kb_value_set_int(
	struct kb_arena *arena, struct kb_value *map, const char *key, long long n);
void kb_value_set_decimal(
	struct kb_arena *arena, struct kb_value *map, const char *key, double n);
void kb_value_set_strs(struct kb_arena *arena, struct kb_value *map, const char *key,
	const kb_strs *list);
/* These set an empty list or map and return it. */
struct kb_value *kb_value_set_list(
	struct kb_arena *arena, struct kb_value *map, const char *key);
struct kb_value *kb_value_set_map(
	struct kb_arena *arena, struct kb_value *map, const char *key);

/* kb_value_get looks in PARENT for keys that MAP does not have: for data that many maps
 * share. JSON and kb_value_print leave it out. */
void kb_value_set_parent(struct kb_value *map, const struct kb_value *parent);
/* Returns NULL if MAP is not a map or does not have the key. */
const struct kb_value *kb_value_get(const struct kb_value *map, kb_str key);
/* The characters of a string or number; an empty string for anything else. VALUE may be
 * NULL. */
kb_str kb_value_text(const struct kb_value *value);
/* Appends VALUE as bytes that no other value has. */
void kb_value_print(const struct kb_value *value, kb_buf *out);

enum kb_json_style {
	KB_JSON_PRETTY, /* Two spaces for each level, and a newline at the end. */
	KB_JSON_LINE,	/* Without white space. */
	KB_JSON_SCRIPT, /* The same, as the text of a <script>, which a '<' could end. */
};
/* Appends VALUE as JSON (RFC 8259). Invalid UTF-8 becomes U+FFFD. Control characters, and
 * what a CI server would take for a command, become escapes, so that the text does
 * nothing to a terminal or a log. */
void kb_value_json(const struct kb_value *value, enum kb_json_style style, kb_buf *out);

#endif
