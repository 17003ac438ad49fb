/*
 * Personal data that does not belong into content: people's addresses, account and card
 * numbers, phone numbers, and a company's own numbers. In workflows, replies and
 * feedback, which are written with a real case at hand; in replies and workflows a
 * placeholder's example may hold what it likes.
 *
 * What is found in a text is kept with its facts: a remark has the words as its message
 * and what they look like as its hint. Only then is it seen what kb.yaml allows, so that
 * a contact can be added without reading any text again.
 */
#include "family.h"

#include "kb/feedback.h"
#include "kb/passage.h"
#include "kb/privacy.h"
#include "kb/regex.h"

struct kb_privacy {
	struct kb_regex *email, *iban, *card, *phone;
	struct kb_regex **patterns; /* kb.yaml's privacy.patterns */
	size_t npatterns;
	kb_strs allowed;	 /* addresses that may appear, in lower case or not */
	struct kb_regex **allow; /* the same as expressions */
	size_t nallow;
};

static struct kb_regex *compile(kb_str pattern)
{
	struct kb_regex *regex = NULL;

	kb_regex_compile(&regex, pattern, KB_REGEX_NOCASE, NULL);
	return regex;
}

static struct kb_regex *compile_setting(
	struct kb_checker *checker, const struct kb_node *node, kb_str pattern)
{
	struct kb_regex *regex = NULL;
	struct kb_error err;

	if (kb_regex_compile(&regex, pattern, KB_REGEX_NOCASE, &err) < 0)
		kb_diag_add(checker->diags, KB_RULE_CONFIG_VALUE,
			checker->lib->config->path, node->range, "%s", err.message);
	return regex;
}

static size_t compile_list(struct kb_checker *checker, const struct kb_node *list,
	bool whole, struct kb_regex ***out)
{
	size_t n = 0;

	*out = kb_xcalloc(
		list && list->kind == KB_NODE_SEQ ? list->len + 1 : 1, sizeof(**out));
	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++) {
		kb_str pattern = kb_node_str(list->items[i]);

		if (whole)
			pattern = kb_arena_fmt(
				checker->scratch, "\\A(?:%.*s)\\z", KB_ARG(pattern));
		(*out)[n] = compile_setting(checker, list->items[i], pattern);
		n += (*out)[n] != NULL;
	}
	return n;
}

/* What kb.yaml itself tells the public. */
static void allow_own(struct kb_privacy *privacy, const struct kb_config *config)
{
	for (uint32_t i = 0; i < config->ncontacts; i++) {
		kb_vec_push(&privacy->allowed, config->contacts[i].email);
		kb_vec_push(&privacy->allowed, config->contacts[i].number);
	}
	for (uint32_t i = 0; i < config->nvariables; i++)
		for (uint32_t k = 0; k < config->variables[i].value.n; k++)
			kb_vec_push(&privacy->allowed,
				config->variables[i].value.values[k].value);
}

struct kb_privacy *kb_privacy_load(struct kb_checker *checker)
{
	struct kb_privacy *privacy = kb_xcalloc(1, sizeof(*privacy));
	const struct kb_config *config = checker->lib->config;
	const struct kb_node *settings = kb_node_get(config->root, "privacy");

	privacy->email = compile(KB_STR("[\\w.%+-]+@[\\w-]+(?:\\.[\\w-]+)+"));
	privacy->iban = compile(KB_STR(
		"\\b[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\\b"));
	privacy->card = compile(KB_STR("(?<![\\d-])\\d(?:[ -]?\\d){12,18}(?![\\d-])"));
	privacy->phone = compile(KB_STR(
		"(?<!\\d[ /.-])(?<![\\w+])(?:\\+|00)[1-9]\\d{0,2}(?:[ /.-]?\\(?\\d{1,5}\\)?){2,6}(?!\\w)"));
	privacy->npatterns = compile_list(
		checker, kb_node_get(settings, "patterns"), false, &privacy->patterns);
	privacy->nallow = compile_list(
		checker, kb_node_get(settings, "allow"), true, &privacy->allow);
	allow_own(privacy, config);
	return privacy;
}

void kb_privacy_free(struct kb_privacy *privacy)
{
	if (!privacy)
		return;
	kb_regex_free(privacy->email);
	kb_regex_free(privacy->iban);
	kb_regex_free(privacy->card);
	kb_regex_free(privacy->phone);
	for (size_t i = 0; i < privacy->npatterns; i++)
		kb_regex_free(privacy->patterns[i]);
	for (size_t i = 0; i < privacy->nallow; i++)
		kb_regex_free(privacy->allow[i]);
	kb_vec_dispose(&privacy->allowed);
	free(privacy->patterns);
	free(privacy->allow);
	free(privacy);
}

/* ISO 13616: the number, its first four characters moved to the end and letters written
 * as 10 to 35, leaves 1 when divided by 97. */
static bool is_iban(kb_str s)
{
	char bare[64];
	size_t n = 0;
	unsigned rest = 0;

	for (size_t i = 0; i < s.len && n < sizeof(bare); i++)
		if (s.data[i] != ' ' && s.data[i] != '-')
			bare[n++] = s.data[i];
	if (n < 15 || n > 34)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = bare[(i + 4) % n];
		unsigned value = c >= '0' && c <= '9'	? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10
							: (unsigned)(c - 'A') + 10;

		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest == 1;
}

/* ISO/IEC 7812: Luhn's sum, and a first digit that card networks use. */
static bool is_card(kb_str s)
{
	unsigned sum = 0, digits = 0;

	for (size_t i = s.len; i > 0; i--) {
		unsigned digit = (unsigned)(s.data[i - 1] - '0');

		if (digit > 9)
			continue;
		if (digits++ % 2)
			digit = digit > 4 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return digits >= 13 && sum % 10 == 0 && s.data[0] >= '2' && s.data[0] <= '6';
}

static bool is_phone(kb_str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.len; i++)
		digits += s.data[i] >= '0' && s.data[i] <= '9';
	return digits >= 8 && digits <= 15;
}

static bool is_any(kb_str s)
{
	return s.len > 0;
}

/* Names that RFC 2606 and RFC 6761 keep for examples. */
static bool is_example(kb_str s)
{
	static const char *const ends[] = {".example", ".test", ".invalid", "example.com",
		"example.org", "example.net"};

	for (size_t i = 0; i < KB_LEN(ends); i++)
		if (kb_str_ends(s, kb_str_of(ends[i])))
			return true;
	return false;
}

static bool is_email(kb_str s)
{
	return !is_example(s);
}

static bool is_allowed(const struct kb_privacy *privacy, kb_str words)
{
	for (size_t i = 0; i < privacy->allowed.len; i++)
		if (kb_str_eq_nocase(privacy->allowed.items[i], words))
			return true;
	for (size_t i = 0; i < privacy->nallow; i++)
		if (kb_regex_find(privacy->allow[i], words, 0, NULL) == 1)
			return true;
	return false;
}

/* Where something was found: a place in a passage, or in a file as it stands. */
struct privacy_finder {
	const struct kb_privacy *privacy;
	struct kb_diags *found;
	kb_str path;
	kb_str text;
	const struct kb_passage *passage; /* NULL: the text is the file's, from base on */
	uint32_t base;
};

static void search(struct privacy_finder *f, const struct kb_regex *regex,
	enum kb_rule rule, bool (*real)(kb_str s), const char *hint)
{
	kb_range match;
	size_t from = 0;

	while (kb_regex_find(regex, f->text, from, &match) == 1) {
		kb_str words = kb_str_sub(f->text, match.off, match.off + match.len);

		from = match.off + (match.len ? match.len : 1);
		if (!real(words))
			continue;
		kb_diag_hint(f->found,
			kb_diag_add(f->found, rule, f->path,
				f->passage ? kb_passage_range(f->passage, match.off,
						     match.off + match.len)
					   : (kb_range){f->base + match.off, match.len},
				"%.*s", KB_ARG(words)),
			"%s", hint);
	}
}

bool kb_check_privacy_remark(struct kb_checker *checker, const struct kb_privacy *privacy,
	const struct kb_diag *remark)
{
	if (remark->rule != KB_RULE_PRIVACY_EMAIL &&
		remark->rule != KB_RULE_PRIVACY_ACCOUNT &&
		remark->rule != KB_RULE_PRIVACY_PHONE &&
		remark->rule != KB_RULE_PRIVACY_PATTERN)
		return false;
	if (!is_allowed(privacy, remark->message))
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, remark->rule, remark->path,
				remark->range, "'%.*s' looks like %.*s",
				KB_ARG(remark->message), KB_ARG(remark->hint)),
			"use a placeholder or a variable, or allow it under "
			"privacy.allow in kb.yaml");
	return true;
}

static void search_all(struct privacy_finder *f)
{
	const struct kb_privacy *privacy = f->privacy;

	search(f, privacy->email, KB_RULE_PRIVACY_EMAIL, is_email,
		"somebody's email address");
	search(f, privacy->iban, KB_RULE_PRIVACY_ACCOUNT, is_iban,
		"an account number (IBAN)");
	search(f, privacy->card, KB_RULE_PRIVACY_ACCOUNT, is_card, "a card number");
	search(f, privacy->phone, KB_RULE_PRIVACY_PHONE, is_phone, "a phone number");
	for (size_t i = 0; i < privacy->npatterns; i++)
		search(f, privacy->patterns[i], KB_RULE_PRIVACY_PATTERN, is_any,
			"the number of a real case (privacy.patterns in kb.yaml)");
}

static void search_value(const struct privacy_finder *finder,
	const struct kb_document *doc, const char *key, kb_str value)
{
	struct kb_passage passage = {
		.range = kb_facts_range(doc->facts, key), .text = value};
	struct privacy_finder f = *finder;

	f.text = value;
	f.passage = &passage;
	search_all(&f);
}

void kb_check_privacy(const struct kb_privacy *privacy, const struct kb_document *doc,
	struct kb_md *md, struct kb_arena *scratch, struct kb_diags *found)
{
	struct privacy_finder f = {.privacy = privacy, .found = found, .path = doc->path};
	struct kb_passages passages;

	if (doc->facts->type != KB_WORKFLOW && doc->facts->type != KB_REPLY)
		return;
	search_value(&f, doc, "title", doc->facts->title);
	search_value(&f, doc, "summary", doc->facts->summary);
	search_value(&f, doc, "subject", doc->facts->subject);
	kb_md_passages(md, scratch, &passages);
	for (uint32_t i = 0; i < passages.len; i++) {
		f.text = passages.items[i].text;
		f.passage = &passages.items[i];
		search_all(&f);
	}
}

struct kb_privacy *kb_privacy_open(const struct kb_library *lib)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_diags ignored;
	struct kb_checker checker = {.lib = lib, .diags = &ignored, .scratch = scratch};
	struct kb_privacy *privacy;

	kb_diags_init(&ignored, NULL);
	privacy = kb_privacy_load(&checker);
	kb_diags_dispose(&ignored);
	return privacy;
}

static const char *mark_of(enum kb_rule rule)
{
	switch (rule) {
	case KB_RULE_PRIVACY_EMAIL:
		return "[email]";
	case KB_RULE_PRIVACY_ACCOUNT:
		return "[account]";
	case KB_RULE_PRIVACY_PHONE:
		return "[phone]";
	default:
		return "[number]";
	}
}

/* By place; of two at one place, the longer one first. */
static int place_cmp(const void *pa, const void *pb)
{
	const struct kb_diag *a = pa, *b = pb;

	if (a->range.off != b->range.off)
		return a->range.off < b->range.off ? -1 : 1;
	return (a->range.len < b->range.len) - (a->range.len > b->range.len);
}

kb_str kb_privacy_mask(
	const struct kb_privacy *privacy, struct kb_arena *arena, kb_str text, size_t *n)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_diags found;
	struct privacy_finder f = {.privacy = privacy, .found = &found, .text = text};
	size_t at = 0;

	kb_diags_init(&found, NULL);
	search_all(&f);
	if (found.len)
		qsort(found.items, found.len, sizeof(*found.items), place_cmp);
	for (size_t i = 0; i < found.len; i++) {
		const struct kb_diag *diag = &found.items[i];

		if (diag->range.off < at || is_allowed(privacy, diag->message))
			continue;
		kb_buf_str(&out, kb_str_sub(text, at, diag->range.off));
		kb_buf_puts(&out, mark_of(diag->rule));
		at = diag->range.off + diag->range.len;
		++*n;
	}
	kb_buf_str(&out, kb_str_sub(text, at, text.len));
	kb_diags_dispose(&found);
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void check_feedback(struct kb_checker *checker, const struct kb_privacy *privacy,
	kb_str path, kb_str text)
{
	struct kb_diags found;
	struct privacy_finder f = {
		.privacy = privacy, .found = &found, .path = path, .text = text};

	kb_diags_init(&found, NULL);
	search_all(&f);
	for (size_t i = 0; i < found.len; i++)
		kb_check_privacy_remark(checker, privacy, &found.items[i]);
	kb_diags_dispose(&found);
}

void kb_check_privacy_feedback(
	struct kb_checker *checker, const struct kb_privacy *privacy)
{
	_cleanup_buf_ kb_buf text = {0};

	for (size_t i = 0; i < checker->lib->nentries; i++) {
		const struct kb_entry *entry = &checker->lib->entries[i];

		if (!kb_feedback_is_path(entry->path))
			continue;
		kb_buf_clear(&text);
		if (kb_reader_read(checker->reader, entry->path, 0, &text, NULL) == 0)
			check_feedback(checker, privacy, entry->path, kb_buf_view(&text));
	}
}
