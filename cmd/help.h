/*
 * Help from the option tables and docs/man: short, as a manual's text, as an mdoc
 * page, and as completions for shells.
 */
#ifndef KB_CMD_HELP_H
#define KB_CMD_HELP_H

#include "cmd.h"

#include "kb/buf.h"

/* The usage when cli->short_help, else the manual's text. COMMAND NULL: of kb itself. */
int kb_help_print(const struct kb_cli *cli, const struct kb_command *command);
void kb_version_print(void);

/* option_text.c */
/* docs/man/NAME.md; the text before its first heading is the description. */
kb_str kb_man_prose(const struct kb_command *command);
/* "-j, --jobs N" */
void kb_option_label(kb_buf *out, const struct kb_option *option);

/* man.c */
void kb_man_page(const struct kb_cli *cli, kb_buf *out, const struct kb_command *command);
/* complete.c. SHELL: "bash", "zsh" or "fish". */
void kb_completion(const struct kb_cli *cli, kb_buf *out, const char *shell);

#endif
