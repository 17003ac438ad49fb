/* What readers must know of what changed. */
#include "news.h"

#include "kb/unicode.h"

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
	struct news_note note = {.commit = commit};
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

/* No page shows a snippet's front matter. */
static bool is_open(const struct news *n, const struct kb_doc_change *c, bool snippet)
{
	return c->element != KB_ELEMENT_KEY || n->trusted ||
	       (!snippet && is_open_key(c->name));
}

/* The difference between what the readers saw and what they see. */
static const struct kb_diff *diff_for(const struct news *n, const struct kb_diff *diff)
{
	const struct kb_library *before = n->diff->from, *after = n->diff->to;
	const struct kb_version *from =
		version_for(n->arena, diff->from, before, news_audience(n, before));
	const struct kb_version *to =
		version_for(n->arena, diff->to, after, n->filter->audience);

	if (from == diff->from && to == diff->to)
		return diff;
	return kb_diff_versions(n->arena, from, to,
		&(struct kb_diff_links){
			.from = before, .to = after, .changes = n->diff->changes});
}

/* Items */

static kb_str doc_key(const struct news *n, const struct kb_document *doc)
{
	return kb_arena_fmt(n->arena, "%.*s/%.*s",
		KB_ARG(n->diff->to->config->locales[doc->locale].code), KB_ARG(doc->id));
}

static bool tell_notice(struct news *n, const struct kb_doc_diff *doc)
{
	const struct kb_notice *now = doc->to ? &doc->to->facts->notice : NULL;
	const struct kb_notice *was = doc->from ? &doc->from->facts->notice : NULL;
	struct kb_news_item *item;

	if (!now || !now->given || (was && was->given && was->date >= now->date))
		return false;
	if (now->audience > n->filter->audience)
		return true;
	item = news_add(n, KB_NEWS_NOTICE, doc->to);
	item->audience = now->audience;
	item->text = kb_library_expand(n->diff->to, n->arena, now->text, doc->to->locale);
	item->updated = now->date;
	item->key = kb_arena_fmt(n->arena, "%.*s/notice", KB_ARG(doc_key(n, doc->to)));
	if (doc->to->facts->type == KB_SNIPPET)
		item->key = news_key(n, item->key);
	return true;
}

/* A document that a commit touched, and who can read what it touched there. */
struct touched {
	const struct kb_document *doc;
	unsigned audience;
	enum kb_weight weight; /* of its difference */
	size_t met;
};

struct touched_list {
	KB_VEC(struct touched);
};

/* The largest change comes first, so that it is named. */
static int touched_cmp(const void *pa, const void *pb)
{
	const struct touched *a = pa, *b = pb;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->met < b->met ? -1 : a->met > b->met;
}

/* The least public audience of what the commit touched, or what the trailer says. */
static unsigned note_audience(const struct news *n, const struct news_note *note,
	const struct touched_list *list, bool forgotten)
{
	const struct kb_config *config = n->diff->to->config;
	unsigned most = forgotten ? config->naudiences - 1 : 0;

	for (uint32_t i = 0; i < config->naudiences; i++)
		if (kb_str_eq_nocase(config->audiences[i], note->audience))
			return i;
	if (note->audience.len)
		return config->naudiences - 1;
	for (size_t i = 0; i < list->len; i++)
		if (list->items[i].audience > most)
			most = list->items[i].audience;
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

static void touch(
	struct touched_list *list, const struct kb_document *doc, unsigned audience)
{
	for (size_t i = 0; i < list->len; i++) {
		if (list->items[i].doc != doc)
			continue;
		if (audience > list->items[i].audience)
			list->items[i].audience = audience;
		return;
	}
	kb_vec_push(list, ((struct touched){.doc = doc, .audience = audience}));
}

static void touch_users(
	const struct news *n, struct touched_list *list, const struct news_shared *shared)
{
	const struct kb_library *lib = n->diff->to;

	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (unsigned a = lib->docs[i]->facts->audience;
			a < lib->config->naudiences; a++)
			if (news_shows(lib, lib->docs[i], shared, a)) {
				touch(list, lib->docs[i], a);
				break;
			}
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
		at->path, kb_buf_view(&text));
}

/* What a commit's notice may speak of: the document, which others read then, perhaps. */
static unsigned audience_at(const struct news *n, const struct kb_history_version *change,
	const struct kb_document *doc)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_version *then = doc->mount ? version_of(n, arena, doc, change) : NULL;

	return then && then->doc->facts->audience > doc->facts->audience
		       ? then->doc->facts->audience
		       : doc->facts->audience;
}

/* A document that is not there any more, nor was before: for whom it was, nobody says. */
static bool is_forgotten(const struct kb_library *lib, kb_str path)
{
	uint32_t locale;

	return kb_library_mount(lib, path, &locale) != NULL;
}

/* Documents that a commit touched, as they are now, and those that show a snippet or a
 * variable that it touched. *FORGOTTEN: there are others. */
static void find_touched(
	const struct news *n, size_t commit, struct touched_list *list, bool *forgotten)
{
	const struct kb_library *lib = n->diff->to;
	struct kb_history_version *changes;
	size_t len = kb_history_changes(n->history, n->arena, commit, &changes);

	*forgotten = false;
	for (size_t i = 0; i < len; i++) {
		const struct kb_document *doc = kb_library_by_path(lib, changes[i].path);
		const struct kb_doc_diff *diff = doc ? NULL : diff_of(n, changes[i].path);

		if (!doc && diff)
			doc = diff->to ? diff->to : diff->from;
		if (doc && doc->facts->type == KB_SNIPPET)
			touch_users(n, list, &(struct news_shared){.snippet = doc});
		else if (doc)
			touch(list, doc, audience_at(n, &changes[i], doc));
		else
			*forgotten |= is_forgotten(lib, changes[i].path);
	}
	for (size_t i = 0; i < n->variables.len; i++)
		if (n->variables.items[i].commit == commit)
			touch_users(n, list,
				&(struct news_shared){
					.variable = n->variables.items[i].name});
	for (size_t i = 0; i < list->len; i++) {
		const struct kb_doc_diff *diff = diff_of(n, list->items[i].doc->path);

		list->items[i].met = i;
		list->items[i].weight = diff ? diff->diff->weight : KB_WEIGHT_NONE;
	}
	if (list->len)
		qsort(list->items, list->len, sizeof(*list->items), touched_cmp);
}

static void tell_trailer(struct news *n, const struct news_note *note)
{
	struct kb_history_commit commit = kb_history_commit(n->history, note->commit);
	struct touched_list list = {0};
	const struct kb_document **docs;
	struct kb_news_item *item;
	unsigned audience;
	uint32_t asked = 0;
	bool forgotten;

	find_touched(n, note->commit, &list, &forgotten);
	audience = note_audience(n, note, &list, forgotten);
	docs = kb_arena_array(n->arena, const struct kb_document *, list.len);
	for (size_t i = 0; i < list.len; i++) {
		const struct kb_document *doc = list.items[i].doc;
		bool here = kb_library_by_path(n->diff->to, doc->path) == doc;
		const struct kb_library *lib = here ? n->diff->to : n->diff->from;
		bool shown = news_reads(lib, doc, news_audience(n, lib));

		if (shown && list.items[i].audience <= n->filter->audience &&
			news_asked(n, doc))
			docs[asked++] = doc;
	}
	kb_vec_dispose(&list);
	if (!asked || audience > n->filter->audience)
		return;
	item = news_add(n, KB_NEWS_TRAILER, docs[0]);
	item->docs = docs;
	item->ndocs = asked;
	item->text = note->text;
	item->audience = (uint8_t)audience;
	item->updated = commit.committed;
	item->commit = kb_arena_str(n->arena, kb_str_of(commit.id));
	item->key = kb_arena_fmt(n->arena, "commit/%.12s", commit.id);
}

/* What the commits since then did to a document. */
struct deeds {
	size_t commit; /* the newest that changed it in substance and says nothing of it
			  itself; SIZE_MAX: none is known */
	bool told;     /* there are such that do; what these changed: */
	struct {
		KB_VEC(const struct kb_doc_change *);
	} changes;
};

static void add_deed(const struct news *n, struct deeds *deeds, size_t commit,
	const struct kb_diff *diff)
{
	if (diff->weight != KB_WEIGHT_SIGNIFICANT)
		return;
	if (!news_has_note(n, commit)) {
		if (deeds->commit == SIZE_MAX)
			deeds->commit = commit;
		return;
	}
	deeds->told = true;
	for (uint32_t c = 0; c < diff->nchanges; c++)
		kb_vec_push(&deeds->changes, &diff->changes[c]);
}

/* Is the newest version of the document the only new one, and the difference its own? */
static bool is_one_deed(const struct news *n, const struct kb_doc_diff *doc,
	const struct kb_history_version *versions, size_t len)
{
	size_t before =
		len > 1 ? kb_history_find(n->history, kb_str_of(versions[1].commit.id))
			: SIZE_MAX;

	return before != SIZE_MAX && !n->since[before] && doc->from && doc->to &&
	       strcmp(versions[0].blob, doc->to->facts->blob) == 0 &&
	       strcmp(versions[1].blob, doc->from->facts->blob) == 0;
}

static void find_deeds(const struct news *n, struct kb_arena *arena,
	const struct kb_doc_diff *changed, const struct kb_document *doc,
	struct deeds *deeds)
{
	struct kb_history_version *versions;
	size_t len = kb_history_versions(n->history, arena, doc->path, &versions);
	bool one = is_one_deed(n, changed, versions, len);
	struct kb_version *newer =
		len && !one ? version_of(n, arena, doc, &versions[0]) : NULL;

	*deeds = (struct deeds){.commit = SIZE_MAX};
	if (one)
		add_deed(n, deeds,
			kb_history_find(n->history, kb_str_of(versions[0].commit.id)),
			diff_for(n, changed->diff));
	for (size_t i = 0; i < len && !one; i++) {
		struct kb_version *older =
			i + 1 < len ? version_of(n, arena, doc, &versions[i + 1]) : NULL;
		size_t commit =
			kb_history_find(n->history, kb_str_of(versions[i].commit.id));
		struct kb_diff *diff;

		if (commit == SIZE_MAX || !n->since[commit])
			break;
		diff = kb_diff_versions(arena,
			version_for(arena, older, n->diff->to, n->filter->audience),
			version_for(arena, newer, n->diff->to, n->filter->audience),
			&(struct kb_diff_links){
				.to = n->diff->to, .history = n->history});
		newer = older;
		add_deed(n, deeds, commit, diff);
	}
}

static bool is_told(const struct deeds *deeds, const struct kb_doc_change *c)
{
	for (size_t i = 0; i < deeds->changes.len; i++) {
		const struct kb_doc_change *told = deeds->changes.items[i];

		if (told->element == c->element && told->action == c->action &&
			kb_str_eq(told->before, c->before) &&
			kb_str_eq(told->after, c->after) &&
			kb_str_eq(told->name, c->name))
			return true;
	}
	return false;
}

/* The difference as the audience may know it and has not been told; NONE: nothing. */
static enum kb_weight open_summary(const struct news *n, const struct kb_doc_diff *doc,
	const struct deeds *deeds, struct kb_diff *out, kb_str *text)
{
	const struct kb_diff *diff = diff_for(n, doc->diff);
	struct kb_diff open = *diff;
	bool snippet = doc->to->facts->type == KB_SNIPPET;
	struct kb_doc_change *list =
		kb_arena_array(n->arena, struct kb_doc_change, diff->nchanges);

	open.nchanges = 0;
	open.weight = KB_WEIGHT_NONE;
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *c = &diff->changes[i];

		if (c->weight < KB_WEIGHT_SIGNIFICANT || !is_open(n, c, snippet) ||
			is_told(deeds, c))
			continue;
		list[open.nchanges++] = *c;
		open.weight = (enum kb_weight)c->weight;
	}
	open.changes = list;
	*text = kb_diff_summary(n->arena, &open);
	if (!n->trusted)
		*text = kb_library_expand(n->diff->to, n->arena, *text, doc->to->locale);
	*out = open;
	return open.weight;
}

static void tell_change(struct news *n, const struct kb_doc_diff *doc)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	unsigned audience = n->filter->audience;
	bool was = news_reads(n->diff->from, doc->from, news_audience(n, n->diff->from));
	bool is = news_reads(n->diff->to, doc->to, audience);
	const struct kb_document *now = is ? doc->to : doc->from;
	struct kb_diff open = {0};
	struct kb_news_item *item;
	struct deeds deeds;
	kb_str text = KB_STR_NULL;
	bool any = was != is;

	if ((!was && !is) || (was && is && doc->diff->weight < KB_WEIGHT_SIGNIFICANT))
		return;
	find_deeds(n, arena, doc, now, &deeds);
	if (was && is)
		any = open_summary(n, doc, &deeds, &open, &text) != KB_WEIGHT_NONE;
	else if (is)
		text = kb_arena_fmt(n->arena, "new %s", kb_type_name(now->facts->type));
	else
		text = kb_arena_fmt(
			n->arena, "this %s is gone", kb_type_name(now->facts->type));
	kb_vec_dispose(&deeds.changes);
	if (!any || (deeds.commit == SIZE_MAX && deeds.told))
		return;
	item = news_add_change(n, now, doc_key(n, now), text, deeds.commit);
	item->deed = was == is ? KB_NEWS_CHANGED : is ? KB_NEWS_NEW : KB_NEWS_GONE;
	item->changes = open.changes;
	item->nchanges = open.nchanges;
}

/* A snippet is news of the documents that show it now, and showed it before. */
static void tell_snippet(struct news *n, const struct kb_doc_diff *doc)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_document **docs, **former;
	size_t first = n->items.len, len;
	struct kb_diff open;
	struct deeds deeds;
	kb_str text;

	if (!doc->from || !doc->to)
		return;
	len = news_users(n, n->diff->to, &(struct news_shared){.snippet = doc->to},
		KB_NONE, &docs);
	if (!len ||
		!news_users(n, n->diff->from, &(struct news_shared){.snippet = doc->from},
			KB_NONE, &former))
		return;
	if (!tell_notice(n, doc)) {
		find_deeds(n, arena, doc, doc->to, &deeds);
		if (open_summary(n, doc, &deeds, &open, &text) != KB_WEIGHT_NONE &&
			(deeds.commit != SIZE_MAX || !deeds.told))
			news_add_change(n, doc->to, news_key(n, doc_key(n, doc->to)),
				text, deeds.commit);
		kb_vec_dispose(&deeds.changes);
	}
	for (size_t i = first; i < n->items.len; i++) {
		n->items.items[i].snippet = doc->to;
		n->items.items[i].docs = docs;
		n->items.items[i].ndocs = (uint32_t)len;
		n->items.items[i].title = docs[0]->facts->title;
		n->items.items[i].audience = docs[0]->facts->audience;
	}
}

static void tell_document(struct news *n, const struct kb_doc_diff *doc)
{
	const struct kb_document *now = doc->to ? doc->to : doc->from;

	if (now->facts->type == KB_SNIPPET)
		tell_snippet(n, doc);
	else if (news_asked(n, now) &&
		 (!news_reads(n->diff->to, doc->to, n->filter->audience) ||
			 !tell_notice(n, doc)))
		tell_change(n, doc);
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
		.filter = filter,
		.trusted = kb_audience_trusted(diff->to->config, filter->audience)};

	if (read_messages(&n, err) < 0) {
		kb_vec_dispose(&n.notes);
		return -1;
	}
	news_read_variables(&n);
	for (size_t i = 0; i < n.notes.len; i++)
		if (!n.notes.items[i].none)
			tell_trailer(&n, &n.notes.items[i]);
	for (uint32_t i = 0; i < diff->ndocs; i++)
		tell_document(&n, &diff->docs[i]);
	news_tell_variables(&n);
	if (n.items.len)
		qsort(n.items.items, n.items.len, sizeof(*n.items.items), item_cmp);
	out->len = (uint32_t)n.items.len;
	out->items = kb_vec_freeze(&n.items, arena);
	kb_vec_dispose(&n.notes);
	kb_vec_dispose(&n.variables);
	return 0;
}
