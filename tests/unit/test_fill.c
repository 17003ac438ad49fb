#include "tree.h"

#include "kb/fill.h"

static const char *const files[] = {"taxonomy.yaml", "issues:\n  - {id: a, label: A}\n",
	"en/articles/track.md", "---\ntitle: Track\n---\n# X\n\nText\n",
	"en/workflows/secret.md",
	"---\ntitle: Secret\nissues: [a]\n---\n## S\n\n- [x](kb:resolved)\n",
	"en/snippets/sign.md",
	"---\ntitle: Sign\n---\nYours, {{who}} at {{shop.phone}}\n",
	"en/snippets/loop.md", "---\ntitle: Loop\n---\nAgain\n\n{{> loop}}\n",
	"en/replies/r.md",
	"---\ntitle: R\nissues: [a]\nsubject: 'Your {{order}}'\n"
	"placeholders:\n"
	"  order: {description: The order, example: A-1}\n"
	"  who: {description: Name, example: Ann}\n"
	"  tone: {description: Tone, values: [warm, cold], default: warm}\n"
	"  extra: {description: More, required: false}\n"
	"---\n> [!NOTE]\n> For you\n\nA {{tone}} hello & *bye* {{order}}{{extra}}, see "
	"[here](../articles/track.md#x) or [there](../workflows/secret.md).\n\n"
	"{{> sign}}\n\n{{> loop}}\n\n"
	"## SMS\n\n{{order}} is late\n\n## Chat\n\n**Hi**\n",
	NULL};

struct setting {
	struct tree tree;
	struct kb_reader *reader;
	struct kb_filled filled;
	struct kb_fill fill;
};

static int fill_channel(struct setting *s, const char *channel)
{
	s->fill.channel =
		channel ? kb_config_channel(s->tree.lib->config, kb_str_of(channel))
			: NULL;
	return kb_reply_fill(s->tree.lib, s->reader, &s->fill, s->tree.arena, &s->filled,
		&s->tree.err);
}

static void setup(struct setting *s)
{
	*s = (struct setting){0};
	tree_open(&s->tree, files);
	s->reader = kb_reader_new(s->tree.source);
	s->fill.doc = tree_doc(&s->tree, "en/replies/r.md");
}

static void teardown(struct setting *s)
{
	kb_reader_free(s->reader);
	tree_close(&s->tree);
}

static void values(void **state)
{
	struct kb_fill_value given[] = {{KB_STR("order"), KB_STR("B-<2>")},
		{KB_STR("who"), KB_STR("Eve")}, {KB_STR("tone"), KB_STR("cold")}};
	struct setting s;

	(void)state;
	setup(&s);
	s.fill.values = given;
	s.fill.nvalues = 3;
	assert_int_equal(fill_channel(&s, "email"), 0);
	assert_str(s.filled.subject, "Your B-<2>");
	assert_str(s.filled.text,
		"A cold hello & bye B-<2>, see here "
		"(https://help.example/en/articles/track/#x) or there.\n\n"
		"Yours, Eve at one\n\nAgain");
	assert_true(kb_str_find(s.filled.html,
			    KB_STR("A cold hello &amp; <em>bye</em> B-&lt;2&gt;")) !=
		    SIZE_MAX);
	assert_int_equal(s.filled.missing.len, 0);
	assert_int_equal(fill_channel(&s, "chat"), 0);
	assert_str(s.filled.text, "Hi");
	assert_int_equal(s.filled.html.len, 0);
	assert_int_equal(s.filled.subject.len, 0);
	teardown(&s);
}

static void missing(void **state)
{
	struct setting s;

	(void)state;
	setup(&s);
	assert_int_equal(fill_channel(&s, NULL), 0);
	assert_int_equal(s.filled.missing.len, 2);
	assert_str(s.filled.missing.items[0], "order");
	assert_str(s.filled.missing.items[1], "who");
	assert_true(kb_str_find(s.filled.text, KB_STR("bye {{order}},")) != SIZE_MAX);
	s.fill.examples = true;
	assert_int_equal(fill_channel(&s, "sms"), 0);
	assert_str(s.filled.text, "A-1 is late");
	assert_int_equal(s.filled.segments, 1);
	assert_int_equal(s.filled.missing.len, 0);
	teardown(&s);
}

static void too_long(void **state)
{
	char digits[200];
	struct kb_fill_value given[] = {{KB_STR("order"), {digits, sizeof(digits)}}};
	struct setting s;

	(void)state;
	setup(&s);
	memset(digits, '7', sizeof(digits));
	s.fill.values = given;
	s.fill.nvalues = 1;
	assert_int_equal(fill_channel(&s, "sms"), 0);
	assert_int_equal(s.filled.length, 208);
	struct kb_channel *sms = (struct kb_channel *)(uintptr_t)s.fill.channel;
	sms->max_segments = 2;
	assert_int_equal(kb_reply_fill(s.tree.lib, s.reader, &s.fill, s.tree.arena,
				 &s.filled, &s.tree.err),
		0);
	assert_int_equal(s.filled.segments, 2);
	assert_false(s.filled.too_long);
	sms->max_segments = 1;
	kb_reply_fill(s.tree.lib, s.reader, &s.fill, s.tree.arena, &s.filled, NULL);
	assert_true(s.filled.too_long);
	teardown(&s);
}

static void wrong_values(void **state)
{
	struct kb_fill_value order = {KB_STR("oder"), KB_STR("1")};
	struct kb_fill_value tone = {KB_STR("tone"), KB_STR("hot")};
	struct setting s;

	(void)state;
	setup(&s);
	s.fill.values = &order;
	s.fill.nvalues = 1;
	assert_int_equal(fill_channel(&s, "sms"), -1);
	assert_string_equal(s.tree.err.message,
		"the reply 'replies/r' has no placeholder 'oder': did you mean 'order'?");
	s.fill.values = &tone;
	assert_int_equal(fill_channel(&s, "sms"), -1);
	assert_string_equal(s.tree.err.message,
		"'hot' is not a choice of 'tone': choose one of 'warm', 'cold'");
	teardown(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(missing),
		cmocka_unit_test(too_long),
		cmocka_unit_test(wrong_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
