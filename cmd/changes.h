/* What the formats of `kb changes` are made from. */
#ifndef KB_CMD_CHANGES_H
#define KB_CMD_CHANGES_H

#include "cmd.h"

#include "kb/news.h"
#include "kb/report.h"

struct changes_report {
	const struct kb_library *lib;
	const struct kb_news *news;
	struct kb_arena *arena;
	kb_str since; /* as one says it: a day, or a revision */
	time_t from;  /* when that was */
	kb_str sender, to, subject;
	bool trusted; /* the readers may know who owns what */
};

/* changes_sheet.c */
/* "Descale your machine (de)", the address of its page or an empty one, and a day. */
kb_str changes_title(
	const struct changes_report *report, const struct kb_news_item *item);
kb_str changes_url(const struct changes_report *report, const struct kb_document *doc);
kb_str changes_day(const struct changes_report *report, time_t t);

void changes_sheet(const struct changes_report *report, struct kb_report *sheet);
void changes_json(const struct changes_report *report, kb_buf *out);
void changes_atom(const struct changes_report *report, kb_buf *out);
/* -1: a header that no message can have. */
int changes_email(const struct changes_report *report, kb_buf *out, struct kb_error *err);

#endif
