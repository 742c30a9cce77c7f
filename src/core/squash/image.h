/* image.h - squashfs 4.0 images, read from a descriptor
 *
 * Everything in an image is a stranger's: whatever is read is checked first
 * against the image and against budgets (attacks.md R20). Reading needs no
 * more than pread, fstat and memory, so that it works in proc_jailed().
 *
 * A function that says no leaves one line in squash_why(): what is wrong and
 * where. The first reason stays. NULL means that nothing is wrong: the thing
 * asked for is just not there. Out of memory dies.
 *
 *	struct squash *s = squash_open(a, fd, NULL, &why);
 *	if (!s || !squash_check(s, &sum)) ...            the whole image, no file contents
 *	if (squash_lookup(s, "meta/snap.yaml", &node))
 *		text = squash_read(s, &node, 1 << 20, &len);
 */
#ifndef CORE_SQUASH_IMAGE_H
#define CORE_SQUASH_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

/* What a child that reads all of an image may use (core/proc.h). */
#define SQUASH_SECONDS 3600
#ifdef __SANITIZE_ADDRESS__ /* wants terabytes of addresses for itself */
#define SQUASH_MEMORY 0
#else
#define SQUASH_MEMORY ((size_t)768 << 20)
#endif

#define SQUASH_NO_XATTR UINT32_MAX

enum squash_type {
	SQUASH_DIR = 1,
	SQUASH_FILE,
	SQUASH_LINK,
	SQUASH_BLOCK,
	SQUASH_CHAR,
	SQUASH_FIFO,
	SQUASH_SOCKET,
};

/* More than this in one image is refused. The defaults are what is documented. */
struct squash_limits {
	uint32_t inodes;    /* 1,048,576 */
	uint32_t entries;   /* 2,097,152 names in all directories */
	uint32_t dir;       /* 131,072 names in one directory */
	uint32_t depth;     /* 128 directories below each other */
	uint64_t metadata;  /* 128 MiB of unpacked tables */
	uint64_t file;      /* 32 GiB in one file, holes counted */
	uint64_t total;     /* 64 GiB in all files, holes counted, hard links once */
	uint64_t small;     /* 1 GiB to unpack is always fine; more must not be more than */
	uint32_t ratio;     /* 100 times the image */
};
extern const struct squash_limits squash_limits;

/* What the image says of itself, after checking. */
struct squash_info {
	uint32_t inodes, fragments, ids, made; /* made: seconds since 1970 */
	uint32_t block_size;                   /* 4 KiB to 1 MiB */
	uint64_t bytes;                        /* of the image; the file may have more */
	const char *compression;               /* gzip, lzo, xz, lz4, zstd */
};

struct squash;

/* One inode. What is below "inner" belongs to the reader. */
struct squash_node {
	enum squash_type type;
	uint32_t mode; /* permissions with set-id and sticky bits, 07777 */
	uint32_t uid, gid, mtime, number, nlink;
	uint64_t size;      /* of a file or of a link's text */
	const char *target; /* of a link: 1 to 4095 bytes without NUL */
	uint32_t major, minor;
	uint32_t xattr; /* SQUASH_NO_XATTR: has none */

	/* inner */
	uint64_t ref, start, block;
	uint32_t offset, fragment, fragment_at, parent, list_block, list_offset, list_size;
	uint16_t indexes;
};

/* NULL limits are squash_limits. fd must be a regular file, stays the caller's
 * and must outlive the image. NULL with *why when it is no image. */
struct squash *squash_open(struct arena *a, int fd, const struct squash_limits *limits,
			   const char **why);
void squash_close(struct squash *s); /* gives the decompressor back; NULL is fine */

const struct squash_info *squash_info(const struct squash *s);
const char *squash_why(const struct squash *s);

/* The inode at path from the root of the image: "" or "a/b", no link followed,
 * no empty, "." or ".." part. False with squash_why() NULL when there is none. */
bool squash_lookup(struct squash *s, const char *path, struct squash_node *n);

/* The whole contents of a regular file of at most max bytes, NUL-terminated. */
char *squash_read(struct squash *s, const struct squash_node *n, size_t max, size_t *len);

/* The contents block by block: 1 and a block, 0 at the end, -1 when broken.
 * data is valid until the next call with s, and NULL for len zero bytes that
 * the image does not store. */
struct squash_file {
	const struct squash_node *node;
	uint64_t left, at, block;
	uint32_t offset;
};
bool squash_file(struct squash *s, const struct squash_node *n, struct squash_file *f);
int squash_block(struct squash *s, struct squash_file *f, const uint8_t **data, size_t *len);

#endif
