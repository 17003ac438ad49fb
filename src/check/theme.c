/* The templates in theme/: each name must be one that kb gives to some page. */
#include "family.h"

#include "kb/embed.h"
#include "kb/file.h"
#include "kb/template.h"

enum { DEPTH_MAX = 24, VISITS_MAX = 200000 };

/* What a name stands for: data/templates.yaml has the words. */
struct data_shape {
	char kind;   /* 'S', 'H', 'N', 'B', 'O', 'L', or 'K' for a Block; 0: unknown */
	kb_str type; /* of an object, or of the elements */
};

/* The objects around a tag, the innermost first. */
struct scope {
	struct data_shape shape;
	const struct kb_node *keys; /* of an object; NULL: it has none */
	const struct scope *outer;
};

/* What is wrong with a tag, unless it is right on another page. */
struct theme_fault {
	kb_str path;
	kb_range range;
	enum kb_template_tag_kind kind;
	struct data_shape shape;
	kb_str name;
	const struct scope *scope;
	bool right;
};

struct theme {
	struct kb_checker *checker;
	struct kb_arena *arena;
	struct kb_templates *set;
	const struct kb_node *data, *types, *strings;
	kb_map own;	/* names of the repository's templates, to their paths */
	kb_map reached; /* names of templates that some page uses */
	kb_map faults;	/* by place, to struct theme_fault; in order */
	size_t visits;
};

static struct data_shape shape_of(const struct kb_node *node)
{
	kb_str word = kb_node_str(node), kind;
	struct data_shape shape = {0};

	if (!kb_str_next(&word, ' ', &kind) || !kind.len)
		return shape;
	shape.kind = kb_str_is(kind, "Block") ? 'K' : kind.data[0];
	shape.type = word;
	return shape;
}

static const struct kb_node *keys_of(const struct theme *theme, kb_str type)
{
	if (kb_str_is(type, "Strings"))
		return theme->strings;
	return kb_node_get_str(theme->types, type);
}

/* What KEY is in one object. */
static struct data_shape shape_in(
	const struct theme *theme, const struct scope *scope, kb_str key)
{
	const struct kb_node *node;

	if (scope->shape.kind == 'K')
		return kb_str_is(key, "items")
			       ? (struct data_shape){'L', scope->shape.type}
			       : (struct data_shape){0};
	node = scope->keys ? kb_node_get_str(scope->keys, key) : NULL;
	if (node && scope->keys == theme->strings)
		return (struct data_shape){.kind = 'S'};
	return node ? shape_of(node) : (struct data_shape){0};
}

/* The object that a section goes into; of a list, an element. */
static struct scope enter(
	const struct theme *theme, struct data_shape shape, const struct scope *outer)
{
	struct scope scope = {.shape = shape, .outer = outer};

	if (shape.kind == 'L')
		scope.shape.kind = shape.type.len > 1 ? 'O' : 'S';
	if (scope.shape.kind == 'O')
		scope.keys = keys_of(theme, shape.type);
	return scope;
}

/* A name's first part is looked up in all objects around it, the others in it. */
static struct data_shape look_up(
	const struct theme *theme, const struct scope *scope, kb_str name)
{
	struct data_shape shape = {0};
	kb_str part;

	if (kb_str_is(name, "."))
		return (struct data_shape){
			.kind = strchr("OK", scope->shape.kind) ? 0 : 'S'};
	if (!kb_str_next(&name, '.', &part))
		return shape;
	for (; scope && !shape.kind; scope = scope->outer)
		shape = shape_in(theme, scope, part);
	while (shape.kind && kb_str_next(&name, '.', &part)) {
		struct scope inside = enter(theme, shape, NULL);

		shape = strchr("OK", shape.kind) ? shape_in(theme, &inside, part)
						 : (struct data_shape){0};
	}
	return shape;
}

static bool is_right(const struct theme *theme, const struct kb_template_tag *tag,
	struct data_shape shape)
{
	kb_str text;

	if (tag->kind == KB_TAG_PARTIAL)
		return kb_map_has(&theme->own, tag->name) ||
		       kb_embed_get(kb_arena_fmt(theme->arena,
					    KB_TEMPLATE_FOLDER "%.*s" KB_TEMPLATE_SUFFIX,
					    KB_ARG(tag->name)),
			       &text);
	if (tag->kind == KB_TAG_VARIABLE)
		return shape.kind && !strchr("OLK", shape.kind);
	return shape.kind;
}

/* A copy that lasts until the findings are written. */
static struct scope *kept_scope(struct theme *theme, const struct scope *scope)
{
	struct scope *copy = kb_arena_new_of(theme->arena, struct scope);

	*copy = *scope;
	copy->outer = scope->outer ? kept_scope(theme, scope->outer) : NULL;
	return copy;
}

static void note(struct theme *theme, kb_str path, const struct kb_template_tag *tag,
	struct data_shape shape, const struct scope *scope)
{
	bool right = is_right(theme, tag, shape);
	kb_str place = kb_arena_fmt(theme->arena, "%.*s:%zu", KB_ARG(path), tag->at);
	struct theme_fault *fault = kb_map_get(&theme->faults, place);

	if (fault) {
		fault->right |= right;
		return;
	}
	fault = kb_arena_new_of(theme->arena, struct theme_fault);
	*fault = (struct theme_fault){path, {(uint32_t)tag->at, (uint32_t)tag->name.len},
		tag->kind, shape, tag->name, right ? NULL : kept_scope(theme, scope),
		right};
	kb_map_put(&theme->faults, place, fault);
}

static void walk(
	struct theme *theme, kb_str name, const struct scope *scope, unsigned depth);

static void walk_tags(struct theme *theme, kb_str path,
	const struct kb_template_tag *tags, size_t from, size_t to,
	const struct scope *scope, unsigned depth)
{
	for (size_t i = from; i < to && theme->visits < VISITS_MAX; i++) {
		const struct kb_template_tag *tag = &tags[i];
		struct data_shape shape = {0};
		struct scope inside;

		if (tag->kind == KB_TAG_TEXT)
			continue;
		theme->visits++;
		if (tag->kind != KB_TAG_PARTIAL)
			shape = look_up(theme, scope, tag->name);
		if (path.len)
			note(theme, path, tag, shape, scope);
		if (tag->kind == KB_TAG_PARTIAL)
			walk(theme, tag->name, scope, depth + 1);
		if (tag->kind != KB_TAG_SECTION && tag->kind != KB_TAG_INVERTED)
			continue;
		inside = enter(theme, shape, scope);
		if (shape.kind)
			walk_tags(theme, path, tags, i + 1, tag->end,
				tag->kind == KB_TAG_SECTION && shape.kind != 'B' ? &inside
										 : scope,
				depth);
		i = tag->end - 1;
	}
}

static void walk(
	struct theme *theme, kb_str name, const struct scope *scope, unsigned depth)
{
	const kb_str *path = kb_map_get(&theme->own, name);
	const struct kb_template_tag *tags;
	size_t n;

	if (depth > DEPTH_MAX)
		return;
	kb_map_put(&theme->reached, name, theme);
	tags = kb_templates_tags(theme->set, name, theme->arena, &n);
	walk_tags(theme, path ? *path : KB_STR(""), tags, 0, n, scope, depth);
}

/* From each page; those inside a text have less around them. */
static void walk_pages(struct theme *theme, const char *section, bool whole)
{
	const struct kb_node *pages = kb_node_get(theme->data, section);
	struct scope all = {.shape = {.kind = 'O'},
		.keys = whole ? kb_node_get(theme->data, "all")
			      : kb_node_get(theme->types, "Inside")};

	for (uint32_t i = 0; pages && i < pages->len; i++) {
		struct scope page = {.shape = {.kind = 'O'},
			.keys = pages->pairs[i].value,
			.outer = &all};

		walk(theme, kb_node_str(pages->pairs[i].key), &page, 0);
	}
}

static size_t add_keys(const struct scope *scope, kb_str *names, size_t n, size_t max)
{
	for (; scope; scope = scope->outer) {
		if (scope->shape.kind == 'K' && n < max)
			names[n++] = KB_STR("items");
		for (uint32_t i = 0; scope->keys && i < scope->keys->len && n < max; i++)
			names[n++] = kb_node_str(scope->keys->pairs[i].key);
	}
	return n;
}

enum { NAMES_MAX = 400 };

/* What was meant: of a dotted name, only its last part can be told. */
static void hint(
	struct theme *theme, struct kb_diag *diag, const struct theme_fault *fault)
{
	/* The names around the place, the nearest objects' first. */
	kb_str names[NAMES_MAX], part, last = fault->name, before;
	const struct scope *scope = fault->scope;
	struct scope inside;
	size_t dot = SIZE_MAX;

	for (size_t i = 0; i < fault->name.len; i++)
		if (fault->name.data[i] == '.')
			dot = i;
	if (dot != SIZE_MAX && fault->name.len > 1) {
		before = kb_str_sub(fault->name, 0, dot);
		last = kb_str_sub(fault->name, dot + 1, fault->name.len);
		inside = enter(theme, look_up(theme, scope, before), NULL);
		scope = inside.shape.kind ? &inside : scope;
		if (scope != &inside)
			last = kb_str_next(&before, '.', &part) ? part : last;
	}
	kb_check_hint_nearest(theme->checker, diag, "did you mean '%.*s'?", last, names,
		add_keys(scope, names, 0, NAMES_MAX));
}

static void hint_template(struct theme *theme, struct kb_diag *diag, kb_str name)
{
	size_t n = 0, all;
	const struct kb_embed *files = kb_embed_list(&all);
	kb_str *names = kb_arena_array(theme->arena, kb_str, all);

	for (size_t i = 0; i < all; i++)
		n += kb_template_name(kb_str_of(files[i].path), &names[n]);
	kb_check_hint_nearest(
		theme->checker, diag, "did you mean '%.*s'?", name, names, n);
}

static void report(struct theme *theme, const struct theme_fault *fault)
{
	struct kb_diags *diags = theme->checker->diags;
	const char *fmt = fault->kind == KB_TAG_PARTIAL ? "there is no template '%.*s'"
			  : !fault->shape.kind		? "the page has no '%.*s' here"
			  : fault->shape.kind == 'L'
				  ? "'%.*s' is a list, so it shows nothing here"
				  : "'%.*s' is an object, so it shows nothing here";
	kb_str message = kb_arena_fmt(theme->arena, fmt, KB_ARG(fault->name));
	struct kb_diag *diag = kb_diag_add(diags, KB_RULE_THEME_TEMPLATE, fault->path,
		fault->range, "%.*s", KB_ARG(message));

	if (fault->kind == KB_TAG_PARTIAL)
		hint_template(theme, diag, fault->name);
	else if (!fault->shape.kind)
		hint(theme, diag, fault);
	else
		kb_diag_hint(diags, diag, "write a section: {{#%.*s}} … {{/%.*s}}",
			KB_ARG(fault->name), KB_ARG(fault->name));
}

static void add_own(struct theme *theme, const struct kb_entry *entry, kb_str name)
{
	struct kb_checker *checker = theme->checker;
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error err;

	if (kb_reader_read(checker->reader, entry->path, 0, &text, &err) < 0) {
		kb_file_fault(checker->diags, entry->path, (kb_range){0, 0},
			KB_STR("the file cannot be read"), &err);
		return;
	}
	if (kb_templates_add(theme->set, name, kb_buf_view(&text), &err) < 0) {
		const char *why = strstr(err.message, ": ");

		kb_diag_add(checker->diags, KB_RULE_THEME_TEMPLATE, entry->path,
			(kb_range){(uint32_t)kb_templates_fault(theme->set), 2},
			"this template cannot be used: %s", why ? why + 2 : err.message);
		kb_map_put(&theme->reached, name, theme);
	}
	kb_map_put(&theme->own, name, (void *)&entry->path);
}

static bool load(struct theme *theme)
{
	const struct kb_library *lib = theme->checker->lib;
	size_t n;
	const struct kb_embed *files = kb_embed_list(&n);
	struct kb_error err;
	kb_str name, text;

	for (size_t i = 0; i < n; i++)
		if (kb_template_name(kb_str_of(files[i].path), &name))
			kb_templates_add(theme->set, name, files[i].data, &err);
	for (size_t i = 0; i < lib->nentries; i++)
		if (kb_template_name(lib->entries[i].path, &name))
			add_own(theme, &lib->entries[i], name);
	if (!kb_embed_get(KB_STR("data/templates.yaml"), &text))
		return false;
	theme->data = kb_yaml_parse(
		theme->arena, text, 0, KB_STR("templates.yaml"), theme->checker->diags);
	theme->types = kb_node_get(theme->data, "types");
	if (!kb_embed_get(KB_STR("theme/strings/en.yaml"), &text))
		return false;
	theme->strings = kb_yaml_parse(
		theme->arena, text, 0, KB_STR("en.yaml"), theme->checker->diags);
	return theme->data && theme->strings;
}

static void report_unused(struct theme *theme)
{
	for (size_t i = 0; i < theme->own.len; i++) {
		kb_str name = theme->own.entries[i].key;
		const kb_str *path = theme->own.entries[i].value;
		struct kb_diag *diag;

		if (kb_map_has(&theme->reached, name))
			continue;
		diag = kb_diag_add(theme->checker->diags, KB_RULE_THEME_TEMPLATE, *path,
			(kb_range){0, 0}, "no page uses the template '%.*s'",
			KB_ARG(name));
		hint_template(theme, diag, name);
	}
}

static void check(struct theme *theme)
{
	if (!load(theme))
		return;
	walk_pages(theme, "pages", true);
	walk_pages(theme, "parts", false);
	for (size_t i = 0; i < theme->faults.len; i++) {
		const struct theme_fault *fault = theme->faults.entries[i].value;

		if (!fault->right)
			report(theme, fault);
	}
	report_unused(theme);
}

static bool has_templates(const struct kb_library *lib)
{
	kb_str name;

	for (size_t i = 0; i < lib->nentries; i++)
		if (kb_template_name(lib->entries[i].path, &name))
			return true;
	return false;
}

static void check_picture(struct kb_checker *checker)
{
	const kb_str path = KB_STR(KB_OWN_PICTURE);
	_cleanup_buf_ kb_buf png = {0};
	struct kb_error err;
	uint32_t width, height;

	if (kb_library_entry(checker->lib, path) &&
		kb_own_picture_read(checker->reader, &png, &width, &height, &err))
		kb_file_fault(checker->diags, path, (kb_range){0, 0},
			KB_STR("the picture for links to the site cannot be used"), &err);
}

void kb_check_theme(struct kb_checker *checker)
{
	struct theme theme = {.checker = checker};

	check_picture(checker);
	if (!has_templates(checker->lib))
		return;
	theme.arena = kb_arena_new();
	theme.set = kb_templates_new();
	check(&theme);
	kb_templates_free(theme.set);
	kb_map_dispose(&theme.own);
	kb_map_dispose(&theme.reached);
	kb_map_dispose(&theme.faults);
	kb_arena_free(theme.arena);
}
