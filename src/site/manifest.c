#include "manifest.h"

#include "kb/hash.h"

#define HEAD "kb-site 1\n"

enum { HEX = 16, PATH_LIMIT = 3500, NAME_LIMIT = 256, LINE_LENGTH = 100 /* about */ };

uint64_t manifest_hash(kb_str data)
{
	uint64_t h = kb_hash64(data);

	return h ? h : 1;
}

void manifest_init(struct manifest *list)
{
	*list = (struct manifest){.arena = kb_arena_new()};
}

void manifest_dispose(struct manifest *list)
{
	kb_map_dispose(&list->by_path);
	kb_map_dispose(&list->by_source);
	kb_buf_dispose(&list->text);
	kb_vec_dispose(&list->files);
	kb_arena_free(list->arena);
}

/* PATH is borrowed. */
static struct manifest_file *add_file(struct manifest *list, kb_str path)
{
	struct manifest_file *file = kb_arena_new_of(list->arena, struct manifest_file);

	file->path = path;
	kb_vec_push(&list->files, file);
	return file;
}

struct manifest_file *manifest_get(struct manifest *list, kb_str path)
{
	struct manifest_file *file = kb_map_get(&list->by_path, path);

	if (file)
		return file;
	file = add_file(list, kb_arena_str(list->arena, path));
	kb_map_put(&list->by_path, file->path, file);
	return file;
}

/* One more than the value of a digit. */
static const uint8_t digits[256] = {['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16};

static bool read_hex(kb_str *line, uint64_t *value)
{
	unsigned any = 0;

	if (line->len < HEX + 1 || line->data[HEX] != ' ')
		return false;
	*value = 0;
	for (int i = 0; i < HEX; i++) {
		unsigned digit = digits[(unsigned char)line->data[i]] - 1u;

		any |= digit;
		*value = *value << 4 | (digit & 15);
	}
	*line = kb_str_sub(*line, HEX + 1, line->len);
	return any < 16;
}

/* Is it below the site's folder, and without control characters? */
static bool is_below(kb_str path)
{
	size_t start = 0;

	if (path.len == 0 || path.len >= PATH_LIMIT)
		return false;
	for (size_t i = 0; i <= path.len; i++) {
		unsigned char c = i < path.len ? (unsigned char)path.data[i] : '/';
		kb_str part = {path.data + start, i - start};

		if (c < ' ' || c == 0x7f)
			return false;
		if (c != '/')
			continue;
		if (part.len == 0 || part.len >= NAME_LIMIT || kb_str_is(part, ".") ||
			kb_str_is(part, ".."))
			return false;
		start = i + 1;
	}
	return true;
}

/* Of two lines about a file the last one counts. PATH is borrowed. */
static struct manifest_file *read_file(struct manifest *list, kb_str path)
{
	struct manifest_file *file = add_file(list, path), *former;

	former = kb_map_put(&list->by_path, path, file);
	if (!former)
		return file;
	list->files.len--;
	kb_map_put(&list->by_path, path, former);
	return former;
}

static bool parse_file(struct manifest *list, kb_str line)
{
	const kb_str whole = {line.data, line.len + 1};
	uint64_t hash, source, sign = 0, size = 0;
	struct manifest_file *file;
	bool signed_line;

	if (!read_hex(&line, &hash) || !read_hex(&line, &source) || line.len < 3)
		return false;
	signed_line = line.data[0] == '=';
	/* Lists of the first versions have no '='. */
	if (signed_line && (line = kb_str_sub(line, 2, line.len),
				   !read_hex(&line, &sign) || !read_hex(&line, &size)))
		return false;
	if (line.len < 3 || line.data[1] != ' ' ||
		!is_below(kb_str_sub(line, 2, line.len)))
		return false;
	file = read_file(list, kb_str_sub(line, 2, line.len));
	file->line = signed_line ? whole : KB_STR("");
	file->former = (struct manifest_state){.hash = hash,
		.source = source,
		.sign = sign,
		.size = size,
		.kind = line.data[0] == '+' ? MANIFEST_HASHED : MANIFEST_PLAIN,
		.there = true};
	return true;
}

static kb_str bytes_of(const uint64_t *hash)
{
	return (kb_str){(const char *)hash, sizeof(*hash)};
}

const struct manifest_file *manifest_former(struct manifest *list, kb_str source)
{
	uint64_t hash = manifest_hash(source);

	/* Backwards: each is put before those that follow it. */
	for (size_t i = list->by_source.len ? 0 : list->files.len; i-- > 0;) {
		struct manifest_file *file = list->files.items[i];

		if (file->former.there)
			file->next = kb_map_put(
				&list->by_source, bytes_of(&file->former.source), file);
	}
	return kb_map_get(&list->by_source, bytes_of(&hash));
}

int manifest_parse(struct manifest *list)
{
	kb_str text = kb_buf_view(&list->text), line;

	if (!kb_str_starts(text, KB_STR(HEAD)))
		return -1;
	text = kb_str_sub(text, sizeof(HEAD) - 1, text.len);
	/* A last line without its end was being written when the run was ended. */
	text.len = kb_str_rchr(text, '\n') == SIZE_MAX ? 0 : kb_str_rchr(text, '\n');
	kb_map_reserve(&list->by_path, text.len / LINE_LENGTH);
	for (bool head = true; kb_str_next(&text, '\n', &line);) {
		if (line.len == 0)
			head = false;
		else if (!head && !parse_file(list, line))
			return -1;
		else if (head && kb_str_is(line, "state complete"))
			list->complete = true;
		else if (head && kb_str_starts(line, KB_STR("audience ")))
			list->audience = kb_str_sub(line, 9, line.len);
	}
	return 0;
}

void manifest_forget(struct manifest *list, bool sources)
{
	for (size_t i = 0; i < list->files.len; i++) {
		struct manifest_file *file = list->files.items[i];

		file->former.hash = 0;
		file->former.sign = 0;
		if (sources)
			file->former.source = 0;
		file->line = KB_STR("");
	}
}

static int by_path(const void *a, const void *b)
{
	struct manifest_file *const *x = a, *const *y = b;

	return kb_str_cmp((*x)->path, (*y)->path);
}

/* The list that was read is sorted, and often little is new: that is sorted, and merged
 * from the end. */
void manifest_sort(struct manifest *list)
{
	struct manifest_file **all = list->files.items, **tail;
	size_t size = sizeof(*all), at = list->files.len, head = at > 0, ntail;

	while (head < at && by_path(&all[head - 1], &all[head]) < 0)
		head++;
	ntail = at - head;
	if (!ntail)
		return;
	tail = kb_xcalloc(ntail, size);
	memcpy(tail, all + head, ntail * size);
	qsort(tail, ntail, size, by_path);
	while (ntail)
		all[--at] = head && by_path(&all[head - 1], &tail[ntail - 1]) > 0
				    ? all[--head]
				    : tail[--ntail];
	free(tail);
}

static void put_hex(kb_buf *out, uint64_t value, const char *end)
{
	char hex[HEX];

	for (int i = HEX; i-- > 0; value >>= 4)
		hex[i] = "0123456789abcdef"[value & 15];
	kb_buf_add(out, hex, HEX);
	kb_buf_puts(out, end);
}

bool manifest_same(const struct manifest_file *file)
{
	const struct manifest_state *now = &file->now, *former = &file->former;

	return now->there == former->there && now->hash == former->hash &&
	       now->source == former->source && now->sign == former->sign &&
	       now->size == former->size && now->kind == former->kind;
}

static void print_file(kb_buf *out, kb_str path, const struct manifest_state *state)
{
	put_hex(out, state->hash, " ");
	put_hex(out, state->source, " = ");
	put_hex(out, state->sign, " ");
	put_hex(out, state->size, state->kind == MANIFEST_HASHED ? " + " : " - ");
	kb_buf_str(out, path);
	kb_buf_putc(out, '\n');
}

void manifest_print(const struct manifest *list, bool complete, kb_buf *out)
{
	kb_buf_reserve(out, list->text.len);
	kb_buf_fmt(out, HEAD "kb %s\naudience %.*s\nstate %s\n\n", KB_VERSION,
		KB_ARG(list->audience), complete ? "complete" : "writing");
	for (size_t i = 0; i < list->files.len; i++) {
		const struct manifest_file *file = list->files.items[i];
		bool former = file->former.there && (!complete || manifest_same(file));
		const struct manifest_state *state = former ? &file->former : &file->now;

		if (former && file->line.len)
			kb_buf_str(out, file->line);
		else if (state->there)
			print_file(out, file->path, state);
	}
}
