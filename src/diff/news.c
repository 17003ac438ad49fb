/* What readers must know of what changed. */
#include "kb/news.h"

#include "kb/unicode.h"
#include "version.h"

struct note { /* a commit's trailers */
	size_t commit;
	kb_str text, audience;
	bool none;
};

struct news {
	struct kb_arena *arena;
	const struct kb_library_diff *diff;
	const struct kb_history *history;
	const bool *since;
	const struct kb_news_filter *filter;
	struct {
		KB_VEC(struct kb_news_item);
	} items;
	struct {
		KB_VEC(struct note);
	} notes;
};

const char *kb_news_kind_name(enum kb_news_kind kind)
{
	static const char *const names[] = {"notice", "commit", "change"};

	return names[kind];
}

/* Trailers */

static bool trailer(kb_str line, const char *name, kb_str *value)
{
	kb_str key = kb_str_of(name);

	if (line.len <= key.len || line.data[key.len] != ':' ||
		!kb_str_eq_nocase(kb_str_sub(line, 0, key.len), key))
		return false;
	*value = kb_str_trim(kb_str_sub(line, key.len + 1, line.len));
	return true;
}

/* The last paragraph, lines that begin with a space joined to those before them. */
static kb_str last_paragraph(struct kb_arena *arena, kb_str body)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str line;

	for (kb_str rest = kb_str_trim(body); kb_str_next(&rest, '\n', &line);) {
		kb_str inner = kb_str_trim(line);

		if (!inner.len) {
			kb_buf_clear(&out);
			continue;
		}
		if (out.len && (line.data[0] == ' ' || line.data[0] == '\t')) {
			out.data[out.len - 1] = ' ';
			kb_buf_str(&out, inner);
		} else {
			kb_buf_str(&out, inner);
		}
		kb_buf_putc(&out, '\n');
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void read_trailers(struct news *n, size_t commit, kb_str body)
{
	struct note note = {.commit = commit};
	kb_str line, value;

	for (kb_str rest = last_paragraph(n->arena, body);
		kb_str_next(&rest, '\n', &line);) {
		if (trailer(line, "Notice", &value)) {
			note.none = kb_str_eq_nocase(value, KB_STR("none"));
			note.text = note.none ? KB_STR_NULL : value;
		} else if (trailer(line, "Notice-For", &value)) {
			note.audience = value;
		}
	}
	if (note.none || note.text.len)
		kb_vec_push(&n->notes, note);
}

static int read_messages(struct news *n, struct kb_error *err)
{
	for (size_t i = 0; i < kb_history_commits(n->history); i++) {
		struct kb_history_commit commit = kb_history_commit(n->history, i);
		struct kb_commit_message message;

		if (!n->since[i])
			continue;
		if (kb_history_message(n->history, n->arena, kb_str_of(commit.id),
			    &message, err) < 0)
			return -1;
		read_trailers(n, i, message.body);
	}
	return 0;
}

/* Who may read what */

static bool reads(
	const struct kb_library *lib, const struct kb_document *doc, unsigned audience)
{
	return doc && doc->type != KB_SNIPPET &&
	       kb_document_visible(lib, doc, audience, false);
}

static bool in_issue(const struct news *n, const struct kb_document *doc)
{
	const struct kb_taxonomy *taxonomy = n->diff->to->taxonomy;
	uint32_t top = kb_taxonomy_index(taxonomy, n->filter->issue);

	for (size_t i = 0; i < doc->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->issues.items[i]);
		uint32_t at = issue ? kb_taxonomy_index(taxonomy, issue) : KB_NONE;

		if (issue && at >= top && at < n->filter->issue->end)
			return true;
	}
	return false;
}

static bool has(const kb_strs *list, kb_str word)
{
	for (size_t i = 0; i < list->len; i++)
		if (kb_str_eq(list->items[i], word))
			return true;
	return false;
}

static bool is_asked(const struct news *n, const struct kb_document *doc)
{
	const struct kb_news_filter *f = n->filter;

	return (f->locale == KB_NONE || doc->locale == f->locale) &&
	       (!f->region.len || !doc->regions.len || has(&doc->regions, f->region)) &&
	       (!f->owner.len || kb_str_eq(doc->owner, f->owner) ||
		       kb_str_eq(doc->deputy, f->owner)) &&
	       (!f->issue || in_issue(n, doc));
}

/* The changes that the audience may know of. */

static bool is_open_key(kb_str name)
{
	static const char *const open[] = {"title", "summary", "question", "regions",
		"publish_at", "expires_at", "status", NULL};

	for (int i = 0; open[i]; i++)
		if (kb_str_is(name, open[i]))
			return true;
	return false;
}

static bool is_open(
	const struct news *n, const struct kb_diff *diff, const struct kb_doc_change *c)
{
	unsigned audience = n->filter->audience;
	bool trusted = audience + 1 >= n->diff->to->config->naudiences;

	if (c->thing == KB_THING_KEY)
		return trusted || is_open_key(c->name);
	/* Pages do not name teams to others either. */
	if (!trusted && (kb_str_find(c->before, KB_STR("kb:")) != SIZE_MAX ||
				kb_str_find(c->after, KB_STR("kb:")) != SIZE_MAX))
		return false;
	for (uint32_t i = 0; c->old_block != KB_NONE && i < (c->count ? c->count : 1);
		i++)
		if (c->old_block + i < diff->from->nblocks &&
			diff->from->blocks[c->old_block + i].audience > audience)
			return false;
	for (uint32_t i = 0; c->new_block != KB_NONE && i < (c->count ? c->count : 1);
		i++)
		if (c->new_block + i < diff->to->nblocks &&
			diff->to->blocks[c->new_block + i].audience > audience)
			return false;
	return true;
}

/* The difference as the audience may know it; NONE: nothing of it. */
static enum kb_weight open_summary(
	const struct news *n, const struct kb_diff *diff, kb_str *text)
{
	struct kb_diff open = *diff;
	struct kb_doc_change *list =
		kb_arena_array(n->arena, struct kb_doc_change, diff->nchanges);

	open.nchanges = 0;
	open.weight = KB_WEIGHT_NONE;
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *c = &diff->changes[i];

		if (c->weight < KB_WEIGHT_SIGNIFICANT || !is_open(n, diff, c))
			continue;
		list[open.nchanges++] = *c;
		open.weight = (enum kb_weight)c->weight;
	}
	open.changes = list;
	*text = kb_diff_summary(n->arena, &open);
	return open.weight;
}

/* Items */

static struct kb_news_item *item_add(
	struct news *n, enum kb_news_kind kind, const struct kb_document *doc)
{
	struct kb_news_item *item = kb_vec_add(&n->items);

	*item = (struct kb_news_item){
		.kind = kind, .title = doc->title, .audience = doc->audience, .ndocs = 1};
	item->docs = kb_arena_array(n->arena, const struct kb_document *, 1);
	item->docs[0] = doc;
	return item;
}

static kb_str doc_key(const struct news *n, const struct kb_document *doc)
{
	return kb_arena_fmt(n->arena, "%.*s/%.*s",
		KB_ARG(n->diff->to->config->locales[doc->locale].code), KB_ARG(doc->id));
}

static bool tell_notice(struct news *n, const struct kb_doc_diff *doc)
{
	const struct kb_notice *now = doc->to ? &doc->to->notice : NULL;
	const struct kb_notice *was = doc->from ? &doc->from->notice : NULL;
	struct kb_news_item *item;

	if (!now || !now->given || (was && was->given && was->date >= now->date))
		return false;
	if (now->audience > n->filter->audience)
		return true;
	item = item_add(n, KB_NEWS_NOTICE, doc->to);
	item->audience = now->audience;
	item->text = kb_library_expand(n->diff->to, n->arena, now->text, doc->to->locale);
	item->updated = now->date;
	item->key = kb_arena_fmt(n->arena, "%.*s/notice", KB_ARG(doc_key(n, doc->to)));
	return true;
}

/* The least public audience of what the commit touched, or what the trailer says. */
static unsigned note_audience(const struct news *n, const struct note *note,
	const struct kb_document *const *docs, size_t len)
{
	const struct kb_config *config = n->diff->to->config;
	unsigned most = 0;

	for (uint32_t i = 0; i < config->naudiences; i++)
		if (kb_str_eq_nocase(config->audiences[i], note->audience))
			return i;
	if (note->audience.len)
		return config->naudiences - 1;
	for (size_t i = 0; i < len; i++)
		most = docs[i]->audience > most ? docs[i]->audience : most;
	return most;
}

static const struct kb_doc_diff *diff_of(const struct news *n, kb_str path)
{
	for (uint32_t i = 0; i < n->diff->ndocs; i++) {
		const struct kb_doc_diff *doc = &n->diff->docs[i];

		if ((doc->to && kb_str_eq(doc->to->path, path)) ||
			(doc->from && kb_str_eq(doc->from->path, path)))
			return doc;
	}
	return NULL;
}

/* Documents that a commit touched, as they are now. */
static size_t touched_by(
	const struct news *n, size_t commit, const struct kb_document ***out)
{
	struct kb_history_version *changes;
	size_t len = kb_history_changes(n->history, n->arena, commit, &changes),
	       found = 0;

	*out = kb_arena_array(n->arena, const struct kb_document *, len);
	for (size_t i = 0; i < len; i++) {
		const struct kb_document *doc =
			kb_library_by_path(n->diff->to, changes[i].path);
		const struct kb_doc_diff *diff = doc ? NULL : diff_of(n, changes[i].path);

		if (!doc && diff)
			doc = diff->to ? diff->to : diff->from;
		if (doc)
			(*out)[found++] = doc;
	}
	return found;
}

static void tell_trailer(struct news *n, const struct note *note)
{
	const struct kb_document **docs;
	size_t len = touched_by(n, note->commit, &docs), asked = 0;
	struct kb_history_commit commit = kb_history_commit(n->history, note->commit);
	unsigned audience = note_audience(n, note, docs, len);
	struct kb_news_item *item;

	for (size_t i = 0; i < len; i++) {
		bool shown = kb_library_by_path(n->diff->to, docs[i]->path) != docs[i] ||
			     reads(n->diff->to, docs[i], n->filter->audience);

		if (shown && docs[i]->audience <= n->filter->audience &&
			is_asked(n, docs[i]))
			docs[asked++] = docs[i];
	}
	if (!asked || audience > n->filter->audience)
		return;
	item = item_add(n, KB_NEWS_TRAILER, docs[0]);
	item->docs = docs;
	item->ndocs = (uint32_t)asked;
	item->text = note->text;
	item->audience = (uint8_t)audience;
	item->updated = commit.committed;
	item->commit = kb_arena_str(n->arena, kb_str_of(commit.id));
	item->key = kb_arena_fmt(n->arena, "commit/%.12s", commit.id);
}

/* A document's version in the history, read. */
static struct kb_version *version_of(const struct news *n, struct kb_arena *arena,
	const struct kb_document *doc, const struct kb_history_version *at)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!at->blob[0] ||
		kb_history_blob(n->history, kb_str_of(at->blob), &text, NULL) < 0)
		return NULL;
	return kb_version_read(arena, n->diff->to->config, doc->mount, doc->locale,
		doc->path, kb_buf_view(&text));
}

static bool has_note(const struct news *n, size_t commit)
{
	for (size_t i = 0; i < n->notes.len; i++)
		if (n->notes.items[i].commit == commit)
			return true;
	return false;
}

/* The newest commit since then that changed the document in substance and says nothing
 * of it itself; SIZE_MAX: none is known. *TOLD: there are such that do. */
static size_t last_of_substance(
	const struct news *n, const struct kb_document *doc, bool *told)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_history_version *versions;
	size_t len = kb_history_versions(n->history, arena, doc->path, &versions);
	struct kb_version *newer = len ? version_of(n, arena, doc, &versions[0]) : NULL;

	*told = false;
	for (size_t i = 0; i < len; i++) {
		struct kb_version *older =
			i + 1 < len ? version_of(n, arena, doc, &versions[i + 1]) : NULL;
		size_t commit =
			kb_history_find(n->history, kb_str_of(versions[i].commit.id));

		if (commit == SIZE_MAX || !n->since[commit])
			break;
		if (kb_diff_versions(arena, older, newer)->weight ==
			KB_WEIGHT_SIGNIFICANT) {
			if (!has_note(n, commit))
				return commit;
			*told = true;
		}
		newer = older;
	}
	return SIZE_MAX;
}

static void tell_change(struct news *n, const struct kb_doc_diff *doc)
{
	unsigned audience = n->filter->audience;
	const struct kb_document *now = doc->to ? doc->to : doc->from;
	bool was = reads(n->diff->from, doc->from, audience);
	bool is = reads(n->diff->to, doc->to, audience);
	struct kb_news_item *item;
	kb_str text = KB_STR_NULL;
	size_t commit;
	bool told;

	if (!was && !is)
		return;
	if (was && is && open_summary(n, doc->diff, &text) < KB_WEIGHT_SIGNIFICANT)
		return;
	if (!was)
		text = kb_arena_fmt(n->arena, "new %s", kb_type_name(now->type));
	else if (!is)
		text = kb_arena_fmt(
			n->arena, "this %s is gone", kb_type_name(doc->from->type));
	if (was && !is)
		now = doc->from;
	commit = last_of_substance(n, now, &told);
	if (commit == SIZE_MAX && told)
		return;
	item = item_add(n, KB_NEWS_CHANGE, now);
	item->text = text;
	if (commit != SIZE_MAX) {
		struct kb_history_commit c = kb_history_commit(n->history, commit);

		item->updated = c.committed;
		item->commit = kb_arena_str(n->arena, kb_str_of(c.id));
	} else {
		item->updated = n->diff->to->now;
	}
	item->key = kb_arena_fmt(n->arena, "%.*s/%.12s", KB_ARG(doc_key(n, now)),
		item->commit.len ? item->commit.data : "now");
}

static int item_cmp(const void *pa, const void *pb)
{
	const struct kb_news_item *a = pa, *b = pb;

	if (a->updated != b->updated)
		return a->updated > b->updated ? -1 : 1;
	return kb_str_cmp(a->key, b->key);
}

int kb_news_find(struct kb_news *out, struct kb_arena *arena,
	const struct kb_library_diff *diff, const struct kb_history *history,
	const bool *since, const struct kb_news_filter *filter, struct kb_error *err)
{
	struct news n = {.arena = arena,
		.diff = diff,
		.history = history,
		.since = since,
		.filter = filter};

	if (read_messages(&n, err) < 0) {
		kb_vec_dispose(&n.notes);
		return -1;
	}
	for (size_t i = 0; i < n.notes.len; i++)
		if (!n.notes.items[i].none)
			tell_trailer(&n, &n.notes.items[i]);
	for (uint32_t i = 0; i < diff->ndocs; i++) {
		const struct kb_doc_diff *doc = &diff->docs[i];
		bool visible = reads(diff->to, doc->to, filter->audience);

		if (!is_asked(&n, doc->to ? doc->to : doc->from))
			continue;
		if (!visible || !tell_notice(&n, doc))
			tell_change(&n, doc);
	}
	if (n.items.len)
		qsort(n.items.items, n.items.len, sizeof(*n.items.items), item_cmp);
	out->len = (uint32_t)n.items.len;
	out->items = kb_vec_freeze(&n.items, arena);
	kb_vec_dispose(&n.notes);
	return 0;
}
