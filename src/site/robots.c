#include "kb/escape.h"
#include "kb/substance.h"
#include "kb/unicode.h"
#include "values.h"
#include "data.h"

/* What a site has for machines: the sitemap, redirects for servers, llms.txt. */

enum { SITEMAP_MAX = 50000 };

static int write_text(
	struct site *site, const char *path, const kb_buf *text, struct kb_error *err)
{
	return output_write(site->out, kb_str_of(path), kb_buf_view(text), OUTPUT_PAGE,
		KB_STR(""), err);
}

/* Is the page in the sitemap: is it its own version, and may it be found? */
static bool in_sitemap(const struct site *site, const struct page *page)
{
	if (page_noindex(site, page))
		return false;
	return !page->doc || page->doc->locale == site->locales[page->locale].index ||
	       plan_original(site, page->doc) == page;
}

static void put_url(kb_buf *out, const struct site *site, struct kb_arena *arena,
	const struct page *page)
{
	kb_buf_xml(out, absolute_at(site, arena, page->address));
}

/* The page in all its languages, as hreflang wants it. */
static void put_alternates(kb_buf *out, const struct site *site, struct kb_arena *arena,
	const struct page *page)
{
	const struct page *versions[64];
	uint32_t n = 0;

	for (uint32_t i = 0; i < site->nlocales && n < KB_LEN(versions); i++) {
		const struct page *version =
			page->kind == PAGE_ROOT ? NULL : plan_in(site, page, i);

		if (version && plan_alike(version, page) &&
			(!version->doc || version->doc->locale == site->locales[i].index))
			versions[n++] = version;
	}
	for (uint32_t i = 0; i < n && n > 1; i++) {
		kb_buf_fmt(out, "<xhtml:link rel=\"alternate\" hreflang=\"%.*s\" href=\"",
			KB_ARG(site->locales[versions[i]->locale].code));
		put_url(out, site, arena, versions[i]);
		kb_buf_puts(out, "\"/>");
	}
}

/* When its substance last changed, or when it appeared after that; 0: unknown. */
static time_t modified_on(const struct site *site, const struct kb_document *doc)
{
	time_t changed = doc ? site->substance[doc->number] : 0;
	time_t appeared = doc ? doc->facts->publish_at : 0;

	return changed && appeared <= site->lib->now && appeared > changed ? appeared
									   : changed;
}

static void find_substance(struct site *site)
{
	if (site->substance)
		return;
	site->substance = kb_arena_array(site->arena, time_t, site->lib->ndocs);
	kb_substance_dates(site->substance, site->lib, site->history, site->audience,
		site->options->threads);
}

static void put_entry(kb_buf *out, const struct site *site, struct kb_arena *arena,
	const struct page *page)
{
	time_t changed = modified_on(site, page->doc);

	kb_buf_puts(out, "<url><loc>");
	put_url(out, site, arena, page);
	kb_buf_puts(out, "</loc>");
	if (changed)
		kb_buf_fmt(out, "<lastmod>%.*s</lastmod>",
			KB_ARG(kb_day_format(arena, site->config->timezone, changed)));
	put_alternates(out, site, arena, page);
	kb_buf_puts(out, "</url>\n");
}

static int write_sitemap(struct site *site, const char *path, const struct page **pages,
	size_t n, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};

	if (site->same_titles && site->same_histories &&
		output_reuse(site->out, kb_str_of(path)))
		return 0;
	find_substance(site);
	kb_buf_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
			  "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
	for (size_t i = 0; i < n; i++) {
		put_entry(&out, site, arena, pages[i]);
		kb_arena_reset(arena);
	}
	kb_buf_puts(&out, "</urlset>\n");
	return write_text(site, path, &out, err);
}

static int write_sitemap_index(
	struct site *site, const struct page **pages, size_t n, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_buf_puts(&out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	for (size_t from = 0, part = 1; from < n; from += SITEMAP_MAX, part++) {
		kb_str path = kb_arena_fmt(site->arena, "sitemap-%zu.xml", part);
		size_t len = n - from < SITEMAP_MAX ? n - from : SITEMAP_MAX;

		if (write_sitemap(site, path.data, pages + from, len, err) < 0)
			return -1;
		kb_buf_puts(&out, "<sitemap><loc>");
		kb_buf_xml(&out, absolute_at(site, site->arena, path));
		kb_buf_puts(&out, "</loc></sitemap>\n");
	}
	kb_buf_puts(&out, "</sitemapindex>\n");
	return write_text(site, "sitemap.xml", &out, err);
}

static int by_address(const void *a, const void *b)
{
	return kb_str_cmp((*(const struct page *const *)a)->address,
		(*(const struct page *const *)b)->address);
}

static int write_sitemaps(struct site *site, struct kb_error *err)
{
	struct {
		KB_VEC(const struct page *);
	} pages = {0};
	int failed;

	for (size_t i = 0; i < site->pages.len; i++)
		if (in_sitemap(site, site->pages.items[i]))
			kb_vec_push(&pages, site->pages.items[i]);
	if (pages.len)
		qsort(pages.items, pages.len, sizeof(*pages.items), by_address);
	failed =
		pages.len > SITEMAP_MAX
			? write_sitemap_index(site, pages.items, pages.len, err)
			: write_sitemap(site, "sitemap.xml", pages.items, pages.len, err);
	kb_vec_dispose(&pages);
	return failed;
}

static int write_robots(struct site *site, bool sitemap, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_buf_puts(&out, site->open ? "User-agent: *\nAllow: /\n"
				     : "User-agent: *\nDisallow: /\n");
	if (sitemap) {
		kb_buf_puts(&out, "Sitemap: ");
		kb_buf_url(&out, absolute_at(site, site->arena, KB_STR("sitemap.xml")));
		kb_buf_putc(&out, '\n');
	}
	return write_text(site, "robots.txt", &out, err);
}

static void put_line(kb_buf *out, kb_str s)
{
	kb_buf_markdown(out, s, KB_MARKDOWN);
}

static void put_llms_link(kb_buf *out, struct job *job, const struct page *page,
	kb_str text, kb_str summary)
{
	kb_str address = page->address;
	kb_str twin = kb_arena_fmt(job->arena, "%.*s" TWIN, KB_ARG(address));

	kb_buf_puts(out, "- [");
	put_line(out, text);
	kb_buf_puts(out, "](");
	if (output_has(job->site->out, twin))
		address = twin;
	kb_buf_url(out, job->site->base_url.len
				? absolute_at(job->site, job->arena, address)
				: href_at(job, address));
	kb_buf_puts(out, summary.len ? "): " : ")");
	put_line(out, summary);
	kb_buf_putc(out, '\n');
}

static void put_llms_item(kb_buf *out, struct job *job, const struct page *page)
{
	put_llms_link(
		out, job, page, title_of(job, page->doc), summary_of(job, page->doc));
}

/* Pages that are not documents; "Optional" is a name that the format gives a meaning. */
static void put_llms_pages(kb_buf *out, struct job *job)
{
	static const char *const names[] = {"changes", "faq", "contact"};

	kb_buf_puts(out, "\n## Optional\n\n");
	for (size_t i = 0; i < KB_LEN(names); i++) {
		const struct page *page =
			plan_at(job->site, kb_arena_fmt(job->arena, "%.*s/%s",
						   KB_ARG(job->locale->code), names[i]));

		if (page && page->kind != PAGE_ALIAS)
			put_llms_link(out, job, page, page_label(job, page), KB_STR(""));
	}
}

static void put_llms_topic(kb_buf *out, struct job *job, uint32_t top)
{
	const struct page_list *listed = &job->locale->listed;
	bool any = false;

	for (uint32_t i = 0; i < listed->n; i++) {
		if (listed->items[i]->top != top)
			continue;
		if (!any) {
			kb_buf_puts(out, "\n## ");
			put_line(out, top == KB_NONE ? string(job, "articles")
						     : issue_label(job, top));
			kb_buf_puts(out, "\n\n");
		}
		any = true;
		put_llms_item(out, job, listed->items[i]);
	}
}

/* Is all that it is made from as in the last run? */
static bool is_same_llms(const struct site *site, const struct site_locale *locale)
{
	const struct page_list *listed = &locale->listed;

	for (uint32_t i = 0; site->renamed && i < listed->n; i++)
		if (site->renamed[listed->items[i]->doc->number])
			return false;
	for (uint32_t i = 0; site->renamed && i < site->lib->taxonomy->len; i++)
		if (site->renamed[site->lib->ndocs + i] &&
			plan_parent(site, locale, i) == KB_NONE)
			return false;
	return site->same_shape;
}

/* https://llmstxt.org: the site in the source locale, by top-level topic. */
static int write_llms(struct site *site, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	const struct kb_config *config = site->config;
	struct job job = {.site = site, .arena = arena, .root = KB_STR("./")};
	kb_str description;

	job.locale = &site->locales[site->source];
	if (is_same_llms(site, job.locale) && output_reuse(site->out, KB_STR("llms.txt")))
		return 0;
	description = kb_l10n_get(config, &config->description, job.locale->index);
	kb_buf_puts(&out, "# ");
	put_line(&out, kb_l10n_get(config, &config->name, job.locale->index));
	kb_buf_puts(&out, description.len ? "\n\n> " : "");
	put_line(&out, description);
	kb_buf_puts(&out, "\n");
	for (uint32_t i = 0; i < site->lib->taxonomy->len; i++)
		if (job.locale->issue_shown[i] &&
			plan_parent(site, job.locale, i) == KB_NONE)
			put_llms_topic(&out, &job, i);
	put_llms_topic(&out, &job, KB_NONE);
	put_llms_pages(&out, &job);
	return write_text(site, "llms.txt", &out, err);
}

/* A former address, as the server is asked for it. */
static kb_str former_address(const struct alias *alias)
{
	kb_str address = alias->from;

	if (!alias->prefix && address.len && address.data[address.len - 1] == '/')
		address.len--;
	return address;
}

static void put_target(
	kb_buf *out, const struct site *site, const struct alias *alias, uint32_t i)
{
	_cleanup_buf_ kb_buf path = {0};

	if (!alias->url.len) {
		kb_buf_str(&path, site->base_path);
		kb_buf_url_path(&path, alias->targets[i]->address);
	}
	kb_buf_url(out, alias->url.len ? alias->url : kb_buf_view(&path));
}

/* " id=3 lang=en": a query as hosts that read _redirects want it. False: it holds what
 * they cannot compare. */
static bool put_query(kb_buf *out, kb_str query)
{
	kb_str part;

	while (kb_str_next(&query, '&', &part)) {
		size_t equals = kb_str_chr(part, '=');

		if (equals == SIZE_MAX || equals == 0 || equals + 1 == part.len ||
			part.data[equals + 1] == ':')
			return false;
		kb_buf_putc(out, ' ');
		kb_buf_url(out, part);
	}
	return true;
}

/* Where a line begins for hosts that read _redirects, where '*' and ':' would stand for
 * more. False: they cannot serve it. */
static bool put_source(kb_buf *out, const struct site *site, const struct alias *alias)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_url(&path, site->base_path);
	kb_buf_url_path(&path, former_address(alias));
	for (size_t k = 0; k < path.len; k++)
		if (strchr("*:", path.data[k]))
			kb_buf_fmt(out, "%%%02X", (unsigned)path.data[k]);
		else
			kb_buf_putc(out, path.data[k]);
	if (alias->prefix)
		kb_buf_putc(out, '*');
	return !alias->query.len || put_query(out, alias->query);
}

/* Has the address without its query a page? Netlify prefers it, unless a line says '!'.
 */
static bool has_page(const struct site *site, const struct alias *alias)
{
	return alias->query.len && (!alias->from.len || plan_like(site, alias->from));
}

/* Hosts that know languages choose by them. */
static void put_redirect(kb_buf *out, const struct site *site, const struct alias *alias)
{
	_cleanup_buf_ kb_buf from = {0};
	const char *force = has_page(site, alias) ? "!" : "";

	if (!put_source(&from, site, alias))
		return;
	for (uint32_t i = 0; i == 0 || i < alias->ntargets; i++) {
		kb_buf_str(out, kb_buf_view(&from));
		kb_buf_putc(out, ' ');
		put_target(out, site, alias, i);
		if (alias->ntargets <= 1)
			kb_buf_fmt(out, " 301%s\n", force);
		else
			kb_buf_fmt(out, " 302%s Language=%.*s\n", force,
				KB_ARG(site->locales[alias->targets[i]->locale].code));
	}
}

/* The files that say where former addresses lead. */
struct redirects {
	const struct site *site;
	kb_buf hosts, map, queries;
	kb_map mapped; /* what nginx, which ignores letter case, has a line for */
};

/* A regular expression, in which letters, digits and what is not ASCII mean themselves.
 */
static void put_map_prefix(struct redirects *r, const struct alias *alias)
{
	kb_str parts[] = {r->site->base_path, alias->from};

	kb_buf_puts(&r->map, "\"~*^");
	for (size_t p = 0; p < KB_LEN(parts); p++)
		for (size_t i = 0; i < parts[p].len; i++) {
			unsigned char c = (unsigned char)parts[p].data[i];

			if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				(c >= '0' && c <= '9') || strchr("/-_", c) || c >= 0x80)
				kb_buf_putc(&r->map, (char)c);
			else
				kb_buf_fmt(&r->map, "\\x%02X", (unsigned)c);
		}
	kb_buf_puts(&r->map, "\" \"");
	put_target(&r->map, r->site, alias, 0);
	kb_buf_puts(&r->map, "\";\n");
}

/* A line of an nginx map: of decoded addresses, or of encoded ones with queries.
 * Addresses that several languages share have their page. */
static void put_map_line(struct redirects *r, const struct alias *alias)
{
	bool query = alias->query.len > 0;
	kb_buf *out = query ? &r->queries : &r->map;
	_cleanup_buf_ kb_buf from = {0};

	if (alias->prefix) {
		put_map_prefix(r, alias);
		return;
	}
	if (query) {
		kb_buf_url(&from, r->site->base_path);
		kb_buf_url_path(&from, former_address(alias));
		kb_buf_putc(&from, '?');
		kb_buf_url(&from, alias->query);
	} else {
		kb_buf_str(&from, r->site->base_path);
		kb_buf_str(&from, former_address(alias));
	}
	if ((alias->ntargets > 1 && !query) ||
		kb_map_put(&r->mapped,
			kb_name_fold(r->site->arena,
				kb_arena_str(r->site->arena, kb_buf_view(&from))),
			r))
		return;
	kb_buf_putc(out, '"');
	for (size_t i = 0; i < from.len; i++) {
		if (strchr("\"\\", from.data[i]))
			kb_buf_putc(out, '\\');
		kb_buf_putc(out, from.data[i]);
	}
	kb_buf_puts(out, "\" \"");
	put_target(out, r->site, alias, 0);
	kb_buf_puts(out, "\";\n");
}

/* HEAD says how the map is used. */
static int write_map(struct site *site, const char *path, const char *head,
	const kb_buf *lines, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!lines->len)
		return 0;
	kb_buf_puts(&text, head);
	kb_buf_str(&text, kb_buf_view(lines));
	return write_text(site, path, &text, err);
}

/* Hosts take the first line that fits, and one without a query fits any. */
static void put_redirects(struct redirects *r, bool queries)
{
	for (size_t i = 0; i < r->site->aliases.len; i++) {
		const struct alias *alias = r->site->aliases.items[i];

		if ((alias->query.len > 0) != queries)
			continue;
		put_redirect(&r->hosts, r->site, alias);
		put_map_line(r, alias);
	}
}

static int write_redirects(struct site *site, struct kb_error *err)
{
	struct redirects r = {.site = site};
	int failed;

	put_redirects(&r, true);
	put_redirects(&r, false);
	failed =
		(r.hosts.len && write_text(site, "_redirects", &r.hosts, err) < 0) ||
		write_map(site, "redirects.map",
			"# For nginx: map $uri $kb_redirect { include redirects.map; }\n",
			&r.map, err) < 0 ||
		write_map(site, "redirects-query.map",
			"# For nginx: map $request_uri $kb_redirect_query "
			"{ include redirects-query.map; }\n",
			&r.queries, err) < 0;
	kb_buf_dispose(&r.hosts);
	kb_buf_dispose(&r.map);
	kb_buf_dispose(&r.queries);
	kb_map_dispose(&r.mapped);
	return failed ? -1 : 0;
}

int robots_write(struct site *site, struct kb_error *err)
{
	bool sitemap = site->open && site->base_url.len;

	if (write_robots(site, sitemap, err) < 0 || write_redirects(site, err) < 0)
		return -1;
	if (sitemap && write_sitemaps(site, err) < 0)
		return -1;
	return site->open ? write_llms(site, err) : 0;
}
