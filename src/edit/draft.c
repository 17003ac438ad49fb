/* Which new documents there may be, and what they say of themselves. */
#include "kb/draft.h"

#include "kb/file.h"
#include "kb/pick.h"
#include "kb/unicode.h"
#include "new.h"

/* The part of an id that names the file: "articles/descale" is descale among articles. */
static kb_str name_of_id(enum kb_type type, kb_str id)
{
	size_t slash = kb_str_chr(id, '/');
	kb_str folder = kb_str_sub(id, 0, slash), name = kb_str_of(kb_type_name(type));
	bool own = slash != SIZE_MAX && kb_str_starts(folder, name) &&
		   (folder.len == name.len ||
			   (folder.len == name.len + 1 && folder.data[name.len] == 's'));
	bool replies =
		slash != SIZE_MAX && type == KB_REPLY && kb_str_is(folder, "replies");

	return own || replies ? kb_str_sub(id, slash + 1, id.len) : id;
}

/* An id as the schemas have it. */
static bool may_be_id(kb_str words)
{
	for (size_t i = 0; i < words.len; i++)
		if ((unsigned char)words.data[i] <= ' ' || strchr("#?{}", words.data[i]))
			return false;
	return words.len > 0;
}

/* The id that words make: the parts between slashes as kb makes parts of addresses. */
static kb_str id_of_words(struct kb_arena *arena, kb_str words)
{
	kb_str id = KB_STR(""), part;

	while (kb_str_next(&words, '/', &part)) {
		kb_str slug = kb_slug_path(arena, part);

		if (slug.len)
			id = kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(id),
				id.len ? "/" : "", KB_ARG(slug));
	}
	return id;
}

/* The document that has the id; in another locale, one of another type, which could not
 * be its translation. */
static const struct kb_document *taken_by(const struct kb_draft *draft)
{
	const struct kb_family *family = kb_library_family(draft->lib, draft->id);

	if (family && family->by_locale[draft->locale])
		return family->by_locale[draft->locale];
	for (uint32_t i = 0; family && i < draft->lib->config->nlocales; i++) {
		const struct kb_document *doc = family->by_locale[i];

		if (doc && doc->facts->type != draft->type)
			return doc;
	}
	return NULL;
}

static int check_id(const struct kb_draft *draft, kb_str words, struct kb_error *err)
{
	kb_str normal, id = draft->id;

	if (!id.len || id.data[0] == '/' || kb_str_ends(id, KB_STR("/")) ||
		!kb_path_normalize(draft->arena, id, &normal) || !kb_str_eq(normal, id))
		return kb_error_set(err, KB_E_USAGE,
			"'%.*s' is not a valid id: use letters, digits and hyphens, as in "
			"descale or care/descale",
			KB_ARG(words));
	const struct kb_document *other = taken_by(draft);
	return other ? kb_error_set(err, KB_E_USAGE,
			       "the id '%.*s' is taken by %.*s: choose another",
			       KB_ARG(id), KB_ARG(other->path))
		     : 0;
}

int kb_draft_init(struct kb_draft *draft, const struct kb_library *lib,
	struct kb_arena *arena, enum kb_type type, uint32_t locale, kb_str words,
	struct kb_error *err)
{
	words = kb_str_trim(words);
	*draft = (struct kb_draft){
		.lib = lib, .arena = arena, .type = type, .locale = locale, .id = words};
	if (!may_be_id(words)) {
		draft->id = id_of_words(arena, words);
		kb_draft_answer(draft, KB_ASK_TITLE, kb_path_base(words), NULL);
	}
	if (check_id(draft, words, err))
		return -1;
	const struct kb_mount *mount = edit_place(
		lib, arena, type, locale, name_of_id(type, draft->id), &draft->path);
	if (!mount)
		return edit_no_place(type, err);
	draft->has_owner = kb_node_get(mount->defaults, "owner") != NULL;
	return 0;
}

void kb_draft_dispose(struct kb_draft *draft)
{
	kb_vec_dispose(&draft->issues);
}

enum kb_question kb_draft_next(const struct kb_draft *draft, bool *optional)
{
	bool needs_issue = draft->type == KB_WORKFLOW || draft->type == KB_REPLY;
	bool takes_issue =
		needs_issue || (draft->type == KB_ARTICLE && draft->lib->taxonomy->len);

	*optional = false;
	if (!draft->title.len)
		return KB_ASK_TITLE;
	if (!draft->owner.len && !draft->has_owner)
		return KB_ASK_OWNER;
	if (draft->issues.len || !takes_issue)
		return KB_ASK_NOTHING;
	*optional = !needs_issue;
	return needs_issue || !(draft->asked & 1u << KB_ASK_ISSUE) ? KB_ASK_ISSUE
								   : KB_ASK_NOTHING;
}

static int take_issue(struct kb_draft *draft, kb_str id, struct kb_error *err)
{
	const struct kb_issue *issue;

	if (draft->type == KB_REFERENCE || draft->type == KB_SNIPPET)
		return kb_error_set(
			err, KB_E_USAGE, "a %s has no issues", kb_type_name(draft->type));
	if (kb_pick_issue(draft->lib, id, &issue, err))
		return -1;
	if (issue->retired)
		return kb_error_set(
			err, KB_E_USAGE, "the issue '%.*s' is retired", KB_ARG(id));
	kb_vec_push(&draft->issues, kb_arena_str(draft->arena, id));
	return 0;
}

int kb_draft_answer(struct kb_draft *draft, enum kb_question question, kb_str answer,
	struct kb_error *err)
{
	draft->asked |= 1u << question;
	if (!answer.len)
		return 0;
	if (question == KB_ASK_ISSUE)
		return take_issue(draft, answer, err);
	if (question == KB_ASK_OWNER && kb_pick_person(draft->lib, answer, err))
		return -1;
	*(question == KB_ASK_TITLE ? &draft->title : &draft->owner) =
		kb_arena_str(draft->arena, answer);
	return 0;
}
