/* CODEOWNERS, so that a forge asks the owners on pull requests. */
#include "kb/pages.h"

#include "kb/escape.h"

enum { DEPTH_MAX = 500 }; /* teams within teams */

struct writer {
	const struct kb_library *lib;
	struct kb_arena *arena;
	kb_buf *out;
	kb_str prefix;	  /* of the content root: "/help/" */
	kb_map reviewers; /* from owner to the reviewers in its line, a kb_str */
	unsigned skipped;
};

/* "@anna", "@shop/logistics": a contact that is a handle of the forge, and no more. */
static bool is_handle(kb_str contact)
{
	if (contact.len < 2 || contact.data[0] != '@')
		return false;
	for (size_t i = 1; i < contact.len; i++) {
		char c = contact.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      (c >= '0' && c <= '9');

		if (!letter && !strchr("-_./", c))
			return false;
	}
	return true;
}

/* Finds those who review for one owner. */
struct search {
	const struct kb_library *lib;
	kb_map handles; /* handles and e-mail addresses, in the order of members */
	kb_map visited; /* ids, each with whether somebody reviews for it (non-NULL) */
};

/* Whether somebody reviews for this person or team. A team that contains itself, whatever
 * is between, is looked at once. */
static bool find_reviewers(
	struct search *s, const struct kb_person *person, unsigned depth)
{
	kb_str reviewer = kb_str_trim(person->contact);
	bool found = false;

	if (kb_map_has(&s->visited, person->id))
		return kb_map_get(&s->visited, person->id) != NULL;
	kb_map_put(&s->visited, person->id, NULL);
	if (kb_person_left(s->lib->config, person, s->lib->now))
		return false;
	if (!is_handle(reviewer)) {
		reviewer = person->email;
		for (size_t i = 0; i < person->members.len && depth < DEPTH_MAX; i++) {
			const struct kb_person *member =
				kb_people_find(s->lib->people, person->members.items[i]);

			found |= member && find_reviewers(s, member, depth + 1);
		}
		if (!found && (kb_str_chr(reviewer, '@') == SIZE_MAX ||
				      kb_str_chr(reviewer, ' ') != SIZE_MAX))
			return false;
	}
	if (!found)
		kb_map_put(&s->handles, reviewer, NULL);
	kb_map_put(&s->visited, person->id, s);
	return true;
}

/* "@anna ben@example.com", or empty; of each owner once. */
static kb_str reviewers_of(struct writer *w, kb_str owner)
{
	const struct kb_person *person = kb_people_find(w->lib->people, owner);
	const kb_str *known = kb_map_get(&w->reviewers, owner);
	struct search s = {.lib = w->lib};
	_cleanup_buf_ kb_buf line = {0};
	kb_str list;

	if (known)
		return *known;
	if (person)
		find_reviewers(&s, person, 0);
	for (size_t i = 0; i < s.handles.len; i++)
		kb_buf_fmt(
			&line, "%s%.*s", i ? " " : "", KB_ARG(s.handles.entries[i].key));
	list = kb_arena_str(w->arena, kb_buf_view(&line));
	kb_map_put(&w->reviewers, owner, kb_arena_copy(w->arena, &list, sizeof(list)));
	kb_map_dispose(&s.handles);
	kb_map_dispose(&s.visited);
	return list;
}

/* What would be read as a pattern or as the pattern's end is escaped. */
static void put_path(const struct writer *w, kb_str path)
{
	kb_str parts[] = {w->prefix, path};

	for (size_t p = 0; p < KB_LEN(parts); p++) {
		for (size_t i = 0; i < parts[p].len; i++) {
			char c = parts[p].data[i];

			if (c && strchr(" \t*?[]\\#", c))
				kb_buf_putc(w->out, '\\');
			kb_buf_putc(w->out, c);
		}
	}
}

/* Does one owner have all documents from FROM to TO? */
static bool is_uniform(const struct kb_library *lib, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i < to; i++)
		if (!kb_str_eq(lib->docs[i]->facts->owner, lib->docs[from]->facts->owner))
			return false;
	return true;
}

/* A line of the file is text, whatever bytes Git has for a name. */
static bool is_text(kb_str path)
{
	_cleanup_buf_ kb_buf plain = {0};

	kb_buf_plain(&plain, path);
	return kb_str_eq(kb_buf_view(&plain), path);
}

static void put_rule(
	struct writer *w, kb_str path, const struct kb_document *doc, unsigned n)
{
	kb_str reviewers = reviewers_of(w, doc->facts->owner);

	if (!reviewers.len || !is_text(path)) {
		w->skipped += n;
		return;
	}
	put_path(w, path);
	kb_buf_fmt(w->out, " %.*s\n", KB_ARG(reviewers));
}

/* Documents from FROM to TO are below FOLDER ("" or with a slash at its end). */
static void put_folder(struct writer *w, kb_str folder, uint32_t from, uint32_t to)
{
	const struct kb_library *lib = w->lib;

	if (folder.len && is_uniform(lib, from, to)) {
		put_rule(w, folder, lib->docs[from], to - from);
		return;
	}
	while (from < to) {
		kb_str path = lib->docs[from]->path;
		kb_str rest = kb_str_sub(path, folder.len, path.len);
		size_t slash = kb_str_chr(rest, '/');
		uint32_t end = from + 1;

		if (slash == SIZE_MAX) {
			put_rule(w, path, lib->docs[from], 1);
		} else {
			kb_str inner = kb_str_sub(path, 0, folder.len + slash + 1);

			while (end < to && kb_str_starts(lib->docs[end]->path, inner))
				end++;
			put_folder(w, inner, from, end);
		}
		from = end;
	}
}

void kb_codeowners(const struct kb_library *lib, kb_buf *out, unsigned *skipped)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct writer w = {.lib = lib, .arena = arena, .out = out};
	kb_str prefix = kb_source_prefix(lib->source);

	w.prefix = kb_arena_fmt(arena, "/%.*s%s", KB_ARG(prefix), prefix.len ? "/" : "");
	kb_buf_puts(out,
		"# Written by 'kb owners --format codeowners' from the owners in "
		"documents and\n# people.yaml. The last line that matches a "
		"file counts.\n");
	put_folder(&w, KB_STR(""), 0, lib->ndocs);
	*skipped = w.skipped;
	kb_map_dispose(&w.reviewers);
}
