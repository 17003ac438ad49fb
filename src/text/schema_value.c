/* What a value is by itself: its types, and whether it equals another. */
#include "schema_private.h"

#include <math.h>

static bool is_whole(double n)
{
	return isfinite(n) && n == floor(n);
}

unsigned kb_sch_natural(const struct kb_node *node)
{
	unsigned types = 0;
	long long whole;
	double number;
	bool truth;

	if (node->kind == KB_NODE_SEQ)
		return SCH_ARRAY;
	if (node->kind == KB_NODE_MAP)
		return SCH_OBJECT;
	if (node->quoted)
		return SCH_STRING;
	if (kb_node_is_null(node))
		return SCH_NULL;
	if (!node->typed)
		types |= SCH_STRING;
	if (kb_node_bool(node, &truth) == 0)
		return types | SCH_BOOLEAN;
	if (kb_node_int(node, &whole) == 0)
		types |= SCH_INTEGER | SCH_NUMBER;
	else if (kb_node_float(node, &number) == 0)
		types |= SCH_NUMBER | (node->typed && is_whole(number) ? SCH_INTEGER : 0);
	return types;
}

static bool number_equal(const struct kb_node *a, const struct kb_node *b)
{
	double x, y;

	return kb_node_float(a, &x) == 0 && kb_node_float(b, &y) == 0 && x == y;
}

static bool scalar_equal(const struct kb_node *a, const struct kb_node *b)
{
	bool x, y;

	if (!a->typed && !b->typed)
		return kb_str_eq(a->value, b->value);
	if (a->typed && b->typed && a->quoted != b->quoted)
		return false;
	/* A string of JSON equals plain text of YAML; a number of JSON, no string in
	 * quotes. */
	if ((a->typed && a->quoted) || (b->typed && b->quoted))
		return kb_str_eq(a->value, b->value) &&
		       !kb_node_is_null(a->quoted ? b : a);
	if (kb_node_bool(a, &x) == 0 || kb_node_bool(b, &y) == 0)
		return kb_node_bool(a, &x) == 0 && kb_node_bool(b, &y) == 0 && x == y;
	return (kb_node_is_null(a) && kb_node_is_null(b)) || number_equal(a, b);
}

bool kb_sch_equal(const struct kb_node *a, const struct kb_node *b)
{
	if (a->kind != b->kind || (a->kind != KB_NODE_SCALAR && a->len != b->len))
		return false;
	if (a->kind == KB_NODE_SCALAR)
		return scalar_equal(a, b);
	for (uint32_t i = 0; i < a->len; i++) {
		const struct kb_node *x, *y;

		if (a->kind == KB_NODE_SEQ) {
			x = a->items[i];
			y = b->items[i];
		} else {
			x = a->pairs[i].value;
			y = kb_node_get_str(b, a->pairs[i].key->value);
		}
		if (!y || !kb_sch_equal(x, y))
			return false;
	}
	return true;
}
