/* escape.c - text of strangers made visible
 *
 * Below everything, also below memory: the line that die() prints goes through here.
 */
#include "core/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One character of UTF-8: its length and value, or 0 when the bytes are not. */
static size_t utf8_take(const unsigned char *s, uint32_t *value)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
		   s[0] < 0xf8 ? 4 : 0;

	if (n < 2) {
		*value = s[0];
		return n;
	}
	uint32_t v = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s[i] & 0x3f);
	}
	*value = v;
	return v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? 0 : n;
}

size_t escape_utf8(const char *s)
{
	uint32_t value;

	return utf8_take((const unsigned char *)s, &value);
}

static bool harmless(uint32_t c)
{
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && c != 0xad && c != 0x061c &&
	       !(c >= 0x200b && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e) &&
	       !(c >= 0x2060 && c <= 0x206f) && c != 0xfeff && !(c >= 0xfff9 && c <= 0xfffb) &&
	       c < 0xe0000;
}

uint32_t escape_harmful(const char *s)
{
	uint32_t c;

	return utf8_take((const unsigned char *)s, &c) && harmless(c) ? 0 : c;
}

size_t escape_text(char *out, size_t size, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = 0;

	while (*p) {
		char piece[16];
		uint32_t c;
		size_t k = utf8_take(p, &c);

		if (k && harmless(c))
			snprintf(piece, sizeof piece, "%.*s", (int)k, (const char *)p);
		else if (k > 1)
			snprintf(piece, sizeof piece, "\\u{%x}", c);
		else
			snprintf(piece, sizeof piece, "\\x%02x", *p);
		if (n + strlen(piece) >= size)
			break;
		n += (size_t)(stpcpy(out + n, piece) - (out + n));
		p += k ? k : 1;
	}
	if (size)
		out[n] = '\0';
	return n;
}
