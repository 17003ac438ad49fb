#include "unicode_icu.h"

#include <pthread.h>
#include <unicode/uclean.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

enum object_kind {
	CASE_MAP,
	COLLATOR,
	DATE_FORMAT,
	CALENDAR,
	NUMBER_FORMAT,
	PLURAL_RULES,
	ORDINAL_RULES,
	WORDS,
	SENTENCES,
};

struct cached {
	enum object_kind kind;
	char *locale;
	char *tz;
	void *object;
};

/* Most recently used first. */
struct cache {
	struct cached items[48];
	size_t len;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void cached_dispose(struct cached *c)
{
	switch (c->kind) {
	case CASE_MAP:
		ucasemap_close(c->object);
		break;
	case COLLATOR:
		ucol_close(c->object);
		break;
	case DATE_FORMAT:
		udat_close(c->object);
		break;
	case CALENDAR:
		ucal_close(c->object);
		break;
	case NUMBER_FORMAT:
		unum_close(c->object);
		break;
	case PLURAL_RULES:
	case ORDINAL_RULES:
		uplrules_close(c->object);
		break;
	case WORDS:
	case SENTENCES:
		ubrk_close(c->object);
		break;
	}
	free(c->locale);
	free(c->tz);
}

static void cache_free(void *p)
{
	struct cache *cache = p;

	for (size_t i = 0; i < cache->len; i++)
		cached_dispose(&cache->items[i]);
	free(cache);
}

static void *icu_alloc(const void *context, size_t size)
{
	(void)context;
	return kb_xmalloc(size);
}

static void *icu_realloc(const void *context, void *p, size_t size)
{
	(void)context;
	return kb_xresize(p, size);
}

static void icu_free(const void *context, void *p)
{
	(void)context;
	free(p);
}

static void setup(void)
{
	UErrorCode status = U_ZERO_ERROR;

	u_setMemoryFunctions(NULL, icu_alloc, icu_realloc, icu_free, &status);
	uloc_setDefault("root", &status);
	if (pthread_key_create(&cache_key, cache_free) != 0)
		abort();
}

static struct cache *thread_cache(void)
{
	struct cache *cache;

	pthread_once(&once, setup);
	cache = pthread_getspecific(cache_key);
	if (!cache) {
		cache = kb_xcalloc(1, sizeof(*cache));
		pthread_setspecific(cache_key, cache);
	}
	return cache;
}

/* Gregorian at all times: the switch from the Julian calendar is not of use here. */
static UCalendar *calendar_open(const UChar *zone, int32_t zone_len)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar = ucal_open(zone, zone_len, "", UCAL_GREGORIAN, &status);

	if (calendar)
		ucal_setGregorianChange(calendar, -1e18, &status);
	return calendar;
}

static void *object_open(enum object_kind kind, const char *locale, kb_str tz)
{
	UErrorCode status = U_ZERO_ERROR;
	_cleanup_free_ UChar *zone = NULL;
	int32_t zone_len = 0;

	if (kind == DATE_FORMAT || kind == CALENDAR)
		zone = kb_icu_wide(tz, &zone_len);
	switch (kind) {
	case CASE_MAP:
		return ucasemap_open("", 0, &status);
	case COLLATOR:
		return ucol_open(locale, &status);
	case DATE_FORMAT:
		return udat_open(
			UDAT_NONE, UDAT_LONG, locale, zone, zone_len, NULL, 0, &status);
	case CALENDAR:
		return calendar_open(zone, zone_len);
	case NUMBER_FORMAT:
		return unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status);
	case PLURAL_RULES:
		return uplrules_openForType(locale, UPLURAL_TYPE_CARDINAL, &status);
	case ORDINAL_RULES:
		return uplrules_openForType(locale, UPLURAL_TYPE_ORDINAL, &status);
	case WORDS:
		return ubrk_open(UBRK_WORD, "", NULL, 0, &status);
	case SENTENCES:
		return ubrk_open(UBRK_SENTENCE, "", NULL, 0, &status);
	}
	return NULL;
}

static void move_to_front(struct cache *cache, size_t i)
{
	struct cached hit = cache->items[i];

	memmove(cache->items + 1, cache->items, i * sizeof(hit));
	cache->items[0] = hit;
}

static void *cache_add(
	struct cache *cache, enum object_kind kind, kb_str locale, kb_str tz)
{
	char id[KB_ICU_LOCALE_MAX];
	void *object;

	kb_icu_locale(locale, id);
	object = object_open(kind, id, tz);
	if (!object)
		return NULL;
	if (cache->len == KB_LEN(cache->items))
		cached_dispose(&cache->items[--cache->len]);
	cache->items[cache->len] = (struct cached){
		.kind = kind,
		.locale = kb_xstrndup(locale.data, locale.len),
		.tz = kb_xstrndup(tz.data, tz.len),
		.object = object,
	};
	move_to_front(cache, cache->len++);
	return object;
}

static void *cache_get(enum object_kind kind, kb_str locale, kb_str tz)
{
	struct cache *cache = thread_cache();

	for (size_t i = 0; i < cache->len; i++) {
		const struct cached *c = &cache->items[i];

		if (c->kind == kind && kb_str_is(locale, c->locale) &&
			kb_str_is(tz, c->tz)) {
			move_to_front(cache, i);
			return cache->items[0].object;
		}
	}
	return cache_add(cache, kind, locale, tz);
}

const UCaseMap *kb_icu_case_map(void)
{
	return cache_get(CASE_MAP, KB_STR(""), KB_STR(""));
}

const UCollator *kb_icu_collator(kb_str locale)
{
	return cache_get(COLLATOR, locale, KB_STR(""));
}

const UDateFormat *kb_icu_date_format(kb_str locale, kb_str tz)
{
	return cache_get(DATE_FORMAT, locale, tz.len ? tz : KB_STR("UTC"));
}

UCalendar *kb_icu_calendar(kb_str tz)
{
	return cache_get(CALENDAR, KB_STR(""), tz.len ? tz : KB_STR("UTC"));
}

const UNumberFormat *kb_icu_number_format(kb_str locale)
{
	return cache_get(NUMBER_FORMAT, locale, KB_STR(""));
}

const UPluralRules *kb_icu_plural_rules(kb_str locale, bool ordinal)
{
	return cache_get(ordinal ? ORDINAL_RULES : PLURAL_RULES, locale, KB_STR(""));
}

UBreakIterator *kb_icu_breaks(enum kb_break kind)
{
	return cache_get(
		kind == KB_BREAK_WORD ? WORDS : SENTENCES, KB_STR(""), KB_STR(""));
}

void kb_icu_locale(kb_str tag, char id[KB_ICU_LOCALE_MAX])
{
	UErrorCode status = U_ZERO_ERROR;
	char text[KB_ICU_LOCALE_MAX];
	int32_t parsed = 0;

	pthread_once(&once, setup);
	id[0] = '\0';
	if (tag.len == 0 || tag.len >= sizeof(text))
		return;
	memcpy(text, tag.data, tag.len);
	text[tag.len] = '\0';
	uloc_forLanguageTag(text, id, KB_ICU_LOCALE_MAX, &parsed, &status);
	if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING)
		id[0] = '\0';
}

UChar *kb_icu_wide(kb_str s, int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t n = s.len < INT32_MAX / 2 ? s.len : INT32_MAX / 2;
	UChar *wide = kb_xcalloc(n + 1, sizeof(*wide));

	u_strFromUTF8WithSub(wide, (int32_t)n + 1, len, s.data ? s.data : "", (int32_t)n,
		0xfffd, NULL, &status);
	return wide;
}

kb_str kb_icu_narrow(struct kb_arena *arena, const UChar *wide, int32_t len)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t cap = len * 3 + 1, n = 0;
	char *out = kb_arena_alloc(arena, (size_t)cap);

	u_strToUTF8WithSub(out, cap, &n, wide, len, 0xfffd, NULL, &status);
	return (kb_str){out, (size_t)n};
}
