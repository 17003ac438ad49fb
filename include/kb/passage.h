/*
 * Passages: a document's running text, block by block, with its places in the file.
 *
 * Style and privacy rules, the search index and the comparison of versions read
 * passages, because they need words without markup. A passage is one block with text:
 * a paragraph, a heading, a cell of a table, a block of code. Its text has no markup;
 * spans describe it. Runs give the exact place of each part of the text in the file.
 *
 *	struct kb_passages passages;
 *	kb_md_passages(md, arena, &passages);
 *	kb_range place = kb_passage_range(&passages.items[i], from, to);
 */
#ifndef KB_PASSAGE_H
#define KB_PASSAGE_H

#include "kb/markdown.h"

enum kb_passage_kind {
	KB_PASSAGE_PARAGRAPH, /* in a list item, a quote or a footnote, too: see below */
	KB_PASSAGE_HEADING,
	KB_PASSAGE_CELL,
	KB_PASSAGE_CODE,    /* fenced or indented; text as it is */
	KB_PASSAGE_HTML,    /* a block of raw HTML; its text without tags */
	KB_PASSAGE_INCLUDE, /* {{> name}} alone in a paragraph; the text is the name */
	KB_PASSAGE_RULE,    /* a thematic break; no text */
};

enum kb_span_kind {
	KB_SPAN_EMPH,
	KB_SPAN_STRONG,
	KB_SPAN_STRIKE,
	KB_SPAN_CODE,
	KB_SPAN_LINK,	  /* dest */
	KB_SPAN_IMAGE,	  /* dest; the text is the alternative text */
	KB_SPAN_FOOTNOTE, /* a reference; empty; dest: the footnote's label */
	KB_SPAN_VARIABLE, /* {{name}}, which the text has as written; dest: name */
	KB_SPAN_HTML,	  /* a raw tag; empty; dest: the tag as written */
};

struct kb_span { /* bytes of the passage's text, half open; they nest */
	uint8_t kind;
	uint32_t from, to;
	kb_str dest, title; /* unescaped; of a link or image */
};

struct kb_run { /* text[text, text + len) is file[file, file + len), byte for byte */
	uint32_t text, file, len;
};

struct kb_passage {
	uint8_t kind;
	uint8_t level;	   /* a heading's; 0 for all else */
	uint8_t audience;  /* index of the most public one that sees it */
	uint8_t depth;	   /* of lists around it: 0 outside of them */
	bool ordered;	   /* the innermost list counts its items */
	bool opens_item;   /* the first block of its list item */
	bool task, done;   /* of an item that has a box */
	bool quote;	   /* in a quote (of which a call-out is one) */
	bool header;	   /* a cell of the table's first row */
	uint32_t heading;  /* index into facts.headings of the one above; a heading's own;
			      or KB_NONE */
	uint32_t section;  /* index into facts.sections */
	uint32_t block;	   /* number of the top-level block that it is in: all of one
			      table, list or quote have the same */
	uint32_t item;	   /* number of the list item that it is in, in the document, or
			      KB_NONE */
	uint32_t row, col; /* of a cell, from 0 */
	kb_str marker;	   /* of the innermost call-out: "AGENTS"; or empty */
	kb_str info;	   /* of a fenced block: "dot Title"; a footnote's label */
	kb_str text; /* UTF-8; a soft line break is one space (nothing between two CJK
			characters), a hard one '\n' */
	struct kb_span *spans; /* by from, outer ones first */
	struct kb_run *runs;
	uint32_t nspans, nruns;
	kb_range range; /* of the whole block in the file */
};

struct kb_passages {
	struct kb_passage *items; /* in the order of the file; footnotes where they are
				     defined */
	uint32_t len;
};

/* Finds the passages; strings are in ARENA. Numbers of headings and sections are those
 * that kb_md_facts gives for the same text. */
void kb_md_passages(struct kb_md *md, struct kb_arena *arena, struct kb_passages *out);
/* The same, but faster and without runs: a place is that of the whole block. */
void kb_md_texts(struct kb_md *md, struct kb_arena *arena, struct kb_passages *out);
/* The range of a part of the text in the file; it may contain markup. */
kb_range kb_passage_range(const struct kb_passage *passage, uint32_t from, uint32_t to);
/* A one-line string of front matter as a passage (a paragraph): its {{…}} are spans.
 * RANGE: of the value in the file; there are runs only where it is written plainly. */
struct kb_passage kb_passage_of_value(
	struct kb_arena *arena, kb_str value, kb_str file, kb_range range);

#endif
