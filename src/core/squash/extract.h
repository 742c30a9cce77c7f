/* extract.h - an image unpacked to a tree
 *
 * The image is read by a child without privileges, which tells the parent what
 * to make; the parent believes it no more than it would the image. What the
 * tree cannot hold safely is refused before the first file is made: devices,
 * FIFOs, sockets, and whatever squash_check() refuses.
 */
#ifndef CORE_SQUASH_EXTRACT_H
#define CORE_SQUASH_EXTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct extract {
	int image; /* a regular file open for reading */

	/* An empty directory of ours open for reading; above it is one that only
	 * root can enter, because owners and set-id bits become the image's. */
	int dir;

	void (*progress)(void *arg, uint64_t done, uint64_t total); /* bytes; may be NULL */
	void *arg;
};

/* Make all that is in the image below dir: modes, owners, times of change, hard
 * links and holes as there; dir itself becomes the root of the image. Extended
 * attributes are not made (security.capability above all). Nothing is followed,
 * nothing is replaced. Putting it on the disk is the caller's (txn does).
 *
 * False with *why when the image is refused: clear what is in dir then. Dies
 * when the system fails. */
bool extract(struct arena *a, const struct extract *e, const char **why);

#endif
