#include "kb/option.h"

#include <limits.h>

#include "kb/buf.h"

struct option_parser {
	const struct kb_option_table *tables;
	size_t ntables;
	char **argv;
	int argc;
	int next; /* index of the argument to be read next */
	struct kb_error *err;
};

static bool takes_value(const struct kb_option *option)
{
	return option->kind != KB_OPT_FLAG;
}

static const struct kb_option *find_long(
	const struct option_parser *p, kb_str name, void **values)
{
	for (size_t t = 0; t < p->ntables; t++) {
		const struct kb_option *o = p->tables[t].options;

		for (; o && o->name; o++) {
			if (!kb_str_is(name, o->name))
				continue;
			*values = p->tables[t].values;
			return o;
		}
	}
	return NULL;
}

static const struct kb_option *find_letter(
	const struct option_parser *p, char letter, void **values)
{
	for (size_t t = 0; t < p->ntables; t++) {
		const struct kb_option *o = p->tables[t].options;

		for (; o && o->name; o++) {
			if (o->letter != letter)
				continue;
			*values = p->tables[t].values;
			return o;
		}
	}
	return NULL;
}

static void collect_names(const struct option_parser *p, kb_strs *names)
{
	for (size_t t = 0; t < p->ntables; t++) {
		const struct kb_option *o = p->tables[t].options;

		for (; o && o->name; o++)
			kb_vec_push(names, kb_str_of(o->name));
	}
}

/* The nearest name, or the only one that begins so; NULL: none. */
static const kb_str *suggest(kb_str word, const kb_strs *names)
{
	const kb_str *found = kb_str_nearest(word, names->items, names->len);

	if (found)
		return found;
	for (size_t i = 0; i < names->len; i++) {
		if (word.len < 2 || !kb_str_starts(names->items[i], word))
			continue;
		if (found)
			return NULL;
		found = &names->items[i];
	}
	return found;
}

static int fail_unknown(const struct option_parser *p, kb_str name)
{
	kb_strs names = {0};

	collect_names(p, &names);
	const kb_str *near = suggest(name, &names);
	if (near)
		kb_error_set(p->err, KB_E_USAGE,
			"unknown option '--%.*s': did you mean '--%.*s'?", KB_ARG(name),
			KB_ARG(*near));
	else
		kb_error_set(p->err, KB_E_USAGE, "unknown option '--%.*s'", KB_ARG(name));
	kb_vec_dispose(&names);
	return -1;
}

static int fail_choice(
	const struct option_parser *p, const struct kb_option *option, const char *value)
{
	kb_strs words = {0};
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; option->choices[i]; i++) {
		kb_vec_push(&words, kb_str_of(option->choices[i]));
		kb_buf_fmt(&list, "%s%s", i ? ", " : "", option->choices[i]);
	}
	const kb_str *near = suggest(kb_str_of(value), &words);
	if (near)
		kb_error_set(p->err, KB_E_USAGE,
			"--%s cannot be '%s': did you mean '%.*s'?", option->name, value,
			KB_ARG(*near));
	else
		kb_error_set(p->err, KB_E_USAGE, "--%s cannot be '%s': choose one of %s",
			option->name, value, list.data);
	kb_vec_dispose(&words);
	return -1;
}

static int find_choice(const struct option_parser *p, const struct kb_option *option,
	const char *value, int *out)
{
	for (int i = 0; option->choices[i]; i++) {
		if (strcmp(option->choices[i], value) != 0)
			continue;
		*out = i;
		return 0;
	}
	return fail_choice(p, option, value);
}

static int parse_number(const struct option_parser *p, const struct kb_option *option,
	const char *value, unsigned *out)
{
	unsigned long long n = 0;
	const char *c = value;

	for (; *c >= '0' && *c <= '9' && n <= UINT_MAX; c++)
		n = n * 10 + (unsigned)(*c - '0');
	if (c == value || *c || n > UINT_MAX)
		return kb_error_set(p->err, KB_E_USAGE,
			"--%s requires a whole number, not '%s'", option->name, value);
	*out = (unsigned)n;
	return 0;
}

static int store(const struct option_parser *p, const struct kb_option *option,
	void *values, const char *value)
{
	char *field = (char *)values + option->offset;
	int choice = 0;

	if (value && option->choices && find_choice(p, option, value, &choice))
		return -1;
	switch (option->kind) {
	case KB_OPT_FLAG:
		*(bool *)(void *)field = true;
		return 0;
	case KB_OPT_STRING:
		*(const char **)(void *)field = value;
		return 0;
	case KB_OPT_PAIRS:
		kb_vec_push((kb_strs *)(void *)field, kb_str_of(option->name));
		kb_vec_push((kb_strs *)(void *)field, kb_str_of(value));
		return 0;
	case KB_OPT_LIST:
		kb_vec_push((kb_strs *)(void *)field, kb_str_of(value));
		return 0;
	case KB_OPT_NUMBER:
		return parse_number(p, option, value, (unsigned *)(void *)field);
	case KB_OPT_CHOICE:
		*(int *)(void *)field = choice;
		return 0;
	}
	return 0;
}

/* The value of an option that is in the next argument. */
static int next_value(
	struct option_parser *p, const struct kb_option *option, const char **value)
{
	if (p->next >= p->argc)
		return kb_error_set(p->err, KB_E_USAGE, "--%s requires a value: --%s %s",
			option->name, option->name, option->arg);
	*value = p->argv[p->next++];
	return 0;
}

static int parse_long(struct option_parser *p, const char *arg)
{
	kb_str rest = kb_str_of(arg), name;

	kb_str_next(&rest, '=', &name);
	const char *value = name.len < strlen(arg) ? arg + name.len + 1 : NULL;
	void *values;
	const struct kb_option *option = find_long(p, name, &values);
	if (!option)
		return fail_unknown(p, name);
	if (!takes_value(option) && value)
		return kb_error_set(
			p->err, KB_E_USAGE, "--%s does not take a value", option->name);
	if (takes_value(option) && !value && next_value(p, option, &value))
		return -1;
	return store(p, option, values, value);
}

static int parse_letters(struct option_parser *p, const char *letters)
{
	for (const char *c = letters; *c; c++) {
		void *values;
		const struct kb_option *option = find_letter(p, *c, &values);

		if (!option)
			return kb_error_set(p->err, KB_E_USAGE, "unknown option '-%c'%s",
				*c,
				c == letters && c[1] ? ": long options begin with '--'"
						     : "");
		if (!takes_value(option)) {
			if (store(p, option, values, NULL))
				return -1;
			continue;
		}
		const char *value = c + 1;
		if (!*value && next_value(p, option, &value))
			return -1;
		return store(p, option, values, value);
	}
	return 0;
}

static bool is_option(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

int kb_options_parse(const struct kb_option_table *tables, size_t ntables, int argc,
	char **argv, kb_strs *operands, struct kb_error *err)
{
	struct option_parser p = {tables, ntables, argv, argc, 0, err};

	while (p.next < argc) {
		const char *arg = argv[p.next++];

		if (strcmp(arg, "--") == 0)
			break;
		if (!is_option(arg))
			kb_vec_push(operands, kb_str_of(arg));
		else if (arg[1] == '-' ? parse_long(&p, arg + 2)
				       : parse_letters(&p, arg + 1))
			return -1;
	}
	while (p.next < argc)
		kb_vec_push(operands, kb_str_of(argv[p.next++]));
	return 0;
}

/* Does the option ARG take its value from the argument that follows it? */
static bool wants_next(const struct option_parser *p, const char *arg)
{
	void *values;

	if (arg[1] == '-') {
		const struct kb_option *option =
			find_long(p, kb_str_of(arg + 2), &values);

		return option && takes_value(option);
	}
	for (const char *c = arg + 1; *c; c++) {
		const struct kb_option *option = find_letter(p, *c, &values);

		if (option && takes_value(option))
			return !c[1];
	}
	return false;
}

int kb_options_before_operand(
	const struct kb_option_table *tables, size_t ntables, int argc, char **argv)
{
	struct option_parser p = {tables, ntables, argv, argc, 0, NULL};
	int i = 0;

	while (i < argc && is_option(argv[i])) {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		i += wants_next(&p, argv[i]) ? 2 : 1;
	}
	return i < argc ? i : argc;
}
