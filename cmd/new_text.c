#include "new.h"

#include "scalar.h"

static void put_issues(kb_buf *out, const kb_strs *issues)
{
	kb_buf_puts(out, issues->len ? "issues:\n" : "");
	for (size_t i = 0; i < issues->len; i++) {
		kb_buf_puts(out, "  - ");
		kb_scalar_put(out, issues->items[i]);
		kb_buf_putc(out, '\n');
	}
}

static void put_key(kb_buf *out, const char *key, kb_str value)
{
	if (!value.len)
		return;
	kb_buf_fmt(out, "%s: ", key);
	kb_scalar_put(out, value);
	kb_buf_putc(out, '\n');
}

/* What a line of a template that is nothing but @WORD@ stands for. */
static bool put_block(kb_buf *out, const struct new_document *doc, kb_str line)
{
	if (kb_str_is(line, "@HEAD@")) {
		put_key(out, "id", doc->id);
		put_key(out, "title", doc->title);
		put_key(out, "summary", doc->summary);
		put_issues(out, &doc->issues);
		put_key(out, "owner", doc->owner);
	} else if (kb_str_is(line, "@SUBJECT@")) {
		put_key(out, "subject", doc->title);
	} else if (kb_str_is(line, "@ESCALATE@")) {
		if (doc->team.len)
			kb_buf_fmt(out, "- [The other answer](kb:escalate/%.*s)\n",
				KB_ARG(doc->team));
		else
			kb_buf_puts(out, "- [The other answer](kb:closed)\n");
	} else {
		return false;
	}
	return true;
}

void kb_new_fill(
	kb_buf *out, const struct new_document *doc, kb_str template, kb_str today)
{
	kb_str line;
	for (kb_str rest = template; rest.len && kb_str_next(&rest, '\n', &line);) {
		size_t at = kb_str_find(line, KB_STR("@TODAY@"));
		if (put_block(out, doc, line))
			continue;
		if (at == SIZE_MAX)
			kb_buf_fmt(out, "%.*s\n", KB_ARG(line));
		else
			kb_buf_fmt(out, "%.*s%.*s\n", (int)at, line.data, KB_ARG(today));
	}
}

/* Keys that a translation has of its own, or that its source says for it. */
static bool is_dropped(kb_str line)
{
	static const char *const keys[] = {
		"reviewed", "status", "translation", "notice", "cases", "publish_at"};
	kb_str key = kb_str_sub(line, 0, kb_str_chr(line, ':'));
	for (size_t i = 0; i < KB_LEN(keys); i++) {
		if (kb_str_is(key, keys[i]))
			return true;
	}
	return false;
}

static bool begins_key(kb_str line)
{
	return line.len && !strchr(" \t-#\r", line.data[0]);
}

void kb_new_translation(kb_buf *out, kb_str file, const char *blob)
{
	kb_str line;
	bool dropping = false, open = false;
	for (kb_str rest = file; rest.len && kb_str_next(&rest, '\n', &line);) {
		kb_str bare = kb_str_trim(line);
		if (kb_str_is(bare, "---") && !open) {
			open = true;
		} else if (kb_str_is(bare, "---")) {
			kb_buf_fmt(out,
				"status: draft\ntranslation:\n  revision: %s\n---\n",
				blob);
			kb_buf_str(out, rest);
			return;
		} else if (begins_key(line)) {
			dropping = is_dropped(line);
		}
		if (!dropping)
			kb_buf_fmt(out, "%.*s\n", KB_ARG(line));
	}
}
