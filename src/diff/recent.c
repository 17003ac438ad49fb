/* The news of the last commits, kept between runs. */
#include "kb/recent.h"

#include "kb/build.h"
#include "kb/flat.h"
#include "kb/memo.h"

enum { DAY = 86400, PARTS_MAX = 3 };

/* What is asked for. */
struct recent_find {
	struct kb_recent *out;
	struct kb_arena *arena;
	const struct kb_library *lib;
	const struct kb_history *history;
	unsigned audience, threads;
	size_t base; /* the commit that is compared with */
};

/* Keeping */

static const struct kb_flat_field file_fields[] = {
	KB_FLAT_STR(struct kb_recent_file, path),
	KB_FLAT_STR(struct kb_recent_file, blob)};
static const struct kb_flat_type file_type =
	KB_FLAT_TYPE(struct kb_recent_file, file_fields);
static const struct kb_flat_field part_fields[] = {
	KB_FLAT_STR(struct kb_recent_part, section),
	KB_FLAT_STR(struct kb_recent_part, before),
	KB_FLAT_STR(struct kb_recent_part, after),
	KB_FLAT_STR(struct kb_recent_part, phrase)};
static const struct kb_flat_type part_type =
	KB_FLAT_TYPE(struct kb_recent_part, part_fields);
static const struct kb_flat_field item_fields[] = {
	KB_FLAT_NUMBER(struct kb_recent_item, kind, KB_NEWS_CHANGE + 1),
	KB_FLAT_NUMBER(struct kb_recent_item, deed, KB_NEWS_GONE + 1),
	KB_FLAT_BOOL(struct kb_recent_item, variable),
	KB_FLAT_PLAIN(struct kb_recent_item, updated),
	KB_FLAT_STR(struct kb_recent_item, key), KB_FLAT_STR(struct kb_recent_item, text),
	KB_FLAT_STRUCT(struct kb_recent_item, snippet, &file_type),
	KB_FLAT_LIST(struct kb_recent_item, docs, ndocs, &file_type),
	KB_FLAT_LIST(struct kb_recent_item, parts, nparts, &part_type)};
static const struct kb_flat_type item_type =
	KB_FLAT_TYPE(struct kb_recent_item, item_fields);
/* The rest of it is found out again in each run. */
static const struct kb_flat_field recent_fields[] = {
	KB_FLAT_LIST(struct kb_recent, items, n, &item_type),
	KB_FLAT_ZERO(struct kb_recent, from), KB_FLAT_ZERO(struct kb_recent, cut),
	KB_FLAT_ZERO(struct kb_recent, lacking)};
const struct kb_flat_type kb_recent_type = KB_FLAT_TYPE(struct kb_recent, recent_fields);

uint64_t kb_recent_hash(const struct kb_recent_item *item)
{
	return kb_flat_hash(&item_type, item);
}

/* Documents that the clock shows or hides are news or not. */
static void put_clock(kb_buf *out, const struct recent_find *r)
{
	for (uint32_t i = 0; i < r->lib->ndocs; i++) {
		const struct kb_document *doc = r->lib->docs[i];

		if (doc->facts->publish_at || doc->facts->expires_at)
			kb_buf_putc(out,
				kb_document_visible(r->lib, doc, r->audience, false));
	}
}

static struct kb_hash key_of(const struct recent_find *r)
{
	uint64_t layout = kb_flat_layout(&kb_recent_type);
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_add(&all, &layout, sizeof(layout));
	kb_buf_fmt(&all, "%s %s %s %u ", kb_build_id(),
		kb_history_commit(r->history, r->base).id,
		kb_history_commit(r->history, 0).id, r->audience);
	kb_buf_str(&all, kb_library_config_text(r->lib));
	put_clock(&all, r);
	return kb_hash128(kb_buf_view(&all));
}

static struct kb_memo *open_memo(const struct recent_find *r)
{
	kb_str name = kb_arena_fmt(r->arena, "news-%u", r->audience), path;
	bool own;

	path = kb_source_cache(r->lib->source, r->arena, name.data, &own);
	return kb_memo_open(r->lib->stored && own ? path.data : NULL);
}

/* False if KEPT is damaged. */
static bool give(struct recent_find *r, kb_str kept)
{
	const struct kb_recent *recent = kb_flat_open(&kb_recent_type, kept, 0, r->arena);

	if (!recent)
		return false;
	r->out->items = recent->items;
	r->out->n = recent->n;
	return true;
}

/* Finding */

/* Files of the content that a commit changed. What else is in the repository, such as the
 * site itself, costs nothing. */
static size_t count_files(
	const struct recent_find *r, struct kb_arena *arena, size_t commit)
{
	struct kb_history_version *changes;
	size_t n = kb_history_changes(r->history, arena, commit, &changes), files = 0;
	uint32_t locale;

	for (size_t i = 0; i < n; i++)
		files += kb_library_mount(r->lib, changes[i].path, &locale) != NULL;
	return files;
}

/* The commit before those that are news. */
static void choose_base(struct recent_find *r)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	size_t n = kb_history_commits(r->history), files = 0;
	time_t from =
		kb_history_commit(r->history, 0).committed - (time_t)KB_RECENT_DAYS * DAY;

	for (r->base = 0; r->base + 1 < n; r->base++) {
		if (kb_history_commit(r->history, r->base).committed < from)
			break;
		files += count_files(r, arena, r->base);
		if (files > KB_RECENT_FILES)
			break;
		kb_arena_reset(arena);
	}
	r->out->from = kb_history_commit(r->history, r->base).committed;
	r->out->cut = r->base + 1 < n || kb_history_shallow(r->history);
}

/* A state of the content in the history. */
struct recent_state {
	struct kb_source *source;
	struct kb_library *own;		 /* NULL: it is the same as the later one */
	const struct kb_library *lib;	 /* NULL: it was not there */
	struct kb_path_changes *changes; /* to the later one */
	struct kb_diags diags;
};

static void state_close(struct recent_state *state)
{
	if (state->own)
		kb_library_free(state->own);
	kb_path_changes_free(state->changes);
	kb_diags_dispose(&state->diags);
	kb_source_free(state->source);
}

/* What differs from the library of the later source is read. */
static int state_read(struct recent_state *state, struct kb_source *later,
	const struct kb_library *lib, struct kb_error *err)
{
	struct kb_library_options options = {
		.threads = 1, .now = lib->now, .no_store = true};
	kb_strs changed = {0};
	size_t n = 0;
	int failed = kb_path_changes_find(&state->changes, state->source, later, err);

	if (failed)
		return -1;
	const struct kb_path_change *items = kb_path_changes_items(state->changes, &n);
	for (size_t i = 0; i < n; i++) {
		kb_vec_push(&changed, items[i].from);
		kb_vec_push(&changed, items[i].to);
	}
	if (n)
		failed = kb_library_next(&state->own, lib, state->source, &changed,
			&options, &state->diags, err);
	state->lib = n ? state->own : lib;
	kb_vec_dispose(&changed);
	return failed;
}

/* It is not a failure if the older content cannot be read, or did not exist. */
static int state_open(struct recent_state *state, const char *commit,
	struct kb_source *later, const struct kb_library *lib, struct kb_error *err)
{
	kb_str root = kb_source_root(later);

	kb_diags_init(&state->diags, NULL);
	if ((kb_source_open(
		     &state->source, root.len ? root.data : ".", commit, NULL, err) < 0 ||
		    state_read(state, later, lib, err) < 0) &&
		err->code != KB_E_NOTFOUND && err->code != KB_E_CONFIG)
		return -1;
	return 0;
}

static kb_str copy(const struct recent_find *r, kb_str s)
{
	return kb_arena_str(r->arena, s);
}

static struct kb_recent_file file_of(
	const struct recent_find *r, const struct kb_document *doc)
{
	return (struct kb_recent_file){
		copy(r, doc->path), copy(r, kb_str_of(doc->facts->blob))};
}

/* A heading or a step is its own section. */
static kb_str section_of(const struct kb_doc_change *c)
{
	bool own = c->element == KB_ELEMENT_SECTION || c->element == KB_ELEMENT_STEP ||
		   c->element == KB_ELEMENT_HEADING;

	return own && c->action != KB_CHANGE_REMOVED ? c->name : c->section;
}

static void add_part(const struct recent_find *r, struct kb_recent_part *part,
	const struct kb_doc_change *c)
{
	enum { VALUE_MAX = 60 };
	bool values = c->element == KB_ELEMENT_KEY || c->element == KB_ELEMENT_CELL ||
		      c->element == KB_ELEMENT_ITEM || c->element == KB_ELEMENT_PARAGRAPH;

	part->section = copy(r, section_of(c));
	part->phrase = copy(r, kb_doc_change_phrase(r->arena, c));
	if (!values || c->before.len > VALUE_MAX || c->after.len > VALUE_MAX)
		return;
	part->before = copy(r, c->before);
	part->after = copy(r, c->after);
}

static void keep_item(const struct recent_find *r, struct kb_recent_item *out,
	const struct kb_news_item *item)
{
	uint32_t nparts =
		item->nchanges < PARTS_MAX ? (uint32_t)item->nchanges : PARTS_MAX;
	struct kb_recent_part *parts =
		kb_arena_array(r->arena, struct kb_recent_part, nparts);
	struct kb_recent_file *docs =
		kb_arena_array(r->arena, struct kb_recent_file, item->ndocs);

	*out = (struct kb_recent_item){.kind = (uint8_t)item->kind,
		.deed = (uint8_t)item->deed,
		.variable = item->variable.len > 0,
		.updated = item->updated,
		.key = copy(r, item->key),
		.text = copy(r, item->text),
		.docs = docs,
		.ndocs = item->ndocs,
		.parts = parts,
		.nparts = nparts};
	if (item->snippet)
		out->snippet = file_of(r, item->snippet);
	for (uint32_t i = 0; i < item->ndocs; i++)
		docs[i] = file_of(r, item->docs[i]);
	for (uint32_t i = 0; i < nparts; i++)
		add_part(r, &parts[i], &item->changes[i]);
}

static void keep(struct recent_find *r, const struct kb_news *news)
{
	struct kb_recent_item *items =
		kb_arena_array(r->arena, struct kb_recent_item, news->len);

	r->out->items = items;
	for (uint32_t i = 0; i < news->len; i++)
		if (news->items[i].kind != KB_NEWS_NOTICE &&
			news->items[i].deed != KB_NEWS_GONE)
			keep_item(r, &items[r->out->n++], &news->items[i]);
}

/* The news between two states. */
static int find_between(struct recent_find *r, const struct recent_state *then,
	const struct recent_state *now, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_library_diff_options options = {.threads = r->threads};
	struct kb_news_filter filter = {.audience = kb_config_audience(now->lib->config,
						r->lib->config->audiences[r->audience]),
		.locale = KB_NONE};
	bool *since = kb_arena_array(arena, bool, kb_history_commits(r->history) + 1);
	struct kb_library_diff *diff = NULL;
	struct kb_news news = {0};

	if (filter.audience == KB_NONE ||
		!kb_history_since(r->history,
			kb_str_of(kb_history_commit(r->history, r->base).id), since))
		return 0;
	int failed = kb_library_diff_find(&diff, arena, then->lib, now->lib,
			     then->changes, &options, err) ||
		     kb_news_find(&news, arena, diff, r->history, since, &filter, err);
	if (!failed)
		keep(r, &news);
	kb_library_diff_free(diff);
	return failed ? -1 : 0;
}

static int find(struct recent_find *r, struct kb_error *err)
{
	struct kb_history_commit head = kb_history_commit(r->history, 0);
	struct kb_history_commit base = kb_history_commit(r->history, r->base);
	struct recent_state then = {0}, now = {0};
	int failed = state_open(&now, head.id, r->lib->source, r->lib, err);

	if (!failed && now.lib)
		failed = state_open(&then, base.id, now.source, now.lib, err);
	if (!failed && then.lib)
		failed = find_between(r, &then, &now, err);
	state_close(&then);
	state_close(&now);
	return failed ? -1 : 0;
}

int kb_recent_find(struct kb_recent *out, struct kb_arena *arena,
	const struct kb_library *lib, const struct kb_history *history, unsigned audience,
	unsigned threads, struct kb_error *err)
{
	struct recent_find r = {out, arena, lib, history, audience, threads, 0};
	_cleanup_buf_ kb_buf kept = {0}, block = {0};
	struct kb_hash key;
	struct kb_memo *memo;
	int failed = 0;

	*out = (struct kb_recent){0};
	if (!kb_history_commits(history))
		return 0;
	choose_base(&r);
	if (r.base == 0)
		return 0;
	key = key_of(&r);
	memo = open_memo(&r);
	if (!kb_memo_get(memo, key, &kept) || !give(&r, kb_buf_view(&kept))) {
		struct kb_error why = {0};

		failed = find(&r, &why);
		out->lacking = failed && why.code == KB_E_OBJECT;
		if (!failed && kb_flat_write(&kb_recent_type, out, &block))
			kb_memo_put(memo, key, kb_buf_view(&block));
		else if (out->lacking)
			failed = 0;
		else
			*err = why;
	}
	kb_memo_close(memo);
	return failed;
}
