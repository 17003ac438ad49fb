/*
 * Strings that are made from others, in an arena.
 */
#ifndef KB_ARENA_STR_H
#define KB_ARENA_STR_H

#include "kb/mem.h"

/* WORD for a POSIX shell, in quotes if it needs them. */
kb_str kb_arena_shell_word(struct kb_arena *arena, kb_str word);
/* S with each %xx as its byte. %00 stays, and so does a '%' without two digits. */
kb_str kb_percent_decode(struct kb_arena *arena, kb_str s);
/* The words in a list as one string for a message: "a, b or c". */
kb_str kb_strs_listed(struct kb_arena *arena, const kb_str *items, size_t n);

#endif
