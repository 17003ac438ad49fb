/*
 * A store's two files as arbitrary bytes with right heads and checksums: two bytes say
 * how long the first is.
 *
 * All records can be looked for and looked at; each is damaged or in its file.
 */
#include "base/store.c"

#include "fuzz.h"

/* What is not left to chance, so that the rest is read. */
static void complete(struct store_file *part, uint64_t base, kb_str file)
{
	part->head.magic = MAGIC;
	part->head.base = base;
	part->head.size = file.len;
	part->head.sum = head_sum(&part->head);
	if (head_is_right(&part->head, part->head.layout, base, (off_t)file.len))
		part->head.index_sum = kb_hash64(kb_str_sub(file, sizeof(part->head),
			sizeof(part->head) + index_len(part->head.count)));
	part->head.sum = head_sum(&part->head);
}

static void open_part(struct store_file *part, uint64_t base, kb_str file)
{
	FILE *stream = tmpfile();
	int fd = fileno(stream);

	must(kb_write_all(fd, file) == 0, "no room for a file");
	if (pread(fd, &part->head, sizeof(part->head), 0) == sizeof(part->head))
		complete(part, base, file);
	if (head_is_right(&part->head, part->head.layout, base, (off_t)file.len))
		part_map(part, fd);
	else
		part_close(part);
	fclose(stream);
}

static void read_all(const struct kb_store *store)
{
	for (uint32_t n = 0; n < kb_store_count(store); n++) {
		const struct kb_store_entry *entry = kb_store_entry(store, n);
		uint32_t found = kb_store_find(store, entry->key);
		uint64_t home;
		kb_str bytes;

		must(found == KB_STORE_NONE || found < kb_store_count(store),
			"no record %u", found);
		must(found == KB_STORE_NONE ||
				memcmp(&kb_store_entry(store, found)->key, &entry->key,
					sizeof(entry->key)) == 0,
			"record %u is found for the key of %u", found, n);
		if (kb_store_take(store, n, &bytes, &home))
			kb_hash64(bytes);
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct kb_store store = {0};
	uint16_t len = 0;

	(void)arena;
	if (input.len < sizeof(len))
		return;
	memcpy(&len, input.data, sizeof(len));
	input = kb_str_sub(input, sizeof(len), input.len);
	open_part(&store.base, 0, kb_str_sub(input, 0, len));
	if (store.base.map)
		open_part(&store.delta, store.base.head.id,
			kb_str_sub(input, len, input.len));
	read_all(&store);
	part_close(&store.base);
	part_close(&store.delta);
}
