#include "unit.h"

#include "kb/diff.h"
#include "../../src/diff/version.h"
#include "kb/mount.h"
#include "kb/substance.h"

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
			"the unit of a number changed"},
		{"on 5 May", "on 5 June", KB_WEIGHT_SIGNIFICANT,
			"the unit of a number changed"},
		{"You can return it.", "You cannot return it.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"You do it.", "You don't do it.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Das geht.", "Das geht nicht.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Ez lehetséges.", "Ez nem lehetséges.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Il est possible.", "Il est pas possible.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Es posible.", "No es posible.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"返金できます。", "返金できません。", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"三日かかります。", "五日かかります。", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"Es ist möglich.", "Es ist nie möglich.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Mit Beleg.", "Ohne Beleg.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Ne hívd fel.", "Hívd fel.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"Soha és semmilyen esetben.", "Mindig és minden esetben.",
			KB_WEIGHT_SIGNIFICANT, "a negation was added or removed"},
		{"Blokk nélkül is.", "Blokkal is.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"You cannot return it.", "You can't return it.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Das geht nicht.", "Das geht niemals.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Wait until Monday.", "Wait until Friday.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"Ab Oktober gilt es.", "Ab Dezember gilt es.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"Keddig érkezik.", "Péntekig érkezik.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"月曜日に届きます。", "金曜日に届きます。", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"You must call.", "You may call.", KB_WEIGHT_SIGNIFICANT,
			"what must, should or may be done changed"},
		{"Sie müssen anrufen.", "Sie sollten anrufen.", KB_WEIGHT_SIGNIFICANT,
			"what must, should or may be done changed"},
		{"Hívni kell.", "Hívni lehet.", KB_WEIGHT_SIGNIFICANT,
			"what must, should or may be done changed"},
		{"Ouvert dès lundi.", "Ouvert dès vendredi.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"Hasta enero.", "Hasta febrero.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"Vous devez appeler.", "Vous pouvez appeler.", KB_WEIGHT_SIGNIFICANT,
			"what must, should or may be done changed"},
		{"Debe llamar.", "Puede llamar.", KB_WEIGHT_SIGNIFICANT,
			"what must, should or may be done changed"},
		{"Нужно позвонить.", "Не нужно звонить.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"您可以使用该号码。", "您不能使用该号码。", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"我们已收到您的文件。", "我们没有收到您的文件。", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"3 days by card, 5 days by bank", "5 days by card, 3 days by bank",
			KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"at -5 °C", "at 5 °C", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"Use 1.5 l of it.", "Use 15 l of it.", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"Do not press A, press B.", "Press A, do not press B.",
			KB_WEIGHT_SIGNIFICANT, "a negation was added or removed"},
		{"Do not press it.", "Press it.", KB_WEIGHT_SIGNIFICANT,
			"a negation was added or removed"},
		{"from 9 am", "from 9 pm", KB_WEIGHT_SIGNIFICANT,
			"the unit of a number changed"},
		{"10–12 Uhr", "10-12 Uhr", KB_WEIGHT_TRIVIAL, "typography"},
		{"rooms 3-5", "rooms 3 5", KB_WEIGHT_TRIVIAL, "typography"},
		{"You can call.", "You may call.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"You can call.", "Call.", KB_WEIGHT_MINOR, "the wording changed"},
		{"Der Kunde fragt.", "Der Kunde hat gefragt.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Kap e-mailt.", "Kap egy e-mailt.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Se le enviará.", "Le será enviado.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"We recieve it.", "We receive it.", KB_WEIGHT_TRIVIAL, "spelling"},
		{"Die Lieferug kommt.", "Die Lieferung kommt.", KB_WEIGHT_TRIVIAL,
			"spelling"},
		{"A száliltás ingyenes.", "A szállítás ingyenes.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"say \"yes\" - now", "say “yes” – now", KB_WEIGHT_TRIVIAL, "typography"},
		{"I'm here, it's ok.", "I’m here, it’s ok.", KB_WEIGHT_TRIVIAL,
			"typography"},
		{"Das ist 'gut' (\"sehr\").", "Das ist ‚gut‘ („sehr“).",
			KB_WEIGHT_TRIVIAL, "typography"},
		{"Azt mondta: \"jó\" - így.", "Azt mondta: „jó” – így.",
			KB_WEIGHT_TRIVIAL, "typography"},
		{"Er sagt \"ja\".", "Er sagt »ja«.", KB_WEIGHT_TRIVIAL, "typography"},
		{"Wait ...", "Wait…", KB_WEIGHT_TRIVIAL, "typography"},
		{"z.B. 14 Tage, d.h. bald", "z. B. 14\u00a0Tage, d.\u202fh. bald",
			KB_WEIGHT_TRIVIAL, "typography"},
		{"E-Mail", "E\u2011Mail", KB_WEIGHT_TRIVIAL, "typography"},
		{"5 °C bis 10 °C", "5\u00a0°C bis 10\u00a0°C", KB_WEIGHT_TRIVIAL,
			"typography"},
		{"Größe, fő, été", "Gro\u0308ße, fo\u030b, e\u0301te\u0301",
			KB_WEIGHT_TRIVIAL, "typography"},
		{"at -5 °C", "at −5 °C", KB_WEIGHT_TRIVIAL, "typography"},
		{"at −5 °C", "at 5 °C", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"at –5 °C", "at 5 °C", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"if it is < 5", "if it is ≤ 5", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"if it is < 5", "if it is > 5", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"if it is <5 l", "if it is ≥5 l", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"±5 l", "5 l", KB_WEIGHT_MINOR, "the wording changed"},
		{"Write to a.b@example.org.", "Write to ab@example.org.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Open example.com now.", "Open examplecom now.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Run kb.exe", "Run kb exe", KB_WEIGHT_MINOR, "the wording changed"},
		{"Settings > Sound", "Settings » Sound", KB_WEIGHT_TRIVIAL, "typography"},
		{"½ l", "¼ l", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"20 m²", "20 m³", KB_WEIGHT_MINOR, "the wording changed"},
		{"1 1 l", "11 l", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"in C++ here", "in C here", KB_WEIGHT_MINOR, "the wording changed"},
		{"in C", "in C#", KB_WEIGHT_MINOR, "the wording changed"},
		{"C+ for C++", "C++ for C++", KB_WEIGHT_MINOR, "the wording changed"},
		{"Disney+.", "Disney.", KB_WEIGHT_MINOR, "the wording changed"},
		{"turn 90° left", "turn 90 left", KB_WEIGHT_SIGNIFICANT,
			"the unit of a number changed"},
		{"at 90°C", "at 90 °C", KB_WEIGHT_TRIVIAL, "typography"},
		{"C++, Java", "C++ Java", KB_WEIGHT_TRIVIAL, "typography"},
		{"use A+B", "use A B", KB_WEIGHT_TRIVIAL, "typography"},
		{"a+b", "a + b", KB_WEIGHT_TRIVIAL, "typography"},
		{"the website", "The website", KB_WEIGHT_TRIVIAL, "typography"},
		{"１４日", "14日", KB_WEIGHT_TRIVIAL, "typography"},
		{"Call the team.", "Write to the team.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Wait five days.", "Wait 5 days.", KB_WEIGHT_TRIVIAL, "typography"},
		{"am fünften Tag", "am sechsten Tag", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"binnen eines Tages", "binnen zweier Tage", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"az ötödik napon", "a hetedik napon", KB_WEIGHT_SIGNIFICANT,
			"a number changed"},
		{"14.000 Ft", "14 000 Ft", KB_WEIGHT_TRIVIAL, "typography"},
		{"14.000 Ft", "14 000 Ft", KB_WEIGHT_TRIVIAL, "typography"},
		{"1,000,000 Ft", "1 000 000 HUF", KB_WEIGHT_TRIVIAL, "typography"},
		{"1,5 l", "1.5 l", KB_WEIGHT_TRIVIAL, "typography"},
		{"1,5 l", "15 l", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"14 000 Ft", "15 000 Ft", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"14.000 Ft", "14.500 Ft", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"14.000 Ft", "1.400 Ft", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"0.500 l", "0500 l", KB_WEIGHT_SIGNIFICANT, "a number changed"},
		{"in 3 working days", "in 3 days", KB_WEIGHT_SIGNIFICANT,
			"the unit of a number changed"},
		{"in 3 days", "in 3 calendar days", KB_WEIGHT_SIGNIFICANT,
			"the unit of a number changed"},
		{"It takes 3 days.", "It takes 3 days now.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"before we pay", "after we pay", KB_WEIGHT_SIGNIFICANT,
			"a word means the opposite"},
		{"bevor wir zahlen", "nachdem wir zahlen", KB_WEIGHT_SIGNIFICANT,
			"a word means the opposite"},
		{"Return all of it.", "Return a part of it.", KB_WEIGHT_SIGNIFICANT,
			"a word means the opposite"},
		{"in closed bags", "in opened bags", KB_WEIGHT_SIGNIFICANT,
			"a word means the opposite"},
		{"előtt fizetünk", "után fizetünk", KB_WEIGHT_SIGNIFICANT,
			"a word means the opposite"},
		{"bevor wir zahlen", "ehe wir zahlen", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Ask the clerk.", "Ask the junior clerk.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Lies die Anleitung.", "Lies die Montageanleitung.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"a marcipán ízű", "a márciusi ízű", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"Sundaes are free.", "Cakes are free.", KB_WEIGHT_MINOR,
			"the wording changed"},
		{"Nur montags.", "Nur freitags.", KB_WEIGHT_SIGNIFICANT,
			"a date changed"},
		{"до пятницы", "до среды", KB_WEIGHT_SIGNIFICANT, "a date changed"},
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

static struct kb_diff *compare_files(
	struct kb_arena *arena, const char *before, const char *after)
{
	static const char yaml[] = "name: x\nlocales: [{code: en}]\ncontent:\n"
				   "  - {path: '**', type: article, locale: en}\n";
	struct kb_diags diags;
	const struct kb_config *config;
	struct kb_version *from, *to;

	kb_md_init();
	kb_diags_init(&diags, NULL);
	config = kb_config_parse(arena, KB_STR(yaml), KB_STR("kb.yaml"), &diags);
	assert_non_null(config);
	from = kb_version_read(
		arena, config, &config->mounts[0], 0, KB_STR("a.md"), kb_str_of(before));
	to = kb_version_read(
		arena, config, &config->mounts[0], 0, KB_STR("a.md"), kb_str_of(after));
	kb_diags_dispose(&diags);
	return kb_diff_versions(arena, from, to, NULL);
}

static struct kb_diff *compare(
	struct kb_arena *arena, const char *before, const char *after)
{
	return compare_files(arena,
		kb_arena_fmt(arena, "---\ntitle: A\n---\n%s", before).data,
		kb_arena_fmt(arena, "---\ntitle: A\n---\n%s", after).data);
}

static kb_str operations(struct kb_arena *arena, const struct kb_diff *diff)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = 0; i < diff->nops; i++) {
		const struct kb_op *op = &diff->ops[i];

		kb_buf_fmt(&out, "%s%s", i ? " " : "", kb_op_name(op->kind));
		if (op->old_block != KB_NONE)
			kb_buf_fmt(&out, " %u", op->old_block);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* What is deleted stands where it stood, between what stays. */
static void test_operations(void **state)
{
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	assert_string_equal(
		operations(arena,
			compare(arena,
				"First paragraph.\n\nAlpha goes.\n\nSecond one.\n\n"
				"Beta leaves us.\n\nThe third here.\n\nGamma ends.\n",
				"First paragraph.\n\nSecond one.\n\nThe third here.\n"))
			.data,
		"keep 0 delete 1 keep 2 delete 3 keep 4 delete 5");
	assert_string_equal(
		operations(arena,
			compare(arena, "Gone at once.\n\nIt stays here.\n",
				"Quite new words.\n\nOther stuff came.\n\nIt stays "
				"here.\n"))
			.data,
		"insert insert delete 0 keep 1");
	kb_arena_free(arena);
}

static void assert_summary(const char *before, const char *after, const char *wanted)
{
	struct kb_arena *arena = kb_arena_new();

	assert_string_equal(
		kb_diff_summary(arena, compare(arena, before, after)).data, wanted);
	kb_arena_free(arena);
}

static void test_summaries(void **state)
{
	(void)state;
	assert_summary(
		"Send the form back to our office, and then you wait for 14 days.\n",
		"Send the form back to our office, and then you wait for 5 days.\n",
		"paragraph: '14 days' → '5 days'");
	assert_summary("The whole of it may cost €20, which the customer pays at once.\n",
		"The whole of it may cost €25, which the customer pays at once.\n",
		"paragraph: '€20' → '€25'");
	assert_summary("Up to 20 EUR.\n", "Up to 25 EUR.\n",
		"paragraph: 'Up to 20 EUR.' → 'Up to 25 EUR.'");
	assert_summary("## Cost\n\n- Old\n",
		"## Cost\n\n- Old\n- We pay 30 EUR for that.\n",
		"in 'Cost', list item added: 'We pay 30 EUR for that.'");
	assert_summary("## Cost\n\nOld.\n",
		"## Cost\n\nOld.\n\nWords came.\n\nMore came here.\n",
		"2 paragraphs added");
	assert_summary("| By | Days |\n|---|---|\n| Card | 3 |\n| Bank | 5 |\n",
		"| By | Days |\n|---|---|\n| Card | 3 |\n| Bank | 7 |\n",
		"cell 'Bank, Days': '5' → '7'");
	/* Of many changes in a paragraph, those that matter. */
	assert_summary(
		"One fine day a parcel goes to the shop, where it waits for 14 days "
		"until somebody finds the time to look at it, we hope.\n",
		"One nice day the parcel goes to a shop, where it waits for 5 days until "
		"anybody takes the time to look at it, they hope.\n",
		"paragraph: '14 days' → '5 days', …");
}

/* What no reader can see. */
static void test_blanks(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_diff *diff;

	(void)state;
	diff = compare(arena, "One  two.  See [a\nlink](b.md) and  **more**.\n",
		"One two. See  [a link](b.md)\nand **more**.\n");
	assert_int_equal(diff->weight, KB_WEIGHT_NONE);
	assert_int_equal(diff->ops[0].kind, KB_OP_KEEP);
	diff = compare(arena, "```\na  b\n```\n", "```\na b\n```\n");
	assert_int_equal(diff->weight, KB_WEIGHT_MINOR);
	kb_arena_free(arena);
}

/* A whole text in other marks, or in other bytes for the same letters. */
static void test_typography(void **state)
{
	static const char before[] =
		"# \"Größe\" wählen\n\nDie Größe des Behälters für \"Müller's\" Gerät - z.B. "
		"das größere - wählen Sie über das Menü.\n\n- Für Küchen: \"groß\" ...\n- "
		"Büros: \"größer\" - natürlich\n\n| Gerät | Füllhöhe |\n|---|---|\n| \"Öko\" | "
		"10 - 12 |\n\nÜber möbel, käse, dächer, löffel, hölzer, züge, räume, töne, säle, "
		"gäste, plätze, bäder, hüte, füße, kühe, mäuse, äpfel, öfen, übung, ärger.\n";
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	static const char *const pairs[][2] = {{"ö", "o\u0308"}, {"ä", "a\u0308"},
		{"ü", "u\u0308"}, {"Ö", "O\u0308"}, {"Ü", "U\u0308"}, {" \"", " „"},
		{"\"", "“"}, {"'", "’"}, {" - ", " – "}, {"z.B.", "z.\u00a0B."},
		{"...", "…"}};
	_cleanup_buf_ kb_buf after = {0};

	(void)state;
	for (kb_str rest = KB_STR(before); rest.len;) {
		size_t i = 0;

		while (i < KB_LEN(pairs) && !kb_str_starts(rest, kb_str_of(pairs[i][0])))
			i++;
		if (i < KB_LEN(pairs))
			kb_buf_puts(&after, pairs[i][1]);
		else
			kb_buf_putc(&after, rest.data[0]);
		rest = kb_str_sub(
			rest, i < KB_LEN(pairs) ? strlen(pairs[i][0]) : 1, rest.len);
	}
	assert_false(texts_reworded(KB_STR(before), kb_buf_view(&after)));
	assert_false(texts_reworded(kb_buf_view(&after), KB_STR(before)));
	struct kb_diff *diff = compare(arena, before, after.data);
	for (uint32_t i = 0; i < diff->nchanges; i++)
		assert_int_equal(diff->changes[i].weight, KB_WEIGHT_TRIVIAL);
	assert_false(kb_diff_is_substance(diff));
}

/* However many words there are. */
static void test_reworded(void **state)
{
	static const char *const forms[] = {"\"w%d\" %d ", "“w%d” %d ", "„w%d“\u00a0%d ",
		"w%d –\u202f%d…", "«w%d»\u00a0%d "};
	_cleanup_buf_ kb_buf plain = {0};

	(void)state;
	for (int i = 0; i < 60; i++)
		kb_buf_fmt(&plain, "w%d %d ", i, i);
	for (size_t f = 0; f < KB_LEN(forms); f++) {
		_cleanup_buf_ kb_buf other = {0};

		for (int i = 0; i < 60; i++)
			kb_buf_fmt(&other, forms[f], i, i);
		assert_false(texts_reworded(kb_buf_view(&plain), kb_buf_view(&other)));
		kb_buf_clear(&other);
		for (int i = 0; i < 60; i++)
			kb_buf_fmt(&other, forms[f], i + 60, i);
		assert_true(texts_reworded(kb_buf_view(&plain), kb_buf_view(&other)));
	}
}

/* A key that is there twice, with another value, in the document and in its values. */
static void test_keys_twice(void **state)
{
	static const char *const same[] = {
		"---\ntitle: A\noutcome: s\noutcome:\n---\n",
		"---\ntitle: A\nx: [{a: 1, a: 2}]\n---\n",
		"---\ntitle: A\nx: {x: {x: {x: {x: {a: 1, a: 2}}}}}\n---\n",
	};
	struct kb_arena *arena = kb_arena_new();
	struct kb_diff *diff;

	(void)state;
	for (size_t i = 0; i < KB_LEN(same); i++)
		assert_int_equal(compare_files(arena, same[i], same[i])->nchanges, 0);
	diff = compare_files(arena, same[0], "---\ntitle: A\noutcome: s\n---\n");
	assert_int_equal(diff->nchanges, 1);
	assert_int_equal(diff->changes[0].action, KB_CHANGE_REMOVED);
	diff = compare_files(arena, same[1], "---\ntitle: A\nx: [{a: 1, b: 2}]\n---\n");
	assert_int_equal(diff->nchanges, 1);
	diff = compare_files(
		arena, same[0], "---\ntitle: A\noutcome: s\noutcome: t\n---\n");
	assert_int_equal(diff->nchanges, 1);
	assert_string_equal(diff->changes[0].after.data, "t");
	kb_arena_free(arena);
}

static void assert_front(const char *before, const char *after, const char *expected)
{
	static const char signs[] = {[KB_CHANGE_ADDED] = '+',
		[KB_CHANGE_REMOVED] = '-',
		[KB_CHANGE_CHANGED] = '~'};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	struct kb_diff *diff = compare_files(arena,
		kb_arena_fmt(arena, "---\ntitle: A\n%s---\n", before).data,
		kb_arena_fmt(arena, "---\ntitle: A\n%s---\n", after).data);

	for (size_t i = 0; i < diff->nchanges; i++)
		kb_buf_fmt(&out, "%s%c%s %s>%s", i ? ", " : "",
			signs[diff->changes[i].action], diff->changes[i].name.data,
			diff->changes[i].before.data, diff->changes[i].after.data);
	assert_string_equal(out.data ? out.data : "", expected);
}

/* What changed of a key that is there twice is what the edit did. */
static void test_keys_twice_changed(void **state)
{
	(void)state;
	assert_front("x: s\nx: t\n", "x: t\n", "-x s>");
	assert_front("x: t\n", "x: s\nx: t\n", "+x >s");
	assert_front("x: s\nx: t\nx: u\n", "x: s\nx: v\nx: u\n", "~x t>v");
	assert_front("x: s\ny: 1\nx: t\n", "y: 1\nx: t\nx: s\n", "-x s>, +x >s");
	assert_front("x: s\nx: t\n", "x: u\nx: t\nx: v\n", "~x s>u, +x >v");
	assert_front("m: {x: s, x: t}\n", "m: {x: t}\n", "-m.x s>");
	assert_front("x: [a, b]\nx: [c]\n", "x: [c]\n", "-x a, b>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_summaries),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_typography),
		cmocka_unit_test(test_reworded),
		cmocka_unit_test(test_keys_twice),
		cmocka_unit_test(test_keys_twice_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
