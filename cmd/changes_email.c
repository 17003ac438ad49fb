/* News as a message for `sendmail -t` (RFC 5322, 2045 to 2047). */
#include "changes.h"

#include "kb/unicode.h"

enum { LINE_MAX_LEN = 76, WORD_BYTES = 42 };

static bool is_ascii(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x7f)
			return false;
	return true;
}

static bool has_control(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] < ' ' || s.data[i] == 0x7f)
			return true;
	return false;
}

static void put_base64(kb_buf *out, kb_str s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 |
			       (i + k < s.len ? (unsigned char)s.data[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			kb_buf_putc(out,
				i + k > s.len ? '=' : digits[bits >> (18 - 6 * k) & 63]);
	}
}

/* An unstructured value: as it is, or in encoded words of whole characters. */
static void put_encoded(kb_buf *out, kb_str s)
{
	size_t from = 0;

	if (is_ascii(s) && s.len < 900) {
		kb_buf_str(out, s);
		return;
	}
	while (from < s.len) {
		size_t to = from + WORD_BYTES < s.len ? from + WORD_BYTES : s.len;

		while (to < s.len && ((unsigned char)s.data[to] & 0xc0) == 0x80)
			to--;
		kb_buf_puts(out, from ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		put_base64(out, kb_str_sub(s, from, to));
		kb_buf_puts(out, "?=");
		from = to;
	}
}

/* "Név <a@b>, c@d": names are encoded, addresses stand as they are. */
static void put_addresses(kb_buf *out, kb_str list)
{
	bool first = true;

	for (kb_str rest = list, one; kb_str_next(&rest, ',', &one);) {
		size_t at = kb_str_rchr(one, '<');

		one = kb_str_trim(one);
		if (!one.len)
			continue;
		kb_buf_puts(out, first ? "" : ",\r\n ");
		first = false;
		at = kb_str_rchr(one, '<');
		if (at == SIZE_MAX || at == 0 || is_ascii(one)) {
			kb_buf_str(out, one);
			continue;
		}
		put_encoded(out, kb_str_trim(kb_str_sub(one, 0, at)));
		kb_buf_putc(out, ' ');
		kb_buf_str(out, kb_str_sub(one, at, one.len));
	}
}

static void put_quoted_printable(kb_buf *out, kb_str text)
{
	size_t column = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool ends = i + 1 == text.len || text.data[i + 1] == '\n';
		bool plain = (c >= '!' && c <= '~' && c != '=') || (c == ' ' && !ends);

		if (c == '\n') {
			kb_buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) >= LINE_MAX_LEN) {
			kb_buf_puts(out, "=\r\n");
			column = 0;
		}
		/* A line that is a dot alone would end the message for some. */
		if (c == '.' && column == 0)
			plain = false;
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

static int check_headers(const struct changes_report *report, struct kb_error *err)
{
	const kb_str values[] = {report->sender, report->to, report->subject};
	static const char *const names[] = {"from", "to", "subject"};

	for (size_t i = 0; i < KB_LEN(values); i++)
		if (has_control(values[i]))
			return kb_error_set(err, KB_E_USAGE,
				"--%s holds a line end or a control character", names[i]);
	if (!report->to.len || !report->sender.len)
		return kb_error_set(err, KB_E_USAGE,
			"an e-mail needs --%s, as in --%s 'Help <help@example.org>'",
			report->to.len ? "from" : "to", report->to.len ? "from" : "to");
	if (kb_str_chr(report->to, '@') == SIZE_MAX ||
		kb_str_chr(report->sender, '@') == SIZE_MAX)
		return kb_error_set(
			err, KB_E_USAGE, "--from and --to take e-mail addresses");
	return 0;
}

int changes_email(const struct changes_report *report, kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0}, html = {0};
	char id[41], boundary[32];
	struct kb_sheet sheet;

	if (check_headers(report, err) < 0)
		return -1;
	kb_sheet_init(&sheet, "What changed");
	changes_sheet(report, &sheet);
	kb_sheet_text(&sheet, false, 0, &text);
	kb_sheet_html(&sheet, &html);
	kb_sheet_dispose(&sheet);
	kb_blob_id(kb_buf_view(&html), id);
	snprintf(boundary, sizeof(boundary), "=_kb_%.20s", id);
	kb_buf_puts(out, "From: ");
	put_addresses(out, report->sender);
	kb_buf_puts(out, "\r\nTo: ");
	put_addresses(out, report->to);
	kb_buf_puts(out, "\r\nSubject: ");
	put_encoded(out, report->subject);
	kb_buf_puts(out, "\r\nDate: ");
	put_date(out, report->lib->now);
	kb_buf_fmt(out,
		"\r\nMessage-ID: <%.20s.%lld@kb.invalid>\r\nMIME-Version: 1.0\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
		id, (long long)report->lib->now, boundary);
	put_part(out, boundary, "plain", kb_buf_view(&text));
	put_part(out, boundary, "html", kb_buf_view(&html));
	kb_buf_fmt(out, "--%s--\r\n", boundary);
	return 0;
}
