#include "schema_private.h"

#include <math.h>

#include "kb/unicode.h"

/* Steps that one check may take; a schema can ask for more than anybody waits for. */
#define STEPS_MAX 4000000

static bool check(
	struct sch_check *c, const struct sch *sch, struct sch_spot spot, unsigned as);

static unsigned allowed(const struct sch *sch)
{
	return sch->types ? sch->types | (sch->types & SCH_NUMBER ? SCH_INTEGER : 0)
			  : SCH_ANY;
}

/* Types that a schema allows, as far as can be seen without a value. */
static unsigned kb_sch_allows(const struct sch *sch, unsigned depth)
{
	const struct sch_list *list = sch->any_of.len ? &sch->any_of : &sch->one_of;
	unsigned types = 0;

	if (sch->never)
		return 0;
	if (depth > 20)
		return SCH_ANY;
	if (sch->ref)
		return kb_sch_allows(sch->ref, depth + 1);
	for (uint32_t i = 0; i < list->len; i++)
		types |= kb_sch_allows(list->items[i], depth + 1);
	if (sch->choices || sch->constant) {
		types = sch->constant ? kb_sch_natural(sch->constant) : 0;
		for (uint32_t i = 0; sch->choices && i < sch->choices->len; i++)
			types |= kb_sch_natural(sch->choices->items[i]);
	}
	return allowed(sch) & (types ? types : SCH_ANY);
}

/* A key of a YAML map without a value counts as not given. */
static bool is_given(const struct kb_node *value)
{
	return value && (value->typed || !kb_node_is_null(value));
}

/*
 * The type that a scalar takes here: of those that it can have and the schema
 * allows, what the schemas around chose, what this one's keywords are about, or
 * else the narrowest.
 */
static unsigned take_type(const struct sch *sch, unsigned possible, unsigned as)
{
	if (possible & as)
		possible &= as;
	else if (sch->string_words && !sch->types && (possible & SCH_STRING))
		return SCH_STRING;
	for (unsigned type = SCH_NULL; type <= SCH_OBJECT; type <<= 1)
		if (possible & type)
			return type == SCH_INTEGER ? SCH_INTEGER | SCH_NUMBER : type;
	return 0;
}

static bool check_number(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	double n, times;
	bool ok = true;

	if (kb_node_float(spot->node, &n) < 0)
		return true;
	if (sch->maximum.given && n > sch->maximum.value)
		ok = kb_sch_say(c, sch, spot, "maximum", "must be at most %.15g",
			sch->maximum.value);
	if (sch->exclusive_maximum.given && n >= sch->exclusive_maximum.value)
		ok = kb_sch_say(c, sch, spot, "exclusiveMaximum",
			"must be less than %.15g", sch->exclusive_maximum.value);
	if (sch->minimum.given && n < sch->minimum.value)
		ok = kb_sch_say(c, sch, spot, "minimum", "must be at least %.15g",
			sch->minimum.value);
	if (sch->exclusive_minimum.given && n <= sch->exclusive_minimum.value)
		ok = kb_sch_say(c, sch, spot, "exclusiveMinimum",
			"must be more than %.15g", sch->exclusive_minimum.value);
	if (sch->multiple_of.given) {
		times = n / sch->multiple_of.value;
		if (!isfinite(times) ||
			fabs(times - round(times)) > 1e-9 * fmax(1, fabs(times)))
			ok = kb_sch_say(c, sch, spot, "multipleOf",
				"must be a multiple of %.15g", sch->multiple_of.value);
	}
	return ok;
}

static const char *plural(double n)
{
	return n == 1 ? "" : "s";
}

static bool check_string(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	kb_str value = spot->node->value;
	bool lengths = sch->max_length.given || sch->min_length.given;
	double len = lengths ? (double)kb_utf8_count(value) : 0;
	bool ok = true;

	if (sch->max_length.given && len > sch->max_length.value)
		ok = kb_sch_say(c, sch, spot, "maxLength",
			"must have at most %.15g character%s, but has %.15g",
			sch->max_length.value, plural(sch->max_length.value), len);
	if (sch->min_length.given && len < sch->min_length.value) {
		if (len == 0)
			ok = kb_sch_say(c, sch, spot, "minLength", "must not be empty");
		else
			ok = kb_sch_say(c, sch, spot, "minLength",
				"must have at least %.15g character%s",
				sch->min_length.value, plural(sch->min_length.value));
	}
	if (sch->pattern && kb_regex_find(sch->pattern, value, 0, NULL) != 1)
		ok = kb_sch_say(c, sch, spot, "pattern", "must match the pattern %.*s",
			KB_ARG(sch->pattern_text));
	if (sch->format && !kb_sch_format_ok((enum sch_format)sch->format, value))
		ok = kb_sch_say(c, sch, spot, "format", "must be %s",
			kb_sch_format_words((enum sch_format)sch->format));
	return ok;
}

static struct sch_spot item_spot(const struct sch_spot *list, const struct kb_node *item)
{
	return (struct sch_spot){.node = item, .key = list->key, .item = true};
}

/* The steps are used up; the first to notice says so. */
static bool give_up(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	if (!c->gave_up)
		kb_sch_say(c, sch, spot, "", "is too large to check");
	c->gave_up = true;
	return false;
}

/* The item before the I-th that equals it, by text where all are texts. */
static bool stands_before(
	struct sch_check *c, const struct kb_node *list, uint32_t i, kb_map *texts)
{
	if (texts)
		return kb_map_put(texts, list->items[i]->value, list->items[i]) != NULL;
	for (uint32_t j = 0; j < i && c->steps < STEPS_MAX; j++, c->steps++)
		if (kb_sch_equal(list->items[i], list->items[j]))
			return true;
	return false;
}

static bool all_texts(const struct kb_node *list)
{
	for (uint32_t i = 0; i < list->len; i++)
		if (list->items[i]->kind != KB_NODE_SCALAR ||
			(list->items[i]->typed && !list->items[i]->quoted))
			return false;
	return true;
}

static bool check_unique(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	const struct kb_node *list = spot->node;
	bool ok = true, texts = all_texts(list);
	kb_map seen = {0};

	for (uint32_t i = 0; i < list->len; i++) {
		struct sch_spot twice = item_spot(spot, list->items[i]);

		if (stands_before(c, list, i, texts ? &seen : NULL))
			ok = kb_sch_say(c, sch, &twice, "uniqueItems", "is listed twice");
	}
	kb_map_dispose(&seen);
	return c->steps < STEPS_MAX ? ok : give_up(c, sch, spot);
}

/* Does the node fit, without a word? */
static bool fits(
	struct sch_check *c, const struct sch *sch, struct sch_spot spot, unsigned as)
{
	struct sch_check quiet = *c;
	bool ok;

	quiet.diags = NULL;
	quiet.gave_up = true;
	ok = check(&quiet, sch, spot, as);
	c->steps = quiet.steps;
	return ok;
}

static bool fits_at_all(struct sch_check *c, const struct sch *sch, struct sch_spot spot)
{
	return fits(c, sch, spot, 0);
}

static bool check_items(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	bool ok = true;

	for (uint32_t i = 0; i < spot->node->len; i++) {
		const struct sch *item = sch->items;

		if (sch->has_tuple)
			item = i < sch->tuple.len ? sch->tuple.items[i]
						  : sch->additional_items;
		if (item && !check(c, item, item_spot(spot, spot->node->items[i]), 0))
			ok = false;
	}
	return ok;
}

/* How many items or keys there are, and may be. */
struct sch_count {
	double n;
	const char *noun, *most_keyword, *least_keyword;
	struct sch_limit most, least;
};

static bool check_count(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, const struct sch_count *count)
{
	bool ok = true;

	if (count->most.given && count->n > count->most.value)
		ok = kb_sch_say(c, sch, spot, count->most_keyword,
			"must have at most %.15g %s%s", count->most.value, count->noun,
			plural(count->most.value));
	if (count->least.given && count->n < count->least.value)
		ok = kb_sch_say(c, sch, spot, count->least_keyword,
			"must have at least %.15g %s%s", count->least.value, count->noun,
			plural(count->least.value));
	return ok;
}

static bool check_array(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	uint32_t len = spot->node->len;
	const struct sch_count count = {
		len, "item", "maxItems", "minItems", sch->max_items, sch->min_items};
	bool ok = check_items(c, sch, spot), found = false;

	if (!check_count(c, sch, spot, &count))
		ok = false;
	if (sch->unique && !check_unique(c, sch, spot))
		ok = false;
	for (uint32_t i = 0; sch->contains && !found && i < len; i++)
		found = fits(c, sch->contains, item_spot(spot, spot->node->items[i]), 0);
	if (sch->contains && !found)
		ok = kb_sch_say(c, sch, spot, "contains", "lacks a required item");
	return ok;
}

static bool check_pair(struct sch_check *c, const struct sch *sch,
	const struct kb_node *map, const struct kb_pair *pair)
{
	struct sch_spot value = {.node = pair->value, .key = pair->key};
	struct sch_spot name = {.node = pair->key, .key = pair->key};
	const struct sch *property = kb_map_get(&sch->properties, pair->key->value);
	bool known = property != NULL, ok = true, given = is_given(pair->value);

	if (sch->property_names && !check(c, sch->property_names, name, SCH_STRING))
		ok = false;
	if (property && given && !check(c, property, value, 0))
		ok = false;
	for (uint32_t i = 0; i < sch->npatterns; i++) {
		if (kb_regex_find(sch->patterns[i].regex, pair->key->value, 0, NULL) != 1)
			continue;
		known = true;
		if (given && !check(c, sch->patterns[i].sch, value, 0))
			ok = false;
	}
	if (known || !sch->additional ||
		(sch->extended_by &&
			kb_map_has(&sch->extended_by->properties, pair->key->value)))
		return ok;
	if (sch->additional->never)
		return kb_sch_say_unknown(c, sch, map, pair->key);
	return (!given || check(c, sch->additional, value, 0)) && ok;
}

static bool check_dependency(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, const struct sch_dependency *dependency)
{
	bool ok = true;

	if (!is_given(kb_node_get_str(spot->node, dependency->name)))
		return true;
	if (dependency->sch)
		return check(c, dependency->sch, *spot, 0);
	for (size_t i = 0; i < dependency->keys.len; i++)
		if (!is_given(kb_node_get_str(spot->node, dependency->keys.items[i])))
			ok = kb_sch_say_missing(c, sch, spot, dependency->keys.items[i]);
	return ok;
}

static bool check_object(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	const struct kb_node *map = spot->node;
	uint32_t given = 0;
	bool ok = true;

	for (uint32_t i = 0; i < map->len; i++) {
		given += is_given(map->pairs[i].value);
		if (!check_pair(c, sch, map, &map->pairs[i]))
			ok = false;
	}
	for (size_t i = 0; i < sch->required.len; i++)
		if (!is_given(kb_node_get_str(map, sch->required.items[i])))
			ok = kb_sch_say_missing(c, sch, spot, sch->required.items[i]);
	const struct sch_count count = {given, "key", "maxProperties", "minProperties",
		sch->max_properties, sch->min_properties};
	if (!check_count(c, sch, spot, &count))
		ok = false;
	for (uint32_t i = 0; i < sch->ndependencies; i++)
		if (!check_dependency(c, sch, spot, &sch->dependencies[i]))
			ok = false;
	return ok;
}

/* How many faults the node has under a branch. */
static size_t count_faults(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned as)
{
	struct sch_check counting = *c;
	struct kb_diags found;
	size_t faults;

	kb_diags_init(&found, NULL);
	counting.diags = &found;
	counting.faults = 0;
	check(&counting, sch, *spot, as);
	faults = counting.faults;
	c->steps = counting.steps;
	kb_diags_dispose(&found);
	return faults;
}

/*
 * None of several forms fits. The one that was probably meant has the word: of
 * those whose type is the node's, the one with the fewest faults.
 */
static bool say_none(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, const struct sch_list *forms, const char *keyword,
	unsigned as)
{
	unsigned types = kb_sch_natural(spot->node), wanted = 0;
	const struct sch *best = NULL;
	size_t least = SIZE_MAX;

	if (!c->diags)
		return false;
	for (uint32_t i = 0; i < forms->len; i++) {
		unsigned form = kb_sch_allows(forms->items[i], 0);
		size_t faults;

		wanted |= form;
		if (!(form & types))
			continue;
		faults = count_faults(c, forms->items[i], spot, as);
		if (faults < least) {
			least = faults;
			best = forms->items[i];
		}
	}
	if (!best)
		return kb_sch_say_type(c, sch, spot, wanted);
	if (sch->error_message.len || sch->error_messages)
		return kb_sch_say(
			c, sch, spot, keyword, "does not have any of the allowed forms");
	check(c, best, *spot, as);
	return false;
}

static bool check_any(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned as)
{
	for (uint32_t i = 0; i < sch->any_of.len; i++)
		if (fits(c, sch->any_of.items[i], *spot, as))
			return true;
	return say_none(c, sch, spot, &sch->any_of, "anyOf", as);
}

static bool check_one(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned as)
{
	uint32_t fitting = 0;

	for (uint32_t i = 0; i < sch->one_of.len; i++)
		fitting += fits(c, sch->one_of.items[i], *spot, as);
	if (fitting == 0)
		return say_none(c, sch, spot, &sch->one_of, "oneOf", as);
	return fitting == 1 || kb_sch_say(c, sch, spot, "oneOf",
				       "has more than one of the allowed forms");
}

static bool check_choice(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	const struct kb_node *constant[1];
	struct kb_node only = {.kind = KB_NODE_SEQ, .len = 1};
	bool ok = true, found = false;

	for (uint32_t i = 0; sch->choices && !found && i < sch->choices->len; i++)
		found = kb_sch_equal(spot->node, sch->choices->items[i]);
	if (sch->choices && !found)
		ok = kb_sch_say_choice(c, sch, spot, sch->choices);
	if (sch->constant && !kb_sch_equal(spot->node, sch->constant)) {
		constant[0] = sch->constant;
		only.items = (struct kb_node **)(uintptr_t)constant;
		ok = kb_sch_say_choice(c, sch, spot, &only);
	}
	return ok;
}

static bool check_combined(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned as)
{
	const struct sch *then = NULL;
	bool ok = true;

	for (uint32_t i = 0; i < sch->all_of.len; i++)
		if (!check(c, sch->all_of.items[i], *spot, as))
			ok = false;
	if (sch->any_of.len && !check_any(c, sch, spot, as))
		ok = false;
	if (sch->one_of.len && !check_one(c, sch, spot, as))
		ok = false;
	if (sch->not_sch && fits(c, sch->not_sch, *spot, as))
		ok = kb_sch_say(c, sch, spot, "not", "is not allowed here");
	if (sch->if_sch)
		then = fits(c, sch->if_sch, *spot, as) ? sch->then_sch : sch->else_sch;
	if (then && !check(c, then, *spot, as))
		ok = false;
	return ok;
}

static bool check(
	struct sch_check *c, const struct sch *sch, struct sch_spot spot, unsigned as)
{
	unsigned possible;
	bool ok = true, settled;

	while (sch->ref)
		sch = sch->ref;
	if (sch->deprecated)
		kb_sch_say_deprecated(c, sch, &spot);
	if (++c->steps >= STEPS_MAX)
		return give_up(c, sch, &spot);
	if (sch->never)
		return kb_sch_say(c, sch, &spot, "", "is not allowed here");
	possible = kb_sch_natural(spot.node) & allowed(sch);
	if (!possible)
		return kb_sch_say_type(c, sch, &spot, sch->types);
	settled = as || sch->types || sch->string_words;
	as = take_type(sch, possible, as);
	if (sch->choices || sch->constant)
		ok = check_choice(c, sch, &spot);
	if (sch->number_words && (as & SCH_NUMBER) && !check_number(c, sch, &spot))
		ok = false;
	if (sch->string_words && as == SCH_STRING && !check_string(c, sch, &spot))
		ok = false;
	if (as == SCH_ARRAY && !check_array(c, sch, &spot))
		ok = false;
	if (as == SCH_OBJECT && !check_object(c, sch, &spot))
		ok = false;
	return check_combined(c, sch, &spot, settled ? as : 0) && ok;
}

bool kb_schema_check(const struct kb_schema *schema, const struct kb_node *node,
	kb_str path, enum kb_schema_rules rules, struct kb_diags *diags)
{
	struct sch_check c = {.schema = schema,
		.path = path,
		.rules = rules,
		.diags = diags,
		.fits = fits_at_all};

	bool ok = check(&c, schema->root, (struct sch_spot){.node = node}, 0);

	return ok && !c.deprecated;
}
