/* gunzip.c - a gzip file to its text */
#include "core/gunzip.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define GZIP_ONLY (16 + MAX_WBITS)

bool gunzip_is(const void *data, size_t len)
{
	return len > 2 && !memcmp(data, "\x1f\x8b", 2);
}

char *gunzip(struct arena *a, const void *data, size_t len, size_t max, size_t *out_len)
{
	char *out = NEW_N(a, char, max + 1);
	z_stream z = {.next_in = (Bytef *)data, .avail_in = (uInt)len,
		      .next_out = (Bytef *)out, .avail_out = (uInt)max};

	if (len > UINT32_MAX || max > UINT32_MAX || inflateInit2(&z, GZIP_ONLY) != Z_OK)
		return NULL;
	int end = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (end != Z_STREAM_END)
		return NULL;
	*out_len = z.total_out;
	out[z.total_out] = '\0';
	return out;
}
