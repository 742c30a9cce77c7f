/* policy_dump.h - compiled policy in words */
#ifndef APPLETS_LIB_POLICY_DUMP_H
#define APPLETS_LIB_POLICY_DUMP_H

#include <stdbool.h>

#include "core/buf.h"

/* Append what stands in the bytes: names, modes, what tables there are and how large.
 * False and *why when they are no policy. */
bool policy_dump(struct buf *out, const void *policy, size_t len, const char **why);

#endif
