#include "site.h"

#include "kb/name.h"
#include "kb/unicode.h"

enum { KEY_MAX = 4096 };

bool plan_visible(const struct site *site, const struct kb_document *doc)
{
	return doc->facts->type != KB_SNIPPET && !doc->facts->broken &&
	       kb_document_visible(site->lib, doc, site->audience, site->options->drafts);
}

struct kb_document *plan_find(
	const struct site *site, const struct kb_family *family, uint32_t locale)
{
	return kb_family_visible(
		site->lib, family, locale, site->audience, site->options->drafts);
}

static kb_str key_of(kb_str address)
{
	while (address.len && address.data[address.len - 1] == '/')
		address.len--;
	return address;
}

const struct page *plan_at(const struct site *site, kb_str address)
{
	return kb_map_get(&site->by_address, key_of(address));
}

/* Looks an address up that consists of two parts. */
static const struct page *page_below(const struct site *site, kb_str code, kb_str rest)
{
	char key[KEY_MAX];

	if (code.len + rest.len + 1 > sizeof(key))
		return NULL;
	memcpy(key, code.data, code.len);
	key[code.len] = '/';
	memcpy(key + code.len + 1, rest.data, rest.len);
	return plan_at(site, (kb_str){key, code.len + 1 + rest.len});
}

const struct page *plan_document(const struct site *site,
	const struct site_locale *locale, const struct kb_document *doc)
{
	const struct page *page = plan_kept(site, locale, doc);

	if (!page && doc->address.len)
		page = page_below(site, locale->code, doc->address);
	return page && page->doc == doc ? page : NULL;
}

const struct page *plan_original(const struct site *site, const struct kb_document *doc)
{
	uint32_t own = site->published[doc->locale];
	const struct page *page =
		own == KB_NONE ? NULL : plan_document(site, &site->locales[own], doc);

	for (uint32_t i = 0; !page && i < site->nlocales; i++)
		page = plan_document(site, &site->locales[i], doc);
	return page;
}

const struct page *plan_in(
	const struct site *site, const struct page *page, uint32_t locale)
{
	const struct site_locale *to = &site->locales[locale];
	kb_str code = site->locales[page->locale].code;
	const struct page *found = NULL;
	struct kb_document *doc;

	if (page->doc && page->doc->family) {
		doc = plan_find(site, page->doc->family, to->index);
		found = doc ? plan_document(site, to, doc) : NULL;
	} else if (page->kind != PAGE_DOCUMENT && page->kind != PAGE_KEPT) {
		found = page_below(site, to->code,
			kb_str_sub(page->address, code.len + 1, page->address.len));
		if (found && found->kind != page->kind)
			found = NULL;
	}
	return found ? found : plan_at(site, to->code);
}

bool plan_alike(const struct page *a, const struct page *b)
{
	return (a->doc && b->doc) || a->kind == b->kind;
}

bool plan_same_language(const struct site *site, const struct site_locale *locale,
	const struct kb_document *doc)
{
	kb_str code = site->config->locales[doc->locale].code;

	return kb_str_eq(kb_str_sub(code, 0, kb_str_chr(code, '-')), locale->language);
}

uint32_t plan_parent(
	const struct site *site, const struct site_locale *locale, uint32_t issue)
{
	const struct kb_issue *issues = site->lib->taxonomy->issues;
	uint32_t up = issues[issue].parent;

	while (up != KB_NONE && !locale->issue_shown[up])
		up = issues[up].parent;
	return up;
}

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

const struct page *plan_like(const struct site *site, kb_str address)
{
	kb_str folded = kb_site_folded_key(site->lib, site->arena, key_of(address));
	const struct page *page = kb_map_get(&site->by_address, folded);

	return page ? page : kb_map_get(&site->by_folded, folded);
}

struct page *plan_add(
	struct site *site, enum page_kind kind, uint32_t locale, kb_str address)
{
	kb_str key = key_of(address), part, folded;
	struct page *page;

	if (kb_map_has(&site->by_address, key) || plan_like(site, key) ||
		(key.len && kb_path_fault(key, &part)))
		return NULL;
	page = kb_arena_new_of(site->arena, struct page);
	*page = (struct page){.kind = (uint8_t)kind,
		.locale = locale,
		.issue = KB_NONE,
		.top = KB_NONE,
		.address = address};
	kb_map_put(&site->by_address, key, page);
	folded = kb_site_folded_key(site->lib, site->arena, key);
	if (!kb_str_eq(folded, key))
		kb_map_put(&site->by_folded, folded, page);
	kb_vec_push(&site->pages, page);
	return page;
}

static struct page *add_below(
	struct site *site, enum page_kind kind, uint32_t locale, const char *rest)
{
	return plan_add(site, kind, locale,
		kb_arena_fmt(site->arena, "%.*s/%s", KB_ARG(site->locales[locale].code),
			rest));
}

struct sorting {
	kb_str locale;
};

static int by_weight_and_title(const void *a, const void *b, void *ctx)
{
	const struct kb_document *x = (*(const struct page *const *)a)->doc;
	const struct kb_document *y = (*(const struct page *const *)b)->doc;
	const struct sorting *sorting = ctx;
	int c;

	if (x->facts->weight != y->facts->weight)
		return x->facts->weight < y->facts->weight ? -1 : 1;
	c = kb_collate(sorting->locale, x->facts->title, y->facts->title);
	return c ? c : kb_str_cmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
	return kb_str_cmp((*(struct kb_document *const *)a)->path,
		(*(struct kb_document *const *)b)->path);
}

/* Pages of all documents that the locale shows; of two with one address the first. */
static void add_documents(struct site *site, uint32_t at)
{
	struct site_locale *locale = &site->locales[at];
	struct sorting sorting = {locale->code};
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
		qsort(docs.items, docs.len, sizeof(*docs.items), by_path);
	listed->items = kb_arena_array(
		site->arena, const struct page *, docs.len + site->kept.len);
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
	if (listed->n)
		qsort_r(listed->items, listed->n, sizeof(*listed->items),
			by_weight_and_title, &sorting);
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
	}
	plan_aliases(site);
	return 0;
}
