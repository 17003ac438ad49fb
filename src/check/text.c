/* Titles, summaries, empty documents. */
#include "family.h"

#include "kb/escape.h"
#include "kb/map.h"
#include "kb/unicode.h"

static void check_length(struct kb_checker *checker, const struct kb_document *doc,
	const char *key, kb_str value, uint32_t limit, enum kb_rule rule)
{
	size_t length = kb_utf8_count(value);
	struct kb_diag *diag;

	if (!limit || length <= limit)
		return;
	diag = kb_diag_add(checker->diags, rule, doc->path,
		kb_facts_range(doc->facts, key),
		"the %s has %zu characters, more than %u", key, length, limit);
	kb_diag_hint(checker->diags, diag,
		"shorten it, or raise limits.%s_length in kb.yaml", key);
}

/* Programs that go by lines, Git among them, want an end to each. */
static void check_end(struct kb_checker *checker, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_range end = {doc->facts->unended, 0};
	struct kb_diag *diag;

	if (!doc->facts->unended)
		return;
	diag = kb_diag_add(checker->diags, KB_RULE_ENCODING_FINAL_NEWLINE, doc->path, end,
		"the last line has no line ending");
	kb_diag_hint(checker->diags, diag, "press Enter at the end of the last line");
	if (!diag || kb_reader_read(checker->reader, doc->path, 0, &text, NULL))
		return;
	kb_diag_edit(
		checker->diags, diag, end, kb_str_of(kb_line_ending(kb_buf_view(&text))));
}

/* From where a heading's line begins to the next line that has text. */
static kb_range lines_of(kb_str file, kb_range range)
{
	size_t from = kb_line_start(file, range.off), to = range.off + range.len;

	while (to < file.len && strchr(" \t\r\n#", file.data[to]))
		to++;
	to = to < file.len ? kb_line_start(file, to) : to;
	return (kb_range){(uint32_t)from, (uint32_t)(to - from)};
}

/* The page shows the title. What a link may name stays. */
static void check_repeated(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_heading *heading = &doc->facts->body.headings[0];
	struct kb_diag *diag = kb_diag_add(checker->diags, KB_RULE_HEADING_TITLE,
		doc->path, heading->range,
		"the first heading repeats the title, so the page does not show it");
	_cleanup_buf_ kb_buf file = {0};

	kb_diag_hint(checker->diags, diag, "remove it");
	/* Without it, the ids of others that say the same would change. */
	for (uint32_t i = 1; i < doc->facts->body.nheadings; i++)
		if (kb_str_eq_nocase(doc->facts->body.headings[i].text, heading->text))
			return;
	if (!diag || kb_reader_read(checker->reader, doc->path, 0, &file, NULL))
		return;
	kb_diag_edit(checker->diags, diag, lines_of(kb_buf_view(&file), heading->range),
		heading->explicit_id
			? kb_arena_fmt(checker->scratch, "<a id=\"%.*s\"></a>\n\n",
				  KB_ARG(heading->id))
			: KB_STR(""));
}

static void check_jump(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_heading *heading, uint32_t level)
{
	struct kb_diag *diag;

	if (heading->level <= level + 1)
		return;
	diag = level == 1
		       ? kb_diag_add(checker->diags, KB_RULE_HEADING_JUMP, doc->path,
				 heading->range,
				 "a heading of level %u follows the title of the page, "
				 "which is level 1",
				 heading->level)
		       : kb_diag_add(checker->diags, KB_RULE_HEADING_JUMP, doc->path,
				 heading->range,
				 "a heading of level %u follows one of level %u",
				 heading->level, level);
	kb_diag_hint(checker->diags, diag, "make it level %u: '%.*s %.*s'", level + 1,
		(int)level + 1, "######", KB_ARG(heading->text));
}

/* The page's title is its only heading of the first level. */
static void check_headings(struct kb_checker *checker, const struct kb_document *doc)
{
	uint32_t level = 1, tops = 0;

	if (doc->title_again)
		check_repeated(checker, doc);
	for (uint32_t i = doc->title_again; i < doc->facts->body.nheadings; i++) {
		const struct kb_heading *heading = &doc->facts->body.headings[i];

		check_jump(checker, doc, heading, level);
		if (heading->level == 1 && ++tops == 2)
			kb_diag_hint(checker->diags,
				kb_diag_add(checker->diags, KB_RULE_HEADING_TITLE,
					doc->path, heading->range,
					"this is the second heading of level 1"),
				"the title is the heading of the page: begin with '##'");
		level = heading->level;
	}
}

/* Names that other systems, terminals and reports cannot take as they are. */
void kb_check_names(struct kb_checker *checker)
{
	const struct kb_library *lib = checker->lib;

	for (size_t i = 0; i < lib->nentries; i++) {
		kb_str path = lib->entries[i].path;
		bool utf8 = kb_utf8_invalid(path) == SIZE_MAX, plain = true;

		for (size_t at = 0; at < path.len;)
			plain &= kb_char_kind(kb_utf8_next(path, &at)) == KB_CHAR_PLAIN;
		if (!utf8 || !plain)
			kb_diag_hint(checker->diags,
				kb_diag_add(checker->diags, KB_RULE_ENCODING_NAME, path,
					(kb_range){0, 0},
					utf8 ? "the name contains a line break, a "
					       "control character or a direction mark"
					     : "the name is not valid UTF-8"),
				"rename it with 'git mv'");
	}
}

/* Two documents that readers cannot tell apart in a list. */
void kb_check_titles(struct kb_checker *checker)
{
	const struct kb_library *lib = checker->lib;
	kb_map seen = {0};

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		const struct kb_document *doc = lib->docs[i], *first;
		kb_str key;

		if (doc->facts->broken || !doc->facts->title.len ||
			doc->facts->type == KB_SNIPPET ||
			doc->facts->status == KB_ARCHIVED || doc->facts->regions.len)
			continue;
		key = kb_arena_fmt(checker->scratch, "%u %u %.*s", doc->locale,
			doc->facts->type,
			KB_ARG(kb_lower(
				checker->scratch, kb_str_trim(doc->facts->title))));
		first = kb_map_get(&seen, key);
		if (!first)
			kb_map_put(&seen, key, (void *)(uintptr_t)doc);
		else
			kb_diag_add(checker->diags, KB_RULE_TITLE_DUPLICATE, doc->path,
				kb_facts_range(doc->facts, "title"),
				"%.*s has the same title, so readers cannot tell them "
				"apart in a list",
				KB_ARG(first->path));
	}
	kb_map_dispose(&seen);
}

void kb_check_text(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_config_limits *limits = &checker->lib->config->limits;

	check_length(checker, doc, "title", doc->facts->title, limits->title_length,
		KB_RULE_TITLE_LONG);
	check_length(checker, doc, "summary", doc->facts->summary, limits->summary_length,
		KB_RULE_SUMMARY_LONG);
	check_end(checker, doc);
	check_headings(checker, doc);
	if (doc->facts->body.empty && doc->facts->type != KB_WORKFLOW)
		kb_diag_add(checker->diags, KB_RULE_TEXT_EMPTY, doc->path,
			(kb_range){doc->facts->body_offset, 0},
			"the document has no text");
}
