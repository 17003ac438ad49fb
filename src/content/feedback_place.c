/* Which document somebody means who reports something about it. */
#include "kb/arena_str.h"
#include "kb/feedback.h"
#include "kb/unicode.h"
#include "index.h"
#include "link.h"

static bool take(const struct kb_library *lib, struct kb_family *family, uint32_t locale,
	struct kb_feedback_place *out)
{
	out->family = family;
	out->locale = locale;
	out->doc = family ? kb_family_find(lib, family, locale == KB_NONE ? 0 : locale)
			  : NULL;
	for (uint32_t l = 0; family && !out->doc && l < lib->config->nlocales; l++)
		out->doc = family->by_locale[l];
	return out->doc != NULL;
}

static bool find_path(
	const struct kb_library *lib, kb_str word, struct kb_feedback_place *out)
{
	kb_str prefix = kb_source_prefix(lib->source);
	struct kb_document *doc = kb_library_by_path(lib, word);

	if (!doc && prefix.len && kb_str_starts(word, prefix))
		doc = kb_library_by_path(lib, kb_str_sub(word, prefix.len + 1, word.len));
	return doc && doc->family && take(lib, doc->family, doc->locale, out);
}

/* "de/descale" */
static bool find_in_locale(
	const struct kb_library *lib, kb_str word, struct kb_feedback_place *out)
{
	size_t slash = kb_str_chr(word, '/');
	uint32_t locale = slash == SIZE_MAX ? KB_NONE
					    : kb_config_locale(lib->config,
						      kb_str_sub(word, 0, slash));

	return locale != KB_NONE &&
	       take(lib, kb_library_family(lib, kb_str_sub(word, slash + 1, word.len)),
		       locale, out);
}

/* The address of a page: of this site or, as far as its path is one of this site, of
 * another one, as where it is tried out. */
static bool find_page(const struct kb_library *lib, struct kb_arena *arena, kb_str url,
	struct kb_feedback_place *out)
{
	size_t scheme = kb_str_find(url, KB_STR("://"));
	struct kb_target target = {0};
	kb_str path = url, key;
	uint32_t locale;

	if (scheme != SIZE_MAX && !kb_url_is_own(lib, url, &path)) {
		path = kb_str_sub(url, scheme + 3, url.len);
		path = kb_str_sub(path, kb_str_chr(path, '/'), path.len);
	}
	if (!path.len || path.data[0] != '/')
		return false;
	path = kb_str_sub(path, 0, kb_str_chr(path, '?'));
	key = kb_site_path_key(lib, arena, path);
	locale = kb_config_locale(lib->config, kb_str_sub(key, 0, kb_str_chr(key, '/')));
	return kb_site_resolve(
		       lib, arena, locale == KB_NONE ? 0 : locale, path, &target) &&
	       target.family && take(lib, target.family, locale, out);
}

static kb_str heading_of(const struct kb_document *doc, kb_str id)
{
	const struct kb_md_facts *body = &doc->facts->body;

	for (uint32_t i = 0; i < body->nheadings; i++)
		if (kb_str_eq(body->headings[i].id, id))
			return body->headings[i].id;
	return KB_STR("");
}

/* An id does not say which locale's headings are meant. */
static void take_step(
	const struct kb_library *lib, struct kb_feedback_place *out, kb_str step)
{
	bool known = kb_document_has_fragment(lib, out->doc, step);

	out->step = heading_of(out->doc, step);
	for (uint32_t l = 0; out->locale == KB_NONE && l < lib->config->nlocales; l++)
		if (out->family->by_locale[l] && !out->step.len)
			out->step = heading_of(out->family->by_locale[l], step);
	out->missing = out->step.len || known ? KB_STR("") : step;
}

bool kb_feedback_find_place(const struct kb_library *lib, struct kb_arena *arena,
	kb_str word, struct kb_feedback_place *out)
{
	size_t hash = kb_str_chr(word, '#');
	kb_str step =
		hash == SIZE_MAX
			? KB_STR("")
			: kb_nfc(arena, kb_percent_decode(arena,
						kb_str_sub(word, hash + 1, word.len)));

	*out = (struct kb_feedback_place){.locale = KB_NONE};
	word = kb_str_trim(kb_str_sub(word, 0, hash));
	if (!word.len)
		return false;
	if (kb_str_starts(word, KB_STR("id:")))
		word = kb_str_sub(word, 3, word.len);
	if (!take(lib, kb_library_family(lib, word), KB_NONE, out) &&
		!find_path(lib, word, out) && !find_in_locale(lib, word, out) &&
		!find_page(lib, arena, word, out))
		return false;
	take_step(lib, out, step);
	return true;
}
