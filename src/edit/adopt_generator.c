/* What the configuration of a site generator says: the site's name and its address. */
#include "adopt.h"

#include <ctype.h>

#include "kb/file.h"

enum syntax { YAML, TOML, SCRIPT };

static const struct generator {
	const char *file;
	enum syntax syntax;
	const char *name, *url, *language;
	enum kb_adopt_generator is;
} generators[] = {
	{"_config.yml", YAML, "title", "url", "lang", KB_ADOPT_JEKYLL},
	{"_config.yaml", YAML, "title", "url", "lang", KB_ADOPT_JEKYLL},
	{"mkdocs.yml", YAML, "site_name", "site_url", "  language", KB_ADOPT_MKDOCS},
	{"mkdocs.yaml", YAML, "site_name", "site_url", "  language", KB_ADOPT_MKDOCS},
	{"hugo.toml", TOML, "title", "baseURL", "defaultContentLanguage", KB_ADOPT_HUGO},
	{"config.toml", TOML, "title", "baseURL", "defaultContentLanguage",
		KB_ADOPT_HUGO},
	{"hugo.yaml", YAML, "title", "baseURL", "defaultContentLanguage", KB_ADOPT_HUGO},
	{"hugo.yml", YAML, "title", "baseURL", "defaultContentLanguage", KB_ADOPT_HUGO},
	{"config.yaml", YAML, "title", "baseURL", "defaultContentLanguage",
		KB_ADOPT_HUGO},
	{"config.yml", YAML, "title", "baseURL", "defaultContentLanguage", KB_ADOPT_HUGO},
	{"docusaurus.config.js", SCRIPT, "title", "url", "defaultLocale",
		KB_ADOPT_DOCUSAURUS},
	{"docusaurus.config.ts", SCRIPT, "title", "url", "defaultLocale",
		KB_ADOPT_DOCUSAURUS},
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
}

/* A plain value. Computed ones, or ones of several lines, count as missing. */
static kb_str read_value(kb_str value, enum syntax syntax)
{
	char first = value.len ? value.data[0] : '\0';

	if (first == '"' || first == '\'') {
		kb_str rest = kb_str_sub(value, 1, value.len);
		size_t end = kb_str_chr(rest, first);

		if (end == SIZE_MAX ||
			(end + 1 < rest.len && rest.data[end + 1] == first))
			return KB_STR_NULL;
		value = kb_str_sub(rest, 0, end);
		return kb_str_chr(value, '\\') == SIZE_MAX ? value : KB_STR_NULL;
	}
	if (syntax != YAML || !first || strchr("|>&*!{[#%@`~", first))
		return KB_STR_NULL;
	size_t comment = kb_str_find(value, KB_STR(" #"));
	return kb_str_trim(
		kb_str_sub(value, 0, comment == SIZE_MAX ? value.len : comment));
}

/* Where the key stands as a word of its own. */
static size_t find_key(kb_str line, kb_str key, enum syntax syntax)
{
	size_t at = 0, step;

	while ((step = kb_str_find(kb_str_sub(line, at, line.len), key)) != SIZE_MAX) {
		at += step;
		if (!at || (syntax == SCRIPT && !is_word(line.data[at - 1])))
			return at;
		at++;
	}
	return SIZE_MAX;
}

/* What stands after "key:" or "key =" in a line. */
static kb_str after_key(kb_str line, kb_str key, enum syntax syntax)
{
	size_t at = find_key(line, key, syntax);

	if (at == SIZE_MAX || kb_str_starts(kb_str_trim(line), KB_STR("//")))
		return KB_STR_NULL;
	line = kb_str_trim(kb_str_sub(line, at + key.len, line.len));
	if (!line.len || line.data[0] != (syntax == TOML ? '=' : ':'))
		return KB_STR_NULL;
	return kb_str_trim(kb_str_sub(line, 1, line.len));
}

static kb_str find_setting(kb_str text, const char *key, enum syntax syntax)
{
	kb_str line;

	while (kb_str_next(&text, '\n', &line)) {
		if (syntax == TOML && line.len && line.data[0] == '[')
			break;
		kb_str value =
			read_value(after_key(line, kb_str_of(key), syntax), syntax);
		if (value.len)
			return value;
	}
	return KB_STR_NULL;
}

static kb_str find_url(kb_str text, const struct generator *generator)
{
	kb_str url = find_setting(text, generator->url, generator->syntax);

	while (kb_str_ends(url, KB_STR("/")))
		url.len--;
	return kb_str_starts(url, KB_STR("http")) && kb_str_chr(url, ' ') == SIZE_MAX
		       ? url
		       : KB_STR_NULL;
}

/* A value as it is written, such as true. */
static bool has_setting(
	kb_str text, const char *key, enum syntax syntax, const char *value)
{
	kb_str line;

	while (kb_str_next(&text, '\n', &line))
		if (kb_str_starts(
			    after_key(line, kb_str_of(key), syntax), kb_str_of(value)))
			return true;
	return false;
}

static kb_str setting_or(struct kb_adoption *a, kb_str text, const char *key,
	enum syntax syntax, const char * or)
{
	kb_str value = find_setting(text, key, syntax);

	while (kb_str_starts(value, KB_STR("/")))
		value = kb_str_sub(value, 1, value.len);
	while (kb_str_ends(value, KB_STR("/")))
		value.len--;
	return kb_arena_str(a->arena, value.len ? value : kb_str_of(or));
}

/* How the generator makes addresses. A "config.yml" is Hugo's if it has its key. */
static void read_addressing(
	struct kb_adoption *a, const struct generator *generator, kb_str text)
{
	enum syntax syntax = generator->syntax;

	if (a->generator ||
		(generator->is == KB_ADOPT_HUGO &&
			!kb_str_starts(kb_str_of(generator->file), KB_STR("hugo")) &&
			!find_setting(text, generator->url, syntax).len))
		return;
	a->generator = generator->is;
	switch (generator->is) {
	case KB_ADOPT_HUGO:
		a->content_dir = setting_or(a, text, "contentDir", syntax, "content");
		a->plain_files = has_setting(text, "uglyURLs", syntax, "true");
		a->each_language = has_setting(
			text, "defaultContentLanguageInSubdir", syntax, "true");
		break;
	case KB_ADOPT_MKDOCS:
		a->content_dir = setting_or(a, text, "docs_dir", syntax, "docs");
		a->plain_files = has_setting(text, "use_directory_urls", syntax, "false");
		break;
	case KB_ADOPT_DOCUSAURUS:
		a->content_dir = KB_STR("docs");
		a->route = has_setting(text, "routeBasePath", syntax, "'/'") ||
					   has_setting(
						   text, "routeBasePath", syntax, "\"/\"")
				   ? KB_STR("")
				   : setting_or(a, text, "routeBasePath", syntax, "docs");
		break;
	default:
		a->plain_files = !has_setting(text, "permalink", syntax, "pretty");
	}
}

static const struct generator *generator_of(kb_str path)
{
	for (size_t i = 0; i < KB_LEN(generators); i++) {
		if (kb_str_is(path, generators[i].file))
			return &generators[i];
	}
	return NULL;
}

bool adopt_is_settings(kb_str path)
{
	return kb_str_is(path, "CNAME") || generator_of(path);
}

void adopt_settings(struct kb_adoption *a, kb_str path, kb_str text)
{
	const struct generator *generator = generator_of(path);
	kb_str host = kb_str_trim(text), url = KB_STR_NULL;

	if (generator)
		url = find_url(text, generator);
	else if (host.len && kb_str_chr(host, '\n') == SIZE_MAX)
		url = kb_arena_fmt(a->arena, "https://%.*s", KB_ARG(host));
	if (url.len && !a->base_url.len)
		a->base_url = kb_arena_str(a->arena, url);
	if (generator && !a->language.len)
		a->language = kb_arena_str(a->arena,
			find_setting(text, generator->language, generator->syntax));
	if (generator)
		read_addressing(a, generator, text);
	if (generator && !a->name.len)
		a->name = kb_arena_str(
			a->arena, find_setting(text, generator->name, generator->syntax));
}
