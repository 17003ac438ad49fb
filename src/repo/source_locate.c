/* Where the content root is on disk. */
#include <sys/stat.h>

#include "kb/file.h"
#include "source_private.h"

bool kb_folder_has(kb_str dir, const char *name)
{
	_cleanup_buf_ kb_buf path = {0};
	struct stat st;

	kb_buf_fmt(&path, "%.*s/%s", KB_ARG(dir), name);
	return stat(path.data, &st) == 0 && S_ISREG(st.st_mode);
}

bool kb_path_is_below(kb_str path, kb_str top, kb_str *rel)
{
	if (kb_str_is(top, "/"))
		top.len = 0;
	if (!kb_str_starts(path, top))
		return false;
	*rel = kb_str_sub(path, top.len, path.len);
	if (rel->len > 0 && rel->data[0] != '/')
		return false;
	*rel = kb_str_sub(*rel, 1, rel->len);
	return true;
}

/* The folder that holds kb.yaml, from DIR upward; false when there is none. */
static bool nearest_config(kb_str dir, kb_str *root)
{
	for (;;) {
		if (kb_folder_has(dir, "kb.yaml")) {
			*root = dir.len ? dir : KB_STR("/");
			return true;
		}
		if (dir.len <= 1)
			return false;
		dir = kb_path_dir(dir);
	}
}

kb_str kb_source_work_tree(struct kb_source *s)
{
	const char *path = s->repo ? git_repository_workdir(s->repo) : NULL;
	kb_str dir = kb_str_of(path);

	if (dir.len > 1)
		dir.len--;
	return kb_arena_str(s->arena, dir);
}

bool kb_source_locate(
	struct kb_source *s, const struct kb_source_request *req, kb_str *root)
{
	kb_str top, rel;

	if (nearest_config(req->dir, root))
		return true;
	if (req->config.len == 0)
		return false;
	top = s->repo ? kb_source_work_tree(s) : req->dir;
	*root = kb_path_dir(req->config);
	if (top.len == 0 || !kb_path_is_below(*root, top, &rel))
		*root = top;
	return true;
}
