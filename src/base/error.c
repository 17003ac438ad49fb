#include "kb/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int kb_error_set(struct kb_error *err, enum kb_error_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -1;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	return -1;
}

int kb_error_errno(struct kb_error *err, const char *fmt, ...)
{
	int number = errno;
	va_list ap;
	size_t len;

	if (!err)
		return -1;
	err->code = number == ENOENT ? KB_E_NOTFOUND : KB_E_IO;
	va_start(ap, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	len = strlen(err->message);
	snprintf(
		err->message + len, sizeof(err->message) - len, ": %s", strerror(number));
	return -1;
}

int kb_error_unknown(struct kb_error *err, const char *noun, kb_str word,
	const kb_str *names, size_t n, kb_str otherwise)
{
	const kb_str *near = kb_str_nearest(word, names, n);

	return kb_error_set(err, KB_E_USAGE, "there is no %s '%.*s'%s%.*s%s", noun,
		KB_ARG(word), near ? ": did you mean '" : "",
		KB_ARG(near ? *near : otherwise), near ? "'?" : "");
}
