#include "kb/library.h"

#include <pthread.h>

#include "facts_flat.h"
#include "facts_store.h"
#include "index.h"
#include "kb/file.h"
#include "kb/moment.h"
#include "kb/pool.h"
#include "kb/store.h"
#include "kb/unicode.h"

struct load_worker {
	struct kb_arena *arena;
	struct kb_reader *reader;
	struct kb_arena *facts;	  /* lives as long as a library has them */
	struct kb_spool *records; /* to be written to the store */
	struct kb_diags diags;
	kb_buf text;
};

struct library_load {
	struct kb_library *lib;
	const struct kb_library *like; /* or NULL */
	const kb_map *changed; /* paths of files that `like` has otherwise; or NULL */
	const struct kb_library_watch *watch;
	struct kb_diags *diags;
	const struct kb_text_check *check; /* or NULL */
	const struct kb_text_keeper *keeper;
	uint64_t settings; /* of the check */
	bool store;
	struct facts_file *files; /* those that are documents, sorted by path */
	struct load_worker *workers;
	unsigned nworkers, threads;
	const char *as_of;   /* or NULL */
	uint32_t *workflows; /* indices of documents */
	pthread_mutex_t schemas_lock;
	bool schemas_ready;
};

/* Reads a file of the root; data NULL when it is not there. */
static int read_root_file(
	struct kb_library *lib, kb_str name, kb_str *text, struct kb_error *err)
{
	struct kb_reader *reader = kb_reader_new(lib->source);
	_cleanup_buf_ kb_buf buf = {0};
	struct kb_error local = {0};
	int status = kb_reader_read(reader, name, 0, &buf, &local);

	kb_reader_free(reader);
	*text = KB_STR_NULL;
	if (status == 0) {
		*text = kb_arena_str(lib->index->arena, kb_buf_view(&buf));
		return 0;
	}
	return local.code == KB_E_NOTFOUND
		       ? 0
		       : kb_error_set(err, local.code, "%s", local.message);
}

static int load_config(struct library_load *load, struct kb_error *err)
{
	struct kb_library *lib = load->lib;
	kb_str text;

	if (read_root_file(lib, KB_STR("kb.yaml"), &text, err) < 0)
		return -1;
	if (!text.data)
		return kb_error_set(err, KB_E_NOTFOUND, "there is no kb.yaml");
	lib->config =
		kb_config_parse(lib->index->arena, text, KB_STR("kb.yaml"), load->diags);
	if (!lib->config)
		return kb_error_set(err, KB_E_CONFIG,
			"kb.yaml has errors: fix them, then run kb again");
	load->diags->severities = lib->config->severities;
	lib->index->config_text = text;
	return 0;
}

static int load_registers(struct library_load *load, struct kb_error *err)
{
	struct kb_library *lib = load->lib;
	kb_str people, taxonomy;

	if (read_root_file(lib, KB_STR("people.yaml"), &people, err) < 0 ||
		read_root_file(lib, KB_STR("taxonomy.yaml"), &taxonomy, err) < 0)
		return -1;
	lib->index->people = kb_hash128(people);
	lib->index->taxonomy = kb_hash128(taxonomy);
	lib->people = kb_people_parse(lib->index->arena, lib->config, people,
		KB_STR("people.yaml"), load->diags);
	lib->taxonomy = kb_taxonomy_parse(lib->index->arena, lib->config, taxonomy,
		KB_STR("taxonomy.yaml"), load->diags);
	return 0;
}

/* A $ref of a repository's own schema: another file of the content root. */
static int load_schema_ref(void *ctx, kb_str ref, kb_str *text)
{
	struct kb_library *lib = ctx;
	struct kb_error err;
	kb_str path;

	if (!kb_path_normalize(lib->index->arena, ref, &path))
		return -1;
	return read_root_file(lib, path, text, &err) == 0 && text->data ? 0 : -1;
}

static kb_str schema_file(const struct kb_config *config, enum kb_type type)
{
	for (uint32_t i = 0; i < config->nschemas; i++)
		if (kb_str_is(config->schemas[i].from, kb_type_name(type)))
			return config->schemas[i].to;
	return KB_STR_NULL;
}

static int load_schema(struct library_load *load, enum kb_type type, struct kb_error *err)
{
	struct kb_library *lib = load->lib;
	kb_str file = schema_file(lib->config, type), text;
	struct kb_error why = {0};

	if (file.len == 0) {
		file = kb_str_of(kb_type_name(type));
		return kb_schema_compile(&lib->index->schemas[type],
			kb_schema_builtin(file), file, NULL, NULL, err);
	}
	if (!kb_path_normalize(lib->index->arena, file, &file))
		text = KB_STR_NULL;
	else if (read_root_file(lib, file, &text, err) < 0)
		return -1;
	if (text.data && kb_schema_compile(&lib->index->schemas[type], text, file,
				 load_schema_ref, lib, &why) == 0)
		return 0;
	kb_diag_add(load->diags, KB_RULE_CONFIG_VALUE, lib->config->path,
		kb_node_get_str(kb_node_get(lib->config->root, "schemas"),
			kb_str_of(kb_type_name(type)))
			->range,
		text.data ? "the schema %.*s cannot be used: %s"
			  : "there is no file %.*s%s",
		KB_ARG(file), why.message);
	return kb_error_set(
		err, KB_E_CONFIG, "the schema %.*s cannot be used", KB_ARG(file));
}

static int load_schemas(struct library_load *load, struct kb_error *err)
{
	for (int i = 0; i < KB_TYPE_COUNT; i++)
		if (load_schema(load, (enum kb_type)i, err) < 0)
			return -1;
	load->schemas_ready = true;
	return 0;
}

/* Those that are built in have no faults, and wait for a text that is read. */
static const struct kb_schema *const *schemas_of(struct library_load *load)
{
	pthread_mutex_lock(&load->schemas_lock);
	if (!load->schemas_ready)
		load_schemas(load, NULL);
	pthread_mutex_unlock(&load->schemas_lock);
	return (const struct kb_schema *const *)load->lib->index->schemas;
}

static int check_schemas(struct library_load *load, struct kb_error *err)
{
	const struct kb_config *config = load->lib->config;

	if (config->nschemas && load_schemas(load, err) < 0)
		return -1;
	for (uint32_t i = 0; i < config->nmounts; i++)
		if (config->mounts[i].defaults)
			kb_facts_check_defaults(load->lib->index->arena,
				&(struct kb_facts_context){config, schemas_of(load),
					&config->mounts[i], config->path, NULL},
				load->diags);
	return 0;
}

/* Files that every repository has and nobody means to publish. */
static bool is_project_file(kb_str path)
{
	static const char *const names[] = {"readme", "license", "licence", "changelog",
		"contributing", "code_of_conduct", "security"};
	kb_str rest = path, part;

	/* A style that was taken over brings a README. */
	if (kb_str_starts(path, KB_STR("style/")))
		return true;
	if (kb_str_chr(path, '/') == SIZE_MAX) {
		for (size_t i = 0; i < KB_LEN(names); i++)
			if (kb_str_eq_nocase(
				    kb_str_sub(path, 0, path.len - kb_path_ext(path).len),
				    kb_str_of(names[i])))
				return true;
	}
	while (kb_str_next(&rest, '/', &part))
		if (kb_str_starts(part, KB_STR(".")))
			return true;
	return false;
}

static bool is_mounted(const struct library_load *load, kb_str path)
{
	uint32_t locale;

	return kb_mounts_match(load->lib->index->mounts, path, &locale) != NULL;
}

/* The folder of PATH as it may be meant, as in en/articles/ for en/article/; or empty. */
static kb_str folder_meant(const struct library_load *load, kb_str path)
{
	static const kb_str names[] = {{"articles", 8}, {"workflows", 9}, {"replies", 7},
		{"reference", 9}, {"snippets", 8}};
	kb_str rest = path, locale, folder;
	const kb_str *name;

	if (!kb_str_next(&rest, '/', &locale) || !kb_str_next(&rest, '/', &folder))
		return KB_STR("");
	name = kb_str_nearest(folder, names, KB_LEN(names));
	if (!name ||
		!is_mounted(load, kb_arena_fmt(load->diags->arena, "%.*s/%.*s/%.*s",
					  KB_ARG(locale), KB_ARG(*name), KB_ARG(rest))))
		return KB_STR("");
	return kb_arena_fmt(
		load->diags->arena, "%.*s/%.*s/", KB_ARG(locale), KB_ARG(*name));
}

/* Has the code a name? */
static bool is_language(struct kb_arena *arena, kb_str code)
{
	kb_str tag;

	return code.len >= 2 && code.len <= 7 && kb_locale_canonical(arena, code, &tag) &&
	       !kb_str_eq_nocase(kb_locale_name(arena, tag), tag);
}

/* Is the first folder a locale that is only not configured? */
static bool is_new_locale(const struct library_load *load, kb_str path, kb_str *code)
{
	const struct kb_config *config = load->lib->config;
	kb_str rest = path;

	return kb_str_next(&rest, '/', code) && rest.len &&
	       is_language(load->diags->arena, *code) &&
	       kb_config_locale(config, *code) == KB_NONE &&
	       is_mounted(load, kb_arena_fmt(load->diags->arena, "%.*s/%.*s",
					KB_ARG(config->locales[0].code), KB_ARG(rest)));
}

static void report_unmounted(const struct library_load *load, kb_str path)
{
	struct kb_diags *diags = load->diags;
	struct kb_diag *diag = kb_diag_add(diags, KB_RULE_FILE_UNMOUNTED, path,
		(kb_range){0, 0},
		"this Markdown file is not in a content folder of kb.yaml, so it is not "
		"on any site");
	kb_str bare = kb_str_sub(path, 0, path.len - kb_path_ext(path).len);
	kb_str renamed = kb_arena_fmt(diags->arena, "%.*s.md", KB_ARG(bare));
	kb_str folder = folder_meant(load, path), code;

	if (is_mounted(load, renamed))
		kb_diag_hint(diags, diag, "rename it to %.*s", KB_ARG(renamed));
	else if (is_new_locale(load, path, &code))
		kb_diag_hint(diags, diag,
			"'%.*s' is not in 'locales' of kb.yaml; add '- code: %.*s' there",
			KB_ARG(code), KB_ARG(code));
	else if (folder.len)
		kb_diag_hint(diags, diag, "did you mean %.*s?", KB_ARG(folder));
	else
		kb_diag_hint(diags, diag,
			"move it into a folder such as %.*s/articles/, or add its folder "
			"under 'content:' in kb.yaml",
			KB_ARG(load->lib->config->locales[0].code));
}

static void find_documents(struct library_load *load)
{
	struct kb_library *lib = load->lib;

	load->files = kb_xcalloc(lib->nentries, sizeof(*load->files));
	for (size_t i = 0; i < lib->nentries; i++) {
		struct facts_file found = {
			.entry = &lib->entries[i], .number = KB_STORE_NONE};
		kb_str path = found.entry->path;

		if (found.entry->kind == KB_ENTRY_SUBMODULE || !kb_path_is_markdown(path))
			continue;
		found.mount = kb_mounts_match(lib->index->mounts, path, &found.locale);
		if (found.mount) {
			found.key = facts_store_mount(lib->index->facts, found.mount);
			load->files[lib->ndocs++] = found;
		} else if (!is_project_file(path))
			report_unmounted(load, path);
	}
}

static struct kb_document document_at(
	const struct library_load *load, size_t i, const struct kb_facts *facts)
{
	const struct facts_file *file = &load->files[i];

	return (struct kb_document){.facts = facts,
		.context = file->key,
		.path = file->entry->path,
		.number = (uint32_t)i,
		.locale = file->locale,
		.mount = file->mount};
}

/* Does the watch want to see the text of the document with these facts? */
static bool is_wanted(
	const struct library_load *load, size_t i, const struct kb_facts *facts)
{
	const struct kb_document doc = document_at(load, i, facts);

	return load->watch && load->watch->wants(load->watch->ctx, &doc);
}

static void show(const struct library_load *load, size_t i, unsigned w,
	const struct kb_facts *facts, struct kb_md *md)
{
	const struct kb_document doc = document_at(load, i, facts);

	if (load->watch)
		load->watch->see(load->watch->ctx, (uint32_t)i, &doc, md, w);
}

struct parsed_text {
	const struct library_load *load;
	struct kb_diags *found; /* by the check */
	size_t number;
	unsigned worker;
};

static bool see_document(void *ctx, const struct kb_facts *facts, struct kb_md *md)
{
	const struct parsed_text *seen = ctx;
	const struct library_load *load = seen->load;
	kb_buf *text = &load->workers[seen->worker].text;
	const struct kb_document doc = document_at(load, seen->number, facts);

	if (load->check)
		load->check->check_text(load->check->ctx, &doc, kb_buf_view(text), md,
			seen->worker, seen->found);
	show(load, seen->number, seen->worker, facts, md);
	return load->keeper &&
	       load->keeper->keep(load->keeper->ctx, &doc, md, text, seen->worker);
}

/* Reads the text into the worker's buffer; false, with a finding, when it cannot be. */
static bool read_text(const struct library_load *load, struct load_worker *worker,
	const struct facts_file *file)
{
	kb_str path = file->entry->path;
	struct kb_error err = {0};

	kb_buf_clear(&worker->text);
	if (kb_reader_read(worker->reader, path, 0, &worker->text, &err) == 0 &&
		kb_link_text_check(load->lib, path, kb_buf_view(&worker->text), &err) ==
			0)
		return true;
	kb_file_fault(&worker->diags, path, (kb_range){0, 0},
		KB_STR("the file cannot be read"), &err);
	return false;
}

/* Facts from the text that was read, and from no store. */
static struct kb_facts *facts_read(struct library_load *load, size_t i, unsigned w,
	const struct kb_facts_context *context)
{
	struct load_worker *worker = &load->workers[w];
	struct kb_diags found;
	struct parsed_text seen = {load, &found, i, w};
	bool seen_by = load->check || load->keeper || load->watch;
	struct kb_facts *facts;

	kb_diags_init(&found, NULL);
	facts = kb_facts_read(worker->facts, context, kb_buf_view(&worker->text),
		seen_by ? see_document : NULL, &seen);
	facts->settings = load->settings;
	kb_facts_take(worker->facts, &found, &facts->remarks, &facts->nremarks);
	kb_diags_dispose(&found);
	return facts;
}

static bool is_complete(const struct library_load *load, const struct kb_facts *facts)
{
	return facts && (!load->check || facts->settings == load->settings);
}

/* The document of the other library, when its facts are of the same bytes in the same
 * context. */
static const struct kb_document *document_like(
	const struct library_load *load, const struct facts_file *file)
{
	const struct kb_library *like = load->like;
	kb_str path = file->entry->path;
	const struct kb_document *same =
		like && !load->lib->config->nschemas && !like->config->nschemas
			? kb_library_by_path(like, path)
			: NULL;
	char blob[41];

	if (!same || same->former ||
		memcmp(&same->context, &file->key, sizeof(file->key)) != 0)
		return NULL;
	if (load->changed ? kb_map_has(load->changed, path)
			  : same->facts->converted ||
				    !kb_source_blob(load->lib->source, path, blob) ||
				    strcmp(same->facts->blob, blob) != 0)
		return NULL;
	return same;
}

/* Those that are kept for the file as it is, without reading it; or NULL. */
static const struct kb_facts *facts_unread(
	struct library_load *load, size_t i, unsigned w, struct facts_store **memory)
{
	const struct kb_document *same = document_like(load, &load->files[i]);

	if (same && is_complete(load, same->facts)) {
		*memory = same->memory;
		return same->facts;
	}
	return facts_store_find(
		load->lib->index->facts, &load->files[i], load->workers[w].facts);
}

/* Facts of the text that was read: FACTS when they are of it, or others that are kept. */
static const struct kb_facts *facts_of_text(
	struct library_load *load, size_t i, unsigned w, const struct kb_facts *facts)
{
	struct facts_file *file = &load->files[i];
	struct load_worker *worker = &load->workers[w];
	struct kb_facts_context context = {
		load->lib->config, NULL, file->mount, file->entry->path, NULL};
	kb_str text = kb_buf_view(&worker->text);
	struct kb_facts *own;
	char blob[41];
	bool converted =
		kb_source_blob_id(load->lib->source, file->entry->path, text, blob);

	file->convertible = kb_source_may_convert(load->lib->source, text);
	if (!facts || strcmp(facts->blob, blob) != 0 || facts->converted != converted)
		facts = facts_store_find_blob(
			load->lib->index->facts, file, blob, converted, worker->facts);
	if (is_complete(load, facts)) {
		if (is_wanted(load, i, facts)) {
			_cleanup_(kb_cleanup_md) struct kb_md *md = kb_facts_parse(
				facts, load->lib->config, file->mount, text);

			show(load, i, w, facts, md);
		}
		return facts;
	}
	context.schemas = schemas_of(load);
	context.blob = converted ? NULL : blob;
	own = facts_read(load, i, w, &context);
	memcpy(own->blob, blob, sizeof(blob));
	own->converted = converted;
	if (!own->broken)
		kb_facts_outline(own);
	facts_store_add(load->lib->index->facts, file, own, worker->records);
	return own;
}

/* The facts of a document: those that are kept, when they are of the same bytes. */
static const struct kb_facts *facts_of(
	struct library_load *load, size_t i, unsigned w, struct facts_store **memory)
{
	const struct kb_facts *facts = facts_unread(load, i, w, memory);
	const struct facts_file *file = &load->files[i];

	if (is_complete(load, facts) && !is_wanted(load, i, facts))
		return facts;
	/* What has to be read may be kept here, too. */
	if (*memory != load->lib->index->facts)
		facts = facts_store_find(
			load->lib->index->facts, &load->files[i], load->workers[w].facts);
	*memory = load->lib->index->facts;
	if (read_text(load, &load->workers[w], file))
		return facts_of_text(load, i, w, facts);
	return kb_facts_unread(load->workers[w].facts,
		&(struct kb_facts_context){
			load->lib->config, NULL, file->mount, file->entry->path, NULL});
}

static void read_document(void *ctx, size_t i, unsigned w)
{
	struct library_load *load = ctx;
	struct kb_library *lib = load->lib;
	struct facts_file *file = &load->files[i];
	struct load_worker *worker = &load->workers[w];
	struct facts_store *memory = lib->index->facts;
	const struct kb_facts *facts;
	struct kb_document *doc;

	file->key = facts_store_key(memory, file);
	facts = facts_of(load, i, w, &memory);
	doc = kb_document_place(worker->arena, lib->config, file->mount, file->locale,
		file->entry->path, facts);
	doc->memory = memory;
	doc->context = file->key;
	doc->number = (uint32_t)i;
	kb_facts_report(facts, &worker->diags);
	if (facts->type == KB_REPLY && !facts->broken)
		doc->reply =
			kb_reply_build(worker->arena, lib->config, doc, &worker->diags);
	lib->docs[i] = doc;
}

static void build_workflow(void *ctx, size_t i, unsigned w)
{
	struct library_load *load = ctx;
	struct load_worker *worker = &load->workers[w];
	struct kb_document *doc = load->lib->docs[load->workflows[i]];

	doc->workflow = kb_workflow_build(
		worker->arena, doc, kb_library_workflow_link, load->lib, &worker->diags);
}

static void workers_begin(struct library_load *load)
{
	struct kb_library_index *index = load->lib->index;

	load->nworkers = kb_parallel_workers(load->threads, load->lib->ndocs);
	load->workers = kb_xcalloc(load->nworkers, sizeof(*load->workers));
	index->arenas = kb_xcalloc(load->nworkers, sizeof(*index->arenas));
	index->narenas = load->nworkers;
	facts_store_make_arenas(index->facts, load->nworkers);
	for (unsigned i = 0; i < load->nworkers; i++) {
		struct load_worker *worker = &load->workers[i];

		worker->arena = index->arenas[i] = kb_arena_new();
		worker->facts = facts_store_arena(index->facts, i);
		worker->records = facts_store_spool(index->facts);
		worker->reader = kb_reader_new(load->lib->source);
		kb_diags_init(&worker->diags, load->lib->config->severities);
	}
}

static void workers_end(struct library_load *load)
{
	for (unsigned i = 0; i < load->nworkers; i++) {
		struct load_worker *worker = &load->workers[i];

		kb_diags_merge(load->diags, &worker->diags);
		kb_diags_dispose(&worker->diags);
		kb_reader_free(worker->reader);
		kb_buf_dispose(&worker->text);
		kb_spool_free(worker->records);
	}
	free(load->workers);
	free(load->files);
	free(load->workflows);
}

/* Holds the memory of facts that are another library's. */
static void hold_facts(struct kb_library *lib)
{
	struct kb_library_index *index = lib->index;
	struct facts_store *last = index->facts;

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		struct facts_store *memory = lib->docs[i]->memory;
		size_t k = 0;

		if (memory == last || memory == index->facts)
			continue;
		while (k < index->held.len && index->held.items[k] != memory)
			k++;
		if (k == index->held.len)
			kb_vec_push(&index->held, facts_store_hold(memory));
		last = memory;
	}
}

/* Workflows come last: their links are told apart by what they lead to. */
static void load_documents(struct library_load *load)
{
	struct kb_library *lib = load->lib;
	size_t nworkflows = 0;

	lib->docs = kb_arena_array(lib->index->arena, struct kb_document *, lib->ndocs);
	load->workflows = kb_xcalloc(lib->ndocs, sizeof(*load->workflows));
	workers_begin(load);
	if (load->check)
		load->settings =
			load->check->begin(load->check->ctx, lib, load->nworkers);
	if (load->keeper && load->keeper->begin)
		load->keeper->begin(load->keeper->ctx, lib, load->nworkers);
	kb_parallel(load->threads, lib->ndocs, read_document, load);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		lib->convertible |= load->files[i].convertible;
	facts_store_write(lib->index->facts, load->files, lib->ndocs);
	hold_facts(lib);
	kb_library_index_build(lib, load->threads, load->diags);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (!lib->docs[i]->facts->broken &&
			lib->docs[i]->facts->type == KB_WORKFLOW)
			load->workflows[nworkflows++] = i;
	kb_parallel(load->threads, nworkflows, build_workflow, load);
	workers_end(load);
}

/* Before anything looks at it. */
static int set_clock(const struct library_load *load, struct kb_error *err)
{
	struct kb_library *lib = load->lib;

	if (!load->as_of || kb_moment_parse(kb_str_of(load->as_of), lib->config->timezone,
				    lib->now, &lib->now) == 0)
		return 0;
	return kb_moment_refuse(
		err, kb_str_of(load->as_of), "2026-11-20 or 2026-11-20T08:00:00+01:00");
}

static int library_load(struct library_load *load, struct kb_error *err)
{
	struct kb_library *lib = load->lib;

	if (load_config(load, err) < 0 || set_clock(load, err) < 0 ||
		load_registers(load, err) < 0 ||
		kb_source_list(lib->source, lib->index->arena, &lib->entries,
			&lib->nentries, err) < 0)
		return -1;
	kb_library_index_links(lib);
	lib->index->mounts = kb_mounts_new(lib->index->arena, lib->config);
	lib->index->facts = facts_store_open(lib->source, lib->config, load->store);
	find_documents(load);
	if (check_schemas(load, err) < 0) {
		free(load->files);
		return -1;
	}
	load_documents(load);
	return 0;
}

static int load_all(struct kb_library **out, struct kb_source *source,
	const struct kb_library_options *options, const kb_map *changed,
	struct kb_diags *diags, struct kb_error *err)
{
	struct kb_library *lib = kb_xcalloc(1, sizeof(*lib));
	struct library_load load = {.lib = lib,
		.like = options ? options->like : NULL,
		.watch = options ? options->watch : NULL,
		.check = options ? options->check : NULL,
		.keeper = options ? options->keeper : NULL,
		.store = !options || !options->no_store,
		.changed = changed,
		.diags = diags,
		.threads = options ? options->threads : 0,
		.as_of = options ? options->as_of : NULL};
	int failed;

	kb_md_init();
	pthread_mutex_init(&load.schemas_lock, NULL);
	lib->source = source;
	lib->now = options && options->now ? options->now : kb_now();
	lib->check = load.check;
	lib->stored = load.store;
	lib->texts = load.keeper ? load.keeper->texts : NULL;
	lib->index = kb_library_index_new();
	failed = library_load(&load, err);
	pthread_mutex_destroy(&load.schemas_lock);
	if (failed) {
		diags->severities = NULL;
		kb_library_free(lib);
		return -1;
	}
	*out = lib;
	return 0;
}

int kb_library_load(struct kb_library **out, struct kb_source *source,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err)
{
	return load_all(out, source, options, NULL, diags, err);
}

int kb_library_next(struct kb_library **out, const struct kb_library *previous,
	struct kb_source *source, const kb_strs *changed,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err)
{
	struct kb_library_options own =
		options ? *options : (struct kb_library_options){0};
	kb_map paths = {0};
	int failed;

	own.like = previous;
	for (size_t i = 0; i < changed->len; i++)
		kb_map_put(&paths, changed->items[i], out);
	failed = load_all(out, source, &own, &paths, diags, err);
	kb_map_dispose(&paths);
	return failed;
}

void kb_library_free(struct kb_library *lib)
{
	if (!lib)
		return;
	kb_library_index_free(lib->index);
	free(lib);
}

static bool text_borrow(
	struct kb_text *text, const struct kb_library *lib, const struct kb_document *doc)
{
	text->md = kb_texts_borrow(lib->texts, doc->path);
	text->lender = text->md ? lib->texts : NULL;
	return text->md != NULL;
}

static int text_parse(struct kb_text *text, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_document *doc, struct kb_error *err)
{
	kb_buf_clear(&text->file);
	if (kb_reader_read(reader, doc->path, 0, &text->file, err) < 0)
		return -1;
	text->md = kb_facts_parse(
		doc->facts, lib->config, doc->mount, kb_buf_view(&text->file));
	return 0;
}

int kb_text_open(struct kb_text *text, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_document *doc, struct kb_error *err)
{
	*text = (struct kb_text){.path = doc->path};
	if (text_borrow(text, lib, doc))
		return 0;
	if (text_parse(text, lib, reader, doc, err) < 0)
		return -1;
	if (!lib->texts ||
		!kb_texts_keep(lib->texts, doc->path, text->md, &text->file, 0) ||
		text_borrow(text, lib, doc))
		return 0;
	return text_parse(text, lib, reader, doc, err);
}

void kb_text_close(struct kb_text *text)
{
	if (text->lender)
		kb_texts_give_back(text->lender, text->path);
	else
		kb_md_free(text->md);
	kb_buf_dispose(&text->file);
	*text = (struct kb_text){0};
}

int kb_document_body(struct kb_reader *reader, const struct kb_document *doc,
	kb_buf *file, kb_str *body, struct kb_error *err)
{
	kb_buf_clear(file);
	if (kb_reader_read(reader, doc->path, 0, file, err) < 0)
		return -1;
	*body = kb_str_sub(kb_buf_view(file), doc->facts->body_offset, file->len);
	return 0;
}
