#include "manifest.h"

#include <inttypes.h>
#include <stdio.h>

#include "kb/hash.h"

#define HEAD "kb-site 1\n"
#define RECORD "document "

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
	kb_map_dispose(&list->records);
	kb_buf_dispose(&list->text);
	kb_buf_dispose(&list->former_lines);
	kb_buf_dispose(&list->record_lines);
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

static bool read_hex(kb_str *line, uint64_t *value)
{
	if (line->len < HEX + 1 || line->data[HEX] != ' ')
		return false;
	*value = 0;
	for (int i = 0; i < HEX; i++) {
		char c = line->data[i];

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	*line = kb_str_sub(*line, HEX + 1, line->len);
	return true;
}

static bool is_below(kb_str path)
{
	kb_str part;

	if (path.len == 0 || path.len >= PATH_LIMIT)
		return false;
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.data[i] < ' ' || path.data[i] == 0x7f)
			return false;
	while (kb_str_next(&path, '/', &part))
		if (part.len == 0 || part.len >= NAME_LIMIT || kb_str_is(part, ".") ||
			kb_str_is(part, ".."))
			return false;
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
	uint64_t hash, source, sign = 0, size = 0;
	struct manifest_file *file;
	char kind;

	if (!read_hex(&line, &hash) || !read_hex(&line, &source) || line.len < 3)
		return false;
	kind = line.data[0];
	/* Lists of the first versions have no '='. */
	if (kind == '=' && (line = kb_str_sub(line, 2, line.len),
				   !read_hex(&line, &sign) || !read_hex(&line, &size)))
		return false;
	if (line.len < 3 || line.data[1] != ' ' ||
		!is_below(kb_str_sub(line, 2, line.len)))
		return false;
	kind = line.data[0];
	file = read_file(list, kb_str_sub(line, 2, line.len));
	file->former = (struct manifest_state){.hash = hash,
		.source = source,
		.sign = sign,
		.size = size,
		.kind = kind == '+' ? MANIFEST_HASHED : MANIFEST_PLAIN,
		.there = true};
	return true;
}

/* "document", the hash of its path, JSON. */
static void parse_record(struct manifest *list, kb_str line)
{
	kb_str rest = kb_str_sub(line, sizeof(RECORD) - 1, line.len), json = rest;
	uint64_t hash;

	if (!read_hex(&json, &hash))
		return;
	kb_buf_str(&list->former_lines, line);
	kb_buf_putc(&list->former_lines, '\n');
	kb_map_put(&list->records, kb_str_sub(rest, 0, HEX),
		kb_arena_copy(list->arena, &json, sizeof(json)));
}

const kb_str *manifest_record(const struct manifest *list, kb_str source)
{
	char key[HEX + 1];

	snprintf(key, sizeof(key), "%016" PRIx64, manifest_hash(source));
	return kb_map_get(&list->records, kb_str_of(key));
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

void manifest_add_record(struct manifest *list, kb_str source, kb_str json)
{
	kb_buf_fmt(&list->record_lines, RECORD "%016" PRIx64 " ", manifest_hash(source));
	/* Whatever a browser takes the list for, it finds no tag in it. */
	for (size_t i = 0; i < json.len; i++)
		if (json.data[i] == '<')
			kb_buf_puts(&list->record_lines, "\\u003c");
		else
			kb_buf_putc(&list->record_lines, json.data[i]);
	kb_buf_putc(&list->record_lines, '\n');
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
		else if (head && kb_str_starts(line, KB_STR(RECORD)))
			parse_record(list, line);
		else if (head && kb_str_starts(line, KB_STR("audience ")))
			list->audience = kb_str_sub(line, 9, line.len);
	}
	return 0;
}

void manifest_forget(struct manifest *list, bool sources)
{
	if (sources) {
		kb_map_dispose(&list->records);
		kb_buf_clear(&list->former_lines);
	}
	for (size_t i = 0; i < list->files.len; i++) {
		list->files.items[i]->former.hash = 0;
		list->files.items[i]->former.sign = 0;
		if (sources)
			list->files.items[i]->former.source = 0;
	}
}

static int by_path(const void *a, const void *b)
{
	struct manifest_file *const *x = a, *const *y = b;

	return kb_str_cmp((*x)->path, (*y)->path);
}

void manifest_sort(struct manifest *list)
{
	if (list->files.len)
		qsort(list->files.items, list->files.len, sizeof(*list->files.items),
			by_path);
}

static void put_hex(kb_buf *out, uint64_t value, const char *end)
{
	char digits[HEX];

	for (int i = HEX; i-- > 0; value >>= 4)
		digits[i] = "0123456789abcdef"[value & 15];
	kb_buf_add(out, digits, HEX);
	kb_buf_puts(out, end);
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
	kb_buf_fmt(out, HEAD "kb %s\naudience %.*s\nstate %s\n", KB_VERSION,
		KB_ARG(list->audience), complete ? "complete" : "writing");
	kb_buf_str(
		out, kb_buf_view(complete ? &list->record_lines : &list->former_lines));
	kb_buf_putc(out, '\n');
	for (size_t i = 0; i < list->files.len; i++) {
		const struct manifest_file *file = list->files.items[i];
		const struct manifest_state *state =
			!complete && file->former.there ? &file->former : &file->now;

		if (state->there)
			print_file(out, file->path, state);
	}
}
