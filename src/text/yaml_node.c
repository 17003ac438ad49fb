#include "kb/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const struct kb_pair *kb_node_pair(const struct kb_node *node, const char *key)
{
	kb_str name = kb_str_of(key);

	if (!node || node->kind != KB_NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < node->len; i++)
		if (kb_str_eq(node->pairs[i].key->value, name))
			return &node->pairs[i];
	return NULL;
}

struct kb_node *kb_node_get_str(const struct kb_node *node, kb_str key)
{
	if (!node || node->kind != KB_NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < node->len; i++)
		if (kb_str_eq(node->pairs[i].key->value, key))
			return node->pairs[i].value;
	return NULL;
}

struct kb_node *kb_node_get(const struct kb_node *node, const char *key)
{
	return kb_node_get_str(node, kb_str_of(key));
}

kb_str kb_node_str(const struct kb_node *node)
{
	return node && node->kind == KB_NODE_SCALAR ? node->value : KB_STR_NULL;
}

static bool is_word(const struct kb_node *node, const char *const words[3])
{
	for (int i = 0; i < 3; i++)
		if (kb_str_is(node->value, words[i]))
			return true;
	return false;
}

static bool is_plain(const struct kb_node *node)
{
	return node && node->kind == KB_NODE_SCALAR && !node->quoted;
}

bool kb_node_is_null(const struct kb_node *node)
{
	static const char *const words[3] = {"null", "Null", "NULL"};

	return is_plain(node) && (node->value.len == 0 || kb_str_is(node->value, "~") ||
					 is_word(node, words));
}

int kb_node_bool(const struct kb_node *node, bool *out)
{
	static const char *const yes[3] = {"true", "True", "TRUE"};
	static const char *const no[3] = {"false", "False", "FALSE"};

	if (!is_plain(node))
		return -1;
	if (is_word(node, yes))
		*out = true;
	else if (is_word(node, no))
		*out = false;
	else
		return -1;
	return 0;
}

static size_t skip_digits(kb_str s, size_t at)
{
	while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
		at++;
	return at;
}

static size_t skip_sign(kb_str s)
{
	return s.len > 0 && (s.data[0] == '-' || s.data[0] == '+');
}

/* Nobody means a number longer than this. */
#define NUMBER_MAX 400

static const char *number_copy(kb_str s, char out[NUMBER_MAX])
{
	if (s.len >= NUMBER_MAX)
		return NULL;
	memcpy(out, s.data, s.len);
	out[s.len] = '\0';
	return out;
}

int kb_node_int(const struct kb_node *node, long long *out)
{
	char copy[NUMBER_MAX];
	const char *start;
	char *end;
	int radix = 10;
	long long n;
	size_t sign;

	if (!is_plain(node) || node->value.len == 0 || !number_copy(node->value, copy))
		return -1;
	sign = skip_sign(node->value);
	start = copy;
	if (copy[0] == '0' && (copy[1] == 'x' || copy[1] == 'o')) {
		radix = copy[1] == 'x' ? 16 : 8;
		start += 2;
		if (!*start || start[strspn(start, "0123456789abcdefABCDEF")])
			return -1;
	} else if (sign == node->value.len ||
		   skip_digits(node->value, sign) != node->value.len) {
		return -1;
	}
	errno = 0;
	n = strtoll(start, &end, radix);
	if (errno || *end)
		return -1;
	*out = n;
	return 0;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(kb_str s)
{
	size_t at = skip_sign(s), digits = skip_digits(s, at), mark;
	bool whole = digits > at;

	at = digits;
	if (at < s.len && s.data[at] == '.') {
		digits = skip_digits(s, at + 1);
		if (!whole && digits == at + 1)
			return false;
		at = digits;
	} else if (!whole) {
		return false;
	}
	if (at < s.len && (s.data[at] == 'e' || s.data[at] == 'E')) {
		mark = at + 1;
		if (mark < s.len && (s.data[mark] == '-' || s.data[mark] == '+'))
			mark++;
		at = skip_digits(s, mark);
		if (at == mark)
			return false;
	}
	return at == s.len;
}

int kb_node_float(const struct kb_node *node, double *out)
{
	static const char *const inf[3] = {".inf", ".Inf", ".INF"};
	static const char *const nan[3] = {".nan", ".NaN", ".NAN"};
	char copy[NUMBER_MAX];
	long long n;

	if (!is_plain(node))
		return -1;
	if (kb_node_int(node, &n) == 0) {
		*out = (double)n;
		return 0;
	}
	if (is_word(node, nan)) {
		*out = NAN;
		return 0;
	}
	if (is_float(node->value) && number_copy(node->value, copy)) {
		*out = strtod(copy, NULL);
		return 0;
	}
	if (node->value.len > 0) {
		size_t sign = skip_sign(node->value);
		struct kb_node word = {.value = kb_str_sub(node->value, sign, SIZE_MAX)};

		if (is_word(&word, inf)) {
			*out = node->value.data[0] == '-' ? -INFINITY : INFINITY;
			return 0;
		}
	}
	return -1;
}

kb_strs kb_node_strs(struct kb_arena *arena, const struct kb_node *node)
{
	uint32_t n = !node ? 0 : node->kind == KB_NODE_SEQ ? node->len : 1;
	kb_strs list = {0};

	if (!n || node->kind == KB_NODE_MAP || kb_node_is_null(node))
		return list;
	list.items = kb_arena_array(arena, kb_str, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct kb_node *item =
			node->kind == KB_NODE_SEQ ? node->items[i] : node;

		if (item->kind == KB_NODE_SCALAR)
			list.items[list.len++] = item->value;
	}
	list.cap = list.len;
	return list;
}

uint32_t kb_node_u32(const struct kb_node *node, uint32_t fallback)
{
	long long n;

	if (!node || kb_node_int(node, &n) < 0 || n < 0 || n > UINT32_MAX)
		return fallback;
	return (uint32_t)n;
}
