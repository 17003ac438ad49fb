/* kb init --adopt: what was found. */
#include "adopt_report.h"

/* What says no locale counts as the first one's. */
static size_t count_of(const struct kb_adoption *a, size_t locale)
{
	if (!a->style)
		return a->docs.len;
	return a->locales.items[locale].count + (locale ? 0 : a->placeless);
}

static void report_places(kb_buf *out, const struct kb_adoption *a)
{
	kb_buf_fmt(out, "Found %zu document%s", a->docs.len, a->docs.len == 1 ? "" : "s");
	if (a->base.len)
		kb_buf_fmt(out, " in %.*s", KB_ARG(a->base));
	for (size_t i = 0; i < a->locales.len; i++)
		kb_buf_fmt(out, "%s%.*s %zu", i ? ", " : ": ",
			KB_ARG(a->locales.items[i].code), count_of(a, i));
	if (a->style)
		kb_buf_fmt(out, ".\nTheir paths say their locale, as in %.*s",
			KB_ARG(kb_adoption_pattern(a)));
	if (a->style && a->placeless)
		kb_buf_fmt(out, "; %zu %s as %.*s", a->placeless,
			a->placeless == 1 ? "does not and counts" : "do not and count",
			KB_ARG(a->locales.items[0].code));
	kb_buf_puts(out, ".\n");
}

enum { NAMED_MAX = 12 };

static void report_keys(kb_buf *out, const struct kb_adoption *a)
{
	bool any = false;
	size_t alone = 0, named = 0;

	for (size_t i = 0; i < a->keys.len; i++) {
		const struct kb_adopt_key *key = &a->keys.items[i];

		if (!key->to || kb_str_is(key->name, key->to))
			continue;
		kb_buf_fmt(out, "%s%.*s is %s",
			any ? ", " : "Front matter: ", KB_ARG(key->name), key->to);
		any = true;
	}
	kb_buf_puts(out, any ? ".\n" : "");
	for (size_t i = 0; i < a->keys.len; i++)
		alone += !a->keys.items[i].to;
	if (alone)
		kb_buf_puts(out, "Keys that kb ignores: ");
	for (size_t i = 0; i < a->keys.len && named < NAMED_MAX; i++) {
		if (!a->keys.items[i].to)
			kb_buf_fmt(out, "%s%.*s", named++ ? ", " : "",
				KB_ARG(a->keys.items[i].name));
	}
	if (alone > named)
		kb_buf_fmt(out, " and %zu more, see 'ignore' in kb.yaml", alone - named);
	kb_buf_puts(out, alone ? ".\n" : "");
}

static void report_baseline(kb_buf *out, const struct kb_adoption *a)
{
	bool any = false;

	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (!a->baseline[i])
			continue;
		kb_buf_fmt(out, "%s%s %zu",
			any ? ", " : "Existing problems, as warnings for now: ",
			kb_rule_info((enum kb_rule)i)->id, a->baseline[i]);
		any = true;
	}
	kb_buf_puts(out, any ? ".\n" : "");
}

/* What no line in kb.yaml makes good: each with an example and its fix. */
static void report_faults(kb_buf *out, const struct kb_adoption *a)
{
	if (a->faults.len)
		kb_buf_puts(out, "\nThese stay errors until you fix them:\n");
	for (size_t i = 0; i < a->faults.len; i++) {
		const struct kb_adopt_fault *fault = &a->faults.items[i];

		kb_buf_fmt(out, "  %zu %s: %.*s", fault->count,
			kb_rule_info(fault->rule)->id, KB_ARG(fault->path));
		if (fault->line)
			kb_buf_fmt(out, ":%u", fault->line);
		kb_buf_fmt(out, "%s: %.*s\n", fault->count > 1 ? ", for one" : "",
			KB_ARG(fault->message));
		if (fault->hint.len)
			kb_buf_fmt(out, "    fix: %.*s\n", KB_ARG(fault->hint));
	}
	if (a->faults.len)
		kb_buf_puts(out,
			"  'kb publish' waits for that. With --allow-broken it leaves "
			"out what has\n"
			"  no front matter, and shows what has no title under its first "
			"heading.\n");
}

static void report_next(kb_buf *out, const struct kb_adoption *a)
{
	int n = 1;

	kb_buf_fmt(out, "\nNext:\n  %d. In people.yaml, say who the team 'content' is.\n",
		n++);
	if (a->drafts)
		kb_buf_fmt(out,
			"  %d. Drafts ('draft: true' or 'published: false'): %zu; "
			".kbignore leaves them out.\n"
			"     To go on with one in kb, write 'status: draft' into it and "
			"delete its line there.\n",
			n++, a->drafts);
	if (a->withheld + a->early)
		kb_buf_fmt(out,
			"  %d. Not for all readers, or not yet ('private: true', a 'date' to "
			"come): %zu;\n"
			"     .kbignore leaves them out. For kb, write 'audience: agents' or "
			"'publish_at'\n"
			"     into them and delete their lines there.\n",
			n++, a->withheld + a->early);
	if (a->translations)
		kb_buf_fmt(out,
			"  %d. Docusaurus' translations are left out. For kb, put each "
			"language's documents\n"
			"     into a folder of its own, as docs/en/ and docs/de/, and "
			"adopt again.\n",
			n++);
	if (a->site_in_git)
		kb_buf_fmt(out,
			"  %d. Add /public/ to .gitignore: that is where 'kb publish' puts the "
			"site.\n",
			n++);
	kb_buf_fmt(out, "  %d. kb validate\n", n++);
	kb_buf_fmt(out, "  %d. kb publish\n", n);
}

void adopt_write_report(kb_buf *out, const struct kb_adoption *a)
{
	report_places(out, a);
	report_keys(out, a);
	if (a->topics.len)
		kb_buf_fmt(out, "Topics: %zu, from %s%.*s%s; taxonomy.yaml names them.\n",
			a->topics.len, a->topic_key.len ? "the key '" : "the folders",
			KB_ARG(a->topic_key), a->topic_key.len ? "'" : "");
	if (a->ignored.len)
		kb_buf_fmt(out,
			"Files or folders that are not documents, or not published: "
			"%zu; .kbignore says which and why.\n",
			a->ignored.len);
	kb_buf_str(out, a->left_out);
	if (a->left_out.len)
		kb_buf_puts(out, "To show them, write 'status: published' and 'audience: "
				 "public', or remove these keys.\n");
	report_baseline(out, a);
	report_faults(out, a);
	report_next(out, a);
}
