/* Making changes, or saying which they would be. */
#include "kb/edit.h"

#include "kb/file.h"
#include "kb/unidiff.h"

int kb_edit_apply(struct kb_source *source, const struct kb_rewrite *rewrites, size_t n,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str root = kb_source_root(source);

	if (!n)
		return 0;
	if (!root.len)
		return kb_error_set(err, KB_E_USAGE,
			"this repository is bare: there are no files to change");
	for (size_t i = 0; i < n; i++)
		if (!rewrites[i].is_new && kb_source_leaves_out(source, rewrites[i].path))
			return kb_error_set(err, KB_E_REFUSED,
				"%.*s is not checked out, so it cannot be changed; run: git "
				"sparse-checkout add '%.*s'",
				KB_ARG(rewrites[i].path),
				KB_ARG(kb_path_dir(rewrites[i].path)));
	return kb_rewrites_write(
		root, kb_source_journal(source, arena), rewrites, n, err);
}

int kb_edit_patch(struct kb_source *source, const struct kb_rewrite *rewrites, size_t n,
	kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};
	kb_str prefix = kb_source_prefix(source);

	for (size_t i = 0; i < n; i++) {
		kb_buf_clear(&path);
		kb_buf_fmt(&path, "%.*s%s%.*s", KB_ARG(prefix), prefix.len ? "/" : "",
			KB_ARG(rewrites[i].path));
		if (kb_unidiff(out, kb_buf_view(&path), rewrites[i].before,
			    rewrites[i].after, err))
			return -1;
	}
	return 0;
}

int kb_edit_check_read(const struct kb_library *lib, const struct kb_diags *findings,
	const kb_strs *paths, struct kb_error *err)
{
	struct kb_source_texts texts = {.reader = kb_reader_new(lib->source)};
	int failed = 0;

	for (size_t i = 0; i < findings->len && !failed; i++) {
		const struct kb_diag *diag = &findings->items[i];
		const struct kb_entry *entry = kb_library_entry(lib, diag->path);

		/* One that is at a place is about a file that is linked there. */
		if (diag->rule != KB_RULE_FILE_READ || diag->range.len || !entry ||
			entry->kind != KB_ENTRY_FILE ||
			!kb_path_selected(paths, diag->path))
			continue;
		kb_buf_clear(&texts.buf);
		failed =
			kb_reader_read(texts.reader, diag->path, 0, &texts.buf, err) ||
			kb_link_text_check(lib, diag->path, kb_buf_view(&texts.buf), err);
		if (!failed)
			failed = kb_error_set(err, KB_E_IO,
				"%.*s could not be read at first; run kb again",
				KB_ARG(diag->path));
		/* Too large, or the like: a finding says so, and kb leaves it alone. */
		else if (err->code == KB_E_REFUSED)
			failed = 0;
	}
	kb_source_texts_dispose(&texts);
	return failed;
}
