/* The files that make a repository of Markdown one of kb's. */
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
static void put_ignored_keys(kb_buf *out, const struct kb_adoption *a)
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

static void put_keys(kb_buf *out, const struct kb_adoption *a)
{
	bool any = false;

	for (size_t i = 0; i < a->keys.len; i++) {
		const struct kb_adopt_key *key = &a->keys.items[i];

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

static void put_common(kb_buf *out, const struct kb_adoption *a)
{
	kb_buf_puts(out, "    type: article\n    defaults:\n      owner: content\n");
	put_keys(out, a);
	put_ignored_keys(out, a);
	if (a->templated)
		kb_buf_puts(out, "    # {{…}} means something to another program here, "
				 "so it stays as it is.\n"
				 "    expand: false\n");
}

static void put_folder_topics(kb_buf *out, const struct kb_adoption *a)
{
	if (a->topic_key.len || !a->topics.len)
		return;
	kb_buf_puts(out, "  # One folder per topic; see taxonomy.yaml.\n");
	for (size_t i = 0; i < a->topics.len; i++) {
		const struct kb_adopt_topic *topic = &a->topics.items[i];
		kb_str before = a->style == KB_ADOPT_FOLDER
					? kb_arena_fmt(a->arena, "%.*s{locale}/",
						  KB_ARG(a->prefix))
					: a->base;
		kb_str end = a->style > KB_ADOPT_FOLDER ? kb_adoption_pattern(a)
							: KB_STR("/**/*.md");

		if (a->style > KB_ADOPT_FOLDER)
			end = kb_arena_fmt(a->arena, "/%.*s",
				KB_ARG(kb_str_sub(end, a->base.len, end.len)));
		put_path(out, kb_arena_fmt(a->arena, "%.*s%.*s%.*s", KB_ARG(before),
				      KB_ARG(topic->folder), KB_ARG(end)));
		kb_buf_puts(out, "    defaults:\n      issues: [");
		kb_yaml_put_scalar(out, topic->id, '"', true);
		kb_buf_puts(out, "]\n");
	}
}

static void put_mounts(kb_buf *out, const struct kb_adoption *a)
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
		put_path(out, kb_adoption_pattern(a));
		if (!wide || a->style == KB_ADOPT_FOLDER)
			put_common(out, a);
	}
	put_folder_topics(out, a);
}

static void put_rules(kb_buf *out, const struct kb_adoption *a)
{
	const char *head =
		"# Errors on the day of adoption, and how many: fix them, then delete "
		"the line.\n";

	bool formers = a->aliases.len || a->formers.len;

	if (formers)
		kb_buf_puts(out,
			"\nrules:\n  # Links in the text lead to former addresses, "
			"which stay good as aliases.\n  link-alias: off\n");
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (!a->baseline[i])
			continue;
		if (*head && !formers)
			kb_buf_puts(out, "\nrules:\n");
		kb_buf_puts(out, head);
		head = "";
		kb_buf_fmt(out, "  %s: warning # %zu\n",
			kb_rule_info((enum kb_rule)i)->id, a->baseline[i]);
	}
}

void adopt_write_config(kb_buf *out, const struct kb_adoption *a, kb_str name)
{
	kb_buf_puts(out, "# Configuration of this help center. 'kb schema kb' lists all "
			 "keys.\n");
	put_pair(out, "", KB_STR("name"), name);
	if (a->base_url.len)
		kb_buf_fmt(out, "base_url: %.*s\n", KB_ARG(a->base_url));
	else
		kb_buf_puts(out, "# The address of the public site:\n# base_url: "
				 "https://help.example.org\n");
	kb_buf_puts(
		out, "\n# The first locale is the source for translations.\nlocales:\n");
	for (size_t i = 0; i < a->locales.len; i++)
		kb_buf_fmt(out, "  - code: %.*s\n", KB_ARG(a->locales.items[i].code));
	kb_buf_puts(out, "\n# The most public audience comes first. The site for an "
			 "audience contains what is for\n# it and for those before "
			 "it.\naudiences: [public, agents]\n");
	put_mounts(out, a);
	put_rules(out, a);
	if (a->redirects.len || a->formers.len)
		kb_buf_puts(out, "\nredirects:\n");
	if (a->redirects.len)
		kb_buf_puts(out, "  # Pages that were only redirects.\n");
	for (size_t i = 0; i < a->redirects.len; i++)
		put_pair(out, "  ", kb_node_str(a->redirects.items[i].key),
			kb_node_str(a->redirects.items[i].value));
	if (a->formers.len)
		kb_buf_puts(out, "  # Addresses on the former site.\n");
	for (size_t i = 0; i < a->formers.len; i++)
		put_pair(out, "  ", a->formers.items[i].from, a->formers.items[i].to);
}

void adopt_write_taxonomy(kb_buf *out, const struct kb_adoption *a)
{
	kb_buf_puts(out,
		"# What customers contact you about. Labels can be given per locale:\n"
		"# label: {en: Delivery, de: Lieferung}\n");
	kb_buf_puts(out, a->topics.len ? "issues:\n" : "issues: []\n");
	for (size_t i = 0; i < a->topics.len; i++) {
		kb_buf_puts(out, "  - id: ");
		kb_yaml_put_scalar(out, a->topics.items[i].id, '"', true);
		kb_buf_puts(out, "\n    label: ");
		kb_yaml_put_scalar(
			out, kb_adopt_label(a->arena, a->topics.items[i].id), '"', true);
		kb_buf_putc(out, '\n');
	}
}

void adopt_write_people(kb_buf *out)
{
	kb_buf_puts(out, "# Who owns what. Everything belongs to this team until "
			 "documents, or the\n"
			 "# content folders of kb.yaml, name somebody else.\n"
			 "content:\n"
			 "  name: Content team\n"
			 "  email: content@example.org\n");
}

void adopt_write_ignore(kb_buf *out, const struct kb_adoption *a)
{
	kb_buf_puts(out, "# Markdown that is not a document; the format is that of "
			 ".gitignore.\n");
	const char *why = "";
	for (size_t i = 0; i < a->ignored.len; i++) {
		const struct kb_adopt_ignored *ignored = &a->ignored.items[i];

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
