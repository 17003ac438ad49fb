/*
 * Short texts that are read: addresses, paths, globs, dates, locales, names, messages,
 * searched words.
 *
 * What is made of them keeps what it promises: no address with a scheme that runs, no
 * path that leaves its root, a slug that is one part of a path.
 */
#include "markup.h"

#include "kb/interval.h"
#include "kb/moment.h"
#include "kb/regex.h"
#include "kb/token.h"
#include "kb/unicode.h"

static void check_paths(struct kb_arena *arena, kb_str input)
{
	kb_str path, rest, part, slug = kb_slug_path(arena, input);

	must(kb_str_chr(slug, '/') == SIZE_MAX && !kb_str_is(slug, ".") &&
			!kb_str_is(slug, ".."),
		"slug '%.*s'", KB_ARG(slug));
	must(kb_str_eq(kb_slug_path(arena, slug), slug), "slug '%.*s' is slugged again",
		KB_ARG(slug));
	kb_slug_heading(arena, input);
	if (!kb_path_normalize(arena, input, &path) &&
		!kb_link_join(arena, KB_STR("en/articles"), input, &path))
		return;
	for (rest = path; kb_str_next(&rest, '/', &part);)
		must(!kb_str_is(part, "..") && !kb_str_is(part, "."), "path '%.*s'",
			KB_ARG(path));
}

static void check_address(struct kb_arena *arena, kb_str input)
{
	_cleanup_buf_ kb_buf out = {0};

	if (kb_url_is_safe(input))
		must(!markup_runs(input), "'%.*s' is called safe", KB_ARG(input));
	kb_url_ascii(arena, input);
	kb_buf_url_path(&out, input);
	for (size_t i = 0; i < out.len; i++)
		must((unsigned char)out.data[i] > ' ' && !strchr("<>\"\\?#", out.data[i]),
			"'%c' in an address", out.data[i]);
}

static void check_time(kb_str input)
{
	struct kb_interval interval;
	time_t t;
	bool is_day;

	if (kb_time_parse(input, KB_STR("Europe/Vienna"), &t, &is_day) == 0)
		kb_day_number(KB_STR("Europe/Vienna"), t);
	kb_moment_parse(input, KB_STR("Europe/Vienna"), 1790000000, &t);
	if (kb_interval_parse(input, &interval) == 0)
		kb_interval_after(KB_STR("Europe/Vienna"), 1790000000, interval);
}

static bool on_word(void *ctx, const struct kb_word *word)
{
	const kb_str *input = ctx;

	must(word->from < word->to && word->to <= input->len,
		"a word outside of the text");
	must(word->fold.len, "a word without letters");
	return true;
}

static void check_text(struct kb_arena *arena, kb_str input)
{
	const struct kb_arg args[] = {{.str = input}, {.num = 2, .is_num = true}};
	kb_str out, cut = kb_truncate(arena, input, 20);
	uint32_t *ends;
	struct kb_ref *refs;
	size_t n;

	must(kb_utf8_count(cut) <= 20, "'%.*s' is not cut", KB_ARG(cut));
	kb_lower(arena, input);
	kb_upper(arena, input);
	kb_display_width(input);
	kb_words(input, on_word, &input);
	n = kb_text_breaks(arena, input, KB_BREAK_SENTENCE, &ends);
	must(!n || ends[n - 1] == input.len, "the last sentence ends before the text");
	n = kb_md_refs(arena, input, 0, &refs);
	for (size_t i = 0; i < n; i++)
		fuzz_range(refs[i].range, input);
	kb_message_format(arena, KB_STR("de"), input, args, 2, &out, NULL);
	if (kb_locale_canonical(arena, input, &out))
		kb_locale_name(arena, out);
}

static void check_regex(kb_str pattern, kb_str text)
{
	struct kb_regex *regex;
	kb_range groups[KB_REGEX_GROUPS];

	kb_glob_match(pattern, text);
	if (kb_regex_compile(&regex, pattern, KB_REGEX_ECMA, NULL) < 0)
		return;
	if (kb_regex_groups(regex, text, 0, groups) == 1)
		for (size_t i = 0; i < KB_REGEX_GROUPS; i++)
			fuzz_range(groups[i], text);
	kb_regex_free(regex);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, first = fuzz_part(&rest);

	check_paths(arena, first);
	check_address(arena, first);
	check_time(first);
	check_text(arena, first);
	check_regex(first, rest);
}
