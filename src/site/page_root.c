#include "pages.h"

/* Pages outside the locales: the choice of a language, the missing page, redirects. */

static struct kb_value *choice(struct job *job, const struct site_locale *locale,
	const struct page *page, kb_str title, kb_str description)
{
	struct kb_value *row = v_map(job);

	v_str(job, row, "lang", locale->code);
	v_str(job, row, "dir", locale->dir);
	v_str(job, row, "name", job->site->config->locales[locale->index].name);
	v_str(job, row, "href", href_to(job, page, KB_STR("")));
	v_str(job, row, "title", title);
	v_opt(job, row, "description", description);
	return row;
}

/* With one language there is nothing to choose: the first page leads to its home. */
static void lead_home(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct page *home = plan_at(job->site, job->locale->code);

	frame->kind = "redirect";
	frame->canonical = home;
	v_str(job, map, "link", string(job, "home"));
	/* The file is named for those who open the site from their disk. */
	v_str(job, map, "target",
		kb_arena_fmt(job->arena, "%.*sindex.html",
			KB_ARG(href_to(job, home, KB_STR("")))));
}

void page_root(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct kb_config *config = job->site->config;
	struct rows rows = {0};

	frame->kind = "root";
	frame->bare_title = true;
	frame->title = kb_l10n_get(config, &config->name, job->locale->index);
	frame->description =
		kb_l10n_get(config, &config->description, job->locale->index);
	if (job->site->nlocales == 1) {
		lead_home(job, map, frame);
		return;
	}
	for (uint32_t i = 0; i < job->site->nlocales; i++) {
		const struct site_locale *locale = &job->site->locales[i];

		rows_add(job, &rows,
			choice(job, locale, plan_at(job->site, locale->code),
				kb_l10n_get(config, &config->name, locale->index),
				kb_l10n_get(
					config, &config->description, locale->index)));
	}
	v_list(job, map, "locales", rows);
	v_bool(job, map, "choose", false);
}

void page_not_found(struct job *job, struct kb_value *map, struct frame *frame)
{
	struct rows rows = {0};

	frame->kind = "404";
	frame->title = string(job, "not_found_title");
	for (uint32_t n = 0; n < job->site->nlocales; n++) {
		/* The source locale is first. */
		uint32_t i = n == 0		      ? job->site->source
			     : n <= job->site->source ? n - 1
						      : n;
		const struct site_locale *locale = &job->site->locales[i];
		const struct site_locale *own = job->locale;
		struct kb_value *row = v_map(job);

		v_str(job, row, "lang", locale->code);
		v_str(job, row, "dir", locale->dir);
		v_str(job, row, "name", job->site->config->locales[locale->index].name);
		v_str(job, row, "home",
			href_to(job, plan_at(job->site, locale->code), KB_STR("")));
		job->locale = locale;
		put_ways(job, row, "contact", locale);
		v_block(job, row, "topics", top_topics(job, 0));
		v_set(job, row, "search", search_value(job));
		job->locale = own;
		kb_value_set_parent(row, locale->shared);
		rows_add(job, &rows, row);
	}
	v_list(job, map, "locales", rows);
	v_opt(job, map, "formers",
		job->site->formers.len ? href_at(job, job->site->formers) : KB_STR(""));
}

/* An address that several translations share: their titles, in their languages. */
static void put_choices(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct alias *alias = job->page->alias;
	struct rows rows = {0};

	for (uint32_t i = 0; i < alias->ntargets; i++) {
		const struct page *target = alias->targets[i];
		const struct site_locale *own = job->locale;

		job->locale = &job->site->locales[target->locale];
		rows_add(job, &rows,
			choice(job, job->locale, target, title_of(job, target->doc),
				KB_STR("")));
		job->locale = own;
	}
	v_list(job, map, "locales", rows);
	v_bool(job, map, "choose", true);
	frame->kind = "root";
	frame->title = title_of(job, alias->targets[0]->doc);
}

void page_alias(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct alias *alias = job->page->alias;

	if (alias->ntargets > 1) {
		put_choices(job, map, frame);
		return;
	}
	frame->kind = "redirect";
	frame->title = string(job, "redirect_title");
	v_str(job, map, "link", string(job, "redirect_link"));
	frame->canonical = alias->ntargets ? alias->targets[0] : NULL;
	v_str(job, map, "target",
		alias->url.len ? alias->url
			       : href_to(job, alias->targets[0], KB_STR("")));
}
