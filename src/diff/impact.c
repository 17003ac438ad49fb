/* Who depends on a subject. */
#include "kb/impact.h"

#include <stdlib.h>

#include "kb/diagram.h"
#include "kb/pool.h"

#include "touch.h"

enum { VISITS_MAX = 10000 }; /* snippets that include one another many times over */

static const struct {
	const char *name, *phrase;
} words[KB_TOUCH_KINDS] = {
	[KB_TOUCH_LINK] = {"link", "links to it"},
	[KB_TOUCH_ANSWER] = {"hand-over", "hands over the case to it"},
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
	[KB_TOUCH_DEFAULT] = {"default", "sets it on documents"},
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

static void search_links(struct impact_search *s)
{
	struct kb_target target;

	for (uint32_t i = 0; i < s->doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &s->doc->facts->body.links[i];

		kb_link_resolve(s->run->lib, s->worker->arena, s->doc, s->doc->locale,
			link->dest, &target);
		if (touch_leads_there(s->run, &target))
			touch_add(s, link_kind(s->doc, i), link->range)->detail =
				link->text;
	}
}

static void search_dot(struct impact_search *s, const struct kb_fence *fence)
{
	struct kb_target target;
	kb_str *urls;
	size_t n = kb_diagram_urls(s->worker->arena, fence->code, &urls);

	for (size_t i = 0; i < n; i++) {
		size_t at = kb_str_find(fence->code, urls[i]);

		kb_link_resolve(s->run->lib, s->worker->arena, s->doc, s->doc->locale,
			urls[i], &target);
		if (touch_leads_there(s->run, &target) && at != SIZE_MAX)
			touch_add(s, KB_TOUCH_MAP,
				(kb_range){fence->range.off + (uint32_t)at,
					(uint32_t)urls[i].len})
				->detail = fence->title;
	}
}

static void search_journey(struct impact_search *s, const struct kb_fence *fence)
{
	struct kb_node *root = kb_yaml_parse(
		s->worker->arena, fence->code, fence->range.off, s->doc->path, NULL);

	for (uint32_t i = 0; root && root->kind == KB_NODE_SEQ && i < root->len; i++) {
		struct kb_node *list = kb_node_get(root->items[i], "documents");

		for (uint32_t k = 0; list && list->kind == KB_NODE_SEQ && k < list->len;
			k++)
			if (touch_names(
				    s->run, kb_node_str(list->items[k]), s->doc->locale))
				touch_add(s, KB_TOUCH_MAP, list->items[k]->range)
					->detail = fence->title;
	}
}

static void search_relations(struct impact_search *s)
{
	const struct kb_document *doc = s->doc;

	for (uint32_t i = 0; i < doc->facts->related.len; i++)
		if (touch_names(s->run, doc->facts->related.items[i], doc->locale))
			touch_add(s, KB_TOUCH_RELATED,
				kb_facts_item_range(doc->facts, "related", i));
	if (doc->facts->variant_of.len &&
		touch_names(s->run, doc->facts->variant_of, doc->locale))
		touch_add(s, KB_TOUCH_VARIANT, kb_facts_range(doc->facts, "variant_of"));
	if (touch_is_subject(s->run, kb_document_source(s->run->lib, doc)))
		touch_add(s, KB_TOUCH_TRANSLATION, kb_facts_range(doc->facts, "id"));
}

static void search_document(struct impact_search *s)
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

static bool is_variable(const struct impact_run *run, kb_str name)
{
	kb_str wanted = run->subject->name;

	return kb_str_starts(name, wanted) &&
	       (name.len == wanted.len || name.data[wanted.len] == '.');
}

static void search_variable(struct impact_search *s)
{
	static const char *const keys[] = {"title", "summary", "question", "subject"};
	const struct kb_document *doc = s->doc;
	const kb_str values[] = {doc->facts->title, doc->facts->summary,
		doc->facts->question, doc->facts->subject};

	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];

		if (ref->kind == KB_REF_VARIABLE && is_variable(s->run, ref->name))
			touch_add(s, KB_TOUCH_VARIABLE, ref->range)->detail = ref->name;
	}
	for (size_t k = 0; k < KB_LEN(keys); k++) {
		struct kb_ref *refs;
		size_t n = kb_md_refs(s->worker->arena, values[k], 0, &refs);

		for (size_t i = 0; i < n; i++)
			if (is_variable(s->run, refs[i].name))
				touch_add(s, KB_TOUCH_VARIABLE,
					kb_facts_range(doc->facts, keys[k]))
					->detail = refs[i].name;
	}
}

/* May the link lead to a page that is made from no document? Few do, and to follow a
 * relative one takes time. */
static bool may_be_page(kb_str dest)
{
	return kb_str_starts(kb_str_trim(dest), KB_STR("/")) ||
	       kb_str_chr(dest, ':') != SIZE_MAX ||
	       kb_str_find(dest, KB_STR("{{")) != SIZE_MAX;
}

/* Links to the issue's page: "de/topics/delivery.missing/". */
static void search_topic_links(struct impact_search *s)
{
	static const kb_str topics = {"/topics/", 8};
	struct kb_target target;
	kb_str id;

	for (uint32_t i = 0; i < s->doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &s->doc->facts->body.links[i];

		if (!may_be_page(link->dest))
			continue;
		kb_link_resolve(s->run->lib, s->worker->arena, s->doc, s->doc->locale,
			link->dest, &target);
		size_t at = target.kind == KB_TARGET_PAGE
				    ? kb_str_find(target.page, topics)
				    : SIZE_MAX;
		if (at == SIZE_MAX)
			continue;
		id = kb_str_sub(target.page, at + topics.len, target.page.len);
		if (touch_is_issue(s->run, kb_str_sub(id, 0, kb_str_chr(id, '/')), &id))
			touch_add(s, KB_TOUCH_LINK, link->range)->detail = link->text;
	}
}

static void search_issue(struct impact_search *s)
{
	kb_str id;

	for (uint32_t i = 0; i < s->doc->facts->issues.len; i++)
		if (touch_is_issue(s->run, s->doc->facts->issues.items[i], &id))
			touch_add(s, KB_TOUCH_ISSUE,
				kb_facts_item_range(s->doc->facts, "issues", i))
				->detail = id;
	search_topic_links(s);
}

static void search_person(struct impact_search *s)
{
	const struct kb_document *doc = s->doc;
	kb_str detail;

	if (touch_is_person(s->run, doc->facts->owner, &detail))
		touch_add(s, KB_TOUCH_OWNER, kb_facts_range(doc->facts, "owner"))
			->detail = detail;
	if (touch_is_person(s->run, doc->facts->deputy, &detail))
		touch_add(s, KB_TOUCH_DEPUTY, kb_facts_range(doc->facts, "deputy"))
			->detail = detail;
	for (uint32_t i = 0; doc->workflow && i < doc->workflow->nsteps; i++) {
		const struct kb_step *step = &doc->workflow->steps[i];

		for (uint32_t k = 0; k < step->nedges; k++) {
			const struct kb_edge *edge = &step->edges[k];

			if (edge->kind == KB_EDGE_ESCALATE &&
				touch_is_person(s->run, edge->team, &detail))
				touch_add(s, KB_TOUCH_ESCALATION, edge->range)->detail =
					detail;
		}
	}
}

static void search_phrase(struct impact_search *s)
{
	kb_buf_clear(&s->worker->text);
	if (!kb_reader_read(s->worker->reader, s->doc->path, 0, &s->worker->text, NULL))
		phrase_search_document(s->run->phrase, s->run->lib, s->doc,
			kb_buf_view(&s->worker->text), touch_say, s);
}

static void search_one(void *ctx, size_t index, unsigned worker)
{
	struct impact_run *run = ctx;
	static void (*const how[KB_SUBJECT_KINDS])(struct impact_search *) = {
		[KB_SUBJECT_DOCUMENT] = search_document,
		[KB_SUBJECT_VARIABLE] = search_variable,
		[KB_SUBJECT_ISSUE] = search_issue,
		[KB_SUBJECT_PERSON] = search_person,
		[KB_SUBJECT_PHRASE] = search_phrase,
	};
	struct impact_search s = {.run = run,
		.doc = run->lib->docs[index],
		.worker = &run->workers[worker],
		.found = &run->found[index]};

	if (!s.doc->facts->broken && !touch_is_subject(run, s.doc))
		how[run->subject->kind](&s);
	else if (touch_is_subject(run, s.doc) && !run->subject->doc)
		search_relations(&s);
	for (size_t i = 0; i < s.found->len; i++)
		run->touched[index] |= s.found->items[i].kind <= KB_TOUCH_VARIABLE ||
				       s.found->items[i].kind == KB_TOUCH_TEXT;
	run->touched[index] |= touch_is_subject(run, s.doc);
}

/* The snippet below DOC's include NAME that depends on the subject, or is it. */
static const struct kb_document *reach(const struct impact_run *run, kb_str name,
	uint32_t locale, uint32_t depth, uint32_t *visits)
{
	const struct kb_library *lib = run->lib;
	const struct kb_document *snippet = kb_library_snippet(lib, name, locale);
	const struct kb_document *found = NULL;

	if (!snippet || snippet->facts->broken ||
		depth > lib->config->limits.snippet_depth || ++*visits > VISITS_MAX)
		return NULL;
	for (uint32_t low = 0, high = lib->ndocs; low < high;) {
		uint32_t mid = low + (high - low) / 2;
		int c = kb_str_cmp(lib->docs[mid]->path, snippet->path);

		if (!c && run->touched[mid])
			return snippet;
		low = c < 0 ? mid + 1 : low;
		high = c < 0 ? high : mid;
		if (!c)
			break;
	}
	for (uint32_t i = 0; i < snippet->facts->body.nrefs && !found; i++)
		if (snippet->facts->body.refs[i].kind == KB_REF_INCLUDE)
			found = reach(run, snippet->facts->body.refs[i].name, locale,
				depth + 1, visits);
	return found;
}

static void search_includes(void *ctx, size_t index, unsigned worker)
{
	struct impact_run *run = ctx;
	struct impact_search s = {.run = run,
		.doc = run->lib->docs[index],
		.worker = &run->workers[worker],
		.found = &run->found[index]};

	if (s.doc->facts->broken || touch_is_subject(run, s.doc))
		return;
	for (uint32_t i = 0; i < s.doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &s.doc->facts->body.refs[i];
		uint32_t visits = 0;
		const struct kb_document *snippet =
			ref->kind == KB_REF_INCLUDE
				? reach(run, ref->name, s.doc->locale, 1, &visits)
				: NULL;

		if (!snippet)
			continue;
		struct kb_touch *touch = touch_add(&s, KB_TOUCH_INCLUDE, ref->range);
		touch->via = touch_is_subject(run, snippet) ? NULL : snippet;
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
static void count_lines(struct impact_run *run, struct kb_impact *impact)
{
	struct impact_worker *worker = &run->workers[0];
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

static void gather(struct impact_run *run, struct kb_impact *out)
{
	struct touches all = {0};

	for (uint32_t i = 0; i <= run->lib->ndocs; i++) {
		struct touches *found = i < run->lib->ndocs ? &run->found[i] : &run->rest;

		for (size_t k = 0; k < found->len; k++) {
			struct kb_touch touch = found->items[k];

			touch.detail = kb_arena_str(run->arena, touch.detail);
			touch.owner = kb_arena_str(run->arena, touch.owner);
			kb_vec_push(&all, touch);
		}
		kb_vec_dispose(found);
	}
	if (all.len)
		qsort(all.items, all.len, sizeof(*all.items), touch_cmp);
	*out = (struct kb_impact){.len = all.len};
	out->items = kb_vec_freeze(&all, run->arena);
	count_lines(run, out);
}

void kb_impact_find(const struct kb_library *lib, const struct kb_subject *subject,
	unsigned threads, struct kb_arena *arena, struct kb_impact *out)
{
	unsigned n = kb_parallel_workers(threads, lib->ndocs);
	struct impact_run run = {.lib = lib, .subject = subject, .arena = arena};

	run.workers = kb_xcalloc(n, sizeof(*run.workers));
	run.found = kb_xcalloc(lib->ndocs + 1, sizeof(*run.found));
	run.touched = kb_xcalloc(lib->ndocs + 1, sizeof(*run.touched));
	if (subject->kind == KB_SUBJECT_PHRASE)
		run.phrase = phrase_new(subject->name);
	for (unsigned i = 0; i < n; i++) {
		run.workers[i].arena = kb_arena_new();
		run.workers[i].reader = kb_reader_new(lib->source);
	}
	kb_parallel(threads, lib->ndocs, search_one, &run);
	kb_parallel(threads, lib->ndocs, search_includes, &run);
	touch_files(&run);
	gather(&run, out);
	touch_sum(arena, out);
	for (unsigned i = 0; i < n; i++) {
		kb_arena_free(run.workers[i].arena);
		kb_reader_free(run.workers[i].reader);
		kb_buf_dispose(&run.workers[i].text);
	}
	phrase_free(run.phrase);
	free(run.workers);
	free(run.found);
	free(run.touched);
}
