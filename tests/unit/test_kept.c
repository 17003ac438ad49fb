/* Facts that are kept from one load of a library to the next. */
#include "scratch.h"

#include "kb/check.h"
#include "kb/file.h"
#include "kb/source.h"

struct loaded {
	struct kb_source *source;
	struct kb_library *lib;
	struct kb_check_texts *texts;
	struct kb_diags diags;
};

/* REV may be NULL (the work tree) or "" (the index). */
static void load(
	struct loaded *l, const char *rev, bool check, bool no_store, struct loaded *like)
{
	struct kb_library_options options = {.threads = 2,
		.now = 1790000000,
		.no_store = no_store,
		.like = like ? like->lib : NULL};
	struct kb_error err;
	int failed;

	l->texts = kb_check_texts_new();
	if (check)
		options.check = kb_check_texts_check(l->texts);
	kb_diags_init(&l->diags, NULL);
	failed = rev && !*rev ? kb_source_open_staged(&l->source, scratch_dir, NULL, &err)
			      : kb_source_open(&l->source, scratch_dir, rev, NULL, &err);
	if (failed || kb_library_load(&l->lib, l->source, &options, &l->diags, &err) < 0)
		fail_msg("%s", err.message);
}

static void unload(struct loaded *l)
{
	kb_diags_dispose(&l->diags);
	kb_library_free(l->lib);
	kb_source_free(l->source);
	kb_check_texts_free(l->texts);
}

static bool no_text(void *ctx, kb_str path, kb_str *text)
{
	(void)ctx;
	(void)path;
	(void)text;
	return false;
}

static void put_document(
	kb_buf *out, const struct kb_library *lib, const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;

	kb_buf_fmt(out, "%.*s: %.*s %.*s %.*s %d%d%d%d%d %.*s %s %u %u %u %u %lld\n",
		KB_ARG(doc->path), KB_ARG(doc->id),
		KB_ARG(lib->config->locales[doc->locale].code), KB_ARG(doc->address),
		facts->type, facts->status, facts->audience, facts->broken,
		facts->converted, KB_ARG(facts->title), facts->blob, facts->unended,
		facts->body_offset, facts->body.nlinks, facts->body.nrefs,
		(long long)facts->publish_at);
}

/* All that is known and found. */
static void describe(struct loaded *l, bool check, kb_buf *out)
{
	kb_buf_clear(out);
	if (check)
		kb_check(l->lib, &(struct kb_check_options){.threads = 1}, &l->diags);
	kb_diags_finish(&l->diags, no_text, NULL);
	for (uint32_t i = 0; i < l->lib->ndocs; i++)
		put_document(out, l->lib, l->lib->docs[i]);
	for (size_t i = 0; i < l->diags.len; i++) {
		const struct kb_diag *diag = &l->diags.items[i];

		kb_buf_fmt(out, "%.*s %u+%u %d %d: %.*s\n", KB_ARG(diag->path),
			diag->range.off, diag->range.len, diag->rule, diag->severity,
			KB_ARG(diag->message));
	}
}

/* How many texts were parsed. */
static unsigned parsed_at(const char *rev, bool check, bool no_store, kb_buf *out)
{
	uint64_t before = kb_md_parsed();
	struct loaded l;

	load(&l, rev, check, no_store, NULL);
	describe(&l, check, out);
	unload(&l);
	return (unsigned)(kb_md_parsed() - before);
}

static void assert_like(const char *event, const char *rev, bool check)
{
	kb_buf kept = {0}, fresh = {0};

	parsed_at(rev, check, false, &kept);
	parsed_at(rev, check, true, &fresh);
	if (!kb_str_eq(kb_buf_view(&kept), kb_buf_view(&fresh)))
		fail_msg("after %s (%s):\n%s\nand without what was kept:\n%s", event,
			rev ? rev : "work tree", kept.data, fresh.data);
	kb_buf_dispose(&kept);
	kb_buf_dispose(&fresh);
}

/* A revision that is loaded like the work tree is as one that is loaded alone. */
static void assert_like_another(const char *event)
{
	kb_buf like = {0}, fresh = {0};
	struct loaded now, head;

	load(&now, NULL, true, false, NULL);
	load(&head, "HEAD", true, true, &now);
	describe(&head, true, &like);
	parsed_at("HEAD", true, true, &fresh);
	if (!kb_str_eq(kb_buf_view(&like), kb_buf_view(&fresh)))
		fail_msg("after %s, like the work tree:\n%s\nand alone:\n%s", event,
			like.data, fresh.data);
	unload(&head);
	unload(&now);
	kb_buf_dispose(&like);
	kb_buf_dispose(&fresh);
}

static void fill(void)
{
	scratch_run(
		"rm -rf .git *; git init -q; git config core.autocrlf false;"
		"mkdir -p en/articles en/snippets de/articles style/en;"
		"printf 'name: Help\\nlocales:\\n  - code: en\\n  - code: de\\n"
		"audiences: [public, partners, agents]\\nregions: {AT: Austria}\\n"
		"variables: {phone: hotline}\\n"
		"privacy: {patterns: [\"MG-[0-9]+\"]}\\n' >kb.yaml;"
		"printf 'issues:\\n  - {id: a, label: Refund}\\n' >taxonomy.yaml;"
		"printf 'extends: existence\\nmessage: no\\ntokens: [zebra]\\n' "
		">style/en/zebra.yaml;"
		"doc() { printf -- \"---\\ntitle: $2\\n$3---\\n$4\\n\" >$1; };"
		"doc en/articles/a.md Parcel 'audience: partners\\n' 'Call {{phone}}.';"
		"doc en/articles/b.md Warranty 'regions: [AT]\\n' '{{> days}}\\n\\nA "
		"zebra.';"
		"doc en/articles/c.md Delivery '' 'MG-12 and ZB-34.\\n\\n> [!AGENTS]\\n> "
		"No.';"
		"doc de/articles/a.md Paket '' 'Zwei [x](../gone.md).';"
		"doc en/snippets/days.md Days '' 'It takes 14 days.';"
		"git add -A; git commit -qm one");
}

static void kept_and_changed(void **state)
{
	static const struct {
		const char *event, *script;
		unsigned parsed; /* at most: what was so before may still be kept */
	} steps[] = {
		{"nothing", "true", 0},
		{"a changed document", "echo More. >>en/articles/c.md", 1},
		{"other text of the same length", "sed -i s/More/Fore/ en/articles/c.md",
			1},
		{"a rename", "mv en/articles/c.md en/articles/d.md", 1},
		{"a copy elsewhere", "cp en/articles/d.md de/articles/d.md", 1},
		{"one that is gone", "rm de/articles/d.md", 0},
		{"and is back", "git checkout -q .", 1},
		{"a variable", "sed -i s/hotline/line/ kb.yaml", 0},
		{"a label", "sed -i s/Refund/Money/ taxonomy.yaml", 0},
		{"audiences in another order",
			"sed -i 's/partners, agents/agents, partners/' kb.yaml", 6},
		{"one audience less", "sed -i 's/agents, partners/partners/' kb.yaml", 6},
		{"and again", "sed -i 's/, partners/, partners, agents/' kb.yaml", 6},
		{"a region less", "sed -i 's/{AT:/{DE:/' kb.yaml", 6},
		{"products", "echo 'products: {x: X}' >>kb.yaml", 6},
		{"a time zone", "echo 'timezone: Europe/Berlin' >>kb.yaml", 6},
		{"a date in it", "sed -i '1a publish_at: 2026-01-01' en/articles/a.md",
			1},
		{"another time zone", "sed -i s/Berlin/London/ kb.yaml", 6},
		{"mounts with defaults",
			"printf 'content:\\n  - path: \"{locale}/articles\"\\n    defaults: "
			"{audience: agents, status: draft}\\n    keys: {heading: summary}\\n"
			"  - path: \"{locale}/snippets\"\\n    type: snippet\\n' >>kb.yaml",
			5},
		{"another default", "sed -i 's/status: draft/status: archived/' kb.yaml",
			5},
		{"another key", "sed -i 's/heading: summary/title: summary/' kb.yaml", 5},
		{"braces that are text",
			"sed -i 's/^    defaults:/    expand: false\\n    defaults:/' "
			"kb.yaml",
			5},
		{"a type of a mount", "sed -i 's/type: snippet/type: article/' kb.yaml",
			1},
		{"no mounts", "sed -i '/^content:/,$d' kb.yaml", 6},
		{"locales that change places",
			"sed -i 's/code: de/code: fr/; s/code: en/code: de/; "
			"s/code: fr/code: en/' kb.yaml",
			6},
		{"a mount where the locale is the folder's or else the first",
			"printf 'content:\\n  - {path: en/articles, locale: de}\\n' "
			">>kb.yaml",
			4},
		{"another locale for the same files",
			"sed -i 's/locale: de}/locale: en}/' kb.yaml", 4},
		{"the mounts of before", "sed -i '/^content:/,$d' kb.yaml", 6},
		{"a style rule", "sed -i s/zebra/takes/ style/en/zebra.yaml", 6},
		{"one less", "rm style/en/zebra.yaml", 6},
		{"a pattern", "sed -i s/MG-/ZB-/ kb.yaml", 6},
		{"line ends", "sed -i 's/$/\\r/' en/articles/a.md", 1},
		{"line ends that Git changes", "git config core.autocrlf true", 1},
		{"and does not", "git config core.autocrlf false", 1},
		{"Git's line ends", "git config core.autocrlf true", 1},
		{"other ones in a file that is the same to Git",
			"sed -i 's/$/\\r/' en/articles/b.md", 1},
		{"the former ones", "sed -i 's/\\r//' en/articles/b.md", 1},
		{"no conversion", "git config core.autocrlf false", 1},
		{"attributes", "echo '*.md text eol=crlf' >.gitattributes", 1},
		{"none", "rm .gitattributes", 1},
		{"front matter that is broken", "sed -i '1a a: b: c' en/articles/a.md",
			0},
		{"and is not", "sed -i 2d en/articles/a.md", 1},
		{"a schema of its own",
			"printf 'schemas: {article: s.json}\\n' >>kb.yaml; "
			"echo '{\"required\": [\"owner\"]}' >s.json",
			6},
		{"another one", "echo '{\"required\": [\"tags\"]}' >s.json", 6},
		{"none", "sed -i /^schemas/d kb.yaml", 0},
		{"a link that Git wrote as text",
			"printf ../a.md >de/articles/l.md; git config core.symlinks false; "
			"git add -A; git commit -qm two",
			0},
		{"another revision", "git checkout -q HEAD^ -- de en; git add -A", 1},
		{"damage",
			"f=$(ls .git/kb/facts-* | head -1); printf '\\377' | dd of=$f bs=1 "
			"seek=$(($(stat -c %s $f) / 2)) conv=notrunc 2>/dev/null",
			1},
		{"nothing kept", "rm .git/kb/facts-*", 6},
	};
	kb_buf out = {0};

	(void)state;
	fill();
	assert_int_equal(parsed_at(NULL, true, false, &out), 5);
	for (size_t i = 0; i < KB_LEN(steps); i++) {
		unsigned n;

		scratch_run(steps[i].script);
		n = parsed_at(NULL, true, false, &out);
		if (n > steps[i].parsed)
			fail_msg("after %s, %u texts are parsed, not %u", steps[i].event,
				n, steps[i].parsed);
		assert_like(steps[i].event, NULL, true);
		assert_like(steps[i].event, NULL, false);
		assert_like(steps[i].event, "HEAD", true);
		assert_like(steps[i].event, "", true);
		assert_like_another(steps[i].event);
	}
	kb_buf_dispose(&out);
}

/* A file that is not touched has another id when Git's settings change. */
static void settings_of_git(void **state)
{
	static const char *const scripts[] = {"git config core.autocrlf true",
		"git config core.autocrlf input", "git config core.autocrlf false",
		"echo '*.md text' >.gitattributes", "rm .gitattributes"};
	kb_buf out = {0};

	(void)state;
	fill();
	scratch_run("sed -i 's/$/\\r/' en/articles/[ab].md");
	sleep(3);
	assert_int_equal(parsed_at(NULL, true, false, &out), 5);
	for (size_t i = 0; i < KB_LEN(scripts); i++) {
		scratch_run(scripts[i]);
		assert_like(scripts[i], NULL, true);
		assert_int_equal(parsed_at(NULL, true, false, &out), 0);
	}
	kb_buf_dispose(&out);
}

/* Other sources use what is kept of the work tree, and keep nothing. */
static void other_sources(void **state)
{
	kb_buf out = {0};

	(void)state;
	fill();
	assert_int_equal(parsed_at("HEAD", true, false, &out), 5);
	assert_int_equal(parsed_at("", true, false, &out), 5);
	assert_int_equal(parsed_at(NULL, true, true, &out), 5);
	scratch_run("test ! -e .git/kb");
	assert_int_equal(parsed_at(NULL, true, false, &out), 5);
	assert_int_equal(parsed_at("HEAD", true, false, &out), 0);
	scratch_run("echo More. >>en/articles/a.md");
	assert_int_equal(parsed_at("", true, false, &out), 0);
	assert_int_equal(parsed_at(NULL, true, false, &out), 1);
	assert_int_equal(parsed_at("", true, false, &out), 1);
	assert_int_equal(parsed_at("HEAD", true, false, &out), 1);
	assert_int_equal(parsed_at(NULL, true, false, &out), 0);
	kb_buf_dispose(&out);
}

/* What schemas of one's own say is in the facts, and not in what they are found by. */
static void schemas_of_another(void **state)
{
	(void)state;
	fill();
	scratch_run("echo 'schemas: {article: s.json}' >>kb.yaml;"
		    "echo '{\"required\": [\"owner\"]}' >s.json");
	assert_like_another("a schema");
	scratch_run("git add -A; git commit -qm two; sed -i /^schemas/d kb.yaml");
	assert_like_another("no schema");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_and_changed),
		cmocka_unit_test(settings_of_git),
		cmocka_unit_test(other_sources),
		cmocka_unit_test(schemas_of_another),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
