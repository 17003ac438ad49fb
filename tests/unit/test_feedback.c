/* Exports of feedback: damage to one report loses no other one. */
#include "tree.h"

#include "kb/feedback_edit.h"
#include "kb/yaml.h"

enum { REPORTS = 6, DAMAGES = 2000 };

static const char *const files[] = {"people.yaml",
	"ann:\n  name: Ann\n  email: a@x.example\n", "taxonomy.yaml",
	"issues:\n  - {id: lost, label: Lost}\n", "en/articles/care.md",
	"---\nid: care\ntitle: Care\nowner: ann\n---\n## Rinse\n\nText.\n",
	"de/articles/care.md", "---\nid: care\ntitle: Pflege\n---\nText.\n", NULL};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* An export with REPORTS reports, each at [starts[i], starts[i + 1]). */
static void make_export(const char *format, kb_buf *out, size_t starts[REPORTS + 1])
{
	kb_buf_puts(out, !strcmp(format, "csv")	     ? "id,document,text\n"
			 : !strcmp(format, "github") ? "[\n"
						     : "");
	for (int i = 0; i < REPORTS; i++) {
		starts[i] = out->len;
		if (!strcmp(format, "mbox"))
			kb_buf_fmt(out,
				"From a@b Wed Nov 25 10:00:00 2026\nMessage-ID: <%d@x>\n"
				"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
				"Content-Transfer-Encoding: quoted-printable\n\n"
				"document: care\n\nreport=20%d is good\n--b--\n\n",
				i, i);
		else if (!strcmp(format, "csv"))
			kb_buf_fmt(out, "%d,care,\"report %d, \"\"is\"\" good\"\n", i, i);
		else if (!strcmp(format, "jsonl"))
			kb_buf_fmt(out,
				"{\"id\":\"%d\",\"document\":\"care\",\"text\":\"report "
				"%d is good\"}\n",
				i, i);
		else
			kb_buf_fmt(out,
				"{\"html_url\":\"h/%d\",\"labels\":[{\"name\":\"wrong\"}],"
				"\"title\":\"report %d is good\","
				"\"body\":\"document: care\"}%s\n",
				i, i, i + 1 < REPORTS ? "," : "]");
	}
	starts[REPORTS] = out->len;
}

/* Which reports are there whole, as bits. */
static unsigned read_reports(struct tree *tree, const char *format, kb_str text)
{
	struct kb_feedback_reports reports;
	struct kb_error err;
	unsigned found = 0;

	if (kb_feedback_read_export(
		    tree->lib, tree->arena, text, format, false, &reports, &err) == 0)
		for (size_t i = 0; i < reports.given.len; i++) {
			const struct kb_feedback_given *it = &reports.given.items[i];
			size_t at = kb_str_find(it->text, KB_STR("report "));

			if (at != SIZE_MAX && kb_str_is(it->where, "care") &&
				kb_str_find(it->text, KB_STR("good")) != SIZE_MAX)
				found |= 1u
					 << (unsigned)(it->text.data[at + 7] - '0') % 32;
		}
	kb_feedback_reports_dispose(&reports);
	return found;
}

static void damage_one(struct tree *tree, const char *format, uint32_t *seed)
{
	static const char bytes[] = "\0\n\r\",;{}[]:=<>-\\\xff\xc3";
	_cleanup_buf_ kb_buf text = {0};
	size_t starts[REPORTS + 1], at, len;
	unsigned which = next_random(seed) % REPORTS, found;

	make_export(format, &text, starts);
	len = starts[which + 1] - starts[which];
	/* The comma and the bracket between items belong to the list. */
	len -= !strcmp(format, "github") ? 2 : 1;
	for (unsigned n = next_random(seed) % 4 + 1; n; n--) {
		at = starts[which] + next_random(seed) % len;
		text.data[at] = next_random(seed) % 2
					? bytes[next_random(seed) % (sizeof(bytes) - 1)]
					: (char)next_random(seed);
	}
	found = read_reports(tree, format, kb_buf_view(&text));
	found |= 1u << which;
	if ((found & ((1u << REPORTS) - 1)) != (1u << REPORTS) - 1)
		fail_msg("%s, report %u damaged: found %x in:\n%.*s", format, which,
			found, KB_ARG(kb_buf_view(&text)));
}

static void damage_loses_no_other(void **state)
{
	static const char *const formats[] = {"mbox", "csv", "jsonl", "github"};
	struct tree tree;
	uint32_t seed = 1;

	(void)state;
	tree_open(&tree, files);
	for (size_t f = 0; f < KB_LEN(formats); f++) {
		_cleanup_buf_ kb_buf text = {0};
		size_t starts[REPORTS + 1];

		make_export(formats[f], &text, starts);
		assert_int_equal(read_reports(&tree, formats[f], kb_buf_view(&text)),
			(1u << REPORTS) - 1);
		/* What it looks like is what it is. */
		assert_int_equal(read_reports(&tree, NULL, kb_buf_view(&text)),
			(1u << REPORTS) - 1);
		for (int i = 0; i < DAMAGES; i++)
			damage_one(&tree, formats[f], &seed);
	}
	tree_close(&tree);
}

static void places(void **state)
{
	static const struct {
		const char *word, *locale, *step;
	} cases[] = {{"care", "", ""}, {"id:care#rinse", "", "rinse"},
		{"de/care", "de", ""}, {"en/articles/care.md", "en", ""},
		{"https://help.example/de/articles/care/?q=1#x", "de", ""},
		{"https://test.example/en/articles/care/#rinse", "en", "rinse"},
		{"/en/articles/care/index.html", "en", ""}};
	static const char *const none[] = {
		"", "#rinse", "caer", "fr/care", "https://help.example/", "http://"};
	struct kb_feedback_place place;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		assert_true(kb_feedback_find_place(
			tree.lib, tree.arena, kb_str_of(cases[i].word), &place));
		assert_str(place.family->id, "care");
		assert_str(place.step, cases[i].step);
		assert_str(place.locale == KB_NONE
				   ? KB_STR("")
				   : tree.lib->config->locales[place.locale].code,
			cases[i].locale);
	}
	for (size_t i = 0; i < KB_LEN(none); i++)
		assert_false(kb_feedback_find_place(
			tree.lib, tree.arena, kb_str_of(none[i]), &place));
	tree_close(&tree);
}

/* Whatever the text is, the file says it, without what has no place in content. */
static void files_say_the_text(void **state)
{
	static const char *const texts[] = {"one", "a: b # c", "- x\n- y",
		"  two  \n\n\n\n x", "'quoted' \"twice\"", "null", "line\r\nend\ttab",
		"|\n>\n%\n@", "\xe2\x80\xa8\xc2\x85z", "---\n...\n",
		"mail me@real.de now"};
	static const char *const wanted[] = {"one", "a: b # c", "- x\n- y", "two\n\nx",
		"'quoted' \"twice\"", "null", "line\nend tab", "|\n>\n%\n@", NULL,
		"---\n...", "mail [email] now"};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	for (size_t i = 0; i < KB_LEN(texts); i++) {
		struct kb_rewrites rewrites = {.lib = tree.lib, .arena = tree.arena};
		struct kb_feedback_given given = {.where = KB_STR("care"),
			.text = kb_str_of(texts[i]),
			.reporter = KB_STR("A@x.example")};
		struct kb_feedback_adder adder;
		struct kb_feedback_added added;
		struct kb_diags diags;

		kb_feedback_adder_init(&adder, &rewrites, NULL);
		kb_edit_add_feedback(&adder, &given, &added);
		assert_int_equal(added.result, KB_FEEDBACK_ADDED);
		kb_edit_add_feedback(&adder, &given, &added);
		assert_int_equal(added.result, KB_FEEDBACK_KNOWN);
		kb_feedback_adder_dispose(&adder);
		assert_int_equal(rewrites.len, 1);
		kb_diags_init(&diags, NULL);
		struct kb_node *root = kb_yaml_parse(
			tree.arena, rewrites.items[0].after, 0, KB_STR("x.yaml"), &diags);
		diags_none(&diags);
		if (wanted[i])
			assert_str(kb_node_str(kb_node_get(root, "text")), wanted[i]);
		assert_str(kb_node_str(kb_node_get(root, "reporter")), "ann");
		kb_diags_dispose(&diags);
		kb_vec_dispose(&rewrites);
	}
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_loses_no_other),
		cmocka_unit_test(places),
		cmocka_unit_test(files_say_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
