#include "kb/token.h"

#include <errno.h>
#include <libstemmer.h>

#include "kb/buf.h"
#include "kb/function_words.h"
#include "kb/map.h"
#include "kb/unicode.h"

enum language { OTHER, ENGLISH, GERMAN, HUNGARIAN };

struct kb_stemmer {
	struct sb_stemmer *snowball; /* NULL: none for the language */
	enum language language;
	const struct kb_function_words *function_words;
	struct kb_arena *arena;
	kb_map known; /* words in lower case to struct kb_keys */
};

struct kb_stemmer *kb_stemmer_new(kb_str locale)
{
	struct kb_stemmer *stemmer = kb_xcalloc(1, sizeof(*stemmer));
	char language[4] = "";

	for (size_t i = 0; i < 3 && i < locale.len && locale.data[i] != '-'; i++)
		language[i] = locale.data[i];
	if (!strcmp(language, "nb") || !strcmp(language, "nn"))
		memcpy(language, "no", 3);
	if (!strcmp(language, "en"))
		stemmer->language = ENGLISH;
	if (!strcmp(language, "de"))
		stemmer->language = GERMAN;
	if (!strcmp(language, "hu"))
		stemmer->language = HUNGARIAN;
	stemmer->function_words = kb_function_words_of(locale);
	errno = 0;
	stemmer->snowball = sb_stemmer_new(language, "UTF_8");
	/* It says the same of a language that it does not know. */
	if (!stemmer->snowball && errno == ENOMEM)
		kb_oom();
	stemmer->arena = kb_arena_new();
	return stemmer;
}

void kb_stemmer_free(struct kb_stemmer *stemmer)
{
	if (!stemmer)
		return;
	if (stemmer->snowball)
		sb_stemmer_delete(stemmer->snowball);
	kb_map_dispose(&stemmer->known);
	kb_arena_free(stemmer->arena);
	free(stemmer);
}

static bool is_vowel(char c)
{
	return c && strchr("aeiou", c);
}

static bool ends_with(const char *s, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len > n && !memcmp(s + len - n, end, n);
}

/* "liefert", "storniert": as Snowball has "liefern" and "stornieren". */
static size_t german_third_person(const char *s, size_t len)
{
	len--;
	if (len > 5 && ends_with(s, len, "ier"))
		return len - 3;
	return len > 5 && ends_with(s, len, "er") ? len - 2 : len;
}

/* Endings that Snowball leaves: "Konto", "Kontos", "Konten"; "Schlüsseln", "Nachbarn";
 * "Kundinnen"; "öffnet", "erstattet", "prüft". */
static size_t german_end(const char *s, size_t len)
{
	if (len > 4 && s[len - 1] == 's' && is_vowel(s[len - 2]))
		len--;
	if (len > 4 && is_vowel(s[len - 1]))
		len--;
	if (len > 5 && (ends_with(s, len, "eln") || ends_with(s, len, "ern") ||
			       ends_with(s, len, "arn")))
		len--;
	if (len > 6 && ends_with(s, len, "inn"))
		len--;
	if (len > 5 && ends_with(s, len, "et") &&
		(strchr("td", s[len - 3]) || (s[len - 3] == 'n' && s[len - 4] != 'r' &&
						     !is_vowel(s[len - 4]))))
		len -= 2;
	if (len > 4 && s[len - 1] == 't' && !is_vowel(s[len - 2]) &&
		(s[len - 2] != 's' || s[len - 3] == 's') &&
		!(s[len - 2] == 'h' && is_vowel(s[len - 4])))
		return german_third_person(s, len);
	return len;
}

/* Is it 'ae', 'oe' or 'ue' at I, written for an umlaut? Not where the e belongs to what
 * follows ("neue", "Steuer", "Quelle"), nor in short words. */
static bool is_umlaut(const char *s, size_t len, size_t i)
{
	bool after = i && (is_vowel(s[i - 1]) || s[i - 1] == 'q');

	return (len > 3 || !i) && !after && s[i] && strchr("aou", s[i]) && i + 1 < len &&
	       s[i + 1] == 'e';
}

/* "ruecksendung" as "rucksendung", which is how "Rücksendung" is folded. */
static size_t without_umlauts(char *s, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		bool umlaut = is_umlaut(s, len, i);

		s[to++] = s[i];
		i += umlaut;
	}
	return to;
}

static size_t german(char *s, size_t len)
{
	return german_end(s, without_umlauts(s, len));
}

/* Verbs with "zurück" have nouns with "Rück": "zurücksenden", "Rücksendung". */
static kb_str without_zu(kb_str word)
{
	static const char *const begins[] = {"zurück", "zurueck", "zuruck"};

	for (size_t i = 0; i < KB_LEN(begins); i++)
		if (kb_str_starts(word, kb_str_of(begins[i])) &&
			kb_utf8_count(kb_str_sub(word, strlen(begins[i]), word.len)) >= 3)
			return kb_str_sub(word, 2, word.len);
	return word;
}

/* "zubehoer" as "zubehör", so that Snowball does not take the 'er' for an ending. */
static kb_str with_umlauts(struct kb_arena *arena, kb_str word)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (is_umlaut(word.data, word.len, i)) {
			kb_buf_puts(&out, c == 'a' ? "ä" : c == 'o' ? "ö" : "ü");
			i++;
		} else {
			kb_buf_putc(&out, c);
		}
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static bool ends_in(const char *s, size_t len, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t n = strlen(*endings);

		if (len >= n + 3 && !memcmp(s + len - n, *endings, n))
			return true;
	}
	return false;
}

/* Endings that Snowball leaves where accents are gone; the vowel at the end, which stems
 * keep or lose by case ("számla", "számlák"); double letters ("cikk"); the vowel that
 * flees before endings ("bokor", "bokrok"). */
static size_t hungarian(char *s, size_t len)
{
	static const char *const three[] = {"ban", "ben", "bol", "rol", "tol", "nak",
		"nek", "val", "vel", "hoz", "hez", NULL};
	static const char *const two[] = {"ak", "ek", "ok", "on", "en", "av", NULL};

	if (ends_in(s, len, three))
		len -= 3;
	else if (len > 3 && s[len - 1] == 't' && is_vowel(s[len - 2]))
		len--;
	if (ends_in(s, len, two))
		len -= 2;
	while (len > 3 && is_vowel(s[len - 1]))
		len--;
	if (len > 3 && s[len - 1] == s[len - 2])
		len--;
	if (len == 5 && (s[3] == 'o' || s[3] == 'e') && strchr("rlmg", s[4]) &&
		!is_vowel(s[2])) {
		s[3] = s[4];
		len--;
	}
	return len;
}

struct folded {
	struct kb_arena *arena;
	kb_str out;
};

static bool fold_take(void *ctx, const struct kb_word *word)
{
	struct folded *f = ctx;

	f->out = kb_arena_str(f->arena, word->fold);
	return false;
}

/* "hiba" is no "hi" and "csere" no "cse", though "árak" is "ár". */
static bool is_too_short(const struct kb_stemmer *stemmer, kb_str stem)
{
	size_t n = kb_utf8_count(stem);
	bool open = stem.len && is_vowel(stem.data[stem.len - 1]);

	if (stemmer->language == HUNGARIAN)
		return n < 2 || (n < 4 && open);
	return n < 3;
}

/* Endings are ASCII's, and so is what they are taken off. */
static bool is_plain(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

static kb_str key_of(struct kb_stemmer *stemmer, kb_str word)
{
	struct folded folded = {.arena = stemmer->arena};

	if (stemmer->language == GERMAN)
		word = without_zu(word);
	kb_str stem = word;

	if (stemmer->snowball) {
		const sb_symbol *s = sb_stemmer_stem(
			stemmer->snowball, (const sb_symbol *)word.data, (int)word.len);

		if (!s)
			kb_oom();
		stem = (kb_str){
			(const char *)s, (size_t)sb_stemmer_length(stemmer->snowball)};
		if (is_too_short(stemmer, stem))
			stem = word;
	}
	kb_words(stem, fold_take, &folded);
	char *s = (char *)(uintptr_t)folded.out.data;
	if (!is_plain(folded.out))
		return folded.out.len ? folded.out : word;
	if (stemmer->language == GERMAN)
		folded.out.len = german(s, folded.out.len);
	else if (stemmer->language == HUNGARIAN)
		folded.out.len = hungarian(s, folded.out.len);
	return folded.out.len ? folded.out : word;
}

/* A function word meets itself alone: "bitte" has the stem of "bitter". */
static bool is_function_word(struct kb_stemmer *stemmer, struct kb_keys *keys)
{
	kb_str key = kb_arena_str(stemmer->arena, keys->word);

	if (stemmer->language == GERMAN)
		key.len = without_umlauts((char *)(uintptr_t)key.data, key.len);
	if (!kb_function_words_has(stemmer->function_words, key))
		return false;
	keys->keys[keys->n++] = key;
	return true;
}

static void find_keys(struct kb_stemmer *stemmer, struct kb_keys *keys)
{
	keys->function = is_function_word(stemmer, keys);
	if (keys->function)
		return;
	keys->keys[keys->n++] = key_of(stemmer, keys->lower);
	kb_str plain = keys->word;
	if (stemmer->language == GERMAN)
		plain = with_umlauts(stemmer->arena, plain);
	kb_str other = key_of(stemmer, plain);
	if (!kb_str_eq(other, keys->keys[0]))
		keys->keys[keys->n++] = other;
}

const struct kb_keys *kb_stemmer_keys(
	struct kb_stemmer *stemmer, const struct kb_word *word)
{
	struct kb_keys *keys = kb_map_get(&stemmer->known, word->lower);

	if (keys)
		return keys;
	keys = kb_arena_new_of(stemmer->arena, struct kb_keys);
	kb_str lower = keys->lower = kb_arena_str(stemmer->arena, word->lower);
	keys->number = (uint32_t)stemmer->known.len;
	keys->word = kb_arena_str(stemmer->arena, word->fold);
	find_keys(stemmer, keys);
	kb_map_put(&stemmer->known, lower, keys);
	return keys;
}

bool kb_stemmer_is_particle(const struct kb_stemmer *stemmer, kb_str fold)
{
	static const char *const particles[] = {"in", "off", "on", "out", "up"};

	for (size_t i = 0; i < KB_LEN(particles); i++)
		if (stemmer->language == ENGLISH && kb_str_is(fold, particles[i]))
			return true;
	return false;
}

const struct kb_keys *kb_stemmer_known(const struct kb_stemmer *stemmer, size_t i)
{
	return i < stemmer->known.len ? stemmer->known.entries[i].value : NULL;
}
