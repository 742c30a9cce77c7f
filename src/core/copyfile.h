/* copyfile.h - a stranger's file becomes ours
 *
 * The source is opened once, with the rights of who runs us, and is only read.
 * The copy is another inode (root's, 0600, one name) and what is measured is
 * the copy, never the source (attacks.md R21).
 */
#ifndef CORE_COPYFILE_H
#define CORE_COPYFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/digest.h"

/* A descriptor for reading of the regular file at path (relative to the working
 * directory). Dies, saying what it is, for everything else: a link, also a magic
 * one such as /dev/fd/3, a FIFO, a device, a directory. Devices are not opened. */
int copyfile_open(const char *path);

struct copyfile {
	/* asked for */
	uint64_t max;     /* bytes; a larger source is refused */
	unsigned digests; /* 1 << DIGEST_SHA3_384 | ... */
	void (*progress)(void *arg, uint64_t done, uint64_t total); /* may be NULL */
	void *arg;

	/* answered */
	uint64_t size;
	bool shared; /* the filesystem shares the blocks until one side changes */
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX];
};

/* Copy all of source into to, an empty file of ours (0600, one name) open for
 * reading and writing, such as txn_file() gives. Dies when it cannot and when the
 * source changed meanwhile; putting the bytes on the disk is the caller's. progress
 * counts the copy and then the digests: total is twice the size with digests. */
void copyfile(struct arena *a, struct copyfile *c, int source, int to);

#endif
