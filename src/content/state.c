/* Is the content what it was in an earlier run? */
#include "facts_flat.h"
#include "index.h"
#include "kb/build.h"

static void put_entry(
	kb_buf *buf, const struct kb_library *lib, const struct kb_entry *entry)
{
	const kb_str *to = entry->kind == KB_ENTRY_SYMLINK
				   ? kb_map_get(&lib->index->links, entry->path)
				   : NULL;

	kb_buf_putc(buf, (char)entry->kind);
	kb_buf_counted(buf, entry->path);
	kb_buf_putc(buf, to ? 1 : 0);
	if (to)
		kb_buf_counted(buf, *to);
}

/* A text that could not be read has no blob, and is broken. */
static bool put_document(kb_buf *buf, const struct kb_document *doc, bool named)
{
	const struct kb_facts *facts = doc->facts;

	kb_buf_add(buf, &doc->context, sizeof(doc->context));
	if (facts->outline)
		kb_buf_number(buf, named ? facts->outline : facts->shape);
	else
		kb_buf_add(buf, facts->blob, sizeof(facts->blob));
	kb_buf_putc(buf, (char)(facts->broken | facts->converted << 1));
	return !doc->former && (facts->blob[0] || facts->broken);
}

static void put_words(kb_buf *buf, const struct kb_node *words)
{
	kb_buf_number(buf, words ? kb_flat_hash(&kb_node_type, words) : 0);
}

/* All of an issue but its label and its description. */
static void put_issue(kb_buf *buf, const struct kb_issue *issue)
{
	kb_buf_counted(buf, issue->id);
	kb_buf_counted(buf, issue->owner);
	kb_buf_number(buf, issue->tier);
	kb_buf_number(buf, issue->needs);
	kb_buf_number(buf, issue->audience);
	kb_buf_number(buf, issue->retired);
	kb_buf_number(buf, issue->parent);
	put_words(buf, issue->keywords);
	put_words(buf, issue->examples);
	kb_buf_number(buf, issue->aliases.len);
	for (size_t i = 0; i < issue->aliases.len; i++)
		kb_buf_counted(buf, issue->aliases.items[i]);
}

static void put_taxonomy(kb_buf *buf, const struct kb_taxonomy *taxonomy)
{
	kb_buf_number(buf, taxonomy->missing);
	kb_buf_number(buf, taxonomy->broken);
	kb_buf_number(buf, taxonomy->len);
	for (uint32_t i = 0; i < taxonomy->len; i++)
		put_issue(buf, &taxonomy->issues[i]);
}

/* NAMED: with titles, summaries, labels and descriptions. */
static struct kb_hash hash_of(
	const struct kb_library *lib, struct kb_hash rest, bool named, bool *known)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_add(&buf, &rest, sizeof(rest));
	if (named)
		kb_buf_add(&buf, &lib->index->taxonomy, sizeof(lib->index->taxonomy));
	else
		put_taxonomy(&buf, lib->taxonomy);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		*known &= put_document(&buf, lib->docs[i], named);
	return kb_hash128(kb_buf_view(&buf));
}

static bool make_outline(const struct kb_library *lib)
{
	struct kb_library_index *index = lib->index;
	_cleanup_buf_ kb_buf buf = {0};
	struct kb_hash rest;
	bool known = true;

	if (index->overlay || lib->config->nschemas)
		return false;
	kb_buf_counted(&buf, kb_str_of(kb_build_id()));
	kb_buf_counted(&buf, index->config_text);
	kb_buf_add(&buf, &index->people, sizeof(index->people));
	for (size_t i = 0; i < lib->nentries; i++)
		put_entry(&buf, lib, &lib->entries[i]);
	rest = kb_hash128(kb_buf_view(&buf));
	index->outline = hash_of(lib, rest, true, &known);
	index->shape = hash_of(lib, rest, false, &known);
	return known;
}

static bool is_outlined(const struct kb_library *lib)
{
	struct kb_library_index *index = lib->index;

	pthread_mutex_lock(&index->lock);
	if (!index->outline_known)
		index->outlined = make_outline(lib);
	index->outline_known = true;
	pthread_mutex_unlock(&index->lock);
	return index->outlined;
}

bool kb_library_outline(const struct kb_library *lib, struct kb_hash *outline)
{
	bool known = is_outlined(lib);

	*outline = lib->index->outline;
	return known;
}

bool kb_library_shape(const struct kb_library *lib, struct kb_hash *shape)
{
	bool known = is_outlined(lib);

	*shape = lib->index->shape;
	return known;
}
