/* Documents by path and id, and the families that they make. */
#include "facts_store.h"
#include "index.h"
#include "kb/file.h"
#include "kb/pool.h"
#include "kb/unicode.h"

struct kb_library_index *kb_library_index_new(void)
{
	struct kb_library_index *index = kb_xcalloc(1, sizeof(*index));

	index->arena = kb_arena_new();
	index->names = kb_arena_new();
	pthread_mutex_init(&index->lock, NULL);
	return index;
}

void kb_library_index_free(struct kb_library_index *index)
{
	for (int i = 0; i < KB_TYPE_COUNT; i++)
		if (index->schemas[i])
			kb_schema_free(index->schemas[i]);
	if (index->mounts && !index->overlay)
		kb_mounts_dispose(index->mounts);
	facts_store_close(index->facts);
	for (size_t i = 0; i < index->held.len; i++)
		facts_store_close(index->held.items[i]);
	kb_vec_dispose(&index->held);
	kb_map_dispose(&index->by_path);
	kb_map_dispose(&index->families);
	kb_map_dispose(&index->addresses);
	kb_map_dispose(&index->aliases);
	kb_map_dispose(&index->redirects);
	kb_map_dispose(&index->folded_aliases);
	kb_map_dispose(&index->folded_redirects);
	kb_map_dispose(&index->redirects_to);
	if (!index->overlay)
		kb_map_dispose(&index->links);
	kb_map_dispose(&index->fragments);
	free(index->nocase);
	pthread_mutex_destroy(&index->lock);
	kb_arena_free(index->names);
	for (unsigned i = 0; i < index->narenas; i++)
		kb_arena_free(index->arenas[i]);
	free(index->arenas);
	kb_arena_free(index->arena);
	free(index);
}

static kb_range id_range(const struct kb_document *doc)
{
	kb_range range = kb_facts_range(doc->facts, "id");

	return range.len ? range : kb_facts_range(doc->facts, "title");
}

static void family_add(
	struct kb_library *lib, struct kb_document *doc, struct kb_diags *diags)
{
	struct kb_library_index *index = lib->index;
	struct kb_family *family = kb_map_get(&index->families, doc->id);
	struct kb_document *other;

	if (!family) {
		family = kb_arena_new_of(index->arena, struct kb_family);
		family->id = doc->id;
		family->by_locale = kb_arena_array(
			index->arena, struct kb_document *, lib->config->nlocales);
		kb_map_put(&index->families, family->id, family);
	}
	doc->family = family;
	other = family->by_locale[doc->locale];
	if (!other) {
		family->by_locale[doc->locale] = doc;
		return;
	}
	kb_diag_hint(diags,
		kb_diag_add(diags, KB_RULE_FM_DUPLICATE_ID, doc->path, id_range(doc),
			"%.*s also has the id '%.*s'", KB_ARG(other->path),
			KB_ARG(doc->id)),
		"give one of them a different id");
}

static int family_cmp(const void *a, const void *b)
{
	const struct kb_family *const *x = a, *const *y = b;

	return kb_str_cmp((*x)->id, (*y)->id);
}

static void families_sort(struct kb_library *lib)
{
	const kb_map *map = &lib->index->families;

	lib->nfamilies = (uint32_t)map->len;
	lib->families = kb_arena_array(lib->index->arena, struct kb_family *, map->len);
	for (size_t i = 0; i < map->len; i++)
		lib->families[i] = map->entries[i].value;
	if (map->len)
		qsort(lib->families, map->len, sizeof(*lib->families), family_cmp);
}

/* What the family's first document that says so is a variant of. */
static struct kb_family *general_of(
	const struct kb_library *lib, const struct kb_family *family)
{
	for (uint32_t l = 0; l < lib->config->nlocales; l++) {
		const struct kb_document *doc = family->by_locale[l];
		struct kb_family *general;

		if (!doc || !doc->facts->variant_of.len)
			continue;
		general = kb_library_family(lib, doc->facts->variant_of);
		return general == family ? NULL : general;
	}
	return NULL;
}

static void variants_link(struct kb_library *lib)
{
	for (uint32_t i = 0; i < lib->nfamilies; i++) {
		struct kb_family *family = lib->families[i];

		family->general = general_of(lib, family);
		if (family->general)
			family->general->nvariants++;
	}
	for (uint32_t i = 0; i < lib->nfamilies; i++) {
		struct kb_family *family = lib->families[i];

		if (family->nvariants)
			family->variants = kb_arena_array(
				lib->index->arena, struct kb_family *, family->nvariants);
		family->nvariants = 0;
	}
	for (uint32_t i = 0; i < lib->nfamilies; i++) {
		struct kb_family *general = lib->families[i]->general;

		if (general)
			general->variants[general->nvariants++] = lib->families[i];
	}
}

static uint32_t nocase_hash(struct kb_arena *scratch, kb_str path)
{
	return (uint32_t)(kb_str_hash(kb_name_fold(scratch, path)) >> 32);
}

static int nocase_cmp(const void *pa, const void *pb)
{
	const struct kb_nocase *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* Few commands ask for it. */
static struct kb_nocase *nocase_make(const struct kb_library *lib)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_nocase *items = kb_xcalloc(lib->nentries + 1, sizeof(*items));

	for (size_t i = 0; i < lib->nentries; i++) {
		items[i] = (struct kb_nocase){
			nocase_hash(scratch, lib->entries[i].path), (uint32_t)i};
		kb_arena_reset(scratch);
	}
	if (lib->nentries)
		qsort(items, lib->nentries, sizeof(*items), nocase_cmp);
	return items;
}

static const struct kb_nocase *nocase_of(const struct kb_library *lib)
{
	struct kb_library_index *index = lib->index;

	pthread_mutex_lock(&index->lock);
	if (!index->nocase)
		index->nocase = nocase_make(lib);
	pthread_mutex_unlock(&index->lock);
	return index->nocase;
}

static void index_families(struct kb_library *lib, struct kb_diags *diags)
{
	kb_map_reserve(&lib->index->by_path, lib->ndocs);
	kb_map_reserve(&lib->index->families, lib->ndocs);
	for (uint32_t i = 0; i < lib->ndocs; i++) {
		struct kb_document *doc = lib->docs[i];

		kb_map_put(&lib->index->by_path, doc->path, doc);
		if (!doc->facts->broken)
			family_add(lib, doc, diags);
		lib->index->types |= 1u << doc->facts->type;
		lib->index->faq |= doc->facts->question.len > 0;
	}
	families_sort(lib);
	variants_link(lib);
	kb_library_index_fragments(lib);
}

struct index_build {
	struct kb_library *lib;
	struct kb_diags *diags[2];
};

/* Neither part looks at what the other one makes. */
static void build_part(void *ctx, size_t part, unsigned worker)
{
	struct index_build *build = ctx;

	(void)worker;
	if (part == 0)
		index_families(build->lib, build->diags[0]);
	else
		kb_library_index_pages(build->lib, build->diags[1]);
}

void kb_library_index_build(
	struct kb_library *lib, unsigned threads, struct kb_diags *diags)
{
	struct kb_diags pages;
	struct index_build build = {lib, {diags, &pages}};

	kb_diags_init(&pages, diags->severities);
	kb_parallel(threads, 2, build_part, &build);
	kb_diags_merge(diags, &pages);
	kb_diags_dispose(&pages);
	kb_library_index_addresses(lib, diags);
}

struct kb_library *kb_library_overlay(
	const struct kb_library *base, struct kb_document *const *docs)
{
	struct kb_library *lib = kb_xcalloc(1, sizeof(*lib));
	struct kb_library_index *index = kb_library_index_new();
	struct kb_diags known;

	*lib = *base;
	lib->index = index;
	index->config_text = base->index->config_text;
	index->mounts = base->index->mounts;
	index->links = base->index->links;
	index->overlay = true;
	lib->docs = kb_arena_array(index->arena, struct kb_document *, lib->ndocs);
	for (uint32_t i = 0; i < lib->ndocs; i++) {
		lib->docs[i] = kb_arena_copy(index->arena,
			docs[i] ? docs[i] : base->docs[i], sizeof(*lib->docs[i]));
		lib->docs[i]->family = NULL;
		lib->docs[i]->number = i;
	}
	kb_diags_init(&known, NULL);
	kb_library_index_build(lib, 1, &known);
	kb_diags_dispose(&known);
	return lib;
}

void kb_library_index_links(struct kb_library *lib)
{
	struct kb_reader *reader = kb_reader_new(lib->source);
	_cleanup_buf_ kb_buf to = {0};

	for (size_t i = 0; i < lib->nentries; i++) {
		kb_str path = lib->entries[i].path, copy;

		kb_buf_clear(&to);
		if (lib->entries[i].kind != KB_ENTRY_SYMLINK ||
			kb_reader_resolve(reader, path, &to, NULL) < 0)
			continue;
		copy = kb_arena_str(lib->index->arena, kb_buf_view(&to));
		kb_map_put(&lib->index->links, path,
			kb_arena_copy(lib->index->arena, &copy, sizeof(copy)));
	}
	kb_reader_free(reader);
}

const struct kb_entry *kb_library_entry_nocase(const struct kb_library *lib, kb_str path)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str folded = kb_name_fold(scratch, path);
	uint32_t hash = nocase_hash(scratch, path);
	const struct kb_nocase *items = nocase_of(lib);
	size_t low = 0, high = lib->nentries;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (items[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < lib->nentries && items[low].hash == hash; low++) {
		const struct kb_entry *entry = &lib->entries[items[low].entry];

		if (kb_str_eq(kb_name_fold(scratch, entry->path), folded))
			return entry;
	}
	return NULL;
}
