#include "kb/flat.h"

#include "kb/hash.h"
#include "kb/vec.h"

enum { ALIGN = 8, DEPTH_MAX = 256 };

static const struct kb_flat_field str_fields[] = {{
	.kind = KB_FLAT_KIND_STR,
	.size = sizeof(kb_str),
}};
const struct kb_flat_type kb_flat_str = KB_FLAT_TYPE(kb_str, str_fields);

static const struct kb_flat_field strs_fields[] = {
	KB_FLAT_LIST(kb_strs, items, len, &kb_flat_str), KB_FLAT_ZERO(kb_strs, cap)};
const struct kb_flat_type kb_flat_strs = KB_FLAT_TYPE(kb_strs, strs_fields);

static inline uint64_t number_at(const char *p, unsigned width)
{
	uint64_t n8;
	uint32_t n4;
	uint16_t n2;

	switch (width) {
	case 1:
		return (unsigned char)*p;
	case 2:
		return memcpy(&n2, p, sizeof(n2)), n2;
	case 4:
		return memcpy(&n4, p, sizeof(n4)), n4;
	default:
		return memcpy(&n8, p, sizeof(n8)), n8;
	}
}

static inline uintptr_t pointer_at(const char *p)
{
	uintptr_t pointer;

	memcpy(&pointer, p, sizeof(pointer));
	return pointer;
}

/* Writing. Offsets count from the block's beginning. */
struct flat_writer {
	kb_buf *out;
	size_t start;
	bool too_deep;
};

/* Appends SIZE zero bytes at a multiple of ALIGNMENT and lets the pointer at FIELD lead
 * to them. */
static size_t append(struct flat_writer *w, size_t field, size_t size, size_t alignment)
{
	static const char zeros[256];
	size_t at = (w->out->len - w->start + alignment - 1) & ~(alignment - 1);
	uintptr_t pointer = at;

	for (size_t end = w->start + at + size; w->out->len < end;) {
		size_t n = end - w->out->len;

		kb_buf_add(w->out, zeros, n < sizeof(zeros) ? n : sizeof(zeros));
	}
	memcpy(w->out->data + w->start + field, &pointer, sizeof(pointer));
	return at;
}

static void put(struct flat_writer *w, size_t at, const void *data, size_t len)
{
	if (len)
		memcpy(w->out->data + w->start + at, data, len);
}

static void put_struct(struct flat_writer *w, const struct kb_flat_type *type,
	const char *from, size_t at, unsigned depth);

static void put_str(struct flat_writer *w, const char *from, size_t at)
{
	kb_str s;

	memcpy(&s, from, sizeof(s));
	if (!s.data)
		return;
	put(w, at + offsetof(kb_str, len), &s.len, sizeof(s.len));
	put(w, append(w, at + offsetof(kb_str, data), s.len + 1, 1), s.data, s.len);
}

static void put_one(struct flat_writer *w, const struct kb_flat_type *type,
	const char *from, size_t at, unsigned depth)
{
	const char *object = (const char *)pointer_at(from);

	if (object)
		put_struct(w, type, object, append(w, at, type->size, ALIGN), depth + 1);
}

static void put_list(struct flat_writer *w, const struct kb_flat_field *field,
	const char *from, size_t at, unsigned depth)
{
	size_t n = number_at(from + field->count_at, field->width), to;
	const char *items = (const char *)pointer_at(from + field->at);
	bool pointers = field->kind == KB_FLAT_KIND_POINTERS;
	size_t size = pointers ? sizeof(void *) : field->type->size;

	if (!n)
		return;
	put(w, at + field->count_at, from + field->count_at, field->width);
	to = append(w, at + field->at, kb_size_mul(n, size), ALIGN);
	for (size_t i = 0; i < n; i++, items += size, to += size) {
		if (pointers)
			put_one(w, field->type, items, to, depth);
		else
			put_struct(w, field->type, items, to, depth + 1);
	}
}

static void put_field(struct flat_writer *w, const struct kb_flat_field *field,
	const char *from, size_t at, unsigned depth)
{
	const char *source = from + field->at;
	size_t to = at + field->at;
	uint64_t n;

	switch (field->kind) {
	case KB_FLAT_KIND_CHOICE:
		put(w, to, source, field->size);
		n = number_at(source, field->width);
		if (n < field->limit)
			put_struct(w, &field->type[n], from, at, depth);
		break;
	case KB_FLAT_KIND_TEXT:
		put(w, to, source, strnlen(source, field->size - 1));
		break;
	case KB_FLAT_KIND_STR:
		put_str(w, source, to);
		break;
	case KB_FLAT_KIND_STRUCT:
		put_struct(w, field->type, source, to, depth);
		break;
	case KB_FLAT_KIND_ONE:
	case KB_FLAT_KIND_OPTION:
		put_one(w, field->type, source, to, depth);
		break;
	case KB_FLAT_KIND_LIST:
	case KB_FLAT_KIND_POINTERS:
		put_list(w, field, from, at, depth);
		break;
	case KB_FLAT_KIND_ZERO:
		break;
	default:
		put(w, to, source, field->size);
	}
}

static void put_struct(struct flat_writer *w, const struct kb_flat_type *type,
	const char *from, size_t at, unsigned depth)
{
	w->too_deep |= depth > DEPTH_MAX;
	for (uint32_t i = 0; i < type->nfields && !w->too_deep; i++)
		put_field(w, &type->fields[i], from, at, depth);
}

bool kb_flat_write(const struct kb_flat_type *type, const void *object, kb_buf *out)
{
	struct flat_writer w = {.out = out};
	size_t before = out->len;

	while (out->len % ALIGN)
		kb_buf_putc(out, '\0');
	w.start = out->len;
	append(&w, 0, type->size, ALIGN);
	put_struct(&w, type, object, 0, 0);
	if (w.too_deep)
		out->len = before;
	return !w.too_deep;
}

/* Checking, and moving to another home when SHIFT is not 0: only then is BYTES written
 * to. */
struct flat_reader {
	char *bytes;
	size_t len;
	size_t at; /* what comes next begins here */
	uintptr_t home, shift;
};

/* What the pointer at FIELD leads to: the next SIZE bytes. */
static inline bool follow(
	struct flat_reader *r, size_t field, size_t size, size_t alignment, size_t *at)
{
	uintptr_t pointer = pointer_at(r->bytes + field);
	size_t from = (r->at + alignment - 1) & ~(alignment - 1);

	if (pointer != r->home + from || from > r->len || size > r->len - from)
		return false;
	r->at = from + size;
	*at = from;
	if (r->shift) {
		pointer += r->shift;
		memcpy(r->bytes + field, &pointer, sizeof(pointer));
	}
	return true;
}

static bool check_struct(struct flat_reader *r, const struct kb_flat_type *type,
	size_t at, unsigned depth);

static inline bool check_str(struct flat_reader *r, size_t at)
{
	kb_str s;
	size_t to;

	memcpy(&s, r->bytes + at, sizeof(s));
	if (!s.data)
		return !s.len;
	return s.len < r->len &&
	       follow(r, at + offsetof(kb_str, data), s.len + 1, 1, &to) &&
	       !r->bytes[to + s.len];
}

static bool check_one(
	struct flat_reader *r, const struct kb_flat_type *type, size_t at, unsigned depth)
{
	size_t to;

	return follow(r, at, type->size, ALIGN, &to) &&
	       check_struct(r, type, to, depth + 1);
}

static bool check_list(struct flat_reader *r, const struct kb_flat_field *field,
	size_t at, unsigned depth)
{
	uint64_t n = number_at(r->bytes + at + field->count_at, field->width);
	bool pointers = field->kind == KB_FLAT_KIND_POINTERS;
	size_t size = pointers ? sizeof(void *) : field->type->size, to;

	if (!n)
		return !pointer_at(r->bytes + at + field->at);
	if (n > r->len / size || !follow(r, at + field->at, n * size, ALIGN, &to))
		return false;
	for (; n; n--, to += size)
		if (!(pointers ? check_one(r, field->type, to, depth)
			       : check_struct(r, field->type, to, depth + 1)))
			return false;
	return true;
}

static bool check_field(struct flat_reader *r, const struct kb_flat_field *field,
	size_t at, unsigned depth)
{
	size_t to = at + field->at;
	uint64_t n;

	switch (field->kind) {
	case KB_FLAT_KIND_TEXT:
		return !r->bytes[to + field->size - 1];
	case KB_FLAT_KIND_STRUCT:
		return check_struct(r, field->type, to, depth);
	case KB_FLAT_KIND_OPTION:
		if (!pointer_at(r->bytes + to))
			return true;
		return check_one(r, field->type, to, depth);
	case KB_FLAT_KIND_ONE:
		return check_one(r, field->type, to, depth);
	case KB_FLAT_KIND_CHOICE:
		n = number_at(r->bytes + to, field->width);
		return n < field->limit && check_struct(r, &field->type[n], at, depth);
	default:
		return check_list(r, field, at, depth);
	}
}

static bool check_struct(
	struct flat_reader *r, const struct kb_flat_type *type, size_t at, unsigned depth)
{
	const struct kb_flat_field *field = type->fields, *end = field + type->nfields;

	if (depth > DEPTH_MAX)
		return false;
	/* Most fields are of these kinds. A processor guesses a few branches better than
	 * a jump that depends on the kind. */
	for (bool good = true; field < end; field++) {
		if (field->kind <= KB_FLAT_KIND_PLACE)
			continue;
		if (field->kind <= KB_FLAT_KIND_ZERO)
			good = number_at(r->bytes + at + field->at, field->width) <
			       field->limit;
		else if (field->kind == KB_FLAT_KIND_STR)
			good = check_str(r, at + field->at);
		else
			good = check_field(r, field, at, depth);
		if (!good)
			return false;
	}
	return true;
}

static bool check_block(const struct kb_flat_type *type, struct flat_reader *r)
{
	r->at = type->size;
	return r->len >= type->size && check_struct(r, type, 0, 0) && r->at == r->len;
}

bool kb_flat_move(const struct kb_flat_type *type, void *bytes, size_t len, uint64_t from,
	uint64_t to)
{
	struct flat_reader r = {.bytes = bytes,
		.len = len,
		.home = (uintptr_t)from,
		.shift = (uintptr_t)(to - from)};

	return check_block(type, &r);
}

const void *kb_flat_open(const struct kb_flat_type *type, kb_str bytes, uint64_t home,
	struct kb_arena *arena)
{
	struct flat_reader r = {.bytes = (char *)(uintptr_t)bytes.data,
		.len = bytes.len,
		.home = (uintptr_t)home};

	if ((uintptr_t)bytes.data != r.home && bytes.len) {
		r.bytes = kb_arena_copy(arena, bytes.data, bytes.len);
		r.shift = (uintptr_t)r.bytes - r.home;
	}
	return (uintptr_t)r.bytes % ALIGN == 0 && check_block(type, &r) ? r.bytes : NULL;
}

/* Hashing: the values one behind the other, each with its length where that varies. */

static void say_struct(
	kb_buf *out, const struct kb_flat_type *type, const char *from, unsigned depth);

static void say_one(
	kb_buf *out, const struct kb_flat_type *type, const char *from, unsigned depth)
{
	const char *object = (const char *)pointer_at(from);

	kb_buf_putc(out, object ? 1 : 0);
	if (object)
		say_struct(out, type, object, depth + 1);
}

static void say_list(
	kb_buf *out, const struct kb_flat_field *field, const char *from, unsigned depth)
{
	uint64_t n = number_at(from + field->count_at, field->width);
	const char *items = (const char *)pointer_at(from + field->at);
	bool pointers = field->kind == KB_FLAT_KIND_POINTERS;
	size_t size = pointers ? sizeof(void *) : field->type->size;

	kb_buf_add(out, &n, sizeof(n));
	for (; n; n--, items += size) {
		if (pointers)
			say_one(out, field->type, items, depth);
		else
			say_struct(out, field->type, items, depth + 1);
	}
}

static void say_str(kb_buf *out, const char *from)
{
	kb_str s;

	memcpy(&s, from, sizeof(s));
	kb_buf_add(out, &s.len, sizeof(s.len));
	kb_buf_str(out, s);
}

static void say_field(
	kb_buf *out, const struct kb_flat_field *field, const char *from, unsigned depth)
{
	const char *source = from + field->at;
	uint64_t n;

	switch (field->kind) {
	case KB_FLAT_KIND_CHOICE:
		n = number_at(source, field->width);
		kb_buf_add(out, &n, sizeof(n));
		if (n < field->limit)
			say_struct(out, &field->type[n], from, depth);
		break;
	case KB_FLAT_KIND_TEXT:
		say_str(out,
			(const char *)&(kb_str){source, strnlen(source, field->size)});
		break;
	case KB_FLAT_KIND_STR:
		say_str(out, source);
		break;
	case KB_FLAT_KIND_STRUCT:
		say_struct(out, field->type, source, depth);
		break;
	case KB_FLAT_KIND_ONE:
	case KB_FLAT_KIND_OPTION:
		say_one(out, field->type, source, depth);
		break;
	case KB_FLAT_KIND_LIST:
	case KB_FLAT_KIND_POINTERS:
		say_list(out, field, from, depth);
		break;
	case KB_FLAT_KIND_ZERO:
	case KB_FLAT_KIND_PLACE:
		break;
	default:
		kb_buf_add(out, source, field->size);
	}
}

static void say_struct(
	kb_buf *out, const struct kb_flat_type *type, const char *from, unsigned depth)
{
	for (uint32_t i = 0; i < type->nfields && depth <= DEPTH_MAX; i++)
		say_field(out, &type->fields[i], from, depth);
}

uint64_t kb_flat_hash(const struct kb_flat_type *type, const void *object)
{
	_cleanup_buf_ kb_buf all = {0};

	say_struct(&all, type, object, 0);
	return kb_hash64(kb_buf_view(&all));
}

/* The tables that were seen, so that one that holds itself is hashed once. */
struct seen_types {
	KB_VEC(const struct kb_flat_type *);
};

static void hash_type(
	struct seen_types *seen, const struct kb_flat_type *type, kb_buf *out)
{
	kb_buf_fmt(out, "{%u", type->size);
	for (size_t i = 0; i < seen->len; i++)
		if (seen->items[i] == type) {
			kb_buf_fmt(out, "=%zu}", i);
			return;
		}
	kb_vec_push(seen, type);
	for (uint32_t i = 0; i < type->nfields; i++) {
		const struct kb_flat_field *f = &type->fields[i];
		size_t n = f->kind == KB_FLAT_KIND_CHOICE ? f->limit : f->type != NULL;

		kb_buf_fmt(out, " %u,%u,%u,%u,%u,%llu", f->kind, f->width, f->at,
			f->count_at, f->size, (unsigned long long)f->limit);
		for (size_t t = 0; t < n; t++)
			hash_type(seen, &f->type[t], out);
	}
	kb_buf_putc(out, '}');
}

uint64_t kb_flat_layout(const struct kb_flat_type *type)
{
	_cleanup_buf_ kb_buf text = {0};
	struct seen_types seen = {0};

	hash_type(&seen, type, &text);
	kb_buf_fmt(&text, "%zu", sizeof(void *));
	kb_vec_dispose(&seen);
	return kb_hash64(kb_buf_view(&text));
}
