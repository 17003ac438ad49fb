#include "adopt.h"

#include <ctype.h>

#include "kb/file.h"
#include "kb/mount.h"

/* Files of a project that are about the project, whatever stands beside them. */
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

static void ignore(struct adoption *a, kb_str path, const char *why)
{
	kb_vec_push(
		&a->ignored, ((struct adopt_ignored){kb_arena_str(a->arena, path), why}));
}

static void add_document(struct adoption *a, kb_str path, kb_str text)
{
	kb_str body;
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
	kb_vec_push(&a->docs, ((struct adopt_doc){.path = kb_arena_str(a->arena, path),
				      .front = front,
				      .templated = templated}));
}

/* The value of a setting in a site generator's file, whichever of its spellings. */
static kb_str find_setting(kb_str text, const char *key)
{
	kb_str line, k = kb_str_of(key);
	for (kb_str rest = text; kb_str_next(&rest, '\n', &line);) {
		line = kb_str_trim(line);
		if (!kb_str_starts(line, k))
			continue;
		line = kb_str_trim(kb_str_sub(line, k.len, line.len));
		if (!line.len || (line.data[0] != ':' && line.data[0] != '='))
			continue;
		line = kb_str_trim(kb_str_sub(line, 1, line.len));
		while (line.len && strchr("\"',;/", line.data[line.len - 1]))
			line.len--;
		while (line.len && strchr("\"'", line.data[0]))
			line = kb_str_sub(line, 1, line.len);
		if (kb_str_starts(line, KB_STR("http")) &&
			kb_str_chr(line, ' ') == SIZE_MAX)
			return line;
	}
	return KB_STR_NULL;
}

static void guess_base_url(struct adoption *a, kb_str path, kb_str text)
{
	static const struct {
		const char *file, *key;
	} table[] = {{"_config.yml", "url"}, {"_config.yaml", "url"},
		{"mkdocs.yml", "site_url"}, {"mkdocs.yaml", "site_url"},
		{"hugo.toml", "baseURL"}, {"config.toml", "baseURL"},
		{"hugo.yaml", "baseURL"}, {"config.yaml", "baseURL"},
		{"docusaurus.config.js", "url"}, {"docusaurus.config.ts", "url"}};
	kb_str found = KB_STR_NULL, host = kb_str_trim(text);
	if (kb_str_is(path, "CNAME") && kb_str_chr(host, '\n') == SIZE_MAX && host.len)
		found = kb_arena_fmt(a->arena, "https://%.*s", KB_ARG(host));
	for (size_t i = 0; i < KB_LEN(table) && !found.len; i++) {
		if (kb_str_is(path, table[i].file))
			found = find_setting(text, table[i].key);
	}
	if (found.len && !a->base_url.len)
		a->base_url = kb_arena_str(a->arena, found);
}

static void visit(struct adoption *a, struct kb_reader *reader,
	const struct kb_entry *entry, kb_str path)
{
	_cleanup_buf_ kb_buf text = {0};
	bool markdown = kb_path_is_markdown(path);
	bool top = kb_str_chr(path, '/') == SIZE_MAX;
	if (entry->kind != KB_ENTRY_FILE || (!markdown && !top))
		return;
	if (markdown && in_hidden_folder(path)) {
		ignore(a, path, "in a hidden folder");
		return;
	}
	if (!markdown && !kb_str_is(path, "CNAME") &&
		kb_str_find(path, KB_STR("onfig")) == SIZE_MAX &&
		!kb_str_starts(path, KB_STR("mkdocs")) &&
		!kb_str_starts(path, KB_STR("hugo")))
		return;
	if (kb_reader_read(reader, entry->path, 0, &text, NULL))
		return;
	if (markdown)
		add_document(a, path, kb_buf_view(&text));
	else
		guess_base_url(a, path, kb_buf_view(&text));
}

/* The longest folder that all documents are below. */
static void find_base(struct adoption *a)
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

int adopt_survey(
	struct adoption *a, struct kb_source *source, kb_str prefix, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *list = kb_arena_new();
	struct kb_entry *entries;
	size_t n;
	*a = (struct adoption){.arena = kb_arena_new()};
	if (kb_source_list(source, list, &entries, &n, err))
		return -1;
	struct kb_reader *reader = kb_reader_new(source);
	for (size_t i = 0; i < n; i++) {
		kb_str path = entries[i].path;
		if (kb_str_starts(path, prefix))
			visit(a, reader, &entries[i],
				kb_str_sub(path, prefix.len, path.len));
	}
	kb_reader_free(reader);
	if (!a->docs.len)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there is no Markdown here to adopt: 'kb init' makes a new help "
			"center");
	adopt_keys(a);
	find_base(a);
	adopt_locales(a);
	adopt_topics(a);
	return 0;
}

void adopt_dispose(struct adoption *a)
{
	kb_vec_dispose(&a->docs);
	kb_vec_dispose(&a->locales);
	kb_vec_dispose(&a->keys);
	kb_vec_dispose(&a->topics);
	kb_vec_dispose(&a->ignored);
	kb_vec_dispose(&a->redirects);
	kb_map_dispose(&a->aliases);
	kb_arena_free(a->arena);
}
