/* Is the content what it was in an earlier run? */
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
static bool put_document(kb_buf *buf, const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;

	kb_buf_add(buf, &doc->context, sizeof(doc->context));
	if (facts->outline)
		kb_buf_add(buf, &facts->outline, sizeof(facts->outline));
	else
		kb_buf_add(buf, facts->blob, sizeof(facts->blob));
	kb_buf_putc(buf, (char)(facts->broken | facts->converted << 1));
	return !doc->former && (facts->blob[0] || facts->broken);
}

static bool make_outline(const struct kb_library *lib, struct kb_hash *outline)
{
	const struct kb_library_index *index = lib->index;
	_cleanup_buf_ kb_buf buf = {0};

	if (index->overlay || lib->config->nschemas)
		return false;
	kb_buf_counted(&buf, kb_str_of(kb_build_id()));
	kb_buf_counted(&buf, index->config_text);
	kb_buf_add(&buf, index->registers, sizeof(index->registers));
	for (size_t i = 0; i < lib->nentries; i++)
		put_entry(&buf, lib, &lib->entries[i]);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (!put_document(&buf, lib->docs[i]))
			return false;
	*outline = kb_hash128(kb_buf_view(&buf));
	return true;
}

bool kb_library_outline(const struct kb_library *lib, struct kb_hash *outline)
{
	struct kb_library_index *index = lib->index;

	pthread_mutex_lock(&index->lock);
	if (!index->outline_known)
		index->outlined = make_outline(lib, &index->outline);
	index->outline_known = true;
	*outline = index->outline;
	pthread_mutex_unlock(&index->lock);
	return index->outlined;
}
