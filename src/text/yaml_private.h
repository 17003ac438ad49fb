/*
 * What the files of the YAML reader share: yaml.c builds trees from libyaml's
 * events, yaml_check.c sees mistakes that libyaml lets pass, yaml_explain.c says in
 * plain words why a text is not YAML, yaml_front.c finds front matter, yaml_line.c
 * looks at lines as people write them; yaml_open.c reads a text that is to be changed,
 * yaml_edit.c changes it, yaml_steps.c makes sure of it, yaml_scalar.c writes what is
 * put in.
 */
#ifndef KB_YAML_PRIVATE_H
#define KB_YAML_PRIVATE_H

#include "kb/buf.h"
#include "kb/yaml_edit.h"

struct kb_yaml_input {
	kb_str text;   /* without BOM */
	uint32_t base; /* where it begins in its file */
	uint32_t line; /* the number of its first line; 0: not known */
	kb_str path;
	struct kb_diags *diags;
};

/* Why libyaml gave up. */
struct kb_yaml_fault {
	kb_str problem; /* libyaml's words */
	kb_str context;
	size_t at;	   /* byte of the problem */
	size_t context_at; /* byte of what was being read */
	kb_range quote; /* the last quoted scalar that took several lines, in the text */
};

/* A line of YAML: "  - key: value". All are offsets into the text. */
struct kb_yaml_line {
	size_t start, end;   /* without the line's end */
	size_t next;	     /* where the line after it begins, or the text's end */
	size_t indent;	     /* spaces at its start */
	size_t content;	     /* the first byte that is neither space nor tab */
	size_t key, key_end; /* equal: there is none */
	size_t value;	     /* after the key, or after the dashes */
	size_t value_end;    /* without white space at the end */
};

struct kb_node *kb_yaml_build(struct kb_arena *arena, const struct kb_yaml_input *in);

void kb_yaml_explain(const struct kb_yaml_input *in, const struct kb_yaml_fault *fault);
/* The byte AT is not UTF-8, or is the control character VALUE. */
void kb_yaml_explain_bytes(
	const struct kb_yaml_input *in, size_t at, int value, bool control);

/* Says that the value at byte AT begins with a sign of YAML's own. */
void kb_yaml_find_sign(const struct kb_yaml_input *in, size_t at, const char *meaning);
/* Warns of "Ticket #4711", whose value is "Ticket" alone, from START to END. */
void kb_yaml_check_cut(const struct kb_yaml_input *in, size_t start, size_t end);
/*
 * Checks the further lines of a text in quotes: libyaml takes them wherever they
 * begin. NEED: spaces before each. False when a key is among them, so that the quote
 * is not closed.
 */
bool kb_yaml_check_lines(const struct kb_yaml_input *in, kb_range quote, size_t need);

/* The line that holds the byte at OFF. */
struct kb_yaml_line kb_yaml_line_at(kb_str text, size_t off);
/* Reads the line at *at and moves *at to the next one; false at the text's end. */
bool kb_yaml_line_take(kb_str text, size_t *at, struct kb_yaml_line *line);
/* The last one before LINE that is not blank; false when there is none. */
bool kb_yaml_line_before(
	kb_str text, const struct kb_yaml_line *line, struct kb_yaml_line *before);
/* Is it "key:" or "key: value", with a key in lower case as front matter has them? */
bool kb_yaml_line_is_key(kb_str text, const struct kb_yaml_line *line);
bool kb_yaml_line_blank(const struct kb_yaml_line *line);
/* "value" in the quotes that it needs, in the findings' arena. */
kb_str kb_yaml_quote(const struct kb_yaml_input *in, kb_str value);
/* The line with VALUE in quotes in its value's place: title: "Returns: how to". */
kb_str kb_yaml_line_quoted(
	const struct kb_yaml_input *in, const struct kb_yaml_line *line, kb_str value);
/* The fix of a finding: TEXT in the place of bytes [from, to) of the text. */
void kb_yaml_fix(const struct kb_yaml_input *in, struct kb_diag *diag, size_t from,
	size_t to, kb_str text);
/* The same with VALUE in quotes; a guess where VALUE may end in a comment. */
void kb_yaml_fix_quote(const struct kb_yaml_input *in, struct kb_diag *diag, size_t from,
	size_t to, kb_str value);
uint32_t kb_yaml_line_number(const struct kb_yaml_input *in, size_t off);
/* A finding at bytes [from, to) of the text. */
struct kb_diag *kb_yaml_find(const struct kb_yaml_input *in, enum kb_rule rule,
	size_t from, size_t to, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* A scalar in quotes, whether it needs them or not. */
void kb_yaml_put_quoted(kb_buf *out, kb_str value, char quote);

/* One operation: where it puts what, and the tree that should come of it. */
struct kb_yaml_change {
	struct kb_yaml_text *yaml;
	size_t from, to; /* of the file */
	kb_buf text;
	const struct kb_node *target; /* the node of the tree that becomes another */
	struct kb_node *becomes;
};

/* Makes the change, or keeps it where changes are made together. */
int kb_yaml_commit(struct kb_yaml_change *change, struct kb_error *err);
/* KB_E_REFUSED: it cannot be done safely. */
int kb_yaml_refuse(struct kb_error *err);

#endif
