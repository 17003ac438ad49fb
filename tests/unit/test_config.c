#include "tree.h"

#include "kb/mount.h"

static struct kb_arena *arena;
static struct kb_diags diags;

static int begin(void **state)
{
	(void)state;
	arena = kb_arena_new();
	kb_diags_init(&diags, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	kb_arena_free(arena);
	kb_diags_dispose(&diags);
	return 0;
}

static const struct kb_config *parse(const char *text)
{
	return kb_config_parse(arena, kb_str_of(text), KB_STR("kb.yaml"), &diags);
}

static const struct kb_config *good(const char *text)
{
	const struct kb_config *config = parse(text);

	if (!config) {
		tree_print(&diags);
		fail_msg("the configuration is broken");
	}
	return config;
}

/* One finding, at the place where TEXT holds AT, whose hint is HINT (NULL: any). */
static void bad(const char *text, const char *at, const char *hint)
{
	const struct kb_diag *diag;

	assert_null(parse(text));
	if (diags.len != 1) {
		tree_print(&diags);
		fail_msg("%zu findings for %s", diags.len, text);
	}
	diag = &diags.items[0];
	assert_str(diag->path, "kb.yaml");
	assert_true(kb_str_starts(
		kb_str_of(kb_rule_info(diag->rule)->id), KB_STR("config-")));
	if (at) {
		const char *found = strstr(text, at);

		assert_non_null(found);
		if (diag->range.off != (uint32_t)(found - text))
			fail_msg("the finding is at %u, not at %td: %.*s",
				diag->range.off, found - text, KB_ARG(diag->message));
	}
	if (hint)
		assert_str(diag->hint, hint);
	end(NULL);
	begin(NULL);
}

static void defaults(void **state)
{
	const struct kb_config *config = good("name: Help\nlocales: [{code: en}]\n");
	kb_str value;

	(void)state;
	assert_int_equal(diags.len, 0);
	assert_int_equal(config->nlocales, 1);
	assert_int_equal(config->locales[0].fallback, KB_NONE);
	assert_int_equal(config->naudiences, 2);
	assert_str(config->audiences[1], "agents");
	assert_int_equal(config->nchannels, 5);
	assert_true(kb_config_channel(config, KB_STR("sms"))->plain);
	assert_str(config->timezone, "UTC");
	assert_int_equal(config->limits.workflow_steps, 12);
	assert_int_equal(config->limits.summary_length, 160);
	assert_str(config->votes, "off");
	assert_int_equal(config->nmounts, KB_TYPE_COUNT);
	assert_str(config->mounts[KB_REPLY].base, "{locale}/replies/");
	assert_true(kb_l10n_exact(config, &config->name, 0, &value));
	assert_str(value, "Help");
}

static void locales(void **state)
{
	const struct kb_config *config = good("name: {en: Help, de: Hilfe}\n"
					      "locales:\n  - code: en\n  - code: de\n    "
					      "address: informal\n  - code: de-at\n"
					      "  - code: ar\n    fallback: de\n");
	kb_str value;

	(void)state;
	assert_str(config->locales[2].code, "de-AT");
	assert_int_equal(config->locales[1].fallback, 0);
	assert_int_equal(config->locales[2].fallback, 1);
	assert_int_equal(config->locales[3].fallback, 1);
	assert_true(config->locales[1].informal);
	assert_true(config->locales[3].rtl);
	assert_int_equal(kb_config_locale(config, KB_STR("DE_at")), 2);
	assert_int_equal(kb_config_locale(config, KB_STR("hu")), KB_NONE);
	assert_str(kb_l10n_get(config, &config->name, 2), "Hilfe");
	assert_false(kb_l10n_exact(config, &config->name, 2, &value));
}

static void faults_of_locales(void **state)
{
	(void)state;
	bad("name: x\nlocales: [{code: en}, {code: 'not a tag'}]\n", "'not a tag'", NULL);
	bad("name: x\nlocales: [{code: en}, {code: EN}]\n", "EN}", NULL);
	bad("name: x\nlocales: [{code: en}, {code: de, fallback: ne}]\n", "ne}", NULL);
	bad("name: x\nlocales: [{code: en, fallback: de}, {code: de}]\n", "de}", NULL);
	assert_null(
		parse("name: x\nlocales:\n  - code: en\n  - {code: de, fallback: hu}\n"
		      "  - {code: hu, fallback: de}\n"));
}

static void faults_of_names(void **state)
{
	(void)state;
#define HEAD "name: x\nlocales: [{code: en}]\n"
	bad(HEAD "audiences: [public, warning]\n", "warning", NULL);
	bad(HEAD "audiences: [public, public]\n", "public]", NULL);
	bad(HEAD "timezone: Europe/Berln\n", "Europe/Berln", NULL);
	bad(HEAD "rules: {link-alas: error}\n", "link-alas",
		"did you mean 'link-alias'?");
	bad(HEAD "rules: {link-alias: fatal}\n", "fatal", NULL);
	bad(HEAD "variables: {a: {b: [1, 2]}}\n", "[1, 2]", NULL);
	bad(HEAD "contact: [{channel: fone, label: x, number: '1'}]\n", "fone", NULL);
	bad(HEAD "description: {en: x, fr: y}\n", "fr", NULL);
	bad(HEAD "redirects: {/old/: ''}\n", "''", NULL);
	bad("name: x\nlocales: [{code: en}, {code: de}]\ncontent: [{path: 'a/**/*.md', "
	    "type: "
	    "article}]\n",
		NULL, "put {locale} in its path, or write 'locale: en' next to it");
	bad(HEAD "content: [{path: '../a/*.md', type: article}]\n", "'../a", NULL);
	bad(HEAD "content: [{path: '{lang}/*.md', type: article}]\n", "'{lang}", NULL);
	bad(HEAD "content: [{path: a, type: article, keys: {permalink: alias}}]\n",
		"alias}", "did you mean 'aliases'?");
	bad("name: [x\n", NULL, NULL);
}

static void unknown_key(void **state)
{
	(void)state;
	assert_null(parse(HEAD "audience: [public]\n"));
	diags_one(&diags, KB_RULE_CONFIG_UNKNOWN_KEY);
}

static void variables(void **state)
{
	const struct kb_config *config = good(
		"name: x\nlocales: [{code: en}, {code: de}]\n"
		"variables: {support: {phone: {en: one, de: zwei}, deep: {x: y}}, a: b}\n"
		"rules: {link-alias: off}\n");
	const struct kb_variable *phone =
		kb_config_variable(config, KB_STR("support.phone"));

	(void)state;
	assert_int_equal(config->nvariables, 3);
	assert_str(kb_l10n_get(config, &phone->value, 1), "zwei");
	assert_non_null(kb_config_variable(config, KB_STR("support.deep.x")));
	assert_null(kb_config_variable(config, KB_STR("support")));
	assert_int_equal(config->severities[KB_RULE_LINK_ALIAS], KB_OFF);
	assert_int_equal(config->severities[KB_RULE_CONFIG_VALUE], KB_ERROR);
}

static void channels(void **state)
{
	const struct kb_config *config =
		good("name: x\nlocales: [{code: en}, {code: de}]\n"
		     "channels: {email: {name: {en: E-mail, de: E-Mail-Text}, "
		     "max_length: 40}}\n");

	(void)state;
	assert_int_equal(config->nchannels, 1);
	assert_non_null(kb_config_channel_named(config, KB_STR("EMAIL")));
	assert_non_null(kb_config_channel_named(config, KB_STR("e-mail-text")));
	assert_null(kb_config_channel_named(config, KB_STR("sms")));
	assert_int_equal(config->channels[0].max_length, 40);
}

/* kb's own channels have names, and a name is found however it is written. */
static void channel_names(void **state)
{
	static const char *const mails[] = {
		"email", "E-Mail", "E-mail", "e mail", "Email:"};
	const struct kb_config *config =
		good("name: x\nlocales: [{code: en}, {code: de}, {code: it}]\n");

	(void)state;
	for (size_t i = 0; i < KB_LEN(mails); i++)
		assert_ptr_equal(kb_config_channel_named(config, kb_str_of(mails[i])),
			&config->channels[0]);
	assert_str(kb_l10n_get(config, &config->channels[0].name, 1), "E-Mail");
	assert_str(kb_l10n_get(config, &config->channels[3].name, 2), "Phone");
	assert_null(kb_config_channel_named(config, KB_STR("WhatsApp")));
	config = good("name: x\nlocales: [{code: de-AT}]\n"
		      "channels: {phone: {plain: true}}\n");
	assert_str(kb_l10n_get(config, &config->channels[0].name, 0), "Telefon");
}

static const struct kb_mount *match(
	struct kb_mounts *mounts, const char *path, uint32_t *locale)
{
	return kb_mounts_match(mounts, kb_str_of(path), locale);
}

static void mounts_match(void **state)
{
	const struct kb_config *config =
		good("name: x\nlocales: [{code: en}, {code: de}, {code: de-AT}]\n"
		     "content:\n"
		     "  - path: help/**/*._{locale}.md\n    type: article\n"
		     "    defaults: {owner: all, audience: public}\n    ignore: [a]\n"
		     "  - path: help/secret/**/*._{locale}.md\n    type: reference\n"
		     "    defaults: {audience: agents}\n    keys: {x: title}\n    "
		     "expand: false\n"
		     "  - path: '{locale}/docs/*.md'\n    type: article\n"
		     "  - path: notes\n    type: reference\n    locale: de\n");
	struct kb_mounts *mounts = kb_mounts_new(arena, config);
	const struct kb_mount *mount;
	uint32_t locale;

	(void)state;
	mount = match(mounts, "help/a/b._de.md", &locale);
	assert_ptr_equal(mount, &config->mounts[0]);
	assert_int_equal(locale, 1);
	assert_str(mount->base, "help/");
	mount = match(mounts, "help/secret/b._de-AT.md", &locale);
	assert_int_equal(locale, 2);
	assert_int_equal(mount->type, KB_REFERENCE);
	assert_false(mount->expand);
	assert_str(kb_node_str(kb_node_get(mount->defaults, "owner")), "all");
	assert_str(kb_node_str(kb_node_get(mount->defaults, "audience")), "agents");
	assert_int_equal(mount->ignore.len, 1);
	assert_ptr_equal(match(mounts, "help/secret/c._en.md", &locale), mount);
	assert_null(match(mounts, "help/b.md", &locale));
	assert_null(match(mounts, "help/b._fr.md", &locale));
	assert_non_null(match(mounts, "de_at/docs/x.md", &locale));
	assert_int_equal(locale, 2);
	assert_null(match(mounts, "de/docs/deep/x.md", &locale));
	assert_non_null(match(mounts, "notes/deep/x.md", &locale));
	assert_int_equal(locale, 1);
	assert_null(match(mounts, "notes/deep/x.png", &locale));
	kb_mounts_dispose(mounts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(defaults, begin, end),
		cmocka_unit_test_setup_teardown(locales, begin, end),
		cmocka_unit_test_setup_teardown(faults_of_locales, begin, end),
		cmocka_unit_test_setup_teardown(faults_of_names, begin, end),
		cmocka_unit_test_setup_teardown(unknown_key, begin, end),
		cmocka_unit_test_setup_teardown(variables, begin, end),
		cmocka_unit_test_setup_teardown(channels, begin, end),
		cmocka_unit_test_setup_teardown(channel_names, begin, end),
		cmocka_unit_test_setup_teardown(mounts_match, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
