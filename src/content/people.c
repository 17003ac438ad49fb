#include "kb/people.h"

#include "content.h"
#include "kb/unicode.h"

static time_t read_day(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node)
{
	time_t day;
	bool is_day;

	if (!node || kb_node_is_null(node))
		return 0;
	if (kb_time_parse(kb_node_str(node), config->timezone, &day, &is_day) == 0)
		return day;
	kb_reading_fault(reading, node, "'%.*s' is not a date: write it like 2026-11-20",
		KB_ARG(kb_node_str(node)));
	return 0;
}

static void read_away(struct kb_reading *reading, const struct kb_config *config,
	struct kb_person *person, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_SEQ)
		return;
	person->away = kb_arena_array(reading->arena, struct kb_away, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_node *item = node->items[i];
		struct kb_away away = {
			read_day(reading, config, kb_node_get(item, "from")),
			read_day(reading, config, kb_node_get(item, "to")),
		};

		if (away.from && away.to && away.to < away.from)
			kb_reading_fault(reading, kb_node_get(item, "to"),
				"this absence ends before it begins");
		else
			person->away[person->naway++] = away;
	}
}

static void check_locales(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node)
{
	for (uint32_t i = 0; node && node->kind == KB_NODE_SEQ && i < node->len; i++) {
		kb_str code = kb_node_str(node->items[i]);

		if (kb_config_locale(config, code) == KB_NONE)
			kb_reading_nearest(reading,
				kb_reading_fault(reading, node->items[i],
					"'%.*s' is not a locale of kb.yaml",
					KB_ARG(code)),
				code, kb_config_codes(config, reading->arena),
				config->nlocales);
	}
}

static void read_person(struct kb_reading *reading, const struct kb_config *config,
	struct kb_person *person, const struct kb_pair *pair)
{
	const struct kb_node *node = pair->value;
	const struct kb_node *members = kb_node_get(node, "members");

	*person = (struct kb_person){
		.id = kb_node_str(pair->key),
		.email = kb_node_str(kb_node_get(node, "email")),
		.local = {.name = kb_reading_l10n(
				  reading, config, kb_node_get(node, "name")),
			.contact = kb_reading_l10n(
				reading, config, kb_node_get(node, "contact")),
			.hours = kb_reading_l10n(
				reading, config, kb_node_get(node, "hours"))},
		.members = kb_node_strs(reading->arena, members),
		.locales = kb_node_strs(reading->arena, kb_node_get(node, "locales")),
		.tier = kb_node_u32(kb_node_get(node, "tier"), 0),
		.until = read_day(reading, config, kb_node_get(node, "until")),
		.team = members != NULL,
		.range = pair->key->range,
	};
	person->name = kb_l10n_get(config, &person->local.name, 0);
	person->contact = kb_l10n_get(config, &person->local.contact, 0);
	person->hours = kb_l10n_get(config, &person->local.hours, 0);
	check_locales(reading, config, kb_node_get(node, "locales"));
	read_away(reading, config, person, kb_node_get(node, "away"));
}

/* Each is looked for among all people, so only the first get a hint. */
enum { HINTS_MAX = 100 };

/* IDS are those of all people, HINTS counts what was looked for among them. */
static void check_members(struct kb_reading *reading, const struct kb_people *people,
	const kb_str *ids, const struct kb_person *team, const struct kb_node *members,
	unsigned *hints)
{
	for (size_t i = 0; i < team->members.len; i++) {
		const struct kb_node *item =
			members->kind == KB_NODE_SEQ ? members->items[i] : members;
		kb_str id = team->members.items[i];
		struct kb_diag *diag;

		if (kb_people_find(people, id))
			continue;
		diag = kb_diag_add(reading->diags, KB_RULE_PEOPLE_MEMBER, reading->path,
			item->range,
			"'%.*s' has the member '%.*s', who is not in this file",
			KB_ARG(team->id), KB_ARG(id));
		if ((*hints)++ < HINTS_MAX)
			kb_reading_nearest(reading, diag, id, ids, people->len);
	}
}

const struct kb_people *kb_people_parse(struct kb_arena *arena,
	const struct kb_config *config, kb_str text, kb_str path, struct kb_diags *diags)
{
	struct kb_people *people = kb_arena_new_of(arena, struct kb_people);
	struct kb_reading reading = {
		.arena = arena, .path = kb_arena_str(arena, path), .diags = diags};
	const struct kb_node *root;
	kb_str *ids;
	unsigned hints = 0;

	people->path = reading.path;
	people->missing = !text.data;
	if (!text.data)
		return people;
	root = kb_reading_parse(&reading, text, "people");
	people->broken = !root || reading.faults > 0;
	if (!root || root->kind != KB_NODE_MAP)
		return people;
	people->items = kb_arena_array(arena, struct kb_person, root->len);
	for (uint32_t i = 0; i < root->len; i++) {
		struct kb_person *person = &people->items[people->len];

		if (root->pairs[i].value->kind != KB_NODE_MAP)
			continue;
		read_person(&reading, config, person, &root->pairs[i]);
		kb_map_put(&people->by_id, person->id, person);
		people->len++;
	}
	kb_map_settle(&people->by_id, arena);
	ids = kb_arena_array(arena, kb_str, people->len);
	for (uint32_t i = 0; i < people->len; i++)
		ids[i] = people->items[i].id;
	for (uint32_t i = 0, n = 0; i < root->len && !people->broken; i++)
		if (root->pairs[i].value->kind == KB_NODE_MAP)
			check_members(&reading, people, ids, &people->items[n++],
				kb_node_get(root->pairs[i].value, "members"), &hints);
	return people;
}

const struct kb_person *kb_people_find(const struct kb_people *people, kb_str id)
{
	return kb_map_get(&people->by_id, id);
}

bool kb_person_left(
	const struct kb_config *config, const struct kb_person *person, time_t now)
{
	return person->until && kb_day_number(config->timezone, now) >
					kb_day_number(config->timezone, person->until);
}
