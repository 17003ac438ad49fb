/*
 * A tree of C structures as one block of bytes, for a file that is mapped.
 *
 * A table describes each type: which fields it has and what they hold. The block has
 * the root, then what its fields point to, in the order of the tables, depth first. A
 * pointer in it is an address: the block's home plus an offset. A block that is mapped
 * at its home is used there and never written to. Any other block is copied, and its
 * pointers are changed.
 *
 *	static const struct kb_flat_field heading_fields[] = {
 *		KB_FLAT_NUMBER(struct kb_heading, level, 7),
 *		KB_FLAT_STR(struct kb_heading, text),
 *		KB_FLAT_PLAIN(struct kb_heading, range)};
 *	static const struct kb_flat_type heading_type =
 *		KB_FLAT_TYPE(struct kb_heading, heading_fields);
 *
 * Every field is in the table of its type, and padding is in none. A block begins as
 * zero bytes and gets the fields of the tables, so equal values make equal blocks.
 * Tests prove that no field is forgotten (tests/unit/flat.h).
 *
 * Any bytes can be opened safely. Each pointer must have exactly the value that the
 * writer gives it: the end of everything before it. So nothing is shared, there are no
 * circles, and opening takes time in proportion to the length.
 */
#ifndef KB_FLAT_H
#define KB_FLAT_H

#include "kb/buf.h"

enum kb_flat_kind {
	KB_FLAT_KIND_PLAIN,
	KB_FLAT_KIND_PLACE,
	KB_FLAT_KIND_NUMBER,
	KB_FLAT_KIND_ZERO,
	KB_FLAT_KIND_TEXT,
	KB_FLAT_KIND_STR,
	KB_FLAT_KIND_STRUCT,
	KB_FLAT_KIND_ONE,
	KB_FLAT_KIND_OPTION,
	KB_FLAT_KIND_LIST,
	KB_FLAT_KIND_POINTERS,
	KB_FLAT_KIND_CHOICE,
};

struct kb_flat_type;

/* Made by the macros below. */
struct kb_flat_field {
	uint8_t kind;
	uint8_t width; /* of the number, or of a list's count: 1, 2, 4 or 8 */
	uint32_t at;
	uint32_t count_at;
	uint32_t
		size; /* of the field, of each item of a list, or of what is pointed to */
	uint64_t limit;
	const struct kb_flat_type *type;
};

struct kb_flat_type {
	uint32_t size;
	uint32_t nfields;
	const struct kb_flat_field *fields;
};

#define KB_FLAT_SIZE_(T, f) sizeof(((T *)0)->f)
/* The size of the structure that the field F points to. */
#define KB_FLAT_ITEM_(T, f) sizeof(*((T *)0)->f)
#define KB_FLAT_IS_(T, f, type)                                                          \
	(0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((T *)0)->f), type)     \
				 ? 1                                                     \
				 : -1]))

#define KB_FLAT_TYPE(T, table)                                                           \
	{                                                                                \
		sizeof(T), sizeof(table) / sizeof((table)[0]), (table)                   \
	}

/* A field for which any bytes are valid: a number without a limit, a time, a range. A
 * structure only if it has neither padding nor pointers. */
#define KB_FLAT_PLAIN(T, f)                                                              \
	{                                                                                \
		.kind = KB_FLAT_KIND_PLAIN, .at = offsetof(T, f),                        \
		.size = KB_FLAT_SIZE_(T, f)                                              \
	}
/* The same for a place in a file: kb_flat_hash leaves it out. */
#define KB_FLAT_PLACE(T, f)                                                              \
	{                                                                                \
		.kind = KB_FLAT_KIND_PLACE, .at = offsetof(T, f),                        \
		.size = KB_FLAT_SIZE_(T, f)                                              \
	}
/* An unsigned number or enum below LIMIT. */
#define KB_FLAT_NUMBER(T, f, below)                                                      \
	{                                                                                \
		.kind = KB_FLAT_KIND_NUMBER, .at = offsetof(T, f),                       \
		.width = KB_FLAT_SIZE_(T, f), .size = KB_FLAT_SIZE_(T, f),               \
		.limit = (below)                                                         \
	}
#define KB_FLAT_BOOL(T, f) KB_FLAT_NUMBER(T, f, 2 + KB_FLAT_IS_(T, f, bool))
/* A number or pointer that is not kept: 0 in the block, whatever it was. */
#define KB_FLAT_ZERO(T, f)                                                               \
	{                                                                                \
		.kind = KB_FLAT_KIND_ZERO, .at = offsetof(T, f),                         \
		.width = KB_FLAT_SIZE_(T, f), .size = KB_FLAT_SIZE_(T, f), .limit = 1    \
	}
/* An array of char that ends in a NUL; what follows the NUL is not kept. */
#define KB_FLAT_TEXT(T, f)                                                               \
	{                                                                                \
		.kind = KB_FLAT_KIND_TEXT, .at = offsetof(T, f),                         \
		.size = KB_FLAT_SIZE_(T, f)                                              \
	}
/* A kb_str. In the block a NUL follows it. NULL stays NULL. */
#define KB_FLAT_STR(T, f)                                                                \
	{                                                                                \
		.kind = KB_FLAT_KIND_STR,                                                \
		.at = offsetof(T, f) + KB_FLAT_IS_(T, f, kb_str), .size = sizeof(kb_str) \
	}
/* A structure of TYPE (a pointer to a kb_flat_type) inside this one. */
#define KB_FLAT_STRUCT(T, f, of)                                                         \
	{                                                                                \
		.kind = KB_FLAT_KIND_STRUCT, .at = offsetof(T, f),                       \
		.size = KB_FLAT_SIZE_(T, f), .type = (of)                                \
	}
/* A pointer to one structure; ONE is never NULL, OPTION may be. */
#define KB_FLAT_ONE(T, f, of)                                                            \
	{                                                                                \
		.kind = KB_FLAT_KIND_ONE, .at = offsetof(T, f),                          \
		.size = KB_FLAT_ITEM_(T, f), .type = (of)                                \
	}
#define KB_FLAT_OPTION(T, f, of)                                                         \
	{                                                                                \
		.kind = KB_FLAT_KIND_OPTION, .at = offsetof(T, f),                       \
		.size = KB_FLAT_ITEM_(T, f), .type = (of)                                \
	}
/* A pointer F to as many structures as the field N says; NULL when N is 0. The count has
 * no line of its own. Of strings: &kb_flat_str. */
#define KB_FLAT_LIST(T, f, n, of)                                                        \
	{                                                                                \
		.kind = KB_FLAT_KIND_LIST, .at = offsetof(T, f),                         \
		.count_at = offsetof(T, n), .width = KB_FLAT_SIZE_(T, n),                \
		.size = KB_FLAT_ITEM_(T, f), .type = (of)                                \
	}
/* A pointer F to as many pointers to structures, none of them NULL. */
#define KB_FLAT_POINTERS(T, f, n, of)                                                    \
	{                                                                                \
		.kind = KB_FLAT_KIND_POINTERS, .at = offsetof(T, f),                     \
		.count_at = offsetof(T, n), .width = KB_FLAT_SIZE_(T, n),                \
		.size = KB_FLAT_ITEM_(T, f[0]), .type = (of)                             \
	}
/* The fields of one type of several, by the number F: KINDS is an array of types of this
 * same structure, of which each describes the members that its kind has. */
#define KB_FLAT_CHOICE(T, f, kinds)                                                      \
	{                                                                                \
		.kind = KB_FLAT_KIND_CHOICE, .at = offsetof(T, f),                       \
		.width = KB_FLAT_SIZE_(T, f), .size = KB_FLAT_SIZE_(T, f),               \
		.limit = sizeof(kinds) / sizeof((kinds)[0]), .type = (kinds)             \
	}
/* A kb_strs. */
#define KB_FLAT_STRS(T, f) KB_FLAT_STRUCT(T, f, &kb_flat_strs)

extern const struct kb_flat_type kb_flat_str, kb_flat_strs;

/*
 * Appends OBJECT to OUT as a block with the home 0, after zero bytes up to a multiple
 * of 8. Returns false, and leaves OUT as it was, if the object is nested too deep (256
 * pointers). Numbers must be below their limits; otherwise the block cannot be opened.
 */
bool kb_flat_write(const struct kb_flat_type *type, const void *object, kb_buf *out);
/*
 * The object in the block BYTES, which was made for the address HOME; NULL if the block
 * is damaged. The object is in BYTES if these are at HOME, else in ARENA. It is
 * read-only. BYTES must be aligned to 8.
 */
const void *kb_flat_open(const struct kb_flat_type *type, kb_str bytes, uint64_t home,
	struct kb_arena *arena);
/* Changes a block for another home. Returns false if it is damaged; do not use it then.
 */
bool kb_flat_move(const struct kb_flat_type *type, void *bytes, size_t len, uint64_t from,
	uint64_t to);
/* A hash of the values in OBJECT, but not of their places in files. It is the same for
 * equal values, wherever these are in memory. */
uint64_t kb_flat_hash(const struct kb_flat_type *type, const void *object);
/* A hash of the tables, to recognize blocks that were written with other tables. */
uint64_t kb_flat_layout(const struct kb_flat_type *type);

#endif
