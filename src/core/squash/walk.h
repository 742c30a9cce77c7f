/* walk.h - all names of an image, and the check of a whole image
 *
 *	struct squash_walk *w = squash_walk(s, "");
 *	while (w && squash_next(w, &e))
 *		...
 *	if (squash_why(s)) refuse
 *
 * Directories come before what is in them, names in byte order. On the way
 * everything about names, inodes and directories is checked: no name that is
 * empty, "." or "..", has "/" or NUL, is longer than 255 bytes, or is there
 * twice; no directory that can be reached twice.
 */
#ifndef CORE_SQUASH_WALK_H
#define CORE_SQUASH_WALK_H

#include "core/squash/image.h"

struct squash_entry {
	const char *path; /* from the root of the image: "" or "a/b"; until the next call */
	const char *name; /* its last part */
	uint32_t depth;   /* 0 for the root */
	bool again;       /* a hard link to an inode that came before */
	struct squash_node node;
};

struct squash_walk;

/* All that is at or below path, itself first. NULL as squash_lookup() is false. */
struct squash_walk *squash_walk(struct squash *s, const char *path);

/* False at the end, and when something is wrong: look at squash_why(). */
bool squash_next(struct squash_walk *w, struct squash_entry *e);

/* The names in one directory, sorted, NULL-terminated; NULL as squash_lookup(). */
char **squash_list(struct squash *s, const char *path, size_t *count);

struct squash_sum {
	uint32_t entries, inodes, deepest;
	uint32_t count[SQUASH_SOCKET + 1]; /* inodes of each enum squash_type */
	uint64_t bytes;                    /* in files, hard links once, holes counted */
	uint64_t stored_blocks;            /* bytes that unpacking would write */
};

/* Everything but the contents of files: each table, each name, where each block
 * of each file lies. What passes may be given to the kernel. */
bool squash_check(struct squash *s, struct squash_sum *sum);

#endif
