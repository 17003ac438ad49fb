#include "cmd.h"

void kb_put_bytes(FILE *to, kb_str bytes)
{
	if (bytes.len)
		fwrite(bytes.data, 1, bytes.len, to);
}

void kb_put(const struct kb_cli *cli, FILE *to, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};
	bool color = cli && (to == stdout ? cli->color_out : cli->color_err);

	kb_buf_text(&out, text, color);
	kb_put_bytes(to, kb_buf_view(&out));
}

void kb_say(FILE *to, const char *fmt, ...)
{
	_cleanup_buf_ kb_buf text = {0};
	va_list ap;

	va_start(ap, fmt);
	kb_buf_vfmt(&text, fmt, ap);
	va_end(ap);
	kb_put(NULL, to, kb_buf_view(&text));
}

void kb_complain(const char *fmt, ...)
{
	_cleanup_buf_ kb_buf message = {0}, line = {0};
	va_list ap;

	va_start(ap, fmt);
	kb_buf_vfmt(&message, fmt, ap);
	va_end(ap);
	kb_buf_plain(&line, kb_buf_view(&message));
	fflush(stdout);
	kb_say(stderr, "kb: %.*s\n", KB_ARG(kb_buf_view(&line)));
}

int kb_fail(const struct kb_error *err)
{
	kb_complain("%s", err->message);
	return KB_EXIT_FAILED;
}
