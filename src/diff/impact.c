/* Who depends on a subject. */
#include "kb/impact.h"

#include <stdlib.h>

#include "kb/diagram.h"
#include "kb/pool.h"

#include "hunt.h"

enum { VISITS_MAX = 10000 }; /* snippets that include one another many times over */

static const struct {
	const char *name, *phrase;
} words[KB_TOUCH_KINDS] = {
	[KB_TOUCH_LINK] = {"link", "links to it"},
	[KB_TOUCH_ANSWER] = {"hand-over", "hands the case over to it"},
	[KB_TOUCH_CALL] = {"call", "goes through it in a step"},
	[KB_TOUCH_INCLUDE] = {"include", "includes it"},
	[KB_TOUCH_VARIABLE] = {"variable", "uses it"},
	[KB_TOUCH_TRANSLATION] = {"translation", "is its version in another locale"},
	[KB_TOUCH_VARIANT] = {"variant", "replaces it in some regions"},
	[KB_TOUCH_RELATED] = {"related", "names it as related"},
	[KB_TOUCH_MAP] = {"map", "shows it on a map"},
	[KB_TOUCH_ISSUE] = {"issue", "is about it"},
	[KB_TOUCH_OWNER] = {"owner", "is owned by them"},
	[KB_TOUCH_DEPUTY] = {"deputy", "has them as deputy"},
	[KB_TOUCH_MEMBER] = {"member", "has them as member"},
	[KB_TOUCH_ESCALATION] = {"escalation", "escalates to it"},
	[KB_TOUCH_TEXT] = {"text", "says it"},
	[KB_TOUCH_REDIRECT] = {"redirect", "redirects to it"},
	[KB_TOUCH_TEST] = {"search-test", "is a golden query for it"},
	[KB_TOUCH_FEEDBACK] = {"feedback", "reports on it"},
	[KB_TOUCH_DEFAULT] = {"default", "gives it to documents"},
};

const char *kb_touch_name(enum kb_touch_kind kind)
{
	return words[kind].name;
}

const char *kb_touch_phrase(enum kb_touch_kind kind)
{
	return words[kind].phrase;
}

static enum kb_touch_kind link_kind(const struct kb_document *doc, uint32_t link)
{
	const struct kb_workflow *workflow = doc->workflow;

	for (uint32_t i = 0; workflow && i < workflow->nsteps; i++) {
		const struct kb_step *step = &workflow->steps[i];

		for (uint32_t k = 0; k < step->nedges; k++)
			if (step->edges[k].link == link)
				return KB_TOUCH_ANSWER;
		for (uint32_t k = 0; k < step->ncalls; k++)
			if (step->calls[k] == link)
				return KB_TOUCH_CALL;
	}
	return KB_TOUCH_LINK;
}

static void search_links(struct search *s)
{
	struct kb_target target;

	for (uint32_t i = 0; i < s->doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &s->doc->facts->body.links[i];

		kb_link_resolve(s->hunt->lib, s->worker->arena, s->doc, s->doc->locale,
			link->dest, &target);
		if (hunt_leads_there(s->hunt, &target))
			hunt_add(s, link_kind(s->doc, i), link->range)->detail =
				link->text;
	}
}

static void search_dot(struct search *s, const struct kb_fence *fence)
{
	struct kb_target target;
	kb_str *urls;
	size_t n = kb_diagram_urls(s->worker->arena, fence->code, &urls);

	for (size_t i = 0; i < n; i++) {
		size_t at = kb_str_find(fence->code, urls[i]);

		kb_link_resolve(s->hunt->lib, s->worker->arena, s->doc, s->doc->locale,
			urls[i], &target);
		if (hunt_leads_there(s->hunt, &target) && at != SIZE_MAX)
			hunt_add(s, KB_TOUCH_MAP,
				(kb_range){fence->range.off + (uint32_t)at,
					(uint32_t)urls[i].len})
				->detail = fence->title;
	}
}

static void search_journey(struct search *s, const struct kb_fence *fence)
{
	struct kb_node *root = kb_yaml_parse(
		s->worker->arena, fence->code, fence->range.off, s->doc->path, NULL);

	for (uint32_t i = 0; root && root->kind == KB_NODE_SEQ && i < root->len; i++) {
		struct kb_node *list = kb_node_get(root->items[i], "documents");

		for (uint32_t k = 0; list && list->kind == KB_NODE_SEQ && k < list->len;
			k++)
			if (hunt_names(
				    s->hunt, kb_node_str(list->items[k]), s->doc->locale))
				hunt_add(s, KB_TOUCH_MAP, list->items[k]->range)->detail =
					fence->title;
	}
}

static void search_relations(struct search *s)
{
	const struct kb_document *doc = s->doc;

	for (uint32_t i = 0; i < doc->facts->related.len; i++)
		if (hunt_names(s->hunt, doc->facts->related.items[i], doc->locale))
			hunt_add(s, KB_TOUCH_RELATED,
				kb_facts_item_range(doc->facts, "related", i));
	if (doc->facts->variant_of.len &&
		hunt_names(s->hunt, doc->facts->variant_of, doc->locale))
		hunt_add(s, KB_TOUCH_VARIANT, kb_facts_range(doc->facts, "variant_of"));
	if (hunt_is_subject(s->hunt, kb_document_source(s->hunt->lib, doc)))
		hunt_add(s, KB_TOUCH_TRANSLATION, kb_facts_range(doc->facts, "id"));
}

static void search_document(struct search *s)
{
	for (uint32_t i = 0; i < s->doc->facts->body.nfences; i++) {
		const struct kb_fence *fence = &s->doc->facts->body.fences[i];

		if (kb_str_is(fence->lang, "dot"))
			search_dot(s, fence);
		else
			search_journey(s, fence);
	}
	search_links(s);
	search_relations(s);
}

static bool is_variable(const struct hunt *hunt, kb_str name)
{
	kb_str wanted = hunt->subject->name;

	return kb_str_starts(name, wanted) &&
	       (name.len == wanted.len || name.data[wanted.len] == '.');
}

static void search_variable(struct search *s)
{
	static const char *const keys[] = {"title", "summary", "question", "subject"};
	const struct kb_document *doc = s->doc;
	const kb_str values[] = {doc->facts->title, doc->facts->summary,
		doc->facts->question, doc->facts->subject};

	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];

		if (ref->kind == KB_REF_VARIABLE && is_variable(s->hunt, ref->name))
			hunt_add(s, KB_TOUCH_VARIABLE, ref->range)->detail = ref->name;
	}
	for (size_t k = 0; k < KB_LEN(keys); k++) {
		struct kb_ref *refs;
		size_t n = kb_md_refs(s->worker->arena, values[k], 0, &refs);

		for (size_t i = 0; i < n; i++)
			if (is_variable(s->hunt, refs[i].name))
				hunt_add(s, KB_TOUCH_VARIABLE,
					kb_facts_range(doc->facts, keys[k]))
					->detail = refs[i].name;
	}
}

/* Links to the issue's page: "de/topics/delivery.missing/". */
static void search_topic_links(struct search *s)
{
	static const kb_str topics = {"/topics/", 8};
	struct kb_target target;
	kb_str id;

	for (uint32_t i = 0; i < s->doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &s->doc->facts->body.links[i];

		kb_link_resolve(s->hunt->lib, s->worker->arena, s->doc, s->doc->locale,
			link->dest, &target);
		size_t at = target.kind == KB_TARGET_PAGE
				    ? kb_str_find(target.page, topics)
				    : SIZE_MAX;
		if (at == SIZE_MAX)
			continue;
		id = kb_str_sub(target.page, at + topics.len, target.page.len);
		if (hunt_is_issue(s->hunt, kb_str_sub(id, 0, kb_str_chr(id, '/')), &id))
			hunt_add(s, KB_TOUCH_LINK, link->range)->detail = link->text;
	}
}

static void search_issue(struct search *s)
{
	kb_str id;

	for (uint32_t i = 0; i < s->doc->facts->issues.len; i++)
		if (hunt_is_issue(s->hunt, s->doc->facts->issues.items[i], &id))
			hunt_add(s, KB_TOUCH_ISSUE,
				kb_facts_item_range(s->doc->facts, "issues", i))
				->detail = id;
	search_topic_links(s);
}

static void search_person(struct search *s)
{
	const struct kb_document *doc = s->doc;
	kb_str detail;

	if (hunt_is_person(s->hunt, doc->facts->owner, &detail))
		hunt_add(s, KB_TOUCH_OWNER, kb_facts_range(doc->facts, "owner"))->detail =
			detail;
	if (hunt_is_person(s->hunt, doc->facts->deputy, &detail))
		hunt_add(s, KB_TOUCH_DEPUTY, kb_facts_range(doc->facts, "deputy"))
			->detail = detail;
	for (uint32_t i = 0; doc->workflow && i < doc->workflow->nsteps; i++) {
		const struct kb_step *step = &doc->workflow->steps[i];

		for (uint32_t k = 0; k < step->nedges; k++) {
			const struct kb_edge *edge = &step->edges[k];

			if (edge->kind == KB_EDGE_ESCALATE &&
				hunt_is_person(s->hunt, edge->team, &detail))
				hunt_add(s, KB_TOUCH_ESCALATION, edge->range)->detail =
					detail;
		}
	}
}

static void search_phrase(struct search *s)
{
	kb_buf_clear(&s->worker->text);
	if (!kb_reader_read(s->worker->reader, s->doc->path, 0, &s->worker->text, NULL))
		phrase_search_document(s->hunt->phrase, s->hunt->lib, s->doc,
			kb_buf_view(&s->worker->text), hunt_say, s);
}

static void search_one(void *ctx, size_t index, unsigned worker)
{
	struct hunt *hunt = ctx;
	static void (*const how[KB_SUBJECT_KINDS])(struct search *) = {
		[KB_SUBJECT_DOCUMENT] = search_document,
		[KB_SUBJECT_VARIABLE] = search_variable,
		[KB_SUBJECT_ISSUE] = search_issue,
		[KB_SUBJECT_PERSON] = search_person,
		[KB_SUBJECT_PHRASE] = search_phrase,
	};
	struct search s = {.hunt = hunt,
		.doc = hunt->lib->docs[index],
		.worker = &hunt->workers[worker],
		.found = &hunt->found[index]};

	if (!s.doc->facts->broken && !hunt_is_subject(hunt, s.doc))
		how[hunt->subject->kind](&s);
	else if (hunt_is_subject(hunt, s.doc) && !hunt->subject->doc)
		search_relations(&s);
	for (size_t i = 0; i < s.found->len; i++)
		hunt->touched[index] |= s.found->items[i].kind <= KB_TOUCH_VARIABLE ||
					s.found->items[i].kind == KB_TOUCH_TEXT;
	hunt->touched[index] |= hunt_is_subject(hunt, s.doc);
}

/* The snippet below DOC's include NAME that depends on the subject, or is it. */
static const struct kb_document *reach(const struct hunt *hunt, kb_str name,
	uint32_t locale, uint32_t depth, uint32_t *visits)
{
	const struct kb_library *lib = hunt->lib;
	const struct kb_document *snippet = kb_library_snippet(lib, name, locale);
	const struct kb_document *found = NULL;

	if (!snippet || snippet->facts->broken ||
		depth > lib->config->limits.snippet_depth || ++*visits > VISITS_MAX)
		return NULL;
	for (uint32_t low = 0, high = lib->ndocs; low < high;) {
		uint32_t mid = low + (high - low) / 2;
		int c = kb_str_cmp(lib->docs[mid]->path, snippet->path);

		if (!c && hunt->touched[mid])
			return snippet;
		low = c < 0 ? mid + 1 : low;
		high = c < 0 ? high : mid;
		if (!c)
			break;
	}
	for (uint32_t i = 0; i < snippet->facts->body.nrefs && !found; i++)
		if (snippet->facts->body.refs[i].kind == KB_REF_INCLUDE)
			found = reach(hunt, snippet->facts->body.refs[i].name, locale,
				depth + 1, visits);
	return found;
}

static void search_includes(void *ctx, size_t index, unsigned worker)
{
	struct hunt *hunt = ctx;
	struct search s = {.hunt = hunt,
		.doc = hunt->lib->docs[index],
		.worker = &hunt->workers[worker],
		.found = &hunt->found[index]};

	if (s.doc->facts->broken || hunt_is_subject(hunt, s.doc))
		return;
	for (uint32_t i = 0; i < s.doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &s.doc->facts->body.refs[i];
		uint32_t visits = 0;
		const struct kb_document *snippet =
			ref->kind == KB_REF_INCLUDE
				? reach(hunt, ref->name, s.doc->locale, 1, &visits)
				: NULL;

		if (!snippet)
			continue;
		struct kb_touch *touch = hunt_add(&s, KB_TOUCH_INCLUDE, ref->range);
		touch->via = hunt_is_subject(hunt, snippet) ? NULL : snippet;
		touch->detail = ref->name;
	}
}

static int touch_cmp(const void *pa, const void *pb)
{
	const struct kb_touch *a = pa, *b = pb;
	int c = kb_str_cmp(a->path, b->path);

	if (c)
		return c;
	if (a->range.off != b->range.off)
		return a->range.off < b->range.off ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

/* Lines of a list that is sorted by path and place. */
static void count_lines(struct hunt *hunt, struct kb_impact *impact)
{
	struct worker *worker = &hunt->workers[0];
	kb_str path = KB_STR_NULL;
	uint32_t line = 1;
	size_t at = 0;

	for (size_t i = 0; i < impact->len; i++) {
		struct kb_touch *touch = &impact->items[i];

		if (!kb_str_eq(path, touch->path)) {
			path = touch->path;
			at = 0;
			line = 1;
			kb_buf_clear(&worker->text);
			if (kb_reader_read(worker->reader, path, 0, &worker->text, NULL))
				kb_buf_clear(&worker->text);
		}
		for (; at < touch->range.off && at < worker->text.len; at++)
			line += worker->text.data[at] == '\n';
		touch->line = worker->text.len ? line : 0;
	}
}

static void gather(struct hunt *hunt, struct kb_impact *out)
{
	struct found all = {0};

	for (uint32_t i = 0; i <= hunt->lib->ndocs; i++) {
		struct found *found =
			i < hunt->lib->ndocs ? &hunt->found[i] : &hunt->rest;

		for (size_t k = 0; k < found->len; k++) {
			struct kb_touch touch = found->items[k];

			touch.detail = kb_arena_str(hunt->arena, touch.detail);
			touch.owner = kb_arena_str(hunt->arena, touch.owner);
			kb_vec_push(&all, touch);
		}
		kb_vec_dispose(found);
	}
	if (all.len)
		qsort(all.items, all.len, sizeof(*all.items), touch_cmp);
	out->len = all.len;
	out->items = kb_vec_freeze(&all, hunt->arena);
	count_lines(hunt, out);
}

void kb_impact_find(const struct kb_library *lib, const struct kb_subject *subject,
	unsigned threads, struct kb_arena *arena, struct kb_impact *out)
{
	unsigned n = kb_parallel_workers(threads, lib->ndocs);
	struct hunt hunt = {.lib = lib, .subject = subject, .arena = arena};

	hunt.workers = kb_xcalloc(n, sizeof(*hunt.workers));
	hunt.found = kb_xcalloc(lib->ndocs + 1, sizeof(*hunt.found));
	hunt.touched = kb_xcalloc(lib->ndocs + 1, sizeof(*hunt.touched));
	if (subject->kind == KB_SUBJECT_PHRASE)
		hunt.phrase = phrase_new(subject->name);
	for (unsigned i = 0; i < n; i++) {
		hunt.workers[i].arena = kb_arena_new();
		hunt.workers[i].reader = kb_reader_new(lib->source);
	}
	kb_parallel(threads, lib->ndocs, search_one, &hunt);
	kb_parallel(threads, lib->ndocs, search_includes, &hunt);
	hunt_files(&hunt);
	gather(&hunt, out);
	for (unsigned i = 0; i < n; i++) {
		kb_arena_free(hunt.workers[i].arena);
		kb_reader_free(hunt.workers[i].reader);
		kb_buf_dispose(&hunt.workers[i].text);
	}
	phrase_free(hunt.phrase);
	free(hunt.workers);
	free(hunt.found);
	free(hunt.touched);
}
