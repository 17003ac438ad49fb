/* Findings of two versions: those that the newer one brought. */
#include "kb/buf.h"
#include "kb/check.h"
#include "kb/map.h"

/* Findings of the older version that are alike. */
struct known_findings {
	unsigned left;
	enum kb_severity severity;
};

bool kb_path_edited(const struct kb_path_changes *changes, kb_str path)
{
	const struct kb_path_change *change = kb_path_change_to(changes, path);

	return change && strcmp(change->old_blob, change->new_blob) != 0;
}

static kb_str key_of(const struct kb_diag *diag, kb_str path, kb_buf *out)
{
	kb_buf_clear(out);
	kb_buf_fmt(out, "%d %.*s\n%.*s\n%.*s", (int)diag->rule, KB_ARG(path),
		KB_ARG(diag->message), KB_ARG(kb_str_trim(diag->source)));
	return kb_buf_view(out);
}

static void note_known(struct kb_arena *arena, kb_map *known, const struct kb_diags *base)
{
	_cleanup_buf_ kb_buf text = {0};

	for (size_t i = 0; i < base->len; i++) {
		const struct kb_diag *diag = &base->items[i];
		kb_str key = key_of(diag, diag->path, &text);
		struct known_findings *known_one = kb_map_get(known, key);

		if (!known_one) {
			known_one = kb_arena_new_of(arena, struct known_findings);
			kb_map_put(known, kb_arena_str(arena, key), known_one);
		}
		known_one->left++;
		known_one->severity = diag->severity;
	}
}

void kb_diags_since(struct kb_diags *diags, const struct kb_diags *base,
	const struct kb_path_changes *changes)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf text = {0};
	kb_map known = {0};
	size_t kept = 0;

	note_known(arena, &known, base);
	for (size_t i = 0; i < diags->len; i++) {
		struct kb_diag *diag = &diags->items[i];
		const struct kb_path_change *change =
			kb_path_change_to(changes, diag->path);
		kb_str was = change && change->from.len ? change->from : diag->path;
		struct known_findings *before =
			kb_map_get(&known, key_of(diag, was, &text));

		if (before && before->left && diag->severity <= before->severity &&
			!kb_path_edited(changes, diag->path))
			before->left--;
		else
			diags->items[kept++] = *diag;
	}
	diags->len = kept;
	kb_map_dispose(&known);
}
