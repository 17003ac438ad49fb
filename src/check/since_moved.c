/* Links to files that moved, links in them, and links to headings that were renamed. */
#include "family.h"

#include "kb/file.h"

static const struct kb_path_changes *changes_of(struct kb_check_moves *moves)
{
	const struct kb_check_options *options = moves->options;

	pthread_mutex_lock(&moves->lock);
	if (!moves->asked && options && options->changes)
		moves->changes = options->changes(options->ctx);
	moves->asked = true;
	pthread_mutex_unlock(&moves->lock);
	return moves->changes;
}

static bool is_there(const struct kb_library *lib, kb_str path)
{
	return kb_library_entry(lib, path) != NULL;
}

/* Where the file is now that was at PATH; empty: nowhere. */
static kb_str now_at(const struct kb_library *lib, const struct kb_path_changes *changes,
	kb_str path, bool *sure)
{
	const struct kb_path_change *change = kb_path_change_from(changes, path);
	bool moved = change && change->kind == KB_PATH_MOVED && is_there(lib, change->to);

	*sure = !moved || kb_path_surely_moved(change);
	return moved ? change->to : is_there(lib, path) ? path : KB_STR_NULL;
}

/* Where the file is now that a link found along the fallbacks, as a path of the
 * document's own locale, which leads there as before. */
static kb_str now_in_fallback(struct kb_checker *checker,
	const struct kb_path_changes *changes, uint32_t locale, kb_str path, bool *sure)
{
	const struct kb_config *config = checker->lib->config;
	kb_str there, now, own;

	for (uint32_t to = config->locales[locale].fallback; to != KB_NONE;
		to = config->locales[to].fallback) {
		if (!kb_path_in_locale(
			    config, checker->scratch, path, locale, to, &there))
			continue;
		now = now_at(checker->lib, changes, there, sure);
		if (now.len && kb_path_in_locale(
				       config, checker->scratch, now, to, locale, &own))
			return own;
	}
	return KB_STR_NULL;
}

kb_str kb_check_moved(struct kb_checker *checker, const struct kb_document *doc,
	kb_str path, bool *sure)
{
	const struct kb_path_changes *changes = changes_of(checker->moves);
	const struct kb_path_change *own;
	kb_str full, now = KB_STR_NULL, dir = kb_path_dir(doc->path);

	if (!changes || !path.len)
		return KB_STR_NULL;
	own = kb_path_change_to(changes, doc->path);
	if (own && own->kind == KB_PATH_MOVED &&
		kb_link_join(checker->scratch, kb_path_dir(own->from), path, &full))
		now = now_at(checker->lib, changes, full, sure);
	if (!now.len && kb_link_join(checker->scratch, dir, path, &full))
		now = now_at(checker->lib, changes, full, sure);
	if (!now.len && kb_link_join(checker->scratch, dir, path, &full))
		now = now_in_fallback(checker, changes, doc->locale, full, sure);
	return now.len ? kb_link_relative(checker->scratch, dir, now) : now;
}

static const struct kb_document *older(
	struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_check_options *options = checker->moves->options;
	const struct kb_path_changes *changes = changes_of(checker->moves);
	const struct kb_path_change *change;

	if (!options || !options->base || !changes)
		return NULL;
	change = kb_path_change_to(changes, doc->path);
	return kb_library_by_path(options->base, change ? change->from : doc->path);
}

kb_str kb_check_renamed(
	struct kb_checker *checker, const struct kb_document *doc, kb_str fragment)
{
	const struct kb_document *before = older(checker, doc);
	kb_str renamed = KB_STR_NULL;

	if (!before || before->facts->body.nheadings != doc->facts->body.nheadings)
		return KB_STR_NULL;
	for (uint32_t i = 0; i < doc->facts->body.nheadings; i++) {
		const struct kb_heading *old = &before->facts->body.headings[i];
		const struct kb_heading *now = &doc->facts->body.headings[i];

		if (old->level != now->level)
			return KB_STR_NULL;
		if (kb_str_eq(old->id, fragment))
			renamed = now->id;
		else if (!kb_str_eq(old->id, now->id))
			return KB_STR_NULL;
	}
	return renamed;
}
