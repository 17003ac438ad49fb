/* What depends on a subject beside the documents: kb.yaml, taxonomy.yaml, people.yaml,
 * reports in feedback/, golden queries, style rules. */
#include "touch.h"

#include "kb/feedback.h"
#include "kb/file.h"

static void search_taxonomy(struct impact_search *s)
{
	const struct kb_taxonomy *taxonomy = s->run->lib->taxonomy;
	kb_str detail;

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		bool own = issue->parent == KB_NONE ||
			   issue->owner_range.off !=
				   taxonomy->issues[issue->parent].owner_range.off;

		if (!own || !touch_is_person(s->run, issue->owner, &detail))
			continue;
		struct kb_touch *touch = touch_add(s, KB_TOUCH_OWNER, issue->owner_range);
		touch->path = taxonomy->path;
		touch->owner = issue->owner;
		touch->detail = issue->id;
	}
}

static void search_teams(struct impact_search *s)
{
	const struct kb_people *people = s->run->lib->people;

	for (uint32_t i = 0; i < people->len; i++) {
		if (!touch_is_member(&people->items[i], s->run->subject->person->id))
			continue;
		struct kb_touch *touch =
			touch_add(s, KB_TOUCH_MEMBER, people->items[i].range);
		touch->path = people->path;
		touch->owner = people->items[i].id;
		touch->detail = people->items[i].id;
	}
}

static void search_redirects(struct impact_search *s)
{
	const struct kb_config *config = s->run->lib->config;
	struct kb_target target;

	for (uint32_t i = 0; i < config->nredirects; i++) {
		kb_redirect_resolve(
			s->run->lib, s->worker->arena, &config->redirects[i], &target);
		if (!touch_leads_there(s->run, &target))
			continue;
		struct kb_touch *touch =
			touch_add(s, KB_TOUCH_REDIRECT, config->redirects[i].range);
		touch->path = config->path;
		touch->detail = config->redirects[i].from;
	}
}

/* A file of YAML, or NULL; what it points to lives as long as the search. */
static struct kb_node *read_yaml(struct impact_search *s, kb_str path)
{
	kb_buf_clear(&s->worker->text);
	if (!kb_library_entry(s->run->lib, path) ||
		kb_reader_read(s->worker->reader, path, 0, &s->worker->text, NULL))
		return NULL;
	return kb_yaml_parse(s->worker->arena,
		kb_arena_str(s->worker->arena, kb_buf_view(&s->worker->text)), 0, path,
		NULL);
}

static uint32_t locale_of(const struct impact_search *s, const struct kb_node *item)
{
	uint32_t locale = kb_config_locale(
		s->run->lib->config, kb_node_str(kb_node_get(item, "locale")));

	return locale == KB_NONE ? 0 : locale;
}

/* Golden queries that want the document, which may be one of several. */
static void search_tests(struct impact_search *s)
{
	static const kb_str path = {"search-tests.yaml", 17};
	struct kb_node *tests = kb_node_get(read_yaml(s, path), "tests");

	for (uint32_t i = 0; tests && tests->kind == KB_NODE_SEQ && i < tests->len; i++) {
		struct kb_node *test = tests->items[i];
		struct kb_node *wanted = kb_node_get(test, "expect");
		bool list = wanted && wanted->kind == KB_NODE_SEQ;

		for (uint32_t k = 0; wanted && k < (list ? wanted->len : 1); k++) {
			struct kb_node *one = list ? wanted->items[k] : wanted;

			if (!touch_names(s->run, kb_node_str(one), locale_of(s, test)))
				continue;
			struct kb_touch *touch = touch_add(s, KB_TOUCH_TEST, one->range);
			touch->path = path;
			touch->detail = kb_node_str(kb_node_get(test, "query"));
		}
	}
}

/* Golden queries that search below the issue only. */
static void search_issue_tests(struct impact_search *s)
{
	static const kb_str path = {"search-tests.yaml", 17};
	struct kb_node *tests = kb_node_get(read_yaml(s, path), "tests");
	kb_str id;

	for (uint32_t i = 0; tests && tests->kind == KB_NODE_SEQ && i < tests->len; i++) {
		struct kb_node *node = kb_node_get(tests->items[i], "issue");

		if (!node || !touch_is_issue(s->run, kb_node_str(node), &id))
			continue;
		struct kb_touch *touch = touch_add(s, KB_TOUCH_TEST, node->range);
		touch->path = path;
		touch->detail = kb_node_str(kb_node_get(tests->items[i], "query"));
	}
}

static bool is_closed(const struct kb_node *report)
{
	kb_str status = kb_node_str(kb_node_get(report, "status"));

	return kb_str_is(status, "done") || kb_str_is(status, "declined");
}

/* The value of a report that means the subject, or NULL; *OWNER: who answers for it. */
static const struct kb_node *reported(
	const struct impact_search *s, const struct kb_node *report, kb_str *owner)
{
	const struct impact_run *run = s->run;
	bool by_issue = run->subject->kind == KB_SUBJECT_ISSUE;
	const struct kb_node *node = kb_node_get(report, by_issue ? "issue" : "document");
	kb_str id = kb_node_str(node);

	if (by_issue && node && touch_is_issue(run, id, &id)) {
		*owner = kb_taxonomy_find(run->lib->taxonomy, id)->owner;
		return node;
	}
	if (by_issue || !node || !touch_names(run, id, locale_of(s, report)))
		return NULL;
	*owner = kb_family_find(run->lib, run->subject->family, locale_of(s, report))
			 ->facts->owner;
	return node;
}

/* Reports that nobody has settled yet. */
static void search_feedback(struct impact_search *s)
{
	const struct kb_library *lib = s->run->lib;
	kb_str owner;

	for (size_t i = 0; i < lib->nentries; i++) {
		kb_str path = lib->entries[i].path;

		if (!kb_feedback_is_path(path))
			continue;
		struct kb_node *report = read_yaml(s, path);
		const struct kb_node *node =
			is_closed(report) ? NULL : reported(s, report, &owner);
		if (!node)
			continue;
		struct kb_touch *touch = touch_add(s, KB_TOUCH_FEEDBACK, node->range);
		touch->path = path;
		touch->owner = owner;
		touch->detail = kb_node_str(kb_node_get(report, "kind"));
	}
}

static void add_default(
	struct impact_search *s, const struct kb_node *node, kb_str detail)
{
	struct kb_touch *touch = touch_add(s, KB_TOUCH_DEFAULT, node->range);

	touch->path = s->run->lib->config->path;
	touch->detail = detail;
}

static void search_default(struct impact_search *s, const struct kb_node *defaults)
{
	static const char *const keys[] = {"owner", "deputy"};
	const struct kb_node *issues = kb_node_get(defaults, "issues");
	bool list = issues && issues->kind == KB_NODE_SEQ;
	kb_str detail;

	for (size_t k = 0; s->run->subject->kind == KB_SUBJECT_PERSON && k < KB_LEN(keys);
		k++) {
		const struct kb_node *node = kb_node_get(defaults, keys[k]);

		if (node && touch_is_person(s->run, kb_node_str(node), &detail))
			add_default(s, node, detail);
	}
	for (uint32_t i = 0; s->run->subject->kind == KB_SUBJECT_ISSUE && issues &&
			     i < (list ? issues->len : 1);
		i++) {
		const struct kb_node *node = list ? issues->items[i] : issues;

		if (touch_is_issue(s->run, kb_node_str(node), &detail))
			add_default(s, node, detail);
	}
}

/* What mounts of kb.yaml give to documents. */
static void search_defaults(struct impact_search *s)
{
	const struct kb_node *list = kb_node_get(s->run->lib->config->root, "content");

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++)
		search_default(s, kb_node_get(list->items[i], "defaults"));
}

/* Says which file and owner the touches are of that were found since there were FROM. */
static void place(struct impact_search *s, size_t from, kb_str path, kb_str owner)
{
	for (size_t i = from; i < s->found->len; i++) {
		s->found->items[i].path = path;
		s->found->items[i].owner = owner;
	}
}

static void search_keys(
	struct impact_search *s, const struct kb_node *map, const char *const *keys)
{
	for (; *keys; keys++)
		phrase_search_node(s->run->phrase, kb_node_get(map, *keys), touch_say, s);
}

/* What readers see of kb.yaml. The values of variables, too: those who use them say the
 * phrase. */
static void search_settings(struct impact_search *s)
{
	static const char *const keys[] = {"name", "description", "channels", "regions",
		"products", "variables", NULL};
	static const char *const contact_keys[] = {
		"label", "hours", "number", "email", "url", NULL};
	const struct kb_config *config = s->run->lib->config;
	const struct kb_node *contact = kb_node_get(config->root, "contact");
	size_t from = s->found->len;

	search_keys(s, config->root, keys);
	for (uint32_t i = 0; contact && contact->kind == KB_NODE_SEQ && i < contact->len;
		i++)
		search_keys(s, contact->items[i], contact_keys);
	place(s, from, config->path, KB_STR_NULL);
}

static void search_issue_words(struct impact_search *s, const struct kb_node *list)
{
	static const char *const keys[] = {
		"label", "description", "keywords", "examples", NULL};
	const struct kb_taxonomy *taxonomy = s->run->lib->taxonomy;

	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++) {
		const struct kb_node *node = list->items[i];
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, kb_node_str(kb_node_get(node, "id")));
		size_t from = s->found->len;

		search_keys(s, node, keys);
		place(s, from, taxonomy->path, issue ? issue->owner : KB_STR_NULL);
		search_issue_words(s, kb_node_get(node, "children"));
	}
}

static void search_people_words(struct impact_search *s)
{
	static const char *const keys[] = {"name", "contact", "hours", NULL};
	kb_str path = s->run->lib->people->path;
	const struct kb_node *map = read_yaml(s, path);

	for (uint32_t i = 0; map && map->kind == KB_NODE_MAP && i < map->len; i++) {
		size_t from = s->found->len;

		search_keys(s, map->pairs[i].value, keys);
		place(s, from, path, kb_node_str(map->pairs[i].key));
	}
}

/* A rule that asks for a wording changes with it. */
static void search_rules(struct impact_search *s)
{
	static const kb_str folder = {"style/", 6};
	static const char *const keys[] = {"message", "tokens", "exceptions", NULL};
	const struct kb_library *lib = s->run->lib;

	for (size_t i = 0; i < lib->nentries; i++) {
		kb_str path = lib->entries[i].path, ext = kb_path_ext(path);
		size_t from = s->found->len;

		if (!kb_str_starts(path, folder) ||
			(!kb_str_is(ext, ".yaml") && !kb_str_is(ext, ".yml")))
			continue;
		const struct kb_node *rule = read_yaml(s, path);
		const struct kb_node *swap = kb_node_get(rule, "swap");
		search_keys(s, rule, keys);
		phrase_search_node(s->run->phrase, swap, touch_say, s);
		place(s, from, path, KB_STR_NULL);
	}
}

void touch_files(struct impact_run *run)
{
	struct impact_search s = {
		.run = run, .worker = &run->workers[0], .found = &run->rest};

	switch (run->subject->kind) {
	case KB_SUBJECT_DOCUMENT:
		search_redirects(&s);
		search_tests(&s);
		search_feedback(&s);
		break;
	case KB_SUBJECT_ISSUE:
		search_issue_tests(&s);
		search_feedback(&s);
		search_defaults(&s);
		break;
	case KB_SUBJECT_PERSON:
		search_taxonomy(&s);
		search_teams(&s);
		search_defaults(&s);
		break;
	case KB_SUBJECT_PHRASE:
		search_settings(&s);
		search_issue_words(&s,
			kb_node_get(read_yaml(&s, run->lib->taxonomy->path), "issues"));
		search_people_words(&s);
		search_rules(&s);
		break;
	default:
		break;
	}
}
