#include "kept_parts.h"

#include "dictionary.h"

void kept_dispose(struct kept_parts *parts)
{
	kb_vec_dispose(&parts->words);
	kb_vec_dispose(&parts->apart);
	kb_vec_dispose(&parts->endings);
	*parts = (struct kept_parts){0};
}

void kept_print(const struct kept_parts *parts, kb_buf *out)
{
	put_number(out, parts->settings);
	put_number(out, parts->forms);
	put_number(out, parts->words.len);
	for (size_t i = 0; i < parts->words.len; i++) {
		const struct kept_part *part = &parts->words.items[i];

		put_text(out, part->text);
		put_text(out, part->last);
		put_text(out, part->name);
		put_number(out, part->apart);
		put_number(out, part->sign);
		put_number(out, part->forms);
	}
	put_number(out, parts->apart.len);
	for (size_t i = 0; i < parts->apart.len; i++) {
		put_number(out, parts->apart.items[i].sign);
		put_number(out, parts->apart.items[i].n);
		put_text(out, parts->apart.items[i].name);
	}
	for (size_t i = 0; i < parts->endings.len; i++) {
		put_text(out, parts->endings.items[i].first);
		put_text(out, parts->endings.items[i].name);
	}
}

static bool read_part(kb_str *from, struct kept_part *part)
{
	return take_text(from, &part->text) && take_text(from, &part->last) &&
	       take_text(from, &part->name) && take_number(from, &part->apart) &&
	       take_number(from, &part->sign) && take_number(from, &part->forms);
}

static bool read_parts(struct kept_parts *parts, kb_str *from)
{
	uint64_t n, sum = 0;
	bool whole = take_number(from, &n);

	for (; whole && n; n--) {
		struct kept_part part = {0};

		whole = read_part(from, &part);
		sum += part.apart;
		kb_vec_push(&parts->words, part);
	}
	whole = whole && take_number(from, &n) && n == sum;
	for (; whole && n; n--) {
		struct kept_postings it = {0};

		whole = take_number(from, &it.sign) && take_number(from, &it.n) &&
			take_text(from, &it.name);
		kb_vec_push(&parts->apart, it);
	}
	return whole;
}

bool kept_read(struct kept_parts *parts, kb_str from)
{
	bool whole = take_number(&from, &parts->settings) &&
		     take_number(&from, &parts->forms) && read_parts(parts, &from);

	while (whole && from.len) {
		struct kept_ending ending = {0};

		whole = take_text(&from, &ending.first) && take_text(&from, &ending.name);
		kb_vec_push(&parts->endings, ending);
	}
	if (!whole)
		kept_dispose(parts);
	return whole;
}

static kb_str bytes_of(const uint64_t *sign)
{
	return (kb_str){(const char *)sign, sizeof(*sign)};
}

void kept_map(const struct kept_parts *parts, kb_map *map)
{
	for (size_t i = 0; i < parts->apart.len; i++)
		kb_map_put(map, bytes_of(&parts->apart.items[i].sign),
			&parts->apart.items[i]);
}

const struct kept_postings *kept_find(const kb_map *map, uint64_t sign)
{
	return kb_map_get(map, bytes_of(&sign));
}
