/* mksq.h - squashfs images for tests: made by mksquashfs, then broken by name
 *
 *	struct image m = mksq_pack(a, dir, MKSQ_PLAIN);
 *	mksq_set(a, &m, "super.ids", 0);
 *	int fd = mksq_fd(&m);
 *
 * Fields:
 *	super.NAME          inodes made block_size fragments kind block_log flags ids major minor
 *	                    root bytes id_table xattr_table inode_table dir_table fragment_table
 *	                    export_table
 *	inode:PATH.NAME     type mode uid gid mtime number, and what its type has: nlink size start
 *	                    fragment fragment_at block0 list_block list_size list_offset parent rdev
 *	                    indexes index0 xattr target0 (the first 8 bytes)
 *	head:PATH.NAME      of the first header in the listing of PATH: count block number
 *	name:PATH.NAME      of the name in its directory: offset number type size, text0
 *	owner.N  fragment.N (its place) fragment_size.N  export.N
 *	owner_index.N  fragment_index.N  export_index.N    the list of blocks of these tables
 *	xattr.N xattr_pairs.N         of the table of sets: its place, how many
 *	block:inode block:dir block:xattr        the header of the first metadata block
 *
 * Everything fails the running test when it cannot do its work.
 */
#ifndef TESTS_MKSQ_H
#define TESTS_MKSQ_H

#include <stdint.h>

#include "core/arena.h"

/* Tables that are not compressed, so that fields can be found and set. */
#define MKSQ_PLAIN "-noI -noId -noX -noF -noD"

struct image {
	uint8_t *data;
	size_t len;
};

char *mksq_dir(struct arena *a); /* a new directory */
void mksq_run(struct arena *a, const char *fmt, ...) PRINTF(2, 3); /* a shell line that must work */
struct image mksq_load(struct arena *a, const char *path);
struct image mksq_pack(struct arena *a, const char *dir, const char *options);
int mksq_fd(const struct image *m); /* a memory file with these bytes */

uint64_t mksq_get(struct arena *a, const struct image *m, const char *field);
void mksq_set(struct arena *a, struct image *m, const char *field, uint64_t value);

/* The name at path becomes text, which has as many bytes. */
void mksq_rename(struct arena *a, struct image *m, const char *path, const char *text);

struct squash_limits;

/* Why opening or checking the image is refused; NULL when it is not. */
const char *mksq_refusal(struct arena *a, const struct image *m,
			 const struct squash_limits *limits);

struct image mksq_copy(struct arena *a, const struct image *m);

/* An image with something of every kind, MKSQ_PLAIN and with blocks of 4096. */
struct image mksq_sample(struct arena *a);

#endif
