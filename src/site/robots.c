#include "kb/escape.h"
#include "kb/unicode.h"
#include "values.h"
#include "pages.h"

/* What a site has for machines: the sitemap, redirects for servers, llms.txt. */

enum { SITEMAP_MAX = 50000 };

static int write_text(
	struct site *site, const char *path, const kb_buf *text, struct kb_error *err)
{
	return output_write(site->out, kb_str_of(path), kb_buf_view(text), OUTPUT_PAGE,
		KB_STR(""), err);
}

/* Does the page stand in the sitemap: its own version, and to be found? */
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

static void put_entry(kb_buf *out, const struct site *site, struct kb_arena *arena,
	const struct page *page)
{
	time_t changed = page->doc ? changed_on(site, page->doc) : 0;

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

static void put_llms_item(kb_buf *out, struct job *job, const struct page *page)
{
	kb_str summary = expanded(job, page->doc, page->doc->summary);

	kb_buf_puts(out, "- [");
	put_line(out, title_of(job, page->doc));
	kb_buf_puts(out, "](");
	kb_buf_url(out, job->site->base_url.len ? absolute_to(job, page)
						: href_to(job, page, KB_STR("")));
	kb_buf_puts(out, summary.len ? "): " : ")");
	put_line(out, summary);
	kb_buf_putc(out, '\n');
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

/* https://llmstxt.org: the site in the source locale, by top-level topic. */
static int write_llms(struct site *site, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	const struct kb_config *config = site->config;
	struct job job = {.site = site, .arena = arena, .root = KB_STR("./")};
	kb_str description;

	job.locale = &site->locales[site->source];
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
	return write_text(site, "llms.txt", &out, err);
}

/* A former address, as the server is asked for it. */
static kb_str former_address(const struct page *page)
{
	kb_str address = page->address;

	if (address.len && address.data[address.len - 1] == '/')
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

/* A line for hosts that read _redirects, where '*' and ':' would stand for more. */
static void put_redirect_line(
	kb_buf *out, const struct site *site, const struct page *page, uint32_t i)
{
	_cleanup_buf_ kb_buf path = {0};

	kb_buf_url(&path, site->base_path);
	kb_buf_url_path(&path, former_address(page));
	for (size_t k = 0; k < path.len; k++)
		if (strchr("*:", path.data[k]))
			kb_buf_fmt(out, "%%%02X", (unsigned)path.data[k]);
		else
			kb_buf_putc(out, path.data[k]);
	kb_buf_putc(out, ' ');
	put_target(out, site, page->alias, i);
}

/* Hosts that know languages choose by them. */
static void put_redirect(kb_buf *out, const struct site *site, const struct page *page)
{
	const struct alias *alias = page->alias;

	for (uint32_t i = 0; i < alias->ntargets && alias->ntargets > 1; i++) {
		put_redirect_line(out, site, page, i);
		kb_buf_fmt(out, " 302 Language=%.*s\n",
			KB_ARG(site->locales[alias->targets[i]->locale].code));
	}
	if (alias->ntargets <= 1) {
		put_redirect_line(out, site, page, 0);
		kb_buf_puts(out, " 301\n");
	}
}

/* A line of an nginx map, which compares decoded addresses; those that several languages
 * share have their page. */
static void put_map_line(kb_buf *out, const struct site *site, const struct page *page)
{
	kb_str parts[] = {site->base_path, former_address(page)};

	if (page->alias->ntargets > 1)
		return;
	kb_buf_putc(out, '"');
	for (size_t p = 0; p < KB_LEN(parts); p++)
		for (size_t i = 0; i < parts[p].len; i++) {
			char c = parts[p].data[i];

			if (c == '"' || c == '\\' || c == '\n')
				kb_buf_putc(out, '\\');
			kb_buf_putc(out, c == '\n' ? 'n' : c);
		}
	kb_buf_puts(out, "\" \"");
	put_target(out, site, page->alias, 0);
	kb_buf_puts(out, "\";\n");
}

static int write_redirects(struct site *site, struct kb_error *err)
{
	_cleanup_buf_ kb_buf hosts = {0}, map = {0};
	bool any = false;

	kb_buf_puts(
		&map, "# For nginx: map $uri $kb_redirect { include redirects.map; }\n");
	for (size_t i = 0; i < site->pages.len; i++) {
		const struct page *page = site->pages.items[i];

		if (page->kind != PAGE_ALIAS)
			continue;
		any = true;
		put_redirect(&hosts, site, page);
		put_map_line(&map, site, page);
	}
	if (!any)
		return 0;
	if (write_text(site, "_redirects", &hosts, err) < 0)
		return -1;
	return write_text(site, "redirects.map", &map, err);
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
