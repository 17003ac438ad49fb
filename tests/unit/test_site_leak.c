/*
 * A site for an audience holds nothing of a more trusted one. The content below has a
 * word of the form QZX... in every place that the public must not see; each byte of each
 * file of the public site, and each file's name, is searched for them. On the agents'
 * site the words that agents read are there, so they do stand where they would be seen.
 */
#include "publishing.h"

#include <ftw.h>

#define MARK "QZX"

static const char *const content[][2] = {
	{"kb.yaml", "name: Help\n"
		    "base_url: https://help.example.com\n"
		    "locales: [{code: en}, {code: de}]\n"
		    "audiences: [public, agents]\n"
		    "regions: {AT: Austria}\n"
		    "variables:\n"
		    "  open: an open value\n"
		    "  secret: QZXvariable\n"
		    "contact: [{channel: phone, label: Call us, number: '+49 89 1'}]\n"
		    "redirects:\n"
		    "  /QZXredirect: agents-only\n"
		    "statistics: {votes: log, searches: log}\n"
		    "edit_url: 'https://git.example.com/{path}'\n"},
	{"people.yaml", "anna: {name: QZXowner, email: qzxmail@example.com, contact: "
			"QZXcontact, hours: "
			"QZXhours}\n"
			"qzxgroup: {name: QZXteam, email: qzxteam@example.com, members: "
			"[anna], contact: "
			"QZXphone}\n"},
	{"taxonomy.yaml",
		"issues:\n"
		"  - id: open\n"
		"    label: Open issue\n"
		"    owner: anna\n"
		"    tier: 7\n"
		"    keywords: {en: [QZXkeyword]}\n"
		"    examples: {en: [QZXexample]}\n"
		"    children:\n"
		"      - {id: open.qzxempty, label: QZXempty, description: "
		"QZXdescription}\n"
		"      - {id: open.qzxinner, label: QZXinner, audience: agents}\n"
		"  - {id: qzxsecret, label: QZXissue, audience: agents}\n"},
	{"en/articles/open.md",
		"---\n"
		"title: Open article\n"
		"summary: A summary with {{open}}\n"
		"question: How?\n"
		"issues: [open, open.qzxinner, qzxsecret]\n"
		"owner: anna\n"
		"deputy: qzxgroup\n"
		"related: [agents-only, articles/agents-only, draft]\n"
		"notice: {date: 2026-11-20, for: agents, text: QZXnotice}\n"
		"---\n"
		"Text for all, with a [link](agents-only.md#QZXanchor) and "
		"[another](id:agents-only)\n"
		"and [a part](#qzxheading-in-block), [a file](../files/open.txt).\n"
		"\n"
		"<!-- QZXcomment -->\n"
		"\n"
		"> [!AGENTS]\n"
		"> QZXblock with {{secret}} and a note[^qzxnote] and [^shared].\n"
		">\n"
		"> ## QZXheading in block\n"
		">\n"
		"> ![QZXalt](../img/qzxpicture.png \"QZXtitle\")\n"
		"> [QZXlink](../files/qzxform.pdf)\n"
		"> <a id=\"qzxraw\"></a>\n"
		">\n"
		"> {{> hidden}}\n"
		">\n"
		"> ```dot QZXdiagram\n"
		"> digraph { a [label=\"QZXnode\"]; a -> b; }\n"
		"> ```\n"
		">\n"
		"> - QZXitem\n"
		">   > [!NOTE]\n"
		">   > QZXnested\n"
		"\n"
		"Between the blocks.[^shared]\n"
		"\n"
		"## One\n\n## Two\n\n## Three\n"
		"\n"
		"> [!AGENST]\n"
		"> QZXmistyped\n"
		"\n"
		"> [!NOTE]\n"
		"> For all.\n"
		"> > [!AGENTS]\n"
		"> > QZXdeep\n"
		"\n"
		"{{> mixed}}\n"
		"\n"
		"```dot A map\n"
		"digraph { a [label=\"Open\" URL=\"id:agents-only\"]; }\n"
		"```\n"
		"\n"
		"```journey A journey\n"
		"- stage: Begin\n"
		"  documents: [agents-only]\n"
		"  emotion: 3\n"
		"```\n"
		"\n"
		"[^qzxnote]: QZXfootnote\n"
		"[^shared]: A footnote for all.\n"},
	{"de/articles/open.md", "---\n"
				"title: QZXtranslation\n"
				"audience: agents\n"
				"slug: qzx-translated-slug\n"
				"owner: anna\n"
				"---\n"
				"QZXdeutsch\n"},
	{"en/articles/agents-only.md", "---\n"
				       "id: agents-only\n"
				       "title: QZXarticle\n"
				       "summary: QZXsummary\n"
				       "question: QZXquestion\n"
				       "audience: agents\n"
				       "issues: [open]\n"
				       "owner: anna\n"
				       "aliases: [/QZXalias]\n"
				       "promoted: true\n"
				       "keywords: [QZXword]\n"
				       "---\n"
				       "QZXtext ![x](../img/qzxother.png)\n"},
	{"en/articles/qzx-file-name.md",
		"---\ntitle: QZXnamed\naudience: agents\nissues: [open]\nowner: "
		"anna\n---\nText\n"},
	{"en/articles/draft.md", "---\nid: draft\ntitle: QZXdraft\nstatus: "
				 "draft\nissues: [open]\nowner: anna\n---\n"
				 "QZXunfinished\n"},
	{"en/articles/later.md", "---\ntitle: QZXlater\npublish_at: 2030-01-01\nissues: "
				 "[open]\nowner: anna\n---\n"
				 "QZXembargo\n"},
	{"en/workflows/flow.md",
		"---\ntitle: QZXworkflow\nissues: [open]\nowner: anna\n---\n"
		"## QZXstep\n\n- [QZXanswer](kb:resolved)\n- "
		"[QZXescalate](kb:escalate/qzxgroup)\n"},
	{"en/workflows/public.md", "---\n"
				   "title: A workflow for all\n"
				   "audience: public\n"
				   "issues: [open]\n"
				   "owner: anna\n"
				   "---\n"
				   "> [!AGENTS]\n"
				   "> QZXintro\n"
				   "\n"
				   "## First\n"
				   "Go through [that](flow.md).\n"
				   "\n"
				   "> [!AGENTS]\n"
				   "> QZXinstep [QZXcall](flow.md)\n"
				   "\n"
				   "- [Yes](kb:resolved)\n"
				   "- [Another way](flow.md)\n"
				   "- [No](kb:escalate/qzxgroup)\n"},
	{"en/replies/reply.md",
		"---\ntitle: QZXreply\nissues: [open]\nowner: anna\n---\nQZXreplytext\n"},
	{"en/reference/ref.md", "---\ntitle: QZXreference\nowner: anna\nrelated: "
				"[articles/open]\n---\nQZXreftext\n"},
	{"en/snippets/hidden.md",
		"---\ntitle: QZXsnippettitle\nowner: anna\n---\nQZXsnippet\n"},
	{"en/snippets/mixed.md", "---\ntitle: QZXmixedtitle\nowner: anna\n---\n"
				 "From a snippet.\n\n> [!AGENTS]\n> QZXinsnippet "
				 "![](../img/qzxthird.png)\n"},
	{"en/files/open.txt", "An open file\n"},
	{"en/files/qzxform.pdf", "%PDF QZXpdf\n"},
	{"en/img/qzxpicture.png", "\x89PNG QZXpixels\n"},
	{"en/img/qzxother.png", "\x89PNG QZXpixels2\n"},
	{"en/img/qzxthird.png", "\x89PNG QZXpixels3\n"},
	{"feedback/1.yaml", "document: articles/open\nkind: wrong\ntext: QZXfeedback\n"},
	{"usage/searches-2026-11.csv",
		"locale,audience,query,count,results,clicks\nen,public,QZXquery,1,0,0\n"},
	{"search-tests.yaml", "- {query: QZXgolden, locale: en, first: articles/open}\n"},
};

/* What agents must find, so that the words above stand where they are seen. */
static const char *const for_agents[] = {"QZXblock", "QZXvariable", "QZXowner",
	"QZXcontact", "QZXteam", "QZXempty", "QZXinner", "QZXissue", "QZXnotice",
	"QZXheading", "QZXalt", "QZXlink", "QZXsnippet", "QZXdiagram", "QZXnode",
	"QZXitem", "QZXnested", "QZXdeep", "QZXtranslation", "QZXdeutsch", "QZXarticle",
	"QZXsummary", "QZXquestion", "QZXtext", "QZXnamed", "QZXworkflow", "QZXstep",
	"QZXanswer", "QZXescalate", "QZXintro", "QZXinstep", "QZXcall", "QZXreply",
	"QZXreplytext", "QZXreference", "QZXreftext", "QZXfootnote", "QZXinsnippet",
	"QZXpdf", "QZXpixels", "QZXpixels2", "QZXpixels3", "QZXhours", "QZXdescription"};

static kb_buf found; /* where the mark stands */
static kb_buf all;   /* every file's bytes */
static size_t files;

static int search(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	_cleanup_buf_ kb_buf buf = {0};
	struct kb_error err;

	(void)st;
	(void)ftw;
	if (strcasestr(path, MARK))
		kb_buf_fmt(&found, "%s\n", path);
	if (flag != FTW_F)
		return 0;
	files++;
	if (kb_file_read(path, 0, &buf, &err) < 0)
		fail_msg("%s", err.message);
	kb_buf_add(&all, buf.data, buf.len);
	for (size_t i = 0; i + 3 <= buf.len; i++)
		if (strncasecmp(buf.data + i, MARK, 3) == 0)
			kb_buf_fmt(&found, "%s: %.*s\n", path,
				(int)(buf.len - i < 60 ? buf.len - i : 60), buf.data + i);
	return 0;
}

static void search_site(const char *out)
{
	kb_buf_clear(&found);
	kb_buf_clear(&all);
	files = 0;
	assert_int_equal(nftw(scratch_path("%s", out), search, 16, FTW_PHYS), 0);
}

static void write_content(void)
{
	for (size_t i = 0; i < KB_LEN(content); i++)
		put(content[i][0], content[i][1]);
}

static void public_site_holds_no_marked_byte(void **state)
{
	struct publishing p = {.out = "out", .allow_broken = true};

	(void)state;
	write_content();
	publish(&p);
	search_site("out");
	if (found.len)
		fail_msg("The public site holds:\n%s", found.data);
	assert_true(files > 20);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("Text for all")) != SIZE_MAX);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("From a snippet")) != SIZE_MAX);
	assert_true(
		kb_str_find(kb_buf_view(&all), KB_STR("A footnote for all")) != SIZE_MAX);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("An open file")) != SIZE_MAX);
}

static void agents_find_what_is_marked(void **state)
{
	struct publishing p = {.out = "out", .audience = 1, .allow_broken = true};

	(void)state;
	write_content();
	publish(&p);
	search_site("out");
	for (size_t i = 0; i < KB_LEN(for_agents); i++)
		if (kb_str_find(kb_buf_view(&all), kb_str_of(for_agents[i])) == SIZE_MAX)
			fail_msg("The agents' site lacks %s", for_agents[i]);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("QZXcomment")) == SIZE_MAX);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("QZXmistyped")) == SIZE_MAX);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("QZXdraft")) == SIZE_MAX);
	assert_true(kb_str_find(kb_buf_view(&all), KB_STR("QZXembargo")) == SIZE_MAX);
}

/* Nothing stays of a site for agents in a folder that becomes the public's. */
static void folder_changes_audience(void **state)
{
	struct publishing agents = {.out = "out", .audience = 1, .allow_broken = true};
	struct publishing open = {.out = "out", .allow_broken = true};

	(void)state;
	write_content();
	publish(&agents);
	put("en/articles/agents-only.md", "---\ntitle: [broken\n---\n");
	publish(&open);
	search_site("out");
	if (found.len)
		fail_msg("The public site holds:\n%s", found.data);
}

/*
 * Front matter that cannot be parsed: the last published page stays only when none of
 * its lines may mean that the document is for others now, or not to be seen yet.
 */
#define BROKEN "title: [Kept\n"

static const char *const page_goes[] = {
	"---\n" BROKEN "audience: agents\n---\n",
	"---\naudience: agents\n" BROKEN "---\n",
	"---\n" BROKEN "\"audience\": agents\n---\n",
	"---\n" BROKEN "'status': draft\n---\n",
	"---\n" BROKEN "status:   review   # not yet\n---\n",
	"---\n" BROKEN "status: 'draft'\n---\n",
	"---\n{title: Kept, audience: agents\n---\n",
	"---\n{title: Kept,\n \"status\" : draft]\n---\n",
	"---\n" BROKEN "Audience: agents\n---\n",
	"---\n" BROKEN "AUDIENCE: Agents\n---\n",
	"---\n" BROKEN "   audience: agents\n---\n",
	"---\n" BROKEN "\taudience: agents\n---\n",
	"---\n" BROKEN "\xC2\xA0"
	"audience: agents\n---\n",
	"---\n" BROKEN "- audience: agents\n---\n",
	"---\n" BROKEN "audience:agents\n---\n",
	"---\n" BROKEN "audience agents\n---\n",
	"---\n" BROKEN "Audience agents\n---\n",
	"---\n" BROKEN "audience = agents\n---\n",
	"---\n" BROKEN "audience\xEF\xBC\x9A"
	"agents\n---\n",
	"---\n" BROKEN "audience: [agents]\n---\n",
	"---\n" BROKEN "audience:\n  agents\n---\n",
	"---\n" BROKEN "audience:\n  - agents\n---\n",
	"---\n" BROKEN "? audience\n: agents\n---\n",
	"---\n" BROKEN "audience: internal\n---\n",
	"---\n" BROKEN "audience: public agents\n---\n",
	"---\n" BROKEN "audiance: agents\n---\n",
	"---\n" BROKEN "audience: public\naudience: agents\n---\n",
	"---\n" BROKEN "audience: agents\naudience: public\n---\n",
	"---\n" BROKEN "status: published\nstatus: draft\n---\n",
	"---\n" BROKEN "status: finished\n---\n",
	"---\n" BROKEN "draft: true\n---\n",
	"---\n" BROKEN "published: no\n---\n",
	"---\n" BROKEN "publish_at: 2030-01-01\n---\n",
	"---\n" BROKEN "publish_at: next week\n---\n",
	"---\n" BROKEN "expires_at: 2020-01-01\n---\n",
	"---\n" BROKEN "expires_at: soon\n---\n",
	"---\n" BROKEN "visibility: agents\n---\n",
	"---\n" BROKEN "'visibility': agents\n---\n",
	"---\n" BROKEN "online_from: 2030-01-01\n---\n",
	"---\n" BROKEN "type: snippet\n---\n",
	"---\n" BROKEN "type: workflow\n---\n",
	"---\n" BROKEN "type: workflwo\n---\n",
	"\xEF\xBB\xBF---\n" BROKEN "audience: agents\n---\n",
	"\xEF\xBB\xBF"
	"audience: agents\n" BROKEN "---\n",
	"---\r\ntitle: [Kept\r\naudience: agents\r\n---\r\n",
	"---\rtitle: Kept\raudience: agents\r---\r",
	"\n---\ntitle: Kept\naudience: agents\n---\n",
	"title: Kept\naudience: agents\n---\n",
	"---\ntitle: Kept\n\n!\n\naudience: agents\n",
	"+++\ntitle = \"Kept\"\naudience = \"agents\"\n+++\n",
	"{\n  \"title\": \"Kept\",\n  \"audience\": \"agents\"\n}\n",
	"---\ntitle: Kept\n<<<<<<< HEAD\naudience: public\n=======\n"
	"audience: agents\n>>>>>>> other\n---\n",
	"<<<<<<< HEAD\n---\ntitle: Kept\n---\n=======\n---\ntitle: Kept\n"
	"status: draft\n---\n>>>>>>> other\n",
	"---\ntitle: Kept\naudience: agents\n---\nNot UTF-8: \xE4\n",
	"---\ntitle: Kept\nname: \xE4\nstatus: draft\n---\n",
	/* What can be read, with a key that is not. */
	"---\ntitle: Kept\nAudience: agents\n---\n",
	"---\ntitle: Kept\nstauts: draft\n---\n",
	"---\ntitle: Kept\naudience: public\naudience: agents\n---\n",
	"---\ntitle: Kept\nPublish_At: 2030-01-01\n---\n",
	"---\ntitle: Kept\ntype: workflwo\n---\n",
};

static const char *const page_stays[] = {
	"---\n" BROKEN "---\n",
	"---\n" BROKEN "audience: public\nstatus: published\n---\n",
	"---\n" BROKEN "\"audience\": 'public' # for all\nstatus: archived\n---\n",
	"---\n{title: Kept, audience: public\n---\n",
	"---\n" BROKEN "audience:\nstatus: ~\nexpires_at:\n---\n",
	"---\n" BROKEN "# audience: agents\n---\n",
	"---\n" BROKEN "draft: false\npublished: true\n---\n",
	"---\n" BROKEN "publish_at: 2020-01-01\nexpires_at: 2030-01-01\n---\n",
	"---\ntitle: Status: what it means\nsummary: Our audience: agents\n---\n",
	"---\n" BROKEN "summary: >\n  status: is what you see\n---\n",
	"---\n" BROKEN "placeholders:\n  status:\n    description: of it\n---\n",
	"---\n" BROKEN "---\nStatus: draft\n\naudience: agents\n",
	"---\n" BROKEN "visibility: public\nlayout: draft\n---\n",
	"\xEF\xBB\xBF---\r\ntitle: [Kept\r\naudience: public\r\n---\r\n",
	"---\ntitle: Kept\nAudience: public\n---\n",
};

#define KEPT "out/en/articles/kept/index.html"

static void publish_kept(const char *text)
{
	struct publishing p = {.out = "out"};

	put("en/articles/kept.md",
		"---\ntitle: Kept\nissues: [open]\nowner: anna\n---\n");
	put("en/articles/fine.md",
		"---\ntitle: Fine\nissues: [open]\nowner: anna\n---\n");
	publish(&p);
	assert_true(has_file(KEPT));
	put("en/articles/kept.md", text);
	publish(&p);
}

static void write_settings(const char *mounts)
{
	_cleanup_buf_ kb_buf config = {0};

	kb_buf_fmt(&config,
		"name: Help\nlocales: [en]\naudiences: [public, agents]\ncontent:\n%s"
		"    keys: {visibility: audience, online_from: publish_at}\n"
		"    ignore: [layout]\n",
		mounts);
	put("kb.yaml", config.data);
	put("people.yaml", "anna: {name: Anna, email: a@example.com}\n");
	put("taxonomy.yaml", "issues:\n  - {id: open, label: Open}\n");
}

#define ARTICLES "  - path: en/articles/\n    type: article\n"

static void broken_front_matter_withdraws_its_page(void **state)
{
	(void)state;
	write_settings(ARTICLES);
	for (size_t i = 0; i < KB_LEN(page_goes); i++) {
		publish_kept(page_goes[i]);
		if (has_file(KEPT))
			fail_msg("the page stays with:\n%s", page_goes[i]);
		scratch_run("if grep -riq kept out; then exit 1; fi");
	}
}

static void broken_front_matter_keeps_its_page(void **state)
{
	(void)state;
	write_settings(ARTICLES);
	for (size_t i = 0; i < KB_LEN(page_stays); i++) {
		publish_kept(page_stays[i]);
		if (!has_file(KEPT))
			fail_msg("the page goes with:\n%s", page_stays[i]);
	}
}

/* UTF-16 is full of NUL bytes; in a file that is not a text, nothing counts as said. */
static void file_that_is_no_utf8_withdraws_its_page(void **state)
{
	struct publishing p = {.out = "out"};

	(void)state;
	write_settings(ARTICLES);
	publish_kept("---\n" BROKEN "---\n");
	for (int i = 0; i < 2; i++) {
		assert_true(has_file(KEPT));
		scratch_run(i ? "printf 'title: Kept\\naudience: agents\\n' |"
				"iconv -t UTF-16BE >en/articles/kept.md"
			      : "printf '\\0\\1garbage\\2' >en/articles/kept.md");
		publish(&p);
	}
	assert_false(has_file(KEPT));
}

/* What the folder says of its documents counts where the document itself is mute. */
static void broken_front_matter_takes_the_folders_defaults(void **state)
{
	struct publishing p = {.out = "out"};
	static const char *const mounts[] = {
		ARTICLES "    defaults: {audience: agents}\n",
		ARTICLES "    defaults: {status: draft}\n",
		ARTICLES "    defaults: {expires_at: 2020-01-01}\n",
		"  - path: en/articles/\n    type: workflow\n",
		"  - path: en/articles/\n    type: snippet\n",
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(mounts); i++) {
		write_settings(ARTICLES);
		publish_kept("---\n" BROKEN "---\n");
		assert_true(has_file(KEPT));
		write_settings(mounts[i]);
		publish(&p);
		if (has_file(KEPT))
			fail_msg("the page stays with:\n%s", mounts[i]);
		write_settings(ARTICLES);
		publish_kept("---\n" BROKEN "audience: public\nstatus: published\n"
			     "expires_at: 2030-01-01\ntype: article\n---\n");
		assert_true(has_file(KEPT));
		write_settings(mounts[i]);
		publish(&p);
		if (!has_file(KEPT))
			fail_msg("the page goes with:\n%s", mounts[i]);
	}
}

#define IN_SCRATCH(test)                                                                 \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(public_site_holds_no_marked_byte),
		IN_SCRATCH(agents_find_what_is_marked),
		IN_SCRATCH(folder_changes_audience),
		IN_SCRATCH(broken_front_matter_withdraws_its_page),
		IN_SCRATCH(broken_front_matter_keeps_its_page),
		IN_SCRATCH(file_that_is_no_utf8_withdraws_its_page),
		IN_SCRATCH(broken_front_matter_takes_the_folders_defaults),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	kb_buf_dispose(&found);
	kb_buf_dispose(&all);
	return failed;
}
