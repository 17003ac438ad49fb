#include "kb/unicode.h"
#include "kb/value.h"
#include "pages.h"

/* Structured data for search engines (schema.org). */

static struct kb_value *push_typed(
	struct kb_arena *arena, struct kb_value *list, const char *type)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "@type", kb_str_of(type));
	return map;
}

static struct kb_value *set_typed(
	struct kb_arena *arena, struct kb_value *map, const char *key, const char *type)
{
	struct kb_value *inner = kb_value_set_map(arena, map, key);

	kb_value_set_str(arena, inner, "@type", kb_str_of(type));
	return inner;
}

static void add_breadcrumb(
	struct job *job, struct kb_value *graph, const struct frame *frame)
{
	struct kb_value *map = push_typed(job->arena, graph, "BreadcrumbList");
	struct kb_value *list = kb_value_set_list(job->arena, map, "itemListElement");

	for (uint32_t i = 0; i <= frame->ncrumbs; i++) {
		bool self = i == frame->ncrumbs;
		struct kb_value *one = push_typed(job->arena, list, "ListItem");

		kb_value_set_int(job->arena, one, "position", i + 1);
		kb_value_set_str(job->arena, one, "name",
			self ? frame->title : page_label(job, frame->crumbs[i]));
		if (!self)
			kb_value_set_str(job->arena, one, "item",
				absolute_to(job, frame->crumbs[i]));
	}
}

static void add_article(struct job *job, struct kb_value *graph,
	const struct frame *frame, const struct kb_document *doc)
{
	const struct kb_config *config = job->site->config;
	struct kb_value *map = push_typed(job->arena, graph, "TechArticle");
	time_t changed = changed_on(job->site, doc);

	kb_value_set_str(job->arena, map, "headline", frame->title);
	kb_value_set_opt(job->arena, map, "description", frame->description);
	kb_value_set_str(
		job->arena, map, "inLanguage", config->locales[doc->locale].code);
	if (changed)
		kb_value_set_str(job->arena, map, "dateModified",
			kb_day_format(job->arena, config->timezone, changed));
	kb_value_set_str(job->arena, map, "mainEntityOfPage",
		absolute_to(job, frame->canonical ? frame->canonical : job->page));
	map = set_typed(job->arena, map, "publisher", "Organization");
	kb_value_set_str(job->arena, map, "name",
		kb_l10n_get(config, &config->name, job->locale->index));
}

static void add_questions(struct kb_arena *arena, struct kb_value *graph,
	const struct page_question *questions, uint32_t n)
{
	struct kb_value *map = push_typed(arena, graph, "FAQPage");
	struct kb_value *list = kb_value_set_list(arena, map, "mainEntity");

	for (uint32_t i = 0; i < n; i++) {
		struct kb_value *one = push_typed(arena, list, "Question");

		kb_value_set_str(arena, one, "name", questions[i].question);
		kb_value_set_str(arena, set_typed(arena, one, "acceptedAnswer", "Answer"),
			"text", questions[i].answer);
	}
}

kb_str jsonld(struct job *job, const struct frame *frame, const struct kb_document *doc,
	const struct page_question *questions, uint32_t n)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_value *root = kb_value_map(job->arena), *graph;

	if (!job->site->open || !job->site->base_url.len)
		return KB_STR("");
	kb_value_set_str(job->arena, root, "@context", KB_STR("https://schema.org"));
	graph = kb_value_set_list(job->arena, root, "@graph");
	if (frame->ncrumbs)
		add_breadcrumb(job, graph, frame);
	if (doc)
		add_article(job, graph, frame, doc);
	if (n)
		add_questions(job->arena, graph, questions, n);
	kb_value_json(root, KB_JSON_SCRIPT, &out);
	return kb_arena_str(job->arena, kb_buf_view(&out));
}
