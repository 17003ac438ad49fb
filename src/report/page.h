/* A page's blocks, and the writers of formats. */
#ifndef KB_REPORT_PAGE_H
#define KB_REPORT_PAGE_H

#include "kb/report.h"

enum kb_page_kind {
	KB_PAGE_HEADING,
	KB_PAGE_PARAGRAPH,
	KB_PAGE_ITEM,
	KB_PAGE_TERM,
	KB_PAGE_CODE,
	KB_PAGE_TABLE,
	KB_PAGE_ROW,
	KB_PAGE_MARKUP,
	KB_PAGE_PART,
	KB_PAGE_PART_END,
};

struct kb_page_run {
	enum kb_role role;
	kb_str text;
};

struct kb_page_column {
	kb_str name;
	bool number, wide;
};

struct kb_page_block {
	enum kb_page_kind kind;
	enum kb_role change;
	unsigned level; /* A heading's; of all else, how deep it is. */
	kb_str mark;	/* Of an item or code; a term. */
	kb_str lang;	/* Empty: that of the part or the page. */
	bool rtl;
	kb_str markup, names; /* Columns as they were given. */
	struct kb_page_column *columns;
	size_t ncolumns;
	struct {
		KB_VEC(struct kb_page_run);
	} runs;
	struct {
		KB_VEC(size_t);
	} cells; /* The first run of each. */
};

struct kb_report_rows {
	const struct kb_value *list;
	kb_str names;
	struct kb_page_column *columns;
	size_t ncolumns;
};

/* The runs of a cell. */
struct kb_page_runs {
	const struct kb_page_run *items;
	size_t len;
};

struct kb_page_runs kb_page_cell(const struct kb_page_block *block, size_t cell);
struct kb_page_runs kb_page_block_runs(const struct kb_page_block *block);
/* A cell's text in one string, without roles. */
kb_str kb_page_cell_text(
	const struct kb_page_block *block, struct kb_arena *arena, size_t cell);
/* How many columns of a table are wide. */
size_t kb_page_count_wide(const struct kb_page_block *block);
/* Is it a table without a row? Only CSV writes its columns. */
bool kb_page_is_empty(const struct kb_page_block *block);
/* Has a heading or part begun just before the block at INDEX? Are it and the one before
 * lines of one list? */
bool kb_page_opens(const struct kb_report *report, size_t index);
bool kb_page_continues(const struct kb_report *report, size_t index);

/* One for each format. */
struct kb_text_out {
	const struct kb_report_style *style;
	struct kb_arena *arena;
	kb_buf *out;
	size_t terms; /* The column where terms are explained. */
};
void kb_write_text(
	const struct kb_report *report, const struct kb_report_style *style, kb_buf *out);
void kb_write_text_table(
	const struct kb_text_out *text, const struct kb_page_block *table);
void kb_write_markdown(const struct kb_report *report, kb_buf *out);
void kb_write_html(const struct kb_report *report, kb_buf *out);
void kb_write_csv(const struct kb_report *report, kb_buf *out);
void kb_write_mdoc(const struct kb_report *report, kb_buf *out);

#endif
