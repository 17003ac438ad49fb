#include "scalar.h"

void kb_scalar_put(kb_buf *out, kb_str s)
{
	static const char *const words[] = {
		"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"};
	bool plain = s.len > 0 && s.data[s.len - 1] != ' ' && s.data[s.len - 1] != ':';
	for (size_t i = 0; i < s.len && plain; i++) {
		char c = s.data[i];
		bool letter =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
		plain = letter || (i && ((c >= '0' && c <= '9') || strchr("-_./ :", c)));
		plain &= !(c == ':' && i + 1 < s.len && s.data[i + 1] == ' ');
	}
	for (size_t i = 0; i < KB_LEN(words); i++)
		plain &= !kb_str_eq_nocase(s, kb_str_of(words[i]));
	kb_buf_puts(out, plain ? "" : "\"");
	for (size_t i = 0; i < s.len; i++) {
		if (!plain && strchr("\"\\", s.data[i]))
			kb_buf_putc(out, '\\');
		if ((unsigned char)s.data[i] < 0x20)
			kb_buf_fmt(out, "\\x%02x", (unsigned char)s.data[i]);
		else
			kb_buf_putc(out, s.data[i]);
	}
	kb_buf_puts(out, plain ? "" : "\"");
}
