/* settle.h - the system follows the state file of a snap
 *
 * Mounts, links and directories of one snap are made as its state file says,
 * and what does not belong is taken away. Whatever a crash left is a start that
 * is as good as any; doing it twice changes nothing.
 */
#ifndef APPLETS_LIB_SETTLE_H
#define APPLETS_LIB_SETTLE_H

#include <stdbool.h>

#include "core/arena.h"

/* False, after a warning, when a part of it was not possible. */
bool settle(struct arena *a, const char *name);

/* The same after a command that was interrupted: it may have loaded profiles, too. */
bool settle_interrupted(struct arena *a, const char *name);

/* Where a new revision's data is prepared: moved into place when the state has
 * the revision, removed when not. */
#define SETTLE_NEW_DATA ".%s.new"

/* What is in the way of the command link, or NULL: a file there that is not ours is
 * never replaced (attacks.md A250). */
char *settle_in_the_way(struct arena *a, const char *command);

#endif
