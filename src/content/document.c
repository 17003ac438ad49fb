#include "kb/document.h"

#include "address.h"
#include "kb/reply.h"
#include "kb/unicode.h"

/* LINE as it is compared: without letter case and marks at its end. */
static kb_str title_words(const struct kb_config *config, struct kb_arena *arena,
	const struct kb_document *doc, kb_str line)
{
	static const char *const marks[] = {
		".", "!", "?", ":", "…", "。", "！", "？", "：", " "};
	kb_str rest = kb_config_expand(config, arena, line, doc->locale), words, word;
	_cleanup_buf_ kb_buf spaced = {0};

	while (kb_str_next(&rest, ' ', &word))
		if (word.len)
			kb_buf_fmt(&spaced, "%.*s ", KB_ARG(word));
	for (size_t i = 0; i + 2 < spaced.len; i++)
		if (memcmp(spaced.data + i, "\xe2\x80\x99", 3) == 0) {
			spaced.data[i] = '\'';
			memmove(spaced.data + i + 1, spaced.data + i + 3,
				spaced.len - i - 3);
			spaced.len -= 2;
		}
	words = kb_name_fold(arena, kb_arena_str(arena, kb_buf_view(&spaced)));
	for (size_t i = 0; i < KB_LEN(marks); i++)
		if (kb_str_ends(words, kb_str_of(marks[i]))) {
			words = kb_str_sub(words, 0, words.len - strlen(marks[i]));
			i = (size_t)-1;
		}
	return words;
}

/* A heading of level 2 begins a step, or the text for a channel. */
bool kb_document_repeats_title(
	const struct kb_config *config, const struct kb_document *doc)
{
	const struct kb_md_facts *body = &doc->facts->body;
	bool parts = doc->facts->type == KB_WORKFLOW || doc->facts->type == KB_REPLY;
	_cleanup_arena_ struct kb_arena *scratch = NULL;
	kb_str title;

	if (!body->opens || body->headings[0].level > (parts ? 1 : 2))
		return false;
	scratch = kb_arena_new();
	title = title_words(config, scratch, doc, doc->facts->title);
	return title.len && kb_str_eq(title, title_words(config, scratch, doc,
						     body->headings[0].text));
}

struct kb_document *kb_document_place(struct kb_arena *arena,
	const struct kb_config *config, const struct kb_mount *mount, uint32_t locale,
	kb_str path, const struct kb_facts *facts)
{
	struct kb_document *doc = kb_arena_new_of(arena, struct kb_document);
	kb_str code = config->locales[locale].code;

	*doc = (struct kb_document){.facts = facts,
		.path = kb_arena_str(arena, path),
		.locale = locale,
		.mount = mount};
	if (facts->broken)
		return doc;
	doc->id = facts->own_id.len ? facts->own_id
				    : kb_id_default(arena, mount, doc->path, code);
	doc->address =
		kb_address_of(arena, mount, doc->path, code, facts->type, facts->slug);
	doc->title_again = kb_document_repeats_title(config, doc);
	return doc;
}

struct kb_document *kb_document_parse(struct kb_arena *arena,
	const struct kb_config *config,
	const struct kb_schema *const schemas[KB_TYPE_COUNT],
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text,
	struct kb_diags *diags)
{
	const struct kb_facts_context context = {config, schemas, mount, path};
	struct kb_facts *facts = kb_facts_read(arena, &context, text, NULL, NULL);
	struct kb_document *doc =
		kb_document_place(arena, config, mount, locale, path, facts);

	kb_facts_report(facts, diags);
	if (facts->type == KB_REPLY && !facts->broken)
		doc->reply = kb_reply_build(arena, config, doc, diags);
	return doc;
}
