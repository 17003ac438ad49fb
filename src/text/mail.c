#include "mail.h"

#include <ctype.h>

#include "html.h"
#include "kb/unicode.h"

enum { DEPTH_MAX = 8, PARTS_MAX = 100, TEXT_MAX = 1 << 20 };

/* "From somebody Wed Nov 25 10:00:00 2026": an address, and a time of day and a year
 * behind it, which a sentence that begins with 'From' does not have. */
static bool begins_message(kb_str line)
{
	kb_str rest = kb_str_sub(line, 5, line.len), word;
	bool clock = false, year = false;

	if (!kb_str_starts(line, KB_STR("From ")) || line.len > 1000)
		return false;
	while (kb_str_next(&rest, ' ', &word)) {
		bool digits = word.len == 4;

		for (size_t i = 0; i < word.len && digits; i++)
			digits = isdigit((unsigned char)word.data[i]);
		clock |= word.len >= 5 && kb_str_chr(word, ':') == 2;
		year |= digits && clock;
	}
	return clock && year;
}

bool kb_mbox_next(kb_str *rest, kb_str *message)
{
	size_t at = 0, next;

	while (rest->len && strchr("\r\n", rest->data[0]))
		*rest = kb_str_sub(*rest, 1, rest->len);
	if (!rest->len)
		return false;
	if (begins_message(kb_line_at(*rest, 0, &next)))
		*rest = kb_str_sub(*rest, next, rest->len);
	while (at < rest->len && !begins_message(kb_line_at(*rest, at, &next)))
		at = next;
	*message = kb_str_sub(*rest, 0, at);
	*rest = kb_str_sub(*rest, at, rest->len);
	return true;
}

static bool is_header(kb_str line)
{
	size_t colon = kb_str_chr(line, ':');

	for (size_t i = 0; i < colon && i < line.len; i++)
		if (!isalnum((unsigned char)line.data[i]) && line.data[i] != '-')
			return false;
	return colon != SIZE_MAX && colon > 0;
}

bool kb_mail_begins(kb_str text)
{
	size_t next;
	kb_str line = kb_line_at(text, 0, &next);

	return begins_message(line) ||
	       (is_header(line) && is_header(kb_line_at(text, next, &next)));
}

/* Text of HTML */

static bool is_block(kb_str name)
{
	static const char *const names[] = {"p", "div", "br", "li", "tr", "h1", "h2",
		"h3", "h4", "table", "ul", "ol", "blockquote", "pre", "hr"};

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (kb_str_eq_nocase(name, kb_str_of(names[i])))
			return true;
	return false;
}

/* Where the element NAME that begins before AT ends, when its text is not for readers. */
static size_t skip_hidden(kb_str html, kb_str name, size_t at)
{
	static const char *const names[] = {"style", "script", "head", "title"};

	for (size_t i = 0; i < KB_LEN(names); i++) {
		if (!kb_str_eq_nocase(name, kb_str_of(names[i])))
			continue;
		for (size_t end = at; end + 2 + name.len <= html.len; end++)
			if (html.data[end] == '<' && html.data[end + 1] == '/' &&
				kb_str_eq_nocase(
					kb_str_sub(html, end + 2, end + 2 + name.len),
					name))
				return end;
	}
	return at;
}

static kb_str text_of_html(struct kb_arena *arena, kb_str html)
{
	_cleanup_buf_ kb_buf bare = {.max = TEXT_MAX}, out = {.max = TEXT_MAX};

	for (size_t at = 0; at < html.len;) {
		if (html.data[at] != '<') {
			char c = html.data[at++];

			kb_buf_putc(&bare, c == '\n' || c == '\r' ? ' ' : c);
			continue;
		}
		kb_str tag = kb_str_sub(html, at + 1, html.len);
		size_t name = tag.len && tag.data[0] == '/', end = name;
		size_t close = kb_str_chr(tag, '>');

		while (end < tag.len && isalnum((unsigned char)tag.data[end]))
			end++;
		kb_str word = kb_str_sub(tag, name, end);
		kb_buf_puts(&bare, is_block(word) ? "\n" : "");
		at = close == SIZE_MAX ? html.len : at + close + 2;
		if (!name)
			at = skip_hidden(html, word, at);
	}
	kb_html_unescape(kb_buf_view(&bare), &out);
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* Parts */

struct finding_text {
	struct kb_arena *arena;
	unsigned parts;
	kb_str plain, html;
	bool has_plain, has_html;
};

static void take_part(struct finding_text *f, kb_str header, kb_str type, kb_str body)
{
	_cleanup_buf_ kb_buf bytes = {.max = TEXT_MAX};
	kb_str encoding = mail_field(f->arena, header, "Content-Transfer-Encoding");
	bool html = kb_str_eq_nocase(kb_str_sub(type, 0, 9), KB_STR("text/html"));
	bool *has = html ? &f->has_html : &f->has_plain;

	if (*has)
		return;
	if (kb_str_eq_nocase(encoding, KB_STR("base64")))
		mail_base64(body, &bytes);
	else if (kb_str_eq_nocase(encoding, KB_STR("quoted-printable")))
		mail_quoted_printable(body, false, &bytes);
	else
		kb_buf_str(&bytes, body);
	*has = true;
	*(html ? &f->html : &f->plain) = mail_decode(
		f->arena, kb_buf_view(&bytes), mail_parameter(f->arena, type, "charset"));
}

/* "--boundary" or "--boundary--" */
static bool is_boundary(kb_str line, kb_str boundary, bool *last)
{
	kb_str rest = kb_str_sub(line, 2 + boundary.len, line.len);

	if (!kb_str_starts(line, KB_STR("--")) ||
		!kb_str_starts(kb_str_sub(line, 2, line.len), boundary))
		return false;
	*last = kb_str_starts(rest, KB_STR("--"));
	return *last || !kb_str_trim(rest).len;
}

static void find_text(struct finding_text *f, kb_str entity, unsigned depth);

/* False: the boundary is nowhere. */
static bool find_in_parts(
	struct finding_text *f, kb_str body, kb_str boundary, unsigned depth)
{
	size_t begin = SIZE_MAX, at = 0, next;
	bool last = false, found = false;

	while (boundary.len && at < body.len && !last) {
		kb_str line = kb_line_at(body, at, &next);

		if (is_boundary(line, boundary, &last)) {
			if (begin != SIZE_MAX)
				find_text(f, kb_str_sub(body, begin, at), depth);
			begin = next;
			found = true;
		}
		at = next;
	}
	if (found && !last && begin < body.len)
		find_text(f, kb_str_sub(body, begin, body.len), depth);
	return found;
}

static void find_text(struct finding_text *f, kb_str entity, unsigned depth)
{
	kb_str header, body, type, disposition;

	if (depth > DEPTH_MAX || f->parts++ > PARTS_MAX || f->has_plain)
		return;
	mail_split(entity, &header, &body);
	type = mail_field(f->arena, header, "Content-Type");
	disposition = mail_field(f->arena, header, "Content-Disposition");
	if (kb_str_eq_nocase(kb_str_sub(disposition, 0, 10), KB_STR("attachment")))
		return;
	if (kb_str_eq_nocase(kb_str_sub(type, 0, 10), KB_STR("multipart/"))) {
		if (!find_in_parts(f, body, mail_parameter(f->arena, type, "boundary"),
			    depth + 1))
			take_part(f, KB_STR(""), KB_STR("text/plain"), body);
	} else if (kb_str_eq_nocase(type, KB_STR("message/rfc822"))) {
		find_text(f, body, depth + 1);
	} else if (!type.len ||
		   kb_str_eq_nocase(kb_str_sub(type, 0, 5), KB_STR("text/"))) {
		take_part(f, header, type, body);
	}
}

/* The text of an entity: its first readable part. */
static kb_str mail_text(struct kb_arena *arena, kb_str entity)
{
	struct finding_text f = {.arena = arena};

	find_text(&f, entity, 0);
	if (f.has_plain && kb_str_trim(f.plain).len)
		return f.plain;
	return f.has_html ? text_of_html(arena, f.html) : f.plain;
}

/* Messages */

/* Takes "> " lines and, from "-- " on, the signature out; ">From" loses its escape. */
static kb_str wanted_lines(struct kb_arena *arena, kb_str text, bool quotes)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str line;

	while (kb_str_line(&text, &line)) {
		size_t marks = 0;

		while (marks < line.len && line.data[marks] == '>')
			marks++;
		if (kb_str_is(line, "-- "))
			break;
		if (marks &&
			kb_str_starts(kb_str_sub(line, marks, line.len), KB_STR("From ")))
			line = kb_str_sub(line, 1, line.len);
		else if (marks && !quotes)
			continue;
		kb_buf_str(&out, line);
		kb_buf_putc(&out, '\n');
	}
	return kb_arena_str(arena, kb_str_trim(kb_buf_view(&out)));
}

/* Lines that end with a space go on in the next one (RFC 3676). */
static kb_str unwrapped(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str line;

	while (kb_str_line(&text, &line)) {
		kb_buf_str(&out, line);
		if (!kb_str_ends(line, KB_STR(" ")) || kb_str_is(line, "-- "))
			kb_buf_putc(&out, '\n');
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void read_sender(struct kb_arena *arena, kb_str from, struct kb_message *out)
{
	size_t angle = kb_str_rchr(from, '<');
	size_t end = angle == SIZE_MAX
			     ? SIZE_MAX
			     : kb_str_chr(kb_str_sub(from, angle, from.len), '>');

	out->from = mail_words(arena, from);
	if (end == SIZE_MAX)
		return;
	out->from = kb_arena_str(
		arena, kb_str_trim(kb_str_sub(from, angle + 1, angle + end)));
	out->name = mail_words(arena, kb_str_trim(kb_str_sub(from, 0, angle)));
	if (out->name.len > 1 && out->name.data[0] == '"')
		out->name = kb_str_sub(out->name, 1, out->name.len - 1);
}

static bool is_automatic(struct kb_arena *arena, kb_str header)
{
	kb_str automatic = mail_field(arena, header, "Auto-Submitted");
	kb_str type = mail_field(arena, header, "Content-Type");
	kb_str precedence = mail_field(arena, header, "Precedence");

	return (automatic.len && !kb_str_eq_nocase(automatic, KB_STR("no"))) ||
	       kb_str_eq_nocase(precedence, KB_STR("auto_reply")) ||
	       kb_str_eq_nocase(kb_str_sub(type, 0, 16), KB_STR("multipart/report"));
}

bool kb_message_read(struct kb_arena *arena, kb_str message, struct kb_message *out)
{
	kb_str header, body, id, text, type;
	size_t next;

	*out = (struct kb_message){0};
	mail_split(message, &header, &body);
	if (!is_header(kb_line_at(header, 0, &next)))
		return false;
	read_sender(arena, mail_field(arena, header, "From"), out);
	out->subject = mail_words(arena, mail_field(arena, header, "Subject"));
	out->date = mail_date(mail_field(arena, header, "Date"));
	out->automatic = is_automatic(arena, header);
	id = mail_field(arena, header, "Message-ID");
	if (id.len > 1 && id.data[0] == '<')
		id = kb_str_sub(id, 1, kb_str_chr(id, '>'));
	out->id = id;
	type = mail_field(arena, header, "Content-Type");
	text = mail_text(arena, message);
	if (kb_str_eq_nocase(mail_parameter(arena, type, "format"), KB_STR("flowed")))
		text = unwrapped(arena, text);
	out->text = wanted_lines(arena, text, false);
	if (!out->text.len)
		out->text = wanted_lines(arena, text, true);
	return true;
}
