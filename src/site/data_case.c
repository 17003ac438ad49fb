#include "data.h"

/* A topic's page as data: what a case needs, for whoever the site is for. */

struct data_lists {
	struct job *job;
	struct kb_value *types[KB_TYPE_COUNT];
};

static int add_content(struct job *job, struct kb_value *map, const struct page *page)
{
	struct kb_value *value;

	if (page->doc->workflow) {
		value = flow_data(job, page->doc);
		data_add(job, map, value);
		return value ? 0 : -1;
	}
	if (!page->doc->reply)
		return 0;
	value = v_map(job);
	if (reply_put_parts(job, value, page->doc) < 0)
		return -1;
	data_add_reply(job, map, value, page->doc);
	return 0;
}

static void add_item(struct data_lists *lists, const struct topic_item *item)
{
	struct job *job = lists->job;
	bool kept = item->page->kind == PAGE_KEPT;
	struct kb_value *map =
		kept ? data_former(job, item->page) : data_record(job, item->page);

	if (!map)
		return;
	if (!kept && add_content(job, map, item->page) < 0)
		job->failed = true;
	if (item->from != KB_NONE)
		v_str(job, map, "issue", job->site->lib->taxonomy->issues[item->from].id);
	kb_value_push(job->arena, lists->types[item->page->doc->facts->type], map);
}

/* From the top of the tree down to the issue. */
static void add_path(struct job *job, struct kb_value *list, uint32_t issue)
{
	uint32_t up = plan_parent(job->site, job->locale, issue);
	struct kb_value *map;

	if (up != KB_NONE)
		add_path(job, list, up);
	map = kb_value_push_map(job->arena, list);
	v_str(job, map, "id", job->site->lib->taxonomy->issues[issue].id);
	v_str(job, map, "label", issue_label(job, issue));
}

struct kb_value *data_case(struct job *job, uint32_t issue)
{
	static const struct {
		const char *key;
		enum kb_type type;
	} keys[] = {{"workflows", KB_WORKFLOW}, {"replies", KB_REPLY},
		{"articles", KB_ARTICLE}, {"reference", KB_REFERENCE}};
	struct data_lists lists = {.job = job};
	struct topic_items items = {0};
	struct kb_value *root = v_map(job), *map;

	v_set(job, root, "version", kb_value_int(job->arena, DATA_VERSION));
	v_str(job, root, "locale", job->locale->code);
	v_str(job, root, "address", job->page->address);
	kb_value_set_opt(job->arena, root, "url", data_url(job, job->page));
	map = kb_value_set_map(job->arena, root, "issue");
	data_add_issue(job, map, issue);
	add_path(job, kb_value_set_list(job->arena, map, "path"), issue);
	for (size_t i = 0; i < KB_LEN(keys); i++)
		lists.types[keys[i].type] =
			kb_value_set_list(job->arena, root, keys[i].key);
	topic_collect(job, issue, &items);
	for (size_t i = 0; i < items.len; i++)
		add_item(&lists, &items.items[i]);
	kb_vec_dispose(&items);
	return root;
}
