/* digest.c - digests of bytes */
#include "core/digest.h"

#include <mbedtls/sha3.h>
#include <mbedtls/sha512.h>
#include <string.h>

struct digest {
	enum digest_kind kind;
	mbedtls_sha3_context sha3;
	mbedtls_sha512_context sha512;
};

static const size_t sizes[] = {
	[DIGEST_SHA3_384] = 48, [DIGEST_SHA512_256] = 32, [DIGEST_SHA512] = 64,
};

/* The functions fail for wrong arguments only. */
static void must(int result)
{
	if (result)
		die("digest: error %d", result);
}

/* FIPS 180-4, 5.3.6: SHA-512/256 begins with the digest of its own name by a
 * SHA-512 that begins with every word xored with 0xa5. */
static void begin_sha512_256(mbedtls_sha512_context *c)
{
	static const char name[] = "SHA-512/256";
	uint8_t first[DIGEST_MAX];

	must(mbedtls_sha512_starts(c, 0));
	for (size_t i = 0; i < 8; i++)
		c->MBEDTLS_PRIVATE(state)[i] ^= 0xa5a5a5a5a5a5a5a5u;
	must(mbedtls_sha512_update(c, (const uint8_t *)name, sizeof name - 1));
	must(mbedtls_sha512_finish(c, first));
	must(mbedtls_sha512_starts(c, 0));
	for (size_t i = 0; i < 8; i++) {
		uint64_t word = 0;

		for (size_t j = 0; j < 8; j++)
			word = word << 8 | first[i * 8 + j];
		c->MBEDTLS_PRIVATE(state)[i] = word;
	}
}

static void begin(struct digest *d, enum digest_kind kind)
{
	d->kind = kind;
	mbedtls_sha3_init(&d->sha3);
	mbedtls_sha512_init(&d->sha512);
	if (kind == DIGEST_SHA3_384)
		must(mbedtls_sha3_starts(&d->sha3, MBEDTLS_SHA3_384));
	else if (kind == DIGEST_SHA512_256)
		begin_sha512_256(&d->sha512);
	else
		must(mbedtls_sha512_starts(&d->sha512, 0));
}

struct digest *digest_new(struct arena *a, enum digest_kind kind)
{
	struct digest *d = NEW(a, struct digest);

	begin(d, kind);
	return d;
}

void digest_add(struct digest *d, const void *data, size_t len)
{
	if (d->kind == DIGEST_SHA3_384)
		must(mbedtls_sha3_update(&d->sha3, data, len));
	else
		must(mbedtls_sha512_update(&d->sha512, data, len));
}

size_t digest_end(struct digest *d, uint8_t out[DIGEST_MAX])
{
	uint8_t all[DIGEST_MAX];
	size_t size = sizes[d->kind];

	if (d->kind == DIGEST_SHA3_384)
		must(mbedtls_sha3_finish(&d->sha3, all, size));
	else
		must(mbedtls_sha512_finish(&d->sha512, all));
	mbedtls_sha3_free(&d->sha3);
	mbedtls_sha512_free(&d->sha512);
	memcpy(out, all, size);
	return size;
}

size_t digest_size(enum digest_kind kind)
{
	return sizes[kind];
}

size_t digest_of(enum digest_kind kind, const void *data, size_t len, uint8_t out[DIGEST_MAX])
{
	struct digest d;

	begin(&d, kind);
	digest_add(&d, data, len);
	return digest_end(&d, out);
}

char *digest_text(struct arena *a, const uint8_t *digest, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = arena_alloc(a, (len * 8 + 5) / 6 + 1, 1), *p = text;
	uint32_t bits = 0, held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | digest[i];
		for (held += 8; held >= 6; held -= 6)
			*p++ = letters[bits >> (held - 6) & 63];
	}
	if (held)
		*p = letters[bits << (6 - held) & 63];
	return text;
}
