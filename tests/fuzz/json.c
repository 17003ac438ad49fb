/*
 * Texts written into JSON and HTML, and JSON read.
 *
 * What is written is valid, whatever the bytes, and says the same when it is read; text
 * in HTML is text.
 */
#include "fuzz.h"

#include "kb/unicode.h"
#include "kb/value.h"
#include "kb/yaml.h"

static void write_json(struct kb_arena *arena, kb_str text, enum kb_json_style style)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_value *map = kb_value_map(arena), *list;
	struct kb_node *root;
	struct kb_error err;

	kb_value_set_str(arena, map, "text", text);
	list = kb_value_set_list(arena, map, "list");
	kb_value_push_str(arena, list, text);
	kb_value_push(arena, list, kb_value_int(arena, (long long)text.len));
	kb_value_json(map, style, &out);
	must(kb_utf8_invalid(kb_buf_view(&out)) == SIZE_MAX, "invalid UTF-8");
	root = kb_json_parse(arena, kb_buf_view(&out), &err);
	if (!root && kb_str_chr(text, '\0') != SIZE_MAX)
		return; /* which jansson refuses */
	must(root, "%s: %.*s", err.message, KB_ARG(kb_buf_view(&out)));
	if (kb_utf8_invalid(text) == SIZE_MAX)
		must(kb_str_eq(kb_node_str(kb_node_get(root, "text")), text),
			"another text: %.*s", KB_ARG(kb_buf_view(&out)));
}

static void write_html(kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_buf_html(&out, text);
	for (size_t i = 0; i < out.len; i++) {
		kb_str rest = kb_str_sub(kb_buf_view(&out), i, out.len);

		must(!strchr("<>\"'", out.data[i]) || !out.data[i], "markup: %c",
			out.data[i]);
		must(out.data[i] != '&' || kb_str_starts(rest, KB_STR("&amp;")) ||
				kb_str_starts(rest, KB_STR("&lt;")) ||
				kb_str_starts(rest, KB_STR("&gt;")) ||
				kb_str_starts(rest, KB_STR("&quot;")) ||
				kb_str_starts(rest, KB_STR("&#39;")),
			"'&' that is none of ours");
	}
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct kb_error err = {.code = KB_OK};

	write_json(arena, input, KB_JSON_LINE);
	write_json(arena, input, KB_JSON_PRETTY);
	write_json(arena, input, KB_JSON_SCRIPT);
	write_html(input);
	if (!kb_json_parse(arena, input, &err))
		must(*err.message, "it is refused without a reason");
}
