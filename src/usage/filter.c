#include "filter.h"

#include "kb/arena_str.h"
#include "kb/file.h"

static const char *const programs[] = {
#define PROGRAM(word) word,
#include "programs.def"
#undef PROGRAM
};

/* What a page loads, and what the site has for programs. */
static const char *const files[] = {".css", ".js", ".mjs", ".map", ".json", ".jsonl",
	".xml", ".txt", ".md", ".csv", ".yaml", ".png", ".jpg", ".jpeg", ".gif", ".svg",
	".webp", ".avif", ".ico", ".bmp", ".woff", ".woff2", ".ttf", ".otf", ".eot",
	".pdf", ".zip", ".gz", ".mp4", ".webm", ".mp3", ".wasm", ".webmanifest"};

enum { AGENTS_MAX = 1 << 14 };

const char *const *filter_programs(size_t *n)
{
	*n = KB_LEN(programs);
	return programs;
}

const char *const *filter_files(size_t *n)
{
	*n = KB_LEN(files);
	return files;
}

void filter_init(struct filter *filter)
{
	*filter = (struct filter){.arena = kb_arena_new()};
}

void filter_dispose(struct filter *filter)
{
	kb_map_dispose(&filter->agents);
	kb_arena_free(filter->arena);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Phones of the maker Cubot are not robots. */
static bool is_phone(kb_str s, size_t at)
{
	return at >= 2 && lower(s.data[at - 2]) == 'c' && lower(s.data[at - 1]) == 'u' &&
	       lower(s.data[at]) == 'b';
}

static bool has_word(kb_str s, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= s.len; i++) {
		size_t k = 0;

		while (k < len && lower(s.data[i + k]) == word[k])
			k++;
		if (k == len && !is_phone(s, i))
			return true;
	}
	return false;
}

static bool is_program(struct filter *filter, kb_str agent)
{
	static char yes, no;
	void *known = kb_map_get(&filter->agents, agent);
	bool program = agent.len == 0;

	if (known)
		return known == &yes;
	for (size_t i = 0; i < KB_LEN(programs) && !program; i++)
		program = has_word(agent, programs[i]);
	if (filter->agents.len < AGENTS_MAX)
		kb_map_put(&filter->agents, kb_arena_str(filter->arena, agent),
			program ? &yes : &no);
	return program;
}

static bool is_file(kb_str path)
{
	kb_str ext = kb_path_ext(path);

	for (size_t i = 0; ext.len && i < KB_LEN(files); i++)
		if (kb_str_eq_nocase(ext, kb_str_of(files[i])))
			return true;
	return false;
}

kb_str request_path(const struct log_request *request)
{
	kb_str path = kb_str_sub(request->target, 0, kb_str_chr(request->target, '?'));
	size_t at = kb_str_find(path, KB_STR("://"));

	if (at != SIZE_MAX && at < 6 && *path.data != '/') {
		path = kb_str_sub(path, at + 3, path.len);
		path = kb_str_sub(path, kb_str_chr(path, '/'), path.len);
	}
	return kb_str_sub(path, 0, kb_str_chr(path, '#'));
}

kb_str request_value(
	const struct log_request *request, const char *key, struct kb_arena *arena)
{
	size_t mark = kb_str_chr(request->target, '?');
	kb_str rest = mark == SIZE_MAX ? KB_STR("")
				       : kb_str_sub(request->target, mark + 1,
						 request->target.len);
	kb_str part;

	while (rest.len && kb_str_next(&rest, '&', &part)) {
		size_t equals = kb_str_chr(part, '=');

		if (!kb_str_is(kb_str_sub(part, 0, equals), key))
			continue;
		part = kb_str_sub(
			part, equals == SIZE_MAX ? part.len : equals + 1, part.len);
		char *value = kb_arena_copy(arena, part.data, part.len);
		for (size_t i = 0; i < part.len; i++)
			if (value[i] == '+')
				value[i] = ' ';
		return kb_percent_decode(arena, (kb_str){value, part.len});
	}
	return KB_STR("");
}

enum request_visit filter_visit(struct filter *filter, const struct log_request *request)
{
	bool shown = (request->status >= 200 && request->status < 300) ||
		     request->status == 304;

	if (!shown || !kb_str_is(request->method, "GET"))
		return VISIT_OTHER;
	kb_str path = request_path(request);
	enum request_visit visit = VISIT_PAGE;
	if (kb_str_ends(path, KB_STR("/stats/vote.txt")))
		visit = VISIT_VOTE;
	else if (kb_str_ends(path, KB_STR("/stats/search.txt")))
		visit = VISIT_SEARCH;
	else if (is_file(path))
		return VISIT_OTHER;
	return request->has_agent && is_program(filter, request->agent) ? VISIT_PROGRAM
									: visit;
}
