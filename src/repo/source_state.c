/* Is a work tree what it was in an earlier run? */
#include "kb/file.h"
#include "source_private.h"

enum { SHALLOW_MAX = 1 << 20 };

/* The commit that HEAD is, which decides the history, and where that ends. */
static bool put_head(struct kb_source *s, kb_buf *out)
{
	_cleanup_buf_ kb_buf path = {0};
	git_oid id;

	if (git_reference_name_to_id(&id, s->repo, "HEAD") < 0)
		return false;
	kb_buf_add(out, id.id, sizeof(id.id));
	kb_buf_fmt(out, "%.*s\n", KB_ARG(s->branch));
	kb_buf_fmt(&path, "%sshallow", git_repository_commondir(s->repo));
	return kb_file_read(path.data, SHALLOW_MAX, out, NULL) == 0 ||
	       !git_repository_is_shallow(s->repo);
}

static bool put_files(const struct kb_source *s, kb_buf *out)
{
	for (size_t i = 0; i < s->nobjects; i++) {
		const struct kb_entry *entry = &s->objects[i].entry;

		if (!entry->stamp)
			return false;
		kb_buf_add(out, &entry->stamp, sizeof(entry->stamp));
		kb_buf_str(out, entry->path);
		kb_buf_putc(out, '\0');
	}
	return true;
}

bool kb_source_state(struct kb_source *source, struct kb_hash *state)
{
	_cleanup_buf_ kb_buf all = {0};
	bool known;

	if (!source->repo || !kb_source_is_disk(source) || source->replaced.len)
		return false;
	for (int i = 0; i < KB_NOVERLAYS; i++)
		if (source->overlay[i].len)
			return false;
	if (kb_source_index(source, NULL) < 0)
		return false;
	kb_buf_fmt(&all, "%.*s\n", KB_ARG(source->root));
	pthread_mutex_lock(&source->lock);
	known = put_head(source, &all) && put_files(source, &all);
	pthread_mutex_unlock(&source->lock);
	*state = kb_hash128(kb_buf_view(&all));
	return known;
}
