/*
 * Help from the option tables and docs/man: short, as a manual's text, as an mdoc
 * page, and as completions for shells.
 */
#ifndef KB_CMD_HELP_H
#define KB_CMD_HELP_H

#include "cmd.h"

#include "kb/buf.h"

/* The manual's text with cli->help, else the usage. COMMAND NULL: of kb itself. */
void kb_help_print(const struct kb_cli *cli, const struct kb_command *command, FILE *to);
void kb_version_print(void);

/* option_text.c */
/* docs/man/NAME.md, of a subcommand its command's; the text before the first heading is
 * the description. */
kb_str kb_man_prose(const struct kb_command *command);
/* "-j, --jobs N" */
void kb_option_label(kb_buf *out, const struct kb_option *option);

/* complete.c. SHELL: "bash", "zsh" or "fish". */
void kb_completion(const struct kb_cli *cli, kb_buf *out, const char *shell);

#endif
