/*
 * What the text of a report says about its place. Forms and the links of the site put it
 * there, each in a line of its own: "document: descale", "de/descale#rinse (9f8c1d2)",
 * the address of the page, or the fields of an issue form of GitHub ("### Page", then the
 * value). An address within a sentence counts, too, but stays.
 */
#include "feedback_export.h"

#include "kb/file.h"

static bool is_place(struct feedback_export *e, kb_str word)
{
	struct kb_feedback_place place;

	return word.len > 1 && word.len < 1000 &&
	       kb_feedback_find_place(e->lib, e->arena, word, &place);
}

/* Does kb know what the value of this field means? */
static bool is_known(struct feedback_export *e, const struct kb_feedback_given *it)
{
	kb_str step = it->step;

	return (!it->where.len || is_place(e, it->where)) &&
	       (!it->issue.len || kb_taxonomy_find(e->lib->taxonomy, it->issue)) &&
	       (!it->locale.len ||
		       kb_config_locale(e->lib->config, it->locale) != KB_NONE) &&
	       kb_str_chr(step, ' ') == SIZE_MAX;
}

static void take_missing(kb_str *to, kb_str value)
{
	*to = to->len ? *to : value;
}

/* Takes a field that says where the report belongs; others stay in the text. */
static bool take_field(struct feedback_export *e, struct kb_feedback_given *it,
	kb_str name, kb_str value)
{
	struct kb_feedback_given one = {0};

	if (!export_take(e, &one, name, value) || one.text.len || one.reporter.len ||
		one.note.len || one.key.len || one.status.len || one.created ||
		!is_known(e, &one))
		return false;
	take_missing(&it->where, one.where);
	take_missing(&it->issue, one.issue);
	take_missing(&it->locale, one.locale);
	take_missing(&it->step, one.step);
	take_missing(&it->revision, one.revision);
	take_missing(&it->kind, one.kind);
	return true;
}

static kb_str without_brackets(kb_str word)
{
	while (word.len && strchr("<([\"'", word.data[0]))
		word = kb_str_sub(word, 1, word.len);
	while (word.len && strchr(">)]\"',.;:!?", word.data[word.len - 1]))
		word.len--;
	return word;
}

/* "de/descale#rinse (9f8c1d2)" and "<https://…>" */
static bool take_place_line(
	struct feedback_export *e, struct kb_feedback_given *it, kb_str line)
{
	size_t space = kb_str_chr(line, ' ');
	kb_str word = without_brackets(kb_str_sub(line, 0, space));
	kb_str rest = space == SIZE_MAX ? KB_STR("")
					: kb_str_trim(kb_str_sub(line, space, line.len));

	if (kb_str_find(word, KB_STR("/")) == SIZE_MAX &&
		kb_str_find(word, KB_STR("#")) == SIZE_MAX &&
		!kb_str_starts(word, KB_STR("id:")))
		return false;
	if (rest.len && (rest.data[0] != '(' || rest.data[rest.len - 1] != ')' ||
				kb_str_chr(rest, ' ') != SIZE_MAX))
		return false;
	if (!is_place(e, word))
		return false;
	take_missing(&it->where, kb_arena_str(e->arena, word));
	take_missing(&it->revision, kb_arena_str(e->arena, without_brackets(rest)));
	return true;
}

static void scan_words(
	struct feedback_export *e, struct kb_feedback_given *it, kb_str line)
{
	kb_str word;

	while (!it->where.len && kb_str_next(&line, ' ', &word)) {
		word = without_brackets(word);
		if (kb_str_find(word, KB_STR("://")) != SIZE_MAX && is_place(e, word))
			it->where = kb_arena_str(e->arena, word);
	}
}

/* The value below "### Page"; *REST goes on behind it. */
static bool take_form_field(struct feedback_export *e, struct kb_feedback_given *it,
	kb_str line, kb_str *rest)
{
	kb_str behind = *rest, value = KB_STR("");

	if (!kb_str_starts(line, KB_STR("### ")))
		return false;
	while (!kb_str_trim(value).len && kb_str_line(&behind, &value))
		;
	if (!take_field(e, it, kb_str_trim(kb_str_sub(line, 4, line.len)),
		    kb_str_trim(value)))
		return false;
	*rest = behind;
	return true;
}

kb_str export_read_lines(
	struct feedback_export *e, struct kb_feedback_given *it, kb_str text)
{
	_cleanup_buf_ kb_buf kept = {0};
	kb_str line;

	while (kb_str_line(&text, &line)) {
		kb_str bare = kb_str_trim(line);
		size_t colon = kb_str_chr(bare, ':');

		if (take_form_field(e, it, bare, &text))
			continue;
		if (colon != SIZE_MAX && colon < 20 && bare.len < 1000 &&
			take_field(e, it, kb_str_sub(bare, 0, colon),
				kb_str_sub(bare, colon + 1, bare.len)))
			continue;
		if (take_place_line(e, it, bare))
			continue;
		scan_words(e, it, bare);
		kb_buf_str(&kept, line);
		kb_buf_putc(&kept, '\n');
	}
	return kb_arena_str(e->arena, kb_str_trim(kb_buf_view(&kept)));
}
