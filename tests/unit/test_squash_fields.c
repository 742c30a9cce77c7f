/* Images with one field that cannot be: each is refused with a line that says so. */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/xattr.h>

#include "check.h"
#include "core/fs.h"
#include "mksq.h"

struct idea {
	const char *field;
	uint64_t value;
	const char *add; /* this field's value is added */
	const char *why;
};

static const struct idea superblock[] = {
	{"super.major", 3, NULL, "version 3.0"},
	{"super.major", 5, NULL, "version 5.0"},
	{"super.minor", 1, NULL, "version 4.1"},
	{"super.kind", 0, NULL, "compression 0 is not"},
	{"super.kind", 2, NULL, "compression 2 (lzma) is not"},
	{"super.kind", 7, NULL, "compression 7 is not"},
	{"super.kind", 99, NULL, "compression 99 is not"},
	{"super.block_log", 31, NULL, "logarithm 31"},
	{"super.block_log", 0, NULL, "logarithm 0"},
	{"super.block_log", 13, NULL, "logarithm 13"},
	{"super.block_log", 65535, NULL, "logarithm 65535"},
	{"super.block_size", 0, NULL, "block size 0"},
	{"super.block_size", 4097, NULL, "block size 4097"},
	{"super.block_size", 1u << 21, NULL, "block size"},
	{"super.block_size", 0xffffffff, NULL, "block size"},
	{"super.inodes", 0, NULL, "0 inodes"},
	{"super.inodes", 5, NULL, "number is not one"},
	{"super.inodes", 10000000, NULL, "10000000 inodes"},
	{"super.inodes", 0xffffffff, NULL, "4294967295 inodes"},
	{"super.ids", 0, NULL, "0 owners"},
	{"super.ids", 65535, NULL, "65535 owners"},
	{"super.ids", 1, NULL, "owner table"},
	{"super.fragments", 0xffffffff, NULL, "fragment blocks"},
	{"super.fragments", 0, NULL, "directory table"},
	{"super.fragments", 100, NULL, "fragment table"},
	{"super.bytes", 0, NULL, "says it has 0 bytes"},
	{"super.bytes", 95, NULL, "says it has 95 bytes"},
	{"super.bytes", UINT64_MAX, NULL, "says it has"},
	{"super.bytes", 8, "super.bytes", "owner table"},
	{"super.bytes", (uint64_t)-8, "super.bytes", "owner table"},
	{"super.bytes", 100000, "super.bytes", "but the file has"},
	{"super.root", UINT64_MAX, NULL, "no inode can be at"},
	{"super.root", 0x7fff, NULL, "no inode can be at"},
	{"super.root", 1, "super.root", "inode"},
	{"super.root", 0, NULL, "root is not a directory"},
	{"super.id_table", UINT64_MAX, NULL, "owner table"},
	{"super.id_table", 0, NULL, "owner table"},
	{"super.id_table", 8, "super.id_table", "owner table"},
	{"super.inode_table", 0, NULL, "inode table at byte 0"},
	{"super.inode_table", UINT64_MAX, NULL, "inode table at byte"},
	{"super.inode_table", 0, "super.dir_table", "inode table at byte"},
	{"super.inode_table", 1, "super.inode_table", "inode table"},
	{"super.dir_table", 0, "super.inode_table", "directory table"},
	{"super.dir_table", UINT64_MAX, NULL, "directory table"},
	{"super.dir_table", 0, "super.fragment_table", "directory table"},
	{"super.dir_table", 3, "super.dir_table", "inode table"},
	{"super.dir_table", (uint64_t)-1, "super.dir_table", "inode table"},
	{"super.fragment_table", UINT64_MAX, NULL, "fragment table"},
	{"super.fragment_table", 0, "super.id_table", "fragment table"},
	{"super.fragment_table", 0, NULL, "fragment table"},
	{"super.export_table", 96, NULL, "export table"},
	{"super.export_table", 0, "super.fragment_table", "export table"},
	{"super.export_table", UINT64_MAX, NULL, "fragment table"},
	{"super.xattr_table", 0, NULL, "xattr table"},
	{"super.xattr_table", UINT64_MAX - 1, NULL, "xattr table"},
	{"super.xattr_table", 0, "super.id_table", "xattr table"},
	{"super.flags", 0x400, NULL, "compressor options"},
};

static const struct idea inodes[] = {
	{"inode:aa.type", 0, NULL, "no known type"},
	{"inode:aa.type", 15, NULL, "no known type"},
	{"inode:aa.type", 0xffff, NULL, "no known type"},
	{"inode:aa.type", 1, NULL, "inode"},
	{"inode:aa.mode", 0x81ed, NULL, "the mode is not one"},
	{"inode:aa.uid", 65535, NULL, "owner table: number 65535"},
	{"inode:aa.gid", 3, NULL, "owner table: number 3"},
	{"inode:aa.number", 0, NULL, "number is not one"},
	{"inode:aa.number", 0xffffffff, NULL, "number is not one"},
	{"inode:aa.number", 1, "inode:aa.number", "\"aa\" is inode"},
	{"inode:aa.fragment", 7, NULL, "its fragment is not in the table"},
	{"inode:aa.fragment_at", 0xffffffff, NULL, "tail is not inside"},
	{"inode:aa.fragment_at", 4095, NULL, "tail is not inside"},
	{"inode:aa.size", 0xffffffff, NULL, ""},
	{"inode:aa.size", 4096, NULL, "tail is not inside"},
	{"inode:a.size", UINT64_MAX, NULL, "the file is too large"},
	{"inode:a.size", (uint64_t)1 << 63, NULL, "the file is too large"},
	{"inode:a.size", (uint64_t)1 << 40, NULL, "the file is too large"},
	{"inode:a.nlink", 0, NULL, "has no links"},
	{"inode:a.xattr", 0, NULL, "extended attributes are not in the table"},
	{"inode:a.xattr", 0xfffffffe, NULL, "extended attributes are not in the table"},
	{"inode:blocks.start", 0, NULL, "lies outside of the data"},
	{"inode:blocks.start", 0xffffffff, NULL, "lies outside of the data"},
	{"inode:blocks.start", 0, "super.inode_table", "lies outside of the data"},
	{"inode:blocks.block0", 0xffffffff, NULL, "cannot have size"},
	{"inode:blocks.block0", 0x1001000 + 1, NULL, "cannot have size"},
	{"inode:blocks.block0", 0x1000fff, NULL, "4095 bytes stored, but 4096 needed"},
	{"inode:blocks.block0", 0x1000000, NULL, "cannot have size"},
	{"inode:blocks.size", 0x7fffffff, NULL, ""},
	{"inode:d/link.size", 0, NULL, "1 to 4095 bytes"},
	{"inode:d/link.size", 4096, NULL, "1 to 4095 bytes"},
	{"inode:d/link.size", 0xffffffff, NULL, "1 to 4095 bytes"},
	{"inode:d/link.target0", 0x0041004141414141, NULL, "has a NUL"},
	{"inode:fifo.nlink", 0, NULL, "has no links"},
	{"inode:d.list_size", 0, NULL, "a directory's size is at least 3"},
	{"inode:d.list_size", 4, NULL, "ends within a name"},
	{"inode:d.list_size", 65535, NULL, "directory table"},
	{"inode:d.list_size", 1, "inode:d.list_size", "ends within a name"},
	{"inode:d.list_size", (uint64_t)-1, "inode:d.list_size", "ends within a name"},
	{"inode:d.list_block", 0xffffffff, NULL, "no listing can be at"},
	{"inode:d.list_block", 1, "inode:d.list_block", "directory table"},
	{"inode:d.list_offset", 8192, NULL, "begins outside of a block"},
	{"inode:d.list_offset", 8191, NULL, "directory table"},
	{"inode:d.parent", 1, NULL, "says its parent is inode 1"},
	{"inode:many.indexes", 65535, NULL, ""},
	{"inode:many.index0", 1, NULL, "directory index"},
	{"inode:many.index0", 0xffffffff, NULL, "directory index"},
	{"inode:many.index0_block", 0xffffffff, NULL, "directory index"},
	{"inode:many.index0_block", 1, NULL, "directory index"},
	{"inode:many.index0_size", 0xffffffff, NULL, "directory index: a name of"},
	{"inode:many.index0_size", 255, NULL, "directory index: a name of"},
	{"inode:many.index0_text0", 'z', NULL, "directory index"},
	{"inode:many.list_size", 0xffffffff, NULL, "the directory is too large"},
};

static const struct idea listings[] = {
	{"head:d.count", 256, NULL, "256 names below one header"},
	{"head:d.count", 0xffffffff, NULL, "4294967295 names below one header"},
	{"head:d.count", 100, NULL, "ends within a name"},
	{"head:d.count", 0, NULL, "directory table"},
	{"head:d.block", 0xffffffff, NULL, "no inode can be at"},
	{"head:d.block", 1, NULL, "inode table"},
	{"head:d.number", 0, NULL, "in its directory, but"},
	{"name:aa.offset", 0xffff, NULL, "no inode can be at"},
	{"name:aa.offset", 1, "name:aa.offset", "inode"},
	{"name:aa.offset", 0, "name:ab.offset", "\"aa\" is inode"},
	{"name:aa.number", 0, "name:ab.number", "\"aa\" is inode"},
	{"name:aa.type", 1, NULL, "of type 1 in its directory, but"},
	{"name:aa.type", 9, NULL, "of type 9 in its directory, but"},
	{"name:aa.type", 0, NULL, "of type 0 in its directory, but"},
	{"name:aa.size", 256, NULL, "a name of 257 bytes"},
	{"name:aa.size", 255, NULL, "a name of 256 bytes"},
	{"name:aa.size", 0xffff, NULL, "a name of 65536 bytes"},
	{"name:aa.size", 0, NULL, ""},
	{"owner.0", 0xffffffff, NULL, "nobody at all"},
	{"fragment.0", UINT64_MAX, NULL, "lies outside of the data"},
	{"fragment.0", 0, NULL, "lies outside of the data"},
	{"fragment.0", 0, "super.dir_table", "lies outside of the data"},
	{"fragment_size.0", 0xffffffff, NULL, "cannot have size"},
	{"fragment_size.0", 0, NULL, "cannot have size"},
	{"export.0", 0, "export.1", "export table"},
	{"export.3", UINT64_MAX, NULL, "export table"},
	{"owner_index.0", UINT64_MAX, NULL, "owner table"},
	{"owner_index.0", 0, NULL, "owner table"},
	{"owner_index.0", 1, "owner_index.0", "table"},
	{"owner_index.0", 0, "super.id_table", "owner table"},
	{"fragment_index.0", UINT64_MAX, NULL, "fragment table"},
	{"fragment_index.0", 0, "super.id_table", "fragment table"},
	{"export_index.0", 0, "super.root", "export table"},
	{"block:inode", 0x8000, NULL, "inode table: the block at byte"},
	{"block:inode", 0, NULL, "inode table: the block at byte"},
	{"block:inode", 0xffff, NULL, "inode table: the block at byte"},
	{"block:inode", 0x1000, NULL, "is not valid gzip"},
	{"block:dir", 0x8000, NULL, "directory table: the block at byte"},
	{"block:dir", 0xffff, NULL, "directory table: the block at byte"},
	{"block:dir", 0x8100, NULL, "directory table: the block at byte"},
};

static void try_all(struct arena *a, const struct image *good, const struct idea *ideas, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct idea *t = &ideas[i];
		struct image m = mksq_copy(a, good);
		uint64_t value = t->value + (t->add ? mksq_get(a, good, t->add) : 0);

		mksq_set(a, &m, t->field, value);
		const char *why = mksq_refusal(a, &m, NULL);
		if (!why)
			fail_msg("accepted %s = %#" PRIx64, t->field, value);
		if (!strstr(why, t->why))
			fail_msg("%s = %#" PRIx64 ": \"%s\", not \"%s\"", t->field, value, why,
				 t->why);
	}
}

#define TRY(a, good, table) try_all(a, good, table, sizeof table / sizeof table[0])

static void a207_superblocks_that_cannot_be_are_refused(void **state)
{
	struct image good = mksq_sample(*state);

	TRY(*state, &good, superblock);
}

static void a207_inodes_that_cannot_be_are_refused(void **state)
{
	struct image good = mksq_sample(*state);

	TRY(*state, &good, inodes);
}

static void a207_listings_and_tables_that_cannot_be_are_refused(void **state)
{
	struct image good = mksq_sample(*state);

	TRY(*state, &good, listings);
}

static const struct idea xattrs[] = {
	{"super.xattr_table", 0, "super.id_table", "table"},
	{"super.xattr_table", 8, "super.xattr_table", "xattr table"},
	{"inode:f.xattr", 2, NULL, "extended attributes are not in the table"},
	{"xattr.0", UINT64_MAX, NULL, "none can be at"},
	{"xattr.0", 0x2000, NULL, "none can be at"},
	{"xattr.1", (uint64_t)1 << 16, NULL, "xattr names and values"},
	{"xattr.0", 3, NULL, "xattr names and values"},
	{"xattr_pairs.0", 0, NULL, "set 0 has 0 attributes"},
	{"xattr_pairs.0", 0xffffffff, NULL, "set 0 has 4294967295 attributes"},
	{"xattr_pairs.0", 1000, NULL, "xattr names and values"},
	{"block:xattr", 0x8000, NULL, "xattr names and values: the block at"},
	{"block:xattr", 0xffff, NULL, "xattr names and values: the block at"},
	{"block:xattr", 0x800f, NULL, "xattr names and values"},
};

static void a207_xattrs_that_cannot_be_are_refused(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	char *f = arena_printf(a, "%s/f", dir), *g = arena_printf(a, "%s/g", dir);
	char large[200] = "large";

	mksq_run(a, "echo 1 >%s; echo 2 >%s", f, g);
	if (setxattr(f, "user.one", "1", 1, 0) || setxattr(f, "user.two", large, 200, 0) ||
	    setxattr(g, "user.two", large, 200, 0))
		skip();
	struct image m = mksq_pack(a, dir, MKSQ_PLAIN);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_null(mksq_refusal(a, &m, NULL));
	TRY(a, &m, xattrs);
}

int main(void)
{
	return RUN(UNIT(a207_superblocks_that_cannot_be_are_refused),
		   UNIT(a207_inodes_that_cannot_be_are_refused),
		   UNIT(a207_listings_and_tables_that_cannot_be_are_refused),
		   UNIT(a207_xattrs_that_cannot_be_are_refused));
}
