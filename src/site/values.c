#include "values.h"

#include "kb/file.h"

#include "kb/unicode.h"

void rows_add(struct job *job, struct rows *rows, struct kb_value *row)
{
	if (!rows->list)
		rows->list = kb_value_list(job->arena);
	kb_value_push(job->arena, rows->list, row);
	rows->n++;
}

struct kb_value *v_map(struct job *job)
{
	return kb_value_map(job->arena);
}

void v_set(struct job *job, struct kb_value *map, const char *key,
	const struct kb_value *value)
{
	kb_value_set(
		job->arena, map, key, value ? value : kb_value_bool(job->arena, false));
}

void v_str(struct job *job, struct kb_value *map, const char *key, kb_str s)
{
	kb_value_set_str(job->arena, map, key, s);
}

void v_bool(struct job *job, struct kb_value *map, const char *key, bool b)
{
	kb_value_set_bool(job->arena, map, key, b);
}

void v_opt(struct job *job, struct kb_value *map, const char *key, kb_str s)
{
	if (s.len)
		v_str(job, map, key, s);
	else
		v_bool(job, map, key, false);
}

void v_block(struct job *job, struct kb_value *map, const char *key, struct rows rows)
{
	struct kb_value *block = NULL;

	if (rows.n) {
		block = v_map(job);
		v_set(job, block, "items", rows.list);
	}
	v_set(job, map, key, block);
}

void v_list(struct job *job, struct kb_value *map, const char *key, struct rows rows)
{
	v_set(job, map, key, rows.list ? rows.list : kb_value_list(job->arena));
}

kb_str string(const struct job *job, const char *key)
{
	return string_of(job->locale, key);
}

static kb_str format(
	struct job *job, const char *key, const struct kb_arg *args, size_t n)
{
	kb_str pattern = string(job, key), out;
	struct kb_error err;

	if (kb_message_format(
		    job->arena, job->locale->code, pattern, args, n, &out, &err) == 0)
		return out;
	kb_diag_add(&job->worker->diags, KB_RULE_CONFIG_VALUE,
		kb_arena_fmt(job->arena, "theme/strings/%.*s.yaml",
			KB_ARG(job->locale->language)),
		(kb_range){0, 0}, "the string '%s' cannot be used: %s", key, err.message);
	return pattern;
}

kb_str message(struct job *job, const char *key, kb_str first, kb_str second)
{
	struct kb_arg args[] = {{.str = first}, {.str = second}};

	return format(job, key, args, KB_LEN(args));
}

kb_str message_count(struct job *job, const char *key, uint32_t n)
{
	struct kb_arg arg = {.num = n, .is_num = true};

	return format(job, key, &arg, 1);
}

static kb_str joined(struct kb_arena *arena, kb_str root, kb_str address, kb_str fragment)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_str(&buf, root);
	kb_buf_url_path(&buf, address);
	if (fragment.len) {
		kb_buf_putc(&buf, '#');
		kb_buf_url_path(&buf, fragment);
	}
	return kb_arena_str(arena, kb_buf_view(&buf));
}

kb_str href_at(const struct job *job, kb_str address)
{
	return joined(job->arena, job->root, address, KB_STR(""));
}

kb_str href_to(const struct job *job, const struct page *page, kb_str fragment)
{
	return page ? joined(job->arena, job->root, page->address, fragment) : KB_STR("");
}

kb_str absolute_at(const struct site *site, struct kb_arena *arena, kb_str address)
{
	if (!site->base_url.len)
		return KB_STR("");
	return joined(arena, kb_arena_fmt(arena, "%.*s/", KB_ARG(site->base_url)),
		address, KB_STR(""));
}

kb_str absolute_to(const struct job *job, const struct page *page)
{
	return page ? absolute_at(job->site, job->arena, page->address) : KB_STR("");
}

/* Values of variables come in the reader's own locale where that reads the same
 * language, else in the text's. */
uint32_t text_locale(const struct job *job, const struct kb_document *doc)
{
	return plan_same_language(job->site, job->locale, doc) ? job->locale->index
							       : doc->locale;
}

kb_str expanded(struct job *job, const struct kb_document *doc, kb_str text)
{
	if (kb_str_find(text, KB_STR("{{")) == SIZE_MAX ||
		(doc->mount && !doc->mount->expand))
		return text;
	return kb_library_expand(job->site->lib, job->arena, text, text_locale(job, doc));
}

void name_document(struct job *job, const struct kb_document *doc)
{
	if (job->signing)
		kb_vec_push(&job->names, doc->number);
}

void name_issue(struct job *job, uint32_t issue)
{
	if (job->signing)
		kb_vec_push(&job->names, job->site->lib->ndocs + issue);
}

void resolve_link(struct job *job, const struct kb_document *doc, uint32_t locale,
	kb_str dest, struct kb_target *target)
{
	const struct kb_config *config = job->site->config;

	kb_link_resolve(job->site->lib, job->arena, doc, locale, dest, target);
	for (uint32_t l = 0; target->family && l < config->nlocales; l++)
		if (target->family->by_locale[l])
			name_document(job, target->family->by_locale[l]);
}

kb_str summary_of(struct job *job, const struct kb_document *doc)
{
	name_document(job, doc);
	return expanded(job, doc, doc->facts->summary);
}

/* A document without a title that is published anyway: its first heading, or its file's
 * name. */
kb_str title_of(struct job *job, const struct kb_document *doc)
{
	name_document(job, doc);
	if (doc->facts->title.len)
		return expanded(job, doc, doc->facts->title);
	for (uint32_t i = 0; i < doc->facts->body.nheadings; i++) {
		const struct kb_heading *heading = &doc->facts->body.headings[i];

		if (heading->level == 1 && heading->text.len &&
			heading->audience <= job->site->audience)
			return heading->text;
	}
	return kb_path_base(doc->id);
}

time_t changed_on(const struct site *site, const struct kb_document *doc)
{
	return kb_history_dates(site->history, doc->path).last;
}

kb_str locale_dir(const struct site *site, uint32_t index)
{
	return site->config->locales[index].rtl ? KB_STR("rtl") : KB_STR("ltr");
}

kb_str audience_label(struct job *job, uint32_t audience)
{
	kb_str name = job->site->config->audiences[audience];

	if (audience == 0)
		return KB_STR("");
	return kb_str_is(name, "agents")
		       ? string(job, "audience_agents")
		       : message(job, "audience_other", name, KB_STR(""));
}

/* Agents know that workflows are for them: only what is unusual for its type is marked.
 */
kb_str audience_mark(struct job *job, const struct kb_document *doc)
{
	uint32_t last = job->site->config->naudiences - 1;
	bool usual = doc->facts->type != KB_ARTICLE && doc->facts->audience == last;

	return usual ? KB_STR("") : audience_label(job, doc->facts->audience);
}

static kb_str named(struct job *job, const struct kb_named *items, uint32_t n, kb_str id)
{
	for (uint32_t i = 0; i < n; i++)
		if (kb_str_eq(items[i].id, id))
			return kb_l10n_get(
				job->site->config, &items[i].name, job->locale->index);
	return KB_STR("");
}

kb_str region_label(struct job *job, kb_str code)
{
	const struct kb_config *config = job->site->config;
	kb_str name = named(job, config->regions, config->nregions, code);

	return name.len ? name : kb_region_name(job->arena, job->locale->code, code);
}

static kb_str listed_in_words(struct job *job, const kb_strs *ids,
	kb_str (*label)(struct job *job, kb_str id), const char *between)
{
	_cleanup_buf_ kb_buf buf = {0};

	for (size_t i = 0; i < ids->len; i++) {
		kb_buf_puts(&buf, i ? between : "");
		kb_buf_str(&buf, label(job, ids->items[i]));
	}
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}

static kb_str product_label(struct job *job, kb_str id)
{
	const struct kb_config *config = job->site->config;
	kb_str name = named(job, config->products, config->nproducts, id);

	return name.len ? name : id;
}

static kb_str itself(struct job *job, kb_str id)
{
	(void)job;
	return id;
}

kb_str regions_in_words(struct job *job, const kb_strs *regions)
{
	return listed_in_words(job, regions, region_label, ", ");
}

kb_str products_in_words(struct job *job, const kb_strs *products)
{
	return listed_in_words(job, products, product_label, ", ");
}

static kb_str codes(struct job *job, const kb_strs *regions)
{
	return listed_in_words(job, regions, itself, " ");
}

kb_str issue_label(struct job *job, uint32_t issue)
{
	const struct kb_issue *it = &job->site->lib->taxonomy->issues[issue];
	kb_str label = kb_l10n_get(job->site->config, &it->label, job->locale->index);

	name_issue(job, issue);
	return label.len ? label : it->id;
}

kb_str issue_description(struct job *job, uint32_t issue)
{
	name_issue(job, issue);
	return kb_l10n_get(job->site->config,
		&job->site->lib->taxonomy->issues[issue].description, job->locale->index);
}

/* Formatting a day takes longer than all else in a date, and pages share their days. */
static kb_str date_text(struct job *job, kb_str day, time_t t)
{
	kb_str zone = job->site->config->timezone, code = job->locale->code, key, *text;
	struct site_worker *worker = job->worker;

	if (!worker || !worker->kept)
		return kb_date_format(job->arena, code, zone, t);
	key = kb_arena_fmt(job->arena, "%.*s %.*s", KB_ARG(code), KB_ARG(day));
	text = kb_map_get(&worker->dates, key);
	if (!text) {
		text = kb_arena_array(worker->kept, kb_str, 1);
		*text = kb_date_format(worker->kept, code, zone, t);
		kb_map_put(&worker->dates, kb_arena_str(worker->kept, key), text);
	}
	return *text;
}

struct kb_value *date_value(struct job *job, time_t t)
{
	struct kb_value *date;
	kb_str day;

	if (!t)
		return NULL;
	day = kb_day_format(job->arena, job->site->config->timezone, t);
	date = v_map(job);
	v_str(job, date, "iso", day);
	v_str(job, date, "text", date_text(job, day, t));
	return date;
}

void put_language(struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	bool other = !plan_same_language(job->site, job->locale, doc);

	v_opt(job, map, "lang",
		other ? job->site->config->locales[doc->locale].code : KB_STR(""));
	v_opt(job, map, "dir", other ? locale_dir(job->site, doc->locale) : KB_STR(""));
}

/* Where the reader of another region gets a variant instead. */
static kb_str replaced_in(struct job *job, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf buf = {0};

	for (uint32_t i = 0; doc->family && i < doc->family->nvariants; i++) {
		const struct kb_document *variant = plan_find(
			job->site, doc->family->variants[i], job->locale->index);

		for (size_t k = 0; variant && k < variant->facts->regions.len; k++) {
			kb_buf_puts(&buf, buf.len ? " " : "");
			kb_buf_str(&buf, variant->facts->regions.items[k]);
		}
	}
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}

const char *const type_labels[] = {
	"type_article", "type_workflow", "type_reply", "type_reference"};

struct kb_value *item_value(struct job *job, const struct page *page)
{
	const struct kb_document *doc = page->doc;
	const char *status = doc->facts->status == KB_DRAFT    ? "status_draft"
			     : doc->facts->status == KB_REVIEW ? "status_review"
							       : NULL;
	bool other = !plan_same_language(job->site, job->locale, doc);
	struct kb_value *item = v_map(job);

	v_str(job, item, "id", doc->id);
	v_str(job, item, "title", title_of(job, doc));
	v_str(job, item, "href", href_to(job, page, KB_STR("")));
	v_str(job, item, "type", kb_str_of(kb_type_name(doc->facts->type)));
	v_str(job, item, "type_label", string(job, type_labels[doc->facts->type]));
	v_opt(job, item, "summary", summary_of(job, doc));
	put_language(job, item, doc);
	v_opt(job, item, "lang_name",
		other ? kb_locale_name_in(job->arena, job->locale->code,
				job->site->config->locales[doc->locale].code)
		      : KB_STR(""));
	v_bool(job, item, "date", false);
	v_opt(job, item, "status", status ? string(job, status) : KB_STR(""));
	v_bool(job, item, "type_badge", false);
	v_opt(job, item, "audience", audience_mark(job, doc));
	v_opt(job, item, "regions", regions_in_words(job, &doc->facts->regions));
	v_opt(job, item, "region_codes", codes(job, &doc->facts->regions));
	v_opt(job, item, "not_region_codes", replaced_in(job, doc));
	v_bool(job, item, "from", false);
	v_opt(job, item, "count",
		doc->workflow ? message_count(job, "steps_count", doc->workflow->nsteps)
			      : KB_STR(""));
	return item;
}

void put_type_badge(struct job *job, struct kb_value *item, const struct page *page)
{
	enum kb_type type = page->doc->facts->type;

	if (type != KB_ARTICLE)
		v_str(job, item, "type_badge", string(job, type_labels[type]));
}

const struct page *topic_page(const struct job *job, uint32_t issue)
{
	return plan_at(job->site,
		kb_arena_fmt(job->arena, "%.*s/topics/%.*s", KB_ARG(job->locale->code),
			KB_ARG(job->site->lib->taxonomy->issues[issue].id)));
}

struct kb_value *topic_link(struct job *job, uint32_t issue)
{
	struct kb_value *link = v_map(job);

	v_str(job, link, "label", issue_label(job, issue));
	v_str(job, link, "href", href_to(job, topic_page(job, issue), KB_STR("")));
	return link;
}

struct kb_value *topic_value(struct job *job, uint32_t issue, uint32_t children)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	const struct kb_issue *it = &taxonomy->issues[issue];
	struct kb_value *topic = topic_link(job, issue);
	struct rows below = {0};

	for (uint32_t i = issue + 1; i < it->end && below.n < children; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == issue)
			rows_add(job, &below, topic_link(job, i));
	v_opt(job, topic, "description", issue_description(job, issue));
	v_str(job, topic, "count",
		message_count(job, job->site->open ? "articles_count" : "documents_count",
			job->locale->issue_count[issue]));
	v_block(job, topic, "children", below);
	return topic;
}

static kb_str tel_of(struct job *job, kb_str number)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_puts(&buf, "tel:");
	for (size_t i = 0; i < number.len; i++)
		if ((number.data[i] >= '0' && number.data[i] <= '9') ||
			number.data[i] == '+')
			kb_buf_putc(&buf, number.data[i]);
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}

static bool web_url(kb_str url)
{
	return kb_str_starts(url, KB_STR("https://")) ||
	       kb_str_starts(url, KB_STR("http://"));
}

static struct kb_value *way_value(
	struct job *job, const struct kb_contact *contact, uint32_t locale)
{
	const struct kb_config *config = job->site->config;
	const struct kb_channel *channel = kb_config_channel(config, contact->channel);
	kb_str label = kb_l10n_get(config, &contact->label, locale);
	kb_str text = contact->number.len  ? contact->number
		      : contact->email.len ? contact->email
					   : KB_STR("");
	kb_str href = contact->number.len     ? tel_of(job, contact->number)
		      : contact->email.len    ? kb_arena_fmt(job->arena, "mailto:%.*s",
							KB_ARG(contact->email))
		      : web_url(contact->url) ? contact->url
					      : KB_STR("");
	struct kb_value *way = v_map(job);

	if (!label.len && channel)
		label = kb_l10n_get(config, &channel->name, locale);
	v_str(job, way, "channel", contact->channel);
	v_str(job, way, "label", label.len ? label : contact->channel);
	/* The label is the link to a web page: its address says nothing to readers. */
	v_opt(job, way, "text", text.len || href.len ? text : contact->url);
	v_opt(job, way, "href", href);
	v_opt(job, way, "hours", kb_l10n_get(config, &contact->hours, locale));
	v_opt(job, way, "regions", regions_in_words(job, &contact->regions));
	return way;
}

void put_ways(struct job *job, struct kb_value *map, const char *key,
	const struct site_locale *locale)
{
	struct rows ways = {0};

	for (uint32_t i = 0; i < job->site->config->ncontacts; i++)
		rows_add(job, &ways,
			way_value(job, &job->site->config->contacts[i], locale->index));
	v_block(job, map, key, ways);
}

struct kb_value *person_value(struct job *job, kb_str id, bool hours)
{
	const struct kb_person *person =
		job->site->trusted && id.len ? kb_people_find(job->site->lib->people, id)
					     : NULL;
	const struct kb_config *config = job->site->config;
	uint32_t locale = job->locale->index;
	struct kb_value *value;
	kb_str name, contact;

	if (!person)
		return NULL;
	value = v_map(job);
	name = kb_l10n_get(config, &person->local.name, locale);
	contact = kb_l10n_get(config, &person->local.contact, locale);
	v_str(job, value, "name", name.len ? name : person->id);
	v_opt(job, value, "contact", contact.len ? contact : person->email);
	if (hours)
		v_opt(job, value, "hours",
			kb_l10n_get(config, &person->local.hours, locale));
	return value;
}
