#include "adopt.h"

#include "kb/file.h"

/* Files of a project that are about the project, in whatever folder they are. */
static bool is_about_project(kb_str path)
{
	static const char *const names[] = {"readme", "license", "licence", "changelog",
		"contributing", "code_of_conduct", "security", "authors", "maintainers",
		"support", "governance", "notice", "pull_request_template",
		"issue_template", "history"};
	kb_str base = kb_path_base(path);
	kb_str stem = kb_str_sub(base, 0, kb_str_chr(base, '.'));

	for (size_t i = 0; i < KB_LEN(names); i++) {
		if (kb_str_eq_nocase(stem, kb_str_of(names[i])))
			return true;
	}
	return false;
}

static bool in_hidden_folder(kb_str path)
{
	return path.data[0] == '.' || kb_str_find(path, KB_STR("/.")) != SIZE_MAX;
}

static void ignore(struct kb_adoption *a, kb_str path, const char *why)
{
	kb_vec_push(&a->ignored,
		((struct kb_adopt_ignored){kb_arena_str(a->arena, path), why}));
}

static void add_document(struct kb_adoption *a, kb_str path, kb_str text)
{
	kb_str body = text;
	uint32_t offset;
	struct kb_diags scratch;

	kb_diags_init(&scratch, NULL);
	/* The tree borrows from the text, which goes. */
	kb_str copy = kb_arena_str(a->arena, text);
	struct kb_node *front =
		kb_front_matter_parse(a->arena, copy, path, &body, &offset, &scratch);
	kb_diags_dispose(&scratch);
	if (!front && is_about_project(path)) {
		ignore(a, path, "about the project, not a document");
		return;
	}
	bool templated = kb_str_find(text, KB_STR("{{")) != SIZE_MAX ||
			 kb_str_find(text, KB_STR("{%")) != SIZE_MAX;
	a->templated += templated;
	kb_vec_push(&a->docs, ((struct kb_adopt_doc){.path = kb_arena_str(a->arena, path),
				      .front = front,
				      .reads = adopt_language_of(body),
				      .templated = templated}));
}

static int visit(struct kb_adoption *a, struct kb_reader *reader,
	const struct kb_entry *entry, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str path = entry->path;
	bool markdown = kb_path_is_markdown(path);
	bool top = kb_str_chr(path, '/') == SIZE_MAX;

	if (entry->kind != KB_ENTRY_FILE || (!markdown && !top))
		return 0;
	if (markdown && in_hidden_folder(path)) {
		ignore(a, path, "in a hidden folder");
		return 0;
	}
	if (markdown ? adopt_in_foreign_folder(a, path) : !adopt_is_settings(path))
		return 0;
	if (kb_reader_read(reader, path, 0, &text, err))
		return err->code == KB_E_REFUSED ? 0 : -1;
	if (markdown)
		add_document(a, path, kb_buf_view(&text));
	else
		adopt_settings(a, path, kb_buf_view(&text));
	return 0;
}

/* The longest folder that all documents are below. */
static void find_base(struct kb_adoption *a)
{
	kb_str base = a->docs.len ? kb_path_dir(a->docs.items[0].path) : KB_STR_NULL;

	for (size_t i = 0; i < a->docs.len; i++) {
		kb_str dir = kb_path_dir(a->docs.items[i].path);

		while (base.len && !kb_str_eq(dir, base) &&
			!(kb_str_starts(dir, base) && dir.data[base.len] == '/'))
			base = kb_path_dir(base);
	}
	a->base = base.len ? kb_arena_fmt(a->arena, "%.*s/", KB_ARG(base)) : KB_STR_NULL;
}

static int ignored_cmp(const void *pa, const void *pb)
{
	const struct kb_adopt_ignored *a = pa, *b = pb;
	int order = strcmp(a->why, b->why);

	return order ? order : kb_str_cmp(a->path, b->path);
}

static void sort_ignored(struct kb_adoption *a)
{
	if (a->ignored.len)
		qsort(a->ignored.items, a->ignored.len, sizeof(a->ignored.items[0]),
			ignored_cmp);
}

int adopt_survey(
	struct kb_adoption *a, struct kb_source *source, time_t now, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *list = kb_arena_new();
	struct kb_entry *entries;
	size_t n;
	int failed = 0;

	*a = (struct kb_adoption){.arena = kb_arena_new()};
	if (kb_source_list(source, list, &entries, &n, err))
		return -1;
	struct kb_reader *reader = kb_reader_new(source);
	for (size_t i = 0; i < n && !failed; i++)
		failed = visit(a, reader, &entries[i], err);
	kb_reader_free(reader);
	if (failed)
		return -1;
	adopt_keys(a);
	adopt_drop(a, now);
	if (!a->docs.len)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there is no Markdown here to adopt: 'kb init' creates a new "
			"help center");
	sort_ignored(a);
	find_base(a);
	adopt_locales(a);
	adopt_topics(a);
	return 0;
}

void kb_adoption_dispose(struct kb_adoption *a)
{
	kb_vec_dispose(&a->docs);
	kb_vec_dispose(&a->locales);
	kb_vec_dispose(&a->keys);
	kb_vec_dispose(&a->topics);
	kb_vec_dispose(&a->ignored);
	kb_vec_dispose(&a->redirects);
	kb_vec_dispose(&a->formers);
	kb_vec_dispose(&a->faults);
	kb_map_dispose(&a->aliases);
	kb_arena_free(a->arena);
}
