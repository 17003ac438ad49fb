/* The library that a command works on, opened as its options say. */
#ifndef KB_CMD_SESSION_H
#define KB_CMD_SESSION_H

#include "cmd.h"
#include "output.h"

#include "kb/check.h"
#include "kb/edit.h"
#include "kb/search.h"

struct kb_read_values {
	const char *rev, *config;
	struct kb_source *source; /* that was opened already, to be taken over; or NULL */
	unsigned jobs;
	bool no_cache;
	/* Files that are read as if these changes had been written. */
	const struct kb_rewrite *rewrites;
	size_t nrewrites;
	/* Not of KB_READ_OPTIONS: for commands with such options of their own. */
	const char *as_of; /* the library's clock; NULL: now */
	bool staged;
	bool check;			     /* for kb_check */
	const struct kb_text_keeper *keeper; /* NULL: with `check`, that of kb_check */
	bool search;			     /* with an index for search */
	bool no_index; /* which is not written after a few changes */
	bool history;  /* the command is nothing without Git's history */
	bool past;     /* a revision without a kb.yaml is read with the current one */
	const char *stdin_filename; /* a file that has this text instead of its own */
	kb_str stdin_text;
	/* A newer version, which this one is compared with: it has the same clock. */
	const struct kb_library *like;
};
/* For all commands that read content. */
#define KB_CONTENT_OPTIONS(type, member)                                                 \
	{0, "config", KB_OPT_STRING, offsetof(type, member.config), "FILE",              \
		"use FILE instead of the nearest kb.yaml", NULL},                        \
		{0, "no-cache", KB_OPT_FLAG, offsetof(type, member.no_cache), NULL,      \
			"read all documents again, without the cache", NULL},            \
	{                                                                                \
		'j', "jobs", KB_OPT_NUMBER, offsetof(type, member.jobs), "N",            \
			"use N threads; default: one per core", NULL                     \
	}
/* For those that can read a revision, too. */
#define KB_READ_OPTIONS(type, member)                                                    \
	{0, "rev", KB_OPT_STRING, offsetof(type, member.rev), "REV",                     \
		"read the content at a Git revision, without the work tree", NULL},      \
		KB_CONTENT_OPTIONS(type, member)

/* For commands that change files of the work tree. */
struct kb_change_values {
	struct kb_read_values read;
	bool dry_run;
};
#define KB_CHANGE_OPTIONS(type, member)                                                  \
	{'n', "dry-run", KB_OPT_FLAG, offsetof(type, member.dry_run), NULL,              \
		"print a patch of what would change, write nothing", NULL},              \
		KB_CONTENT_OPTIONS(type, member.read)

struct kb_session {
	const struct kb_cli *cli;
	struct kb_arena *arena;
	struct kb_progress *progress; /* or NULL */
	struct kb_source *source;
	struct kb_library *lib;
	struct kb_search *search;     /* or NULL */
	struct kb_check_texts *texts; /* or NULL */
	struct kb_diags diags;	      /* what loading found */
};

/* Has a command do its work on the content that its options name: the exit status, or -1
 * with the error. */
int kb_session_run(const struct kb_cli *cli, const struct kb_command *command,
	void *values, const kb_strs *operands, struct kb_error *err);
/*
 * Opens the content root and loads it; with -v, says so. If the configuration cannot be
 * read (KB_E_CONFIG), the session has the findings. Dispose of it in any case.
 */
int kb_session_open(const struct kb_cli *cli, struct kb_session *session,
	const struct kb_read_values *values, struct kb_error *err);
/* Closes the content and opens it with other values. The arena and the progress stay. */
int kb_session_reopen(struct kb_session *session, const struct kb_read_values *values,
	struct kb_error *err);
void kb_session_dispose(struct kb_session *session);
/* Takes back what a run that died has left half done in the work tree, and says so. */
int kb_session_recover(
	const struct kb_cli *cli, const struct kb_source *source, struct kb_error *err);
/* What operations on the content return; the caller disposes of it. */
struct kb_rewrites kb_session_rewrites(const struct kb_session *session);
/* Makes the changes, or with --dry-run prints the patch that would. */
int kb_session_change(const struct kb_session *session, bool dry_run,
	const struct kb_rewrite *rewrites, size_t n, struct kb_error *err);
/* Says so where the locale that was picked is only a part of TAG, the one asked for. */
void kb_note_locale(
	const struct kb_cli *cli, const struct kb_library *lib, const char *tag);

#endif
