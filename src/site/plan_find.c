/* The pages of the plan, by address and by document. */
#include "site.h"

#include "kb/name.h"

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

const struct page *plan_kept(const struct site *site, const struct site_locale *locale,
	const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf key = {0};

	if (site->kept.len == 0)
		return NULL;
	kb_buf_fmt(&key, "%.*s %.*s", KB_ARG(locale->code), KB_ARG(doc->path));
	return kb_map_get(&site->kept, kb_buf_view(&key));
}

bool plan_is_kept(const struct site *site, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < site->nlocales; i++)
		if (plan_kept(site, &site->locales[i], doc))
			return true;
	return false;
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

static const struct page *find_folded(const struct site *site, kb_str folded)
{
	const struct page *page = kb_map_get(&site->by_address, folded);

	return page ? page : kb_map_get(&site->by_folded, folded);
}

const struct page *plan_like(const struct site *site, kb_str address)
{
	return find_folded(
		site, kb_site_folded_key(site->lib, site->arena, key_of(address)));
}

struct page *plan_add(
	struct site *site, enum page_kind kind, uint32_t locale, kb_str address)
{
	kb_str key = key_of(address), part;
	kb_str folded = kb_site_folded_key(site->lib, site->arena, key);
	bool exact = kb_str_eq(folded, key);
	struct page *page;

	if ((!exact && kb_map_has(&site->by_address, key)) || find_folded(site, folded) ||
		(key.len && kb_path_fault(key, &part)))
		return NULL;
	page = kb_arena_new_of(site->arena, struct page);
	*page = (struct page){.kind = (uint8_t)kind,
		.locale = locale,
		.issue = KB_NONE,
		.top = KB_NONE,
		.address = address};
	kb_map_put(&site->by_address, key, page);
	if (!exact)
		kb_map_put(&site->by_folded, folded, page);
	kb_vec_push(&site->pages, page);
	return page;
}
