/*
 * Which files a command is about: operands, lists of files, text on standard input.
 */
#ifndef KB_CMD_INPUT_H
#define KB_CMD_INPUT_H

#include "session.h"

struct kb_input_values {
	const char *files_from, *stdin_filename;
	bool nul;
};
#define KB_INPUT_OPTIONS(type, member)                                                   \
	{0, "files-from", KB_OPT_STRING, offsetof(type, member.files_from), "FILE",      \
		"also read PATHs from FILE, one per line; - is standard input", NULL},   \
		{'0', "null", KB_OPT_FLAG, offsetof(type, member.nul), NULL,             \
			"in that FILE, PATHs end with a NUL byte", NULL},                \
	{                                                                                \
		0, "stdin-filename", KB_OPT_STRING,                                      \
			offsetof(type, member.stdin_filename), "PATH",                   \
			"with the operand -, the file that standard input contains",     \
			NULL                                                             \
	}

/* What the options and operands say. */
struct kb_input {
	kb_strs operands; /* but for '-' */
	bool restricted;  /* only these count, even if there are none */
	kb_buf text, list;
};

/* Reads what is to be read. READ gets the text on standard input and its path. */
int kb_input_read(struct kb_input *input, const struct kb_input_values *values,
	const kb_strs *operands, struct kb_read_values *read, struct kb_error *err);
/* All of FILE, a pipe too, but for more than MAX bytes (KB_E_REFUSED); "-" is standard
 * input. */
int kb_input_file(const char *file, size_t max, kb_buf *out, struct kb_error *err);
void kb_input_dispose(struct kb_input *input);

#endif
