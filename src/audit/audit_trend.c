#include "kb/audit_trend.h"

#include "kb/unicode.h"

struct trend {
	const struct kb_library *lib;
	const struct kb_history *history;
	unsigned threads;
	struct kb_arena *arena;
};

static void fill(const struct trend *t, const struct kb_library *lib,
	const struct kb_history *history, struct kb_audit_month *out)
{
	const struct kb_audit_filter all = {.owners = &(kb_strs){0}, .locale = KB_NONE};
	struct kb_audit_scores scores;
	struct kb_audit audit = {0};

	kb_audit_find(lib, history, NULL, t->threads, t->arena, &audit);
	kb_audit_score(lib, &audit, t->arena, &scores);
	kb_audit_choose(lib, &all, &audit);
	out->known = true;
	out->documents = audit.documents;
	out->findings = audit.len;
	out->score = scores.all.points;
	memcpy(out->counts, audit.counts, sizeof(out->counts));
}

/* The content as it was at a commit. */
static void fill_past(
	const struct trend *t, kb_str commit, time_t now, struct kb_audit_month *out)
{
	struct kb_library_options options = {
		.threads = t->threads, .now = now, .like = t->lib};
	kb_str root = kb_source_root(t->lib->source);
	struct kb_source *source = NULL;
	struct kb_library *lib = NULL;
	struct kb_history *history = NULL;
	struct kb_diags diags;

	kb_diags_init(&diags, NULL);
	if (kb_source_open(
		    &source, root.len ? root.data : ".", commit.data, NULL, NULL) == 0 &&
		kb_library_load(&lib, source, &options, &diags, NULL) == 0 &&
		kb_history_load(&history, source, NULL) == 0)
		fill(t, lib, history, out);
	kb_history_free(history);
	if (lib)
		kb_library_free(lib);
	kb_source_free(source);
	kb_diags_dispose(&diags);
}

/* The newest commit at that time; empty: the history does not go back so far. */
static kb_str commit_at(const struct trend *t, time_t end)
{
	size_t n = kb_history_commits(t->history);

	for (size_t i = 0; i < n; i++)
		if (kb_history_commit(t->history, i).committed <= end)
			return kb_arena_str(
				t->arena, kb_str_of(kb_history_commit(t->history, i).id));
	return KB_STR("");
}

void kb_audit_trend(const struct kb_library *lib, const struct kb_history *history,
	unsigned threads, struct kb_arena *arena,
	struct kb_audit_month months[KB_TREND_MONTHS])
{
	struct trend t = {lib, history, threads, arena};
	kb_str zone = lib->config->timezone;
	unsigned now = kb_month_number(zone, lib->now);

	for (unsigned i = 0; i < KB_TREND_MONTHS; i++) {
		struct kb_audit_month *out = &months[i];
		unsigned number = now - KB_TREND_MONTHS + 1 + i;
		time_t end = kb_month_start(zone, number + 1);

		*out = (struct kb_audit_month){.name = kb_arena_fmt(arena, "%04u-%02u",
						       number / 12, number % 12 + 1)};
		kb_str commit = commit_at(&t, end - 1);
		if (i + 1 == KB_TREND_MONTHS)
			fill(&t, lib, history, out);
		else if (commit.len)
			fill_past(&t, commit, end - 1, out);
	}
}
