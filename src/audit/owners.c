#include "kb/owners.h"

#include "kb/pick.h"
#include "kb/review.h"

static int check_values(const struct kb_owners *owners, struct kb_error *err)
{
	const struct kb_owners_wanted *wanted = owners->wanted;
	const struct kb_config *config = owners->lib->config;
	int failed = 0;
	enum kb_type type;

	for (size_t i = 0; i < wanted->types.len && !failed; i++)
		failed = kb_pick_type(wanted->types.items[i], &type, err);
	for (size_t i = 0; i < wanted->locales.len && !failed; i++)
		if (kb_config_locale(config, wanted->locales.items[i]) == KB_NONE)
			failed = kb_locale_unknown(config, wanted->locales.items[i], err);
	for (size_t i = 0; i < wanted->owners.len && !failed; i++)
		failed = kb_map_has(&owners->by_id, wanted->owners.items[i])
				 ? 0
				 : kb_pick_person(
					   owners->lib, wanted->owners.items[i], err);
	return failed;
}

static bool is_wanted(const struct kb_owners *owners, const struct kb_document *doc)
{
	const struct kb_owners_wanted *wanted = owners->wanted;
	const struct kb_config *config = owners->lib->config;
	bool type = wanted->types.len == 0, locale = wanted->locales.len == 0;

	for (size_t i = 0; i < wanted->types.len; i++)
		type |= kb_str_is(wanted->types.items[i], kb_type_name(doc->facts->type));
	for (size_t i = 0; i < wanted->locales.len; i++)
		locale |=
			kb_config_locale(config, wanted->locales.items[i]) == doc->locale;
	return type && locale && !doc->facts->broken &&
	       kb_path_selected(&owners->paths, doc->path);
}

static struct kb_owner *owner_of(struct kb_owners *owners, kb_str id)
{
	struct kb_owner *owner =
		id.len ? kb_map_get(&owners->by_id, id) : &owners->nobody;

	if (owner)
		return owner;
	owner = kb_arena_new_of(owners->arena, struct kb_owner);
	owner->id = id;
	owner->person = kb_people_find(owners->lib->people, id);
	kb_map_put(&owners->by_id, id, owner);
	return owner;
}

static void take_document(struct kb_owners *owners, const struct kb_document *doc)
{
	const struct kb_library *lib = owners->lib;
	struct kb_owner *owner = owner_of(owners, doc->facts->owner);

	kb_vec_push(&owner->docs, doc);
	owner->overdue += kb_review_overdue(lib->config, doc, lib->now);
	owner->never += !doc->facts->reviewed && doc->facts->status != KB_ARCHIVED;
	if (doc->facts->deputy.len)
		kb_vec_push(&owner_of(owners, doc->facts->deputy)->deputies, doc);
}

static bool is_asked_for(const struct kb_owners *owners, kb_str id)
{
	const kb_strs *ids = &owners->wanted->owners;

	for (size_t i = 0; i < ids->len; i++)
		if (kb_str_eq(ids->items[i], id))
			return true;
	return ids->len == 0;
}

/* The paths of an operand: a file, a folder, or an id in all its locales. */
static int add_operand(struct kb_owners *owners, kb_str word, struct kb_error *err)
{
	const struct kb_library *lib = owners->lib;
	const struct kb_family *family = kb_library_family(lib, word);
	kb_strs one = {.items = &word, .len = 1};

	if (!kb_operand_paths(owners->lib, owners->arena, &one, &owners->paths, NULL))
		return 0;
	if (!family)
		return kb_document_unknown(lib, word, err);
	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		if (family->by_locale[l])
			kb_vec_push(&owners->paths, family->by_locale[l]->path);
	return 0;
}

static int read_operands(
	struct kb_owners *owners, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = owners->lib;

	for (size_t i = 0; i < operands->len; i++) {
		size_t before = owners->paths.len, found = 0;

		if (add_operand(owners, operands->items[i], err))
			return -1;
		kb_strs own = {.items = owners->paths.items + before,
			.len = owners->paths.len - before};
		for (uint32_t d = 0; d < lib->ndocs; d++)
			found += kb_path_selected(&own, lib->docs[d]->path);
		if (!found)
			return kb_error_set(err, KB_E_USAGE, "'%.*s' is not a document",
				KB_ARG(operands->items[i]));
	}
	return 0;
}

/* Those in people.yaml first and in its order, then who is not there, then nobody. */
static void collect(struct kb_owners *owners)
{
	const struct kb_library *lib = owners->lib;

	for (uint32_t i = 0; i < lib->people->len; i++)
		owner_of(owners, lib->people->items[i].id);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (is_wanted(owners, lib->docs[i]))
			take_document(owners, lib->docs[i]);
	for (uint32_t i = 0; !owners->paths.len && i < lib->taxonomy->len; i++) {
		const struct kb_issue *issue = &lib->taxonomy->issues[i];

		if (!issue->retired)
			kb_vec_push(&owner_of(owners, issue->owner)->issues, issue);
	}
	for (size_t i = 0; i < owners->by_id.len; i++) {
		struct kb_owner *owner = owners->by_id.entries[i].value;

		if ((owner->docs.len || owner->deputies.len || owner->issues.len) &&
			is_asked_for(owners, owner->id))
			kb_vec_push(owners, owner);
	}
	if (owners->nobody.docs.len + owners->nobody.issues.len &&
		!owners->wanted->owners.len)
		kb_vec_push(owners, &owners->nobody);
}

void kb_owners_dispose(struct kb_owners *owners)
{
	for (size_t i = 0; i <= owners->by_id.len; i++) {
		struct kb_owner *owner = i < owners->by_id.len
						 ? owners->by_id.entries[i].value
						 : &owners->nobody;

		kb_vec_dispose(&owner->docs);
		kb_vec_dispose(&owner->deputies);
		kb_vec_dispose(&owner->issues);
	}
	kb_vec_dispose(owners);
	kb_vec_dispose(&owners->paths);
	kb_map_dispose(&owners->by_id);
}

int kb_owners_find(struct kb_owners *owners, const struct kb_library *lib,
	const struct kb_owners_wanted *wanted, struct kb_arena *arena,
	struct kb_error *err)
{
	*owners = (struct kb_owners){.lib = lib, .wanted = wanted, .arena = arena};
	if (read_operands(owners, wanted->words, err))
		return -1;
	collect(owners);
	if (check_values(owners, err))
		return -1;
	if (wanted->words->len && !owners->len)
		return kb_error_set(err, KB_E_USAGE,
			"none of these documents has the type, locale or owner that "
			"you asked for");
	return 0;
}
