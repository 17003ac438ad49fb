/*
 * Differences between two versions of a document, in the content's own terms.
 *
 * kb compares two parsed documents, not two texts: front matter by key, and the body
 * as a list of blocks (paragraphs, headings, list items, rows of tables, code).
 * Reflowed lines, other marks for the same emphasis, other bullets, the order of keys,
 * and line ends do not count. Snippets and variables are compared as they are
 * written, before they are filled in.
 *
 *	struct kb_version *a = kb_version_read(arena, config, mount, locale, path, old);
 *	struct kb_version *b = kb_version_read(arena, config, mount, locale, path, new);
 *	struct kb_diff *diff = kb_diff_versions(arena, a, b);
 *	if (diff->weight == KB_WEIGHT_SIGNIFICANT)
 *		puts(kb_diff_summary(arena, diff).data);
 *
 * A difference is described twice. Operations say exactly how the old blocks become
 * the new ones (kb_diff_apply does it). Changes say what that means, each with its
 * weight and the reason for it: a step's answer that leads elsewhere, an amount that
 * changed, a section that moved. Time is bounded: very long documents that have little
 * in common are compared more coarsely.
 *
 * Everything is in the arena given. Versions may be in other arenas, which must live
 * as long.
 */
#ifndef KB_DIFF_H
#define KB_DIFF_H

#include "kb/document.h"
#include "kb/passage.h"

struct kb_history;
struct kb_library;
struct kb_path_changes;

enum kb_block_kind {
	KB_BLOCK_PARAGRAPH, /* in a list item, a quote or a footnote, too */
	KB_BLOCK_HEADING,
	KB_BLOCK_ROW, /* of a table: a part a cell */
	KB_BLOCK_CODE,
	KB_BLOCK_HTML,
	KB_BLOCK_INCLUDE,
	KB_BLOCK_RULE,
};

struct kb_block_part {
	kb_str text;
	struct kb_span *spans;
	uint32_t nspans;
};

struct kb_block {
	uint8_t kind, level, depth, audience;
	bool ordered, opens_item, task, done, quote, header;
	kb_str marker; /* of the innermost call-out */
	kb_str info;   /* of code; a footnote's label; a heading's explicit id */
	struct kb_block_part *parts;
	uint32_t nparts;  /* 1 but for rows */
	uint32_t above;	  /* the block of the heading above it, or KB_NONE; of
			     a heading, the one of a lower level */
	uint32_t heading; /* of a heading: index into facts.headings; else KB_NONE */
	uint32_t size;	  /* bytes of text */
	uint64_t text_hash, full_hash; /* of the words; of everything but `above` */
	kb_range range;
};

struct kb_version {
	struct kb_document *doc; /* front, meta, facts, workflow */
	const struct kb_config *config;
	kb_str text; /* the file, in the arena */
	struct kb_block *blocks;
	uint32_t nblocks;
	uint32_t *lines; /* where each line begins, in the file */
	uint32_t nlines;
};

/* TEXT is copied. A file that cannot be read as a document is compared as far as it can
 * be; doc->broken says so. */
struct kb_version *kb_version_read(struct kb_arena *arena, const struct kb_config *config,
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text);
/* Has it a block of front matter, whether that can be read or not? */
bool kb_version_has_front(const struct kb_version *version);

enum kb_weight {
	KB_WEIGHT_NONE,
	KB_WEIGHT_TRIVIAL,     /* spelling, typography, formatting, order of lists */
	KB_WEIGHT_MINOR,       /* words, but no fact that kb recognizes */
	KB_WEIGHT_SIGNIFICANT, /* steps, answers, numbers, dates, status, readers, ... */
};
const char *kb_weight_name(enum kb_weight weight); /* "trivial" */

enum kb_op_kind { KB_OP_KEEP, KB_OP_INSERT, KB_OP_DELETE, KB_OP_REPLACE, KB_OP_MOVE };
/* OLD is the block in the old version, NEW in the new one; each can be KB_NONE. A
 * moved block may be another one as well: `same` is false. In the order of the new
 * version, what is deleted where it stood. */
struct kb_op {
	uint8_t kind;
	bool same; /* KEEP always; MOVE when nothing else changed */
	uint32_t old_block, new_block;
};
const char *kb_op_name(enum kb_op_kind kind);

/* Words that stay, go and come. */
struct kb_word_run {
	uint8_t op; /* KB_OP_KEEP, KB_OP_DELETE, KB_OP_INSERT */
	kb_str text;
};

enum kb_element {
	KB_ELEMENT_KEY,	    /* of front matter; name: "placeholders.order.example" */
	KB_ELEMENT_SECTION, /* a heading and the text below it */
	KB_ELEMENT_STEP,    /* the same in a workflow */
	KB_ELEMENT_HEADING, /* alone */
	KB_ELEMENT_PARAGRAPH,
	KB_ELEMENT_ITEM,
	KB_ELEMENT_ANSWER, /* of a workflow's step */
	KB_ELEMENT_ROW,
	KB_ELEMENT_CELL, /* name: its row's first cell and its column's head */
	KB_ELEMENT_COLUMN,
	KB_ELEMENT_CODE,
	KB_ELEMENT_DIAGRAM,
	KB_ELEMENT_HTML,
	KB_ELEMENT_INCLUDE,
	KB_ELEMENT_RULE,
	KB_ELEMENT_LINK, /* a destination; before, after */
	KB_ELEMENT_IMAGE,
	KB_ELEMENT_PLACEHOLDER, /* of a reply; name */
	KB_ELEMENT_CALLOUT,	/* a block's readers or marker; before, after */
	KB_ELEMENT_VARIABLE,	/* of kb.yaml; name */
	KB_ELEMENTS
};
const char *kb_element_name(enum kb_element element);

enum kb_change_action {
	KB_CHANGE_ADDED,
	KB_CHANGE_REMOVED,
	KB_CHANGE_CHANGED,
	KB_CHANGE_MOVED,
	KB_CHANGE_RENAMED,
	KB_CHANGE_FORMATTED, /* the words are the same */
};
const char *kb_change_action_name(enum kb_change_action action);

struct kb_doc_change {
	uint8_t element, action, weight;
	kb_str reason; /* for the weight, a phrase: "a number changed" */
	kb_str name; /* of a key, heading, answer, placeholder; a column's head; or empty
		      */
	kb_str section; /* the heading that it is below, in the new version if there; or
			   empty */
	kb_str before, after; /* one line each, or the whole text if it has words */
	uint32_t old_block, new_block; /* or KB_NONE */
	uint32_t count;		       /* of blocks that it stands for; 0 of a key */
	uint32_t old_line, new_line;   /* from 1; 0: none */
	const struct kb_word_run *words;
	uint32_t nwords;
	bool broken; /* of a link: it worked before, and is broken now */
};

struct kb_diff {
	const struct kb_version *from, *to;
	struct kb_op *ops;
	uint32_t nops;
	struct kb_doc_change *changes; /* keys, then in the order of the text */
	uint32_t nchanges;
	enum kb_weight weight; /* the greatest; NONE: no difference */
	uint32_t paragraphs;   /* blocks that came, went or have other words; what is
				  trivial is not counted */
};

/*
 * What links lead to. Without it they are the same when they name the same path; with it,
 * when they lead to the same part of the same document or file, however they are written,
 * although it moved.
 */
struct kb_diff_links {
	const struct kb_library *to;
	/* The former library, and what moved since. */
	const struct kb_library *from;
	const struct kb_path_changes *changes;
	/* Where that library is not known (NULL), the history tells what moved. */
	const struct kb_history *history;
};

/* Either may be NULL: the document was not there, or is no more. LINKS may be NULL. */
struct kb_diff *kb_diff_versions(struct kb_arena *arena, const struct kb_version *from,
	const struct kb_version *to, const struct kb_diff_links *links);
/* The new version's blocks, made of the old ones by the operations; NULL when they do not
 * fit together, or what stays and what goes is not in the old order (which would be a
 * fault of kb). */
struct kb_block *kb_diff_apply(
	struct kb_arena *arena, const struct kb_diff *diff, uint32_t *n);

/* By column of a table's new head row: the column that it was, or KB_NONE. */
uint32_t *kb_diff_columns(struct kb_arena *arena, const struct kb_block *before,
	const struct kb_block *after);

/* What changed in a line, most important first: "status draft → published, 2 answers
 * changed, 14 days → 5 days". Empty: nothing. */
kb_str kb_diff_summary(struct kb_arena *arena, const struct kb_diff *diff);
/* A change as a phrase: "answer 'No scan' leads elsewhere". */
kb_str kb_doc_change_phrase(struct kb_arena *arena, const struct kb_doc_change *change);

/* The texts of one line or paragraph, word by word. */
struct kb_word_run *kb_diff_words(
	struct kb_arena *arena, kb_str before, kb_str after, uint32_t *n);
/* What the change from one text to the other weighs, and why. */
enum kb_weight kb_diff_text_weight(
	struct kb_arena *arena, kb_str before, kb_str after, kb_str *reason);

#endif
