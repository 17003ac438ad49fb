#include "kb/next_change.h"

#include "kb/vec.h"

enum { DAY = 86400, VISITS_MAX = 1000 };

struct clock {
	const struct kb_library *lib;
	const struct kb_publish_options *options;
	unsigned visits; /* of snippets, for one document */
	struct {
		KB_VEC(struct kb_turn);
	} turns;
};

static const struct {
	const char *name, *words;
} kinds[] = {
	[KB_TURN_APPEARS] = {"appears", "appears"},
	[KB_TURN_EXPIRES] = {"expires", "expires"},
	[KB_TURN_NOTICE] = {"notice", "shows its notice"},
	[KB_TURN_NOTICE_ENDS] = {"notice-ends", "no longer shows its notice"},
};

const char *kb_turn_kind_name(enum kb_turn_kind kind)
{
	return kinds[kind].name;
}

const char *kb_turn_kind_words(enum kb_turn_kind kind)
{
	return kinds[kind].words;
}

static void add(
	struct clock *c, const struct kb_document *doc, enum kb_turn_kind kind, time_t at)
{
	if (at > c->lib->now)
		kb_vec_push(&c->turns, ((struct kb_turn){at, kind, doc}));
}

static void add_document(struct clock *c, const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;

	if (facts->publish_at)
		add(c, doc, KB_TURN_APPEARS, facts->publish_at);
	if (facts->expires_at)
		add(c, doc, KB_TURN_EXPIRES, facts->expires_at);
	if (facts->notice.given && facts->notice.audience <= c->options->audience) {
		add(c, doc, KB_TURN_NOTICE, facts->notice.date);
		add(c, doc, KB_TURN_NOTICE_ENDS,
			facts->notice.date + (time_t)KB_NOTICE_DAYS * DAY);
	}
}

static bool is_chosen(const struct clock *c, uint32_t locale)
{
	const kb_strs *codes = c->options->locales;

	for (size_t i = 0; codes && i < codes->len; i++)
		if (kb_config_locale(c->lib->config, codes->items[i]) == locale)
			return true;
	return !codes || !codes->len;
}

/* Do readers of any locale get the document at a time? */
static bool is_shown(const struct clock *c, const struct kb_document *doc, time_t at)
{
	struct kb_library then = *c->lib;

	then.now = at;
	/* A document with errors may have a page that stays for as long as it may. */
	if (doc->facts->broken || !doc->family)
		return kb_document_allowed(
			&then, doc, c->options->audience, c->options->drafts);
	for (uint32_t i = 0; i < then.config->nlocales; i++)
		if (is_chosen(c, i) &&
			kb_family_visible(&then, doc->family, i, c->options->audience,
				c->options->drafts) == doc)
			return true;
	return false;
}

static bool includes(struct clock *c, const struct kb_document *doc,
	const struct kb_document *snippet, uint32_t locale, uint32_t depth)
{
	const struct kb_md_facts *body = &doc->facts->body;

	for (uint32_t i = 0; depth && i < body->nrefs; i++) {
		const struct kb_ref *ref = &body->refs[i];
		const struct kb_document *part;

		if (ref->kind != KB_REF_INCLUDE || ref->audience > c->options->audience)
			continue;
		if (c->visits++ >= VISITS_MAX)
			return true;
		part = kb_library_snippet(c->lib, ref->name, locale);
		if (part && (part == snippet ||
				    includes(c, part, snippet, locale, depth - 1)))
			return true;
	}
	return false;
}

static bool is_included(struct clock *c, const struct kb_turn *turn)
{
	uint32_t depth = c->lib->config->limits.snippet_depth;

	for (uint32_t i = 0; i < c->lib->ndocs; i++) {
		const struct kb_document *doc = c->lib->docs[i];

		c->visits = 0;
		if (doc->facts->type != KB_SNIPPET &&
			includes(c, doc, turn->doc, doc->locale, depth) &&
			is_shown(c, doc, turn->at))
			return true;
	}
	return false;
}

static bool is_snippet_shown(
	const struct clock *c, const struct kb_document *doc, time_t at)
{
	struct kb_library then = *c->lib;

	then.now = at;
	return kb_snippet_visible(&then, doc, c->options->audience, c->options->drafts);
}

/* Do readers see another site? */
static bool matters(struct clock *c, const struct kb_turn *turn)
{
	const struct kb_document *doc = turn->doc;
	time_t at = turn->at;

	if (doc->facts->type == KB_SNIPPET)
		return turn->kind <= KB_TURN_EXPIRES &&
		       is_snippet_shown(c, doc, at - 1) != is_snippet_shown(c, doc, at) &&
		       is_included(c, turn);
	if (turn->kind <= KB_TURN_EXPIRES)
		return is_shown(c, doc, at - 1) != is_shown(c, doc, at);
	return is_shown(c, doc, at - 1) && is_shown(c, doc, at);
}

static int by_time(const void *a, const void *b)
{
	const struct kb_turn *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return kb_str_cmp(x->doc->path, y->doc->path);
}

size_t kb_next_change(const struct kb_library *lib,
	const struct kb_publish_options *options, struct kb_arena *arena,
	struct kb_turn **turns)
{
	struct clock c = {.lib = lib, .options = options};
	size_t n = 0;

	for (uint32_t i = 0; i < lib->ndocs; i++)
		add_document(&c, lib->docs[i]);
	if (c.turns.len)
		qsort(c.turns.items, c.turns.len, sizeof(*c.turns.items), by_time);
	for (size_t i = 0; i < c.turns.len; i++) {
		if (n && c.turns.items[i].at != c.turns.items[0].at)
			break;
		if (matters(&c, &c.turns.items[i]))
			c.turns.items[n++] = c.turns.items[i];
	}
	c.turns.len = n;
	*turns = kb_vec_freeze(&c.turns, arena);
	kb_vec_dispose(&c.turns);
	return n;
}
