/* Who owns what: owners and deputies of documents and issues. */
#include "family.h"

/* Who has that name, or NULL. */
static const struct kb_person *find_by_name(const struct kb_people *people, kb_str name)
{
	for (uint32_t i = 0; i < people->len; i++)
		if (kb_l10n_has(&people->items[i].local.name, name))
			return &people->items[i];
	return NULL;
}

static void hint_known(
	struct kb_checker *checker, struct kb_diag *diag, const struct kb_people *people)
{
	enum { NAMED_MAX = 8 };
	_cleanup_buf_ kb_buf list = {0};

	for (uint32_t i = 0; i < people->len && i < NAMED_MAX; i++)
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "", KB_ARG(people->items[i].id));
	if (people->len > NAMED_MAX)
		kb_buf_fmt(&list, " and %u more", people->len - NAMED_MAX);
	if (people->len)
		kb_diag_hint(checker->diags, diag,
			"the ids are %.*s; or add a person or team with this one",
			KB_ARG(kb_buf_view(&list)));
	else
		kb_diag_hint(checker->diags, diag, "add a person or team with that id");
}

static void unknown_person(struct kb_checker *checker, kb_str path, kb_range range,
	const char *role, kb_str id)
{
	const struct kb_people *people = checker->lib->people;
	_cleanup_free_ kb_str *ids = kb_xcalloc(people->len, sizeof(*ids));
	const struct kb_person *named;
	struct kb_diag *diag;

	for (uint32_t i = 0; i < people->len; i++)
		ids[i] = people->items[i].id;
	diag = kb_diag_add(checker->diags, KB_RULE_PERSON_UNKNOWN, path, range,
		"the %s '%.*s' is not in people.yaml", role, KB_ARG(id));
	named = find_by_name(people, id);
	if (named) {
		kb_diag_hint(checker->diags, diag, "did you mean '%.*s' (%.*s)?",
			KB_ARG(named->id), KB_ARG(id));
		return;
	}
	if (!kb_check_hint_nearest(
		    checker, diag, "did you mean '%.*s'?", id, ids, people->len))
		hint_known(checker, diag, people);
}

static void check_person(struct kb_checker *checker, kb_str path, kb_range range,
	const char *role, kb_str id)
{
	const struct kb_person *person;

	if (!id.len)
		return;
	person = kb_people_find(checker->lib->people, id);
	if (!person) {
		if (!checker->lib->people->broken && !checker->lib->people->missing)
			unknown_person(checker, path, range, role, id);
	} else if (kb_person_left(checker->lib->config, person, checker->lib->now))
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_PERSON_LEFT, path, range,
				"the %s %.*s has left", role, KB_ARG(person->name)),
			"name somebody else, preferably a team");
}

void kb_check_people(struct kb_checker *checker, const struct kb_document *doc)
{
	check_person(checker, doc->path, kb_facts_range(doc->facts, "owner"), "owner",
		doc->facts->owner);
	check_person(checker, doc->path, kb_facts_range(doc->facts, "deputy"), "deputy",
		doc->facts->deputy);
}

/* Said once, and not of each document. */
static void check_present(struct kb_checker *checker)
{
	const struct kb_library *lib = checker->lib;
	uint32_t d = 0;

	while (d < lib->ndocs &&
		(lib->docs[d]->facts->broken || !lib->docs[d]->facts->owner.len))
		d++;
	if (!lib->people->missing || d == lib->ndocs)
		return;
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_PERSON_UNKNOWN, lib->people->path,
			(kb_range){0, 0},
			"there is no people.yaml, but documents have owners, such as "
			"%.*s",
			KB_ARG(lib->docs[d]->path)),
		"create it next to kb.yaml, with a line '%.*s: {name: ...}'",
		KB_ARG(lib->docs[d]->facts->owner));
}

void kb_check_owners(struct kb_checker *checker)
{
	const struct kb_taxonomy *taxonomy = checker->lib->taxonomy;

	check_present(checker);

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		bool inherited = issue->parent != KB_NONE &&
				 taxonomy->issues[issue->parent].owner_range.off ==
					 issue->owner_range.off;

		if (!inherited)
			check_person(checker, taxonomy->path, issue->owner_range, "owner",
				issue->owner);
	}
}
