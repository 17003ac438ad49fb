#include "markdown_help.h"

#include "../../src/text/html.h"

/* Nothing that could run, load or post may come of any of these, in a line or a block. */
static const char *const attacks[] = {
	"<script>alert(1)</script>",
	"<SCRIPT SRC=//x></SCRIPT>",
	"<scr<script>ipt>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"<img src=\"javascript:alert(1)\">",
	"<img/src=x/onerror=alert(1)>",
	"<img src='x'onerror='alert(1)'>",
	"<img \"\"\"><script>alert(1)</script>\">",
	"<a href=\"javascript:alert(1)\">x</a>",
	"<a href=\"JaVaScRiPt:alert(1)\">x</a>",
	"<a href=\" \tjavascript:alert(1)\">x</a>",
	"<a href=\"java\nscript:alert(1)\">x</a>",
	"<a href=\"java&#10;script:alert(1)\">x</a>",
	"<a href=\"&#x6A;avascript:alert(1)\">x</a>",
	"<a href=\"javascript&colon;alert(1)\">x</a>",
	"<a href=\"java&Tab;script:alert(1)\">x</a>",
	"<a href=javascript:alert(1)>x</a>",
	"<a href=\"vbscript:x\">x</a>",
	"<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
	"[x](javascript:alert(1))",
	"[x](JAVASCRIPT:alert(1))",
	"[x](java&#10;script:alert(1))",
	"[x](&#106;avascript:alert(1))",
	"[x](\x01javascript:alert(1))",
	"[x](<\tjavascript:alert(1)>)",
	"![x](javascript:alert(1))",
	"<javascript:alert(1)>",
	"[x][r]\n\n[r]: javascript:alert(1)",
	"<iframe src=x></iframe>",
	"<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
	"<object data=x></object>",
	"<embed src=x>",
	"<form action=x><input name=y><button formaction=javascript:1>z</button></form>",
	"<base href=x>",
	"<meta http-equiv=refresh content=0>",
	"<link rel=stylesheet href=x>",
	"<style>@import 'x'</style>",
	"<b style=\"background:url(javascript:1)\">x</b>",
	"<svg onload=alert(1)><script>alert(1)</script></svg>",
	"<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
	"<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
	"<table background=javascript:1><td background=x>",
	"<details open ontoggle=alert(1)>x</details>",
	"<b onmouseover=alert(1) x=\">\">y</b>",
	"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
	"<textarea><img src=x onerror=alert(1)></textarea>",
	"<title><img src=x onerror=alert(1)></title>",
	"<xmp><img src=x onerror=alert(1)></xmp>",
	"<plaintext><img src=x onerror=alert(1)>",
	"<template><img src=x onerror=alert(1)></template>",
	"<select><img src=x onerror=alert(1)></select>",
	"<!--><img src=x onerror=alert(1)>-->",
	"<!-- --!><img src=x onerror=alert(1)>-->",
	"<![CDATA[><img src=x onerror=alert(1)>]]>",
	"<?x ><img src=x onerror=alert(1)>?>",
	"</p/><img src=x onerror=alert(1)>",
	"<a title=\"</a><img src=x onerror=alert(1)>\">x</a>",
	"`<img src=x onerror=alert(1)>`",
	"<b title='\"><img src=x onerror=alert(1)>'>",
	"<img alt=\"`><script>alert(1)</script>\" src=x>",
	"<p id=\"&quot;><script>alert(1)</script>\">x</p>",
	"[x](a \"&quot;onmouseover=&quot;alert(1)\")",
	"```x\"onmouseover=\"alert(1)\ny\n```",
	"## x {#\"onclick=alert(1)}",
	"[^\"><script>]\n\n[^\"><script>]: x",
	("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
	 "onerror=alert(1)&gt;\">"),
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Goes through the tags of what was written: our own writing is regular. */
static void check_tag(const char *source, const char *tag, size_t len)
{
	static const char *const names[] = {"script", "style", "iframe", "object",
		"embed", "form", "button", "base", "meta", "link", "svg", "math",
		"textarea", "title", "xmp", "plaintext", "template", "select", "noscript",
		"frame"};
	char text[2000] = "";

	for (size_t i = 0; i < len && i < sizeof(text) - 1; i++)
		text[i] = lower(tag[i]);
	for (size_t i = 0; i < KB_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (strncmp(text + 1, names[i], n) == 0 && !is_letter(text[1 + n]))
			fail_msg("<%s> of: %s", names[i], source);
	}
	for (char *p = text; *p; p++) {
		if (*p == '"') { /* over the value, which holds no quote */
			char *end = strchr(p + 1, '"');

			if (strncmp(p + 1, "javascript:", 11) == 0 ||
				strncmp(p + 1, "vbscript:", 9) == 0 ||
				strncmp(p + 1, "data:", 5) == 0)
				fail_msg("%s of: %s", text, source);
			p = end ? end : p + strlen(p) - 1;
		} else if (strncmp(p, " on", 3) == 0 || strncmp(p, " style", 6) == 0) {
			fail_msg("%s of: %s", text, source);
		}
	}
}

static void check_output(const char *source, const char *html)
{
	for (const char *p = html; *p; p++) {
		const char *end;

		if (*p != '<')
			continue;
		if (!is_letter(p[1]) && p[1] != '/')
			fail_msg("markup of: %s\n%s", source, html);
		end = strchr(p, '>');
		assert_non_null(end);
		check_tag(source, p, (size_t)(end - p));
		p = end;
	}
}

static void attacks_fail(void **state)
{
	kb_buf out = {0}, text = {0};

	(void)state;
	for (size_t i = 0; i < KB_LEN(attacks); i++) {
		static const char *const around[] = {"%s", "a %s b", "<div>\n%s\n</div>",
			"> %s", "- %s", "| %s |\n|---|\n", "# %s",
			"<details>\n\n%s\n\n</details>"};

		for (size_t k = 0; k < KB_LEN(around); k++) {
			const char *hole = strstr(around[k], "%s");

			kb_buf_clear(&text);
			kb_buf_add(&text, around[k], (size_t)(hole - around[k]));
			kb_buf_puts(&text, attacks[i]);
			kb_buf_puts(&text, hole + 2);
			help_html(text.data, 0, &out);
			check_output(text.data, out.data ? out.data : "");
		}
	}
	kb_buf_dispose(&out);
	kb_buf_dispose(&text);
}

static void safe_urls(void **state)
{
	static const char *const safe[] = {"", "a.md", "../x#y", "/x:y", "#a", "?a:b",
		"https://x.org", "HTTPS://x", "mailto:a@b", "tel:+43", "//x.org",
		"./javascript:x", "x/y:z"};
	static const char *const unsafe[] = {"javascript:x", " javascript:x",
		"java\tscript:x", "java\nscript:x", "\x01javascript:x", "JAVASCRIPT:x",
		"data:x", "vbscript:x", "file:///x", "blob:x", "about:blank", "x-y.z+1:a",
		"averyveryverylongscheme:x"};

	(void)state;
	for (size_t i = 0; i < KB_LEN(safe); i++)
		if (!kb_url_is_safe(kb_str_of(safe[i])))
			fail_msg("%s", safe[i]);
	for (size_t i = 0; i < KB_LEN(unsafe); i++)
		if (kb_url_is_safe(kb_str_of(unsafe[i])))
			fail_msg("%s", unsafe[i]);
}

static void balances(const char *body, const char *want)
{
	struct kb_error err;
	kb_buf out = {0};

	if (kb_html_balance(kb_str_of(body), &out, &err))
		fail_msg("%s", err.message);
	assert_str(kb_buf_view(&out), want);
	kb_buf_dispose(&out);
}

static void balance(void **state)
{
	(void)state;
	balances("<p>a<details>b", "<p>a</p><details>b</details>");
	balances("<p><b>x<i>y</b>z</i>", "<p><b>x<i>y</i></b><i>z</i></p>");
	balances("<table><tr><td>x", "<table><tbody><tr><td>x</td></tr></tbody></table>");
	balances("<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>");
	balances("a &copy; &lt;b&gt; <br>", "a \xc2\xa9 &lt;b&gt; <br>");
	balances("<script>x</script><b onclick=\"y\" class=\"z\" style=\"s\">t</b>",
		"x<b class=\"z\">t</b>");
	balances("<a href=\"javascript:x\">t</a>", "<a>t</a>");
	balances("", "");
}

/* What is nested deeper than is written out is not left out without a word. */
static void too_deep(void **state)
{
	_cleanup_buf_ kb_buf body = {0}, out = {0};
	struct kb_error err;

	(void)state;
	for (int i = 0; i < 390; i++)
		kb_buf_puts(&body, "<div>");
	kb_buf_puts(&body, "text");
	assert_int_equal(kb_html_balance(kb_buf_view(&body), &out, &err), 0);
	assert_int_not_equal(kb_str_find(kb_buf_view(&out), KB_STR("text")), SIZE_MAX);
	body.len -= 4;
	for (int i = 0; i < 20; i++)
		kb_buf_puts(&body, "<div>");
	kb_buf_puts(&body, "text");
	assert_int_equal(kb_html_balance(kb_buf_view(&body), &out, &err), -1);
	assert_non_null(strstr(err.message, "nested"));
}

/* Raw links are resolved once, like others; the fence hook's markup cannot be forged. */
static int calls;

static bool count_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	(void)ctx, (void)image;
	calls++;
	out->href = kb_str_is(dest, "a.md") ? KB_STR("a.html") : KB_STR("WRONG");
	return true;
}

static bool trusted(void *ctx, kb_str lang, kb_str title, kb_str code, kb_buf *out)
{
	(void)ctx, (void)lang, (void)title, (void)code;
	kb_buf_puts(out, "<svg viewBox=\"0 0 1 1\"><foreignObject/></svg>");
	return true;
}

static void hooks_in_raw(void **state)
{
	const struct kb_md_hooks hooks = {.link = count_link, .fence = trusted};
	const struct kb_md_options o = {.section = KB_MD_ALL, .hooks = &hooks};
	struct kb_md *md = kb_md_parse(KB_STR("<a href=\"a.md\">x</a> [y](a.md)\n\n<hr "
					      "data-kb-slot=\"0\">\n\n```dot\n```\n"),
		0, &help_syntax);
	kb_buf out = {0};

	(void)state;
	assert_int_equal(kb_md_html(md, &o, &out, NULL), 0);
	assert_int_equal(calls, 2);
	assert_str(kb_buf_view(&out),
		"<p><a href=\"a.html\">x</a> <a href=\"a.html\">y</a></p>\n<hr>\n"
		"<svg viewBox=\"0 0 1 1\"><foreignObject/></svg>\n");
	kb_buf_dispose(&out);
	kb_md_free(md);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attacks_fail),
		cmocka_unit_test(safe_urls),
		cmocka_unit_test(balance),
		cmocka_unit_test(too_deep),
		cmocka_unit_test(hooks_in_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
