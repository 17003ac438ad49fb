/* A checker of the small help center in search_files.h, in which one file is another. */
#ifndef FUZZ_CHECKING_H
#define FUZZ_CHECKING_H

#include "check/style.h"
#include "search_files.h"

struct checking {
	struct kb_source *source;
	struct kb_library lib;
	struct kb_entry entry;
	struct kb_diags diags;
	struct kb_checker checker;
};

/* The only entry of its library is the first one of FILES (as of fuzz_source). */
static inline void checking_open(
	struct checking *out, struct kb_arena *arena, const kb_str *files)
{
	static struct kb_library *lib;

	if (!lib)
		lib = fuzz_library(fuzz_source(search_files));
	*out = (struct checking){.source = fuzz_source(files),
		.lib = *lib,
		.entry = {.path = files[0], .size = files[1].len}};
	out->lib.source = out->source;
	out->lib.entries = &out->entry;
	out->lib.nentries = 1;
	kb_diags_init(&out->diags, lib->config->severities);
	out->checker = (struct kb_checker){.lib = &out->lib,
		.memo = kb_memo_open(NULL),
		.linked = kb_arena_alloc(arena, (size_t)lib->ndocs + 1),
		.diags = &out->diags,
		.scratch = arena,
		.reader = kb_reader_new(out->source)};
}

/* A document with the text of the library's first one's place. */
static inline struct kb_document *checking_document(struct checking *c, kb_str text)
{
	const struct kb_document *old =
		kb_library_by_path(&c->lib, KB_STR("en/articles/descale.md"));
	struct kb_document *doc;
	struct kb_diags known;

	kb_diags_init(&known, NULL);
	doc = kb_document_parse(c->checker.scratch, c->lib.config, NULL, old->mount,
		old->locale, old->path, text, &known);
	doc->family = old->family;
	kb_diags_dispose(&known);
	return doc;
}

/* The Markdown of that document. */
static inline struct kb_md *checking_markdown(
	const struct checking *c, const struct kb_document *doc, kb_str text)
{
	uint32_t from = doc->facts->body_offset;

	return kb_md_parse(
		kb_str_sub(text, from, text.len), from, &c->lib.config->syntax);
}

/* Looks for personal data, as kb_check does. */
static inline void checking_privacy(
	struct checking *c, const struct kb_document *doc, kb_str text)
{
	struct kb_privacy *privacy = kb_privacy_load(&c->checker);
	struct kb_md *md = checking_markdown(c, doc, text);
	struct kb_diags found;

	kb_diags_init(&found, NULL);
	kb_check_privacy(privacy, doc, md, c->checker.scratch, &found);
	for (size_t i = 0; i < found.len; i++)
		kb_check_privacy_remark(&c->checker, privacy, &found.items[i]);
	kb_diags_dispose(&found);
	kb_md_free(md);
	kb_privacy_free(privacy);
}

static inline void checking_close(struct checking *c)
{
	kb_reader_free(c->checker.reader);
	kb_memo_close(c->checker.memo);
	kb_diags_dispose(&c->diags);
	kb_source_free(c->source);
}

#endif
