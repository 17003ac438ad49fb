/*
 * Operational failures: a file that cannot be read, a disk that is full, a
 * revision that does not exist. A function that can fail in this way returns 0 for
 * success and -1 for failure, and takes a struct kb_error to say why. It leaves outputs
 * untouched on failure. A problem in content is not a failure but a
 * finding: see diag.h.
 */
#ifndef KB_ERROR_H
#define KB_ERROR_H

#include <stdarg.h>

#include "kb/str.h"

enum kb_error_code {
	KB_OK = 0,
	KB_E_IO,     /* a system call failed */
	KB_E_USAGE,  /* the caller asked for something that makes no sense */
	KB_E_CONFIG, /* kb.yaml or what it names is broken; findings say where */
	KB_E_NOTFOUND,
	KB_E_GIT,
	KB_E_OBJECT,   /* a Git repository lacks an object: its clone is partial */
	KB_E_FORMAT,   /* a Git repository or packed file that kb cannot read */
	KB_E_REFUSED,  /* it would damage files that kb did not create */
	KB_E_CONFLICT, /* a file contains a merge conflict */
	KB_E_LFS,      /* a file's content is in Git LFS and was not fetched */
};

struct kb_error {
	enum kb_error_code code;
	char message[1024]; /* a sentence without a full stop, cut when too long */
};

/* Sets the message when ERR is not NULL; always returns -1. */
int kb_error_set(struct kb_error *err, enum kb_error_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, followed by ": " and the text for errno. */
int kb_error_errno(struct kb_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* KB_E_USAGE: "there is no NOUN 'WORD'", then which of the N names may be meant, else
 * OTHERWISE, as in " in kb.yaml"; returns -1. */
int kb_error_unknown(struct kb_error *err, const char *noun, kb_str word,
	const kb_str *names, size_t n, kb_str otherwise);

#endif
