/*
 * What search reads of Markdown: the running text of a document in pieces, each with the
 * field that it belongs to and its audience. It depends on what the document's facts
 * depend on, and on nothing else, so it is kept in a store as they are. Variables, labels
 * and snippets come later, where it is read.
 */
#include "texts.h"

#include "index.h"
#include "kb/passage.h"
#include "kb/store.h"
#include "kb/vec.h"

enum { CONVERTED = 1 }; /* a flag of a record */

struct seen_text {
	const struct kb_spool *spool; /* NULL: it was not seen in this run */
	uint64_t at;
	size_t len;
};

struct thread_texts { /* by one thread */
	struct kb_spool *spool;
	struct {
		KB_VEC(struct numbered_text {
			uint32_t number;
			struct seen_text text;
		});
	} texts;
};

struct texts {
	const struct kb_library *lib; /* once it is loaded */
	struct kb_store *store;	      /* or NULL */
	bool writes;		      /* what was seen is kept */
	struct kb_library_watch watch;
	struct thread_texts *seen;
	unsigned nseen;
	struct seen_text *fresh; /* by document */
};

/* A diagram's source is not text, but its title is. */
static bool is_drawn(kb_str info, kb_str *title)
{
	kb_str lang;

	*title = info;
	kb_str_next(title, ' ', &lang);
	return kb_str_is(lang, "dot") || kb_str_is(lang, "journey");
}

static void put_piece(kb_buf *out, unsigned kind, unsigned audience, kb_str text)
{
	if (!text.len)
		return;
	put_number(out, kind);
	put_number(out, audience);
	put_text(out, text);
}

static void put_passage(kb_buf *out, const struct kb_passage *p)
{
	kb_str title;

	if (p->audience == KB_AUDIENCE_WITHHELD)
		return;
	if (p->kind == KB_PASSAGE_INCLUDE)
		put_piece(out, PIECE_INCLUDE, p->audience, p->text);
	else if (p->kind == KB_PASSAGE_CODE && is_drawn(p->info, &title))
		put_piece(out, BODY, p->audience, title);
	else if (p->kind != KB_PASSAGE_RULE)
		put_piece(out, p->kind == KB_PASSAGE_HEADING ? HEADINGS : BODY,
			p->audience, p->text);
}

static void put_text_of(kb_buf *out, struct kb_md *md)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_passages passages;

	kb_md_texts(md, scratch, &passages);
	for (uint32_t i = 0; i < passages.len; i++)
		put_passage(out, &passages.items[i]);
}

bool piece_next(kb_str *text, struct piece *out)
{
	uint64_t kind, audience;

	if (!take_number(text, &kind) || !take_number(text, &audience) ||
		!take_text(text, &out->text) || kind > PIECE_INCLUDE ||
		audience > UINT8_MAX)
		return false;
	out->kind = (unsigned)kind;
	out->audience = (unsigned)audience;
	return true;
}

/* The record of a document's text, or KB_STORE_NONE. */
static uint32_t record_of(const struct texts *texts, const struct kb_document *doc)
{
	const struct kb_store_entry *entry;
	unsigned char id[20];
	uint32_t n =
		texts->store ? kb_store_find(texts->store, doc->context) : KB_STORE_NONE;

	if (n == KB_STORE_NONE)
		return KB_STORE_NONE;
	entry = kb_store_entry(texts->store, n);
	kb_blob_bytes(doc->facts->blob, id);
	return memcmp(entry->id, id, sizeof(id)) == 0 &&
			       entry->flags == (doc->facts->converted ? CONVERTED : 0)
		       ? n
		       : KB_STORE_NONE;
}

static bool wants(void *ctx, const struct kb_document *doc)
{
	return !doc->facts->broken && record_of(ctx, doc) == KB_STORE_NONE;
}

static void see(void *ctx, uint32_t number, const struct kb_document *doc,
	struct kb_md *md, unsigned worker)
{
	struct texts *texts = ctx;
	struct thread_texts *seen = &texts->seen[worker];
	_cleanup_buf_ kb_buf text = {0};

	(void)doc;
	if (!seen->spool)
		seen->spool =
			kb_spool_new(texts->writes ? kb_store_path(texts->store) : NULL);
	put_text_of(&text, md);
	kb_vec_push(&seen->texts,
		((struct numbered_text){number,
			{seen->spool, kb_spool_add(seen->spool, kb_buf_view(&text)),
				text.len}}));
}

struct texts *texts_open(struct kb_source *source, unsigned workers, bool use)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct texts *texts = kb_xcalloc(1, sizeof(*texts));
	kb_str path = use ? kb_source_cache(source, scratch, "texts", &texts->writes)
			  : KB_STR("");

	texts->watch = (struct kb_library_watch){wants, see, texts};
	texts->nseen = workers;
	texts->seen = kb_xcalloc(workers, sizeof(*texts->seen));
	texts->writes &= path.len > 0;
	if (path.len)
		texts->store = kb_store_open(path.data, TEXTS_LAYOUT);
	return texts;
}

void texts_close(struct texts *texts)
{
	if (!texts)
		return;
	for (unsigned i = 0; i < texts->nseen; i++) {
		kb_spool_free(texts->seen[i].spool);
		kb_vec_dispose(&texts->seen[i].texts);
	}
	kb_store_close(texts->store);
	free(texts->seen);
	free(texts->fresh);
	free(texts);
}

const struct kb_library_watch *texts_watch(const struct texts *texts)
{
	return &texts->watch;
}

static void texts_write(const struct texts *texts)
{
	const struct kb_library *lib = texts->lib;
	struct kb_store_put *puts = kb_xcalloc((size_t)lib->ndocs + 1, sizeof(*puts));
	size_t n = 0;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];
		const struct seen_text *fresh = &texts->fresh[d];
		struct kb_store_put put = {
			.entry = {.key = doc->context,
				.flags = doc->facts->converted ? CONVERTED : 0},
			.bytes.len = fresh->len,
			.spool = fresh->spool,
			.at = fresh->at};

		if (doc->facts->broken)
			continue;
		kb_blob_bytes(doc->facts->blob, put.entry.id);
		put.old = record_of(texts, doc);
		if (put.spool || put.old != KB_STORE_NONE)
			puts[n++] = put;
	}
	kb_store_write(texts->store, puts, n, NULL, NULL);
	free(puts);
}

void texts_loaded(struct texts *texts, const struct kb_library *lib)
{
	size_t n = 0;

	texts->lib = lib;
	texts->fresh = kb_xcalloc((size_t)lib->ndocs + 1, sizeof(*texts->fresh));
	for (unsigned w = 0; w < texts->nseen; w++) {
		const struct thread_texts *seen = &texts->seen[w];

		for (size_t i = 0; i < seen->texts.len; i++, n++)
			texts->fresh[seen->texts.items[i].number] =
				seen->texts.items[i].text;
	}
	if (n && texts->writes)
		texts_write(texts);
}

static uint32_t number_of(const struct kb_library *lib, const struct kb_document *doc)
{
	uint32_t from = 0, to = lib->ndocs;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (kb_str_cmp(lib->docs[mid]->path, doc->path) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* The record is damaged. */
static kb_str read_again(const struct texts *texts, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc)
{
	_cleanup_(kb_cleanup_md) struct kb_md *md = NULL;
	_cleanup_buf_ kb_buf file = {0}, text = {0};

	if (kb_reader_read(reader, doc->path, 0, &file, NULL))
		return KB_STR("");
	md = kb_facts_parse(
		doc->facts, texts->lib->config, doc->mount, kb_buf_view(&file));
	put_text_of(&text, md);
	return kb_arena_str(arena, kb_buf_view(&text));
}

kb_str texts_get(const struct texts *texts, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc)
{
	const struct seen_text *fresh = &texts->fresh[number_of(texts->lib, doc)];
	uint32_t n = fresh->spool ? KB_STORE_NONE : record_of(texts, doc);
	kb_str text;
	uint64_t home;
	char *copy;

	if (n != KB_STORE_NONE && kb_store_take(texts->store, n, &text, &home))
		return text;
	if (fresh->spool) {
		copy = kb_arena_alloc(arena, fresh->len + 1);
		if (kb_spool_read(fresh->spool, fresh->at, copy, fresh->len))
			return (kb_str){copy, fresh->len};
	}
	return read_again(texts, reader, arena, doc);
}
