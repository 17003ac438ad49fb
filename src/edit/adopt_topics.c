/* Topics for the taxonomy: from a key such as `category`, else from folders. */
#include "adopt.h"

#include <ctype.h>

#include "kb/file.h"
#include "kb/unicode.h"

#define TOPICS_MAX 60
#define FOLDERS_MAX 30

/* May the word be an issue's id as it stands? */
static bool is_id(kb_str word)
{
	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.data[i];

		if (!(isalnum(c) || c >= 0x80 || (i && strchr("-_.", c))))
			return false;
	}
	return word.len && word.len <= 80;
}

/* False where there are too many, or two that would have one address. */
static bool count_topic(struct kb_adoption *a, kb_str id, kb_str folder)
{
	for (size_t i = 0; i < a->topics.len; i++) {
		if (!kb_str_eq_nocase(a->topics.items[i].id, id))
			continue;
		a->topics.items[i].count++;
		return kb_str_eq(a->topics.items[i].id, id);
	}
	kb_vec_push(&a->topics, ((struct kb_adopt_topic){id, folder, 1}));
	return a->topics.len <= TOPICS_MAX;
}

/* False if a value is not an id: then the key does not make topics. */
static bool count_values(struct kb_adoption *a, const struct kb_node *value)
{
	if (!value || kb_node_is_null(value))
		return true;
	if (value->kind == KB_NODE_SCALAR)
		return is_id(value->value) && count_topic(a, value->value, KB_STR_NULL);
	for (uint32_t i = 0; value->kind == KB_NODE_SEQ && i < value->len; i++) {
		kb_str id = kb_node_str(value->items[i]);

		if (!is_id(id) || !count_topic(a, id, KB_STR_NULL))
			return false;
	}
	return value->kind == KB_NODE_SEQ;
}

/* A key of a third of the documents, whose values come back, makes topics. */
static bool topics_from_key(struct kb_adoption *a, kb_str key)
{
	size_t n = 0;

	for (size_t i = 0; i < a->docs.len; i++) {
		const struct kb_node *value =
			kb_node_get_str(a->docs.items[i].front, key);

		if (!count_values(a, value)) {
			a->topics.len = 0;
			return false;
		}
		n += value && !kb_node_is_null(value);
	}
	if (n * 3 < a->docs.len || n <= a->topics.len || !a->topics.len) {
		a->topics.len = 0;
		return false;
	}
	a->topic_key = key;
	return true;
}

/* The folder below the base (or the locale's) that a document is in. */
static kb_str topic_folder(const struct kb_adoption *a, const struct kb_adopt_doc *doc)
{
	kb_str rest = kb_str_sub(doc->path, a->base.len, doc->path.len);

	if (a->style == KB_ADOPT_FOLDER && doc->locale.len) {
		rest = kb_str_sub(doc->path, a->prefix.len, doc->path.len);
		rest = kb_str_sub(rest, kb_str_chr(rest, '/') + 1, rest.len);
	}
	size_t slash = kb_str_chr(rest, '/');
	return slash == SIZE_MAX ? KB_STR_NULL : kb_str_sub(rest, 0, slash);
}

/* Some folders that hold several documents each are topics; a folder a document is not.
 */
static void topics_from_folders(struct kb_adoption *a)
{
	for (size_t i = 0; i < a->docs.len; i++) {
		kb_str folder = topic_folder(a, &a->docs.items[i]);
		kb_str id = kb_slug_path(a->arena, folder);

		if (folder.len && is_id(id))
			count_topic(a, id, folder);
	}
	size_t in_topics = 0;
	for (size_t i = 0; i < a->topics.len; i++)
		in_topics += a->topics.items[i].count;
	size_t locales = a->locales.len ? a->locales.len : 1;
	if (a->topics.len < 2 || a->topics.len > FOLDERS_MAX ||
		in_topics < a->topics.len * 2 * locales)
		a->topics.len = 0;
}

static int topic_cmp(const void *pa, const void *pb)
{
	return kb_str_cmp(((const struct kb_adopt_topic *)pa)->id,
		((const struct kb_adopt_topic *)pb)->id);
}

void adopt_topics(struct kb_adoption *a)
{
	static const char *const names[] = {
		"issues", "category", "categories", "topic", "topics", "section"};
	bool found = false;

	for (size_t n = 0; n < KB_LEN(names) && !found; n++)
		found = topics_from_key(a, kb_str_of(names[n]));
	if (!found)
		topics_from_folders(a);
	for (size_t i = 0; i < a->keys.len; i++) {
		if (a->topic_key.len && kb_str_eq(a->keys.items[i].name, a->topic_key))
			a->keys.items[i].to = "issues";
	}
	if (a->topics.len)
		qsort(a->topics.items, a->topics.len, sizeof(a->topics.items[0]),
			topic_cmp);
}

kb_str kb_adopt_label(struct kb_arena *arena, kb_str id)
{
	size_t dot = kb_str_rchr(id, '.');
	kb_str last = dot == SIZE_MAX ? id : kb_str_sub(id, dot + 1, id.len);
	char *label = kb_arena_copy(arena, last.data, last.len);

	for (size_t i = 0; i < last.len; i++) {
		if (label[i] == '-' || label[i] == '_')
			label[i] = ' ';
	}
	label[0] = (char)toupper((unsigned char)label[0]);
	return (kb_str){label, last.len};
}
