#include "input.h"

#include <errno.h>
#include <stdio.h>

#include "kb/file.h"

static int read_stream(
	FILE *from, const char *name, size_t max, kb_buf *out, struct kb_error *err)
{
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), from)) > 0) {
		if (out->len + n > max)
			return kb_error_set(err, KB_E_REFUSED,
				"%s has more than %zu bytes", name, max);
		kb_buf_add(out, chunk, n);
	}
	return ferror(from) ? kb_error_errno(err, "cannot read %s", name) : 0;
}

int kb_input_file(const char *file, size_t max, kb_buf *out, struct kb_error *err)
{
	FILE *from;
	int rc;

	if (strcmp(file, "-") == 0)
		return read_stream(stdin, "standard input", max, out, err);
	from = fopen(file, "re");
	if (!from)
		return kb_error_errno(err, "cannot read %s", file);
	rc = read_stream(from, file, max, out, err);
	fclose(from);
	return rc;
}

/* Adds the paths of a list. Empty lines are skipped. */
static void add_list(struct kb_input *input, kb_str list, char end)
{
	kb_str path;

	while (kb_str_next(&list, end, &path)) {
		if (end == '\n' && kb_str_ends(path, KB_STR("\r")))
			path.len--;
		if (path.len)
			kb_vec_push(&input->operands, path);
	}
}

static int check_usage(
	const struct kb_input_values *values, bool has_stdin, struct kb_error *err)
{
	if (has_stdin && !values->stdin_filename)
		return kb_error_set(err, KB_E_USAGE,
			"with -, use --stdin-filename to name the file that standard "
			"input contains");
	if (!has_stdin && values->stdin_filename)
		return kb_error_set(err, KB_E_USAGE,
			"--stdin-filename goes with the operand -, which reads the text from "
			"standard input");
	if (has_stdin && values->files_from && strcmp(values->files_from, "-") == 0)
		return kb_error_set(err, KB_E_USAGE,
			"standard input cannot be both a list of files and a text");
	if (values->nul && !values->files_from)
		return kb_error_set(err, KB_E_USAGE, "-0 goes with --files-from");
	return 0;
}

int kb_input_read(struct kb_input *input, const struct kb_input_values *values,
	const kb_strs *operands, struct kb_read_values *read, struct kb_error *err)
{
	bool has_stdin = false;

	*input = (struct kb_input){.restricted = operands->len || values->files_from};
	for (size_t i = 0; i < operands->len; i++) {
		bool dash = kb_str_is(operands->items[i], "-");

		has_stdin |= dash;
		if (!dash)
			kb_vec_push(&input->operands, operands->items[i]);
	}
	if (check_usage(values, has_stdin, err) < 0)
		return -1;
	if (has_stdin) {
		if (kb_input_file("-", SIZE_MAX, &input->text, err) < 0)
			return -1;
		read->stdin_filename = values->stdin_filename;
		read->stdin_text = kb_buf_view(&input->text);
	}
	if (values->files_from) {
		if (kb_input_file(values->files_from, SIZE_MAX, &input->list, err) < 0)
			return -1;
		add_list(input, kb_buf_view(&input->list), values->nul ? '\0' : '\n');
	}
	return 0;
}

void kb_input_dispose(struct kb_input *input)
{
	kb_vec_dispose(&input->operands);
	kb_buf_dispose(&input->text);
	kb_buf_dispose(&input->list);
}
