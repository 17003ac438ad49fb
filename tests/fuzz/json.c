/*
 * Texts written into JSON and HTML, and JSON read.
 *
 * What is written is valid, whatever the bytes, and says the same when it is read; text
 * in HTML is text.
 */
#include "fuzz.h"

#include "kb/json.h"
#include "kb/unicode.h"

static void write_json(struct kb_arena *arena, kb_str text, bool pretty)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_json json;
	struct kb_node *root;
	struct kb_error err;

	kb_json_init(&json, &out, pretty);
	kb_json_object(&json);
	kb_json_pair(&json, "text", text);
	kb_json_key(&json, "list");
	kb_json_array(&json);
	kb_json_str(&json, text);
	kb_json_int(&json, (long long)text.len);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
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

	write_json(arena, input, false);
	write_json(arena, input, true);
	write_html(input);
	if (!kb_json_parse(arena, input, &err))
		must(*err.message, "it is refused without a reason");
}
