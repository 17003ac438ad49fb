/* Web addresses as they are sent: hosts by IDNA, the rest in percent signs. */
#include "kb/unicode.h"

#include <pthread.h>
#include <unicode/uidna.h>

enum { HOST_MAX = 1024 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static UIDNA *idna;

static void open_idna(void)
{
	UErrorCode status = U_ZERO_ERROR;

	idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
}

static bool is_ascii(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

/* "müller.example:80" -> "xn--mller-kva.example:80"; a text that is not a name stays. */
static void put_host(kb_buf *out, kb_str host)
{
	char name[HOST_MAX];
	UErrorCode status = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	size_t colon = kb_str_rchr(host, ':');
	kb_str port = kb_str_sub(host, colon, host.len);

	host = kb_str_sub(host, 0, colon);
	pthread_once(&once, open_idna);
	int32_t len = !idna || is_ascii(host) || host.len > HOST_MAX
			      ? 0
			      : uidna_nameToASCII_UTF8(idna, host.data, (int32_t)host.len,
					name, sizeof(name), &info, &status);
	bool good = len > 0 && U_SUCCESS(status) && !info.errors && len < HOST_MAX;
	kb_buf_str(out, good ? (kb_str){name, (size_t)len} : host);
	kb_buf_str(out, port);
}

kb_str kb_url_ascii(struct kb_arena *arena, kb_str url)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t scheme = kb_str_find(url, KB_STR("://"));
	size_t from = scheme == SIZE_MAX ? 0 : scheme + 3, to = from;

	while (to < url.len && !strchr("/?#", url.data[to]))
		to++;
	if (scheme == SIZE_MAX)
		to = 0;
	kb_str authority = kb_str_sub(url, from, to);
	size_t at = kb_str_rchr(authority, '@');
	size_t host = at == SIZE_MAX ? 0 : at + 1;

	kb_buf_str(&out, kb_str_sub(url, 0, from));
	kb_buf_str(&out, kb_str_sub(authority, 0, host));
	put_host(&out, kb_str_sub(authority, host, authority.len));
	for (size_t i = to; i < url.len; i++) {
		unsigned char c = (unsigned char)url.data[i];

		if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c))
			kb_buf_fmt(&out, "%%%02X", c);
		else
			kb_buf_putc(&out, (char)c);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}
