/*
 * News feeds in Atom (RFC 4287), the one writer of this format.
 *
 * Write the feed's head, then its entries, the newest first, and then the tail. All
 * strings are text: the writer escapes them. An empty string leaves its element out,
 * unless a comment says that it is required.
 */
#ifndef KB_ATOM_H
#define KB_ATOM_H

#include "kb/buf.h"

struct kb_atom_feed {
	kb_str id;	/* Required: a URI that never changes. */
	kb_str title;	/* Required. */
	kb_str lang;	/* Required: a language tag (BCP 47). */
	kb_str updated; /* Required: the time of the newest entry (RFC 3339). */
	kb_str author;	/* "kb" if it is empty, because a feed must have one. */
	kb_str self;	/* The feed's own address. */
	kb_str page;	/* The address of a page that shows the same. */
};

struct kb_atom_entry {
	kb_str id, title, updated; /* Required, as for the feed. */
	kb_str page;		   /* The address of the page that the entry is about. */
	kb_str summary;		   /* For an entry that says less than its page. */
	kb_str content, lang;	/* For one that says everything; LANG is required then. */
	kb_str category, label; /* A topic: its id, and its name for readers. */
};

/* Each appends to OUT. */
void kb_atom_head(kb_buf *out, const struct kb_atom_feed *feed);
void kb_atom_entry(kb_buf *out, const struct kb_atom_entry *entry);
void kb_atom_tail(kb_buf *out);

#endif
