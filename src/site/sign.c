#include "sign.h"

#include "kb/build.h"
#include "kb/hash.h"
#include "marks.h"
#include "text_private.h"
#include "values.h"

static void put_links(struct site_text *text, kb_buf *out)
{
	const struct kb_md_facts *body = &text->doc->facts->body;

	for (uint32_t i = 0; i < body->nlinks; i++) {
		const struct kb_link *link = &body->links[i];
		bool image =
			link->kind == KB_LINK_IMAGE || link->kind == KB_LINK_HTML_IMAGE;
		struct kb_md_href href;

		if (link->audience > text->job->site->audience)
			continue;
		kb_buf_number(out, text_href(text, link->dest, image, &href));
		kb_buf_counted(out, href.href);
		kb_buf_counted(out, href.lang);
		kb_buf_counted(out, href.cls);
		kb_buf_counted(out, href.title);
		kb_buf_number(out, (uint64_t)href.width << 32 | href.height);
		kb_buf_number(out, href.external);
	}
}

static void put_variable(struct site_text *text, kb_str name, kb_buf *out)
{
	kb_str value = KB_STR_NULL;
	bool placeholder = false;

	kb_buf_number(out, text->hooks.variable(text, name, &value, &placeholder));
	kb_buf_counted(out, value);
	kb_buf_number(out, placeholder);
}

static void put_text(struct site_text *text, kb_buf *out);

static void put_refs(struct site_text *text, kb_buf *out)
{
	const struct kb_md_facts *body = &text->doc->facts->body;

	for (uint32_t i = 0; i < body->nrefs; i++) {
		const struct kb_ref *ref = &body->refs[i];
		struct site_text *snippet;

		if (ref->audience > text->job->site->audience)
			continue;
		if (ref->kind == KB_REF_VARIABLE) {
			put_variable(text, ref->name, out);
			continue;
		}
		snippet = text_snippet(text, ref->name);
		kb_buf_number(out, snippet != NULL);
		if (snippet)
			put_text(snippet, out);
	}
}

static void put_fences(struct site_text *text, kb_buf *out)
{
	const struct kb_md_facts *body = &text->doc->facts->body;

	for (uint32_t i = 0; i < body->nfences; i++)
		if (body->fences[i].audience <= text->job->site->audience &&
			!figure_sign(
				text, body->fences[i].lang, body->fences[i].code, out))
			text->job->unknown = true;
}

static void put_text(struct site_text *text, kb_buf *out)
{
	const struct kb_document *doc = text->doc;
	const struct kb_md_facts *body = &doc->facts->body;

	mark_text(text->job, doc);
	kb_buf_counted(out, kb_str_of(doc->facts->blob));
	kb_buf_add(out, &doc->context, sizeof(doc->context));
	kb_buf_number(out, doc->title_again);
	kb_buf_number(out, body->nlinks);
	put_links(text, out);
	put_refs(text, out);
	put_fences(text, out);
	for (uint32_t i = 0; i < body->ncallouts; i++)
		kb_buf_counted(out, text->hooks.label(text, body->callouts[i].marker));
}

kb_str sign_text(struct site_text *text, const struct text_options *given)
{
	const uint32_t options[] = {given->from, given->to, given->no_first_heading,
		given->no_list, given->no_callouts, given->only_callouts, text->use,
		text->marks};
	_cleanup_buf_ kb_buf all = {0};
	struct kb_hash hash;

	kb_buf_add(&all, options, sizeof(options));
	put_text(text, &all);
	text->includes = 0;
	hash = kb_hash128(kb_buf_view(&all));
	return kb_arena_fmt(text->job->arena, "%016llx%016llx",
		(unsigned long long)hash.high, (unsigned long long)hash.low);
}

uint64_t sign_page(struct job *job, const struct kb_value *map, const struct frame *frame)
{
	_cleanup_buf_ kb_buf all = {0};
	uint64_t sign;

	if (job->unknown || job->failed)
		return 0;
	kb_buf_number(&all, job->site->sign);
	kb_buf_number(&all, job->page->locale);
	kb_buf_counted(&all, kb_str_of(frame->kind));
	kb_value_print(map, &all);
	sign = kb_hash64(kb_buf_view(&all));
	return sign ? sign : 1;
}

void sign_site(struct site *site)
{
	const struct kb_config_limits *limits = &site->config->limits;
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_counted(&all, kb_str_of(kb_build_id()));
	kb_buf_number(&all, site->templates_hash);
	kb_buf_number(&all, limits->snippet_depth);
	kb_buf_number(&all, site->options->drafts);
	kb_buf_number(&all, site->api);
	kb_buf_number(&all, site->markdown);
	kb_buf_counted(&all, site->base_url);
	kb_buf_counted(&all, site->own_url);
	for (uint32_t i = 0; i < site->nlocales; i++)
		kb_value_print(site->locales[i].shared, &all);
	site->sign = kb_hash64(kb_buf_view(&all));
}
