#include "kb/log.h"
#include "kb/mount.h"
#include "kb/unicode.h"

struct log_run {
	const struct kb_library *lib;
	struct kb_history *history;
	struct kb_mounts *mounts;
	const struct kb_log_options *options;
	struct kb_arena *arena;
};

/* The version's text as a document; NULL: deleted, or not in this clone. */
static struct kb_version *read_version(struct log_run *run, struct kb_arena *arena,
	const struct kb_document *doc, const struct kb_history_version *version)
{
	_cleanup_buf_ kb_buf text = {0};
	uint32_t locale = doc->locale;
	const struct kb_mount *mount =
		kb_mounts_match(run->mounts, version->path, &locale);

	if (!version->blob[0] ||
		kb_history_blob(run->history, kb_str_of(version->blob), &text, NULL))
		return NULL;
	return kb_version_read(arena, run->lib->config, mount ? mount : doc->mount,
		mount ? locale : doc->locale, version->path, kb_buf_view(&text));
}

/* What there is to say besides what changed in the text. */
static kb_str remark(struct kb_arena *arena, const struct kb_history_version *version)
{
	switch (version->kind) {
	case KB_VERSION_ADDED:
		return KB_STR("written");
	case KB_VERSION_DELETED:
		return version->from.len ? kb_arena_fmt(arena, "moved to %.*s",
						   KB_ARG(version->from))
					 : KB_STR("deleted");
	case KB_VERSION_RENAMED:
		return kb_arena_fmt(arena, "moved from %.*s", KB_ARG(version->from));
	case KB_VERSION_UNKNOWN:
		return KB_STR("it existed, but this clone does not go back further");
	case KB_VERSION_MERGED:
		return KB_STR("merged by hand");
	default:
		return KB_STR("");
	}
}

static void summarize(struct log_run *run, const struct kb_document *doc,
	const struct kb_history_version *older, struct kb_log_entry *entry)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_history_version *version = &entry->version;
	struct kb_version *to = read_version(run, arena, doc, version);
	struct kb_version *from = older ? read_version(run, arena, doc, older) : NULL;
	const struct kb_diff_links links = {.to = run->lib, .history = run->history};
	kb_str said = remark(run->arena, version), summary = KB_STR("");

	if (version->kind == KB_VERSION_ADDED ||
		(version->kind == KB_VERSION_DELETED && !version->from.len))
		entry->weight = KB_WEIGHT_SIGNIFICANT;
	if (from && to) {
		struct kb_diff *diff = kb_diff_versions(arena, from, to, &links);

		summary = kb_diff_summary(arena, diff);
		entry->weight = diff->weight;
		if (!summary.len && !said.len)
			summary = KB_STR("nothing that readers see");
	}
	if (to && to->doc->facts->broken && kb_version_has_front(to))
		summary = kb_arena_fmt(arena,
			"%.*s%sits front matter could not be read at that time",
			KB_ARG(summary), summary.len ? "; " : "");
	entry->summary = kb_arena_fmt(run->arena, "%.*s%s%.*s", KB_ARG(said),
		said.len && summary.len ? "; " : "", KB_ARG(summary));
}

static bool is_wanted(
	const struct kb_log_options *options, const struct kb_history_version *version)
{
	time_t t = version->commit.authored;

	return (!options->since || t >= options->since) &&
	       (!options->until || t < options->until);
}

/* False: it weighs too little. Nobody knows what an unknown version changed. */
static bool read_entry(struct log_run *run, const struct kb_document *doc,
	const struct kb_history_version *older, struct kb_log_entry *entry)
{
	const struct kb_history_version *version = &entry->version;

	entry->known = version->kind != KB_VERSION_UNKNOWN;
	summarize(run, doc, older, entry);
	if (entry->weight < run->options->least && entry->known)
		return false;
	entry->day = kb_day_format(
		run->arena, run->lib->config->timezone, version->commit.authored);
	kb_history_message(run->history, run->arena, kb_str_of(version->commit.id),
		&entry->message, NULL);
	return true;
}

static void list_versions(
	struct log_run *run, const struct kb_document *doc, struct kb_log_document *out)
{
	size_t most = run->options->most ? run->options->most : SIZE_MAX;
	struct kb_history_version *versions;
	size_t n = kb_history_versions(run->history, run->arena, doc->path, &versions);

	out->doc = doc;
	out->entries = kb_arena_array(run->arena, struct kb_log_entry, n);
	for (size_t i = 0; i < n && out->len < most; i++) {
		struct kb_log_entry *entry = &out->entries[out->len];

		*entry = (struct kb_log_entry){.version = versions[i]};
		if (is_wanted(run->options, &versions[i]))
			out->len += read_entry(
				run, doc, i + 1 < n ? &versions[i + 1] : NULL, entry);
	}
}

void kb_log_find(const struct kb_library *lib, struct kb_history *history,
	const kb_docs *docs, const struct kb_log_options *options, struct kb_arena *arena,
	struct kb_log *out)
{
	struct log_run run = {
		lib, history, kb_mounts_new(arena, lib->config), options, arena};

	*out = (struct kb_log){.len = docs->len};
	out->items = kb_arena_array(arena, struct kb_log_document, docs->len);
	for (size_t i = 0; i < docs->len; i++) {
		list_versions(&run, docs->items[i], &out->items[i]);
		out->entries += out->items[i].len;
	}
	kb_mounts_dispose(run.mounts);
}
