/* What cannot be written, and why. */
#include "output_parts.h"

#include <errno.h>

bool output_in_the_way(int error)
{
	return error == EEXIST || error == ENOTDIR || error == EISDIR || error == ELOOP ||
	       error == ENOTEMPTY;
}

int output_fail_put(const struct output *out, kb_str path, struct kb_error *err)
{
	if (output_in_the_way(errno))
		return kb_error_set(err, KB_E_REFUSED,
			"cannot write %s/%.*s: there is something that kb did not "
			"make; move it away",
			out->name, KB_ARG(path));
	return kb_error_errno(err, "cannot write %s/%.*s", out->name, KB_ARG(path));
}

int output_fail_mount(const struct output *out, struct kb_error *err)
{
	return kb_error_set(err, KB_E_REFUSED,
		"%s is a mount point, so --atomic cannot replace it; publish without "
		"--atomic, or to a folder inside it",
		out->name);
}
