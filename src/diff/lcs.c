/* Longest common subsequences, in bounded time. */
#include "version.h"

enum { CELLS_MAX = 1 << 20 };

struct lcs {
	const uint64_t *a, *b;
	uint32_t *out;
};

struct lcs_span {
	uint32_t a, a_end, b, b_end;
};

static void by_table(struct lcs *lcs, struct lcs_span s)
{
	size_t n = s.a_end - s.a, m = s.b_end - s.b, w = m + 1;
	_cleanup_free_ uint32_t *len = kb_xcalloc((n + 1) * w, sizeof(*len));
	size_t i = 0, j = 0;

	for (i = n; i-- > 0;)
		for (j = m; j-- > 0;) {
			uint32_t down = len[(i + 1) * w + j], right = len[i * w + j + 1];

			len[i * w + j] = lcs->a[s.a + i] == lcs->b[s.b + j]
						 ? len[(i + 1) * w + j + 1] + 1
					 : down > right ? down
							: right;
		}
	for (i = j = 0; i < n && j < m;) {
		if (lcs->a[s.a + i] == lcs->b[s.b + j]) {
			lcs->out[s.a + i++] = s.b + (uint32_t)j;
			j++;
		} else if (len[(i + 1) * w + j] >= len[i * w + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
}

struct lcs_unit {
	uint64_t hash;
	uint32_t at;
	bool of_b;
};

static int unit_cmp(const void *pa, const void *pb)
{
	const struct lcs_unit *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->of_b != b->of_b ? (int)a->of_b - (int)b->of_b
				  : (a->at > b->at) - (a->at < b->at);
}

/* For items that occur once on each side: the place in B, by the place in A. */
static size_t unique_pairs(const struct lcs *lcs, struct lcs_span s, uint32_t *pair)
{
	uint32_t na = s.a_end - s.a, n = na + s.b_end - s.b;
	_cleanup_free_ struct lcs_unit *units = kb_xcalloc(n + 1, sizeof(*units));
	size_t found = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool of_b = i >= na;
		uint32_t at = of_b ? s.b + i - na : s.a + i;

		units[i] = (struct lcs_unit){of_b ? lcs->b[at] : lcs->a[at], at, of_b};
	}
	qsort(units, n, sizeof(*units), unit_cmp);
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && units[end].hash == units[i].hash;)
			end++;
		if (end - i == 2 && !units[i].of_b && units[i + 1].of_b) {
			pair[units[i].at - s.a] = units[i + 1].at;
			found++;
		}
	}
	return found;
}

/* Leaves of the pairs those of a longest run that rises. */
static void keep_rising(uint32_t *pair, uint32_t n)
{
	_cleanup_free_ uint32_t *tail = kb_xcalloc(n + 1, sizeof(*tail));
	_cleanup_free_ uint32_t *before = kb_xcalloc(n + 1, sizeof(*before));
	uint32_t len = 0, at;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t low = 0, high = len;

		if (pair[i] == KB_NONE)
			continue;
		while (low < high) {
			uint32_t mid = (low + high) / 2;

			if (pair[tail[mid]] < pair[i])
				low = mid + 1;
			else
				high = mid;
		}
		before[i] = low ? tail[low - 1] : KB_NONE;
		tail[low] = i;
		len += low == len;
	}
	at = len ? tail[len - 1] : KB_NONE;
	for (uint32_t i = n; i-- > 0;) {
		if (i == at)
			at = before[i];
		else
			pair[i] = KB_NONE;
	}
}

static void find(struct lcs *lcs, struct lcs_span s, unsigned depth)
{
	uint32_t n, a, b;
	_cleanup_free_ uint32_t *pair = NULL;

	while (s.a < s.a_end && s.b < s.b_end && lcs->a[s.a] == lcs->b[s.b])
		lcs->out[s.a++] = s.b++;
	while (s.a < s.a_end && s.b < s.b_end &&
		lcs->a[s.a_end - 1] == lcs->b[s.b_end - 1])
		lcs->out[--s.a_end] = --s.b_end;
	if (s.a == s.a_end || s.b == s.b_end)
		return;
	if ((uint64_t)(s.a_end - s.a) * (s.b_end - s.b) <= CELLS_MAX) {
		by_table(lcs, s);
		return;
	}
	n = s.a_end - s.a;
	pair = kb_xmalloc(kb_size_mul(n, sizeof(*pair)));
	memset(pair, 0xff, n * sizeof(*pair));
	if (depth == 0 || !unique_pairs(lcs, s, pair))
		return;
	keep_rising(pair, n);
	a = s.a;
	b = s.b;
	for (uint32_t i = 0; i < n; i++) {
		if (pair[i] == KB_NONE)
			continue;
		lcs->out[s.a + i] = pair[i];
		find(lcs, (struct lcs_span){a, s.a + i, b, pair[i]}, depth - 1);
		a = s.a + i + 1;
		b = pair[i] + 1;
	}
	find(lcs, (struct lcs_span){a, s.a_end, b, s.b_end}, depth - 1);
}

void lcs_find(
	const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb, uint32_t *out_a)
{
	struct lcs lcs = {a, b, out_a};

	for (uint32_t i = 0; i < na; i++)
		out_a[i] = KB_NONE;
	find(&lcs, (struct lcs_span){0, na, 0, nb}, 8);
}
