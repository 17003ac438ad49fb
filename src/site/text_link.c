/* Where the links of a text lead. */
#include "assets.h"
#include "text_private.h"
#include "values.h"

static bool link_document(
	struct site_text *text, const struct kb_target *target, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct site *site = job->site;
	const struct page *page = job->locale->shown[target->doc->number];
	const struct kb_document *doc = page ? page->doc : NULL;
	kb_str fragment = target->fragment;

	if (!page)
		return false;
	if (fragment.len && (doc->facts->type == KB_REPLY ||
				    !kb_fragment_visible(site->lib, doc, fragment,
					    site->audience, site->options->drafts)))
		fragment = KB_STR("");
	out->href = href_to(job, page, fragment);
	if (!plan_same_language(site, job->locale, doc))
		out->lang = site->config->locales[doc->locale].code;
	return true;
}

/* In a text that customers are sent, a link must open for them: the public site's page
 * in the text's own language. */
static bool link_for_customer(
	struct site_text *text, const struct kb_target *target, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct kb_config *config = job->site->config;
	uint32_t locale = text->top->locale;
	struct kb_document *doc = NULL;

	if (!config->base_url.len)
		return link_document(text, target, out);
	for (uint32_t i = 0; !doc && locale != KB_NONE && i <= config->nlocales; i++) {
		doc = target->family ? target->family->by_locale[locale] : NULL;
		if (doc && (doc->facts->type == KB_SNIPPET || doc->facts->broken ||
				   !kb_document_visible(job->site->lib, doc, 0, false)))
			doc = NULL;
		locale = config->locales[locale].fallback;
	}
	if (!doc)
		return false;
	_cleanup_buf_ kb_buf buf = {0};
	kb_buf_str(&buf, config->base_url);
	kb_buf_putc(&buf, '/');
	kb_buf_str(&buf, config->locales[text->top->locale].code);
	kb_buf_putc(&buf, '/');
	kb_buf_url_path(&buf, doc->address);
	if (target->fragment.len &&
		kb_fragment_visible(job->site->lib, doc, target->fragment, 0, false)) {
		kb_buf_putc(&buf, '#');
		kb_buf_url_path(&buf, target->fragment);
	}
	out->href = kb_arena_str(job->arena, kb_buf_view(&buf));
	return true;
}

static bool link_file(
	struct site_text *text, const struct kb_entry *entry, struct kb_md_href *out)
{
	const struct asset *asset =
		entry && entry->kind == KB_ENTRY_FILE ? asset_of(text->job, entry) : NULL;

	if (!asset)
		return false;
	out->href = href_at(text->job, asset->address);
	out->width = asset->width;
	out->height = asset->height;
	return true;
}

static bool link_page(struct site_text *text, kb_str path, struct kb_md_href *out)
{
	struct job *job = text->job;
	const struct page *page =
		plan_at(job->site, kb_site_path_key(job->site->lib, job->arena, path));

	if (!page || page->kind == PAGE_ALIAS || page->kind == PAGE_NOT_FOUND)
		return false;
	out->href = text->use == TEXT_REPLY && job->site->config->base_url.len
			    ? kb_arena_fmt(job->arena, "%.*s/%.*s",
				      KB_ARG(job->site->config->base_url),
				      KB_ARG(page->address))
			    : href_to(job, page, KB_STR(""));
	return true;
}

static bool find_href(struct site_text *text, kb_str dest, bool image,
	struct kb_md_href *out, bool *to_document)
{
	struct job *job = text->job;
	struct kb_target target = {0};

	*out = (struct kb_md_href){0};
	resolve_link(job, text->doc,
		text->use == TEXT_REPLY ? text->top->locale : job->locale->index, dest,
		&target);
	*to_document = target.kind == KB_TARGET_DOCUMENT;
	switch (target.kind) {
	case KB_TARGET_EXTERNAL:
		/* Pictures from elsewhere would tell others who reads the page. */
		out->href = target.url;
		out->external = true;
		return !image;
	case KB_TARGET_FRAGMENT:
		if (text->use == TEXT_REPLY ||
			!kb_fragment_visible(job->site->lib, text->top, target.fragment,
				job->site->audience, job->site->options->drafts))
			return false;
		out->href = href_to(job, job->page, target.fragment);
		out->href =
			kb_str_sub(out->href, kb_str_chr(out->href, '#'), out->href.len);
		return !image;
	case KB_TARGET_DOCUMENT:
		return !image &&
		       (text->use == TEXT_REPLY ? link_for_customer(text, &target, out)
						: link_document(text, &target, out));
	case KB_TARGET_FILE:
		return link_file(text, target.entry, out);
	case KB_TARGET_PAGE:
		return !image && link_page(text, target.page, out);
	default:
		return false;
	}
}

/* A link to a document is asked for when the page is signed, and again when it is made.
 * Whoever asks for a file's also notes that the page needs the file. */
bool text_href(struct site_text *text, kb_str dest, bool image, struct kb_md_href *out)
{
	struct job *job = text->job;
	bool own = job->worker && job->worker->kept && text->doc == text->top &&
		   text->doc == job->page->doc && !image && text->use != TEXT_REPLY;
	struct kept_href {
		struct kb_md_href href;
		bool found;
	} *kept = own ? kb_map_get(&job->hrefs, dest) : NULL;

	if (kept) {
		*out = kept->href;
		return kept->found;
	}
	bool to_document, found = find_href(text, dest, image, out, &to_document);
	if (own && to_document) {
		kept = kb_arena_array(job->arena, struct kept_href, 1);
		*kept = (struct kept_href){*out, found};
		kb_map_put(&job->hrefs, kb_arena_str(job->arena, dest), kept);
	}
	return found;
}

kb_str text_outside(struct site_text *text, kb_str href, bool note)
{
	struct job *job = text->job;
	struct site_text *page = text;
	kb_str base = job->site->own_url;

	while (page->up)
		page = page->up;
	if (base.len && kb_str_starts(href, job->root))
		href = kb_arena_fmt(job->arena, "%.*s/%.*s", KB_ARG(base),
			KB_ARG(kb_str_sub(href, job->root.len, href.len)));
	if (note)
		kb_vec_push(&page->links, kb_arena_str(job->arena, href));
	return href;
}
