/*
 * The tables of one month: read from usage/, added to, and written again. Rows are sorted
 * by their words, so the same counts always make the same files.
 */
#ifndef USAGE_MONTH_H
#define USAGE_MONTH_H

#include "kb/stats.h"
#include "span.h"

/* Beside the tables that others read: searches that few made, by a hash of their words,
 * so that they are known once there are enough of them. */
enum { TABLE_RARE = KB_USAGE_TABLES, TABLES };

enum { ROW_WORDS = 4, ROW_NUMBERS = 4 };
/* The most that a number in a table can be. */
#define COUNT_MAX UINT64_C(999999999999999999)

struct row {
	kb_str words[ROW_WORDS];
	uint64_t numbers[ROW_NUMBERS];
};

struct month {
	char name[8];	       /* "2026-10" */
	unsigned number;       /* as in struct kb_usage_month */
	time_t from, to;       /* in the time zone of kb.yaml; TO is the next month's */
	kb_map tables[TABLES]; /* to struct row *, by their words */
	struct {
		KB_VEC(struct span);
	} spans;
	kb_str texts[TABLES + 1]; /* of the files as they are; the last is the spans' */
	bool there[TABLES + 1];
	bool changed[TABLES + 1];
};

/* Reads the tables; fails when one is not right. */
int month_read(struct month *month, const struct kb_library *lib,
	struct kb_reader *reader, struct kb_arena *arena, struct kb_error *err);
/* Adds numbers to a row of the table. */
void row_add(struct row *row, unsigned table, const uint64_t *numbers);
/* Adds to the row with these words; numbers are those of the table's columns. */
void month_add(struct month *month, unsigned table, const kb_str *words,
	const uint64_t *numbers, struct kb_arena *arena);
/* The same for a search, which may have been rare until now. */
void month_add_search(struct month *month, const kb_str *words, const uint64_t *numbers,
	struct kb_arena *arena);
/* Forgets what was counted for an audience, because a database counts all of it. */
void month_clear(struct month *month, kb_str audience);
/* Adds what its files become to the rewrites. */
void month_write(struct month *month, struct kb_import *import);
/* WORD without spaces at its ends and what makes it a formula in a spreadsheet. */
kb_str plain_word(kb_str word);
void month_dispose(struct month *month);

#endif
