#include "new.h"

#include <stdio.h>
#include <unistd.h>

/* Choices that are listed; a longer list names the file. */
#define LISTED 60

typedef int check_fn(const struct kb_library *lib, kb_str answer, struct kb_error *err);

struct question {
	const char *text;
	void (*list)(const struct kb_library *lib);
	check_fn *check;
	bool optional;
};

/* Asks on the terminal; false where there is none, or it ended. */
static bool ask(struct kb_arena *arena, const char *question, kb_str *answer)
{
	char line[1024];
	*answer = KB_STR_NULL;
	if (!isatty(STDIN_FILENO))
		return false;
	kb_say(stderr, "%s: ", question);
	if (!fgets(line, sizeof line, stdin))
		return false;
	*answer = kb_arena_str(arena, kb_str_trim(kb_str_of(line)));
	return true;
}

/* Asks until the answer is right. */
static kb_str ask_for(const struct kb_library *lib, struct kb_arena *arena,
	const struct question *question)
{
	struct kb_error err;
	kb_str answer = KB_STR_NULL;
	if (question->list && isatty(STDIN_FILENO))
		question->list(lib);
	while (ask(arena, question->text, &answer)) {
		if (!answer.len && question->optional)
			break;
		if (!answer.len)
			continue;
		if (!question->check || !question->check(lib, answer, &err))
			return answer;
		kb_say(stderr, "%s\n", err.message);
	}
	return KB_STR_NULL;
}

static void list_line(uint32_t depth, kb_str id, kb_str name)
{
	kb_say(stderr, "  %*s%.*s%s%.*s\n", (int)(2 * depth), "", KB_ARG(id),
		name.len ? "  " : "", KB_ARG(name));
}

static bool has_left(const struct kb_library *lib, const struct kb_person *person)
{
	return person->until && person->until < lib->now;
}

static void list_people(const struct kb_library *lib)
{
	uint32_t listed = 0;
	for (uint32_t i = 0; i < lib->people->len && listed < LISTED; i++) {
		const struct kb_person *person = &lib->people->items[i];
		if (!has_left(lib, person) && ++listed)
			list_line(0, person->id, person->name);
	}
	if (listed == LISTED)
		kb_say(stderr, "  … see %.*s\n", KB_ARG(lib->people->path));
}

static void list_issues(const struct kb_library *lib)
{
	uint32_t listed = 0;
	for (uint32_t i = 0; i < lib->taxonomy->len && listed < LISTED; i++) {
		const struct kb_issue *issue = &lib->taxonomy->issues[i];
		if (!issue->retired && ++listed)
			list_line(issue->depth, issue->id,
				kb_l10n_get(lib->config, &issue->label, 0));
	}
	if (listed == LISTED)
		kb_say(stderr, "  … see %.*s\n", KB_ARG(lib->taxonomy->path));
}

static int check_owner(const struct kb_library *lib, kb_str owner, struct kb_error *err)
{
	const struct kb_people *people = lib->people;
	if (kb_people_find(people, owner))
		return 0;
	kb_strs ids = {0};
	_cleanup_buf_ kb_buf list = {0};
	for (uint32_t i = 0; i < people->len; i++) {
		kb_vec_push(&ids, people->items[i].id);
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "", KB_ARG(people->items[i].id));
	}
	const kb_str *near = kb_str_nearest(owner, ids.items, ids.len);
	if (near)
		kb_error_set(err, KB_E_USAGE,
			"people.yaml has no '%.*s': did you mean '%.*s'?", KB_ARG(owner),
			KB_ARG(*near));
	else
		kb_error_set(err, KB_E_USAGE, "people.yaml has no '%.*s': it has %s",
			KB_ARG(owner), list.len ? list.data : "nobody");
	kb_vec_dispose(&ids);
	return -1;
}

static int check_issue(const struct kb_library *lib, kb_str id, struct kb_error *err)
{
	const struct kb_taxonomy *taxonomy = lib->taxonomy;
	const struct kb_issue *issue = kb_taxonomy_find(taxonomy, id);
	if (issue && issue->retired)
		return kb_error_set(
			err, KB_E_USAGE, "the issue '%.*s' is retired", KB_ARG(id));
	if (issue)
		return 0;
	kb_strs ids = {0};
	for (uint32_t i = 0; i < taxonomy->len; i++)
		kb_vec_push(&ids, taxonomy->issues[i].id);
	const kb_str *near = kb_str_nearest(id, ids.items, ids.len);
	if (near)
		kb_error_set(err, KB_E_USAGE,
			"taxonomy.yaml has no issue '%.*s': did you mean '%.*s'?",
			KB_ARG(id), KB_ARG(*near));
	else
		kb_error_set(
			err, KB_E_USAGE, "taxonomy.yaml has no issue '%.*s'", KB_ARG(id));
	kb_vec_dispose(&ids);
	return -1;
}

static kb_str first_team(const struct kb_people *people, kb_str owner)
{
	const struct kb_person *own = kb_people_find(people, owner);
	if (own && own->team)
		return owner;
	for (uint32_t i = 0; i < people->len; i++) {
		if (people->items[i].team)
			return people->items[i].id;
	}
	return KB_STR_NULL;
}

static int fail_missing(struct kb_error *err, const char *option, const char *noun)
{
	return kb_error_set(
		err, KB_E_USAGE, "%s is missing: say it with %s", noun, option);
}

static int complete_owner(const struct kb_library *lib, struct kb_arena *arena,
	const char *given, struct new_document *doc, struct kb_error *err)
{
	static const struct question question = {
		"Owner (an id of people.yaml)", list_people, check_owner, false};
	doc->owner = kb_str_of(given);
	if (!doc->owner.len && !doc->owner_by_default)
		doc->owner = ask_for(lib, arena, &question);
	if (!doc->owner.len && !doc->owner_by_default)
		return fail_missing(err, "--owner", "the owner");
	if (doc->owner.len && check_owner(lib, doc->owner, err))
		return -1;
	doc->team = first_team(lib->people, doc->owner);
	return 0;
}

static int complete_issues(const struct kb_library *lib, struct kb_arena *arena,
	const kb_strs *given, struct new_document *doc, struct kb_error *err)
{
	static const struct question optional = {
		"Issue (an id of taxonomy.yaml; empty: none)", list_issues, check_issue,
		true};
	static const struct question required = {
		"Issue (an id of taxonomy.yaml)", list_issues, check_issue, false};
	bool needs = doc->type == KB_WORKFLOW || doc->type == KB_REPLY;
	if (given->len && !needs && doc->type != KB_ARTICLE)
		return kb_error_set(
			err, KB_E_USAGE, "a %s has no issues", kb_type_name(doc->type));
	for (size_t i = 0; i < given->len; i++) {
		kb_vec_push(&doc->issues, given->items[i]);
		if (check_issue(lib, given->items[i], err))
			return -1;
	}
	if (!given->len && (needs || (doc->type == KB_ARTICLE && lib->taxonomy->len))) {
		kb_str issue = ask_for(lib, arena, needs ? &required : &optional);
		if (issue.len)
			kb_vec_push(&doc->issues, issue);
	}
	return needs && !doc->issues.len ? fail_missing(err, "--issue", "the issue") : 0;
}

int kb_new_complete(const struct kb_library *lib, struct kb_arena *arena,
	const struct new_values *values, struct new_document *doc, struct kb_error *err)
{
	static const struct question title = {"Title", NULL, NULL, false};
	doc->title = kb_str_of(values->title);
	if (!values->title)
		doc->title = ask_for(lib, arena, &title);
	if (!doc->title.len)
		return fail_missing(err, "--title", "the title");
	doc->summary = kb_str_of(values->summary);
	return complete_owner(lib, arena, values->owner, doc, err) ||
			       complete_issues(lib, arena, &values->issues, doc, err)
		       ? -1
		       : 0;
}
