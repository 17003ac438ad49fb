/* The files that make a repository of Markdown one of kb's, and a report of what was
 * found. */
#include "adopt.h"

#include "kb/yaml_edit.h"

static void put_pair(kb_buf *out, const char *indent, kb_str key, kb_str value)
{
	kb_buf_puts(out, indent);
	kb_yaml_put_scalar(out, key, '"', true);
	kb_buf_puts(out, ": ");
	kb_yaml_put_scalar(out, value, '"', true);
	kb_buf_putc(out, '\n');
}

/* What documents have and kb has no use for, several a line. */
static void put_ignored_keys(kb_buf *out, const struct adoption *a)
{
	bool any = false;
	size_t column = 0;
	for (size_t i = 0; i < a->keys.len; i++) {
		if (a->keys.items[i].to)
			continue;
		kb_buf_puts(out, any ? "," : "    ignore: [");
		if (any && column > 60) {
			kb_buf_puts(out, "\n     ");
			column = 0;
		}
		size_t before = out->len;
		kb_buf_puts(out, any ? " " : "");
		kb_yaml_put_scalar(out, a->keys.items[i].name, '"', true);
		column += out->len - before + 1;
		any = true;
	}
	kb_buf_puts(out, any ? "]\n" : "");
}

static void put_keys(kb_buf *out, const struct adoption *a)
{
	bool any = false;
	for (size_t i = 0; i < a->keys.len; i++) {
		const struct adopt_key *key = &a->keys.items[i];
		if (!key->to || kb_str_is(key->name, key->to))
			continue;
		kb_buf_puts(out, any ? "" : "    keys:\n");
		put_pair(out, "      ", key->name, kb_str_of(key->to));
		any = true;
	}
}

static void put_path(kb_buf *out, kb_str path)
{
	kb_buf_fmt(out, "  - path: \"%.*s\"\n", KB_ARG(path));
}

static void put_common(kb_buf *out, const struct adoption *a)
{
	kb_buf_puts(out, "    type: article\n    defaults:\n      owner: content\n");
	put_keys(out, a);
	put_ignored_keys(out, a);
	if (a->templated)
		kb_buf_puts(out, "    # {{…}} means something to another program here, "
				 "so it stays as it is.\n"
				 "    expand: false\n");
}

static void put_folder_topics(kb_buf *out, const struct adoption *a)
{
	if (a->topic_key.len || !a->topics.len)
		return;
	kb_buf_puts(out, "  # A folder a topic; see taxonomy.yaml.\n");
	for (size_t i = 0; i < a->topics.len; i++) {
		const struct adopt_topic *topic = &a->topics.items[i];
		kb_str before = a->style == ADOPT_FOLDER
					? kb_arena_fmt(a->arena, "%.*s{locale}/",
						  KB_ARG(a->prefix))
					: a->base;
		kb_str end =
			a->style > ADOPT_FOLDER ? adopt_pattern(a) : KB_STR("/**/*.md");
		if (a->style > ADOPT_FOLDER)
			end = kb_arena_fmt(a->arena, "/%.*s",
				KB_ARG(kb_str_sub(end, a->base.len, end.len)));
		put_path(out, kb_arena_fmt(a->arena, "%.*s%.*s%.*s", KB_ARG(before),
				      KB_ARG(topic->folder), KB_ARG(end)));
		kb_buf_puts(out, "    defaults:\n      issues: [");
		kb_yaml_put_scalar(out, topic->id, '"', true);
		kb_buf_puts(out, "]\n");
	}
}

static void put_mounts(kb_buf *out, const struct adoption *a)
{
	kb_str source = a->locales.items[0].code;
	bool wide = a->placeless > 0 || !a->style;
	kb_buf_puts(out, "\n# Which files are documents, and what their front matter "
			 "means.\ncontent:\n");
	if (wide) {
		put_path(out, kb_arena_fmt(a->arena, "%.*s**/*.md", KB_ARG(a->base)));
		kb_buf_fmt(out, "    locale: %.*s\n", KB_ARG(source));
		put_common(out, a);
	}
	if (a->style) {
		put_path(out, adopt_pattern(a));
		if (!wide || a->style == ADOPT_FOLDER)
			put_common(out, a);
	}
	put_folder_topics(out, a);
}

static void put_rules(kb_buf *out, const struct adoption *a)
{
	const char *head =
		"  # Errors on the day of adoption, and how many: mend them, then "
		"delete the line.\n";
	if (a->aliases.len)
		kb_buf_puts(out,
			"\nrules:\n  # Links in the text lead to former addresses, "
			"which stay good as aliases.\n  link-alias: off\n");
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (!a->baseline[i])
			continue;
		if (*head && !a->aliases.len)
			kb_buf_puts(out, "\nrules:\n");
		kb_buf_puts(out, head);
		head = "";
		kb_buf_fmt(out, "  %s: warning # %zu\n",
			kb_rule_info((enum kb_rule)i)->id, a->baseline[i]);
	}
}

void adopt_write_config(kb_buf *out, const struct adoption *a, kb_str name)
{
	kb_buf_puts(out,
		"# What kb knows of this help center; 'kb schema kb' lists all keys.\n");
	put_pair(out, "", KB_STR("name"), name);
	if (a->base_url.len)
		kb_buf_fmt(out, "base_url: %.*s\n", KB_ARG(a->base_url));
	else
		kb_buf_puts(out, "# Where the public site will stand:\n"
				 "# base_url: https://help.example.org\n");
	kb_buf_puts(out,
		"\n# The first is the one that others are translated from.\nlocales:\n");
	for (size_t i = 0; i < a->locales.len; i++)
		kb_buf_fmt(out, "  - code: %.*s\n", KB_ARG(a->locales.items[i].code));
	kb_buf_puts(out, "\n# The most public first; a site for one holds what is for "
			 "those before it.\n"
			 "audiences: [public, agents]\n");
	put_mounts(out, a);
	put_rules(out, a);
	if (a->redirects.len)
		kb_buf_puts(
			out, "\n# Pages that were nothing but a redirect.\nredirects:\n");
	for (size_t i = 0; i < a->redirects.len; i++)
		put_pair(out, "  ", kb_node_str(a->redirects.items[i].key),
			kb_node_str(a->redirects.items[i].value));
}

void adopt_write_taxonomy(kb_buf *out, const struct adoption *a)
{
	kb_buf_puts(out, "# What customers come with. Labels may be given by locale:\n"
			 "# label: {en: Delivery, de: Lieferung}\n");
	kb_buf_puts(out, a->topics.len ? "issues:\n" : "issues: []\n");
	for (size_t i = 0; i < a->topics.len; i++) {
		kb_buf_puts(out, "  - id: ");
		kb_yaml_put_scalar(out, a->topics.items[i].id, '"', true);
		kb_buf_puts(out, "\n    label: ");
		kb_yaml_put_scalar(
			out, adopt_label(a->arena, a->topics.items[i].id), '"', true);
		kb_buf_putc(out, '\n');
	}
}

void adopt_write_people(kb_buf *out)
{
	kb_buf_puts(out, "# Who owns what. Everything belongs to this team until "
			 "documents, or the\n"
			 "# mounts of kb.yaml, name somebody else.\n"
			 "content:\n"
			 "  name: Content team\n"
			 "  email: content@example.org\n");
}

void adopt_write_ignore(kb_buf *out, const struct adoption *a)
{
	kb_buf_puts(out, "# Markdown that is no document; as in .gitignore.\n");
	const char *why = "";
	for (size_t i = 0; i < a->ignored.len; i++) {
		const struct adopt_ignored *ignored = &a->ignored.items[i];
		if (strcmp(why, ignored->why) != 0)
			kb_buf_fmt(out, "# %s\n", ignored->why);
		why = ignored->why;
		kb_buf_putc(out, '/');
		for (size_t c = 0; c < ignored->path.len; c++) {
			if (strchr("*?[]\\ ", ignored->path.data[c]))
				kb_buf_putc(out, '\\');
			kb_buf_putc(out, ignored->path.data[c]);
		}
		kb_buf_putc(out, '\n');
	}
}

/* What says no locale counts as the first one's. */
static size_t count_of(const struct adoption *a, size_t locale)
{
	if (!a->style)
		return a->docs.len;
	return a->locales.items[locale].count + (locale ? 0 : a->placeless);
}

static void report_places(kb_buf *out, const struct adoption *a)
{
	kb_buf_fmt(out, "Found %zu document%s", a->docs.len, a->docs.len == 1 ? "" : "s");
	if (a->base.len)
		kb_buf_fmt(out, " in %.*s", KB_ARG(a->base));
	for (size_t i = 0; i < a->locales.len; i++)
		kb_buf_fmt(out, "%s%.*s %zu", i ? ", " : ": ",
			KB_ARG(a->locales.items[i].code), count_of(a, i));
	if (a->style)
		kb_buf_fmt(out, ".\nTheir paths say their locale, as in %.*s",
			KB_ARG(adopt_pattern(a)));
	if (a->style && a->placeless)
		kb_buf_fmt(out, "; %zu %s as %.*s", a->placeless,
			a->placeless == 1 ? "does not and counts" : "do not and count",
			KB_ARG(a->locales.items[0].code));
	kb_buf_puts(out, ".\n");
}

enum { NAMED_MAX = 12 };

static void report_keys(kb_buf *out, const struct adoption *a)
{
	bool any = false;
	size_t alone = 0, named = 0;
	for (size_t i = 0; i < a->keys.len; i++) {
		const struct adopt_key *key = &a->keys.items[i];
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
		kb_buf_puts(out, "Keys left alone, as kb has none such: ");
	for (size_t i = 0; i < a->keys.len && named < NAMED_MAX; i++) {
		if (!a->keys.items[i].to)
			kb_buf_fmt(out, "%s%.*s", named++ ? ", " : "",
				KB_ARG(a->keys.items[i].name));
	}
	if (alone > named)
		kb_buf_fmt(out, " and %zu more, see 'ignore' in kb.yaml", alone - named);
	kb_buf_puts(out, alone ? ".\n" : "");
}

static void report_baseline(kb_buf *out, const struct adoption *a)
{
	bool any = false;
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (!a->baseline[i])
			continue;
		kb_buf_fmt(out, "%s%s %zu",
			any ? ", " : "Wrong already, as warnings for now: ",
			kb_rule_info((enum kb_rule)i)->id, a->baseline[i]);
		any = true;
	}
	kb_buf_puts(out, any ? ".\n" : "");
}

/* What no line in kb.yaml makes good: each with an example and its fix. */
static void report_faults(kb_buf *out, const struct adoption *a)
{
	if (a->faults.len)
		kb_buf_puts(out, "\nThese stay errors until you mend them:\n");
	for (size_t i = 0; i < a->faults.len; i++) {
		const struct adopt_fault *fault = &a->faults.items[i];
		kb_buf_fmt(out, "  %zu %s: %.*s", fault->count,
			kb_rule_info(fault->rule)->id, KB_ARG(fault->path));
		if (fault->line)
			kb_buf_fmt(out, ":%u", fault->line);
		kb_buf_fmt(out, "%s: %.*s\n", fault->count > 1 ? ", for one" : "",
			KB_ARG(fault->message));
		if (fault->hint.len)
			kb_buf_fmt(out, "    mend: %.*s\n", KB_ARG(fault->hint));
	}
	if (a->faults.len)
		kb_buf_puts(out,
			"  'kb publish' waits for that. With --allow-broken it leaves "
			"out what has\n"
			"  no front matter, and shows what has no title under its first "
			"heading.\n");
}

static void report_next(kb_buf *out, const struct adoption *a)
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

void adopt_write_report(kb_buf *out, const struct adoption *a)
{
	report_places(out, a);
	report_keys(out, a);
	if (a->topics.len)
		kb_buf_fmt(out, "Topics: %zu, from %s%.*s%s; taxonomy.yaml names them.\n",
			a->topics.len, a->topic_key.len ? "the key '" : "the folders",
			KB_ARG(a->topic_key), a->topic_key.len ? "'" : "");
	if (a->ignored.len)
		kb_buf_fmt(out,
			"Files or folders that are no documents, or not published: %zu; "
			".kbignore says which and why.\n",
			a->ignored.len);
	report_baseline(out, a);
	report_faults(out, a);
	report_next(out, a);
}
