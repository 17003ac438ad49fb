#include "index.h"

enum { BROKEN = 1 };

static void put_list(kb_buf *out, const kb_strs *list)
{
	put_number(out, list->len);
	for (size_t i = 0; i < list->len; i++)
		put_text(out, list->items[i]);
}

void kb_record_write(kb_buf *out, const struct record *record)
{
	const struct kb_document *doc = record->doc;
	put_text(out, doc->path);
	put_text(out, kb_str_of(doc->facts->blob));
	put_number(out, record->stamp);
	put_number(out, doc->facts->broken ? BROKEN : 0);
	put_number(out, doc->locale);
	put_number(out, doc->facts->type);
	put_number(out, doc->facts->status);
	put_number(out, doc->facts->audience);
	put_number(out, (uint64_t)doc->facts->publish_at);
	put_number(out, (uint64_t)doc->facts->expires_at);
	put_number(out, doc->facts->body_offset);
	put_text(out, doc->id);
	put_text(out, doc->facts->title);
	put_text(out, doc->facts->question);
	put_text(out, doc->facts->summary);
	put_text(out, doc->facts->variant_of);
	put_list(out, &doc->facts->issues);
	put_list(out, &doc->facts->regions);
	put_list(out, &doc->facts->keywords);
	put_list(out, &doc->facts->tags);
	for (int f = 0; f < NFIELDS; f++)
		put_number(out, record->lengths[f]);
}

struct taker { /* what could not be taken is remembered */
	const struct kb_library *lib;
	struct kb_arena *arena;
	kb_str rest;
	bool failed;
};

static uint64_t number_of(struct taker *t)
{
	uint64_t n = 0;
	t->failed |= !take_number(&t->rest, &n);
	return n;
}

/* A number below LIMIT. */
static uint32_t choice_of(struct taker *t, uint64_t limit)
{
	uint64_t n = number_of(t);
	t->failed |= n >= limit;
	return n < limit ? (uint32_t)n : 0;
}

static kb_str text_of(struct taker *t)
{
	kb_str s = {0};
	t->failed |= !take_text(&t->rest, &s);
	return s;
}

static kb_strs list_of(struct taker *t)
{
	uint64_t n = number_of(t);
	kb_strs out = {0};
	if (n > t->rest.len)
		t->failed = true;
	if (t->failed || !n)
		return out;
	out.items = kb_arena_array(t->arena, kb_str, n);
	while (out.len < n)
		out.items[out.len++] = text_of(t);
	return out;
}

static void take_document(
	struct taker *t, struct kb_document *doc, struct kb_facts *facts)
{
	const struct kb_config *config = t->lib->config;
	facts->broken = number_of(t) & BROKEN;
	doc->locale = choice_of(t, config->nlocales);
	facts->type = (enum kb_type)choice_of(t, KB_TYPE_COUNT);
	facts->status = (enum kb_status)choice_of(t, KB_ARCHIVED + 1);
	facts->audience = (uint8_t)choice_of(t, config->naudiences);
	facts->publish_at = (time_t)number_of(t);
	facts->expires_at = (time_t)number_of(t);
	facts->body_offset = choice_of(t, UINT32_MAX);
	doc->id = text_of(t);
	facts->title = text_of(t);
	facts->question = text_of(t);
	facts->summary = text_of(t);
	facts->variant_of = text_of(t);
	facts->issues = list_of(t);
	facts->regions = list_of(t);
	facts->keywords = list_of(t);
	facts->tags = list_of(t);
}

bool kb_record_read(const struct kb_library *lib, struct kb_arena *arena, kb_str *rest,
	struct record *out)
{
	struct taker t = {lib, arena, *rest, false};
	struct kb_document *doc = out->doc;
	struct kb_facts *facts = kb_arena_new_of(arena, struct kb_facts);
	doc->facts = facts;
	doc->path = text_of(&t);
	kb_str blob = text_of(&t);
	t.failed |= blob.len >= sizeof facts->blob;
	if (!t.failed && blob.len)
		memcpy(facts->blob, blob.data, blob.len);
	out->stamp = number_of(&t);
	take_document(&t, doc, facts);
	for (int f = 0; f < NFIELDS; f++)
		out->lengths[f] = choice_of(&t, UINT32_MAX);
	*rest = t.rest;
	return !t.failed;
}
