#include "tickets.h"

#include "kb/unicode.h"

const char *const ticket_fields[TICKET_FIELDS] = {"id", "date", "issue", "text", "locale",
	"channel", "linked", "escalated", "minutes"};

enum { NAMES_MAX = 12, WORDS_MAX = 7 };

/* Words in the names that columns have in other programs, the likeliest first. */
static const char *const likely[TICKET_FIELDS][WORDS_MAX] = {
	[TICKET_DATE] = {"created", "opened", "date", "erstellt", "datum", "time"},
	[TICKET_ISSUE] = {"issue", "intent", "topic", "category", "reason", "thema"},
	[TICKET_TEXT] = {"text", "message", "utterance", "description", "subject", "body",
		"betreff"},
	[TICKET_LOCALE] = {"locale", "lang", "sprache"},
};

/* The column that seems to have a field; empty: none does. */
static kb_str guess(enum ticket_field field, const kb_strs *names, struct kb_arena *arena)
{
	for (size_t w = 0; w < WORDS_MAX && likely[field][w]; w++)
		for (size_t i = 0; i < names->len; i++)
			if (kb_str_find(kb_lower(arena, names->items[i]),
				    kb_str_of(likely[field][w])) != SIZE_MAX)
				return names->items[i];
	return KB_STR("");
}

struct missing {
	const kb_strs *names;
	struct kb_arena *arena;
	kb_buf what, keys, options;
};

static void add_missing(struct missing *m, const char *what)
{
	kb_buf_fmt(&m->what, "%s%s", m->what.len ? ", " : "", what);
}

/* "issue: intent"; FILL: what to write if no column seems to be it. */
static void add_key(struct missing *m, enum ticket_field field, const char *fill)
{
	kb_str column = guess(field, m->names, m->arena);

	if (column.len || fill)
		kb_buf_fmt(&m->keys, "%s%s: %.*s", m->keys.len ? ", " : "",
			ticket_fields[field],
			KB_ARG(column.len ? column : kb_str_of(fill)));
}

static int refuse(const struct missing *m, struct kb_error *err)
{
	_cleanup_buf_ kb_buf names = {0};

	for (size_t i = 0; i < m->names->len && i < NAMES_MAX; i++)
		kb_buf_fmt(&names, "%s'%.*s'", i ? ", " : "",
			KB_ARG(kb_str_head(m->names->items[i], 40)));
	if (m->names->len > NAMES_MAX)
		kb_buf_fmt(&names, " and %zu more", m->names->len - NAMES_MAX);
	return kb_error_set(err, KB_E_USAGE,
		"kb does not know which column says %.*s. The columns are %.*s. Write into "
		"kb.yaml which is which, such as: tickets: {%.*s}%s%.*s",
		KB_ARG(kb_buf_view(&m->what)), KB_ARG(kb_buf_view(&names)),
		KB_ARG(kb_buf_view(&m->keys)), m->options.len ? "; or add" : "",
		KB_ARG(kb_buf_view(&m->options)));
}

int ticket_columns_check(const struct kb_import *import, unsigned found,
	const kb_strs *names, struct kb_error *err)
{
	const unsigned about = 1u << TICKET_ISSUE | 1u << TICKET_TEXT;
	const struct kb_config *config = import->lib->config;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct missing m = {.names = names, .arena = arena};
	int failed = 0;

	if (!(found & 1u << TICKET_DATE) && !import->options.month) {
		add_missing(&m, "when tickets came");
		add_key(&m, TICKET_DATE, "COLUMN");
		kb_buf_puts(&m.options, " --month 2026-10");
	}
	if (!(found & about)) {
		add_missing(&m, "what tickets are about");
		add_key(&m, TICKET_ISSUE, NULL);
		add_key(&m, TICKET_TEXT, "COLUMN");
	}
	if (!(found & 1u << TICKET_LOCALE) && import->options.locale == KB_NONE &&
		config->nlocales > 1) {
		add_missing(&m, "the language of tickets");
		add_key(&m, TICKET_LOCALE, "COLUMN");
		kb_buf_fmt(&m.options, " --locale %.*s", KB_ARG(config->locales[0].code));
	}
	if (m.what.len)
		failed = refuse(&m, err);
	kb_buf_dispose(&m.what);
	kb_buf_dispose(&m.keys);
	kb_buf_dispose(&m.options);
	return failed;
}
