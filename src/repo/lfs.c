/*
 * Git LFS: Git has a small text in the place of a large file, a pointer, which says by
 * which hash the content is kept elsewhere. Format and place of the content are described
 * in docs/spec.md of Git LFS.
 */
#include "lfs.h"

#include "kb/file.h"

enum { POINTER_MAX = 1024, OID_LEN = 64 };

/* The line's value if it has this key. */
static bool has_key(kb_str line, const char *key, kb_str *value)
{
	size_t len = strlen(key);

	if (!kb_str_starts(line, kb_str_of(key)) || line.len <= len ||
		line.data[len] != ' ')
		return false;
	*value = kb_str_trim(kb_str_sub(line, len, line.len));
	return true;
}

static bool is_version(kb_str value)
{
	return kb_str_starts(value, KB_STR("https://git-lfs.github.com/spec/")) ||
	       kb_str_starts(value, KB_STR("https://hawser.github.com/spec/")) ||
	       kb_str_starts(value, KB_STR("http://git-media.io/v/"));
}

static bool take_oid(kb_str value, char oid[OID_LEN + 1])
{
	const kb_str sha256 = KB_STR("sha256:");

	if (kb_str_starts(value, sha256))
		value = kb_str_sub(value, sha256.len, value.len);
	if (value.len != OID_LEN)
		return false;
	memcpy(oid, value.data, OID_LEN);
	oid[OID_LEN] = '\0';
	return strspn(oid, "0123456789abcdef") == OID_LEN;
}

static bool take_size(kb_str value, uint64_t *size)
{
	*size = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9' ||
			*size > UINT64_MAX / 100)
			return false;
		*size = *size * 10 + (uint64_t)(value.data[i] - '0');
	}
	return value.len > 0;
}

bool kb_lfs_pointer(kb_str text, struct kb_lfs_pointer *pointer)
{
	bool version = false, oid = false, size = false;
	kb_str line, value;

	if (text.len >= POINTER_MAX || !kb_str_starts(text, KB_STR("version ")))
		return false;
	while (kb_str_next(&text, '\n', &line)) {
		if (has_key(line, "version", &value))
			version |= is_version(value);
		else if (has_key(line, "oid", &value))
			oid |= take_oid(value, pointer->oid);
		else if (has_key(line, "size", &value))
			size |= take_size(value, &pointer->size);
	}
	return version && oid && size;
}

int kb_lfs_read(const struct kb_source *source, kb_str path,
	const struct kb_lfs_pointer *pointer, size_t max, kb_buf *out,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf file = {0};
	size_t start = out->len;

	if (source->repo)
		kb_buf_fmt(&file, "%slfs/objects/%.2s/%.2s/%s",
			git_repository_commondir(source->repo), pointer->oid,
			pointer->oid + 2, pointer->oid);
	if (source->repo && kb_file_read(file.data, max, out, err) == 0) {
		if (out->len - start == pointer->size)
			return 0;
		out->len = start;
	}
	return kb_error_set(err, KB_E_LFS,
		"'%.*s' is a Git LFS pointer, but its content is missing; run 'git lfs "
		"pull'",
		KB_ARG(path));
}
