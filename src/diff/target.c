/* Where links lead, in one version and in the other. */
#include "kb/file.h"
#include "kb/history.h"
#include "kb/library_diff.h"
#include "version.h"

/* Relative to the document's folder, as "../a/b.md#part" is. */
static bool is_path(kb_str dest)
{
	size_t colon = kb_str_chr(dest, ':');

	return dest.len && !strchr("#/{?", dest.data[0]) &&
	       (colon == SIZE_MAX || kb_str_chr(dest, '/') < colon);
}

/* A path and a part: where a relative destination leads, whether it is there or not. */
struct target_place {
	kb_str path, part;
};

static bool read_place(struct kb_arena *arena, const struct kb_version *version,
	kb_str dest, struct target_place *place)
{
	size_t hash = kb_str_chr(dest, '#');

	if (!is_path(dest) || !kb_link_join(arena, kb_path_dir(version->doc->path),
				      kb_str_sub(dest, 0, hash), &place->path))
		return false;
	place->part =
		hash == SIZE_MAX ? KB_STR_NULL : kb_str_sub(dest, hash + 1, dest.len);
	return true;
}

static uint32_t heading_by_id(const struct kb_version *version, kb_str id)
{
	for (uint32_t i = 0; i < version->nblocks; i++) {
		uint32_t heading = version->blocks[i].heading;

		if (heading != KB_NONE &&
			kb_str_eq(version->doc->facts->body.headings[heading].id, id))
			return i;
	}
	return KB_NONE;
}

/* The heading of the version itself that it leads to. */
static uint32_t own_heading(
	struct kb_arena *arena, const struct kb_version *version, kb_str dest)
{
	struct target_place place;

	if (dest.len && dest.data[0] == '#')
		return heading_by_id(version, kb_str_sub(dest, 1, dest.len));
	if (!read_place(arena, version, dest, &place) || !place.part.len ||
		!kb_str_eq(place.path, version->doc->path))
		return KB_NONE;
	return heading_by_id(version, place.part);
}

static bool resolve(const struct targets *t, const struct kb_library *lib,
	const struct kb_version *version, kb_str dest, struct kb_target *out)
{
	kb_link_resolve(lib, t->arena, version->doc, version->doc->locale, dest, out);
	return out->kind != KB_TARGET_BROKEN;
}

/* What the former target is in the new library: nothing, when it is no more. */
static bool carry_over(const struct kb_diff_links *links, struct kb_target *target)
{
	const struct kb_path_change *change;
	kb_str path;

	if (target->doc) {
		target->doc = (struct kb_document *)(uintptr_t)kb_document_in(
			links->to, links->from, target->doc, links->changes);
		return target->doc != NULL;
	}
	if (!target->entry)
		return true;
	path = target->entry->path;
	change = kb_path_change_from(links->changes, path);
	target->entry = kb_library_entry(links->to, change ? change->to : path);
	return target->entry != NULL;
}

/* Where the former path's file stands now, by the history. */
static bool resolve_moved(const struct targets *t, kb_str dest, struct kb_target *out)
{
	struct target_place place;
	kb_str now;

	if (!t->links->history || !read_place(t->arena, t->from, dest, &place))
		return false;
	now = kb_history_path_now(t->links->history, place.path);
	*out = (struct kb_target){.kind = KB_TARGET_FILE, .fragment = place.part};
	out->doc = kb_library_by_path(t->links->to, now);
	out->entry = out->doc ? NULL : kb_library_entry(t->links->to, now);
	if (out->doc)
		out->kind = KB_TARGET_DOCUMENT;
	return out->doc || out->entry;
}

enum led { LED_NOWHERE, LED_AWAY /* to what is no more */, LED };

/* Where a link of the former version led, in the new library. */
static enum led resolve_former(
	const struct targets *t, kb_str dest, struct kb_target *out)
{
	if (!t->links->from)
		return resolve(t, t->links->to, t->from, dest, out) ||
				       resolve_moved(t, dest, out)
			       ? LED
			       : LED_NOWHERE;
	if (!resolve(t, t->links->from, t->from, dest, out))
		return LED_NOWHERE;
	return carry_over(t->links, out) ? LED : LED_AWAY;
}

static bool same_resolved(const struct kb_target *a, const struct kb_target *b)
{
	return a->kind == b->kind && a->doc == b->doc && a->entry == b->entry &&
	       kb_str_eq(a->fragment, b->fragment) && kb_str_eq(a->page, b->page) &&
	       kb_str_eq(a->url, b->url);
}

bool targets_shifted(const struct targets *t)
{
	return t->from->doc && t->to->doc &&
	       !kb_str_eq(kb_path_dir(t->from->doc->path), kb_path_dir(t->to->doc->path));
}

bool target_same(const struct targets *t, kb_str before, kb_str after)
{
	uint32_t own = own_heading(t->arena, t->from, before);
	uint32_t own_now = own_heading(t->arena, t->to, after);
	struct kb_target former, present;
	struct target_place a, b;
	bool same = kb_str_eq(before, after), leads;
	enum led led;

	if (own != KB_NONE && own_now != KB_NONE)
		return t->pairs->to_of[own] == own_now;
	if (same && !(targets_shifted(t) && is_path(before)))
		return true;
	if (read_place(t->arena, t->from, before, &a) &&
		read_place(t->arena, t->to, after, &b) && kb_str_eq(a.path, b.path) &&
		kb_str_eq(a.part, b.part))
		return true;
	if (!t->links)
		return same;
	led = resolve_former(t, before, &former);
	leads = resolve(t, t->links->to, t->to, after, &present);
	if (led == LED_NOWHERE && !leads)
		return same;
	return led == LED && leads && same_resolved(&former, &present);
}

bool target_lost(const struct targets *t, kb_str before, kb_str after)
{
	struct kb_target target;

	return t->links && !resolve(t, t->links->to, t->to, after, &target) &&
	       (own_heading(t->arena, t->from, before) != KB_NONE ||
		       resolve_former(t, before, &target) != LED_NOWHERE);
}

kb_str target_label(struct kb_arena *arena, const struct kb_version *version, kb_str dest)
{
	uint32_t heading = own_heading(arena, version, dest);

	return heading == KB_NONE ? dest : version->blocks[heading].parts->text;
}

kb_str target_full_label(
	struct kb_arena *arena, const struct kb_version *version, kb_str dest)
{
	struct target_place place;

	if (!read_place(arena, version, dest, &place))
		return dest;
	return kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(place.path),
		place.part.len ? "#" : "", KB_ARG(place.part));
}

/* By its looks, where no library tells. */
static bool looks_like_process(const struct kb_version *version, kb_str dest)
{
	return kb_str_find(dest, KB_STR("workflows/")) != SIZE_MAX ||
	       (version->doc->facts->type == KB_WORKFLOW && dest.len &&
		       (dest.data[0] == '#' ||
			       (kb_str_chr(dest, '/') == SIZE_MAX &&
				       kb_str_find(dest, KB_STR(".md")) != SIZE_MAX)));
}

bool target_is_process(
	const struct targets *t, const struct kb_version *version, kb_str dest)
{
	const struct kb_library *lib = NULL;
	struct kb_target target;

	if (kb_str_starts(dest, KB_STR("kb:")))
		return true;
	if (t->links)
		lib = version == t->from && t->links->from ? t->links->from
							   : t->links->to;
	if (lib && resolve(t, lib, version, dest, &target) && target.doc)
		return target.doc->facts->type == KB_WORKFLOW;
	return looks_like_process(version, dest);
}
