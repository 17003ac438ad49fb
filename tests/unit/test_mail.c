/* Mail as people's programs write it, right or wrong. */
#include "unit.h"

#include "kb/mail.h"

struct mail_case {
	const char *message;
	const char *text, *subject;
};

static const struct mail_case cases[] = {
	{"Subject: a\n\nbody\n", "body", "a"},
	{"Subject: a\r\n\r\none\r\ntwo\r\n", "one\ntwo", "a"},
	{"Subject: a\rX: y\r\rbody", "body", "a"},
	{"Subject: a\n b\n\tc\n\nx", "x", "a b c"},
	{"subject:=?utf-8?Q?f=C3=BCr_dich?=\n\nx", "x", "für dich"},
	{"Subject: =?iso-8859-1?q?f=FCr?= =?ISO-8859-1?Q?_dich?= du\n\nx", "x",
		"für dich du"},
	/* A character in two words. */
	{"Subject: =?utf-8?B?w7w=?= =?utf-8?Q?=C3?=\n =?utf-8?Q?=BC?=\n\nx", "x", "üü"},
	{"Subject: =?utf-8*de?b?w7w?=\n\nx", "x", "ü"},
	{"Subject: =?x-unknown?q?a=FC?= =?utf-8?x?y?= =?utf-8?q?open\n\nx", "x",
		"aü =?utf-8?x?y?= =?utf-8?q?open"},
	{"Subject: f\xfcr\n\nf\xfcr", "für", "für"},
	{"Subject: s\nContent-Type: text/plain; charset=\"iso-8859-15\"\n\n5 \xa4", "5 €",
		"s"},
	{"Subject: s\nContent-Type: text/plain; charset=shift_jis\n\n\x93\xfa\x96\x7b",
		"日本", "s"},
	{"Subject: s\nContent-Type: text/plain; charset=nonsense\n\n\xc3\xbc", "ü", "s"},
	{"Subject: s\nContent-Transfer-Encoding: quoted-printable\n\na=\nb=3Dc=C3=BC=zz=  \n"
	 "d =\n",
		"ab=cü=zzd", "s"},
	{"Subject: s\nContent-Transfer-Encoding: BASE64\n\nw7\n w*= ignored", "ü", "s"},
	{"Subject: s\nContent-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n"
	 "Content-Type: text/plain\nContent-Disposition: attachment\n\nno\n--b\n\nyes\n--b--\n"
	 "epilogue",
		"yes", "s"},
	/* HTML before the plain text; a part within a part; no end. */
	{"Subject: s\nContent-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\n"
	 "Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/html\n\n"
	 "<b>html</b>\n--c\n\nplain\n--c--\n--a b\n",
		"plain", "s"},
	{"Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nyes", "yes",
		"s"},
	{"Subject: s\nContent-Type: multipart/mixed\n\ntext", "text", "s"},
	{"Subject: s\nContent-Type: multipart/mixed; boundary=nowhere\n\ntext", "text",
		"s"},
	{"Subject: s\nContent-Type: text/html\n\n<head><title>t</title></head><style>p{}"
	 "</style><p>a &amp; b</p><script>if (a<b)</script>c<br>d <",
		"a & b\nc\nd", "s"},
	{"Subject: s\nContent-Type: message/rfc822\n\nSubject: t\n\ninner", "inner", "s"},
	{"Subject: s\nContent-Type: application/pdf\n\n%PDF", "", "s"},
	{"Subject: s\nContent-Type: text/plain; format=flowed\n\none \ntwo\nthree\n-- \nsig",
		"one two\nthree", "s"},
	{"Subject: s\n\n> quoted\nanswer\n> more\n-- \nJane", "answer", "s"},
	{"Subject: s\n\n> quoted alone", "> quoted alone", "s"},
	{"Subject: s\n\n>From me\n>>From you", "From me\n>From you", "s"},
	{"Subject: s\n", "", "s"},
};

static void each_message(void **state)
{
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		struct kb_message message;
		kb_str text;

		assert_true(
			kb_message_read(arena, kb_str_of(cases[i].message), &message));
		assert_str(message.subject, cases[i].subject);
		/* Spaces at the ends of lines are the caller's to take out. */
		text = kb_str_trim(message.text);
		if (!kb_str_is(text, cases[i].text))
			fail_msg("%zu: \"%.*s\"", i, KB_ARG(text));
	}
	kb_arena_free(arena);
}

static void senders_and_dates(void **state)
{
	static const struct {
		const char *header;
		time_t date;
	} dates[] = {
		{"Wed, 25 Nov 2026 10:00:00 +0100", 1795597200},
		{"25 Nov 2026 10:00 GMT", 1795600800},
		{"Wed, 25 Nov 26 05:00:00 EST", 1795600800},
		{"Wed, 25 Nov 2026 10:00:00 -0030 (some place)", 1795602600},
		{"25 Nov 2026", 1795564800},
		{"yesterday", 0},
		{"99 Nov 2026 10:00:00 +0000", 0},
		{"25 Foo 2026 10:00:00 +0000", 0},
		{"25 Nov 99999999999999999999 10:00", 0},
	};
	struct kb_arena *arena = kb_arena_new();
	struct kb_message message;

	(void)state;
	for (size_t i = 0; i < KB_LEN(dates); i++) {
		kb_str raw = kb_arena_fmt(arena, "Date: %s\n\nx", dates[i].header);

		assert_true(kb_message_read(arena, raw, &message));
		assert_int_equal(message.date, dates[i].date);
	}
	kb_message_read(arena,
		KB_STR("From: \"M\xc3\xbcller, J\" <j@example.org>\nMessage-ID: <a@b>\n"
		       "Auto-Submitted: no\n\nx"),
		&message);
	assert_str(message.from, "j@example.org");
	assert_str(message.name, "Müller, J");
	assert_str(message.id, "a@b");
	assert_false(message.automatic);
	kb_message_read(arena,
		KB_STR("From: j@example.org\nAuto-Submitted: auto-replied\n"), &message);
	assert_str(message.from, "j@example.org");
	assert_true(message.automatic);
	assert_false(kb_message_read(arena, KB_STR("no header"), &message));
	assert_false(kb_message_read(arena, KB_STR("\n\nno header"), &message));
	kb_arena_free(arena);
}

static void an_mbox_is_split(void **state)
{
	kb_str rest = KB_STR(
		"\n\nFrom a@b Wed Nov 25 10:00:00 2026\nSubject: 1\n\nFrom here it goes on\n"
		"From there, at 10:00 or so, too\n\nFrom a Thu Nov 26 10:00 2026\n"
		"Subject: 2\n\n>From a@b Wed Nov 25 10:00:00 2026\n"
		"From MAILER-DAEMON Thu Nov 26 10:00:00 +0100 2026\r\nSubject: 3\r\n");
	static const char *const starts[] = {
		"Subject: 1\n", "Subject: 2\n", "Subject: 3\r"};
	kb_str message;

	(void)state;
	for (size_t i = 0; i < KB_LEN(starts); i++) {
		assert_true(kb_mbox_next(&rest, &message));
		assert_true(kb_str_starts(message, kb_str_of(starts[i])));
	}
	assert_false(kb_mbox_next(&rest, &message));
	rest = KB_STR("Subject: alone\n\nx");
	assert_true(kb_mbox_next(&rest, &message));
	assert_int_equal(message.len, 17);
	assert_false(kb_mbox_next(&rest, &message));
	assert_true(kb_mail_begins(KB_STR("From: a\nTo: b\n")));
	assert_true(kb_mail_begins(KB_STR("From a@b Wed Nov 25 10:00:00 2026\n")));
	assert_false(kb_mail_begins(KB_STR("document,text\na: b,c: d\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message),
		cmocka_unit_test(senders_and_dates),
		cmocka_unit_test(an_mbox_is_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
