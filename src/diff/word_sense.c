/* What words say about a rule: word lists of the languages that kb knows. */
#include "word_sense.h"

#include "kb/buf.h"
#include "kb/unicode.h"

/* Everyday words of another language (Hungarian "hat", "se", "egy") are in no list. */
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

/* Words with the number that they spell. An ordinal's ends with a point. */
static const struct numeral {
	const char *value, *words;
} numerals[] = {
	{"2", "two zwei zweier két kettő deux dos"},
	{"3", "three drei dreier három trois tres"},
	{"4", "four vier négy quatre cuatro"},
	{"5", "five fünf öt cinq cinco"},
	{"6", "six sechs seis"},
	{"7", "seven sieben hét sept siete"},
	{"8", "eight acht nyolc huit ocho"},
	{"9", "nine neun kilenc neuf nueve"},
	{"10", "ten zehn tíz dix diez"},
	{"11", "eleven elf tizenegy onze"},
	{"12", "twelve zwölf tizenkét tizenkettő douze doce"},
	{"14", "fourteen vierzehn tizennégy quatorze catorce"},
	{"15", "fifteen fünfzehn tizenöt quinze quince"},
	{"20", "twenty zwanzig húsz vingt veinte"},
	{"24", "huszonnégy vierundzwanzig"},
	{"30", "thirty dreißig harminc trente treinta"},
	{"48", "negyvennyolc achtundvierzig"},
	{"60", "sixty sechzig hatvan soixante sesenta"},
	{"90", "ninety neunzig kilencven noventa"},
	{"100", "hundred hundert száz cent cien"},
	{"1000", "thousand tausend ezer mille mil"},
	{"1/2", "half halb halbe halben halber fél"},
	{"1x", "once einmal egyszer"},
	{"2x", "twice zweimal kétszer"},
	{"3x", "dreimal háromszor"},
	{"2.", "zweite zweiten zweiter zweites zweitem deuxième"},
	{"3.", "third dritte dritten dritter drittes drittem troisième tercer tercero"},
	{"4.", "fourth vierte vierten vierter viertes quatrième cuarto"},
	{"5.", "fifth fünfte fünften fünfter fünftes cinquième quinto"},
	{"6.", "sixth sechste sechsten sechster sechstes sixième sexto"},
	{"7.", "seventh siebte siebten siebter siebtes septième séptimo"},
	{"8.", "eighth huitième octavo"},
	{"9.", "ninth neunte neunten neunter neuntes neuvième noveno"},
	{"10.", "tenth zehnte zehnten zehnter zehntes dixième décimo"},
	{"eur", "eur €"},
	{"gbp", "gbp £"},
	{"huf", "huf ft"},
	{"jpy", "jpy ¥ 円"},
	{"usd", "usd $"},
	{"chf", "chf"},
	{"%", "%"},
};

/* Hungarian numbers take endings: "ötödik", "ötödiket"; "ötször", "öten". */
static const struct numeral hungarian_numerals[] = {
	{"2.", "második"},
	{"3.", "harmadik"},
	{"4.", "negyedik"},
	{"5.", "ötödik"},
	{"6.", "hatodik"},
	{"7.", "hetedik"},
	{"8.", "nyolcadik"},
	{"9.", "kilencedik"},
	{"10.", "tizedik"},
};

/* Days and months that take endings, by the language of the endings. */
static const char *const english_days[] = {"monday", "tuesday", "wednesday", "thursday",
	"friday", "saturday", "sunday", "january", "february", "april", "august",
	"september", "october", "november", "december", NULL};
static const char *const english_ends[] = {"", "s", "'s", "’s", NULL};
static const char *const german_days[] = {"montag", "dienstag", "mittwoch", "donnerstag",
	"freitag", "samstag", "sonnabend", "sonntag", "januar", "jänner", "februar",
	"märz", "april", "juni", "juli", "august", "september", "oktober", "november",
	"dezember", NULL};
static const char *const german_ends[] = {"", "s", "e", "es", "abend", "abends", "morgen",
	"mittag", "mittags", "vormittag", "vormittags", "nachmittag", "nachmittags",
	"nacht", "früh", NULL};
static const char *const hungarian_days[] = {"hétfő", "hétfö", "kedd", "szerdá", "szerda",
	"csütörtök", "csütörtö", "péntek", "szombat", "vasárnap", "január", "február",
	"március", "április", "május", "június", "július", "augusztus", "szeptember",
	"október", "november", "december", NULL};
static const char *const hungarian_ends[] = {"", "i", "n", "on", "en", "ön", "ot", "et",
	"öt", "t", "ig", "ra", "re", "tól", "től", "ról", "ről", "ban", "ben", "nak",
	"nek", "hoz", "hez", "höz", "okon", "eken", "önként", "onként", "enként", "nként",
	"ja", "je", "a", "e", "ával", "val", "vel", "án", "én", "ai", "ei", "ával", "el",
	"kel", "dal", NULL};
static const char *const romance_days[] = {"lundi", "mardi", "mercredi", "jeudi",
	"vendredi", "samedi", "dimanche", "janvier", "février", "avril", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre", "lunes",
	"martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "enero",
	"febrero", "abril", "junio", "julio", "agosto", "septiembre", "octubre",
	"noviembre", "diciembre", NULL};
static const char *const romance_ends[] = {"", "s", NULL};
static const char *const russian_days[] = {"понедельник", "вторник", "сред", "четверг",
	"пятниц", "суббот", "воскресень", "январ", "феврал", "апрел", "июн", "июл",
	"август", "сентябр", "октябр", "ноябр", "декабр", NULL};
static const char *const russian_ends[] = {
	"", "а", "у", "е", "ы", "и", "ю", "я", "ь", "ом", "ой", "ем", "ам", "ям", NULL};
/* In these scripts no space ends the word. */
static const char *const cjk_days[] = {"星期", "周一", "周二", "周三", "周四", "周五",
	"周六", "周日", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜", NULL};

static const struct day_names {
	const char *const *stems, *const *ends; /* NULL: any end */
} day_names[] = {
	{english_days, english_ends},
	{german_days, german_ends},
	{hungarian_days, hungarian_ends},
	{romance_days, romance_ends},
	{russian_days, russian_ends},
	{cjk_days, NULL},
};

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

/* Words of the left side mean the opposite of those on the right. */
static const struct opposite {
	const char *left, *right;
} opposites[] = {
	{"before prior bevor vor ehe előtt mielőtt avant antes до",
		"after following nach nachdem danach után miután après después после"},
	{"all every each whole entire entirely fully both always alle allen aller alles "
	 "jede jeden jeder jedes ganz ganze ganzen gesamt vollständig immer mind minden "
	 "összes teljes egész mindig tout toute tous toutes toujours todo toda todos "
	 "todas siempre все всё всегда",
		"part parts partly partially some either sometimes teil teile teilweise "
		"einige einigen manche manchmal rész részt részben részleges néhány néha "
		"partie quelques parfois parte algunos algunas часть некоторые"},
	{"open opened unsealed geöffnet geöffnete geöffneten geöffneter offen offene "
	 "offenen nyitott felbontott kibontott ouvert ouverte ouverts abierto abierta "
	 "abiertos",
		"closed sealed unopened geschlossen geschlossene geschlossenen ungeöffnet "
		"ungeöffnete ungeöffneten verschlossen verschlossene verschlossenen zárt "
		"bontatlan felbontatlan lezárt fermé fermée fermés cerrado cerrada cerrados"},
	{"least minimum more over above exceeding mehr über mindestens legalább több "
	 "felett minimo mínimo",
		"most maximum less fewer under below weniger unter höchstens legfeljebb "
		"kevesebb alatt máximo"},
	{"on enable enabled allow allowed", "off disable disabled forbid forbidden"},
	{"einschalten eingeschaltet bekapcsol bekapcsolva",
		"ausschalten ausgeschaltet kikapcsol kikapcsolva"},
	{"left links linke linken linker bal balra baloldali gauche izquierda",
		"right rechts rechte rechten rechter jobb jobbra jobboldali droite derecha"},
	{"inside innen inland belföldi dedans dentro",
		"outside außen ausland külföldi dehors fuera"},
	{"included including inklusive inkl inbegriffen tartalmazza inclus incluido",
		"excluded excluding zuzüglich zzgl exklusive exclus excluido"},
	{"free kostenlos kostenfrei gratis ingyen ingyenes gratuit gratuite gratuito",
		"paid charged kostenpflichtig fizetős díjköteles payant payante"},
	{"accept accepted annehmen angenommen elfogad elfogadja",
		"refuse refused reject rejected ablehnen abgelehnt elutasít elutasítja"},
	{"new neu neue neuen neuer neues új nouveau nouvelle nuevo nueva",
		"used gebraucht gebrauchte gebrauchten használt usado usada"},
	{"increase increased erhöhen erhöht növel növelje",
		"decrease decreased reduce reduced senken gesenkt csökkent csökkentse"},
	{"first earliest", "last latest"},
	{"private privat privát", "public öffentlich nyilvános"},
};

static bool listed(const char *const *list, kb_str word)
{
	for (; *list; list++)
		if (kb_str_is(word, *list))
			return true;
	return false;
}

/* Is WORD one of WORDS, between which there are spaces? */
static bool among(const char *words, kb_str word)
{
	kb_str rest = kb_str_of(words);
	bool begins = true;
	size_t at;

	while (word.len && (at = kb_str_find(rest, word)) != SIZE_MAX) {
		size_t end = at + word.len;

		if ((at ? rest.data[at - 1] == ' ' : begins) &&
			(end == rest.len || rest.data[end] == ' '))
			return true;
		begins = false;
		rest = kb_str_sub(rest, end, rest.len);
	}
	return false;
}

bool has_digit(kb_str s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = kb_utf8_next(s, &at);

		if ((cp >= '0' && cp <= '9') || (cp >= 0xbc && cp <= 0xbe) ||
			(cp >= 0xff10 && cp <= 0xff19) || (cp >= 0x660 && cp <= 0x669) ||
			(cp >= 0x966 && cp <= 0x96f))
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

bool is_digits(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return s.len > 0;
}

static bool ends_listed(const char *const *list, kb_str word)
{
	for (; *list; list++)
		if (kb_str_ends(word, kb_str_of(*list)))
			return true;
	return false;
}

static bool is_day(kb_str word)
{
	for (size_t i = 0; i < KB_LEN(day_names); i++)
		for (const char *const *stem = day_names[i].stems; *stem; stem++) {
			kb_str begin = kb_str_of(*stem);

			if (kb_str_starts(word, begin) &&
				(!day_names[i].ends ||
					listed(day_names[i].ends,
						kb_str_sub(word, begin.len, word.len))))
				return true;
		}
	return false;
}

static kb_str spelled_number(kb_str word)
{
	for (size_t i = 0; i < KB_LEN(numerals); i++)
		if (among(numerals[i].words, word))
			return kb_str_of(numerals[i].value);
	for (size_t i = 0; i < KB_LEN(hungarian_numerals); i++)
		if (kb_str_starts(word, kb_str_of(hungarian_numerals[i].words)))
			return kb_str_of(hungarian_numerals[i].value);
	return KB_STR_NULL;
}

/* Are all marks in S those between groups of three digits: 14.000, 1,000,000? */
static bool is_grouped(kb_str s)
{
	size_t mark = s.len;

	while (mark > 3 && is_digits(kb_str_sub(s, mark - 3, mark)) &&
		strchr(".,'", s.data[mark - 4]))
		mark -= 4;
	return mark < s.len && mark > 0 && mark <= 3 && s.data[0] != '0' &&
	       is_digits(kb_str_sub(s, 0, mark));
}

/* A number in one form for all: ASCII digits, no marks between groups of thousands, a
 * point before decimals. */
static kb_str plain_number(struct kb_arena *arena, kb_str word)
{
	_cleanup_buf_ kb_buf out = {0};
	bool grouped;
	kb_str s;

	for (size_t at = 0; at < word.len;) {
		uint32_t cp = kb_utf8_next(word, &at);

		kb_buf_utf8(&out, cp >= 0xff10 && cp <= 0xff19 ? cp - 0xff10 + '0' : cp);
	}
	s = kb_arena_str(arena, kb_buf_view(&out));
	grouped = is_grouped(s);
	kb_buf_clear(&out);
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(".,'", s.data[i]))
			kb_buf_putc(&out, s.data[i]);
		else if (!grouped)
			kb_buf_putc(&out, s.data[i] == ',' ? '.' : s.data[i]);
	return kb_arena_str(arena, kb_buf_view(&out));
}

enum sense word_sense(struct kb_arena *arena, kb_str word, kb_str *plain)
{
	kb_str number = spelled_number(word);

	*plain = word;
	if (number.len) {
		*plain = number;
		return SENSE_NUMBER;
	}
	if (has_digit(word) || is_kanji_number(word)) {
		*plain = plain_number(arena, word);
		return SENSE_NUMBER;
	}
	if (is_day(word))
		return SENSE_DATE;
	if (listed(negations, word) || ends_listed(negative_ends, word))
		return SENSE_NEGATION;
	return listed(duties, word)	   ? SENSE_DUTY
	       : listed(permissions, word) ? SENSE_PERMISSION
	       : listed(advices, word)	   ? SENSE_ADVICE
					   : SENSE_NONE;
}

static bool any_among(const char *words, const kb_strs *list)
{
	for (size_t i = 0; i < list->len; i++)
		if (among(words, list->items[i]))
			return true;
	return false;
}

bool words_oppose(const kb_strs *a, const kb_strs *b)
{
	for (size_t i = 0; i < KB_LEN(opposites); i++)
		if ((any_among(opposites[i].left, a) &&
			    any_among(opposites[i].right, b)) ||
			(any_among(opposites[i].right, a) &&
				any_among(opposites[i].left, b)))
			return true;
	return false;
}
