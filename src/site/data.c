#include "data.h"

#include "kb/hash.h"
#include "kb/name.h"
#include "kb/news.h"
#include "kb/review.h"
#include "kb/unicode.h"

kb_str data_path(struct job *job, const char *folder, kb_str id)
{
	kb_str path = kb_arena_fmt(job->arena, DATA_FOLDER "%s/%.*s.%.*s.json", folder,
		KB_ARG(id), KB_ARG(job->locale->code));
	kb_str rest = id, part;

	if (!job->site->api || kb_path_fault(path, &part))
		return KB_STR("");
	/* A folder must not have the name of a file. */
	while (kb_str_next(&rest, '/', &part))
		if (rest.data && kb_str_ends(part, KB_STR(".json")))
			return KB_STR("");
	return path;
}

kb_str data_url(struct job *job, const struct page *page)
{
	return job->site->own_url.len ? absolute_to(job, page) : KB_STR("");
}

void data_add(struct job *job, struct kb_value *to, const struct kb_value *from)
{
	for (uint32_t i = 0; from && i < from->len; i++)
		kb_value_set(job->arena, to, from->members[i].key.data,
			from->members[i].value);
}

static void add_list(
	struct job *job, struct kb_value *map, const char *key, const kb_strs *list)
{
	if (list->len)
		kb_value_set_strs(job->arena, map, key, list);
}

static void add_day(struct job *job, struct kb_value *map, const char *key, time_t t)
{
	if (t)
		v_str(job, map, key,
			kb_day_format(job->arena, job->site->config->timezone, t));
}

static void add_issues(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct kb_value *list = kb_value_list(job->arena);

	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]);

		if (issue && job->locale->issue_shown[kb_taxonomy_index(taxonomy, issue)])
			kb_value_push_str(job->arena, list, issue->id);
	}
	if (list->len)
		kb_value_set(job->arena, map, "issues", list);
}

static void add_owner(struct job *job, struct kb_value *map, kb_str id)
{
	struct kb_value *person = person_value(job, id, false), *owner;

	if (!person)
		return;
	owner = kb_value_set_map(job->arena, map, "owner");
	kb_value_set_str(job->arena, owner, "id", id);
	kb_value_set_opt(job->arena, owner, "name",
		kb_value_text(kb_value_get(person, KB_STR("name"))));
	kb_value_set_opt(job->arena, owner, "contact",
		kb_value_text(kb_value_get(person, KB_STR("contact"))));
}

/* Where it applies, and which document it replaces there. */
static void add_scope(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct kb_family *general =
		kb_library_family(job->site->lib, doc->facts->variant_of);

	add_issues(job, map, doc);
	add_list(job, map, "regions", &doc->facts->regions);
	add_list(job, map, "channels", &doc->facts->channels);
	add_list(job, map, "products", &doc->facts->products);
	if (general && plan_find(job->site, general, job->locale->index))
		v_str(job, map, "variant_of", general->id);
}

static void add_addresses(struct job *job, struct kb_value *map, const struct page *page)
{
	v_str(job, map, "address", page->address);
	kb_value_set_opt(job->arena, map, "url", data_url(job, page));
	if (job->site->markdown)
		v_str(job, map, "markdown",
			kb_arena_fmt(job->arena, "%.*s" TWIN, KB_ARG(page->address)));
	kb_value_set_opt(
		job->arena, map, "data", data_path(job, "documents", page->doc->id));
	if (page->doc->workflow)
		kb_value_set_opt(job->arena, map, "workflow",
			data_path(job, "workflows", page->doc->id));
}

/* How far the text can be trusted. */
static void add_trust(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct site *site = job->site;

	v_str(job, map, "audience", site->config->audiences[doc->facts->audience]);
	v_str(job, map, "status", kb_str_of(status_words[doc->facts->status]));
	v_str(job, map, "revision", kb_str_of(doc->facts->blob));
	add_day(job, map, "changed", changed_on(site, doc));
	add_day(job, map, "reviewed", doc->facts->reviewed);
	add_day(job, map, "next_review", kb_review_due(site->config, doc));
	if (doc->facts->expires_at)
		v_str(job, map, "expires",
			kb_news_stamp(job->arena, doc->facts->expires_at));
	add_owner(job, map, doc->facts->owner);
}

/* A file of the last run, without what is of no use in a list. */
static struct kb_value *former(struct job *job, kb_str path)
{
	_cleanup_buf_ kb_buf json = {0};
	struct kb_value *all, *record = v_map(job);
	struct kb_error err;

	if (!path.len || output_read(job->site->out, path, &json) < 0)
		return NULL;
	all = kb_json_value(job->arena, kb_buf_view(&json), &err);
	if (!all || all->type != KB_VALUE_MAP)
		return NULL;
	for (uint32_t i = 0; i < all->len; i++)
		if (!kb_str_is(all->members[i].key, "version") &&
			!kb_str_is(all->members[i].key, "sections") &&
			!kb_str_is(all->members[i].key, "links"))
			kb_value_set(job->arena, record, all->members[i].key.data,
				all->members[i].value);
	return record;
}

struct kb_value *data_former(struct job *job, const struct page *page)
{
	bool flow = page->doc->facts->type == KB_WORKFLOW;
	struct kb_value *value =
		flow ? former(job, data_path(job, "workflows", page->doc->id)) : NULL;

	return value ? value : former(job, data_path(job, "documents", page->doc->id));
}

struct kb_value *data_record(struct job *job, const struct page *page)
{
	const struct kb_document *doc = page->doc;
	const struct kb_config *config = job->site->config;
	struct kb_value *map;

	if (page->kind == PAGE_KEPT)
		return former(job, data_path(job, "documents", page->doc->id));
	map = v_map(job);
	v_str(job, map, "id", doc->id);
	v_str(job, map, "type", kb_str_of(kb_type_name(doc->facts->type)));
	v_str(job, map, "locale", job->locale->code);
	v_str(job, map, "given", config->locales[doc->locale].code);
	v_bool(job, map, "fallback", doc->locale != job->locale->index);
	v_str(job, map, "title", title_of(job, doc));
	kb_value_set_opt(job->arena, map, "summary", summary_of(job, doc));
	add_addresses(job, map, page);
	add_trust(job, map, doc);
	add_scope(job, map, doc);
	return map;
}

/* Replies */

static void add_channel_text(
	struct job *job, struct kb_value *list, const struct kb_value *from)
{
	static const char *const keys[][2] = {
		{"subject", "subject_bare"}, {"text", "bare"}, {"html", "rich"}};
	struct kb_value *map = kb_value_push_map(job->arena, list);
	kb_str channel = kb_value_text(kb_value_get(from, KB_STR("channel")));
	const struct kb_value *segments = kb_value_get(from, KB_STR("segments"));

	if (!kb_str_is(channel, "any"))
		v_str(job, map, "channel", channel);
	for (size_t i = 0; i < KB_LEN(keys); i++)
		kb_value_set_opt(job->arena, map, keys[i][0],
			kb_value_text(kb_value_get(from, kb_str_of(keys[i][1]))));
	v_set(job, map, "length", kb_value_get(from, KB_STR("length")));
	if (segments && segments->truth)
		v_set(job, map, "segments", segments);
}

static void add_placeholder(
	struct job *job, struct kb_value *list, const struct kb_placeholder *ph)
{
	struct kb_value *map = kb_value_push_map(job->arena, list);

	v_str(job, map, "name", ph->name);
	kb_value_set_opt(job->arena, map, "description", ph->description);
	if (ph->has_example)
		v_str(job, map, "example", ph->example);
	if (ph->has_default)
		v_str(job, map, "default", ph->default_value);
	add_list(job, map, "values", &ph->values);
	v_bool(job, map, "required", ph->required);
}

void data_add_reply(struct job *job, struct kb_value *to, const struct kb_value *reply,
	const struct kb_document *doc)
{
	const struct kb_value *texts = kb_value_get(reply, KB_STR("texts"));
	struct kb_value *list = kb_value_set_list(job->arena, to, "texts");

	for (uint32_t i = 0; texts && i < texts->len; i++)
		add_channel_text(job, list, texts->items[i]);
	list = kb_value_set_list(job->arena, to, "placeholders");
	for (uint32_t i = 0; i < doc->reply->nplaceholders; i++)
		add_placeholder(job, list, &doc->reply->placeholders[i]);
}

void data_add_issue(struct job *job, struct kb_value *map, uint32_t issue)
{
	const struct kb_issue *it = &job->site->lib->taxonomy->issues[issue];

	v_str(job, map, "id", it->id);
	v_str(job, map, "label", issue_label(job, issue));
	kb_value_set_opt(job->arena, map, "description", issue_description(job, issue));
	if (it->tier && job->site->trusted)
		v_set(job, map, "tier", kb_value_int(job->arena, it->tier));
	add_owner(job, map, it->owner);
}
