/* image.c - the superblock, and whether it can be true
 *
 * MUST check every number of the superblock before it is used, and refuse what
 * the kernel would refuse: the order of the tables is the kernel's, from the
 * end of the image downwards, each ending where the one above it begins.
 */
#include "core/squash/image.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "core/squash/inner.h"

#define BLOCK_LOG_MIN 12u
#define BLOCK_LOG_MAX 20u
#define IDS_MAX 65535u

const struct squash_limits squash_limits = {
	.inodes = 1u << 20,
	.entries = 1u << 21,
	.dir = 1u << 17,
	.depth = 128,
	.metadata = (uint64_t)128 << 20,
	.file = (uint64_t)32 << 30,
	.total = (uint64_t)64 << 30,
	.small = (uint64_t)1 << 30,
	.ratio = 100,
};

/* The superblock, field by field. */
struct super {
	uint32_t inodes, made, block_size, fragments, kind, block_log, flags, ids, major, minor;
	uint64_t root, bytes, id_table, xattr_table, inode_table, dir_table, fragment_table,
		export_table;
};

static void super_parse(const uint8_t *p, struct super *b)
{
	*b = (struct super){
		.inodes = le32(p + 4), .made = le32(p + 8), .block_size = le32(p + 12),
		.fragments = le32(p + 16), .kind = le16(p + 20), .block_log = le16(p + 22),
		.flags = le16(p + 24), .ids = le16(p + 26), .major = le16(p + 28),
		.minor = le16(p + 30), .root = le64(p + 32), .bytes = le64(p + 40),
		.id_table = le64(p + 48), .xattr_table = le64(p + 56), .inode_table = le64(p + 64),
		.dir_table = le64(p + 72), .fragment_table = le64(p + 80),
		.export_table = le64(p + 88),
	};
}

static bool super_counts(struct squash *s, const struct super *b)
{
	if (b->major != 4 || b->minor)
		return squash_no(s, "squashfs version %" PRIu32 ".%" PRIu32 ", not 4.0", b->major,
				 b->minor);
	if (b->block_log < BLOCK_LOG_MIN || b->block_log > BLOCK_LOG_MAX ||
	    b->block_size != 1u << b->block_log)
		return squash_no(s, "block size %" PRIu32 " with logarithm %" PRIu32, b->block_size,
				 b->block_log);
	if (!b->inodes || b->inodes > s->limits.inodes)
		return squash_no(s, "%" PRIu32 " inodes, not 1 to %" PRIu32, b->inodes,
				 s->limits.inodes);
	if (!b->ids || b->ids > IDS_MAX || b->ids > (uint64_t)b->inodes * 2)
		return squash_no(s, "%" PRIu32 " owners for %" PRIu32 " inodes", b->ids, b->inodes);
	if (b->fragments > b->inodes)
		return squash_no(s, "%" PRIu32 " fragment blocks for %" PRIu32 " inodes",
				 b->fragments, b->inodes);
	return true;
}

/* The extended attributes: a header of 16 bytes before the index of their table. */
static bool open_xattrs(struct squash *s, const struct super *b, uint64_t *end)
{
	uint8_t head[16];
	uint64_t first;

	if (b->xattr_table == SQUASH_NONE)
		return true;
	if (b->xattr_table < SQUASH_SUPER || b->xattr_table >= *end || *end - b->xattr_table < 16)
		return squash_no(s, "xattr table: cannot be at byte %" PRIu64, b->xattr_table);
	if (!squash_pread(s, b->xattr_table, head, sizeof head, "xattr table"))
		return false;
	uint32_t count = le32(head + 8);
	s->xattr_start = le64(head);
	if (!count || count > b->inodes)
		return squash_no(s, "xattr table: %" PRIu32 " sets for %" PRIu32 " inodes", count,
				 b->inodes);
	if (!table_open(s, &s->xattrs, "xattr", b->xattr_table + 16, *end, b->xattr_table,
			count, 16, &first))
		return false;
	s->xattr_end = first;
	if (s->xattr_start < SQUASH_SUPER || s->xattr_start >= first)
		return squash_no(s, "xattr table: names and values at byte %" PRIu64,
				 s->xattr_start);
	*end = s->xattr_start;
	return true;
}

/* From the end downwards; what is left below them is inodes and listings. */
static bool open_tables(struct squash *s, const struct super *b)
{
	uint64_t end = b->bytes;

	if (!open_xattrs(s, b, &end) ||
	    !table_open(s, &s->ids, "owner", b->id_table, end, b->id_table, b->ids, 4, &end))
		return false;
	if (b->export_table != SQUASH_NONE &&
	    !table_open(s, &s->exports, "export", b->export_table, end, b->export_table,
			b->inodes, 8, &end))
		return false;
	if (b->fragments && !table_open(s, &s->fragments, "fragment", b->fragment_table, end,
					b->fragment_table, b->fragments, 16, &end))
		return false;
	if (b->inode_table < s->data_start || b->inode_table >= b->dir_table ||
	    b->dir_table >= end)
		return squash_no(s, "inode table at byte %" PRIu64 " and directory table at %"
				 PRIu64 ", with data from %" PRIu64 " and tables from %" PRIu64,
				 b->inode_table, b->dir_table, s->data_start, end);
	s->inodes = b->inode_table;
	s->dirs = b->dir_table;
	s->dirs_end = end;
	return true;
}

/* Options matter only to who writes; but what they fill is not data. */
static bool skip_options(struct squash *s, const struct super *b)
{
	uint8_t head[2];

	s->data_start = SQUASH_SUPER;
	if (!(b->flags & SQUASH_OPTIONS))
		return true;
	if (!squash_pread(s, SQUASH_SUPER, head, sizeof head, "compressor options"))
		return false;
	uint32_t n = le16(head) & ~SQUASH_META_PLAIN;
	if (!(le16(head) & SQUASH_META_PLAIN) || !n || n > 64)
		return squash_no(s, "compressor options of %" PRIu32 " bytes", n);
	s->data_start += 2 + n;
	return true;
}

/* The root is looked at once here, so that looking up needs not doubt it. */
static bool root_fits(struct squash *s)
{
	struct squash_node n;

	if (!inode_load(s, s->root, &n))
		return false;
	return n.type == SQUASH_DIR || squash_no(s, "the root is not a directory");
}

static bool super_open(struct squash *s, uint64_t file_size)
{
	uint8_t raw[SQUASH_SUPER];
	struct super b;

	if (file_size < sizeof raw)
		return squash_no(s, "not a squashfs image: %" PRIu64 " bytes", file_size);
	if (!squash_pread(s, 0, raw, sizeof raw, "superblock"))
		return false;
	if (le32(raw) != SQUASH_MAGIC)
		return squash_no(s, "not a squashfs image");
	super_parse(raw, &b);
	if (!super_counts(s, &b))
		return false;
	if (b.bytes < sizeof raw || b.bytes > file_size)
		return squash_no(s, "says it has %" PRIu64 " bytes, but the file has %" PRIu64,
				 b.bytes, file_size);
	s->unpack = unpack_new(s->arena, b.kind);
	if (!s->unpack)
		return squash_no(s, "compression %" PRIu32 "%s is not supported", b.kind,
				 b.kind == UNPACK_LZMA ? " (lzma)" : "");
	s->info = (struct squash_info){b.inodes, b.fragments, b.ids, b.made, b.block_size, b.bytes,
				       unpack_name(s->unpack)};
	s->root = b.root;
	s->flags = b.flags;
	s->block_log = b.block_log;
	return skip_options(s, &b) && open_tables(s, &b) && root_fits(s);
}

struct squash *squash_open(struct arena *a, int fd, const struct squash_limits *limits,
			   const char **why)
{
	struct squash *s = NEW(a, struct squash);
	struct stat st;

	s->arena = a;
	s->fd = fd;
	s->limits = limits ? *limits : squash_limits;
	for (size_t i = 0; i < FRAGMENTS_KEPT; i++)
		s->kept[i].index = SQUASH_NO_FRAGMENT;
	if (fstat(fd, &st))
		squash_no(s, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		squash_no(s, "not a regular file");
	else if (super_open(s, (uint64_t)st.st_size))
		return s;
	*why = s->why;
	squash_close(s);
	return NULL;
}

void squash_close(struct squash *s)
{
	if (s)
		unpack_end(s->unpack);
}

const struct squash_info *squash_info(const struct squash *s)
{
	return &s->info;
}

const char *squash_why(const struct squash *s)
{
	return s->why;
}
