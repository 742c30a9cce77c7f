/* check.c - the whole image, before a kernel sees it
 *
 * MUST read everything that the kernel would believe, but for the contents of
 * blocks: a kernel checks those while it unpacks them.
 */
#include <inttypes.h>
#include <string.h>

#include "core/squash/inner.h"
#include "core/squash/walk.h"

static bool fragments_fit(struct squash *s)
{
	uint8_t raw[16];

	for (uint32_t i = 0; i < s->fragments.count; i++)
		if (!table_get(s, &s->fragments, i, raw) ||
		    !data_fits(s, le64(raw), le32(raw + 8), 0, "fragment block"))
			return false;
	return true;
}

static bool owners_fit(struct squash *s)
{
	uint8_t raw[4];

	for (uint32_t i = 0; i < s->ids.count; i++) {
		if (!table_get(s, &s->ids, i, raw))
			return false;
		if (le32(raw) == UINT32_MAX)
			return squash_no(s, "owner table: number %" PRIu32 " is nobody at all", i);
	}
	return true;
}

static bool blocks_fit(struct squash *s, const struct squash_node *n, uint64_t *stored)
{
	struct meta_at list = inode_blocks(s, n);
	uint64_t at = n->start, left = n->size;
	uint32_t size = s->info.block_size;
	uint8_t raw[4];

	while (left) {
		uint32_t len = left < size ? (uint32_t)left : size;

		if (len < size && n->fragment != SQUASH_NO_FRAGMENT) {
			*stored += len;
			return true;
		}
		if (!meta_read(s, &list, raw, sizeof raw, "list of blocks"))
			return false;
		uint32_t word = le32(raw);
		if (word) {
			if (!data_fits(s, at, word, len, "data block"))
				return false;
			*stored += len;
		}
		at += word & (SQUASH_DATA_PLAIN - 1);
		left -= len;
	}
	return true;
}

/* One entry of a directory's index: it names the first name below a header of
 * the listing, and says in which block that header lies. */
static bool index_fits(struct squash *s, const struct squash_node *n, struct meta_at *from,
		       struct dir_at *d)
{
	static const char what[] = "directory index";
	uint8_t raw[12], head[12];
	char name[SQUASH_NAME_MAX + 1];

	if (!meta_read(s, from, raw, sizeof raw, what))
		return false;
	uint32_t offset = le32(raw), block = le32(raw + 4), len = le32(raw + 8);
	if (len >= SQUASH_NAME_MAX)
		return squash_no(s, "%s: a name of %" PRIu32 " bytes", what, len);
	if (!meta_read(s, from, name, len + 1, what))
		return false;
	name[len + 1] = '\0';
	while (dir_next(s, d))
		if (d->head && d->head_offset >= offset)
			break;
	if (s->why)
		return false;
	if (!d->head || d->head_offset != offset || d->name_len != len + 1 ||
	    memcmp(d->name, name, len + 1))
		return squash_no(s, "%s: inode %" PRIu32 " has none at %" PRIu32, what, n->number,
				 offset);
	struct meta_at at = {s->dirs, s->dirs_end, s->dirs + block,
			     (n->list_offset + offset) % SQUASH_META};
	if (block >= s->dirs_end - s->dirs || !meta_read(s, &at, head, sizeof head, what) ||
	    le32(head + 4) != d->head_block || le32(head + 8) != d->head_number)
		return squash_no(s, "%s: inode %" PRIu32 " has none in block %" PRIu32, what,
				 n->number, block);
	return true;
}

static bool indexes_fit(struct squash *s, const struct squash_node *n)
{
	struct meta_at from = inode_blocks(s, n);
	struct dir_at d;

	if (!n->indexes)
		return true;
	if (!dir_open(s, n, &d))
		return false;
	for (uint32_t i = 0; i < n->indexes; i++)
		if (!index_fits(s, n, &from, &d))
			return false;
	return true;
}

static bool export_fits(struct squash *s, const struct squash_node *n)
{
	uint8_t raw[8];

	if (!s->exports.count)
		return true;
	if (!table_get(s, &s->exports, n->number - 1, raw))
		return false;
	if (le64(raw) != n->ref)
		return squash_no(s, "export table: inode %" PRIu32 " is not where it says",
				 n->number);
	return true;
}

static bool entry_fits(struct squash *s, const struct squash_entry *e, struct squash_sum *sum)
{
	const struct squash_node *n = &e->node;

	sum->entries++;
	if (e->depth > sum->deepest)
		sum->deepest = e->depth;
	if (e->again)
		return true;
	sum->inodes++;
	sum->count[n->type]++;
	if (n->type == SQUASH_FILE) {
		sum->bytes += n->size;
		if (!blocks_fit(s, n, &sum->stored_blocks))
			return false;
	}
	return export_fits(s, n) && (n->type != SQUASH_DIR || indexes_fit(s, n));
}

/* Blocks may be shared by many files, or pack almost nothing: a bomb. */
static bool ratio_fits(struct squash *s, const struct squash_sum *sum)
{
	if (sum->stored_blocks <= s->limits.small ||
	    sum->stored_blocks / s->limits.ratio <= s->info.bytes)
		return true;
	return squash_no(s, "unpacks to %" PRIu64 " bytes, more than %" PRIu32
			 " times what it has", sum->stored_blocks, s->limits.ratio);
}

bool squash_check(struct squash *s, struct squash_sum *sum)
{
	struct squash_entry e;

	*sum = (struct squash_sum){0};
	if (!meta_chain(s, s->inodes, s->dirs, "inode table") ||
	    !meta_chain(s, s->dirs, s->dirs_end, "directory table") || !owners_fit(s) ||
	    !fragments_fit(s) || !xattrs_fit(s))
		return false;
	struct squash_walk *w = squash_walk(s, "");
	while (w && squash_next(w, &e))
		if (!entry_fits(s, &e, sum))
			return false;
	return !s->why && ratio_fits(s, sum) &&
	       meta_all_chained(s, s->inodes, s->dirs, "inode table") &&
	       meta_all_chained(s, s->dirs, s->dirs_end, "directory table");
}
