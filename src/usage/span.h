/*
 * What was counted before: periods of logs, and marks by which a log is known again.
 *
 * A span is the run of lines that one log has in one month: its first and last second,
 * how many lines it has, and marks. A mark is the second and a hash of one line, made
 * without the reader's address. Marks are all lines of the first and last minute, and
 * some between, those with the smallest hashes.
 *
 * A new log overlaps a span if it has lines in its period. It is the same log if it has
 * (most of) the marks in the period that both share, otherwise it is another server's.
 * Of the same log, the lines in the span's period were counted before. In its first and
 * last minute, servers write lines out of order, and a log can be cut in the middle of a
 * second; there, exactly the marked lines were counted.
 */
#ifndef USAGE_SPAN_H
#define USAGE_SPAN_H

#include "kb/buf.h"
#include "kb/vec.h"

struct mark {
	uint32_t at; /* seconds since 1970 */
	uint32_t hash;
};

struct span {
	kb_str kind; /* "tickets", or the audience of a log */
	uint32_t from, to;
	/* Up to HEAD and from TAIL on, all lines are marked. */
	uint32_t head, tail;
	uint64_t lines;
	struct mark *marks; /* sorted */
	size_t nmarks;
};

bool span_covers(const struct span *span, struct mark line);

/* A span that is made line by line. {0} is empty. */
struct marks {
	KB_VEC(struct mark);
	uint32_t limit; /* See span.c. */
	bool limited;
};
struct span_builder {
	uint64_t lines;
	uint32_t from, to;
	struct marks head, tail, sample;
};
void span_add(struct span_builder *builder, struct mark line);
/* The span, in ARENA, and the builder is empty again. */
struct span span_take(struct span_builder *builder, kb_str kind, struct kb_arena *arena);
void span_dispose(struct span_builder *builder);
/* OLD, and LINES more of the same log. */
struct span span_join(const struct span *old, const struct span *new, uint64_t lines,
	struct kb_arena *arena);

/* Which marks of spans a new log has. */
struct seen_marks {
	const struct span *items;
	size_t len;
	struct seen_slot {
		struct mark mark;
		uint32_t span; /* + 1; 0: the slot is free */
		bool found;
	} * slots;
	size_t nslots;
	uint64_t *inside; /* by span: lines of the log in its period */
};
void seen_begin(struct seen_marks *seen, const struct span *items, size_t n);
void seen_add(struct seen_marks *seen, struct mark line);
/* Is the log, whose lines are from FROM to TO, the same as that of span I? */
enum seen_result {
	SEEN_APART, /* They share no time. */
	SEEN_OTHER, /* It is another one. */
	SEEN_SAME,
	SEEN_UNSURE, /* The time that they share has no mark. */
	SEEN_MORE,   /* It is that one and more: other lines in between. */
};
enum seen_result seen_ask(
	const struct seen_marks *seen, size_t i, uint32_t from, uint32_t to);
void seen_dispose(struct seen_marks *seen);

/* Spans as rows of a table, and back. */
extern const char span_columns[];
void span_write(const struct span *span, kb_buf *out);
bool span_read(const kb_str *fields, struct kb_arena *arena, struct span *span);

#endif
