/* What is looked for in each text by itself, while it is parsed for its facts. */
#include "style.h"

#include "kb/hash.h"

enum { KEPT_MAX = 16 << 20 }; /* bytes */

struct kb_check_texts {
	struct kb_text_check check;
	struct kb_text_keeper keeper;
	struct kb_checker *workers;
	unsigned nworkers;
	struct style_rules *style;
	struct kb_privacy *privacy;
	struct kb_diags faults; /* of rules and expressions */
};

/* All that remarks depend on. What kb.yaml allows is not: see privacy.c. */
static uint64_t settings_of(
	const struct kb_check_texts *texts, const struct kb_config *config)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_strs patterns = kb_node_strs(
		scratch, kb_node_get(kb_node_get(config->root, "privacy"), "patterns"));
	_cleanup_buf_ kb_buf buf = {0};
	uint64_t hash;

	kb_buf_fmt(&buf, "%d", config->severities[KB_RULE_STYLE] == KB_OFF);
	for (uint32_t i = 0; i < config->nlocales; i++)
		kb_buf_fmt(&buf, " %.*s %u", KB_ARG(config->locales[i].code),
			config->locales[i].fallback);
	for (size_t i = 0; i < patterns.len; i++)
		kb_buf_fmt(&buf, " %zu:%.*s", patterns.items[i].len,
			KB_ARG(patterns.items[i]));
	kb_buf_str(&buf, kb_buf_view(&texts->style->sources));
	hash = kb_hash64(kb_buf_view(&buf));
	return hash ? hash : 1;
}

static void texts_reset(struct kb_check_texts *texts)
{
	for (unsigned i = 0; i < texts->nworkers; i++)
		kb_arena_free(texts->workers[i].scratch);
	free(texts->workers);
	if (texts->privacy)
		kb_privacy_free(texts->privacy);
	style_free(texts->style);
	kb_diags_dispose(&texts->faults);
}

static uint64_t begin(void *ctx, const struct kb_library *lib, unsigned workers)
{
	struct kb_check_texts *texts = ctx;
	struct kb_checker loader = {.lib = lib,
		.diags = &texts->faults,
		.scratch = kb_arena_new(),
		.reader = kb_reader_new(lib->source)};

	texts_reset(texts);
	kb_diags_init(&texts->faults, lib->config->severities);
	texts->style = style_load(&loader);
	texts->privacy = kb_privacy_load(&loader);
	kb_reader_free(loader.reader);
	kb_arena_free(loader.scratch);
	texts->workers = kb_xcalloc(workers, sizeof(*texts->workers));
	texts->nworkers = workers;
	for (unsigned i = 0; i < workers; i++)
		texts->workers[i] = (struct kb_checker){
			.lib = lib, .scratch = kb_arena_new(), .style = texts->style};
	return settings_of(texts, lib->config);
}

static void check_text(void *ctx, const struct kb_document *doc, kb_str file,
	struct kb_md *md, unsigned worker, struct kb_diags *found)
{
	struct kb_check_texts *texts = ctx;
	struct kb_checker *checker = &texts->workers[worker];

	checker->diags = found;
	kb_check_style(checker, doc, file, md);
	kb_check_privacy(texts->privacy, doc, md, checker->scratch, found);
	kb_arena_reset(checker->scratch);
}

static bool keep(void *ctx, const struct kb_document *doc, struct kb_md *md, kb_buf *file,
	unsigned worker)
{
	const struct kb_check_texts *texts = ctx;

	(void)worker;
	return (doc->facts->type == KB_REPLY || doc->facts->type == KB_SNIPPET) &&
	       kb_texts_keep(texts->keeper.texts, doc->path, md, file, 0);
}

struct kb_check_texts *kb_check_texts_new(void)
{
	struct kb_check_texts *texts = kb_xcalloc(1, sizeof(*texts));

	texts->check = (struct kb_text_check){texts, begin, check_text};
	texts->keeper =
		(struct kb_text_keeper){texts, NULL, keep, kb_texts_new(KEPT_MAX)};
	kb_diags_init(&texts->faults, NULL);
	return texts;
}

void kb_check_texts_free(struct kb_check_texts *texts)
{
	if (!texts)
		return;
	texts_reset(texts);
	kb_texts_free(texts->keeper.texts);
	free(texts);
}

const struct kb_text_check *kb_check_texts_check(const struct kb_check_texts *texts)
{
	return &texts->check;
}

const struct kb_text_keeper *kb_check_texts_keeper(const struct kb_check_texts *texts)
{
	return &texts->keeper;
}

static const struct kb_check_texts *texts_of(const struct kb_library *lib)
{
	return lib->check->ctx;
}

const struct kb_privacy *kb_check_texts_privacy(const struct kb_library *lib)
{
	return texts_of(lib)->privacy;
}

void kb_check_texts_report(const struct kb_library *lib, struct kb_diags *diags)
{
	kb_diags_copy(diags, texts_of(lib)->faults.items, texts_of(lib)->faults.len);
}
