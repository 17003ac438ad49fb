#include "kb/json.h"
#include "kb/unicode.h"
#include "pages.h"

/* Structured data for search engines (schema.org). */

struct jsonld {
	kb_buf buf;
	struct kb_json json;
};

static void begin(struct jsonld *graph)
{
	*graph = (struct jsonld){0};
	kb_json_init(&graph->json, &graph->buf, false);
	graph->json.in_script = true;
	kb_json_object(&graph->json);
	kb_json_pair(&graph->json, "@context", KB_STR("https://schema.org"));
	kb_json_key(&graph->json, "@graph");
	kb_json_array(&graph->json);
}

static kb_str end(struct job *job, struct jsonld *graph)
{
	kb_str text;

	kb_json_array_end(&graph->json);
	kb_json_object_end(&graph->json);
	text = kb_arena_str(job->arena, kb_buf_view(&graph->buf));
	kb_buf_dispose(&graph->buf);
	return text;
}

static void put_breadcrumb(
	struct job *job, struct kb_json *json, const struct frame *frame)
{
	kb_json_object(json);
	kb_json_pair(json, "@type", KB_STR("BreadcrumbList"));
	kb_json_key(json, "itemListElement");
	kb_json_array(json);
	for (uint32_t i = 0; i <= frame->ncrumbs; i++) {
		bool self = i == frame->ncrumbs;

		kb_json_object(json);
		kb_json_pair(json, "@type", KB_STR("ListItem"));
		kb_json_key(json, "position");
		kb_json_int(json, i + 1);
		kb_json_pair(json, "name",
			self ? frame->title : page_label(job, frame->crumbs[i]));
		if (!self)
			kb_json_pair(json, "item", absolute_to(job, frame->crumbs[i]));
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void put_article(struct job *job, struct kb_json *json, const struct frame *frame,
	const struct kb_document *doc)
{
	const struct kb_config *config = job->site->config;
	time_t changed = changed_on(job->site, doc);

	kb_json_object(json);
	kb_json_pair(json, "@type", KB_STR("TechArticle"));
	kb_json_pair(json, "headline", frame->title);
	if (frame->description.len)
		kb_json_pair(json, "description", frame->description);
	kb_json_pair(json, "inLanguage", config->locales[doc->locale].code);
	if (changed)
		kb_json_pair(json, "dateModified",
			kb_day_format(job->arena, config->timezone, changed));
	kb_json_pair(json, "mainEntityOfPage",
		absolute_to(job, frame->canonical ? frame->canonical : job->page));
	kb_json_key(json, "publisher");
	kb_json_object(json);
	kb_json_pair(json, "@type", KB_STR("Organization"));
	kb_json_pair(
		json, "name", kb_l10n_get(config, &config->name, job->locale->index));
	kb_json_object_end(json);
	kb_json_object_end(json);
}

static void put_questions(
	struct kb_json *json, const struct page_question *questions, uint32_t n)
{
	kb_json_object(json);
	kb_json_pair(json, "@type", KB_STR("FAQPage"));
	kb_json_key(json, "mainEntity");
	kb_json_array(json);
	for (uint32_t i = 0; i < n; i++) {
		kb_json_object(json);
		kb_json_pair(json, "@type", KB_STR("Question"));
		kb_json_pair(json, "name", questions[i].question);
		kb_json_key(json, "acceptedAnswer");
		kb_json_object(json);
		kb_json_pair(json, "@type", KB_STR("Answer"));
		kb_json_pair(json, "text", questions[i].answer);
		kb_json_object_end(json);
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
	kb_json_object_end(json);
}

kb_str jsonld(struct job *job, const struct frame *frame, const struct kb_document *doc,
	const struct page_question *questions, uint32_t n)
{
	struct jsonld graph;

	if (!job->site->open || !job->site->base_url.len)
		return KB_STR("");
	begin(&graph);
	if (frame->ncrumbs)
		put_breadcrumb(job, &graph.json, frame);
	if (doc)
		put_article(job, &graph.json, frame, doc);
	if (n)
		put_questions(&graph.json, questions, n);
	return end(job, &graph);
}
