/* kb reply: a reply template filled in. */
#include "input.h"
#include "kb/operand.h"
#include "kb/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/fill.h"

enum { FORMAT_TEXT, FORMAT_HTML, FORMAT_JSON };

struct reply_values {
	struct kb_read_values read;
	const char *locale, *region, *channel, *values_file;
	kb_strs set;
	int format;
	bool examples;
};

static const char *const formats[] = {"text", "html", "json", NULL};

#define AT(field) offsetof(struct reply_values, field)
static const struct kb_option options[] = {
	{0, "set", KB_OPT_LIST, AT(set), "NAME=VALUE",
		"set the value of a placeholder; may be repeated", NULL},
	{0, "values", KB_OPT_STRING, AT(values_file), "FILE",
		"read values from a JSON object; - is standard input", NULL},
	{0, "examples", KB_OPT_FLAG, AT(examples), NULL,
		"use the examples for missing values, to see the result", NULL},
	{0, "channel", KB_OPT_STRING, AT(channel), "CHANNEL",
		"print the text for this channel; default: the reply's first one", NULL},
	{0, "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"in this locale; default: the source locale", NULL},
	{0, "region", KB_OPT_STRING, AT(region), "REGION",
		"for a customer in this region; default: the locale's own, if kb.yaml "
		"has it",
		NULL},
	{0, "format", KB_OPT_CHOICE, AT(format), "FORMAT",
		"print text (default), html or json", formats},
	KB_READ_OPTIONS(struct reply_values, read),
	KB_OPTION_END,
};

struct filling {
	const struct kb_library *lib;
	struct kb_reader *reader;
	struct kb_arena *arena;
	const struct reply_values *options;
	const struct kb_document *doc;
	const struct kb_channel *channel;
	struct {
		KB_VEC(struct kb_fill_value);
	} values;
};

static void set_value(struct filling *f, kb_str name, kb_str value)
{
	for (size_t i = 0; i < f->values.len; i++)
		if (kb_str_eq(f->values.items[i].name, name)) {
			f->values.items[i].value = value;
			return;
		}
	kb_vec_push(&f->values, ((struct kb_fill_value){name, value}));
}

static int read_file(struct filling *f, const char *path, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};

	if (kb_input_file(path, SIZE_MAX, &text, err))
		return -1;
	if (strcmp(path, "-") == 0)
		path = "standard input";
	struct kb_node *root = kb_json_parse(f->arena, kb_buf_view(&text), err);
	if (!root)
		return -1;
	if (root->kind != KB_NODE_MAP)
		return kb_error_set(err, KB_E_USAGE,
			"%s does not contain a JSON object of names and values", path);
	for (uint32_t i = 0; i < root->len; i++) {
		struct kb_pair *pair = &root->pairs[i];

		if (pair->value->kind != KB_NODE_SCALAR)
			return kb_error_set(err, KB_E_USAGE,
				"the value of '%.*s' in %s is neither text nor a number",
				KB_ARG(pair->key->value), path);
		set_value(f, kb_arena_str(f->arena, pair->key->value),
			kb_arena_str(f->arena, pair->value->value));
	}
	return 0;
}

static int read_values(struct filling *f, struct kb_error *err)
{
	const kb_strs *set = &f->options->set;

	if (f->options->values_file && read_file(f, f->options->values_file, err))
		return -1;
	for (size_t i = 0; i < set->len; i++) {
		size_t eq = kb_str_chr(set->items[i], '=');

		if (eq == SIZE_MAX)
			return kb_error_set(err, KB_E_USAGE,
				"'--set %.*s' needs NAME=VALUE", KB_ARG(set->items[i]));
		set_value(f, kb_str_trim(kb_str_sub(set->items[i], 0, eq)),
			kb_str_sub(set->items[i], eq + 1, set->items[i].len));
	}
	return 0;
}

/* "'a', 'b'", or "a, b" with another mark */
static kb_str list_of(struct kb_arena *arena, const kb_strs *words, const char *mark)
{
	kb_str list = KB_STR("");

	for (size_t i = 0; i < words->len; i++)
		list = kb_arena_fmt(arena, "%.*s%s%s%.*s%s", KB_ARG(list), i ? ", " : "",
			mark, KB_ARG(words->items[i]), mark);
	return list;
}

static void show_question(const struct kb_placeholder *one)
{
	kb_say(stderr, "%.*s", KB_ARG(one->name));
	if (one->description.len)
		kb_say(stderr, " — %.*s", KB_ARG(one->description));
	if (one->has_example)
		kb_say(stderr, " (such as %.*s)", KB_ARG(one->example));
	kb_say(stderr, "\n");
	for (size_t i = 0; i < one->values.len; i++)
		kb_say(stderr, "  %zu  %.*s\n", i + 1, KB_ARG(one->values.items[i]));
}

/* What is typed is a choice: by its words, or its number. */
static bool is_choice(const struct kb_placeholder *one, kb_str typed, kb_str *value)
{
	*value = typed;
	if (!one->values.len)
		return typed.len > 0;
	for (size_t i = 0; i < one->values.len; i++) {
		char number[24];

		snprintf(number, sizeof(number), "%zu", i + 1);
		*value = one->values.items[i];
		if (kb_str_eq(typed, *value) || kb_str_is(typed, number))
			return true;
	}
	return false;
}

static void refuse_answer(const struct kb_placeholder *one, kb_str typed)
{
	if (!typed.len)
		kb_say(stderr, "'%.*s' needs an answer", KB_ARG(one->name));
	else
		kb_say(stderr, "'%.*s' is not a choice", KB_ARG(typed));
	if (one->values.len)
		kb_say(stderr, ": type a number from 1 to %zu, or the words",
			(size_t)one->values.len);
	kb_say(stderr, "\n");
}

/* Asks until the answer is right; -1 when the input ends. */
static int ask_for(struct filling *f, const struct kb_placeholder *one)
{
	char *line = NULL;
	size_t size = 0;
	kb_str value = KB_STR_NULL;
	bool answered = false;

	show_question(one);
	while (!answered) {
		kb_say(stderr, "> ");
		ssize_t n = getline(&line, &size, stdin);
		if (n < 0)
			break;
		kb_str typed = kb_str_trim((kb_str){line, (size_t)n});
		answered = is_choice(one, typed, &value);
		if (!answered)
			refuse_answer(one, typed);
	}
	if (answered)
		set_value(f, one->name, kb_arena_str(f->arena, value));
	free(line);
	return answered ? 0 : -1;
}

/* Is there something to be asked for, and somebody to answer? */
static int ask_missing(struct filling *f, const kb_strs *missing, struct kb_error *err)
{
	if (!missing->len)
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return kb_error_set(err, KB_E_USAGE,
			"the reply needs a value for %.*s: give each with --set NAME=VALUE",
			KB_ARG(list_of(f->arena, missing, "'")));
	for (size_t i = 0; i < missing->len; i++) {
		const struct kb_placeholder *one =
			kb_reply_placeholder(f->doc->reply, missing->items[i]);

		if (ask_for(f, one))
			return kb_error_set(err, KB_E_USAGE,
				"the input ended before '%.*s' had a value",
				KB_ARG(one->name));
	}
	return 0;
}

static int check_length(
	const struct filling *f, const struct kb_filled *filled, struct kb_error *err)
{
	const struct kb_channel *channel = f->channel;

	if (!filled->too_long)
		return 0;
	if (channel->max_length && filled->length > channel->max_length)
		return kb_error_set(err, KB_E_REFUSED,
			"the text has %zu characters, %zu more than %.*s allows (%u)",
			filled->length, filled->length - channel->max_length,
			KB_ARG(channel->id), channel->max_length);
	return kb_error_set(err, KB_E_REFUSED,
		"the text takes %u SMS (%zu characters%s), more than %.*s allows (%u)",
		filled->segments, filled->length,
		filled->ucs2 ? ", some outside the GSM alphabet" : "",
		KB_ARG(channel->id), channel->max_segments);
}

static void print_json(
	const struct filling *f, const struct kb_filled *filled, kb_buf *out)
{
	struct kb_value *root = kb_value_map(f->arena);

	kb_value_set_int(f->arena, root, "version", 1);
	kb_value_set_str(f->arena, root, "id", f->doc->id);
	kb_value_set_str(
		f->arena, root, "locale", f->lib->config->locales[f->doc->locale].code);
	if (f->channel)
		kb_value_set_str(f->arena, root, "channel", f->channel->id);
	kb_filled_value(filled, f->arena, root);
	if (filled->segments)
		kb_value_set_str(f->arena, root, "encoding",
			filled->ucs2 ? KB_STR("UCS-2") : KB_STR("GSM-7"));
	kb_value_json(root, KB_JSON_PRETTY, out);
}

static int print(const struct kb_cli *cli, const struct filling *f,
	const struct kb_filled *filled, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	if (f->options->format == FORMAT_JSON) {
		print_json(f, filled, &out);
	} else if (f->options->format == FORMAT_HTML && !filled->html.len) {
		return kb_error_set(err, KB_E_USAGE,
			"%.*s takes plain text only: there is no HTML for it",
			KB_ARG(f->channel->id));
	} else {
		bool html = f->options->format == FORMAT_HTML;

		if (filled->subject.len && !html)
			kb_buf_fmt(&out, "Subject: %.*s\n\n", KB_ARG(filled->subject));
		kb_buf_fmt(&out, "%.*s\n", KB_ARG(html ? filled->html : filled->text));
	}
	if (f->options->format == FORMAT_TEXT)
		kb_put(cli, stdout, kb_buf_view(&out));
	else
		kb_put_bytes(stdout, kb_buf_view(&out));
	if (filled->invented.len && !cli->quiet)
		kb_complain("invented, from the examples: %.*s",
			KB_ARG(list_of(f->arena, &filled->invented, "")));
	if (filled->segments && !cli->quiet)
		kb_say(stderr, "kb: %zu characters, %u SMS%s\n", filled->length,
			filled->segments, filled->ucs2 ? " (UCS-2)" : " (GSM-7)");
	return 0;
}

/* Fills, asks for what is missing, and fills again. */
static int fill_in(struct filling *f, struct kb_filled *filled, struct kb_error *err)
{
	for (int round = 0; round < 2; round++) {
		struct kb_fill fill = {.doc = f->doc,
			.channel = f->channel,
			.values = f->values.items,
			.nvalues = f->values.len,
			.examples = f->options->examples};

		if (kb_reply_fill(f->lib, f->reader, &fill, f->arena, filled, err))
			return -1;
		if (!filled->missing.len)
			return 0;
		if (ask_missing(f, &filled->missing, err))
			return -1;
	}
	return kb_error_set(err, KB_E_USAGE, "a value is missing");
}

/* There is no such reply: which may be meant, or else which there are. */
static int fail_unknown(const struct filling *f, kb_str id, struct kb_error *err)
{
	kb_strs ids = {0};
	kb_str near = kb_document_near(f->lib, id, KB_REPLY);

	if (near.len)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there is no reply '%.*s': did you mean '%.*s'?", KB_ARG(id),
			KB_ARG(near));
	for (uint32_t i = 0; i < f->lib->nfamilies; i++)
		for (uint32_t k = 0; k < f->lib->config->nlocales; k++) {
			const struct kb_document *doc = f->lib->families[i]->by_locale[k];

			if (!doc || !doc->reply)
				continue;
			kb_vec_push(&ids, doc->id);
			break;
		}
	kb_strs first = {.items = ids.items, .len = ids.len < 20 ? ids.len : 20};
	kb_error_set(err, KB_E_NOTFOUND, "there is no reply '%.*s', only %.*s%s",
		KB_ARG(id), KB_ARG(list_of(f->arena, &first, "")),
		ids.len > first.len ? " and others" : "");
	kb_vec_dispose(&ids);
	return -1;
}

/* The variant for the region, else the general one, each in the nearest locale. */
static const struct kb_document *find_for_region(const struct kb_library *lib,
	struct kb_family *family, kb_str region, uint32_t locale)
{
	const struct kb_document *variant =
		kb_family_find(lib, kb_family_for_region(lib, family, region), locale);

	return variant ? variant : kb_family_find(lib, family, locale);
}

static int find_reply(struct filling *f, kb_str id, struct kb_error *err)
{
	uint32_t locale;
	kb_str region = KB_STR_NULL;

	if (kb_pick_locale(f->lib, f->options->locale, &locale, err) ||
		kb_pick_region(
			f->lib, f->options->region, f->options->locale, &region, err))
		return -1;
	const struct kb_document *by_path = kb_library_by_path(f->lib, id);
	struct kb_family *family =
		by_path ? by_path->family : kb_library_family(f->lib, id);
	if (!family)
		return fail_unknown(f, id, err);
	if (by_path && f->options->locale &&
		kb_operand_in_locale(f->lib, by_path, locale, err))
		return -1;
	f->doc = by_path ? by_path : find_for_region(f->lib, family, region, locale);
	if (!f->doc)
		return kb_error_set(err, KB_E_NOTFOUND,
			"the reply '%.*s' does not exist in %.*s or in its fallbacks",
			KB_ARG(id), KB_ARG(f->lib->config->locales[locale].code));
	if (!f->doc->reply)
		return kb_error_set(err, KB_E_USAGE, "'%.*s' is not a reply but %s %s",
			KB_ARG(id), f->doc->facts->type == KB_ARTICLE ? "an" : "a",
			kb_type_name(f->doc->facts->type));
	if (f->doc->locale != locale && !by_path)
		kb_complain("there is no '%.*s' in %.*s: this is the one in %.*s",
			KB_ARG(id), KB_ARG(f->lib->config->locales[locale].code),
			KB_ARG(f->lib->config->locales[f->doc->locale].code));
	if (f->doc->family != family && f->doc->family->general == family)
		kb_complain("'%.*s' replaces '%.*s' in %.*s", KB_ARG(f->doc->id),
			KB_ARG(id), KB_ARG(region));
	return 0;
}

/* "email, chat" */
static kb_str channel_list(struct filling *f)
{
	kb_str list = KB_STR("");

	for (uint32_t i = 0; i < f->lib->config->nchannels; i++) {
		const struct kb_channel *channel = &f->lib->config->channels[i];

		if (kb_reply_serves(f->doc, channel))
			list = kb_arena_fmt(f->arena, "%.*s%s%.*s", KB_ARG(list),
				list.len ? ", " : "", KB_ARG(channel->id));
	}
	return list;
}

/* Given, else the first that the reply names, else the text for the rest. */
static int find_channel(struct filling *f, struct kb_error *err)
{
	const kb_strs *own = &f->doc->facts->channels;

	if (f->options->channel) {
		if (kb_pick_channel(f->lib, f->options->channel, &f->channel, err))
			return -1;
	} else if (own->len) {
		f->channel = kb_config_channel(f->lib->config, own->items[0]);
	}
	if (own->len && f->channel && !kb_reply_serves(f->doc, f->channel))
		return kb_error_set(err, KB_E_USAGE,
			"the reply '%.*s' has no text for %.*s: it has one for %.*s",
			KB_ARG(f->doc->id), KB_ARG(f->channel->id),
			KB_ARG(channel_list(f)));
	return 0;
}

static int reply(
	const struct kb_cli *cli, struct filling *f, kb_str id, struct kb_error *err)
{
	struct kb_filled filled;

	kb_note_locale(cli, f->lib, f->options->locale);
	if (find_reply(f, id, err) || find_channel(f, err) || read_values(f, err) ||
		fill_in(f, &filled, err) || print(cli, f, &filled, err))
		return -1;
	if (!check_length(f, &filled, err))
		return KB_EXIT_OK;
	kb_fail(err);
	return KB_EXIT_FOUND;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	struct filling f = {.lib = session->lib,
		.reader = kb_reader_new(session->source),
		.arena = session->arena,
		.options = opaque};
	int status = reply(session->cli, &f, operands->items[0], err);

	kb_vec_dispose(&f.values);
	kb_reader_free(f.reader);
	return status;
}

const struct kb_command kb_cmd_reply = {
	.name = "reply",
	.summary = "fill in a reply template",
	.operands = "ID",
	.least = 1,
	.most = 1,
	.options = options,
	.values_size = sizeof(struct reply_values),
	.read = AT(read),
	.work = work,
};
