#include "kb/unidiff.h"

#include "git.h"

static inline void cleanup_patch(git_patch **p)
{
	git_patch_free(*p);
}

int kb_unidiff(
	kb_buf *out, kb_str path, kb_str before, kb_str after, struct kb_error *err)
{
	_cleanup_git_buf_ git_buf text = GIT_BUF_INIT;

	_cleanup_(cleanup_patch) git_patch *patch = NULL;
	_cleanup_free_ char *name = kb_xstrndup(path.data, path.len);
	git_diff_options options;

	if (kb_str_eq(before, after))
		return 0;
	kb_git_start();
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.id_abbrev = 10;
	if (git_patch_from_buffers(&patch, before.data ? before.data : "", before.len,
		    name, after.data ? after.data : "", after.len, name, &options) < 0 ||
		git_patch_to_buf(&text, patch) < 0)
		return kb_git_fail(err, "cannot write a patch of %s", name);
	kb_buf_add(out, text.ptr, text.size);
	return 0;
}
