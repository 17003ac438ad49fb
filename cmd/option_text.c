/* The texts that help and manual pages are made of. */
#include "help.h"
#include "kb/embed.h"

kb_str kb_man_prose(const struct kb_command *command)
{
	_cleanup_buf_ kb_buf path = {0};
	kb_str text = KB_STR_NULL, name = kb_str_of(command ? command->name : "");

	kb_buf_fmt(&path, "man/kb%s%.*s.md", command ? "-" : "",
		KB_ARG(kb_str_sub(name, 0, kb_str_chr(name, ' '))));
	kb_embed_get(kb_buf_view(&path), &text);
	return text;
}

void kb_option_label(kb_buf *out, const struct kb_option *option)
{
	if (option->letter)
		kb_buf_fmt(out, "-%c, ", option->letter);
	kb_buf_fmt(out, "--%s", option->name);
	if (option->arg)
		kb_buf_fmt(out, " %s", option->arg);
}
