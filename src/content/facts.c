#include "kb/facts.h"

#include "content.h"
#include "front.h"
#include "kb/conflict.h"
#include "kb/review.h"
#include "kb/source.h"
#include "kb/unicode.h"

/* The reading of one document. */
struct facts_reader {
	const struct kb_facts_context *context;
	const struct kb_config *config;
	struct kb_arena *arena;
	struct kb_facts *facts;
	struct kb_diags *diags;
};

static const struct kb_node *value_of(const struct facts_reader *r, const char *key)
{
	const struct kb_node *node = kb_node_get(kb_facts_meta(r->facts), key);

	return node && !kb_node_is_null(node) ? node : NULL;
}

/* On one line, whatever its line ends: most are printed within one. */
static kb_str str_of(const struct facts_reader *r, const char *key)
{
	kb_str s = kb_str_trim(kb_node_str(value_of(r, key)));
	_cleanup_buf_ kb_buf line = {0};

	if (kb_str_chr(s, '\n') == SIZE_MAX && kb_str_chr(s, '\r') == SIZE_MAX)
		return s;
	for (size_t i = 0; i < s.len; i++)
		kb_buf_putc(
			&line, s.data[i] == '\n' || s.data[i] == '\r' ? ' ' : s.data[i]);
	return kb_arena_str(r->arena, kb_buf_view(&line));
}

static struct kb_diag *said_of(const struct facts_reader *r, kb_range range)
{
	for (size_t i = 0; i < r->diags->len; i++)
		if (r->diags->items[i].range.off == range.off &&
			r->diags->items[i].range.len == range.len)
			return &r->diags->items[i];
	return NULL;
}

/* What a mount gives is reported in kb.yaml, what the schema has found, once. */
static bool is_said(const struct facts_reader *r, kb_range range)
{
	return range.len == 0 ? range.off == 0 : said_of(r, range) != NULL;
}

static struct kb_diag *fault(struct facts_reader *r, const struct kb_node *node,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static struct kb_diag *fault(
	struct facts_reader *r, const struct kb_node *node, const char *fmt, ...)
{
	kb_str message;
	va_list ap;

	if (is_said(r, node->range))
		return NULL;
	va_start(ap, fmt);
	message = kb_arena_vfmt(r->diags->arena, fmt, ap);
	va_end(ap);
	return kb_diag_add(r->diags, KB_RULE_SCHEMA_VALUE, r->context->path, node->range,
		"%.*s", KB_ARG(message));
}

static void hint_nearest(struct facts_reader *r, struct kb_diag *diag, kb_str word,
	const kb_str *candidates, size_t n)
{
	struct kb_reading reading = {.arena = r->diags->arena, .diags = r->diags};

	if (diag)
		kb_reading_nearest(&reading, diag, word, candidates, n);
}

static void read_type(struct facts_reader *r)
{
	const struct kb_node *node = value_of(r, "type");

	if (node && kb_type_parse(kb_node_str(node), &r->facts->type) == 0)
		return;
	r->facts->type =
		r->context->mount->has_type ? r->context->mount->type : KB_ARTICLE;
}

static void check_type(struct facts_reader *r)
{
	const struct kb_node *node = value_of(r, "type");
	kb_str names[KB_TYPE_COUNT];
	enum kb_type type;

	for (int i = 0; i < KB_TYPE_COUNT; i++)
		names[i] = kb_str_of(kb_type_name((enum kb_type)i));
	if (node && kb_type_parse(kb_node_str(node), &type) < 0)
		hint_nearest(r,
			fault(r, node, "'%.*s' is not a document type",
				KB_ARG(kb_node_str(node))),
			kb_node_str(node), names, KB_TYPE_COUNT);
	else if (!node && !r->context->mount->has_type)
		kb_diag_hint(r->diags,
			kb_diag_add(r->diags, KB_RULE_SCHEMA_REQUIRED, r->context->path,
				r->facts->front->range, "the document has no type"),
			"write 'type: article', or set a 'type' for this content "
			"folder in kb.yaml");
}

static void diag_take(struct facts_reader *r, const struct kb_diag *diag)
{
	struct kb_diag *copy = kb_diag_add(r->diags, diag->rule, r->context->path,
		diag->range, "%.*s", KB_ARG(diag->message));

	if (diag->hint.len)
		kb_diag_hint(r->diags, copy, "%.*s", KB_ARG(diag->hint));
	kb_diag_edits_copy(r->diags, copy, diag);
}

/* Findings about a mount's defaults belong to kb.yaml, see library.c; that
 * something is missing stays here. */
static void check_schema(struct facts_reader *r, const struct kb_schema *schema)
{
	struct kb_diags found;

	if (!schema || kb_schema_check(schema, kb_facts_meta(r->facts), r->context->path,
			       KB_SCHEMA_FRONT_MATTER, NULL))
		return;
	kb_diags_init(&found, r->diags->severities);
	kb_schema_check(schema, kb_facts_meta(r->facts), r->context->path,
		KB_SCHEMA_FRONT_MATTER, &found);
	for (size_t i = 0; i < found.len; i++) {
		const struct kb_diag *diag = &found.items[i];

		if (diag->rule == KB_RULE_SCHEMA_REQUIRED || diag->range.off ||
			diag->range.len)
			diag_take(r, diag);
	}
	kb_diags_dispose(&found);
}

/* Fails closed: an unknown audience means the most trusted one. */
static uint8_t audience_of(
	struct facts_reader *r, const struct kb_node *node, uint8_t fallback)
{
	const struct kb_config *config = r->config;
	uint32_t audience;

	if (!node)
		return fallback;
	audience = kb_config_audience(config, kb_node_str(node));
	if (audience != KB_NONE)
		return (uint8_t)audience;
	hint_nearest(r,
		fault(r, node, "there is no audience '%.*s'", KB_ARG(kb_node_str(node))),
		kb_node_str(node), config->audiences, config->naudiences);
	return (uint8_t)(config->naudiences - 1);
}

static void read_audience(struct facts_reader *r)
{
	const struct kb_node *type = value_of(r, "type");
	enum kb_type known;
	uint8_t fallback = 0;

	if ((r->facts->type != KB_ARTICLE && r->facts->type != KB_SNIPPET) ||
		(type && kb_type_parse(kb_node_str(type), &known) < 0))
		fallback = (uint8_t)(r->config->naudiences - 1);
	r->facts->audience = audience_of(r, value_of(r, "audience"), fallback);
}

/* An unknown status means a draft, so that kb publishes nothing that it does not
 * understand. A document that another program calls a draft is one too, unless its status
 * says otherwise. */
static void read_status(struct facts_reader *r)
{
	static const kb_str words[] = {[KB_DRAFT] = {"draft", 5},
		[KB_REVIEW] = {"review", 6},
		[KB_PUBLISHED] = {"published", 9},
		[KB_ARCHIVED] = {"archived", 8}};
	const struct kb_node *node = value_of(r, "status");

	r->facts->status = KB_PUBLISHED;
	if (!(node && node->range.len) && kb_front_says_draft(r->facts->front)) {
		r->facts->status = KB_DRAFT;
		return;
	}
	if (!node)
		return;
	for (size_t i = 0; i < KB_LEN(words); i++) {
		if (kb_str_eq(kb_node_str(node), words[i])) {
			r->facts->status = (enum kb_status)i;
			return;
		}
	}
	r->facts->status = KB_DRAFT;
	hint_nearest(r,
		fault(r, node, "'%.*s' is not a status", KB_ARG(kb_node_str(node))),
		kb_node_str(node), words, KB_LEN(words));
}

static time_t time_of(struct facts_reader *r, const struct kb_node *node, bool *is_day)
{
	time_t t;

	*is_day = false;
	if (!node)
		return 0;
	if (kb_time_parse(kb_node_str(node), r->config->timezone, &t, is_day) == 0)
		return t;
	kb_diag_hint(r->diags,
		fault(r, node, "'%.*s' is not a date", KB_ARG(kb_node_str(node))),
		"write a date like 2026-11-20, or a time like 2026-11-20T09:00:00+01:00");
	return 0;
}

/* Fails closed: if a limit is not a date, the document is a draft. */
static time_t bound_of(struct facts_reader *r, const char *key, bool *is_day)
{
	const struct kb_node *node = value_of(r, key);
	time_t bound = time_of(r, node, is_day);

	if (node && !bound)
		r->facts->status = KB_DRAFT;
	return bound;
}

/* The midnight that ends the day: a day of 23 or 25 hours is one too. */
static void read_times(struct facts_reader *r)
{
	struct kb_facts *facts = r->facts;
	bool is_day;

	facts->reviewed = time_of(r, value_of(r, "reviewed"), &is_day);
	facts->publish_at = bound_of(r, "publish_at", &is_day);
	facts->expires_at = bound_of(r, "expires_at", &is_day);
	if (facts->expires_at && is_day)
		facts->expires_at = kb_day_start(r->config->timezone,
			kb_day_number(r->config->timezone, facts->expires_at) + 1);
}

/* Who sees the document, and when. */
static void read_readers(struct facts_reader *r)
{
	read_audience(r);
	read_status(r);
	read_times(r);
}

/* Fewer readers of two choices. */
static void restrict_to(struct kb_facts *facts, const struct kb_facts *other)
{
	if (other->audience > facts->audience)
		facts->audience = other->audience;
	if (other->status == KB_DRAFT || other->status == KB_REVIEW)
		facts->status = other->status;
	if (other->publish_at > facts->publish_at)
		facts->publish_at = other->publish_at;
	if (other->expires_at &&
		(!facts->expires_at || other->expires_at < facts->expires_at))
		facts->expires_at = other->expires_at;
}

/* MAP with another pair that is found first. */
static struct kb_node *put_first(
	struct kb_arena *arena, const struct kb_node *map, struct kb_pair pair)
{
	struct kb_node *all = kb_arena_copy(arena, map, sizeof(*map));

	all->pairs = kb_arena_array(arena, struct kb_pair, (size_t)map->len + 1);
	all->pairs[0] = pair;
	if (map->len)
		memcpy(all->pairs + 1, map->pairs, map->len * sizeof(pair));
	all->len++;
	return all;
}

/* Leaves the document the readers that it would also have if KEY had this VALUE. */
static void read_restriction(
	const struct facts_reader *r, kb_str key, struct kb_node *value)
{
	struct kb_facts facts = *r->facts;
	struct kb_diags unsaid;
	struct facts_reader other = {r->context, r->config, r->arena, &facts, &unsaid};
	struct kb_pair pair = {kb_arena_new_of(r->arena, struct kb_node), value};

	*pair.key = (struct kb_node){.value = key, .range = value->range};
	facts.front = put_first(r->arena, facts.front, pair);
	facts.mapped = put_first(r->arena, facts.mapped, pair);
	kb_diags_init(&unsaid, NULL);
	read_type(&other);
	read_readers(&other);
	kb_diags_dispose(&unsaid);
	restrict_to(r->facts, &facts);
}

/* Another key of the document counts instead. A second type says nothing of readers. */
static bool is_overruled(const struct facts_reader *r, kb_str key,
	const struct kb_pair *pair, bool defaults)
{
	return !defaults && !kb_str_is(key, "type") &&
	       kb_node_get_str(kb_facts_meta(r->facts), key) != pair->value;
}

enum { RESTRICTIONS_MAX = 16, NESTED_MAX = 1000 };

/* Nobody can say any more who sees the document: it is a draft for the most trusted. */
static bool restrict_most(struct facts_reader *r)
{
	r->facts->audience = (uint8_t)(r->config->naudiences - 1);
	r->facts->status = KB_DRAFT;
	return false;
}

/* Each reading copies the keys, so there are only a few; false: too many. */
static bool restrict_by(
	struct facts_reader *r, kb_str key, struct kb_node *value, unsigned *n)
{
	if ((*n)++ < RESTRICTIONS_MAX) {
		read_restriction(r, key, value);
		return true;
	}
	return restrict_most(r);
}

static void hint_moved(
	struct facts_reader *r, struct kb_diag *said, kb_str key, kb_str value)
{
	bool one_line = value.len && kb_str_chr(value, '\n') == SIZE_MAX;

	kb_diag_hint(r->diags, said,
		"write '%.*s: %.*s' on its own line, not indented; until then, kb "
		"hides the document from everyone it might not be for",
		KB_ARG(key), KB_ARG(one_line ? value : KB_STR("...")));
}

/*
 * A key that says who sees the document counts although it is below one that is not
 * known ('meta', '<<'), of which SAID tells, or is itself not known there. False after
 * too many.
 */
static bool read_nested(struct facts_reader *r, const struct kb_node *node,
	struct kb_diag *said, unsigned *n)
{
	bool map = node->kind == KB_NODE_MAP;

	for (uint32_t i = 0; node->kind != KB_NODE_SCALAR && i < node->len; i++) {
		struct kb_node *value = map ? node->pairs[i].value : node->items[i];
		kb_str word = map ? kb_node_str(node->pairs[i].key) : KB_STR("");
		kb_str key = kb_front_restriction(r->context->mount, word, true);
		struct kb_diag *diag = said || !key.len || kb_node_is_null(value)
					       ? said
					       : said_of(r, node->pairs[i].key->range);

		if (key.len && diag && !kb_node_is_null(value)) {
			hint_moved(r, diag, key, kb_node_str(value));
			if (!restrict_by(r, key, value, n))
				return false;
		} else if (said && !read_nested(r, value, said, n)) {
			return false;
		}
	}
	return true;
}

/*
 * Closed rather than open: a key that is there twice, or in two spellings that the
 * content folder maps to one, or is nearly one of those that say who sees a document,
 * counts where it is the stricter one.
 */
static void read_restrictions(
	struct facts_reader *r, const struct kb_node *map, bool defaults)
{
	unsigned n = 0, nested = 0;

	for (uint32_t i = 0; map && i < map->len; i++) {
		const struct kb_pair *pair = &map->pairs[i];
		bool below = !defaults && pair->value->kind != KB_NODE_SCALAR;
		kb_str word = kb_node_str(pair->key), key;
		bool again;

		if (kb_node_is_null(pair->value))
			continue;
		key = kb_front_restriction(r->context->mount, word, true);
		again = key.len && (kb_node_get_str(map, word) != pair->value ||
					   is_overruled(r, key, pair, defaults));
		if (!key.len)
			key = kb_front_restriction(r->context->mount, word, false);
		if (!key.len && below &&
			!(nested++ < NESTED_MAX
					? read_nested(r, pair->value,
						  said_of(r, pair->key->range), &n)
					: restrict_most(r)))
			return;
		if (!key.len || (!again && !defaults && !is_said(r, pair->key->range)) ||
			(defaults && kb_node_get_str(kb_facts_meta(r->facts), key)))
			continue;
		if (defaults)
			read_restriction(r, key, pair->value);
		else if (!restrict_by(r, key, pair->value, &n))
			return;
	}
}

/* A repository with schemas of its own may have keys of its own. */
static void read_all_restrictions(struct facts_reader *r)
{
	read_restrictions(r, r->facts->front, false);
	if (!r->config->nschemas)
		read_restrictions(r, r->context->mount->defaults, true);
}

static void read_review_every(struct facts_reader *r)
{
	const struct kb_node *node = value_of(r, "review_every");

	if (node && kb_interval_parse(kb_node_str(node), &r->facts->review_every) < 0)
		kb_diag_hint(r->diags,
			fault(r, node, "'%.*s' is not a length of time",
				KB_ARG(kb_node_str(node))),
			"write 30d, 12w, 6m or 1y");
}

static void read_notice(struct facts_reader *r)
{
	const struct kb_node *node = value_of(r, "notice"),
			     *who = kb_node_get(node, "for");
	struct kb_notice *notice = &r->facts->notice;
	bool open = r->facts->type == KB_SNIPPET && !value_of(r, "audience"), is_day;

	if (!node)
		return;
	notice->given = true;
	notice->date = time_of(r, kb_node_get(node, "date"), &is_day);
	notice->text = kb_str_trim(kb_node_str(kb_node_get(node, "text")));
	/* Who reads a snippet, the documents say that include it; none shows its notice.
	 */
	notice->audience = audience_of(
		r, who, open ? (uint8_t)(r->config->naudiences - 1) : r->facts->audience);
}

static void read_translation(struct facts_reader *r)
{
	const struct kb_node *node = value_of(r, "translation");
	kb_str revision = kb_node_str(kb_node_get(node, "revision"));
	struct kb_translation *translation = &r->facts->translation;
	bool is_day;

	if (!node)
		return;
	translation->given = true;
	translation->date = time_of(r, kb_node_get(node, "date"), &is_day);
	revision = kb_str_sub(revision, 0, sizeof(translation->revision) - 1);
	if (revision.len)
		memcpy(translation->revision, revision.data, revision.len);
}

static bool bool_of(const struct facts_reader *r, const char *key)
{
	const struct kb_node *node = value_of(r, key);
	bool value = false;

	return node && kb_node_bool(node, &value) == 0 && value;
}

static int int_of(const struct facts_reader *r, const char *key)
{
	const struct kb_node *node = value_of(r, key);
	long long n;

	if (!node || kb_node_int(node, &n) < 0)
		return 0;
	return n > 1000000 ? 1000000 : n < -1000000 ? -1000000 : (int)n;
}

static void read_lists(struct facts_reader *r)
{
	struct kb_facts *facts = r->facts;

	facts->issues = kb_node_strs(r->arena, value_of(r, "issues"));
	facts->regions = kb_node_strs(r->arena, value_of(r, "regions"));
	facts->channels = kb_node_strs(r->arena, value_of(r, "channels"));
	facts->products = kb_node_strs(r->arena, value_of(r, "products"));
	facts->tags = kb_node_strs(r->arena, value_of(r, "tags"));
	facts->keywords = kb_node_strs(r->arena, value_of(r, "keywords"));
	facts->aliases = kb_node_strs(r->arena, value_of(r, "aliases"));
	facts->related = kb_node_strs(r->arena, value_of(r, "related"));
	for (size_t i = 0; i < facts->related.len; i++)
		facts->related.items[i] = kb_nfc(r->arena, facts->related.items[i]);
}

static void read_strings(struct facts_reader *r)
{
	struct kb_facts *facts = r->facts;

	facts->own_id = kb_nfc(r->arena, str_of(r, "id"));
	facts->title = str_of(r, "title");
	facts->summary = str_of(r, "summary");
	facts->question = str_of(r, "question");
	facts->slug = str_of(r, "slug");
	facts->subject = str_of(r, "subject");
	facts->owner = str_of(r, "owner");
	facts->deputy = str_of(r, "deputy");
	facts->variant_of = kb_nfc(r->arena, str_of(r, "variant_of"));
}

/* What kb.yaml knows of a kind: structures of SIZE that begin with their id. */
struct known_ids {
	const char *key, *noun;
	const void *items;
	size_t n, size;
};

static void check_names(
	struct facts_reader *r, const struct known_ids *known, const kb_strs *words)
{
	const struct kb_node *node = value_of(r, known->key);
	kb_str *ids;

	if (!known->n || !words->len)
		return;
	ids = kb_arena_array(r->diags->arena, kb_str, known->n);
	for (size_t i = 0; i < known->n; i++)
		memcpy(&ids[i], (const char *)known->items + i * known->size,
			sizeof(kb_str));
	for (size_t i = 0; i < words->len; i++) {
		const struct kb_node *item =
			node->kind == KB_NODE_SEQ ? node->items[i] : node;
		bool is_known = false;

		for (size_t j = 0; j < known->n; j++)
			is_known |= kb_str_eq(ids[j], words->items[i]);
		if (!is_known)
			hint_nearest(r,
				fault(r, item, "kb.yaml has no %s '%.*s'", known->noun,
					KB_ARG(words->items[i])),
				words->items[i], ids, known->n);
	}
}

/* Without 'products' or 'regions' in kb.yaml any will do. A reply's channels are
 * checked with its texts. */
static void check_all_names(struct facts_reader *r)
{
	const struct kb_config *config = r->config;
	const struct kb_facts *facts = r->facts;
	const struct known_ids regions = {"regions", "region", config->regions,
		config->nregions, sizeof(*config->regions)};
	const struct known_ids products = {"products", "product", config->products,
		config->nproducts, sizeof(*config->products)};
	const struct known_ids channels = {"channels", "channel", config->channels,
		config->nchannels, sizeof(*config->channels)};

	check_names(r, &regions, &facts->regions);
	check_names(r, &products, &facts->products);
	if (facts->type != KB_REPLY)
		check_names(r, &channels, &facts->channels);
}

static void read_front(struct facts_reader *r)
{
	struct kb_facts *facts = r->facts;

	read_strings(r);
	read_lists(r);
	read_readers(r);
	read_all_restrictions(r);
	read_review_every(r);
	read_notice(r);
	read_translation(r);
	facts->promoted = bool_of(r, "promoted");
	facts->weight = int_of(r, "weight");
	check_all_names(r);
}

/* What front matter that cannot be parsed may say of who sees its document. */
static void read_unparsed(const struct facts_reader *r, kb_str text)
{
	const struct kb_mount *own = r->context->mount;
	struct kb_facts facts = *r->facts;
	struct kb_mount mount = {.defaults = own->defaults};
	struct kb_diags unsaid;
	struct facts_reader raw = {r->context, r->config, r->arena, &facts, &unsaid};
	bool conflict;

	kb_diags_init(&unsaid, NULL);
	facts.front = kb_front_raw(r->arena, own, text, &conflict);
	facts.mapped = kb_front_meta(r->arena, &mount, facts.front);
	read_type(&raw);
	read_readers(&raw);
	read_all_restrictions(&raw);
	if (conflict)
		restrict_to(&facts, kb_facts_unread(r->arena, r->context));
	facts.front = facts.mapped = NULL;
	*r->facts = facts;
	kb_diags_dispose(&unsaid);
}

struct kb_md *kb_facts_parse(const struct kb_facts *facts, const struct kb_config *config,
	const struct kb_mount *mount, kb_str text)
{
	struct kb_md_syntax syntax = config->syntax;

	syntax.literal = !mount->expand;
	syntax.steps = facts->type == KB_WORKFLOW;
	return kb_md_parse(kb_str_sub(text, facts->body_offset, text.len),
		facts->body_offset, &syntax);
}

static void read_body(
	struct facts_reader *r, kb_str text, kb_str body, kb_facts_see_fn *see, void *ctx)
{
	struct kb_md *md;

	kb_controls_find(
		&(struct kb_controls){.diags = r->diags, .path = r->context->path}, body,
		r->facts->body_offset);
	md = kb_facts_parse(r->facts, r->config, r->context->mount, text);
	kb_md_facts(md, r->arena, &r->facts->body, r->context->path, r->diags);
	if (!see || !see(ctx, r->facts, md))
		kb_md_free(md);
}

static struct kb_facts *facts_new(
	struct kb_arena *arena, const struct kb_facts_context *context)
{
	const struct kb_mount *mount = context->mount;
	struct kb_facts *facts = kb_arena_new_of(arena, struct kb_facts);

	facts->type = mount->has_type ? mount->type : KB_ARTICLE;
	facts->broken = true;
	return facts;
}

struct kb_facts *kb_facts_unread(
	struct kb_arena *arena, const struct kb_facts_context *context)
{
	struct kb_facts *facts = facts_new(arena, context);

	read_unparsed(
		&(struct facts_reader){context, context->config, arena, facts, NULL},
		KB_STR(""));
	return facts;
}

void kb_facts_check_defaults(struct kb_arena *arena,
	const struct kb_facts_context *context, struct kb_diags *diags)
{
	struct kb_facts *facts = facts_new(arena, context);
	struct kb_diags all, found;
	struct facts_reader r = {context, context->config, arena, facts, &all};

	facts->mapped = facts->front = context->mount->defaults;
	kb_diags_init(&all, NULL);
	kb_diags_init(&found, NULL);
	read_type(&r);
	kb_schema_check(context->schemas[facts->type], facts->mapped, context->path,
		KB_SCHEMA_FRONT_MATTER, &found);
	for (size_t i = 0; i < found.len; i++)
		if (found.items[i].rule != KB_RULE_SCHEMA_REQUIRED)
			diag_take(&r, &found.items[i]);
	read_front(&r);
	kb_diags_merge(diags, &all);
	kb_diags_dispose(&found);
	kb_diags_dispose(&all);
}

static void read_all(struct facts_reader *r, kb_str text, kb_facts_see_fn *see, void *ctx)
{
	struct kb_facts *facts = r->facts;
	kb_str body = KB_STR_NULL;

	if (r->context->blob)
		memcpy(facts->blob, r->context->blob, sizeof(facts->blob));
	else
		kb_blob_id(text, facts->blob);
	if (kb_line_start(text, text.len) != text.len)
		facts->unended = (uint32_t)text.len;
	if (!kb_conflict_check(text, 0, r->context->path, r->diags) &&
		kb_encoding_check(r->context->path, text, r->diags))
		facts->front = kb_front_matter_parse(r->arena, text, r->context->path,
			&body, &facts->body_offset, r->diags);
	if (!facts->front) {
		read_unparsed(r, text);
		return;
	}
	facts->broken = false;
	kb_suppressions_check(
		&(struct kb_reading){.arena = r->diags->arena, .diags = r->diags},
		r->context->path, text);
	facts->mapped = kb_front_meta(r->arena, r->context->mount, facts->front);
	read_type(r);
	check_schema(r, r->context->schemas ? r->context->schemas[facts->type] : NULL);
	check_type(r);
	read_front(r);
	read_body(r, text, body, see, ctx);
}

void kb_facts_take(struct kb_arena *arena, struct kb_diags *found, struct kb_diag **items,
	uint32_t *n)
{
	struct kb_diags copy = {.arena = arena};

	kb_diags_merge(&copy, found);
	*n = (uint32_t)copy.len;
	*items = kb_vec_freeze(&copy, arena);
}

struct kb_facts *kb_facts_read(struct kb_arena *arena,
	const struct kb_facts_context *context, kb_str text, kb_facts_see_fn *see,
	void *ctx)
{
	struct kb_facts *facts = facts_new(arena, context);
	struct kb_diags found;

	kb_diags_init(&found, NULL);
	read_all(&(struct facts_reader){context, context->config, arena, facts, &found},
		text, see, ctx);
	kb_facts_take(arena, &found, &facts->findings, &facts->nfindings);
	kb_diags_dispose(&found);
	if (facts->mapped == facts->front)
		facts->mapped = NULL;
	return facts;
}

void kb_facts_report(const struct kb_facts *facts, struct kb_diags *diags)
{
	kb_diags_copy(diags, facts->findings, facts->nfindings);
}

kb_range kb_facts_range(const struct kb_facts *facts, const char *key)
{
	const struct kb_pair *pair = kb_node_pair(kb_facts_meta(facts), key);

	if (!pair)
		return (kb_range){0, 0};
	return pair->value->range.len ? pair->value->range : pair->key->range;
}

kb_range kb_facts_item_range(const struct kb_facts *facts, const char *key, uint32_t i)
{
	const struct kb_node *node = kb_node_get(kb_facts_meta(facts), key);

	if (node && node->kind == KB_NODE_SEQ && i < node->len)
		return node->items[i]->range;
	return kb_facts_range(facts, key);
}
