/* A document of the older version and what it became. */
#include "since.h"

#include "kb/yaml_edit.h"

const struct kb_document *kb_versions_by_path(
	const struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_path_change *change = kb_path_change_from(v->changes, doc->path);
	const struct kb_document *now =
		kb_library_by_path(v->lib, change ? change->to : doc->path);
	bool other = now && change && change->kind == KB_PATH_MOVED &&
		     kb_has_own_id(doc) && kb_has_own_id(now) &&
		     !kb_str_eq(doc->id, now->id);

	return other ? NULL : now;
}

const struct kb_document *kb_versions_by_id(
	const struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_family *family = kb_library_family(v->lib, doc->id);
	uint32_t locale = kb_config_locale(
		v->lib->config, v->base->config->locales[doc->locale].code);

	return family && locale != KB_NONE ? family->by_locale[locale] : NULL;
}

const struct kb_document *kb_versions_now(
	const struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_document *now = kb_versions_by_path(v, doc);

	return now ? now : kb_versions_by_id(v, doc);
}

bool kb_versions_sure(const struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_path_change *change = kb_path_change_from(v->changes, doc->path);

	return !change || change->kind != KB_PATH_MOVED || kb_has_own_id(doc) ||
	       kb_path_surely_moved(change);
}

kb_range kb_versions_place(const struct kb_document *doc, const char *key)
{
	kb_range range = kb_facts_range(doc->facts, key);

	return range.len ? range : kb_facts_range(doc->facts, "title");
}

void kb_versions_edit(struct kb_versions *v, struct kb_diag *diag,
	const struct kb_document *now, const char *key, const kb_strs *items,
	kb_str value)
{
	_cleanup_buf_ kb_buf file = {0};
	struct kb_yaml_text yaml;
	kb_str name = kb_str_of(key);
	int rc;

	if (!diag || kb_reader_read(v->reader, now->path, 0, &file, NULL) < 0 ||
		kb_yaml_open(&yaml, v->arena, kb_buf_view(&file), true, NULL) < 0)
		return;
	rc = items ? kb_yaml_add(
			     &yaml, yaml.root, name, items->items, items->len, NULL, NULL)
		   : kb_yaml_set(&yaml, yaml.root, name, value, NULL, NULL);
	if (rc == 0)
		kb_diag_edit(v->diags, diag, yaml.edit.range, yaml.edit.text);
}
