#include "renames.h"

#include <git2/sys/hashsig.h>
#include <stdlib.h>

#include "kb/map.h"
#include "kb/vec.h"

enum {
	SIMILAR = 50,	     /* percent, as in Git */
	SIMILAR_NAMED = 75,  /* of files whose names end alike, as in Git */
	PARTS_MAX = 8,	     /* of paths that are compared */
	PAIRS_MAX = 40000,   /* which are all compared; of more, those that share lines */
	LINE_FILES_MAX = 32, /* a line that more files have says nothing */
	GUESSES = 4,	     /* files that share most lines with one that came */
};

struct renamed_text {
	git_hashsig *signature; /* NULL: not to be compared */
	size_t size;
	bool is_read;
};

struct rename_search {
	struct kb_rename_file *files;
	size_t n;
	kb_rename_read_fn *read;
	void *ctx;
	struct kb_arena *arena;
	struct renamed_text *texts;
};

static bool is_open(const struct rename_search *s, size_t i, bool came)
{
	return !s->files[i].other && s->files[i].came == came;
}

static size_t count_open(const struct rename_search *s, bool came)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_open(s, i, came);
	return n;
}

static void join(struct rename_search *s, size_t gone, size_t came, int percent)
{
	s->files[gone].other = &s->files[came];
	s->files[came].other = &s->files[gone];
	s->files[gone].similarity = s->files[came].similarity = (uint8_t)percent;
}

/* The last PARTS of the path. */
static kb_str name_of(kb_str path, unsigned parts)
{
	size_t at = path.len;

	for (; parts > 0 && at > 0; parts--) {
		at -= at < path.len;
		while (at > 0 && path.data[at - 1] != '/')
			at--;
	}
	return kb_str_sub(path, at, path.len);
}

static unsigned most_parts(const struct rename_search *s)
{
	unsigned most = 1;

	for (size_t i = 0; i < s->n; i++) {
		unsigned parts = 1;

		for (size_t k = 0; k < s->files[i].path.len; k++)
			parts += s->files[i].path.data[k] == '/';
		most = parts > most ? parts : most;
	}
	return most < PARTS_MAX ? most : PARTS_MAX;
}

static kb_str exact_key(struct rename_search *s, size_t i, unsigned parts)
{
	return kb_arena_fmt(s->arena, "%s%.*s", git_oid_tostr_s(&s->files[i].blob),
		KB_ARG(name_of(s->files[i].path, parts)));
}

/* The same bytes, and names of which the last PARTS are the same. */
static void pair_exact(struct rename_search *s, unsigned parts)
{
	_cleanup_free_ size_t *next = kb_xcalloc(s->n, sizeof(*next));
	kb_map first = {0}; /* to index + 1 */

	for (size_t i = s->n; i-- > 0;)
		if (is_open(s, i, false))
			next[i] = (uintptr_t)kb_map_put(&first, exact_key(s, i, parts),
				(void *)(uintptr_t)(i + 1));
	for (size_t i = 0; i < s->n; i++) {
		kb_str key = is_open(s, i, true) ? exact_key(s, i, parts) : KB_STR_NULL;
		size_t gone = (uintptr_t)kb_map_get(&first, key);

		if (!gone)
			continue;
		kb_map_put(&first, key, (void *)(uintptr_t)next[gone - 1]);
		join(s, gone - 1, i, 100);
	}
	kb_map_dispose(&first);
}

static const struct renamed_text *text_of(struct rename_search *s, size_t i)
{
	struct renamed_text *text = &s->texts[i];
	_cleanup_buf_ kb_buf bytes = {0};

	if (text->is_read)
		return text;
	text->is_read = true;
	if (!s->read(s->ctx, &s->files[i], &bytes) || bytes.len == 0)
		return text;
	text->size = bytes.len;
	if (git_hashsig_create(&text->signature, bytes.data, bytes.len,
		    GIT_HASHSIG_SMART_WHITESPACE | GIT_HASHSIG_ALLOW_SMALL_FILES) < 0)
		text->signature = NULL;
	return text;
}

/* Percent; of texts of which one is more than twice as long as the other, none. */
static int similarity(struct rename_search *s, size_t gone, size_t came)
{
	const struct renamed_text *a = text_of(s, gone), *b = text_of(s, came);
	int percent;

	if (!a->signature || !b->signature || a->size > b->size * 2 ||
		b->size > a->size * 2)
		return 0;
	percent = git_hashsig_compare(a->signature, b->signature);
	return percent > 99 ? 99 : percent;
}

/* The only two files whose names have the same last parts, if they are alike. */
struct namesakes {
	size_t gone, came; /* index + 1 */
	bool many;
};

static void pair_named(struct rename_search *s, unsigned parts, int least)
{
	kb_map by_name = {0};

	for (size_t i = 0; i < s->n; i++) {
		kb_str name = name_of(s->files[i].path, parts);
		struct namesakes *same = kb_map_get(&by_name, name);
		size_t *slot;

		if (s->files[i].other)
			continue;
		if (!same) {
			same = kb_arena_new_of(s->arena, struct namesakes);
			kb_map_put(&by_name, name, same);
		}
		slot = s->files[i].came ? &same->came : &same->gone;
		same->many |= *slot > 0;
		*slot = i + 1;
	}
	for (size_t i = 0; i < by_name.len; i++) {
		const struct namesakes *same = by_name.entries[i].value;
		int percent;

		if (same->many || !same->gone || !same->came)
			continue;
		percent = similarity(s, same->gone - 1, same->came - 1);
		if (percent >= least)
			join(s, same->gone - 1, same->came - 1, percent);
	}
	kb_map_dispose(&by_name);
}

struct rename_pair {
	size_t gone, came;
	int percent;
	bool same_name;
};

struct rename_pairs {
	KB_VEC(struct rename_pair);
};

static int pair_cmp(const void *pa, const void *pb)
{
	const struct rename_pair *a = pa, *b = pb;

	if (a->percent != b->percent)
		return b->percent - a->percent;
	if (a->same_name != b->same_name)
		return a->same_name ? -1 : 1;
	if (a->gone != b->gone)
		return a->gone < b->gone ? -1 : 1;
	return a->came < b->came ? -1 : a->came > b->came;
}

static void add_pair(
	struct rename_search *s, struct rename_pairs *pairs, size_t gone, size_t came)
{
	int percent = similarity(s, gone, came);

	if (percent >= SIMILAR)
		kb_vec_push(pairs, ((struct rename_pair){gone, came, percent,
					   kb_str_eq(name_of(s->files[gone].path, 1),
						   name_of(s->files[came].path, 1))}));
}

static void take_pairs(struct rename_search *s, struct rename_pairs *pairs)
{
	if (pairs->len)
		qsort(pairs->items, pairs->len, sizeof(*pairs->items), pair_cmp);
	for (size_t i = 0; i < pairs->len; i++) {
		const struct rename_pair *pair = &pairs->items[i];

		if (is_open(s, pair->gone, false) && is_open(s, pair->came, true))
			join(s, pair->gone, pair->came, pair->percent);
	}
	kb_vec_dispose(pairs);
}

static void pair_alike(struct rename_search *s)
{
	struct rename_pairs pairs = {0};

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; is_open(s, i, false) && k < s->n; k++)
			if (is_open(s, k, true))
				add_pair(s, &pairs, i, k);
	take_pairs(s, &pairs);
}

/* Lines of the files that went, by their hashes. */
struct line {
	uint64_t hash;
	size_t file;
};

struct lines {
	KB_VEC(struct line);
};

static void add_lines(struct rename_search *s, size_t i, struct lines *lines)
{
	_cleanup_buf_ kb_buf bytes = {0};
	kb_str rest, line;

	if (!s->read(s->ctx, &s->files[i], &bytes))
		return;
	rest = kb_buf_view(&bytes);
	while (kb_str_next(&rest, '\n', &line)) {
		line = kb_str_trim(line);
		if (line.len)
			kb_vec_push(lines, ((struct line){kb_str_hash(line), i}));
	}
}

static int line_cmp(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->file < b->file ? -1 : a->file > b->file;
}

/* Where the lines with that hash, or those after it, begin. */
static size_t find_line(const struct lines *lines, uint64_t hash)
{
	size_t low = 0, high = lines->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (lines->items[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Files that went, and how many lines each of them shares with the one that came. */
struct shares {
	uint32_t *counts;
	struct {
		KB_VEC(size_t);
	} files; /* that share any */
};

static void count_shared(struct rename_search *s, size_t came, const struct lines *gone,
	struct shares *shares)
{
	struct lines own = {0};

	add_lines(s, came, &own);
	for (size_t i = 0; i < own.len; i++) {
		size_t from = find_line(gone, own.items[i].hash), to = from;

		while (to < gone->len && gone->items[to].hash == own.items[i].hash &&
			to - from <= LINE_FILES_MAX)
			to++;
		if (to - from > LINE_FILES_MAX)
			continue;
		for (; from < to; from++)
			if (shares->counts[gone->items[from].file]++ == 0)
				kb_vec_push(&shares->files, gone->items[from].file);
	}
	kb_vec_dispose(&own);
}

/* Compares the file with those that share most, and forgets what was counted. */
static void add_guesses(struct rename_search *s, struct rename_pairs *pairs, size_t came,
	struct shares *shares)
{
	for (int g = 0; g < GUESSES && shares->files.len; g++) {
		size_t best = shares->files.items[0];

		for (size_t i = 1; i < shares->files.len; i++)
			if (shares->counts[shares->files.items[i]] > shares->counts[best])
				best = shares->files.items[i];
		if (shares->counts[best])
			add_pair(s, pairs, best, came);
		shares->counts[best] = 0;
	}
	for (size_t i = 0; i < shares->files.len; i++)
		shares->counts[shares->files.items[i]] = 0;
	shares->files.len = 0;
}

static void pair_sharing_lines(struct rename_search *s)
{
	struct shares shares = {.counts = kb_xcalloc(s->n, sizeof(uint32_t))};
	struct lines gone = {0};
	struct rename_pairs pairs = {0};

	for (size_t i = 0; i < s->n; i++)
		if (is_open(s, i, false))
			add_lines(s, i, &gone);
	if (gone.len)
		qsort(gone.items, gone.len, sizeof(*gone.items), line_cmp);
	for (size_t i = 0; i < s->n; i++) {
		if (!is_open(s, i, true))
			continue;
		count_shared(s, i, &gone, &shares);
		add_guesses(s, &pairs, i, &shares);
	}
	free(shares.counts);
	kb_vec_dispose(&shares.files);
	kb_vec_dispose(&gone);
	take_pairs(s, &pairs);
}

static void find(struct rename_search *s)
{
	unsigned most = most_parts(s);
	size_t gone, came;

	for (unsigned parts = most + 1; parts-- > 0;)
		pair_exact(s, parts);
	for (unsigned parts = most; parts > 0; parts--)
		pair_named(s, parts, SIMILAR_NAMED);
	gone = count_open(s, false);
	came = count_open(s, true);
	if (gone * came <= PAIRS_MAX)
		pair_alike(s);
	else
		pair_sharing_lines(s);
}

void kb_renames_find(
	struct kb_rename_file *files, size_t n, kb_rename_read_fn *read, void *ctx)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct rename_search s = {
		.files = files, .n = n, .read = read, .ctx = ctx, .arena = arena};

	if (!count_open(&s, false) || !count_open(&s, true))
		return;
	s.texts = kb_xcalloc(n, sizeof(*s.texts));
	find(&s);
	for (size_t i = 0; i < n; i++)
		git_hashsig_free(s.texts[i].signature);
	free(s.texts);
}
