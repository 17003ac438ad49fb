/* Documents that are not adopted: those that no site showed, and those that are not
 * needed. */
#include "adopt.h"

#include "kb/document.h"
#include "kb/unicode.h"

/* A path that kb makes a page for itself: the site's and a locale's first page, 404. */
static bool is_own_page(struct kb_arena *arena, kb_str path)
{
	kb_str code;

	while (kb_str_starts(path, KB_STR("/")))
		path = kb_str_sub(path, 1, path.len);
	while (kb_str_ends(path, KB_STR("/")))
		path.len--;
	return path.len == 0 || kb_str_is(path, "index.html") ||
	       kb_str_is(path, "404.html") ||
	       (path.len <= 7 && path.len != 3 && path.len != 4 &&
		       kb_locale_canonical(arena, path, &code) &&
		       !kb_str_eq_nocase(kb_locale_name(arena, code), code));
}

static bool is_path(const struct kb_node *node)
{
	return node->kind == KB_NODE_SCALAR && kb_str_starts(node->value, KB_STR("/"));
}

static const struct kb_node *own_path(const struct kb_adopt_doc *doc)
{
	static const char *const keys[] = {"permalink", "url", "path"};

	for (size_t i = 0; i < KB_LEN(keys); i++) {
		const struct kb_node *node = kb_node_get(doc->front, keys[i]);

		if (node && is_path(node))
			return node;
	}
	return NULL;
}

static void ignore(struct kb_adoption *a, struct kb_adopt_doc *doc, const char *why)
{
	doc->dropped = true;
	kb_vec_push(&a->ignored, ((struct kb_adopt_ignored){doc->path, why}));
}

/* Words by which a page is for some readers only. */
static const struct {
	const char *key;
	const char *values[7];
} withheld[] = {
	{"private", {"true", "yes"}},
	{"internal", {"true", "yes"}},
	{"headless", {"true", "yes"}},
	{"public", {"false", "no"}},
	{"publish", {"false", "no"}},
	{"visibility", {"private", "internal", "restricted", "staff", "agents", "hidden",
			       "draft"}},
	{"access", {"private", "internal", "restricted", "staff", "agents", "hidden",
			   "draft"}},
	{"state", {"draft", "private", "internal", "unpublished"}},
};

static bool says_withheld(const struct kb_pair *pair, size_t entry)
{
	kb_str value = kb_node_str(pair->value);

	if (!kb_str_eq_nocase(kb_node_str(pair->key), kb_str_of(withheld[entry].key)))
		return false;
	for (size_t v = 0; v < KB_LEN(withheld[0].values); v++) {
		const char *word = withheld[entry].values[v];

		if (word && kb_str_eq_nocase(value, kb_str_of(word)))
			return true;
	}
	return false;
}

static bool is_withheld(const struct kb_node *front)
{
	for (uint32_t i = 0; front && i < front->len; i++) {
		for (size_t k = 0; k < KB_LEN(withheld); k++) {
			if (says_withheld(&front->pairs[i], k))
				return true;
		}
	}
	return false;
}

/* Jekyll and Hugo publish no page before its `date`, but kb does not have this key. */
static bool is_early(const struct kb_node *front, time_t now)
{
	kb_str date = kb_node_str(kb_node_get(front, "date"));
	time_t day;
	bool is_day;

	return (kb_time_parse(date, KB_STR("UTC"), &day, &is_day) == 0 ||
		       kb_time_parse(kb_str_sub(date, 0, 10), KB_STR("UTC"), &day,
			       &is_day) == 0) &&
	       day > now;
}

/* Drops pages that were only redirects, that kb makes itself, or that no site showed. */
void adopt_drop(struct kb_adoption *a, time_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->docs.len; i++) {
		struct kb_adopt_doc *doc = &a->docs.items[i];
		const struct kb_pair *to = kb_node_pair(doc->front, "redirect_to");
		const struct kb_node *path = own_path(doc);

		if (to && to->value->kind == KB_NODE_SCALAR) {
			ignore(a, doc, "only a redirect");
			if (path && kb_map_has(&a->aliases, kb_node_str(to->value)))
				kb_vec_push(&a->redirects,
					((struct kb_pair){
						(struct kb_node *)path, to->value}));
		} else if (path && is_own_page(a->arena, path->value)) {
			ignore(a, doc, "kb creates this page itself");
		} else if (kb_front_says_draft(doc->front)) {
			ignore(a, doc,
				"a draft: it says 'draft: true' or 'published: false'");
			a->drafts++;
		} else if (is_withheld(doc->front)) {
			ignore(a, doc,
				"not for all readers: it says 'private: true', "
				"'visibility: internal' or similar");
			a->withheld++;
		} else if (is_early(doc->front, now)) {
			ignore(a, doc,
				"not published yet: its 'date' is in the "
				"future");
			a->early++;
		}
		if (!doc->dropped)
			a->docs.items[kept++] = *doc;
	}
	a->docs.len = kept;
}
