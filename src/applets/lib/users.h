/* users.h - what snaps keep in people's home directories
 *
 * Nothing there is touched with more rights than its owner has: a child takes
 * the identity of the user first (attacks.md A104, R05). A child that does not
 * come back, say because of a dead network filesystem, is given up.
 */
#ifndef APPLETS_LIB_USERS_H
#define APPLETS_LIB_USERS_H

#include <stdbool.h>

#include "core/arena.h"

/* Remove ~/snap/NAME of every user in the password file. *found is set when there
 * was one. False, after a warning for each, when somebody's could not be removed. */
bool users_remove_data(struct arena *a, const char *name, bool *found);

#endif
