#include "publishing.h"

static const char config[] =
	"name: {en: Help, de: Hilfe}\n"
	"base_url: https://help.example.com/hc\n"
	"locales: [{code: en}, {code: de}, {code: de-AT, fallback: de}]\n"
	"audiences: [public, agents]\n"
	"regions: {AT: {en: Austria, de: Österreich}}\n"
	"variables: {phone: {en: '1', de: '2', de-AT: '3'}}\n"
	"contact: [{channel: phone, label: Call, number: '+49 89 1'}]\n"
	"redirects: {/old.html: descale, /service: /de/contact/}\n";

static const char taxonomy[] = "issues:\n"
			       "  - id: care\n"
			       "    label: {en: Care, de: Pflege}\n"
			       "    children:\n"
			       "      - {id: care.descale, label: {en: Descaling, de: "
			       "Entkalken}, tier: 2, owner: anna}\n";

static const char descale[] =
	"---\n"
	"id: descale\n"
	"title: Descale & <rinse>\n"
	"summary: How to descale\n"
	"question: How do I descale?\n"
	"issues: [care.descale]\n"
	"owner: anna\n"
	"aliases: [/e/E05, /en/articles/old-descale/]\n"
	"related: [clean]\n"
	"---\n"
	"Call {{phone}} ~~now~~ or see www.example.com.\n"
	"\n"
	"## First\n"
	"See [cleaning](clean.md#deep), [nothing](gone.md), ![A cup](../img/cup.png)\n"
	"[a form](../files/form.txt), [a page](../files/page.html), "
	"[people](../../people.yaml)\n"
	"\n"
	"## Second\n"
	"### Detail\n";

static void small_center(void)
{
	put("kb.yaml", config);
	put("taxonomy.yaml", taxonomy);
	put("people.yaml", "anna: {name: Anna Owner, email: anna@example.com}\n");
	put("en/articles/descale.md", descale);
	put("de/articles/descale.md",
		"---\nid: descale\ntitle: Entkalken\nslug: entkalken\nissues: "
		"[care.descale]\n"
		"owner: anna\naliases: [/e/E05]\n---\nRufen Sie {{phone}} an. "
		"[Reinigen](../../en/articles/clean.md)\n");
	put("en/articles/clean.md", "---\nid: clean\ntitle: Clean\nissues: "
				    "[care]\nowner: anna\n---\n## Deep\nText\n");
	put("en/files/form.txt", "a form");
	put("en/files/page.html", "<script>alert(1)</script>");
	scratch_run("mkdir -p en/img; printf "
		    "'\\211PNG\\r\\n\\032\\n\\0\\0\\0\\rIHDR\\0\\0\\1\\54"
		    "\\0\\0\\0\\310' >en/img/cup.png");
}

static struct publishing publish_to(const char *out)
{
	struct publishing p = {.out = out, .allow_broken = true};

	publish(&p);
	return p;
}

static void links_are_relative_and_checked(void **state)
{
	const char *page = "out/en/articles/descale/index.html";

	(void)state;
	small_center();
	publish_to("out");
	assert_holds(page, "href=\"../../../en/articles/clean/#deep\"");
	assert_holds(page, "nothing");
	assert_lacks(page, "gone");
	assert_holds(page, "<h1 id=\"descale--rinse\">Descale &amp; &lt;rinse&gt;</h1>");
	assert_holds(page, "Call 1 <del>now</del>");
	assert_holds(page, "<link rel=\"canonical\" "
			   "href=\"https://help.example.com/hc/en/articles/descale/\">");
	assert_holds(page, "hreflang=\"x-default\" "
			   "href=\"https://help.example.com/hc/en/articles/descale/\"");
	assert_holds(page, "hreflang=\"de\" "
			   "href=\"https://help.example.com/hc/de/articles/entkalken/\"");
	assert_lacks(page, "hreflang=\"de-AT\" href=\"https");
	assert_holds(page, "href=\"#second\"");
	assert_lacks(page, "Anna Owner");
	assert_holds(page, "\\u003crinse>");
}

static void files_are_published_by_content(void **state)
{
	const char *page = "out/en/articles/descale/index.html";

	(void)state;
	small_center();
	publish_to("out");
	assert_holds(page, "src=\"../../../assets/cup.");
	assert_holds(page, "width=\"300\" height=\"200\"");
	assert_holds(page, "../../../assets/form.");
	assert_lacks(page, "page.html");
	assert_lacks(page, "assets/people");
	scratch_run(
		"test $(ls out/assets | wc -l) = 11; grep -rl 'alert(1)' out && exit 1;"
		"grep -rl 'anna@example.com' out && exit 1; true");
}

static void fallback_is_marked(void **state)
{
	const char *page = "out/de/articles/clean/index.html";

	(void)state;
	small_center();
	publish_to("out");
	assert_holds(page, "<html lang=\"de\"");
	assert_holds(page, "kb-notice-fallback");
	assert_holds(page, "<link rel=\"canonical\" "
			   "href=\"https://help.example.com/hc/en/articles/clean/\">");
	assert_lacks(page, "rel=\"alternate\" hreflang");
	assert_holds(page, "<h1 id=\"clean\" lang=\"en\"");
	assert_holds("out/de/articles/entkalken/index.html",
		"href=\"../../../de/articles/clean/\" hreflang=\"en\"");
	/* Austria reads German: a fallback, but in its own language and with its values.
	 */
	page = "out/de-AT/articles/entkalken/index.html";
	assert_lacks(page, "kb-notice-fallback");
	assert_holds(page, "Rufen Sie 3 an");
	assert_holds(page,
		"<link rel=\"canonical\" "
		"href=\"https://help.example.com/hc/de/articles/entkalken/\">");
	assert_holds("out/sitemap.xml",
		"<loc>https://help.example.com/hc/en/articles/clean/</loc>");
	assert_lacks("out/sitemap.xml", "/de/articles/clean/");
	assert_lacks("out/sitemap.xml", "/de-AT/articles/");
}

static void former_addresses_lead_on(void **state)
{
	(void)state;
	small_center();
	publish_to("out");
	assert_holds("out/en/articles/old-descale/index.html",
		"content=\"0; url=../../../en/articles/descale/\"");
	assert_holds("out/service/index.html", "url=../de/contact/");
	assert_holds("out/e/E05/index.html", "data-choose");
	assert_holds("out/e/E05/index.html", "href=\"../../en/articles/descale/\"");
	assert_holds("out/e/E05/index.html", "href=\"../../de/articles/entkalken/\"");
	assert_lacks("out/e/E05/index.html", "http-equiv=\"refresh\"");
	assert_holds("out/old.html", "href=\"./de/articles/entkalken/\"");
	assert_holds("out/_redirects",
		"/hc/e/E05 /hc/de/articles/entkalken/ 302 Language=de\n");
	assert_holds("out/_redirects",
		"/hc/en/articles/old-descale /hc/en/articles/descale/ 301\n");
	assert_holds("out/redirects.map",
		"\"/hc/en/articles/old-descale\" \"/hc/en/articles/descale/\";\n");
	assert_lacks("out/redirects.map", "E05");
}

static void second_run_writes_nothing(void **state)
{
	struct publishing p;

	(void)state;
	small_center();
	p = publish_to("out");
	assert_int_not_equal(p.report.written, 0);
	p = publish_to("out");
	assert_int_equal(p.report.written, 0);
	assert_int_equal(p.report.removed, 0);
	put("en/articles/clean.md", "---\nid: clean\ntitle: Clean\nissues: "
				    "[care]\nowner: anna\n---\n## Deep\nOther\n");
	p = publish_to("out");
	/* In each locale the page, its Markdown and its data, the data of two topics; and
	 * the list of documents. */
	assert_int_equal(p.report.written, 16);
	publish_to("clean");
	scratch_run("diff -r out clean");
}

static void threads_change_nothing(void **state)
{
	struct publishing one = {.out = "one", .threads = 1, .allow_broken = true};
	struct publishing four = {.out = "four", .threads = 4, .allow_broken = true};

	(void)state;
	small_center();
	for (int i = 0; i < 60; i++)
		put(scratch_path("en/articles/n%d.md", i) + strlen(scratch_dir) + 1,
			"---\ntitle: N\nissues: [care]\nowner: anna\n---\n~~a~~ "
			"www.example.com "
			"![c](../img/cup.png)\n");
	publish(&one);
	publish(&four);
	scratch_run(
		"diff -r one four; test $(find one -name index.html | wc -l) -gt 180");
}

static void broken_document_keeps_its_page(void **state)
{
	struct publishing p = {.out = "out"};
	const char *page = "out/en/articles/clean/index.html";

	(void)state;
	small_center();
	put("en/articles/descale.md", "---\nid: descale\ntitle: D\nissues: "
				      "[care]\nowner: anna\n---\n[c](clean.md)\n");
	publish(&p);
	put("en/articles/clean.md", "---\ntitle: [Clean\n---\nBroken\n");
	publish(&p);
	assert_holds(page, "Text");
	assert_int_equal(p.report.kept, 1);
	assert_holds("out/en/articles/descale/index.html", "<h1 id=\"d\">D</h1>");
	put("en/articles/clean.md", "---\nid: clean\ntitle: Clean\nissues: "
				    "[care]\nowner: anna\n---\n## Deep\nMended\n");
	publish(&p);
	assert_holds(page, "Mended");
}

/* Each way a text can become unreadable, each with its former self in lists, topics, the
 * FAQ, links, redirects and what is for machines. */
static void unreadable_documents_keep_their_place(void **state)
{
	struct publishing p = {.out = "out"};
	const char *linking =
		"---\nid: link\ntitle: Link\nissues: [care]\nowner: anna\n---\n"
		"[deep](clean.md#deep) [s](scale.md#inner) [form](../files/form.txt)\n";

	(void)state;
	small_center();
	put("snippets/en/note.md", "---\nid: snippets/note\n---\n### Inner\nText\n");
	put("en/articles/descale.md",
		"---\nid: descale\ntitle: 'Descale: call {{phone}}'\nsummary: How\n"
		"question: How?\nissues: [care.descale]\nowner: anna\nweight: -3\n"
		"promoted: true\naliases: [/e/E05, /en/articles/old-descale/]\n"
		"regions: [AT]\n---\nText\n");
	put("en/articles/scale.md", "---\nid: scale\ntitle: Scale\nissues: []\n"
				    "owner: anna\nvariant_of: clean\nregions: [AT]\n"
				    "---\n{{> snippets/note}}\n");
	put("en/articles/link.md", linking);
	publish(&p);
	assert_holds("out/en/articles/link/index.html", "/clean/#deep\"");
	scratch_run("cp -r out before; cp -r en good; cp -r de good/de");
	put("en/articles/descale.md", "---\ntitle: Descale:  now\n---\nText\n");
	put("de/articles/descale.md", "---\ntitle: [\n---\nText\n");
	put("en/articles/clean.md", "---\nid: clean\ntitle: Clean\nText\n");
	put("en/articles/scale.md", "---\n\ttitle: x\n---\nText\n");
	for (int i = 0; i < 2; i++) {
		p.threads = i ? 4 : 1;
		publish(&p);
		scratch_run("diff -r before out");
		assert_true(p.report.kept >= 4);
		assert_int_equal(p.report.written, 0);
		assert_int_equal(p.report.removed, 0);
		scratch_run("diff -r before out");
	}
	p.clean = true;
	publish(&p);
	scratch_run("diff -r -x .kb-site before out");
	p.clean = false;
	/* What can be read goes on changing; what is deleted goes. */
	scratch_run("sed -i 's/title: Link/title: Other/' en/articles/link.md;"
		    "rm en/articles/scale.md");
	publish(&p);
	assert_holds("out/en/topics/care/index.html", ">Other<");
	assert_holds("out/en/topics/care/index.html", ">Clean<");
	assert_holds("out/en/articles/link/index.html", "/clean/#deep\"");
	assert_false(has_file("out/en/articles/scale/index.html"));
	scratch_run("if grep -rq articles/scale out; then exit 1; fi;"
		    "rm -r en de; mv good/de de; mv good en");
	publish(&p);
	publish_to("anew");
	scratch_run("diff -r out anew; diff -r out before");
}

static void put_weighed(const char *name, int weight)
{
	char path[64], text[128];

	snprintf(path, sizeof(path), "en/articles/%s.md", name);
	snprintf(text, sizeof(text),
		"---\nid: %s\ntitle: %s\nissues: [care]\nowner: anna\nweight: %d\n"
		"---\nText\n",
		name, name, weight);
	put(path, text);
}

/* No page shows another weight that leaves all lists in their order. A document that
 * breaks later has that weight, not the one of the run that last changed a page. */
static void latest_record_counts(void **state)
{
	struct publishing p = {.out = "out"};
	const char *topic = "out/en/topics/care/index.html", *text;

	(void)state;
	small_center();
	put_weighed("first", 1);
	put_weighed("second", 5);
	publish(&p);
	scratch_run("cp -r out before");
	put_weighed("first", 4);
	publish(&p);
	/* Only data names the revision. */
	scratch_run("diff -r -x '.kb-*' -x api before out");
	put("en/articles/first.md", "---\ntitle: [\n---\n");
	put_weighed("second", 3);
	publish(&p);
	text = text_of(topic);
	assert_non_null(strstr(text, ">first<"));
	assert_true(strstr(text, ">second<") < strstr(text, ">first<"));
}

/* The folder's list is on the server, too. */
static void list_tells_no_more_than_the_site(void **state)
{
	struct publishing p = {.out = "out"};

	(void)state;
	small_center();
	put("taxonomy.yaml", "issues:\n  - {id: care, label: Care}\n"
			     "  - {id: secret-issue, label: Secret, audience: agents}\n");
	put("en/articles/hidden.md",
		"---\nid: secret-id\ntitle: Secret\naudience: agents\nissues: [care]\n"
		"owner: anna\n---\nText\n");
	put("en/articles/descale.md",
		"---\nid: descale\ntitle: D\nissues: [care, secret-issue]\nowner: anna\n"
		"keywords: [secret-word]\ntags: [secret-tag]\nrelated: [secret-id]\n---\n"
		"## Shown\n\n> [!AGENTS]\n> ## Secret heading\n");
	p.allow_broken = true;
	p.audience = 1;
	publish(&p);
	assert_holds("out/.kb-documents", "secret-id");
	p.audience = 0;
	put("en/articles/hidden.md", "---\ntitle: [\n---\n");
	publish(&p);
	assert_holds("out/.kb-documents", "\"title\":\"D\"");
	assert_holds("out/.kb-documents", "shown");
	scratch_run("if grep -riE 'secret|anna' out; then exit 1; fi");
}

static void first_site_with_errors_is_refused(void **state)
{
	struct publishing p = {.out = "out", .quiet = true};

	(void)state;
	small_center();
	put("en/articles/clean.md", "---\ntitle: [Clean\n---\nBroken\n");
	assert_int_equal(publish(&p), -1);
	assert_int_equal(p.error.code, KB_E_CONFIG);
	assert_non_null(strstr(p.error.message, "clean.md"));
	assert_false(has_file("out/index.html"));
	p.allow_broken = true;
	assert_int_equal(publish(&p), 0);
	assert_true(has_file("out/en/articles/descale/index.html"));
	assert_false(has_file("out/en/articles/clean/index.html"));
}

static void theme_is_replaced_file_by_file(void **state)
{
	(void)state;
	small_center();
	put("theme/templates/logo.mustache", "<b>OUR LOGO</b>");
	put("theme/strings/de.yaml", "nav_topics: Alle Themen\n");
	put("theme/brand.css", ":root { --kb-accent: #123456; }\n");
	publish_to("out");
	assert_holds("out/de/index.html", "<b>OUR LOGO</b>");
	assert_holds("out/de/index.html", "Alle Themen");
	assert_lacks("out/en/index.html", "Alle Themen");
	scratch_run("grep -q 123456 out/assets/style.*.css; test $(ls out/assets/style.* "
		    "| wc -l) = 1");
}

static void theme_is_ejected_once(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str root = kb_str_of(scratch_dir),
	       journal = kb_str_of(scratch_path("journal"));
	struct kb_rewrite *files;
	size_t n = kb_theme_files(arena, NULL, &files);
	struct kb_error err;

	(void)state;
	assert_int_equal(kb_rewrites_write(root, journal, files, n, &err), 0);
	assert_holds("theme/strings/de.yaml", "nav_faq");
	assert_int_equal(kb_rewrites_write(root, journal, files, n, &err), -1);
	assert_int_equal(err.code, KB_E_REFUSED);
}

static void agents_read_cases(void **state)
{
	struct publishing p = {.out = "out", .audience = 1, .allow_broken = true};
	const char *page = "out/en/topics/care.descale/index.html";

	(void)state;
	small_center();
	put("en/workflows/scale.md",
		"---\ntitle: Machine is slow\nissues: [care.descale]\nowner: anna\n---\n"
		"Begin here.\n\n## Look\n\n- [It is \"white\"](#descale-it) — *often* "
		"see [care](../articles/descale.md) [or](gone.md)\n"
		"- [It is not](kb:escalate/anna)\n\n## Descale it\nWith "
		"[this](../articles/descale.md)"
		"\n\n- [Done](kb:resolved)\n");
	put("en/replies/scale.md",
		"---\ntitle: Please descale\nissues: [care]\nowner: anna\nsubject: Hello "
		"{{name}}\n"
		"placeholders: {name: {description: Name, example: Ada}, "
		"day: {description: Day, default: today}}\n---\n"
		"Dear {{name}}, [descale](../articles/descale.md#first) {{day}} & call "
		"{{phone}}.\n\n"
		"> [!NOTE]\n> Only for you.\n\n## chat\nHi {{name}}\n");
	put("de/replies/scale.md",
		"---\ntitle: Bitte entkalken\nissues: [care]\nowner: anna\n"
		"placeholders: {name: {description: Name, example: Ada}}\n---\nHallo "
		"{{name}}\n");
	put("en/reference/scale.md",
		"---\ntitle: About scale\nowner: anna\nrelated: [descale]\n---\nText\n");
	publish(&p);
	assert_holds(page, "Machine is slow");
	assert_holds(page, "Please descale");
	assert_holds(page, "Bitte entkalken");
	assert_holds(page, "About scale");
	assert_holds(page, "Anna Owner");
	assert_holds(page, "From Care");
	page = "out/en/workflows/scale/index.html";
	assert_holds(page, "<li class=\"kb-step\" id=\"look\"");
	assert_holds(page, "href=\"#descale-it\"");
	assert_holds(page, "It is &quot;white&quot;");
	assert_holds(page,
		"often see <a href=\"../../../en/articles/descale/\">care</a> or</div>");
	assert_holds(page, "kb-end-resolved");
	assert_holds(page, "Begin here.");
	page = "out/en/replies/scale/index.html";
	assert_holds(page, "data-ph=\"name\">{{name}}</span>");
	assert_holds(page, "data-ph=\"day\">today</span>");
	assert_holds(page, "https://help.example.com/hc/en/articles/descale/#first");
	assert_holds(page, "Only for you.");
	assert_holds(page, "id=\"reply-replies-scale-en-chat\"");
	assert_holds("out/robots.txt", "Disallow: /\n");
	assert_false(has_file("out/sitemap.xml"));
	assert_false(has_file("out/llms.txt"));
	p = publish_to("public");
	assert_false(has_file("public/en/workflows/index.html"));
	assert_false(has_file("public/en/topics/care.descale/../../workflows"));
	assert_holds("public/llms.txt",
		"](https://help.example.com/hc/en/articles/descale/index.html.md): "
		"How to descale");
}

static void only_the_locales_asked_for(void **state)
{
	kb_str wanted = KB_STR("de");
	kb_strs locales = {.items = &wanted, .len = 1};
	struct publishing p = {.out = "out", .locales = &locales, .allow_broken = true};

	(void)state;
	small_center();
	publish(&p);
	assert_true(has_file("out/de/articles/clean/index.html"));
	assert_false(has_file("out/en"));
	assert_lacks("out/de/articles/clean/index.html", "class=\"kb-lang\"");
	wanted = KB_STR("xx");
	p.quiet = true;
	assert_int_equal(publish(&p), -1);
	assert_int_equal(p.error.code, KB_E_USAGE);
}

static void drafts_only_when_asked(void **state)
{
	struct publishing p = {.out = "out", .allow_broken = true};

	(void)state;
	small_center();
	put("en/articles/new.md", "---\ntitle: New\nstatus: draft\nissues: "
				  "[care]\nowner: anna\n---\nText\n");
	put("en/articles/gone.md", "---\ntitle: Former\nstatus: archived\nissues: "
				   "[care]\nowner: anna\n---\nText\n");
	publish(&p);
	assert_false(has_file("out/en/articles/new/index.html"));
	assert_holds("out/en/articles/gone/index.html", "kb-notice-archived");
	assert_holds("out/en/articles/gone/index.html", "noindex");
	assert_lacks("out/sitemap.xml", "gone");
	assert_lacks("out/en/topics/care/index.html", "Former");
	p.drafts = true;
	publish(&p);
	assert_holds("out/en/articles/new/index.html", "kb-notice-draft");
	assert_lacks("out/sitemap.xml", "articles/new");
}

/* Words that would run, or lead outside, in every place that content fills. */
static void hostile_content_stays_text(void **state)
{
	struct publishing p = {.out = "out", .audience = 1, .allow_broken = true};

	(void)state;
	put("kb.yaml",
		"name: '</title><script>alert(1)</script>'\n"
		"description: '\"><img src=x onerror=alert(1)>'\n"
		"base_url: 'https://help.example.com/\"><script>alert(1)</script>'\n"
		"locales: [{code: en}]\naudiences: [public, agents]\n"
		"products: {p: '<script>alert(1)</script>'}\n"
		"contact: [{channel: web, label: '<script>alert(1)</script>', "
		"url: 'javascript:alert(1)', hours: '\" onclick=\"alert(1)'}]\n"
		"edit_url: 'javascript:alert(1)//{path}'\n"
		"report_url: 'https://example.com/\"><script>alert(1)</script>{title}'\n"
		"redirects: {/x: 'javascript:alert(1)', '/../../y': /en/, '/<script>': "
		"/en/}\n");
	put("taxonomy.yaml", "issues:\n"
			     "  - id: a\n    label: '<script>alert(1)</script>'\n"
			     "    description: '<img src=x onerror=alert(1)>'\n"
			     "  - id: '../../../escape'\n    label: Escape\n");
	put("people.yaml",
		"o: {name: '<script>alert(1)</script>', contact: '\"><script>'}\n");
	put("en/articles/a.md",
		"---\ntitle: '</script><script>alert(1)</script>'\n"
		"summary: '\" onmouseover=\"alert(1)'\nquestion: "
		"'<script>alert(1)</script>'\n"
		"issues: [a, '../../../escape']\nowner: o\nproducts: [p]\nslug: "
		"'../../../../z'\n"
		"aliases: ['/../../../w', '/a\"><script>alert(1)</script>']\n---\n"
		"[x](javascript:alert(1)) <img src=x onerror=alert(1)> "
		"<script>alert(1)</script>\n"
		"\n```journey <script>alert(1)</script>\n- stage: "
		"<script>alert(1)</script>\n"
		"  steps: ['<img onerror=alert(1)>']\n  quote: "
		"'<script>alert(1)</script>'\n```\n"
		"\n```dot <script>alert(1)</script>\ndigraph { a [label=\"<b>\" "
		"URL=\"javascript:alert(1)\"]; }\n```\n");
	put("en/replies/r.md",
		"---\ntitle: R\nissues: [a]\nowner: o\nsubject: "
		"'<script>alert(1)</script> {{n}}'\n"
		"placeholders: {n: {description: '<script>', default: "
		"'<script>alert(1)</script>', "
		"example: '\"><script>'}}\n---\nDear {{n}} <script>alert(1)</script>\n");
	put("en/workflows/w.md", "---\ntitle: W\nissues: [a]\nowner: o\n---\n## "
				 "<script>alert(1)</script> step\n\n"
				 "- [\"><script>alert(1)</script>](kb:resolved) "
				 "<script>alert(1)</script>\n");
	publish(&p);
	scratch_run(
		"none() { if \"$@\" | grep .; then exit 1; fi; };"
		"none grep -rniE --include='*.html' '<script>|<img[^>]*onerror|<[a-z][^>]* on[a-z]+=\"' out;"
		"none grep -rniE '(href|src|url)=.?javascript:' out;"
		"none find . -path ./out -prune -o '(' -name z -o -name w -o -name y -o "
		"-name escape ')' -print;"
		"test $(find out -name '*.html' | wc -l) -gt 8");
}

static void articles_on_no_topic_are_listed(void **state)
{
	const char *page = "out/en/articles/index.html";

	(void)state;
	small_center();
	publish_to("out");
	assert_false(has_file(page));
	put("en/articles/setup/a.md", "---\ntitle: First\nowner: anna\n---\nText\n");
	put("en/articles/setup/b.md", "---\ntitle: Second\nowner: anna\n---\nText\n");
	put("en/articles/alone/c.md", "---\ntitle: Third\nowner: anna\n---\nText\n");
	publish_to("out");
	assert_holds(page, "<h2>setup</h2>");
	assert_lacks(page, "<h2>alone</h2>");
	assert_holds(page, "Third");
	assert_lacks(page, "Descale");
	assert_holds("out/en/index.html", "href=\"../en/articles/\"");
}

static void missing_page_finds_its_way(void **state)
{
	(void)state;
	small_center();
	publish_to("out");
	assert_holds("out/404.html", "href=\"/hc/en/\"");
	assert_holds("out/404.html", "href=\"/hc/de/\"");
	assert_holds("out/404.html", "href=\"/hc/assets/style.");
	assert_holds("out/404.html", "lang=\"de-AT\"");
}

static void dry_run_writes_nothing(void **state)
{
	struct publishing p = {.out = "out", .dry_run = true, .allow_broken = true};

	(void)state;
	small_center();
	publish(&p);
	assert_int_not_equal(p.report.written, 0);
	assert_false(has_file("out"));
}

#define IN_SCRATCH(test)                                                                 \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(links_are_relative_and_checked),
		IN_SCRATCH(files_are_published_by_content),
		IN_SCRATCH(fallback_is_marked),
		IN_SCRATCH(former_addresses_lead_on),
		IN_SCRATCH(second_run_writes_nothing),
		IN_SCRATCH(threads_change_nothing),
		IN_SCRATCH(broken_document_keeps_its_page),
		IN_SCRATCH(unreadable_documents_keep_their_place),
		IN_SCRATCH(latest_record_counts),
		IN_SCRATCH(list_tells_no_more_than_the_site),
		IN_SCRATCH(first_site_with_errors_is_refused),
		IN_SCRATCH(theme_is_replaced_file_by_file),
		IN_SCRATCH(theme_is_ejected_once),
		IN_SCRATCH(agents_read_cases),
		IN_SCRATCH(only_the_locales_asked_for),
		IN_SCRATCH(drafts_only_when_asked),
		IN_SCRATCH(hostile_content_stays_text),
		IN_SCRATCH(articles_on_no_topic_are_listed),
		IN_SCRATCH(missing_page_finds_its_way),
		IN_SCRATCH(dry_run_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
