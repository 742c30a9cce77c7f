/* inode.c - inodes
 *
 * MUST refuse a number, mode, owner, size or link text that cannot be: what
 * leaves here is trusted by everything above.
 *
 * The list of a file's blocks is not read here, only where it begins; read.c
 * and check.c go through it.
 */
#include <inttypes.h>
#include <string.h>

#include "core/squash/inner.h"

static const char what[] = "inode table";

/* The fixed part of each type after the common 16 bytes. */
static const uint8_t sizes[] = {
	[1] = 16, [2] = 16, [3] = 8,  [4] = 8,   [5] = 8,   [6] = 4,  [7] = 4,
	[8] = 24, [9] = 40, [10] = 8, [11] = 12, [12] = 12, [13] = 8, [14] = 8,
};

static bool no_inode(struct squash *s, const struct squash_node *n, const char *problem)
{
	return squash_no(s, "inode %" PRIu32 " at %" PRIu64 ":%" PRIu32 ": %s", n->number,
			 n->ref >> 16, (uint32_t)(n->ref & 0xffff), problem);
}

static bool load_owner(struct squash *s, uint32_t index, uint32_t *id)
{
	uint8_t raw[4];

	if (!table_get(s, &s->ids, index, raw))
		return false;
	*id = le32(raw);
	return true;
}

static void parse_dir(struct squash_node *n, const uint8_t *p, bool extended)
{
	if (extended) {
		n->nlink = le32(p);
		n->list_size = le32(p + 4);
		n->list_block = le32(p + 8);
		n->parent = le32(p + 12);
		n->indexes = (uint16_t)le16(p + 16);
		n->list_offset = le16(p + 18);
		n->xattr = le32(p + 20);
	} else {
		n->list_block = le32(p);
		n->nlink = le32(p + 4);
		n->list_size = le16(p + 8);
		n->list_offset = le16(p + 10);
		n->parent = le32(p + 12);
	}
}

static void parse_file(struct squash_node *n, const uint8_t *p, bool extended)
{
	if (extended) {
		n->start = le64(p);
		n->size = le64(p + 8); /* 8 more: how much of it is holes, nobody needs it */
		n->nlink = le32(p + 24);
		n->fragment = le32(p + 28);
		n->fragment_at = le32(p + 32);
		n->xattr = le32(p + 36);
	} else {
		n->start = le32(p);
		n->fragment = le32(p + 4);
		n->fragment_at = le32(p + 8);
		n->size = le32(p + 12);
		n->nlink = 1;
	}
}

static void parse_other(struct squash_node *n, const uint8_t *p, bool extended)
{
	n->nlink = le32(p);
	if (n->type == SQUASH_LINK) {
		n->size = le32(p + 4);
		return;
	}
	if (n->type == SQUASH_BLOCK || n->type == SQUASH_CHAR) {
		uint32_t rdev = le32(p + 4); /* as the kernel's new_encode_dev() */

		n->major = rdev >> 8 & 0xfff;
		n->minor = (rdev & 0xff) | (rdev >> 12 & 0xfff00);
		p += 4;
	}
	if (extended)
		n->xattr = le32(p + 4);
}

static bool load_target(struct squash *s, struct squash_node *n, struct meta_at *at, bool extended)
{
	uint8_t raw[4];

	if (!n->size || n->size > SQUASH_TARGET_MAX)
		return no_inode(s, n, "a link's text has 1 to 4095 bytes");
	char *text = arena_alloc(s->arena, (size_t)n->size + 1, 1);
	if (!meta_read(s, at, text, (size_t)n->size, what))
		return false;
	if (memchr(text, '\0', (size_t)n->size))
		return no_inode(s, n, "a link's text has a NUL");
	n->target = text;
	if (!extended)
		return true;
	if (!meta_read(s, at, raw, sizeof raw, what))
		return false;
	n->xattr = le32(raw);
	return true;
}

static bool file_fits(struct squash *s, const struct squash_node *n)
{
	uint64_t tail = n->size & (s->info.block_size - 1);

	if (n->size > s->limits.file)
		return no_inode(s, n, "the file is too large");
	if (n->fragment == SQUASH_NO_FRAGMENT)
		return true;
	if (n->fragment >= s->info.fragments)
		return no_inode(s, n, "its fragment is not in the table");
	if (!tail || n->fragment_at >= s->info.block_size ||
	    tail > s->info.block_size - n->fragment_at)
		return no_inode(s, n, "its tail is not inside a fragment");
	return true;
}

static bool dir_fits(struct squash *s, const struct squash_node *n)
{
	if (n->list_size < SQUASH_DIR_EMPTY)
		return no_inode(s, n, "a directory's size is at least 3");
	if (n->list_size - SQUASH_DIR_EMPTY > s->limits.metadata)
		return no_inode(s, n, "the directory is too large");
	if (n->list_offset >= SQUASH_META && n->list_size > SQUASH_DIR_EMPTY)
		return no_inode(s, n, "its listing begins outside of a block");
	return true;
}

static bool inode_fits(struct squash *s, const struct squash_node *n)
{
	if (!n->number || n->number > s->info.inodes)
		return no_inode(s, n, "the number is not one of the image's");
	if (!n->nlink)
		return no_inode(s, n, "has no links");
	if (n->mode & ~07777u)
		return no_inode(s, n, "the mode is not one");
	if (n->xattr != SQUASH_NO_XATTR && n->xattr >= s->xattrs.count)
		return no_inode(s, n, "its extended attributes are not in the table");
	if (n->type == SQUASH_FILE)
		return file_fits(s, n);
	return n->type != SQUASH_DIR || dir_fits(s, n);
}

bool inode_load(struct squash *s, uint64_t ref, struct squash_node *n)
{
	struct meta_at at = {s->inodes, s->dirs, 0, (uint32_t)(ref & 0xffff)};
	uint8_t raw[40];

	*n = (struct squash_node){.ref = ref, .xattr = SQUASH_NO_XATTR,
				  .fragment = SQUASH_NO_FRAGMENT};
	if (ref >> 16 >= s->dirs - s->inodes || at.offset >= SQUASH_META)
		return squash_no(s, "%s: no inode can be at %" PRIu64 ":%" PRIu32, what, ref >> 16,
				 at.offset);
	at.block = s->inodes + (ref >> 16);
	if (!meta_read(s, &at, raw, 16, what))
		return false;
	uint32_t type = le16(raw), uid = le16(raw + 4), gid = le16(raw + 6);
	n->mode = le16(raw + 2);
	n->mtime = le32(raw + 8);
	n->number = le32(raw + 12);
	if (!type || type >= sizeof sizes)
		return no_inode(s, n, "no known type");
	bool extended = type > SQUASH_EXTENDED;
	n->type = extended ? type - SQUASH_EXTENDED : type;
	if (!load_owner(s, uid, &n->uid) || !load_owner(s, gid, &n->gid) ||
	    !meta_read(s, &at, raw, sizes[type], what))
		return false;
	if (n->type == SQUASH_DIR)
		parse_dir(n, raw, extended);
	else if (n->type == SQUASH_FILE)
		parse_file(n, raw, extended);
	else
		parse_other(n, raw, extended);
	if (n->type == SQUASH_LINK && !load_target(s, n, &at, extended))
		return false;
	n->block = at.block;
	n->offset = at.offset;
	return inode_fits(s, n);
}
