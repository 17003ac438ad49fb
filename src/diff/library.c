/* Which documents of two libraries differ. */
#include "library.h"

#include "kb/pool.h"
#include "kb/vec.h"

const char *kb_note_name(enum kb_note_kind kind)
{
	static const char *const names[] = {"readers", "address", "translation",
		"snippet", "variable", "issue", "person", "setting", "file"};

	return names[kind];
}

static bool selected(const struct library_pair *l, const struct kb_document *doc)
{
	return doc && (!l->options->selected ||
			      l->options->selected(l->options->ctx, doc->path));
}

/* Who reads a file may be said in kb.yaml alone. */
static bool same_readers(const struct library_pair *l, const struct kb_document *from,
	const struct kb_document *to)
{
	return from->facts->status == to->facts->status &&
	       from->facts->broken == to->facts->broken &&
	       kb_str_eq(l->from->config->audiences[from->facts->audience],
		       l->to->config->audiences[to->facts->audience]);
}

static void add_pair(struct library_pair *l, const struct kb_document *from,
	const struct kb_document *to)
{
	struct kb_doc_diff doc = {.from = from, .to = to};

	if (from && to && strcmp(from->facts->blob, to->facts->blob) == 0 &&
		kb_str_eq(from->path, to->path) && same_readers(l, from, to))
		return;
	if (!selected(l, from) && !selected(l, to))
		return;
	doc.moved = from && to && !kb_str_eq(from->path, to->path);
	kb_vec_push(&l->docs, doc);
}

static int doc_cmp(const void *pa, const void *pb)
{
	const struct kb_doc_diff *a = pa, *b = pb;

	return kb_str_cmp(
		a->to ? a->to->path : a->from->path, b->to ? b->to->path : b->from->path);
}

static void match_documents(struct library_pair *l)
{
	const struct kb_library *from = l->from, *to = l->to;
	kb_map taken = {0};

	for (uint32_t i = 0; i < from->ndocs; i++) {
		const struct kb_document *now =
			kb_document_in(to, from, from->docs[i], l->changes);

		if (now && kb_map_has(&taken, now->path))
			now = NULL;
		if (now)
			kb_map_put(&taken, now->path, from->docs[i]);
		add_pair(l, from->docs[i], now);
	}
	for (uint32_t i = 0; i < to->ndocs; i++)
		if (!kb_map_has(&taken, to->docs[i]->path))
			add_pair(l, NULL, to->docs[i]);
	kb_map_dispose(&taken);
	if (l->docs.len)
		qsort(l->docs.items, l->docs.len, sizeof(*l->docs.items), doc_cmp);
}

struct diff_worker {
	struct kb_reader *from, *to;
};

struct version_reading {
	struct library_pair *l;
	struct diff_worker *workers;
	struct kb_error *errors; /* by document */
};

static struct kb_version *read_version(struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader **reader,
	const struct kb_document *doc, struct kb_error *err)
{
	_cleanup_buf_ kb_buf file = {0};
	struct kb_version *version;

	if (!doc)
		return NULL;
	if (!*reader)
		*reader = kb_reader_new(lib->source);
	if (kb_reader_read(*reader, doc->path, 0, &file, err) < 0)
		return NULL;
	version = kb_version_read(arena, lib->config, doc->mount, doc->locale, doc->path,
		kb_buf_view(&file));
	/* The library knows the other documents, and so the graph. */
	if (doc->workflow && version->doc->workflow)
		version->doc->workflow = doc->workflow;
	return version;
}

static void compare_one(void *ctx, size_t i, unsigned worker)
{
	struct version_reading *r = ctx;
	struct library_pair *l = r->l;
	struct kb_doc_diff *doc = &l->docs.items[i];
	struct kb_arena *arena = l->arenas[worker];
	struct kb_version *from, *to;

	from = read_version(
		arena, l->from, &r->workers[worker].from, doc->from, &r->errors[i]);
	to = read_version(arena, l->to, &r->workers[worker].to, doc->to, &r->errors[i]);
	if ((doc->from && !from) || (doc->to && !to))
		return;
	doc->diff = kb_diff_versions(arena, from, to,
		&(struct kb_diff_links){
			.from = l->from, .to = l->to, .changes = l->changes});
}

static int compare_documents(struct library_pair *l, struct kb_error *err)
{
	unsigned n = kb_parallel_workers(l->options->threads, l->docs.len);
	struct version_reading r = {.l = l,
		.workers = kb_xcalloc(n, sizeof(*r.workers)),
		.errors = kb_xcalloc(l->docs.len + 1, sizeof(*r.errors))};
	int rc = 0;

	l->arenas = kb_arena_array(l->arena, struct kb_arena *, n);
	l->narenas = n;
	for (unsigned i = 0; i < n; i++)
		l->arenas[i] = kb_arena_new();
	kb_parallel(n, l->docs.len, compare_one, &r);
	for (size_t i = 0; i < l->docs.len && rc == 0; i++) {
		if (l->docs.items[i].diff)
			continue;
		*err = r.errors[i];
		rc = -1;
	}
	for (unsigned i = 0; i < n; i++) {
		kb_reader_free(r.workers[i].from);
		kb_reader_free(r.workers[i].to);
	}
	free(r.workers);
	free(r.errors);
	return rc;
}

static void drop_equal(struct library_pair *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->docs.len; i++) {
		const struct kb_doc_diff *doc = &l->docs.items[i];

		if (doc->moved || doc->diff->weight != KB_WEIGHT_NONE)
			l->docs.items[n++] = *doc;
	}
	l->docs.len = n;
}

static int note_cmp(const void *pa, const void *pb)
{
	const struct kb_note *a = pa, *b = pb;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	int order = kb_str_cmp(a->path, b->path);
	return order ? order : kb_str_cmp(a->name, b->name);
}

int kb_library_diff_find(struct kb_library_diff **out, struct kb_arena *arena,
	const struct kb_library *from, const struct kb_library *to,
	const struct kb_path_changes *changes,
	const struct kb_library_diff_options *options, struct kb_error *err)
{
	struct library_pair *l = kb_arena_new_of(arena, struct library_pair);

	l->arena = arena;
	l->from = from;
	l->to = to;
	l->changes = changes;
	l->options = options;
	match_documents(l);
	if (compare_documents(l, err) < 0) {
		kb_library_diff_free(&l->out);
		kb_vec_dispose(&l->docs);
		return -1;
	}
	notes_of_readers(l);
	drop_equal(l);
	notes_of_documents(l);
	notes_of_issues(l);
	notes_of_settings(l);
	l->out = (struct kb_library_diff){.from = from,
		.to = to,
		.changes = changes,
		.ndocs = (uint32_t)l->docs.len,
		.nnotes = (uint32_t)l->notes.len};
	l->out.docs = kb_vec_freeze(&l->docs, arena);
	if (l->notes.len)
		qsort(l->notes.items, l->notes.len, sizeof(*l->notes.items), note_cmp);
	l->out.notes = kb_vec_freeze(&l->notes, arena);
	for (uint32_t i = 0; i < l->out.ndocs; i++)
		if (l->out.docs[i].diff->weight > l->out.weight)
			l->out.weight = l->out.docs[i].diff->weight;
	for (uint32_t i = 0; i < l->out.nnotes; i++)
		if (l->out.notes[i].weight > l->out.weight)
			l->out.weight = l->out.notes[i].weight;
	*out = &l->out;
	return 0;
}

void kb_library_diff_free(struct kb_library_diff *diff)
{
	struct library_pair *l = (struct library_pair *)diff; /* its first member */

	if (!l)
		return;
	for (unsigned i = 0; i < l->narenas; i++)
		kb_arena_free(l->arenas[i]);
	for (uint32_t i = 0; i < diff->nnotes; i++)
		kb_vec_dispose(&diff->notes[i].touched);
}
