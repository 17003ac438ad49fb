#include "schema_private.h"

#include "kb/embed.h"

/* How many files a $ref may go through. */
#define TEXTS_MAX 200

enum child { NO_SCHEMA, SCHEMA, SCHEMAS, SCHEMA_MAP, SCHEMA_OR_LIST, DEPENDENCIES };

int kb_sch_fail(struct sch_compiler *c, const char *fmt, ...)
{
	_cleanup_buf_ kb_buf why = {0};
	va_list ap;

	va_start(ap, fmt);
	kb_buf_vfmt(&why, fmt, ap);
	va_end(ap);
	return kb_error_set(c->err, KB_E_CONFIG, "the schema '%.*s' at '#%.*s': %.*s",
		KB_ARG(c->schema->name), KB_ARG(kb_buf_view(&c->path)),
		KB_ARG(kb_buf_view(&why)));
}

static enum child child_kind(kb_str keyword)
{
	static const struct {
		const char *name;
		enum child kind;
	} kinds[] = {{"additionalItems", SCHEMA}, {"contains", SCHEMA},
		{"additionalProperties", SCHEMA}, {"propertyNames", SCHEMA},
		{"if", SCHEMA}, {"then", SCHEMA}, {"else", SCHEMA}, {"not", SCHEMA},
		{"allOf", SCHEMAS}, {"anyOf", SCHEMAS}, {"oneOf", SCHEMAS},
		{"properties", SCHEMA_MAP}, {"patternProperties", SCHEMA_MAP},
		{"definitions", SCHEMA_MAP}, {"items", SCHEMA_OR_LIST},
		{"dependencies", DEPENDENCIES}};

	for (size_t i = 0; i < KB_LEN(kinds); i++)
		if (kb_str_is(keyword, kinds[i].name))
			return kinds[i].kind;
	return NO_SCHEMA;
}

static int kb_sch_children(
	struct sch_compiler *c, const struct kb_node *node, kb_str base, sch_child_fn *fn)
{
	for (uint32_t i = 0; node->kind == KB_NODE_MAP && i < node->len; i++) {
		const struct kb_node *value = node->pairs[i].value;
		enum child kind = child_kind(node->pairs[i].key->value);
		bool list = value->kind == KB_NODE_SEQ &&
			    (kind == SCHEMAS || kind == SCHEMA_OR_LIST);
		bool map = value->kind == KB_NODE_MAP &&
			   (kind == SCHEMA_MAP || kind == DEPENDENCIES);

		if ((kind == SCHEMA || (kind == SCHEMA_OR_LIST && !list)) &&
			fn(c, value, base) < 0)
			return -1;
		for (uint32_t j = 0; list && j < value->len; j++)
			if (fn(c, value->items[j], base) < 0)
				return -1;
		for (uint32_t j = 0; map && j < value->len; j++)
			if (fn(c, value->pairs[j].value, base) < 0)
				return -1;
	}
	return 0;
}

/* Length of "scheme:" at the beginning of a URI, or 0. */
static size_t scheme_len(kb_str uri)
{
	for (size_t i = 0; i < uri.len; i++) {
		char ch = uri.data[i];

		if (ch == ':')
			return i ? i + 1 : 0;
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			    (i && ((ch >= '0' && ch <= '9') || ch == '+' || ch == '-' ||
					  ch == '.'))))
			return 0;
	}
	return 0;
}

/* Length of "scheme://authority", or of "scheme:". */
static size_t root_len(kb_str uri)
{
	size_t at = scheme_len(uri);

	if (kb_str_starts(kb_str_sub(uri, at, uri.len), KB_STR("//")))
		for (at += 2; at < uri.len && uri.data[at] != '/'; at++)
			;
	return at;
}

/* Adds a path's segments to BUF, which has the text before the path. */
static void add_path(kb_buf *buf, size_t root, kb_str path)
{
	kb_str part;

	while (kb_str_next(&path, '/', &part)) {
		bool last = !path.data;

		if (kb_str_is(part, "..")) {
			while (buf->len > root && buf->data[buf->len - 1] == '/')
				buf->len--;
			while (buf->len > root && buf->data[buf->len - 1] != '/')
				buf->len--;
		} else if (!kb_str_is(part, ".")) {
			kb_buf_str(buf, part);
			if (!last)
				kb_buf_putc(buf, '/');
		}
	}
}

/* REF (without fragment) seen from BASE. */
static kb_str resolve_uri(struct sch_compiler *c, kb_str ref, kb_str base)
{
	_cleanup_buf_ kb_buf buf = {0};
	size_t root, slash;

	if (ref.len == 0)
		return base;
	if (scheme_len(ref))
		return kb_arena_str(c->schema->arena, ref);
	root = root_len(base);
	kb_buf_str(&buf, kb_str_sub(base, 0, root));
	if (ref.data[0] != '/') {
		slash = kb_str_rchr(base, '/');
		if (slash != SIZE_MAX && slash + 1 > root)
			kb_buf_str(&buf, kb_str_sub(base, root, slash + 1));
		else if (root > scheme_len(base))
			kb_buf_putc(&buf, '/');
	}
	add_path(&buf, root, ref);
	return kb_arena_str(c->schema->arena, kb_buf_view(&buf));
}

static void split_fragment(kb_str ref, kb_str *uri, kb_str *fragment)
{
	size_t hash = kb_str_chr(ref, '#');

	*uri = hash == SIZE_MAX ? ref : kb_str_sub(ref, 0, hash);
	*fragment = hash == SIZE_MAX ? KB_STR_NULL : kb_str_sub(ref, hash + 1, ref.len);
}

kb_str kb_sch_base(struct sch_compiler *c, const struct kb_node *node, kb_str base)
{
	const struct kb_node *id = kb_node_get(node, "$id");
	kb_str uri, fragment;

	if (!id || !id->quoted || kb_node_get(node, "$ref"))
		return base;
	split_fragment(id->value, &uri, &fragment);
	return resolve_uri(c, uri, base);
}

static void add_place(
	struct sch_compiler *c, kb_str uri, const struct kb_node *node, kb_str base)
{
	struct sch_place *place = kb_arena_new_of(c->schema->arena, struct sch_place);

	place->node = node;
	place->base = base;
	if (!kb_map_has(&c->places, uri))
		kb_map_put(&c->places, uri, place);
}

static int add_ids(struct sch_compiler *c, const struct kb_node *node, kb_str base)
{
	const struct kb_node *id = kb_node_get(node, "$id");
	kb_str uri, fragment;

	base = kb_sch_base(c, node, base);
	if (id && id->quoted && !kb_node_get(node, "$ref")) {
		split_fragment(id->value, &uri, &fragment);
		if (uri.len > 0)
			add_place(c, base, node, base);
		if (fragment.len > 0)
			add_place(c,
				kb_arena_fmt(c->schema->arena, "%.*s#%.*s", KB_ARG(base),
					KB_ARG(fragment)),
				node, base);
	}
	return kb_sch_children(c, node, base, add_ids);
}

int kb_sch_add_text(struct sch_compiler *c, const struct kb_node *root, kb_str uri)
{
	if (c->places.len > TEXTS_MAX)
		return kb_sch_fail(c, "too many schemas refer to each other");
	add_place(c, uri, root, kb_sch_base(c, root, uri));
	return add_ids(c, root, uri);
}

/* "kb:article", or any name that no loader gives: a schema built into kb. */
static int load_builtin(kb_str uri, kb_str *text)
{
	size_t slash;

	if (kb_str_starts(uri, KB_STR("kb:")))
		uri = kb_str_sub(uri, 3, uri.len);
	slash = kb_str_rchr(uri, '/');
	if (slash != SIZE_MAX)
		uri = kb_str_sub(uri, slash + 1, uri.len);
	if (kb_str_ends(uri, KB_STR(".json")))
		uri.len -= 5;
	*text = kb_schema_builtin(uri);
	return text->len ? 0 : -1;
}

static int load_text(struct sch_compiler *c, kb_str uri)
{
	bool builtin = !c->load || kb_str_starts(uri, KB_STR("kb:"));
	struct kb_node *root;
	struct kb_error err;
	kb_str text;

	bool web = kb_str_starts(uri, KB_STR("http://")) ||
		   kb_str_starts(uri, KB_STR("https://"));

	if ((builtin ? load_builtin(uri, &text) : c->load(c->ctx, uri, &text)) < 0)
		return kb_sch_fail(c,
			web ? "the schema '%.*s' is on the web, and kb does not "
			      "fetch schemas: keep a copy in the repository"
			    : "the schema '%.*s' does not exist",
			KB_ARG(uri));
	root = kb_json_parse(c->schema->arena, text, &err);
	if (!root)
		return kb_sch_fail(c, "'%.*s': %s", KB_ARG(uri), err.message);
	return kb_sch_add_text(c, root, uri);
}

static int hex_digit(char ch)
{
	return ch >= '0' && ch <= '9'	? ch - '0'
	       : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
	       : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
					: -1;
}

/* Undoes %25, ~0 and ~1 of a JSON pointer's part. */
static void unescape(kb_buf *buf, kb_str part)
{
	_cleanup_buf_ kb_buf plain = {0};

	for (size_t i = 0; i < part.len; i++) {
		if (part.data[i] == '%' && i + 2 < part.len &&
			hex_digit(part.data[i + 1]) >= 0 &&
			hex_digit(part.data[i + 2]) >= 0) {
			kb_buf_putc(&plain, (char)(hex_digit(part.data[i + 1]) * 16 +
						    hex_digit(part.data[i + 2])));
			i += 2;
		} else {
			kb_buf_putc(&plain, part.data[i]);
		}
	}
	kb_buf_clear(buf);
	for (size_t i = 0; i < plain.len; i++) {
		bool tilde = plain.data[i] == '~' && i + 1 < plain.len;

		if (tilde && (plain.data[i + 1] == '0' || plain.data[i + 1] == '1'))
			kb_buf_putc(buf, plain.data[++i] == '0' ? '~' : '/');
		else
			kb_buf_putc(buf, plain.data[i]);
	}
}

static const struct kb_node *child_of(const struct kb_node *node, kb_str name)
{
	size_t index = 0;

	if (node->kind != KB_NODE_SEQ)
		return kb_node_get_str(node, name);
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] < '0' || name.data[i] > '9' || index >= node->len)
			return NULL;
		index = index * 10 + (size_t)(name.data[i] - '0');
	}
	return name.len && index < node->len ? node->items[index] : NULL;
}

/* Follows "/definitions/x" down from a place. */
static bool follow(struct sch_compiler *c, kb_str pointer, struct sch_place *place)
{
	_cleanup_buf_ kb_buf name = {0};
	kb_str part, rest = pointer;

	kb_str_next(&rest, '/', &part); /* before the first slash */
	while (kb_str_next(&rest, '/', &part)) {
		unescape(&name, part);
		place->base = kb_sch_base(c, place->node, place->base);
		place->node = child_of(place->node, kb_buf_view(&name));
		if (!place->node)
			return false;
	}
	return true;
}

int kb_sch_resolve(
	struct sch_compiler *c, kb_str ref, kb_str base, struct sch_place *place)
{
	const struct sch_place *found;
	kb_str uri, fragment;

	split_fragment(ref, &uri, &fragment);
	uri = resolve_uri(c, uri, base);
	if (!kb_map_has(&c->places, uri) && load_text(c, uri) < 0)
		return -1;
	found = kb_map_get(&c->places, uri);
	if (fragment.len > 0 && fragment.data[0] != '/') {
		found = kb_map_get(&c->places, kb_arena_fmt(c->schema->arena, "%.*s#%.*s",
						       KB_ARG(uri), KB_ARG(fragment)));
		fragment = KB_STR_NULL;
	}
	if (found)
		*place = *found;
	if (!found || !follow(c, fragment, place))
		return kb_sch_fail(c,
			"the $ref '%.*s' refers to something that does not exist",
			KB_ARG(ref));
	return 0;
}
