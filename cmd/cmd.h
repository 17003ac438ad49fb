/*
 * kb's face.
 *
 * Each subcommand is one file that exports a const struct kb_command; main.c
 * lists them. A command's option table is the one source of its parsing, its -h,
 * its man page's OPTIONS and the shell completions; its prose is docs/man/NAME.md.
 * Results go to standard output, all else to standard error.
 */
#ifndef KB_CMD_H
#define KB_CMD_H

#include <stdio.h>

#include "kb/error.h"
#include "kb/escape.h"
#include "kb/option.h"

enum kb_exit {
	KB_EXIT_OK = 0,
	KB_EXIT_FOUND = 1, /* findings at or above --fail-level */
	KB_EXIT_FAILED =
		2, /* wrong usage, broken configuration, or it could not be done */
};

/* What the global options say, and the commands that there are. */
struct kb_cli {
	/* All, in the order of the overview; NULL past the last. */
	const struct kb_command *const *commands;
	const char *dir;
	bool quiet, verbose, no_progress;
	bool short_help, help, version;
	int color;
	bool color_out, color_err; /* worked out from color and the environment */
};

struct kb_session;

/* How content is read, beside what options say; see struct kb_read_values. */
enum kb_needs {
	KB_NEEDS_CHECK = 1,
	KB_NEEDS_SEARCH = 2,
	KB_NEEDS_HISTORY = 4,
	KB_NEEDS_PAST = 8,
};

/* A command works on content, or runs without it. */
struct kb_command {
	const char *name;		 /* of a subcommand both words: "link add" */
	const char *summary;		 /* a phrase, in the imperative */
	const char *operands;		 /* as in the synopsis: "[PATH...]", or "" */
	unsigned least, most;		 /* operands; MOST 0: any number */
	const struct kb_option *options; /* NULL: none */
	size_t values_size;
	bool draws; /* it may draw diagrams */
	/* Refuses options and operands that make no sense together, before content is
	 * read, and may say how it is to be read. NULL: all do. */
	int (*check)(void *values, const kb_strs *operands, struct kb_error *err);
	/* After CHECK: does what needs no content. False if that is not all. NULL:
	 * nothing. */
	bool (*shortcut)(const struct kb_cli *cli, void *values);
	/* The exit status, or -1 with the error. The content is what the options in the
	 * struct kb_read_values at the offset READ name. */
	int (*work)(struct kb_session *session, void *values, const kb_strs *operands,
		struct kb_error *err);
	size_t read;
	unsigned needs; /* enum kb_needs */
	/* WORK is called even if the configuration cannot be read: the session then has
	 * no library but the findings, and ERR says so. */
	bool takes_broken;
	/* What is shown while WORK takes long; NULL: nothing. It ends the session's
	 * progress before it prints. */
	const char *progress;
	/* Instead of WORK: the exit status, or -1 with the error. */
	int (*run)(const struct kb_cli *cli, void *values, const kb_strs *operands,
		struct kb_error *err);
	/* Frees what the other functions left in VALUES, in any case. NULL: nothing. */
	void (*dispose)(void *values);
};

extern const struct kb_command kb_cmd_audit;
extern const struct kb_command kb_cmd_case;
extern const struct kb_command kb_cmd_changes;
extern const struct kb_command kb_cmd_diff;
extern const struct kb_command kb_cmd_explain;
extern const struct kb_command kb_cmd_feedback;
extern const struct kb_command kb_cmd_feedback_add;
extern const struct kb_command kb_cmd_feedback_close;
extern const struct kb_command kb_cmd_feedback_import;
extern const struct kb_command kb_cmd_feedback_list;
extern const struct kb_command kb_cmd_find;
extern const struct kb_command kb_cmd_help;
extern const struct kb_command kb_cmd_impact;
extern const struct kb_command kb_cmd_init;
extern const struct kb_command kb_cmd_link;
extern const struct kb_command kb_cmd_link_add;
extern const struct kb_command kb_cmd_link_remove;
extern const struct kb_command kb_cmd_link_rename;
extern const struct kb_command kb_cmd_link_suggest;
extern const struct kb_command kb_cmd_log;
extern const struct kb_command kb_cmd_new;
extern const struct kb_command kb_cmd_owners;
extern const struct kb_command kb_cmd_publish;
extern const struct kb_command kb_cmd_reply;
extern const struct kb_command kb_cmd_review;
extern const struct kb_command kb_cmd_schema;
extern const struct kb_command kb_cmd_show;
extern const struct kb_command kb_cmd_stats;
extern const struct kb_command kb_cmd_stats_import;
extern const struct kb_command kb_cmd_stats_report;
extern const struct kb_command kb_cmd_stats_sql;
extern const struct kb_command kb_cmd_suggest;
extern const struct kb_command kb_cmd_validate;

/* command.c */
extern const struct kb_option kb_global_options[];
/* NULL if there is no such command. */
const struct kb_command *kb_command_find(const struct kb_cli *cli, kb_str name);
/* Is COMMAND a subcommand of PARENT, or with NULL of any? */
bool kb_command_is_below(
	const struct kb_command *command, const struct kb_command *parent);
/* Says that there is no such command and which one may be meant. */
void kb_command_unknown(const struct kb_cli *cli, kb_str name);

/*
 * say.c. All that kb prints goes through these. kb_put and kb_say print text for people,
 * by kb_buf_text: nothing that it holds is a command to the terminal or to a CI server.
 * kb_put_bytes prints what a program reads as it is.
 */
void kb_put(const struct kb_cli *cli, FILE *to, kb_str text);
/* Without styles. */
void kb_say(FILE *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void kb_put_bytes(FILE *to, kb_str bytes);
/* "kb: MESSAGE" on standard error, on one line. */
void kb_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same for an error; returns KB_EXIT_FAILED. */
int kb_fail(const struct kb_error *err);

#define KB_OPTION_END                                                                    \
	{                                                                                \
		0, NULL, KB_OPT_FLAG, 0, NULL, NULL, NULL                                \
	}

#endif
