/* metric: arithmetic on what is counted in a document. */
#include "style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEPTH_MAX = 50 };

enum operation {
	OP_NUMBER,
	OP_COUNT,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_NEGATE,
	OP_SQRT,
};

struct term {
	enum operation op;
	double number;
	size_t count; /* index into names */
	struct term *left, *right;
};

struct style_formula {
	struct term *root;
	kb_str comparison; /* ">" and so on */
	double bound;
};

static const char *const names[] = {"words", "sentences", "paragraphs", "characters",
	"syllables", "complex_words", "long_words", "polysyllabic_words", "list",
	"blockquote", "pre", "heading_h1", "heading_h2", "heading_h3", "heading_h4",
	"heading_h5", "heading_h6"};

static double count_of(const struct style_text *text, size_t index)
{
	const size_t values[] = {text->counts.words, text->counts.sentences,
		text->counts.paragraphs, text->counts.characters, text->counts.syllables,
		text->counts.complex_words, text->counts.long_words,
		text->counts.polysyllabic_words, text->counts.lists,
		text->counts.blockquotes, text->counts.pre, text->counts.headings[1],
		text->counts.headings[2], text->counts.headings[3],
		text->counts.headings[4], text->counts.headings[5],
		text->counts.headings[6]};

	return (double)values[index];
}

struct formula_parser {
	struct kb_arena *arena;
	kb_str s;
	size_t at;
	unsigned depth;
	struct kb_error *err;
};

static char peek(struct formula_parser *p)
{
	while (p->at < p->s.len && strchr(" \t\r\n", p->s.data[p->at]))
		p->at++;
	return p->at < p->s.len ? p->s.data[p->at] : '\0';
}

static struct term *make(struct formula_parser *p, enum operation op, struct term *left,
	struct term *right)
{
	struct term *term = kb_arena_new_of(p->arena, struct term);

	*term = (struct term){.op = op, .left = left, .right = right};
	return term;
}

static struct term *sum(struct formula_parser *p);

static struct term *wrong(struct formula_parser *p, const char *message)
{
	kb_error_set(p->err, KB_E_USAGE, "%s, at character %zu of the formula", message,
		p->at + 1);
	return NULL;
}

static struct term *number(struct formula_parser *p)
{
	char digits[64];
	kb_str rest = kb_str_sub(p->s, p->at, p->at + sizeof(digits) - 1);
	struct term *term = make(p, OP_NUMBER, NULL, NULL);
	char *end;

	memcpy(digits, rest.data, rest.len);
	digits[rest.len] = '\0';
	term->number = strtod(digits, &end);
	p->at += (size_t)(end - digits);
	return term;
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static struct term *name(struct formula_parser *p)
{
	size_t from = p->at;

	while (p->at < p->s.len && in_name(p->s.data[p->at]))
		p->at++;
	kb_str word = kb_str_sub(p->s, from, p->at);
	if (kb_str_is(word, "math.sqrt") && peek(p) == '(') {
		p->at++;
		struct term *inner = sum(p);
		if (!inner || peek(p) != ')')
			return inner ? wrong(p, "a ')' is missing") : NULL;
		p->at++;
		return make(p, OP_SQRT, inner, NULL);
	}
	kb_str key = word;
	if (kb_str_starts(word, KB_STR("heading.")))
		key = kb_arena_fmt(p->arena, "heading_%.*s",
			KB_ARG(kb_str_sub(word, strlen("heading."), word.len)));
	for (size_t i = 0; i < KB_LEN(names); i++) {
		if (!kb_str_is(key, names[i]))
			continue;
		struct term *term = make(p, OP_COUNT, NULL, NULL);
		term->count = i;
		return term;
	}
	kb_error_set(p->err, KB_E_USAGE, "'%.*s' is not something that kb counts",
		KB_ARG(word));
	return NULL;
}

static struct term *factor(struct formula_parser *p)
{
	char c = peek(p);
	struct term *inner;

	if (p->depth >= DEPTH_MAX)
		return wrong(p, "it is nested too deeply");
	if (c == '-') {
		p->at++;
		p->depth++;
		inner = factor(p);
		p->depth--;
		return inner ? make(p, OP_NEGATE, inner, NULL) : NULL;
	}
	if (c == '(') {
		p->at++;
		p->depth++;
		inner = sum(p);
		p->depth--;
		if (!inner || peek(p) != ')')
			return inner ? wrong(p, "a ')' is missing") : NULL;
		p->at++;
		return inner;
	}
	if ((c >= '0' && c <= '9') || c == '.')
		return number(p);
	return in_name(c) ? name(p) : wrong(p, "a number or a name is missing");
}

static struct term *product(struct formula_parser *p)
{
	struct term *left = factor(p), *right;

	while (left && (peek(p) == '*' || peek(p) == '/')) {
		char c = p->s.data[p->at++];

		right = factor(p);
		left = right ? make(p, c == '*' ? OP_MULTIPLY : OP_DIVIDE, left, right)
			     : NULL;
	}
	return left;
}

static struct term *sum(struct formula_parser *p)
{
	struct term *left = product(p), *right;

	while (left && (peek(p) == '+' || peek(p) == '-')) {
		char c = p->s.data[p->at++];

		right = product(p);
		left = right ? make(p, c == '+' ? OP_ADD : OP_SUBTRACT, left, right)
			     : NULL;
	}
	return left;
}

static int parse_condition(
	struct style_formula *formula, kb_str condition, struct kb_error *err)
{
	char digits[64], *end;
	size_t n = 0;

	condition = kb_str_trim(condition);
	while (n < condition.len && strchr("<>=!", condition.data[n]))
		n++;
	formula->comparison = kb_str_sub(condition, 0, n);
	kb_str rest = kb_str_trim(kb_str_sub(condition, n, condition.len));
	bool known = kb_str_is(formula->comparison, ">") ||
		     kb_str_is(formula->comparison, "<") ||
		     kb_str_is(formula->comparison, ">=") ||
		     kb_str_is(formula->comparison, "<=") ||
		     kb_str_is(formula->comparison, "==") ||
		     kb_str_is(formula->comparison, "!=");
	if (rest.len >= sizeof(digits))
		rest.len = sizeof(digits) - 1;
	memcpy(digits, rest.len ? rest.data : "", rest.len);
	digits[rest.len] = '\0';
	formula->bound = strtod(digits, &end);
	return known && rest.len && !*end
		       ? 0
		       : kb_error_set(err, KB_E_USAGE,
				 "the condition must be a comparison with a number, "
				 "such as '> 8', not '%.*s'",
				 KB_ARG(condition));
}

struct style_formula *style_formula_parse(
	struct kb_arena *arena, kb_str formula, kb_str condition, struct kb_error *err)
{
	struct style_formula *out = kb_arena_new_of(arena, struct style_formula);
	struct formula_parser p = {.arena = arena, .s = formula, .err = err};

	out->root = sum(&p);
	if (out->root && peek(&p))
		out->root = wrong(&p, "unexpected text in the formula");
	return out->root && parse_condition(out, condition, err) == 0 ? out : NULL;
}

static double value(const struct term *t, const struct style_text *text)
{
	switch (t->op) {
	case OP_NUMBER:
		return t->number;
	case OP_COUNT:
		return count_of(text, t->count);
	case OP_ADD:
		return value(t->left, text) + value(t->right, text);
	case OP_SUBTRACT:
		return value(t->left, text) - value(t->right, text);
	case OP_MULTIPLY:
		return value(t->left, text) * value(t->right, text);
	case OP_DIVIDE:
		return value(t->left, text) / value(t->right, text);
	case OP_NEGATE:
		return -value(t->left, text);
	default:
		return sqrt(value(t->left, text));
	}
}

static bool holds(const struct style_formula *formula, double n)
{
	char first = formula->comparison.data[0];
	bool equal = n == formula->bound;
	bool or_equal = formula->comparison.len > 1;

	if (first == '>')
		return n > formula->bound || (or_equal && equal);
	if (first == '<')
		return n < formula->bound || (or_equal && equal);
	return first == '=' ? equal : !equal;
}

void style_count(struct style_run *run)
{
	const struct style_formula *formula = run->rule->formula;
	double n = value(formula->root, run->text);
	char digits[32];

	/* Without words or sentences there is nothing to be divided by. */
	if (!isfinite(n) || !holds(formula, n) || !run->text->len)
		return;
	snprintf(digits, sizeof(digits), "%.2f", n);
	style_add(run, NULL, kb_facts_range(run->doc->facts, "title"), kb_str_of(digits),
		kb_str_of(digits));
}
