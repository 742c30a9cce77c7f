/* place.h - where an installed revision is seen: /snap/NAME/REV
 *
 * An image is mounted through a loop device, an unpacked tree is bound there;
 * both read-only, without devices and without set-id. There is nothing to
 * mount below another root: `boot` does it over there.
 */
#ifndef APPLETS_LIB_PLACE_H
#define APPLETS_LIB_PLACE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/node.h"

enum placed { PLACED, PLACE_FAILED, PLACE_UNSUPPORTED };

/* Show what file (an image, or the directory of a tree) has at /snap/NAME/REV.
 * PLACE_UNSUPPORTED: this system cannot mount images: unpack instead. why
 * (WHY_MAX bytes) has a reason for both failures. Fine when it is there already. */
enum placed place_mount(struct arena *a, const char *name, const char *rev, int file, bool tree,
			char *why);

/* The same with the file that belongs to the installed revision. */
enum placed place_installed(struct arena *a, const char *name, const char *rev, bool tree,
			    char *why);

bool place_is_mounted(const char *name, const char *rev);

/* Unmount, also when it is in use, and remove the directory. Missing is fine. */
bool place_remove(const char *name, const char *rev);

#endif
