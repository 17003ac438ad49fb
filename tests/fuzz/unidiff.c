/* A patch of two texts, made again by hand: it makes the second one of the first. */
#include "fuzz.h"

#include "kb/unidiff.h"

static kb_str take_line(kb_str *rest)
{
	size_t at = kb_str_chr(*rest, '\n');
	kb_str line = kb_str_sub(*rest, 0, at == SIZE_MAX ? at : at + 1);

	*rest = kb_str_sub(*rest, line.len, rest->len);
	return line;
}

/* Applies the hunks; what the file says is followed and checked line by line. */
static void apply(kb_str patch, kb_str before, kb_buf *out)
{
	unsigned long at = 1;

	while (patch.len && !kb_str_starts(patch, KB_STR("@@ -")))
		take_line(&patch);
	while (patch.len) {
		kb_str line = take_line(&patch), text = kb_str_sub(line, 1, line.len);

		if (kb_str_starts(patch, KB_STR("\\ No newline"))) {
			take_line(&patch);
			text.len--;
		}
		if (*line.data == '@') {
			unsigned long from, count = 1;

			/* "@@ -3,0": lines come behind the third one. */
			sscanf(line.data, "@@ -%lu,%lu", &from, &count);
			for (; at < from + !count; at++)
				kb_buf_str(out, take_line(&before));
		} else if (*line.data == '+') {
			kb_buf_str(out, text);
		} else {
			must(kb_str_eq(take_line(&before), text), "'%.*s' is not there",
				KB_ARG(text));
			at++;
			if (*line.data == ' ')
				kb_buf_str(out, text);
		}
	}
	kb_buf_str(out, before);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, before = fuzz_part(&rest);
	_cleanup_buf_ kb_buf patch = {0}, after = {0};
	struct kb_error err;

	(void)arena;
	must(kb_unidiff(&patch, KB_STR("a \"b.md"), before, rest, &err) == 0, "%s",
		err.message);
	apply(kb_buf_view(&patch), before, &after);
	must(kb_str_eq(kb_buf_view(&after), rest), "'%.*s' is made",
		KB_ARG(kb_buf_view(&after)));
}
