#include "kb/feedback.h"

#include "kb/file.h"
#include "kb/unicode.h"

const char *const kb_feedback_kinds[] = {
	"wrong", "outdated", "unclear", "missing", "suggestion", "praise", NULL};
const char *const kb_feedback_statuses[] = {"open", "accepted", "declined", "done", NULL};

bool kb_feedback_is_path(kb_str path)
{
	kb_str ext = kb_path_ext(path);

	return kb_str_starts(path, KB_STR("feedback/")) &&
	       (kb_str_is(ext, ".yaml") || kb_str_is(ext, ".yml"));
}

bool kb_feedback_is_open(const struct kb_feedback *feedback)
{
	return feedback->status <= KB_FEEDBACK_ACCEPTED &&
	       feedback->kind != KB_FEEDBACK_PRAISE;
}

static unsigned word_of(const char *const *words, kb_str word)
{
	unsigned i = 0;

	while (words[i] && !kb_str_is(word, words[i]))
		i++;
	return i;
}

/* The document and issue that it is about, and who answers for it. */
static void find_subject(
	const struct kb_library *lib, const struct kb_node *root, struct kb_feedback *it)
{
	const struct kb_node *document = kb_node_get(root, "document");
	kb_str issue = kb_node_str(kb_node_get(root, "issue"));

	it->about = document ? kb_node_str(document) : issue;
	it->family = document ? kb_library_family(lib, it->about) : NULL;
	it->issue = issue.len ? kb_taxonomy_find(lib->taxonomy, issue) : NULL;
	if (it->family)
		it->doc = kb_family_find(
			lib, it->family, it->locale == KB_NONE ? 0 : it->locale);
	for (uint32_t l = 0; it->family && !it->doc && l < lib->config->nlocales; l++)
		it->doc = it->family->by_locale[l];
	it->owner = it->doc	? it->doc->facts->owner
		    : it->issue ? it->issue->owner
				: KB_STR("");
}

static bool read_report(
	const struct kb_library *lib, const struct kb_node *root, struct kb_feedback *it)
{
	kb_str status = kb_node_str(kb_node_get(root, "status"));
	kb_str locale = kb_node_str(kb_node_get(root, "locale"));
	bool day;

	it->kind = word_of(kb_feedback_kinds, kb_node_str(kb_node_get(root, "kind")));
	it->status = status.len ? word_of(kb_feedback_statuses, status) : 0;
	it->text = kb_node_str(kb_node_get(root, "text"));
	it->locale = locale.len ? kb_config_locale(lib->config, locale) : KB_NONE;
	it->step = kb_node_str(kb_node_get(root, "step"));
	it->revision = kb_node_str(kb_node_get(root, "revision"));
	it->reporter = kb_node_str(kb_node_get(root, "reporter"));
	it->note = kb_node_str(kb_node_get(root, "note"));
	if (kb_time_parse(kb_node_str(kb_node_get(root, "created")),
		    lib->config->timezone, &it->created, &day))
		it->created = 0;
	find_subject(lib, root, it);
	return it->kind < KB_FEEDBACK_KINDS && it->status < KB_FEEDBACK_STATUSES &&
	       it->text.len && it->about.len;
}

static bool read_file(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_entry *entry, struct kb_arena *arena, struct kb_feedback *it)
{
	_cleanup_buf_ kb_buf text = {0};
	const struct kb_node *root;
	kb_str name = kb_path_base(entry->path);
	struct kb_diags diags;
	bool whole;

	if (entry->kind != KB_ENTRY_FILE ||
		kb_reader_read(reader, entry->path, 1 << 20, &text, NULL) < 0)
		return false;
	kb_diags_init(&diags, NULL);
	root = kb_yaml_parse(
		arena, kb_arena_str(arena, kb_buf_view(&text)), 0, entry->path, &diags);
	*it = (struct kb_feedback){.path = entry->path,
		.id = kb_str_sub(name, 0, name.len - kb_path_ext(name).len)};
	whole = root && read_report(lib, root, it);
	kb_diags_dispose(&diags);
	return whole;
}

void kb_feedback_read(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_feedbacks *out)
{
	struct kb_reader *reader = NULL;
	struct {
		KB_VEC(struct kb_feedback);
	} all = {0};
	struct kb_feedback it;

	for (size_t i = 0; i < lib->nentries; i++) {
		if (!kb_feedback_is_path(lib->entries[i].path))
			continue;
		if (!reader)
			reader = kb_reader_new(lib->source);
		if (read_file(lib, reader, &lib->entries[i], arena, &it))
			kb_vec_push(&all, it);
	}
	if (reader)
		kb_reader_free(reader);
	out->len = all.len;
	out->items = kb_vec_freeze(&all, arena);
}

const struct kb_feedback *kb_feedback_by_id(const struct kb_feedbacks *all, kb_str id)
{
	for (size_t i = 0; i < all->len; i++)
		if (kb_str_eq(all->items[i].id, id) ||
			kb_str_eq(all->items[i].path, id) ||
			kb_str_eq(kb_path_base(all->items[i].path), id))
			return &all->items[i];
	return NULL;
}
