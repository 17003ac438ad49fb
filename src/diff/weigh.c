/*
 * What a change of words weighs. Numbers, negations and what is counted make it
 * significant; other letters for the same word, and marks, make it trivial.
 */
#include "kb/unicode.h"
#include "version.h"

/* What is an everyday word of another language (Hungarian "hat", "se", "egy") is in none
 * of these lists. */
static const char *const negations[] = {"no", "not", "never", "none", "nobody", "nothing",
	"nowhere", "without", "neither", "nor", "cannot", "unless", "except", "nicht",
	"kein", "keine", "keinen", "keinem", "keiner", "keines", "keinesfalls",
	"keineswegs", "niemand", "niemanden", "niemandem", "nirgends", "nie", "niemals",
	"ohne", "außer", "ausser", "weder", "nein", "nichts", "verboten", "nem", "ne",
	"sem", "nincs", "nincsen", "nincsenek", "sincs", "sincsenek", "senki", "semmi",
	"semmilyen", "soha", "sose", "sosem", "nélkül", "kivéve", "tilos", "n'", "pas",
	"jamais", "aucun", "aucune", "sans", "ni", "rien", "non", "nunca", "jamás",
	"ninguno", "ninguna", "ningún", "sin", "nada", "tampoco", "не", "нет", "нельзя",
	"без", "никогда", "ん", "せん", "不", "不能", "不可", "不可以", "不得", "不会",
	"不要", "不必", "不是", "没", "没有", "沒有", "无", "无法", "無法", "勿", "请勿",
	"切勿", "未", NULL};

/* Japanese says it at the end of a word. */
static const char *const negative_ends[] = {
	"ない", "ません", "なし", "不可", "禁止", "n't", "n’t", NULL};

static const char *const numerals[] = {"two", "three", "four", "five", "six", "seven",
	"eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "hundred", "once",
	"twice", "half", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
	"neun", "zehn", "elf", "zwölf", "zwanzig", "dreißig", "hundert", "einmal",
	"zweimal", "halb", "két", "kettő", "három", "négy", "öt", "hét", "nyolc",
	"kilenc", "tíz", "húsz", "harminc", "száz", "kétszer", "deux", "trois", "quatre",
	"cinq", "sept", "huit", "neuf", "dix", "vingt", "trente", "cent", "cuatro",
	"cinco", "seis", "siete", "ocho", "nueve", "diez", "veinte", "treinta", "cien",
	"eur", "usd", "gbp", "huf", "chf", "jpy", "€", "$", "£", "¥", "円", "ft", "%",
	NULL};

/* Days and months, with what is written on to them: "péntekig", "montags". */
static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday", "sunday", "january", "february", "april", "august", "september",
	"october", "november", "december", "montag", "dienstag", "mittwoch", "donnerstag",
	"freitag", "samstag", "sonnabend", "sonntag", "januar", "jänner", "februar",
	"märz", "oktober", "dezember", "hétfő", "kedd", "szerda", "csütörtök", "péntek",
	"szombat", "vasárnap", "január", "február", "március", "április", "május",
	"június", "július", "augusztus", "szeptember", "október", "lundi", "mardi",
	"mercredi", "jeudi", "vendredi", "samedi", "dimanche", "janvier", "février",
	"avril", "juin", "juillet", "août", "septembre", "octobre", "novembre",
	"décembre", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
	"domingo", "enero", "febrero", "abril", "junio", "julio", "agosto", "septiembre",
	"octubre", "noviembre", "diciembre", "понедельник", "вторник", "среду", "среды",
	"четверг", "пятниц", "суббот", "воскресень", "январ", "феврал", "апрел", "июн",
	"июл", "август", "сентябр", "октябр", "ноябр", "декабр", "星期", "周一", "周二",
	"周三", "周四", "周五", "周六", "周日", "月曜", "火曜", "水曜", "木曜", "金曜",
	"土曜", "日曜", NULL};

static const char *const duties[] = {"must", "shall", "required", "mandatory", "muss",
	"musst", "müssen", "müsst", "müsse", "verpflichtet", "verpflichtend",
	"erforderlich", "kell", "köteles", "kötelező", "muszáj", "dois", "doit", "devez",
	"devons", "doivent", "faut", "obligatoire", "debe", "debes", "deben", "debemos",
	"obligatorio", "obligatoria", "должен", "должна", "должны", "нужно", "необходимо",
	"必须", "必須", "务必", "需要", NULL};
static const char *const permissions[] = {"may", "can", "could", "might", "optional",
	"allowed", "darf", "darfst", "dürfen", "dürft", "kann", "kannst", "können",
	"könnt", "optional", "freiwillig", "erlaubt", "lehet", "szabad", "választható",
	"peut", "peux", "pouvez", "pouvons", "peuvent", "facultatif", "puede", "puedes",
	"pueden", "podemos", "opcional", "можно", "может", "можете", "могут", "可以",
	"能", "能够", NULL};
static const char *const advices[] = {"should", "recommended", "soll", "sollst", "sollen",
	"sollt", "sollte", "sollten", "empfohlen", "ajánlott", "javasolt", "érdemes",
	"devrait", "devriez", "recommandé", "debería", "deberías", "recomendado",
	"следует", "рекомендуется", "应", "应该", "建议", NULL};

static bool listed(const char *const *list, kb_str word)
{
	for (; *list; list++)
		if (kb_str_is(word, *list))
			return true;
	return false;
}

static bool has_digit(kb_str s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = kb_utf8_next(s, &at);

		if ((cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19) ||
			(cp >= 0x660 && cp <= 0x669) || (cp >= 0x966 && cp <= 0x96f))
			return true;
	}
	return false;
}

static bool is_among(kb_str characters, kb_str s, size_t at)
{
	return kb_str_find(characters, kb_str_sub(s, at, at + 3)) != SIZE_MAX;
}

/* 一, 二 ... 十, 百, 千, 万 alone or with what they count: 三日. */
static bool is_kanji_number(kb_str s)
{
	static const char digits[] = "一二三四五六七八九十百千万億";
	static const char counters[] = "日月年時分秒円個回人週本件枚台割倍";
	size_t at = 0;

	while (at + 3 <= s.len && is_among(kb_str_of(digits), s, at))
		at += 3;
	return at &&
	       (at == s.len || (at + 3 == s.len && is_among(kb_str_of(counters), s, at)));
}

enum sense {
	SENSE_NONE,
	SENSE_NUMBER,
	SENSE_DATE,
	SENSE_NEGATION,
	SENSE_DUTY,
	SENSE_PERMISSION,
	SENSE_ADVICE,
	SENSES
};

static bool begins_listed(const char *const *list, kb_str word)
{
	for (; *list; list++)
		if (kb_str_starts(word, kb_str_of(*list)))
			return true;
	return false;
}

static bool ends_listed(const char *const *list, kb_str word)
{
	for (; *list; list++)
		if (kb_str_ends(word, kb_str_of(*list)))
			return true;
	return false;
}

static enum sense sense_of(kb_str word)
{
	if (has_digit(word) || is_kanji_number(word) || listed(numerals, word))
		return SENSE_NUMBER;
	if (begins_listed(days, word))
		return SENSE_DATE;
	if (listed(negations, word) || ends_listed(negative_ends, word))
		return SENSE_NEGATION;
	return listed(duties, word)	   ? SENSE_DUTY
	       : listed(permissions, word) ? SENSE_PERMISSION
	       : listed(advices, word)	   ? SENSE_ADVICE
					   : SENSE_NONE;
}

/* What a hunk, words that went for words that came, holds. */
struct side {
	kb_strs words; /* lower case, without blanks and marks */
	kb_strs senses[SENSES];
};

static bool is_mark(uint32_t cp)
{
	return cp <= ' ' ||
	       (cp < 0x7f && !((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') &&
		       !(cp >= '0' && cp <= '9') && cp != '$' && cp != '%') ||
	       (cp >= 0x7f && cp < 0xc0 && cp != 0xa3 && cp != 0xa5) || cp == 0xd7 ||
	       (cp >= 0x2000 && cp < 0x2070) || (cp >= 0x3000 && cp < 0x3004) ||
	       (cp >= 0x3008 && cp < 0x3020) || cp == 0xff01 || cp == 0xff08 ||
	       cp == 0xff09 || cp == 0xff0c || cp == 0xff0e || cp == 0xff1a ||
	       cp == 0xff1f;
}

bool is_marks(kb_str s)
{
	for (size_t at = 0; at < s.len;)
		if (!is_mark(kb_utf8_next(s, &at)))
			return false;
	return true;
}

/* The digits of a number with the point that counts; one ASCII form for all. */
static kb_str plain_number(struct kb_arena *arena, kb_str word)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t at = 0; at < word.len;) {
		uint32_t cp = kb_utf8_next(word, &at);

		kb_buf_utf8(&out, cp >= 0xff10 && cp <= 0xff19 ? cp - 0xff10 + '0' : cp);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void take_side(struct kb_arena *arena, struct side *side, kb_str text)
{
	uint32_t *ends;
	size_t n = kb_text_breaks(arena, text, KB_BREAK_WORD, &ends);

	for (size_t i = 0; i < n; i++) {
		kb_str piece = kb_str_sub(text, i ? ends[i - 1] : 0, ends[i]);
		enum sense sense;

		if (is_marks(piece))
			continue;
		piece = kb_lower(arena, piece);
		sense = sense_of(piece);
		if (sense == SENSE_NUMBER)
			piece = plain_number(arena, piece);
		kb_vec_push(&side->words, piece);
		kb_vec_push(&side->senses[sense], piece);
	}
}

static int str_cmp(const void *a, const void *b)
{
	return kb_str_cmp(*(const kb_str *)a, *(const kb_str *)b);
}

static bool same_words(kb_strs *a, kb_strs *b, bool sorted)
{
	if (a->len != b->len)
		return false;
	if (sorted && a->len) {
		qsort(a->items, a->len, sizeof(*a->items), str_cmp);
		qsort(b->items, b->len, sizeof(*b->items), str_cmp);
	}
	for (size_t i = 0; i < a->len; i++)
		if (!kb_str_eq(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool near(kb_str a, kb_str b)
{
	size_t shortest = a.len < b.len ? a.len : b.len;
	size_t head = 0, tail = 0, left, right;

	while (head < shortest && a.data[head] == b.data[head])
		head++;
	while (tail < shortest - head &&
		a.data[a.len - 1 - tail] == b.data[b.len - 1 - tail])
		tail++;
	left = kb_utf8_count(kb_str_sub(a, head, a.len - tail));
	right = kb_utf8_count(kb_str_sub(b, head, b.len - tail));
	if (kb_utf8_count(a) < 4 || kb_utf8_count(b) < 4)
		return false;
	if (left <= 1 && right <= 1)
		return true;
	/* Two letters that changed places. */
	return left == 2 && right == 2 && a.len == b.len && head + 2 <= a.len &&
	       a.data[head] == b.data[head + 1] && a.data[head + 1] == b.data[head];
}

static bool is_spelling(const struct side *a, const struct side *b)
{
	if (a->words.len != b->words.len || !a->words.len)
		return false;
	for (size_t i = 0; i < a->words.len; i++)
		if (!kb_str_eq(a->words.items[i], b->words.items[i]) &&
			!near(a->words.items[i], b->words.items[i]))
			return false;
	return true;
}

static kb_str last_word(kb_str s)
{
	size_t from;

	s = kb_str_trim(s);
	for (from = s.len; from && s.data[from - 1] != ' ' && s.data[from - 1] != '\n';)
		from--;
	return kb_str_sub(s, from, s.len);
}

static kb_str first_word(kb_str s)
{
	size_t to = 0;

	s = kb_str_trim(s);
	while (to < s.len && s.data[to] != ' ' && s.data[to] != '\n')
		to++;
	return kb_str_sub(s, 0, to);
}

/* Words beside a number say what is counted: days, euros, a month. */
static bool beside_number(kb_str before, kb_str after)
{
	return has_digit(last_word(before)) || has_digit(first_word(after));
}

/* A minus that came or went: "at -5", and not the dash of "3-5". */
static bool is_sign(kb_str before, kb_str went, kb_str came, kb_str after)
{
	kb_str mark = went.len ? went : came;
	bool minus =
		(kb_str_is(mark, "-") || kb_str_is(mark, "−")) && !(went.len && came.len);
	bool begins = !before.len || before.data[before.len - 1] == ' ';

	return minus && begins && after.len && after.data[0] >= '0' &&
	       after.data[0] <= '9';
}

static void dispose_side(struct side *side)
{
	kb_vec_dispose(&side->words);
	for (size_t i = 0; i < KB_LEN(side->senses); i++)
		kb_vec_dispose(&side->senses[i]);
}

/* "Must" for "may": both sides have such words, and others. */
static bool other_modal(const struct side *a, const struct side *b)
{
	size_t here = 0, there = 0;
	bool other = false;

	for (int s = SENSE_DUTY; s <= SENSE_ADVICE; s++) {
		here += a->senses[s].len;
		there += b->senses[s].len;
		other |= !a->senses[s].len != !b->senses[s].len;
	}
	return here && there && other;
}

static enum kb_weight hunk_weight(struct kb_arena *arena, kb_str before, kb_str went,
	kb_str came, kb_str after, kb_str *reason)
{
	struct side a = {0}, b = {0};
	enum kb_weight weight = KB_WEIGHT_MINOR;

	take_side(arena, &a, went);
	take_side(arena, &b, came);
	*reason = KB_STR("the wording changed");
	if (!same_words(&a.senses[SENSE_NUMBER], &b.senses[SENSE_NUMBER], true) ||
		is_sign(before, went, came, after)) {
		*reason = KB_STR("a number changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (!same_words(&a.senses[SENSE_DATE], &b.senses[SENSE_DATE], true)) {
		*reason = KB_STR("a date changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (a.senses[SENSE_NEGATION].len != b.senses[SENSE_NEGATION].len) {
		*reason = KB_STR("a negation came or went");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (other_modal(&a, &b)) {
		*reason = KB_STR("what must, should or may be done changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (same_words(&a.words, &b.words, false)) {
		*reason = KB_STR("typography");
		weight = KB_WEIGHT_TRIVIAL;
	} else if (is_spelling(&a, &b)) {
		*reason = KB_STR("spelling");
		weight = KB_WEIGHT_TRIVIAL;
	} else if (a.words.len && b.words.len && a.words.len < 3 && b.words.len < 3 &&
		   beside_number(before, after)) {
		*reason = KB_STR("what a number counts changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	}
	dispose_side(&a);
	dispose_side(&b);
	return weight;
}

enum kb_weight words_weight(
	struct kb_arena *arena, const struct words *words, kb_str *reason)
{
	enum kb_weight most = KB_WEIGHT_NONE;
	kb_str before = KB_STR_NULL;

	for (uint32_t i = 0; i < words->n;) {
		kb_str went = KB_STR_NULL, came = KB_STR_NULL, why, after;
		enum kb_weight weight;

		if (words->runs[i].op == KB_OP_KEEP) {
			before = words->runs[i++].text;
			continue;
		}
		if (words->runs[i].op == KB_OP_DELETE)
			went = words->runs[i++].text;
		if (i < words->n && words->runs[i].op == KB_OP_INSERT)
			came = words->runs[i++].text;
		after = i < words->n && words->runs[i].op == KB_OP_KEEP
				? words->runs[i].text
				: KB_STR_NULL;
		weight = hunk_weight(arena, before, went, came, after, &why);
		if (weight > most) {
			most = weight;
			*reason = why;
		}
	}
	return most;
}

enum kb_weight kb_diff_text_weight(
	struct kb_arena *arena, kb_str before, kb_str after, kb_str *reason)
{
	struct words words;

	*reason = KB_STR_NULL;
	words.runs = kb_diff_words(arena, before, after, &words.n);
	return words_weight(arena, &words, reason);
}

const char *kb_weight_name(enum kb_weight weight)
{
	static const char *const names[] = {"none", "trivial", "minor", "significant"};

	return names[weight];
}
