#include "kb/pages.h"

enum { NAMED_MAX = 12 };

/* Documents whose path doesn't say their locale are in the first one. */
static size_t count_of(const struct kb_adoption *a, size_t locale)
{
	if (!a->style)
		return a->docs.len;
	return a->locales.items[locale].count + (locale ? 0 : a->placeless);
}

static void add_places(struct kb_report *report, const struct kb_adoption *a)
{
	kb_report_line(report, "Found %zu document%s%s%.*s", a->docs.len,
		a->docs.len == 1 ? "" : "s", a->base.len ? " in " : "", KB_ARG(a->base));
	for (size_t i = 0; i < a->locales.len; i++)
		kb_report_add(report, "%s%.*s %zu", i ? ", " : ": ",
			KB_ARG(a->locales.items[i].code), count_of(a, i));
	kb_report_add(report, ".");
	if (!a->style)
		return;
	kb_report_line(report, "Their paths say their locale, as in %.*s",
		KB_ARG(kb_adoption_pattern(a)));
	if (a->placeless)
		kb_report_add(report, "; %zu %s as %.*s", a->placeless,
			a->placeless == 1 ? "does not and counts" : "do not and count",
			KB_ARG(a->locales.items[0].code));
	kb_report_add(report, ".");
}

static void add_keys(struct kb_report *report, const struct kb_adoption *a)
{
	size_t renamed = 0, ignored = 0;

	for (size_t i = 0; i < a->keys.len; i++) {
		const struct kb_adopt_key *key = &a->keys.items[i];

		if (!key->to || kb_str_is(key->name, key->to))
			continue;
		if (!renamed++)
			kb_report_line(report, "Front matter: ");
		kb_report_add(report, "%s%.*s is %s", renamed > 1 ? ", " : "",
			KB_ARG(key->name), key->to);
	}
	if (renamed)
		kb_report_add(report, ".");
	for (size_t i = 0; i < a->keys.len; i++) {
		if (a->keys.items[i].to)
			continue;
		if (!ignored++)
			kb_report_line(report, "Keys that kb ignores: ");
		if (ignored <= NAMED_MAX)
			kb_report_add(report, "%s%.*s", ignored > 1 ? ", " : "",
				KB_ARG(a->keys.items[i].name));
	}
	if (ignored > NAMED_MAX)
		kb_report_add(report, " and %zu more, see 'ignore' in kb.yaml",
			ignored - NAMED_MAX);
	if (ignored)
		kb_report_add(report, ".");
}

static void add_files(struct kb_report *report, const struct kb_adoption *a)
{
	const char *quote = a->topic_key.len ? "'" : "";

	if (a->topics.len)
		kb_report_line(report,
			"Topics: %zu, from %s%s%.*s%s; taxonomy.yaml names them.",
			a->topics.len, a->topic_key.len ? "the key " : "the folders",
			quote, KB_ARG(a->topic_key), quote);
	if (a->ignored.len)
		kb_report_line(report,
			"Files or folders that are not documents, or not published: %zu; "
			".kbignore says which and why.",
			a->ignored.len);
	if (a->foreign)
		kb_report_line(report,
			"Markup of other programs, which readers would see: in %zu "
			"document%s; 'kb validate' says where (markup-foreign).",
			a->foreign, a->foreign == 1 ? "" : "s");
	if (a->left_out.len)
		kb_report_line(report,
			"%.*s To show them, write 'status: published' and 'audience: "
			"public', or remove these keys.",
			KB_ARG(kb_str_trim(a->left_out)));
}

static void add_baseline(struct kb_report *report, const struct kb_adoption *a)
{
	size_t n = 0;

	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (!a->baseline[i])
			continue;
		if (!n++)
			kb_report_line(
				report, "Existing problems, as warnings for now: ");
		kb_report_add(report, "%s%s %zu", n > 1 ? ", " : "",
			kb_rule_info((enum kb_rule)i)->id, a->baseline[i]);
	}
	if (n)
		kb_report_add(report, ".");
}

static void add_faults(struct kb_report *report, const struct kb_adoption *a)
{
	if (!a->faults.len)
		return;
	kb_report_heading(report, 2, "These stay errors until you fix them:");
	for (size_t i = 0; i < a->faults.len; i++) {
		const struct kb_adopt_fault *fault = &a->faults.items[i];

		kb_report_item(report, 1, "");
		kb_report_add(report, "%zu %s: %.*s", fault->count,
			kb_rule_info(fault->rule)->id, KB_ARG(fault->path));
		if (fault->line)
			kb_report_add(report, ":%u", fault->line);
		kb_report_add(report, "%s: %.*s", fault->count > 1 ? ", for one" : "",
			KB_ARG(fault->message));
		if (!fault->hint.len)
			continue;
		kb_report_item(report, 2, "");
		kb_report_add(report, "fix: %.*s", KB_ARG(fault->hint));
	}
	kb_report_line(report,
		"'kb publish' waits for that. With --allow-broken it leaves out what has "
		"no front matter, and shows what has no title under its first heading.");
}

/* A numbered step. */
static void begin_step(struct kb_report *report, int *n, const char *text)
{
	kb_report_item(report, 1, kb_arena_fmt(report->arena, "%d.", ++*n).data);
	kb_report_add(report, "%s", text);
}

static void add_steps(struct kb_report *report, const struct kb_adoption *a)
{
	int n = 0;

	kb_report_heading(report, 2, "Next:");
	begin_step(report, &n, "In people.yaml, say who the team 'content' is.");
	if (a->drafts) {
		begin_step(report, &n, "Drafts ('draft: true' or 'published: false'): ");
		kb_report_add(report,
			"%zu; .kbignore leaves them out. To go on with one in kb, write "
			"'status: draft' into it and delete its line there.",
			a->drafts);
	}
	if (a->withheld + a->early) {
		begin_step(report, &n,
			"Not for all readers, or not yet ('private: true', a future "
			"'date'): ");
		kb_report_add(report,
			"%zu; .kbignore leaves them out. For kb, write 'audience: "
			"agents' or 'publish_at' into them and delete their lines there.",
			a->withheld + a->early);
	}
	if (a->translations)
		begin_step(report, &n,
			"Docusaurus' translations are left out. For kb, put each "
			"language's documents into a folder of its own, as docs/en/ and "
			"docs/de/, and adopt again.");
	if (a->site_in_git)
		begin_step(report, &n,
			"Add /public/ to .gitignore: that is where 'kb publish' puts the "
			"site.");
	begin_step(report, &n, "kb validate");
	begin_step(report, &n, "kb publish");
}

void kb_report_adoption(struct kb_report *report, const struct kb_adoption *adoption)
{
	kb_report_init(report, "Adopted");
	add_places(report, adoption);
	add_keys(report, adoption);
	add_files(report, adoption);
	add_baseline(report, adoption);
	add_faults(report, adoption);
	add_steps(report, adoption);
}
