/* Blob ids of files as Git would store them, with other line ends than on disk. */
#include <git2/filter.h>

#include "source_private.h"

static inline void cleanup_filters(git_filter_list **p)
{
	git_filter_list_free(*p);
}

/* What libgit2 converts by itself: line ends, and '$Id$'. Programs such as Git LFS are
 * not run. */
bool kb_source_may_convert(const struct kb_source *s, kb_str text)
{
	return s->repo && kb_source_is_disk(s) &&
	       (kb_str_chr(text, '\r') != SIZE_MAX ||
		       kb_str_find(text, KB_STR("$Id")) != SIZE_MAX);
}

static bool convert(struct kb_source *s, kb_str path, kb_str text, char hex[41])
{
	_cleanup_(cleanup_filters) git_filter_list *filters = NULL;
	_cleanup_git_buf_ git_buf out = GIT_BUF_INIT;
	_cleanup_buf_ kb_buf name = {0};

	kb_buf_fmt(&name, "%.*s%s%.*s", KB_ARG(s->prefix), s->prefix.len ? "/" : "",
		KB_ARG(path));
	if (git_filter_list_load(&filters, s->repo, NULL, name.data, GIT_FILTER_TO_ODB,
		    GIT_FILTER_ALLOW_UNSAFE) < 0 ||
		!filters ||
		git_filter_list_apply_to_buffer(&out, filters, text.data, text.len) < 0)
		return false;
	kb_blob_id((kb_str){out.ptr, out.size}, hex);
	return true;
}

bool kb_source_hash(struct kb_source *source, kb_str path, kb_str text, char hex[41])
{
	char stored[41];

	kb_blob_id(text, hex);
	if (!kb_source_may_convert(source, text) ||
		!convert(source, path, text, stored) || strcmp(stored, hex) == 0)
		return false;
	memcpy(hex, stored, sizeof(stored));
	return true;
}

bool kb_source_blob_id(struct kb_source *source, kb_str path, kb_str text, char hex[41])
{
	bool other;

	if (!kb_source_may_convert(source, text)) {
		kb_blob_id(text, hex);
		return false;
	}
	pthread_mutex_lock(&source->lock);
	other = kb_source_hash(source, path, text, hex);
	pthread_mutex_unlock(&source->lock);
	return other;
}
