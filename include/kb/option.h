/*
 * Command-line options: one table per command, from which kb makes parsing, `-h`, the
 * OPTIONS of the man page and the shell completions.
 */
#ifndef KB_OPTION_H
#define KB_OPTION_H

#include "kb/error.h"
#include "kb/vec.h"

enum kb_option_kind {
	KB_OPT_FLAG,   /* bool: set to true */
	KB_OPT_STRING, /* const char *: the last one wins */
	KB_OPT_LIST,   /* kb_strs: one each time */
	KB_OPT_NUMBER, /* unsigned */
	KB_OPT_CHOICE, /* int: index into choices */
	KB_OPT_PAIRS,  /* kb_strs: name, then value, each time; options that share one
			* offset so keep their order (--format json --output FILE) */
};

struct kb_option {
	char letter;	  /* 0: none */
	const char *name; /* without dashes */
	enum kb_option_kind kind;
	size_t offset;		    /* into the struct that the command's run reads */
	const char *arg;	    /* what the value is called in help: "DIR" */
	const char *help;	    /* a phrase without a full stop */
	const char *const *choices; /* NULL-terminated words that a value must be one of;
				     * NULL: any. KB_OPT_CHOICE has them always */
};

/*
 * Parses ARGV (without the command's name) by the tables (each ends with a
 * name of NULL; NULL table: none) into the structs beside them, as GNU
 * getopt_long would: options and operands mix, "--" ends options, "--opt=value",
 * "-j2", "-qv". Operands go to *operands. An unknown option's message names the
 * nearest known one. Returns -1 with KB_E_USAGE.
 */
struct kb_option_table {
	const struct kb_option *options;
	void *values;
};
int kb_options_parse(const struct kb_option_table *tables, size_t ntables, int argc,
	char **argv, kb_strs *operands, struct kb_error *err);

/*
 * How many of ARGV are before the first operand, by the options' tables: the index of
 * a subcommand's name. An unknown option counts as one without a value.
 */
int kb_options_before_operand(
	const struct kb_option_table *tables, size_t ntables, int argc, char **argv);

#endif
