/*
 * Proves that a table of kb/flat.h is complete: every byte of its structure is in a field
 * or is padding, and what it leads to has the size that the fields point to.
 */
#ifndef FLAT_H
#define FLAT_H

#include "kb/flat.h"
#include "unit.h"

#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
#define FLAT_CLEAR_PADDING(p) __builtin_clear_padding(p)
#endif
#endif
#ifndef FLAT_CLEAR_PADDING
#define FLAT_CLEAR_PADDING(p) memset(p, 0, sizeof *(p))
#endif

/* Takes the bytes of the type's fields out of BYTES. */
static inline void flat_clear_fields(const struct kb_flat_type *type, char *bytes)
{
	for (uint32_t i = 0; i < type->nfields; i++) {
		const struct kb_flat_field *f = &type->fields[i];
		bool list =
			f->kind == KB_FLAT_KIND_LIST || f->kind == KB_FLAT_KIND_POINTERS;
		bool pointer = list || f->kind == KB_FLAT_KIND_ONE ||
			       f->kind == KB_FLAT_KIND_OPTION;

		memset(bytes + f->at, 0, pointer ? sizeof(void *) : f->size);
		if (list)
			memset(bytes + f->count_at, 0, f->width);
		if (f->kind == KB_FLAT_KIND_CHOICE) {
			for (size_t k = 0; k < f->limit; k++)
				flat_clear_fields(&f->type[k], bytes);
		} else if (f->type) {
			assert_int_equal(f->type->size, f->size);
		}
	}
}

/* The type that the field at this offset holds or leads to. */
static inline const struct kb_flat_type *type_at(
	const struct kb_flat_type *type, size_t at)
{
	for (uint32_t i = 0; i < type->nfields; i++)
		if (type->fields[i].at == at && type->fields[i].type)
			return type->fields[i].type;
	fail_msg("no field at %zu has a type", at);
	return NULL;
}
#define TYPE(outer, T, field) type_at(outer, offsetof(T, field))

#define assert_complete(table, T)                                                        \
	do {                                                                             \
		T flat_[1];                                                              \
		const char *flat_bytes_ = (const char *)flat_;                           \
		assert_int_equal((table)->size, sizeof(T));                              \
		memset(flat_, 0xff, sizeof flat_);                                       \
		FLAT_CLEAR_PADDING(flat_);                                               \
		flat_clear_fields(table, (char *)flat_);                                 \
		for (size_t flat_i_ = 0; flat_i_ < sizeof(T); flat_i_++)                 \
			if (flat_bytes_[flat_i_])                                        \
				fail_msg("byte %zu of %s is in no field of %s", flat_i_, \
					#T, #table);                                     \
	} while (0)

#endif
