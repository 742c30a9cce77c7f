/* digest.h - digests of bytes
 *
 * The only caller of mbedTLS's hashes. Cannot fail.
 */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

enum digest_kind {
	DIGEST_SHA3_384,   /* 48 bytes: what assertions name files and keys by */
	DIGEST_SHA512_256, /* 32 bytes: FIPS 180-4's SHA-512/256, not a cut SHA-512 */
	DIGEST_SHA512,     /* 64 bytes */
	DIGEST_COUNT,
};

#define DIGEST_MAX 64

struct digest;

struct digest *digest_new(struct arena *a, enum digest_kind kind);
void digest_add(struct digest *d, const void *data, size_t len);

/* Write the digest and forget the state. Returns its length. */
size_t digest_end(struct digest *d, uint8_t out[DIGEST_MAX]);
size_t digest_size(enum digest_kind kind);

size_t digest_of(enum digest_kind kind, const void *data, size_t len, uint8_t out[DIGEST_MAX]);

/* In the letters of assertions: base64 with - and _, without padding. */
char *digest_text(struct arena *a, const uint8_t *digest, size_t len);

#endif
