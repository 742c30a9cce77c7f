/* xattr.c - extended attributes, checked but never used
 *
 * Nothing here reads them for itself: snaps have none, and an unpacked tree
 * gets none. But a kernel that mounts the image would, so they must be sound.
 */
#include <inttypes.h>

#include "core/squash/inner.h"

#define KINDS 3u           /* user, trusted, security */
#define ELSEWHERE 0x100u   /* the value is a reference to one that came before */
#define VALUE_MAX 65536u   /* as the kernel's XATTR_SIZE_MAX */
#define SETS_MAX 65536u    /* attributes of one inode */

static const char what[] = "xattr names and values";

static bool value_fits(struct squash *s, struct meta_at *at)
{
	uint8_t raw[4];

	if (!meta_read(s, at, raw, sizeof raw, what))
		return false;
	if (le32(raw) > VALUE_MAX)
		return squash_no(s, "%s: a value of %" PRIu32 " bytes", what, le32(raw));
	return meta_read(s, at, NULL, le32(raw), what);
}

static bool place(struct squash *s, uint64_t ref, struct meta_at *at)
{
	*at = (struct meta_at){s->xattr_start, s->xattr_end, s->xattr_start + (ref >> 16),
			       (uint32_t)(ref & 0xffff)};
	if (ref >> 16 >= s->xattr_end - s->xattr_start || at->offset >= SQUASH_META)
		return squash_no(s, "%s: none can be at %" PRIu64 ":%" PRIu32, what, ref >> 16,
				 at->offset);
	return true;
}

static bool pair_fits(struct squash *s, struct meta_at *at)
{
	struct meta_at there;
	uint8_t raw[12];

	if (!meta_read(s, at, raw, 4, what))
		return false;
	uint32_t kind = le16(raw), len = le16(raw + 2);
	if ((kind & ~ELSEWHERE) >= KINDS || !len || len > SQUASH_NAME_MAX)
		return squash_no(s, "%s: a name of kind %#" PRIx32 " and %" PRIu32 " bytes", what,
				 kind, len);
	if (!meta_read(s, at, NULL, len, what))
		return false;
	if (!(kind & ELSEWHERE))
		return value_fits(s, at);
	if (!meta_read(s, at, raw, sizeof raw, what))
		return false;
	if (le32(raw) != 8)
		return squash_no(s, "%s: a reference of %" PRIu32 " bytes", what, le32(raw));
	return place(s, le64(raw + 4), &there) && value_fits(s, &there);
}

bool xattrs_fit(struct squash *s)
{
	struct meta_at at;
	uint8_t raw[16];

	if (!meta_chain(s, s->xattr_start, s->xattr_end, what))
		return false;
	for (uint32_t i = 0; i < s->xattrs.count; i++) {
		if (!table_get(s, &s->xattrs, i, raw) || !place(s, le64(raw), &at))
			return false;
		uint32_t pairs = le32(raw + 8);

		if (!pairs || pairs > SETS_MAX)
			return squash_no(s, "xattr table: set %" PRIu32 " has %" PRIu32
					 " attributes", i, pairs);
		while (pairs--)
			if (!pair_fits(s, &at))
				return false;
	}
	return meta_all_chained(s, s->xattr_start, s->xattr_end, what);
}
