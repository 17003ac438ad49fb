#include "tree.h"

#define TAXONOMY "issues:\n  - {id: a, label: A}\n"

static void parts(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY, "en/replies/r.md",
		"---\ntitle: R\nissues: [a]\nsubject: 'Your {{order}}'\n"
		"placeholders:\n"
		"  order: {description: The order, example: A-1}\n"
		"  tone: {description: Tone, values: [short, long], default: short, "
		"required: false}\n"
		"---\nRest {{order}} {{tone}}\n\n## More\n\nStill the rest.\n\n## "
		"SMS\n\nShort\n\n"
		"## Email\n\nLong\n\n## Detail\n\nof the mail\n",
		NULL};
	const struct kb_reply_part *part;
	const struct kb_config *config;
	struct kb_document *doc;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_one(&tree.diags, KB_RULE_REPLY_HEADING); /* '## Detail' */
	config = tree.lib->config;
	doc = tree_doc(&tree, "en/replies/r.md");
	assert_int_equal(doc->facts->audience, 1);
	assert_int_equal(doc->reply->nplaceholders, 2);
	assert_str(kb_reply_placeholder(doc->reply, KB_STR("order"))->example, "A-1");
	assert_true(doc->reply->placeholders[0].required);
	assert_false(doc->reply->placeholders[1].required);
	assert_int_equal(doc->reply->placeholders[1].values.len, 2);
	assert_int_equal(doc->reply->nparts, 3);
	part = kb_reply_part(doc->reply, kb_config_channel(config, KB_STR("chat")));
	assert_null(part->channel);
	assert_int_equal(part->section, 0);
	assert_int_equal(part->end, 2);
	part = kb_reply_part(doc->reply, kb_config_channel(config, KB_STR("sms")));
	assert_int_equal(part->section, 2);
	assert_int_equal(part->end, 3);
	part = kb_reply_part(doc->reply, kb_config_channel(config, KB_STR("email")));
	assert_int_equal(part->end - part->section, 2);
	tree_close(&tree);
}

static void channel_twice(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY, "en/replies/r.md",
		"---\ntitle: R\nissues: [a]\n---\n## SMS\n\nA\n\n## sms\n\nB\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_one(&tree.diags, KB_RULE_REPLY_CHANNEL);
	tree_close(&tree);
}

static uint32_t segments(const char *unit, size_t n, const char *tail, bool wide)
{
	_cleanup_buf_ kb_buf text = {0};
	bool ucs2;
	uint32_t count;

	for (size_t i = 0; i < n; i++)
		kb_buf_puts(&text, unit);
	kb_buf_puts(&text, tail);
	count = kb_sms_segments(kb_buf_view(&text), &ucs2);
	assert_int_equal(ucs2, wide);
	return count;
}

static void sms(void **state)
{
	(void)state;
	assert_int_equal(segments("a", 0, "", false), 0);
	assert_int_equal(segments("a", 160, "", false), 1);
	assert_int_equal(segments("a", 161, "", false), 2);
	assert_int_equal(segments("a", 306, "", false), 2);
	assert_int_equal(segments("a", 307, "", false), 3);
	assert_int_equal(segments("ä", 160, "", false), 1);
	assert_int_equal(segments("€", 80, "", false), 1);
	assert_int_equal(segments("€", 81, "", false), 2);
	/* 152 septets leave one in the first part, which no '€' fits into. */
	assert_int_equal(segments("a", 152, "€", false), 1);
	assert_int_equal(segments("a", 304, "€", false), 2);
	assert_int_equal(segments("€", 153, "", false), 3);
	assert_int_equal(segments("ő", 70, "", true), 1);
	assert_int_equal(segments("ő", 71, "", true), 2);
	assert_int_equal(segments("\xF0\x9F\x99\x82", 35, "", true), 1);
	assert_int_equal(segments("\xF0\x9F\x99\x82", 67, "", true), 3);
	assert_int_equal(segments("`", 1, "", true), 1);
	assert_int_equal(segments("[]{}~^|\\", 10, "", false), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(channel_twice),
		cmocka_unit_test(sms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
