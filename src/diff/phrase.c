#include "phrase.h"

#include "kb/passage.h"
#include "kb/regex.h"
#include "kb/unicode.h"

struct phrase {
	struct kb_regex *regex;
};

struct phrase *phrase_new(kb_str words)
{
	struct phrase *phrase = kb_xcalloc(1, sizeof(*phrase));
	_cleanup_buf_ kb_buf pattern = {0};
	bool space = false;

	words = kb_str_trim(words);
	kb_buf_puts(&pattern, "(?<![\\p{L}\\p{N}])");
	for (size_t i = 0; i < words.len; i++) {
		char c = words.data[i];
		bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';

		if (white && !space)
			kb_buf_puts(&pattern, "\\s+");
		if (!white && (unsigned char)c < 0x80 && strchr("\\^$.|?*+()[]{}#-", c))
			kb_buf_putc(&pattern, '\\');
		if (!white)
			kb_buf_putc(&pattern, c);
		space = white;
	}
	if (words.len && words.data[words.len - 1] >= '0' &&
		words.data[words.len - 1] <= '9')
		kb_buf_puts(&pattern, "(?!\\p{N})");
	kb_regex_compile(&phrase->regex, kb_buf_view(&pattern), KB_REGEX_NOCASE, NULL);
	return phrase;
}

void phrase_free(struct phrase *phrase)
{
	if (phrase)
		kb_regex_free(phrase->regex);
	free(phrase);
}

void phrase_search_node(const struct phrase *phrase, const struct kb_node *node,
	phrase_say_fn *say, void *ctx)
{
	kb_range match;

	for (uint32_t i = 0; node && node->kind != KB_NODE_SCALAR && i < node->len; i++)
		phrase_search_node(phrase,
			node->kind == KB_NODE_MAP ? node->pairs[i].value : node->items[i],
			say, ctx);
	if (node && node->kind == KB_NODE_SCALAR &&
		kb_regex_find(phrase->regex, node->value, 0, &match) == 1)
		say(ctx, node->range,
			kb_str_sub(node->value, match.off, match.off + match.len));
}

/* Each place in a passage; without one, what its variables' values make of it. */
static void search_passage(const struct phrase *phrase, const struct kb_library *lib,
	const struct kb_document *doc, const struct kb_passage *passage,
	struct kb_arena *arena, phrase_say_fn *say, void *ctx)
{
	kb_range match;
	size_t from = 0;

	while (kb_regex_find(phrase->regex, passage->text, from, &match) == 1) {
		from = match.off + match.len;
		say(ctx, kb_passage_range(passage, match.off, (uint32_t)from),
			kb_str_sub(passage->text, match.off, from));
	}
	if (from || kb_str_find(passage->text, KB_STR("{{")) == SIZE_MAX)
		return;
	kb_str text = kb_library_expand(lib, arena, passage->text, doc->locale);
	if (kb_regex_find(phrase->regex, text, 0, &match) == 1)
		say(ctx, passage->range,
			kb_str_sub(text, match.off, match.off + match.len));
}

void phrase_search_document(const struct phrase *phrase, const struct kb_library *lib,
	const struct kb_document *doc, kb_str file, phrase_say_fn *say, void *ctx)
{
	static const char *const keys[] = {"title", "summary", "question", "subject",
		"keywords", "notice", "placeholders", "cases"};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_md_syntax syntax = lib->config->syntax;
	struct kb_passages passages;

	for (size_t i = 0; i < KB_LEN(keys); i++)
		phrase_search_node(
			phrase, kb_node_get(doc->facts->front, keys[i]), say, ctx);
	syntax.literal = doc->mount && !doc->mount->expand;
	struct kb_md *md =
		kb_md_parse(kb_str_sub(file, doc->facts->body_offset, file.len),
			doc->facts->body_offset, &syntax);
	kb_md_passages(md, arena, &passages);
	for (uint32_t i = 0; i < passages.len; i++)
		search_passage(phrase, lib, doc, &passages.items[i], arena, say, ctx);
	kb_md_free(md);
}
