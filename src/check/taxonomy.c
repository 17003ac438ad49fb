/* Issues that documents name, and content that issues need. */
#include "family.h"

#include "kb/yaml_edit.h"

#include "kb/coverage.h"

/* The one issue that WORD is the label of, or the end of the id ("password" of
 * "account.password"); or NULL. */
static const struct kb_issue *issue_meant(const struct kb_taxonomy *taxonomy, kb_str word)
{
	const struct kb_issue *found = NULL;
	size_t n = 0;

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		kb_str id = issue->id;
		bool end = id.len > word.len && id.data[id.len - word.len - 1] == '.' &&
			   kb_str_eq(kb_str_sub(id, id.len - word.len, id.len), word);

		if (issue->retired || !(end || kb_l10n_has(&issue->label, word)))
			continue;
		found = issue;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* "[a, b]" of "a, b", issues that were written as one text; or empty. */
static kb_str list_meant(struct kb_checker *checker, kb_str text)
{
	kb_str rest = text, word, list = KB_STR("");
	size_t n = 0;

	while (kb_str_next(&rest, ',', &word)) {
		word = kb_str_trim(word);
		if (!kb_taxonomy_find(checker->lib->taxonomy, word))
			return KB_STR("");
		list = kb_arena_fmt(checker->scratch, "%.*s%s%.*s", KB_ARG(list),
			n++ ? ", " : "", KB_ARG(word));
	}
	return n > 1 ? list : KB_STR("");
}

static bool hint_meant(struct kb_checker *checker, struct kb_diag *diag, kb_str word)
{
	kb_str list = list_meant(checker, word);
	const struct kb_issue *issue = issue_meant(checker->lib->taxonomy, word);
	kb_str label;

	if (list.len)
		kb_diag_hint(checker->diags, diag, "write a list: [%.*s]", KB_ARG(list));
	if (list.len || !issue)
		return list.len;
	label = kb_l10n_get(checker->lib->config, &issue->label, 0);
	kb_diag_hint(checker->diags, diag, "did you mean '%.*s' (%.*s)?",
		KB_ARG(issue->id), KB_ARG(label));
	return true;
}

static void unknown_issue(
	struct kb_checker *checker, const struct kb_document *doc, uint32_t i)
{
	const struct kb_taxonomy *taxonomy = checker->lib->taxonomy;
	_cleanup_free_ kb_str *ids = kb_xcalloc(taxonomy->by_id.len, sizeof(*ids));
	kb_str id = doc->facts->issues.items[i];
	struct kb_diag *diag;

	for (size_t k = 0; k < taxonomy->by_id.len; k++)
		ids[k] = taxonomy->by_id.entries[k].key;
	diag = kb_diag_add(checker->diags, KB_RULE_ISSUE_UNKNOWN, doc->path,
		kb_facts_item_range(doc->facts, "issues", i),
		"the issue '%.*s' is not in %.*s", KB_ARG(id), KB_ARG(taxonomy->path));
	if (!hint_meant(checker, diag, id))
		kb_check_hint_nearest(checker, diag, "did you mean '%.*s'?", id, ids,
			taxonomy->by_id.len);
}

static void former_id(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, kb_str id, const struct kb_issue *issue)
{
	struct kb_diag *diag = kb_diag_add(checker->diags, KB_RULE_ISSUE_ALIAS, doc->path,
		range, "'%.*s' is a former id of the issue '%.*s'", KB_ARG(id),
		KB_ARG(issue->id));
	_cleanup_buf_ kb_buf text = {0};

	kb_diag_hint(checker->diags, diag, "write '%.*s'", KB_ARG(issue->id));
	kb_yaml_put_scalar(&text, issue->id, '"', true);
	if (range.len)
		kb_diag_edit(checker->diags, diag, range, kb_buf_view(&text));
}

static void check_issue(
	struct kb_checker *checker, const struct kb_document *doc, uint32_t i)
{
	const struct kb_taxonomy *taxonomy = checker->lib->taxonomy;
	const struct kb_issue *issue;
	enum kb_issue_use use = kb_issue_use(checker->lib, doc, i, &issue);
	kb_range range = kb_facts_item_range(doc->facts, "issues", i);

	if (use == KB_USE_UNKNOWN && !taxonomy->broken && !taxonomy->missing)
		unknown_issue(checker, doc, i);
	if (use == KB_USE_RETIRED)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_ISSUE_RETIRED, doc->path,
				range, "the issue '%.*s' is retired", KB_ARG(issue->id)),
			"move the document to another issue, or archive it");
	if (use == KB_USE_FORMER)
		former_id(checker, doc, range, doc->facts->issues.items[i], issue);
}

void kb_check_taxonomy(struct kb_checker *checker, const struct kb_document *doc)
{
	bool takes = kb_type_takes_issues(doc->facts->type);

	if (!takes && doc->facts->issues.len)
		kb_diag_add(checker->diags, KB_RULE_ISSUE_FORBIDDEN, doc->path,
			kb_facts_range(doc->facts, "issues"),
			"a %s cannot have issues: put 'issues' in an article, a "
			"workflow or a reply",
			kb_type_name(doc->facts->type));
	if ((doc->facts->type == KB_WORKFLOW || doc->facts->type == KB_REPLY) &&
		!doc->facts->issues.len)
		kb_diag_add(checker->diags, KB_RULE_ISSUE_REQUIRED, doc->path,
			kb_facts_range(doc->facts, "title"),
			"a %s needs at least one issue, so that agents find it from a "
			"case",
			kb_type_name(doc->facts->type));
	for (uint32_t i = 0; takes && i < doc->facts->issues.len; i++)
		check_issue(checker, doc, i);
}

/* One finding an issue, whatever it lacks. */
static void check_gaps(
	struct kb_checker *checker, const struct kb_coverage *coverage, uint32_t issue)
{
	const struct kb_taxonomy *taxonomy = checker->lib->taxonomy;
	kb_str gaps = KB_STR("");

	for (int type = 0; type < KB_TYPE_COUNT; type++) {
		kb_str locales = kb_coverage_gap(
			coverage, checker->scratch, issue, (enum kb_type)type);

		if (locales.len)
			gaps = kb_arena_fmt(checker->scratch, "%.*s%s%s in %.*s",
				KB_ARG(gaps), gaps.len ? "; " : "",
				kb_type_name((enum kb_type)type), KB_ARG(locales));
	}
	if (gaps.len)
		kb_diag_add(checker->diags, KB_RULE_ISSUE_GAP, taxonomy->path,
			taxonomy->issues[issue].range,
			"the issue '%.*s' lacks what it needs: %.*s",
			KB_ARG(taxonomy->issues[issue].id), KB_ARG(gaps));
}

/* Said once, and not of each document. */
static void check_present(struct kb_checker *checker)
{
	const struct kb_library *lib = checker->lib;
	uint32_t d = 0;

	while (d < lib->ndocs &&
		(lib->docs[d]->facts->broken || !lib->docs[d]->facts->issues.len))
		d++;
	if (!lib->taxonomy->missing || d == lib->ndocs)
		return;
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_ISSUE_UNKNOWN, lib->taxonomy->path,
			(kb_range){0, 0},
			"there is no taxonomy.yaml, but documents have issues, such as "
			"%.*s",
			KB_ARG(lib->docs[d]->path)),
		"create it next to kb.yaml, with the line 'issues:' and '  - id: %.*s' "
		"below it",
		KB_ARG(lib->docs[d]->facts->issues.items[0]));
}

void kb_check_coverage(struct kb_checker *checker)
{
	struct kb_coverage coverage;

	kb_coverage_count(checker->lib, checker->scratch, &coverage);
	check_present(checker);
	for (uint32_t i = 0; i < checker->lib->taxonomy->len; i++)
		check_gaps(checker, &coverage, i);
}
