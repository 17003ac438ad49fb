#include "kb/brought.h"

static int open_base(struct kb_brought *b, const struct kb_library *lib, const char *rev,
	const struct kb_brought_options *options, struct kb_error *err)
{
	b->texts = kb_check_texts_new();
	const struct kb_library_options load = {.threads = options->threads,
		.now = lib->now,
		.like = lib,
		.check = kb_check_texts_check(b->texts),
		.no_store = options->no_store};

	if (kb_source_open(&b->source, ".", rev, options->config, err) ||
		kb_library_load(&b->lib, b->source, &load, &b->diags, err))
		return -1;
	return kb_path_changes_find(&b->changes, b->source, lib->source, err);
}

int kb_brought_open(struct kb_brought *b, const struct kb_library *lib,
	const struct kb_brought_options *options, enum kb_brought_base *base,
	struct kb_error *err)
{
	char rev[41] = "HEAD";

	*b = (struct kb_brought){0};
	kb_diags_init(&b->diags, NULL);
	*base = KB_BROUGHT_NO_COMMIT;
	if (options->rev ? kb_merge_base(rev, ".", options->rev, options->now, err)
			 : !kb_head_exists(".", NULL))
		return options->rev ? -1 : 0;
	*base = KB_BROUGHT_BASE;
	if (open_base(b, lib, rev, options, err) == 0)
		return 0;
	*base = err->code == KB_E_CONFIG ? KB_BROUGHT_BAD_CONFIG : KB_BROUGHT_NO_CONFIG;
	kb_brought_dispose(b);
	return err->code == KB_E_CONFIG || err->code == KB_E_NOTFOUND ? 0 : -1;
}

void kb_brought_dispose(struct kb_brought *b)
{
	kb_diags_dispose(&b->diags);
	kb_path_changes_free(b->changes);
	kb_library_free(b->lib);
	kb_check_texts_free(b->texts);
	kb_source_free(b->source);
	*b = (struct kb_brought){0};
}

static bool any_elsewhere(const struct kb_brought *b, const struct kb_diags *diags)
{
	for (size_t i = 0; i < diags->len; i++)
		if (!kb_path_edited(b->changes, diags->items[i].path))
			return true;
	return false;
}

void kb_brought_finish(struct kb_brought *b, const struct kb_library *lib,
	unsigned threads, struct kb_diags *diags)
{
	const struct kb_check_options options = {.threads = threads};

	if (b->lib)
		kb_check_versions(b->lib, lib, b->changes, diags);
	kb_source_finish(lib->source, diags);
	if (!b->lib)
		return;
	if (!b->checked && any_elsewhere(b, diags)) {
		kb_check(b->lib, &options, &b->diags);
		kb_source_finish(b->source, &b->diags);
		b->checked = true;
	}
	kb_diags_since(diags, &b->diags, b->changes);
}

static size_t count_unread(const struct kb_diags *diags)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->len; i++)
		n += diags->items[i].rule == KB_RULE_FILE_READ ||
		     diags->items[i].rule == KB_RULE_LFS_POINTER;
	return n;
}

size_t kb_brought_unread(const struct kb_brought *b, const struct kb_diags *findings)
{
	size_t now = count_unread(findings), then = count_unread(&b->diags);

	return then > now ? then - now : 0;
}
