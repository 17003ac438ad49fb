/*
 * Blob ids. libgit2 would hash at a quarter of the speed of OpenSSL, which libgit2 loads
 * for its own ends anyway; every document and every published page has an id.
 */
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>

#include "git.h"
#include "kb/source.h"

static EVP_MD *sha1; /* NULL where OpenSSL's configuration forbids it */

static void fetch_sha1(void)
{
	kb_crypto_start();
	sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
}

static bool hash_blob(kb_str data, unsigned char digest[EVP_MAX_MD_SIZE])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char header[32];
	int len = snprintf(header, sizeof(header), "blob %zu", data.len);
	EVP_MD_CTX *context;
	bool done;

	pthread_once(&once, fetch_sha1);
	if (!sha1)
		return false;
	context = EVP_MD_CTX_new();
	done = context && EVP_DigestInit_ex(context, sha1, NULL) &&
	       EVP_DigestUpdate(context, header, (size_t)len + 1) &&
	       EVP_DigestUpdate(context, data.len ? data.data : "", data.len) &&
	       EVP_DigestFinal_ex(context, digest, NULL);
	EVP_MD_CTX_free(context);
	return done;
}

void kb_blob_id(kb_str data, char hex[41])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	git_oid oid;

	if (hash_blob(data, digest)) {
		memcpy(oid.id, digest, GIT_OID_RAWSZ);
	} else {
		kb_git_start();
		git_odb_hash(&oid, data.len ? data.data : "", data.len, GIT_OBJECT_BLOB);
	}
	git_oid_fmt(hex, &oid);
	hex[40] = '\0';
}

static unsigned hex_digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void kb_blob_bytes(const char *hex, unsigned char id[20])
{
	for (int i = 0; i < 20; i++)
		id[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 |
					hex_digit(hex[2 * i + 1]));
}
