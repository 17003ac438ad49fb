/* OpenSSL takes its memory from kb, so that running out of it ends the same way. */
#include <openssl/crypto.h>

#include "git.h"

static void *crypto_alloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return kb_xmalloc(size);
}

static void *crypto_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return kb_xresize(p, size);
}

static void crypto_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

void kb_crypto_start(void)
{
	CRYPTO_set_mem_functions(crypto_alloc, crypto_realloc, crypto_free);
}
