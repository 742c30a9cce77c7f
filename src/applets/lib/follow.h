/* follow.h - policy follows the kernel
 *
 * Policy is made for the system that it was installed on. A machine that starts with
 * another kernel, or without AppArmor, or for the first time from an image that was made
 * elsewhere, gets it made again: DIR_STATE/host says for which facts it was.
 */
#ifndef APPLETS_LIB_FOLLOW_H
#define APPLETS_LIB_FOLLOW_H

#include <stdbool.h>

#include "core/arena.h"

/* Make the policy of all installed snaps again when the facts are others. False, after a
 * warning for each, when that of one could not be made: it keeps what it had, and a start
 * refuses where that is too little. The caller holds the state lock. */
bool follow_host(struct arena *a);

#endif
