/* inner.h - what the files of the squashfs reader share
 *
 * Three layers: bytes (squash_pread), metadata blocks (meta_*), tables with an
 * index (table_*). Each reports by squash_no() and answers false or NULL.
 */
#ifndef CORE_SQUASH_INNER_H
#define CORE_SQUASH_INNER_H

#include "core/squash/format.h"
#include "core/squash/image.h"
#include "core/squash/unpack.h"

/* A metadata block, kept once it was read: at most limits.metadata of them. */
struct meta {
	uint64_t at, next; /* where it begins, and what comes after it */
	uint32_t len;
	bool chained; /* squash_check() met it on its way through the table */
	uint8_t *data;
};

struct meta_cache {
	struct meta *slot; /* open addressing by at; at 0 is free */
	size_t slots, used;
	uint64_t bytes;
};

/* Where to read next in a chain of metadata blocks that lies in [start, end). */
struct meta_at {
	uint64_t start, end, block;
	uint32_t offset;
};

/* Equal entries in metadata blocks, with a list of where the blocks are. */
struct table {
	const char *name;
	uint64_t *block; /* absolute; one more than there are: where the last ends */
	uint32_t count, entry;
};

#define FRAGMENTS_KEPT 4 /* unpacked fragment blocks: neighbours share them */

struct fragment {
	uint32_t index; /* SQUASH_NO_FRAGMENT: nothing here */
	uint32_t len;
	uint8_t *data;
};

struct squash {
	struct arena *arena;
	int fd;
	struct squash_limits limits;
	struct squash_info info;
	const char *why;
	struct unpack *unpack;
	uint64_t root, data_start, inodes, dirs, dirs_end;
	uint32_t flags, block_log;

	struct meta_cache cache;
	struct table ids, fragments, exports, xattrs;
	uint64_t xattr_start, xattr_end; /* the metadata blocks of names and values */
	uint8_t *stored, *block;         /* block_size each */
	struct fragment kept[FRAGMENTS_KEPT];
	unsigned kept_next;
};

/* Leave a reason unless there is one; always false. */
bool squash_no(struct squash *s, const char *fmt, ...) PRINTF(2, 3);

bool squash_pread(struct squash *s, uint64_t at, void *out, size_t n, const char *what);

/* The metadata block at an absolute position that must end by end. */
struct meta *meta_block(struct squash *s, uint64_t at, uint64_t end, const char *what);

/* Copy n bytes and step on, into following blocks where needed; out may be NULL. */
bool meta_read(struct squash *s, struct meta_at *at, void *out, size_t n, const char *what);

/* Read every block of [start, end) in order: all full but the last. */
bool meta_chain(struct squash *s, uint64_t start, uint64_t end, const char *what);

/* Has every block that was read in [start, end) been part of the chain? */
bool meta_all_chained(struct squash *s, uint64_t start, uint64_t end, const char *what);

/* A table whose index fills [at, end) and whose last block ends at blocks_end;
 * *first becomes where its first block is. */
bool table_open(struct squash *s, struct table *t, const char *name, uint64_t at, uint64_t end,
		uint64_t blocks_end, uint32_t count, uint32_t entry, uint64_t *first);
bool table_get(struct squash *s, const struct table *t, uint32_t i, uint8_t *out);

/* The inode at a reference (block << 16 | offset). */
bool inode_load(struct squash *s, uint64_t ref, struct squash_node *n);

/* The words of a list of blocks are read from here on. */
struct meta_at inode_blocks(const struct squash *s, const struct squash_node *n);

/* Where a data or fragment block may lie, and how large; plain must be len. */
bool data_fits(struct squash *s, uint64_t at, uint32_t word, uint32_t len, const char *what);

/* A listing, name by name. */
struct dir_at {
	struct meta_at at;
	uint32_t size, left, run, count, head_block, head_number;
	char name[SQUASH_NAME_MAX + 1];
	uint32_t name_len;
	/* the name's inode, as the listing tells it */
	uint64_t ref;
	uint32_t number, type;
	bool head; /* the first name below its header */
	uint32_t head_offset; /* of that header in the listing */
};
bool dir_open(struct squash *s, const struct squash_node *n, struct dir_at *d);
bool dir_next(struct squash *s, struct dir_at *d); /* false at the end too: squash_why() */

/* The node a listing names, after comparing the two. */
bool dir_node(struct squash *s, const struct dir_at *d, struct squash_node *n);

/* Is every extended attribute where a kernel would look for it? */
bool xattrs_fit(struct squash *s);

#endif
