/* kb link: which issue has content of which type in which locale, and what is amiss. */
#include "kb/arena_str.h"
#include "link_matrix.h"
#include "kb/pick.h"
#include "output.h"

/* As severe as validation finds it (kb.yaml, rules); what it says nothing of is a hint.
 */
static enum kb_severity severity_of(
	const struct matrix *m, enum flaw_kind kind, enum kb_type type)
{
	static const enum kb_rule rules[FLAW_KINDS] = {[FLAW_GAP] = KB_RULE_ISSUE_GAP,
		[FLAW_NO_ISSUE] = KB_RULE_ISSUE_REQUIRED,
		[FLAW_FORMER] = KB_RULE_ISSUE_ALIAS,
		[FLAW_RETIRED] = KB_RULE_ISSUE_RETIRED,
		[FLAW_UNKNOWN] = KB_RULE_ISSUE_UNKNOWN};
	if (kind == FLAW_NO_DOCUMENT || (kind == FLAW_NO_ISSUE && type == KB_ARTICLE))
		return KB_INFO;
	return m->lib->config->severities[rules[kind]];
}

static void add(struct matrix *m, struct flaw flaw)
{
	flaw.severity = severity_of(m, flaw.kind, flaw.type);
	if (flaw.severity == KB_OFF || (m->values->gaps && flaw.kind != FLAW_GAP))
		return;
	kb_vec_push(&m->flaws, flaw);
	m->counts[flaw.kind]++;
}

/* What the options ask for. */
static int pick(struct matrix *m, struct kb_error *err)
{
	const struct link_values *values = m->values;
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	unsigned audience = KB_NONE;
	m->locales = kb_arena_array(m->arena, bool, m->lib->config->nlocales);
	m->issues = kb_arena_array(m->arena, bool, taxonomy->len + 1);
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		m->types[type] =
			!values->types.len && kb_type_takes_issues((enum kb_type)type);
	for (size_t i = 0; i < values->types.len; i++) {
		enum kb_type type = KB_ARTICLE;
		kb_type_parse(values->types.items[i], &type);
		m->types[type] = true;
	}
	for (uint32_t l = 0; l < m->lib->config->nlocales; l++)
		m->locales[l] = !values->locales.len;
	for (size_t i = 0; i < values->locales.len; i++) {
		uint32_t locale;
		kb_str tag = kb_arena_str(m->arena, values->locales.items[i]);
		if (kb_pick_locale(m->lib, tag.data, &locale, err))
			return -1;
		m->locales[locale] = true;
	}
	if (values->audience &&
		kb_pick_audience(m->lib, values->audience, &audience, err))
		return -1;
	kb_coverage_count_for(m->lib, audience, m->arena, &m->coverage);
	for (uint32_t i = 0; i < taxonomy->len; i++)
		m->issues[i] = !values->issues.len;
	for (size_t i = 0; i < values->issues.len; i++) {
		const struct kb_issue *issue;
		if (kb_pick_issue(m->lib, values->issues.items[i], &issue, err))
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

static void find_gaps(struct matrix *m, uint32_t issue, struct flaw flaw)
{
	const struct kb_config *config = m->lib->config;
	flaw.kind = FLAW_GAP;
	for (uint32_t cell = 0; cell < KB_TYPE_COUNT * config->nlocales; cell++) {
		flaw.type = (enum kb_type)(cell / config->nlocales);
		flaw.locale = cell % config->nlocales;
		if (!m->types[flaw.type] || !m->locales[flaw.locale] ||
			!kb_coverage_lacks(&m->coverage, issue, flaw.type, flaw.locale))
			continue;
		flaw.message =
			kb_arena_fmt(m->arena, "%s in %.*s", kb_type_name(flaw.type),
				KB_ARG(config->locales[flaw.locale].code));
		flaw.fix = kb_coverage_fix(
			&m->coverage, m->arena, issue, flaw.type, flaw.locale);
		add(m, flaw);
	}
}

static bool has_any(const struct matrix *m, uint32_t issue)
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
static bool is_empty(const struct matrix *m, uint32_t issue)
{
	const struct kb_issue *issues = m->lib->taxonomy->issues;
	for (uint32_t i = issue; i < issues[issue].end; i++)
		if (!issues[i].retired && has_any(m, i))
			return false;
	return true;
}

static void find_on_issues(struct matrix *m, struct kb_source_texts *texts)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	uint32_t known_empty = 0;
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		struct flaw flaw = {.path = taxonomy->path,
			.line = line_at(texts, taxonomy->path, issue->range),
			.issue = issue->id,
			.type = KB_TYPE_COUNT,
			.locale = KB_NONE};
		if (!m->issues[i] || issue->retired)
			continue;
		find_gaps(m, i, flaw);
		if (i < known_empty || !is_empty(m, i))
			continue;
		known_empty = issue->end;
		flaw.kind = FLAW_NO_DOCUMENT;
		flaw.message = issue->end > i + 1
				       ? KB_STR("neither it nor those below it have any")
				       : KB_STR("it has none");
		flaw.fix = kb_arena_fmt(m->arena, "kb new article ID --issue %.*s",
			KB_ARG(kb_arena_shell_word(m->arena, issue->id)));
		add(m, flaw);
	}
}

static kb_str unknown(const struct matrix *m, kb_str id)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	kb_str *ids = kb_arena_array(m->arena, kb_str, taxonomy->len + 1);
	for (uint32_t i = 0; i < taxonomy->len; i++)
		ids[i] = taxonomy->issues[i].id;
	const kb_str *near = kb_str_nearest(id, ids, taxonomy->len);
	return kb_arena_fmt(m->arena, "there is no issue '%.*s'%s%.*s%s", KB_ARG(id),
		near ? ": did you mean '" : "", KB_ARG(near ? *near : KB_STR("")),
		near ? "'?" : "");
}

static void find_use(
	struct matrix *m, struct kb_source_texts *texts, uint32_t i, struct flaw flaw)
{
	const struct kb_taxonomy *taxonomy = m->lib->taxonomy;
	const struct kb_issue *issue;
	enum kb_issue_use use = kb_issue_use(m->lib, flaw.doc, i, &issue);
	kb_range range = kb_facts_item_range(flaw.doc->facts, "issues", i);
	kb_str path = kb_arena_shell_word(m->arena, flaw.path);
	if (issue ? !m->issues[kb_taxonomy_index(taxonomy, issue)]
		  : m->values->issues.len || taxonomy->broken || taxonomy->missing)
		return;
	flaw.issue = flaw.doc->facts->issues.items[i];
	flaw.line = line_at(texts, flaw.path, range);
	flaw.fix = kb_arena_fmt(m->arena, "kb link suggest %.*s", KB_ARG(path));
	if (use == KB_USE_RETIRED) {
		flaw.kind = FLAW_RETIRED;
		flaw.message =
			kb_arena_fmt(m->arena, "'%.*s' is retired", KB_ARG(flaw.issue));
		flaw.fix = kb_arena_fmt(m->arena,
			"archive it, or find it another issue: kb link suggest %.*s",
			KB_ARG(path));
	} else if (use == KB_USE_UNKNOWN) {
		flaw.kind = FLAW_UNKNOWN;
		flaw.message = unknown(m, flaw.issue);
	} else if (use == KB_USE_FORMER) {
		flaw.kind = FLAW_FORMER;
		flaw.message = kb_arena_fmt(m->arena, "'%.*s' is '%.*s' now",
			KB_ARG(flaw.issue), KB_ARG(issue->id));
		flaw.fix = kb_arena_fmt(m->arena, "kb validate --fix %.*s", KB_ARG(path));
	}
	if (use != KB_USE_FINE && !range.len)
		flaw.fix = KB_STR("change it in kb.yaml: the document's mount names it");
	if (use != KB_USE_FINE)
		add(m, flaw);
}

static bool is_wanted(const struct matrix *m, const struct kb_document *doc)
{
	return !doc->facts->broken && doc->facts->status != KB_ARCHIVED &&
	       m->types[doc->facts->type] && m->locales[doc->locale] &&
	       doc->facts->audience <= m->coverage.audience;
}

static void find_on_documents(struct matrix *m, struct kb_source_texts *texts)
{
	for (uint32_t d = 0; d < m->lib->ndocs; d++) {
		const struct kb_document *doc = m->lib->docs[d];
		struct flaw flaw = {.kind = FLAW_NO_ISSUE,
			.doc = doc,
			.path = doc->path,
			.type = doc->facts->type,
			.locale = doc->locale};
		if (!is_wanted(m, doc))
			continue;
		for (uint32_t i = 0; i < doc->facts->issues.len; i++)
			find_use(m, texts, i, flaw);
		if (doc->facts->issues.len || m->values->issues.len)
			continue;
		flaw.message = kb_library_expand(
			m->lib, m->arena, doc->facts->title, doc->locale);
		flaw.fix = kb_arena_fmt(m->arena, "kb link suggest %.*s",
			KB_ARG(kb_arena_shell_word(m->arena, doc->path)));
		add(m, flaw);
	}
}

static int status_of(const struct matrix *m)
{
	int level = m->values->fail_level;
	for (size_t i = 0; i < m->flaws.len; i++)
		if (level < 3 && (int)m->flaws.items[i].severity >= KB_ERROR - level)
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}

static int report(const struct kb_cli *cli, struct matrix *m, struct kb_error *err)
{
	struct kb_source_texts texts = {0};
	struct kb_report sheet;
	if (pick(m, err))
		return -1;
	texts.reader = kb_reader_new(m->lib->source);
	find_on_issues(m, &texts);
	find_on_documents(m, &texts);
	kb_source_texts_dispose(&texts);
	kb_report_init(&sheet, "Coverage");
	link_matrix_sheet(m, &sheet);
	int failed = kb_output_report(
		cli, &m->values->reports, &sheet, link_matrix_own, m, err);
	kb_report_dispose(&sheet);
	return failed ? -1 : status_of(m);
}

int kb_link_matrix(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	struct matrix m = {
		.lib = session->lib, .values = values, .arena = session->arena};
	(void)operands;
	int status = report(session->cli, &m, err);
	kb_vec_dispose(&m.flaws);
	return status;
}
