#include "marks.h"

#include "kb/memo.h"
#include "kb/next_change.h"
#include "kb/unicode.h"
#include "news.h"
#include "pages.h"

/* Of files that were changed a moment ago. */
enum { READ_MAX = 256, READ_SIZE = 1 << 20 };
enum { OWN_MAX = 1024 }; /* texts of a page; with more it has no mark */

/* What is kept begins with this. What output_print_marks made follows, and what search
 * keeps. */
struct marks_head {
	uint64_t list; /* a hash of .kb-site */
	uint64_t len;  /* of the marks */
	struct kb_hash shared, shape, histories;
	uint64_t nnames; /* hashes, behind the marks */
};

static void put_keys(kb_buf *out, const kb_map *map)
{
	kb_buf_number(out, map->len);
	for (size_t i = 0; i < map->len; i++)
		kb_buf_counted(out, map->entries[i].key);
}

/* What is in a file, as far as that is known. False: it would have to be read, and others
 * were read already. */
static bool put_file(kb_buf *out, const struct kb_library *lib,
	const struct kb_entry *entry, struct kb_reader *reader, unsigned *nread)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error err;
	char blob[41];

	kb_buf_number(out, entry->stamp);
	if (entry->stamp)
		return true;
	if (kb_source_blob(lib->source, entry->path, blob)) {
		kb_buf_counted(out, kb_str_of(blob));
		return true;
	}
	if (++*nread > READ_MAX ||
		kb_reader_read(reader, entry->path, READ_SIZE, &text, &err) < 0)
		return false;
	kb_buf_number(out, kb_hash64(kb_buf_view(&text)));
	return true;
}

/* Is it in the outlines already? */
static bool is_known(const struct kb_library *lib, const struct kb_entry *entry)
{
	return entry->kind != KB_ENTRY_FILE || kb_str_is(entry->path, "kb.yaml") ||
	       kb_str_is(entry->path, "people.yaml") ||
	       kb_str_is(entry->path, "taxonomy.yaml") ||
	       kb_library_by_path(lib, entry->path);
}

/* What is in files that are not documents: pictures, tables, the theme. */
static bool put_files(kb_buf *out, const struct kb_library *lib)
{
	struct kb_reader *reader = kb_reader_new(lib->source);
	unsigned nread = 0;
	bool known = true;

	for (size_t i = 0; i < lib->nentries && known; i++)
		known = is_known(lib, &lib->entries[i]) ||
			put_file(out, lib, &lib->entries[i], reader, &nread);
	kb_reader_free(reader);
	return known;
}

/* The day, and when the site changes next: in between it is the same at any time. */
static void put_clock(kb_buf *out, const struct site *site)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_turn *turns;
	size_t n = kb_next_change(site->lib, site->options, arena, &turns);

	kb_buf_number(
		out, (uint64_t)kb_day_number(site->config->timezone, site->lib->now));
	kb_buf_number(out, n ? (uint64_t)turns[0].at : 0);
}

/* All but what documents are. */
static bool put_rest(kb_buf *out, const struct site *site)
{
	kb_buf_number(out, site->sign);
	kb_buf_number(out, site->audience);
	kb_buf_counted(out, site->base_url);
	for (uint32_t i = 0; i < site->nlocales; i++)
		kb_buf_counted(out, site->locales[i].code);
	put_keys(out, &site->faulty);
	put_keys(out, &site->kept);
	/* The addresses of style sheets and scripts. */
	kb_buf_number(out, output_hashed(site->out));
	put_clock(out, site);
	return put_files(out, site->lib);
}

static struct kb_hash joined(struct kb_hash a, struct kb_hash b)
{
	const struct kb_hash both[] = {a, b};

	return kb_hash128((kb_str){(const char *)both, sizeof(both)});
}

static bool find_shared(struct site *site)
{
	_cleanup_buf_ kb_buf rest = {0};
	struct kb_hash outline, shape;

	if (!kb_library_outline(site->lib, &outline) ||
		!kb_library_shape(site->lib, &shape) || !put_rest(&rest, site))
		return false;
	site->shared = joined(outline, kb_hash128(kb_buf_view(&rest)));
	site->shape = joined(shape, kb_hash128(kb_buf_view(&rest)));
	return true;
}

static size_t count_names(const struct site *site)
{
	return (size_t)site->lib->ndocs + site->lib->taxonomy->len;
}

static void put_l10n(kb_buf *out, const struct kb_l10n *text)
{
	kb_buf_number(out, text->n);
	for (uint32_t i = 0; i < text->n; i++) {
		kb_buf_counted(out, text->values[i].locale);
		kb_buf_counted(out, text->values[i].value);
	}
}

/* Documents, then issues. */
static void hash_names(struct site *site)
{
	const struct kb_library *lib = site->lib;
	_cleanup_buf_ kb_buf name = {0};

	site->names = kb_arena_array(site->arena, uint64_t, count_names(site));
	for (uint32_t i = 0; i < lib->ndocs; i++) {
		kb_buf_clear(&name);
		kb_buf_counted(&name, lib->docs[i]->facts->title);
		kb_buf_counted(&name, lib->docs[i]->facts->summary);
		site->names[i] = kb_hash64(kb_buf_view(&name));
	}
	for (uint32_t i = 0; i < lib->taxonomy->len; i++) {
		kb_buf_clear(&name);
		put_l10n(&name, &lib->taxonomy->issues[i].label);
		put_l10n(&name, &lib->taxonomy->issues[i].description);
		site->names[lib->ndocs + i] = kb_hash64(kb_buf_view(&name));
	}
}

static void read_histories(struct site *site)
{
	const struct kb_library *lib = site->lib;

	site->histories = kb_arena_array(site->arena, uint64_t, lib->ndocs + 1);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		site->histories[i] = kb_history_mark(site->history, lib->docs[i]->path);
	/* The sitemap's dates depend on what variables were. */
	site->histories[lib->ndocs] = kb_history_mark(site->history, site->config->path);
	site->all_histories = kb_hash128((kb_str){
		(const char *)site->histories, (lib->ndocs + 1) * sizeof(uint64_t)});
}

static struct kb_memo *open_memo(const struct site *site, struct kb_hash *key)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str audience = site->config->audiences[site->audience];
	kb_str name = kb_arena_fmt(scratch, "pages-%08x", (unsigned)kb_hash64(audience));
	bool own;
	kb_str path = kb_source_cache(site->lib->source, scratch, name.data, &own);

	*key = kb_hash128(kb_str_of(site->options->out));
	return kb_memo_open(own ? path.data : NULL);
}

static bool is_same(struct kb_hash a, struct kb_hash b)
{
	return a.high == b.high && a.low == b.low;
}

/* FORMER: the hashes of names that the last run kept. */
static void find_renamed(struct site *site, kb_str former)
{
	size_t n = count_names(site);
	uint64_t name;

	site->renamed = kb_arena_array(site->arena, bool, n);
	for (size_t i = 0; i < n; i++) {
		memcpy(&name, former.data + i * sizeof(name), sizeof(name));
		site->renamed[i] = name != site->names[i];
		site->same_titles &= i >= site->lib->ndocs || !site->renamed[i];
	}
}

/* What the last run kept for the list that is in the site's folder. */
static void take_kept(struct site *site, const struct marks_head *head, kb_str rest)
{
	size_t size = head->nnames * sizeof(*site->names);
	kb_str marks = kb_str_sub(rest, 0, head->len);
	kb_str names = kb_str_sub(rest, marks.len, marks.len + size);

	site->kept_search = kb_arena_str(
		site->arena, kb_str_sub(rest, marks.len + names.len, rest.len));
	if (!is_same(head->shape, site->shape) || head->nnames != count_names(site) ||
		names.len != size ||
		!output_read_marks(site->out, marks, (uint32_t)head->nnames))
		return;
	site->same_outlines = is_same(head->shared, site->shared);
	site->same_shape = site->same_titles = true;
	if (!site->same_outlines)
		find_renamed(site, names);
	site->same_histories = is_same(head->histories, site->all_histories);
}

static void read_kept(struct site *site)
{
	_cleanup_buf_ kb_buf kept = {0};
	struct kb_hash key;
	struct kb_memo *memo = open_memo(site, &key);
	struct marks_head head;

	if (kb_memo_get(memo, key, &kept) && kept.len >= sizeof(head)) {
		memcpy(&head, kept.data, sizeof(head));
		if (head.list && head.list == output_list(site->out))
			take_kept(site, &head,
				kb_str_sub(kb_buf_view(&kept), sizeof(head), kept.len));
	}
	kb_memo_close(memo);
}

void marks_open(struct site *site)
{
	site->marked = site->lib->stored && !site->options->clean && find_shared(site);
	if (!site->marked)
		return;
	hash_names(site);
	read_histories(site);
	read_kept(site);
}

void marks_keep(const struct site *site)
{
	struct marks_head head = {.list = output_list(site->out),
		.shared = site->shared,
		.shape = site->shape,
		.histories = site->all_histories,
		.nnames = count_names(site)};
	_cleanup_buf_ kb_buf all = {0}, marks = {0};
	struct kb_memo *memo;
	struct kb_hash key;

	if (!site->marked || site->options->dry_run)
		return;
	output_print_marks(site->out, &marks);
	head.len = marks.len;
	kb_buf_add(&all, &head, sizeof(head));
	kb_buf_str(&all, kb_buf_view(&marks));
	kb_buf_add(&all, site->names, head.nnames * sizeof(*site->names));
	kb_buf_str(&all, kb_buf_view(&site->search_keep));
	memo = open_memo(site, &key);
	kb_memo_put(memo, key, kb_buf_view(&all));
	kb_memo_close(memo);
}

static bool is_own(const struct job *job, const struct kb_document *doc)
{
	for (size_t i = 0; i < job->own.len; i++)
		if (job->own.items[i].doc == doc)
			return true;
	return false;
}

static void add_own(
	struct job *job, const struct kb_document *doc, const struct kb_document *top)
{
	if (job->own.len <= OWN_MAX)
		kb_vec_push(&job->own, ((struct own_text){doc, top}));
}

/* The snippets in a text are its own, too, as they are found for its locale. */
static void add_snippets(struct job *job, const struct own_text *own)
{
	const struct kb_document *doc = own->doc, *top = own->top;
	uint32_t locale = text_locale(job, top);

	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet =
			ref->kind == KB_REF_INCLUDE
				? kb_library_snippet(job->site->lib, ref->name, locale)
				: NULL;

		if (snippet && !is_own(job, snippet))
			add_own(job, snippet, top);
	}
}

/* A document's versions in other locales are the page's own, too: it may say which of
 * them changed. TOP: the one whose text is shown; NULL: each of them. */
static void add_family(
	struct job *job, const struct kb_document *doc, const struct kb_document *top)
{
	uint32_t n = doc->family ? job->site->config->nlocales : 0;

	add_own(job, doc, top ? top : doc);
	for (uint32_t l = 0; l < n; l++) {
		const struct kb_document *other = doc->family->by_locale[l];

		if (other && other != doc)
			add_own(job, other, top ? top : other);
	}
}

/* A topic shows dates of its documents, and what its replies say in each language. */
static void add_topic(struct job *job)
{
	struct topic_items items = {0};

	topic_collect(job, job->page->issue, &items);
	for (size_t i = 0; i < items.len; i++)
		add_family(job, items.items[i].page->doc, NULL);
	kb_vec_dispose(&items);
}

/* Lists are in the order of titles. */
static void put_order(struct job *job, kb_buf *out)
{
	uint32_t issue = job->page->issue;
	uint32_t end = job->site->lib->taxonomy->issues[issue].end;

	for (uint32_t i = issue; i < end; i++) {
		const struct page_list *list = &job->locale->by_issue[i];

		for (uint32_t k = 0; k < list->n; k++)
			kb_buf_number(out, list->items[k]->doc->number);
	}
}

static uint64_t hash_own(struct job *job)
{
	const struct site *site = job->site;
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_number(&all, site->shape.high);
	kb_buf_number(&all, site->shape.low);
	kb_buf_number(&all, job->page->locale);
	kb_buf_counted(&all, job->page->address);
	if (job->page->kind == PAGE_DOCUMENT)
		kb_buf_number(&all, news_mark(site, job->page->doc));
	else
		put_order(job, &all);
	/* More are added on the way. */
	for (size_t i = 0; i < job->own.len; i++) {
		const struct own_text own = job->own.items[i];

		kb_buf_counted(&all, kb_str_of(own.doc->facts->blob));
		kb_buf_number(&all, own.doc->number);
		kb_buf_number(&all, own.doc->facts->converted);
		kb_buf_number(&all, site->histories[own.doc->number]);
		add_snippets(job, &own);
	}
	return job->own.len > OWN_MAX ? 0 : kb_hash64(kb_buf_view(&all));
}

uint64_t mark_page(struct job *job)
{
	const struct page *page = job->page;

	if (!job->site->marked)
		return 0;
	if (page->kind == PAGE_DOCUMENT)
		add_family(job, page->doc, page->doc);
	else if (page->kind == PAGE_TOPIC)
		add_topic(job);
	else
		return 0;
	return hash_own(job);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void mark_names(struct job *job)
{
	struct output_names *names = &job->names;
	size_t n = 0;

	if (names->len)
		qsort(names->items, names->len, sizeof(*names->items), by_number);
	for (size_t i = 0; i < names->len; i++)
		if (!n || names->items[n - 1] != names->items[i])
			names->items[n++] = names->items[i];
	names->len = n;
}

void mark_text(struct job *job, const struct kb_document *doc)
{
	job->foreign |= !is_own(job, doc);
}
