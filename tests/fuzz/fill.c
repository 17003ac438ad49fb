/*
 * A reply that is filled in: lines 'name=value', then, behind a line '%%%', its file.
 *
 * It is filled or refused with a reason; its HTML is markup that can run nothing, and its
 * plain text for a short message is counted.
 */
#include "markup.h"

#include "kb/fill.h"
#include "kb/unicode.h"

#define REPLY                                                                            \
	{                                                                                \
		"en/replies/x.md", 15                                                    \
	}

static size_t values_of(kb_str text, struct kb_fill_value *values, size_t max)
{
	size_t n = 0, at;
	kb_str line;

	while (n < max && kb_str_next(&text, '\n', &line))
		if ((at = kb_str_chr(line, '=')) != SIZE_MAX)
			values[n++] = (struct kb_fill_value){kb_str_sub(line, 0, at),
				kb_str_sub(line, at + 1, line.len)};
	return n;
}

static void fill(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_fill *how)
{
	struct kb_error err = {.code = KB_OK};
	struct kb_filled filled;

	if (kb_reply_fill(lib, reader, how, arena, &filled, &err) < 0) {
		must(*err.message, "it is refused without a reason");
		return;
	}
	markup_check(filled.html, markup_html_allows, markup_html_is_void);
	if (kb_utf8_invalid(filled.text) == SIZE_MAX)
		must(filled.length == kb_utf8_count(filled.text), "%zu of %zu characters",
			filled.length, kb_utf8_count(filled.text));
	must(!how->channel || !how->channel->max_segments || !filled.length ||
			filled.segments,
		"a text in no segment");
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	static const kb_str path = {"en/replies/x.md", 15};
	static struct kb_library *lib;
	kb_str rest = input, head = fuzz_part(&rest);

	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	struct kb_fill_value values[8];
	struct kb_fill how = {
		.values = values, .nvalues = values_of(head, values, KB_LEN(values))};
	struct kb_source *source = fuzz_source((kb_str[]){path, rest, KB_STR_NULL});
	struct kb_reader *reader = kb_reader_new(source);
	const struct kb_mount *mount;

	if (!lib)
		lib = fuzz_library(fuzz_source(&KB_STR_NULL));
	for (mount = lib->config->mounts; mount->type != KB_REPLY;)
		mount++;
	kb_diags_init(&diags, NULL);
	how.doc =
		kb_document_parse(arena, lib->config, NULL, mount, 0, path, rest, &diags);
	for (uint32_t c = 0; how.doc->reply && c <= lib->config->nchannels; c++) {
		how.channel =
			c < lib->config->nchannels ? &lib->config->channels[c] : NULL;
		how.examples = c % 2;
		fill(lib, reader, arena, &how);
	}
	kb_reader_free(reader);
	kb_source_free(source);
}
