/* verify.h - is all of an image sound, contents as well
 *
 * What passes makes a kernel find nothing to complain about, whatever is read
 * from the mounted image.
 */
#ifndef CORE_SQUASH_VERIFY_H
#define CORE_SQUASH_VERIFY_H

#include <stdbool.h>

#include "core/arena.h"

struct squash;

/* After squash_check(): every block unpacks to what its file needs. Takes as long
 * as unpacking (100 MB: 0.3 s of gzip, 1 s of xz). */
bool squash_verify(struct squash *s);

/* Both checks of the image in a regular file, by a child without privileges.
 * False with *why. */
bool verify(struct arena *a, int image, const char **why);

#endif
