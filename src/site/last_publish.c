#include "kb/last_publish.h"

#include <unistd.h>

#include "kb/file.h"
#include "kb/memo.h"
#include "kb/moment.h"
#include "kb/unicode.h"
#include "manifest.h"

/* The answer that is kept begins with this. The folder's path and the time zone, each
 * ended by NUL, and what was said follow. */
struct head {
	int64_t from, until; /* the clock's times that it is good for */
	uint64_t list;	     /* a hash of .kb-site */
};

/* Takes a word that is ended by NUL off the front of REST. */
static kb_str take_word(kb_str *rest)
{
	kb_str word;

	return kb_str_next(rest, '\0', &word) ? word : KB_STR("");
}

static void put_word(kb_buf *out, const char *word)
{
	kb_buf_puts(out, word ? word : "");
	kb_buf_add(out, word ? "\0" : "\0-", word ? 1 : 2);
}

struct kb_publish_state kb_publish_state(
	struct kb_source *source, const struct kb_publish_request *request)
{
	const bool flags[] = {request->drafts, request->no_search, request->no_api,
		request->no_markdown, request->json};
	struct kb_publish_state state = {0};
	_cleanup_buf_ kb_buf all = {0};
	_cleanup_free_ char *cwd = getcwd(NULL, 0);

	state.known = cwd && kb_source_state(source, &state.key);
	put_word(&all, request->audience);
	kb_buf_add(&all, flags, sizeof(flags));
	state.place = kb_hash64(kb_buf_view(&all));
	put_word(&all, cwd);
	kb_buf_add(&all, &state.key, sizeof(state.key));
	put_word(&all, request->out);
	put_word(&all, request->base_url);
	for (size_t i = 0; i < request->locales->len; i++) {
		kb_buf_str(&all, request->locales->items[i]);
		kb_buf_putc(&all, '\0');
	}
	state.key = kb_hash128(kb_buf_view(&all));
	return state;
}

static struct kb_memo *open_memo(
	struct kb_source *source, const struct kb_publish_state *state)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str name = kb_arena_fmt(scratch, "publish-%08x", (unsigned)state->place);
	bool own;
	kb_str path = kb_source_cache(source, scratch, name.data, &own);

	return kb_memo_open(own ? path.data : NULL);
}

static bool is_good(const struct head *head, const char *out)
{
	_cleanup_buf_ kb_buf path = {0}, text = {0};
	time_t now = kb_now();

	kb_buf_fmt(&path, "%s/" MANIFEST_NAME, out);
	return now >= head->from && now < head->until &&
	       kb_file_read(path.data, 0, &text, NULL) == 0 &&
	       manifest_hash(kb_buf_view(&text)) == head->list;
}

/* The first time in the JSON report is that of its run. This run's takes its place. */
static void put_said(kb_buf *out, kb_str said, kb_str timezone, time_t then)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str was = kb_time_format(scratch, timezone, then);
	size_t at = kb_str_find(said, was);

	kb_buf_str(out, kb_str_sub(said, 0, at));
	if (at == SIZE_MAX)
		return;
	kb_buf_str(out, kb_time_format(scratch, timezone, kb_now()));
	kb_buf_str(out, kb_str_sub(said, at + was.len, said.len));
}

bool kb_last_publish_get(
	struct kb_source *source, const struct kb_publish_state *state, kb_buf *said)
{
	_cleanup_buf_ kb_buf answer = {0};
	struct kb_memo *memo;
	struct head head;
	kb_str rest, out, timezone;
	bool found;

	if (!state->known)
		return false;
	memo = open_memo(source, state);
	found = kb_memo_get(memo, state->key, &answer) && answer.len > sizeof(head);
	kb_memo_close(memo);
	if (!found)
		return false;
	memcpy(&head, answer.data, sizeof(head));
	rest = kb_str_sub(kb_buf_view(&answer), sizeof(head), answer.len);
	out = take_word(&rest);
	timezone = take_word(&rest);
	if (!is_good(&head, out.data))
		return false;
	put_said(said, rest, timezone, (time_t)head.from);
	return true;
}

void kb_last_publish_put(const struct kb_library *lib,
	const struct kb_publish_state *state, const char *out, uint64_t list, time_t next,
	kb_str said)
{
	kb_str timezone = lib->config->timezone;
	/* Some findings are about dates: tomorrow they may be others. */
	time_t until = kb_day_start(timezone, kb_day_number(timezone, lib->now) + 1);
	struct head head = {.from = lib->now,
		.until = next && next < until ? next : until,
		.list = list};
	_cleanup_buf_ kb_buf answer = {0};
	struct kb_memo *memo;

	if (!state->known || !lib->stored || lib->convertible || !list)
		return;
	kb_buf_add(&answer, &head, sizeof(head));
	kb_buf_puts(&answer, out);
	kb_buf_putc(&answer, '\0');
	kb_buf_str(&answer, timezone);
	kb_buf_putc(&answer, '\0');
	kb_buf_str(&answer, said);
	memo = open_memo(lib->source, state);
	kb_memo_put(memo, state->key, kb_buf_view(&answer));
	kb_memo_close(memo);
}
