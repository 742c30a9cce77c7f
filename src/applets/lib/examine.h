/* examine.h - what is in an image, found out by a child that can do nothing else
 *
 * The image is a stranger's (attacks.md R20, R21): a child without privileges
 * checks every table and every file of it, reads meta/snap.yaml, checks what
 * that says against the files, and sends back the record. The parent reads the
 * record with its one strict reader and takes nothing else from the image.
 */
#ifndef APPLETS_LIB_EXAMINE_H
#define APPLETS_LIB_EXAMINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "policy/model/model.h"

struct examined {
	struct snap *snap;  /* without instance and revision */
	const char *record; /* what DIR_RECORDS keeps */
	uint64_t made;      /* when the image was built, seconds since 1970 */
	uint64_t unpacked;  /* bytes in its files */
	const char *compression;
};

/* file is a regular file open for reading. False with one line in why (WHY_MAX bytes). */
bool examine(struct arena *a, int file, struct examined *out, char *why);

/* The same of what was stored: the record of an installed revision. Dies when it
 * is not there or damaged. The snap has its instance and revision. */
struct snap *examine_installed(struct arena *a, const char *instance, const char *rev);

/* The same without dying: NULL with why (WHY_MAX bytes). */
struct snap *examine_try(struct arena *a, const char *instance, const char *rev, char *why);

#endif
