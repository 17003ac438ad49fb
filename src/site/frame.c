#include "data.h"

#include "kb/unicode.h"
#include "news.h"

kb_str page_label(struct job *job, const struct page *page)
{
	static const char *const lists[] = {
		"articles", "nav_workflows", "nav_replies", "nav_reference"};

	switch (page->kind) {
	case PAGE_HOME:
		return string(job, "home");
	case PAGE_TOPICS:
		return string(job, "nav_topics");
	case PAGE_TOPIC:
		return issue_label(job, page->issue);
	case PAGE_LIST:
		return string(job, lists[page->type]);
	case PAGE_FAQ:
		return string(job, "nav_faq");
	case PAGE_CONTACT:
		return string(job, "nav_contact");
	case PAGE_SEARCH:
		return string(job, "search");
	case PAGE_CHANGES:
		return string(job, "changes_title");
	default:
		return page->doc ? title_of(job, page->doc) : KB_STR("");
	}
}

void crumb(struct frame *frame, const struct page *page)
{
	if (page && frame->ncrumbs < KB_LEN(frame->crumbs))
		frame->crumbs[frame->ncrumbs++] = page;
}

void crumb_topics(struct job *job, struct frame *frame, uint32_t issue, bool self)
{
	uint32_t up =
		issue == KB_NONE ? KB_NONE : plan_parent(job->site, job->locale, issue);

	if (up != KB_NONE)
		crumb_topics(job, frame, up, true);
	if (issue != KB_NONE && self)
		crumb(frame, topic_page(job, issue));
}

bool page_noindex(const struct site *site, const struct page *page)
{
	if (!site->open || page->kind == PAGE_ALIAS || page->kind == PAGE_NOT_FOUND ||
		page->kind == PAGE_SEARCH ||
		(page->kind == PAGE_ROOT && site->nlocales == 1))
		return true;
	return page->doc && page->doc->facts->status != KB_PUBLISHED;
}

/* The page's own version in a locale: no fallback, no home page in its place. */
static const struct page *own_version(
	const struct site *site, const struct page *page, uint32_t locale)
{
	const struct page *version = plan_in(site, page, locale);

	if (!version || !plan_alike(version, page))
		return NULL;
	if (version->doc && version->doc->locale != site->locales[locale].index)
		return NULL;
	return version;
}

static struct kb_value *alternate(struct job *job, kb_str lang, const struct page *page)
{
	struct kb_value *row = v_map(job);

	v_str(job, row, "lang", lang);
	v_str(job, row, "href", absolute_to(job, page));
	return row;
}

/* The real versions of the page, itself among them, for hreflang: {lang, href}. */
static struct rows alternates(struct job *job, const struct page *page)
{
	const struct site *site = job->site;
	const struct page *fallback = NULL, *source = NULL;
	struct rows rows = {0};

	if (!site->base_url.len || page->kind == PAGE_ALIAS ||
		page->kind == PAGE_NOT_FOUND || page->kind == PAGE_ROOT)
		return rows;
	for (uint32_t i = 0; i < site->nlocales; i++) {
		const struct page *version = own_version(site, page, i);

		if (!version)
			continue;
		rows_add(job, &rows, alternate(job, site->locales[i].code, version));
		if (!fallback)
			fallback = version;
		if (i == site->source)
			source = version;
	}
	if (rows.n < 2)
		return (struct rows){0};
	if (page->kind == PAGE_HOME)
		source = plan_at(site, KB_STR(""));
	rows_add(job, &rows,
		alternate(job, KB_STR("x-default"), source ? source : fallback));
	return rows;
}

static kb_str nav_current(const struct job *job, const struct page *page,
	enum page_kind below, enum kb_type type)
{
	if (job->page == page)
		return KB_STR("page");
	if (below == PAGE_TOPIC && job->page->kind == PAGE_TOPIC)
		return KB_STR("true");
	if (below == PAGE_DOCUMENT && job->page->kind == PAGE_DOCUMENT &&
		job->page->doc->facts->type == type)
		return KB_STR("true");
	return KB_STR("");
}

static void put_nav(struct job *job, struct kb_value *map)
{
	static const struct {
		const char *address, *label;
		uint8_t below, type;
	} entries[] = {
		{"topics", "nav_topics", PAGE_TOPIC, 0},
		{"articles", "articles", PAGE_LIST, 0},
		{"faq", "nav_faq", PAGE_FAQ, 0},
		{"workflows", "nav_workflows", PAGE_DOCUMENT, KB_WORKFLOW},
		{"replies", "nav_replies", PAGE_DOCUMENT, KB_REPLY},
		{"reference", "nav_reference", PAGE_DOCUMENT, KB_REFERENCE},
		{"changes", "nav_changes", PAGE_CHANGES, 0},
		{"contact", "nav_contact", PAGE_CONTACT, 0},
	};
	struct rows rows = {0};

	for (size_t i = 0; i < KB_LEN(entries); i++) {
		const struct page *page = plan_at(job->site,
			kb_arena_fmt(job->arena, "%.*s/%s", KB_ARG(job->locale->code),
				entries[i].address));
		struct kb_value *row;

		/* Customers find what is new from the home page and the footer. */
		if (!page || page->kind == PAGE_ALIAS ||
			(page->kind == PAGE_CHANGES && job->site->open))
			continue;
		row = v_map(job);
		v_str(job, row, "label", string(job, entries[i].label));
		v_str(job, row, "href", href_to(job, page, KB_STR("")));
		v_opt(job, row, "current",
			nav_current(job, page, entries[i].below, entries[i].type));
		rows_add(job, &rows, row);
	}
	v_block(job, map, "nav", rows);
}

static void put_languages(struct job *job, struct kb_value *map)
{
	const struct site *site = job->site;
	struct rows rows = {0};

	for (uint32_t i = 0; i < site->nlocales && site->nlocales > 1; i++) {
		const struct site_locale *locale = &site->locales[i];
		struct kb_value *row = v_map(job);

		v_str(job, row, "lang", locale->code);
		v_str(job, row, "dir", locale->dir);
		v_str(job, row, "name", site->config->locales[locale->index].name);
		v_str(job, row, "href",
			href_to(job, plan_in(site, job->page, i), KB_STR("")));
		v_bool(job, row, "current", i == job->page->locale);
		rows_add(job, &rows, row);
	}
	v_block(job, map, "languages", rows);
}

static void put_breadcrumb(
	struct job *job, struct kb_value *map, const struct frame *frame)
{
	struct rows rows = {0};

	for (uint32_t i = 0; i < frame->ncrumbs; i++) {
		struct kb_value *row = v_map(job);

		v_str(job, row, "label", page_label(job, frame->crumbs[i]));
		v_str(job, row, "href", href_to(job, frame->crumbs[i], KB_STR("")));
		rows_add(job, &rows, row);
	}
	v_block(job, map, "breadcrumb", rows);
}

struct kb_value *search_value(struct job *job)
{
	const struct page *page = plan_at(job->site,
		kb_arena_fmt(job->arena, "%.*s/search", KB_ARG(job->locale->code)));
	struct kb_value *value;

	if (!page || page->kind != PAGE_SEARCH)
		return NULL;
	value = v_map(job);
	v_str(job, value, "href", href_to(job, page, KB_STR("")));
	v_str(job, value, "js", href_at(job, job->site->search_js));
	v_str(job, value, "root", job->root);
	v_str(job, value, "locale", job->locale->code);
	v_opt(job, value, "count", search_count_href(job));
	v_bool(job, value, "passages", job->site->markdown);
	return value;
}

/* The page of the locale that has this name, or NULL. */
static const struct page *own_page(const struct job *job, const char *name)
{
	return plan_at(job->site,
		kb_arena_fmt(job->arena, "%.*s/%s", KB_ARG(job->locale->code), name));
}

static void put_site(struct job *job, struct kb_value *map)
{
	const struct site *site = job->site;
	uint32_t locale = job->locale->index;
	struct kb_value *value = v_map(job);
	kb_str name = kb_l10n_get(site->config, &site->config->name, locale);

	v_str(job, value, "name", name);
	v_opt(job, value, "description",
		kb_l10n_get(site->config, &site->config->description, locale));
	v_str(job, value, "home",
		href_to(job, plan_at(site, job->locale->code), KB_STR("")));
	v_opt(job, value, "contact", href_to(job, own_page(job, "contact"), KB_STR("")));
	v_opt(job, value, "changes", href_to(job, own_page(job, "changes"), KB_STR("")));
	v_opt(job, value, "audience",
		site->open ? KB_STR("")
		: kb_str_is(site->config->audiences[site->audience], "agents")
			? string(job, "site_agents")
			: audience_label(job, site->audience));
	v_bool(job, value, "staff", !site->open || site->config->naudiences == 1);
	v_set(job, value, "search", search_value(job));
	v_set(job, map, "site", value);
}

/* "de-AT" as Open Graph writes it. */
static kb_str og_locale(struct job *job)
{
	_cleanup_buf_ kb_buf buf = {0};

	for (size_t i = 0; i < job->locale->code.len; i++)
		kb_buf_putc(&buf, job->locale->code.data[i] == '-'
					  ? '_'
					  : job->locale->code.data[i]);
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}

static void add_feed(struct job *job, struct rows *rows, kb_str title, uint32_t top)
{
	struct kb_value *row = v_map(job);

	v_str(job, row, "title", title);
	v_str(job, row, "href", href_at(job, news_feed(job, top)));
	rows_add(job, rows, row);
}

/* The feed of the locale, and that of the page's topic. */
static void put_feeds(struct job *job, struct kb_value *map)
{
	const struct page *changes = own_page(job, "changes");
	uint32_t top = job->page->kind == PAGE_DOCUMENT ? job->page->top : KB_NONE;
	struct rows rows = {0};

	for (uint32_t up = job->page->kind == PAGE_TOPIC ? job->page->issue : KB_NONE;
		up != KB_NONE; up = plan_parent(job->site, job->locale, up))
		top = up;
	if (changes && changes->kind == PAGE_CHANGES) {
		add_feed(job, &rows, string(job, "changes_title"), KB_NONE);
		if (top != KB_NONE)
			add_feed(job, &rows, issue_label(job, top), top);
	}
	v_list(job, map, "feeds", rows);
}

static void put_image(struct job *job, struct kb_value *page)
{
	const struct site *site = job->site;
	struct kb_value *image = NULL;

	if (job->locale->preview.len) {
		image = v_map(job);
		v_str(job, image, "href",
			absolute_at(site, job->arena, job->locale->preview));
		kb_value_set_int(job->arena, image, "width", site->preview_width);
		kb_value_set_int(job->arena, image, "height", site->preview_height);
	}
	v_set(job, page, "image", image);
}

static void put_page(struct job *job, struct kb_value *map, const struct frame *frame)
{
	const struct site *site = job->site;
	kb_str name = kb_l10n_get(site->config, &site->config->name, job->locale->index);
	struct kb_value *value = v_map(job);

	v_str(job, value, "kind", kb_str_of(frame->kind));
	v_str(job, value, "title", frame->title);
	v_str(job, value, "head_title",
		frame->bare_title ? name
				  : message(job, "page_title", frame->title, name));
	v_opt(job, value, "description",
		frame->description.len
			? frame->description
			: kb_l10n_get(site->config, &site->config->description,
				  job->locale->index));
	v_opt(job, value, "canonical",
		job->page->kind == PAGE_NOT_FOUND
			? KB_STR("")
			: absolute_to(
				  job, frame->canonical ? frame->canonical : job->page));
	v_list(job, value, "alternates", alternates(job, job->page));
	put_feeds(job, value);
	v_bool(job, value, "noindex", page_noindex(site, job->page));
	v_opt(job, value, "markdown",
		twin_is_of(site, job->page) ? KB_STR(TWIN) : KB_STR(""));
	v_str(job, value, "og_type",
		frame->article ? KB_STR("article") : KB_STR("website"));
	v_str(job, value, "og_locale", og_locale(job));
	put_image(job, value);
	v_opt(job, value, "jsonld",
		site->open && site->base_url.len && !page_noindex(site, job->page)
			? frame->jsonld
			: KB_STR(""));
	v_set(job, map, "page", value);
}

static void add_address(struct job *job, struct rows *rows, bool needed, kb_str address)
{
	if (needed)
		rows_add(job, rows, kb_value_str(job->arena, href_at(job, address)));
}

/* What only some kinds of pages load. */
static void put_assets(struct job *job, struct kb_value *map, const struct frame *frame)
{
	const struct site *site = job->site;
	struct rows styles = {0}, scripts = {0};

	add_address(job, &styles, frame->guide || frame->reply, site->guide_css);
	add_address(job, &scripts, frame->reply, site->reply_js);
	add_address(job, &scripts, frame->guide, site->guide_js);
	add_address(job, &scripts, job->page->kind == PAGE_NOT_FOUND, site->lost_js);
	v_list(job, map, "styles", styles);
	v_list(job, map, "scripts", scripts);
}

void put_frame(struct job *job, struct kb_value *map, const struct frame *frame)
{
	v_str(job, map, "root", job->root);
	v_str(job, map, "css", href_at(job, job->site->css));
	v_str(job, map, "js", href_at(job, job->site->js));
	v_str(job, map, "zoom", href_at(job, job->site->zoom_js));
	put_assets(job, map, frame);
	put_site(job, map);
	put_page(job, map, frame);
	if (job->page->kind == PAGE_ALIAS || job->page->kind == PAGE_ROOT ||
		job->page->kind == PAGE_NOT_FOUND) {
		v_bool(job, map, "nav", false);
		v_bool(job, map, "languages", false);
		v_bool(job, map, "breadcrumb", false);
		return;
	}
	v_set(job, map, "search_bar",
		job->page->kind == PAGE_HOME || job->page->kind == PAGE_SEARCH
			? NULL
			: search_value(job));
	put_nav(job, map);
	put_languages(job, map);
	put_breadcrumb(job, map, frame);
}
