/* A report as a message for `sendmail -t` (RFC 5322, 2045 to 2047). */
#include <ctype.h>
#include <stdio.h>

#include "kb/escape.h"
#include "kb/report.h"
#include "kb/source.h"

enum { LINE_MAX_LEN = 76 };

/* "Név <a@b>" or "a@b", without white space at its ends. */
struct mailbox {
	kb_str name, address;
};

/* Takes the next mailbox off a list of them; a comma in a quoted name parts none. */
static bool next_mailbox(kb_str *rest, struct mailbox *box)
{
	size_t end = 0, angle;
	bool quoted = false;
	kb_str one;

	*rest = kb_str_trim(*rest);
	if (!rest->len)
		return false;
	for (; end < rest->len && (quoted || rest->data[end] != ','); end++)
		quoted ^= rest->data[end] == '"';
	one = kb_str_trim(kb_str_sub(*rest, 0, end));
	*rest = kb_str_sub(*rest, end + 1, rest->len);
	angle = kb_str_rchr(one, '<');
	if (angle == SIZE_MAX || !kb_str_ends(one, KB_STR(">"))) {
		*box = (struct mailbox){.address = one};
		return true;
	}
	box->name = kb_str_trim(kb_str_sub(one, 0, angle));
	if (box->name.len > 1 && box->name.data[0] == '"')
		box->name = kb_str_sub(box->name, 1, box->name.len - 1);
	box->address = kb_str_sub(one, angle + 1, one.len - 1);
	return true;
}

/* One that needs no quotes, in ASCII (RFC 5322, addr-spec). */
static bool is_address(kb_str s)
{
	size_t at = kb_str_chr(s, '@');

	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] <= ' ' || strchr("()<>[]:;,\\\"\177", s.data[i]))
			return false;
	return at != SIZE_MAX && at > 0 && at + 1 < s.len && kb_str_rchr(s, '@') == at;
}

/* A name of letters, digits and spaces stands as it is, others in encoded words. */
static void put_mailbox(kb_buf *out, const struct mailbox *box)
{
	bool plain = true;

	for (size_t i = 0; i < box->name.len; i++)
		plain &= isalnum((unsigned char)box->name.data[i]) ||
			 strchr(" -'", box->name.data[i]) != NULL;
	if (!box->name.len) {
		kb_buf_str(out, box->address);
		return;
	}
	kb_buf_mail(out, box->name, !plain);
	kb_buf_fmt(out, " <%.*s>", KB_ARG(box->address));
}

static void put_addresses(kb_buf *out, kb_str list)
{
	struct mailbox box;

	for (bool first = true; next_mailbox(&list, &box); first = false) {
		kb_buf_puts(out, first ? "" : ",\r\n ");
		put_mailbox(out, &box);
	}
}

/* A line that is a dot alone ends the message for some programs, and "From " begins the
 * next one in a mailbox. */
static bool must_not_begin(kb_str text, size_t i)
{
	return text.data[i] == '.' ||
	       kb_str_starts(kb_str_sub(text, i, text.len), KB_STR("From "));
}

/* Build servers take "::" and "##" in what is printed as commands. */
static bool is_mark(kb_str text, size_t i)
{
	char c = text.data[i], before = i ? text.data[i - 1] : '\n';

	return (before == '\n' && must_not_begin(text, i)) ||
	       (before == c && (c == ':' || c == '#'));
}

static void put_quoted_printable(kb_buf *out, kb_str text)
{
	size_t column = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool ends = i + 1 == text.len || text.data[i + 1] == '\n';
		bool plain =
			((c >= '!' && c <= '~' && c != '=') || (c == ' ' && !ends)) &&
			!is_mark(text, i);

		if (c == '\r' && ends)
			continue;
		if (c == '\n') {
			kb_buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) >= LINE_MAX_LEN) {
			kb_buf_puts(out, "=\r\n");
			column = 0;
			plain &= !must_not_begin(text, i);
		}
		if (plain)
			kb_buf_putc(out, (char)c);
		else
			kb_buf_fmt(out, "=%02X", c);
		column += plain ? 1 : 3;
	}
	kb_buf_puts(out, "\r\n");
}

static void put_part(kb_buf *out, const char *boundary, const char *type, kb_str text)
{
	kb_buf_fmt(out,
		"--%s\r\nContent-Type: text/%s; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, type);
	put_quoted_printable(out, text);
}

/* "Wed, 25 Nov 2026 00:00:00 +0000" */
static void put_date(kb_buf *out, time_t t)
{
	static const char *const days[] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm tm;

	gmtime_r(&t, &tm);
	kb_buf_fmt(out, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
		months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static int check_addresses(kb_str list, const char *option, struct kb_error *err)
{
	struct mailbox box;

	if (!kb_str_trim(list).len)
		return kb_error_set(err, KB_E_USAGE,
			"an email needs --%s, as in --%s 'Help <help@example.org>'",
			option, option);
	while (next_mailbox(&list, &box))
		if (!is_address(box.address))
			return kb_error_set(err, KB_E_USAGE,
				"--%s: '%.*s' is not an email address", option,
				KB_ARG(box.address));
	return 0;
}

static void put_head(
	kb_buf *out, const struct kb_mail *mail, const char *id, const char *boundary)
{
	kb_buf_puts(out, "From: ");
	put_addresses(out, mail->from);
	kb_buf_puts(out, "\r\nTo: ");
	put_addresses(out, mail->to);
	kb_buf_puts(out, "\r\nSubject: ");
	kb_buf_mail(out, mail->subject, false);
	kb_buf_puts(out, "\r\nDate: ");
	put_date(out, mail->date);
	kb_buf_fmt(out,
		"\r\nMessage-ID: <%.20s.%lld@kb.invalid>\r\nMIME-Version: 1.0\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
		id, (long long)mail->date, boundary);
}

int kb_report_mail(const struct kb_report *report, const struct kb_mail *mail,
	kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf lines = {0}, text = {0}, html = {0};
	const struct kb_report_style plain = {0}, narrow = {.width = 72};
	char id[41], boundary[32];

	if (check_addresses(mail->to, "to", err) < 0 ||
		check_addresses(mail->from, "from", err) < 0)
		return -1;
	kb_report_write(report, KB_STR("text"), &narrow, &lines, NULL);
	kb_buf_text(&text, kb_buf_view(&lines), false);
	kb_report_write(report, KB_STR("html"), &plain, &html, NULL);
	kb_blob_id(kb_buf_view(&html), id);
	snprintf(boundary, sizeof(boundary), "=_kb_%.20s", id);
	put_head(out, mail, id, boundary);
	put_part(out, boundary, "plain", kb_buf_view(&text));
	put_part(out, boundary, "html", kb_buf_view(&html));
	kb_buf_fmt(out, "--%s--\r\n", boundary);
	return 0;
}
