/* unpack.c - one signature over zlib, lzo, xz, lz4 and zstd
 *
 * MUST refuse what is not exactly one whole stream: bytes after the end are
 * as wrong as a missing end.
 *
 * The libraries own their memory; unpack_end() gives it back.
 */
#include "core/squash/unpack.h"

#include <limits.h>
#include <lz4.h>
#include <lzma.h>
#include <lzo/lzo1x.h>
#include <stdbool.h>
#include <zlib.h>
#include <zstd.h>

#define WINDOW_MAX (1u << 20)
#define XZ_MEMORY (WINDOW_MAX + (512u << 10)) /* a dictionary and the decoder's own */

struct method {
	unsigned kind;
	const char *name;
	bool (*start)(struct unpack *u);
	ssize_t (*run)(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size);
	void (*end)(struct unpack *u);
};

struct unpack {
	const struct method *method;
	z_stream zlib;
	lzma_stream xz;
	ZSTD_DCtx *zstd;
};

static bool gzip_start(struct unpack *u)
{
	return inflateInit(&u->zlib) == Z_OK;
}

static ssize_t gzip_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	if (inflateReset(&u->zlib) != Z_OK)
		return -1;
	u->zlib.next_in = (uint8_t *)in;
	u->zlib.avail_in = (unsigned)len;
	u->zlib.next_out = out;
	u->zlib.avail_out = (unsigned)size;
	if (inflate(&u->zlib, Z_FINISH) != Z_STREAM_END || u->zlib.avail_in)
		return -1;
	return (ssize_t)(size - u->zlib.avail_out);
}

static void gzip_end(struct unpack *u)
{
	inflateEnd(&u->zlib);
}

static bool lzo_start(struct unpack *u)
{
	(void)u;
	return lzo_init() == LZO_E_OK;
}

static ssize_t lzo_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	lzo_uint n = size;

	(void)u;
	return lzo1x_decompress_safe(in, len, out, &n, NULL) == LZO_E_OK ? (ssize_t)n : -1;
}

static ssize_t xz_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	/* Starting again on the same stream keeps its memory. */
	if (lzma_stream_decoder(&u->xz, XZ_MEMORY, 0) != LZMA_OK)
		return -1;
	u->xz.next_in = in;
	u->xz.avail_in = len;
	u->xz.next_out = out;
	u->xz.avail_out = size;
	if (lzma_code(&u->xz, LZMA_FINISH) != LZMA_STREAM_END || u->xz.avail_in)
		return -1;
	return (ssize_t)(size - u->xz.avail_out);
}

static void xz_end(struct unpack *u)
{
	lzma_end(&u->xz);
}

static ssize_t lz4_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	int n = LZ4_decompress_safe((const char *)in, (char *)out, (int)len, (int)size);

	(void)u;
	return n < 0 ? -1 : n;
}

static bool zstd_start(struct unpack *u)
{
	u->zstd = ZSTD_createDCtx();
	return u->zstd;
}

/* RFC 8878, 3.1.1.1: a frame of one segment has no window of its own. The library
 * needs no window to unpack at once, but the kernel does not unpack at once. */
static bool zstd_window_fits(const uint8_t *in, size_t len)
{
	enum { SINGLE_SEGMENT = 1 << 5 };

	if (len < 6)
		return false;
	unsigned log = 10 + (in[5] >> 3), eighths = in[5] & 7;
	return in[4] & SINGLE_SEGMENT ||
	       (log <= 20 && (1u << log) + ((1u << log) >> 3) * eighths <= WINDOW_MAX);
}

static ssize_t zstd_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	if (!zstd_window_fits(in, len) || ZSTD_findFrameCompressedSize(in, len) != len)
		return -1;
	size_t n = ZSTD_decompressDCtx(u->zstd, out, size, in, len);
	return ZSTD_isError(n) ? -1 : (ssize_t)n;
}

static void zstd_end(struct unpack *u)
{
	ZSTD_freeDCtx(u->zstd);
}

static const struct method methods[] = {
	{UNPACK_GZIP, "gzip", gzip_start, gzip_run, gzip_end},
	{UNPACK_LZO, "lzo", lzo_start, lzo_run, NULL},
	{UNPACK_XZ, "xz", NULL, xz_run, xz_end},
	{UNPACK_LZ4, "lz4", NULL, lz4_run, NULL},
	{UNPACK_ZSTD, "zstd", zstd_start, zstd_run, zstd_end},
};

struct unpack *unpack_new(struct arena *a, unsigned kind)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (methods[i].kind != kind)
			continue;
		struct unpack *u = NEW(a, struct unpack);

		u->method = &methods[i];
		if (u->method->start && !u->method->start(u))
			die("out of memory");
		return u;
	}
	return NULL;
}

const char *unpack_name(const struct unpack *u)
{
	return u->method->name;
}

void unpack_end(struct unpack *u)
{
	if (u && u->method->end)
		u->method->end(u);
}

ssize_t unpack_run(struct unpack *u, const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
	if (len > INT_MAX || size > INT_MAX)
		return -1;
	return u->method->run(u, in, len, out, size);
}
