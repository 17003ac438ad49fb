#include "pages.h"

/* The documents of a case, each once. */

struct topic_collecting {
	struct job *job;
	struct topic_items *items;
	kb_map seen; /* pages, by address */
};

static void add(struct topic_collecting *c, const struct page *page, uint32_t from)
{
	if (!kb_map_put(&c->seen, page->address, c))
		kb_vec_push(c->items, ((struct topic_item){page, from}));
}

/* What the document says it is related to. */
static void add_related(struct topic_collecting *c, const struct kb_document *doc)
{
	struct job *job = c->job;

	for (size_t k = 0; k < doc->facts->related.len; k++) {
		struct kb_family *family =
			kb_library_family(job->site->lib, doc->facts->related.items[k]);
		const struct kb_document *other =
			family ? plan_find(job->site, family, job->locale->index) : NULL;
		const struct page *page =
			other ? plan_document(job->site, job->locale, other) : NULL;

		if (page && other->facts->type == KB_REFERENCE &&
			other->facts->status != KB_ARCHIVED)
			add(c, page, KB_NONE);
	}
}

/* Does the document say that it is related to one of the first N? */
static bool is_related(
	const struct topic_collecting *c, const struct kb_document *doc, size_t n)
{
	for (size_t k = 0; k < doc->facts->related.len; k++)
		for (size_t m = 0; m < n; m++)
			if (kb_str_eq(c->items->items[m].page->doc->id,
				    doc->facts->related.items[k]))
				return true;
	return false;
}

/* Reference documents come to a case by relation, from either side. */
static void add_reference(struct topic_collecting *c)
{
	const struct page_list *related = &c->job->locale->related;
	size_t n = c->items->len;

	for (size_t i = 0; i < n; i++)
		add_related(c, c->items->items[i].page->doc);
	for (uint32_t i = 0; i < related->n; i++)
		if (is_related(c, related->items[i]->doc, n))
			add(c, related->items[i], KB_NONE);
}

void topic_collect(struct job *job, uint32_t issue, struct topic_items *items)
{
	struct topic_collecting c = {.job = job, .items = items};

	for (uint32_t from = issue; from != KB_NONE;
		from = plan_parent(job->site, job->locale, from)) {
		const struct page_list *list = &job->locale->by_issue[from];

		for (uint32_t i = 0; i < list->n; i++)
			add(&c, list->items[i], from);
	}
	add_reference(&c);
	kb_map_dispose(&c.seen);
}
