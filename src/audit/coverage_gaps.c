#include "kb/coverage_gaps.h"

#include "kb/arena_str.h"
#include "kb/pick.h"

/* As severe as validation finds it (kb.yaml, rules); what it says nothing of is a hint.
 */
static enum kb_severity severity_of(
	const struct kb_gaps *m, enum kb_gap_kind kind, enum kb_type type)
{
	static const enum kb_rule rules[KB_GAP_KINDS] = {
		[KB_GAP_NEEDED] = KB_RULE_ISSUE_GAP,
		[KB_GAP_NO_ISSUE] = KB_RULE_ISSUE_REQUIRED,
		[KB_GAP_FORMER] = KB_RULE_ISSUE_ALIAS,
		[KB_GAP_RETIRED] = KB_RULE_ISSUE_RETIRED,
		[KB_GAP_UNKNOWN] = KB_RULE_ISSUE_UNKNOWN};

	if (kind == KB_GAP_NO_DOCUMENT || (kind == KB_GAP_NO_ISSUE && type == KB_ARTICLE))
		return KB_INFO;
	return m->lib->config->severities[rules[kind]];
}

static void add(struct kb_gaps *m, struct kb_gap gap)
{
	gap.severity = severity_of(m, gap.kind, gap.type);
	if (gap.severity == KB_OFF || (m->wanted->gaps_only && gap.kind != KB_GAP_NEEDED))
		return;
	kb_vec_push(m, gap);
	m->counts[gap.kind]++;
}

/* What the options ask for. */
static int pick(struct kb_gaps *m, struct kb_error *err)
{
	const struct kb_gaps_wanted *wanted = m->wanted;
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	unsigned audience = KB_NONE;

	m->locales = kb_arena_array(m->arena, bool, m->lib->config->nlocales);
	m->issues = kb_arena_array(m->arena, bool, taxonomy->len + 1);
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		m->types[type] =
			!wanted->types.len && kb_type_takes_issues((enum kb_type)type);
	for (size_t i = 0; i < wanted->types.len; i++) {
		enum kb_type type = KB_ARTICLE;

		kb_type_parse(wanted->types.items[i], &type);
		m->types[type] = true;
	}
	for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
		m->locales[l] = !wanted->locales.len;
	for (size_t i = 0; i < wanted->locales.len; i++) {
		uint32_t locale;
		kb_str tag = kb_arena_str(m->arena, wanted->locales.items[i]);

		if (kb_pick_locale(m->lib, tag.data, &locale, err))
			return -1;
		m->locales[locale] = true;
	}
	if (wanted->audience &&
		kb_pick_audience(m->lib, wanted->audience, &audience, err))
		return -1;
	kb_coverage_count_for(m->lib, audience, m->arena, &m->coverage);
	for (uint32_t i = 0; i < taxonomy->len; i++)
		m->issues[i] = !wanted->issues.len;
	for (size_t i = 0; i < wanted->issues.len; i++) {
		const struct kb_issue *issue;

		if (kb_pick_issue(m->lib, wanted->issues.items[i], &issue, err))
			return -1;
		for (uint32_t k = kb_taxonomy_index(taxonomy, issue); k < issue->end; k++)
			m->issues[k] = true;
	}
	for (uint32_t i = 0; i < taxonomy->len; i++)
		m->issues[i] &= taxonomy->issues[i].audience <= audience;
	return 0;
}

/* In which line of a file a byte stands; 0: unknown. */
static uint32_t line_at(struct kb_source_texts *texts, kb_str path, kb_range range)
{
	kb_str text;
	uint32_t line = 1;

	if (!range.len || !kb_source_texts_get(texts, path, &text))
		return 0;
	for (size_t i = 0; i < range.off && i < text.len; i++)
		line += text.data[i] == '\n';
	return line;
}

static void find_gaps(struct kb_gaps *m, uint32_t issue, struct kb_gap gap)
{
	const struct kb_config *config = m->lib->config;

	gap.kind = KB_GAP_NEEDED;
	for (uint32_t cell = 0; cell < KB_TYPE_COUNT * config->nlocales; cell++) {
		gap.type = (enum kb_type)(cell / config->nlocales);
		gap.locale = cell % config->nlocales;
		if (!m->types[gap.type] || !m->locales[gap.locale] ||
			!kb_coverage_lacks(&m->coverage, issue, gap.type, gap.locale))
			continue;
		gap.message = kb_arena_fmt(m->arena, "%s in %.*s", kb_type_name(gap.type),
			KB_ARG(config->locales[gap.locale].code));
		gap.fix = kb_coverage_fix(
			&m->coverage, m->arena, issue, gap.type, gap.locale);
		add(m, gap);
	}
}

static bool has_any(const struct kb_gaps *m, uint32_t issue)
{
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
			if (m->types[type] && m->locales[l] &&
				kb_coverage_serves(
					&m->coverage, issue, (enum kb_type)type, l))
				return true;
	return false;
}

/* Nor has any issue below it. */
static bool is_empty(const struct kb_gaps *m, uint32_t issue)
{
	const struct kb_issue *issues = m->lib->taxonomy->issues;

	for (uint32_t i = issue; i < issues[issue].end; i++)
		if (!issues[i].retired && has_any(m, i))
			return false;
	return true;
}

static void find_on_issues(struct kb_gaps *m, struct kb_source_texts *texts)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	uint32_t known_empty = 0;

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		struct kb_gap gap = {.path = taxonomy->path,
			.line = line_at(texts, taxonomy->path, issue->range),
			.issue = issue->id,
			.type = KB_TYPE_COUNT,
			.locale = KB_NONE};

		if (!m->issues[i] || issue->retired)
			continue;
		find_gaps(m, i, gap);
		if (i < known_empty || !is_empty(m, i))
			continue;
		known_empty = issue->end;
		gap.kind = KB_GAP_NO_DOCUMENT;
		gap.message =
			issue->end > i + 1
				? KB_STR("neither it nor the issues below it have any")
				: KB_STR("it has none");
		gap.fix = kb_arena_fmt(m->arena, "kb new article ID --issue %.*s",
			KB_ARG(kb_arena_shell_word(m->arena, issue->id)));
		add(m, gap);
	}
}

static void find_use(
	struct kb_gaps *m, struct kb_source_texts *texts, uint32_t i, struct kb_gap gap)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	const struct kb_issue *issue;
	struct kb_error why;
	enum kb_issue_use use = kb_issue_use(m->lib, gap.doc, i, &issue);
	kb_range range;
	kb_str path;

	if (use == KB_USE_FINE)
		return;
	range = kb_facts_item_range(gap.doc->facts, "issues", i);
	path = kb_arena_shell_word(m->arena, gap.path);
	if (issue ? !m->issues[kb_taxonomy_index(taxonomy, issue)]
		  : m->wanted->issues.len || taxonomy->broken || taxonomy->missing)
		return;
	gap.issue = gap.doc->facts->issues.items[i];
	gap.fix = kb_arena_fmt(m->arena, "kb link suggest %.*s", KB_ARG(path));
	if (use == KB_USE_RETIRED) {
		gap.kind = KB_GAP_RETIRED;
		gap.message =
			kb_arena_fmt(m->arena, "'%.*s' is retired", KB_ARG(gap.issue));
		gap.fix = kb_arena_fmt(m->arena,
			"archive it, or find another issue for it: kb link suggest %.*s",
			KB_ARG(path));
	} else if (use == KB_USE_UNKNOWN) {
		gap.kind = KB_GAP_UNKNOWN;
		kb_pick_issue(m->lib, gap.issue, &issue, &why);
		gap.message = kb_arena_str(m->arena, kb_str_of(why.message));
	} else if (use == KB_USE_FORMER) {
		gap.kind = KB_GAP_FORMER;
		gap.message = kb_arena_fmt(m->arena, "'%.*s' is now '%.*s'",
			KB_ARG(gap.issue), KB_ARG(issue->id));
		gap.fix = kb_arena_fmt(m->arena, "kb validate --fix %.*s", KB_ARG(path));
	}
	if (!range.len)
		gap.fix = KB_STR(
			"change it in kb.yaml: the content folder of the document sets "
			"it");
	gap.line = line_at(texts, gap.path, range);
	add(m, gap);
}

static bool is_wanted(const struct kb_gaps *m, const struct kb_document *doc)
{
	return !doc->facts->broken && doc->facts->status != KB_ARCHIVED &&
	       m->types[doc->facts->type] && m->locales[doc->locale] &&
	       doc->facts->audience <= m->coverage.audience;
}

static void find_on_documents(struct kb_gaps *m, struct kb_source_texts *texts)
{
	for (uint32_t d = 0; d < m->lib->ndocs; d++) {
		const struct kb_document *doc = m->lib->docs[d];
		struct kb_gap gap = {.kind = KB_GAP_NO_ISSUE,
			.doc = doc,
			.path = doc->path,
			.type = doc->facts->type,
			.locale = doc->locale};

		if (!is_wanted(m, doc))
			continue;
		for (uint32_t i = 0; i < doc->facts->issues.len; i++)
			find_use(m, texts, i, gap);
		if (doc->facts->issues.len || m->wanted->issues.len)
			continue;
		gap.message = kb_library_expand(
			m->lib, m->arena, doc->facts->title, doc->locale);
		gap.fix = kb_arena_fmt(m->arena, "kb link suggest %.*s",
			KB_ARG(kb_arena_shell_word(m->arena, doc->path)));
		add(m, gap);
	}
}

int kb_gaps_find(struct kb_gaps *gaps, const struct kb_library *lib,
	const struct kb_gaps_wanted *wanted, struct kb_arena *arena, struct kb_error *err)
{
	struct kb_source_texts texts = {0};

	*gaps = (struct kb_gaps){.lib = lib, .wanted = wanted, .arena = arena};
	if (pick(gaps, err))
		return -1;
	texts.reader = kb_reader_new(lib->source);
	find_on_issues(gaps, &texts);
	find_on_documents(gaps, &texts);
	kb_source_texts_dispose(&texts);
	return 0;
}
