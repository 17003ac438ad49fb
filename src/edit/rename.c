/* The id of an issue, wherever it is used. */
#include "front.h"
#include "kb/edit.h"
#include "kb/feedback.h"
#include "kb/file.h"
#include "kb/pick.h"

struct renaming {
	struct kb_rewrites *rewrites;
	struct kb_renamed *out;
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct kb_reader *reader;
};

/* Is it an id that the schema allows? */
static bool is_id(kb_str id)
{
	for (size_t i = 0; i < id.len; i++)
		if ((unsigned char)id.data[i] <= ' ' || strchr("#?{}/", id.data[i]))
			return false;
	return id.len > 0;
}

static bool has_alias(const struct kb_issue *issue, kb_str id)
{
	for (size_t i = 0; i < issue->aliases.len; i++)
		if (kb_str_eq(issue->aliases.items[i], id))
			return true;
	return false;
}

static int add_name(
	struct renaming *r, const struct kb_issue *issue, kb_str to, struct kb_error *err)
{
	const struct kb_issue *other = kb_taxonomy_find(r->lib->taxonomy, to);

	if (!is_id(to))
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' is not a valid id: write it without spaces, '/', '#', "
			"'?' and braces, such as delivery.missing",
			KB_ARG(to));
	if (other == issue && !has_alias(issue, to))
		return kb_error_set(err, KB_E_USAGE, "this is already its id");
	if (other && other != issue)
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' is %s of another issue: ids never change their meaning",
			KB_ARG(to), kb_str_eq(other->id, to) ? "the id" : "a former id");
	kb_vec_push(&r->out->names, ((struct kb_renamed_issue){issue->id, to}));
	return 0;
}

/* What is renamed: the issue, and with CHILDREN those below it that are called after it.
 */
static int choose(
	struct renaming *r, kb_str from, kb_str to, bool children, struct kb_error *err)
{
	const struct kb_taxonomy *taxonomy = r->lib->taxonomy;
	const struct kb_issue *issue;

	if (kb_pick_issue(r->lib, from, &issue, err))
		return -1;
	if (!kb_str_eq(issue->id, from))
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' is a former id of '%.*s': rename that one, or run 'kb "
			"validate --fix' to replace the former id",
			KB_ARG(from), KB_ARG(issue->id));
	if (add_name(r, issue, to, err))
		return -1;
	for (uint32_t i = kb_taxonomy_index(taxonomy, issue) + 1; i < issue->end; i++) {
		const struct kb_issue *below = &taxonomy->issues[i];
		kb_str rest = kb_str_sub(below->id, from.len, below->id.len);

		if (!kb_str_starts(below->id, from) || !kb_str_starts(rest, KB_STR(".")))
			continue;
		if (!children) {
			r->out->kept = below->id;
		} else if (add_name(r, below,
				   kb_arena_fmt(r->arena, "%.*s%.*s", KB_ARG(to),
					   KB_ARG(rest)),
				   err)) {
			return -1;
		}
	}
	return 0;
}

static bool holds_name(const struct renaming *r, kb_str text)
{
	for (size_t i = 0; i < r->out->names.len; i++)
		if (kb_str_find(text, r->out->names.items[i].from) != SIZE_MAX)
			return true;
	return false;
}

/* Reads a file that may hold one of the names; the text is empty when it holds none. */
static int read_file(struct renaming *r, kb_str path, kb_str *text, struct kb_error *err)
{
	_cleanup_buf_ kb_buf buf = {0};

	*text = KB_STR_NULL;
	if (kb_reader_read(r->reader, path, 0, &buf, err))
		return -1;
	if (holds_name(r, kb_buf_view(&buf)))
		*text = kb_arena_str(r->arena, kb_buf_view(&buf));
	return 0;
}

static void take(struct renaming *r, kb_str path, kb_str before, kb_str after)
{
	if (!kb_str_eq(before, after))
		kb_vec_push(r->rewrites,
			((struct kb_rewrite){
				.path = path, .before = before, .after = after}));
}

/* The maps of a file that may name issues, one after another; NULL past the last. */
typedef const struct kb_node *map_fn(const struct kb_node *root, uint32_t i);

static const struct kb_node empty_map = {.kind = KB_NODE_MAP};

static const struct kb_node *only_root(const struct kb_node *root, uint32_t i)
{
	return i == 0 ? root : NULL;
}

static const struct kb_node *item_of(
	const struct kb_node *root, const char *list_key, const char *key, uint32_t i)
{
	const struct kb_node *list = kb_node_get(root, list_key);

	if (!list || list->kind != KB_NODE_SEQ || i >= list->len)
		return NULL;
	const struct kb_node *map =
		key ? kb_node_get(list->items[i], key) : list->items[i];
	return map && map->kind == KB_NODE_MAP ? map : &empty_map;
}

static const struct kb_node *mount_defaults(const struct kb_node *root, uint32_t i)
{
	return item_of(root, "content", "defaults", i);
}

static const struct kb_node *search_test(const struct kb_node *root, uint32_t i)
{
	return item_of(root, "tests", NULL, i);
}

/* Renames in one key of one map; where the new name stands already, the old one goes. */
static int rename_key(struct kb_yaml_text *yaml, map_fn *maps, uint32_t i, kb_str key,
	const struct kb_renamed_issue *name, unsigned *places, struct kb_error *err)
{
	for (;;) {
		const struct kb_node *map = maps(yaml->root, i);
		const struct kb_node *value = kb_node_get_str(map, key), *found;
		uint32_t at, other;

		found = kb_front_find(value, name->from, &at);
		if (!found)
			return 0;
		if (kb_front_find(value, name->to, &other)
				? kb_yaml_drop(yaml, map, key, at, err)
				: kb_yaml_replace(yaml, found, name->to, err))
			return -1;
		++*places;
	}
}

static int rename_in(struct renaming *r, struct kb_yaml_text *yaml, map_fn *maps,
	kb_str key, unsigned *places, struct kb_error *err)
{
	for (uint32_t i = 0; maps(yaml->root, i); i++)
		for (size_t k = 0; k < r->out->names.len; k++)
			if (rename_key(yaml, maps, i, key, &r->out->names.items[k],
				    places, err))
				return -1;
	return 0;
}

/* Says which file it is that cannot be changed. */
static int fail_in(kb_str path, struct kb_error *err)
{
	struct kb_error why = *err;

	return kb_error_set(err, why.code, "%.*s: %s", KB_ARG(path), why.message);
}

static int rename_file(struct renaming *r, kb_str path, map_fn *maps, const char *key,
	unsigned *places, struct kb_error *err)
{
	struct kb_yaml_text yaml;
	kb_str text;

	if (read_file(r, path, &text, err))
		return -1;
	if (text.len && kb_yaml_open(&yaml, r->arena, text, false, NULL)) {
		r->out->unread = path;
		return 0;
	}
	if (!text.len)
		return 0;
	if (rename_in(r, &yaml, maps, kb_str_of(key), places, err))
		return fail_in(path, err);
	take(r, path, text, yaml.file);
	return 0;
}

static bool names_one(const struct renaming *r, const struct kb_document *doc)
{
	for (size_t i = 0; i < doc->facts->issues.len; i++)
		for (size_t k = 0; k < r->out->names.len; k++)
			if (kb_str_eq(doc->facts->issues.items[i],
				    r->out->names.items[k].from))
				return true;
	return false;
}

static int rename_document(
	struct renaming *r, const struct kb_document *doc, struct kb_error *err)
{
	struct kb_front front;
	unsigned places = 0;
	kb_str text;

	/* One that could not be read at all has no blob; kb_edit_check_read saw to it.
	 */
	if (doc->facts->broken && *doc->facts->blob) {
		if (read_file(r, doc->path, &text, err))
			return -1;
		if (text.len)
			r->out->unread = doc->path;
	}
	if (doc->facts->broken || !names_one(r, doc))
		return 0;
	if (kb_front_open(&front, r->arena, r->lib->source, doc, err))
		return -1;
	/* A key may go with its last item, so the names are looked up again. */
	for (uint32_t i = 0; i < doc->facts->front->len; i++) {
		kb_str key = doc->facts->front->pairs[i].key->value;

		if (kb_front_means(doc, key, "issues") &&
			rename_in(r, &front.yaml, only_root, key, &places, err))
			return fail_in(doc->path, err);
	}
	r->out->documents += places > 0;
	take(r, doc->path, front.before, front.yaml.file);
	return 0;
}

static const struct kb_node *find_issue(const struct kb_node *list, kb_str id)
{
	const struct kb_node *found = NULL;

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len && !found;
		i++) {
		const struct kb_node *issue = list->items[i];

		if (kb_str_eq(kb_node_str(kb_node_get(issue, "id")), id))
			found = issue;
		else
			found = find_issue(kb_node_get(issue, "children"), id);
	}
	return found;
}

/* The last of an issue's own keys that are there: aliases follow it, before children. */
static const char *before_aliases(const struct kb_node *issue)
{
	static const char *const keys[] = {"id", "label", "description", "owner",
		"keywords", "examples", "needs", "tier", "audience"};
	const char *last = "id";
	uint32_t children = UINT32_MAX;

	for (uint32_t i = 0; i < issue->len; i++)
		if (kb_str_is(issue->pairs[i].key->value, "children"))
			children = i;
	for (uint32_t i = 0; i < issue->len && i < children; i++)
		for (size_t k = 0; k < KB_LEN(keys); k++)
			if (kb_str_is(issue->pairs[i].key->value, keys[k]))
				last = keys[k];
	return last;
}

static int rename_issue(struct kb_yaml_text *yaml, const struct kb_renamed_issue *name,
	struct kb_error *err)
{
	const struct kb_node *issue =
		find_issue(kb_node_get(yaml->root, "issues"), name->from);
	const struct kb_node *alias;
	uint32_t at;

	if (!issue)
		return kb_error_set(
			err, KB_E_REFUSED, "kb cannot find '%.*s'", KB_ARG(name->from));
	if (kb_yaml_replace(yaml, kb_node_get(issue, "id"), name->to, err))
		return -1;
	/* Back to a former id: the two change places. */
	alias = kb_front_find(kb_node_get(issue, "aliases"), name->to, &at);
	if (alias)
		return kb_yaml_replace(yaml, alias, name->from, err);
	return kb_yaml_add(yaml, issue, KB_STR("aliases"), &name->from, 1,
		before_aliases(issue), err);
}

static int rename_taxonomy(struct renaming *r, struct kb_error *err)
{
	kb_str path = r->lib->taxonomy->path, text;
	struct kb_yaml_text yaml;

	if (read_file(r, path, &text, err))
		return -1;
	if (kb_yaml_open(&yaml, r->arena, text, false, err))
		return fail_in(path, err);
	kb_yaml_together(&yaml);
	for (size_t i = 0; i < r->out->names.len; i++)
		if (rename_issue(&yaml, &r->out->names.items[i], err))
			return fail_in(path, err);
	if (kb_yaml_make(&yaml, err))
		return fail_in(path, err);
	take(r, path, text, yaml.file);
	return 0;
}

static const struct kb_renamed_issue *name_at_front(const struct renaming *r, kb_str line)
{
	for (size_t i = 0; i < r->out->names.len; i++) {
		kb_str from = r->out->names.items[i].from;

		if (kb_str_starts(line, from) && line.len > from.len &&
			line.data[from.len] == ',')
			return &r->out->names.items[i];
	}
	return NULL;
}

/* In counts of tickets, the issue is first in each line, without quotes. */
static int rename_counts(struct renaming *r, kb_str path, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str text;

	if (read_file(r, path, &text, err))
		return -1;
	for (size_t at = 0; at < text.len;) {
		kb_str rest = kb_str_sub(text, at, text.len);
		size_t end = kb_str_chr(rest, '\n');
		kb_str line = kb_str_sub(rest, 0, end == SIZE_MAX ? rest.len : end + 1);
		const struct kb_renamed_issue *name = at ? name_at_front(r, line) : NULL;

		at += line.len;
		if (name) {
			kb_buf_str(&out, name->to);
			line = kb_str_sub(line, name->from.len, line.len);
			r->out->counts++;
		}
		kb_buf_str(&out, line);
	}
	take(r, path, text, kb_arena_str(r->arena, kb_buf_view(&out)));
	return 0;
}

static int rename_entries(struct renaming *r, struct kb_error *err)
{
	const struct kb_library *lib = r->lib;

	for (size_t i = 0; i < lib->nentries; i++) {
		const struct kb_entry *entry = &lib->entries[i];
		kb_str path = entry->path, ext = kb_path_ext(path);
		int failed = 0;

		if (entry->kind != KB_ENTRY_FILE)
			continue;
		if (kb_feedback_is_path(path))
			failed = rename_file(
				r, path, only_root, "issue", &r->out->feedback, err);
		else if (kb_str_is(path, "search-tests.yaml"))
			failed = rename_file(
				r, path, search_test, "issue", &r->out->tests, err);
		else if (kb_str_is(path, "kb.yaml"))
			failed = rename_file(
				r, path, mount_defaults, "issues", &r->out->mounts, err);
		else if (kb_str_starts(path, KB_STR("usage/tickets-")) &&
			 kb_str_is(ext, ".csv"))
			failed = rename_counts(r, path, err);
		if (failed)
			return -1;
	}
	return 0;
}

static int rename_all(struct renaming *r, struct kb_error *err)
{
	const struct kb_library *lib = r->lib;

	if (kb_edit_check_read(r->lib, r->rewrites->findings, &(kb_strs){0}, err) ||
		rename_taxonomy(r, err) || rename_entries(r, err))
		return -1;
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (rename_document(r, lib->docs[i], err))
			return -1;
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct kb_rewrite *x = a, *y = b;

	return kb_str_cmp(x->path, y->path);
}

int kb_edit_rename_issue(struct kb_rewrites *rewrites, kb_str from, kb_str to,
	bool children, struct kb_renamed *renamed, struct kb_error *err)
{
	struct renaming r = {.rewrites = rewrites,
		.out = renamed,
		.lib = rewrites->lib,
		.arena = rewrites->arena,
		.reader = kb_reader_new(rewrites->lib->source)};

	*renamed = (struct kb_renamed){0};
	int failed = choose(&r, from, to, children, err) || rename_all(&r, err) ? -1 : 0;
	if (!failed && rewrites->len)
		qsort(rewrites->items, rewrites->len, sizeof(*rewrites->items), by_path);
	kb_reader_free(r.reader);
	return failed;
}
