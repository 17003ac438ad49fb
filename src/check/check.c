#include "family.h"

#include "kb/pool.h"

typedef void check_fn(struct kb_checker *checker, const struct kb_document *doc);

static check_fn *const families[] = {
	kb_check_audience,
	kb_check_dates,
	kb_check_diagrams,
	kb_check_includes,
	kb_check_links,
	kb_check_locale,
	kb_check_people,
	kb_check_reply,
	kb_check_taxonomy,
	kb_check_text,
	kb_check_workflow,
};

/* Of no one document. They take longest, so they come first. */
static void (*const wholes[])(struct kb_checker *checker) = {
	kb_check_titles,
	kb_check_coverage,
	kb_check_data,
	kb_check_names,
	kb_check_owners,
	kb_check_redirects,
	kb_check_theme,
};

struct check_run {
	const struct kb_library *lib;
	struct kb_checker *checkers; /* one per worker */
	struct kb_check_moves moves;
	struct kb_check_files files;
};

/* What was found in the text when it was read. */
static void check_remarks(struct kb_checker *checker, const struct kb_facts *facts)
{
	const struct kb_privacy *privacy = kb_check_texts_privacy(checker->lib);

	for (uint32_t i = 0; i < facts->nremarks; i++)
		if (!kb_check_privacy_remark(checker, privacy, &facts->remarks[i]))
			kb_diags_copy(checker->diags, &facts->remarks[i], 1);
}

static void check_document(struct kb_checker *checker, const struct kb_document *doc)
{
	if (doc->facts->broken)
		return;
	for (size_t i = 0; i < KB_LEN(families); i++)
		families[i](checker, doc);
	check_remarks(checker, doc->facts);
}

static void check_one(void *ctx, size_t index, unsigned worker)
{
	struct check_run *run = ctx;
	struct kb_checker *checker = &run->checkers[worker];

	checker->guesses = 0;
	if (index < KB_LEN(wholes))
		wholes[index](checker);
	else
		check_document(checker, run->lib->docs[index - KB_LEN(wholes)]);
	kb_arena_reset(checker->scratch);
}

/* What took long to find out. */
static struct kb_memo *memo_open(const struct kb_library *lib)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	bool own = false;
	kb_str path = lib->stored ? kb_source_cache(lib->source, scratch, "checks", &own)
				  : KB_STR("");

	return kb_memo_open(own ? path.data : NULL);
}

/* Which documents' links were right. What is kept of them begins with the outline. */
struct linked {
	struct kb_hash key, outline;
	bool keep;
	char *documents; /* one for each: its links are right */
};

/* May a link lead to a place in a document, which a title may be? A variable hides where
 * it leads. */
static bool may_lead_inside(const struct kb_document *doc)
{
	bool inside = false;

	for (uint32_t i = 0; i < doc->facts->body.nlinks && !inside; i++)
		inside = kb_str_chr(doc->facts->body.links[i].dest, '#') != SIZE_MAX ||
			 kb_str_chr(doc->facts->body.links[i].dest, '{') != SIZE_MAX;
	return inside;
}

/* Takes what the last run kept, if all but names is as it was then. */
static void linked_take(
	struct linked *linked, const struct kb_library *lib, struct kb_memo *memo)
{
	_cleanup_buf_ kb_buf known = {0};
	size_t head = sizeof(linked->outline);

	linked->documents = kb_xcalloc(lib->ndocs + 1, 1);
	linked->keep = lib->stored && kb_library_shape(lib, &linked->key) &&
		       kb_library_outline(lib, &linked->outline);
	if (!linked->keep || !kb_memo_get(memo, linked->key, &known) ||
		known.len != head + lib->ndocs)
		return;
	memcpy(linked->documents, known.data + head, lib->ndocs);
	if (memcmp(known.data, &linked->outline, head) == 0)
		return;
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (linked->documents[i] && may_lead_inside(lib->docs[i]))
			linked->documents[i] = 0;
}

static void linked_keep(const struct linked *linked, uint32_t n, struct kb_memo *memo)
{
	_cleanup_buf_ kb_buf all = {0};

	if (!linked->keep)
		return;
	kb_buf_add(&all, &linked->outline, sizeof(linked->outline));
	kb_buf_add(&all, linked->documents, n);
	kb_memo_put(memo, linked->key, kb_buf_view(&all));
}

void kb_check(const struct kb_library *lib, const struct kb_check_options *options,
	struct kb_diags *diags)
{
	unsigned threads = options ? options->threads : 0;
	size_t n = KB_LEN(wholes) + lib->ndocs;
	unsigned workers = kb_parallel_workers(threads, n);
	struct kb_diags *sinks = kb_xcalloc(workers, sizeof(*sinks));
	struct check_run run = {.lib = lib, .moves = {.options = options}};

	struct kb_memo *memo = memo_open(lib);
	struct linked linked;

	linked_take(&linked, lib, memo);
	pthread_mutex_init(&run.moves.lock, NULL);
	pthread_mutex_init(&run.files.lock, NULL);
	run.files.arena = kb_arena_new();
	run.checkers = kb_xcalloc(workers, sizeof(*run.checkers));
	for (unsigned i = 0; i < workers; i++) {
		kb_diags_init(&sinks[i], lib->config->severities);
		run.checkers[i] = (struct kb_checker){
			.lib = lib,
			.diags = &sinks[i],
			.scratch = kb_arena_new(),
			.reader = kb_reader_new(lib->source),
			.moves = &run.moves,
			.files = &run.files,
			.memo = memo,
			.linked = linked.documents,
		};
	}
	kb_check_texts_report(lib, &sinks[0]);
	kb_parallel(threads, n, check_one, &run);
	kb_check_privacy_feedback(&run.checkers[0], kb_check_texts_privacy(lib));
	run.checkers[0].guesses = 0;
	kb_check_steps(&run.checkers[0], diags);
	for (unsigned i = 0; i < workers; i++) {
		kb_diags_merge(diags, &sinks[i]);
		kb_diags_dispose(&sinks[i]);
		kb_arena_free(run.checkers[i].scratch);
		kb_reader_free(run.checkers[i].reader);
	}
	kb_check_causes(diags);
	linked_keep(&linked, lib->ndocs, memo);
	kb_memo_close(memo);
	free(linked.documents);
	pthread_mutex_destroy(&run.moves.lock);
	pthread_mutex_destroy(&run.files.lock);
	kb_map_dispose(&run.files.by_path);
	kb_arena_free(run.files.arena);
	free(run.checkers);
	free(sinks);
}
