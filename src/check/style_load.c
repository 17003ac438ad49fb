#include "style.h"

#include <stdlib.h>

#include "kb/coverage.h"
#include "kb/file.h"
#include "kb/schema.h"
#include "kb/unicode.h"

struct style_loader {
	struct kb_checker *checker;
	struct kb_arena *arena;
	struct kb_schema *schema;
	struct {
		KB_VEC(struct style_rule);
	} rules;
	const struct kb_node *node; /* of the rule being read */
	struct style_rule *rule;
	kb_buf *sources;
};

/* A fault of the rule; returns -1. */
static int fault(struct style_loader *l, const struct kb_node *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static int fault(struct style_loader *l, const struct kb_node *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kb_str why = kb_arena_vfmt(l->arena, fmt, ap);
	va_end(ap);
	kb_diag_add(l->checker->diags, KB_RULE_STYLE_RULE, l->rule->path,
		at ? at->range : (kb_range){0, 0}, "kb cannot run this rule: %.*s",
		KB_ARG(why));
	return -1;
}

static const struct kb_node *key(const struct style_loader *l, const char *name)
{
	const struct kb_node *node = kb_node_get(l->node, name);

	return node && !kb_node_is_null(node) ? node : NULL;
}

static bool flag(const struct style_loader *l, const char *name, bool standard)
{
	bool value = standard;

	kb_node_bool(key(l, name), &value);
	return value;
}

/* A list, or a single text. */
static kb_strs list_of(const struct style_loader *l, const char *name)
{
	const struct kb_node *node = key(l, name);
	kb_strs list = {0};

	if (node && node->kind == KB_NODE_SCALAR)
		kb_vec_push(&list, node->value);
	for (uint32_t i = 0; node && node->kind == KB_NODE_SEQ && i < node->len; i++)
		kb_vec_push(&list, kb_node_str(node->items[i]));
	size_t n = list.len;
	kb_str *items = kb_vec_freeze(&list, l->arena);
	return (kb_strs){.items = items, .len = n};
}

/* Trigrams that a text must have to be matched */

uint16_t style_trigram(const char *bytes)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < 3; i++) {
		unsigned char c = (unsigned char)bytes[i];

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 16777619u;
	}
	return (uint16_t)(hash ^ hash >> 16);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == ' ' || c == ',' || c == '-' || c == '\'';
}

/* The longest run of ASCII characters that every match must contain, as far as that is
 * easy to see: those outside groups and classes that are not optional. */
static kb_str literal_of(kb_str regex)
{
	kb_str best = KB_STR_NULL;
	size_t from = 0, depth = 0;

	for (size_t i = 0; i <= regex.len; i++) {
		char c = i < regex.len ? regex.data[i] : '\0';
		bool optional = c && strchr("?*{", c);

		if (c == '|' && !depth)
			return KB_STR_NULL;
		if (is_plain(c) && !depth)
			continue;
		size_t to = optional && i > from ? i - 1 : i;
		if (!depth && to > from && to - from > best.len)
			best = kb_str_sub(regex, from, to);
		if (c == '\\')
			i++;
		else if (c == '(' || c == '[')
			depth++;
		else if ((c == ')' || c == ']') && depth)
			depth--;
		else if (c == '{')
			while (i < regex.len && regex.data[i] != '}')
				i++;
		from = i + 1;
	}
	return best;
}

static void note_trigrams(
	struct style_loader *l, struct style_pattern *pattern, kb_str regex)
{
	kb_str literal = literal_of(regex);

	if (literal.len < 3)
		return;
	pattern->ntrigrams = literal.len - 2;
	pattern->trigrams = kb_arena_array(l->arena, uint16_t, pattern->ntrigrams);
	for (size_t i = 0; i < pattern->ntrigrams; i++)
		pattern->trigrams[i] = style_trigram(literal.data + i);
}

/* Patterns */

static int compile(struct style_loader *l, const struct kb_node *at, kb_str regex,
	bool nocase, struct kb_regex **out)
{
	struct kb_error err;

	if (kb_regex_compile(out, regex, nocase ? KB_REGEX_NOCASE : 0, &err) < 0)
		return fault(l, at, "%s", err.message);
	return 0;
}

/* At word boundaries, unless the rule says otherwise; ^ and $ match at the ends of lines.
 */
static kb_str bounded(struct style_loader *l, kb_str regex)
{
	return kb_arena_fmt(l->arena,
		flag(l, "nonword", false) ? "(?m)(?:%.*s)" : "(?m)\\b(?:%.*s)\\b",
		KB_ARG(regex));
}

static int add_pattern(struct style_loader *l, const struct kb_node *at, kb_str words,
	kb_str regex, kb_str replacement)
{
	struct style_rule *rule = l->rule;
	struct style_pattern *pattern = &rule->patterns[rule->npatterns];

	*pattern = (struct style_pattern){.words = words, .replacement = replacement};
	/* Alone first, so that a message shows what people wrote. */
	if (compile(l, at, words, false, &pattern->regex) < 0)
		return -1;
	kb_regex_free(pattern->regex);
	if (compile(l, at, regex, rule->ignorecase, &pattern->regex) < 0)
		return -1;
	note_trigrams(l, pattern, words);
	rule->npatterns++;
	return 0;
}

static void patterns_free(struct style_rule *rule)
{
	for (size_t i = 0; i < rule->npatterns; i++)
		kb_regex_free(rule->patterns[i].regex);
	rule->npatterns = 0;
}

static void make_room(struct style_loader *l, size_t n)
{
	l->rule->patterns = kb_arena_array(l->arena, struct style_pattern, n + 1);
}

static int read_list(
	struct style_loader *l, const char *name, const kb_strs *list, bool bound)
{
	make_room(l, list->len);
	for (size_t i = 0; i < list->len; i++)
		if (add_pattern(l, key(l, name), list->items[i],
			    bound ? bounded(l, list->items[i]) : list->items[i],
			    KB_STR_NULL) < 0)
			return -1;
	return 0;
}

static kb_str joined(struct style_loader *l, const kb_strs *list, const char *between)
{
	kb_str all = KB_STR("");

	for (size_t i = 0; i < list->len; i++)
		all = kb_arena_fmt(l->arena, "%.*s%s%.*s", KB_ARG(all), i ? between : "",
			KB_ARG(list->items[i]));
	return all;
}

/* 'raw' comes before the tokens, in one expression with them; with 'append', after them.
 */
static int read_existence(struct style_loader *l)
{
	kb_strs tokens = list_of(l, "tokens"), raw = list_of(l, "raw");
	kb_str start = joined(l, &raw, ""), rest;

	if (!raw.len)
		return read_list(l, "tokens", &tokens, true);
	/* The tokens alone first, so that a message shows the wrong one. */
	if (read_list(l, "tokens", &tokens, true) < 0)
		return -1;
	patterns_free(l->rule);
	rest = tokens.len ? bounded(l, joined(l, &tokens, "|")) : KB_STR("");
	make_room(l, 1);
	rest = flag(l, "append", false)
		       ? kb_arena_fmt(l->arena, "%.*s%.*s", KB_ARG(rest), KB_ARG(start))
		       : kb_arena_fmt(l->arena, "%.*s%.*s", KB_ARG(start), KB_ARG(rest));
	return add_pattern(l, key(l, "raw"), rest, rest, KB_STR_NULL);
}

/* From a map of words to others. */
static int read_pairs(struct style_loader *l, const char *name, bool both)
{
	const struct kb_node *map = key(l, name);

	make_room(l, map->len * 2);
	for (uint32_t i = 0; i < map->len; i++) {
		kb_str from = map->pairs[i].key->value;
		kb_str to = kb_node_str(map->pairs[i].value);

		if (add_pattern(l, map->pairs[i].key, from, bounded(l, from), to) < 0 ||
			(both && add_pattern(l, map->pairs[i].value, to, bounded(l, to),
					 from) < 0))
			return -1;
	}
	return 0;
}

/* The words of which others are the beginning come before them. */
static void sort_longest_first(struct style_rule *rule)
{
	for (size_t i = 1; i < rule->npatterns; i++) {
		struct style_pattern pattern = rule->patterns[i];
		size_t at = i;

		for (; at && rule->patterns[at - 1].words.len < pattern.words.len; at--)
			rule->patterns[at] = rule->patterns[at - 1];
		rule->patterns[at] = pattern;
	}
}

static int read_swap(struct style_loader *l)
{
	if (key(l, "capitalize"))
		l->rule->capital = flag(l, "capitalize", false) ? STYLE_CAPITAL_STAYS
								: STYLE_CAPITAL_GOES;
	if (read_pairs(l, "swap", false) < 0)
		return -1;
	sort_longest_first(l->rule);
	return 0;
}

static int read_occurrence(struct style_loader *l)
{
	const struct kb_node *token = key(l, "token");
	kb_strs tokens = list_of(l, "tokens");
	long long n;

	if (kb_node_int(key(l, "max"), &n) == 0) {
		l->rule->has_max = true;
		l->rule->max = (size_t)n;
	}
	if (kb_node_int(key(l, "min"), &n) == 0) {
		l->rule->has_min = true;
		l->rule->min = (size_t)n;
	}
	if (!token && !tokens.len)
		return fault(l, l->node, "it needs a 'token' to count");
	if (!token)
		return read_list(l, "tokens", &tokens, false);
	make_room(l, 1);
	return add_pattern(l, token, kb_node_str(token), kb_node_str(token), KB_STR_NULL);
}

static int read_repetition(struct style_loader *l)
{
	long long n;

	kb_strs tokens = list_of(l, "tokens");

	l->rule->alpha = flag(l, "alpha", false);
	if (kb_node_int(key(l, "max"), &n) == 0)
		l->rule->max = (size_t)n;
	return read_list(l, "tokens", &tokens, false);
}

static int read_conditional(struct style_loader *l)
{
	const struct kb_node *first = key(l, "first"), *second = key(l, "second");

	make_room(l, 1);
	if (add_pattern(l, first, kb_node_str(first), kb_node_str(first), KB_STR_NULL) <
		0)
		return -1;
	l->rule->patterns[0].ntrigrams = 0;
	return compile(
		l, second, kb_node_str(second), l->rule->ignorecase, &l->rule->second);
}

static int read_case(struct style_loader *l)
{
	struct style_rule *rule = l->rule;
	const struct kb_node *match = key(l, "match"), *prefix = key(l, "prefix");

	rule->match = kb_node_str(match);
	rule->indicators = list_of(l, "indicators");
	rule->chicago = kb_str_is(kb_node_str(key(l, "style")), "Chicago");
	rule->threshold = 0.8;
	kb_node_float(key(l, "threshold"), &rule->threshold);
	if (prefix && compile(l, prefix,
			      kb_arena_fmt(l->arena, "\\A(?:%.*s)",
				      KB_ARG(kb_node_str(prefix))),
			      false, &rule->prefix) < 0)
		return -1;
	if (kb_str_is(rule->match, "$title") || kb_str_is(rule->match, "$sentence") ||
		kb_str_is(rule->match, "$lower") || kb_str_is(rule->match, "$upper"))
		return 0;
	if (kb_str_starts(rule->match, KB_STR("$")))
		return fault(l, match,
			"'match' must be $title, $sentence, $lower, $upper or a "
			"regular expression");
	make_room(l, 1);
	return add_pattern(l, match, rule->match, rule->match, KB_STR_NULL);
}

static int read_metric(struct style_loader *l)
{
	const struct kb_node *formula = key(l, "formula");
	struct kb_error err;

	l->rule->formula = style_formula_parse(
		l->arena, kb_node_str(formula), kb_node_str(key(l, "condition")), &err);
	l->rule->scopes |= 1u << STYLE_COUNTS;
	return l->rule->formula ? 0 : fault(l, formula, "%s", err.message);
}

static int read_kind(struct style_loader *l)
{
	switch (l->rule->kind) {
	case STYLE_EXISTENCE:
		return read_existence(l);
	case STYLE_SUBSTITUTION:
		return read_swap(l);
	case STYLE_CONSISTENCY:
		return read_pairs(l, "either", true);
	case STYLE_OCCURRENCE:
		return read_occurrence(l);
	case STYLE_REPETITION:
		return read_repetition(l);
	case STYLE_CONDITIONAL:
		return read_conditional(l);
	case STYLE_CAPITALIZATION:
		return read_case(l);
	default:
		return read_metric(l);
	}
}

static int longer_first(const void *a, const void *b)
{
	const kb_str *x = a, *y = b;

	return (x->len < y->len) - (x->len > y->len);
}

/* Words within what is found, in their own letter case; of those that begin alike the
 * longest counts. */
static int read_exceptions(struct style_loader *l)
{
	kb_strs list = list_of(l, "exceptions");

	if (!list.len)
		return 0;
	qsort(list.items, list.len, sizeof(*list.items), longer_first);
	return compile(l, key(l, "exceptions"),
		kb_arena_fmt(l->arena, "(?:\\b|(?<!\\w))(?:%.*s)(?:\\b|(?!\\w))",
			KB_ARG(joined(l, &list, "|"))),
		false, &l->rule->exceptions);
}

static int read_scopes(struct style_loader *l)
{
	kb_strs list = list_of(l, "scope");
	const char *why = style_scopes_parse(l->arena, &list, l->rule);

	return why ? fault(l, key(l, "scope"), "%s", why) : 0;
}

static int read_action(struct style_loader *l)
{
	static const char *const names[] = {
		"", "replace", "remove", "edit", "convert", "suggest"};
	const struct kb_node *action = key(l, "action");
	const struct kb_node *params = kb_node_get(action, "params");

	for (size_t i = 1; i < KB_LEN(names); i++)
		if (kb_str_is(kb_node_str(kb_node_get(action, "name")), names[i]))
			l->rule->action = (enum style_action)i;
	kb_strs list = {0};
	if (params && params->kind == KB_NODE_SCALAR)
		kb_vec_push(&list, params->value);
	for (uint32_t i = 0; params && params->kind == KB_NODE_SEQ && i < params->len;
		i++)
		kb_vec_push(&list, kb_node_str(params->items[i]));
	l->rule->params.len = list.len;
	l->rule->params.items = kb_vec_freeze(&list, l->arena);
	const char *why = style_action_fault(l->rule);
	return why ? fault(l, action, "%s", why) : 0;
}

/* Files */

static enum style_kind kind_of(const struct style_loader *l)
{
	static const char *const names[STYLE_KINDS] = {"existence", "substitution",
		"occurrence", "repetition", "consistency", "capitalization",
		"conditional", "metric"};

	for (int i = 0; i < STYLE_KINDS; i++)
		if (kb_str_is(kb_node_str(key(l, "extends")), names[i]))
			return (enum style_kind)i;
	return STYLE_KINDS;
}

static int read_rule(struct style_loader *l)
{
	struct style_rule *rule = l->rule;
	kb_str level = kb_node_str(key(l, "level")),
	       extends = kb_node_str(key(l, "extends"));
	long long limit;

	if (kb_str_is(extends, "script") || kb_str_is(extends, "spelling") ||
		kb_str_is(extends, "sequence") || kb_str_is(extends, "readability"))
		return fault(l, key(l, "extends"),
			"rules of the kind '%.*s' are not supported", KB_ARG(extends));
	if (!kb_schema_check(
		    l->schema, l->node, rule->path, KB_SCHEMA_CONFIG, l->checker->diags))
		return -1;
	rule->kind = kind_of(l);
	rule->message = kb_node_str(key(l, "message"));
	rule->link = kb_node_str(key(l, "link"));
	rule->severity = kb_str_is(level, "error")	  ? KB_ERROR
			 : kb_str_is(level, "suggestion") ? KB_INFO
							  : KB_WARNING;
	if (kb_node_int(key(l, "limit"), &limit) == 0)
		rule->limit = (size_t)limit;
	rule->ignorecase = flag(l, "ignorecase", false);
	return read_action(l) < 0 || read_scopes(l) < 0 || read_exceptions(l) < 0 ||
			       read_kind(l) < 0
		       ? -1
		       : 0;
}

static void rule_dispose(struct style_rule *rule)
{
	patterns_free(rule);
	kb_regex_free(rule->exceptions);
	kb_regex_free(rule->second);
	kb_regex_free(rule->prefix);
}

/* "style/de/Google/We.yaml": of de, "Google.We". */
static bool read_place(struct style_loader *l, kb_str path, struct style_rule *rule)
{
	kb_str rest = kb_str_sub(path, strlen("style/"), path.len), folder, code;
	size_t slash = kb_str_chr(rest, '/');
	char *name;

	rule->path = path;
	rule->locale = KB_NONE;
	folder = slash == SIZE_MAX ? KB_STR("") : kb_str_sub(rest, 0, slash);
	if (folder.len && kb_locale_canonical(l->arena, folder, &code))
		rule->locale = kb_config_locale(l->checker->lib->config, code);
	if (folder.len && rule->locale == KB_NONE) {
		kb_diag_hint(l->checker->diags,
			kb_diag_add(l->checker->diags, KB_RULE_STYLE_RULE, path,
				(kb_range){0, 0},
				"kb cannot run this rule: kb.yaml has no locale '%.*s'",
				KB_ARG(folder)),
			"put rules in style/<locale>/, or in style/ for all locales");
		return false;
	}
	if (folder.len)
		rest = kb_str_sub(rest, slash + 1, rest.len);
	rule->name = kb_arena_str(
		l->arena, kb_str_sub(rest, 0, rest.len - kb_path_ext(rest).len));
	name = (char *)(uintptr_t)rule->name.data;
	for (size_t i = 0; i < rule->name.len; i++)
		if (name[i] == '/')
			name[i] = '.';
	return true;
}

/* Reads the file into l->rule. Returns false, with a finding, when it holds no valid
 * rule. */
static bool load_rule(struct style_loader *l, kb_str path)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error err;

	if (!read_place(l, path, l->rule))
		return false;
	if (kb_reader_read(l->checker->reader, path, 1 << 20, &text, &err) < 0) {
		fault(l, NULL, "%s", err.message);
		return false;
	}
	kb_buf_fmt(l->sources, "%.*s %zu ", KB_ARG(path), text.len);
	kb_buf_str(l->sources, kb_buf_view(&text));
	l->node = kb_yaml_parse(l->arena, kb_arena_str(l->arena, kb_buf_view(&text)), 0,
		path, l->checker->diags);
	return l->node && read_rule(l) == 0;
}

static void read_file(struct style_loader *l, kb_str path)
{
	struct style_rule rule = {0};

	l->rule = &rule;
	if (load_rule(l, path))
		kb_vec_push(&l->rules, rule);
	else
		rule_dispose(&rule);
	l->rule = NULL;
}

static bool is_rule(kb_str path)
{
	kb_str ext = kb_path_ext(path);

	return kb_str_starts(path, KB_STR("style/")) &&
	       (kb_str_is(ext, ".yaml") || kb_str_is(ext, ".yml"));
}

/* Is there a rule of the same name for a nearer locale? */
static bool is_overridden(const struct style_rules *rules, const struct style_rule *rule,
	uint32_t locale, const struct kb_config *config)
{
	for (size_t i = 0; i < rules->len; i++) {
		const struct style_rule *other = &rules->items[i];

		if (other != rule && kb_str_eq(other->name, rule->name) &&
			other->locale != KB_NONE &&
			kb_locale_serves(config, other->locale, locale) &&
			(rule->locale == KB_NONE ||
				kb_locale_serves(config, rule->locale, other->locale)))
			return true;
	}
	return false;
}

/* Which rules a locale's documents are held to: its own, and those of the locales of its
 * language that it falls back to. */
static void assign(struct style_rules *rules, const struct kb_config *config)
{
	rules->by_locale = kb_arena_array(rules->arena, uint32_t *, config->nlocales);
	rules->nby_locale = kb_arena_array(rules->arena, uint32_t, config->nlocales);
	for (uint32_t l = 0; l < config->nlocales; l++) {
		rules->by_locale[l] =
			kb_arena_array(rules->arena, uint32_t, rules->len + 1);
		for (size_t i = 0; i < rules->len; i++) {
			const struct style_rule *rule = &rules->items[i];
			bool serves = rule->locale == KB_NONE ||
				      kb_locale_serves(config, rule->locale, l);

			if (serves && !is_overridden(rules, rule, l, config))
				rules->by_locale[l][rules->nby_locale[l]++] = (uint32_t)i;
		}
	}
}

struct style_rules *style_load(struct kb_checker *checker)
{
	struct kb_arena *arena = kb_arena_new();
	struct style_rules *rules = kb_arena_new_of(arena, struct style_rules);
	struct style_loader l = {
		.checker = checker, .arena = arena, .sources = &rules->sources};

	rules->arena = arena;
	kb_schema_compile(&l.schema, kb_schema_builtin(KB_STR("style")), KB_STR("style"),
		NULL, NULL, NULL);
	for (size_t i = 0; i < checker->lib->nentries; i++) {
		const struct kb_entry *entry = &checker->lib->entries[i];

		if (entry->kind == KB_ENTRY_FILE && is_rule(entry->path))
			read_file(&l, entry->path);
	}
	kb_schema_free(l.schema);
	rules->len = l.rules.len;
	rules->items = kb_vec_freeze(&l.rules, arena);
	assign(rules, checker->lib->config);
	return rules;
}

void style_free(struct style_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->len; i++)
		rule_dispose(&rules->items[i]);
	kb_buf_dispose(&rules->sources);
	kb_arena_free(rules->arena);
}
