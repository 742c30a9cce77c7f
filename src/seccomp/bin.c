/* bin.c - a compiled filter, strictly read
 *
 * Read with privileges: this file MUST NOT depend on the compiler, and MUST
 * refuse every file that is not exactly one that pack.c writes.
 */
#include "seccomp/bin.h"

#include <stdint.h>
#include <string.h>

struct header {
	char magic[2];
	uint8_t version, unrestricted;
	uint8_t none[4];
	uint32_t allow, deny;
	uint8_t reserved[112];
};
_Static_assert(sizeof(struct header) == BIN_HEADER, "the header has no holes");

static bool refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	while (n && !*p) {
		p++;
		n--;
	}
	return !n;
}

static bool length_ok(uint32_t len)
{
	return len && len % sizeof(struct sock_filter) == 0 &&
	       len <= BIN_CODE_MAX * sizeof(struct sock_filter);
}

bool bin_read(const void *bytes, size_t len, struct sc_bin *out, const char **why)
{
	struct header h;

	*out = (struct sc_bin){0};
	if (len < sizeof h)
		return refuse(why, "shorter than a header");
	memcpy(&h, bytes, sizeof h);
	if (memcmp(h.magic, "SC", 2))
		return refuse(why, "not a compiled filter");
	if (h.version != 1)
		return refuse(why, "a version other than 1");
	if (h.unrestricted > 1)
		return refuse(why, "unknown flags");
	if (!all_zero(h.none, sizeof h.none) || !all_zero(h.reserved, sizeof h.reserved))
		return refuse(why, "reserved bytes are in use");
	if (h.unrestricted) {
		if (h.allow || h.deny || len != sizeof h)
			return refuse(why, "both unrestricted and a filter");
		out->unrestricted = true;
		return true;
	}
	if (!length_ok(h.allow) || !length_ok(h.deny))
		return refuse(why, "a program is empty, too long or cut");
	if (len != sizeof h + h.allow + h.deny)
		return refuse(why, "its size is not what its header says");
	out->allow = (const void *)((const char *)bytes + sizeof h);
	out->allow_count = h.allow / sizeof *out->allow;
	out->deny = out->allow + out->allow_count;
	out->deny_count = h.deny / sizeof *out->deny;
	return true;
}
