#include "unit.h"

#include "kb/diff.h"

/* What a change of words weighs, and why. */
static void test_weights(void **state)
{
	static const struct {
		const char *before, *after;
		enum kb_weight weight;
		const char *reason;
	} cases[] = {
		{"same", "same", KB_WEIGHT_NONE, ""},
		{"Wait 14 days.", "Wait 5 days.", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"Wait five days.", "Wait six days.", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"20 EUR", "20 USD", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"Wait 5 days.", "Wait 5 weeks.", KB_WEIGHT_SIGNIFICANT,
			"what a number counts changed"},
		{"on 5 May", "on 5 June", KB_WEIGHT_SIGNIFICANT,
			"what a number counts changed"},
		{"You can return it.", "You cannot return it.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"You do it.", "You don't do it.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"Das geht.", "Das geht nicht.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"Ez lehetséges.", "Ez nem lehetséges.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"Il est possible.", "Il est pas possible.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"Es posible.", "No es posible.", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"返金できます。", "返金できません。", KB_WEIGHT_SIGNIFICANT,
			"a negation came or went"},
		{"三日かかります。", "五日かかります。", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"We recieve it.", "We receive it.", KB_WEIGHT_TRIVIAL, "spelling"},
		{"Die Lieferug kommt.", "Die Lieferung kommt.", KB_WEIGHT_TRIVIAL,
			"spelling"},
		{"A száliltás ingyenes.", "A szállítás ingyenes.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"say \"yes\" - now", "say “yes” – now", KB_WEIGHT_TRIVIAL, "typography"},
		{"the website", "The website", KB_WEIGHT_TRIVIAL, "typography"},
		{"１４日", "14日", KB_WEIGHT_TRIVIAL, "typography"},
		{"Call the team.", "Write to the team.", KB_WEIGHT_MINOR,
			"the wording changed"},
	};
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		kb_str reason;
		enum kb_weight weight = kb_diff_text_weight(arena,
			kb_str_of(cases[i].before), kb_str_of(cases[i].after), &reason);

		if (weight != cases[i].weight || !kb_str_is(reason, cases[i].reason))
			print_error("%s -> %s: %s, '%.*s'\n", cases[i].before,
				cases[i].after, kb_weight_name(weight), KB_ARG(reason));
		assert_int_equal(weight, cases[i].weight);
		assert_true(kb_str_is(reason, cases[i].reason));
	}
	kb_arena_free(arena);
}

static kb_str marked(struct kb_arena *arena, const char *before, const char *after)
{
	_cleanup_buf_ kb_buf out = {0};
	uint32_t n;
	struct kb_word_run *runs =
		kb_diff_words(arena, kb_str_of(before), kb_str_of(after), &n);

	for (uint32_t i = 0; i < n; i++)
		kb_buf_fmt(&out, "%s%.*s%s",
			runs[i].op == KB_OP_DELETE   ? "[-"
			: runs[i].op == KB_OP_INSERT ? "{+"
						     : "",
			KB_ARG(runs[i].text),
			runs[i].op == KB_OP_DELETE   ? "-]"
			: runs[i].op == KB_OP_INSERT ? "+}"
						     : "");
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void test_words(void **state)
{
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	assert_string_equal(
		marked(arena, "Call us. Then wait.", "Call us. Now wait.").data,
		"Call us. [-Then-]{+Now+} wait.");
	assert_string_equal(marked(arena, "one two three", "four five three").data,
		"[-one two-]{+four five+} three");
	assert_string_equal(marked(arena, "荷物が届いた", "手紙が届いた").data,
		"[-荷物-]{+手紙+}が届いた");
	assert_string_equal(marked(arena, "", "new").data, "{+new+}");
	assert_string_equal(marked(arena, "", "").data, "");
	kb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
