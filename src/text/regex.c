#define PCRE2_CODE_UNIT_WIDTH 8
#include "kb/regex.h"

#include <pcre2.h>
#include <pthread.h>

#include "kb/mem.h"

/* What a match may cost: steps, and KB of heap where there is no JIT. */
#define MATCH_LIMIT 1000000
#define HEAP_LIMIT 20000
#define JIT_STACK_MIN (32 * 1024)
#define JIT_STACK_MAX (1024 * 1024)

struct kb_regex {
	pcre2_code *code;
};

/* What a thread needs to match; made on its first match, freed when it ends. */
struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static pthread_key_t matcher_key;
static pthread_once_t matcher_once = PTHREAD_ONCE_INIT;

static void *need(void *p)
{
	if (!p)
		kb_oom(); /* calls the out-of-memory handler */
	return p;
}

static void matcher_free(void *p)
{
	struct matcher *m = p;

	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->stack);
	free(m);
}

static void matcher_init(void)
{
	need(pthread_key_create(&matcher_key, matcher_free) == 0 ? &matcher_key : NULL);
}

static struct matcher *matcher_get(void)
{
	struct matcher *m;

	pthread_once(&matcher_once, matcher_init);
	m = pthread_getspecific(matcher_key);
	if (m)
		return m;
	m = kb_xcalloc(1, sizeof(*m));
	m->data = need(pcre2_match_data_create(KB_REGEX_GROUPS, NULL));
	m->context = need(pcre2_match_context_create(NULL));
	m->stack = need(pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL));
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT);
	pcre2_jit_stack_assign(m->context, NULL, m->stack);
	pthread_setspecific(matcher_key, m);
	return m;
}

static uint32_t options_of(int flags)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;

	if (flags & KB_REGEX_NOCASE)
		options |= PCRE2_CASELESS;
	if (flags & KB_REGEX_ECMA)
		return options | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX |
		       PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF;
	return options | PCRE2_UCP;
}

/* Offset of a backslash whose letter means something to PCRE2 alone; or SIZE_MAX. */
static size_t foreign_escape(kb_str pattern)
{
	for (size_t i = 0; i + 1 < pattern.len; i++) {
		char c = pattern.data[i + 1];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (pattern.data[i] != '\\')
			continue;
		if (letter && !strchr("dDwWsSbBfnrtvcxukpP", c))
			return i;
		i++;
	}
	return SIZE_MAX;
}

int kb_regex_compile(
	struct kb_regex **out, kb_str pattern, int flags, struct kb_error *err)
{
	pcre2_compile_context *context = need(pcre2_compile_context_create(NULL));
	PCRE2_UCHAR reason[200];
	size_t offset;
	pcre2_code *code;
	int error;

	if (flags & KB_REGEX_ECMA) {
		size_t at = foreign_escape(pattern);

		if (at != SIZE_MAX) {
			pcre2_compile_context_free(context);
			return kb_error_set(err, KB_E_USAGE,
				"the regular expression '%.*s' is wrong at character "
				"%zu: JSON Schema does not have '\\%c'",
				KB_ARG(pattern), at + 1, pattern.data[at + 1]);
		}
		pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
	}
	code = pcre2_compile((PCRE2_SPTR)(pattern.data ? pattern.data : ""), pattern.len,
		options_of(flags), &error, &offset, context);
	pcre2_compile_context_free(context);
	if (!code && error == PCRE2_ERROR_HEAP_FAILED)
		kb_oom();
	if (!code) {
		pcre2_get_error_message(error, reason, sizeof(reason));
		return kb_error_set(err, KB_E_USAGE,
			"the regular expression '%.*s' is wrong at character %zu: %s",
			KB_ARG(pattern), offset + 1, (const char *)reason);
	}
	pcre2_jit_compile(
		code, PCRE2_JIT_COMPLETE); /* without JIT it is slower, no more */
	*out = kb_xcalloc(1, sizeof(**out));
	(*out)->code = code;
	return 0;
}

void kb_regex_free(struct kb_regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	free(regex);
}

/* How many groups there are, the whole match the first of them, or PCRE2's error. */
static int match(const struct kb_regex *regex, kb_str text, size_t from)
{
	struct matcher *m = matcher_get();
	int rc;

	if (from > text.len)
		return PCRE2_ERROR_NOMATCH;
	rc = pcre2_match(regex->code, (PCRE2_SPTR)(text.data ? text.data : ""), text.len,
		from, 0, m->data, m->context);
	if (rc == PCRE2_ERROR_NOMEMORY)
		kb_oom();
	return rc == 0 ? KB_REGEX_GROUPS : rc; /* 0: more than there is room for */
}

/* \K in a look-ahead can put the start behind the end. */
static kb_range group_at(size_t i)
{
	const size_t *ends = pcre2_get_ovector_pointer(matcher_get()->data) + 2 * i;

	if (ends[0] == PCRE2_UNSET)
		return (kb_range){0, 0};
	return (kb_range){
		(uint32_t)ends[0], ends[1] > ends[0] ? (uint32_t)(ends[1] - ends[0]) : 0};
}

int kb_regex_find(const struct kb_regex *regex, kb_str text, size_t from, kb_range *found)
{
	int rc = match(regex, text, from);

	if (rc < 0)
		return rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
	if (found)
		*found = group_at(0);
	return 1;
}

int kb_regex_groups(const struct kb_regex *regex, kb_str text, size_t from,
	kb_range groups[KB_REGEX_GROUPS])
{
	int rc = match(regex, text, from);

	if (rc < 0)
		return rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
	for (int i = 0; i < KB_REGEX_GROUPS; i++) {
		groups[i] = i < rc ? group_at((size_t)i) : (kb_range){0, 0};
		if (!groups[i].len)
			groups[i].off = groups[0].off;
	}
	return 1;
}
