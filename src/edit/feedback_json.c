/* Exports in JSON: objects with one report each, one per line or in a list, and the
 * issues of GitHub (https://docs.github.com/en/rest/issues/issues#list-repository-issues,
 * and the output of 'gh issue list --json') and GitLab
 * (https://docs.gitlab.com/api/issues/#list-all-issues). */
#include "feedback_export.h"

#include "kb/yaml.h"

enum { OBJECT_MAX = 1 << 18, EFFORT = 32 };

/* The name of a person or label: a string, or what an object calls it. */
static kb_str name_in(const struct kb_node *node)
{
	static const char *const keys[] = {"email", "login", "username", "name"};

	for (size_t i = 0; node && node->kind == KB_NODE_MAP && i < KB_LEN(keys); i++)
		if (kb_node_str(kb_node_get(node, keys[i])).len)
			return kb_node_str(kb_node_get(node, keys[i]));
	return !node || kb_node_is_null(node) ? KB_STR("") : kb_node_str(node);
}

/* "kind: wrong", "kind::wrong" (a scoped label of GitLab), "outdated", "de" */
static void take_label(
	struct feedback_export *e, struct kb_feedback_given *it, kb_str label)
{
	size_t colon = kb_str_rchr(label, ':');
	kb_str word = kb_str_trim(
		kb_str_sub(label, colon == SIZE_MAX ? 0 : colon + 1, label.len));

	if (kb_config_locale(e->lib->config, word) != KB_NONE)
		it->locale = word;
	else if (kb_taxonomy_find(e->lib->taxonomy, word))
		it->issue = word;
	else if (!it->kind.len)
		it->kind = word;
}

static void read_issue(
	struct feedback_export *e, const struct kb_node *node, kb_str origin)
{
	static const char *const keys[] = {"html_url", "web_url", "url", "createdAt",
		"created_at", "user", "author", "state", "state_reason", "stateReason"};
	struct kb_feedback_given it = {.origin = origin};
	const struct kb_node *labels = kb_node_get(node, "labels");
	kb_str title = name_in(kb_node_get(node, "title")), text;

	for (size_t i = 0; i < KB_LEN(keys); i++)
		if (i > 2)
			export_take(e, &it, kb_str_of(keys[i]),
				name_in(kb_node_get(node, keys[i])));
		else if (!it.key.len)
			it.key = name_in(kb_node_get(node, keys[i]));
	for (uint32_t i = 0; labels && labels->kind == KB_NODE_SEQ && i < labels->len;
		i++)
		take_label(e, &it, name_in(labels->items[i]));
	text = name_in(kb_node_get(node, "body"));
	text = export_read_lines(
		e, &it, text.len ? text : name_in(kb_node_get(node, "description")));
	if (!it.where.len && !it.issue.len)
		title = export_read_lines(e, &it, title);
	it.text = kb_arena_fmt(e->arena, "%.*s%s%.*s", KB_ARG(title),
		title.len && text.len ? "\n\n" : "", KB_ARG(text));
	if (!it.where.len && !it.issue.len)
		it.where = export_titled(e, title);
	kb_vec_push(&e->out->given, it);
}

static void read_report(
	struct feedback_export *e, const struct kb_node *node, kb_str origin)
{
	struct kb_feedback_given it = {.origin = origin};

	for (uint32_t i = 0; i < node->len; i++)
		export_take(e, &it, kb_node_str(node->pairs[i].key),
			name_in(node->pairs[i].value));
	it.text = export_read_lines(e, &it, it.text);
	kb_vec_push(&e->out->given, it);
}

static void read_object(
	struct feedback_export *e, const struct kb_node *node, bool forge, kb_str origin)
{
	if (node->kind != KB_NODE_MAP)
		export_fault(e, origin, "it is not an object");
	else if (forge && kb_node_get(node, "pull_request"))
		e->out->ignored++;
	else if (forge)
		read_issue(e, node, origin);
	else
		read_report(e, node, origin);
}

/* Where the object that begins TEXT ends; 0: it does not, as far as it was looked for. */
static size_t object_end(kb_str text)
{
	bool quoted = false;
	size_t depth = 0;

	for (size_t i = 0; i < text.len && i < OBJECT_MAX; i++) {
		char c = text.data[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

static bool is_report(const struct kb_node *node, bool forge)
{
	return node->kind == KB_NODE_MAP &&
	       (kb_node_get(node, forge ? "title" : "text") || (!forge && node->len > 1));
}

/* A list that is damaged: the objects in it that are whole. */
static void read_whole_objects(struct feedback_export *e, bool forge)
{
	size_t effort = e->text.len * EFFORT + OBJECT_MAX, found = 0;

	for (size_t at = 0; at < e->text.len && effort;) {
		kb_str rest = kb_str_sub(e->text, at, e->text.len);
		size_t brace = kb_str_chr(rest, '{'), end;
		const struct kb_node *node;

		if (brace == SIZE_MAX)
			break;
		at += brace;
		rest = kb_str_sub(e->text, at, e->text.len);
		end = object_end(rest);
		size_t cost = end ? end : rest.len < OBJECT_MAX ? rest.len : OBJECT_MAX;
		effort -= cost < effort ? cost : effort;
		node = end ? kb_json_parse(e->arena, kb_str_sub(rest, 0, end), NULL)
			   : NULL;
		if (node && is_report(node, forge)) {
			read_object(e, node, forge,
				kb_arena_fmt(e->arena, "item %zu", ++found));
			at += end;
		} else {
			at++;
		}
	}
}

static void read_lines(struct feedback_export *e, bool forge)
{
	kb_str rest = e->text, line;

	for (unsigned n = 1; rest.len; n++) {
		size_t end = kb_str_chr(rest, '\n');
		kb_str origin = kb_arena_fmt(e->arena, "line %u", n);
		const struct kb_node *node;
		struct kb_error err;

		line = kb_str_trim(kb_str_sub(rest, 0, end));
		rest = end == SIZE_MAX ? KB_STR_NULL
				       : kb_str_sub(rest, end + 1, rest.len);
		if (!line.len)
			continue;
		node = kb_json_parse(e->arena, line, &err);
		if (node)
			read_object(e, node, forge, origin);
		else if (end != SIZE_MAX || !e->unfinished)
			export_fault(e, origin, "%s", err.message);
	}
}

/* Is it one object a line? The first line alone tells it. */
static bool is_lines(struct feedback_export *e)
{
	kb_str line = kb_str_trim(kb_str_sub(e->text, 0, kb_str_chr(e->text, '\n')));

	return line.len > 1 && line.data[0] == '{' && line.data[line.len - 1] == '}';
}

void export_read_json(struct feedback_export *e, bool forge)
{
	const struct kb_node *root;
	struct kb_error err;

	if (is_lines(e)) {
		read_lines(e, forge);
		return;
	}
	root = kb_json_parse(e->arena, e->text, &err);
	if (!root && !e->unfinished)
		export_fault(e, KB_STR("the file"), "%s", err.message);
	if (!root) {
		read_whole_objects(e, forge);
	} else if (root->kind == KB_NODE_SEQ) {
		for (uint32_t i = 0; i < root->len; i++)
			read_object(e, root->items[i], forge,
				kb_arena_fmt(e->arena, "item %u", i + 1));
	} else {
		read_object(e, root, forge, KB_STR("item 1"));
	}
}
