/* What is in new documents. */
#include "new.h"

#include "kb/embed.h"
#include "kb/unicode.h"
#include "kb/yaml_edit.h"

static void put_list(kb_buf *out, const char *key, const kb_str *items, size_t n)
{
	if (n)
		kb_buf_fmt(out, "%s:\n", key);
	for (size_t i = 0; i < n; i++) {
		kb_buf_puts(out, "  - ");
		kb_yaml_put_scalar(out, items[i], '"', true);
		kb_buf_putc(out, '\n');
	}
}

/* What a line of a template that is nothing but @WORD@ stands for. */
static bool put_block(kb_buf *out, const struct kb_draft *draft, kb_str line)
{
	if (kb_str_is(line, "@HEAD@")) {
		kb_yaml_put_key(out, "id", draft->id);
		kb_yaml_put_key(out, "title", draft->title);
		kb_yaml_put_key(out, "summary", draft->summary);
		if (draft->type == KB_ARTICLE)
			kb_yaml_put_key(out, "question", draft->question);
		put_list(out, "issues", draft->issues.items, draft->issues.len);
		if (draft->type != KB_REFERENCE && draft->type != KB_SNIPPET)
			put_list(out, "keywords", draft->keywords, draft->nkeywords);
		kb_yaml_put_key(out, "owner", draft->owner);
	} else if (kb_str_is(line, "@SUBJECT@")) {
		kb_yaml_put_key(out, "subject", draft->title);
	} else {
		return false;
	}
	return true;
}

static void put_line(kb_buf *out, kb_str line, kb_str word, kb_str value)
{
	size_t at = kb_str_find(line, word);

	kb_buf_str(out, kb_str_sub(line, 0, at));
	if (at != SIZE_MAX) {
		kb_buf_str(out, value);
		kb_buf_str(out, kb_str_sub(line, at + word.len, line.len));
	}
	kb_buf_putc(out, '\n');
}

/* To which a case that the document does not settle may go: the owner, or the first. */
static kb_str team_of(const struct kb_people *people, kb_str owner)
{
	const struct kb_person *own = kb_people_find(people, owner);

	if (own && own->team)
		return owner;
	for (uint32_t i = 0; i < people->len; i++)
		if (people->items[i].team)
			return people->items[i].id;
	return KB_STR_NULL;
}

static void fill(kb_buf *out, const struct kb_draft *draft, kb_str template)
{
	_cleanup_buf_ kb_buf end = {0};
	kb_str line;
	kb_str team = team_of(draft->lib->people, draft->owner);

	if (team.len)
		kb_buf_fmt(&end, "kb:escalate/%.*s", KB_ARG(team));
	else
		kb_buf_puts(&end, "kb:closed");
	for (kb_str rest = template; rest.len && kb_str_next(&rest, '\n', &line);) {
		if (!put_block(out, draft, line))
			put_line(out, line, KB_STR("@ESCALATE@"), kb_buf_view(&end));
	}
}

/* The type's template in the locale's language, else in English. */
static kb_str template_of(enum kb_type type, kb_str locale)
{
	kb_str text = KB_STR_NULL;

	for (bool found = false; !found; locale = kb_locale_parent(locale)) {
		_cleanup_buf_ kb_buf name = {0};

		kb_buf_fmt(&name, "new/%.*s%s%s.md", KB_ARG(locale),
			locale.len ? "/" : "", kb_type_name(type));
		found = kb_embed_get(kb_buf_view(&name), &text) || !locale.len;
	}
	return text;
}

void kb_edit_new(struct kb_rewrites *rewrites, const struct kb_draft *draft)
{
	_cleanup_buf_ kb_buf text = {0};

	fill(&text, draft,
		template_of(
			draft->type, draft->lib->config->locales[draft->locale].code));
	kb_vec_push(rewrites,
		((struct kb_rewrite){.path = draft->path,
			.after = kb_arena_str(rewrites->arena, kb_buf_view(&text)),
			.is_new = true}));
}

/* Keys that a translation has of its own, or that its source says for it. */
static bool is_dropped(kb_str line)
{
	static const char *const keys[] = {
		"reviewed", "status", "translation", "notice", "cases", "publish_at"};
	kb_str key = kb_str_sub(line, 0, kb_str_chr(line, ':'));

	for (size_t i = 0; i < KB_LEN(keys); i++) {
		if (kb_str_is(key, keys[i]))
			return true;
	}
	return false;
}

static bool begins_key(kb_str line)
{
	return line.len && !strchr(" \t-#\r", line.data[0]);
}

void edit_put_translation(kb_buf *out, kb_str file, const char *blob)
{
	kb_str line;
	bool dropping = false, open = false;

	for (kb_str rest = file; rest.len && kb_str_next(&rest, '\n', &line);) {
		kb_str bare = kb_str_trim(line);

		if (kb_str_is(bare, "---") && !open) {
			open = true;
		} else if (kb_str_is(bare, "---")) {
			kb_buf_fmt(out,
				"status: draft\ntranslation:\n  revision: %s\n---\n",
				blob);
			kb_buf_str(out, rest);
			return;
		} else if (begins_key(line)) {
			dropping = is_dropped(line);
		}
		if (!dropping)
			kb_buf_fmt(out, "%.*s\n", KB_ARG(line));
	}
}
