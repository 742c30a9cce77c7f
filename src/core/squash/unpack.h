/* unpack.h - one signature over zlib, lzo, xz, lz4 and zstd
 *
 * A block is unpacked at once into memory of the caller; dictionaries and
 * windows larger than a block of the format (1 MiB) are refused.
 */
#ifndef CORE_SQUASH_UNPACK_H
#define CORE_SQUASH_UNPACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/arena.h"

/* The numbers of the format. */
enum unpack_kind {
	UNPACK_GZIP = 1,
	UNPACK_LZMA = 2, /* known, but no kernel reads it: not supported */
	UNPACK_LZO = 3,
	UNPACK_XZ = 4,
	UNPACK_LZ4 = 5,
	UNPACK_ZSTD = 6,
};

struct unpack;

/* NULL when kind is not supported. */
struct unpack *unpack_new(struct arena *a, unsigned kind);
const char *unpack_name(const struct unpack *u);
void unpack_end(struct unpack *u);

/* How many bytes in became in out; -1 when in is not exactly one whole stream,
 * or is one of more than size bytes. */
ssize_t unpack_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size);

#endif
