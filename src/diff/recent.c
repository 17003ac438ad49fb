/* The news of the last commits, kept between runs. */
#include "kb/recent.h"

#include "kb/build.h"
#include "kb/memo.h"

enum { DAY = 86400, FORMAT = 1 };

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

static void put_number(kb_buf *out, int64_t n)
{
	kb_buf_add(out, &n, sizeof(n));
}

static void put_str(kb_buf *out, kb_str s)
{
	put_number(out, (int64_t)s.len);
	kb_buf_str(out, s);
}

static void put_file(kb_buf *out, const struct kb_recent_file *file)
{
	put_str(out, file->path);
	put_str(out, file->blob);
}

void kb_recent_print(const struct kb_recent_item *item, kb_buf *out)
{
	put_number(out, item->kind);
	put_number(out, item->deed);
	put_number(out, item->audience);
	put_number(out, item->variable);
	put_number(out, item->updated);
	put_str(out, item->key);
	put_str(out, item->text);
	put_file(out, &item->snippet);
	put_number(out, item->ndocs);
	for (uint32_t i = 0; i < item->ndocs; i++)
		put_file(out, &item->docs[i]);
	put_number(out, item->nparts);
	for (uint32_t i = 0; i < item->nparts; i++) {
		put_str(out, item->parts[i].section);
		put_str(out, item->parts[i].before);
		put_str(out, item->parts[i].after);
		put_str(out, item->parts[i].phrase);
	}
}

/* Reads what was put; `rest` has no data once it was too short. */
struct kept {
	kb_str rest;
	struct kb_arena *arena;
};

static int64_t get_number(struct kept *in)
{
	int64_t n = 0;

	if (in->rest.len < sizeof(n)) {
		in->rest = KB_STR_NULL;
		return 0;
	}
	memcpy(&n, in->rest.data, sizeof(n));
	in->rest = kb_str_sub(in->rest, sizeof(n), in->rest.len);
	return n;
}

/* The length of a list. Each item takes at least a number. */
static uint32_t get_count(struct kept *in)
{
	int64_t n = get_number(in);

	return n < 0 || (uint64_t)n > in->rest.len / sizeof(n) ? 0 : (uint32_t)n;
}

static kb_str get_str(struct kept *in)
{
	int64_t len = get_number(in);
	kb_str s;

	if (len < 0 || (uint64_t)len > in->rest.len)
		len = 0;
	s = kb_arena_str(in->arena, kb_str_sub(in->rest, 0, (size_t)len));
	in->rest = kb_str_sub(in->rest, (size_t)len, in->rest.len);
	return s;
}

static struct kb_recent_file get_file(struct kept *in)
{
	struct kb_recent_file file = {.path = get_str(in)};

	file.blob = get_str(in);
	return file;
}

static void get_item(struct kept *in, struct kb_recent_item *item)
{
	item->kind = (uint8_t)get_number(in);
	item->deed = (uint8_t)get_number(in);
	item->audience = (uint8_t)get_number(in);
	item->variable = get_number(in) != 0;
	item->updated = (time_t)get_number(in);
	item->key = get_str(in);
	item->text = get_str(in);
	item->snippet = get_file(in);
	item->ndocs = get_count(in);
	item->docs = kb_arena_array(in->arena, struct kb_recent_file, item->ndocs);
	for (uint32_t i = 0; i < item->ndocs; i++)
		item->docs[i] = get_file(in);
	item->nparts = get_count(in);
	if (item->nparts > KB_RECENT_PARTS)
		item->nparts = 0;
	for (uint32_t i = 0; i < item->nparts; i++) {
		item->parts[i].section = get_str(in);
		item->parts[i].before = get_str(in);
		item->parts[i].after = get_str(in);
		item->parts[i].phrase = get_str(in);
	}
}

/* Documents that the clock shows or hides are news or not. */
static void put_clock(kb_buf *out, const struct recent_find *r)
{
	for (uint32_t i = 0; i < r->lib->ndocs; i++) {
		const struct kb_document *doc = r->lib->docs[i];

		if (doc->facts->publish_at || doc->facts->expires_at)
			put_number(out,
				kb_document_visible(r->lib, doc, r->audience, false));
	}
}

static struct kb_hash key_of(const struct recent_find *r)
{
	const struct kb_config *config = r->lib->config;
	_cleanup_buf_ kb_buf all = {0};

	put_number(&all, FORMAT);
	put_str(&all, kb_str_of(kb_build_id()));
	put_str(&all, kb_str_of(kb_history_commit(r->history, r->base).id));
	put_str(&all, kb_str_of(kb_history_commit(r->history, 0).id));
	put_str(&all, config->audiences[r->audience]);
	put_str(&all, kb_library_config_text(r->lib));
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

static void give(struct recent_find *r, kb_str kept)
{
	struct kept in = {kept, r->arena};

	r->out->n = get_count(&in);
	r->out->items = kb_arena_array(r->arena, struct kb_recent_item, r->out->n);
	for (uint32_t i = 0; i < r->out->n; i++)
		get_item(&in, &r->out->items[i]);
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

static void add_part(const struct recent_find *r, struct kb_recent_item *item,
	const struct kb_doc_change *c)
{
	enum { VALUE_MAX = 60 };
	struct kb_recent_part *part = &item->parts[item->nparts++];
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
	*out = (struct kb_recent_item){.kind = (uint8_t)item->kind,
		.deed = (uint8_t)item->deed,
		.audience = item->audience,
		.variable = item->variable.len > 0,
		.updated = item->updated,
		.key = copy(r, item->key),
		.text = copy(r, item->text),
		.ndocs = item->ndocs};
	if (item->snippet)
		out->snippet = file_of(r, item->snippet);
	out->docs = kb_arena_array(r->arena, struct kb_recent_file, item->ndocs);
	for (uint32_t i = 0; i < item->ndocs; i++)
		out->docs[i] = file_of(r, item->docs[i]);
	for (uint32_t i = 0; i < item->nchanges && out->nparts < KB_RECENT_PARTS; i++)
		add_part(r, out, &item->changes[i]);
}

static void keep(struct recent_find *r, const struct kb_news *news)
{
	r->out->items = kb_arena_array(r->arena, struct kb_recent_item, news->len);
	for (uint32_t i = 0; i < news->len; i++)
		if (news->items[i].kind != KB_NEWS_NOTICE &&
			news->items[i].deed != KB_NEWS_GONE)
			keep_item(r, &r->out->items[r->out->n++], &news->items[i]);
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

static void put_all(kb_buf *out, const struct kb_recent *recent)
{
	put_number(out, recent->n);
	for (uint32_t i = 0; i < recent->n; i++)
		kb_recent_print(&recent->items[i], out);
}

int kb_recent_find(struct kb_recent *out, struct kb_arena *arena,
	const struct kb_library *lib, const struct kb_history *history, unsigned audience,
	unsigned threads, struct kb_error *err)
{
	struct recent_find r = {out, arena, lib, history, audience, threads, 0};
	_cleanup_buf_ kb_buf kept = {0};
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
	if (kb_memo_get(memo, key, &kept)) {
		give(&r, kb_buf_view(&kept));
	} else {
		struct kb_error why = {0};

		failed = find(&r, &why);
		out->lacking = failed && why.code == KB_E_OBJECT;
		put_all(&kept, out);
		if (!failed)
			kb_memo_put(memo, key, kb_buf_view(&kept));
		else if (out->lacking)
			failed = 0;
		else
			*err = why;
	}
	kb_memo_close(memo);
	return failed;
}
