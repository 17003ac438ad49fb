#include "kb/arena_str.h"

#include "kb/buf.h"

kb_str kb_arena_shell_word(struct kb_arena *arena, kb_str word)
{
	_cleanup_buf_ kb_buf out = {0};
	bool plain = word.len > 0;

	for (size_t i = 0; i < word.len; i++)
		plain &= word.data[i] < 0 ||
			 !strchr(" \t\n\"'`$\\&|;<>()[]{}*?!#~", word.data[i]);
	if (plain)
		return word;
	kb_buf_putc(&out, '\'');
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] == '\'')
			kb_buf_puts(&out, "'\\''");
		else
			kb_buf_putc(&out, word.data[i]);
	kb_buf_putc(&out, '\'');
	return kb_arena_str(arena, kb_buf_view(&out));
}

kb_str kb_strs_listed(struct kb_arena *arena, const kb_str *items, size_t n)
{
	kb_str out = KB_STR_NULL;

	for (size_t i = 0; i < n; i++) {
		const char *join = i == 0 ? "" : i + 1 == n ? " or " : ", ";

		out = kb_arena_fmt(
			arena, "%.*s%s'%.*s'", KB_ARG(out), join, KB_ARG(items[i]));
	}
	return out;
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

kb_str kb_percent_decode(struct kb_arena *arena, kb_str s)
{
	char *out;
	size_t n = 0;

	if (kb_str_chr(s, '%') == SIZE_MAX)
		return s;
	out = kb_arena_alloc(arena, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? hex_of(s.data[i + 1]) : -1;
		int low = high >= 0 ? hex_of(s.data[i + 2]) : -1;
		bool code = s.data[i] == '%' && low >= 0 && (high || low);

		out[n++] = code ? (char)(high * 16 + low) : s.data[i];
		i += code ? 2 : 0;
	}
	return (kb_str){out, n};
}
