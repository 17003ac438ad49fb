/*
 * A block of bytes as a tree of structures.
 *
 * It is refused, or all of the tree can be looked at; and what the tree is written as is
 * of the same length and opens again.
 */
#include "fuzz.h"

#include "kb/flat.h"

struct branch {
	uint8_t kind;
	bool flag;
	uint16_t n;
	char text[4];
	kb_range range;
	kb_strs words;
	struct branch *next;
	union {
		kb_str value;
		struct branch **pointers;
		struct branch *list;
	};
};

static const struct kb_flat_type branch_type;
static const struct kb_flat_field value_fields[] = {
	KB_FLAT_ZERO(struct branch, n), KB_FLAT_STR(struct branch, value)};
static const struct kb_flat_field pointers_fields[] = {
	KB_FLAT_POINTERS(struct branch, pointers, n, &branch_type)};
static const struct kb_flat_field list_fields[] = {
	KB_FLAT_LIST(struct branch, list, n, &branch_type)};
static const struct kb_flat_type kinds[] = {KB_FLAT_TYPE(struct branch, value_fields),
	KB_FLAT_TYPE(struct branch, pointers_fields),
	KB_FLAT_TYPE(struct branch, list_fields)};
static const struct kb_flat_field branch_fields[] = {KB_FLAT_BOOL(struct branch, flag),
	KB_FLAT_TEXT(struct branch, text), KB_FLAT_PLAIN(struct branch, range),
	KB_FLAT_STRS(struct branch, words),
	KB_FLAT_OPTION(struct branch, next, &branch_type),
	KB_FLAT_CHOICE(struct branch, kind, kinds)};
static const struct kb_flat_type branch_type = KB_FLAT_TYPE(struct branch, branch_fields);

/* Adds up all bytes of strings, so that each is read. */
static size_t sum_of(kb_str s)
{
	size_t sum = 0;

	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.data[i];
	must(!s.data || !s.data[s.len], "a string without a NUL");
	return sum;
}

static size_t walk(const struct branch *b)
{
	size_t sum = strlen(b->text);

	must(b->kind < KB_LEN(kinds), "kind %u", b->kind);
	for (size_t i = 0; i < b->words.len; i++)
		sum += sum_of(b->words.items[i]);
	if (b->next)
		sum += walk(b->next);
	if (b->kind == 0)
		return sum + sum_of(b->value);
	for (uint16_t i = 0; i < b->n; i++)
		sum += walk(b->kind == 1 ? b->pointers[i] : &b->list[i]);
	return sum;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct branch *branch = kb_flat_open(&branch_type, input, 0, arena), *again;
	_cleanup_buf_ kb_buf out = {0};

	if (!branch)
		return;
	must(kb_flat_write(&branch_type, branch, &out), "too deep to be written");
	must(out.len == input.len, "%zu bytes became %zu", input.len, out.len);
	again = kb_flat_open(&branch_type, kb_buf_view(&out), 0, arena);
	must(again, "what was written does not open");
	must(walk(branch) == walk(again), "another tree");
}
