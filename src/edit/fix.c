#include "kb/fix.h"

#include "kb/file.h"
#include "kb/operand.h"
#include "kb/patch.h"
#include "kb/yaml_edit.h"

enum { ROUNDS_MAX = 10 };

void kb_fix_init(struct kb_fix *fix)
{
	*fix = (struct kb_fix){.arena = kb_arena_new()};
}

void kb_fix_dispose(struct kb_fix *fix)
{
	for (size_t i = 0; i < fix->len; i++)
		kb_vec_dispose(&fix->items[i]->seen);
	kb_vec_dispose(fix);
	kb_map_dispose(&fix->by_path);
	kb_arena_free(fix->arena);
}

static struct kb_fix_file *file_of(struct kb_fix *fix, kb_str path, kb_str text)
{
	struct kb_fix_file *file = kb_map_get(&fix->by_path, path);

	if (file)
		return file;
	file = kb_arena_new_of(fix->arena, struct kb_fix_file);
	file->rewrite.path = kb_arena_str(fix->arena, path);
	file->rewrite.before = file->rewrite.after = kb_arena_str(fix->arena, text);
	kb_vec_push(&file->seen, file->rewrite.before);
	kb_vec_push(fix, file);
	kb_map_put(&fix->by_path, file->rewrite.path, file);
	return file;
}

/* How many findings the file's YAML gives when it is read; SIZE_MAX: it cannot be. */
static size_t yaml_mistakes(struct kb_arena *arena, kb_str path, kb_str text)
{
	bool front = kb_str_eq_nocase(kb_path_ext(path), KB_STR(".md"));
	bool yaml = kb_str_is(kb_path_ext(path), ".yaml") ||
		    kb_str_is(kb_path_ext(path), ".yml");
	struct kb_yaml_text read;

	if (!front && !yaml)
		return 0;
	return kb_yaml_open(&read, arena, text, front, NULL) ? SIZE_MAX : read.mistakes;
}

/* What the first N findings make of the text: how many of them had their way. */
static size_t make(
	kb_str text, const struct kb_diag *const *findings, size_t n, kb_buf *out)
{
	struct kb_patch patch = {.text = text};
	size_t made = 0;

	for (size_t i = 0; i < n; i++)
		made += findings[i]->nedits && !findings[i]->guess &&
			kb_patch_take(&patch, findings[i]->edits, findings[i]->nedits);
	if (made)
		kb_patch_apply(&patch, out);
	kb_patch_dispose(&patch);
	return made;
}

/* The same, without those of the findings after which the YAML cannot be read as well as
 * it could. */
static size_t make_sound(struct kb_arena *arena, kb_str text,
	const struct kb_diag *const *findings, size_t n, kb_buf *out)
{
	const struct kb_diag **sound = kb_arena_array(arena, const struct kb_diag *, n);
	size_t mistakes = yaml_mistakes(arena, findings[0]->path, text), kept = 0;

	for (size_t i = 0; i < n; i++) {
		sound[kept] = findings[i];
		kb_buf_clear(out);
		if (make(text, sound, kept + 1, out) == kept + 1 &&
			yaml_mistakes(arena, findings[0]->path, kb_buf_view(out)) <=
				mistakes)
			kept++;
	}
	kb_buf_clear(out);
	return make(text, sound, kept, out);
}

static bool was_seen(const struct kb_fix_file *file, kb_str text)
{
	for (size_t i = 0; i < file->seen.len; i++)
		if (kb_str_eq(file->seen.items[i], text))
			return true;
	return false;
}

/* Fixes one file; TEXT is what it is in this round. */
static bool fix_findings(
	struct kb_fix *fix, kb_str text, const struct kb_diag *const *findings, size_t n)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	kb_str path = findings[0]->path;
	size_t made = make(text, findings, n, &out);
	struct kb_fix_file *file;

	if (made && yaml_mistakes(scratch, path, kb_buf_view(&out)) >
			    yaml_mistakes(scratch, path, text))
		made = make_sound(scratch, text, findings, n, &out);
	if (!made)
		return false;
	file = file_of(fix, path, text);
	if (file->circular)
		return false;
	file->circular = was_seen(file, kb_buf_view(&out));
	file->fixed = file->circular ? 0 : file->fixed + made;
	file->rewrite.after = file->circular
				      ? file->rewrite.before
				      : kb_arena_str(fix->arena, kb_buf_view(&out));
	kb_vec_push(&file->seen, file->rewrite.after);
	return true;
}

size_t kb_fix_round(struct kb_fix *fix, const struct kb_diag *const *findings, size_t n,
	kb_diag_text_fn *text, void *ctx)
{
	size_t changed = 0, to;

	for (size_t from = 0; from < n; from = to) {
		bool any = false;
		kb_str now;

		for (to = from; to < n; to++) {
			if (!kb_str_eq(findings[to]->path, findings[from]->path))
				break;
			any |= findings[to]->nedits && !findings[to]->guess;
		}
		if (any && text(ctx, findings[from]->path, &now))
			changed += fix_findings(fix, now, &findings[from], to - from);
	}
	return changed;
}

/* Files of the content root, and no links to others. */
static bool is_own(const struct kb_library *lib, kb_str path, bool has_config)
{
	const struct kb_entry *entry = lib ? kb_library_entry(lib, path) : NULL;
	bool config = kb_str_is(path, "kb.yaml") || kb_str_is(path, "people.yaml") ||
		      kb_str_is(path, "taxonomy.yaml");

	if (!lib) /* kb.yaml is broken, and nothing else was read */
		return kb_str_is(path, "kb.yaml") && !has_config;
	return entry && entry->kind == KB_ENTRY_FILE && !(config && has_config);
}

bool kb_fix_content(struct kb_fix *fix, struct kb_source *source,
	const struct kb_library *lib, const struct kb_diags *findings,
	const kb_strs *paths, bool has_config)
{
	struct kb_source_texts texts = {.reader = kb_reader_new(source)};
	struct {
		KB_VEC(const struct kb_diag *);
	} own = {0};
	size_t changed = 0;

	for (size_t i = 0; i < findings->len; i++) {
		const struct kb_diag *diag = &findings->items[i];

		if (kb_path_selected(paths, diag->path) &&
			is_own(lib, diag->path, has_config))
			kb_vec_push(&own, diag);
	}
	if (fix->rounds++ < ROUNDS_MAX)
		changed = kb_fix_round(
			fix, own.items, own.len, kb_source_texts_get, &texts);
	kb_vec_dispose(&own);
	kb_source_texts_dispose(&texts);
	return changed > 0;
}

static int by_path(const void *a, const void *b)
{
	const struct kb_rewrite *x = a, *y = b;

	return kb_str_cmp(x->path, y->path);
}

size_t kb_fix_rewrites(struct kb_fix *fix, struct kb_rewrite **rewrites)
{
	size_t n = 0;

	*rewrites = kb_arena_array(fix->arena, struct kb_rewrite, fix->len);
	for (size_t i = 0; i < fix->len; i++) {
		const struct kb_rewrite *rewrite = &fix->items[i]->rewrite;

		if (!kb_str_eq(rewrite->before, rewrite->after))
			(*rewrites)[n++] = *rewrite;
	}
	if (n)
		qsort(*rewrites, n, sizeof(**rewrites), by_path);
	return n;
}

size_t kb_fix_count(const struct kb_fix *fix)
{
	size_t n = 0;

	for (size_t i = 0; i < fix->len; i++)
		n += fix->items[i]->fixed;
	return n;
}
