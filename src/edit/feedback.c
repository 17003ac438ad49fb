#include "kb/feedback_edit.h"

#include "kb/change.h"
#include "kb/escape.h"
#include "kb/file.h"
#include "kb/pick.h"
#include "kb/privacy.h"
#include "kb/unicode.h"
#include "kb/yaml_edit.h"

enum { KEY_LEN = 10, SLUG_MAX = 40, FEEDBACK_MAX = 20000, REPORTER_MAX = 100 };

static bool is_hex(kb_str s, size_t least)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.data[i]) || !s.data[i])
			return false;
	return s.len >= least && s.len <= 40;
}

/* The key at the end of a file's name, or empty. */
static kb_str key_of_path(kb_str path)
{
	kb_str name = kb_path_base(path), key;

	name = kb_str_sub(name, 0, name.len - kb_path_ext(name).len);
	key = kb_str_tail(name, KEY_LEN);
	return is_hex(key, KEY_LEN) && name.len > KEY_LEN &&
			       name.data[name.len - KEY_LEN - 1] == '-'
		       ? key
		       : KB_STR("");
}

void kb_feedback_adder_init(struct kb_feedback_adder *adder, struct kb_rewrites *rewrites,
	const struct kb_history *history)
{
	const struct kb_library *lib = rewrites->lib;
	struct kb_revisions head;

	*adder = (struct kb_feedback_adder){.rewrites = rewrites,
		.history = history,
		.privacy = kb_privacy_open(lib)};
	for (size_t i = 0; i < lib->nentries; i++)
		if (kb_feedback_is_path(lib->entries[i].path))
			kb_map_put(&adder->known, key_of_path(lib->entries[i].path),
				&lib->entries[i]);
	if (history && kb_history_commits(history))
		memcpy(adder->head, kb_history_commit(history, 0).id,
			sizeof(adder->head));
	else if (kb_source_has_git(lib->source) &&
		 !kb_revisions_parse(
			 &head, kb_source_root(lib->source).data, "HEAD", NULL))
		memcpy(adder->head, head.from, sizeof(adder->head));
}

void kb_feedback_adder_dispose(struct kb_feedback_adder *adder)
{
	kb_privacy_free(adder->privacy);
	kb_map_dispose(&adder->known);
}

/* The words that exports use, each with what it means here. */
static kb_str word_of(
	kb_str word, const char *const *words, const char *const map[][2], size_t n)
{
	for (size_t i = 0; words[i]; i++)
		if (kb_str_eq_nocase(word, kb_str_of(words[i])))
			return kb_str_of(words[i]);
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq_nocase(word, kb_str_of(map[i][0])))
			return kb_str_of(map[i][1]);
	return KB_STR("");
}

static kb_str kind_of(kb_str word)
{
	static const char *const map[][2] = {{"bug", "wrong"}, {"error", "wrong"},
		{"incorrect", "wrong"}, {"mistake", "wrong"}, {"stale", "outdated"},
		{"old", "outdated"}, {"confusing", "unclear"}, {"question", "unclear"},
		{"incomplete", "missing"}, {"gap", "missing"}, {"idea", "suggestion"},
		{"enhancement", "suggestion"}, {"feature", "suggestion"},
		{"improvement", "suggestion"}, {"thanks", "praise"},
		{"compliment", "praise"}};

	return word_of(word, kb_feedback_kinds, map, KB_LEN(map));
}

static kb_str status_of(kb_str word)
{
	static const char *const map[][2] = {{"opened", "open"}, {"new", "open"},
		{"reopened", "open"}, {"closed", "done"}, {"completed", "done"},
		{"resolved", "done"}, {"solved", "done"}, {"fixed", "done"},
		{"not_planned", "declined"}, {"rejected", "declined"},
		{"wontfix", "declined"}, {"duplicate", "declined"},
		{"confirmed", "accepted"}, {"in progress", "accepted"}};

	return word_of(word, kb_feedback_statuses, map, KB_LEN(map));
}

/* What a report says that has been checked. */
struct checked {
	struct kb_feedback_place place;
	const struct kb_issue *issue;
	kb_str locale, step, revision, kind, text, status, note, reporter, created;
};

static kb_str given_or(kb_str given, kb_str fallback)
{
	return given.len ? given : fallback;
}

/* The commit that brought a blob of the document, or the whole id of a commit. */
static kb_str commit_of(
	const struct kb_feedback_adder *adder, const struct kb_document *doc, kb_str word)
{
	struct kb_history_version *versions;
	size_t n = adder->history ? kb_history_commits(adder->history) : 0;

	for (size_t i = 0; i < n; i++) {
		kb_str id = kb_str_of(kb_history_commit(adder->history, i).id);

		if (kb_str_starts(id, word))
			return kb_arena_str(adder->rewrites->arena, id);
	}
	n = n && doc ? kb_history_versions(adder->history, adder->rewrites->arena,
			       doc->path, &versions)
		     : 0;
	for (size_t i = 0; i < n; i++)
		if (kb_str_starts(kb_str_of(versions[i].blob), word))
			return kb_arena_str(
				adder->rewrites->arena, kb_str_of(versions[i].commit.id));
	return adder->history ? KB_STR("") : word;
}

/* An id of people.yaml, also by an email address; all others are customers. */
static kb_str reporter_of(const struct kb_library *lib, kb_str word)
{
	for (uint32_t i = 0; word.len && i < lib->people->len; i++) {
		const struct kb_person *person = &lib->people->items[i];

		if (kb_str_eq(person->id, word) ||
			(person->email.len && kb_str_eq_nocase(person->email, word)))
			return person->id;
	}
	return word.len ? KB_STR("customer") : word;
}

/* Lines without white space at their ends, and without what has no place in content. */
static kb_str cleaned(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf lines = {0};
	kb_str line;
	size_t empty = 0;

	text = kb_str_trim(text);
	while (kb_str_line(&text, &line)) {
		_cleanup_buf_ kb_buf bare = {0};

		kb_buf_plain(&bare, line);
		line = kb_str_trim(kb_buf_view(&bare));
		empty = line.len ? 0 : empty + 1;
		if (empty > 1)
			continue;
		kb_buf_puts(&lines, lines.len ? "\n" : "");
		kb_buf_str(&lines, line);
	}
	return kb_arena_str(
		arena, kb_str_trim(kb_str_head(kb_buf_view(&lines), FEEDBACK_MAX)));
}

/* As one writes it: a day, or a time. */
static kb_str moment_of(const struct kb_feedback_adder *adder, time_t t)
{
	struct kb_arena *arena = adder->rewrites->arena;
	kb_str zone = adder->rewrites->lib->config->timezone;
	bool day = kb_day_start(zone, kb_day_number(zone, t)) == t;

	return day ? kb_day_format(arena, zone, t) : kb_time_format(arena, zone, t);
}

static void check_words(struct kb_feedback_adder *adder,
	const struct kb_feedback_given *given, struct checked *out)
{
	const struct kb_feedback_given *fallback = &adder->fallback;
	const struct kb_library *lib = adder->rewrites->lib;
	uint32_t locale =
		kb_config_locale(lib->config, given_or(given->locale, fallback->locale));

	if (locale == KB_NONE)
		locale = out->place.locale;
	out->locale = locale == KB_NONE ? KB_STR("") : lib->config->locales[locale].code;
	out->step = out->place.step;
	out->kind = kind_of(given->kind);
	if (!out->kind.len)
		out->kind = kind_of(fallback->kind);
	if (!out->kind.len)
		out->kind = out->place.doc ? KB_STR("wrong") : KB_STR("missing");
	out->status = given_or(status_of(given->status), KB_STR("open"));
	out->reporter = reporter_of(lib, given_or(given->reporter, fallback->reporter));
	if (is_hex(given->revision, 7))
		out->revision = commit_of(adder, out->place.doc, given->revision);
	else if (!given->created && !given->key.len && out->place.doc)
		out->revision = kb_str_of(adder->head);
	out->created = moment_of(adder, given->created ? given->created : lib->now);
}

/* Which document or issue it is about; false with the reason. */
static bool check_subject(struct kb_feedback_adder *adder,
	const struct kb_feedback_given *given, struct checked *out, kb_str *reason)
{
	struct kb_arena *arena = adder->rewrites->arena;
	const struct kb_library *lib = adder->rewrites->lib;
	kb_str where = given_or(
		given->where, given->issue.len ? KB_STR("") : adder->fallback.where);
	kb_str issue =
		given_or(given->issue, where.len ? KB_STR("") : adder->fallback.issue);
	bool found =
		where.len && kb_feedback_find_place(lib, arena,
				     given->step.len && where.len
					     ? kb_arena_fmt(arena, "%.*s#%.*s",
						       KB_ARG(kb_str_sub(where, 0,
							       kb_str_chr(where, '#'))),
						       KB_ARG(given->step))
					     : where,
				     &out->place);

	out->issue = issue.len ? kb_taxonomy_find(lib->taxonomy, issue) : NULL;
	if (found || out->issue)
		return true;
	if (where.len)
		*reason =
			kb_arena_fmt(arena, "there is no document '%.*s'", KB_ARG(where));
	else if (issue.len)
		*reason = kb_arena_fmt(arena, "there is no issue '%.*s'", KB_ARG(issue));
	else
		*reason = KB_STR("it names neither a document nor an issue");
	return false;
}

/* A name for people: the words that it begins with. */
static kb_str name_of(struct kb_arena *arena, const struct checked *it, kb_str key)
{
	kb_str slug = kb_slug_path(arena, kb_str_head(it->text, 4 * SLUG_MAX));
	kb_str head = kb_str_head(slug, SLUG_MAX);
	size_t cut = slug.len > head.len ? kb_str_rchr(head, '-') : SIZE_MAX;

	head = kb_str_sub(head, 0, cut);
	while (head.len && head.data[head.len - 1] == '-')
		head.len--;
	return kb_arena_fmt(arena, "feedback/%.*s-%.*s%s%.*s.yaml",
		KB_ARG(kb_str_sub(it->created, 0, 10)), KB_ARG(head), head.len ? "-" : "",
		KB_ARG(key));
}

/* Several lines are easier to read as a block. */
static void put_text(kb_buf *out, kb_str text)
{
	kb_str line;

	if (kb_str_chr(text, '\n') == SIZE_MAX) {
		kb_yaml_put_key(out, "text", text);
		return;
	}
	kb_buf_puts(out, "text: |-\n");
	while (kb_str_next(&text, '\n', &line))
		kb_buf_fmt(out, "%s%.*s\n", line.len ? "  " : "", KB_ARG(line));
}

static kb_str file_of(struct kb_arena *arena, const struct checked *it)
{
	_cleanup_buf_ kb_buf out = {0};

	if (it->place.family)
		kb_yaml_put_key(&out, "document", it->place.family->id);
	if (it->issue)
		kb_yaml_put_key(&out, "issue", it->issue->id);
	kb_yaml_put_key(&out, "locale", it->locale);
	kb_yaml_put_key(&out, "step", it->step);
	if (it->revision.len)
		kb_buf_fmt(&out, "revision: '%.*s'\n", KB_ARG(it->revision));
	kb_yaml_put_key(&out, "kind", it->kind);
	put_text(&out, it->text);
	kb_yaml_put_key(&out, "reporter", it->reporter);
	kb_buf_fmt(&out, "created: %.*s\n", KB_ARG(it->created));
	kb_yaml_put_key(&out, "status", it->status);
	kb_yaml_put_key(&out, "note", it->note);
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* From where it comes or, of a report that does not say it, from all that it says. */
static kb_str key_of(struct kb_feedback_adder *adder,
	const struct kb_feedback_given *given, const struct checked *it)
{
	struct kb_arena *arena = adder->rewrites->arena;
	kb_str all = given->key;
	char id[41];

	if (!all.len)
		all = kb_arena_fmt(arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s",
			KB_ARG(it->place.family ? it->place.family->id : KB_STR("")),
			KB_ARG(it->issue ? it->issue->id : KB_STR("")),
			KB_ARG(it->locale), KB_ARG(it->step), KB_ARG(it->reporter),
			KB_ARG(given->created ? it->created : KB_STR("")),
			KB_ARG(it->text));
	kb_blob_id(all, id);
	return kb_arena_str(arena, (kb_str){id, KEY_LEN});
}

void kb_edit_add_feedback(struct kb_feedback_adder *adder,
	const struct kb_feedback_given *given, struct kb_feedback_added *out)
{
	struct kb_arena *arena = adder->rewrites->arena;
	struct checked it = {.place = {.locale = KB_NONE}};
	kb_str key;

	*out = (struct kb_feedback_added){.result = KB_FEEDBACK_REFUSED};
	if (!check_subject(adder, given, &it, &out->reason))
		return;
	it.text = kb_privacy_mask(
		adder->privacy, arena, cleaned(arena, given->text), &out->masked);
	it.note = kb_privacy_mask(
		adder->privacy, arena, cleaned(arena, given->note), &out->masked);
	if (!it.text.len) {
		out->reason = KB_STR("it has no text");
		return;
	}
	check_words(adder, given, &it);
	key = key_of(adder, given, &it);
	out->result =
		kb_map_has(&adder->known, key) ? KB_FEEDBACK_KNOWN : KB_FEEDBACK_ADDED;
	if (out->result == KB_FEEDBACK_KNOWN)
		return;
	out->path = name_of(arena, &it, key);
	kb_map_put(&adder->known, key, adder);
	kb_vec_push(adder->rewrites, ((struct kb_rewrite){.path = out->path,
					     .after = file_of(arena, &it),
					     .is_new = true}));
}

int kb_edit_close_feedback(struct kb_rewrites *rewrites,
	const struct kb_feedback *feedback, kb_str status, kb_str note, kb_str commit,
	struct kb_error *err)
{
	struct kb_source *source = rewrites->lib->source;
	struct kb_reader *reader = kb_reader_new(source);
	struct kb_yaml_text yaml;
	kb_buf text = {0};
	int failed = kb_reader_read(reader, feedback->path, 0, &text, err);
	kb_str before = kb_arena_str(rewrites->arena, kb_buf_view(&text));

	kb_reader_free(reader);
	kb_buf_dispose(&text);
	note = cleaned(rewrites->arena, note.len ? note : feedback->note);
	if (commit.len)
		note = kb_arena_fmt(rewrites->arena, "%.*s%s%.*s)", KB_ARG(note),
			note.len ? " (commit " : "(commit ", KB_ARG(commit));
	failed = failed || kb_yaml_open(&yaml, rewrites->arena, before, false, err) ||
		 kb_yaml_set(&yaml, yaml.root, KB_STR("status"), status, "created", err);
	if (!failed && note.len)
		failed = kb_yaml_set(
			&yaml, yaml.root, KB_STR("note"), note, "status", err);
	if (!failed && !kb_str_eq(yaml.file, before))
		kb_vec_push(rewrites, ((struct kb_rewrite){.path = feedback->path,
					      .before = before,
					      .after = yaml.file}));
	return failed ? -1 : 0;
}
