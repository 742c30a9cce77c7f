/* home.h - where a snap keeps what belongs to one user
 *
 * ~/snap (0700), ~/snap/INSTANCE/REVISION and /common (0755), the link
 * ~/snap/INSTANCE/current, and /run/user/UID/snap.INSTANCE (0700) where the
 * system has a directory for the user.
 */
#ifndef APPLETS_LIB_HOME_H
#define APPLETS_LIB_HOME_H

#include "policy/env.h"

/* Make what is missing, as the caller and with no more rights. Dies when something
 * is in the way, or belongs to somebody else: apps can write there, so a link in
 * these places is never followed. */
void home_prepare(struct arena *a, const struct env_user *u);

#endif
