#include "kb/document.h"

#include "address.h"
#include "kb/reply.h"
#include "kb/unicode.h"

static kb_str without_marks(kb_str words)
{
	static const char *const marks[] = {
		".", "!", "?", ":", "…", "。", "！", "？", "：", " "};

	for (size_t i = 0; i < KB_LEN(marks);)
		if (kb_str_ends(words, kb_str_of(marks[i]))) {
			words.len -= strlen(marks[i]);
			i = 0;
		} else {
			i++;
		}
	return words;
}

/* LINE as it is compared: without letter case and marks at its end, with one space
 * between words and straight apostrophes. */
static kb_str title_words(const struct kb_config *config, struct kb_arena *arena,
	const struct kb_document *doc, kb_str line)
{
	const kb_str curly = KB_STR("’");
	kb_str rest = kb_config_expand(config, arena, line, doc->locale), word;
	_cleanup_buf_ kb_buf out = {0};
	size_t at;

	while (kb_str_next(&rest, ' ', &word)) {
		kb_buf_puts(&out, out.len && word.len ? " " : "");
		for (; (at = kb_str_find(word, curly)) != SIZE_MAX;
			word = kb_str_sub(word, at + curly.len, word.len)) {
			kb_buf_str(&out, kb_str_sub(word, 0, at));
			kb_buf_putc(&out, '\'');
		}
		kb_buf_str(&out, word);
	}
	return without_marks(kb_name_fold(arena, kb_arena_str(arena, kb_buf_view(&out))));
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
	const struct kb_facts_context context = {config, schemas, mount, path, NULL};
	struct kb_facts *facts = kb_facts_read(arena, &context, text, NULL, NULL);
	struct kb_document *doc =
		kb_document_place(arena, config, mount, locale, path, facts);

	kb_facts_report(facts, diags);
	if (facts->type == KB_REPLY && !facts->broken)
		doc->reply = kb_reply_build(arena, config, doc, diags);
	return doc;
}
