#include "site.h"

#include "kb/pool.h"
#include "kb/unicode.h"

static uint32_t first_topic(const struct site *site, const struct site_locale *locale,
	const struct kb_document *doc)
{
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;

	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]);
		uint32_t at = issue ? kb_taxonomy_index(taxonomy, issue) : KB_NONE;

		if (at != KB_NONE && locale->issue_shown[at])
			return at;
	}
	return KB_NONE;
}

static struct page *add_below(
	struct site *site, enum page_kind kind, uint32_t locale, const char *rest)
{
	return plan_add(site, kind, locale,
		kb_arena_fmt(site->arena, "%.*s/%s", KB_ARG(site->locales[locale].code),
			rest));
}

struct sorted_page {
	const struct page *page;
	int weight;
	kb_str key;	/* of its title */
	uint64_t start; /* of the key, as a number */
};

struct page_sort {
	struct sorted_page *pages;
	kb_str locale;
	struct kb_arena **arenas; /* by worker: keys */
};

static int by_weight_and_title(const void *a, const void *b)
{
	const struct sorted_page *p = a, *q = b;
	const struct kb_document *x = p->page->doc, *y = q->page->doc;
	int c = (p->weight > q->weight) - (p->weight < q->weight);

	c = c ? c : (p->start > q->start) - (p->start < q->start);
	c = c ? c : kb_str_cmp(p->key, q->key);
	c = c ? c : kb_str_cmp(x->facts->title, y->facts->title);
	return c ? c : kb_str_cmp(x->path, y->path);
}

/* A number of eight bytes, the highest first, sorts as the bytes do. */
static void make_key(void *ctx, size_t i, unsigned worker)
{
	const struct page_sort *sort = ctx;
	struct sorted_page *sorted = &sort->pages[i];
	const struct kb_facts *facts = sorted->page->doc->facts;
	_cleanup_buf_ kb_buf key = {0};

	sorted->weight = facts->weight;
	kb_collate_key(sort->locale, facts->title, &key);
	for (size_t k = 0; k < sizeof(sorted->start); k++)
		sorted->start = sorted->start << 8 |
				(k < key.len ? (unsigned char)key.data[k] : 0);
	sorted->key = kb_arena_str(sort->arenas[worker], kb_buf_view(&key));
}

static void sort_pages(struct page_list *list, kb_str locale, unsigned threads)
{
	unsigned n = kb_parallel_workers(threads, list->n);
	struct page_sort sort = {
		.pages = kb_xcalloc((size_t)list->n + 1, sizeof(*sort.pages)),
		.locale = locale,
		.arenas = kb_xcalloc(n, sizeof(*sort.arenas))};

	for (unsigned i = 0; i < n; i++)
		sort.arenas[i] = kb_arena_new();
	for (uint32_t i = 0; i < list->n; i++)
		sort.pages[i].page = list->items[i];
	kb_parallel(threads, list->n, make_key, &sort);
	qsort(sort.pages, list->n, sizeof(*sort.pages), by_weight_and_title);
	for (uint32_t i = 0; i < list->n; i++)
		list->items[i] = sort.pages[i].page;
	for (unsigned i = 0; i < n; i++)
		kb_arena_free(sort.arenas[i]);
	free(sort.arenas);
	free(sort.pages);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = (*(struct kb_document *const *)a)->number;
	uint32_t y = (*(struct kb_document *const *)b)->number;

	return (x > y) - (x < y);
}

/* Pages of all documents that the locale shows; of two with one address the first. */
static void add_documents(struct site *site, uint32_t at)
{
	struct site_locale *locale = &site->locales[at];
	struct {
		KB_VEC(struct kb_document *);
	} docs = {0};
	struct page_list *listed = &locale->listed;

	for (uint32_t i = 0; i < site->lib->nfamilies; i++) {
		struct kb_document *doc =
			plan_find(site, site->lib->families[i], locale->index);

		if (doc && doc->address.len && !doc->former &&
			!plan_kept(site, locale, doc))
			kb_vec_push(&docs, doc);
	}
	if (docs.len)
		qsort(docs.items, docs.len, sizeof(*docs.items), by_number);
	listed->items = kb_arena_array(
		site->arena, const struct page *, docs.len + site->kept.len);
	kb_map_reserve(&site->by_address, site->by_address.len + docs.len);
	for (size_t i = 0; i < docs.len; i++) {
		struct page *page = plan_add(site, PAGE_DOCUMENT, at,
			kb_arena_fmt(site->arena, "%.*s/%.*s", KB_ARG(locale->code),
				KB_ARG(docs.items[i]->address)));

		/* Validation says why. */
		if (!page)
			continue;
		page->doc = docs.items[i];
		if (page->doc->facts->status != KB_ARCHIVED)
			listed->items[listed->n++] = page;
	}
	for (size_t i = 0; i < site->kept.len; i++) {
		const struct page *page = site->kept.entries[i].value;

		if (page->locale == at && !page->doc->facts->broken &&
			page->doc->facts->status != KB_ARCHIVED)
			listed->items[listed->n++] = page;
	}
	kb_vec_dispose(&docs);
	sort_pages(listed, locale->code, site->options->threads);
}

/* In the order of those listed. */
static void find_related(struct site *site, struct site_locale *locale)
{
	const struct page_list *listed = &locale->listed;
	struct page_list *related = &locale->related;

	related->items = kb_arena_array(site->arena, const struct page *, listed->n);
	for (uint32_t i = 0; i < listed->n; i++) {
		const struct kb_facts *facts = listed->items[i]->doc->facts;

		if (facts->type == KB_REFERENCE && facts->related.len)
			related->items[related->n++] = listed->items[i];
	}
}

/* Calls for each issue of a document that may be shown to the audience, aliases followed
 * and repeats left out. */
static uint32_t issues_of(const struct site *site, const struct kb_document *doc,
	uint32_t *out, uint32_t max)
{
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;
	uint32_t n = 0, k;

	for (size_t i = 0; i < doc->facts->issues.len && n < max; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]);

		if (!issue || issue->retired || issue->audience > site->audience)
			continue;
		out[n] = kb_taxonomy_index(taxonomy, issue);
		for (k = 0; k < n && out[k] != out[n]; k++)
			;
		n += k == n;
	}
	return n;
}

enum { ISSUES_MAX = 64 };

/* Counts documents by issue, in two rounds: sizes, then places. */
static void sort_into_issues(struct site *site, struct site_locale *locale)
{
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;
	uint32_t *seen = kb_xcalloc(taxonomy->len + 1, sizeof(*seen));
	uint32_t issues[ISSUES_MAX];

	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < locale->listed.n; i++) {
			uint32_t n = issues_of(
				site, locale->listed.items[i]->doc, issues, ISSUES_MAX);

			for (uint32_t k = 0; k < n; k++) {
				struct page_list *list = &locale->by_issue[issues[k]];

				if (round)
					list->items[list->n] = locale->listed.items[i];
				list->n++;
				for (uint32_t up = issues[k]; !round && up != KB_NONE;
					up = taxonomy->issues[up].parent) {
					locale->issue_count[up] += seen[up] != i + 1;
					seen[up] = i + 1;
				}
			}
		}
		for (uint32_t i = 0; !round && i < taxonomy->len; i++) {
			locale->by_issue[i].items = kb_arena_array(
				site->arena, const struct page *, locale->by_issue[i].n);
			locale->by_issue[i].n = 0;
		}
	}
	free(seen);
}

static void add_topics(struct site *site, uint32_t at)
{
	struct site_locale *locale = &site->locales[at];
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;
	bool any = false;

	locale->by_issue = kb_arena_array(site->arena, struct page_list, taxonomy->len);
	locale->issue_count = kb_arena_array(site->arena, uint32_t, taxonomy->len);
	locale->issue_shown = kb_arena_array(site->arena, uint8_t, taxonomy->len);
	find_related(site, locale);
	sort_into_issues(site, locale);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		struct page *page;

		if (issue->retired || issue->audience > site->audience ||
			(!site->trusted && locale->issue_count[i] == 0))
			continue;
		page = plan_add(site, PAGE_TOPIC, at,
			kb_arena_fmt(site->arena, "%.*s/topics/%.*s/",
				KB_ARG(locale->code), KB_ARG(issue->id)));
		if (!page)
			continue;
		page->issue = i;
		locale->issue_shown[i] = any = true;
	}
	if (any)
		add_below(site, PAGE_TOPICS, at, "topics/");
}

/* Each document's topic, once it is known which are shown. */
static void set_topics(struct site *site, uint32_t at)
{
	const struct site_locale *locale = &site->locales[at];

	for (size_t i = 0; i < site->pages.len; i++) {
		struct page *page = site->pages.items[i];

		if (page->locale != at ||
			(page->kind != PAGE_DOCUMENT && page->kind != PAGE_KEPT))
			continue;
		page->issue = first_topic(site, locale, page->doc);
		for (uint32_t up = page->issue; up != KB_NONE;
			up = plan_parent(site, locale, up))
			page->top = up;
	}
}

static void add_lists(struct site *site, uint32_t at)
{
	static const char *const folders[] = {[KB_ARTICLE] = "articles/",
		[KB_WORKFLOW] = "workflows/",
		[KB_REPLY] = "replies/",
		[KB_REFERENCE] = "reference/"};
	const struct site_locale *locale = &site->locales[at];
	bool types[KB_TYPE_COUNT] = {0}, questions = false;

	for (uint32_t i = 0; i < locale->listed.n; i++) {
		const struct kb_document *doc = locale->listed.items[i]->doc;

		questions |= doc->facts->type == KB_ARTICLE && doc->facts->question.len;
		types[doc->facts->type] |= doc->facts->type != KB_ARTICLE ||
					   locale->listed.items[i]->issue == KB_NONE;
	}
	for (uint32_t type = 0; type < KB_LEN(folders); type++) {
		struct page *page =
			types[type] ? add_below(site, PAGE_LIST, at, folders[type])
				    : NULL;

		if (page)
			page->type = (uint8_t)type;
	}
	if (questions)
		add_below(site, PAGE_FAQ, at, "faq/");
	if (site->config->ncontacts)
		add_below(site, PAGE_CONTACT, at, "contact/");
	if (site->search_js.len)
		add_below(site, PAGE_SEARCH, at, "search/");
	add_below(site, PAGE_CHANGES, at, "changes/");
}

static void add_shown(struct site *site, struct site_locale *locale)
{
	locale->shown =
		kb_arena_array(site->arena, const struct page *, site->lib->ndocs);
	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (doc->family)
			doc = plan_find(site, doc->family, locale->index);
		if (doc && plan_visible(site, doc))
			locale->shown[i] = plan_document(site, locale, doc);
	}
}

int plan_make(struct site *site, struct kb_error *err)
{
	plan_add(site, PAGE_ROOT, site->source, KB_STR(""));
	plan_add(site, PAGE_NOT_FOUND, site->source, KB_STR("404.html"));
	for (uint32_t i = 0; i < site->nlocales; i++)
		add_below(site, PAGE_HOME, i, "");
	if (plan_faulty(site, err) < 0)
		return -1;
	for (uint32_t i = 0; i < site->nlocales; i++) {
		add_documents(site, i);
		add_topics(site, i);
		set_topics(site, i);
		add_lists(site, i);
		add_shown(site, &site->locales[i]);
	}
	plan_aliases(site);
	return 0;
}
