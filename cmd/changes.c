/* kb changes: what agents must know of what changed. */
#include "output.h"
#include "session.h"

#include "kb/moment.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "kb/unicode.h"

struct changes_values {
	struct kb_read_values read;
	kb_strs reports;
	const char *since, *audience, *locale, *region, *issue, *owner;
	const char *sender, *to, *subject;
	bool committed; /* HEAD is reported on, because no --rev is given */
};

static const char *const formats[] = {
	"text", "markdown", "html", "atom", "email", "json", NULL};

#define AT(field) offsetof(struct changes_values, field)
static const struct kb_option options[] = {
	{0, "since", KB_OPT_STRING, AT(since), "WHEN",
		"report changes since a revision, a date (2026-11-01) or '30 days "
		"ago'",
		NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"for readers of this audience; default: the most trusted one", NULL},
	{0, "locale", KB_OPT_STRING, AT(locale), "TAG", "only documents in this language",
		NULL},
	{0, "region", KB_OPT_STRING, AT(region), "CODE",
		"only documents that apply in this region", NULL},
	{0, "issue", KB_OPT_STRING, AT(issue), "ID",
		"only documents about this issue or one below it", NULL},
	{0, "owner", KB_OPT_STRING, AT(owner), "ID",
		"only documents that this person or team owns", NULL},
	{0, "format", KB_OPT_PAIRS, AT(reports), "FORMAT",
		"print text (default), markdown, html, atom, email or json; may be "
		"repeated, each with --output",
		formats},
	{'o', "output", KB_OPT_PAIRS, AT(reports), "FILE",
		"write the format before it to FILE; - is standard output", NULL},
	{0, "from", KB_OPT_STRING, AT(sender), "ADDRESS",
		"the sender of the email; default: the email address under 'contact' "
		"in kb.yaml",
		NULL},
	{0, "to", KB_OPT_STRING, AT(to), "ADDRESS", "the recipients of the email", NULL},
	{0, "subject", KB_OPT_STRING, AT(subject), "TEXT",
		"the subject of the email; default: the help center's name and the "
		"date",
		NULL},
	{0, "rev", KB_OPT_STRING, AT(read.rev), "REV",
		"up to this Git revision; default: HEAD", NULL},
	KB_CONTENT_OPTIONS(struct changes_values, read),
	KB_OPTION_END,
};

struct telling {
	const struct kb_report *report;
	const struct kb_news_report *told;
	struct kb_mail mail;
};

static int write_changes(
	void *ctx, const struct kb_output *where, kb_buf *out, struct kb_error *err)
{
	const struct telling *t = ctx;

	if (kb_str_is(where->format, "email"))
		return kb_report_mail(t->report, &t->mail, out, err);
	if (!kb_str_is(where->format, "atom"))
		return kb_report_write(
			t->report, where->format, &(struct kb_report_style){0}, out, err);
	kb_report_atom(t->report, t->told, out);
	return 0;
}

/* Since when */

struct since {
	char base[41]; /* the commit that is compared with */
	bool *news;    /* by commit of the history */
	time_t from;
	kb_str name;
	bool whole; /* the history begins later */
};

/* The newest commit at that time, and all that is not below it. */
static int since_time(struct since *s, const struct kb_history *history, time_t from,
	struct kb_error *err)
{
	size_t n = kb_history_commits(history), base = SIZE_MAX;

	for (size_t i = 0; i < n && base == SIZE_MAX; i++)
		if (kb_history_commit(history, i).committed < from)
			base = i;
	if (!n)
		return kb_error_set(err, KB_E_GIT, "there is no history");
	s->whole = base == SIZE_MAX;
	base = s->whole ? n - 1 : base;
	memcpy(s->base, kb_history_commit(history, base).id, sizeof(s->base));
	if (kb_history_since(history, kb_str_of(s->base), s->news))
		return 0;
	return kb_error_set(err, KB_E_GIT, "commit %.10s is not in the history", s->base);
}

static int since_read(struct since *s, const struct kb_session *now, kb_str word,
	const struct kb_history *history, struct kb_error *err)
{
	struct kb_revisions range;
	size_t at;

	s->name = word;
	if (!kb_moment_parse(word, now->lib->config->timezone, now->lib->now, &s->from))
		return since_time(s, history, s->from, err);
	if (kb_revisions_parse(&range, ".", word.data, err) < 0)
		return kb_day_fault(now->arena, word).len
			       ? kb_moment_refuse(err, word, "2026-11-01")
			       : -1;
	memcpy(s->base, range.from, sizeof(s->base));
	at = kb_history_find(history, kb_str_of(s->base));
	if (at == SIZE_MAX && kb_merge_base(s->base, ".", range.from,
				      kb_source_commit(now->source).data, err) < 0)
		return -1;
	at = kb_history_find(history, kb_str_of(s->base));
	if (at == SIZE_MAX || !kb_history_since(history, kb_str_of(s->base), s->news))
		return kb_error_set(
			err, KB_E_GIT, "'%.*s' is not in the history", KB_ARG(word));
	s->from = kb_history_commit(history, at).committed;
	return 0;
}

static int read_filter(const struct kb_library *lib, const struct changes_values *values,
	struct kb_news_filter *filter, struct kb_error *err)
{
	*filter = (struct kb_news_filter){.locale = KB_NONE};
	if (kb_pick_audience(lib, values->audience, &filter->audience, err) < 0 ||
		(values->region && kb_pick_region(lib, values->region, NULL,
					   &filter->region, err) < 0) ||
		(values->locale &&
			kb_pick_locale(lib, values->locale, &filter->locale, err) < 0) ||
		(values->issue && kb_pick_issue_for(lib, kb_str_of(values->issue),
					  filter->audience, &filter->issue, err) < 0))
		return -1;
	filter->owner = kb_str_of(values->owner);
	if (values->owner && !kb_people_find(lib->people, filter->owner))
		return kb_error_set(
			err, KB_E_USAGE, "people.yaml has no '%s'", values->owner);
	return 0;
}

static void fill_mail(struct kb_mail *mail, const struct changes_values *values,
	const struct kb_news_report *told, struct kb_arena *arena)
{
	const struct kb_config *config = told->lib->config;

	*mail = (struct kb_mail){.from = kb_str_of(values->sender),
		.to = kb_str_of(values->to),
		.subject = kb_str_of(values->subject),
		.date = told->lib->now};
	for (uint32_t i = 0; i < config->ncontacts && !mail->from.len; i++)
		mail->from = config->contacts[i].email;
	if (!mail->subject.len)
		mail->subject = kb_arena_fmt(arena, "%.*s: what changed, %.*s",
			KB_ARG(kb_l10n_get(config, &config->name, 0)),
			KB_ARG(kb_news_day(told, arena, mail->date)));
}

struct changes_run {
	struct kb_session *now, former;
	const struct changes_values *values;
	struct kb_history *history;
	struct kb_path_changes *changes;
	struct kb_library_diff *diff;
	struct since since;
	struct kb_news_filter filter;
};

static int open_former(struct changes_run *run, struct kb_error *err)
{
	struct kb_read_values read = run->values->read;

	read.rev = run->since.base;
	read.like = run->now->lib;
	if (!kb_session_open(run->now->cli, &run->former, &read, err))
		return kb_path_changes_find(
			&run->changes, run->former.source, run->now->source, err);
	if (err->code == KB_E_CONFIG)
		kb_output_complain(run->now->cli, &run->former.diags, KB_INFO);
	if (err->code == KB_E_NOTFOUND)
		kb_error_set(err, KB_E_NOTFOUND,
			"there was no kb.yaml at %.10s; name a later date or revision",
			read.rev);
	return -1;
}

static int find_news(struct changes_run *run, struct kb_news *news, struct kb_error *err)
{
	const struct changes_values *values = run->values;
	struct kb_library_diff_options find = {.threads = values->read.jobs};
	struct kb_session *now = run->now;

	if (read_filter(now->lib, values, &run->filter, err) < 0 ||
		kb_history_load(&run->history, now->source, err) < 0)
		return -1;
	run->since.news =
		kb_arena_array(now->arena, bool, kb_history_commits(run->history) + 1);
	if (since_read(&run->since, now, kb_str_of(values->since), run->history, err) <
			0 ||
		open_former(run, err) < 0 ||
		kb_library_diff_find(&run->diff, now->arena, run->former.lib, now->lib,
			run->changes, &find, err) < 0)
		return -1;
	return kb_news_find(news, now->arena, run->diff, run->history, run->since.news,
		&run->filter, err);
}

/* Changes that are not committed are not reported. */
static void note_uncommitted(const struct kb_cli *cli, const struct kb_session *now,
	const struct kb_read_values *values)
{
	struct kb_path_changes *changes = NULL;
	struct kb_source *tree = NULL;
	size_t n = 0;

	if (cli->quiet || kb_source_open(&tree, ".", NULL, values->config, NULL) < 0)
		return;
	if (kb_path_changes_find(&changes, now->source, tree, NULL) == 0)
		kb_path_changes_items(changes, &n);
	if (n)
		kb_complain("%zu file%s from the last commit and %s ignored: 'kb "
			    "diff' shows what changed in %s",
			n, n == 1 ? " differs" : "s differ", n == 1 ? "is" : "are",
			n == 1 ? "it" : "them");
	kb_path_changes_free(changes);
	kb_source_free(tree);
}

static void note_whole(const struct changes_run *run)
{
	if (run->since.whole && !run->now->cli->quiet)
		kb_complain(
			kb_history_shallow(run->history)
				? "this clone is shallow and begins later than that: "
				  "earlier changes are unknown (use "
				  "fetch-depth: 0)"
				: "the first commit is newer than that: kb reports what "
				  "has changed since that commit");
}

static int report_changes(struct changes_run *run, struct kb_error *err)
{
	const struct kb_session *now = run->now;
	struct kb_report report;
	struct kb_news_report told = {.lib = now->lib};
	struct telling t = {.report = &report, .told = &told};
	struct kb_news news;

	if (find_news(run, &news, err) < 0)
		return -1;
	note_whole(run);
	told.news = &news;
	told.since = run->since.name;
	told.from = run->since.from;
	told.trusted = kb_audience_trusted(now->lib->config, run->filter.audience);
	fill_mail(&t.mail, run->values, &told, now->arena);
	kb_report_news(&report, &told);
	int failed =
		kb_outputs_write(now->cli, &run->values->reports, write_changes, &t, err);
	kb_report_dispose(&report);
	return failed;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct changes_values *values = opaque;

	(void)operands;
	if (!values->since)
		return kb_error_set(err, KB_E_USAGE,
			"use --since, such as --since '30 days ago', "
			"--since 2026-11-01 or --since v1");
	if (!kb_head_exists(".", err))
		return -1;
	values->committed = !values->read.rev;
	if (values->committed)
		values->read.rev = "HEAD";
	return 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct changes_values *values = opaque;
	struct changes_run run = {.now = session, .values = values};

	(void)operands;
	int failed = report_changes(&run, err);
	if (values->committed && !failed)
		note_uncommitted(session->cli, session, &values->read);
	kb_library_diff_free(run.diff);
	kb_path_changes_free(run.changes);
	kb_history_free(run.history);
	kb_session_dispose(&run.former);
	return failed ? -1 : KB_EXIT_OK;
}

const struct kb_command kb_cmd_changes = {
	.name = "changes",
	.summary = "report what agents must know about recent changes",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct changes_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
