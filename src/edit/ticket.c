#include "kb/ticket.h"

#include "kb/escape.h"
#include "kb/function_words.h"
#include "kb/mail.h"
#include "kb/map.h"
#include "kb/privacy.h"
#include "kb/suggest.h"
#include "kb/token.h"
#include "kb/unicode.h"

enum { QUESTION_MAX = 160, TITLE_MAX = 60, KEYWORDS = 8, LETTERS_MIN = 4, SIMILAR = 5 };

struct counting {
	struct kb_arena *arena;
	const struct kb_function_words *function;
	kb_map words; /* each to how often it comes */
};

static bool count_word(void *ctx, const struct kb_word *word)
{
	struct counting *c = ctx;
	uintptr_t times;

	if (kb_utf8_count(word->lower) < LETTERS_MIN ||
		kb_function_words_has(c->function, word->fold) ||
		(word->lower.data[0] >= '0' && word->lower.data[0] <= '9'))
		return true;
	times = (uintptr_t)kb_map_get(&c->words, word->lower);
	kb_map_put(&c->words, times ? word->lower : kb_arena_str(c->arena, word->lower),
		(void *)(times + 1));
	return true;
}

/* Marks such as [email] are not the customer's words. */
static kb_str without_marks(struct kb_arena *arena, kb_str text)
{
	char *copy = kb_arena_copy(arena, text.data, text.len);
	bool inside = false;

	for (size_t i = 0; i < text.len; i++) {
		inside |= copy[i] == '[';
		if (copy[i] == ']')
			inside = false;
		if (inside || text.data[i] == ']')
			copy[i] = ' ';
	}
	return (kb_str){copy, text.len};
}

/* How many of its words carry meaning. */
static size_t words_of(struct counting *c, kb_str text)
{
	size_t n;

	kb_words(without_marks(c->arena, text), count_word, c);
	n = c->words.len;
	kb_map_dispose(&c->words);
	return n;
}

/* The first sentence that asks something, else the first one that says something: not
 * "Good morning," or "What can I do?". */
static kb_str question_of(struct counting *c, kb_str text)
{
	uint32_t *ends;
	size_t n = kb_text_breaks(c->arena, text, KB_BREAK_SENTENCE, &ends);
	kb_str first = KB_STR("");

	for (size_t i = 0; i < n; i++) {
		kb_str one = kb_str_trim(kb_str_sub(text, i ? ends[i - 1] : 0, ends[i]));

		if (words_of(c, one) < 2)
			continue;
		if (kb_str_ends(one, KB_STR("?")))
			return kb_truncate(c->arena, one, QUESTION_MAX);
		first = first.len ? first : one;
	}
	return kb_truncate(c->arena, first.len ? first : text, QUESTION_MAX);
}

/* Those that come most often, the first ones first. */
static void find_keywords(struct counting *c, kb_str text, struct kb_ticket *out)
{
	kb_words(without_marks(c->arena, text), count_word, c);
	out->keywords = kb_arena_array(c->arena, kb_str, KEYWORDS);
	for (unsigned times = 9; times && out->nkeywords < KEYWORDS; times--)
		for (size_t i = 0; i < c->words.len && out->nkeywords < KEYWORDS; i++) {
			uintptr_t n = (uintptr_t)c->words.entries[i].value;

			if ((n > 9 ? 9 : n) == times)
				out->keywords[out->nkeywords++] = c->words.entries[i].key;
		}
	kb_map_dispose(&c->words);
}

/* The likeliest issue, unless little speaks for it, in the language that the text is in.
 */
static void classify(const struct kb_library *lib, struct kb_arena *arena, bool given,
	struct kb_ticket *out)
{
	unsigned trusted = lib->config->naudiences - 1;
	struct kb_suggestions suggestions;
	const struct kb_suggestion *last;

	kb_suggestions_init(&suggestions, lib, trusted, 3, arena);
	kb_suggest_text(&suggestions, KB_STR(""), out->text, out->locale);
	last = &suggestions.items[suggestions.len - 1];
	if (!given && last->reads_like != KB_NONE) {
		out->locale = last->reads_like;
		kb_suggest_text(&suggestions, KB_STR(""), out->text, out->locale);
		last = &suggestions.items[suggestions.len - 1];
	}
	if (last->n && last->certainty <= KB_CERTAINTY_CLOSE)
		out->issue = last->guesses[0].issue;
	kb_suggestions_dispose(&suggestions);
}

/* In one line, without what has no place in content, and without variables. */
static kb_str one_line(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf plain = {0}, line = {0};
	kb_str rest, word;

	kb_buf_plain(&plain, text);
	rest = kb_buf_view(&plain);
	while (kb_str_next(&rest, ' ', &word)) {
		if (!word.len)
			continue;
		kb_buf_puts(&line, line.len ? " " : "");
		for (size_t i = 0; i < word.len; i++)
			kb_buf_fmt(&line, "%s%c",
				i && word.data[i] == '{' && word.data[i - 1] == '{' ? " "
										    : "",
				word.data[i]);
	}
	return kb_arena_str(arena, kb_buf_view(&line));
}

/* An id of few words, of the first of the texts that has letters or digits. */
static kb_str name_of(struct kb_arena *arena, kb_str title, kb_str question)
{
	kb_str name = kb_slug_path(arena, kb_truncate(arena, title, TITLE_MAX));

	if (!name.len)
		name = kb_slug_path(arena, kb_truncate(arena, question, TITLE_MAX));
	return name.len ? name : KB_STR("ticket");
}

static void find_similar(const struct kb_library *lib, struct kb_search *search,
	struct kb_arena *arena, struct kb_ticket *out)
{
	const struct kb_search_query query = {.text = out->text,
		.locale = out->locale,
		.audience = lib->config->naudiences - 1,
		.drafts = true,
		.most = SIMILAR};

	out->nsimilar = kb_search_find(search, arena, &query, &out->similar);
}

int kb_ticket_read(const struct kb_library *lib, struct kb_search *search, kb_str text,
	uint32_t locale, struct kb_arena *arena, struct kb_ticket *out,
	struct kb_error *err)
{
	struct kb_privacy *privacy = kb_privacy_open(lib);
	struct kb_message message = {.text = text};
	struct counting c = {.arena = arena};

	*out = (struct kb_ticket){.locale = locale == KB_NONE ? 0 : locale};
	if (kb_mail_begins(text)) {
		kb_str rest = text, first = text;

		kb_mbox_next(&rest, &first);
		kb_message_read(arena, first, &message);
	}
	out->text =
		kb_privacy_mask(privacy, arena, kb_str_trim(message.text), &out->masked);
	out->title = kb_privacy_mask(privacy, arena, message.subject, &out->masked);
	kb_privacy_free(privacy);
	if (!out->text.len)
		return kb_error_set(err, KB_E_USAGE, "the ticket has no text");
	classify(lib, arena, locale != KB_NONE, out);
	c.function = kb_function_words_of(lib->config->locales[out->locale].code);
	out->question = one_line(arena, question_of(&c, out->text));
	out->title = one_line(arena, kb_truncate(arena, out->title, QUESTION_MAX));
	if (!out->title.len)
		out->title = kb_truncate(arena, out->question, TITLE_MAX);
	out->name = name_of(arena, out->title, out->question);
	find_keywords(&c, out->text, out);
	find_similar(lib, search, arena, out);
	return 0;
}
