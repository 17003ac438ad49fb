/* A document's prose, as style rules see it. */
#include "style.h"

#include "kb/unicode.h"

struct style_reading {
	struct kb_checker *checker;
	const struct kb_document *doc;
	struct style_text *out;
	struct {
		KB_VEC(struct style_unit);
	} units;
	uint32_t wanted; /* scopes */
	uint32_t base;	 /* scopes of all units: the document's type */
	/* Of the passage before, to see where lists and quotes begin. */
	uint32_t block, depth, quote;
};

static bool is_letter(uint32_t cp)
{
	return cp >= 0x80 || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= '0' && cp <= '9');
}

/* Code, addresses, {{names}} and pictures are not prose: '*' replaces them. */
static kb_str mask(struct style_reading *r, const struct kb_passage *p)
{
	char *text = NULL;

	for (uint32_t i = 0; i < p->nspans; i++) {
		const struct kb_span *span = &p->spans[i];
		kb_str words = kb_str_sub(p->text, span->from, span->to);
		bool address = span->kind == KB_SPAN_LINK &&
			       (kb_str_eq(words, span->dest) ||
				       kb_str_find(words, KB_STR("://")) != SIZE_MAX);

		if (span->kind != KB_SPAN_CODE && span->kind != KB_SPAN_VARIABLE &&
			span->kind != KB_SPAN_IMAGE && !address)
			continue;
		if (!text)
			text = kb_arena_copy(
				r->checker->scratch, p->text.data, p->text.len);
		memset(text + span->from, '*', span->to - span->from);
	}
	return text ? (kb_str){text, p->text.len} : p->text;
}

static void add_unit(struct style_reading *r, const struct kb_passage *p, kb_str text,
	uint32_t from, uint32_t scopes)
{
	if (text.len)
		kb_vec_push(&r->units,
			((struct style_unit){text, p, from, scopes | r->base}));
}

/* Where a sentence that begins at FROM ends. */
static size_t sentence_end(kb_str text, size_t from)
{
	for (size_t at = from; at < text.len;) {
		size_t before = at;
		unsigned char byte = (unsigned char)text.data[at];

		if (byte < 0x80 && byte != '.' && byte != '!' && byte != '?') {
			at++;
			continue;
		}
		uint32_t cp = kb_utf8_next(text, &at);

		if (cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F)
			return at;
		if (cp != '.' && cp != '!' && cp != '?' && cp != 0x2026)
			continue;
		while (at < text.len && strchr("\"')]", text.data[at]))
			at++;
		if (at == text.len)
			return at;
		if (text.data[at] != ' ' && text.data[at] != '\n')
			continue;
		/* "z. B.", "e.g. this": no end behind a single letter or before a small
		 * one. */
		size_t next = at + 1, after = next;
		uint32_t first = next < text.len ? kb_utf8_next(text, &after) : 0;
		bool small = (first >= 'a' && first <= 'z') ||
			     (first >= 0xDF && first <= 0xFF);
		bool single =
			cp == '.' && before &&
			is_letter((unsigned char)text.data[before - 1]) &&
			(before < 2 || !is_letter((unsigned char)text.data[before - 2]));
		if (!small && !single)
			return at;
	}
	return text.len;
}

static void add_sentences(
	struct style_reading *r, const struct kb_passage *p, kb_str text, uint32_t scopes)
{
	if (!(r->wanted & (1u << STYLE_SENTENCE | 1u << STYLE_COUNTS)))
		return;
	for (size_t from = 0; from < text.len;) {
		size_t to = sentence_end(text, from);
		kb_str sentence = kb_str_sub(text, from, to);

		r->out->counts.sentences++;
		if (r->wanted & 1u << STYLE_SENTENCE)
			add_unit(r, p, sentence, (uint32_t)from,
				(scopes & ~(1u << STYLE_TEXT)) | 1u << STYLE_SENTENCE);
		from = to;
		while (from < text.len && strchr(" \n", text.data[from]))
			from++;
	}
}

static bool is_vowel(uint32_t cp)
{
	switch (cp < 0x80 ? cp | 0x20 : cp) {
	case 'a':
	case 'e':
	case 'i':
	case 'o':
	case 'u':
	case 'y':
		return true;
	default:
		return cp >= 0xC0 && cp <= 0x17F && cp != 0xDF && cp != 0xE7 &&
		       cp != 0xF1;
	}
}

/* Groups of vowels, a rough count that serves the formulas made for English. */
static size_t count_syllables(kb_str word)
{
	size_t n = 0;
	bool vowel = false;

	for (size_t at = 0; at < word.len;) {
		unsigned char byte = (unsigned char)word.data[at];
		bool now = is_vowel(byte < 0x80 ? at++, byte : kb_utf8_next(word, &at));

		n += now && !vowel;
		vowel = now;
	}
	if (n > 1 && word.data[word.len - 1] == 'e' && !kb_str_ends(word, KB_STR("le")))
		n--;
	return n ? n : 1;
}

/* A complex word has three syllables without an ending such as -ing. */
static bool is_complex(kb_str word)
{
	static const char *const endings[] = {"es", "ed", "ing"};

	for (size_t i = 0; i < KB_LEN(endings); i++)
		if (kb_str_ends(word, kb_str_of(endings[i]))) {
			word.len -= strlen(endings[i]);
			break;
		}
	return word.len && count_syllables(word) > 2;
}

static void count_word(struct style_text *out, kb_str word)
{
	size_t syllables = count_syllables(word), length = kb_utf8_count(word);

	out->counts.words++;
	out->counts.characters += length;
	out->counts.syllables += syllables;
	out->counts.complex_words += is_complex(word);
	out->counts.polysyllabic_words += syllables > 2;
	out->counts.long_words += length > 6;
}

/* Letters of any script, digits, and what is not ASCII, the apostrophe ’ among it. */
static void count_words(struct style_text *out, kb_str text)
{
	size_t from = SIZE_MAX;

	for (size_t at = 0; at <= text.len; at++) {
		unsigned char byte = at < text.len ? (unsigned char)text.data[at] : ' ';
		bool inside = is_letter(byte) || (from != SIZE_MAX && byte == '\'');

		if (inside && from == SIZE_MAX)
			from = at;
		if (!inside && from != SIZE_MAX) {
			count_word(out, kb_str_sub(text, from, at));
			from = SIZE_MAX;
		}
	}
}

static void add_spans(struct style_reading *r, const struct kb_passage *p)
{
	static const struct {
		enum kb_span_kind kind;
		enum style_scope scope;
	} kinds[] = {{KB_SPAN_IMAGE, STYLE_ALT}, {KB_SPAN_LINK, STYLE_LINK},
		{KB_SPAN_STRONG, STYLE_STRONG}, {KB_SPAN_EMPH, STYLE_EMPHASIS},
		{KB_SPAN_CODE, STYLE_CODE}};

	for (uint32_t i = 0; i < p->nspans; i++)
		for (size_t k = 0; k < KB_LEN(kinds); k++)
			if (p->spans[i].kind == kinds[k].kind &&
				r->wanted & 1u << kinds[k].scope)
				add_unit(r, p,
					kb_str_sub(p->text, p->spans[i].from,
						p->spans[i].to),
					p->spans[i].from, 1u << kinds[k].scope);
}

static uint32_t scopes_of(const struct kb_passage *p)
{
	uint32_t scopes = 1u << STYLE_TEXT;

	if (p->kind == KB_PASSAGE_HEADING)
		return scopes | 1u << STYLE_HEADING |
		       1u << (STYLE_H1 + (p->level ? p->level - 1 : 0));
	if (p->kind == KB_PASSAGE_CELL)
		return scopes | 1u << STYLE_TABLE |
		       1u << (p->header ? STYLE_TABLE_HEADER : STYLE_TABLE_CELL);
	if (p->depth)
		scopes |= 1u << STYLE_LIST;
	if (p->quote)
		scopes |= 1u << STYLE_BLOCKQUOTE;
	if (!p->depth && !p->quote)
		scopes |= 1u << STYLE_PARAGRAPH;
	return scopes | 1u << STYLE_SUMMARY;
}

/* Lists, quotes and blocks of code, by where they begin. */
static void count_blocks(struct style_reading *r, const struct kb_passage *p)
{
	bool same = p->block == r->block;

	if (!same || p->depth > r->depth)
		r->out->counts.lists += p->depth - (same ? r->depth : 0);
	if (p->quote && !(same && r->quote))
		r->out->counts.blockquotes++;
	r->out->counts.pre += p->kind == KB_PASSAGE_CODE;
	r->block = p->block;
	r->depth = p->depth;
	r->quote = p->quote;
}

static void read_passage(struct style_reading *r, const struct kb_passage *p)
{
	uint32_t scopes = scopes_of(p), base = r->base;
	struct style_text *out = r->out;

	if (p->kind == KB_PASSAGE_INCLUDE || p->kind == KB_PASSAGE_RULE)
		return;
	count_blocks(r, p);
	if (p->kind == KB_PASSAGE_CODE) {
		if (r->wanted & 1u << STYLE_CODE)
			add_unit(r, p, p->text, 0, 1u << STYLE_CODE);
		return;
	}
	/* Notes to the agent in a reply are not what customers read. */
	if (r->doc->facts->type == KB_REPLY && p->marker.len)
		r->base &= ~(1u << STYLE_REPLY);
	kb_str text = mask(r, p);
	add_unit(r, p, text, 0, scopes);
	if (p->kind == KB_PASSAGE_HEADING) {
		out->counts.headings[p->level < 7 ? p->level : 6]++;
	} else if (p->kind == KB_PASSAGE_CELL) { /* no sentences */
		size_t sentences = out->counts.sentences;

		add_sentences(r, p, text, scopes);
		out->counts.sentences = sentences;
	} else {
		if (r->wanted & 1u << STYLE_COUNTS)
			count_words(out, text);
		out->counts.paragraphs += p->kind == KB_PASSAGE_PARAGRAPH && !p->depth;
		add_sentences(r, p, text, scopes);
	}
	add_spans(r, p);
	r->base = base;
}

/* Front matter that readers see. */
static void read_value(struct style_reading *r, const char *key, kb_str value,
	kb_str file, uint32_t scopes)
{
	struct kb_passage *p;

	if (!value.len)
		return;
	p = kb_arena_new_of(r->checker->scratch, struct kb_passage);
	*p = kb_passage_of_value(
		r->checker->scratch, value, file, kb_facts_range(r->doc->facts, key));
	add_unit(r, p, mask(r, p), 0, scopes);
	if (r->wanted & 1u << STYLE_SENTENCE && !(scopes & 1u << STYLE_TITLE))
		add_sentences(r, p, mask(r, p), scopes);
}

static void read_front(struct style_reading *r, kb_str file)
{
	const struct kb_document *doc = r->doc;
	uint32_t title = 1u << STYLE_TEXT | 1u << STYLE_TITLE | 1u << STYLE_HEADING |
			 1u << STYLE_H1;

	read_value(r, "title", doc->facts->title, file, title);
	read_value(r, "question", doc->facts->question, file, 1u << STYLE_TEXT);
	read_value(r, "summary", doc->facts->summary, file, 1u << STYLE_TEXT);
	read_value(r, "subject", doc->facts->subject, file,
		1u << STYLE_TEXT | 1u << STYLE_SUBJECT);
	r->out->counts.sentences = 0;
}

/* The body as it is written. */
static void read_raw(struct style_reading *r, kb_str body, uint32_t offset)
{
	struct kb_passage *p = kb_arena_new_of(r->checker->scratch, struct kb_passage);

	p->text = body;
	p->range = (kb_range){offset, (uint32_t)body.len};
	p->runs = kb_arena_new_of(r->checker->scratch, struct kb_run);
	p->runs[0] = (struct kb_run){0, offset, (uint32_t)body.len};
	p->nruns = 1;
	add_unit(r, p, body, 0, 1u << STYLE_RAW);
}

static void note_trigrams(struct style_text *text)
{
	for (size_t i = 0; i < text->len; i++) {
		kb_str s = text->units[i].text;

		for (size_t k = 0; k + 3 <= s.len; k++) {
			uint16_t hash = style_trigram(s.data + k);

			text->trigrams[hash / 32] |= 1u << hash % 32;
		}
	}
}

void style_text_read(struct kb_checker *checker, const struct kb_document *doc,
	kb_str file, struct kb_md *md, uint32_t scopes, struct style_text *out)
{
	static const int types[KB_TYPE_COUNT] = {[KB_ARTICLE] = STYLE_ARTICLE,
		[KB_WORKFLOW] = STYLE_WORKFLOW,
		[KB_REPLY] = STYLE_REPLY,
		[KB_REFERENCE] = STYLE_REFERENCE,
		[KB_SNIPPET] = STYLE_TEXT};
	struct style_reading r = {.checker = checker,
		.doc = doc,
		.out = out,
		.wanted = scopes,
		.block = KB_NONE};
	struct kb_passages passages;

	memset(out, 0, sizeof(*out));
	if (doc->facts->type != KB_SNIPPET)
		r.base = 1u << types[doc->facts->type];
	read_front(&r, file);
	kb_md_passages(md, checker->scratch, &passages);
	for (uint32_t i = 0; i < passages.len; i++)
		read_passage(&r, &passages.items[i]);
	if (scopes & 1u << STYLE_RAW)
		read_raw(&r, kb_str_sub(file, doc->facts->body_offset, file.len),
			doc->facts->body_offset);
	out->len = r.units.len;
	out->units = kb_vec_freeze(&r.units, checker->scratch);
	note_trigrams(out);
}
